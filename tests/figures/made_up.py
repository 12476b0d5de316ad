"""Results nobody simulated, to be drawn."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import xarray as xr

from gutexo.analysis.ablations import ABLATIONS, AblatedEffect, list_followed_effects
from gutexo.analysis.effects import Effect
from gutexo.analysis.estimates import Estimate
from gutexo.analysis.evaluated_sets import EvaluatedSets
from gutexo.analysis.sample_size import LaboratoryTest, SampleSize, compute_sample_size
from gutexo.analysis.scorecard import Score, score_measured
from gutexo.analysis.sensitivity import (
    SENSITIVITY_QUESTIONS,
    Sensitivity,
    SensitivityPlan,
    make_sensitivity_space,
    measure_sensitivity,
)
from gutexo.analysis.sweeps import SweepPoint
from gutexo.analysis.verification_checks import VerificationCheck, VerificationCurve, check_bound
from gutexo.catalogue.patterns import patterns
from gutexo.catalogue.signals import NICHES
from gutexo.scene.picture import CARGO_CLASSES, Picture, PictureCells, PictureExosomes
from gutexo.scene.signals import NEIGHBOURS, CargoFlow, OrganSignals, ReceivedSignal

ARMS = {
    "young + vehicle": 1.0,
    "young + young exosomes": 1.01,
    "young + old exosomes": 1.4,
    "old + vehicle": 1.8,
    "old + old exosomes": 1.82,
    "old + young exosomes": 1.5,
}
UNITS = {
    "FITC-dextran": "ug/mL",
    "TER": "ohm cm2",
    "plasma TNF": "pg/mL",
    "plasma IL-6": "pg/mL",
    "plasma LPS": "EU/mL",
    "HOMA-IR": "1",
    "fasting insulin": "uU/mL",
    "GTT AUC": "mg/dL min",
    "liver insulin sensitivity": "1",
    "muscle insulin sensitivity": "1",
    "total burden": "1",
    "junction integrity": "1",
    "macrophage activation": "1",
    "luminal insulin-resistance cargo": "units of cargo",
}
COMPARISONS = [
    ["young + old exosomes", "young + vehicle"],
    ["young + young exosomes", "young + vehicle"],
    ["young + old exosomes", "young + young exosomes"],
    ["old + young exosomes", "old + vehicle"],
    ["old + vehicle", "young + vehicle"],
]


def result(mice: int = 4, days: int = 29, arms: dict[str, float] | None = None) -> xr.Dataset:
    """A made-up study: each arm drifts from its recipient's level to its own within a week."""
    arms = ARMS if arms is None else arms
    draws = np.random.default_rng(5)
    time = np.arange(days, dtype=float)
    start = np.array([1.8 if arm.startswith("old") else 1.0 for arm in arms])[:, None, None]
    end = np.array(list(arms.values()))[:, None, None]
    course = start + (end - start) * (1 - np.exp(-time / 7))
    values = {}
    for order, (name, unit) in enumerate(UNITS.items()):
        animal = np.exp(draws.normal(0, 0.1, (1, mice, 1)))
        noise = np.exp(draws.normal(0, 0.01, (len(arms), mice, days)))
        level = 10.0 ** (order % 5 - 1)  # tick labels of very different lengths
        attributes = {"units": unit, "long_name": name}
        values[name] = (
            ("scenario", "replicate", "time"),
            level * animal * course * noise,
            attributes,
        )
    return xr.Dataset(
        values,
        coords={"scenario": list(arms), "replicate": np.arange(mice), "time": time},
        attrs={
            "dose_days": json.dumps([float(day) for day in range(28)]),
            "comparisons": json.dumps(COMPARISONS),
        },
    )


def box(facts: int = 4) -> xr.DataArray:
    values = np.random.default_rng(2).integers(0, 2, (facts, 4, 5, 3, 8)).astype(float)
    values[0, 0] = np.nan
    return xr.DataArray(
        values,
        dims=("fact", "dose", "duration", "every", "draw"),
        coords={
            "fact": [f"young + old exosomes: sign {i}" for i in range(facts)],
            "dose": [0.1, 1.0, 3.0, 10.0],
            "duration": [3, 7, 14, 28, 56],
        },
    )


def with_deaths(data: xr.Dataset) -> xr.Dataset:
    for name in data.data_vars:
        data[name].values[-1, 1, data.sizes["time"] // 2 :] = np.nan
    return data


def card() -> list[Score]:
    """A score of every pattern, inside, at the edges and far outside of its window."""
    places = (0.5, 0.0, 1.3, 40.0, -40.0)
    scores = []
    for number, row in enumerate(patterns()):
        low, high = row.window
        value = low + places[number % 5] * (high - low)
        scores.append(score_measured(row, Estimate(value, 0.9 * value, 1.1 * value, 8)))
    return scores


def ablated_effects() -> list[AblatedEffect]:
    """Every ablation of every effect: stronger, lost, and with nothing left to compare."""
    levels = (1.4, 1.0, 0.55, math.nan)
    verdicts = (True, False, None, False)
    return [
        AblatedEffect(ablation.name, *where, levels[n % 4], 0.9, 1.1, verdicts[n % 4])
        for n, ablation in enumerate(ABLATIONS)
        for where in list_followed_effects()
    ]


def checks() -> tuple[list[VerificationCheck], list[VerificationCurve]]:
    """Departures that hold, fail, and lie far out; two curves."""
    found = [
        check_bound(f"twin FITC-dextran, young + young exosomes {n}", "w", value, 1.0, 0.2)
        for n, value in enumerate((0.1, -0.9, 1.4, 30.0))
    ]
    x = np.linspace(0.0, 120.0, 121)
    y = np.exp(-x / 40)
    long = "FITC-dextran: young mice with old exosomes, against the mean-field model"
    curves = [
        VerificationCurve(name, x, y, y, "minutes", "share of the dose in plasma")
        for name in ("a", long)
    ]
    factors = np.array([0.125, 0.25, 0.5, 1.0, 2.0])
    gap = 0.004 / factors
    axes = ("packets and cells against the default (ratio)", "gap of the logs (dimensionless)")
    return found, [*curves, VerificationCurve("gap", factors, gap, gap, *axes, logarithmic=True)]


def needs(draws: int = 5) -> list[SampleSize]:
    """A readout that needs few, many, too many animals, and one that has no logarithm."""
    random = np.random.default_rng(3)
    found = []
    for name, shift in zip(list(UNITS)[:4], (0.5, -0.1, 0.001, math.nan), strict=True):
        logs = [random.normal(0, 0.2, (2, 8)) + [[shift], [0]] for _ in range(draws)]
        found.append(
            compute_sample_size(
                logs,
                LaboratoryTest(),
                readout=name,
                unit=UNITS[name],
                arm=COMPARISONS[0][0],
                comparator=COMPARISONS[0][1],
                day=28.0,
            )
        )
    return found


@cache
def sensed() -> Sensitivity:
    """Every parameter moves some answer of a model of powers; two of them together, all."""
    space = make_sensitivity_space()
    random = np.random.default_rng(4)
    powers = random.normal(0, 1, (len(space.names), len(SENSITIVITY_QUESTIONS)))
    powers *= random.random(powers.shape) < 0.2
    defaults = {one.name: one.entry.value or 1.0 for one in space.dimensions}

    def powers_of(changes: Mapping[str, Any]) -> dict[str, float]:
        logs = [math.log(max(1e-3, changes.get(n, v)) / v) for n, v in defaults.items()]
        total = np.array(logs) @ powers + logs[0] * logs[1]
        total[3] = 0.0  # an answer that never moves
        return dict(zip(SENSITIVITY_QUESTIONS, np.exp(total), strict=True))

    def mice(changes: Mapping[str, Any]) -> dict[str, float]:
        return {name: 1.1 * value**1.2 for name, value in powers_of(changes).items()}

    plan = SensitivityPlan(trajectories=3, points=16, checked=4, runs=1)
    return measure_sensitivity(
        space,
        plan,
        EvaluatedSets(powers_of, "a", space.names, SENSITIVITY_QUESTIONS),
        [EvaluatedSets(mice, "b", space.names, SENSITIVITY_QUESTIONS)],
    )


def calibrated(name: str) -> list:
    """A made-up calibration: narrow and wide posteriors, ranks that fail, answers far outside."""
    from gutexo.analysis.calibration import targets
    from gutexo.analysis.calibration.feasible_point import SEARCHED
    from gutexo.analysis.calibration.importance_sampling import WeightedSets
    from gutexo.analysis.calibration.marginals import summarise_marginals
    from gutexo.analysis.calibration.predictive_check import summarise_predictive
    from gutexo.analysis.parameter_space import make_parameter_space

    free = make_parameter_space(SEARCHED[:25])
    ways, random = len(free.names), np.random.default_rng(3)
    ranked = [_ranked(one, skewed=n == 3) for n, one in enumerate(free.names)]
    if name == "calibration_ranks":
        return ranked
    if name == "calibration_posterior":
        points = random.standard_normal((400, ways))
        points[:, :6] *= 0.2
        sample = WeightedSets(points, np.zeros(400), np.full(400, 1 / 400))
        return summarise_marginals(free, sample, ranked)
    ends = targets.windows()
    middle = {
        row: 0.5 * (low + (high if math.isfinite(high) else 2.0 * low + 1.0))
        for row, (low, high) in ends.items()
    }
    middle |= dict.fromkeys(list(ends)[:2], 40.0)  # far outside
    return [
        row
        for model, spread in (("prior", 0.8), ("posterior", 0.1))
        for row in summarise_predictive(
            model,
            np.array(
                [
                    targets.measure_rows(
                        {one: x * math.exp(random.normal(0, spread)) for one, x in middle.items()}
                    )
                    for _ in range(40)
                ]
            ),
            np.full(40, 1 / 40),
        )
    ]


def _ranked(parameter: str, skewed: bool, truths: int = 100) -> Any:
    """Ranks of truths of one parameter: evenly spread, or all of them too low."""
    from gutexo.analysis.calibration.rank_check import RankCheck, ecdf_band, ecdf_places

    ranks = (np.arange(truths) + 0.5) / truths
    ranks = ranks**2 if skewed else ranks
    ecdf = (ranks[:, None] <= ecdf_places()).mean(axis=0)
    low, high = ecdf_band(truths)
    beyond = float(np.maximum(np.maximum(low - ecdf, ecdf - high), 0.0).max())
    return RankCheck(parameter, truths, 50.0, beyond == 0.0, beyond, tuple(map(float, ranks)))


PAIRS = (
    ("young + old exosomes", "young + vehicle"),
    ("young + old exosomes", "young + young exosomes"),
    ("old + young exosomes", "old + vehicle"),
    ("old + vehicle", "young + vehicle"),
)


def seen(day: float = 7.5, segments: int = 16) -> Picture:
    """A gut with every class of cargo, in every place, given and not; some of it bare."""
    random = np.random.default_rng(int(10 * day))
    n, cells = 60, 40
    classes = np.arange(n) % len(CARGO_CLASSES)
    places = np.arange(n) % 6
    return Picture(
        day=day,
        age=90.0 + day,
        regions=(("duodenum", 0.1), ("jejunum", 0.5), ("ileum", 0.75), ("colon", 1.0)),
        junction=random.uniform(0.8, 0.9, segments),
        bare=np.where(np.arange(segments) == 3, 0.4, 0.0),
        mucus=random.uniform(0.8, 1.2, segments),
        lps=np.ones(segments),
        cells=PictureCells(
            np.arange(cells) % 5, random.random(cells), random.random(cells),
            np.where(random.random(cells) < 0.3, np.arange(cells) % 4 + 1, 0).astype(np.int8),
        ),
        exosomes=PictureExosomes(
            np.arange(n), random.random(n), places.astype(np.int8), classes.astype(np.int8),
            np.arange(n) % 3 == 0, np.arange(n),
        ),
        shown_share=0.25,
    )  # fmt: skip


def talk(harm: float = 1.0) -> OrganSignals:
    """A mouse in which everybody hears everything, harm so many times as loud."""
    signals = {
        "epithelium": ("TNF",),
        "macrophages": ("LPS",),
        **{organ: ("TNF", "LPS", NEIGHBOURS) for organ in ("liver", "muscle", "adipose tissue")},
        NICHES: ("TNF", "LPS", NEIGHBOURS),
        "pancreas": ("fasting glucose",),
    }
    received = [
        ReceivedSignal(who, s, "", harm, "1", "") for who, all_ in signals.items() for s in all_
    ]
    flows = [
        CargoFlow(who, axis, 4321.0 * (harm if axis < 3 else 1 / harm**4))
        for who in list(signals)[:5]  # those that take cargo up
        for axis in range(4)
    ]
    return OrganSignals(90.0 * harm, tuple(received), tuple(flows), 8.0 * harm)


def dosed(mice: int = 3) -> xr.Dataset:
    """Two directions, three doses, two schedules, and their vehicles."""
    arms = {"young + vehicle": 1.0, "old + vehicle": 1.8}
    for who, level in (("young + old exosomes", 1.0), ("old + young exosomes", 1.8)):
        for dose, how in product((0.1, 1, 10), ("every 1 d, gavage", "every 7 d, intravenous")):
            step = 0.1 * math.log(1 + dose) * (1 if how.endswith("gavage") else 0.2)
            arms[f"{who}, {dose:g} {how}"] = level * (1 + (step if level == 1.0 else -step))
    return result(mice, days=5, arms=arms)


def swept() -> list[SweepPoint]:
    """Three parameters, four comparisons; one point has no pair."""
    grid = product((5.0, 20.0, 80.0, 150.0), (5.0, 20.0), (0.00123456, 12.0))
    found = []
    for place, (leak, half, clearance) in enumerate(grid):
        values = {
            "barrier.leak": leak,
            "immune.lps_half": half,
            "exosome.clearance_half_life": clearance,
        }
        for number, (arm, comparator) in enumerate(PAIRS):
            for readout in ("FITC-dextran", "plasma TNF", "HOMA-IR"):
                ratio = math.nan if place == 3 else math.exp(0.04 * (place - 4) - 0.1 * number)
                one = Effect(
                    readout, "1", arm, comparator, 28.0, 2.0, 1.0, 1.0, 0.9, 1.1,
                    ratio, 0.95 * ratio, 1.05 * ratio, 8,
                )  # fmt: skip
                found.append(SweepPoint(values, one))
    return found
