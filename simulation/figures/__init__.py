"""Figures of a result.

Drawing functions live in the modules ``trajectories``, ``overview``, ``heatmap``, ``doses``,
``forest``, ``gut``, ``flow``, ``life``, ``sweep``, ``scorecard``, ``ablations``,
``verification``, ``design``, ``sensitivity`` and ``calibration``;
:func:`find_figure` finds one by name and imports matplotlib only when it is called. Each function
returns a figure; ``gutexo.figures.style.save`` writes it as PNG and SVG, and
``gutexo.figures.results`` knows what each figure of a result draws. ``animation.animate``
writes a GIF.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

from gutexo.errors import GutexoError, suggest

FIGURES = {
    "trajectories": "trajectories",
    "inflammation": "trajectories",
    "insulin_resistance": "trajectories",
    "barrier": "trajectories",
    "overview": "overview",
    "dose_and_duration": "heatmap",
    "box": "heatmap",
    "dose_response": "doses",
    "effect_forest": "forest",
    "barrier_snapshots": "gut",
    "signal_flow": "flow",
    "life": "life",
    "sweep": "sweep",
    "scorecard": "scorecard",
    "ablations": "ablations",
    "verification": "verification",
    "design": "design",
    "sensitivity_morris": "sensitivity",
    "sensitivity_tornado": "sensitivity",
    "calibration_posterior": "calibration",
    "calibration_predictive": "calibration",
    "calibration_ranks": "calibration",
}


def find_figure(name: str) -> Callable[..., Any]:
    """Find the function that draws a figure.

    Args:
        name: One of the names in ``FIGURES``, such as ``inflammation``.

    Returns:
        The drawing function, which returns a matplotlib figure.

    Raises:
        GutexoError: No figure has that name, or matplotlib cannot be imported here.
    """
    if name == "consistency":
        raise GutexoError(
            "figure 'consistency' is gone: gutexo.analysis.precision says how many mice are needed"
        )
    if name not in FIGURES:
        raise GutexoError(f"no figure '{name}'{suggest(name, FIGURES)}")
    check_backend()
    function: Callable[..., Any] = getattr(import_module(f"gutexo.figures.{FIGURES[name]}"), name)
    return function


def check_backend() -> None:
    """Refuse a value of MPLBACKEND with which matplotlib cannot be imported.

    Raises:
        GutexoError: matplotlib has no such backend.
    """
    backend = os.environ.get("MPLBACKEND")
    if not backend or "matplotlib" in sys.modules:
        return
    try:
        import_module("matplotlib")
    except ValueError:
        raise GutexoError(
            f"MPLBACKEND is {backend!r}, which is no backend of matplotlib: unset it, or take agg"
        ) from None
