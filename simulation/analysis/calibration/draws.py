"""Draws of the posterior: written once, read by every analysis through one function.

`read_draws` and `pick` live in `simulation.analysis.posterior`, which needs no calibration.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import as_file, files
from operator import itemgetter
from pathlib import Path

import numpy as np

from simulation.analysis.posterior import pick, read_draws
from simulation.analysis.tables import Column, write_rows
from simulation.errors import GutexoError

LANDED = "posterior.csv"

__all__ = ["LANDED", "landed_draws", "pick", "read_draws", "write_draws"]


def write_draws(draws: Sequence[dict[str, float]], path: Path, *, force: bool = False) -> Path:
    """Write ``posterior.csv``: a column a parameter, a row an equally weighted draw.

    Args:
        draws: Values by parameter name, the same names in each.
        path: The file.
        force: Replace a file that is already there.

    Raises:
        GutexoError: There is no draw, or the file exists and ``force`` is off.
    """
    if not draws:
        raise GutexoError("a posterior without a draw cannot be written")
    columns: dict[str, Column] = {name: itemgetter(name) for name in draws[0]}
    return write_rows(draws, columns, path, force=force)


def landed_draws() -> tuple[list[dict[str, float]], np.ndarray]:
    """The posterior that the catalogue's defaults are a point of.

    Returns:
        Values by parameter name, draw by draw, and float64[draw] weights that sum to one.

    Raises:
        GutexoError: This version has none.
    """
    packaged = files("simulation.catalogue").joinpath(LANDED)
    if not packaged.is_file():
        raise GutexoError(
            "this version has no calibrated posterior; make one with gutexo analyse calibrate"
        )
    with as_file(packaged) as path:
        return read_draws(path)
