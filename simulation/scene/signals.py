"""Signals between organs in one mouse at one moment: sender, receiver, level and effect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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
from gutexo.catalogue.signals import BLOCKS, CONSTITUTIVE, LPS, SIGNALS

LISTENERS = ("epithelium", "macrophages", *(organ.name for organ in ORGANS), "pancreas")
_KINDS = {
    "epithelium": ENTEROCYTE,
    "macrophages": MACROPHAGE,
    **{organ.name: FIRST_ORGAN + number for number, organ in enumerate(ORGANS)},
}
YOUNG = "of a young niche"


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
        *_macrophage_signals(s),
        *_organ_signals(s),
        _pancreas_signal(mouse),
    ]


def _cytokines_at(place: str, s: State) -> Iterator[ReceivedSignal]:
    """Signals of the table of signals that a place of the gut wall senses."""
    for number, signal in enumerate(SIGNALS):
        local = s.sensed.lps if number == LPS else s.segments.cytokines[:, number]
        for listener in signal.at_wall:
            if listener.place == place:
                yield ReceivedSignal(
                    place,
                    signal.name,
                    signal.local_source,
                    float(local.mean()),
                    signal.local_unit,
                    listener.effect,
                )


def _epithelium_signals(s: State) -> Iterator[ReceivedSignal]:
    def received(signal: str, origin: str, level: float, unit: str, effect: str) -> ReceivedSignal:
        return ReceivedSignal("epithelium", signal, origin, float(level), unit, effect)

    cargo = s.sensed.enterocyte_cargo.mean(axis=0)
    exosomes, opens = "exosomes in the lumen", "opens tight junctions"
    yield received("barrier cargo", exosomes, cargo[BARRIER], YOUNG, opens)
    yield from _cytokines_at("epithelium", s)
    yield received(
        "senescent neighbours", "senescent cells", s.sensed.senescent.mean(), "of an old gut", opens
    )
    yield received("protective cargo", exosomes, cargo[PROTECTIVE], YOUNG, "helps repair")


def _macrophage_signals(s: State) -> Iterator[ReceivedSignal]:
    def received(signal: str, level: float, effect: str) -> ReceivedSignal:
        exosomes = "exosomes that crossed"
        return ReceivedSignal("macrophages", signal, exosomes, float(level), YOUNG, effect)

    cargo = s.sensed.macrophage_cargo.mean(axis=0)
    yield from _cytokines_at("macrophages", s)
    yield received("inflammatory cargo", cargo[INFLAMMATORY], "increases the effect of LPS")
    yield received("protective cargo", cargo[PROTECTIVE], "calms")


def _organ_signals(s: State) -> Iterator[ReceivedSignal]:
    levels = s.blood[0].sensed_level
    secretors, exosomes = "macrophages and senescent cells", "exosomes in the blood"
    for number, organ in enumerate(ORGANS):
        for position, signal in enumerate(SIGNALS):
            for listener in signal.in_blood:
                if listener.place == organ.name:
                    yield ReceivedSignal(
                        organ.name,
                        signal.name,
                        secretors,
                        float(levels[position]),
                        CONSTITUTIVE,
                        listener.effect,
                    )
        cargo = s.sensed.organ_cargo[number]
        for name, axis, effect in (
            ("lipid cargo", INSULIN_RESISTANCE, BLOCKS),
            ("protective cargo", PROTECTIVE, "supports mitochondria"),
        ):
            yield ReceivedSignal(organ.name, name, exosomes, float(cargo[axis]), YOUNG, effect)


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
