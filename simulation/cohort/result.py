"""A result: readings of every mouse with units, and their provenance."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import xarray

from gutexo.body.observables import OBSERVABLES
from gutexo.catalogue import Parameters
from gutexo.cohort.dataset import read_dataset, write_dataset
from gutexo.cohort.provenance import MICE_ONLY_NOTE, provenance
from gutexo.cohort.tasks import ArmRun
from gutexo.protocol.study import Scenario, Study
from gutexo.support.html import html_table
from gutexo.support.interrupts import Interrupted, detect_interrupts

DRAWS_NOTE = (
    "Each mouse has one of {} parameter draws: intervals include the spread of the parameters."
)


class CohortResult:
    """The result of a study: readings by scenario, replicate and day.

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

    def _repr_html_(self) -> str:
        """Show the arms with the number of mice alive on the last day and of failures."""
        failed = [failure["scenario"] for failure in self.failures]
        first = next(iter(self.data.data_vars))
        last = np.isfinite(self.data[first].values[:, :, -1]).sum(axis=1)
        arms = self.data["scenario"].values.tolist()
        rows = [
            (arm, self.data.sizes["replicate"], int(alive), failed.count(arm))
            for arm, alive in zip(arms, last, strict=True)
        ]
        title = f"Result of '{self.provenance['study']}', seed {self.data.attrs['seed']}"
        notes = (
            f"{len(self.data.data_vars)} readouts, {self.data.sizes['time']} days. "
            ".data is the xarray dataset, .table() effects, .plot() trajectories."
        )
        header = ("arm", "mice", "read on the last day", "failed")
        return html_table(title, rows, header, notes)

    def save(self, path: str | Path, *, force: bool = False) -> Path:
        """Write the dataset as a Zarr folder.

        Args:
            path: The folder; its parent folders are made.
            force: Replace an existing result. Anything else is never replaced.

        Returns:
            The path.

        Raises:
            GutexoError: The path exists already and `force` is not given, or it is no result,
                or the folder cannot be written.
        """
        return write_dataset(self.data, path, force=force)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Load a saved result.

        Args:
            path: Folder that `save` wrote, or that of a whole run (``--out``).

        Raises:
            GutexoError: There is no result, or it cannot be read.
        """
        return cls(read_dataset(path))


class CohortReadings:
    """Readings of all mice, added mouse by mouse; days after the death of a mouse are NaN.

    Args:
        study: The study.
        replicates: Mice per arm.
    """

    def __init__(self, study: Study, replicates: int) -> None:
        self.study, self.replicates = study, replicates
        self.days = np.arange(count_recorded_days(study), dtype=float)
        shape = (len(study.arms), replicates, len(self.days))
        self._values = {name: np.full(shape, np.nan) for name in OBSERVABLES}
        self._redraws = np.zeros(shape[:2], np.int64)
        self.mice = 0

    def add(self, place: tuple[int, int], run: ArmRun) -> None:
        """Add the readings of a mouse.

        Args:
            place: Number of its arm and of its replicate.
            run: Its readings.
        """
        self._redraws[place] = run.redraws
        columns = np.round(run.days).astype(int)
        for row, name in enumerate(OBSERVABLES):
            self._values[name][(*place, columns)] = run.values[row]
        self.mice += 1

    def dataset(self, seed: int, failures: list[dict[str, Any]]) -> xarray.Dataset:
        """Build one dataset of all mice.

        Args:
            seed: Seed of the study.
            failures: Mice that could not be run.
        """
        study = self.study
        data = xarray.Dataset(
            {
                name: (
                    ("scenario", "replicate", "time"),
                    self._values[name],
                    {"units": o.unit, "long_name": o.long_name, "description": o.meaning},
                )
                for name, o in OBSERVABLES.items()
            },
            coords={
                "scenario": [arm.name for arm in study.arms],
                "replicate": np.arange(self.replicates),
                "time": ("time", self.days, {"units": "d", "long_name": "day of the study"}),
                "redraws": (("scenario", "replicate"), self._redraws),
                "duration": (
                    "scenario",
                    [float(arm.duration) for arm in study.arms],
                    {"units": "d", "long_name": "days for which the arm was followed"},
                ),
            },
        )
        doses = sorted({day for arm in study.arms for day in _dose_days(arm)})
        data.attrs = {
            "study": study.name,
            "seed": seed,
            "dose_days": doses,
            "comparisons": json.dumps([list(pair) for pair in study.comparisons]),
            "failures": json.dumps(failures),
            "provenance": json.dumps(provenance(study, self.replicates, seed)),
            "note": MICE_ONLY_NOTE,
        }
        if study.grid:
            data.attrs["grid"] = json.dumps(dict(study.grid))
        return data


def _dose_days(arm: Scenario) -> list[float]:
    """List the days of dosing; none if an intervention of the user fails when it is called."""
    try:
        with detect_interrupts():
            return arm.dose_days()
    except Interrupted:
        raise
    except BaseException:
        return []  # The mice of this arm are failures with a reason.


def count_recorded_days(study: Study) -> int:
    """Number of days of the longest record of a study, including day 0."""
    return int(max((arm.duration for arm in study.arms), default=0.0)) + 1


def add_draws(data: xarray.Dataset, draws: Sequence[Mapping[str, float]]) -> xarray.Dataset:
    """Add the drawn parameters of each replicate to a dataset.

    Args:
        data: Dataset of all mice.
        draws: The draws; replicates used them in turn.

    Returns:
        The dataset with a coordinate per drawn parameter, by replicate.
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
    facts["notes"] = [DRAWS_NOTE.format(min(len(draws), len(taken))), *facts["notes"]]
    return data.assign_attrs(provenance=json.dumps(facts), draws=min(len(draws), len(taken)))
