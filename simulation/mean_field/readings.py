"""Readings of the mean-field mouse, with the names and units of the mouse's observables."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gutexo.catalogue import Parameters
from gutexo.catalogue.organs import ORGANS
from gutexo.catalogue.signals import SIGNALS
from gutexo.mean_field.array_layout import (
    ACTIVATION,
    BURDEN,
    CAPACITY,
    DISRUPTING,
    FOLLOWED,
    INDUCED,
    INFLAMING,
    JUNCTION,
    LEVEL,
    LICENCE,
    LIPID,
    MASS,
    ORGAN_INDUCED,
    ORGAN_LICENCE,
    PORE,
    PROTECTING,
    RIPE,
    SECRETION,
    SENESCENT,
    SENSITIVITY,
    SUPPORT,
    TOTAL,
)
from gutexo.mean_field.glucose import dextran_assay, fasting_state
from gutexo.mean_field.harvest import Harvest
from gutexo.mean_field.senescence import mature_burden


def read_mouse(
    p: Parameters, row: np.ndarray, numbers: dict[str, Any], wall: np.ndarray, organs: np.ndarray,
    body: np.ndarray, lumen: Harvest, sensitivities: tuple[float, float],
) -> dict[str, float]:  # fmt: skip
    """Read a mouse whose sensed values are up to date.

    Args:
        p: Its parameters.
        row: Its numbers as a record.
        numbers: Its numbers by name.
        wall: Array of its segments.
        organs: Array of its organs.
        body: Array of its body.
        lumen: Content of its lumen.
        sensitivities: Insulin sensitivity of its liver and of its periphery.
    """
    liver, periphery = sensitivities
    g, insulin = fasting_state(row, float(body[MASS]), liver, periphery)
    conductance = 1.0 + numbers["barrier_ter_junction"] * (1.0 - wall[JUNCTION])
    conductance += numbers["barrier_pore_opening"] * wall[PORE]
    whole = numbers["whole"]
    induced = float(wall[INDUCED].mean())
    in_organs = float(numbers["organ_cells"] @ organs[ORGAN_INDUCED])
    intrinsic = min(1.0, float(body[FOLLOWED]) / whole)
    secretion = float(wall[SECRETION].mean())
    extra = numbers["cargo_barrier_by_senescence"] * secretion
    return {
        "FITC-dextran": dextran_assay(row, wall),
        "TER": p.barrier.ter_young / float(conductance.mean()),
        **{
            f"plasma {one.name}": getattr(p.immune, f"{one.key}_unit") * float(body[LEVEL + k])
            for k, one in enumerate(SIGNALS)
        },
        "HOMA-IR": g * insulin / 405.0 if g <= p.glucose.diabetic else math.nan,
        "fasting glucose": g,
        "fasting insulin": insulin,
        **{
            f"{one.tissue} insulin sensitivity": float(organs[SENSITIVITY, k])
            for k, one in enumerate(ORGANS)
        },
        **{
            f"{one.tissue} mitochondrial capacity": float(organs[CAPACITY, k])
            for k, one in enumerate(ORGANS)
            if one.capacity
        },
        "beta-cell mass": float(body[MASS]),
        "senescent burden": float(body[BURDEN]),
        "total burden": float(body[TOTAL]),
        "gut senescent share": intrinsic + induced,
        "gut induced share": induced,
        "gut mature share": mature_burden(row[0], body) / whole + float(wall[RIPE].mean()),
        "organ senescent share": intrinsic + in_organs,
        "organ induced share": in_organs,
        "host senescent share": intrinsic + in_organs,
        "own barrier cargo": numbers["f_load_barrier"] * (1.0 + extra),
        "gut secretion": secretion,
        "gut licence": float(wall[LICENCE].mean()),
        "organ licence": float(body[ORGAN_LICENCE]),
        "mature senescent signal": float(wall[SENESCENT].mean()),
        "held barrier cargo": float(wall[DISRUPTING].mean()),
        "held inflammatory cargo": float(wall[INFLAMING].mean()),
        "held protective cargo": float(wall[PROTECTING].mean()),
        "held lipid of liver": float(organs[LIPID, 0]),
        "held protective cargo of liver": float(organs[SUPPORT, 0]),
        "junction integrity": float(wall[JUNCTION].mean()),
        "macrophage activation": float(wall[ACTIVATION].mean()),
        "luminal exosomes": lumen.packets,
        "luminal barrier cargo": float(lumen.units[0]),
        "luminal inflammatory cargo": float(lumen.units[1]),
        "luminal insulin-resistance cargo": float(lumen.units[2]),
        "luminal protective cargo": float(lumen.units[3]),
    }
