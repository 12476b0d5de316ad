"""What is learnt before the search: the twin over the prior, the luck of mice, a pilot."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from gutexo.analysis.calibration.answers import Asker
from gutexo.analysis.calibration.distance import Row, distance
from gutexo.analysis.calibration.mice_stage import luck, without_luck
from gutexo.analysis.calibration.pilot import chosen
from gutexo.analysis.calibration.plan import Plan
from gutexo.analysis.calibration.predictive import Likeness, likeness
from gutexo.analysis.calibration.ranks import Ranks, half_widths, logs_of, ranks
from gutexo.analysis.calibration.space import Space
from gutexo.analysis.calibration.twin_stage import prior_points
from gutexo.errors import GutexoError

Say = Callable[[str], None]


def over_the_prior(
    plan: Plan, where: Space, rows: tuple[Row, ...], twin: Asker, end: float, say: Say
) -> tuple[np.ndarray, list[Ranks]]:
    """What the twin answers over the prior, and rank statistics from it.

    Args:
        plan: Sizes and seeds.
        where: Free parameters and their priors.
        rows: What may be fitted.
        twin: The twin, with its memory.
        end: Process seconds it may have taken.
        say: Called with a line for people.

    Returns:
        float64[draw, parameter], shares of the prior, and ranks of synthetic truths.

    Raises:
        GutexoError: The budget is spent before.
    """
    random = np.random.default_rng(np.random.SeedSequence([plan.seed, 3]))
    truths = random.random((plan.truths, len(where.names)))
    points = prior_points(where, plan.seed, plan.table)
    asked = [where.values(point) for point in (*truths, *points)]
    answers = twin.ask(asked, until=lambda: twin.spent >= end)
    if len(answers) < len(asked):
        raise GutexoError(
            "the budget was spent before the prior was tried: a larger --budget goes on"
        )
    logs = logs_of([one.answers for one in answers], rows)
    refused = f"; {twin.failed} of them refused: {twin.reason}" if twin.failed else ""
    say(f"twin: {len(asked)} sets of the prior answered, {twin.typical:.2f} s a set{refused}")
    ranked = ranks(
        where.names,
        truths,
        logs[: plan.truths],
        points,
        logs[plan.truths :],
        half_widths(rows),
        plan.seed,
    )
    odd = [one.parameter for one in ranked if not one.uniform]
    say(f"ranks on synthetic truth: {'NOT uniform: ' + ', '.join(odd) if odd else 'uniform'}")
    return points, ranked


def luck_of(few: Asker, many: Asker, rows: Sequence[Row], say: Say) -> dict[str, float]:
    """Size and luck of the mice that every set is asked of, measured at the defaults.

    Args:
        few: Those mice.
        many: Many mice of the default resolution.
        rows: What may be fitted, to tell the worst.
        say: Called with a line for people.

    Returns:
        Factor by question, see `gutexo.analysis.calibration.mice_stage.luck`.

    Raises:
        GutexoError: Mice of the defaults cannot be run.
    """
    those, all_of_them = few.ask([{}])[0], many.ask([{}])[0]
    for one in (those, all_of_them):
        if not one.answers:
            why = one.reason or "they could not be run before"
            raise GutexoError(f"mice do not answer at the defaults: {why}")
    factors = luck(those.answers, all_of_them.answers)
    worst = max((one.id for one in rows), key=lambda name: abs(math.log(factors.get(name, 1.0))))
    say(
        "size and luck of the small mice, against many default ones: at most"
        f" x {factors.get(worst, 1.0):.2f}, in {worst}"
    )
    return factors


def both_asked(
    plan: Plan,
    where: Space,
    rows: tuple[Row, ...],
    twin: Asker,
    small: Asker,
    factors: Mapping[str, float],
    points: np.ndarray,
    until: Callable[[], bool],
    say: Say,
) -> list[Likeness]:
    """Put a few sets to the twin and to mice, and see how they differ.

    Args:
        plan: How many, and the seed.
        where: Free parameters and their priors.
        rows: What may be fitted.
        twin: The twin, with its memory.
        small: Small mice, with theirs.
        factors: Luck of these mice.
        points: float64[draw, parameter], draws of the prior the twin has answered.
        until: Asked before each set; once it says yes, no further set is begun.
        say: Called with a line for people.

    Returns:
        Mice against twin, row by row.

    Raises:
        GutexoError: The budget is spent before.
    """
    answers = [one.answers for one in twin.ask([where.values(point) for point in points])]
    distances = np.array([distance(one, rows) for one in answers])
    numbers = chosen(distances, plan.pilot, plan.seed)
    asked = [where.values(points[number]) for number in numbers]
    found = small.ask(asked, until=until)
    if len(found) < len(asked):
        raise GutexoError("the budget was spent in the pilot: a larger --budget goes on")
    known = likeness(
        [answers[number] for number in numbers[: len(found)]],
        [without_luck(one.answers, factors) for one in found],
        [row.id for row in rows],
    )
    if found:
        away = max((like for like in known if like.sets), key=lambda x: x.spread, default=None)
        far = (
            f"; furthest {away.id}, x {away.ratio:.2f}, log spread {away.spread:.2f}"
            if away
            else ""
        )
        say(f"pilot: {len(found)} sets by twin and small mice, {small.typical:.0f} s a set{far}")
    return known
