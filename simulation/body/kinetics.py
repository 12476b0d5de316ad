"""Kinetics as a laboratory measures them, minute by minute on a frozen branch of the mouse.

What is injected or swallowed moves; everything else stands still. The living mouse is not touched,
none of its draws is used.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gutexo.biology import streams
from gutexo.biology.draws import key_of, normal, uniform_at
from gutexo.biology.places import (
    DEGRADED,
    IN_ADIPOCYTE,
    IN_HEPATOCYTE,
    IN_MYOCYTE,
    LUMEN,
    N_AXES,
    N_PLACES,
    PLASMA,
    TISSUE,
)
from gutexo.biology.senescence import step_burden
from gutexo.body.clock import clock
from gutexo.body.mouse import Mouse
from gutexo.body.rates import RateBook
from gutexo.body.stages.arrivals import settle_arrivals
from gutexo.body.stages.blood import advance_cytokines
from gutexo.body.stages.dosing import dose_packets
from gutexo.body.stages.packets import run_packets
from gutexo.body.stages.sense import sense
from gutexo.catalogue import Parameters
from gutexo.compiled import kernel
from gutexo.errors import GutexoError

MINUTE = 1.0 / 60.0
# Sinks that an exosome reaches through plasma only.
BEYOND_PLASMA = (IN_HEPATOCYTE, IN_MYOCYTE, IN_ADIPOCYTE, DEGRADED)
ENTRY = {"gavage": LUMEN, "intravenous": PLASMA}


@dataclass(frozen=True)
class ExosomeKinetics:
    """A dose of inert exosomes over time.

    Attributes:
        minutes: Times, float64[n], 0 the dose.
        plasma: Share of the dose in plasma, float64[n].
        reached: Share of the dose that had come to plasma by then, float64[n].
    """

    minutes: np.ndarray
    plasma: np.ndarray
    reached: np.ndarray


def exosome_kinetics(
    mouse: Mouse, route: str, hours: float, packets: int = 20_000
) -> ExosomeKinetics:
    """Follow a dose of empty exosomes through a mouse whose state stands still.

    Args:
        mouse: Who is dosed; it is not disturbed.
        route: "gavage" or "intravenous".
        hours: How long (h).
        packets: Packets in the dose; the noise of a share is that of so many.

    Raises:
        GutexoError: The route is neither.
    """
    if route not in ENTRY:
        raise GutexoError(f"route must be gavage or intravenous; got {route!r}")
    s = Mouse.from_snapshot(mouse.snapshot()).state
    a, key = s.anatomy, key_of(s.run_key, streams.ASSAY)
    s.count = 0
    s.make_room(packets)
    cargo = np.zeros((1, N_AXES), np.int32)
    s.count = dose_packets(
        a, 0, s.next_id, s.packets, s.ledger, key, 0, packets, cargo, ENTRY[route], s.tick
    )
    sense(a, s.segments, s.cells, s.heard, s.records, s.blood, MINUTE)
    steps = int(round(hours * 60))
    plasma, reached = np.zeros(steps + 1), np.zeros(steps + 1)
    through = 0
    for step in range(steps + 1):
        if step:
            now = clock(key, step, MINUTE, 1)
            run_packets(s.count, a, s.packets, s.heard, s.records, now)
        counts = np.bincount(s.packets.place[: s.count], minlength=N_PLACES + len(BEYOND_PLASMA))
        through += int(sum(counts[place] for place in BEYOND_PLASMA if place < len(counts)))
        plasma[step] = counts[PLASMA] / packets
        reached[step] = (through + counts[PLASMA] + counts[TISSUE]) / packets
        s.count = settle_arrivals(s.count, s.packets, s.cells, s.ledger)
    return ExosomeKinetics(np.arange(steps + 1.0), plasma, reached)


def bolus_course(mouse: Mouse, substance: str, rise: float, minutes: int) -> np.ndarray:
    """Excess of plasma TNF or LPS after an injection, as a share of the injected rise.

    Args:
        mouse: Who is injected; it is not disturbed.
        substance: "tnf" or "lps".
        rise: Rise of the level, in constitutive levels.
        minutes: How long.

    Returns:
        float64[minutes + 1], 1 at the injection.
    """
    if substance not in ("tnf", "lps"):
        raise GutexoError(f"substance must be tnf or lps; got {substance!r}")
    courses = []
    for added in (rise, 0.0):
        s = Mouse.from_snapshot(mouse.snapshot()).state
        s.blood[substance] += added
        level = [float(s.blood[substance][0])]
        for _ in range(minutes):
            advance_cytokines(s.anatomy, s.heard, s.segments, s.records[-1], s.blood, MINUTE)
            level.append(float(s.blood[substance][0]))
        courses.append(np.array(level))
    return (courses[0] - courses[1]) / rise


def crypt_to_tip_times(mouse: Mouse, days: float) -> np.ndarray:
    """Hours between two sheddings at each enterocyte site, from now on; this one does live on.

    Args:
        mouse: Who is watched.
        days: How long (d).
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
def _follow(r, key, days, burdens):
    """Burden at the end of each day of a life of its own, NaN from death on."""
    burden = 0.0
    for hour in range(24 * days):
        burden = step_burden(r, burden, float(hour), 1.0, normal(uniform_at(key, hour)))
        if burden >= 1.0:
            return
        if hour % 24 == 23:
            burdens[hour // 24] = burden


def lone_burdens(parameters: Parameters, mice: int, days: int, seed: int = 0) -> np.ndarray:
    """Senescent burdens from birth, by the rule and the draws that a mouse has, without the mouse.

    Args:
        parameters: The catalogue's numbers, or a phenotype's.
        mice: How many.
        days: How long (d).
        seed: Of all of them.

    Returns:
        float64[mice, days], NaN from the death of a mouse on.
    """
    from gutexo.body.anatomy import anatomy

    burdens = np.full((mice, days), np.nan)
    base = parameters.change({"animal.variation": 0.0})
    records = RateBook(base, anatomy(base), key_of(np.uint64(seed), 0)).records
    for number in range(mice):
        key = key_of(np.uint64(seed), streams.YOUTH, number)
        _follow(records[-1], key, days, burdens[number])
    return burdens
