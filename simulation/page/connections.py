"""Connections: how many there may be, and how long one may take over a request.

The server under the page has no limit of its own for a request that is never finished, an answer
that is never read or a connection that never asks. The three together would fill the file table.
"""

from __future__ import annotations

import asyncio
import errno
import sys
import time
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from gutexo.page.guard import HEADERS
from gutexo.page.mistakes import told

PATIENCE = 5.0  # seconds between two looks; what has not moved on at two of them is dropped
CONNECTIONS = 64  # at once
WAITING = 64  # connections the system keeps until they are accepted
TOLD_EVERY = 60.0  # seconds between two lines about a full file table
_FULL = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


class Requests(H11Protocol):
    """HTTP whose requests are asked and answered within some seconds, or dropped."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._look: asyncio.TimerHandle | None = None
        self._answered = self._seen = 0
        self._late = False

    def connection_made(self, transport: Any) -> None:
        """Let it in; where there is no room, who has waited longest with a request goes."""
        self.since = time.monotonic()
        alive = [one for one in self.connections if not one.transport.is_closing()]
        if len(alive) >= CONNECTIONS:
            waiting = [one for one in alive if isinstance(one, Requests)]
            if not waiting:
                transport.abort()
            else:
                min(waiting, key=lambda one: one.since).transport.abort()
        super().connection_made(transport)
        self._look = self.loop.call_later(PATIENCE, self._look_again)

    def connection_lost(self, exc: Exception | None) -> None:
        self._leave()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        try:
            super().data_received(data)
        except (h11.LocalProtocolError, h11.RemoteProtocolError):
            self.transport.abort()  # Nonsense after an answer has begun.

    def handle_websocket_upgrade(self, event: Any) -> None:
        self._leave()
        super().handle_websocket_upgrade(event)

    def on_response_complete(self) -> None:
        self._answered += 1
        self.since = time.monotonic()
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP."""
        headers = [("content-type", "text/plain; charset=utf-8"), ("connection", "close")]
        start = h11.Response(status_code=400, headers=[*headers, *HEADERS.items()])
        for event in (start, h11.Data(data=f"{msg}\n".encode()), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _leave(self) -> None:
        if self._look is not None:
            self._look.cancel()
            self._look = None

    def _look_again(self) -> None:
        late = self._answered == self._seen
        # Only the second time: where our own loop stood still, a request may just have come.
        if late and self._late:
            self.transport.abort()
            return
        self._late, self._seen = late, self._answered
        self._look = self.loop.call_later(PATIENCE, self._look_again)


class Sockets(WebSocketsSansIOProtocol):
    """WebSockets that are dropped when nobody reads what is sent."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._unread = 0
        self._look = self.loop.call_later(PATIENCE, self._look_again)

    def connection_lost(self, exc: Exception | None) -> None:
        self._look.cancel()
        super().connection_lost(exc)

    def _look_again(self) -> None:
        unread = self.transport.get_write_buffer_size()
        if self.transport.is_closing() or 0 < self._unread <= unread:
            self.transport.abort()
            return
        self._unread = unread
        self._look = self.loop.call_later(PATIENCE, self._look_again)


class Troubles:
    """What the event loop could not do, in few lines: a full file table is met again and again."""

    def __init__(self) -> None:
        self._told = -TOLD_EVERY

    def __call__(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Say it; see `asyncio.loop.set_exception_handler`."""
        error = context.get("exception")
        if isinstance(error, OSError) and error.errno in _FULL:
            if time.monotonic() - self._told >= TOLD_EVERY:
                self._told = time.monotonic()
                print(f"gutexo: nobody else can come in now: {error.strerror}", file=sys.stderr)
        elif not isinstance(error, (ConnectionError, type(None))):
            told(error)
