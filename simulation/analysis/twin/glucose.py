"""Glucose and insulin of the twin (ODD 7.10), and the marker of permeability (7.12)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gutexo.analysis.twin.compiling import law
from gutexo.analysis.twin.places import DAMAGE, JUNCTION


@law
def insulin_at(p: Any, glucose: float, mass: float) -> float:
    """Insulin that a steady glucose calls for (uU/mL)."""
    secretion = mass * p.glucose_secretion * glucose**2 / (p.glucose_secretion_half + glucose**2)
    return secretion / p.glucose_insulin_clearance


@law
def balance(p: Any, glucose: float, mass: float, liver: float, periphery: float) -> float:
    """Production less uptake at a steady glucose (mg/dL a day)."""
    insulin = insulin_at(p, glucose, mass)
    act = insulin
    if insulin > p.glucose_linear_insulin:
        y = insulin - p.glucose_linear_insulin
        act = p.glucose_linear_insulin + y / (1.0 + y / p.glucose_saturation)
    z = p.glucose_hepatic_suppression
    made = p.glucose_production * (1.0 + z)
    made /= 1.0 + z * liver * act / p.glucose_reference_insulin
    low = 1.0 - glucose / p.glucose_counter_threshold
    if low > 0.0:
        made += p.glucose_production * p.glucose_counter_gain * low
    used = (p.glucose_effectiveness + p.glucose_sensitivity * periphery * act) * glucose
    return made - used


@law
def fasting(p: Any, mass: float, liver: float, periphery: float) -> float:
    """The glucose at which production is uptake (mg/dL); NaN where there is none."""
    low, high = 0.0, 100.0
    if not (mass >= 0.0 and liver >= 0.0 and periphery >= 0.0):
        return math.nan
    while balance(p, high, mass, liver, periphery) > 0.0:
        low, high = high, 2.0 * high
        if high > 1e7:
            return math.nan
    for _ in range(60):
        middle = 0.5 * (low + high)
        if balance(p, middle, mass, liver, periphery) > 0.0:
            low = middle
        else:
            high = middle
        if high - low < 1e-10 * high:
            break
    return 0.5 * (low + high)


@law
def fast(numbers: np.ndarray, mass: float, liver: float, periphery: float) -> tuple[float, float]:
    """Fasting glucose (mg/dL) and insulin (uU/mL)."""
    glucose = fasting(numbers[0], mass, liver, periphery)
    return glucose, insulin_at(numbers[0], glucose, mass)


@law
def end_of_day(numbers: np.ndarray, mass: float, liver: float, periphery: float) -> float:
    """Beta-cell mass after a day at its fasting glucose (mg)."""
    p = numbers[0]
    g = fasting(p, mass, liver, periphery) - p.glucose_beta_root
    growth = p.glucose_beta_growth * g - p.glucose_beta_toxicity * g * g - p.glucose_beta_death
    return mass * math.exp(p.f_adaptation * growth)


@law
def dextran(numbers: np.ndarray, wall: np.ndarray) -> float:
    """FITC-dextran in plasma an hour after gavage (ug/mL)."""
    p = numbers[0]
    n, valve, d = wall.shape[1], int(p.valve), 1.0 / 60.0
    vessels, absorbed_share = np.zeros(n), np.empty(n)
    for g in range(n):
        permeability = 1.0 + p.barrier_leak * p.f_leak * (1.0 - wall[JUNCTION, g])
        permeability += p.barrier_unrestricted_dextran * wall[DAMAGE, g]
        absorbed_share[g] = 1.0 - math.exp(-p.barrier_dextran_absorption * permeability * d)
    stomach, plasma = 1.0, 0.0
    passes = 1.0 - math.exp(-d / p.barrier_dextran_emptying)
    small = 1.0 - math.exp(-d / p.dextran_time)
    colon = 1.0 - math.exp(-d / p.colon_time)
    stays = math.exp(-60.0 * d * math.log(2.0) / p.barrier_dextran_half_life)
    for _ in range(60):
        coming = stomach * passes
        stomach -= coming
        taken = 0.0
        for g in range(n):
            leaving = vessels[g] * (small if g < valve else colon)
            left = vessels[g] - leaving
            gone = left * absorbed_share[g]
            taken += gone
            vessels[g] = left - gone + coming
            coming = leaving
        plasma = plasma * stays + taken
    return plasma * 1000.0 * p.barrier_dextran_dose / p.barrier_dextran_volume
