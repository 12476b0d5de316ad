"""Size of a mouse: agents, bytes, and whether the memory of this machine is sufficient."""

from __future__ import annotations

from gutexo.body.anatomy import build_anatomy
from gutexo.body.columns import bytes_per_packet
from gutexo.catalogue import Parameters
from gutexo.errors import GutexoError
from gutexo.support.memory import run_memory_message, total_memory

BYTES_PER_CELL = 100
COPIES_WHILE_GROWING = 3  # columns with spare rows, the larger ones they are copied to, a snapshot


def count_agents(parameters: Parameters) -> float:
    """Count the packets, cells and segments of a young mouse."""
    laid_out = build_anatomy(parameters)
    return parameters.resolution.packets + laid_out.cells + laid_out.segments


def estimate_mouse_bytes(parameters: Parameters) -> float:
    """Estimate the memory (bytes) that a mouse needs while it is simulated."""
    cells = BYTES_PER_CELL * build_anatomy(parameters).cells
    return COPIES_WHILE_GROWING * (parameters.resolution.packets * bytes_per_packet() + cells)


def check_fits_memory(parameters: Parameters, mice: int = 1) -> None:
    """Refuse mice that this machine's memory, or the limit of this process, cannot hold.

    Args:
        parameters: Parameters of each mouse.
        mice: Number of mice that are simulated at the same time.

    Raises:
        GutexoError: They need more memory than exists.
    """
    if line := run_memory_message(estimate_mouse_bytes(parameters)):
        raise GutexoError(line)
    available = total_memory()
    needed = mice * estimate_mouse_bytes(parameters)
    if available is None or needed <= available:
        return
    packets = parameters.resolution.packets
    many = "a mouse" if mice == 1 else f"{mice} mice at a time (--jobs)"
    raise GutexoError(
        f"{many} of {packets:g} packets (resolution.packets) need {needed / 1e9:.3g} GB of memory;"
        f" there are {available / 1e9:.3g} GB"
    )
