"""Exosome release, journey and clearance."""

from __future__ import annotations

from gutexo.catalogue.declaration import MAX_MOVES, ParameterGroup, parameter

A = "assumed"
F = "feasibility-search"


class ExosomeParameters(ParameterGroup):
    """Rates of the packet chain: lumen, mucus, epithelium, lamina propria, plasma, tissue, sinks."""

    small_intestine_transit: float = parameter(4.0, "h", 1.0, 12.0, grade=A, source=A, in_record=False, meaning="duodenum to ileocaecal valve", also=("padmanabhan-transit", "fd4-c3h-2018"), derived="assumed; read: by gavage in mice a bolus has left the small intestine after 1 h")
    colon_transit: float = parameter(8.0, "h", 1.0, 36.0, grade=A, source=A, in_record=False, meaning="ileocaecal valve to excretion", also=("padmanabhan-transit",), derived="assumed; read: 6 to 7 h from mouth to rectum, less 1 h for stomach and small intestine")
    mucus_entry: float = parameter(0.12, "1/h", 0.001, 10.0, grade=A, source=A, in_record=False, meaning="lumen to mucus in the small intestine")
    colon_mucus_entry: float = parameter(0.02, "1/h", 0.0001, 10.0, grade=A, source=A, in_record=False, meaning="lumen to mucus in the colon, whose inner layer is denser")
    mucus_return: float = parameter(0.5, "1/h", 0.001, 10.0, grade=A, source=A, rate="exosome.mucus_return", max_step=MAX_MOVES, meaning="mucus back to lumen")
    epithelial_entry: float = parameter(0.5, "1/h", 0.001, 10.0, grade=A, source=A, rate="exosome.epithelial_entry", max_step=MAX_MOVES, meaning="mucus into enterocytes")
    enterocyte_uptake: float = parameter(0.35, "1/h", 0.001, 10.0, grade=A, source=A, rate="exosome.enterocyte_uptake", max_step=MAX_MOVES, meaning="packet opened by the enterocyte that holds it")
    transcytosis: float = parameter(0.25, "1/h", 0.001, 10.0, grade=A, source=A, rate="exosome.transcytosis", max_step=MAX_MOVES, meaning="enterocyte to lamina propria", also=("oral-sev",), derived="assumed; the chain from lumen to plasma is held by the oral share and its time of peak")
    macrophage_uptake: float = parameter(0.5, "1/h", 0.001, 10.0, grade=A, source=A, rate="exosome.macrophage_uptake", max_step=MAX_MOVES, meaning="lamina propria to a macrophage")
    portal_entry: float = parameter(0.5, "1/h", 0.001, 10.0, grade=A, source=A, rate="exosome.portal_entry", max_step=MAX_MOVES, meaning="lamina propria to plasma")
    clearance_half_life: float = parameter(11.0, "min", 1.0, 60.0, grade="B", source="PMC6956244", in_record=False, meaning="half-life in plasma by elimination alone; with exchange the fast phase is about 7 min", derived="ln 2 / 0.063 per min: elimination of a three-place chain whose fast phase is the 6.9 to 8.8 min of table 1")
    tissue_entry: float = parameter(1.9, "1/h", 0.0, 60.0, grade=A, source=A, prior_factor=10, rate="exosome.tissue_entry", max_step=MAX_MOVES, meaning="plasma to reversible tissue binding (slow phase)")
    tissue_return: float = parameter(0.4, "1/h", 0.0, 60.0, grade=A, source=A, prior_factor=10, rate="exosome.tissue_return", max_step=MAX_MOVES, meaning="reversible tissue binding back to plasma")
    hepatocyte_share: float = parameter(0.35, "1", 0.0, 1.0, grade=A, source=A, prior="uniform", prior_low=0.1, prior_high=0.6, in_record=False, meaning="share of plasma elimination that hepatocytes take up", also=("ev-biodistribution-2021",), derived="small vesicles go mostly to the liver; a share was not found")
    myocyte_share: float = parameter(0.10, "1", 0.0, 1.0, grade=A, source=A, prior="uniform", prior_low=0.02, prior_high=0.2, in_record=False, meaning="share of plasma elimination that myocytes take up", also=("ev-biodistribution-2021",))
    adipocyte_share: float = parameter(0.05, "1", 0.0, 1.0, grade=A, source=A, prior="uniform", prior_low=0.01, prior_high=0.1, in_record=False, meaning="share of plasma elimination that adipocytes take up", also=("ev-biodistribution-2021",))
    luminal_particles: float = parameter(1e10, "particles", 1e6, 1e14, grade=A, source=A, in_record=False, meaning="particles in the lumen of a young gut, by which packets are counted as particles")
