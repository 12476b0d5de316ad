"""The driving noise of the burden: one standard normal number per tick, fixed by a seed."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

BLOCK = 4800  # ticks that are drawn together


@lru_cache(maxsize=4096)
def _block(seed: int, number: int) -> np.ndarray:
    z = np.random.default_rng([seed, number, 7120]).standard_normal(BLOCK)
    z.setflags(write=False)
    return z


def driving_noise(seed: int, ticks: int) -> np.ndarray:
    """Return the first numbers of noise from birth on; a longer path begins like a shorter one.

    Args:
        seed: Seed of the animal, 0 or more.
        ticks: How many numbers.
    """
    blocks = [_block(seed, k) for k in range(max(1, -(-ticks // BLOCK)))]
    return np.concatenate(blocks)[:ticks] if ticks > 0 else np.empty(0)
