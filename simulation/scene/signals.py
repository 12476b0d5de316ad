"""Who hears what from whom: the conversation between organs, as it stands in one mouse now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gutexo.biology.macrophage import il10_level
from gutexo.biology.places import (
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
from gutexo.body.mouse import Mouse
from gutexo.body.stages.sense import sense
from gutexo.body.state import State

LISTENERS = ("epithelium", "macrophages", "liver", "muscle", "adipose tissue", "pancreas")
_ORGANS = {"liver": HEPATOCYTE, "muscle": MYOCYTE, "adipose tissue": ADIPOCYTE}
_KINDS = {"epithelium": ENTEROCYTE, "macrophages": MACROPHAGE, **_ORGANS}
YOUNG, CONSTITUTIVE = "of a young niche", "of the constitutive level"


@dataclass(frozen=True)
class Heard:
    """One signal that reaches one listener.

    Attributes:
        listener: One of `LISTENERS`.
        signal: What reaches it.
        origin: Who sends it.
        level: How much.
        unit: Against what, or a unit.
        effect: What it does there.
    """

    listener: str
    signal: str
    origin: str
    level: float
    unit: str
    effect: str


@dataclass(frozen=True)
class Flow:
    """Cargo that exosomes carry to one kind of cell.

    Attributes:
        target: One of `LISTENERS`.
        axis: Index into `AXES`.
        units: Units taken up a day, where uptake and decay are in balance.
    """

    target: str
    axis: int
    units: float


@dataclass(frozen=True)
class Conversation:
    """All that is said in one mouse at one moment.

    Attributes:
        age: Age (d).
        heard: Signals, listener by listener.
        flows: Cargo that exosomes bring.
        insulin: Fasting insulin (uU/mL), the pancreas's answer.
    """

    age: float
    heard: tuple[Heard, ...]
    flows: tuple[Flow, ...]
    insulin: float

    def level(self, listener: str, signal: str) -> float:
        """Level of a signal at a listener.

        Raises:
            KeyError: It is not heard there.
        """
        return {(h.listener, h.signal): h.level for h in self.heard}[listener, signal]


def conversation(mouse: Mouse) -> Conversation:
    """Listen to all of a mouse; nothing of it changes.

    Args:
        mouse: Who is listened to.

    Returns:
        What is heard, what flows, and insulin.
    """
    insulin = mouse.measure()["fasting insulin"]
    return Conversation(mouse.age, tuple(hearing(mouse)), tuple(flows(mouse)), insulin)


def hearing(mouse: Mouse) -> list[Heard]:
    """Every signal that reaches a listener now.

    Args:
        mouse: Who is listened to; nothing of it changes.

    Returns:
        Signals, listener by listener in the order of `LISTENERS`.
    """
    s = mouse.state
    sense(s.anatomy, s.segments, s.cells, s.heard, s.records, s.blood, s.hours)
    return [*_epithelium(s), *_macrophages(s), *_metabolic(s), _pancreas(mouse)]


def _epithelium(s: State) -> Iterator[Heard]:
    def told(signal: str, origin: str, level: float, unit: str, effect: str) -> Heard:
        return Heard("epithelium", signal, origin, float(level), unit, effect)

    cargo = s.heard.enterocyte_cargo.mean(axis=0)
    exosomes, opens = "exosomes in the lumen", "opens tight junctions"
    yield told("barrier cargo", exosomes, cargo[BARRIER], YOUNG, opens)
    yield told("TNF", "macrophages", s.segments.tnf.mean(), CONSTITUTIVE, opens)
    yield told(
        "senescent neighbours", "senescent cells", s.heard.senescent.mean(), "of an old gut", opens
    )
    yield told("protective cargo", exosomes, cargo[PROTECTIVE], YOUNG, "helps repair")


def _macrophages(s: State) -> Iterator[Heard]:
    def told(signal: str, origin: str, level: float, unit: str, effect: str) -> Heard:
        return Heard("macrophages", signal, origin, float(level), unit, effect)

    cargo = s.heard.macrophage_cargo.mean(axis=0)
    n = s.anatomy.segments
    il10 = np.mean([il10_level(s.records[g], s.heard.around[g]) for g in range(n)])
    exosomes = "exosomes that crossed"
    yield told("LPS", "bacteria", s.heard.lps.mean(), "of a closed young wall", "activates")
    yield told(
        "inflammatory cargo", exosomes, cargo[INFLAMMATORY], YOUNG, "makes LPS count for more"
    )
    yield told("protective cargo", exosomes, cargo[PROTECTIVE], YOUNG, "calms")
    yield told("IL-10", "macrophages", float(il10), CONSTITUTIVE, "calms")


def _metabolic(s: State) -> Iterator[Heard]:
    blood = s.blood[0]
    gut = "macrophages and senescent cells"
    for organ, kind in _ORGANS.items():
        cargo = s.heard.organ_cargo[kind]
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
                yield Heard(organ, signal, origin, float(level), unit, effect)


def _pancreas(mouse: Mouse) -> Heard:
    glucose = mouse.measure()["fasting glucose"]
    effect = "asks beta cells for insulin, and for more or fewer of them"
    return Heard("pancreas", "fasting glucose", "liver and muscle", glucose, "mg/dL", effect)


def flows(mouse: Mouse) -> list[Flow]:
    """Cargo that exosomes bring to each kind of cell.

    Args:
        mouse: Who is looked at.

    Returns:
        One flow a kind of cell and axis: what is held, times how fast it decays.
    """
    s = mouse.state
    a_day = 24.0 * s.records[-1].cargo_decay
    found = []
    for target, kind in _KINDS.items():
        held = s.cells.held[s.cells.kind == kind].sum(axis=0)
        found += [Flow(target, axis, float(held[axis] * a_day)) for axis in range(N_AXES)]
    return found
