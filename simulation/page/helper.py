"""The process that was asked by `aside`: it reads the question and writes the answer."""

# ruff: noqa: E402
from __future__ import annotations

import os
import sys

from gutexo.support.worker_process import prepare_worker

if __name__ == "__main__":
    prepare_worker(int(sys.argv[2]))  # Before the model is loaded, which takes a while.

from collections.abc import Callable
from importlib import import_module

WORKS = ("band", "gif", "lives", "rules")
"""Modules of the page that do something aside, each with an `answer`."""


def main(work: str) -> int:
    """Do what was asked.

    Args:
        work: One of `WORKS`.

    Returns:
        The exit code.
    """
    import cloudpickle

    from gutexo.errors import GutexoError
    from gutexo.page.mistakes import told

    if hasattr(os, "nice") and work in ("band", "gif"):
        os.nice(10)  # The mouse that is watched, or waited for, comes first.
    # The answer goes where nothing else is written: an intervention of a user may print.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        assert work in WORKS
        question = sys.stdin.buffer.read()
        do: Callable[..., bytes] = import_module(f"gutexo.page.{work}").answer
        content = do(*cloudpickle.loads(question))
    except GutexoError as error:
        _write("!", str(error))
        return 1
    except (Exception, SystemExit) as error:
        _write("!", told(error))
        return 1
    with answers:
        answers.write(content)
    return 0


def progress(line: str) -> None:
    """Tell whoever asked how far it is."""
    _write(">", line)


def _write(mark: str, line: str) -> None:
    text = line.replace("\n", " ").encode("utf-8", "backslashreplace")
    sys.stderr.buffer.write(mark.encode() + b" " + text + b"\n")
    sys.stderr.buffer.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
