"""Which references stand behind a scenario or a study."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gutexo.body.inputs import Intervention
from gutexo.catalogue import Parameters
from gutexo.errors import GutexoError, suggest
from gutexo.packages import is_ours
from gutexo.protocol.life import Donors, Life
from gutexo.protocol.studies import scenario, scenarios, studies, study
from gutexo.protocol.study import Scenario, Study


def sources(what: Scenario | Study | Life | Intervention) -> tuple[str, ...]:
    """Keys of the records behind it: of all its numbers, and of what is done to its mice.

    A number that was changed rests on its record no more, so its record is not among them.

    Args:
        what: Scenario, study, life or intervention.
    """
    return tuple(dict.fromkeys(_sources(what)))


def everything() -> tuple[str, ...]:
    """Keys of all records that a parameter or a named intervention points to."""
    keys = dict.fromkeys(sources(study("exosome transfer")))
    for kind in _kinds(Intervention):
        if is_ours(kind.__module__):
            keys.update(dict.fromkeys(kind.sources))
    return tuple(keys)


def named(name: str) -> Scenario | Study:
    """A study or a scenario by name.

    Raises:
        GutexoError: There is none.
    """
    if str(name).replace("_", " ").replace("-", " ") in studies():
        return study(name)
    try:
        return scenario(name)
    except GutexoError:
        known = suggest(str(name), [*studies(), *scenarios()])
        raise GutexoError(f"there is no study or scenario '{name}'{known}") from None


def _sources(what: Any) -> Iterator[str]:
    if isinstance(what, Study):
        for arm in what.arms:
            yield from _sources(arm)
    elif isinstance(what, Scenario):
        for item in what.interventions:
            yield from _sources(item)
        yield from _sources(what.life)
    elif isinstance(what, Life):
        for item in what.interventions:
            yield from _sources(item)
        yield from _of_parameters(what.parameters())
    elif isinstance(what, Donors):
        yield from _sources(what.life)
    elif isinstance(what, Intervention):
        yield from what.sources
        yield from _sources(getattr(what, "source", None))


def _of_parameters(parameters: Parameters) -> Iterator[str]:
    for entry in parameters.entries():
        if entry.value == entry.default:
            yield from entry.keys()


def _kinds(kind: type[Intervention]) -> Iterator[type[Intervention]]:
    for child in kind.__subclasses__():
        yield child
        yield from _kinds(child)
