"""A mouse of some age for a script or notebook, taken from the cache of lives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from gutexo.body.interventions import Intervention
from gutexo.body.mouse import Mouse
from gutexo.catalogue.ages import WEANING_DAYS
from gutexo.catalogue.durations import duration_days
from gutexo.cohort.lives import raise_life, trim_cache, working_folder
from gutexo.cohort.progress import choose_progress
from gutexo.cohort.seeds import redrawn_seed
from gutexo.errors import issue_note
from gutexo.protocol.life import OLD, Life
from gutexo.support.arguments import check_seed


def raise_mouse(
    age: float | str = OLD,
    seed: int = 0,
    *,
    changes: Mapping[str, Any] | None = None,
    interventions: Intervention | Iterable[Intervention] = (),
    progress: Callable[[str, int, int], None] | None = None,
) -> Mouse:
    """Raise a mouse to an age, or take it from the cache if it was raised before.

    Without interventions it is the mouse of `Mouse(seed=seed, age=age)`, to the bit. A mouse that
    dies before the age is replaced by another one, with a warning that names its seed.

    Args:
        age: Age (d, 21 to 1500; "24 months" works too).
        seed: Identity of the animal.
        changes: Parameters that differ from the defaults.
        interventions: What is done to it from weaning on.
        progress: Called with phase, days done and days in all; if None, a line in a notebook.

    Returns:
        The mouse; its record begins now.

    Raises:
        GutexoError: An argument is wrong, or no mouse reaches the age.
    """
    seed = check_seed(seed)
    given: Any = interventions
    life = Life(age=duration_days(age, "age"), changes=dict(changes or {}), interventions=given)
    tell = choose_progress() if progress is None else progress
    days = round(life.age - WEANING_DAYS)

    def report(mouse: Mouse) -> None:
        tell("days", min(days, round(mouse.age - WEANING_DAYS)), days)

    raised = raise_life(life, lambda attempt: redrawn_seed(seed, attempt), working_folder(), report)
    tell("days", days, days)
    trim_cache()
    if raised.redraws:
        issue_note(
            f"the mouse of seed {seed} dies before {life.age:g} d; this is the mouse of seed"
            f" {raised.seed}"
        )
    return Mouse.from_snapshot(raised.snapshot, fresh_record=True)
