"""Winsorising: an answer beyond a fence is set to the fence, so that no set dominates the variance.

In a few sets the beta cells of a treated mouse fail; HOMA-IR, a product with insulin, then falls
almost to zero while the mouse is diabetic. The logarithm of one such answer outweighs hundreds of
others. Fences are Tukey's outer ones: three interquartile ranges beyond the quartiles, which a
normally distributed answer does not reach.

References:
    Tukey, Exploratory Data Analysis (1977).
"""

from __future__ import annotations

import numpy as np

WIDTH = 3.0  # interquartile ranges


def tukey_fences(logs: np.ndarray) -> np.ndarray:
    """Compute the fences between which log answers are limited.

    Args:
        logs: float64[set, question], NaN where there is no answer.

    Returns:
        float64[2, question], lower and upper; infinite where half of the sets have the same answer
        or none has one.
    """
    ends = np.empty((2, logs.shape[1]))
    for q in range(logs.shape[1]):
        known = logs[~np.isnan(logs[:, q]), q]
        low, high = np.percentile(known, (25, 75)) if len(known) else (0.0, 0.0)
        reach = WIDTH * (high - low) if high - low > 1e-9 else np.inf
        ends[:, q] = low - reach, high + reach
    return ends


def winsorise(logs: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Limit log answers, float64[..., question], to the fences; NaN is unchanged."""
    return np.clip(logs, ends[0], ends[1])
