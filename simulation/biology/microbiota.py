"""Luminal bacteria: their density, pathobionts and LPS, and the penetrability of the mucus."""

from __future__ import annotations

from gutexo.biology.portable_math import saturate
from gutexo.compiled import rule


@rule
def pathobiont_target(r, tnf):
    """Share of pathobionts among the bacteria (0 to 1) that an inflamed mucosa leads to."""
    above = tnf - 1.0
    if above <= 0.0:
        return 0.0
    return saturate(r.microbiota_shift_by_tnf * above)


@rule
def mucus_target(r, density, pathobionts):
    """Penetrability of the mucus relative to a healthy one; the pathobionts present degrade it."""
    return 1.0 + r.microbiota_mucus_by_pathobionts * density * pathobionts


@rule
def luminal_lps(r, density, pathobionts):
    """LPS of the bacteria in the lumen; 1 is the mean of a healthy young gut."""
    return r.microbiota_lps * density * (1.0 + r.microbiota_lps_by_pathobionts * pathobionts)
