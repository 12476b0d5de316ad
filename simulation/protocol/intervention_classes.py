"""Interventions by name: what lists, configurations and the page offer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from types import ModuleType
from typing import Any

from gutexo.body.interventions import Intervention
from gutexo.errors import GutexoError, suggest
from gutexo.protocol import exosome_treatments, treatments
from gutexo.protocol.study import Scenario, Study
from gutexo.support.printable import short_repr

_MODULES: tuple[ModuleType, ...] = (exosome_treatments, treatments)


@cache
def interventions() -> dict[str, type[Intervention]]:
    """List the classes of interventions of the package by name."""
    found = [
        item
        for module in _MODULES
        for item in vars(module).values()
        if isinstance(item, type)
        and issubclass(item, Intervention)
        and item.__module__ == module.__name__
        and not item.__name__.startswith("_")
    ]
    return {kind.__name__: kind for kind in sorted(found, key=lambda kind: kind.__name__)}


def first_sentence(kind: type[Intervention]) -> str:
    """First sentence of what an intervention says of itself."""
    text = " ".join((kind.__doc__ or "").split("\n\n")[0].split())
    return text.partition(". ")[0].rstrip(".")


def make_intervention(name: Any, fields: Mapping[str, Any]) -> Intervention:
    """Make an intervention of the package from its name and fields.

    Args:
        name: Name of its class, such as "Butyrate".
        fields: Its fields; the others keep their defaults.

    Raises:
        GutexoError: The name or a field is wrong.
    """
    known = interventions()
    if not isinstance(name, str) or name not in known:
        raise GutexoError(
            f"intervention {short_repr(name)} does not exist{suggest(str(name)[:60], known)}"
        )
    return known[name](**fields)


def add_interventions(study: Study, tables: Any) -> Study:
    """Add the interventions of a configuration to the arms of a study.

    Args:
        study: The study.
        tables: One table for each intervention: `name`, its fields, and `arms`, the names of the
            arms that receive it; all arms if there is no `arms`.

    Returns:
        The same study with more interventions.

    Raises:
        GutexoError: The tables are not of that form, or a name or field is wrong.
    """
    if not isinstance(tables, Sequence) or not all(isinstance(table, Mapping) for table in tables):
        raise GutexoError('interventions must be tables: [[interventions]] with name = "NAME"')
    arms = list(study.arms)
    for table in tables:
        fields = {key: value for key, value in table.items() if key not in ("name", "arms")}
        added = make_intervention(table.get("name"), fields)
        names = table.get("arms", [arm.name for arm in arms])
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise GutexoError(
                f"interventions: arms must be a list of names; got {short_repr(names)}"
            )
        receiving = {study.arm(name).name for name in names}
        arms = [arm.add(added) if arm.name in receiving else arm for arm in arms]
    return Study(**{**dict(study), "arms": tuple(arms)})


def single_treatments(age: str, life: Any, duration: float) -> dict[str, Scenario]:
    """Make one scenario for each intervention that has an effect with its defaults.

    Args:
        age: Word for the age of the mice, the first part of the names.
        life: How the mice were raised.
        duration: How long they are followed (d).

    Returns:
        Scenarios by name, such as "old + Butyrate".
    """
    found = {}
    for name, kind in interventions().items():
        if kind.__module__ != treatments.__name__:
            continue  # exosomes and vehicle need donors, or are a control of theirs
        item = kind()
        if item.modifiers(0) or item.doses():
            arm = f"{age} + {name}"
            found[arm] = Scenario(name=arm, life=life, interventions=(item,), duration=duration)
    return found
