"""Turnover and injury of the epithelium."""

from __future__ import annotations

from gutexo.catalogue.declaration import MAX_SHARE, ParameterGroup, parameter

A = "assumed"
F = "feasibility-search"


class EpitheliumParameters(ParameterGroup):
    """Crypt-to-tip migration, damage and restitution."""

    transit: float = parameter(42.5, "h", 24.0, 120.0, grade="A", source="mouse-epithelium-1970", prior="uniform", prior_low=41.8, prior_high=43.1, rate="epithelium.migration", max_step=MAX_SHARE, meaning="crypt to villus tip", derived="mean of duodenum, jejunum and ileum (43.1, 41.8, 42.6 h)")
    injury: float = parameter(0.01, "1/d", 0.0, 10.0, grade=A, source=A, prior_factor=10, rate="epithelium.injury", max_step=MAX_SHARE, meaning="epithelium laid bare at rest")
    injury_by_tnf: float = parameter(0.02, "1", 0.0, 10.0, grade=A, source=A, prior_factor=10, meaning="rise of injury per constitutive level of local TNF")
    restitution: float = parameter(1.0, "1/d", 0.05, 24.0, grade=A, source=A, rate="epithelium.restitution", max_step=MAX_SHARE, meaning="closure of bare epithelium")
