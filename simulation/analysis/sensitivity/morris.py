"""Morris's elementary effects: every uncertain parameter is changed alone, from many points.

A step changes one parameter by two thirds of its range; the effect is the change of the log
answer, scaled to the whole range. Where either end of a step has no answer, that effect is dropped
and counted.

References:
    Morris, Technometrics 33:161 (1991); Campolongo, Cariboni and Saltelli, Environ Model Softw
    22:1509 (2007): mu* (mean of absolute effects).
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gutexo.analysis.sensitivity.salib import derive_seed, import_salib

LEVELS = 4
RESAMPLES = 1000
REPORT_LOST = 0.1  # share of effects that may be lost without a message


@dataclass(frozen=True)
class MorrisIndex:
    """Effect of a change of one parameter alone on one answer.

    Attributes:
        parameter: Full name.
        question: Question that was evaluated.
        mu_star: Mean absolute change of the log answer over the whole range; NaN without effects.
        mu_star_low: Lower end of its 95 % bootstrap interval over trajectories.
        mu_star_high: Upper end.
        sigma: Standard deviation of the signed changes: nonlinearity and interactions.
        sigma_low: Lower end of its 95 % bootstrap interval.
        sigma_high: Upper end.
        mu: Mean signed change.
        effects: Number of effects used.
        lost: Number of effects that were dropped because an answer was refused.
    """

    parameter: str
    question: str
    mu_star: float
    mu_star_low: float
    mu_star_high: float
    sigma: float
    sigma_low: float
    sigma_high: float
    mu: float
    effects: int
    lost: int


def trajectories(parameters: int, count: int, seed: int) -> np.ndarray:
    """Make walks through the unit cube, each of which changes every parameter once.

    The first walks of a longer design are those of a shorter one, so saved answers can be used for
    both.

    Args:
        parameters: Number of parameters, the dimensions of the cube.
        count: Number of walks.
        seed: Seed of all walks.

    Returns:
        float64[walk, parameter + 1, parameter].

    Raises:
        GutexoError: SALib is not installed.
    """
    sample = import_salib("SALib.sample.morris").sample
    names = [f"x{i}" for i in range(parameters)]
    problem: dict[str, Any] = {
        "num_vars": parameters,
        "names": names,
        "bounds": [[0.0, 1.0]] * parameters,
    }
    walks = [
        sample(dict(problem), 1, num_levels=LEVELS, seed=derive_seed(seed, "morris", walk))
        for walk in range(count)
    ]
    return np.clip(np.array(walks), 0.0, 1.0)


def elementary_effects(points: np.ndarray, logs: np.ndarray) -> np.ndarray:
    """Compute the change of each log answer over the whole range of each parameter.

    Args:
        points: float64[walk, parameter + 1, parameter].
        logs: float64[walk, parameter + 1, question], NaN where there is no answer.

    Returns:
        float64[walk, parameter, question], NaN where an end of the step has no answer.
    """
    walks, steps, parameters = points.shape
    moves = np.diff(points, axis=1)
    which = np.abs(moves).argmax(axis=2)  # int[walk, step]
    size = np.take_along_axis(moves, which[..., None], axis=2)
    found = np.full((walks, parameters, logs.shape[2]), np.nan)
    rows = np.arange(walks)[:, None]
    found[rows, which] = np.diff(logs, axis=1) / size
    return found


def _over_walks(effects: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Compute mu* and sigma, float64[..., parameter, question], over the walks of the effects.

    The effects are float64[..., walk, parameter, question].
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # too few effects are NaN
        return np.nanmean(np.abs(effects), axis=-3), np.nanstd(effects, axis=-3, ddof=1)


def screen_parameters(
    names: Sequence[str], questions: Sequence[str], effects: np.ndarray, seed: int
) -> list[MorrisIndex]:
    """Compute mu* and sigma of every parameter and question, with bootstrap intervals over walks.

    Args:
        names: Parameters.
        questions: Questions that were evaluated.
        effects: float64[walk, parameter, question].
        seed: Seed of the bootstrap.

    Returns:
        One row per parameter and question, parameter by parameter.
    """
    walks = len(effects)
    star, sigma = _over_walks(effects)
    random = np.random.default_rng(derive_seed(seed, "morris bootstrap"))
    stars = np.empty((RESAMPLES, *star.shape))
    sigmas = np.empty_like(stars)
    for i in range(RESAMPLES):
        stars[i], sigmas[i] = _over_walks(effects[random.integers(walks, size=walks)])
    ends = []
    for kind in (stars, sigmas):
        # A resample with a single effect has no spread, one without effects has no mean.
        empty = np.isnan(kind).all(axis=0)
        known = np.where(empty, 0.0, kind)
        ends.append(np.where(empty, np.nan, np.nanpercentile(known, (2.5, 97.5), axis=0)))
    present = (~np.isnan(effects)).sum(axis=0)
    rows = []
    for p, name in enumerate(names):
        for q, question in enumerate(questions):
            at = (p, q)
            mu = float(np.nanmean(effects[:, p, q])) if present[at] else float("nan")
            star_ends, sigma_ends = ends[0][:, p, q], ends[1][:, p, q]
            rows.append(
                MorrisIndex(
                    name, question, float(star[at]), float(star_ends[0]), float(star_ends[1]),
                    float(sigma[at]), float(sigma_ends[0]), float(sigma_ends[1]), mu,
                    int(present[at]), int(walks - present[at]),
                )
            )  # fmt: skip
    return rows


def importance(rows: Sequence[MorrisIndex]) -> dict[str, float]:
    """Compute the importance of each parameter over all questions, largest first.

    Squared mu* is close to a share of variance; each question has the same weight, whatever its
    size.

    Args:
        rows: Result of `screen_parameters`.

    Returns:
        Mean over questions of the parameter's share of the squared mu*, by name; sums to one.
    """
    squares: dict[str, dict[str, float]] = {}
    for row in rows:
        value = 0.0 if np.isnan(row.mu_star) else row.mu_star**2
        squares.setdefault(row.question, {})[row.parameter] = value
    moved = [of for of in squares.values() if sum(of.values()) > 0]
    names = dict.fromkeys(row.parameter for row in rows)
    score = {
        name: sum(of[name] / sum(of.values()) for of in moved) / max(1, len(moved))
        for name in names
    }
    return dict(sorted(score.items(), key=lambda item: -item[1]))


def lost_share(rows: Sequence[MorrisIndex]) -> float:
    """Compute the share of all elementary effects that were dropped."""
    lost = sum(row.lost for row in rows)
    return lost / max(1, lost + sum(row.effects for row in rows))
