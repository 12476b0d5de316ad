"""The lives that a visitor's mice need are raised here, beside the mice that are watched."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gutexo.cohort.lives import raise_life
from gutexo.cohort.tasks import LifeTask
from gutexo.page.helper import progress


def answer(tasks: Sequence[LifeTask], folder: Path) -> bytes:
    """Raise lives; whoever needs them finds them in their folder.

    Args:
        tasks: The lives.
        folder: Where lives are kept.

    Raises:
        GutexoError: No mouse reaches the age.
    """
    for number, task in enumerate(tasks, start=1):

        def seed(attempt: int, number: int = number, task: LifeTask = task) -> int:
            line = f"raising mouse {number} of {len(tasks)} to an age of {task.life.age:g} days"
            progress(f"{line}; {attempt} died on the way" if attempt else line)
            return task.seed(attempt)

        raise_life(task.life, seed, folder)
    return b""
