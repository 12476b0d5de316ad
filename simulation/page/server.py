"""The page's server: files, and a socket that plays a visitor's mice frame by frame.

The shell is served before the model is imported.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from gutexo.errors import GutexoError
from gutexo.page.files import files
from gutexo.page.guard import (
    LARGEST_MESSAGE,
    TRY_LATER,
    VISITORS,
    Allowance,
    Guard,
    hosts,
)
from gutexo.page.mistakes import told
from gutexo.page.rules import compile_ahead
from gutexo.page.visit import Gone, Visit

SIGNALS = [
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    if hasattr(signal, name)
]
_greeter = ThreadPoolExecutor(1, thread_name_prefix="gutexo-greeting")


class _Line:
    """A socket, as a visit speaks through it."""

    def __init__(self, socket_: WebSocket) -> None:
        self._socket = socket_

    async def send_text(self, text: str) -> None:
        try:
            await self._socket.send_text(text)
        except (WebSocketDisconnect, RuntimeError):
            raise Gone from None

    async def send_bytes(self, content: bytes) -> None:
        try:
            await self._socket.send_bytes(content)
        except (WebSocketDisconnect, RuntimeError):
            raise Gone from None


async def receive(visit: Visit, socket_: WebSocket, allowance: Allowance) -> None:
    """Take what a visitor sends until they go, or are shown out."""
    pending: set[asyncio.Task[None]] = set()

    async def heed(text: str) -> None:
        with contextlib.suppress(Gone):
            await visit.heed(text)

    try:
        while True:
            message = await socket_.receive()
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text")
            if text is None or not allowance.take() or len(pending) > 16:
                return await socket_.close(1008)
            # What a visitor asks next is heard while the last wish is still being fulfilled.
            task = asyncio.create_task(heed(text))
            pending.add(task)
            task.add_done_callback(pending.discard)
    finally:
        for task in pending:
            task.cancel()


class Door:
    """Lets visitors in, up to a number."""

    def __init__(self) -> None:
        self.inside = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One visit, as an ASGI application."""
        await self.live(WebSocket(scope, receive, send))

    async def live(self, socket_: WebSocket) -> None:
        """One visit from its first to its last message."""
        if self.inside >= VISITORS:
            return await socket_.close(TRY_LATER)
        self.inside += 1
        player = None
        visit = Visit(_Line(socket_))
        try:
            await socket_.accept()
            greeting = asyncio.get_running_loop().run_in_executor(_greeter, _catalogue)
            await visit.tell("hello", **await greeting)
            player = asyncio.create_task(visit.play())
            await receive(visit, socket_, Allowance())
        except (Gone, WebSocketDisconnect):
            pass  # In the middle of a message.
        finally:
            self.inside -= 1
            if player is not None:
                player.cancel()
            visit.end()


@cache
def _catalogue() -> dict[str, Any]:
    from gutexo.page.catalogue import catalogue

    return catalogue()


async def _compile_after_greeting() -> None:
    """Compile the rules, while the visitor reads what the catalogue shows."""
    with contextlib.suppress(Exception):  # Whoever comes is told.
        await asyncio.get_running_loop().run_in_executor(_greeter, _catalogue)
        await compile_ahead()


def application(port: int) -> Any:
    """The page as an ASGI application that answers to this machine's names only.

    Args:
        port: Where it will listen.
    """
    door = Door()

    async def page(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await files(scope, receive, send)
        elif scope["raw_path"] == b"/live":
            await door(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    return Guard(page, hosts(port))


@contextlib.contextmanager
def _ended_by_signals(server: Any) -> Iterator[None]:
    """A signal ends the server; then it is given to whoever handled it before."""
    caught: list[int] = []

    def ended(number: int, frame: Any) -> None:
        caught.append(number)
        server.should_exit = True
        server.force_exit = len(caught) > 1

    # A terminal that is closed does not end what was started to outlive it.
    before = {one: signal.getsignal(one) for one in SIGNALS}
    before = {one: handler for one, handler in before.items() if handler is not signal.SIG_IGN}
    for one in before:
        signal.signal(one, ended)
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
    for number in caught[:1]:
        signal.raise_signal(number)


def serve(port: int, ready: Callable[[str], None]) -> None:
    """Serve the page on the loopback address until interrupted.

    Args:
        port: Port, 0 for a free one.
        ready: Called with the address once it can be opened.

    Raises:
        GutexoError: The port is taken.
    """
    import uvicorn

    from gutexo.page.connections import WAITING, Requests, Sockets, Troubles

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
        log_level="critical",
        http=Requests,
        ws=Sockets,
        ws_max_size=LARGEST_MESSAGE,
        ws_per_message_deflate=False,
        lifespan="off",
        server_header=False,
        backlog=WAITING,
        timeout_graceful_shutdown=1,
    )

    class Server(uvicorn.Server):
        """Ends at each of `SIGNALS` in the same way: at once, and so that our caller hears it."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            asyncio.get_running_loop().set_exception_handler(Troubles())
            await super().startup(sockets)
            self.compiling = asyncio.create_task(_compile_after_greeting())

        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            with _ended_by_signals(self):
                yield

    server = Server(config)

    def announce() -> None:
        try:
            ready(f"http://127.0.0.1:{port}/")
            _catalogue()
            # The model, while the visitor reads the shell.
            import gutexo.page.session  # noqa: F401
        except Exception as error:
            told(error)  # Whoever comes is told too.

    listener.listen()
    threading.Thread(target=announce, daemon=True).start()
    server.run(sockets=[listener])
