"""One visitor: what they ask is done to their mice, and what these show is sent back.

It speaks over any line that takes text and bytes, a socket of the page or a notebook's widget.
A frame is sent when the one before has been drawn, so nothing queues and every button acts at once.
"""

from __future__ import annotations

import asyncio
import base64
import json
import tempfile
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from gutexo.errors import GutexoError
from gutexo.page.aside import CannotBeSent, ask
from gutexo.page.messages import SPEEDS, Begin, Drawn, Look, Play, Rewind, read, readable
from gutexo.page.mistakes import told
from gutexo.page.rules import compile_ahead

if TYPE_CHECKING:
    from gutexo.page.session import Session
    from gutexo.page.wish import Arms, Wish
    from gutexo.protocol.study import Study

FRAME = 1.0 / 36.0  # seconds between two frames; thirty a second are wanted, and some come late


class Gone(Exception):
    """The visitor is not there any more; raised by a line."""


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
        # Nobody waits for a thread that another visitor's mice keep busy.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="gutexo-visit")

    async def work(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call something that takes a while in this visitor's thread."""

        def called() -> Any:
            try:
                return function(*arguments)
            except (SystemExit, KeyboardInterrupt) as error:
                # Of somebody's intervention; it would end the loop of all.
                raise RuntimeError(f"{type(error).__name__}: {error}") from error

        return await asyncio.get_running_loop().run_in_executor(self._thread, called)

    async def tell(self, about: str, **content: Any) -> None:
        """Send a message in JSON."""
        await self.line.send_text(json.dumps({"about": about, **content}, allow_nan=False))

    async def refuse(self, error: Exception, do: str) -> None:
        """Say in a line why something is not done.

        Args:
            error: Why.
            do: What was asked for.
        """
        line = readable(str(error)) if isinstance(error, GutexoError) else told(error)
        await self.tell("error", line=line, do=do)

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
        self.asides[name] = asyncio.create_task(self._answered(name, work))

    async def _answered(self, do: str, work: Coroutine[Any, Any, None]) -> None:
        """Do something; what goes wrong is told, and the visit goes on."""
        try:
            await work
        except Gone:
            pass
        except Exception as error:
            await self.refuse(error, do)

    def leave(self, *names: str) -> None:
        """Nobody waits any more for what is done meanwhile; all of it if no name is given."""
        for name in names or list(self.asides):
            if name in self.asides:
                self.asides.pop(name).cancel()

    def end(self) -> None:
        """The visitor has gone: nothing is done for them any more."""
        self.leave()
        if self.session is not None:
            self.session.left.set()
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def play(self) -> None:
        """Live on and show, as long as the visitor is there."""
        while True:
            await self.wake.wait()
            start = asyncio.get_running_loop().time()
            async with self.turn:
                if not self.playing or not self.session or not self.session.actors:
                    self.wake.clear()
                    continue
                try:
                    await self._play_on(self.session)
                except Gone:
                    return
                except Exception as error:
                    self.playing = False
                    await self.refuse(error, "play")
                    await self.tell("paused", over=False)
            await asyncio.sleep(max(0.0, FRAME - (asyncio.get_running_loop().time() - start)))

    async def _play_on(self, session: Session) -> None:
        await self.work(session.advance, self.speed)
        if session.over:
            self.playing = False
        await self.show()
        if session.over:
            await self.seen(self.frame)
            await self.tell("paused", over=True)

    async def heed(self, content: Any) -> None:
        """Do what a visitor asks; whatever it is, they get an answer.

        Args:
            content: Their message: JSON as text, or JSON types.

        Raises:
            Gone: They are not there any more.
        """
        do = ""
        try:
            message = read(content)
            do = message.do
            await self._do(message)
        except Gone:
            raise
        except Exception as error:
            await self.refuse(error, do)

    async def _do(self, message: Any) -> None:
        if isinstance(message, Drawn):
            if self.drawn < message.frame <= self.frame:
                async with self.news:
                    self.drawn = message.frame
                    self.news.notify_all()
            return
        if message.do != "begin" and (self.session is None or not self.session.actors):
            raise GutexoError("no mouse stands yet")
        if message.do in ("pause", "begin", "rewind", "step"):
            self.playing = False
        await _ACTIONS[message.do](self, message)


async def _begin(visit: Visit, message: Begin) -> None:
    from gutexo.page.session import Session
    from gutexo.page.wish import Wish

    wish = Wish.of(message.wish, visit.among)
    visit.leave()  # Also mice that are still being raised for an earlier wish.
    if visit.session is None:
        visit.session = Session(visit.among)
    visit.aside("begin", _raised(visit, visit.session, wish))


async def _raised(visit: Visit, session: Session, wish: Wish) -> None:
    from gutexo.cohort.lives import working_folder

    await compile_ahead(_saying(visit))
    folder = await visit.work(working_folder)
    if unraised := await visit.work(session.unraised, wish, folder):
        room = "full mice" if wish.full else "coarse mice"
        try:
            await ask("lives", unraised, folder, say=_saying(visit), room=room)
        except CannotBeSent:
            pass  # A scenario of a notebook that no other process can be given: raised here.
        else:
            if await visit.work(session.unraised, wish, folder):
                raise GutexoError(f"the mice cannot be kept in {folder}; is the disk full?")
    async with visit.turn:
        actors = await visit.work(session.prepare, wish, folder)
        await visit.tell("begun", **session.begin(wish, actors))
        await visit.show()
    visit.aside("band", _band(visit, session.study, wish.seed))


def _saying(visit: Visit) -> Callable[[str], None]:
    """Tells the visitor a line, from whatever thread."""
    loop = asyncio.get_running_loop()

    def say(line: str) -> None:
        asyncio.run_coroutine_threadsafe(visit.tell("progress", line=line), loop)

    return say


async def _band(visit: Visit, study: Study, seed: int) -> None:
    try:
        content = await ask("band", study, seed)
    except GutexoError:
        return  # It is drawn behind the curves where it can be had.
    await visit.tell("band", **json.loads(content))


async def _gif(visit: Visit, message: Any) -> None:
    if "gif" in visit.asides and not visit.asides["gif"].done():
        raise GutexoError("a GIF is being drawn already")
    async with visit.turn:
        assert visit.session is not None
        study, seed, day = visit.session.study, visit.session.wish.seed, visit.session.day
    if day <= 0.0:
        raise GutexoError("nothing has moved yet; play first, then take the GIF")
    visit.aside("gif", _drawn(visit, study, seed, day))


async def _drawn(visit: Visit, study: Study, seed: int, day: float) -> None:
    try:
        with tempfile.TemporaryDirectory(prefix="gutexo-gif-") as folder:
            content = await ask("gif", study, seed, day, Path(folder), say=_saying(visit))
    except GutexoError as error:
        raise GutexoError(f"the GIF could not be drawn: {error}") from None
    await visit.tell("gif", content=base64.b64encode(content).decode())


async def _play(visit: Visit, message: Play) -> None:
    speed = visit.speed if message.speed is None else message.speed
    if speed not in SPEEDS:
        raise GutexoError(f"speed must be one of {', '.join(map(str, SPEEDS))}")
    visit.speed = speed
    if message.do == "play":
        visit.playing = True
        visit.wake.set()


async def _pause(visit: Visit, message: Any) -> None:
    async with visit.turn:
        await visit.tell("paused", over=False)


async def _step(visit: Visit, message: Any) -> None:
    async with visit.turn:
        assert visit.session is not None
        await visit.work(visit.session.advance, 1)
        await visit.show()


async def _rewind(visit: Visit, message: Rewind) -> None:
    async with visit.turn:
        assert visit.session is not None
        await visit.work(visit.session.rewind, message.day)
        await visit.show()


async def _hear(visit: Visit, message: Any) -> None:
    async with visit.turn:
        assert visit.session is not None
        await visit.tell("heard", signals=visit.session.heard())


async def _look(visit: Visit, message: Look) -> None:
    async with visit.turn:
        assert visit.session is not None
        if message.which >= len(visit.session.actors):
            raise GutexoError("which must be a mouse that stands there")
        picked = (message.which, message.kind, message.index, message.along)
        try:
            seen = await visit.work(visit.session.look, *picked)
        except GutexoError as error:
            return await visit.tell("gone", line=readable(str(error)))
        await visit.tell("seen", **seen)


async def _csv(visit: Visit, message: Any) -> None:
    async with visit.turn:
        assert visit.session is not None
        text = await visit.work(visit.session.csv)
        await visit.tell("csv", text=text.decode())


_ACTIONS: dict[str, Callable[[Visit, Any], Coroutine[Any, Any, None]]] = {
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
