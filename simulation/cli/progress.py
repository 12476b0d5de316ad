"""Progress of a run: a bar on the terminal, a line each minute in a file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from gutexo.cli.options import Options


@contextmanager
def progress_bar(options: Options) -> Iterator[Any]:
    """Open a progress callback: a bar with the time left on a terminal, lines elsewhere.

    Lines are written to standard output if it is not a terminal, as all other output is.

    Args:
        options: As typed; with `--quiet` or `--json` nothing is printed.
    """
    if options.quiet or options.json:
        yield lambda *_: None
        return
    from gutexo.cohort.progress import ProgressLines, repeat_each_minute

    on_screen, to_file = sys.stderr.isatty(), not sys.stdout.isatty()
    lines = ProgressLines(sys.stdout if to_file else sys.stderr)
    if not on_screen:
        with repeat_each_minute(lines):
            yield lines
        return
    with _bar() as bar, repeat_each_minute(lines) if to_file else nullcontext():

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

    from gutexo.cohort.progress import PHASE_TITLES

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Left())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        tasks: dict[str, Any] = {}

        def update(phase: str, done: int, total: int) -> None:
            if phase == "failed":
                progress.update(tasks["arms"], description=f"{PHASE_TITLES['arms']}, {done} failed")
                return
            if phase not in tasks:
                tasks[phase] = progress.add_task(PHASE_TITLES.get(phase, phase), total=total)
            progress.update(tasks[phase], completed=done, total=total)

        yield update
