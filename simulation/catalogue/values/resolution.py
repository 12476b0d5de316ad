"""How finely a mouse is drawn: nothing biological may depend on these."""

from __future__ import annotations

from typing import ClassVar

from gutexo.catalogue.declaration import ParameterGroup, parameter

A = "assumed"
F = "feasibility-search"


class ResolutionParameters(ParameterGroup):
    """Numbers of agents and the length of a tick."""

    in_record: ClassVar[bool] = False

    tick: float = parameter(1.0, "h", 0.1, 2.0, grade=A, source=A, prior="fixed", meaning="length of a tick")
    segments: int = parameter(64, "1", 8, 512, grade=A, source=A, prior="fixed", meaning="barrier segments from duodenum to colon")
    enterocytes: int = parameter(32, "1", 2, 1000, grade=A, source=A, prior="fixed", meaning="enterocyte sites in a segment")
    macrophages: int = parameter(16, "1", 1, 1000, grade=A, source=A, prior="fixed", meaning="lamina-propria macrophages in a segment")
    hepatocytes: int = parameter(512, "1", 4, 100000, grade=A, source=A, prior="fixed", meaning="hepatocyte sites")
    myocytes: int = parameter(256, "1", 4, 100000, grade=A, source=A, prior="fixed", meaning="myocyte sites")
    adipocytes: int = parameter(160, "1", 4, 100000, grade=A, source=A, prior="fixed", meaning="adipocyte sites")
    packets: float = parameter(10000.0, "packets", 50, 1e7, grade=A, source=A, prior="fixed", meaning="exosome packets at the steady state of a young mouse (sets the particles that one packet stands for)")
    thinning: int = parameter(8, "1", 1, 24, grade=A, source=A, prior="fixed", meaning="ticks between two thinnings of a cell's held cargo")
