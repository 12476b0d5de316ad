"""Kept arrays put back into the columns of a mouse, refused where they do not fit it."""

from __future__ import annotations

import numpy as np

from gutexo.biology.places import N_PLACES, STEP_BITS
from gutexo.body.columns import new_cells
from gutexo.body.ledger import imbalance
from gutexo.body.state import COLUMN_SETS, State
from gutexo.errors import GutexoError


def restore(state: State, arrays: dict[str, np.ndarray], count: int) -> None:
    """Put kept arrays into an empty state.

    Args:
        state: Columns of the mouse's size, nothing lived yet.
        arrays: As `State.arrays` gave them.
        count: Packets alive.

    Raises:
        GutexoError: An array is missing, of another shape or type, or holds what no mouse can.
    """
    state.count = 0
    state.make_room(max(count, 1))
    _put(state.blood.view(np.float64), arrays, "blood")
    _put(state.ledger, arrays, "ledger")
    for group in COLUMN_SETS:
        for name, column in getattr(state, group)._asdict().items():
            rows = count if group == "packets" else len(column)
            _put(column[:rows], arrays, f"{group}.{name}")
    state.count = count
    _check_rows(state)


def _put(column: np.ndarray, arrays: dict[str, np.ndarray], name: str) -> None:
    if name not in arrays:
        raise GutexoError(f"snapshot: '{name}' is missing")
    kept = arrays[name]
    if kept.shape != column.shape or kept.dtype != column.dtype:
        raise GutexoError(
            f"snapshot: '{name}' must be {column.dtype}{list(column.shape)} in this mouse; "
            f"got {kept.dtype}{list(kept.shape)}"
        )
    if kept.dtype.kind == "f" and not np.isfinite(kept).all():
        raise GutexoError(f"snapshot: '{name}' holds values that are not finite")
    column[...] = kept


def _check_rows(state: State) -> None:
    """Kernels do not look whether a row exists, so it is looked here."""
    a, packets = state.anatomy, state.packets
    sites = new_cells(a)
    for name in ("kind", "segment"):
        if not np.array_equal(getattr(state.cells, name), getattr(sites, name)):
            raise GutexoError(f"snapshot: 'cells.{name}' is of another anatomy")
    for name, limit in (("place", N_PLACES), ("position", a.segments << STEP_BITS)):
        rows = getattr(packets, name)[: state.count]
        if rows.size and not (rows.min() >= 0 and rows.max() < limit):
            raise GutexoError(
                f"snapshot: 'packets.{name}' must be 0 to {limit - 1}; "
                f"got {rows.min()} to {rows.max()}"
            )
    axis = imbalance(state.ledger, packets.cargo, state.count, state.cells.held)
    if axis != -1:
        raise GutexoError(
            f"snapshot: the ledger does not balance in column {axis}; packets or cargo are missing"
        )
