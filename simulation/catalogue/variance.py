"""Results of a sensitivity analysis of the defaults, saved in the package."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from gutexo.catalogue.parameters import Parameters

FILE = "variance.csv"


@dataclass(frozen=True)
class AssumedShare:
    """Share of all assumed parameters together in the variance of a log answer.

    Attributes:
        question: Question, such as old-to-young-inflammation.
        share: Total index of the group, including its interactions with sourced parameters.
        low: Lower end of its 95 % interval.
        high: Upper end.
    """

    question: str
    share: float
    low: float
    high: float


@cache
def assumed_shares() -> tuple[AssumedShare, ...]:
    """Read the shares at the defaults, with all uncertain parameters varied by a factor of 1.5.

    Returns:
        One row per question of `gutexo analyse sensitivity`, in its order; empty if the defaults
        have changed since the analysis.
    """
    text = files("gutexo.catalogue").joinpath(FILE).read_text(encoding="utf-8")
    defaults = Parameters().digest()
    return tuple(
        AssumedShare(row["question"], *(float(row[k]) for k in ("share", "low", "high")))
        for row in csv.DictReader(text.splitlines())
        if row["defaults"] == defaults
    )
