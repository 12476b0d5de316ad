"""Answers far outside: kept, but held at a fence, so that one set does not own the variance.

In a few sets the beta cells of a treated mouse give way; HOMA-IR, a product with insulin, then
falls to nothing while the mouse is diabetic. The logarithm of one such answer outweighs hundreds of
others. Fences are Tukey's outer ones: three interquartile ranges beyond the quartiles, which a
normal answer does not reach.

References:
    Tukey, Exploratory Data Analysis (1977).
"""

from __future__ import annotations

import numpy as np

WIDTH = 3.0  # interquartile ranges


def fences(logs: np.ndarray) -> np.ndarray:
    """Between what log answers are held.

    Args:
        logs: float64[set, question], NaN where there is no answer.

    Returns:
        float64[2, question], lower and upper; infinite where half of the sets answer the same or
        nothing is answered.
    """
    ends = np.empty((2, logs.shape[1]))
    for q in range(logs.shape[1]):
        known = logs[~np.isnan(logs[:, q]), q]
        low, high = np.percentile(known, (25, 75)) if len(known) else (0.0, 0.0)
        reach = WIDTH * (high - low) if high - low > 1e-9 else np.inf
        ends[:, q] = low - reach, high + reach
    return ends


def held(logs: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Log answers, float64[..., question], none beyond the fences; NaN stays."""
    return np.clip(logs, ends[0], ends[1])
