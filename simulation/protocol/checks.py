"""What is wrong with a study and can be known before a mouse of it is run."""

from __future__ import annotations

import math
from collections.abc import Iterator

from gutexo.body.inputs import (
    MOST_PACKETS,
    Intervention,
    check_packets,
    check_stretch,
    checked_doses,
    checked_modifiers,
)
from gutexo.body.reference import reference
from gutexo.catalogue import Parameters
from gutexo.errors import GutexoError
from gutexo.interrupts import Interrupted, told_apart
from gutexo.protocol.exosomal import GiveExosomes
from gutexo.protocol.life import Donors, Life
from gutexo.protocol.study import Scenario, Study, days_of_doses

DEFAULT_PACKETS = Parameters().resolution.packets


def check_study(study: Study) -> list[str]:
    """Refuse rates, factors, stretches and doses that no mouse can be given, on any day.

    Code of the user's own that fails otherwise is a failure of its mice, which say where.

    Args:
        study: What is about to be run.

    Returns:
        What is possible but shows in no reading, a line each.

    Raises:
        GutexoError: An intervention of an arm, of its life or of a donor's is not possible; says
            which.
    """
    seen: set[tuple[int, int]] = set()  # a sweep has thousands of arms with the same interventions
    warned: dict[tuple[int, float], list[str]] = {}
    for arm in study.arms:
        for item, days in _everything_done(arm):
            if (id(item), days) in seen:
                continue
            seen.add((id(item), days))
            try:
                with told_apart():
                    _check(item, days)
            except GutexoError as error:
                raise GutexoError(f"arm '{arm.name}': {error}") from None
            except Interrupted:
                raise
            except BaseException:
                continue
        for item in arm.interventions:
            if (id(item), arm.duration) not in warned:
                warned[id(item), arm.duration] = list(_too_late(item, arm))
    return [line for lines in warned.values() for line in lines]


def _everything_done(arm: Scenario) -> Iterator[tuple[Intervention, int]]:
    """Interventions of an arm, of its life and of its donors', with the whole days they see."""
    yield from ((item, math.ceil(arm.duration)) for item in arm.interventions)
    yield from _done_in(arm.life)
    for item in arm.interventions:
        source = getattr(item, "source", None)
        if isinstance(source, Donors):
            yield from _done_in(source.life)


def _done_in(life: Life) -> Iterator[tuple[Intervention, int]]:
    yield from ((item, math.ceil(life.age - life.first_day)) for item in life.interventions)


def _check(item: Intervention, days: int) -> None:
    """Everything an intervention says over so many days of a mouse."""
    stop = days if item.stop is None else min(days, item.stop)
    for day in range(max(1, math.ceil(stop - item.start))):
        checked_modifiers(item, float(day))
    check_stretch(item.segments())
    checked_doses(item)
    if isinstance(item, GiveExosomes) and isinstance(item.source, Donors):
        check_packets(_packets_of_donors(item, item.source))


def _packets_of_donors(item: GiveExosomes, donors: Donors) -> float:
    """Packets of one dose, before anybody is harvested: of donors as full as healthy young mice."""
    packets = donors.life.changes.get("resolution.packets", DEFAULT_PACKETS)
    if item.particles is None and isinstance(packets, (int, float)):
        most = item.equivalents * packets  # not all of them are in the lumen
        if most <= MOST_PACKETS:
            return most
    parameters = donors.life.parameters()
    luminal = reference(parameters).luminal
    if item.particles is not None:
        return item.particles * luminal / parameters.exosome.luminal_particles
    return item.equivalents * luminal


def _too_late(item: Intervention, arm: Scenario) -> Iterator[str]:
    """What of an intervention begins on the last day of an arm or after it."""
    end, name = arm.duration, type(item).__name__
    try:
        with told_apart():
            days = days_of_doses(item)
    except Interrupted:
        raise
    except BaseException:
        return  # It is a failure of its mice.
    late = sum(day >= end for day in days)
    followed = f"arm '{arm.name}' is followed for {end:g} d"
    if late:
        yield (
            f"{followed}: {late} of {len(days)} doses of {name} come on that day or after it and "
            "show in no reading"
        )
    elif not days and item.start >= end > 0 and type(item).modifiers is not Intervention.modifiers:
        yield f"{followed}: {name} starts on day {item.start:g} and shows in no reading"
