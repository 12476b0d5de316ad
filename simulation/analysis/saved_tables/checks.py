"""Saved tables of ablations and verification."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from gutexo.analysis.ablations import AblatedEffect
from gutexo.analysis.saved_tables.rows import parse_number, parse_yes, read_records, read_table
from gutexo.analysis.tables import ABLATION_COLUMNS, CHECK_COLUMNS, CURVE_POINT_COLUMNS
from gutexo.analysis.verification_checks import VerificationCheck, VerificationCurve
from gutexo.errors import GutexoError

VERIFICATION_CURVES_FILE = "verification_curves.csv"


def read_ablations(path: Path) -> list[AblatedEffect]:
    """Read the effects under every ablation.

    Args:
        path: ablations.csv.

    Raises:
        GutexoError: The file is not such a table.
    """
    return read_records(AblatedEffect, ABLATION_COLUMNS, path)


def read_verification(path: Path) -> tuple[list[VerificationCheck], list[VerificationCurve]]:
    """Read the checks, and the curves that show them.

    Args:
        path: verification.csv; verification_curves.csv is in the same folder.

    Raises:
        GutexoError: The files are not such tables.
    """
    curves_path = path.with_name(VERIFICATION_CURVES_FILE)
    curves: dict[str, list[dict[str, str]]] = {}
    for row in read_table(curves_path, *CURVE_POINT_COLUMNS):
        curves.setdefault(row["curve"], []).append(row)
    try:
        built = [_build_curve(name, rows) for name, rows in curves.items()]
    except ValueError as error:
        raise GutexoError(f"{curves_path}: {error}") from None
    return read_records(VerificationCheck, CHECK_COLUMNS, path), built


def _build_curve(name: str, rows: list[dict[str, str]]) -> VerificationCurve:
    x, simulated, known = (
        np.array([parse_number(row[column]) for row in rows])
        for column in ("x", "simulated", "known")
    )
    first = rows[0]
    labels = (first["x_label"], first["y_label"])
    return VerificationCurve(name, x, simulated, known, *labels, parse_yes(first["logarithmic"]))
