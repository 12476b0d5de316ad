"""What calibration and sensitivity ask of a set of parameters: one number a question.

A question is a pattern that may be fitted (by its id), or a readout of a young control. The same
questions are put to mice here and to the mean-field twin in `gutexo.analysis.twin`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from gutexo.analysis.effects import recorded_day, trajectories_of
from gutexo.body.assays import epithelium_alone
from gutexo.catalogue import Parameters
from gutexo.catalogue.patterns import patterns
from gutexo.cohort.compare import run_study
from gutexo.protocol.studies import COURSE, transfer
from gutexo.protocol.study import Study

# Readout of each pattern that compares old controls with young ones.
AGED = {
    "old-permeability": "FITC-dextran",
    "old-ter": "TER",
    "old-endotoxin": "plasma LPS",
    "old-tnf": "plasma TNF",
    "old-il6": "plasma IL-6",
    "old-homa-ir": "HOMA-IR",
}
# Readout, arm and comparator of each reported sign.
TRANSFERRED = {
    "old-to-young-permeability": ("FITC-dextran", "young + old exosomes", "young + vehicle"),
    "old-to-young-inflammation": ("plasma TNF", "young + old exosomes", "young + vehicle"),
    "old-to-young-insulin-resistance": ("HOMA-IR", "young + old exosomes", "young + vehicle"),
    "young-to-old-insulin-resistance": ("HOMA-IR", "old + young exosomes", "old + vehicle"),
}
# Hours after which each pattern of an epithelium alone is read.
CULTURED = {"tnf-ter-3h": 3, "tnf-ter-24h": 24, "tnf-ter-7d": 168}
SATURATING = 1000.0  # TNF, constitutive levels
YOUNG = ("FITC-dextran", "TER", "plasma TNF", "HOMA-IR")
ARMS = ("young + vehicle", "young + old exosomes", "old + vehicle", "old + young exosomes")
# What a rescue leaves of the gap to young controls: above 1 it stays partial.
RESCUED = "rescued over young"

QUESTIONS: tuple[str, ...] = (
    *AGED,
    *TRANSFERRED,
    RESCUED,
    *CULTURED,
    *(f"young {name}" for name in YOUNG),
)


def question_study() -> Study:
    """The arms from which mice answer."""
    study = transfer()
    return Study(name="questions", arms=tuple(study.arm(name) for name in ARMS))


def cultured(parameters: Parameters) -> dict[str, float]:
    """TER of an epithelium under saturating TNF, against its start."""
    course = epithelium_alone(SATURATING, max(CULTURED.values()), parameters)
    per_hour = 1.0 / parameters.resolution.tick
    return {
        name: float(course.ter[int(round(hours * per_hour))]) for name, hours in CULTURED.items()
    }


def from_mice(
    changes: Mapping[str, Any], *, replicates: int = 3, seed: int = 1, workers: int = 1
) -> dict[str, float]:
    """The answers of simulated mice.

    Args:
        changes: Parameters that differ from the defaults, resolution among them.
        replicates: Mice an arm.
        seed: Seed of everything.
        workers: Processes.

    Returns:
        Number by question. Differences with age are ratios of means, effects of exosomes geometric
        means of the ratios of pairs; NaN where no mouse could answer.
    """
    changes = dict(changes)
    parameters = Parameters().change(changes)
    study = question_study().change(changes)
    data = run_study(study, replicates=replicates, seed=seed, workers=workers).data

    def on(readout: str, arm: str, day: float) -> np.ndarray:
        return trajectories_of(data, readout, arm)[:, recorded_day(data, day)[0]]

    def mean(readout: str, arm: str, day: float) -> float:
        values = on(readout, arm, day)
        return float(np.nanmean(values)) if not np.isnan(values).all() else math.nan

    found = {}
    for name, readout in AGED.items():
        found[name] = mean(readout, "old + vehicle", 0) / mean(readout, "young + vehicle", 0)
    for name, (readout, arm, comparator) in TRANSFERRED.items():
        logs = np.log(on(readout, arm, COURSE) / on(readout, comparator, COURSE))
        found[name] = math.exp(np.nanmean(logs)) if not np.isnan(logs).all() else math.nan
    found[RESCUED] = mean("HOMA-IR", "old + young exosomes", COURSE) / mean(
        "HOMA-IR", "young + vehicle", COURSE
    )
    found |= cultured(parameters)
    found |= {f"young {name}": mean(name, "young + vehicle", 0) for name in YOUNG}
    return {name: found[name] for name in QUESTIONS}


def windows() -> dict[str, tuple[float, float]]:
    """Window of each question that is a pattern, calibrate and constrain rows only."""
    rows = [*patterns("calibrate"), *patterns("constrain")]
    return {row.id: row.window for row in rows if row.id in QUESTIONS}
