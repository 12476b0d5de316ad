"""Transport of packets in means (ODD 7.3): release, plug flow, mucus, epithelium, blood, organs.

The lumen is divided into cells of equal travel time: plug flow is a shift by one cell per substep,
without diffusion, and lumen and mucus exchange exactly (a 2 x 2 exponential) between shifts.
Content that crosses the valve keeps the mucus entry of the ileum until the end of its tick, in
separate cells. The error is of second order in the substep; a dose, which starts in one segment,
has shorter substeps than what the whole gut releases (`luminal_grid.OWN_SUBSTEPS`,
`DOSE_SUBSTEPS`). With eight and three times as many substeps no reading of a course of default mice
changes by 0.05 %; far from the defaults (mucus entry of 2 per hour) luminal content changes by 1 %,
other readings by 0.2 %.

In the long steps for the middle of a life, what the mouse releases is a steady stream, which has a
closed form per segment (`steady_stream`) and ignores the hours that packets travel.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gutexo.mean_field.array_layout import DAMAGE, MUCUS
from gutexo.mean_field.compiling import law


@law
def steady_stream(
    p: Any, wall: np.ndarray, source: np.ndarray, epithelium: np.ndarray, bare: np.ndarray,
    lumen: np.ndarray,
) -> None:  # fmt: skip
    """Set the hourly flow of a steady stream into epithelium and bare epithelium, and the content.

    `lumen` is the content of the lumen of each channel. Content that crossed the valve in the
    current tick keeps the mucus entry of the ileum; its time of crossing is uniform over the tick.
    """
    channels, n = source.shape
    valve, h = int(p.valve), p.resolution_tick
    flux, carried = np.zeros(channels), np.zeros(channels)
    lumen[:] = 0.0
    ileal, passed = 0.0, 0.0
    for g in range(n):
        t = p.small_time if g < valve else p.colon_time
        m = (p.exosome_mucus_entry if g < valve else p.exosome_colon_mucus_entry) * wall[MUCUS, g]
        out = p.exosome_mucus_return + p.exosome_epithelial_entry * (1.0 + wall[DAMAGE, g])
        returned = p.exosome_mucus_return / out
        inward = p.exosome_epithelial_entry / out
        k = m * (1.0 - returned)
        if g == valve:
            carried[:] = flux
            flux[:] = 0.0
        for c in range(channels):
            epithelium[c, g] = 0.0
        left = t
        while left > 1e-12:
            w, zone = left, g >= valve and passed < h - 1e-12
            if zone:
                w = min(left, h / 6.0, h - passed)
            away = math.exp(-k * w)
            q = w if k * w < 1e-7 else (1.0 - away) / k
            rest = 0.5 * w * w if k * w < 1e-7 else (w - q) / k
            label = math.exp(-ileal * (passed + 0.5 * w)) if zone else 0.0
            early = 1.0 - (passed + 0.5 * w) / h if zone else 0.0
            for c in range(channels):
                same = carried[c] * label
                s = source[c, g] / t + same * (returned * ileal * early + 1.0 / h)
                inside = flux[c] * q + s * rest
                flux[c] = flux[c] * away + s * q
                epithelium[c, g] += (m * inside + ileal * same * early * w) * inward
                lumen[c] += inside + same * early * w
            left -= w
            if g >= valve:
                passed += w
        for c in range(channels):
            bare[c, g] = epithelium[c, g] * wall[DAMAGE, g]
        ileal = m if g < valve else ileal


@law
def exchange_shares(
    p: Any, wall: np.ndarray, span: float, grid: np.ndarray, out: np.ndarray
) -> None:
    """Compute the shares exchanged between lumen and mucus of each cell in a span (h) as `out`.

    `out` is float64[5, cell]. Its rows are: stays in the lumen, mucus to lumen, lumen to mucus,
    stays in the mucus; and of what leaves the mucus inward, the share through bare epithelium.
    """
    out[:] = 0.0
    for row in range(grid.shape[1]):
        cell, g, part = int(grid[0, row]), int(grid[1, row]), grid[3, row]
        entry = p.exosome_mucus_entry if g < int(p.valve) else p.exosome_colon_mucus_entry
        m, back = entry * wall[MUCUS, g], p.exosome_mucus_return
        leave = back + p.exosome_epithelial_entry * (1.0 + wall[DAMAGE, g])
        d = math.sqrt(0.25 * (m - leave) ** 2 + m * back)
        slow = math.exp((d - 0.5 * (m + leave)) * span)
        fast = math.exp((-d - 0.5 * (m + leave)) * span)
        c = 0.5 * (slow + fast)
        s = span * c if d * span < 1e-9 else 0.5 * (slow - fast) / d
        out[0, cell] += part * (c + s * 0.5 * (leave - m))
        out[1, cell] += part * s * back
        out[2, cell] += part * s * m
        out[3, cell] += part * (c + s * 0.5 * (m - leave))
        out[4, cell] += part * wall[DAMAGE, g] / (1.0 + wall[DAMAGE, g])


@law
def exchange_mucus(
    lumen: np.ndarray, mucus: np.ndarray, carried: np.ndarray, entry: float, first: int,
    shares: np.ndarray, onward: np.ndarray,
) -> None:  # fmt: skip
    """Exchange lumen and mucus of one channel; add what enters the wall to `onward`."""
    for j in range(lumen.size):
        a, b = lumen[j], mucus[j]
        x = shares[0, j] * a + shares[1, j] * b
        y = shares[2, j] * a + shares[3, j] * b
        onward[j] += a + b - x - y
        lumen[j], mucus[j] = x, y
    for k in range(min(carried.size, lumen.size - first)):
        x = carried[k] * entry
        carried[k] -= x
        mucus[first + k] += x


@law
def shift_lumen(lumen: np.ndarray, carried: np.ndarray, first: int, last: float) -> None:
    """Shift the lumen by one cell (plug flow); `last` is the part of the last cell in the gut."""
    n = lumen.size
    for j in range(n - 1, 0, -1):
        lumen[j] = lumen[j - 1]
    lumen[0] = 0.0
    for k in range(carried.size - 1, 0, -1):
        carried[k] = carried[k - 1]
    carried[0] = 0.0
    if first < n:
        carried[0] = lumen[first]
        lumen[first] = 0.0
    lumen[n - 1] *= last
    k = n - 1 - first
    if 0 <= k < carried.size:
        carried[k] *= last
    if 0 <= k + 1 < carried.size:
        carried[k + 1] = 0.0


@law
def advance_lumen(
    p: Any, wall: np.ndarray, shares: np.ndarray, grid: np.ndarray, shape: np.ndarray,
    lumen: np.ndarray, mucus: np.ndarray, source: np.ndarray, into: np.ndarray, bare: np.ndarray,
) -> None:  # fmt: skip
    """Advance the lumen of one channel by one tick: release, flow and exchange.

    What enters the wall is written to `into` (epithelium) and `bare` (bare epithelium). `shares`
    are from `exchange_shares` for half a substep and a whole one; `shape` is the number of
    substeps, the cell of the valve, the part of it before the valve, and the part of the last cell
    that is in the gut.
    """
    n, steps, first = lumen.size, int(shape[0]), int(shape[1])
    span = p.resolution_tick / steps
    ileal = p.exosome_mucus_entry * wall[MUCUS, int(p.valve) - 1]
    carried, onward, births = np.zeros(steps + 1), np.zeros(n), np.zeros(n)
    for row in range(grid.shape[1]):
        births[int(grid[0, row])] += 0.5 * span * source[int(grid[1, row])] * grid[2, row]
    if first < n:
        carried[0] = shape[2] * lumen[first]
        lumen[first] -= carried[0]
    for i in range(steps + 1):
        ends = i == 0 or i == steps
        part = 0.5 if ends else 1.0
        if i > 0:
            shift_lumen(lumen, carried, first, shape[3])
        for j in range(n):
            lumen[j] += part * births[j]
        entry = 1.0 - math.exp(-ileal * span * part)
        exchange_mucus(lumen, mucus, carried, entry, first, shares[0 if ends else 1], onward)
        for j in range(n):
            lumen[j] += part * births[j]
    for k in range(min(steps + 1, n - first)):
        lumen[first + k] += carried[k]
    into[:] = 0.0
    bare[:] = 0.0
    for row in range(grid.shape[1]):
        cell, g = int(grid[0, row]), int(grid[1, row])
        gone = onward[cell] * grid[3, row]
        into[g] += gone * (1.0 - shares[0, 4, cell])
        bare[g] += gone * shares[0, 4, cell]


@law
def open_packets(
    p: Any, rates: tuple[float, float], held: np.ndarray, into: np.ndarray, opened: np.ndarray,
    onward: np.ndarray,
) -> None:  # fmt: skip
    """Advance one channel in epithelium or lamina propria by one tick, with a steady inflow."""
    stop, go = rates
    leave, h = stop + go, p.resolution_tick
    stays = math.exp(-leave * h)
    mean = 1.0 if leave * h < 1e-9 else (1.0 - stays) / (leave * h)
    for g in range(held.size):
        left = held[g] * stays + into[g] * mean
        gone = held[g] + into[g] - left
        held[g] = left
        opened[g] = gone * stop / leave if leave > 0.0 else 0.0
        onward[g] = gone * go / leave if leave > 0.0 else 0.0


@law
def advance_plasma(p: Any, blood: np.ndarray, portal: float) -> float:
    """Advance plasma and tissue (`blood`) of one channel by a tick; return elimination (7.3)."""
    leave, back, parts = p.elimination + p.exosome_tissue_entry, p.exosome_tissue_return, 16
    span = p.resolution_tick / parts
    d = math.sqrt(0.25 * (leave - back) ** 2 + p.exosome_tissue_entry * back)
    slow = math.exp((d - 0.5 * (leave + back)) * span)
    fast = math.exp((-d - 0.5 * (leave + back)) * span)
    c = 0.5 * (slow + fast)
    s = span * c if d * span < 1e-9 else 0.5 * (slow - fast) / d
    start = blood[0] + blood[1] + portal
    for _ in range(parts):
        a, b = blood[0] + 0.5 * portal / parts, blood[1]
        blood[0] = a * (c + s * 0.5 * (back - leave)) + b * s * back + 0.5 * portal / parts
        blood[1] = a * s * p.exosome_tissue_entry + b * (c + s * 0.5 * (leave - back))
    return start - blood[0] - blood[1]


@law
def advance_channel(
    p: Any, wall: np.ndarray, shares: np.ndarray, grid: np.ndarray, shape: np.ndarray,
    lumen: np.ndarray, mucus: np.ndarray, epithelium: np.ndarray, lamina: np.ndarray,
    blood: np.ndarray, source: np.ndarray, opened: np.ndarray,
) -> float:  # fmt: skip
    """Advance one channel by one tick, from lumen to blood; return what plasma lost.

    What enterocytes and macrophages of each segment opened is written to `opened`,
    float64[2, segment]; plasma loses packets to organs and degradation.
    """
    n = wall.shape[1]
    into, bare, onward = np.zeros(n), np.zeros(n), np.zeros(n)
    advance_lumen(p, wall, shares, grid, shape, lumen, mucus, source, into, bare)
    rates = (p.exosome_enterocyte_uptake, p.exosome_transcytosis)
    open_packets(p, rates, epithelium, into, opened[0], onward)
    for g in range(n):
        onward[g] += bare[g]
    rates = (p.exosome_macrophage_uptake, p.exosome_portal_entry)
    open_packets(p, rates, lamina, onward, opened[1], bare)
    return advance_plasma(p, blood, bare.sum())
