"""Numbers that the laws of the second mean field read: parameters, own numbers, factors."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from gutexo.catalogue import Parameters
from gutexo.catalogue.organs import ORGANS
from gutexo.catalogue.rates import field_name
from gutexo.catalogue.signals import CYTOKINES
from gutexo.mean_field.coefficients import MULTIPLIED, compute_coefficients, young_levels


def second_coefficients(
    parameters: Parameters,
    numbers: Mapping[str, float],
    factors: Mapping[str, float],
    *,
    male: bool = False,
) -> dict[str, Any]:
    """Compute all numbers that the laws read.

    Args:
        parameters: Parameters of the mouse, those of its sex included.
        numbers: Numbers of the second mechanism, see `second_numbers`.
        factors: Factor per named rate of ODD 7.1.
        male: Whether production is the males' part of the published one.
    """
    p = compute_coefficients(parameters, factors)
    for name, value in numbers.items():
        field = field_name(name)
        p[field] = float(value)
        for rate, targets in MULTIPLIED.items():
            if field in targets:
                p[field] *= float(factors.get(rate, 1.0))
    s = parameters.senescence
    part = "senescence_male_production_part" if male else "senescence_production_part"
    p["senescence_production"] *= p[part]
    removal = s.removal / (s.half_saturation + s.reference_burden)
    p["whole"] = s.reference_burden / s.share if s.share > 0 else math.inf
    p["mature_reference"] = s.reference_burden / (1.0 + p["senescence_maturation"] * removal)
    p["by_activation"] = np.array([p[f"immune_{one.key}_by_activation"] for one in CYTOKINES])
    p["by_senescence"] = np.array(
        [p.get(f"immune_{one.key}_by_senescence", 0.0) for one in CYTOKINES]
    )
    cells = np.array([p[f"resolution_{organ.cell}s"] for organ in ORGANS])
    p["organ_cells"] = cells / cells.sum()
    p["fixed_age"] = -1.0
    # Held cargo is relative to a healthy gut at rest with turnover: young levels times k (ODD 5).
    rest = rest_shares(_default_times())
    young = young_levels(parameters.resolution.segments, parameters.resolution.packets)
    p["level_enterocytes"] = young["enterocytes"] * rest[0]
    p["level_macrophages"] = young["macrophages"] * rest[1]
    # What is held at rest by this mouse with healthy loads, against that.
    own = rest_shares(p)
    p["rest_enterocytes"], p["rest_macrophages"] = own[0] / rest[0], own[1] / rest[1]
    return p


def rest_shares(p: Mapping[str, float]) -> tuple[float, float]:
    """Shares of the young levels that enterocytes and macrophages hold at rest (k of ODD 5)."""
    stay, transit = p["cargo_decay_time"], p["epithelium_transit"]
    gut = 1.0 - stay / transit * (1.0 - math.exp(-transit / stay))
    return gut, 1.0 / (1.0 + stay / (24.0 * p["immune_turnover"]))


def _default_times() -> dict[str, float]:
    p = Parameters()
    return {
        "cargo_decay_time": p.cargo.decay_time,
        "epithelium_transit": p.epithelium.transit,
        "immune_turnover": p.immune.turnover,
    }
