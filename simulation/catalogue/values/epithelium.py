"""Turnover and injury of the epithelium."""

from __future__ import annotations

from gutexo.catalogue.declaration import MAX_SHARE, ParameterGroup, parameter

A = "assumed"
F = "feasibility-search"


class EpitheliumParameters(ParameterGroup):
    """Crypt-to-tip migration, damage and restitution."""

    transit: float = parameter(42.5, "h", 24.0, 120.0, grade="A", source="mouse-epithelium-1970", prior="uniform", prior_low=41.8, prior_high=43.1, rate="epithelium.migration", max_step=MAX_SHARE, meaning="crypt to villus tip", derived="mean of duodenum, jejunum and ileum (43.1, 41.8, 42.6 h)")
    injury: float = parameter(0.01, "1/d", 0.0, 10.0, grade=A, source=A, prior_factor=10, rate="epithelium.injury", max_step=MAX_SHARE, meaning="epithelium laid bare at rest")
    injury_by_tnf: float = parameter(142.9, "1", 0.0, 1000.0, grade=A, source=F, prior_low=2, prior_high=200, also=('williams-2013',), derived="that TNF sheds epithelium has a source, the size is fitted", meaning="largest rise of injury by local TNF")
    injury_half: float = parameter(13.26, "1", 0.1, 200.0, grade=A, source=F, prior_low=3, prior_high=30, meaning="TNF at half effect on injury, in constitutive levels")
    restitution: float = parameter(1.0, "1/d", 0.05, 24.0, grade=A, source=A, rate="epithelium.restitution", max_step=MAX_SHARE, meaning="closure of bare epithelium")
    protection: float = parameter(2.165, "1", 0.0, 20.0, grade=A, source=F, prior_low=0.2, prior_high=8, also=('chelakkot-2018',), derived="that vesicles heal the wall has a source, the size is fitted", meaning="largest rise of closure by protective cargo")
    protection_half: float = parameter(1.24, "1", 0.05, 100.0, grade=A, source=F, prior_low=0.5, prior_high=6, meaning="protective cargo at half effect on closure, in young levels")
