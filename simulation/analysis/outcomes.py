"""Questions of calibration and sensitivity about a set of parameters: one number per question.

A question is a pattern that may be fitted (named by its id), or a readout of a young control. The
questions are answered by mice here, and by the mean-field model in
`gutexo.analysis.mean_field_outcomes`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from gutexo.analysis.effects import find_recorded_day, trajectories_of
from gutexo.body.assays.monolayer import epithelium_alone
from gutexo.catalogue import Parameters
from gutexo.catalogue.patterns import patterns
from gutexo.cohort.study_run import run_study
from gutexo.protocol.standard_studies import COURSE_DAYS, transfer
from gutexo.protocol.study import Study

# Readout of each pattern that compares old controls with young ones.
AGED_READOUT_BY_PATTERN = {
    "old-permeability": "FITC-dextran",
    "old-ter": "TER",
    "old-endotoxin": "plasma LPS",
    "old-tnf": "plasma TNF",
    "old-il6": "plasma IL-6",
    "old-homa-ir": "HOMA-IR",
}
# Readout, arm and comparator of each reported sign.
TRANSFER_BY_PATTERN = {
    "old-to-young-permeability": ("FITC-dextran", "young + old exosomes", "young + vehicle"),
    "old-to-young-inflammation": ("plasma TNF", "young + old exosomes", "young + vehicle"),
    "old-to-young-insulin-resistance": ("HOMA-IR", "young + old exosomes", "young + vehicle"),
    "young-to-old-insulin-resistance": ("HOMA-IR", "old + young exosomes", "old + vehicle"),
}
# Hours after which each pattern of an epithelium alone is read.
CULTURE_HOURS = {"tnf-ter-3h": 3, "tnf-ter-24h": 24, "tnf-ter-7d": 168}
SATURATING_TNF = 1000.0  # TNF, constitutive levels
YOUNG_READOUTS = ("FITC-dextran", "TER", "plasma TNF", "HOMA-IR")
QUESTION_ARMS = ("young + vehicle", "young + old exosomes", "old + vehicle", "old + young exosomes")
# Rescued old mice over young controls: above 1 the rescue is partial.
RESCUE_QUESTION = "rescued over young"

QUESTIONS: tuple[str, ...] = (
    *AGED_READOUT_BY_PATTERN,
    *TRANSFER_BY_PATTERN,
    RESCUE_QUESTION,
    *CULTURE_HOURS,
    *(f"young {name}" for name in YOUNG_READOUTS),
)


def build_question_study() -> Study:
    """Build the study whose arms give the answers of mice."""
    study = transfer()
    return Study(name="questions", arms=tuple(study.arm(name) for name in QUESTION_ARMS))


def simulate_culture(parameters: Parameters) -> dict[str, float]:
    """Simulate TER of an epithelium under saturating TNF, as a ratio to its start."""
    course = epithelium_alone(SATURATING_TNF, max(CULTURE_HOURS.values()), parameters)
    per_hour = 1.0 / parameters.resolution.tick
    return {
        name: float(course.ter[int(round(hours * per_hour))])
        for name, hours in CULTURE_HOURS.items()
    }


def evaluate_mice(
    changes: Mapping[str, Any], *, replicates: int = 3, seed: int = 1, workers: int = 1
) -> dict[str, float]:
    """Answer the questions with simulated mice.

    Args:
        changes: Parameters that differ from the defaults, resolution among them.
        replicates: Mice per arm.
        seed: Seed of everything.
        workers: Processes.

    Returns:
        Number by question. Differences with age are ratios of means, effects of exosomes geometric
        means of the ratios of pairs; NaN where no mouse gives an answer.
    """
    changes = dict(changes)
    parameters = Parameters().change(changes)
    study = build_question_study().change(changes)
    data = run_study(study, replicates=replicates, seed=seed, workers=workers).data

    def on(readout: str, arm: str, day: float) -> np.ndarray:
        return trajectories_of(data, readout, arm)[:, find_recorded_day(data, day)[0]]

    def mean(readout: str, arm: str, day: float) -> float:
        values = on(readout, arm, day)
        return float(np.nanmean(values)) if not np.isnan(values).all() else math.nan

    found = {}
    for name, readout in AGED_READOUT_BY_PATTERN.items():
        found[name] = mean(readout, "old + vehicle", 0) / mean(readout, "young + vehicle", 0)
    for name, (readout, arm, comparator) in TRANSFER_BY_PATTERN.items():
        logs = np.log(on(readout, arm, COURSE_DAYS) / on(readout, comparator, COURSE_DAYS))
        found[name] = math.exp(np.nanmean(logs)) if not np.isnan(logs).all() else math.nan
    found[RESCUE_QUESTION] = mean("HOMA-IR", "old + young exosomes", COURSE_DAYS) / mean(
        "HOMA-IR", "young + vehicle", COURSE_DAYS
    )
    found |= simulate_culture(parameters)
    found |= {f"young {name}": mean(name, "young + vehicle", 0) for name in YOUNG_READOUTS}
    return {name: found[name] for name in QUESTIONS}


def read_windows() -> dict[str, tuple[float, float]]:
    """Read the window of each question that is a pattern, calibrate and constrain rows only."""
    rows = [*patterns("calibrate"), *patterns("constrain")]
    return {row.id: row.window for row in rows if row.id in QUESTIONS}
