"""Colours as people see them: CIE L*a*b* under normal and three kinds of colour-blind sight."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import Any

import numpy as np
from matplotlib.colors import to_rgb

# Machado, Oliveira and Fernandes, IEEE TVCG 15:1291 (2009), severity 1.
BLINDNESS = {
    "none": np.eye(3),
    "protan": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "deutan": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "tritan": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}
APART = 10.0
"""Two categories of one picture lie at least this far apart in L*a*b*, whatever the sight."""


def lab(colour: Any, sight: str) -> np.ndarray:
    """CIE L*a*b* of a colour as somebody sees it.

    Args:
        colour: Whatever matplotlib takes for one: "#rrggbb", or red, green and blue from 0 to 1.
        sight: One of `BLINDNESS`.
    """
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.asarray(BLINDNESS[sight]) @ linear, 0, 1)
    xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    ) @ seen / [0.9505, 1.0, 1.089]  # fmt: skip
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def too_close(colours: Iterable[Any], sight: str) -> list[str]:
    """Pairs of colours that lie closer than `APART`, as somebody sees them."""
    found = []
    for one, other in combinations(dict.fromkeys(colours), 2):
        distance = float(np.linalg.norm(lab(one, sight) - lab(other, sight)))
        if distance < APART:
            found.append(f"{one} and {other} are {distance:.1f} apart ({sight})")
    return found
