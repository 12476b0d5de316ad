"""The patterns the model is judged against: fixed before anything was fitted, never edited."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from gutexo.errors import GutexoError, suggest

USES = ("calibrate", "constrain", "validate", "verify", "report")


@dataclass(frozen=True)
class Pattern:
    """One scored number.

    Attributes:
        id: Name.
        use: One of `USES`; a `validate` row is never fitted, a `constrain` row never a prediction.
        readout: What is read.
        arm: In which mice.
        comparator: Against which, if it is a ratio.
        statistic: How it is summed up.
        window: From, to.
        unit: Unit.
        grade: Of the evidence.
        source: Where it comes from.
        day: Day it is read, if given.
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
def _content() -> dict:
    text = files("gutexo.catalogue").joinpath("patterns.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def patterns(use: str | None = None) -> tuple[Pattern, ...]:
    """All patterns, or those of one use.

    Raises:
        GutexoError: There is no such use.
    """
    if use is not None and use not in USES:
        raise GutexoError(f"use '{use}' does not exist{suggest(use, USES)}")
    known = Pattern.__dataclass_fields__
    rows = []
    for entry in _content()["pattern"]:
        fields = {k: v for k, v in entry.items() if k in known}
        fields["window"] = tuple(float(x) for x in entry["window"])
        rows.append(Pattern(**fields))
    return tuple(row for row in rows if use is None or row.use == use)


def pattern(name: str) -> Pattern:
    """The pattern of this id.

    Raises:
        GutexoError: There is none.
    """
    rows = {row.id: row for row in patterns()}
    if name not in rows:
        raise GutexoError(f"pattern '{name}' does not exist{suggest(name, rows)}")
    return rows[name]


def box() -> dict:
    """Dose, interval and duration of the study are not known: the box to sweep."""
    return dict(_content()["box"])
