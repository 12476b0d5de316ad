"""Who may come in and how much they may ask: the page is for this machine alone."""

from __future__ import annotations

import time
from typing import Any

from gutexo.page.mistakes import told

HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' blob: data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}
LARGEST_MESSAGE = 16_384  # bytes a visitor may send at once
MESSAGES_A_SECOND, BURST = 120.0, 240.0
VISITORS = 8  # sockets open at once
TRY_LATER = 1013  # code with which a socket is closed when there is no room


def hosts(port: int) -> frozenset[str]:
    """Names under which this machine is itself."""
    return frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]"))


class Guard:
    """Refuses what did not come from a page of this server, and makes every answer a strict one.

    A site elsewhere could otherwise drive it through the visitor's browser, by its own name for
    this address (Host) or by a socket of its own (Origin).

    Args:
        app: What is guarded.
        allowed: Hosts, with port.
    """

    def __init__(self, app: Any, allowed: frozenset[str]) -> None:
        self.app, self.allowed = app, allowed

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        answer = _Answer(scope, send)
        if not self._fine(scope):
            return await answer.refuse(403, "not from here")
        try:
            await self.app(scope, receive, answer.send)
        except Exception as error:
            line = told(error)
            if not answer.begun:
                await answer.refuse(500, line)

    def _fine(self, scope: Any) -> bool:
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        if headers.get("host") not in self.allowed:
            return False
        if scope["type"] == "http":
            return True
        scheme, _, host = headers.get("origin", "").partition("://")
        return scheme == "http" and host in self.allowed


class _Answer:
    """Sends an answer with `HEADERS`, whatever it is."""

    def __init__(self, scope: Any, send: Any) -> None:
        self._scope, self._send = scope, send
        self.begun = False

    async def send(self, message: Any) -> None:
        if not self.begun and message["type"] == "websocket.close":
            # A socket that is not accepted: the answer is one in HTTP.
            busy = message.get("code") == TRY_LATER
            return await self.refuse(503 if busy else 403, "too many visitors" if busy else "no")
        self.begun = True
        if message["type"].endswith("response.start"):
            own = {name.encode(): value.encode() for name, value in HEADERS.items()}
            others = [pair for pair in message.get("headers", ()) if pair[0].lower() not in own]
            message = {**message, "headers": [*others, *own.items()]}
        await self._send(message)

    async def refuse(self, status: int, line: str) -> None:
        """Answer with a line."""
        socket = self._scope["type"] == "websocket"
        if socket and "websocket.http.response" not in self._scope.get("extensions", {}):
            self.begun = True
            return await self._send({"type": "websocket.close", "code": 1008})
        kind = "websocket.http" if socket else "http"
        body = f"{line}\n".encode()
        headers = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
        ]
        start = {"type": f"{kind}.response.start", "status": status, "headers": headers}
        await self.send(start)
        await self._send({"type": f"{kind}.response.body", "body": body})


class Allowance:
    """So many messages a second, and some at once; whoever sends more is shown out."""

    def __init__(self) -> None:
        self._left, self._seen = BURST, time.monotonic()

    def take(self) -> bool:
        """Whether one more message is allowed now."""
        now = time.monotonic()
        self._left = min(BURST, self._left + (now - self._seen) * MESSAGES_A_SECOND)
        self._seen = now
        self._left -= 1.0
        return self._left >= 0.0
