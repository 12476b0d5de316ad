"""The list of references: one record a source, with only what was read of it."""

from __future__ import annotations

from gutexo.catalogue.adopted import adopted_values
from gutexo.catalogue.reference_record import Reference
from gutexo.catalogue.sources.ageing import AGEING
from gutexo.catalogue.sources.gut import GUT
from gutexo.catalogue.sources.kinetics import KINETICS
from gutexo.catalogue.sources.metabolism import METABOLISM

OWN: tuple[Reference, ...] = (
    Reference(
        "feasibility-search",
        "Own searches of mean-field models for sets that meet the patterns (see docs/design.md)",
        year=2026,
        note="Starting values of what nobody measured; graded assumed",
        own=True,
    ),
)
CALIBRATION = Reference(
    "calibration",
    "Own calibration: a draw of a posterior, adopted by a rule (see docs/calibration)",
    year=2026,
    note="Grades stay those of the declared values: that fitted rows hold is no evidence",
    own=True,
)
if adopted_values():
    OWN += (CALIBRATION,)
ALL: tuple[Reference, ...] = (*AGEING, *GUT, *KINETICS, *METABOLISM, *OWN)
REFERENCES: dict[str, Reference] = {reference.key: reference for reference in ALL}
