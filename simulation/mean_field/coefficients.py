"""Coefficients of the mean-field model: parameters times factors, young levels, derived values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from gutexo.catalogue import Parameters
from gutexo.catalogue.organs import ORGANS
from gutexo.catalogue.rates import NAMED_RATES, field_name
from gutexo.catalogue.signals import CYTOKINES, SIGNALS
from gutexo.compiled import JIT_OFF
from gutexo.errors import GutexoError, suggest

# Named rates (ODD 7.1) whose factor multiplies a number, divides one, or stays a factor. Rates of a
# single parameter multiply it, or divide it if it is a time.
_TIMES = ("h", "d")
_DECLARED = [rate for rate in NAMED_RATES.values() if rate.parameter]
MULTIPLIED = {
    **{rate.name: (field_name(rate.parameter),) for rate in _DECLARED if rate.unit not in _TIMES},
    "exosome.release": ("release",),
    "exosome.mucus_entry": ("exosome_mucus_entry", "exosome_colon_mucus_entry"),
    "exosome.other_clearance": ("other_part",),
}
DIVIDED = {
    **{rate.name: (field_name(rate.parameter),) for rate in _DECLARED if rate.unit in _TIMES},
    "exosome.luminal_transit": ("small_time", "colon_time", "dextran_time", "passage"),
}
PLAIN_FACTORS = {
    "cargo.load_barrier": "f_load_barrier",
    "cargo.load_inflammatory": "f_load_inflammatory",
    "cargo.load_insulin_resistance": "f_load_insulin",
    "cargo.load_protective": "f_load_protective",
    "tight_junction.leak": "f_leak",
    "microbiota.lps": "f_lps",
    "microbiota.butyrate": "f_butyrate",
    "lps.crossing": "f_crossing",
    "macrophage.activation": "f_activation",
    "insulin.relaxation": "f_insulin_relaxation",
    "insulin.mitochondrial_turnover": "f_mitochondria",
    "senescence.secretion": "f_secretion",
    "beta_cell.adaptation": "f_adaptation",
}
# Numbers of signals and organs are arrays: name of the array, and position in it.
ELEMENTS = {
    **{f"exosome.{organ.cell}_uptake": ("organ_part", k) for k, organ in enumerate(ORGANS)},
    **{f"{signal.key}.clearance": ("f_clearance", k) for k, signal in enumerate(SIGNALS)},
    **{f"{one.key}.secretion": ("f_secretion_of", k) for k, one in enumerate(CYTOKINES)},
    **{
        f"{one.key}.action": ("f_action", k)
        for k, one in enumerate(CYTOKINES)
        if one.at_wall or one.in_blood
    },
}
FACTORS = (*MULTIPLIED, *DIVIDED, *PLAIN_FACTORS, *ELEMENTS)
FREE = -1.0
"""Fixed age of a mouse that ages."""
FREE_BURDEN, HELD_TOTAL, HELD_BURDEN, HELD_SITES = 0.0, 1.0, 2.0, 3.0
"""What is held for analyses of gain and rest: nothing; the total burden, of which induced sites
take what they reach and the intrinsic burden the rest; the intrinsic burden; induced sites too."""
_NEVER = 1e12


def first_colon_segment(segments: int) -> int:
    """First segment after the ileocaecal valve (ODD 2)."""
    return int(round(48 / 64 * segments))


@lru_cache(maxsize=64)
def young_levels(segments: int, packets: float) -> dict[str, Any]:
    """Compute the steady state of healthy packets (ODD 7.2) with the catalogue's defaults.

    Args:
        segments: Segments of the gut.
        packets: Packets of the whole animal.

    Returns:
        Packets released per hour, and the units of the young level of the enterocytes and of the
        macrophages of a segment, both with their turnover, and of each organ.
    """
    p = Parameters()
    x, valve = p.exosome, first_colon_segment(segments)
    a = lumen = absorbed = waiting = 0.0
    for g in range(segments):
        small = g < valve
        t = x.small_intestine_transit / valve if small else x.colon_transit / (segments - valve)
        m = x.mucus_entry if small else x.colon_mucus_entry
        k = m * x.epithelial_entry / (x.mucus_return + x.epithelial_entry)
        q = (1.0 - math.exp(-k * t)) / k
        inside = a * q + (1.0 - q / t) / k
        a = a * math.exp(-k * t) + q / t
        lumen += inside / segments
        absorbed += k * inside / segments
        waiting += m * inside / (x.mucus_return + x.epithelial_entry) / segments
    e = 1.0 / (x.enterocyte_uptake + x.transcytosis)
    crossed = x.transcytosis * e * absorbed
    stay = 1.0 / (x.macrophage_uptake + x.portal_entry)
    portal = x.portal_entry * stay * crossed
    k = 60.0 * math.log(2.0) / x.clearance_half_life
    c = (1.0 + x.tissue_entry / x.tissue_return) / k
    release = packets / (lumen + waiting + e * absorbed + stay * crossed + c * portal)
    units = release * p.cargo.units_per_packet * p.cargo.decay_time
    gut, macrophages = kept_shares(p.cargo.decay_time, p.epithelium.transit, p.immune.turnover)
    return {
        "release": release,
        "enterocytes": gut * units * x.enterocyte_uptake * e * absorbed / segments,
        "macrophages": macrophages * units * x.macrophage_uptake * stay * crossed / segments,
        "organs": [units * portal * getattr(x, f"{organ.cell}_share") for organ in ORGANS],
    }


def kept_shares(stay: float, transit: float, turnover: float) -> tuple[float, float]:
    """Shares of held cargo that are left although cells are replaced (k of ODD 5).

    Args:
        stay: Mean life of cargo inside a cell (h).
        transit: Life of an enterocyte (h); all live equally long.
        turnover: Mean stay of a macrophage (d); they are replaced at random.

    Returns:
        Share of enterocytes, and that of macrophages.
    """
    gut = 1.0 + stay / transit * math.expm1(-transit / stay)
    return gut, 1.0 / (1.0 + stay / (24.0 * turnover))


def compute_coefficients(parameters: Parameters, factors: Mapping[str, float]) -> dict[str, Any]:
    """Compute all numbers that the laws read: parameters times factors, and derived values.

    Numbers of signals and organs are arrays, in the order of their tables.

    Args:
        parameters: Parameters of the mouse.
        factors: Factor per named rate of ODD 7.1.

    Raises:
        GutexoError: A rate is not known, or a factor is not a number of 0 or more.
    """
    p: dict[str, Any] = {field_name(name): float(v) for name, v in parameters.flat().items()}
    segments = parameters.resolution.segments
    valve = first_colon_segment(segments)
    young = young_levels(segments, parameters.resolution.packets)
    elimination = 60.0 * math.log(2.0) / parameters.exosome.clearance_half_life
    shares = [p[f"exosome_{organ.cell}_share"] for organ in ORGANS]
    p |= {
        "valve": valve,
        "release": young["release"] / segments,
        "small_time": parameters.exosome.small_intestine_transit / valve,
        "colon_time": parameters.exosome.colon_transit / (segments - valve),
        "dextran_time": parameters.barrier.dextran_transit / valve,
        "passage": parameters.exosome.small_intestine_transit + parameters.exosome.colon_transit,
        "organ_part": np.array([elimination * share for share in shares]),
        "other_part": elimination * max(0.0, 1.0 - sum(shares)),
        "level_enterocytes": young["enterocytes"],
        "level_macrophages": young["macrophages"],
        "organ_level": np.array(young["organs"]),
        "organ_days": np.array([p[f"insulin_{organ.tissue}_mitochondria"] for organ in ORGANS]),
        "half_life": np.array([p[f"immune_{signal.key}_half_life"] for signal in SIGNALS]),
        "by_activation": _of_cytokines(p, "activation"),
        "by_senescence": _of_cytokines(p, "senescence"),
        "f_secretion_of": np.ones(len(CYTOKINES)),
        "f_action": np.ones(len(CYTOKINES)),
        "f_clearance": np.ones(len(SIGNALS)),
        "fixed_age": FREE,
        "held": FREE_BURDEN,
        **{name: 1.0 for name in PLAIN_FACTORS.values()},
    }
    for name, factor in factors.items():
        if name not in FACTORS:
            raise GutexoError(f"no rate '{name}'{suggest(str(name), list(FACTORS))}")
        if isinstance(factor, bool) or not isinstance(factor, (int, float, np.number)):
            raise GutexoError(f"the factor on {name} must be a number; got {factor!r}")
        if not (math.isfinite(factor) and factor >= 0):
            raise GutexoError(f"the factor on {name} must be 0 or more; got {factor!r}")
        for target in MULTIPLIED.get(name, ()):
            p[target] *= float(factor)
        for target in DIVIDED.get(name, ()):
            p[target] = p[target] / float(factor) if factor > 0 else _NEVER
        if name in PLAIN_FACTORS:
            p[PLAIN_FACTORS[name]] *= float(factor)
        if name in ELEMENTS:
            array, position = ELEMENTS[name]
            p[array][position] *= float(factor)
    total = sum([*p["organ_part"].tolist(), p["other_part"]])
    p["elimination"] = total
    p["organ_part"] = p["organ_part"] / total if total > 0 else np.zeros(len(ORGANS))
    for one, other in (
        ("exosome_enterocyte_uptake", "exosome_transcytosis"),
        ("exosome_macrophage_uptake", "exosome_portal_entry"),
    ):
        if p[one] + p[other] <= 0:
            p[one] = p[other] = 1.0 / _NEVER
    return p | _derive_senescence(p, parameters) | _derive_rest(p)


def _derive_senescence(p: Mapping[str, Any], parameters: Parameters) -> dict[str, Any]:
    """Burden of a body of senescent sites only, its mature part in an old mouse, and production."""
    s = parameters.senescence
    cleared = s.removal / (s.half_saturation + s.reference_burden)
    cells = np.array([p[f"resolution_{organ.cell}s"] for organ in ORGANS])
    return {
        "senescence_production": p["senescence_production"] * s.production_part,
        "whole": s.reference_burden / s.share,
        "mature_reference": s.reference_burden / (1.0 + s.maturation * cleared),
        "organ_cells": cells / cells.sum(),
    }


def _derive_rest(p: Mapping[str, Any]) -> dict[str, float]:
    """What niches of healthy loads hold at rest, in young levels."""
    q = Parameters()
    young = kept_shares(q.cargo.decay_time, q.epithelium.transit, q.immune.turnover)
    own = kept_shares(p["cargo_decay_time"], p["epithelium_transit"], p["immune_turnover"])
    return {"rest_enterocytes": own[0] / young[0], "rest_macrophages": own[1] / young[1]}


def _of_cytokines(p: Mapping[str, float], cause: str) -> np.ndarray:
    """Secretion of each cytokine by a cause; 0 where the catalogue has no number for it."""
    return np.array([p.get(f"immune_{one.key}_by_{cause}", 0.0) for one in CYTOKINES])


def make_numbers_record(numbers: Mapping[str, Any]) -> np.ndarray:
    """Make an array of one row from the numbers; compiled laws read its fields by name."""
    row = np.zeros(1, dtype=[(name, np.float64, np.shape(v)) for name, v in numbers.items()])
    for name, value in numbers.items():
        row[name] = value
    return row.view(np.recarray) if JIT_OFF else row
