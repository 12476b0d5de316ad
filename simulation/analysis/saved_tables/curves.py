"""Saved tables whose curves are in a second file: verification, and a laboratory's experiment."""

from __future__ import annotations

from pathlib import Path

from gutexo.analysis.sample_size import PowerPoint, SampleSize, join_power_curves
from gutexo.analysis.tables import read_table
from gutexo.analysis.verification_checks import (
    CurvePoint,
    VerificationCheck,
    VerificationCurve,
    join_points,
)


def read_verification(path: Path) -> tuple[list[VerificationCheck], list[VerificationCurve]]:
    """Read the checks, and the curves that show them.

    Args:
        path: verification.csv; verification_curves.csv is in the same folder.

    Raises:
        GutexoError: The files are not such tables.
    """
    points = read_table(CurvePoint, path.with_name("verification_curves.csv"))
    return read_table(VerificationCheck, path), join_points(points)


def read_design(path: Path) -> list[SampleSize]:
    """Read the number of animals per group for each readout, with curves of power.

    Args:
        path: design.csv; design_power.csv is in the same folder.

    Raises:
        GutexoError: The files are not such tables.
    """
    points = read_table(PowerPoint, path.with_name("design_power.csv"))
    return join_power_curves(read_table(SampleSize, path), points)
