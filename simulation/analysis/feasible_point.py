"""Search for numbers of the second mechanism with which its mean field meets the rows to be fitted.

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

from gutexo.analysis.second_rows import score_point
from gutexo.catalogue.patterns import patterns
from gutexo.errors import GutexoError
from gutexo.mean_field.second import second_numbers

BOUNDS: dict[str, tuple[float, float]] = {
    "senescence.production_part": (0.35, 1.0),
    "senescence.male_production_part": (0.2, 1.0),
    "senescence.induction_gut": (0.0005, 0.04),
    "senescence.induction_organs": (0.0001, 0.04),
    "senescence.induction_by_tnf": (0.05, 3.0),
    "senescence.induction_by_senescence": (0.01, 1.0),
    "senescence.induction_cargo_half": (1.5, 15.0),
    "senescence.induction_tnf_half": (1.5, 12.0),
    "senescence.induction_protection": (0.1, 10.0),
    "senescence.maturation": (4.0, 15.0),
    "senescence.basal_licence": (0.02, 0.3),
    "senescence.licence_half": (1.5, 40.0),
    "cargo.barrier_by_senescence": (0.5, 40.0),
    "cargo.inflammatory_by_senescence": (0.5, 40.0),
    "cargo.insulin_by_senescence": (0.5, 20.0),
    "cargo.protective_by_senescence": (0.3, 12.0),
    "cargo.protection_half": (0.15, 1.2),
    "barrier.repair": (0.15, 2.0),
    "barrier.cargo_disruption": (0.03, 3.0),
    "barrier.cargo_half": (1.5, 15.0),
    "barrier.protection": (0.05, 3.0),
    "barrier.leak": (4.0, 80.0),
    "barrier.lps_leak": (1.0, 60.0),
    "barrier.unrestricted_dextran": (5.0, 60.0),
    "barrier.unrestricted": (10.0, 300.0),
    "barrier.ter_junction": (0.05, 2.0),
    "barrier.pore_opening": (0.70, 0.95),
    "barrier.pore_half": (2.0, 12.0),
    "epithelium.injury_by_tnf": (2.0, 200.0),
    "epithelium.injury_half": (3.0, 30.0),
    "epithelium.protection": (0.2, 8.0),
    "epithelium.protection_half": (0.5, 6.0),
    "microbiota.shift_by_tnf": (0.01, 0.5),
    "immune.lps_half": (3.0, 80.0),
    "immune.cargo_gate": (0.1, 6.0),
    "immune.cargo_half": (1.5, 15.0),
    "immune.protection": (0.1, 5.0),
    "immune.tnf_by_activation": (4.0, 120.0),
    "immune.tnf_by_senescence": (0.05, 8.0),
    "immune.il6_by_activation": (3.0, 120.0),
    "immune.il6_by_senescence": (0.05, 8.0),
    "insulin.cytokine_block": (0.05, 3.0),
    "insulin.cytokine_half": (2.0, 10.0),
    "insulin.cargo_block": (0.1, 6.0),
    "insulin.cargo_half": (1.5, 15.0),
    "insulin.senescent_block": (0.02, 3.0),
    "insulin.lps_block": (0.05, 4.0),
    "insulin.lps_half": (2.0, 20.0),
    "insulin.cargo_protection": (0.02, 2.0),
}
"""Where the search looks; no estimates."""
NAMES = tuple(BOUNDS)
_LOW = np.log([low for low, _ in BOUNDS.values()])
_HIGH = np.log([high for _, high in BOUNDS.values()])
PULL, EDGE = 0.06, 4.0  # weak pull to the middle of the bounds; places beyond which it is stronger
MISSING = 5.0  # residual of a row without a number
INF = math.inf

# Part of each window that the search aims at (margins for other mice), the scale of a miss, and
# whether it is one in logs. A key is the id of a row, or id:part of a row of several numbers.
TARGETS: dict[str, tuple[float, float, float, bool]] = {
    "old-permeability": (1.6, 2.05, 0.1, True),
    "old-ter": (0.85, 0.97, 0.04, True),
    "old-endotoxin": (1.42, 2.5, 0.12, True),
    "old-tnf": (1.8, 3.2, 0.12, True),
    "old-il6": (1.8, 3.2, 0.15, True),
    "old-homa-ir": (1.4, 2.1, 0.08, True),
    "old-to-young-permeability": (1.17, 3.0, 0.05, True),
    "old-to-young-inflammation": (1.17, 3.0, 0.05, True),
    "old-to-young-insulin-resistance": (1.14, 3.0, 0.05, True),
    "young-to-old-insulin-resistance": (0.4, 0.9, 0.03, True),
    "same-age-young:FITC-dextran": (0.97, 1.03, 0.015, True),
    "same-age-young:plasma TNF": (0.97, 1.03, 0.015, True),
    "same-age-young:HOMA-IR": (0.97, 1.03, 0.015, True),
    "same-age-young:quarter FITC-dextran": (0.0, 0.19, 0.07, False),
    "same-age-young:quarter plasma TNF": (0.0, 0.19, 0.07, False),
    "same-age-young:quarter HOMA-IR": (0.0, 0.19, 0.07, False),
    "washout-28d": (0.42, 0.88, 0.1, False),
    "washout-56d": (0.03, 0.23, 0.08, False),
    "germ-free-tnf": (0.86, 1.14, 0.05, True),
    "germ-free-permeability": (0.86, 1.14, 0.05, True),
    "protective-oral-vesicles": (0.3, 0.91, 0.03, True),
    "transfer-fraction-permeability": (0.35, 0.6, 0.08, False),
    "transfer-fraction-inflammation": (0.35, 0.6, 0.08, False),
    "transfer-fraction-insulin-resistance": (0.35, 0.6, 0.08, False),
    "rescue-share": (0.28, 0.52, 0.06, False),
    "induced-senescence:female gut": (1.055, 2.0, 0.012, True),
    "induced-senescence:female organs": (1.05, 2.0, 0.012, True),
    "induced-senescence:male gut": (1.05, 2.0, 0.012, True),
    "induced-senescence:male organs": (1.05, 2.0, 0.012, True),
    "own-cargo": (1.055, 2.5, 0.012, True),
    "dose-monotone": (1.03, 3.0, 0.04, True),
    "tnf-knockout-permeability": (0.38, 0.83, 0.06, True),
    "lps-infusion-liver": (0.0, 0.4, 0.08, False),
    "lps-infusion-liver:fall": (0.065, INF, 0.012, False),
    "lesion-two-hit": (1.4, 14.0, 0.2, True),
    "wander:young": (0.0, 0.32, 0.06, False),
    "wander:old": (0.0, 0.34, 0.06, False),
    "tnf-ter-3h": (0.765, 1.0, 0.02, True),
    "tnf-ter-24h": (0.515, 0.585, 0.03, True),
    "tnf-ter-7d": (0.48, 0.62, 0.05, True),
}
# Known answers and bounds of the plan that a search has to watch; they are no rows.
WATCHED: dict[str, tuple[float, float, float, float, float, bool]] = {
    # key: window (low, high), target (low, high), scale, in logs
    "life:3 months": (0.9, 1.1, 0.95, 1.05, 0.04, True),
    "life:24 months": (0.9, 1.1, 0.96, 1.04, 0.04, True),
    "life:median life": (0.9, 1.1, 0.96, 1.04, 0.04, True),
    "male life:3 months": (0.85, 1.15, 0.92, 1.08, 0.06, True),
    "male life:24 months": (0.85, 1.15, 0.92, 1.08, 0.06, True),
    "male life:median life": (0.85, 1.15, 0.92, 1.08, 0.06, True),
    "stability": (0.0, 0.35, 0.0, 0.25, 0.05, False),
    "same-age-old:FITC-dextran": (0.9, 1.1, 0.94, 1.06, 0.03, True),
    "same-age-old:plasma TNF": (0.9, 1.1, 0.94, 1.06, 0.03, True),
    "same-age-old:HOMA-IR": (0.9, 1.1, 0.94, 1.06, 0.03, True),
    "load of a cell": (0.0, 50.0, 0.0, 45.0, 6.0, False),
    "lesion harm": (0.004, INF, 0.01, INF, 0.005, False),
}


def windows() -> dict[str, tuple[float, float]]:
    """Return the window of every number that is scored; parts of a row have its own."""
    known = {one.id: one for use in ("calibrate", "constrain") for one in patterns(use)}
    found = {}
    for key in TARGETS:
        low, high = known[key.split(":")[0]].window
        found[key] = (float(low), float(high))
        if "quarter" in key:
            found[key] = (0.0, 0.25)
        if key.endswith(":fall"):
            found[key] = (0.05, INF)
    return found | {key: spec[:2] for key, spec in WATCHED.items()}


# -- the search ------------------------------------------------------------------------------------


def place_of(numbers: Mapping[str, float], most: float = 6.0) -> np.ndarray:
    """Return the logit of the place of each number between its bounds, on a log scale.

    Args:
        numbers: Number by name, all of `BOUNDS`.
        most: Largest size of a logit; numbers at or beyond a bound are put there.
    """
    part = (np.log([numbers[name] for name in NAMES]) - _LOW) / (_HIGH - _LOW)
    edge = 1.0 / (1.0 + math.exp(most))
    part = np.clip(part, edge, 1.0 - edge)
    return np.log(part / (1.0 - part))


def numbers_at(place: np.ndarray) -> dict[str, float]:
    """Return the numbers at a place; see `place_of`."""
    part = 1.0 / (1.0 + np.exp(-np.clip(place, -30, 30)))
    values = np.exp(_LOW + (_HIGH - _LOW) * part)
    return dict(zip(NAMES, (float(value) for value in values), strict=True))


def residuals(rows: Mapping[str, float]) -> np.ndarray:
    """Return how far each number lies from its target, in scales; twice so beyond its window."""
    found = []
    bounds = windows()
    specs = {key: (*bounds[key], *spec) for key, spec in TARGETS.items()} | WATCHED
    for key, (low, high, least, most, scale, logs) in specs.items():
        value = rows.get(key, math.nan)
        if not math.isfinite(value):
            found.append(MISSING)
            continue

        def size(x: float, logs: bool = logs) -> float:
            return math.log(max(x, 1e-3)) if logs else x

        miss, sign = 0.0, 1.0
        if value < least:
            miss, sign = (size(least) - size(value)) / scale, -1.0
            miss += max(0.0, size(low) - size(value)) / scale
        elif value > most:
            miss = (size(value) - size(most)) / scale
            miss += max(0.0, size(value) - size(high)) / scale
        if miss > 4.0:  # far rows pull in proportion to their logs
            miss = 4.0 + 2.0 * math.log(miss / 4.0)
        found.append(sign * miss)
    return np.array(found)


def failing_rows(rows: Mapping[str, float]) -> list[str]:
    """Return the numbers that lie outside their window or are missing."""
    return [
        key for key, (low, high) in windows().items() if not low <= rows.get(key, math.nan) <= high
    ]


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

    def errors(self, place: np.ndarray, label: str = "") -> np.ndarray:
        """Return residuals at a place, those of its edges and pull included; keep improvements."""
        numbers, self.count = numbers_at(place), self.count + 1
        rows = self.score(numbers)
        beyond = np.sign(place) * np.maximum(0.0, np.abs(place) - EDGE)
        found = np.concatenate([residuals(rows), 0.15 * beyond, PULL * place])
        objective = float(found @ found)
        if objective < self.best:
            self.best, self.place = objective, np.array(place)
            record = {
                "objective": objective, "failing": failing_rows(rows), "label": label,
                "numbers": numbers, "rows": rows,
            }  # fmt: skip
            with self.path.open("a", encoding="utf-8") as table:
                table.write(json.dumps(record) + "\n")
        return found


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
        place = place_of(second_numbers(start))
    options = {"popsize": population, "seed": seed, "verbose": -9}
    strategy = cma.CMAEvolutionStrategy(place, spread, options)
    while time.monotonic() < until and not strategy.stop():
        places = strategy.ask()
        values = []
        for one in places:
            errors = table.errors(np.asarray(one), "cma")
            values.append(float(errors @ errors))
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
    say: Callable[[str], None] = lambda line: None,
) -> dict[str, float]:
    """Search with damped least squares (Levenberg-Marquardt) on the misses of single rows.

    All sets meet the same mice, so misses are smooth in the numbers, and a descent needs far fewer
    evaluations than CMA-ES where it begins near.

    Args:
        path: JSON table of evaluated sets, one a line; improvements are added.
        start: Numbers to begin with; the best of the table if None, the defaults without one.
        seconds: Time after which it ends.
        mice: Females of the cohort.
        males: Males of the cohort.
        seed: Seed of the cohort.
        label: Written beside what it finds.
        say: Gets a line after each turn.

    Returns:
        The best numbers.
    """
    until = time.monotonic() + seconds
    table = Evaluations(Path(path), lambda numbers: score_point(numbers, mice, seed, males))
    place = table.place if start is None and math.isfinite(table.best) else None
    if place is None:
        place = place_of(second_numbers(start), 4.0)
    errors, damping, shift = table.errors(place, label), 1.0, 0.1
    slopes = np.zeros((len(errors), len(place)))
    fresh = 0
    while time.monotonic() < until:
        if fresh == 0:
            for k in range(len(place)):
                moved = place.copy()
                moved[k] += shift if place[k] < 0 else -shift
                slopes[:, k] = (table.errors(moved, label) - errors) / (moved[k] - place[k])
                if time.monotonic() > until:
                    return numbers_at(table.place)
        better = False
        for _ in range(7):
            left = slopes.T @ slopes + damping * np.eye(len(place))
            move = np.linalg.solve(left, -slopes.T @ errors)
            move *= min(1.0, 1.5 / max(1e-12, float(np.abs(move).max())))
            tried = table.errors(place + move, label)
            # Broyden's update keeps the slopes in use between full turns.
            slopes += np.outer(tried - errors - slopes @ move, move) / float(move @ move)
            if tried @ tried < errors @ errors * (1.0 - 1e-4):
                gain = 1.0 - float(tried @ tried) / float(errors @ errors)
                place, errors, damping, better = place + move, tried, damping * 0.4, True
                say(f"{label} {table.count} {errors @ errors:.3f} damping {damping:.3g}")
                if gain < 0.02:
                    break
            else:
                damping *= 4.0
        if not better and fresh == 0:
            shift *= 0.4
            damping = 1.0
            if shift < 0.01:
                break
        fresh = 0
    return numbers_at(table.place)
