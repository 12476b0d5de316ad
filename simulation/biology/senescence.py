"""Senescence: the intrinsic burden, induction by signals, and what mature cells secrete.

The burden is a number of the body, in units of the total burden at which a mouse dies. A site (the
niche beneath an enterocyte, or a cell of an organ) is well, intrinsic or induced, never two.
"""

from __future__ import annotations

import math

from gutexo.biology.codes import INDUCED_MATURE, INTRINSIC_MATURE
from gutexo.biology.portable_math import exp, hill_square, saturate
from gutexo.compiled import rule


@rule
def is_mature(state):
    """Whether (1 or 0) a site in a state of senescence secretes."""
    return 1 if state == INTRINSIC_MATURE or state == INDUCED_MATURE else 0


@rule
def step_burden(r, burden, total, age, hours, z):
    """Intrinsic burden after one Euler step, reflected at zero.

    Immune clearance is one for all senescent cells and saturates with their total, so induced cells
    slow the removal of the others. Where nothing is induced this is the published law.

    Args:
        r: Rates of the body.
        burden: Intrinsic burden now.
        total: Total burden now.
        age: Age (h).
        hours: Length of the step (h).
        z: A standard normal draw.

    References:
        Karin et al. 2019; rates refitted to mice by srtools.
    """
    production = r.senescence_production * r.senescence_production_part * age
    removal = clearance_rate(r, total) * burden
    spread = math.sqrt(2.0 * r.senescence_noise_rate * hours)
    moved = burden + (production - removal) * hours + spread * z
    return moved if moved >= 0.0 else -moved


@rule
def clearance_rate(r, total):
    """Speed (1/h) at which immune cells clear a senescent cell at a total burden."""
    return r.senescence_removal / (r.senescence_half_saturation + total)


@rule
def total_burden(r, burden, gut, organs):
    """Total burden: the intrinsic one and that of induced sites.

    Args:
        r: Rates of the body.
        burden: Intrinsic burden.
        gut: Share of niches of the gut that are induced.
        organs: Share of cells of organs that are induced.
    """
    w = r.senescence_gut_weight
    return burden + r.senescence_whole * (w * gut + (1.0 - w) * organs)


@rule
def follow_burden(r, followed, burden, hours):
    """Burden that intrinsic sites follow: the path itself flickers from hour to hour."""
    return burden + (followed - burden) * exp(-hours / r.senescence_follow_time)


@rule
def mature_burden(r, mature, burden, clearance, hours):
    """Mature part of the intrinsic burden after some hours: it ripens, and is cleared.

    Args:
        r: Rates of the body.
        mature: Mature part now.
        burden: Intrinsic burden.
        clearance: Speed of clearance (1/h).
        hours: Time (h).
    """
    ripening = 1.0 / (24.0 * r.senescence_maturation)
    rate = ripening + clearance
    target = burden * ripening / rate
    return target + (mature - target) * exp(-rate * hours)


@rule
def licence(r, lps):
    """Part of its secretion that a mature cell reaches: a basal part, and more by bacteria.

    References:
        Budamagunta et al. 2021: senescent cells over-react to LPS.
    """
    basal = r.senescence_basal_licence
    return basal + (1.0 - basal) * saturate(lps / r.senescence_licence_half)


@rule
def induction_rate(r, strength, inflammatory, tnf, secretion, protective):
    """Speed (burden per h) at which a place of well sites turns senescent by what it senses.

    Args:
        r: Rates.
        strength: What saturating cargo does alone (burden per h).
        inflammatory: Inflammatory cargo held in the place, in young levels.
        tnf: TNF sensed, in constitutive levels.
        secretion: What senescent cells of the place secrete, 1 in an old one with full licence.
        protective: Protective cargo held in the place, in young levels.

    References:
        Jeon et al. 2022: old blood induces senescence; da Silva et al. 2019: so do neighbours. That
        luminal exosomes do is assumed.
    """
    drive = hill_square(inflammatory / r.senescence_induction_cargo_half)
    by_tnf = hill_square(tnf / r.senescence_induction_tnf_half)
    drive = drive + r.senescence_induction_by_tnf * by_tnf
    drive = drive + r.senescence_induction_by_senescence * saturate(secretion)
    calm = hill_square(protective / r.cargo_protection_half)
    return strength * drive / (1.0 + r.senescence_induction_protection * calm)
