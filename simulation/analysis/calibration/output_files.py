"""Output files of a calibration, for users and for other analyses."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from gutexo.analysis.calibration.diagnostics import (
    FEWEST,
    IDENTIFIABLE_WIDTH,
    MarginalSummary,
    effective_draws,
)
from gutexo.analysis.calibration.evaluator import calibration_code_version
from gutexo.analysis.calibration.mice_stage import repeat_by_count
from gutexo.analysis.calibration.pipeline import Calibration
from gutexo.analysis.calibration.plan import SETTINGS, CalibrationPlan
from gutexo.analysis.calibration.posterior_predictive import EmulatorDiscrepancy, PredictiveSummary
from gutexo.analysis.calibration.simulation_based_calibration import LARGEST_Z, RankHistogram
from gutexo.analysis.posterior import POSTERIOR_FILE, write_draws
from gutexo.analysis.tables import in_columns, write_atomically, write_table
from gutexo.catalogue import Parameters
from gutexo.cohort.provenance import MICE_ONLY_NOTE, toml_value
from gutexo.support.json_files import DamagedFile, read_json
from gutexo.support.json_text import format_json

ADOPTED = "landed.toml"
SUMMARY = "calibration.json"
LOG = "calibration.log"
FIGURES = ("calibration_posterior", "calibration_predictive", "calibration_ranks")
WORKING = (SETTINGS, "populations.db", "twin_sets.csv", "mice_sets.csv", "few_sets.csv",
           "many_sets.csv", "default_sets.csv")  # fmt: skip
"""Files that an interrupted run needs to continue."""
SWAPPING = "swapping"  # file in the folder of a calibration while it replaces another
PACKAGES = ("gutexo", "numba", "numpy", "pyabc", "scipy")


@dataclass(frozen=True)
class PopulationRow:
    """One stage of a calibration, or one population of the mean-field model.

    Attributes:
        stage: prior, twin (the mean-field model), all of them, mice or default mice.
        population: Its number.
        tolerance: Distance up to which sets were accepted.
        tried: Number of sets that were evaluated.
        accepted: Number of accepted sets.
        effective: Equally weighted sets that would be worth as much.
        rejection: Draws of the prior within the same tolerance.
        z_rejection: Largest difference of a mean from that of these draws, in standard errors.
        process_seconds: Computing time of the stage, on one process.
    """

    stage: str
    population: int | None
    tolerance: float
    tried: int
    accepted: int
    effective: float = math.nan
    rejection: int | None = None
    z_rejection: float = math.nan
    process_seconds: float = math.nan


@dataclass(frozen=True)
class ConfirmedRow:
    """The answer of default mice to one row, at one draw.

    Attributes:
        draw: Rank by distance; 1 for the draw nearest to the centre.
        away: Its distance from the centre, in shares of the prior, root mean square.
        id, use: Row and its use.
        value: Answer; NaN where there is none.
        window_low, window_high: Window of the row; an infinite end is an empty cell.
        inside: Whether the answer is in the window.
    """

    draw: int
    away: float
    id: str
    use: str
    value: float
    window_low: float
    window_high: float = field(metadata=in_columns("window_high", missing=math.inf))
    inside: bool


TABLES: dict[str, type] = {
    "populations": PopulationRow,
    "identifiability": MarginalSummary,
    "predictive": PredictiveSummary,
    "ranks": RankHistogram,
    "twin_against_mice": EmulatorDiscrepancy,
    "confirmed": ConfirmedRow,
}
"""Row type of every table except the posterior, whose columns are the free parameters."""


def list_output_files() -> tuple[str, ...]:
    """List the files of a finished calibration, figures included."""
    figures = tuple(f"{name}.{kind}" for name in FIGURES for kind in ("png", "svg"))
    return (POSTERIOR_FILE, *(f"{name}.csv" for name in TABLES), ADOPTED, SUMMARY, LOG, *figures)


def remove_calibration(folder: Path) -> None:
    """Delete the files of an earlier calibration from a folder, and nothing else."""
    for name in (*WORKING, *list_output_files(), SWAPPING):
        (folder / name).unlink(missing_ok=True)


def find_conflict(folder: Path) -> str | None:
    """Find a file that a calibration would overwrite in a folder without a calibration, or None."""
    if (folder / SETTINGS).exists():
        return None
    return next(
        (name for name in (*WORKING, *list_output_files()) if os.path.lexists(folder / name)), None
    )


def holds_calibration(folder: Path, plan: CalibrationPlan) -> bool:
    """Check whether a folder holds this calibration, finished or not.

    Args:
        folder: The folder.
        plan: Requested calibration.
    """
    try:
        return read_json(folder / SETTINGS) == plan.settings()
    except DamagedFile:
        return False


def replace_calibration(new: Path, folder: Path) -> None:
    """Replace a calibration by a finished one; if interrupted, it may be called again.

    Args:
        new: Folder of the finished calibration, whose files are moved.
        folder: Folder of the replaced calibration. Files that no calibration writes stay.
    """
    own = (
        *(name for name in (*WORKING, *list_output_files()) if name not in (SUMMARY, SETTINGS)),
        SUMMARY,
    )
    if not (new / SWAPPING).exists():
        for name in (SETTINGS, SUMMARY, *own):  # settings first: the rest is then no calibration
            if name in (SETTINGS, SUMMARY) or not (new / name).exists():
                (folder / name).unlink(missing_ok=True)
        (new / SWAPPING).touch()
    for name in (*own, SETTINGS):
        if (new / name).exists():
            os.replace(new / name, folder / name)
    (new / SWAPPING).unlink()


def write_calibration(found: Calibration, plan: CalibrationPlan, folder: Path) -> None:
    """Write every table of a calibration.

    Args:
        found: Its results.
        plan: Requested calibration.
        folder: Target folder; files of the same name are replaced.
    """
    if found.accepted:
        draws = repeat_by_count(found.accepted)
        write_draws(draws, folder / POSTERIOR_FILE, force=True)
    rows: dict[str, Sequence[Any]] = {
        "populations": _populations(found, plan),
        "identifiability": found.marginals,
        "predictive": found.predictive,
        "ranks": found.ranked,
        "twin_against_mice": found.discrepancies,
        "confirmed": _full_resolution_rows(found),
    }
    for name, kind in TABLES.items():
        write_table(kind, rows[name], folder / f"{name}.csv", force=True)
    if found.adopted is not None:
        text = adopted_toml(found.adopted.values)
        write_atomically(folder / ADOPTED, text.encode(), force=True)
    text = format_json(summarise_calibration(found, plan)) + "\n"
    write_atomically(folder / SUMMARY, text.encode(), force=True)


def _populations(found: Calibration, plan: CalibrationPlan) -> list[PopulationRow]:
    """Make the rows of the populations of the mean-field model, with small mice as one more."""
    evaluated = len(found.abc_smc_result.table) + plan.truths
    posterior = found.abc_smc_result.posterior
    counts = np.array([one.count for one in found.accepted], dtype=float)
    checks = found.full_resolution_checks
    first, second, third = found.seconds
    return [
        PopulationRow("prior", None, math.nan, evaluated, evaluated),
        *(
            PopulationRow(
                "twin", step.population, step.tolerance, step.evaluated, step.accepted,
                step.effective, step.rejection, step.z,
            )
            for step in found.steps
        ),
        PopulationRow(
            "all of them", None, posterior.tolerance, posterior.evaluated, len(posterior.weights),
            posterior.effective, process_seconds=first,
        ),
        PopulationRow(
            "mice", None, plan.tolerance, len(found.evaluated), len(found.accepted),
            effective_draws(counts) if len(counts) else 0.0, process_seconds=second,
        ),
        PopulationRow(
            "default mice", None, 0.0, len(checks), sum(one.holds for one in checks),
            process_seconds=third,
        ),
    ]  # fmt: skip


def _full_resolution_rows(found: Calibration) -> list[ConfirmedRow]:
    return [
        ConfirmedRow(
            one.place, one.away, row.id, row.use, one.answers.get(row.id, math.nan), row.low,
            row.high, row.id not in one.failing,
        )
        for one in found.full_resolution_checks
        for row in found.rows
    ]  # fmt: skip


def adopted_toml(values: Mapping[str, float]) -> str:
    """Make a configuration that runs the adopted draw: ``gutexo study --config landed.toml``."""
    lines = ["# The central draw of a posterior; default mice hold every row at it."]
    group = ""
    for name in sorted(values):
        table, _, short = name.partition(".")
        if table != group:
            lines += ["", f"[parameters.{table}]"]
            group = table
        lines.append(f"{short} = {toml_value(values[name])}")
    return "\n".join(lines) + "\n"


def summarise_calibration(found: Calibration, plan: CalibrationPlan) -> dict[str, Any]:
    """Summarise settings, results and what is needed to repeat a calibration, as JSON types."""
    last = found.abc_smc_result.populations[-1]
    return {
        "settings": plan.settings(),
        "budget": plan.budget,
        "command": [sys.argv[0].rsplit("/", 1)[-1], *sys.argv[1:]],
        "versions": {name: _version(name) for name in PACKAGES},
        "python": sys.version.split()[0],
        "code": calibration_code_version(),
        "defaults before": Parameters().change(plan.changes).digest(),
        "priors": {
            entry.name: [entry.prior, entry.prior_low, entry.prior_high]
            for entry in found.space.entries
        },
        "rows": [row.id for row in found.rows],
        "twin": {
            "sets": plan.truths + found.abc_smc_result.posterior.evaluated,
            "finished": found.abc_smc_result.finished,
            "tolerance": last.tolerance,
        },
        "mice": {"sets": len(found.evaluated), "kept": len(found.accepted)},
        "process seconds": [round(seconds, 1) for seconds in found.seconds],
        "identifiable": [row.parameter for row in found.marginals if row.identifiable],
        "not identifiable": [row.parameter for row in found.marginals if not row.identifiable],
        "rules": {
            "narrow": IDENTIFIABLE_WIDTH,
            "fewest draws": FEWEST,
            "largest z of ranks": LARGEST_Z,
        },
        "correlations": [
            {"one": pair.one, "other": pair.other, "rank correlation": round(pair.correlation, 3)}
            for pair in found.pairs
        ],
        "landed": None if found.adopted is None else found.adopted.values,
        "note": MICE_ONLY_NOTE,
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def read_summary(folder: Path) -> dict[str, Any] | None:
    """Read the summary of a finished calibration in a folder; None where there is none.

    Raises:
        GutexoError: It cannot be read.
    """
    path = folder / SUMMARY
    try:
        content = read_json(path)
    except DamagedFile as error:
        raise DamagedFile(f"{error} (--force starts anew)") from None
    return content if isinstance(content, dict) else None
