"""Coefficients of the mean-field model: parameters times factors, young levels, grid, weights."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from gutexo.catalogue import Parameters
from gutexo.catalogue.organs import ORGANS
from gutexo.catalogue.rates import NAMED_RATES, field_name
from gutexo.catalogue.signals import CYTOKINES, SIGNALS
from gutexo.compiled import JIT_OFF
from gutexo.errors import GutexoError, suggest

# Named rates (ODD 7.1) whose factor multiplies a number, divides one, or stays a factor. Rates of a
# single parameter multiply it, or divide it if it is a time.
_TIMES = ("h", "d")
_DECLARED = [rate for rate in NAMED_RATES.values() if rate.parameter]
MULTIPLIED = {
    **{rate.name: (field_name(rate.parameter),) for rate in _DECLARED if rate.unit not in _TIMES},
    "exosome.release": ("release",),
    "exosome.mucus_entry": ("exosome_mucus_entry", "exosome_colon_mucus_entry"),
    "exosome.other_clearance": ("other_part",),
}
DIVIDED = {
    **{rate.name: (field_name(rate.parameter),) for rate in _DECLARED if rate.unit in _TIMES},
    "exosome.luminal_transit": ("small_time", "colon_time", "dextran_time", "passage"),
}
PLAIN_FACTORS = {
    "cargo.load_barrier": "f_load_barrier",
    "cargo.load_inflammatory": "f_load_inflammatory",
    "cargo.load_insulin_resistance": "f_load_insulin",
    "cargo.load_protective": "f_load_protective",
    "tight_junction.leak": "f_leak",
    "microbiota.lps": "f_lps",
    "microbiota.butyrate": "f_butyrate",
    "lps.crossing": "f_crossing",
    "macrophage.activation": "f_activation",
    "insulin.relaxation": "f_insulin_relaxation",
    "insulin.mitochondrial_turnover": "f_mitochondria",
    "senescence.secretion": "f_secretion",
    "beta_cell.adaptation": "f_adaptation",
}
# Numbers of signals and organs are arrays: name of the array, and position in it.
ELEMENTS = {
    **{f"exosome.{organ.cell}_uptake": ("organ_part", k) for k, organ in enumerate(ORGANS)},
    **{f"{signal.key}.clearance": ("f_clearance", k) for k, signal in enumerate(SIGNALS)},
    **{f"{one.key}.secretion": ("f_secretion_of", k) for k, one in enumerate(CYTOKINES)},
    **{f"{one.key}.action": ("f_action", k) for k, one in enumerate(CYTOKINES)},
}
FACTORS = (*MULTIPLIED, *DIVIDED, *PLAIN_FACTORS, *ELEMENTS)
OWN_SUBSTEPS, DOSE_SUBSTEPS = 4, 16
"""Steps of the flow per tick, for what the gut releases and for doses (see `transport`)."""
MOST_CELLS = 4000
_NEVER = 1e12


def first_colon_segment(segments: int) -> int:
    """First segment after the ileocaecal valve (ODD 2)."""
    return int(round(48 / 64 * segments))


@lru_cache(maxsize=64)
def young_levels(segments: int, packets: float) -> dict[str, Any]:
    """Compute the steady state of healthy packets (ODD 7.2) with the catalogue's defaults.

    Args:
        segments: Segments of the gut.
        packets: Packets of the whole animal.

    Returns:
        Packets released per hour, and the units of the young level of the enterocytes and of the
        macrophages of a segment, and of each organ; and the default protective cargo.
    """
    p = Parameters()
    x, valve = p.exosome, first_colon_segment(segments)
    a = lumen = absorbed = waiting = 0.0
    for g in range(segments):
        small = g < valve
        t = x.small_intestine_transit / valve if small else x.colon_transit / (segments - valve)
        m = x.mucus_entry if small else x.colon_mucus_entry
        k = m * x.epithelial_entry / (x.mucus_return + x.epithelial_entry)
        q = (1.0 - math.exp(-k * t)) / k
        inside = a * q + (1.0 - q / t) / k
        a = a * math.exp(-k * t) + q / t
        lumen += inside / segments
        absorbed += k * inside / segments
        waiting += m * inside / (x.mucus_return + x.epithelial_entry) / segments
    e = 1.0 / (x.enterocyte_uptake + x.transcytosis)
    crossed = x.transcytosis * e * absorbed
    stay = 1.0 / (x.macrophage_uptake + x.portal_entry)
    portal = x.portal_entry * stay * crossed
    k = 60.0 * math.log(2.0) / x.clearance_half_life
    c = (1.0 + x.tissue_entry / x.tissue_return) / k
    release = packets / (lumen + waiting + e * absorbed + stay * crossed + c * portal)
    units = release * p.cargo.units_per_packet * p.cargo.decay_time
    return {
        "release": release,
        "enterocytes": units * x.enterocyte_uptake * e * absorbed / segments,
        "macrophages": units * x.macrophage_uptake * stay * crossed / segments,
        "organs": [units * portal * getattr(x, f"{organ.cell}_share") for organ in ORGANS],
        "protective": p.cargo.protective,
    }


def compute_coefficients(parameters: Parameters, factors: Mapping[str, float]) -> dict[str, Any]:
    """Compute all numbers that the laws read: parameters times factors, and derived values.

    Numbers of signals and organs are arrays, in the order of their tables.

    Args:
        parameters: Parameters of the mouse.
        factors: Factor per named rate of ODD 7.1.

    Raises:
        GutexoError: A rate is not known, or a factor is not a number of 0 or more.
    """
    p: dict[str, Any] = {field_name(name): float(v) for name, v in parameters.flat().items()}
    segments = parameters.resolution.segments
    valve = first_colon_segment(segments)
    young = young_levels(segments, parameters.resolution.packets)
    elimination = 60.0 * math.log(2.0) / parameters.exosome.clearance_half_life
    shares = [p[f"exosome_{organ.cell}_share"] for organ in ORGANS]
    p |= {
        "valve": valve,
        "release": young["release"] / segments,
        "small_time": parameters.exosome.small_intestine_transit / valve,
        "colon_time": parameters.exosome.colon_transit / (segments - valve),
        "dextran_time": parameters.barrier.dextran_transit / valve,
        "passage": parameters.exosome.small_intestine_transit + parameters.exosome.colon_transit,
        "organ_part": np.array([elimination * share for share in shares]),
        "other_part": elimination * max(0.0, 1.0 - sum(shares)),
        "level_enterocytes": young["enterocytes"],
        "level_macrophages": young["macrophages"],
        "organ_level": np.array(young["organs"]),
        "organ_days": np.array([p[f"insulin_{organ.tissue}_mitochondria"] for organ in ORGANS]),
        "half_life": np.array([p[f"immune_{signal.key}_half_life"] for signal in SIGNALS]),
        "by_activation": _of_cytokines(p, "activation"),
        "by_senescence": _of_cytokines(p, "senescence"),
        "f_secretion_of": np.ones(len(CYTOKINES)),
        "f_action": np.ones(len(CYTOKINES)),
        "f_clearance": np.ones(len(SIGNALS)),
        "young_protective": young["protective"],
        "held": 0.0,
        **{name: 1.0 for name in PLAIN_FACTORS.values()},
    }
    for name, factor in factors.items():
        if name not in FACTORS:
            raise GutexoError(f"no rate '{name}'{suggest(str(name), list(FACTORS))}")
        if isinstance(factor, bool) or not isinstance(factor, (int, float, np.number)):
            raise GutexoError(f"the factor on {name} must be a number; got {factor!r}")
        if not (math.isfinite(factor) and factor >= 0):
            raise GutexoError(f"the factor on {name} must be 0 or more; got {factor!r}")
        for target in MULTIPLIED.get(name, ()):
            p[target] *= float(factor)
        for target in DIVIDED.get(name, ()):
            p[target] = p[target] / float(factor) if factor > 0 else _NEVER
        if name in PLAIN_FACTORS:
            p[PLAIN_FACTORS[name]] *= float(factor)
        if name in ELEMENTS:
            array, position = ELEMENTS[name]
            p[array][position] *= float(factor)
    total = sum([*p["organ_part"].tolist(), p["other_part"]])
    p["elimination"] = total
    p["organ_part"] = p["organ_part"] / total if total > 0 else np.zeros(len(ORGANS))
    for one, other in (
        ("exosome_enterocyte_uptake", "exosome_transcytosis"),
        ("exosome_macrophage_uptake", "exosome_portal_entry"),
    ):
        if p[one] + p[other] <= 0:
            p[one] = p[other] = 1.0 / _NEVER
    return p


def _of_cytokines(p: Mapping[str, float], cause: str) -> np.ndarray:
    """Secretion of each cytokine by a cause; 0 where the catalogue has no number for it."""
    return np.array([p.get(f"immune_{one.key}_by_{cause}", 0.0) for one in CYTOKINES])


def make_numbers_record(numbers: Mapping[str, Any]) -> np.ndarray:
    """Make an array of one row from the numbers; compiled laws read its fields by name."""
    row = np.zeros(1, dtype=[(name, np.float64, np.shape(v)) for name, v in numbers.items()])
    for name, value in numbers.items():
        row[name] = value
    return row.view(np.recarray) if JIT_OFF else row


def luminal_grid(numbers: Mapping[str, Any], substeps: int) -> tuple[np.ndarray, np.ndarray]:
    """Divide the lumen into cells along travel time and compute their overlap with segments.

    Args:
        numbers: As returned by `compute_coefficients`.
        substeps: Steps of the flow per tick; a cell is the distance of one step.

    Returns:
        float64[4, pair]: cell, segment, share of the segment in the cell, share of the cell in the
        segment. float64[5]: the number of substeps, the cell of the valve, the part of it before
        the valve, the part of the last cell that is in the gut, and the number of cells.
    """
    span = numbers["resolution_tick"] / substeps
    segments, valve = int(numbers["resolution_segments"]), int(numbers["valve"])
    times = np.where(np.arange(segments) < valve, numbers["small_time"], numbers["colon_time"])
    # A gut with very slow flow is cut off where content does not arrive within a few days.
    edges = np.minimum(np.concatenate([[0.0], np.cumsum(times)]) / span, 1e5)
    cells = max(2, min(MOST_CELLS, math.ceil(edges[-1] - 1e-9)))
    edges *= min(1.0, cells / edges[-1])
    starts = np.clip(np.floor(edges[:-1]).astype(int), 0, cells - 1)
    ends = np.clip(np.ceil(edges[1:] - 1e-9).astype(int), 1, cells)
    rows = []
    for g, (low, high) in enumerate(zip(edges[:-1], edges[1:], strict=True)):
        for cell in range(starts[g], ends[g]):
            common = min(high, cell + 1.0) - max(low, float(cell))
            if common > 1e-12:
                inside = min(edges[-1], cell + 1.0) - cell
                rows.append((cell, g, common / (high - low), common / inside))
    at_valve = math.floor(edges[valve] + 1e-9)
    before = max(0.0, edges[valve] - at_valve)
    last = min(1.0, edges[-1] - (cells - 1))
    shape = np.array([substeps, at_valve, before, last, cells], dtype=np.float64)
    return np.array(rows, dtype=np.float64).T.copy(), shape


def cargo_age_weights(numbers: Mapping[str, Any]) -> np.ndarray:
    """Share of cargo opened some ticks ago that is left in the niche of a segment (ODD 7.4).

    Cargo arrives at the end of a tick and is sensed from the next tick on. After l ticks of its
    cell the share left is the probability that the cell was not shed, 1 - l h / transit, times the
    share left by the thinnings, one in every n ticks at a phase that differs between cells.

    Returns:
        float64[ticks]; entry 0 is the cargo of the last tick.
    """
    h, n = numbers["resolution_tick"], int(numbers["resolution_thinning"])
    ticks = min(4000, max(1, math.ceil(numbers["epithelium_transit"] / h)))
    turns = np.arange(ticks)
    once = math.exp(-n * h / numbers["cargo_decay_time"])
    phase = (turns % n) / n
    decayed = once ** (turns // n) * (1.0 - phase + phase * once)
    return np.maximum(0.0, decayed * (1.0 - turns * h / numbers["epithelium_transit"]))
