"""Restoration of saved arrays to the columns of a mouse; arrays that do not fit are refused."""

from __future__ import annotations

import numpy as np

from gutexo.biology.codes import N_PLACES, STEP_BITS
from gutexo.body.columns import new_cells
from gutexo.body.ledger import find_imbalance
from gutexo.body.state import COLUMN_SETS, State
from gutexo.errors import GutexoError


def restore_state(state: State, arrays: dict[str, np.ndarray], count: int) -> None:
    """Copy saved arrays into an empty state.

    Args:
        state: Columns of the mouse's size, before any tick.
        arrays: As returned by `State.arrays`.
        count: Packets alive.

    Raises:
        GutexoError: An array is missing, has another shape or type, or has impossible values.
    """
    state.count = 0
    state.make_room(max(count, 1))
    _fill_column(state.blood.view(np.float64), arrays, "blood")
    _fill_column(state.ledger, arrays, "ledger")
    for group in COLUMN_SETS:
        for name, column in getattr(state, group)._asdict().items():
            rows = count if group == "packets" else len(column)
            _fill_column(column[:rows], arrays, f"{group}.{name}")
    state.count = count
    _check_rows(state)


def _fill_column(column: np.ndarray, arrays: dict[str, np.ndarray], name: str) -> None:
    if name not in arrays:
        raise GutexoError(f"snapshot: '{name}' is missing")
    saved = arrays[name]
    if saved.shape != column.shape or saved.dtype != column.dtype:
        raise GutexoError(
            f"snapshot: '{name}' must be {column.dtype}{list(column.shape)} in this mouse; "
            f"got {saved.dtype}{list(saved.shape)}"
        )
    if saved.dtype.kind == "f" and not np.isfinite(saved).all():
        raise GutexoError(f"snapshot: '{name}' holds values that are not finite")
    column[...] = saved


def _check_rows(state: State) -> None:
    """Check that all rows that packets refer to exist; kernels do not check this."""
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
    axis = find_imbalance(state.ledger, packets.cargo, state.count, state.cells.held)
    if axis != -1:
        raise GutexoError(
            f"snapshot: the ledger does not balance in column {axis}; packets or cargo are missing"
        )
