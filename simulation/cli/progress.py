"""How far a run is, on the terminal and in a file: a bar there, now and then a line here."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from gutexo.cli.options import Options


@contextmanager
def progress_bar(options: Options) -> Iterator[Any]:
    """A progress callback: a bar with the time left on a terminal, lines where there is none.

    Lines go where all that is said goes, to standard output where that is no terminal.

    Args:
        options: As typed; with --quiet or --json nothing is said.
    """
    if options.quiet or options.json:
        yield lambda *_: None
        return
    from gutexo.cohort.progress import Lines, each_minute

    on_screen, to_file = sys.stderr.isatty(), not sys.stdout.isatty()
    lines = Lines(sys.stdout if to_file else sys.stderr)
    if not on_screen:
        with each_minute(lines):
            yield lines
        return
    with _bar() as bar, each_minute(lines) if to_file else nullcontext():

        def both(phase: str, done: int, total: int) -> None:
            bar(phase, done, total)
            if to_file:
                lines(phase, done, total)

        yield both


@contextmanager
def _bar() -> Iterator[Any]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Left

    from gutexo.cohort.progress import TITLES

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Left())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        tasks: dict[str, Any] = {}

        def update(phase: str, done: int, total: int) -> None:
            if phase == "failed":
                progress.update(tasks["arms"], description=f"{TITLES['arms']}, {done} failed")
                return
            if phase not in tasks:
                tasks[phase] = progress.add_task(TITLES.get(phase, phase), total=total)
            progress.update(tasks[phase], completed=done, total=total)

        yield update
