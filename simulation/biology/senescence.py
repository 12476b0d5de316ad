"""The senescent burden: production that grows with age, removal that saturates, and noise."""

from __future__ import annotations

import math

from gutexo.biology.portable_math import exp
from gutexo.compiled import rule


@rule
def step_burden(r, burden, age, hours, z):
    """Burden after one Euler step, in units of the burden at which a mouse dies.

    Args:
        r: Rates of the body.
        burden: Burden now.
        age: Age (h).
        hours: Length of the step (h).
        z: A standard normal draw.

    Returns:
        The burden, reflected at zero.

    References:
        Karin et al. 2019; rates refitted to mice by srtools.
    """
    production = r.senescence_production * age
    removal = r.senescence_removal * burden / (burden + r.senescence_half_saturation)
    spread = math.sqrt(2.0 * r.senescence_noise_rate * hours)
    moved = burden + (production - removal) * hours + spread * z
    return moved if moved >= 0.0 else -moved


@rule
def senescent_share(r, burden):
    """Share of cells that are senescent (0 to 1) at a burden.

    It is quadratic at a small burden and saturates at a large one; at the reference burden of an
    old mouse it is equal to `senescence_share`.
    """
    s = burden / r.senescence_reference_burden
    h = r.senescence_share_half
    share = r.senescence_share * (1.0 + h * h) * s * s / (h * h + s * s)
    return share if share < 0.95 else 0.95


@rule
def share_relative_to_old(r, share):
    """Senescent share relative to that of an old gut; 0 where no cell ever becomes senescent."""
    return share / r.senescence_share if r.senescence_share > 0.0 else 0.0


@rule
def low_pass_phenotype(r, matured, burden, hours):
    """Secretory phenotype after some hours; it follows the burden with a delay."""
    return burden + (matured - burden) * exp(-hours / (24.0 * r.senescence_maturation))
