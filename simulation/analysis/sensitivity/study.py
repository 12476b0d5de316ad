"""The whole analysis: screen all, index those that matter, share out, hold against mice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from gutexo.analysis.sensitivity import emulator as held_against
from gutexo.analysis.sensitivity import morris as screening
from gutexo.analysis.sensitivity import shares, tails
from gutexo.analysis.sensitivity import sobol as variance
from gutexo.analysis.sensitivity.answers import Answers
from gutexo.analysis.sensitivity.emulator import Check
from gutexo.analysis.sensitivity.morris import Screened
from gutexo.analysis.sensitivity.plan import Plan
from gutexo.analysis.sensitivity.shares import Spread
from gutexo.analysis.sensitivity.sobol import Index
from gutexo.analysis.sensitivity.space import Space
from gutexo.analysis.tables import Column
from gutexo.errors import GutexoError, suggest

TABLES: dict[str, dict[str, Column]] = {
    "morris": screening.COLUMNS,
    "sobol": variance.COLUMNS,
    "groups": variance.COLUMNS,
    "answers": shares.COLUMNS,
    "emulator": held_against.COLUMNS,
}
"""Columns of each table, and of the file of its name."""


@dataclass(frozen=True)
class Sensitivity:
    """What a sensitivity analysis found.

    Attributes:
        space: What was moved, and how far.
        questions: What was asked.
        plan: How much.
        seed: Seed of all designs and bootstraps.
        importance: Mean share of squared mu* by parameter, largest first.
        picked: Parameters with an index of their own.
        morris: A row a parameter and question.
        sobol: A row a picked parameter, or all others, and question.
        groups: A row a group (assumed, sourced) and question.
        answers: A row a question: middle and spread.
        emulator: A row a question: emulator against mice; empty where mice were not asked.
        passed_over: Points at which mice were not asked, since few would have reached old age.
        evaluations: Sets the emulator was asked.
        reasons: How often an answer was refused, by reason.
    """

    space: Space
    questions: tuple[str, ...]
    plan: Plan
    seed: int
    importance: dict[str, float]
    picked: tuple[str, ...]
    morris: tuple[Screened, ...]
    sobol: tuple[Index, ...]
    groups: tuple[Index, ...]
    answers: tuple[Spread, ...]
    emulator: tuple[Check, ...]
    passed_over: int
    evaluations: int
    reasons: dict[str, int]

    def to_frame(self, table: str) -> Any:
        """A table as a pandas frame (pandas comes with SALib).

        Args:
            table: One of `TABLES`.

        Raises:
            GutexoError: There is no such table.
        """
        if table not in TABLES:
            raise GutexoError(f"table '{table}' does not exist{suggest(table, TABLES)}")
        from pandas import DataFrame

        rows = getattr(self, table)
        return DataFrame({name: [getattr(row, name) for row in rows] for name in TABLES[table]})


def sensitivity(
    space: Space,
    plan: Plan,
    asked: Answers,
    mice: tuple[Answers, ...] = (),
    *,
    small: Mapping[str, float] | None = None,
    seed: int = 1,
    say: Callable[[str], None] = lambda line: None,
) -> Sensitivity:
    """Find which uncertain parameters move which answer, and whose variance it is.

    Args:
        space: What is moved, and how far.
        plan: How much is asked.
        asked: The emulator.
        mice: Mice to hold it against, one of other seeds each; nothing is held against if empty.
        small: Resolution at which the emulator is held against mice.
        seed: Seed of all designs and bootstraps.
        say: Called with a line for people.

    Returns:
        All tables.

    Raises:
        GutexoError: SALib is not installed, or not one parameter set is answered.
    """
    names, questions = space.names, asked.questions

    def ask(points: np.ndarray, phase: str) -> np.ndarray:
        flat = points.reshape(-1, len(names))
        return asked.logs(space.all_changes(flat), phase).reshape(*points.shape[:-1], -1)

    default = asked.logs([dict(space.base)], "defaults")[0]

    say(f"Morris: {plan.trajectories} walks over {len(names)} parameters")
    walks = screening.trajectories(len(names), plan.trajectories, seed)
    told = ask(walks, "screening")
    told = tails.held(told, tails.fences(told.reshape(-1, len(questions))))
    effects = screening.elementary_effects(walks, told)
    screened = screening.screen(names, questions, effects, seed)
    importance = screening.importance(screened)
    picked = tuple(list(importance)[: plan.picked])

    say(f"Sobol: {plan.points} rows, {len(picked)} parameters and all others")
    apart = variance.grouped(names, picked)
    points = variance.design(apart, plan.points, seed)
    logs = ask(points, "variance by parameter")
    sets = variance.independent(logs)
    ends = tails.fences(sets)
    found = variance.indices(apart, questions, tails.held(logs, ends), seed)
    spread = shares.spreads(questions, default, sets, ends)

    say("Sobol: assumed and sourced parameters")
    known = shares.by_knowledge(space)
    halves = ask(variance.design(known, plan.points, seed), "variance by knowledge")
    groups = variance.indices(known, questions, tails.held(halves, ends), seed)

    compared: list[Check] = []
    passed = 0
    if mice:
        say(f"emulator against mice: {plan.checked} parameter sets, {len(mice)} run(s) each")
        others, passed = held_against.points_for_mice(
            space.all_changes(points[:, 0]), plan.checked - 1
        )
        coarse = [{**changes, **(small or {})} for changes in (space.base, *others)]
        simulated = np.array([one.logs(coarse, "asking mice") for one in mice])
        emulated = asked.logs(coarse, "asking the emulator")
        spans = [row.sd_log for row in spread]
        compared = held_against.checks(questions, emulated, simulated, spans)
    return Sensitivity(
        space=space,
        questions=questions,
        plan=plan,
        seed=seed,
        importance=importance,
        picked=picked,
        morris=tuple(screened),
        sobol=tuple(found),
        groups=tuple(groups),
        answers=tuple(spread),
        emulator=tuple(compared),
        passed_over=passed,
        evaluations=asked.evaluations,
        reasons=dict(asked.reasons.most_common()),
    )
