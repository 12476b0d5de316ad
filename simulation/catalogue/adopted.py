"""Values that were adopted from a calibration; they replace the declared ones.

The file lies beside this module, and has the name and the value of each number. Without a file the
declared values are the defaults. What belongs to males alone has "(males)" behind its name.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

ADOPTED_FILE = "adopted.csv"
SOURCE = "calibration"
OF_MALES = " (males)"


@cache
def adopted_values() -> dict[str, float]:
    """Read the adopted values by full name; empty where nothing was adopted."""
    path = files("gutexo.catalogue").joinpath(ADOPTED_FILE)
    if not path.is_file():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    return {row["parameter"]: float(row["value"]) for row in csv.DictReader(lines)}


def adopted_of_males() -> dict[str, float]:
    """Return the adopted values that belong to males alone, by the name of the parameter."""
    return {
        name.removesuffix(OF_MALES): value
        for name, value in adopted_values().items()
        if name.endswith(OF_MALES)
    }
