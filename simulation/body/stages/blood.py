"""Blood: cytokines and LPS, solved exactly within a tick, and the senescent burden."""

from __future__ import annotations

import math

from gutexo.biology.barrier import approach
from gutexo.biology.draws import normal, uniform_at
from gutexo.biology.macrophage import cytokine_level
from gutexo.biology.portable_math import exp
from gutexo.biology.senescence import low_pass_phenotype, senescent_share, step_burden
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
    senescent = 0.0
    portal = 0.0
    for g in range(a.segments):
        active = active + sensed.activation[g]
        senescent = senescent + sensed.senescent[g]
        portal = portal + segments.lps[g]
    active = active / a.segments
    senescent = senescent / a.segments
    portal = portal / a.segments
    b = blood[0]
    for signal in range(N_SIGNALS):
        source = portal if signal == LPS else cytokine_level(r, signal, active, senescent)
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
def advance_blood(a, sensed, segments, rates, blood, age, clock):
    """Advance the blood and the senescent burden by one tick.

    Args:
        age: Age at the end of the tick (h).

    Returns:
        0 alive, 1 the burden reached the threshold of death, 2 a value is not finite.
    """
    r = rates[a.segments]
    advance_signals(a, sensed, segments, r, blood, clock.hours)
    b = blood[0]
    z = normal(uniform_at(clock.senescence, 0))
    b.burden = step_burden(r, b.burden, age, clock.hours, z)
    b.matured = low_pass_phenotype(r, b.matured, b.burden, clock.hours)
    b.share = senescent_share(r, b.matured)
    if not (math.isfinite(b.burden) and signals_are_finite(b)):
        return 2
    return 1 if b.burden >= 1.0 else 0
