"""Figures that are drawn from tables saved in docs/, and the parameters those tables are of."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

ORIGIN_FILE = "kept/origin.csv"
"""File that records, for each saved table, its parameters and what made it."""
SCORES_FILE = "scores.csv"


@dataclass(frozen=True)
class TableOrigin:
    """Row of the file of origins: a saved table, and the digest of the parameters it is of."""

    table: str
    parameters: str


@dataclass(frozen=True)
class TableFigure:
    """A figure that is drawn from a saved table, without a run.

    Attributes:
        file: Table under docs/; other tables that the figure needs are in the same folder.
        read: Function that reads it, or its row type, as module:name in `gutexo.analysis`.
        made_by: Command that makes the table and the figure.
        drawn_by: Name of the drawing function, if it differs from the figure's name.
    """

    file: str
    read: str
    made_by: str
    drawn_by: str = ""


_SENSITIVITY = (
    "kept/sensitivity.json",
    "saved_tables:read_sensitivity",
    "gutexo analyse sensitivity --out DIR",
)
_CALIBRATE = "gutexo analyse calibrate --out DIR"
TABLE_FIGURES = {
    "box": TableFigure(
        "calibration/box.csv",
        "saved_tables:read_dose_grid",
        "gutexo analyse box --out DIR",
    ),
    "scorecard": TableFigure(
        SCORES_FILE, "saved_tables:read_scores", "gutexo analyse scorecard --out DIR"
    ),
    "calibration_posterior": TableFigure(
        "calibration/identifiability.csv", "calibration.marginals:MarginalSummary", _CALIBRATE
    ),
    "calibration_predictive": TableFigure(
        "calibration/predictive.csv",
        "calibration.predictive_check:PredictiveSummary",
        _CALIBRATE,
    ),
    "calibration_ranks": TableFigure(
        "calibration/ranks.csv",
        "saved_tables:read_ranks",
        _CALIBRATE,
    ),
    "design": TableFigure(
        "kept/design.csv", "saved_tables:read_design", "gutexo analyse design --out DIR"
    ),
    "sensitivity_morris": TableFigure(*_SENSITIVITY),
    "sensitivity_tornado": TableFigure(*_SENSITIVITY),
    "ablations": TableFigure(
        "kept/ablations.csv", "ablations:AblatedEffect", "gutexo analyse ablations --out DIR"
    ),
    "verification": TableFigure(
        "kept/verification.csv", "saved_tables:read_verification", "gutexo analyse verify --out DIR"
    ),
}


def docs_folder() -> Path:
    """Return the folder of the documentation, which does not exist in an installed package."""
    import gutexo

    return Path(gutexo.__file__).parents[1] / "docs"


def available_figures() -> list[str]:
    """List the figures whose tables are here and speak of parameters that exist."""
    tables = {name: docs_folder() / figure.file for name, figure in TABLE_FIGURES.items()}
    return [
        name for name, table in tables.items() if table.is_file() and not _of_gone_parameters(table)
    ]


def _of_gone_parameters(table: Path) -> bool:
    """Whether a table has a row of a parameter that this mouse has not: it is of an earlier one."""
    from gutexo.catalogue import Parameters

    if table.suffix == ".json":  # of an analysis, whose table of parameters lies beside it
        table = table.with_name("morris.csv")
    try:
        with open(table, encoding="utf-8", newline="") as file:
            found = {row.get("parameter") or "" for row in csv.DictReader(file)}
    except (OSError, UnicodeDecodeError, csv.Error):
        return False  # reported where the figure is drawn
    return not {name for name in found if "." in name} <= set(Parameters.names())


def draw_from_table(name: str, out: Path) -> None:
    """Draw a figure from its table.

    Args:
        name: One of `TABLE_FIGURES`.
        out: Folder for the figure.

    Raises:
        GutexoError: The table cannot be read.
    """
    from gutexo.analysis.tables import read_table
    from gutexo.figures.results import save_figures

    about = TABLE_FIGURES[name]
    read: Any = resolve_name(f"gutexo.analysis.{about.read}")
    table = docs_folder() / about.file
    found: Any = read_table(read, table) if isinstance(read, type) else read(table)
    save_figures({name: found}, out, drawn_by=about.drawn_by)


def draw_all_from_tables(names: list[str], out: Path, report: Callable[[str], None]) -> None:
    """Draw figures from their tables, and name those whose tables are of earlier defaults.

    Args:
        names: Some of `available_figures`.
        out: Folder for the figures.
        report: Called with a message of one line.

    Raises:
        GutexoError: A table cannot be read.
    """
    for name in names:
        draw_from_table(name, out)
    if old := list_outdated(names):
        report(f"WARNING: drawn from tables of earlier defaults: {', '.join(old)}")


def list_outdated(names: list[str]) -> list[str]:
    """List the figures whose tables were made with other parameters than the present defaults.

    Args:
        names: Some of `TABLE_FIGURES`.
    """
    from gutexo.analysis.saved_tables import last_scored_set
    from gutexo.analysis.tables import read_table
    from gutexo.catalogue import Parameters

    now = Parameters().digest()
    of: dict[str, bool] = {}
    if (docs_folder() / ORIGIN_FILE).is_file():
        rows = read_table(TableOrigin, docs_folder() / ORIGIN_FILE)
        of = {row.table: row.parameters == now for row in rows}
    of[SCORES_FILE] = last_scored_set(docs_folder() / SCORES_FILE)[0] == now
    # A table without a record of its parameters counts as up to date.
    return [name for name in names if not of.get(TABLE_FIGURES[name].file, True)]
