"""From a result to its figures: what each of them draws, and its files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gutexo.figures import find_figure

if TYPE_CHECKING:
    import xarray

    from gutexo.analysis.effects import Effect


def content_of_study(
    name: str, data: xarray.Dataset, effects: Callable[[], Sequence[Effect]]
) -> Any:
    """Return what a figure of a study draws: the dataset, its effects, or what follows from both.

    Args:
        name: Name of the figure, see `gutexo.figures.FIGURES`.
        data: Result with dims scenario, replicate and time (days).
        effects: Called for the effects of all comparisons of the study.
    """
    if name == "effect_forest":
        return effects()
    if name == "dose_and_duration":
        from gutexo.analysis.dose_grid import score_signs

        return score_signs(data)
    if name == "sweep":
        from gutexo.analysis.sweeps import build_sweep_points

        return build_sweep_points(effects(), data)
    return data


def save_figures(
    contents: Mapping[str, Any], folder: Path, *, drawn_by: str = "", **more: Any
) -> None:
    """Draw figures and write them as PNG and SVG, over earlier ones.

    Args:
        contents: What each figure draws, by its name, which is also that of its files; a tuple
            holds several arguments.
        folder: Folder of the files.
        drawn_by: Name of the drawing function, where the files have another name.
        **more: Further arguments of the drawing functions, such as `note`.
    """
    from gutexo.figures.style import save

    for name, content in contents.items():
        arguments = content if isinstance(content, tuple) else (content,)
        save(find_figure(drawn_by or name)(*arguments, **more), folder / name, force=True)
