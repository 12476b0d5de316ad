"""Glucose and insulin of the mean-field model (ODD 7.10), and the permeability marker (7.12)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gutexo.mean_field.array_layout import DAMAGE, JUNCTION
from gutexo.mean_field.compiling import law

LEAST_MASS, MOST_MASS = 1.0, 1e5  # mg, between which the mass at rest is searched


@law
def insulin_at(p: Any, glucose: float, mass: float) -> float:
    """Insulin at a steady glucose (uU/mL)."""
    secretion = mass * p.glucose_secretion * glucose**2 / (p.glucose_secretion_half + glucose**2)
    return secretion / p.glucose_insulin_clearance


@law
def glucose_balance(p: Any, glucose: float, mass: float, liver: float, periphery: float) -> float:
    """Production minus uptake at a steady glucose (mg/dL per day)."""
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
def fasting_glucose(p: Any, mass: float, liver: float, periphery: float) -> float:
    """Glucose at which production equals uptake (mg/dL); NaN where none exists."""
    low, high = 0.0, 100.0
    if not (mass >= 0.0 and liver >= 0.0 and periphery >= 0.0):
        return math.nan
    while glucose_balance(p, high, mass, liver, periphery) > 0.0:
        low, high = high, 2.0 * high
        if high > 1e7:
            return math.nan
    for _ in range(60):
        middle = 0.5 * (low + high)
        if glucose_balance(p, middle, mass, liver, periphery) > 0.0:
            low = middle
        else:
            high = middle
        if high - low < 1e-10 * high:
            break
    return 0.5 * (low + high)


@law
def fasting_state(
    numbers: np.ndarray, mass: float, liver: float, periphery: float
) -> tuple[float, float]:
    """Fasting glucose (mg/dL) and insulin (uU/mL)."""
    glucose = fasting_glucose(numbers[0], mass, liver, periphery)
    return glucose, insulin_at(numbers[0], glucose, mass)


@law
def update_beta_cells(numbers: np.ndarray, mass: float, liver: float, periphery: float) -> float:
    """Beta-cell mass (mg) after a day at its fasting glucose."""
    p = numbers[0]
    g = fasting_glucose(p, mass, liver, periphery) - p.glucose_beta_root
    growth = p.glucose_beta_growth * g - p.glucose_beta_toxicity * g * g - p.glucose_beta_death
    rate = p.f_adaptation * growth
    fresh = p.f_adaptation * p.glucose_beta_neogenesis
    return mass * math.exp(rate) + fresh * (math.expm1(rate) / rate if rate != 0.0 else 1.0)


@law
def rest_mass(p: Any, liver: float, periphery: float) -> float:
    """Beta-cell mass (mg) that neither grows nor shrinks, at the lower of both glucose levels.

    Neogenesis is left out. It is the parameter `beta_mass` where there is no such level or mass.
    """
    growth, death = p.glucose_beta_growth, p.glucose_beta_death
    square = growth * growth - 4.0 * p.glucose_beta_toxicity * death
    if growth <= 0.0 or square < 0.0:
        return p.glucose_beta_mass
    goal = 2.0 * death / (growth + math.sqrt(square)) + p.glucose_beta_root
    low, high = LEAST_MASS, MOST_MASS
    # A mass so small that glucose has no bound is too small.
    if fasting_glucose(p, low, liver, periphery) < goal:
        return p.glucose_beta_mass
    if not fasting_glucose(p, high, liver, periphery) <= goal:
        return p.glucose_beta_mass
    for _ in range(60):
        middle = 0.5 * (low + high)
        if fasting_glucose(p, middle, liver, periphery) <= goal:
            high = middle
        else:
            low = middle
    return 0.5 * (low + high)


@law
def dextran_assay(numbers: np.ndarray, wall: np.ndarray) -> float:
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
