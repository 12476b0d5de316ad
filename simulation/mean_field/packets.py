"""What packets bring in means: opened, from a steady stream or queued, and cargo that is held.

How packets travel is in `gutexo.mean_field.transport`. In long steps what the gut releases is a
steady stream; what a dose will bring in the ticks to come is put into queues.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gutexo.catalogue.organs import N_ORGANS
from gutexo.mean_field.array_layout import (
    CALMING,
    DISRUPTING,
    INCITING,
    INFLAMING,
    LIPID,
    ORGAN_INFLAMING,
    PROTECTING,
    SUPPORT,
)
from gutexo.mean_field.compiling import law
from gutexo.mean_field.transport import advance_channel, exchange_shares, steady_stream

QUEUE = 48  # ticks of a dose that are queued
HELD_GUT, HELD_MACROPHAGES, HELD_ORGANS = 3, 2, 3  # axes held: D I P; I P; I R P


@law
def add_steady_stream(
    p: Any, wall: np.ndarray, source: np.ndarray, gut: np.ndarray, macrophages: np.ndarray,
    organs: np.ndarray, lumen: np.ndarray,
) -> None:  # fmt: skip
    """Add the units that arrive in a tick from a steady stream; set the content of the lumen."""
    h, n = p.resolution_tick, wall.shape[1]
    into, bare = np.zeros((5, n)), np.zeros((5, n))
    steady_stream(p, wall, source, into, bare, lumen)
    cell = p.exosome_enterocyte_uptake / (p.exosome_enterocyte_uptake + p.exosome_transcytosis)
    mac = p.exosome_macrophage_uptake / (p.exosome_macrophage_uptake + p.exosome_portal_entry)
    for g in range(n):
        gut[0, g] += h * into[1, g] * cell
        gut[1, g] += h * into[2, g] * cell
        gut[2, g] += h * into[4, g] * cell
        i = h * (into[2, g] * (1.0 - cell) + bare[2, g])
        r = h * (into[3, g] * (1.0 - cell) + bare[3, g])
        q = h * (into[4, g] * (1.0 - cell) + bare[4, g])
        macrophages[0, g] += i * mac
        macrophages[1, g] += q * mac
        organs[0] += i * (1.0 - mac)
        organs[1] += r * (1.0 - mac)
        organs[2] += q * (1.0 - mac)


@law
def add_opened(
    units: np.ndarray, opened: np.ndarray, gone: float, gut: np.ndarray, macrophages: np.ndarray,
    organs: np.ndarray,
) -> None:  # fmt: skip
    """Add the units of what one channel opened in a tick."""
    d, i, r, q = units[0], units[1], units[2], units[3]
    for g in range(opened.shape[1]):
        gut[0, g] += d * opened[0, g]
        gut[1, g] += i * opened[0, g]
        gut[2, g] += q * opened[0, g]
        macrophages[0, g] += i * opened[1, g]
        macrophages[1, g] += q * opened[1, g]
    organs[0] += i * gone
    organs[1] += r * gone
    organs[2] += q * gone


@law
def follow_dose(
    numbers: np.ndarray, wall: np.ndarray, grid: np.ndarray, shape: np.ndarray, lumen: np.ndarray,
    mucus: np.ndarray, epithelium: np.ndarray, lamina: np.ndarray, blood: np.ndarray,
    opened: np.ndarray, gone: np.ndarray,
) -> None:  # fmt: skip
    """Follow one channel for as many ticks as `opened` has, in the present wall.

    `opened` is float64[tick, 2, segment]; `gone` is what plasma loses in each tick.
    """
    p, n = numbers[0], wall.shape[1]
    shares, nothing = np.zeros((2, 5, lumen.size)), np.zeros(n)
    for i in range(2):
        exchange_shares(p, wall, 0.5 * (i + 1) * p.resolution_tick / shape[0], grid, shares[i])
    for tick in range(opened.shape[0]):
        gone[tick] = advance_channel(
            p, wall, shares, grid, shape, lumen, mucus, epithelium, lamina, blood, nothing,
            opened[tick],
        )  # fmt: skip


@law
def sense_cargo(
    p: Any, wall: np.ndarray, history: np.ndarray, next_row: int, weights: np.ndarray
) -> None:
    """Set the cargo held by enterocytes: past uptake times the share left after its age."""
    rows, n = history.shape[0], wall.shape[1]
    held = np.zeros((HELD_GUT, n))
    for age in range(rows):
        row = next_row - 1 - age
        if row < 0:
            row += rows
        w = weights[age]
        for axis in range(HELD_GUT):
            for g in range(n):
                held[axis, g] += w * history[row, axis, g]
    for g in range(n):
        wall[DISRUPTING, g] = held[0, g] / p.level_enterocytes
        wall[INFLAMING, g] = held[1, g] / p.level_enterocytes
        wall[PROTECTING, g] = held[2, g] / p.level_enterocytes


@law
def advance_cargo(
    p: Any, wall: np.ndarray, organs: np.ndarray, macrophages: np.ndarray, arriving: np.ndarray,
    ticks: int,
) -> None:  # fmt: skip
    """Advance cargo held by macrophages and organs; each tick brings the given units."""
    lost = math.exp(-p.resolution_tick / p.cargo_decay_time)
    stay = lost * math.exp(-p.resolution_tick / (24.0 * p.immune_turnover))
    left, total = stay**ticks, (1.0 - stay**ticks) / (1.0 - stay)
    level = p.level_macrophages
    for g in range(wall.shape[1]):
        wall[INCITING, g] = wall[INCITING, g] * left + macrophages[0, g] / level * total
        wall[CALMING, g] = wall[CALMING, g] * left + macrophages[1, g] / level * total
    left, total = lost**ticks, (1.0 - lost**ticks) / (1.0 - lost)
    for k in range(N_ORGANS):
        gain = p.organ_part[k] / p.organ_level[k] * total
        organs[ORGAN_INFLAMING, k] = organs[ORGAN_INFLAMING, k] * left + arriving[0] * gain
        organs[LIPID, k] = organs[LIPID, k] * left + arriving[1] * gain
        organs[SUPPORT, k] = organs[SUPPORT, k] * left + arriving[2] * gain


@law
def stream_content(
    numbers: np.ndarray, wall: np.ndarray, source: np.ndarray, lumen: np.ndarray
) -> None:
    """Set the content of the lumen of each channel to that of a steady stream."""
    into, bare = np.zeros((5, wall.shape[1])), np.zeros((5, wall.shape[1]))
    steady_stream(numbers[0], wall, source, into, bare, lumen)
