"""Parameter draws of a calibration: a table with a column per parameter and a row per draw.

The posterior behind the defaults is part of the package.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np

from gutexo.analysis.tables import csv_text, write_atomically
from gutexo.catalogue import Parameters
from gutexo.errors import GutexoError
from gutexo.support.arguments import check_seed, check_whole_number
from gutexo.support.user_files import read_text

WEIGHT_COLUMN = "weight"
POSTERIOR_FILE = "posterior.csv"
LARGEST_FILE = 50_000_000  # bytes
LONGEST_LINE, MOST_DRAWS = 100_000, 100_000


def read_draws(path: Path) -> tuple[list[dict[str, float]], np.ndarray]:
    """Read the parameter draws of a CSV file.

    Args:
        path: File whose header has names of parameters, with one draw per row; an optional column
            ``weight`` has the weight of each.

    Returns:
        Values by parameter name, draw by draw, and the weights, float64[draw], which sum to one.

    Raises:
        GutexoError: The file cannot be read, or a name or value is not valid.
    """
    names, lines, comma = _read_csv(path)
    if len(set(names)) != len(names):
        raise GutexoError(f"{path}: a column occurs twice")
    if not [name for name in names if name != WEIGHT_COLUMN]:
        raise GutexoError(f"{path}: no column is named after a parameter")
    draws, weights = [], []
    for number, line in lines:
        if len(line) != len(names):
            raise GutexoError(f"{path}, line {number}: {len(line)} values under {len(names)} names")
        try:
            values = [float(text.replace(",", ".") if comma else text) for text in line]
        except ValueError:
            raise GutexoError(f"{path}, line {number}: a value is no number") from None
        draw = dict(zip(names, values, strict=True))
        weight = draw.pop(WEIGHT_COLUMN, 1.0)
        if not (math.isfinite(weight) and weight >= 0):
            raise GutexoError(f"{path}, line {number}: a weight must be 0 or more; got {weight:g}")
        try:
            Parameters().change(draw)
        except GutexoError as error:
            raise GutexoError(f"{path}, line {number}: {error}") from None
        draws.append(draw)
        weights.append(weight)
    if not draws:
        raise GutexoError(f"{path} holds no draw")
    share = np.array(weights)
    if not share.sum() > 0:
        raise GutexoError(f"{path}: all weights are zero")
    return draws, share / share.sum()


def has_adopted_draws() -> bool:
    """Whether this version has a posterior from which its defaults were taken."""
    return files("gutexo.catalogue").joinpath(POSTERIOR_FILE).is_file()


def read_adopted_draws() -> tuple[list[dict[str, float]], np.ndarray]:
    """Read the posterior from which the catalogue's defaults were taken as one point.

    Returns:
        Values by parameter name, draw by draw, and float64[draw] weights that sum to one.

    Raises:
        GutexoError: This version has no posterior.
    """
    packaged = files("gutexo.catalogue").joinpath(POSTERIOR_FILE)
    if not has_adopted_draws():
        raise GutexoError(
            "this version has no calibrated posterior; make one with gutexo analyse calibrate"
        )
    with as_file(packaged) as path:
        return read_draws(path)


def write_draws(
    draws: Sequence[dict[str, float]],
    path: Path,
    *,
    weights: np.ndarray | None = None,
    force: bool = False,
) -> Path:
    """Write ``posterior.csv``: a column per parameter, a row per draw.

    All digits are written: a draw that is read is exactly the same, so a run can be resumed with
    it.

    Args:
        draws: Values by parameter name, the same names in each.
        path: The file.
        weights: float64[draw], a column of their own; draws of equal weight have none.
        force: Replace an existing file.

    Raises:
        GutexoError: There is no draw, or the file exists and ``force`` is off.
    """
    if not draws:
        raise GutexoError("a posterior without a draw cannot be written")
    names = list(draws[0])
    lines = [[repr(float(draw[name])) for name in names] for draw in draws]
    if weights is not None:
        lines = [[*line, repr(float(x))] for line, x in zip(lines, weights, strict=True)]
        names.append(WEIGHT_COLUMN)
    text = csv_text([names, *lines])
    return write_atomically(path, text.encode(), force=force)


def _read_csv(path: Path) -> tuple[list[str], list[tuple[int, list[str]]], bool]:
    """Read header and numbered lines of a CSV file, and whether it writes 1,5 for one and a half.

    Empty lines are skipped.
    """
    text = read_text(path, LARGEST_FILE)
    lines = text.split("\n")
    if len(lines) > MOST_DRAWS + 1:
        raise GutexoError(f"{path}: a table may have {MOST_DRAWS} draws at most")
    if max(map(len, lines)) > LONGEST_LINE:
        raise GutexoError(f"{path}: a line may have {LONGEST_LINE} characters at most")
    # In countries that write 1,5, programs separate columns with semicolons.
    apart = ";" if ";" in lines[0] else ","
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=apart)
        rows = [(reader.line_num, row) for row in reader if row]
    except csv.Error as error:
        raise GutexoError(f"{path} is no CSV file: {error}") from None
    if not rows:
        raise GutexoError(f"{path} is empty")
    cells = [cell for _, row in rows[1:] for cell in row]
    comma = apart == ";" and any("," in cell for cell in cells)
    if comma and any("." in cell for cell in cells):
        raise GutexoError(f"{path} has decimal commas and decimal points; write one of them")
    return [name.strip() for name in rows[0][1]], rows[1:], comma


def sample_draws(
    draws: list[dict[str, float]], weights: np.ndarray, count: int, seed: int = 1
) -> list[dict[str, float]]:
    """Sample some of the draws, each in proportion to its weight.

    Args:
        draws: Values by parameter name, draw by draw.
        weights: float64[draw], summing to one.
        count: Requested number; draws of equal weight are all taken once if they are not more.
        seed: Seed of the choice.

    Returns:
        Draws; one of large weight may occur more than once.

    Raises:
        GutexoError: The requested number is below one.
    """
    count, seed = (
        check_whole_number("at least one draw is needed: count", count, 1),
        check_seed(seed),
    )
    if count >= len(draws) and np.allclose(weights, weights[0]):
        return list(draws)
    # Systematic resampling of the shuffled draws: no draw is taken more often than its share needs.
    random = np.random.default_rng(seed)
    order = random.permutation(len(draws))
    steps = (random.random() + np.arange(count)) / count
    places = np.searchsorted(np.cumsum(weights[order]), steps * (1 - 1e-12))
    return [draws[order[min(place, len(draws) - 1)]] for place in places]
