"""The gut wall: tight junctions, pore, damage, and what crosses through each of the three paths."""

from __future__ import annotations

from gutexo.biology.portable_math import exp, hill_square, saturate
from gutexo.compiled import rule


@rule
def approach(value, target, rate, hours):
    """State after some hours of exact exponential approach to a constant target."""
    return target + (value - target) * exp(-rate * hours)


@rule
def junction_repair(r, protective, butyrate):
    """Speed at which open tight junctions close (1/h).

    Protective cargo and the butyrate of the microbiota both increase it. A butyrate of 1 is that of
    a healthy gut.

    References:
        Chelakkot et al. 2018: vesicles by mouth tighten junctions (of Akkermansia).
    """
    help_ = 1.0 + r.barrier_protection * hill_square(protective / r.cargo_protection_half)
    food = (1.0 + r.barrier_butyrate_support * butyrate) / (1.0 + r.barrier_butyrate_support)
    return r.tight_junction_repair * help_ * food


@rule
def junction_loss(r, cargo):
    """Speed at which closed tight junctions open (1/h), faster where disrupting cargo is held.

    A young level of cargo does nearly nothing, several of them much. The form is assumed.
    """
    by_cargo = r.tight_junction_cargo_disruption * hill_square(cargo / r.barrier_cargo_half)
    return r.tight_junction_loss + by_cargo


@rule
def two_state_step(value, on, off, hours):
    """Share after some hours of gain at speed `on` and loss at speed `off` (1/h), exact."""
    total = on + off
    if total <= 0.0:
        return value
    return approach(value, on / total, total, hours)


@rule
def injury_rate(r, tnf):
    """Speed at which epithelium becomes bare (1/h); local TNF increases the shedding of cells.

    References:
        Williams et al. 2013, Dis Model Mech: LPS sheds epithelium through TNF receptor 1.
    """
    by_tnf = r.epithelium_injury_by_tnf * hill_square(tnf / r.epithelium_injury_half)
    return r.epithelium_injury * (1.0 + by_tnf)


@rule
def closure_rate(r, protective):
    """Speed at which bare epithelium closes (1/h); protective cargo increases it."""
    support = r.epithelium_protection * saturate(protective / r.epithelium_protection_half)
    return r.epithelium_restitution * (1.0 + support)


@rule
def pore_target(r, tnf):
    """Opening of the pore path (0 to 1) that local TNF drives it to."""
    return hill_square(tnf / r.barrier_pore_half)


@rule
def dextran_permeability(r, junction, damage):
    """Permeability to 4-kDa dextran, through the leak path and bare epithelium; closed wall: 1."""
    leak = r.barrier_leak * r.tight_junction_leak * (1.0 - junction)
    return 1.0 + leak + r.barrier_unrestricted_dextran * damage


@rule
def lps_permeability(r, junction, damage):
    """Permeability to LPS, which also crosses cells and bare epithelium; closed wall: 1."""
    leak = r.barrier_lps_leak * r.tight_junction_leak * (1.0 - junction)
    return r.lps_crossing * (1.0 + leak + r.barrier_unrestricted * damage)


@rule
def conductance(r, junction, pore):
    """Ion conductance of the wall relative to a closed wall; TER is its inverse."""
    return 1.0 + r.barrier_ter_junction * (1.0 - junction) + r.barrier_pore_opening * pore
