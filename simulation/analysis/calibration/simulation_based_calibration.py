"""Simulation-based calibration: ranks show whether posteriors cover a truth as often as they state.

A truth is drawn from the prior and answered by the mean-field model; each answer gets a uniform
error as wide as the row's window. Its posterior is known exactly: the draws of the prior whose
answers lie within one half-width of the answers with error (a uniform kernel is the likelihood of
a uniform error). If everything is correct, the rank of the truth among these draws is uniform,
whatever the model (Cook 2006; Talts 2018). All truths share one table of draws.

The mean width of the same posteriors over truths shows how much the rows can determine at all.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from gutexo.analysis.calibration.distance import FittedRow
from gutexo.analysis.tables import in_columns
from gutexo.errors import GutexoError

BINS = 10
ENOUGH = 20  # draws from which on the width of an interval is used
LARGEST_Z = 3.3  # exceeded by chance in one of two thousand cases
COVER = 0.9


@dataclass(frozen=True)
class RankHistogram:
    """Ranks of the truth of one parameter.

    Attributes:
        parameter: Its name.
        truths: Number of truths in all.
        draws: Median number of draws in a posterior.
        z: Departure from uniform counts, in standard deviations (chi-square).
        uniform: Whether the counts are consistent with uniform ranks.
        width: Mean width of the 90 % interval, in widths of the prior's; NaN where too few
            posteriors have enough draws.
        counts: Number of truths in each tenth of their posterior.
    """

    parameter: str
    truths: int
    draws: float
    z: float
    uniform: bool = field(init=False)
    width: float
    counts: tuple[int, ...] = field(
        metadata=in_columns(*(f"tenth_{place}" for place in range(1, BINS + 1)))
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "uniform", self.z <= LARGEST_Z)


def log_answers(answers: Sequence[Mapping[str, float]], rows: Sequence[FittedRow]) -> np.ndarray:
    """Return logs of answers to the rows with a window, float64[set, row]; NaN where missing."""
    names = windowed_rows(rows)
    table = np.array([[one.get(name, math.nan) for name in names] for one in answers], dtype=float)
    table = table.reshape(len(answers), len(names))
    return np.log(np.where(table > 0, table, np.nan))


def windowed_rows(rows: Sequence[FittedRow]) -> list[str]:
    """List the names of the rows whose window is finite."""
    return [one.id for one in rows if math.isfinite(one.high)]


def half_widths(rows: Sequence[FittedRow]) -> np.ndarray:
    """Half the width of each window in logs, float64[row]."""
    return np.array([0.5 * math.log(r.high / r.low) for r in rows if math.isfinite(r.high)])


def rank_truths(
    names: Sequence[str],
    truths: np.ndarray,
    truth_logs: np.ndarray,
    table: np.ndarray,
    table_logs: np.ndarray,
    half: np.ndarray,
    seed: int = 1,
) -> list[RankHistogram]:
    """Rank each truth in its posterior.

    Args:
        names: Parameters.
        truths: float64[truth, parameter], draws of the prior, in its shares.
        truth_logs: float64[truth, row], logs of their answers.
        table: float64[draw, parameter], more draws of the prior.
        table_logs: float64[draw, row], logs of their answers.
        half: float64[row], half-widths of the error, in logs.
        seed: Seed of errors and of ties.

    Returns:
        One entry per parameter. A truth or draw without an answer is left out.

    Raises:
        GutexoError: Too few truths or draws have an answer.
    """
    random = np.random.default_rng(np.random.SeedSequence([seed, 2]))
    able = ~np.isnan(truth_logs).any(axis=1)
    truths, truth_logs = truths[able], truth_logs[able]
    able = ~np.isnan(table_logs).any(axis=1)
    table, table_logs = table[able], table_logs[able]
    if len(truths) < BINS or len(table) < BINS:
        raise GutexoError(f"ranks need {BINS} truths and draws that answer at least")
    data = truth_logs + random.uniform(-1.0, 1.0, truth_logs.shape) * half
    places = np.empty(truths.shape)
    widths, sizes = [], []
    for number, (truth, seen) in enumerate(zip(truths, data, strict=True)):
        posterior = table[(np.abs(table_logs - seen) <= half).all(axis=1)]
        sizes.append(len(posterior))
        below = (posterior < truth).sum(axis=0)
        # A rank among k draws is one of k + 1 places; within its place it is drawn at random.
        places[number] = (below + random.random(len(truth))) / (len(posterior) + 1)
        if len(posterior) >= ENOUGH:
            low, high = np.quantile(posterior, [0.5 - COVER / 2, 0.5 + COVER / 2], axis=0)
            widths.append((high - low) / COVER)
    mean = np.mean(widths, axis=0) if len(widths) >= BINS else np.full(len(names), np.nan)
    found = []
    for column, name in enumerate(names):
        counts = np.bincount((places[:, column] * BINS).astype(int), minlength=BINS)
        z = uniformity(counts, len(table))
        found.append(
            RankHistogram(
                name,
                len(truths),
                float(np.median(sizes)),
                z,
                float(mean[column]),
                tuple(int(count) for count in counts),
            )
        )
    return found


def uniformity(counts: np.ndarray, shared: float = math.inf) -> float:
    """Departure of counts from equal ones, in standard deviations.

    It is a chi-square, on a normal scale by the cube root of Wilson and Hilferty.

    Args:
        counts: int64[bin].
        shared: Draws of the table that all truths share; the unevenness of the table adds to that
            of the counts.
    """
    total, ways = counts.sum(), len(counts) - 1
    expected = total / len(counts)
    square = float(((counts - expected) ** 2).sum() / expected) / (1.0 + total / shared)
    spread = 2.0 / (9.0 * ways)
    return float(((square / ways) ** (1.0 / 3.0) - (1.0 - spread)) / math.sqrt(spread))
