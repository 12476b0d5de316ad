"""Patterns with which the model is compared; they were fixed before any fit and never edited."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from gutexo.errors import GutexoError, suggest

USES = ("calibrate", "constrain", "validate", "verify", "report")
SIGN_IDS = (
    "old-to-young-permeability",
    "old-to-young-inflammation",
    "old-to-young-insulin-resistance",
    "young-to-old-insulin-resistance",
)
"""Rows of the four signs that the mouse study reports; other rows are `constrain` rows too."""


@dataclass(frozen=True)
class Pattern:
    """One pattern: a number that is scored.

    Attributes:
        id: Name.
        use: One of `USES`; a `validate` row is never fitted, a `constrain` row is never a
            prediction.
        readout: Readout that is scored.
        arm: Mice in which it is read.
        comparator: Mice to which it is relative, if it is a ratio.
        statistic: How it is summarised.
        window: Lower and upper end of accepted values.
        unit: Unit.
        grade: Grade of the evidence.
        source: Source of the window.
        day: Day on which it is read, if given.
        dose: Dose, if given.
    """

    id: str
    use: str
    readout: str
    arm: str | None = None
    comparator: str | None = None
    statistic: str = ""
    window: tuple[float, float] = (0.0, 0.0)
    unit: str = "1"
    grade: str = ""
    source: str = ""
    day: float | None = None
    dose: str | None = None


@cache
def _read_patterns() -> dict:
    text = files("gutexo.catalogue").joinpath("patterns.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def patterns(use: str | None = None) -> tuple[Pattern, ...]:
    """List all patterns, or those of one use.

    Raises:
        GutexoError: There is no such use.
    """
    if use is not None and use not in USES:
        raise GutexoError(f"use '{use}' does not exist{suggest(use, USES)}")
    known = Pattern.__dataclass_fields__
    rows = []
    for entry in _read_patterns()["pattern"]:
        fields = {k: v for k, v in entry.items() if k in known}
        fields["window"] = tuple(float(x) for x in entry["window"])
        rows.append(Pattern(**fields))
    return tuple(row for row in rows if use is None or row.use == use)


def pattern(name: str) -> Pattern:
    """Return the pattern with this id.

    Raises:
        GutexoError: There is no such pattern.
    """
    rows = {row.id: row for row in patterns()}
    if name not in rows:
        raise GutexoError(f"pattern '{name}' does not exist{suggest(name, rows)}")
    return rows[name]


def reported_signs() -> tuple[Pattern, ...]:
    """Return the rows of the four signs that the mouse study reports."""
    return tuple(pattern(name) for name in SIGN_IDS)


def dose_grid() -> dict:
    """Return the grid of doses, intervals, durations and routes to sweep.

    Those of the published study are not known.
    """
    return dict(_read_patterns()["box"])
