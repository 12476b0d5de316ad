"""A dose of exosomes as laboratories write it: particles, mass of protein, by mouse or by kg."""

from __future__ import annotations

from typing import Any

from gutexo.catalogue.units import convert_to_one_of
from gutexo.errors import note

# Webber and Clayton (2013): a preparation of 3e10 particles or more for each ug of protein is pure.
PARTICLES_PER_UG = 3e10
MOUSE_KG = 0.025  # assumed: a grown mouse
_UNITS = ("particles", "particles/mouse", "particles/kg", "ug", "ug/mouse", "ug/kg")


def in_particles(value: Any) -> Any:
    """Text as particles for one mouse; numbers, which are particles already, as they are.

    What is not in the text is taken from the constants of this module, and said.

    Raises:
        GutexoError: It is text of another kind of quantity.
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
        note(f"'{value.strip()}' is taken as {number:g} particles: {' and '.join(taken)}")
    return number
