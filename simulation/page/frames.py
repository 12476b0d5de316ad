"""A frame: a mouse at one moment as one binary message, small enough for thirty a second.

Layout: length of the header (uint32, little-endian), header (JSON, UTF-8, padded with blanks to a
multiple of 8), then the arrays the header lists as [name, type, length], each padded to 8 bytes.
Types are those of JavaScript's typed arrays.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from gutexo.scene.picture import Picture

ALIGN = 8
_TYPES = {np.dtype(np.uint8): "Uint8Array", np.dtype(np.uint16): "Uint16Array"}


def encode(header: dict[str, Any], arrays: dict[str, np.ndarray]) -> bytes:
    """One message.

    Args:
        header: JSON types.
        arrays: uint8 or uint16, one-dimensional.
    """
    listed = [[name, _TYPES[array.dtype], len(array)] for name, array in arrays.items()]
    text = json.dumps({**header, "arrays": listed}, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-(len(text) + 4) % ALIGN)
    parts = [len(text).to_bytes(4, "little"), text]
    for array in arrays.values():
        content = array.tobytes()
        parts += [content, bytes(-len(content) % ALIGN)]
    return b"".join(parts)


def arrays_of(seen: Picture) -> dict[str, np.ndarray]:
    """What is drawn of a picture: places in 16 bits, levels in 8."""
    exosomes, cells = seen.exosomes, seen.cells
    return {
        "junction": _byte(seen.junction),
        "bare": _byte(seen.bare),
        "mucus": _byte(seen.mucus / 2.0),
        "lps": _byte(seen.lps / (1.0 + seen.lps)),
        "cell_kind": cells.kind.astype(np.uint8),
        "cell_along": _word(cells.along),
        "cell_level": _byte(cells.level / 2.0),
        "cell_senescence": cells.senescence.astype(np.uint8),
        "exosome_along": _word(exosomes.along),
        "exosome_place": exosomes.place.astype(np.uint8),
        "exosome_class": exosomes.cargo_class.astype(np.uint8),
        "exosome_given": exosomes.given.astype(np.uint8),
        # Enough of an identity to find a packet again in the next frame.
        "exosome_id": (exosomes.id & 0xFFFF).astype(np.uint16),
    }


def _byte(values: np.ndarray) -> np.ndarray:
    """0 to 1 in 8 bits; what lies beyond is held at the end."""
    return np.round(np.clip(values, 0.0, 1.0) * 255.0).astype(np.uint8)


def _word(values: np.ndarray) -> np.ndarray:
    """0 to 1 in 16 bits."""
    return np.round(np.clip(values, 0.0, 1.0) * 65535.0).astype(np.uint16)
