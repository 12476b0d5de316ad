"""Doses that change which sites are senescent: senolytics, and transplants of senescent cells."""

from __future__ import annotations

import numpy as np

from gutexo.biology import streams
from gutexo.biology.codes import BY_TRANSPLANT, INDUCED, INDUCED_MATURE, WELL
from gutexo.biology.draws import derive_key, fold, uniform
from gutexo.body.doses import Dose
from gutexo.body.stages.cells import clear_site, turn_senescent
from gutexo.body.state import State
from gutexo.catalogue.organs import GUT, ORGANS
from gutexo.compiled import rule


@rule
def clear_induced(first, end, share, key, cells, tick):
    """Clear each induced site among some rows with the chance `share`."""
    for i in range(first, end):
        if cells.senescence[i] >= INDUCED and uniform(fold(key, np.uint64(i))) < share:
            clear_site(i, cells, tick)


@rule
def implant(first, end, share, key, cells, tick):
    """Make each well site among some rows senescent and mature with the chance `share`."""
    for i in range(first, end):
        if cells.senescence[i] == WELL and uniform(fold(key, np.uint64(i))) < share:
            turn_senescent(i, INDUCED_MATURE, BY_TRANSPLANT, cells, tick)


def clear_senescent(state: State, dose: Dose) -> None:
    """Give a senolytic: each senescent site is cleared with the share of its place.

    The intrinsic burden is one number of the body and falls by the mean of the places, with the
    weights that they have in the total burden; its sites follow in the next tick. An induced site
    is cleared at once, by a draw.
    """
    cells, blood = state.cells, state.blood
    key = _next_key(state)
    mean = 0.0
    for rows, share, weight in _places(state, dose, dose.amount):
        mean += weight * share
        clear_induced(*rows, share, key, cells, state.tick)
    for name in ("burden", "followed", "mature"):
        blood[name] *= 1.0 - mean


def transplant_senescent(state: State, dose: Dose) -> None:
    """Transplant senescent cells: a share of the sites of a place becomes senescent and mature."""
    cells = state.cells
    key = _next_key(state)
    for rows, share, _ in _places(state, dose, 0.0):
        implant(*rows, share, key, cells, state.tick)


def _next_key(state: State) -> np.uint64:
    """Return the key of the draws of this dose."""
    state.cell_doses += 1
    return derive_key(state.run_key, streams.CLEARANCE, state.cell_doses)


def _places(
    state: State, dose: Dose, elsewhere: float
) -> list[tuple[tuple[int, int], float, float]]:
    """Rows, share and weight in the total burden of each place; unnamed places have one share."""
    a, w = state.anatomy, state.parameters.senescence.gut_weight
    of_organs = a.cells - a.first_organ_cell
    shares = dict(dose.places)
    found = [((0, a.first_macrophage), shares.get(GUT, elsewhere), w)]
    for number, organ in enumerate(ORGANS):
        rows = a.organ_rows(number)
        weight = (1.0 - w) * a.organ_cells[number] / of_organs
        found.append(((rows.start, rows.stop), shares.get(organ.name, elsewhere), weight))
    return found
