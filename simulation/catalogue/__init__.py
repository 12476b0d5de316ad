"""What is known: parameters, references, units, patterns."""

from simulation.catalogue.parameters import Entry, Parameters

__all__ = ["Entry", "Parameters"]
