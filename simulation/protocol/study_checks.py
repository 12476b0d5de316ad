"""Checks of a study that are made before any mouse of it is run."""

from __future__ import annotations

import math
from collections.abc import Iterator

from gutexo.body.doses import MAX_DOSE_PACKETS, check_gut_region, check_packets
from gutexo.body.interventions import Intervention, checked_doses, checked_modifiers
from gutexo.body.young_levels import compute_young_levels
from gutexo.catalogue import Parameters
from gutexo.catalogue.ages import WEANING_DAYS
from gutexo.errors import GutexoError
from gutexo.protocol.exosome_treatments import GiveExosomes
from gutexo.protocol.life import Donors, Life, checked_donors
from gutexo.protocol.study import Scenario, Study, list_dose_days
from gutexo.support.interrupts import Interrupted, detect_interrupts

DEFAULT_PACKETS = Parameters().resolution.packets


def check_study(study: Study) -> list[str]:
    """Refuse impossible rates, factors, regions of gut and doses, on every day of a study.

    Other errors in a user's own intervention are ignored here: they appear as failures of its
    mice, with the place of the error.

    Args:
        study: Study that will be run.

    Returns:
        Warnings, one line each: interventions that are possible but affect no reading.

    Raises:
        GutexoError: An intervention of an arm, of its life or of a donor's life is impossible; the
            message names the arm and the error.
    """
    # A sweep has thousands of arms with the same interventions.
    checked: set[tuple[int, int]] = set()
    warned: dict[tuple[int, float], list[str]] = {}
    for arm in study.arms:
        for item, days in _list_interventions(arm):
            if (id(item), days) in checked:
                continue
            checked.add((id(item), days))
            try:
                with detect_interrupts():
                    _check_intervention(item, days)
            except GutexoError as error:
                raise GutexoError(f"arm '{arm.name}': {error}") from None
            except Interrupted:
                raise
            except BaseException:
                continue
        for item in arm.interventions:
            if (id(item), arm.duration) not in warned:
                warned[id(item), arm.duration] = list(_report_late_doses(item, arm))
    return [line for lines in warned.values() for line in lines]


def _list_interventions(arm: Scenario) -> Iterator[tuple[Intervention, int]]:
    """Yield the interventions of an arm, its life and its donors' lives, with their whole days."""
    yield from ((item, math.ceil(arm.duration)) for item in arm.interventions)
    yield from _life_interventions(arm.life)
    for item in arm.interventions:
        donors = checked_donors(item)
        if donors is not None:
            yield from _life_interventions(donors.life)


def _life_interventions(life: Life) -> Iterator[tuple[Intervention, int]]:
    yield from ((item, math.ceil(life.age - WEANING_DAYS)) for item in life.interventions)


def _check_intervention(item: Intervention, days: int) -> None:
    """Check everything that an intervention returns over a number of days of a mouse."""
    stop = days if item.stop is None else min(days, item.stop)
    for day in range(max(1, math.ceil(stop - item.start))):
        checked_modifiers(item, float(day))
    check_gut_region(item.segments())
    checked_doses(item)
    donors = checked_donors(item)
    if isinstance(item, GiveExosomes) and donors is not None:
        check_packets(_estimate_donor_packets(item, donors))


def _estimate_donor_packets(item: GiveExosomes, donors: Donors) -> float:
    """Estimate the packets of one dose before harvest, as if donors were healthy young mice."""
    packets = donors.life.changes.get("resolution.packets", DEFAULT_PACKETS)
    if item.particles is None and isinstance(packets, (int, float)):
        most = item.equivalents * packets  # not all of them are in the lumen
        if most <= MAX_DOSE_PACKETS:
            return most
    parameters = donors.life.parameters()
    luminal = compute_young_levels(parameters).luminal
    if item.particles is not None:
        return item.particles * luminal / parameters.exosome.luminal_particles
    return item.equivalents * luminal


def _report_late_doses(item: Intervention, arm: Scenario) -> Iterator[str]:
    """Yield a warning if an intervention's doses or effects begin on the last day or later."""
    end, name = arm.duration, type(item).__name__
    try:
        with detect_interrupts():
            days = list_dose_days(item)
    except Interrupted:
        raise
    except BaseException:
        return  # It will be reported as a failure of its mice.
    late = sum(day >= end for day in days)
    followed = f"arm '{arm.name}' is followed for {end:g} d"
    if late:
        yield (
            f"{followed}: {late} of {len(days)} doses of {name} come on that day or after it and "
            "show in no reading"
        )
    elif not days and item.start >= end > 0 and type(item).modifiers is not Intervention.modifiers:
        yield f"{followed}: {name} starts on day {item.start:g} and shows in no reading"
