"""Signals between organs in one mouse at one moment: sender, receiver, level and effect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gutexo.biology.codes import (
    ADIPOCYTE,
    BARRIER,
    ENTEROCYTE,
    HEPATOCYTE,
    INFLAMMATORY,
    INSULIN_RESISTANCE,
    MACROPHAGE,
    MYOCYTE,
    N_AXES,
    PROTECTIVE,
)
from gutexo.biology.macrophage import il10_level
from gutexo.body.mouse import Mouse
from gutexo.body.stages.sense import sense
from gutexo.body.state import State

LISTENERS = ("epithelium", "macrophages", "liver", "muscle", "adipose tissue", "pancreas")
_ORGANS = {"liver": HEPATOCYTE, "muscle": MYOCYTE, "adipose tissue": ADIPOCYTE}
_KINDS = {"epithelium": ENTEROCYTE, "macrophages": MACROPHAGE, **_ORGANS}
YOUNG, CONSTITUTIVE = "of a young niche", "of the constitutive level"


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
        return {(h.listener, h.signal): h.level for h in self.sensed}[listener, signal]


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
        *_macrophage_signals(s),
        *_organ_signals(s),
        _pancreas_signal(mouse),
    ]


def _epithelium_signals(s: State) -> Iterator[ReceivedSignal]:
    def told(signal: str, origin: str, level: float, unit: str, effect: str) -> ReceivedSignal:
        return ReceivedSignal("epithelium", signal, origin, float(level), unit, effect)

    cargo = s.sensed.enterocyte_cargo.mean(axis=0)
    exosomes, opens = "exosomes in the lumen", "opens tight junctions"
    yield told("barrier cargo", exosomes, cargo[BARRIER], YOUNG, opens)
    yield told("TNF", "macrophages", s.segments.tnf.mean(), CONSTITUTIVE, opens)
    yield told(
        "senescent neighbours", "senescent cells", s.sensed.senescent.mean(), "of an old gut", opens
    )
    yield told("protective cargo", exosomes, cargo[PROTECTIVE], YOUNG, "helps repair")


def _macrophage_signals(s: State) -> Iterator[ReceivedSignal]:
    def told(signal: str, origin: str, level: float, unit: str, effect: str) -> ReceivedSignal:
        return ReceivedSignal("macrophages", signal, origin, float(level), unit, effect)

    cargo = s.sensed.macrophage_cargo.mean(axis=0)
    n = s.anatomy.segments
    il10 = np.mean([il10_level(s.records[g], s.sensed.local_activation[g]) for g in range(n)])
    exosomes = "exosomes that crossed"
    yield told("LPS", "bacteria", s.sensed.lps.mean(), "of a closed young wall", "activates")
    yield told(
        "inflammatory cargo", exosomes, cargo[INFLAMMATORY], YOUNG, "makes LPS count for more"
    )
    yield told("protective cargo", exosomes, cargo[PROTECTIVE], YOUNG, "calms")
    yield told("IL-10", "macrophages", float(il10), CONSTITUTIVE, "calms")


def _organ_signals(s: State) -> Iterator[ReceivedSignal]:
    blood = s.blood[0]
    gut = "macrophages and senescent cells"
    for organ, kind in _ORGANS.items():
        cargo = s.sensed.organ_cargo[kind]
        exosomes = "exosomes in the blood"
        blocks, supports = "blocks insulin signalling", "supports mitochondria"
        for signal, origin, level, unit, effect in (
            ("TNF", gut, blood.tnf_heard, CONSTITUTIVE, blocks),
            ("IL-6", gut, blood.il6_heard, CONSTITUTIVE, blocks),
            ("lipid cargo", exosomes, cargo[INSULIN_RESISTANCE], YOUNG, blocks),
            ("protective cargo", exosomes, cargo[PROTECTIVE], YOUNG, supports),
        ):
            # IL-6 acts on the liver only.
            if signal != "IL-6" or kind == HEPATOCYTE:
                yield ReceivedSignal(organ, signal, origin, float(level), unit, effect)


def _pancreas_signal(mouse: Mouse) -> ReceivedSignal:
    glucose = mouse.measure()["fasting glucose"]
    effect = "asks beta cells for insulin, and for more or fewer of them"
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
