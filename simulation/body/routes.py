"""How something is given: three routes, and the names that laboratories have for them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator

from gutexo.errors import GutexoError, suggest

ROUTES = ("gavage", "intravenous", "intraperitoneal")
_ALSO = {
    "gavage": "oral, oral gavage, orally, by mouth, per os, po, ig, intragastric, og",
    "intravenous": "iv, intravenously, tail vein",
    "intraperitoneal": "ip, intraperitoneally",
}


def _plain(name: str) -> str:
    """Small letters only, so that "I.V." is "iv"."""
    return "".join(c for c in name.casefold() if c.isalnum())


_KNOWN = {_plain(name): route for route in ROUTES for name in (route, *_ALSO[route].split(", "))}


def route_named(name: Any) -> str:
    """The route that a name means: "iv", "i.v." and "IV" are all "intravenous".

    Raises:
        GutexoError: There is none of that name.
    """
    route = _KNOWN.get(_plain(name)) if isinstance(name, str) else None
    if route is None:
        raise GutexoError(f"'{str(name)[:40]}' is no route{suggest(str(name), ROUTES)}")
    return route


Route = Annotated[str, BeforeValidator(route_named)]
"""A field that takes any name of a route and holds the usual one."""
