"""References behind a scenario or a study."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gutexo.body.interventions import Intervention
from gutexo.catalogue import Parameters
from gutexo.catalogue.references import format_references
from gutexo.errors import GutexoError, suggest
from gutexo.protocol.life import Donors, Life, checked_donors
from gutexo.protocol.standard_studies import scenario, scenarios, studies, study
from gutexo.protocol.study import Scenario, Study
from gutexo.support.packages import is_own_module


def cite(what: str | Scenario | Study | Intervention | None = None, style: str = "text") -> str:
    """Format the references behind a scenario, study or intervention: its numbers and treatments.

    Args:
        what: Name of a study or scenario; or a study, scenario or intervention; all references if
            None.
        style: "text" (one a line) or "bibtex".

    Returns:
        The references, each once.

    Raises:
        GutexoError: There is no such study, scenario, reference or style.
    """
    if what is None:
        return format_references(all_reference_keys(), style)
    return format_references(
        reference_keys(find_study_or_scenario(what) if isinstance(what, str) else what), style
    )


def reference_keys(what: Scenario | Study | Life | Intervention) -> tuple[str, ...]:
    """List the keys of the records behind all parameters and interventions of an object.

    A parameter that was changed is not based on its record any more, so that record is left out.

    Args:
        what: Scenario, study, life or intervention.
    """
    return tuple(dict.fromkeys(_walk_reference_keys(what)))


def all_reference_keys() -> tuple[str, ...]:
    """List the keys of all records that a parameter or a named intervention cites."""
    keys = dict.fromkeys(reference_keys(study("exosome transfer")))
    for kind in _walk_subclasses(Intervention):
        if is_own_module(kind.__module__):
            keys.update(dict.fromkeys(kind.sources))
    return tuple(keys)


def find_study_or_scenario(name: str) -> Scenario | Study:
    """Find a study or a scenario by name.

    Raises:
        GutexoError: There is no study or scenario of this name.
    """
    if str(name).replace("_", " ").replace("-", " ") in studies():
        return study(name)
    try:
        return scenario(name)
    except GutexoError:
        known = suggest(str(name), [*studies(), *scenarios()])
        raise GutexoError(f"there is no study or scenario '{name}'{known}") from None


def _walk_reference_keys(what: Any) -> Iterator[str]:
    if isinstance(what, Study):
        for arm in what.arms:
            yield from _walk_reference_keys(arm)
    elif isinstance(what, Scenario):
        for item in what.interventions:
            yield from _walk_reference_keys(item)
        yield from _walk_reference_keys(what.life)
    elif isinstance(what, Life):
        for item in what.interventions:
            yield from _walk_reference_keys(item)
        yield from _parameter_keys(what.parameters())
    elif isinstance(what, Donors):
        yield from _walk_reference_keys(what.life)
    elif isinstance(what, Intervention):
        yield from what.sources
        yield from _walk_reference_keys(checked_donors(what))


def _parameter_keys(parameters: Parameters) -> Iterator[str]:
    for entry in parameters.entries():
        if entry.value == entry.default:
            yield from entry.keys()


def _walk_subclasses(kind: type[Intervention]) -> Iterator[type[Intervention]]:
    for child in kind.__subclasses__():
        yield child
        yield from _walk_subclasses(child)
