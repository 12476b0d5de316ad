"""Paths of the senescent burden (ODD 7.11), tick by tick from birth, for mean-field mice."""

from __future__ import annotations

import hashlib
import math
from functools import lru_cache

import numpy as np

from gutexo.catalogue import Parameters
from gutexo.mean_field.compiling import law

WEANED = 21.0  # age at the first tick of a mouse (d)
CAP = 0.95  # largest burden before it
ATTEMPTS = 60


@law
def _walk(
    out: np.ndarray, z: np.ndarray, production: float, removal: float, half: float, noise: float,
    h: float, weaned: int, production_then: float, removal_then: float,
) -> int:  # fmt: skip
    """Fill in a path and return the tick of death, or the length of the path if it survives."""
    b = 0.0
    out[0] = 0.0
    for tick in range(1, out.size):
        # Before the first tick of the mouse, the age at the start of a step; later, at its end.
        up, down, age = production, removal, (tick - 1) * h
        if tick > weaned:
            up, down, age = production_then, removal_then, tick * h
        drift = up / 576.0 * age - down / 24.0 * b / (b + half)
        step = 0.0
        if noise > 0.0:
            step = math.sqrt(2.0 * noise / 24.0 * h) * z[tick - 1]
        b = abs(b + drift * h + step)
        if tick <= weaned:
            b = min(b, CAP)
        out[tick] = b
        if b >= 1.0:
            out[tick:] = b
            return tick
    return int(out.size)


@lru_cache(maxsize=64)
def _normals(ticks: int, who: str, seed: int, attempt: int) -> np.ndarray:
    key = hashlib.blake2b(f"{seed} {who} {attempt}".encode(), digest_size=8).digest()
    z = np.random.default_rng(int.from_bytes(key, "big")).standard_normal(ticks)
    z.setflags(write=False)
    return z


def burden_path(
    parameters: Parameters,
    days: float,
    *,
    survive: float | None = None,
    who: str = "mouse",
    seed: int = 1,
    production: float = 1.0,
    removal: float = 1.0,
) -> np.ndarray | None:
    """Draw one path of the burden, again until it survives.

    The noise is one standard normal number per tick, fixed by `seed`, `who` and the attempt, so
    that other parameters change the path but not its noise.

    Args:
        parameters: Rates of the law; without noise the path is the solution of its equation.
        days: Length of the path from birth (d).
        survive: Age that it must reach (d); `days` if None.
        who: Name of the animal.
        seed: Seed of the noise.
        production: Factor on `senescence.production` from weaning on.
        removal: Factor on `senescence.removal` from then on.

    Returns:
        float64[ticks + 1], burden at the end of each tick from birth on; None if none of sixty
        paths survives.
    """
    s, h = parameters.senescence, parameters.resolution.tick
    ticks = int(round(24.0 * days / h))
    needed = ticks if survive is None else min(ticks, int(round(24.0 * survive / h)))
    weaned = int(round(24.0 * WEANED / h))
    path = np.empty(ticks + 1)
    for attempt in range(ATTEMPTS):
        z = _normals(ticks, who, seed, attempt) if s.noise > 0 else np.empty(0)
        died = _walk(
            path, z, s.production, s.removal, s.half_saturation, s.noise, h, weaned,
            s.production * production, s.removal * removal,
        )  # fmt: skip
        if died > needed:
            return path
        if s.noise <= 0:
            break
    return None
