"""Whether the burden of a mouse whose signals age it runs away: rest points at a fixed age."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from gutexo.mean_field.second.layout import TOTAL
from gutexo.mean_field.second.mouse import SecondMeanFieldMouse

STARTS = (0.01, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8)
DEAD = 1.0


def settle_burden(
    age: float,
    burden: float,
    induced: float,
    *,
    days: float = 300.0,
    step: float = 12.0,
    numbers: Mapping[str, float] | None = None,
    **mouse: Any,
) -> float:
    """Return the total burden after some time at a fixed age without noise; 1 if it dies.

    All that the burden drives begins at the rest point of the first burden.

    Args:
        age: Age that production reads all the time (d).
        burden: Intrinsic burden at the start.
        induced: Induced burden of the gut and of the organs at the start.
        days: Time (d).
        step: Length of a step (h).
        numbers: Numbers of the second mechanism that differ.
        mouse: Other arguments of `SecondMeanFieldMouse`.
    """
    one = SecondMeanFieldMouse(numbers=numbers, noise=False, **mouse)
    one.fix_age(age).set_burden(burden, induced).rest().live(days, step=step)
    return float(one.body[TOTAL]) if one.alive else DEAD


def check_stability(numbers: Mapping[str, float] | None = None, **mouse: Any) -> float:
    """Return the total burden 300 d after a start at 0.5 and 0.2 induced, at 730 d, without noise.

    Args:
        numbers: Numbers of the second mechanism that differ.
        mouse: Other arguments of `SecondMeanFieldMouse`.
    """
    return settle_burden(730.0, 0.5, 0.2, numbers=numbers, **mouse)


def find_rest_points(
    age: float, numbers: Mapping[str, float] | None = None, *, days: float = 2000.0, **mouse: Any
) -> dict[str, list[float]]:
    """Find rest points of the total burden at a fixed age without noise.

    Args:
        age: Age that production reads (d).
        numbers: Numbers of the second mechanism that differ.
        days: Time that a start is followed (d).
        mouse: Other arguments of `SecondMeanFieldMouse`.

    Returns:
        "stable": where starts end, 1 for death; "unstable": intrinsic burdens at the start, with
        none induced, between which and the next the end changes.
    """

    def end(start: float) -> float:
        return settle_burden(age, start, 0.0, days=days, step=24.0, numbers=numbers, **mouse)

    ends = [end(start) for start in STARTS]
    stable: list[float] = []
    for value in ends:
        if not any(abs(value - known) < 0.02 for known in stable):
            stable.append(round(value, 4))
    unstable = []
    for low, high, of_low, of_high in zip(STARTS, STARTS[1:], ends, ends[1:], strict=False):
        if abs(of_high - of_low) < 0.02:
            continue
        for _ in range(8):
            middle = 0.5 * (low + high)
            if abs(end(middle) - of_low) < abs(end(middle) - of_high):
                low = middle
            else:
                high = middle
        unstable.append(round(0.5 * (low + high), 4))
    return {"stable": list(np.sort(stable)), "unstable": unstable}
