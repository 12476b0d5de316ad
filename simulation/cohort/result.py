"""A result: readings of every mouse with units, and where they came from."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import xarray

from simulation.body.observables import OBSERVABLES
from simulation.catalogue import Parameters
from simulation.cohort.plan import ArmRun
from simulation.cohort.provenance import MICE_ONLY, provenance
from simulation.errors import GutexoError
from simulation.protocol.study import Study

DRAWN = "Each mouse lives by a draw of the parameters ({} draws): intervals carry their spread."


class Result:
    """Readings by scenario, replicate and day.

    Attributes:
        data: Dataset with dims scenario, replicate, time (days); a variable per readout.
        failures: Mice that could not be run, with their reasons.
    """

    def __init__(self, data: xarray.Dataset) -> None:
        self.data = data
        self.failures: list[dict[str, Any]] = json.loads(data.attrs.get("failures", "[]"))

    @property
    def provenance(self) -> dict[str, Any]:
        """Versions, seed, parameters, command."""
        return json.loads(self.data.attrs["provenance"])

    def __repr__(self) -> str:
        sizes = self.data.sizes
        return (
            f"<Result of '{self.provenance['study']}': {sizes['scenario']} arms, "
            f"{sizes['replicate']} mice each, {sizes['time']} days>"
        )

    def save(self, path: str | Path, *, force: bool = False) -> Path:
        """Write the dataset as a Zarr folder.

        Raises:
            GutexoError: Something is there already and `force` is not given.
        """
        path = Path(path)
        if path.exists():
            if not force:
                raise GutexoError(f"{path} exists already; nothing was written (use force)")
        part = path.with_name(f".{path.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        self.data.to_zarr(part, mode="w", consolidated=False)
        # What was there goes only when the new one is whole.
        shutil.rmtree(path, ignore_errors=True)
        part.rename(path)
        return path

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a dataset that was saved.

        Raises:
            GutexoError: There is none.
        """
        try:
            return cls(xarray.open_zarr(path, consolidated=False).load())
        except (FileNotFoundError, KeyError, ValueError) as error:
            raise GutexoError(f"{path} holds no result: {str(error)[:80]}") from None


def assemble(
    study: Study,
    replicates: int,
    seed: int,
    runs: dict[tuple[int, int], ArmRun],
    failures: list[dict[str, Any]],
) -> xarray.Dataset:
    """One dataset of all mice; a day a mouse did not live to see is NaN.

    Args:
        study: What was run.
        replicates: Mice an arm.
        seed: Seed of the study.
        runs: Readings by (arm, replicate).
        failures: Mice that could not be run.
    """
    longest = max((arm.duration for arm in study.arms), default=0.0)
    days = np.arange(int(longest) + 1, dtype=float)
    shape = (len(study.arms), replicates, len(days))
    values = {name: np.full(shape, np.nan) for name in OBSERVABLES}
    redraws = np.zeros(shape[:2], np.int64)
    for (arm, replicate), run in runs.items():
        redraws[arm, replicate] = run.redraws
        columns = np.round(run.days).astype(int)
        for row, name in enumerate(OBSERVABLES):
            values[name][arm, replicate, columns] = run.values[row]
    data = xarray.Dataset(
        {
            name: (
                ("scenario", "replicate", "time"),
                values[name],
                {"units": o.unit, "long_name": o.long_name, "description": o.meaning},
            )
            for name, o in OBSERVABLES.items()
        },
        coords={
            "scenario": [arm.name for arm in study.arms],
            "replicate": np.arange(replicates),
            "time": ("time", days, {"units": "d", "long_name": "day of the study"}),
            "redraws": (("scenario", "replicate"), redraws),
        },
    )
    doses = sorted({day for arm in study.arms for day in arm.dose_days()})
    data.attrs = {
        "study": study.name,
        "seed": seed,
        "dose_days": doses,
        "comparisons": json.dumps([list(pair) for pair in study.comparisons]),
        "failures": json.dumps(failures),
        "provenance": json.dumps(provenance(study, replicates, seed)),
        "note": MICE_ONLY,
    }
    return data


def with_draws(data: xarray.Dataset, draws: Sequence[Mapping[str, float]]) -> xarray.Dataset:
    """The same dataset, with the parameters by which each replicate lived.

    Args:
        data: Of all mice.
        draws: Draw by draw; replicates took them in turn.

    Returns:
        The dataset with a variable per parameter that was drawn, by replicate.
    """
    units = {entry.name: entry.unit for entry in Parameters().entries()}
    taken = [draws[r % len(draws)] for r in range(data.sizes["replicate"])]
    columns = {
        name: ("replicate", [float(draw[name]) for draw in taken], {"units": units[name]})
        for name in draws[0]
    }
    data = data.assign_coords(columns)
    facts = json.loads(data.attrs["provenance"])
    facts["draws"] = [dict(draw) for draw in taken]
    facts["notes"] = [DRAWN.format(min(len(draws), len(taken))), *facts["notes"]]
    return data.assign_attrs(provenance=json.dumps(facts), draws=min(len(draws), len(taken)))
