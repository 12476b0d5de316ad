"""Work in a process of its own, so that the mice that are watched go on.

The question goes in as a pickle of our own making, never of a visitor's; the answer comes back as
bytes, and lines of progress meanwhile. A process that nobody waits for any more is ended.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Callable
from typing import Any

import cloudpickle

from gutexo.errors import GutexoError

# Processes at once, however many visitors wait. What takes a second never waits for what takes
# minutes, nor a mouse for what is drawn of another one.
_ROOM = {name: asyncio.Semaphore(2) for name in ("extras", "coarse mice", "full mice")}
_PROGRESS, _REFUSED = b"> ", b"! "
_LONGEST_LINE = 2**20


class CannotBeSent(GutexoError):
    """The question holds something that no other process can be given."""


async def ask(
    work: str,
    *question: Any,
    say: Callable[[str], Any] = lambda line: None,
    room: str = "extras",
) -> bytes:
    """Have something done when there is room; whoever cancels this ends the process.

    Args:
        work: What is done, by its name in `helper.WORKS`.
        *question: What it is called with.
        say: Called with each line of its progress.
        room: Who shares the room.

    Returns:
        The answer.

    Raises:
        CannotBeSent: The question does not travel.
        GutexoError: It cannot be done, or the process died.
    """
    try:
        content = cloudpickle.dumps(question)
    except Exception as error:
        raise CannotBeSent(f"cannot be sent to another process: {error}") from None
    async with _ROOM[room]:
        return await _asked(work, content, say)


async def _asked(work: str, question: bytes, say: Callable[[str], Any]) -> bytes:
    # The same modules as here are found there, and none that lies where the user stands.
    path = os.pathsep.join(folder or os.getcwd() for folder in sys.path)
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "gutexo.page.helper", work, str(os.getpid())),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path},
            limit=_LONGEST_LINE,
        )
    except OSError as error:
        raise GutexoError(f"no process can be started: {error.strerror}") from None
    assert process.stdin and process.stdout and process.stderr
    refused = ""

    async def listen(lines: asyncio.StreamReader) -> None:
        nonlocal refused
        async for line in lines:
            text = line[2:].decode(errors="replace").strip()
            if line.startswith(_PROGRESS):
                say(text)
            elif line.startswith(_REFUSED):
                refused = text

    try:
        with contextlib.suppress(ConnectionError):  # It ended before it had heard all.
            process.stdin.write(question)
            await process.stdin.drain()
        process.stdin.close()
        content, _ = await asyncio.gather(process.stdout.read(), listen(process.stderr))
        if await process.wait() == 0:
            return content
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    raise GutexoError(refused or "the process that did it has died")
