"""The page's modules in one piece, for what can fetch nothing: a notebook's widget, a replay."""

from __future__ import annotations

import re
from pathlib import Path

STATIC = Path(__file__).with_name("static")
DRAWING = ("canvas", "exosomes", "senescence", "body", "curves", "view")
"""Modules that draw, each after those it imports."""
CONTROLS = ("dom", "link", "form", "agent", "lesson", "replay", "page", "widget")
_IMPORT = re.compile(r'^import \{.*\} from "/static/(\w+)\.js";$', re.MULTILINE)


def drawing() -> str:
    """What draws a mouse, as one script without imports and exports."""
    return _joined(DRAWING)


def widget() -> str:
    """The widget as one module, its `render` the only export."""
    return _joined(DRAWING + CONTROLS)


def shell() -> str:
    """What stands in the page's body."""
    text = (STATIC / "index.html").read_text(encoding="utf-8")
    return text.partition("<body>")[2].partition("</body>")[0]


def style() -> str:
    """The page's style sheet."""
    return (STATIC / "page.css").read_text(encoding="utf-8")


def _joined(names: tuple[str, ...]) -> str:
    before: set[str] = set()
    parts = []
    for name in names:
        text = (STATIC / f"{name}.js").read_text(encoding="utf-8")
        missing = set(_IMPORT.findall(text)) - before
        assert not missing, f"{name}.js imports {missing}, which stand after it"
        before.add(name)
        parts.append(re.sub(r"^export (?!default)", "", _IMPORT.sub("", text), flags=re.MULTILINE))
    return "\n".join(parts)
