"""More mice like the one that is watched: the band behind its curves."""

from __future__ import annotations

import json
from typing import Any

from gutexo.cohort.study_run import run_study
from gutexo.page.session import CURVES, list_known
from gutexo.protocol.study import Study

MICE = 5


def band(study: Study, seed: int) -> dict[str, Any]:
    """Mean and standard deviation of each curve over other mice of the same study.

    Args:
        study: What is watched.
        seed: Of the study.

    Returns:
        Mice, and by arm its days and, by readout, "low" and "high": a standard deviation below
        and above the mean; None where fewer than two mice have a number.
    """
    data = run_study(study, replicates=MICE, seed=seed).data
    arms = []
    for number in range(len(study.arms)):
        lived = data.isel(scenario=number).dropna("time", how="all")
        mean, spread = lived.mean("replicate"), lived.std("replicate", ddof=1)
        arms.append(
            {
                "days": [float(day) for day in lived["time"].values],
                "low": {name: list_known((mean[name] - spread[name]).values) for name in CURVES},
                "high": {name: list_known((mean[name] + spread[name]).values) for name in CURVES},
            }
        )
    return {"mice": MICE, "arms": arms}


def answer(study: Study, seed: int) -> bytes:
    """The band as JSON."""
    return json.dumps(band(study, seed), allow_nan=False).encode()
