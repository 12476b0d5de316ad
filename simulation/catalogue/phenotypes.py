"""Phenotypes (strain and sex): they change rates of the catalogue and nothing else."""

from __future__ import annotations

from gutexo.catalogue.adopted import adopted_of_males
from gutexo.errors import GutexoError, suggest

PHENOTYPES: dict[str, dict[str, float]] = {
    "C57BL/6 female": {},
    # Fits to the survival of males (srtools-aging): slower and noisier turnover, earlier death.
    "C57BL/6 male": {
        "senescence.production": 7.171e-6,
        "senescence.production_part": 0.6587,
        "senescence.removal": 3.865e-3,
        "senescence.half_saturation": 0.012,
        "senescence.noise": 7.158e-4,
        "senescence.reference_burden": 0.426,
        **adopted_of_males(),
    },
}


def phenotype(name: str) -> dict[str, float]:
    """Return a strain or sex as changes of parameters; it changes rates and nothing else.

    Args:
        name: Name of a phenotype, such as "C57BL/6 male".

    Returns:
        Values by parameter name, for `Parameters.change` or `Life(changes=...)`.

    Raises:
        GutexoError: There is no such phenotype.
    """
    if name not in PHENOTYPES:
        raise GutexoError(f"phenotype '{name}' does not exist{suggest(name, PHENOTYPES)}")
    return dict(PHENOTYPES[name])
