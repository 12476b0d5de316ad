"""The loop of the mean-field mouse: sense, packets, wall, organs, blood, sites, held cargo."""

from __future__ import annotations

import numpy as np

from gutexo.catalogue.organs import ADIPOSE, LIVER, MUSCLE
from gutexo.mean_field.array_layout import ALIVE, MASS, OWN, SENSITIVITY
from gutexo.mean_field.compiling import law
from gutexo.mean_field.glucose import update_beta_cells
from gutexo.mean_field.organs import advance_blood, advance_organs, mean_activation
from gutexo.mean_field.packets import (
    HELD_GUT,
    HELD_MACROPHAGES,
    HELD_ORGANS,
    add_opened,
    add_steady_stream,
    advance_cargo,
    sense_cargo,
)
from gutexo.mean_field.senescence import (
    advance_burden,
    advance_sites,
    induced_burden,
    mature_burden,
)
from gutexo.mean_field.transport import advance_channel, exchange_shares
from gutexo.mean_field.wall import (
    advance_wall,
    release_rates,
    sense_senescence,
    update_hazards,
)


@law
def advance_mouse(
    numbers: np.ndarray, wall: np.ndarray, organs: np.ndarray, body: np.ndarray,
    history: np.ndarray, weights: np.ndarray, clock: np.ndarray, normals: np.ndarray,
    own_grid: np.ndarray, own_shape: np.ndarray, own: np.ndarray, own_mucus: np.ndarray,
    grid: np.ndarray, shape: np.ndarray, dose: np.ndarray, dose_mucus: np.ndarray,
    epithelium: np.ndarray, lamina: np.ndarray, blood: np.ndarray, content: np.ndarray,
    lumen: np.ndarray, queued_gut: np.ndarray, queued_macrophages: np.ndarray,
    queued_organs: np.ndarray, ticks: int, stride: int, travel: bool,
) -> None:  # fmt: skip
    """Advance a mouse by `ticks` ticks, `stride` of them per step, and its beta cells each day.

    With `travel` all packets travel tick by tick, else what the mouse releases is a steady stream
    and `lumen` is set to its content. `clock` holds the tick since birth and the row of the history
    of uptake that is written next. A mouse that dies is not stepped any more.
    """
    p = numbers[0]
    n, h = wall.shape[1], p.resolution_tick
    a_day = int(round(24.0 / h))
    source, nothing, opened = np.zeros((5, n)), np.zeros(n), np.zeros((2, n))
    gut, macrophages = np.zeros((HELD_GUT, n)), np.zeros((HELD_MACROPHAGES, n))
    arriving = np.zeros(HELD_ORGANS)
    own_shares, shares = np.zeros((2, 5, own.shape[1])), np.zeros((2, 5, dose.shape[1]))
    rows = queued_gut.shape[0]
    first, lived = clock[0], 0
    intrinsic, clearing = 0.0, 0.0
    if travel:
        for i in range(2):
            span = 0.5 * (i + 1) * h
            exchange_shares(p, wall, span / own_shape[0], own_grid, own_shares[i])
            if len(dose) > 0:
                exchange_shares(p, wall, span / shape[0], grid, shares[i])
    while clock[0] - first < ticks and body[ALIVE] > 0.0:
        start, half = clock[0], stride // 2
        mature = mature_burden(p, body)
        if half > 0:
            # In a long step the burden goes first, and signals are those at the middle of the step.
            intrinsic, clearing, lived = advance_burden(
                p, body, induced_burden(p, wall, organs), start, normals[start : start + stride],
                stride,
            )  # fmt: skip
            mature = 0.5 * (mature + mature_burden(p, body))
        else:
            sense_cargo(p, wall, history, clock[1], weights)
        sense_senescence(p, wall, organs, body, mature)
        release_rates(p, wall, source)
        gut[:] = 0.0
        macrophages[:] = 0.0
        arriving[:] = 0.0
        if travel:
            for c in range(len(content)):
                if c < OWN:
                    gone = advance_channel(
                        p, wall, own_shares, own_grid, own_shape, own[c], own_mucus[c],
                        epithelium[c], lamina[c], blood[c], source[c], opened,
                    )  # fmt: skip
                else:
                    gone = advance_channel(
                        p, wall, shares, grid, shape, dose[c - OWN], dose_mucus[c - OWN],
                        epithelium[c], lamina[c], blood[c], nothing, opened,
                    )  # fmt: skip
                add_opened(content[c], opened, gone, gut, macrophages, arriving)
        else:
            add_steady_stream(p, wall, source, gut, macrophages, arriving, lumen)
        for i in range(stride):
            row = (start + i) % rows
            history[clock[1]] = gut + queued_gut[row]
            macrophages += queued_macrophages[row] / stride
            arriving += queued_organs[row] / stride
            queued_gut[row] = 0.0
            queued_macrophages[row] = 0.0
            queued_organs[row] = 0.0
            clock[1] = (clock[1] + 1) % history.shape[0]
            if i + 1 == half:
                sense_cargo(p, wall, history, clock[1], weights)
        if half > 0:
            advance_cargo(p, wall, organs, macrophages, arriving, half)
        update_hazards(p, wall, organs, body)
        activation = mean_activation(wall)
        advance_wall(p, wall, body, stride)
        advance_organs(p, organs, body, stride)
        advance_blood(p, wall, body, activation, stride)
        advance_cargo(p, wall, organs, macrophages, arriving, stride - half)
        if half == 0:
            intrinsic, clearing, lived = advance_burden(
                p, body, induced_burden(p, wall, organs), start, normals[start : start + 1], 1
            )
        advance_sites(p, wall, organs, body, intrinsic, clearing, lived)
        clock[0] = start + lived
        if body[ALIVE] > 0.0 and clock[0] % a_day == 0:
            share = p.glucose_muscle_share
            periphery = share * organs[SENSITIVITY, MUSCLE]
            periphery += (1.0 - share) * organs[SENSITIVITY, ADIPOSE]
            body[MASS] = update_beta_cells(
                numbers, body[MASS], organs[SENSITIVITY, LIVER], periphery
            )


@law
def fill_gut(
    numbers: np.ndarray, wall: np.ndarray, grid: np.ndarray, shape: np.ndarray, lumen: np.ndarray,
    mucus: np.ndarray, epithelium: np.ndarray, lamina: np.ndarray, blood: np.ndarray,
) -> None:  # fmt: skip
    """Fill gut and blood with the mouse's own packets, as if they had travelled until now."""
    p, n = numbers[0], wall.shape[1]
    shares, source, opened = np.zeros((2, 5, lumen.shape[1])), np.zeros((5, n)), np.zeros((2, n))
    for i in range(2):
        exchange_shares(p, wall, 0.5 * (i + 1) * p.resolution_tick / shape[0], grid, shares[i])
    release_rates(p, wall, source)
    for _ in range(int(lumen.shape[1] / shape[0]) + 24):
        for c in range(OWN):
            advance_channel(
                p, wall, shares, grid, shape, lumen[c], mucus[c], epithelium[c], lamina[c],
                blood[c], source[c], opened,
            )  # fmt: skip


@law
def update_sensed(
    numbers: np.ndarray, wall: np.ndarray, organs: np.ndarray, body: np.ndarray,
    history: np.ndarray, next_row: int, weights: np.ndarray, source: np.ndarray,
) -> None:  # fmt: skip
    """Update what is sensed, for a reading: held cargo, secretion, hazards, loads of packets."""
    p = numbers[0]
    sense_cargo(p, wall, history, next_row, weights)
    sense_senescence(p, wall, organs, body, mature_burden(p, body))
    update_hazards(p, wall, organs, body)
    release_rates(p, wall, source)
