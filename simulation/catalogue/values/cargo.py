"""What cells load into exosomes, and how long it acts."""

from __future__ import annotations

from gutexo.catalogue.declaration import MAX_SHARE, ParameterGroup, parameter

A = "assumed"
F = "feasibility-search"


class CargoParameters(ParameterGroup):
    """Cargo on four separable axes; units are counted."""

    units_per_packet: float = parameter(2.0, "1", 0.1, 100.0, grade=A, source=A, prior="fixed", meaning="units of each axis in a packet of a healthy cell at default resolution")
    decay_time: float = parameter(48.0, "h", 6.0, 240.0, grade=A, source=F, rate="cargo.decay", max_step=MAX_SHARE, meaning="mean life of cargo inside a cell")
    barrier_by_senescence: float = parameter(12.85, "1", 0.0, 500.0, grade=A, source=F, prior_low=0.5, prior_high=20, meaning="extra barrier-disrupting load in an old gut whose senescent cells are fully licensed")
    inflammatory_by_senescence: float = parameter(12.63, "1", 0.0, 500.0, grade=A, source=F, prior_low=0.5, prior_high=20, meaning="the same for the inflammatory load")
    insulin_by_senescence: float = parameter(2.082, "1", 0.0, 500.0, grade=A, source=F, prior_low=0.5, prior_high=20, meaning="the same for the insulin-resistance lipid")
    protective_by_senescence: float = parameter(6.818, "1", 0.0, 100.0, grade=A, source=F, prior_low=0.3, prior_high=12, meaning="loss of protective load in such a gut, in every cell of a segment")
    protection_half: float = parameter(0.6516, "1", 0.05, 100.0, grade=A, source=F, prior_low=0.15, prior_high=1.2, meaning="protective cargo at half effect in every place, in young levels")
