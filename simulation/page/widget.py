"""The page in a cell of a notebook: the same view, controls and mice as a widget."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from numbers import Integral
from typing import Any

from gutexo.catalogue import Parameters
from gutexo.errors import GutexoError
from gutexo.page.bundle import drawing, shell, style, widget
from gutexo.page.catalogue import SLIDERS, catalogue
from gutexo.page.visit import Visit
from gutexo.page.wish import Arms, Wish, arms
from gutexo.protocol.study import Scenario

try:
    import anywidget
    import traitlets
except ImportError as error:
    raise GutexoError(f"a widget needs {error.name}: pip install 'gutexo[page]'") from None

OWN = "this notebook"


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """Mice live on in a loop of their own, so that a cell that runs does not stop them."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="gutexo-widgets", daemon=True).start()
    return loop


class _Channel:
    """A line to every view of a widget."""

    def __init__(self, to: anywidget.AnyWidget) -> None:
        self._to = to

    async def send_text(self, text: str) -> None:
        self._to.send(json.loads(text))

    async def send_bytes(self, content: bytes) -> None:
        self._to.send({"about": "frame"}, buffers=[content])


class Watch(anywidget.AnyWidget):
    """One or two mice to be watched, played and changed in a notebook.

    Args:
        wish: What is watched first.
        among: What can be chosen.
        sliders: Full names of the parameters that get a slider.
        link: Fragment of a share link, which comes before the wish.
    """

    _esm = widget()
    shell = traitlets.Unicode(shell()).tag(sync=True)
    css = traitlets.Unicode(style()).tag(sync=True)
    view = traitlets.Unicode(drawing()).tag(sync=True)
    wish = traitlets.Dict().tag(sync=True)
    link = traitlets.Unicode("").tag(sync=True)

    def __init__(self, wish: Wish, among: Arms, sliders: Sequence[str], link: str = "") -> None:
        self._catalogue = catalogue(among, sliders)
        self._visit = Visit(_Channel(self), among, ahead=3)
        self._player = asyncio.run_coroutine_threadsafe(self._visit.play(), _loop())
        super().__init__(wish=wish.model_dump(), link=link)
        self.on_msg(self._asked)

    def _asked(self, _: Any, message: Any, buffers: Any) -> None:
        asyncio.run_coroutine_threadsafe(self._heed(message), _loop())

    async def _heed(self, message: Any) -> None:
        if isinstance(message, dict) and message.get("do") == "hello":
            await self._visit.tell("hello", **self._catalogue)
        else:
            await self._visit.heed(message)

    def close(self) -> None:
        """End it; its mice live no further."""
        if hasattr(self, "_player"):
            self._player.cancel()
            _loop().call_soon_threadsafe(self._visit.end)
        super().close()


def watch(
    *scenarios: Scenario | str,
    seed: int = 1,
    full: bool = False,
    sliders: Sequence[str] = SLIDERS,
    changes: dict[str, float | str] | None = None,
    link: str = "",
) -> Watch:
    """Watch a mouse live in a cell of a notebook, beside another if two scenarios are given.

    Args:
        scenarios: One or two scenarios of your own, or names of arms of the studies; the young
            mouse under old exosomes and under vehicle if none.
        seed: Seed of the study; the mouse is its first.
        full: The mouse of studies, not the coarser one for a look.
        sliders: Full names of the parameters that get a slider.
        changes: Value by full name of parameters that differ from the defaults; text may carry a
            unit ("12 min").
        link: Of a share link, what follows the #; it comes before all else.

    Returns:
        A widget; a notebook shows it.

    Raises:
        GutexoError: A scenario or parameter does not exist, or there are more than two.
    """
    if len(scenarios) > 2:
        raise GutexoError(f"one or two scenarios can be watched; got {len(scenarios)}")
    for item in scenarios:
        if not isinstance(item, (Scenario, str)):
            raise GutexoError(f"a scenario or the name of an arm can be watched; got {item!r}")
    if not isinstance(link, str):
        raise GutexoError(f"link must be text, what follows the # of a share link; got {link!r}")
    own = {item.name: (OWN, item) for item in scenarios if isinstance(item, Scenario)}
    among = {**own, **{name: arm for name, arm in arms().items() if name not in own}}
    names = [item if isinstance(item, str) else item.name for item in scenarios]
    if not isinstance(changes or {}, Mapping):
        raise GutexoError(f"changes must be a dict of value by parameter; got {changes!r}")
    changed: dict[str, Any] = dict(changes or {})
    values = Parameters().change({n: v for n, v in changed.items() if isinstance(v, str)}).flat()
    changed |= {n: values[n] for n, v in changed.items() if isinstance(v, str)}
    if not isinstance(seed, bool) and isinstance(seed, Integral):
        seed = int(seed)
    content: dict[str, Any] = {"seed": seed, "full": full, "changes": changed}
    if names:
        content |= {"arm": names[0], "beside": names[1] if len(names) > 1 else None}
    else:
        content |= {"beside": "young + vehicle"}
    return Watch(Wish.of(content, among), among, sliders, link)
