"""Equations of the mouse's own packets as a steady stream along the gut, and of held cargo.

Flow along the gut is a recursion over segments in closed form, as in
`gutexo.mean_field.transport.steady_stream`: what a segment takes up is linear in what it and the
segments before it release. The flow out of a segment follows with the time of its passage; at rest
it is that of the closed form. Content that crossed the valve keeps the mucus entry of the ileum for
a tick (ODD 7.3), so the first stretch of colon is divided into short pieces.

Enterocytes hold what they took up for their age (ODD 7.4). A chain of two stages stands for it,
with the same rest value, mean delay and variance of the delay as in the mean-field mouse, whose
ticks add half a tick of delay and 3 % of cargo. It is exact at rest and an approximation where
uptake changes within a day.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from gutexo.catalogue.organs import ORGANS
from gutexo.mean_field.equations.system import EquationSystem
from gutexo.mean_field.equations.wall import CARGO
from gutexo.mean_field.luminal_grid import cargo_age_weights

ENTEROCYTE_CARGO = ("barrier", "inflammatory", "protective")
MACROPHAGE_CARGO = ("inflammatory", "protective")
ORGAN_CARGO = {"inflammatory": "inflammatory", "insulin": "lipid", "protective": "protective"}
_PIECES = 6  # pieces of a tick in which content that crossed the valve is followed


def add_stream(s: EquationSystem, numbers: Mapping[str, Any]) -> None:
    """Add the flow of each cargo into the epithelium, in units an hour."""
    valve = int(numbers["valve"])
    s.add_rule(
        "small_intestine_time", f"exosome_small_intestine_transit / {valve}.0",
        "passage of a segment of small intestine", "h",
    )  # fmt: skip
    s.add_rule(
        "colon_time", f"exosome_colon_transit / {s.segments - valve}.0",
        "passage of a segment of colon", "h",
    )  # fmt: skip
    tick, passed = float(numbers["resolution_tick"]), 0.0
    for g in range(s.segments):
        _add_entry(s, g, valve)
        if g < valve or passed >= tick - 1e-12:
            for axis in CARGO:
                _add_whole_segment(s, axis, g, valve)
            continue
        pieces = _divide(float(numbers["colon_time"]), tick, passed)
        for axis in CARGO:
            _add_pieces(s, axis, g, valve, tick, pieces)
        passed += sum(width for width, _ in pieces)


def _add_entry(s: EquationSystem, g: int, valve: int) -> None:
    entry = "exosome_mucus_entry" if g < valve else "exosome_colon_mucus_entry"
    s.add_rule(f"mucus_entry_{g}", f"{entry} * mucus_{g}", "entry of packets into mucus", "1/h")
    s.add_rule(
        f"inward_{g}",
        f"exosome_epithelial_entry / (exosome_mucus_return + exosome_epithelial_entry * "
        f"(1.0 + bare_epithelium_{g}))",
        "part of what is in mucus that goes into an epithelium without bare places",
    )
    s.add_rule(
        f"net_entry_{g}",
        f"mucus_entry_{g} * inward_{g} * (1.0 + bare_epithelium_{g})",
        "loss of packets from the lumen", "1/h",
    )  # fmt: skip


def _add_whole_segment(s: EquationSystem, axis: str, g: int, valve: int) -> None:
    """Add a segment whose content enters mucus at its own rate."""
    time = "small_intestine_time" if g < valve else "colon_time"
    k, made = f"net_entry_{g}", f"released_{axis}_{g} / {time}"
    flux = f"flux_{axis}_{g - 1}" if g > 0 else "0.0"
    inside = f"({flux} * flow_time({k}, {time}) + {made} * release_time({k}, {time}))"
    s.add_rule(
        f"entering_{axis}_{g}", f"mucus_entry_{g} * inward_{g} * {inside}",
        f"{axis} cargo into epithelium per hour",
    )  # fmt: skip
    on = f"{flux} * exp(-{k} * {time}) + {made} * flow_time({k}, {time})"
    _add_flux(s, axis, g, on, time)


def _add_flux(s: EquationSystem, axis: str, g: int, formula: str, time: str) -> None:
    """Add the flow out of a segment, which follows the flow into it with the time of passage."""
    name, meaning = f"flux_{axis}_{g}", f"{axis} cargo that flows on per hour"
    s.add_state(name, 0.0, f"24.0 / {time} * ({formula} - {name})", meaning, "1/h")


def _divide(time: float, tick: float, passed: float) -> list[tuple[float, float | None]]:
    """Divide a segment behind the valve into pieces: width (h), middle after the valve (h).

    The middle is None for what lies more than a tick behind the valve.
    """
    pieces: list[tuple[float, float | None]] = []
    left = time
    while left > 1e-12:
        zone = passed < tick - 1e-12
        width = min(left, tick / _PIECES, tick - passed) if zone else left
        pieces.append((width, passed + 0.5 * width if zone else None))
        passed += width
        left -= width
    return pieces


def _add_pieces(
    s: EquationSystem, axis: str, g: int, valve: int, tick: float,
    pieces: list[tuple[float, float | None]],
) -> None:  # fmt: skip
    """Add a segment with content that crossed the valve less than a tick ago.

    That content, `flux` of the last segment of the ileum, enters mucus at the rate of the ileum;
    what returns from mucus, and at the tick's end what is left, joins the content of the colon.
    """
    ileal, crossed = f"mucus_entry_{valve - 1}", f"flux_{axis}_{valve - 1}"
    flux, k, into = ("0.0" if g == valve else f"flux_{axis}_{g - 1}"), f"net_entry_{g}", []
    returned = f"(1.0 - inward_{g} * (1.0 + bare_epithelium_{g}))"
    for number, (width, middle) in enumerate(pieces):
        made, w = f"released_{axis}_{g} / colon_time", repr(width)
        if middle is not None:
            name = f"ileal_{axis}_{g}_{number}"
            s.add_rule(
                name, f"{crossed} * exp(-{ileal} * {middle!r})",
                f"{axis} cargo that keeps the entry of the ileum, by the hour of crossing",
            )  # fmt: skip
            early = repr(1.0 - middle / tick)
            made += f" + {name} * ({returned} * {ileal} * {early} + {1.0 / tick!r})"
            into.append(f"{ileal} * {name} * {early} * {w}")
        into.append(
            f"mucus_entry_{g} * ({flux} * flow_time({k}, {w}) + ({made}) * release_time({k}, {w}))"
        )
        on = f"{flux} * exp(-{k} * {w}) + ({made}) * flow_time({k}, {w})"
        if number == len(pieces) - 1:
            _add_flux(s, axis, g, on, "colon_time")
        else:
            flux = f"flux_{axis}_{g}_{number}"
            s.add_rule(flux, on, f"{axis} cargo that flows on per hour within a segment", "1/h")
    s.add_rule(
        f"entering_{axis}_{g}", f"inward_{g} * ({' + '.join(into)})",
        f"{axis} cargo into epithelium per hour",
    )  # fmt: skip


def add_uptake(s: EquationSystem) -> None:
    """Add what enterocytes, macrophages and organs open, in units an hour."""
    one, other = "exosome_enterocyte_uptake", "exosome_transcytosis"
    s.add_rule("enterocyte_part", f"{one} / ({one} + {other})", "opened by enterocytes")
    one, other = "exosome_macrophage_uptake", "exosome_portal_entry"
    s.add_rule("macrophage_part", f"{one} / ({one} + {other})", "opened by macrophages")
    for axis in CARGO[1:]:
        for g in range(s.segments):
            s.add_rule(
                f"crossing_{axis}_{g}",
                f"entering_{axis}_{g} * (1.0 - enterocyte_part + bare_epithelium_{g})",
                f"{axis} cargo into the lamina propria per hour",
            )
        total = " + ".join(f"crossing_{axis}_{g}" for g in range(s.segments))
        s.add_rule(
            f"portal_{axis}", f"(1.0 - macrophage_part) * ({total})",
            f"{axis} cargo into plasma per hour",
        )  # fmt: skip
    shares = " + ".join(f"exosome_{organ.cell}_share" for organ in ORGANS)
    s.add_rule("organs_part", f"-smaller(-1.0, -({shares}))", "sum of parts of elimination")


def held_chain(numbers: Mapping[str, Any]) -> tuple[float, float, float]:
    """Compute the chain that stands for the ages of enterocytes.

    Args:
        numbers: As returned by `compute_coefficients`.

    Returns:
        Gain: units held per unit an hour taken up (h); mean stays of both stages (h).
    """
    weights, h = cargo_age_weights(numbers), float(numbers["resolution_tick"])
    # Cargo arrives half a tick before the end of its tick, and is sensed half a tick after it.
    delays = h * (1.0 + np.arange(len(weights)))
    total = float(weights.sum())
    mean = float(weights @ delays) / total
    variance = float(weights @ (delays - mean) ** 2) / total
    apart = math.sqrt(min(0.99, max(0.0, 2.0 * variance / mean**2 - 1.0)))
    return h * total, 0.5 * mean * (1.0 + apart), 0.5 * mean * (1.0 - apart)


def add_held_cargo(s: EquationSystem, numbers: Mapping[str, Any]) -> None:
    """Add the cargo that cell groups hold, in young levels; nothing is held at weaning."""
    gain, first, second = held_chain(numbers)
    fixed = "fixed at export by cargo.decay_time, epithelium.transit and the tick"
    s.add_parameter("enterocyte_gain", gain, f"cargo held per uptake; {fixed}", "h")
    s.add_parameter(
        "first_stay", first, f"mean stay in the first stage of held cargo; {fixed}", "h"
    )
    s.add_parameter("second_stay", second, f"mean stay in the second stage; {fixed}", "h")
    s.add_parameter("level_enterocytes", numbers["level_enterocytes"], "units of a young level")
    s.add_parameter("level_macrophages", numbers["level_macrophages"], "units of a young level")
    for axis in ENTEROCYTE_CARGO:
        for g in range(s.segments):
            s.add_state(
                f"first_{axis}_{g}", 0.0,
                f"24.0 / first_stay * (enterocyte_gain * enterocyte_part * entering_{axis}_{g} / "
                f"level_enterocytes - first_{axis}_{g})",
                f"first stage of the {axis} cargo held by enterocytes",
            )  # fmt: skip
            s.add_state(
                f"held_{axis}_{g}", 0.0,
                f"24.0 / second_stay * (first_{axis}_{g} - held_{axis}_{g})",
                f"{axis} cargo held by enterocytes",
            )  # fmt: skip
    _add_macrophages(s)
    _add_organs(s, numbers)


def _add_macrophages(s: EquationSystem) -> None:
    """Add cargo of macrophages, which holds what a tick brought from the tick's end on."""
    s.add_rule(
        "macrophage_loss", "1.0 / cargo_decay_time + 1.0 / (24.0 * immune_turnover)",
        "loss of cargo from macrophages", "1/h",
    )  # fmt: skip
    s.add_rule(
        "macrophage_gain", "resolution_tick / (1.0 - exp(-resolution_tick * macrophage_loss))",
        "cargo held per uptake", "h",
    )  # fmt: skip
    for axis in MACROPHAGE_CARGO:
        for g in range(s.segments):
            held = f"macrophage_{axis}_{g}"
            s.add_state(
                held, 0.0,
                f"24.0 * macrophage_loss * (macrophage_gain * macrophage_part * "
                f"crossing_{axis}_{g} / level_macrophages - {held})",
                f"{axis} cargo held by macrophages",
            )  # fmt: skip


def _add_organs(s: EquationSystem, numbers: Mapping[str, Any]) -> None:
    s.add_rule(
        "organ_gain", "resolution_tick / (1.0 - exp(-resolution_tick / cargo_decay_time))",
        "cargo held per uptake", "h",
    )  # fmt: skip
    for k, organ in enumerate(ORGANS):
        level = f"level_{organ.tissue}"
        s.add_parameter(level, numbers["organ_level"][k], "units of a young level")
        for axis, short in ORGAN_CARGO.items():
            held = f"{organ.tissue}_{short}"
            s.add_state(
                held, 0.0,
                f"24.0 / cargo_decay_time * (organ_gain * exosome_{organ.cell}_share / "
                f"organs_part * portal_{axis} / {level} - {held})",
                f"{axis} cargo held by {organ.name}",
            )  # fmt: skip
