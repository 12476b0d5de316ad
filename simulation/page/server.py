"""The page's server: files, and a socket that plays a visitor's mice frame by frame.

The shell is served before the model is imported.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import threading
from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from simulation.errors import GutexoError
from simulation.page.bundle import STATIC, drawing
from simulation.page.guard import (
    HEADERS,
    LARGEST_MESSAGE,
    VISITORS,
    Allowance,
    Guard,
    hosts,
)
from simulation.page.visit import Visit


async def receive(visit: Visit, socket_: WebSocket, allowance: Allowance) -> None:
    """Take what a visitor sends until they go, or are shown out."""
    pending: set[asyncio.Task[None]] = set()

    async def heed(message: dict[str, Any]) -> None:
        try:
            await visit.heed(message)
        except GutexoError as error:
            await visit.tell("error", line=str(error))
        except WebSocketDisconnect:
            pass

    try:
        while True:
            text = await socket_.receive_text()
            if not allowance.take() or len(pending) > 16:
                return await socket_.close(1008)
            try:
                message = json.loads(text)
            except (ValueError, RecursionError):
                message = None
            if not isinstance(message, dict):
                await visit.tell("error", line="a message must be an object in JSON")
                continue
            # What a visitor asks next is heard while the last wish is still being fulfilled.
            task = asyncio.create_task(heed(message))
            pending.add(task)
            task.add_done_callback(pending.discard)
    finally:
        for task in pending:
            task.cancel()


class Door:
    """Lets visitors in, up to a number."""

    def __init__(self) -> None:
        self.inside = 0

    async def live(self, socket_: WebSocket) -> None:
        """One visit from its first to its last message."""
        if self.inside >= VISITORS:
            return await socket_.close(1013)
        self.inside += 1
        player = None
        visit = Visit(socket_)
        try:
            await socket_.accept()
            await visit.tell("hello", **await asyncio.to_thread(_catalogue))
            player = asyncio.create_task(visit.play())
            await receive(visit, socket_, Allowance())
        except (WebSocketDisconnect, RuntimeError, KeyError):
            pass  # Gone in the middle of a frame, or sent bytes where text is spoken.
        finally:
            self.inside -= 1
            visit.leave()
            if player is not None:
                player.cancel()
                with contextlib.suppress(asyncio.CancelledError, Exception):
                    await player


def _catalogue() -> dict[str, Any]:
    from simulation.page.catalogue import catalogue

    return catalogue()


async def _shell(request: Any) -> Response:
    return FileResponse(STATIC / "index.html", headers=HEADERS)


async def _drawing(request: Any) -> Response:
    """What draws, in one piece, for a replay that stands alone."""
    return Response(drawing(), media_type="text/javascript", headers=HEADERS)


class _Files(StaticFiles):
    def file_response(self, *arguments: Any, **named: Any) -> Response:
        response = super().file_response(*arguments, **named)
        response.headers.update(HEADERS)
        return response


def application(port: int) -> Any:
    """The page as an ASGI application that answers to this machine's names only.

    Args:
        port: Where it will listen.
    """
    routes = [
        Route("/", _shell),
        Route("/drawing.js", _drawing),
        WebSocketRoute("/live", Door().live),
        Mount("/static", _Files(directory=STATIC)),
    ]
    return Guard(Starlette(routes=routes), hosts(port))


def serve(port: int, ready: Callable[[str], None]) -> None:
    """Serve the page on the loopback address until interrupted.

    Args:
        port: Port, 0 for a free one.
        ready: Called with the address once it can be opened.

    Raises:
        GutexoError: The port is taken.
    """
    import uvicorn

    # Named as TCP, or asyncio leaves Nagle's delay on, which halves the frames.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        raise GutexoError(f"port {port} cannot be used: {error.strerror}") from None
    port = listener.getsockname()[1]
    config = uvicorn.Config(
        application(port),
        log_level="error",
        ws="websockets-sansio",
        ws_max_size=LARGEST_MESSAGE,
        ws_per_message_deflate=False,
        lifespan="off",
        server_header=False,
    )
    server = uvicorn.Server(config)

    def announce() -> None:
        ready(f"http://127.0.0.1:{port}/")
        _catalogue()
        import simulation.page.session  # noqa: F401  The model, while the visitor reads the shell.

    listener.listen()
    threading.Thread(target=announce, daemon=True).start()
    server.run(sockets=[listener])
