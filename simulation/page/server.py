"""The page's server: files, and a socket that plays a visitor's mice frame by frame.

The shell is served before the model is imported. A frame is sent when the one before has been
drawn, so nothing queues and every button acts at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from simulation.errors import GutexoError
from simulation.page.band import ask
from simulation.page.guard import (
    HEADERS,
    LARGEST_MESSAGE,
    VISITORS,
    Allowance,
    Guard,
    hosts,
)

if TYPE_CHECKING:
    from simulation.page.session import Session

STATIC = Path(__file__).with_name("static")
FRAME = 1.0 / 30.0  # seconds between two frames
SPEEDS = (1, 2, 6, 12, 24)  # ticks a frame


class Visit:
    """One visitor's socket and mice."""

    def __init__(self, socket_: WebSocket) -> None:
        self.socket = socket_
        self.session: Session | None = None
        self.playing = False
        self.speed = 1
        self.frame = 0
        self.drawn = asyncio.Event()
        self.turn = asyncio.Lock()  # one at a time touches the mice
        self.wake = asyncio.Event()
        self.band: asyncio.Task[None] | None = None

    async def tell(self, about: str, **content: Any) -> None:
        """Send a message in JSON."""
        await self.socket.send_text(json.dumps({"about": about, **content}, allow_nan=False))

    async def show(self) -> None:
        """Send the mice as they stand, and wait for the page to have drawn them."""
        assert self.session is not None
        self.frame += 1
        self.drawn.clear()
        for which in range(len(self.session.actors)):
            await self.socket.send_bytes(self.session.frame(which, self.frame))
        # A page in the background does not draw; the mice wait for it.
        await self.drawn.wait()

    async def tell_band(self, wish: dict[str, Any]) -> None:
        """Send what other mice of the same kind do, once they have lived."""
        found = await ask(wish)
        if found is not None:
            await self.tell("band", **found)

    def drop_band(self) -> None:
        """Nobody waits any more for the other mice."""
        if self.band is not None:
            self.band.cancel()
            self.band = None

    async def play(self) -> None:
        """Live on and show, as long as the visitor is there."""
        while True:
            await self.wake.wait()
            start = asyncio.get_running_loop().time()
            async with self.turn:
                if not self.playing or self.session is None:
                    self.wake.clear()
                    continue
                await asyncio.to_thread(self.session.advance, self.speed)
                if self.session.over:
                    self.playing = False
                await self.show()
                if self.session.over:
                    await self.tell("paused", over=True)
            await asyncio.sleep(max(0.0, FRAME - (asyncio.get_running_loop().time() - start)))

    async def heed(self, message: dict[str, Any]) -> None:
        """Do what a visitor asks."""
        do = message.get("do")
        if do == "drawn":
            if message.get("frame") == self.frame:
                self.drawn.set()
            return
        action = _ACTIONS.get(do) if isinstance(do, str) else None
        if action is None:
            raise GutexoError("there is no such thing to do")
        if self.session is None and do != "begin":
            raise GutexoError("no mouse stands yet")
        if do in ("pause", "begin", "rewind", "step"):
            self.playing = False
        await action(self, message)


async def _begin(visit: Visit, message: dict[str, Any]) -> None:
    from simulation.page.session import Session
    from simulation.page.wish import Wish

    wish = Wish.of(message.get("wish", {}))
    loop = asyncio.get_running_loop()

    def say(line: str) -> None:
        asyncio.run_coroutine_threadsafe(visit.tell("raising", line=line), loop)

    visit.drop_band()
    async with visit.turn:
        session = visit.session or Session()
        facts = await asyncio.to_thread(session.begin, wish, say)
        visit.session = session
        await visit.tell("begun", **facts)
        await visit.show()
    visit.band = asyncio.create_task(visit.tell_band(facts["wish"]))


async def _play(visit: Visit, message: dict[str, Any]) -> None:
    speed = message.get("speed", visit.speed)
    if speed not in SPEEDS or isinstance(speed, bool):
        raise GutexoError(f"speed must be one of {', '.join(map(str, SPEEDS))}")
    visit.speed = speed
    if message["do"] == "play":
        visit.playing = True
        visit.wake.set()


async def _pause(visit: Visit, message: dict[str, Any]) -> None:
    async with visit.turn:
        await visit.tell("paused", over=False)


async def _step(visit: Visit, message: dict[str, Any]) -> None:
    async with visit.turn:
        assert visit.session is not None
        await asyncio.to_thread(visit.session.advance, 1)
        await visit.show()


async def _rewind(visit: Visit, message: dict[str, Any]) -> None:
    day = _number(message, "day")
    async with visit.turn:
        assert visit.session is not None
        await asyncio.to_thread(visit.session.rewind, day)
        await visit.show()


async def _hear(visit: Visit, message: dict[str, Any]) -> None:
    async with visit.turn:
        assert visit.session is not None
        which = _which(visit, message)
        await visit.tell("heard", which=which, signals=visit.session.heard(which))


async def _look(visit: Visit, message: dict[str, Any]) -> None:
    async with visit.turn:
        assert visit.session is not None
        kind, index = str(message.get("kind")), int(_number(message, "index"))
        which, along = _which(visit, message), _number(message, "along")
        await visit.tell("seen", **visit.session.look(which, along, kind, index))


async def _csv(visit: Visit, message: dict[str, Any]) -> None:
    async with visit.turn:
        assert visit.session is not None
        text = await asyncio.to_thread(visit.session.csv)
        await visit.tell("csv", text=text.decode())


_ACTIONS: dict[str, Callable[[Visit, dict[str, Any]], Any]] = {
    "begin": _begin,
    "play": _play,
    "speed": _play,
    "pause": _pause,
    "step": _step,
    "rewind": _rewind,
    "hear": _hear,
    "look": _look,
    "csv": _csv,
}


def _number(message: dict[str, Any], name: str) -> float:
    value = message.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < 1e9:
        raise GutexoError(f"{name} must be a number")
    return float(value)


def _which(visit: Visit, message: dict[str, Any]) -> int:
    which = message.get("which", 0)
    assert visit.session is not None
    if isinstance(which, bool) or which not in range(len(visit.session.actors)):
        raise GutexoError("which must be a mouse that stands there")
    return int(which)


async def receive(visit: Visit, allowance: Allowance) -> None:
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
            text = await visit.socket.receive_text()
            if not allowance.take() or len(pending) > 16:
                return await visit.socket.close(1008)
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
            await receive(visit, Allowance())
        except (WebSocketDisconnect, RuntimeError, KeyError):
            pass  # Gone in the middle of a frame, or sent bytes where text is spoken.
        finally:
            self.inside -= 1
            visit.drop_band()
            if player is not None:
                player.cancel()
                with contextlib.suppress(asyncio.CancelledError, Exception):
                    await player


def _catalogue() -> dict[str, Any]:
    from simulation.page.catalogue import catalogue

    return catalogue()


async def _shell(request: Any) -> Response:
    return FileResponse(STATIC / "index.html", headers=HEADERS)


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

    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
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
