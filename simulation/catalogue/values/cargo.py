"""What cells load into exosomes, and how long it acts."""

from __future__ import annotations

from gutexo.catalogue.declaration import MAX_SHARE, ParameterGroup, parameter

A = "assumed"
C = "calibration"
F = "feasibility-search"


class CargoParameters(ParameterGroup):
    """Cargo on four separable axes; units are counted."""

    units_per_packet: float = parameter(2.0, "1", 0.1, 100.0, grade=A, source=A, prior="fixed", meaning="units of each harmful axis in a packet of a healthy cell at default resolution")
    decay_time: float = parameter(48.0, "h", 6.0, 240.0, grade=A, source=F, rate="cargo.decay", max_step=MAX_SHARE, meaning="mean life of cargo inside a cell")
    barrier_by_senescence: float = parameter(19.07, "1", 0.0, 500.0, grade=A, source=C, prior_low=2, prior_high=200, meaning="extra barrier-disrupting load of a senescent cell")
    barrier_by_activation: float = parameter(0.5, "1", 0.0, 50.0, grade=A, source=F, prior_factor=10, meaning="extra barrier-disrupting load per unit of mucosal activation")
    inflammatory_by_senescence: float = parameter(20.42, "1", 0.0, 500.0, grade=A, source=C, prior_low=1, prior_high=100, meaning="extra inflammatory load of a senescent cell")
    inflammatory_by_activation: float = parameter(1.0, "1", 0.0, 50.0, grade=A, source=F, prior_factor=10, meaning="extra inflammatory load per unit of mucosal activation")
    insulin_by_senescence: float = parameter(86.62, "1", 0.0, 500.0, grade=A, source=C, prior_low=3.5, prior_high=350, meaning="extra insulin-resistance lipid of a senescent cell")
    insulin_by_activation: float = parameter(1.5, "1", 0.0, 50.0, grade=A, source=F, prior_factor=10, meaning="extra insulin-resistance lipid per unit of mucosal activation")
    protective: float = parameter(4.0, "1", 0.0, 40.0, grade=A, source=F, prior_factor=10, meaning="protective load of a healthy cell against its harmful axes")
    protective_by_senescence: float = parameter(24.42, "1", 0.0, 100.0, grade=A, source=C, prior_low=0.427, prior_high=42.7, meaning="loss of protective load of a cell by the senescent share around it, at the share of an old gut")
    protective_by_activation: float = parameter(0.5, "1", 0.0, 50.0, grade=A, source=F, prior_factor=10, meaning="loss of protective load per unit of mucosal activation")
