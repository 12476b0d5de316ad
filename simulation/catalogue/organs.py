"""Table of organs that respond to insulin: their cells take exosomes from plasma, one row each.

From a row follow the kind of cell and its code numbers, its rows, the sink of exosomes and its
named rate, what is sensed there, its readouts, its place in the mean-field model and in figures.
Numbers of a row: `resolution.{cell}s`, `exosome.{cell}_share`, `insulin.{tissue}_mitochondria`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Organ:
    """An organ.

    Attributes:
        name: Name on the page and in figures.
        tissue: Name in parameters and readouts.
        cell: Kind of its cells.
        sensitivity: How the readout of insulin sensitivity is measured.
        capacity: How the readout of mitochondrial capacity is measured, empty for no such readout.
    """

    name: str
    tissue: str
    cell: str
    sensitivity: str
    capacity: str = ""


ORGANS = (
    Organ(
        "liver",
        "liver",
        "hepatocyte",
        "mean insulin signalling of hepatocytes, 1 where nothing blocks or supports it",
        "mean over hepatocytes, 0 to 1; protective cargo raises it over days",
    ),
    Organ(
        "muscle",
        "muscle",
        "myocyte",
        "mean insulin signalling of myocytes",
        "mean over myocytes, 0 to 1; protective cargo raises it over weeks",
    ),
    Organ(
        "adipose tissue",
        "adipose",
        "adipocyte",
        "mean insulin signalling of adipocytes",
    ),
)
LIVER, MUSCLE, ADIPOSE = range(3)
GUT = "gut"
PLACES = (GUT, *(organ.name for organ in ORGANS))
"""Places whose sites can be senescent: the niches of the gut, and the cells of each organ."""
N_ORGANS = len(ORGANS)
