"""The log-log figure of the benchmark: packets updated a second against packets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from gutexo.figures.style import (
    BLACK,
    BLUE,
    GREEN,
    ORANGE,
    PURPLE,
    VERMILLION,
    styled,
)

LOOKS = {
    "C++ yardstick": (BLACK, "o"),
    "compiled stage": (BLUE, "s"),
    "compiled day in one call": (PURPLE, "P"),
    "compiled tick under Mesa": (GREEN, "D"),
    "agents tick": (ORANGE, "v"),
    "idiomatic Mesa stage": (VERMILLION, "^"),
}


def draw(found: dict[str, Any], path: Path) -> Path:
    """Draw what was measured.

    Args:
        found: What `run.measure` returns.
        path: PNG to be written; one that is there is replaced.
    """
    with styled():
        figure = Figure(figsize=(7.5, 5), layout="constrained")
        axes = figure.subplots()
        for name, (colour, marker) in LOOKS.items():
            points = [
                (row["packets alive"], row["updates per second"][name])
                for row in found["sizes"].values()
                if name in row["updates per second"]
            ]
            if points:
                axes.loglog(*zip(*points, strict=True), color=colour, marker=marker, label=name)
        # The style shows text as it stands, so matplotlib's powers of ten would be markup.
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        axes.set_xlabel("exosome packets alive")
        axes.set_ylabel("packets updated a second")
        axes.set_title("Speed of the exosome stage and of a whole tick", loc="left")
        axes.grid(True, which="major", alpha=0.3)
        figure.legend(loc="outside lower center", ncols=2)
        figure.savefig(path, dpi=150, metadata={"Software": None})
    return path
