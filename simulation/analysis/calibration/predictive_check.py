"""Step 5: what the posterior answers: rows of the mean field, and studies of mice.

The mean field has answered every set already. Mice of the default resolution are run as studies in
which each mouse has the parameters of one draw; they are scored as the scorecard does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from gutexo.analysis.calibration.targets import (
    in_windows,
    target_names,
    use_of,
    values_of,
    windows,
)
from gutexo.analysis.outcomes import AGED_READOUT_BY_PATTERN, TRANSFER_BY_PATTERN
from gutexo.analysis.scorecard import Score, predict_patterns
from gutexo.analysis.tables import in_columns
from gutexo.catalogue.patterns import pattern

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
MODELS = ("prior", "posterior")
MICE_ROWS = (
    *AGED_READOUT_BY_PATTERN,
    *TRANSFER_BY_PATTERN,
    *("transfer-fraction-permeability", "transfer-fraction-inflammation"),
    *("transfer-fraction-insulin-resistance", "rescue-share", "same-age-young", "own-cargo"),
    *("washout-28d", "washout-56d", "germ-free-tnf", "germ-free-permeability", "wander"),
)
"""Rows that one study of controls and transfers answers."""


@dataclass(frozen=True)
class PredictiveSummary:
    """Answers of many sets to one row.

    Attributes:
        id: Key of the number: its row, and a part behind a colon where the row has several.
        use: calibrate or constrain, or "bound".
        model: "prior" or "posterior".
        draws: Sets with an answer.
        quantiles: 5, 25, 50, 75 and 95 %, weighted; NaN without answers.
        window_low: Lower end of the window.
        window_high: Upper end; an empty cell is infinite.
        inside: Weighted share of sets whose answer lies in the window.
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
    model: str, measured: np.ndarray, weights: np.ndarray
) -> list[PredictiveSummary]:
    """Summarise the answers of the mean field to each row.

    Args:
        model: Where the sets come from, see `MODELS`.
        measured: float64[set, row], as `targets.measure_rows`.
        weights: float64[set], which sum to one.
    """
    values, inside, ends = values_of(measured), in_windows(measured), windows()
    found = []
    for column, key in enumerate(target_names()):
        known = np.isfinite(measured[:, column]) & (weights > 0)
        quantiles = [math.nan] * len(QUANTILES)
        if known.any():
            quantiles = weighted_quantiles(values[known, column], weights[known], QUANTILES)
        share = float(weights[known] @ inside[known, column])
        summary = PredictiveSummary(
            key, use_of(key), model, int(known.sum()), tuple(quantiles), *ends[key], share
        )
        found.append(summary)
    return found


def weighted_quantiles(
    values: np.ndarray, weights: np.ndarray, shares: Sequence[float]
) -> list[float]:
    """Compute quantiles of weighted values: where the weight below reaches each share.

    Args:
        values: float64[draw].
        weights: float64[draw].
        shares: 0 to 1.
    """
    found = np.quantile(values, shares, weights=weights, method="inverted_cdf")
    return [float(value) for value in found]


def predict_with_mice(
    draws: Sequence[Mapping[str, float]],
    *,
    seed: int = 1,
    workers: int = 1,
    changes: Mapping[str, float] | None = None,
    report: Callable[[str], None] = lambda line: None,
) -> list[Score]:
    """Run a study in which each mouse has the parameters of one draw, and score its rows.

    Args:
        draws: Values by name, one draw for each mouse of an arm.
        seed: Seed of everything.
        workers: Processes.
        changes: Parameters that differ from the defaults in every mouse.
        report: Called with a line of text for the user.
    """
    return predict_patterns(
        draws,
        [pattern(name) for name in MICE_ROWS],
        seed=seed,
        workers=workers,
        changes=dict(changes or {}),
        report=report,
    )
