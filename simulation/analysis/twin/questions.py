"""The questions of calibration and sensitivity, put to mice in means."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from gutexo.analysis.outcomes import (
    AGED,
    CULTURED,
    QUESTIONS,
    RESCUED,
    SATURATING,
    TRANSFERRED,
    YOUNG,
)
from gutexo.analysis.twin.cohort import donors_of, old_animals, young_animals
from gutexo.analysis.twin.mouse import Harvest, Twin
from gutexo.catalogue import Parameters
from gutexo.errors import GutexoError
from gutexo.protocol import studies as protocol
from gutexo.protocol.life import OLD

COURSE = int(protocol.COURSE)  # days, a dose each
Readings = dict[str, float]


def in_culture(parameters: Parameters) -> Readings:
    """TER of an epithelium alone under saturating TNF, against its start (ODD 7.12)."""
    b = parameters.barrier
    tnf = SATURATING
    # It starts at its own rest, which without bacteria is one without butyrate.
    repair = b.repair / (1.0 + b.butyrate_support)
    start = repair / (repair + b.loss)
    loss = b.loss + b.cytokine_disruption * tnf / (tnf + b.cytokine_half)

    def conductance(hours: float) -> float:
        goal = repair / (repair + loss)
        junction = goal + (start - goal) * math.exp(-(repair + loss) * hours / 24.0)
        pore = tnf / (tnf + b.pore_half) * (1.0 - math.exp(-hours / b.pore_time))
        return 1.0 + b.ter_junction * (1.0 - junction) + b.pore_opening * pore

    return {name: conductance(0.0) / conductance(hours) for name, hours in CULTURED.items()}


def from_twin(changes: Mapping[str, Any], *, mice: int = 6, seed: int = 1) -> dict[str, float]:
    """The answers of mice in means, for the questions that `from_mice` puts to simulated ones.

    Recipients of each age stand for survivors of that age (`gutexo.analysis.twin.cohort`); the
    donors of each are two others. All of them are fixed by `seed`, so two sets of parameters are
    asked of the same animals.

    Args:
        changes: Parameters that differ from the defaults.
        mice: Recipients of each age, three or more so that no mouse is its own donor.
        seed: Of paths and random effects.

    Returns:
        Number by question, as `from_mice` works them out; NaN where nobody could answer.

    Raises:
        GutexoError: A name or value is wrong.
    """
    if isinstance(mice, bool) or not isinstance(mice, (int, np.integer)) or mice < 3:
        raise GutexoError(f"mice must be a whole number, 3 or more; got {mice!r}")
    parameters = Parameters().change(dict(changes))
    found = dict.fromkeys(QUESTIONS, math.nan) | in_culture(parameters)
    with np.errstate(all="ignore"):
        young = young_animals(parameters, COURSE + 1, mice, seed)
        old = old_animals(parameters, OLD, COURSE + 1, mice, seed)
        if young and old:
            found |= _answers(_ask(young, old))
    return {name: _plain(found[name]) for name in QUESTIONS}


def _ask(young: list[Twin], old: list[Twin]) -> dict[str, list[Readings]]:
    """Readings of every arm; the recipients go on from where they stand, the donors stand still."""
    read: dict[str, list[Readings]] = {}
    lumens = {"young": [m.harvest() for m in young], "old": [m.harvest() for m in old]}
    for age, other, mice in (("young", "old", young), ("old", "young", old)):
        for number, mouse in enumerate(mice):
            given = [lumens[other][n] for n in donors_of(number, len(mice))]
            read.setdefault(f"{age} + vehicle at first", []).append(mouse.measure())
            for arm, harvest in (("vehicle", None), (f"{other} exosomes", Harvest.pooled(given))):
                treated = mouse.copy().course(harvest, COURSE)
                read.setdefault(f"{age} + {arm}", []).append(treated.measure())
    return read


def _answers(read: dict[str, list[Readings]]) -> Readings:
    def on(arm: str, readout: str) -> np.ndarray:
        return np.array([one[readout] for one in read[arm]])

    def mean(arm: str, readout: str) -> float:
        values = on(arm, readout)
        return (
            float(np.mean(values[np.isfinite(values)])) if np.isfinite(values).any() else math.nan
        )

    found = {}
    for name, readout in AGED.items():
        found[name] = _ratio(
            mean("old + vehicle at first", readout), mean("young + vehicle at first", readout)
        )
    for name, (readout, arm, comparator) in TRANSFERRED.items():
        logs = np.log(on(arm, readout) / on(comparator, readout))
        logs = logs[np.isfinite(logs)]
        found[name] = float(np.exp(logs.mean())) if logs.size else math.nan
    found[RESCUED] = _ratio(
        mean("old + young exosomes", "HOMA-IR"), mean("young + vehicle", "HOMA-IR")
    )
    found |= {f"young {name}": mean("young + vehicle at first", name) for name in YOUNG}
    return found


def _ratio(value: float, base: float) -> float:
    return value / base if base else math.nan


def _plain(value: float) -> float:
    """A finite number or NaN."""
    return float(value) if math.isfinite(value) else math.nan
