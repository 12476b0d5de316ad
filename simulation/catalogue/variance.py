"""Whose variance it is: what a sensitivity analysis of the defaults found, kept in the package."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from gutexo.catalogue.parameters import Parameters

FILE = "variance.csv"


@dataclass(frozen=True)
class AssumedShare:
    """Share of the variance of a log answer that all assumed numbers hold together.

    Attributes:
        question: Answer, such as old-to-young-inflammation.
        share: Total index of the group, its interactions with sourced numbers included.
        low: Lower end of its 95 % interval.
        high: Upper end.
    """

    question: str
    share: float
    low: float
    high: float


@cache
def assumed_shares() -> tuple[AssumedShare, ...]:
    """Shares at the defaults, all uncertain numbers moved within a factor of 1.5 of them.

    Returns:
        A row a question of `gutexo analyse sensitivity`, in its order; none where the defaults are
        no longer those that were analysed.
    """
    text = files("gutexo.catalogue").joinpath(FILE).read_text(encoding="utf-8")
    defaults = Parameters().digest()
    return tuple(
        AssumedShare(row["question"], *(float(row[k]) for k in ("share", "low", "high")))
        for row in csv.DictReader(text.splitlines())
        if row["defaults"] == defaults
    )
