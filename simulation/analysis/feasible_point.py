"""Search for parameters with which the mean field meets the rows that may be fitted.

A point is scored on a fixed cohort, so that two points are compared on the same mice. What is found
is a place to begin a calibration, no estimate.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from gutexo.analysis.feasible_targets import (
    EDGE,
    NAMES,
    PULL,
    all_misses,
    failing_rows,
    measure_rows,
    misses,
    numbers_at,
    numbers_with,
    place_of,
    total_miss,
)
from gutexo.analysis.mean_field_rows import score_point
from gutexo.errors import GutexoError


class Evaluations:
    """Table of evaluated sets, a JSON object a line, from which a search begins again.

    Args:
        path: File of the table; it is made if there is none.
        score: Function that scores numbers.
    """

    def __init__(self, path: Path, score: Callable[[Mapping[str, float]], dict[str, float]]):
        self.path, self.score, self.count = path, score, 0
        self.best, self.place = math.inf, np.zeros(len(NAMES))
        if path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                record = json.loads(line)
                if record["objective"] < self.best:
                    self.best, self.place = record["objective"], place_of(record["numbers"])

    def measure(self, place: np.ndarray, label: str = "") -> np.ndarray:
        """Return the measured rows at a place; an improvement is kept in the table."""
        numbers, self.count = numbers_at(place), self.count + 1
        rows = self.score(numbers)
        measured = measure_rows(rows)
        objective = total_miss(measured, place)
        if objective < self.best:
            self.best, self.place = objective, np.array(place)
            record = {
                "objective": objective, "failing": failing_rows(rows), "label": label,
                "numbers": numbers, "rows": rows,
            }  # fmt: skip
            with self.path.open("a", encoding="utf-8") as table:
                table.write(json.dumps(record) + "\n")
        return measured


def search(
    path: Path | str,
    *,
    start: Mapping[str, float] | None = None,
    seconds: float = 3600.0,
    mice: int = 12,
    males: int = 8,
    seed: int = 1,
    spread: float = 0.15,
    population: int = 14,
) -> dict[str, float]:
    """Search with CMA-ES for a set that meets the rows, from the best set of a table or a start.

    Args:
        path: JSON table of evaluated sets, one a line; improvements are added.
        start: Numbers to begin with; the best of the table if None, the defaults without one.
        seconds: Time after which it ends.
        mice: Females of the cohort.
        males: Males of the cohort.
        seed: Seed of the cohort and of the search.
        spread: First spread of the logits.
        population: Sets of a generation.

    Returns:
        The best numbers.

    Raises:
        GutexoError: The package `cma` is not installed.
    """
    try:
        import cma
    except ImportError as error:
        raise GutexoError("the search needs the package 'cma'; pip install cma") from error
    until = time.monotonic() + seconds
    table = Evaluations(Path(path), lambda numbers: score_point(numbers, mice, seed, males))
    place = table.place if start is None and math.isfinite(table.best) else None
    if place is None:
        place = place_of(numbers_with(start))
    options = {"popsize": population, "seed": seed, "verbose": -9}
    strategy = cma.CMAEvolutionStrategy(place, spread, options)
    while time.monotonic() < until and not strategy.stop():
        places = strategy.ask()
        values = [
            total_miss(table.measure(np.asarray(one), "cma"), np.asarray(one)) for one in places
        ]
        strategy.tell(places, values)
    return numbers_at(table.place)


def descend(
    path: Path | str,
    *,
    start: Mapping[str, float] | None = None,
    seconds: float = 3600.0,
    mice: int = 12,
    males: int = 8,
    seed: int = 1,
    label: str = "descent",
    report: Callable[[str], None] = lambda line: None,
) -> dict[str, float]:
    """Search with linear models of the rows around the best place, within a trusted distance.

    All sets meet the same mice, so rows are smooth in the numbers, and a descent needs far fewer
    evaluations than CMA-ES where it begins near. Only rows are taken as linear; that a row within
    its target does not count is kept.

    Args:
        path: JSON table of evaluated sets, one a line; improvements are added.
        start: Numbers to begin with; the best of the table if None, the defaults without one.
        seconds: Time after which it ends.
        mice: Females of the cohort.
        males: Males of the cohort.
        seed: Seed of the cohort.
        label: Written beside what it finds.
        report: Called with a line after each step that improves.

    Returns:
        The best numbers.
    """
    until = time.monotonic() + seconds
    table = Evaluations(Path(path), lambda numbers: score_point(numbers, mice, seed, males))
    place = table.place if start is None and math.isfinite(table.best) else None
    if place is None:
        place = place_of(numbers_with(start), EDGE)
    measured, trust = table.measure(place, label), 0.8
    shift = 0.15
    while time.monotonic() < until and trust > 0.01:
        slopes, around = np.zeros((len(measured), len(place))), (place, measured)
        for k in range(len(place)):
            moved = place.copy()
            moved[k] += shift if place[k] < 0 else -shift
            found = table.measure(moved, label)
            slopes[:, k] = np.nan_to_num((found - measured) / (moved[k] - place[k]))
            if total_miss(found, moved) < total_miss(*around[::-1]):
                around = (moved, found)
            if time.monotonic() > until:
                return numbers_at(table.place)
        base, place, measured = place, *around
        failures, improved = 0, place is not base
        while failures < 3 and time.monotonic() < until:
            move = _best_move(place, measured, slopes, trust)
            found, now = table.measure(place + move, label), total_miss(measured, place)
            hoped = now - total_miss(measured + slopes @ move, place + move)
            gain = now - total_miss(found, place + move)
            # Broyden's update keeps the slopes in use for several steps.
            wrong = np.nan_to_num(found - measured - slopes @ move)
            slopes += np.outer(wrong, move) / max(1e-9, float(move @ move))
            if gain > 0:
                place, measured, improved = place + move, found, True
                report(f"{label} {table.count} {now - gain:.3f} trust {trust:.3g}")
            failures += gain < 0.15 * max(hoped, 1e-9) or gain < 0.01 * now
            trust *= 1.6 if gain > 0.6 * hoped else (1.0 if gain > 0.2 * hoped else 0.5)
            trust = min(trust, 1.5)
        if not improved:
            shift, trust = 0.5 * shift, max(trust, 0.05)
            if shift < 0.02:
                break
        trust = max(trust, 0.1)
    return numbers_at(table.place)


def _best_move(
    place: np.ndarray, measured: np.ndarray, slopes: np.ndarray, trust: float
) -> np.ndarray:
    """Move of at most `trust` in each number that is best where rows are linear in them."""
    move, damping = np.zeros_like(place), 1e-2
    n, rows = len(place), len(measured)
    now = total_miss(measured, place)
    for _ in range(60):
        at, here = measured + slopes @ move, place + move
        errors = all_misses(at, here)
        bend = (misses(at + 1e-6) - misses(at - 1e-6)) / 2e-6
        bend = np.where(np.isfinite(at), np.clip(bend, 0.0, 1e6), 0.0)
        full = np.zeros((len(errors), n))
        full[:rows] = bend[:, None] * slopes
        full[rows : rows + n] = np.diag(0.15 * (np.abs(here) > EDGE))
        full[rows + n :] = PULL * np.eye(n)
        step = np.linalg.solve(full.T @ full + damping * np.eye(n), -full.T @ errors)
        tried = np.clip(move + step, -trust, trust)
        value = total_miss(measured + slopes @ tried, place + tried)
        if value < now - 1e-9:
            move, now, damping = tried, value, max(1e-4, damping * 0.5)
        else:
            damping *= 5.0
            if damping > 1e5:
                break
    return move
