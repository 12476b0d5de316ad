"""Blood: cytokines and LPS, solved exactly within a tick, and the senescent burden."""

from __future__ import annotations

import math

from gutexo.biology.barrier import approach
from gutexo.biology.draws import normal, uniform_at
from gutexo.biology.macrophage import cytokine_level
from gutexo.biology.portable_math import exp
from gutexo.biology.senescence import clearance_rate, follow_burden, mature_burden, step_burden
from gutexo.catalogue.signals import LPS, N_SIGNALS
from gutexo.compiled import kernel


@kernel
def mean_of_approach(value, target, rate, hours):
    """Mean over the tick of a state that approaches a target exponentially."""
    reach = rate * hours
    if reach <= 0.0:
        return value
    return target + (value - target) * (1.0 - exp(-reach)) / reach


@kernel
def sustained_level(level, clearance):
    """Level that constant secretion sustains if clearance is changed by a factor."""
    return level / clearance if clearance > 1e-9 else level / 1e-9


@kernel
def advance_signals(a, sensed, segments, r, blood, hours):
    """Advance cytokines and LPS in plasma by one tick, and set their means over it.

    LPS arrives with portal blood: the mean over segments of what crossed the wall, most of which
    the liver clears. Its level is in units of a closed young wall.
    """
    active = 0.0
    secretion = 0.0
    portal = 0.0
    for g in range(a.segments):
        active = active + sensed.activation[g]
        secretion = secretion + sensed.secretion[g]
        portal = portal + segments.lps[g]
    active = active / a.segments
    w = r.senescence_gut_weight
    secretion = w * secretion / a.segments + (1.0 - w) * sensed.organs_secretion[0]
    portal = portal / a.segments
    b = blood[0]
    for signal in range(N_SIGNALS):
        source = portal if signal == LPS else cytokine_level(r, signal, active, secretion)
        target = sustained_level(source, r.signal_clearance[signal])
        rate = r.signal_clearance_rate[signal] * r.signal_clearance[signal]
        b.sensed_level[signal] = mean_of_approach(b.level[signal], target, rate, hours)
        b.level[signal] = approach(b.level[signal], target, rate, hours)


@kernel
def signals_are_finite(b):
    """Whether the level of every signal in plasma is finite."""
    total = 0.0
    for signal in range(N_SIGNALS):
        total = total + b.level[signal]
    return math.isfinite(total)


@kernel
def advance_burden(r, b, total, age, hours, z):
    """Advance the intrinsic burden, the one that sites follow and its mature part.

    Args:
        r: Rates of the body.
        b: Blood and body.
        total: Total burden at the start.
        age: Age at the end (h).
        hours: Length of the step (h).
        z: A standard normal draw.
    """
    b.burden = step_burden(r, b.burden, total, age, hours, z)
    b.followed = follow_burden(r, b.followed, b.burden, hours)
    b.mature = mature_burden(r, b.mature, b.burden, clearance_rate(r, total), hours)


@kernel
def advance_blood(a, sensed, segments, rates, blood, age, clock):
    """Advance the blood and the senescent burden by one tick.

    Args:
        age: Age at the end of the tick (h).

    Returns:
        0 alive, 1 the total burden reached the threshold of death, 2 a value is not finite.
    """
    r = rates[a.segments]
    advance_signals(a, sensed, segments, r, blood, clock.hours)
    b = blood[0]
    z = normal(uniform_at(clock.senescence, 0))
    total = sensed.total_burden[0]
    induced = total - b.burden
    advance_burden(r, b, total, age, clock.hours, z)
    if not (math.isfinite(b.burden) and signals_are_finite(b)):
        return 2
    return 1 if b.burden + induced >= 1.0 else 0
