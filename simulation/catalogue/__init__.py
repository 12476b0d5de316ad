"""Catalogue of the model's numbers and sources: parameters, references, units, patterns."""

from gutexo.catalogue.parameters import ParameterEntry, Parameters

__all__ = ["ParameterEntry", "Parameters"]
