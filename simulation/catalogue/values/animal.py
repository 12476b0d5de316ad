"""How much mice differ."""

from __future__ import annotations

from gutexo.catalogue.declaration import ParameterGroup, parameter

A = "assumed"
F = "feasibility-search"


class AnimalParameters(ParameterGroup):
    """Random effects between animals, lognormal."""

    variation: float = parameter(0.15, "1", 0.0, 1.0, grade=A, source=A, prior="uniform", prior_low=0.1, prior_high=0.3, meaning="coefficient of variation of a few rates between animals")
