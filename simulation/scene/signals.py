"""Signals between organs in one mouse at one moment: sender, receiver, level and effect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gutexo.biology.codes import (
    BARRIER,
    ENTEROCYTE,
    FIRST_ORGAN,
    INFLAMMATORY,
    INSULIN_RESISTANCE,
    MACROPHAGE,
    N_AXES,
    PROTECTIVE,
)
from gutexo.body.mouse import Mouse
from gutexo.body.stages.sense import sense
from gutexo.body.state import State
from gutexo.catalogue.organs import ORGANS
from gutexo.catalogue.signals import BLOCKS, INDUCES, LPS, NICHES, SIGNALS

LISTENERS = ("epithelium", NICHES, "macrophages", *(organ.name for organ in ORGANS), "pancreas")
_KINDS = {
    "epithelium": ENTEROCYTE,
    "macrophages": MACROPHAGE,
    **{organ.name: FIRST_ORGAN + number for number, organ in enumerate(ORGANS)},
}
# Crypt niches sense the cargo that the enterocytes above them took up.
YOUNG = "of a young niche"
NEIGHBOURS = "senescent neighbours"
COUNTERS = "counters induction of senescence"


@dataclass(frozen=True)
class ReceivedSignal:
    """One signal that one listener senses.

    Attributes:
        listener: One of `LISTENERS`.
        signal: Name of the signal.
        origin: Sender of the signal.
        level: Level of the signal.
        unit: Unit of the level, or the reference it is relative to.
        effect: Effect on the listener.
    """

    listener: str
    signal: str
    origin: str
    level: float
    unit: str
    effect: str


@dataclass(frozen=True)
class CargoFlow:
    """Cargo that exosomes carry to one kind of cell.

    Attributes:
        target: One of `LISTENERS`.
        axis: Index into `AXES`.
        units: Units taken up per day, if uptake and decay are in balance.
    """

    target: str
    axis: int
    units: float


@dataclass(frozen=True)
class OrganSignals:
    """All signals and cargo flows between the organs of one mouse at one moment.

    Attributes:
        age: Age (d).
        sensed: Signals, listener by listener.
        flows: Cargo that exosomes bring.
        insulin: Fasting insulin (uU/mL), the response of the pancreas.
    """

    age: float
    sensed: tuple[ReceivedSignal, ...]
    flows: tuple[CargoFlow, ...]
    insulin: float

    def level(self, listener: str, signal: str) -> float:
        """Return the level of a signal at a listener.

        Raises:
            KeyError: The listener does not sense this signal.
        """
        return {(one.listener, one.signal): one.level for one in self.sensed}[listener, signal]


def read_organ_signals(mouse: Mouse) -> OrganSignals:
    """Read all signals, cargo flows and insulin of a mouse; the mouse does not change.

    Args:
        mouse: The mouse.

    Returns:
        Signals, cargo flows and insulin.
    """
    insulin = mouse.measure()["fasting insulin"]
    return OrganSignals(
        mouse.age, tuple(read_signals(mouse)), tuple(measure_cargo_flows(mouse)), insulin
    )


def read_signals(mouse: Mouse) -> list[ReceivedSignal]:
    """Read every signal that the listeners sense now.

    Args:
        mouse: The mouse; it does not change.

    Returns:
        Signals, listener by listener in the order of `LISTENERS`.
    """
    s = mouse.state
    sense(s.anatomy, s.segments, s.cells, s.sensed, s.records, s.blood, s.hours)
    return [
        *_epithelium_signals(s),
        *_niche_signals(s),
        *_macrophage_signals(s),
        *_organ_signals(s),
        _pancreas_signal(mouse),
    ]


def _soluble_at(place: str, s: State) -> Iterator[ReceivedSignal]:
    """Signals of the table of signals that a place of the gut wall senses."""
    for number, signal in enumerate(SIGNALS):
        for listener in signal.at_wall:
            if listener.place == place:
                level = _lps_at_wall(s) if number == LPS else s.segments.cytokines[:, number]
                yield ReceivedSignal(
                    place,
                    signal.name,
                    signal.source,
                    float(level.mean()),
                    signal.reference,
                    listener.effect,
                )


def _lps_at_wall(s: State) -> np.ndarray:
    """LPS that each segment senses: what crossed the wall there, and part of that of blood."""
    from_blood = s.records["immune_blood_lps"][:-1] * s.blood[0].sensed_level[LPS]
    return np.asarray(s.sensed.lps + from_blood)


def _epithelium_signals(s: State) -> Iterator[ReceivedSignal]:
    def received(signal: str, axis: int, effect: str) -> ReceivedSignal:
        level = float(s.sensed.enterocyte_cargo[:, axis].mean())
        return ReceivedSignal("epithelium", signal, "exosomes in the lumen", level, YOUNG, effect)

    yield received("barrier cargo", BARRIER, "opens tight junctions")
    yield from _soluble_at("epithelium", s)
    yield received(
        "protective cargo", PROTECTIVE, "helps repair of junctions and closure of bare epithelium"
    )


def _niche_signals(s: State) -> Iterator[ReceivedSignal]:
    def received(signal: str, axis: int, effect: str) -> ReceivedSignal:
        level = float(s.sensed.enterocyte_cargo[:, axis].mean())
        return ReceivedSignal(NICHES, signal, "exosomes in the lumen", level, YOUNG, effect)

    yield received("inflammatory cargo", INFLAMMATORY, INDUCES)
    yield from _soluble_at(NICHES, s)
    yield ReceivedSignal(
        NICHES,
        NEIGHBOURS,
        "senescent niches",
        float(s.sensed.secretion.mean()),
        "of an old gut with full licence",
        INDUCES,
    )
    yield received("protective cargo", PROTECTIVE, COUNTERS)


def _macrophage_signals(s: State) -> Iterator[ReceivedSignal]:
    def received(signal: str, level: float, effect: str) -> ReceivedSignal:
        exosomes = "exosomes that crossed"
        return ReceivedSignal("macrophages", signal, exosomes, float(level), YOUNG, effect)

    cargo = s.sensed.macrophage_cargo.mean(axis=0)
    yield from _soluble_at("macrophages", s)
    yield received("inflammatory cargo", cargo[INFLAMMATORY], "increases the effect of LPS")
    yield received("protective cargo", cargo[PROTECTIVE], "calms")


def _organ_signals(s: State) -> Iterator[ReceivedSignal]:
    levels = s.blood[0].sensed_level
    for number, organ in enumerate(ORGANS):
        for position, signal in enumerate(SIGNALS):
            for listener in signal.in_blood:
                if listener.place == organ.name:
                    yield ReceivedSignal(
                        organ.name,
                        signal.name,
                        signal.source,
                        float(levels[position]),
                        signal.reference,
                        listener.effect,
                    )
        yield ReceivedSignal(
            organ.name,
            NEIGHBOURS,
            f"senescent cells of the {organ.name}",
            float(s.sensed.organ_secretion[number]),
            "of an old organ with full licence",
            f"{BLOCKS}, {INDUCES}",
        )
        cargo = s.sensed.organ_cargo[number]
        for name, axis, effect in (
            ("inflammatory cargo", INFLAMMATORY, INDUCES),
            ("lipid cargo", INSULIN_RESISTANCE, BLOCKS),
            ("protective cargo", PROTECTIVE, f"supports mitochondria, {COUNTERS}"),
        ):
            yield ReceivedSignal(
                organ.name, name, "exosomes in the blood", float(cargo[axis]), YOUNG, effect
            )


def _pancreas_signal(mouse: Mouse) -> ReceivedSignal:
    glucose = mouse.measure()["fasting glucose"]
    effect = "makes beta cells secrete insulin, and changes their mass"
    return ReceivedSignal(
        "pancreas", "fasting glucose", "liver and muscle", glucose, "mg/dL", effect
    )


def measure_cargo_flows(mouse: Mouse) -> list[CargoFlow]:
    """Measure the cargo that exosomes bring to each kind of cell.

    Args:
        mouse: The mouse.

    Returns:
        One flow per kind of cell and axis: the cargo held, times its rate of decay.
    """
    s = mouse.state
    a_day = 24.0 * s.records[-1].cargo_decay
    found = []
    for target, kind in _KINDS.items():
        held = s.cells.held[s.cells.kind == kind].sum(axis=0)
        found += [CargoFlow(target, axis, float(held[axis] * a_day)) for axis in range(N_AXES)]
    return found
