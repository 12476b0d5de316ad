"""Permeability assays: plasma FITC-dextran after a gavage, and trans-epithelial resistance."""

from __future__ import annotations

import numpy as np

from gutexo.biology.barrier import conductance, dextran_permeability
from gutexo.biology.codes import STEPS_PER_SEGMENT
from gutexo.biology.portable_math import exp
from gutexo.compiled import rule

STEPS_PER_HOUR = 60


@rule
def plasma_dextran(a, segments, rates, hours):
    """Simulate the plasma level of 4-kDa dextran after a gavage, without changing the mouse.

    The bolus empties from the stomach by a first-order process and passes the segments of the small
    intestine and then of the colon as a row of mixed vessels. Each segment absorbs in proportion to
    its permeability; the kidney clears plasma.

    Args:
        a: Anatomy.
        segments: Segment columns.
        rates: Rate records.
        hours: Time of the sample (h).

    Returns:
        Plasma dextran (ug/mL) and the share of the dose that was absorbed until then.
    """
    r = rates[a.segments]
    dt = 1.0 / STEPS_PER_HOUR
    amount = np.zeros(a.segments)
    stomach = 1.0
    plasma = 0.0
    emptied = 1.0 - exp(-dt / r.barrier_dextran_emptying)
    small = a.valve / r.barrier_dextran_transit * r.exosome_luminal_transit
    colon = r.colon_speed / STEPS_PER_SEGMENT
    cleared = exp(-0.6931471805599453 * dt / (r.barrier_dextran_half_life / 60.0))
    # Neither the flow nor the wall changes during the assay.
    passing = np.empty(a.segments)
    absorbing = np.empty(a.segments)
    for g in range(a.segments):
        speed = small if g < a.valve else colon
        permeable = dextran_permeability(rates[g], segments.junction[g], segments.damage[g])
        passing[g] = 1.0 - exp(-speed * dt)
        absorbing[g] = 1.0 - exp(-r.barrier_dextran_absorption * permeable * dt)
    absorbed = 0.0
    for _ in range(int(hours * STEPS_PER_HOUR + 0.5)):
        arriving = stomach * emptied
        stomach -= arriving
        taken = 0.0
        for g in range(a.segments):
            moving = amount[g] * passing[g]
            lost = (amount[g] - moving) * absorbing[g]
            amount[g] = amount[g] - moving - lost + arriving
            taken += lost
            arriving = moving
        absorbed += taken
        plasma = plasma * cleared + taken
    level = plasma * r.barrier_dextran_dose * 1000.0 / r.barrier_dextran_volume
    return level, absorbed


@rule
def transepithelial_resistance(a, segments, rates):
    """TER (ohm cm2): the inverse of the mean conductance of all segments."""
    total = 0.0
    for g in range(a.segments):
        total = total + conductance(rates[g], segments.junction[g], segments.pore[g])
    return rates[a.segments].barrier_ter_young * a.segments / total
