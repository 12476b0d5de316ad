"""What ablations and verification left."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from gutexo.analysis.ablations import Survival
from gutexo.analysis.kept.rows import number, read_as, rows_of, yes
from gutexo.analysis.tables import ABLATION_COLUMNS, CHECK_COLUMNS, CURVE_POINT_COLUMNS
from gutexo.analysis.verification import Check, Curve
from gutexo.errors import GutexoError

CURVES = "verification_curves.csv"


def read_ablations(path: Path) -> list[Survival]:
    """Effects under every cut.

    Args:
        path: ablations.csv.

    Raises:
        GutexoError: It is not such a table.
    """
    return read_as(Survival, ABLATION_COLUMNS, path)


def read_verification(path: Path) -> tuple[list[Check], list[Curve]]:
    """Checks, and the curves that show them.

    Args:
        path: verification.csv; verification_curves.csv lies beside it.

    Raises:
        GutexoError: They are not such tables.
    """
    beside = path.with_name(CURVES)
    curves: dict[str, list[dict[str, str]]] = {}
    for row in rows_of(beside, *CURVE_POINT_COLUMNS):
        curves.setdefault(row["curve"], []).append(row)
    try:
        drawn = [_curve(name, rows) for name, rows in curves.items()]
    except ValueError as error:
        raise GutexoError(f"{beside}: {error}") from None
    return read_as(Check, CHECK_COLUMNS, path), drawn


def _curve(name: str, rows: list[dict[str, str]]) -> Curve:
    x, simulated, known = (
        np.array([number(row[column]) for row in rows]) for column in ("x", "simulated", "known")
    )
    first = rows[0]
    labels = (first["x_label"], first["y_label"])
    return Curve(name, x, simulated, known, *labels, yes(first["logarithmic"]))
