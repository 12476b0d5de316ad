"""More mice like the one that is watched, in a process of their own: the band behind its curves.

Usage: python -m simulation.page.band     a wish in JSON comes in, days and bands in JSON go out
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from typing import Any

MICE = 5


def band(content: dict[str, Any]) -> dict[str, Any]:
    """Mean and standard deviation of each curve over other mice of the same study.

    Args:
        content: A wish.

    Returns:
        Mice, and by arm its days and, by readout, "low" and "high": a standard deviation below
        and above the mean.
    """
    from simulation.cohort.compare import run_study
    from simulation.page.session import CURVES
    from simulation.page.wish import Wish
    from simulation.protocol.study import Study

    wish = Wish.of(content)
    study = Study(name="page", arms=tuple(wish.scenarios()))
    data = run_study(study, replicates=MICE, seed=wish.seed).data
    arms = []
    for number in range(len(study.arms)):
        lived = data.isel(scenario=number).dropna("time", how="all")
        mean, spread = lived.mean("replicate"), lived.std("replicate", ddof=1)
        arms.append(
            {
                "days": [float(day) for day in lived["time"].values],
                "low": {name: _listed(mean[name] - spread[name]) for name in CURVES},
                "high": {name: _listed(mean[name] + spread[name]) for name in CURVES},
            }
        )
    return {"mice": MICE, "arms": arms}


def _listed(values: Any) -> list[float | None]:
    """JSON has no NaN: where fewer than two mice live there is no band."""
    return [None if value != value else float(value) for value in values.values]


async def ask(content: dict[str, Any]) -> dict[str, Any] | None:
    """The band of a wish; None where it cannot be had. Whoever cancels this ends the process."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "simulation.page.band",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        answer, _ = await process.communicate(json.dumps(content).encode())
        return json.loads(answer) if process.returncode == 0 else None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()


if __name__ == "__main__":
    if hasattr(os, "nice"):
        os.nice(10)  # The mouse that is watched comes first.
    print(json.dumps(band(json.load(sys.stdin)), allow_nan=False))
