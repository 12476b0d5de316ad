"""What the page is made of, each at one address; there is nothing at any other."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from starlette.responses import PlainTextResponse, Response

from gutexo.page.bundle import STATIC, drawing

TYPES = {".css": "text/css", ".html": "text/html", ".js": "text/javascript"}


def _file(name: str) -> Response:
    path = STATIC / name
    return Response(path.read_bytes(), media_type=TYPES[path.suffix])


def _drawing() -> Response:
    """What draws, in one piece, for a replay that stands alone."""
    return Response(drawing(), media_type="text/javascript")


_NAMES = sorted(path.name for path in STATIC.iterdir() if path.suffix in TYPES)
PLACES: dict[bytes, Callable[[], Response]] = {
    b"/": partial(_file, "index.html"),
    b"/drawing.js": _drawing,
    **{f"/static/{name}".encode(): partial(_file, name) for name in _NAMES},
}
"""What answers, by address as it is written: no other spelling of it is known."""


async def files(scope: Any, receive: Any, send: Any) -> None:
    """An ASGI application that serves `PLACES`."""
    place = PLACES.get(scope["raw_path"])
    if place is None:
        response: Response = PlainTextResponse("there is nothing here\n", 404)
    elif scope["method"] not in ("GET", "HEAD"):
        allowed = {"allow": "GET, HEAD"}
        response = PlainTextResponse("this can only be read\n", 405, headers=allowed)
    else:
        response = place()
    await response(scope, receive, send)
