"""Work in a process of its own, so that the mice that are watched go on.

The question goes in as a pickle of our own making, never of a visitor's; the answer comes back as
bytes, and lines of progress meanwhile.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Callable
from typing import Any, Literal

import cloudpickle

WORKS = Literal["band", "gif"]
AT_ONCE = 2  # processes, however many visitors wait
_room = asyncio.Semaphore(AT_ONCE)


async def ask(
    work: WORKS, *question: Any, say: Callable[[str], Any] = lambda line: None
) -> bytes | None:
    """Have something done when there is room; whoever cancels this ends the process.

    Args:
        work: Module of the page that does it, by `answer`.
        *question: What it is called with.
        say: Called with each line of its progress.

    Returns:
        The answer; None where it failed.
    """
    async with _room:
        return await _asked(work, cloudpickle.dumps(question), say)


async def _asked(work: WORKS, question: bytes, say: Callable[[str], Any]) -> bytes | None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        f"simulation.page.{work}",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdin and process.stdout and process.stderr

    async def listen(lines: asyncio.StreamReader) -> None:
        async for line in lines:
            if line.startswith(b"> "):
                say(line[2:].decode().strip())

    try:
        process.stdin.write(question)
        process.stdin.close()
        content, _ = await asyncio.gather(process.stdout.read(), listen(process.stderr))
        return content if await process.wait() == 0 else None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()


def answer(work: Callable[..., bytes]) -> None:
    """Be the process that was asked: read the question, write what `work` makes of it."""
    if hasattr(os, "nice"):
        os.nice(10)  # The mouse that is watched comes first.
    sys.stdout.buffer.write(work(*cloudpickle.loads(sys.stdin.buffer.read())))


def told(line: str) -> None:
    """Tell whoever asked how far it is."""
    print(f"> {line}", file=sys.stderr, flush=True)
