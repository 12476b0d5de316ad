"""Compiling the rules in a process of its own, while the page already answers."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable

from gutexo.errors import GutexoError
from gutexo.page.aside import ask
from gutexo.page.helper import progress

Say = Callable[[str], object]


class _Compilation:
    """One process that compiles, and all who want to be told its progress."""

    def __init__(self) -> None:
        self.listeners: list[Say] = []
        self.task = asyncio.create_task(ask("rules", say=self._tell))

    def _tell(self, line: str) -> None:
        for say in self.listeners:
            say(line)


# One per event loop; a page has one loop, and each notebook widget too.
_compilations: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _Compilation] = (
    weakref.WeakKeyDictionary()
)


async def compile_ahead(say: Say = lambda line: None) -> None:
    """Wait until the rules are compiled; return at once if they are on disk.

    The first caller starts a process that compiles; the others wait for the same process. If it
    fails, the mice compile the rules themselves.

    Args:
        say: Called with a line of progress.
    """
    loop = asyncio.get_running_loop()
    if loop not in _compilations:
        if await loop.run_in_executor(None, _is_warm):
            return
        if loop not in _compilations:  # nobody else started it meanwhile
            _compilations[loop] = _Compilation()
    compilation = _compilations[loop]
    compilation.listeners.append(say)
    try:
        # Whoever leaves does not end it for the others.
        await asyncio.shield(compilation.task)
    except GutexoError:
        pass
    finally:
        compilation.listeners.remove(say)


def _is_warm() -> bool:
    import gutexo.body.mouse  # noqa: F401  (all rules of a mouse are imported with it)
    from gutexo.compiled import is_compile_cache_warm

    return is_compile_cache_warm()


def answer() -> bytes:
    """Compile the rules in this process; called by `helper`."""
    from gutexo.cohort.study_run import compile_rules

    def tell(phase: str, done: int, total: int) -> None:
        progress(f"compiling the rules, once for this version: {done} of {total}")

    compile_rules(tell)
    return b""
