"""Answers of prior and posterior to each row, and comparison of mean-field model and mice."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from gutexo.analysis.calibration.diagnostics import weighted_quantiles
from gutexo.analysis.calibration.distance import FittedRow
from gutexo.analysis.tables import in_columns
from gutexo.analysis.windows import is_inside

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class PredictiveSummary:
    """Answers of the posterior to one row.

    Attributes:
        id: Question or pattern.
        use: calibrate and constrain rows were fitted; a validate row is a prediction, never a fit.
        model: "prior" or "twin" or "mice"; "twin" is the mean-field model.
        draws: Number of draws.
        quantiles: 5, 25, 50, 75 and 95 %; NaN without draws.
        window_low, window_high: Window of the row; an upper end that is infinite is an empty cell.
        inside: Share of draws whose answer lies in the window.
    """

    id: str
    use: str
    model: str
    draws: int
    quantiles: tuple[float, ...] = field(
        metadata=in_columns(*(f"q{round(100 * share):02d}" for share in QUANTILES))
    )
    window_low: float
    window_high: float = field(metadata=in_columns("window_high", missing=math.inf))
    inside: float


def summarise_predictive(
    model: str,
    answers: Sequence[Mapping[str, float]],
    rows: Mapping[str, tuple[str, float, float]],
    weights: np.ndarray | None = None,
) -> list[PredictiveSummary]:
    """Summarise the posterior predictive of some rows.

    Rows that were never fitted are also possible: the caller runs them on draws of the posterior
    and passes their answers, which are reported as predictions.

    Args:
        model: Source of the answers.
        answers: Number by row, draw by draw.
        rows: Use and window by row.
        weights: float64[draw]; equal if None.
    """
    counts = np.ones(len(answers)) if weights is None else np.asarray(weights, dtype=float)
    found = []
    for name, (use, low, high) in rows.items():
        values = np.array([one.get(name, math.nan) for one in answers], dtype=float)
        present = np.isfinite(values) & (counts > 0)
        quantiles = (math.nan,) * len(QUANTILES)
        inside = math.nan
        if present.any():
            quantiles = tuple(weighted_quantiles(values[present], counts[present], QUANTILES))
            within = is_inside(values, (low, high))
            inside = float(counts[present & within].sum() / counts.sum())
        found.append(
            PredictiveSummary(name, use, model, int(present.sum()), quantiles, low, high, inside)
        )
    return found


def fitted_windows(rows: Sequence[FittedRow]) -> dict[str, tuple[str, float, float]]:
    """Return use and window of rows that may be fitted."""
    return {one.id: (one.use, one.low, one.high) for one in rows}


@dataclass(frozen=True)
class EmulatorDiscrepancy:
    """Comparison of answers of mean-field model and mice, over the sets that both answered.

    Attributes:
        question: Question.
        sets: Number of sets.
        mice_over_twin: Geometric mean of mice over mean-field model.
        spread: Standard deviation of the log ratio.
        correlation: Correlation of the logs, over sets.
    """

    question: str
    sets: int
    mice_over_twin: float
    spread: float
    correlation: float


def measure_discrepancy(
    mean_field: Sequence[Mapping[str, float]],
    mice: Sequence[Mapping[str, float]],
    names: Sequence[str],
) -> list[EmulatorDiscrepancy]:
    """Compare the mean-field model with the mice, question by question."""
    found = []
    for name in names:
        both = np.array(
            [
                (a.get(name, math.nan), b.get(name, math.nan))
                for a, b in zip(mean_field, mice, strict=True)
            ],
            dtype=float,
        ).reshape(-1, 2)
        both = both[(both > 0).all(axis=1) & np.isfinite(both).all(axis=1)]
        if len(both) < 3:
            found.append(EmulatorDiscrepancy(name, len(both), math.nan, math.nan, math.nan))
            continue
        one, other = np.log(both).T
        away = other - one
        varied = one.std() > 1e-9 and other.std() > 1e-9
        found.append(
            EmulatorDiscrepancy(
                name,
                len(both),
                math.exp(away.mean()),
                float(away.std(ddof=1)),
                float(np.corrcoef(one, other)[0, 1]) if varied else math.nan,
            )
        )
    return found
