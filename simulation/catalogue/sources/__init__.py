"""The list of references: one record a source, with only what was read of it."""

from __future__ import annotations

from simulation.catalogue.references import Reference
from simulation.catalogue.sources.ageing import AGEING
from simulation.catalogue.sources.gut import GUT
from simulation.catalogue.sources.kinetics import KINETICS
from simulation.catalogue.sources.metabolism import METABOLISM

OWN = (
    Reference(
        "constrained-signs",
        "Own fit by hand of four values to the four reported signs (see docs/design.md)",
        year=2026,
        note="Values moved so that the signs show; graded assumed, never a prediction",
        own=True,
    ),
    Reference(
        "feasibility-search",
        "Own search of a mean-field sketch for sets that meet the patterns (see docs/design.md)",
        year=2026,
        note="Starting values of what nobody measured; graded assumed",
        own=True,
    ),
)
ALL: tuple[Reference, ...] = (*AGEING, *GUT, *KINETICS, *METABOLISM, *OWN)
REFERENCES: dict[str, Reference] = {reference.key: reference for reference in ALL}
