"""Answers of the mean-field model to the questions of calibration and sensitivity."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from gutexo.analysis.outcomes import (
    AGED_READOUT_BY_PATTERN,
    CULTURE_HOURS,
    QUESTIONS,
    RESCUE_QUESTION,
    SATURATING_TNF,
    TRANSFER_BY_PATTERN,
    YOUNG_READOUTS,
)
from gutexo.catalogue import Parameters
from gutexo.errors import GutexoError
from gutexo.mean_field import (
    Harvest,
    MeanFieldMouse,
    choose_donors,
    old_animals,
    young_animals,
)
from gutexo.protocol import standard_studies as protocol
from gutexo.protocol.life import OLD

COURSE = int(protocol.COURSE_DAYS)  # days, with one dose per day
Readings = dict[str, float]


def ter_in_culture(parameters: Parameters) -> Readings:
    """TER of an epithelium alone under saturating TNF, as a ratio to its start (ODD 7.12)."""
    b = parameters.barrier
    # Junctions rest at their own steady state, which without bacteria is one without butyrate, and
    # do not hear TNF.
    repair = b.repair / (1.0 + b.butyrate_support)
    start = 1.0 + b.ter_junction * b.loss / (repair + b.loss)
    square = (SATURATING_TNF / b.pore_half) ** 2
    opened = b.pore_opening * square / (1.0 + square)
    return {
        name: start / (start + opened * (1.0 - math.exp(-hours / b.pore_time)))
        for name, hours in CULTURE_HOURS.items()
    }


def evaluate_mean_field(
    changes: Mapping[str, Any], *, mice: int = 6, seed: int = 1
) -> dict[str, float]:
    """Answer the questions of `evaluate_mice` with the mean-field model instead of simulated mice.

    Recipients of each age represent survivors of that age (`gutexo.mean_field.representatives`);
    the donors of each recipient are two others. All of them are fixed by `seed`, so two sets of
    parameters are evaluated on the same animals. One whose induced sites bring it to death gives no
    values; others live on.

    Args:
        changes: Parameters that differ from the defaults.
        mice: Recipients of each age; three or more, so that no mouse is its own donor.
        seed: Seed of paths and random effects.

    Returns:
        Number by question, defined as in `evaluate_mice`; NaN where no answer was possible.

    Raises:
        GutexoError: A name or value is wrong.
    """
    if isinstance(mice, bool) or not isinstance(mice, (int, np.integer)) or mice < 3:
        raise GutexoError(f"mice must be a whole number, 3 or more; got {mice!r}")
    parameters = Parameters().change(dict(changes))
    found = dict.fromkeys(QUESTIONS, math.nan) | ter_in_culture(parameters)
    with np.errstate(all="ignore"):
        young = young_animals(parameters, COURSE + 1, mice, seed)
        old = old_animals(parameters, OLD, COURSE + 1, mice, seed)
        if young and old:
            found |= _answers(_run_arms(young, old))
    return {name: _plain(found[name]) for name in QUESTIONS}


def _run_arms(young: list[MeanFieldMouse], old: list[MeanFieldMouse]) -> dict[str, list[Readings]]:
    """Simulate every arm from the present state of the recipients, with donors that do not change.

    Returns:
        Values of every mouse, by arm.
    """
    readings: dict[str, list[Readings]] = {}
    lumens = {
        age: [m.harvest() if m.alive else None for m in mice]
        for age, mice in (("young", young), ("old", old))
    }
    for age, other, mice in (("young", "old", young), ("old", "young", old)):
        for number, mouse in enumerate(mice):
            donors = [lumens[other][n] for n in choose_donors(number, len(mice))]
            living = [donor for donor in donors if donor is not None]
            pooled = Harvest.pooled(living) if living else None
            readings.setdefault(f"{age} + vehicle at first", []).append(mouse.measure())
            for arm, preparation in (("vehicle", None), (f"{other} exosomes", pooled)):
                treated = mouse.copy()
                if arm != "vehicle" and preparation is None:
                    treated.kill()
                treated.course(preparation, COURSE)
                readings.setdefault(f"{age} + {arm}", []).append(treated.measure())
    return readings


def _answers(readings: dict[str, list[Readings]]) -> Readings:
    def on(arm: str, readout: str) -> np.ndarray:
        return np.array([one[readout] for one in readings[arm]])

    def mean(arm: str, readout: str) -> float:
        values = on(arm, readout)
        return (
            float(np.mean(values[np.isfinite(values)])) if np.isfinite(values).any() else math.nan
        )

    found = {}
    for name, readout in AGED_READOUT_BY_PATTERN.items():
        found[name] = _ratio(
            mean("old + vehicle at first", readout), mean("young + vehicle at first", readout)
        )
    for name, (readout, arm, comparator) in TRANSFER_BY_PATTERN.items():
        logs = np.log(on(arm, readout) / on(comparator, readout))
        logs = logs[np.isfinite(logs)]
        found[name] = float(np.exp(logs.mean())) if logs.size else math.nan
    found[RESCUE_QUESTION] = _ratio(
        mean("old + young exosomes", "HOMA-IR"), mean("young + vehicle", "HOMA-IR")
    )
    found |= {f"young {name}": mean("young + vehicle at first", name) for name in YOUNG_READOUTS}
    return found


def _ratio(value: float, base: float) -> float:
    return value / base if base else math.nan


def _plain(value: float) -> float:
    """Return a finite number, or NaN."""
    return float(value) if math.isfinite(value) else math.nan
