"""What prior and posterior answer to each row, and how like the mice the twin is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gutexo.analysis.calibration.checks import weighted_quantiles
from gutexo.analysis.calibration.distance import Row

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Predicted:
    """What the posterior answers to one row.

    Attributes:
        id: Question or pattern.
        use: calibrate and constrain rows were fitted; a validate row is a prediction, never a fit.
        model: "prior" or "twin" or "mice".
        draws: Draws behind it.
        quantiles: 5, 25, 50, 75 and 95 %; NaN without draws.
        low, high: Window of the row.
        inside: Share of draws whose answer lies in the window.
    """

    id: str
    use: str
    model: str
    draws: int
    quantiles: tuple[float, ...]
    low: float
    high: float
    inside: float


def predicted(
    model: str,
    answers: Sequence[Mapping[str, float]],
    rows: Mapping[str, tuple[str, float, float]],
    weights: np.ndarray | None = None,
) -> list[Predicted]:
    """Posterior predictive of some rows.

    Rows that were never fitted may be asked here: whoever ran them on draws of the posterior hands
    over their answers, and they are told as predictions.

    Args:
        model: What answered.
        answers: Number by row, draw by draw.
        rows: Use and window by row.
        weights: float64[draw]; equal if None.
    """
    counts = np.ones(len(answers)) if weights is None else np.asarray(weights, dtype=float)
    found = []
    for name, (use, low, high) in rows.items():
        values = np.array([one.get(name, math.nan) for one in answers], dtype=float)
        there = np.isfinite(values) & (counts > 0)
        quantiles = (math.nan,) * len(QUANTILES)
        inside = math.nan
        if there.any():
            quantiles = tuple(weighted_quantiles(values[there], counts[there], QUANTILES))
            within = (values >= low) & (values <= high)
            inside = float(counts[there & within].sum() / counts.sum())
        found.append(Predicted(name, use, model, int(there.sum()), quantiles, low, high, inside))
    return found


def windows_of(rows: Sequence[Row]) -> dict[str, tuple[str, float, float]]:
    """Use and window of rows that may be fitted."""
    return {one.id: (one.use, one.low, one.high) for one in rows}


@dataclass(frozen=True)
class Likeness:
    """How the twin's answers compare with the mice's, over the sets both answered.

    Attributes:
        id: Question.
        sets: Sets behind it.
        ratio: Geometric mean of mice over twin.
        spread: Standard deviation of the log ratio.
        correlation: Of the logs, over sets.
    """

    id: str
    sets: int
    ratio: float
    spread: float
    correlation: float


def likeness(
    twin: Sequence[Mapping[str, float]], mice: Sequence[Mapping[str, float]], names: Sequence[str]
) -> list[Likeness]:
    """Compare the twin with the mice, question by question."""
    found = []
    for name in names:
        both = np.array(
            [
                (a.get(name, math.nan), b.get(name, math.nan))
                for a, b in zip(twin, mice, strict=True)
            ],
            dtype=float,
        ).reshape(-1, 2)
        both = both[(both > 0).all(axis=1) & np.isfinite(both).all(axis=1)]
        if len(both) < 3:
            found.append(Likeness(name, len(both), math.nan, math.nan, math.nan))
            continue
        one, other = np.log(both).T
        away = other - one
        varied = one.std() > 1e-9 and other.std() > 1e-9
        found.append(
            Likeness(
                name,
                len(both),
                math.exp(away.mean()),
                float(away.std(ddof=1)),
                float(np.corrcoef(one, other)[0, 1]) if varied else math.nan,
            )
        )
    return found
