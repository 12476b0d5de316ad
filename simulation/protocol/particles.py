"""Doses of exosomes in the units of laboratories: particles or protein, per mouse or per kg."""

from __future__ import annotations

from typing import Any

from gutexo.catalogue.units import convert_to_one_of
from gutexo.errors import issue_note

# Webber and Clayton (2013): a preparation of 3e10 particles or more for each ug of protein is pure.
PARTICLES_PER_UG = 3e10
MOUSE_KG = 0.025  # assumed: a grown mouse
_UNITS = ("particles", "particles/mouse", "particles/kg", "ug", "ug/mouse", "ug/kg")


def to_particles(value: Any) -> Any:
    """Convert text to particles for one mouse; a number is particles already and is returned.

    What the text does not give is taken from the constants of this module, and a note reports it.

    Raises:
        GutexoError: The text is another kind of quantity.
    """
    if not isinstance(value, str):
        return value
    number, unit = convert_to_one_of(value, _UNITS, "")
    substance, _, by = unit.partition("/")
    taken = []
    if by == "kg":
        number *= MOUSE_KG
        taken.append(f"a mouse of {1000 * MOUSE_KG:g} g (assumed)")
    if substance == "ug":
        number *= PARTICLES_PER_UG
        taken.append(
            f"{PARTICLES_PER_UG:g} particles for each ug of protein, the least of a pure "
            "preparation (Webber and Clayton 2013); yours may have a tenth of it"
        )
    if taken:
        issue_note(f"'{value.strip()}' is taken as {number:g} particles: {' and '.join(taken)}")
    return number
