"""The C++ yardstick, compiled on demand and called on the columns of a world."""

from __future__ import annotations

import ctypes
import hashlib
import shutil
import subprocess
import tempfile
from ctypes import POINTER, c_double, c_int8, c_int32, c_int64, c_uint64
from pathlib import Path
from typing import Any

import numpy as np

from gutexo.catalogue.organs import ORGANS
from gutexo.catalogue.rates import NAMED_RATES
from tests.benchmarks.worlds import MUTABLE, World

SOURCE = Path(__file__).with_name("yardstick.cpp")
FLAGS = ["-O3", "-march=native", "-ffp-contract=off", "-std=c++17", "-shared", "-fPIC"]
ROW_FIELDS = (
    "mucus_return",
    "epithelial_entry",
    "enterocyte_uptake",
    "macrophage_uptake",
    "hepatocyte_uptake",
    "myocyte_uptake",
    "adipocyte_uptake",
    "tissue_entry",
)
_WHOLE = (
    "count segments valve tick enterocytes macrophages hepatocytes myocytes adipocytes "
    "first_macrophage first_hepatocyte first_myocyte first_adipocyte"
)


class Layout(ctypes.Structure):
    """`World` as the C++ source declares it."""

    _fields_ = (
        [(name, c_int64) for name in _WHOLE.split()]
        + [(name, c_double) for name in ("hours", "fast", "slow", "pace")]
        + [
            ("motion", c_uint64),
            ("key", POINTER(c_uint64)),
            ("place", POINTER(c_int8)),
            ("position", POINTER(c_int32)),
            ("site", POINTER(c_int32)),
            ("born", POINTER(c_int32)),
            ("dose", POINTER(c_int32)),
            ("leaving", POINTER(c_double)),
            ("staying", POINTER(c_uint64)),
            ("rows", POINTER(c_double)),
        ]
    )


def compiler() -> str | None:
    """A C++ compiler, None where there is none."""
    return shutil.which("g++") or shutil.which("clang++")


def library() -> Any:
    """The compiled yardstick; made once a version of its source."""
    name = hashlib.sha256(SOURCE.read_bytes() + " ".join(FLAGS).encode()).hexdigest()[:16]
    made = Path(tempfile.gettempdir()) / f"gutexo-yardstick-{name}.so"
    if not made.exists():
        part = made.with_suffix(".part")
        subprocess.run([str(compiler()), *FLAGS, "-o", str(part), str(SOURCE)], check=True)
        part.replace(made)
    loaded = ctypes.CDLL(str(made))
    loaded.run_ticks.restype = c_int64
    loaded.run_ticks.argtypes = [POINTER(Layout), POINTER(Layout), POINTER(c_uint64), c_int64]
    return loaded


class Yardstick:
    """The exosome stage in C++ on the packets of a world."""

    def __init__(self, world: World) -> None:
        s = world.mouse.state
        self._library = library()
        body = s.records[-1]
        rows = [NAMED_RATES[f"exosome.{name}"].column(s.records) for name in ROW_FIELDS]
        self._rows = np.ascontiguousarray(np.stack(rows, axis=1))
        whole = {
            name: int(getattr(s.anatomy, name))
            for name in _WHOLE.split()
            if hasattr(s.anatomy, name) and name != "count"  # which tuples have as a method
        }
        for number, organ in enumerate(ORGANS):
            whole[f"{organ.cell}s"] = s.anatomy.organ_cells[number]
            whole[f"first_{organ.cell}"] = s.anatomy.first_organ_rows[number]
        columns = {
            "key": s.packets.key,
            "place": s.packets.place,
            "position": s.packets.position,
            "site": s.packets.site,
            "born": s.packets.born,
            "dose": s.packets.dose,
            "leaving": s.sensed.leaving,
            "staying": s.sensed.staying,
            "rows": self._rows,
        }
        kinds = dict(Layout._fields_)
        self._layout = Layout(
            count=s.count,
            tick=world.now.tick,
            hours=world.now.hours,
            fast=float(body.small_intestine_speed),
            slow=float(body.colon_speed),
            pace=float(body.small_intestine_pace),
            **whole,
            **{name: column.ctypes.data_as(kinds[name]) for name, column in columns.items()},
        )
        self._start = Layout(
            **{name: getattr(world.start, name).ctypes.data_as(kinds[name]) for name in MUTABLE}
        )
        self._world = world  # whose columns must outlive the pointers

    def run(self) -> None:
        """As many ticks of all packets as the world runs in a call."""
        motions = self._world.motions
        failed = self._library.run_ticks(
            ctypes.byref(self._layout),
            ctypes.byref(self._start),
            motions.ctypes.data_as(POINTER(c_uint64)),
            len(motions),
        )
        assert failed == -1
