"""What is watched as an animation: the mouse lives its days once more, and is drawn."""

from __future__ import annotations

import math
from pathlib import Path

from gutexo.body.mouse import DAY
from gutexo.figures.animation import CURVES, animate
from gutexo.page.helper import progress
from gutexo.protocol.study import Study
from gutexo.scene.film import list_film_hours, record_film

PICTURES = 56


def answer(study: Study, seed: int, day: float, folder: Path) -> bytes:
    """An animation of the first arm, from day 0 on; the arm beside it is a dashed curve.

    Args:
        study: What is watched, one arm or two.
        seed: Of the study.
        day: Until when.
        folder: Where it is drawn; whoever asks removes it, also where this process is ended.

    Returns:
        A GIF of at most some `PICTURES` frames.
    """
    every = max(1.0, math.ceil(day * DAY / PICTURES))
    hours = list_film_hours(day + 1e-6, every=every, first=every)
    films = [record_film(arm, hours, seed=seed) for arm in study.arms]
    frames = min(len(one.pictures) for one in films)
    readings = [{name: one.readings[name][:frames] for name in CURVES} for one in films]
    path = animate(
        films[0].pictures[:frames],
        readings[0],
        folder / "mouse.gif",
        beside=readings[1] if len(films) > 1 else None,
        beside_is=study.arms[-1].name,
        title=study.arms[0].name,
        caption=f"Seed {seed}.",
        progress=lambda done, of: progress(f"drawing the GIF: {done} of {of} frames"),
    )
    return path.read_bytes()
