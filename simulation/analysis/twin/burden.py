"""Paths of the senescent burden (ODD 7.11), hour by hour from birth, for mice in means."""

from __future__ import annotations

import hashlib
import math
from functools import lru_cache

import numpy as np

from gutexo.analysis.twin.compiling import law
from gutexo.catalogue import Parameters

CAP = 0.95  # burden while a mouse only grows up
ATTEMPTS = 60


@law
def _walk(
    out: np.ndarray, z: np.ndarray, production: float, removal: float, half: float, noise: float,
    h: float, grown: int, production_then: float, removal_then: float,
) -> int:  # fmt: skip
    """Fill a path; the tick at which it dies, or its length."""
    b = 0.0
    out[0] = 0.0
    for tick in range(1, out.size):
        # Growing up, the age at the beginning of a step counts, later that at its end.
        up, down, age = production, removal, (tick - 1) * h
        if tick > grown:
            up, down, age = production_then, removal_then, tick * h
        drift = up / 576.0 * age - down / 24.0 * b / (b + half)
        step = 0.0
        if noise > 0.0:
            step = math.sqrt(2.0 * noise / 24.0 * h) * z[tick - 1]
        b = abs(b + drift * h + step)
        if tick <= grown:
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
    """One path of the burden, redrawn until it survives.

    The noise is a standard normal an hour, fixed by `seed` and `who`, so that other parameters
    bend the same path.

    Args:
        parameters: Rates of the law; without noise the path is its equation.
        days: How long it is followed from birth (d).
        survive: Age that it must reach (d); `days` if None.
        who: Name of the animal.
        seed: Of the noise.
        production: Factor on `senescence.production` from the first tick of the mouse on.
        removal: Factor on `senescence.removal` from then on.

    Returns:
        float64[ticks + 1], burden at the end of each tick from birth on; None where no path of
        sixty survives.
    """
    s, h = parameters.senescence, parameters.resolution.tick
    ticks = int(round(24.0 * days / h))
    needed = ticks if survive is None else min(ticks, int(round(24.0 * survive / h)))
    grown = int(round(24.0 * max(0.0, 90.0 - parameters.resolution.settling) / h))
    path = np.empty(ticks + 1)
    for attempt in range(ATTEMPTS):
        z = _normals(ticks, who, seed, attempt) if s.noise > 0 else np.empty(0)
        died = _walk(
            path, z, s.production, s.removal, s.half_saturation, s.noise, h, grown,
            s.production * production, s.removal * removal,
        )  # fmt: skip
        if died > needed:
            return path
        if s.noise <= 0:
            break
    return None
