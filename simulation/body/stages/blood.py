"""Blood: cytokines and LPS, solved exactly within a tick, and the senescent burden."""

from __future__ import annotations

import math

from gutexo.biology.barrier import approach
from gutexo.biology.draws import normal, uniform_at
from gutexo.biology.macrophage import il6_level, il10_level, tnf_level
from gutexo.biology.portable_math import exp
from gutexo.biology.senescence import low_pass_phenotype, senescent_share, step_burden
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
def advance_cytokines(a, sensed, segments, r, blood, hours):
    """Advance plasma TNF, IL-6, IL-10 and LPS by one tick; set their means over it, except IL-10.

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
    tnf = sustained_level(tnf_level(r, active, senescent), r.tnf_clearance)
    rate = r.tnf_clearance_rate * r.tnf_clearance
    b.tnf_heard = mean_of_approach(b.tnf, tnf, rate, hours)
    b.tnf = approach(b.tnf, tnf, rate, hours)
    il6 = sustained_level(il6_level(r, active, senescent), r.il6_clearance)
    rate = r.il6_clearance_rate * r.il6_clearance
    b.il6_heard = mean_of_approach(b.il6, il6, rate, hours)
    b.il6 = approach(b.il6, il6, rate, hours)
    b.il10 = approach(b.il10, il10_level(r, active), r.il10_clearance_rate, hours)
    lps = sustained_level(portal, r.lps_clearance)
    rate = r.lps_clearance_rate * r.lps_clearance
    b.lps_heard = mean_of_approach(b.lps, lps, rate, hours)
    b.lps = approach(b.lps, lps, rate, hours)


@kernel
def advance_blood(a, sensed, segments, rates, blood, age, clock):
    """Advance the blood and the senescent burden by one tick.

    Args:
        age: Age at the end of the tick (h).

    Returns:
        0 alive, 1 the burden reached the threshold of death, 2 a value is not finite.
    """
    r = rates[a.segments]
    advance_cytokines(a, sensed, segments, r, blood, clock.hours)
    b = blood[0]
    z = normal(uniform_at(clock.senescence, 0))
    b.burden = step_burden(r, b.burden, age, clock.hours, z)
    b.matured = low_pass_phenotype(r, b.matured, b.burden, clock.hours)
    b.share = senescent_share(r, b.matured)
    if not math.isfinite(b.burden + b.tnf + b.il6 + b.il10 + b.lps):
        return 2
    return 1 if b.burden >= 1.0 else 0
