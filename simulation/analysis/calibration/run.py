"""A calibration from end to end: twin, mice, confirmation, checks. Every step is kept on disk."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from gutexo.analysis.asking import Ask
from gutexo.analysis.calibration.answers import Asker
from gutexo.analysis.calibration.checks import Learnt, Pair, Step, learnt, pairs, steps
from gutexo.analysis.calibration.confirm import Confirmation, confirm
from gutexo.analysis.calibration.distance import Row, fitted_rows
from gutexo.analysis.calibration.mice_stage import Tried, close, refine
from gutexo.analysis.calibration.pilot import as_the_twin_sees, corrected
from gutexo.analysis.calibration.plan import Plan
from gutexo.analysis.calibration.predictive import (
    Likeness,
    Predicted,
    likeness,
    predicted,
    windows_of,
)
from gutexo.analysis.calibration.preparation import both_asked, luck_of, over_the_prior
from gutexo.analysis.calibration.ranks import Ranks
from gutexo.analysis.calibration.space import Space, space
from gutexo.analysis.calibration.twin_stage import Narrowed, narrow
from gutexo.analysis.outcomes import QUESTIONS, from_mice
from gutexo.errors import GutexoError

PROBED = 4  # sets on which the twin is timed, the first of which warms it up
Say = Callable[[str], None]


@dataclass(frozen=True)
class Models:
    """What answers in each stage; functions that processes can import.

    Attributes:
        twin: The mean-field twin.
        small: Small mice, the same few for every set.
        many: Mice of the default resolution, many.
        default: Mice of the default resolution.
    """

    twin: Ask
    small: Ask
    many: Ask
    default: Ask


def models(plan: Plan, workers: int) -> Models:
    """The models of a plan: default mice take all workers for one set, others one worker a set."""
    from gutexo.analysis.twin import from_twin

    return Models(
        partial(from_twin, seed=plan.seed),
        partial(from_mice, replicates=plan.replicates, seed=plan.seed),
        partial(from_mice, replicates=plan.reference, seed=plan.seed, workers=workers),
        partial(from_mice, replicates=plan.confirming, seed=plan.seed, workers=workers),
    )


def twin_seconds(plan: Plan, asked: Models | None = None) -> float:
    """Seconds a set that the twin takes on one process, measured on a few sets of the prior.

    Args:
        plan: Free parameters and what else differs.
        asked: What answers; the twin if None.

    Raises:
        GutexoError: It answers none of them.
    """
    where = space(plan.free)
    who = models(plan, 1) if asked is None else asked
    points = np.random.default_rng(0).random((PROBED, len(where.names)))
    with Asker(who.twin, QUESTIONS, where.names, plan.changes) as twin:
        found = twin.ask([where.values(point) for point in points])
    took = [one.seconds for one in found if one.reason is None]
    if not took:
        raise GutexoError(f"the twin does not answer: {twin.reason}")
    return float(np.mean(took[1:] or took))


@dataclass(frozen=True)
class Calibration:
    """All that a calibration found.

    Attributes:
        space: Free parameters and their priors.
        rows: What was fitted.
        narrowed: Populations of the twin.
        ranked: Rank statistics on synthetic truth.
        tried: Sets that small mice answered.
        kept: Those that are close enough: the posterior.
        learnt: Prior against posterior.
        pairs: Correlations of the posterior.
        predictive: Answers of prior, twin's posterior and posterior.
        likeness: The twin against the mice.
        steps: Populations, and plain rejection.
        confirmations: Draws that default mice answered, from the centre outwards.
        seconds: Process seconds of twin, small and default mice.
    """

    space: Space
    rows: tuple[Row, ...]
    narrowed: Narrowed
    ranked: tuple[Ranks, ...]
    tried: tuple[Tried, ...]
    kept: tuple[Tried, ...]
    learnt: tuple[Learnt, ...]
    pairs: tuple[Pair, ...]
    predictive: tuple[Predicted, ...]
    likeness: tuple[Likeness, ...]
    steps: tuple[Step, ...]
    confirmations: tuple[Confirmation, ...]
    seconds: tuple[float, float, float]

    @property
    def landed(self) -> Confirmation | None:
        """The draw that default mice hold in every row: the defaults that may land."""
        last = self.confirmations[-1] if self.confirmations else None
        return last if last is not None and last.holds else None


def calibrate(
    plan: Plan,
    folder: Path,
    *,
    workers: int = 1,
    say: Say = lambda line: None,
    asked: Models | None = None,
    rows: Sequence[Row] | None = None,
    questions: Sequence[str] = QUESTIONS,
) -> Calibration:
    """Calibrate: the twin narrows the priors, small mice refine, default mice confirm.

    Args:
        plan: Sizes, seeds and thresholds.
        folder: Where everything is kept; what is there is gone on with.
        workers: Processes.
        say: Called with a line for people.
        asked: What answers; the twin and the mice if None.
        rows: What is fitted; every row that may be if None.
        questions: Names of the answers.

    Returns:
        What was found. It depends on plan and code, not on workers or interruptions, as long as
        the budget ends nothing early.

    Raises:
        GutexoError: A stage could not be made.
    """
    where = space(plan.free)
    fitted = tuple(fitted_rows() if rows is None else rows)
    who = models(plan, workers) if asked is None else asked
    whole = 60.0 * plan.budget * workers
    ends = np.cumsum(plan.parts) * whole
    twin = Asker(who.twin, questions, where.names, plan.changes, folder / "twin_sets.csv", workers)
    small = Asker(
        who.small,
        questions,
        where.names,
        {**plan.small, **plan.changes},
        folder / "mice_sets.csv",
        workers,
    )
    lone = Asker(who.small, questions, (), {**plan.small, **plan.changes}, folder / "few_sets.csv")
    many = Asker(
        who.many, questions, (), {**plan.default, **plan.changes}, folder / "many_sets.csv"
    )
    default = Asker(
        who.default,
        questions,
        where.names,
        {**plan.default, **plan.changes},
        folder / "default_sets.csv",
    )
    with twin, small, lone, many, default:

        def mice_spent() -> float:
            return small.spent + workers * (many.spent + lone.spent)

        points, ranked = over_the_prior(plan, where, fitted, twin, ends[0], say)
        factors = luck_of(lone, many, fitted, say)
        pilot = both_asked(
            plan,
            where,
            fitted,
            twin,
            small,
            factors,
            points,
            lambda: twin.spent + mice_spent() >= ends[1],
            say,
        )
        seen = as_the_twin_sees(fitted, pilot, plan.widen)
        narrowed = narrow(
            where,
            seen,
            twin,
            folder / "populations.db",
            seed=plan.seed,
            size=plan.size,
            table=plan.table,
            tolerance=plan.twin_tolerance,
            most=plan.most,
            until=lambda: twin.spent >= ends[0],
            say=say,
        )
        last = narrowed.populations[-1]
        if not narrowed.finished:
            say(
                "the twin's stage ends before every window is met: what is left is the posterior"
                f" of windows widened by {last.tolerance:.2f} scales"
            )
        tried = refine(
            where,
            fitted,
            small,
            narrowed.posterior,
            count=plan.draws,
            seed=plan.seed,
            factors=factors,
            until=lambda: twin.spent + mice_spent() >= ends[1],
        )
        kept = close(tried, plan.tolerance)
        say(
            f"{len(tried)} sets run with small mice ({small.typical:.0f} s a set); {len(kept)} are"
            f" within {plan.tolerance:g} scales of every window"
        )
        _tell_nearest(tried, kept, say)
        confirmations = confirm(
            fitted,
            default,
            kept,
            most=plan.most_confirmed,
            until=lambda: twin.spent + mice_spent() + workers * default.spent >= ends[2],
            say=say,
        )
        spent = (twin.spent, mice_spent(), workers * default.spent)
        found = _checked(where, fitted, narrowed, ranked, pilot, tried, kept, twin)
    return Calibration(
        where,
        fitted,
        narrowed,
        tuple(ranked),
        tuple(tried),
        tuple(kept),
        found.learnt,
        found.pairs,
        found.predictive,
        found.likeness,
        tuple(steps(narrowed)),
        tuple(confirmations),
        spent,
    )


def _tell_nearest(tried: Sequence[Tried], kept: Sequence[Tried], say: Say) -> None:
    if kept:
        return
    nearest = min(tried, key=lambda one: one.distance)
    if math.isinf(nearest.distance):
        say("small mice answered none of the sets in full")
    else:
        say(f"the nearest of them misses a window by {nearest.distance:.2f} scales")


@dataclass(frozen=True)
class _Checks:
    learnt: tuple[Learnt, ...]
    pairs: tuple[Pair, ...]
    predictive: tuple[Predicted, ...]
    likeness: tuple[Likeness, ...]


def _checked(
    where: Space,
    rows: tuple[Row, ...],
    narrowed: Narrowed,
    ranked: Sequence[Ranks],
    pilot: Sequence[Likeness],
    tried: Sequence[Tried],
    kept: Sequence[Tried],
    twin: Asker,
) -> _Checks:
    """Prior against posterior, what the posterior answers, and how like the mice the twin is."""
    windows = windows_of(rows)

    def of(points: np.ndarray) -> list[Mapping[str, float]]:
        found = [twin.known(where.values(point)) for point in points]
        return [corrected(one.answers, pilot) if one is not None else {} for one in found]

    last = narrowed.posterior
    predictive = [
        *predicted("prior", of(narrowed.table), windows),
        *predicted("twin", of(last.shares), windows, last.weights),
    ]
    points: Any = np.array([one.shares for one in kept])
    counts = np.array([one.count for one in kept], dtype=float)
    if kept:
        predictive += predicted("mice", [one.answers for one in kept], windows, counts)
    both = [twin.known(one.values) for one in tried]
    return _Checks(
        tuple(learnt(where, points, counts, ranked)) if kept else (),
        tuple(pairs(where.names, points, counts)) if kept else (),
        tuple(predictive),
        tuple(
            likeness(
                [one.answers if one is not None else {} for one in both],
                [one.answers for one in tried],
                twin.questions,
            )
        ),
    )
