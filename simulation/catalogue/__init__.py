"""What is known: parameters, references, units, patterns."""

from gutexo.catalogue.parameters import Entry, Parameters

__all__ = ["Entry", "Parameters"]
