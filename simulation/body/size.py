"""How large a mouse is: agents, bytes, and whether this machine can hold it."""

from __future__ import annotations

from gutexo.body.anatomy import anatomy
from gutexo.body.columns import bytes_per_packet
from gutexo.catalogue import Parameters
from gutexo.errors import GutexoError
from gutexo.memory import too_little_to_run, total_memory

BYTES_A_CELL = 100
GROWN = 3  # columns with room to grow, the ones they are copied into, and a snapshot


def agents(parameters: Parameters) -> float:
    """Packets, cells and segments of a young mouse."""
    laid_out = anatomy(parameters)
    return parameters.resolution.packets + laid_out.cells + laid_out.segments


def bytes_of_mouse(parameters: Parameters) -> float:
    """Bytes that a mouse takes while it lives."""
    cells = BYTES_A_CELL * anatomy(parameters).cells
    return GROWN * (parameters.resolution.packets * bytes_per_packet() + cells)


def refuse_too_large(parameters: Parameters, mice: int = 1) -> None:
    """Refuse mice that this machine's memory, or the limit of this process, cannot hold.

    Args:
        parameters: Of each.
        mice: How many live at the same time.

    Raises:
        GutexoError: They need more than there is.
    """
    if line := too_little_to_run(bytes_of_mouse(parameters)):
        raise GutexoError(line)
    there = total_memory()
    needed = mice * bytes_of_mouse(parameters)
    if there is None or needed <= there:
        return
    packets = parameters.resolution.packets
    many = "a mouse" if mice == 1 else f"{mice} mice at a time (--jobs)"
    raise GutexoError(
        f"{many} of {packets:g} packets (resolution.packets) need {needed / 1e9:.3g} GB of memory;"
        f" there are {there / 1e9:.3g} GB"
    )
