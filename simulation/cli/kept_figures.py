"""Figures that are drawn from tables kept in docs/: which there are, and whose parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ORIGIN = "kept/origin.csv"
"""Which parameters each kept table is of, and what made it."""
SCORES = "scores.csv"


@dataclass(frozen=True)
class Kept:
    """A figure that needs no run.

    Attributes:
        file: Table under docs/; what else is needed lies beside it.
        read: Name of what reads it, in `gutexo.analysis.kept`.
        made_by: Command that makes table and figure.
        drawn_by: Name of the figure's function where it has another name.
    """

    file: str
    read: str
    made_by: str
    drawn_by: str = ""


_SENSITIVITY = ("kept/sensitivity.json", "read_sensitivity", "gutexo analyse sensitivity --out DIR")
_CALIBRATE = "gutexo analyse calibrate --out DIR"
KEPT = {
    "box": Kept(
        "calibration/box.csv", "read_box", "gutexo analyse box --out DIR", "dose_and_duration"
    ),
    "scorecard": Kept(SCORES, "read_scores", "gutexo analyse scorecard --out DIR"),
    "scorecard_posterior": Kept(
        SCORES,
        "read_scores_of_draws",
        "gutexo analyse scorecard --posterior landed --replicates 24 --out DIR",
        "scorecard",
    ),
    "calibration_posterior": Kept("calibration/identifiability.csv", "read_learnt", _CALIBRATE),
    "calibration_predictive": Kept("calibration/predictive.csv", "read_predictive", _CALIBRATE),
    "calibration_ranks": Kept("calibration/ranks.csv", "read_ranks", _CALIBRATE),
    "design": Kept("kept/design.csv", "read_design", "gutexo analyse design --out DIR"),
    "sensitivity_morris": Kept(*_SENSITIVITY),
    "sensitivity_tornado": Kept(*_SENSITIVITY),
    "ablations": Kept("kept/ablations.csv", "read_ablations", "gutexo analyse ablations --out DIR"),
    "verification": Kept(
        "kept/verification.csv", "read_verification", "gutexo analyse verify --out DIR"
    ),
}


def docs() -> Path:
    """Folder of the documentation; there is none in an installed package."""
    import gutexo

    return Path(gutexo.__file__).parents[1] / "docs"


def there() -> list[str]:
    """Figures whose tables are here."""
    return [name for name, kept in KEPT.items() if (docs() / kept.file).is_file()]


def draw_kept(name: str, out: Path) -> None:
    """Draw a figure from its table.

    Args:
        name: One of `KEPT`.
        out: Folder.

    Raises:
        GutexoError: The table cannot be read.
    """
    from gutexo.analysis import kept
    from gutexo.figures import draw
    from gutexo.figures.style import save

    about = KEPT[name]
    found = getattr(kept, about.read)(docs() / about.file)
    shown = found if isinstance(found, tuple) else (found,)
    more: dict[str, Any] = {}
    if name == "box":
        more["note"] = (
            f"Pooled: intervals, routes and {found.sizes['draw']} draws of the posterior, by the"
            " twin."
        )
    save(draw(about.drawn_by or name)(*shown, **more), out / name, force=True)


def outdated(names: list[str]) -> list[str]:
    """Figures whose tables are not of the parameters that are the defaults now.

    Args:
        names: Some of `KEPT`.
    """
    from gutexo.analysis.kept import sets_scored
    from gutexo.analysis.kept.rows import rows_of
    from gutexo.catalogue import Parameters

    now = Parameters().digest()
    of: dict[str, bool] = {}
    if (docs() / ORIGIN).is_file():
        rows = rows_of(docs() / ORIGIN, "table", "parameters")
        of = {row["table"]: row["parameters"] == now for row in rows}
    known: dict[str, Callable[[], bool]] = {
        "scorecard": lambda: sets_scored(docs() / SCORES)[False][0] == now,
        "scorecard_posterior": lambda: _of_landed_draws(*sets_scored(docs() / SCORES)[True]),
    }
    # A table that says nothing is taken at its word.
    return [
        name
        for name in names
        if not (known[name]() if name in known else of.get(KEPT[name].file, True))
    ]


def _of_landed_draws(parameters: str, seed: int) -> bool:
    """Whether a log's name of many parameter sets is that of draws of the landed posterior."""
    from gutexo.analysis.kept.scores import OVER_DRAWS
    from gutexo.analysis.posterior import landed_draws, pick
    from gutexo.catalogue import Parameters
    from gutexo.cli.analyse import name_of

    draws = pick(*landed_draws(), int(parameters.split(OVER_DRAWS)[0]), seed)
    return name_of([Parameters().change(draw).digest() for draw in draws]) == parameters
