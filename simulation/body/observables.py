"""Observables of a mouse: their names, units and meaning, and one function that reads them all."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gutexo.biology import microbiota
from gutexo.biology.codes import (
    AXES,
    BARRIER,
    BY_TRANSPLANT,
    INDUCED,
    INDUCED_MATURE,
    INFLAMMATORY,
    INTRINSIC_MATURE,
    LUMEN,
    N_AXES,
    PLASMA,
    PROTECTIVE,
    WELL,
)
from gutexo.biology.glucose import fasting_levels, peripheral_sensitivity
from gutexo.biology.macrophage import activation_target, cytokine_level
from gutexo.body.assays import glycaemia
from gutexo.body.assays.permeability import plasma_dextran, transepithelial_resistance
from gutexo.body.stages.sense import sense
from gutexo.body.state import State
from gutexo.catalogue.organs import ADIPOSE, LIVER, MUSCLE, ORGANS
from gutexo.catalogue.signals import IL10, LPS, SIGNALS
from gutexo.compiled import kernel


@dataclass(frozen=True)
class Observable:
    """A readout.

    Attributes:
        name: Name in files and plots.
        unit: Unit; "1" for none.
        long_name: Name for the axes of plots.
        meaning: How it is measured.
        of_diabetic: Whether a diabetic mouse has it; where not, it is NaN in such a mouse.
    """

    name: str
    unit: str
    long_name: str
    meaning: str
    of_diabetic: bool = True


_ALL_OBSERVABLES = (
    Observable("FITC-dextran", "ug/mL", "plasma FITC-dextran at 1 h", "4-kDa dextran by gavage to a fasted mouse, plasma after 1 h: leak path and bare epithelium"),
    Observable("TER", "ohm cm2", "trans-epithelial resistance", "inverse of the mean ion conductance of all segments: mostly the pore path"),
    *(Observable(f"plasma {row.name}", row.unit, f"plasma {row.name}", row.measured) for row in SIGNALS),
    Observable("HOMA-IR", "1", "HOMA-IR", "fasting glucose (mg/dL) x fasting insulin (uU/mL) / 405; not defined in a diabetic mouse", of_diabetic=False),
    Observable("fasting glucose", "mg/dL", "fasting glucose", "steady state after a fast, on the scale of Topp's constants"),
    Observable("fasting insulin", "uU/mL", "fasting insulin", "steady state after a fast, on the scale of Topp's constants"),
    Observable("GTT AUC", "mg/dL min", "glucose tolerance test, incremental AUC", "2 g/kg glucose by mouth, samples from 0 to 120 min, area above the fasting level"),
    Observable("ITT AUC", "mg/dL min", "insulin tolerance test, AUC", "insulin injected, samples from 0 to 60 min, area under glucose"),
    Observable("clamp GIR", "mg/kg/min", "clamp glucose infusion rate", "glucose infusion that holds glucose at high insulin, mean from 150 to 180 min"),
    *(Observable(f"{row.tissue} insulin sensitivity", "1", f"{row.tissue} insulin sensitivity", row.sensitivity) for row in ORGANS),
    *(Observable(f"{row.tissue} mitochondrial capacity", "1", f"{row.tissue} mitochondrial capacity", row.capacity) for row in ORGANS if row.capacity),
    Observable("beta-cell mass", "mg", "beta-cell mass", "beta-cell mass on the scale of Topp's constants"),
    Observable("senescent burden", "1", "intrinsic senescent burden", "burden that arises without signals, in units of the total burden at which a mouse dies"),
    Observable("total burden", "1", "total senescent burden", "intrinsic burden and that of induced cells; a mouse dies at 1"),
    Observable("gut senescent share", "1", "senescent share of the gut", "share of niches of the gut that are senescent"),
    Observable("gut induced share", "1", "induced share of the gut", "share of niches that signals turned senescent, or that were transplanted"),
    Observable("gut mature share", "1", "secreting share of the gut", "share of niches that are senescent and mature, so that they secrete"),
    Observable("organ senescent share", "1", "senescent share of the organs", "share of the cells of liver, muscle and fat that are senescent"),
    Observable("organ induced share", "1", "induced share of the organs", "share of these cells that signals turned senescent, or that were transplanted"),
    Observable("liver senescent share", "1", "senescent share of the liver", "share of hepatocytes that are senescent"),
    Observable("host senescent share", "1", "senescent share of the organs without a graft", "senescent share of the cells of organs, transplanted ones left out"),
    Observable("own barrier cargo", "1", "own barrier-disrupting cargo", "mean barrier-disrupting load of the packets that the mouse itself releases, 1 in a gut of healthy cells"),
    Observable("junction integrity", "1", "tight-junction integrity", "mean share of closed tight junctions over segments"),
    Observable("macrophage activation", "1", "macrophage activation", "mean activation of lamina-propria macrophages"),
    Observable("activation over mean field", "1", "macrophage activation against a gut of equal segments", "mean drive of all segments over the drive at their mean: what space adds"),
    Observable("luminal exosomes", "packets", "luminal exosomes", "packets in the lumen"),
    Observable("plasma exosomes", "packets", "plasma exosomes", "packets in plasma"),
    Observable("luminal barrier cargo", "units", "luminal barrier-disrupting cargo", "cargo units carried in the lumen"),
    Observable("luminal inflammatory cargo", "units", "luminal inflammatory cargo", "cargo units carried in the lumen"),
    Observable("luminal insulin-resistance cargo", "units", "luminal insulin-resistance cargo", "cargo units carried in the lumen"),
    Observable("luminal protective cargo", "units", "luminal protective cargo", "cargo units carried in the lumen"),
)  # fmt: skip
OBSERVABLES: dict[str, Observable] = {row.name: row for row in _ALL_OBSERVABLES}


@kernel
def count_by_place(count, packets, totals):
    """Add the packets and cargo in each place to `totals`, int64[place, axes + packets]."""
    for i in range(count):
        place = packets.place[i]
        for axis in range(N_AXES):
            totals[place, axis] += packets.cargo[i, axis]
        totals[place, N_AXES] += 1


def count_packets(state: State) -> np.ndarray:
    """Count cargo units and packets (last column) in each place, int64[places, axes + 1]."""
    totals = np.zeros((PLASMA + 2, N_AXES + 1), np.int64)
    count_by_place(state.count, state.packets, totals)
    return totals


def mean_luminal_lps(state: State) -> float:
    """LPS of the bacteria in the lumen, mean over segments, in levels of a healthy young gut."""
    s, total = state.segments, 0.0
    for g in range(state.anatomy.segments):
        total = total + microbiota.luminal_lps(state.records[g], s.density[g], s.pathobionts[g])
    return float(total / state.anatomy.segments)


def insulin_sensitivities(state: State) -> tuple[float, float, float]:
    """Current insulin sensitivity of liver, muscle and fat."""
    s = state
    sense(s.anatomy, s.segments, s.cells, s.sensed, s.records, s.blood, s.hours)
    levels = s.sensed.organ_sensitivity
    return float(levels[LIVER]), float(levels[MUSCLE]), float(levels[ADIPOSE])


def measure(state: State, rates: glycaemia.GlucoseRates) -> dict[str, float]:
    """Read every observable; nothing of the mouse changes and none of its draws is used.

    Args:
        state: The mouse's state.
        rates: Its glucose rates.

    Returns:
        Value per name, in the order of `OBSERVABLES`; NaN where a diabetic mouse has none.
    """
    liver, muscle, adipose = insulin_sensitivities(state)
    blood, a = state.blood[0], state.anatomy
    mass = float(blood.beta_mass)
    glucose, insulin = fasting_levels(
        rates, mass, liver, peripheral_sensitivity(rates, muscle, adipose)
    )
    dextran, _ = plasma_dextran(a, state.segments, state.records, 1.0)
    places = count_packets(state)
    units = state.parameters.immune
    values = {
        "FITC-dextran": dextran,
        "TER": transepithelial_resistance(a, state.segments, state.records),
        "HOMA-IR": glycaemia.homa(glucose, insulin) if glucose <= rates.diabetic else math.nan,
        "fasting glucose": glucose,
        "fasting insulin": insulin,
        "GTT AUC": glycaemia.glucose_tolerance(rates, mass, liver, muscle, adipose)[1],
        "ITT AUC": glycaemia.insulin_tolerance(rates, mass, liver, muscle, adipose)[1],
        "clamp GIR": glycaemia.clamp(rates, mass, liver, muscle, adipose),
        "beta-cell mass": mass,
        "senescent burden": blood.burden,
        "total burden": state.sensed.total_burden[0],
        "own barrier cargo": own_cargo(a.segments, state.sensed, state.records),
        **senescent_shares(state),
        "junction integrity": column_mean(state.segments.junction),
        "macrophage activation": column_mean(state.sensed.activation),
        "activation over mean field": drive_over_mean_field(
            a.segments, state.sensed, state.records, float(blood.sensed_level[LPS])
        ),
        "luminal exosomes": places[LUMEN, N_AXES],
        "plasma exosomes": places[PLASMA, N_AXES],
    }
    for number, signal in enumerate(SIGNALS):
        unit = getattr(units, f"{signal.key}_unit")
        values[f"plasma {signal.name}"] = blood.level[number] * unit
    for number, organ in enumerate(ORGANS):
        rows = a.organ_rows(number)
        sensitivity = state.sensed.organ_sensitivity[number]
        values[f"{organ.tissue} insulin sensitivity"] = sensitivity
        capacity = column_mean(state.cells.capacity[rows])
        values[f"{organ.tissue} mitochondrial capacity"] = capacity
    for axis, name in enumerate(AXES):
        values[f"luminal {name.replace('_', '-')} cargo"] = places[LUMEN, axis]
    return {name: float(values[name]) for name in OBSERVABLES}


def senescent_shares(state: State) -> dict[str, float]:
    """Shares of the sites of the gut and of the organs that are senescent, by how they became so."""
    a, cells = state.anatomy, state.cells
    gut = cells.senescence[: a.first_macrophage]
    organs, cause = (column[a.first_organ_cell :] for column in (cells.senescence, cells.cause))
    host = ~((cause == BY_TRANSPLANT) & (organs != WELL))
    mature = (gut == INTRINSIC_MATURE) | (gut == INDUCED_MATURE)
    return {
        "gut senescent share": _share(gut != WELL),
        "gut induced share": _share(gut >= INDUCED),
        "gut mature share": _share(mature),
        "organ senescent share": _share(organs != WELL),
        "organ induced share": _share(organs >= INDUCED),
        "liver senescent share": _share(cells.senescence[a.organ_rows(LIVER)] != WELL),
        "host senescent share": _share(organs[host] != WELL),
    }


def _share(marked: np.ndarray) -> float:
    return np.count_nonzero(marked) / len(marked) if len(marked) else 0.0


@kernel
def own_cargo(n, sensed, rates):
    """Mean barrier-disrupting load of the packets that the gut releases, 1 in healthy cells."""
    total = 0.0
    for g in range(n):
        mature = sensed.mature[g]
        mean = mature * sensed.load[g, 1, BARRIER] + (1.0 - mature) * sensed.load[g, 0, BARRIER]
        total = total + mean / rates[g].cargo_units_per_packet
    return total / n


@kernel
def drive_over_mean_field(n, sensed, rates, plasma_lps):
    """Mean drive of macrophages over all segments, divided by the drive of one mean segment.

    1 means that space has no effect; the mean segment senses the means of what segments sense.
    """
    lps = 0.0
    inflammatory = 0.0
    protective = 0.0
    around = 0.0
    total = 0.0
    body = rates[n]
    blood_lps = body.immune_blood_lps * plasma_lps
    for g in range(n):
        r = rates[g]
        total = total + activation_target(
            r,
            sensed.lps[g] + blood_lps,
            sensed.macrophage_cargo[g, INFLAMMATORY],
            sensed.macrophage_cargo[g, PROTECTIVE],
            cytokine_level(r, IL10, sensed.local_activation[g], 0.0),
            1.0,
        )
        lps = lps + sensed.lps[g]
        inflammatory = inflammatory + sensed.macrophage_cargo[g, INFLAMMATORY]
        protective = protective + sensed.macrophage_cargo[g, PROTECTIVE]
        around = around + sensed.local_activation[g]
    alike = activation_target(
        body,
        lps / n + blood_lps,
        inflammatory / n,
        protective / n,
        cytokine_level(body, IL10, around / n, 0.0),
        1.0,
    )
    return total / n / alike if alike > 0.0 else 1.0


@kernel
def column_mean(values):
    """Mean of a column, added in the order of its rows."""
    total = 0.0
    for value in values:
        total = total + value
    return total / len(values)
