"""Routes of a dose: three routes, and the names that laboratories use for them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator

from gutexo.errors import GutexoError, suggest

ROUTES = ("gavage", "intravenous", "intraperitoneal")
_SYNONYMS = {
    "gavage": "oral, oral gavage, orally, by mouth, per os, po, ig, intragastric, og",
    "intravenous": "iv, intravenously, tail vein",
    "intraperitoneal": "ip, intraperitoneally",
}


def _normalise_name(name: str) -> str:
    """Reduce a name to lower-case letters and digits, so that "I.V." is "iv"."""
    return "".join(c for c in name.casefold() if c.isalnum())


_ROUTE_BY_NAME = {
    _normalise_name(name): route
    for route in ROUTES
    for name in (route, *_SYNONYMS[route].split(", "))
}


def parse_route(name: Any) -> str:
    """Return the route of a name: "iv", "i.v." and "IV" are all "intravenous".

    Raises:
        GutexoError: No route has that name.
    """
    route = _ROUTE_BY_NAME.get(_normalise_name(name)) if isinstance(name, str) else None
    if route is None:
        raise GutexoError(f"'{str(name)[:40]}' is no route{suggest(str(name), ROUTES)}")
    return route


Route = Annotated[str, BeforeValidator(parse_route)]
"""A field that accepts any name of a route and stores the standard one."""
