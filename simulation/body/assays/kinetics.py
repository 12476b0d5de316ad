"""Kinetics as a laboratory measures them, minute by minute on a copy of the mouse.

Only what is injected or swallowed moves; everything else is constant. The mouse itself does not
change and none of its draws is used (`crypt_to_tip_times` is an exception: it advances the mouse).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gutexo.biology import streams
from gutexo.biology.codes import (
    DEGRADED,
    IN_FIRST_ORGAN,
    LUMEN,
    N_AXES,
    N_PLACES,
    PLASMA,
    TISSUE,
)
from gutexo.biology.draws import derive_key, normal, uniform_at
from gutexo.biology.senescence import step_burden
from gutexo.body.clock import make_clock
from gutexo.body.mouse import Mouse
from gutexo.body.rates import RateTable
from gutexo.body.stages.arrivals import apply_arrivals
from gutexo.body.stages.blood import advance_signals
from gutexo.body.stages.dosing import dose_packets
from gutexo.body.stages.packets import run_packets
from gutexo.body.stages.sense import sense
from gutexo.catalogue import Parameters
from gutexo.catalogue.signals import SIGNALS
from gutexo.compiled import kernel
from gutexo.errors import GutexoError

MINUTE_HOURS = 1.0 / 60.0
# Sinks that an exosome reaches only through plasma.
PLASMA_SINKS = tuple(range(IN_FIRST_ORGAN, DEGRADED + 1))
ENTRY_PLACES = {"gavage": LUMEN, "intravenous": PLASMA}


@dataclass(frozen=True)
class ExosomeKinetics:
    """The course of a dose of inert exosomes.

    Attributes:
        minutes: Times after the dose (min), float64[n].
        plasma: Share of the dose in plasma, float64[n].
        reached: Share of the dose that had reached plasma by then, float64[n].
    """

    minutes: np.ndarray
    plasma: np.ndarray
    reached: np.ndarray


def exosome_kinetics(
    mouse: Mouse, route: str, hours: float, packets: int = 20_000
) -> ExosomeKinetics:
    """Follow a dose of empty exosomes through a mouse whose state is constant.

    Args:
        mouse: Mouse that receives the dose; it does not change.
        route: "gavage" or "intravenous".
        hours: Duration (h).
        packets: Packets in the dose; this number sets the noise of the shares.

    Raises:
        GutexoError: The route is neither.
    """
    if route not in ENTRY_PLACES:
        raise GutexoError(f"route must be gavage or intravenous; got {route!r}")
    s = Mouse.from_snapshot(mouse.snapshot()).state
    a, key = s.anatomy, derive_key(s.run_key, streams.ASSAY)
    s.count = 0
    s.make_room(packets)
    cargo = np.zeros((1, N_AXES), np.int32)
    place, stretch = ENTRY_PLACES[route], (0, 1)
    s.count = dose_packets(
        a, 0, s.next_id, s.packets, s.ledger, key, 0, packets, cargo, place, stretch, s.tick
    )
    sense(a, s.segments, s.cells, s.sensed, s.records, s.blood, MINUTE_HOURS)
    steps = int(round(hours * 60))
    plasma, reached = np.zeros(steps + 1), np.zeros(steps + 1)
    through = 0
    for step in range(steps + 1):
        if step:
            now = make_clock(key, step, MINUTE_HOURS, 1)
            run_packets(s.count, a, s.packets, s.sensed, s.records, now)
        counts = np.bincount(s.packets.place[: s.count], minlength=N_PLACES + len(PLASMA_SINKS))
        through += int(sum(counts[place] for place in PLASMA_SINKS if place < len(counts)))
        plasma[step] = counts[PLASMA] / packets
        reached[step] = (through + counts[PLASMA] + counts[TISSUE]) / packets
        s.count = apply_arrivals(s.count, s.packets, s.cells, s.ledger)
    return ExosomeKinetics(np.arange(steps + 1.0), plasma, reached)


def bolus_excess(mouse: Mouse, substance: str, rise: float, minutes: int) -> np.ndarray:
    """Excess of a signal in plasma after an injection, as a share of the injected rise.

    Args:
        mouse: Mouse that is injected; it does not change.
        substance: Key of the signal, such as "tnf" or "lps".
        rise: Rise of the level, in constitutive levels.
        minutes: Duration (min).

    Returns:
        float64[minutes + 1], 1 at the injection.
    """
    keys = [signal.key for signal in SIGNALS]
    if substance not in keys:
        raise GutexoError(f"substance must be one of {', '.join(keys)}; got {substance!r}")
    number = keys.index(substance)
    courses = []
    for added in (rise, 0.0):
        s = Mouse.from_snapshot(mouse.snapshot()).state
        s.blood["level"][0, number] += added
        level = [float(s.blood["level"][0, number])]
        for _ in range(minutes):
            advance_signals(s.anatomy, s.sensed, s.segments, s.records[-1], s.blood, MINUTE_HOURS)
            level.append(float(s.blood["level"][0, number]))
        courses.append(np.array(level))
    return (courses[0] - courses[1]) / rise


def crypt_to_tip_times(mouse: Mouse, days: float) -> np.ndarray:
    """Hours between two sheddings at each enterocyte site, from now on; this advances the mouse.

    Args:
        mouse: Mouse that is observed; it lives through these days.
        days: Duration (d).
    """
    sites = slice(0, mouse.state.anatomy.first_macrophage)
    last = np.full(mouse.state.anatomy.first_macrophage, np.nan)
    found = []
    generation = mouse.state.cells.generation[sites].copy()
    for tick in range(int(round(days * 24 / mouse.state.hours))):
        mouse.run_for(mouse.state.hours)
        shed = mouse.state.cells.generation[sites] != generation
        generation = mouse.state.cells.generation[sites].copy()
        found.append((tick - last)[shed & ~np.isnan(last)] * mouse.state.hours)
        last[shed] = tick
    return np.concatenate(found)


@kernel
def _simulate_burden(r, key, days, burdens):
    """Fill in the burden at the end of each day of an independent life; keep NaN from death on."""
    burden = 0.0
    for hour in range(24 * days):
        z = normal(uniform_at(key, hour))
        burden = step_burden(r, burden, burden, float(hour), 1.0, z)
        if burden >= 1.0:
            return
        if hour % 24 == 23:
            burdens[hour // 24] = burden


def simulate_burdens(parameters: Parameters, mice: int, days: int, seed: int = 0) -> np.ndarray:
    """Simulate burdens from birth without induction, with the rule and draws of a mouse.

    Args:
        parameters: The catalogue's numbers, or a phenotype's.
        mice: Number of mice.
        days: Duration (d).
        seed: Seed of all of them.

    Returns:
        float64[mice, days], NaN from the death of a mouse on.
    """
    from gutexo.body.anatomy import build_anatomy

    burdens = np.full((mice, days), np.nan)
    base = parameters.change({"animal.variation": 0.0})
    records = RateTable(base, build_anatomy(base), derive_key(np.uint64(seed), 0)).records
    for number in range(mice):
        key = derive_key(np.uint64(seed), streams.YOUTH, number)
        _simulate_burden(records[-1], key, days, burdens[number])
    return burdens
