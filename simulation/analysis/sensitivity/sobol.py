"""Sobol indices: first-order and total shares of variance of parameters or groups of them.

All uncertain parameters vary together. The few that matter each have an index of their own, and
all others share one; so no parameter is fixed at its default, and an influence that screening
missed becomes visible.

References:
    Saltelli et al., Comput Phys Commun 181:259 (2010): the sampling and both estimators.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gutexo.analysis.sensitivity.salib import derive_seed, import_salib
from gutexo.errors import GutexoError

OTHERS = "all others"
RESAMPLES = 500
FEWEST = 8  # smallest number of rows of the design for an index


@dataclass(frozen=True)
class SobolIndex:
    """Share of the variance of one log answer that belongs to a parameter, or a group of them.

    Attributes:
        name: Parameter, or group.
        question: Question that was evaluated.
        s1: First-order index: share of the variance that knowledge of it alone would remove; an
            estimate may be negative.
        s1_low: Lower end of its 95 % bootstrap interval.
        s1_high: Upper end.
        st: Total index: share of the variance that would remain if everything else were known.
        st_low: Lower end of its 95 % bootstrap interval.
        st_high: Upper end.
        s1_half: First-order index from half of the design; near `s1` where N is large enough.
        st_half: Total index from half of the design.
        rows: Number of rows of the design used.
        lost: Number of rows that were dropped because an answer was refused.
    """

    name: str
    question: str
    s1: float
    s1_low: float
    s1_high: float
    st: float
    st_low: float
    st_high: float
    s1_half: float
    st_half: float
    rows: int
    lost: int


def group_parameters(names: Sequence[str], picked: Sequence[str]) -> list[str]:
    """Assign each parameter to a group: its own if it was picked, else that of all others."""
    chosen = set(picked)
    return [name if name in chosen else OTHERS for name in names]


def _problem(groups: Sequence[str]) -> dict[str, Any]:
    count = len(groups)
    return {
        "num_vars": count,
        "names": [f"x{i}" for i in range(count)],
        "groups": list(groups),
        "bounds": [[0.0, 1.0]] * count,
    }


def saltelli_design(groups: Sequence[str], rows: int, seed: int) -> np.ndarray:
    """Make the points of evaluation with Saltelli's scheme on a scrambled Sobol sequence.

    The first and last points of a row do not depend on the groups, so designs with other groups
    and the same seed share them; the first rows of a larger design are those of a smaller one.

    Args:
        groups: Group of each parameter.
        rows: Number of rows, a power of two.
        seed: Seed of the scrambling.

    Returns:
        float64[row, group + 2, parameter]: a point, the same with each group taken from another
        point, and that other point.

    Raises:
        GutexoError: The number of rows is not a power of two, or SALib is not installed.
    """
    if rows < 2 or rows & (rows - 1):
        raise GutexoError(f"points must be a power of two, 2 or more; got {rows}")
    sample = import_salib("SALib.sample.sobol").sample
    problem = _problem(groups)
    points = sample(problem, rows, calc_second_order=False, seed=derive_seed(seed, "sobol"))
    points = points.reshape(rows, -1, len(groups))
    if len(set(groups)) == 1:  # SALib treats a single group as none
        return points[:, [0, -1, -1]]
    return points


def independent_points(points: np.ndarray) -> np.ndarray:
    """Select the first and last point of each row, which share no value, float64[2 row, ...]."""
    return np.concatenate([points[:, 0], points[:, -1]])


def _analysed(groups: Sequence[str], logs: np.ndarray, seed: int) -> dict[str, np.ndarray]:
    """Compute the indices of one answer with SALib, from float64[row, group + 2] without NaN."""
    analyze = import_salib("SALib.analyze.sobol").analyze
    return analyze(
        _problem(groups),
        logs.ravel(),
        calc_second_order=False,
        num_resamples=RESAMPLES,
        conf_level=0.95,
        seed=seed,
    )


def sobol_indices(
    groups: Sequence[str], questions: Sequence[str], logs: np.ndarray, seed: int
) -> list[SobolIndex]:
    """Compute first-order and total index of every group and question, with 95 % intervals.

    A row of the design in which one answer is missing is dropped as a whole and counted. An answer
    that never changes has no variance to divide, and its indices are NaN.

    Args:
        groups: Group of each parameter, as in the design.
        questions: Questions that were evaluated.
        logs: float64[row, group + 2, question], NaN where there is no answer.
        seed: Seed of the bootstrap.

    Returns:
        One row per group and question, group by group.
    """
    names = list(dict.fromkeys(groups))
    rows = len(logs)
    found: dict[tuple[str, str], SobolIndex] = {}
    for q, question in enumerate(questions):
        whole = ~np.isnan(logs[:, :, q]).any(axis=1)
        used = int(whole.sum())
        full = half = None
        if used >= FEWEST and np.ptp(logs[whole, :, q]) > 1e-12:
            full = _analysed(groups, logs[whole, :, q], derive_seed(seed, "bootstrap", question))
            first = whole & (np.arange(rows) < rows // 2)
            if first.sum() >= FEWEST // 2 and np.ptp(logs[first, :, q]) > 1e-12:
                half = _analysed(groups, logs[first, :, q], derive_seed(seed, "half", question))
        for g, name in enumerate(names):
            s1, st = _interval(full, "S1", g), _interval(full, "ST", g)
            halves = _interval(half, "S1", g)[0], _interval(half, "ST", g)[0]
            found[name, question] = SobolIndex(
                name, question, s1[0], s1[1], s1[2], st[0], st[1], st[2], halves[0], halves[1],
                used, rows - used,
            )  # fmt: skip
    return [found[name, question] for name in names for question in questions]


def _interval(analysed: Any, key: str, group: int) -> tuple[float, float, float]:
    """Return an index and the ends of its interval; NaN where nothing was analysed."""
    if analysed is None:
        return (math.nan,) * 3
    value, around = float(analysed[key][group]), float(analysed[f"{key}_conf"][group])
    return value, value - around, value + around


def largest_move(found: Sequence[SobolIndex]) -> float:
    """Find the largest change of a total index from half of the design to all of it, or NaN."""
    moves = [abs(row.st - row.st_half) for row in found]
    known = [move for move in moves if not math.isnan(move)]
    return max(known) if known else math.nan
