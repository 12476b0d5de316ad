"""Names of the rates that an intervention can change."""

from __future__ import annotations

_RATES = {
    "exosome": "release luminal_transit mucus_entry mucus_return epithelial_entry "
    "enterocyte_uptake transcytosis macrophage_uptake portal_entry tissue_entry tissue_return "
    "hepatocyte_uptake myocyte_uptake adipocyte_uptake other_clearance",
    "cargo": "load_barrier load_inflammatory load_insulin_resistance load_protective decay",
    "tight_junction": "repair loss cargo_disruption cytokine_disruption senescent_disruption leak",
    "epithelium": "migration injury restitution",
    "microbiota": "density lps butyrate",
    "macrophage": "activation relaxation",
    "tnf": "secretion action clearance",
    "il6": "secretion action clearance",
    "il10": "secretion action",
    "lps": "crossing clearance",
    "insulin": "relaxation cytokine_block cargo_block cargo_protection mitochondrial_turnover",
    "senescence": "production removal secretion",
    "beta_cell": "adaptation",
}
RATE_NAMES: tuple[str, ...] = tuple(
    f"{group}.{name}" for group, names in _RATES.items() for name in names.split()
)
