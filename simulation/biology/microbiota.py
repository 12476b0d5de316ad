"""Luminal bacteria: how dense, how many pathobionts, how much LPS, how penetrable the mucus."""

from __future__ import annotations

from gutexo.biology.exact import saturate
from gutexo.compiled import rule


@rule
def pathobiont_target(r, tnf):
    """Share of pathobionts among the bacteria (0 to 1) that an inflamed mucosa favours."""
    above = tnf - 1.0
    if above <= 0.0:
        return 0.0
    return saturate(r.microbiota_shift_by_tnf * above)


@rule
def mucus_target(r, density, pathobionts):
    """Penetrability of the mucus against a healthy one; pathobionts that are there degrade it."""
    return 1.0 + r.microbiota_mucus_by_pathobionts * density * pathobionts


@rule
def luminal_lps(r, density, pathobionts):
    """LPS that bacteria offer to the wall; 1 on the mean of a healthy young gut."""
    return r.microbiota_lps * density * (1.0 + r.microbiota_lps_by_pathobionts * pathobionts)
