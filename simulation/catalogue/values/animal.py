"""How much mice differ."""

from __future__ import annotations

from typing import ClassVar

from gutexo.catalogue.declaration import ParameterGroup, parameter

A = "assumed"
F = "feasibility-search"


class AnimalParameters(ParameterGroup):
    """Random effects between animals, lognormal."""

    in_record: ClassVar[bool] = False

    variation: float = parameter(0.15, "1", 0.0, 1.0, grade=A, source=A, prior="uniform", prior_low=0.1, prior_high=0.3, meaning="coefficient of variation of a few rates between animals")
