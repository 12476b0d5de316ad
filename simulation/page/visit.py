"""One visitor: what they ask is done to their mice, and what these show is sent back.

It speaks over any line that takes text and bytes, a socket of the page or a notebook's widget.
A frame is sent when the one before has been drawn, so nothing queues and every button acts at once.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Protocol

from simulation.errors import GutexoError
from simulation.page.aside import ask

if TYPE_CHECKING:
    from simulation.page.session import Session
    from simulation.page.wish import Arms
    from simulation.protocol.study import Study

FRAME = 1.0 / 36.0  # seconds between two frames; thirty a second are wanted, and some come late
SPEEDS = (1, 2, 6, 12, 24)  # ticks a frame


class Line(Protocol):
    """What a visitor is reached by."""

    async def send_text(self, text: str) -> None:
        """Send a message."""

    async def send_bytes(self, content: bytes) -> None:
        """Send a frame."""


class Visit:
    """One visitor: their line and their mice.

    Args:
        line: What they are reached by.
        among: What can be watched; the arms of the studies if None.
        ahead: Frames that may be on their way at once; more where the way is long.
    """

    def __init__(self, line: Line, among: Arms | None = None, ahead: int = 1) -> None:
        self.line, self.among, self.ahead = line, among, ahead
        self.session: Session | None = None
        self.playing = False
        self.speed = 1
        self.frame = 0
        self.drawn = 0
        self.news = asyncio.Condition()  # of frames that were drawn
        self.turn = asyncio.Lock()  # one at a time touches the mice
        self.wake = asyncio.Event()
        self.asides: dict[str, asyncio.Task[None]] = {}

    async def tell(self, about: str, **content: Any) -> None:
        """Send a message in JSON."""
        await self.line.send_text(json.dumps({"about": about, **content}, allow_nan=False))

    async def show(self) -> None:
        """Send the mice as they stand, once the page has drawn what it was sent before."""
        assert self.session is not None
        self.frame += 1
        for which in range(len(self.session.actors)):
            await self.line.send_bytes(self.session.frame(which, self.frame))
        await self.seen(self.frame + 1 - self.ahead)

    async def seen(self, frame: int) -> None:
        """Wait for a frame to have been drawn: a page in the background makes its mice wait."""
        async with self.news:
            await self.news.wait_for(lambda: self.drawn >= frame)

    def aside(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Have something done meanwhile; what was still under way of this name is dropped."""
        self.leave(name)
        self.asides[name] = asyncio.create_task(work)

    def leave(self, *names: str) -> None:
        """Nobody waits any more for what is done meanwhile; all of it if no name is given."""
        for name in names or list(self.asides):
            if name in self.asides:
                self.asides.pop(name).cancel()

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
                    await self.seen(self.frame)
                    await self.tell("paused", over=True)
            await asyncio.sleep(max(0.0, FRAME - (asyncio.get_running_loop().time() - start)))

    async def heed(self, message: dict[str, Any]) -> None:
        """Do what a visitor asks."""
        do = message.get("do")
        if do == "drawn":
            frame = message.get("frame")
            if isinstance(frame, int) and self.drawn < frame <= self.frame:
                async with self.news:
                    self.drawn = frame
                    self.news.notify_all()
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

    wish = Wish.of(message.get("wish", {}), visit.among)
    say = _saying(visit)
    visit.leave()
    async with visit.turn:
        session = visit.session or Session(visit.among)
        facts = await asyncio.to_thread(session.begin, wish, say)
        visit.session = session
        await visit.tell("begun", **facts)
        await visit.show()
    visit.aside("band", _band(visit, session.study, wish.seed))


def _saying(visit: Visit) -> Callable[[str], None]:
    """Tells the visitor a line, from whatever thread."""
    loop = asyncio.get_running_loop()

    def say(line: str) -> None:
        asyncio.run_coroutine_threadsafe(visit.tell("progress", line=line), loop)

    return say


async def _band(visit: Visit, study: Study, seed: int) -> None:
    content = await ask("band", study, seed)
    if content is not None:
        await visit.tell("band", **json.loads(content))


async def _gif(visit: Visit, message: dict[str, Any]) -> None:
    if "gif" in visit.asides and not visit.asides["gif"].done():
        raise GutexoError("a GIF is being drawn already")
    async with visit.turn:
        assert visit.session is not None
        study, seed, day = visit.session.study, visit.session.wish.seed, visit.session.day
    if day <= 0.0:
        raise GutexoError("nothing has moved yet; play first, then take the GIF")
    visit.aside("gif", _drawn(visit, study, seed, day))


async def _drawn(visit: Visit, study: Study, seed: int, day: float) -> None:
    content = await ask("gif", study, seed, day, say=_saying(visit))
    if content is None:
        await visit.tell("error", line="the GIF could not be drawn")
    else:
        await visit.tell("gif", content=base64.b64encode(content).decode())


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
        await visit.tell("heard", signals=visit.session.heard())


async def _look(visit: Visit, message: dict[str, Any]) -> None:
    async with visit.turn:
        assert visit.session is not None
        kind, index = str(message.get("kind")), int(_number(message, "index"))
        which, along = _which(visit, message), _number(message, "along")
        try:
            seen = await asyncio.to_thread(visit.session.look, which, kind, index, along)
        except GutexoError as error:
            return await visit.tell("gone", line=str(error))
        await visit.tell("seen", **seen)


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
    "gif": _gif,
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
