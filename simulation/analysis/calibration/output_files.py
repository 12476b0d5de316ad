"""Output files of a calibration, for users and for other analyses."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from gutexo.analysis.calibration.adoption import CANDIDATES, Candidate
from gutexo.analysis.calibration.feasible_point import POINT, PointRow
from gutexo.analysis.calibration.free_parameters import ScreenedParameter
from gutexo.analysis.calibration.marginals import FEWEST, IDENTIFIABLE_WIDTH, MarginalSummary
from gutexo.analysis.calibration.plan import SETTINGS, CalibrationPlan
from gutexo.analysis.calibration.predictive_check import PredictiveSummary
from gutexo.analysis.calibration.rank_check import RankCheck, TruthRank
from gutexo.analysis.calibration.reweighting import Generation
from gutexo.analysis.calibration.run import SETS_FILE, Calibration
from gutexo.analysis.posterior import POSTERIOR_FILE, write_draws
from gutexo.analysis.scorecard import Score
from gutexo.analysis.tables import write_atomically, write_table
from gutexo.cohort.provenance import MICE_ONLY_NOTE
from gutexo.support.json_files import DamagedFile, read_json
from gutexo.support.json_text import format_json

SUMMARY = "calibration.json"
LOG = "calibration.log"
FIGURES = ("calibration_posterior", "calibration_predictive", "calibration_ranks")
WORKING = (SETTINGS, SETS_FILE)
"""Files that an interrupted run needs to continue."""
SWAPPING = "swapping"  # file in the folder of a calibration while it replaces another
PACKAGES = ("gutexo", "cma", "numba", "numpy", "SALib", "scipy")


TABLES: dict[str, type] = {
    POINT: PointRow,
    "screening": ScreenedParameter,
    "generations": Generation,
    "identifiability": MarginalSummary,
    "ranks": RankCheck,
    "truth_ranks": TruthRank,
    "predictive": PredictiveSummary,
    "predictive_mice": Score,
    CANDIDATES: Candidate,
}
"""Row type of every table except the posterior, whose columns are parameters."""


def list_output_files() -> tuple[str, ...]:
    """List the files of a finished calibration, figures included."""
    figures = tuple(f"{name}.{kind}" for name in FIGURES for kind in ("png", "svg"))
    return (POSTERIOR_FILE, *(f"{name}.csv" for name in TABLES), SUMMARY, LOG, *figures)


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
    """Write every table of a calibration, and its summary.

    Args:
        found: Its results.
        plan: Requested calibration.
        folder: Target folder; files of the same name are replaced.
    """
    draws, weights = found.draws()
    write_draws(draws, folder / POSTERIOR_FILE, weights=weights, force=True)
    rows: dict[str, Sequence[Any]] = {
        POINT: [PointRow(*item) for item in found.point.items()],
        "screening": found.screened,
        "generations": found.posterior.generations,
        "identifiability": found.marginals,
        "ranks": found.ranks,
        "truth_ranks": [
            TruthRank(one.parameter, number, rank)
            for one in found.ranks
            for number, rank in enumerate(one.ranks)
        ],
        "predictive": found.predictive,
        "predictive_mice": found.mice,
        CANDIDATES: found.candidates(),
    }
    for name, kind in TABLES.items():
        write_table(kind, rows[name], folder / f"{name}.csv", force=True)
    text = format_json(summarise_calibration(found, plan)) + "\n"
    write_atomically(folder / SUMMARY, text.encode(), force=True)


def summarise_calibration(found: Calibration, plan: CalibrationPlan) -> dict[str, Any]:
    """Summarise settings, results and what is needed to repeat a calibration, as JSON types."""
    sample = found.posterior.sample
    return {
        "settings": plan.settings(),
        "command": [sys.argv[0].rsplit("/", 1)[-1], *sys.argv[1:]],
        "versions": {name: _version(name) for name in PACKAGES},
        "python": sys.version.split()[0],
        "free": list(found.space.names),
        "held": {name: value for name, value in found.space.base.items()},
        "sets": found.posterior.generations[-1].sets,
        "finished": found.posterior.finished,
        "draws of equal weight": round(sample.size, 1),
        "process seconds": round(found.seconds, 1),
        "identifiable": [row.parameter for row in found.marginals if row.identifiable],
        "not identifiable": [row.parameter for row in found.marginals if not row.identifiable],
        "ranks not uniform": [row.parameter for row in found.ranks if not row.inside],
        "rules": {"narrow": IDENTIFIABLE_WIDTH, "fewest draws": FEWEST},
        "correlations": [
            {"one": pair.one, "other": pair.other, "correlation": round(pair.correlation, 3)}
            for pair in found.pairs
        ],
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
