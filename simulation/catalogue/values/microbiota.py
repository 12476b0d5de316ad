"""Luminal bacteria, their LPS and butyrate."""

from __future__ import annotations

from gutexo.catalogue.declaration import ParameterGroup, parameter

A = "assumed"
F = "feasibility-search"


class MicrobiotaParameters(ParameterGroup):
    """Density along the gut, share of pathobionts, mucus."""

    density: float = parameter(1.0, "1", 0.0, 10.0, grade=A, source=A, prior="fixed", rate="microbiota.density", meaning="bacterial density against a conventional mouse; 0 is germ-free")
    growth_time: float = parameter(24.0, "h", 2.0, 240.0, grade=A, source=A, meaning="time in which density returns")
    shift_time: float = parameter(30.0, "d", 2.0, 200.0, grade=A, source=A, meaning="time in which the share of pathobionts follows the host")
    shift_by_tnf: float = parameter(0.1051, "1", 0.0, 1.0, grade=A, source=F, prior_low=0.01, prior_high=0.5, meaning="rise of the pathobiont share per constitutive level of local TNF")
    lps_by_pathobionts: float = parameter(0.5, "1", 0.0, 10.0, grade=A, source=A, prior_factor=10, meaning="extra LPS of a wholly pathobiont community")
    mucus_time: float = parameter(3.0, "d", 0.2, 30.0, grade=A, source=A, meaning="time in which mucus penetrability follows")
    mucus_by_pathobionts: float = parameter(0.5, "1", 0.0, 10.0, grade=A, source=A, prior_factor=10, meaning="rise of mucus penetrability by pathobionts")
    duodenum: float = parameter(0.1, "1", 0.0, 20.0, grade=A, source=A, prior_factor=10, in_record=False, meaning="bacteria of the duodenum and the LPS they offer, against the other regions; scaled to a mean of 1 over the gut", also=("gut-bacteria-2016",))
    jejunum: float = parameter(0.3, "1", 0.0, 20.0, grade=A, source=A, prior_factor=10, in_record=False, meaning="bacteria of the jejunum and the LPS they offer, against the other regions; scaled to a mean of 1 over the gut", also=("gut-bacteria-2016",))
    ileum: float = parameter(1.0, "1", 0.0, 20.0, grade=A, source=A, prior_factor=10, in_record=False, meaning="bacteria of the ileum and the LPS they offer, against the other regions; scaled to a mean of 1 over the gut", also=("gut-bacteria-2016",))
    colon: float = parameter(2.5, "1", 0.0, 20.0, grade=A, source=A, prior_factor=10, in_record=False, meaning="bacteria of the colon and the LPS they offer, against the other regions; scaled to a mean of 1 over the gut", also=("gut-bacteria-2016",), derived="assumed; counts rise far more steeply (1e5 to 1e11 a gram), these are what the wall hears of them")
