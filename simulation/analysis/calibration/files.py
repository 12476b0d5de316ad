"""What a calibration leaves in its folder, for people and for other analyses."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from gutexo.analysis.calibration.answers import code_version
from gutexo.analysis.calibration.checks import FEWEST, NARROW, effective_draws
from gutexo.analysis.calibration.mice_stage import equal_draws
from gutexo.analysis.calibration.plan import SETTINGS, Plan
from gutexo.analysis.calibration.predictive import QUANTILES
from gutexo.analysis.calibration.ranks import BINS, LARGEST_Z
from gutexo.analysis.calibration.run import Calibration
from gutexo.analysis.posterior import POSTERIOR, write_draws
from gutexo.analysis.tables import Column, write_atomically, write_rows
from gutexo.catalogue import Parameters
from gutexo.cohort.provenance import MICE_ONLY, toml_value
from gutexo.json_text import json_text
from gutexo.stored import DamagedFile, read_json

LANDED = "landed.toml"
SUMMARY = "calibration.json"
LOG = "calibration.log"
FIGURES = ("calibration_posterior", "calibration_predictive", "calibration_ranks")
WORKING = (SETTINGS, "populations.db", "twin_sets.csv", "mice_sets.csv", "few_sets.csv",
           "many_sets.csv", "default_sets.csv")  # fmt: skip
"""Files by which an interrupted run goes on."""
SWAPPING = "swapping"  # in the folder of a calibration that is taking the place of another
PACKAGES = ("gutexo", "numba", "numpy", "pyabc", "scipy")


def _place(name: str, number: int) -> Column:
    """A column that is one place of a tuple of the row."""
    return lambda row: getattr(row, name)[number]


POPULATION_COLUMNS: dict[str, Column] = {
    "stage": "stage",
    "population": "population",
    "tolerance": "tolerance",
    "tried": "tried",
    "accepted": "accepted",
    "effective": "effective",
    "rejection": "rejection",
    "z_rejection": "z",
    "process_seconds": "seconds",
}
LEARNT_COLUMNS: dict[str, Column] = {
    "parameter": "parameter",
    "unit": "unit",
    "prior_low": "prior_low",
    "prior_high": "prior_high",
    "median": "median",
    "low": "low",
    "high": "high",
    "width": "width",
    "expected_width": "expected",
    "ranks_uniform": "uniform",
    "draws": "draws",
    "identifiable": "identifiable",
}
PREDICTIVE_COLUMNS: dict[str, Column] = {
    "id": "id",
    "use": "use",
    "model": "model",
    "draws": "draws",
    **{
        f"q{round(100 * share):02d}": _place("quantiles", place)
        for place, share in enumerate(QUANTILES)
    },
    "window_low": "low",
    "window_high": lambda row: row.high if math.isfinite(row.high) else math.nan,
    "inside": "inside",
}
RANK_COLUMNS: dict[str, Column] = {
    "parameter": "parameter",
    "truths": "truths",
    "draws": "draws",
    "z": "z",
    "uniform": "uniform",
    "width": "width",
    **{f"tenth_{i + 1}": _place("counts", i) for i in range(BINS)},
}
LIKENESS_COLUMNS: dict[str, Column] = {
    "question": "id",
    "sets": "sets",
    "mice_over_twin": "ratio",
    "spread": "spread",
    "correlation": "correlation",
}
CONFIRMED_COLUMNS: dict[str, Column] = {
    name: name
    for name in ("draw", "away", "id", "use", "value", "window_low", "window_high", "inside")
}
TABLES: dict[str, dict[str, Column]] = {
    "populations": POPULATION_COLUMNS,
    "identifiability": LEARNT_COLUMNS,
    "predictive": PREDICTIVE_COLUMNS,
    "ranks": RANK_COLUMNS,
    "twin_against_mice": LIKENESS_COLUMNS,
    "confirmed": CONFIRMED_COLUMNS,
}
"""Columns of every table but the posterior, whose columns are the free parameters."""


class _Line(dict[str, Any]):
    """A row whose cells are read as attributes."""

    def __getattr__(self, name: str) -> Any:
        return self[name]


def names() -> tuple[str, ...]:
    """Files of a finished calibration, figures included."""
    figures = tuple(f"{name}.{kind}" for name in FIGURES for kind in ("png", "svg"))
    return (POSTERIOR, *(f"{name}.csv" for name in TABLES), LANDED, SUMMARY, LOG, *figures)


def forget(folder: Path) -> None:
    """Drop what an earlier calibration left in a folder, and nothing else."""
    for name in (*WORKING, *names(), SWAPPING):
        (folder / name).unlink(missing_ok=True)


def in_the_way(folder: Path) -> str | None:
    """A file of a folder that holds no calibration, by a name a calibration writes; or None."""
    if (folder / SETTINGS).exists():
        return None
    return next((name for name in (*WORKING, *names()) if os.path.lexists(folder / name)), None)


def is_of(folder: Path, plan: Plan) -> bool:
    """Whether a folder holds this calibration, finished or not.

    Args:
        folder: The folder.
        plan: What is wanted.
    """
    try:
        return read_json(folder / SETTINGS) == plan.settings()
    except DamagedFile:
        return False


def swap(new: Path, folder: Path) -> None:
    """Let a finished calibration take the place of another; may be stopped, and called again.

    Args:
        new: Folder of the one that is finished; it is removed.
        folder: Where it goes. Files that no calibration writes stay.
    """
    own = (*(name for name in (*WORKING, *names()) if name not in (SUMMARY, SETTINGS)), SUMMARY)
    if not (new / SWAPPING).exists():
        for name in (SETTINGS, SUMMARY, *own):  # settings first: what is left is of no calibration
            if name in (SETTINGS, SUMMARY) or not (new / name).exists():
                (folder / name).unlink(missing_ok=True)
        (new / SWAPPING).touch()
    for name in (*own, SETTINGS):
        if (new / name).exists():
            os.replace(new / name, folder / name)
    (new / SWAPPING).unlink()


def write(found: Calibration, plan: Plan, folder: Path) -> None:
    """Write every table of a calibration.

    Args:
        found: What it found.
        plan: What was asked for.
        folder: Where; files of the same name are replaced.
    """
    if found.kept:
        draws = equal_draws(found.kept)
        write_draws(draws, folder / POSTERIOR, force=True)
    rows: dict[str, Sequence[Any]] = {
        "populations": _populations(found, plan),
        "identifiability": found.learnt,
        "predictive": found.predictive,
        "ranks": found.ranked,
        "twin_against_mice": found.likeness,
        "confirmed": _confirmed(found),
    }
    for name, columns in TABLES.items():
        write_rows(rows[name], columns, folder / f"{name}.csv", force=True)
    if found.landed is not None:
        text = landed_toml(found.landed.values)
        write_atomically(folder / LANDED, text.encode(), force=True)
    text = json_text(summary(found, plan)) + "\n"
    write_atomically(folder / SUMMARY, text.encode(), force=True)


def _populations(found: Calibration, plan: Plan) -> list[_Line]:
    """Populations of the twin, small mice as one more."""
    tried = len(found.narrowed.table) + plan.truths
    lines = [
        _Line(
            stage="prior", population=None, tolerance=None, tried=tried, accepted=tried,
            effective=None, rejection=None, z=None, seconds=None,
        )
    ]  # fmt: skip
    posterior = found.narrowed.posterior
    lines += [
        _Line(
            stage="twin", population=step.population, tolerance=step.tolerance, tried=step.tried,
            accepted=step.accepted, effective=step.effective, rejection=step.rejection, z=step.z,
            seconds=None,
        )
        for step in found.steps
    ]  # fmt: skip
    lines.append(
        _Line(
            stage="all of them", population=None, tolerance=posterior.tolerance,
            tried=posterior.tried, accepted=len(posterior.weights), effective=posterior.effective,
            rejection=None, z=None, seconds=found.seconds[0],
        )
    )  # fmt: skip
    counts = np.array([one.count for one in found.kept], dtype=float)
    lines.append(
        _Line(
            stage="mice", population=None, tolerance=plan.tolerance, tried=len(found.tried),
            accepted=len(found.kept), effective=effective_draws(counts) if len(counts) else 0.0,
            rejection=None, z=None, seconds=found.seconds[1],
        )
    )  # fmt: skip
    held = sum(one.holds for one in found.confirmations)
    lines.append(
        _Line(
            stage="default mice", population=None, tolerance=0.0, tried=len(found.confirmations),
            accepted=held, effective=None, rejection=None, z=None, seconds=found.seconds[2],
        )
    )  # fmt: skip
    return lines


def _confirmed(found: Calibration) -> list[_Line]:
    return [
        _Line(
            draw=one.place, away=one.away, id=row.id, use=row.use,
            value=one.answers.get(row.id, math.nan), window_low=row.low,
            window_high=row.high if math.isfinite(row.high) else math.nan,
            inside=row.id not in one.failing,
        )
        for one in found.confirmations
        for row in found.rows
    ]  # fmt: skip


def landed_toml(values: Mapping[str, float]) -> str:
    """A configuration that runs the confirmed draw: ``gutexo study --config landed.toml``."""
    lines = ["# The draw in the middle of a posterior, confirmed by default mice."]
    group = ""
    for name in sorted(values):
        head, _, short = name.partition(".")
        if head != group:
            lines += ["", f"[parameters.{head}]"]
            group = head
        lines.append(f"{short} = {toml_value(values[name])}")
    return "\n".join(lines) + "\n"


def summary(found: Calibration, plan: Plan) -> dict[str, Any]:
    """What was asked, what was found, and what it takes to repeat it, as JSON knows it."""
    last = found.narrowed.populations[-1]
    return {
        "settings": plan.settings(),
        "budget": plan.budget,
        "command": [sys.argv[0].rsplit("/", 1)[-1], *sys.argv[1:]],
        "versions": {name: _version(name) for name in PACKAGES},
        "python": sys.version.split()[0],
        "code": code_version(),
        "defaults before": Parameters().change(plan.changes).digest(),
        "priors": {
            entry.name: [entry.prior, entry.prior_low, entry.prior_high]
            for entry in found.space.entries
        },
        "rows": [row.id for row in found.rows],
        "twin": {
            "sets": plan.truths + found.narrowed.posterior.tried,
            "finished": found.narrowed.finished,
            "tolerance": last.tolerance,
        },
        "mice": {"sets": len(found.tried), "kept": len(found.kept)},
        "process seconds": [round(seconds, 1) for seconds in found.seconds],
        "identifiable": [row.parameter for row in found.learnt if row.identifiable],
        "not identifiable": [row.parameter for row in found.learnt if not row.identifiable],
        "rules": {"narrow": NARROW, "fewest draws": FEWEST, "largest z of ranks": LARGEST_Z},
        "correlations": [
            {"one": pair.one, "other": pair.other, "rank correlation": round(pair.correlation, 3)}
            for pair in found.pairs
        ],
        "landed": None if found.landed is None else found.landed.values,
        "note": MICE_ONLY,
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def there(folder: Path) -> dict[str, Any] | None:
    """Summary of a finished calibration in a folder; None where there is none.

    Raises:
        GutexoError: It cannot be read.
    """
    path = folder / SUMMARY
    try:
        content = read_json(path)
    except DamagedFile as error:
        raise DamagedFile(f"{error} (--force starts anew)") from None
    return content if isinstance(content, dict) else None
