"""Rows estimated from a culture or from single young mice, as a laboratory measures them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from gutexo.analysis.estimates import Estimate, mean_over_mice
from gutexo.analysis.outcomes import SATURATING_TNF
from gutexo.body.assays.kinetics import (
    ExosomeKinetics,
    bolus_excess,
    crypt_to_tip_times,
    exosome_kinetics,
)
from gutexo.body.assays.monolayer import epithelium_alone
from gutexo.body.mouse import Mouse
from gutexo.catalogue import Parameters
from gutexo.cohort.seeds import recipient_seed

SAMPLE_MINUTES = np.array([1, 2, 5, 10, 15, 20, 30, 45, 60])  # minutes
KINETICS_PACKETS = 2_000_000  # enough to separate the slow phase, 2 % of the dose, from noise


def fit_two_half_lives(minutes: np.ndarray, level: np.ndarray) -> tuple[float, float]:
    """Fit a sum of two exponentials with proportional errors; return both half-lives (min).

    Args:
        minutes: Times of the samples, float64[n].
        level: Levels, float64[n]; only those above zero are used.

    Returns:
        Fast and slow half-life (min).
    """
    positive = level > 0
    minutes, level = minutes[positive].astype(float), level[positive]
    from scipy.optimize import curve_fit

    def course(t: np.ndarray, a: float, b: float, fast: float, slow: float) -> np.ndarray:
        return a * 0.5 ** (t / fast) + b * 0.5 ** (t / slow)

    found, _ = curve_fit(
        course, minutes, level, (level[0], level[-1], 5.0, 200.0), sigma=level,
        bounds=((0.0, 0.0, 1.0, 41.0), (np.inf, np.inf, 40.0, 4000.0)),
        x_scale=(1.0, 0.1, 5.0, 200.0), xtol=1e-12, ftol=1e-12, gtol=1e-12, max_nfev=5000,
    )  # fmt: skip
    return float(found[2]), float(found[3])


def half_life(course: np.ndarray) -> float:
    """Minutes until a course that starts at 1 has halved, interpolated between minutely samples."""
    after = int(np.argmax(course <= 0.5))
    if course[after] > 0.5:
        return math.nan
    before = after - 1
    return before + math.log(course[before] / 0.5) / math.log(course[before] / course[after])


def peak_time(kinetics: ExosomeKinetics, window: int = 61) -> float:
    """Time at which plasma peaks in the course smoothed over an hour (h)."""
    smooth = np.convolve(kinetics.plasma, np.ones(window) / window, mode="same")
    return float(kinetics.minutes[int(np.argmax(smooth))] / 60.0)


def laboratory_measurements(
    replicates: int,
    seed: int,
    changes: dict[str, Any],
    draws: Sequence[Mapping[str, float]],
) -> dict[str, Callable[[], Estimate]]:
    """Return the measurement of each pattern of cultures and kinetics; nothing is simulated yet."""
    base = Parameters().change(changes)
    sets = [base.change(dict(draw)) for draw in draws] or [base]
    mice = range(replicates)

    @cache
    def culture(number: int) -> Any:
        return epithelium_alone(SATURATING_TNF, 168.0, sets[number])

    def new(number: int) -> Mouse:
        return Mouse(sets[number % len(sets)], seed=recipient_seed(seed, number))

    young = cache(new)

    @cache
    def injected(number: int) -> ExosomeKinetics:
        return exosome_kinetics(young(number), "intravenous", 1.0, KINETICS_PACKETS)

    @cache
    def swallowed(number: int) -> ExosomeKinetics:
        return exosome_kinetics(young(number), "gavage", 24.0)

    @cache
    def phases(number: int) -> tuple[float, float]:
        return fit_two_half_lives(SAMPLE_MINUTES, injected(number).plasma[SAMPLE_MINUTES])

    @cache
    def bolus(number: int, substance: str) -> np.ndarray:
        return bolus_excess(young(number), substance, 100.0, 60)

    def over(measure: Callable[[int], float]) -> Estimate:
        return mean_over_mice(np.array([measure(number) for number in mice]))

    def late_level(number: int) -> float:
        course = swallowed(number).plasma
        return float(course[-60:].mean() / course.max())

    def cultured(values: str, hours: int, note: str = "") -> Estimate:
        tick = int(round(hours / base.resolution.tick))
        found = [float(getattr(culture(n), values)[tick]) for n in range(len(sets))]
        if len(found) > 1:
            return replace(mean_over_mice(np.array(found)), note=f"{note}a culture a draw")
        return Estimate(found[0], note=f"{note}one culture, no noise")

    def ter(hours: int) -> Estimate:
        return cultured("ter", hours)

    def transit(number: int) -> float:
        return float(np.median(crypt_to_tip_times(new(number), 8.0)))

    return {
        "epithelial-transit": lambda: over(transit),
        "tnf-ter-24h": lambda: ter(24),
        "tnf-ter-3h": lambda: ter(3),
        "tnf-ter-7d": lambda: ter(168),
        "tnf-mannitol-24h": lambda: cultured("dextran", 24, "4-kDa dextran in place of mannitol; "),
        "exosome-plasma-fast": lambda: over(lambda m: phases(m)[0]),
        "exosome-plasma-slow": lambda: over(lambda m: phases(m)[1]),
        "exosome-oral-share": lambda: over(lambda m: float(swallowed(m).reached[-1])),
        "exosome-oral-peak": lambda: over(lambda m: peak_time(swallowed(m))),
        "exosome-oral-24h": lambda: over(late_level),
        "tnf-clearance": lambda: over(lambda m: half_life(bolus(m, "tnf"))),
        "lps-clearance": lambda: over(lambda m: half_life(bolus(m, "lps"))),
        "lps-1h": lambda: over(lambda m: float(bolus(m, "lps")[60])),
    }
