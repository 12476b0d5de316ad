"""Who may come in and how much they may ask: the page is for this machine alone."""

from __future__ import annotations

import time
from typing import Any

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


def hosts(port: int) -> frozenset[str]:
    """Names under which this machine is itself."""
    return frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]"))


class Guard:
    """Refuses what did not come from a page of this server.

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
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        fine = headers.get("host") in self.allowed
        if scope["type"] == "websocket":
            scheme, _, host = headers.get("origin", "").partition("://")
            fine = fine and scheme == "http" and host in self.allowed
        if fine:
            return await self.app(scope, receive, send)
        if scope["type"] == "websocket":
            return await send({"type": "websocket.close", "code": 1008})
        await send({"type": "http.response.start", "status": 403, "headers": []})
        await send({"type": "http.response.body", "body": b"not from here\n"})


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
