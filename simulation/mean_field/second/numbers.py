"""The numbers of the second mechanism by literal name, with the values where a search began.

They stand at the end of docs/next_mouse.md. A number whose name is a parameter of the catalogue
takes its place; all other parameters keep their values.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from gutexo.errors import GutexoError, suggest

_SENESCENCE = {
    "production_part": 0.929,  # part of the published production that is left, females
    "male_production_part": 0.929,
    "induction_gut": 0.00772,  # phi of niches, burden a day
    "induction_organs": 0.00209,  # phi of the cells of organs
    "induction_by_tnf": 0.121,  # c_T
    "induction_by_senescence": 0.0281,  # c_B
    "induction_cargo_half": 8.86,  # K_Z
    "induction_tnf_half": 4.66,  # K_TZ
    "induction_protection": 0.186,  # a_Z
    "maturation": 7.08,  # tau, days
    "basal_licence": 0.0524,  # n0
    "licence_half": 21.6,  # K_N
    "follow_time": 48.0,  # hours in which the flag of intrinsic sites follows the burden
    "gut_weight": 0.5,  # w
}
_CARGO = {
    "barrier_by_senescence": 15.0,  # x_D
    "inflammatory_by_senescence": 22.6,  # x_I
    "insulin_by_senescence": 2.64,  # x_R
    "protective_by_senescence": 7.78,  # p
    "protection_half": 0.790,  # K_P of every place
}
_BARRIER = {
    "repair": 0.561,
    "loss": 0.0233,  # k0
    "cargo_disruption": 0.113,  # k_D
    "cargo_half": 1.67,  # K_D
    "protection": 1.90,  # a_P
    "leak": 22.2,  # F
    "lps_leak": 7.53,  # l_J
    "unrestricted_dextran": 37.1,  # f_W
    "unrestricted": 23.0,  # l_W
    "ter_junction": 0.477,  # g_J
    "pore_opening": 0.820,  # g_T
    "pore_half": 6.32,  # K_O
}
_EPITHELIUM = {
    "injury": 0.01,  # i0
    "injury_by_tnf": 18.7,  # j_T
    "injury_half": 3.16,  # K_TW
    "protection": 0.565,  # a_R
    "protection_half": 0.687,  # K_W
}
_MICROBIOTA = {
    "shift_by_tnf": 0.0136,  # s_T
    "lps_by_pathobionts": 0.5,
    "mucus_by_pathobionts": 0.5,
}
_IMMUNE = {
    "lps_half": 17.0,  # K_A
    "rest": 0.0172,  # a0
    "cargo_gate": 2.01,  # b_I
    "cargo_half": 5.12,  # K_I
    "protection": 1.49,  # a_A
    "tnf_by_activation": 6.35,  # T_A
    "tnf_by_senescence": 0.456,  # T_S
    "il6_by_activation": 37.3,
    "il6_by_senescence": 1.10,
}
_INSULIN = {
    "cytokine_block": 0.186,  # w_T
    "cytokine_half": 5.22,  # K_TI
    "liver_cytokine": 0.5,
    "cargo_block": 4.12,  # w_R
    "cargo_half": 4.05,  # K_R
    "peripheral_cargo": 0.3,
    "senescent_block": 0.194,  # w_S
    "lps_block": 0.127,  # w_K
    "lps_half": 2.47,  # K_K
    "cargo_protection": 1.18,  # a_M
}
NUMBERS: Mapping[str, float] = MappingProxyType(
    {
        f"{group}.{name}": value
        for group, values in (
            ("senescence", _SENESCENCE),
            ("cargo", _CARGO),
            ("barrier", _BARRIER),
            ("epithelium", _EPITHELIUM),
            ("microbiota", _MICROBIOTA),
            ("immune", _IMMUNE),
            ("insulin", _INSULIN),
        )
        for name, value in values.items()
    }
)
"""Number by literal name, group and what it is."""


def second_numbers(changes: Mapping[str, float] | None = None) -> dict[str, float]:
    """Return the numbers of the second mechanism with some changed.

    Args:
        changes: New values by name.

    Raises:
        GutexoError: A name is not known, or a value is not a number of 0 or more.
    """
    numbers = dict(NUMBERS)
    for name, value in (changes or {}).items():
        if name not in numbers:
            raise GutexoError(f"no number '{name}'{suggest(str(name), list(NUMBERS))}")
        if isinstance(value, bool) or not isinstance(value, (int, float, np.number)):
            raise GutexoError(f"{name} must be a number; got {value!r}")
        if not (math.isfinite(value) and value >= 0):
            raise GutexoError(f"{name} must be 0 or more; got {value!r}")
        numbers[name] = float(value)
    return numbers
