"""Mice against the mean-field twin: the same effects, and gaps that fall as 1 / N.

The twin is written from docs/ODD.md alone and shares no rule with the mice, so a gap that does not
fall with the number of packets and cells is a mistake of one of the three. Noise of senescence and
random effects are off. Effects are compared in lives that run in fast motion, so that mice of 150
days are as old as others at 24 months; convergence in mice whose burden stands still, so that
levels can be averaged over days.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray

from gutexo.analysis.effects import trajectories_of
from gutexo.analysis.twin import Twin
from gutexo.analysis.verification import Check, Curve, check
from gutexo.catalogue import Parameters
from gutexo.cohort.compare import run_study
from gutexo.protocol.exosomal import GiveExosomes, Vehicle
from gutexo.protocol.life import Donors, Life
from gutexo.protocol.study import Scenario, Study
from gutexo.protocol.treatments import Factors

FAST_LIFE = {
    "animal.variation": 0.0,
    "senescence.noise": 0.0,
    "senescence.production": 1.75e-4,
}
"""No luck, and a burden that matures to that of an old mouse at 150 days."""
YOUNG, OLD, COURSE = 90.0, 150.0, 28
COUNTED = ("enterocytes", "macrophages", "hepatocytes", "myocytes", "adipocytes", "packets")
AGED = ("FITC-dextran", "TER", "plasma TNF", "HOMA-IR")
# Arm, comparator and readouts of the effects that are compared.
EFFECTS = (
    ("young + old exosomes", "young + vehicle", AGED),
    ("young + young exosomes", "young + vehicle", ("FITC-dextran", "HOMA-IR")),
    ("old + young exosomes", "old + vehicle", ("plasma TNF", "HOMA-IR")),
    ("old + old exosomes", "old + vehicle", ("HOMA-IR",)),
)
DRAWN = ("FITC-dextran", "plasma TNF", "HOMA-IR")
GAP = 0.02
STILL = {"senescence.production": 0.0, "senescence.removal": 0.0}
STILL_AT = {"senescence.production": 3.4e-4}
"""A burden that grows to half of an old mouse's in 76 days and then stands still."""
CONVERGING = ("FITC-dextran", "TER", "plasma TNF", "plasma LPS", "macrophage activation", "HOMA-IR")
FACTORS = {0.125: 16.0, 0.25: 8.0, 0.5: 4.0, 1.0: 2.0, 2.0: 1.0}
"""Sizes, and mice of each against those asked for: as much computing for each size."""
DAYS, LATE = 60, 40  # days of a mouse, and those at their end over which a level is averaged
SLOPE = 0.2
VISIBLE = 4.0  # standard errors a bias must rise above noise to have a slope


def _life(age: float, changes: dict[str, Any]) -> Life:
    return Life(age=age, changes={**changes, **FAST_LIFE})


def six_arms(changes: dict[str, Any]) -> Study:
    """Young and old mice in fast motion, with vehicle, young and old exosomes."""
    young, old = _life(YOUNG, changes), _life(OLD, changes)
    given = {
        "vehicle": Vehicle(repeats=COURSE),
        "young exosomes": GiveExosomes(source=Donors(life=young), repeats=COURSE),
        "old exosomes": GiveExosomes(source=Donors(life=old), repeats=COURSE),
    }
    arms = tuple(
        Scenario(name=f"{age} + {what}", life=life, interventions=(dose,), duration=float(COURSE))
        for age, life in (("young", young), ("old", old))
        for what, dose in given.items()
    )
    return Study(name="fast motion", arms=arms)


def twin_arms(changes: dict[str, Any]) -> dict[str, list[dict[str, float]]]:
    """The same arms in means: readings of every day, by arm."""
    parameters = Parameters().change({**changes, **FAST_LIFE})
    young = Twin(parameters)
    old = young.copy().live(OLD - YOUNG)
    harvests = {"vehicle": None, "young exosomes": young.harvest(), "old exosomes": old.harvest()}
    found = {}
    for age, mouse in (("young", young), ("old", old)):
        for what, harvest in harvests.items():
            treated = mouse.copy()
            readings = [treated.measure()]
            for _ in range(COURSE):
                readings.append(treated.course(harvest, 1).measure())
            found[f"{age} + {what}"] = readings
    return found


def _mean(values: np.ndarray) -> tuple[float, float]:
    return float(values.mean()), float(values.std(ddof=1) / math.sqrt(len(values)))


def agreement(
    replicates: int, workers: int, changes: dict[str, Any]
) -> tuple[list[Check], list[Curve]]:
    """Effects of exosomes and of age, in mice less in their twin, and three courses drawn.

    Args:
        replicates: Mice an arm.
        workers: Processes.
        changes: Parameters that differ from the defaults, resolution among them.
    """
    data = run_study(six_arms(changes), replicates=replicates, seed=1, workers=workers).data
    twin = twin_arms(changes)
    found = []
    for arm, comparator, names in EFFECTS:
        for readout in names:
            logs = _logs(data, readout, arm) - _logs(data, readout, comparator)
            known = math.log(twin[arm][-1][readout] / twin[comparator][-1][readout])
            value, error = _mean(logs[:, -1] - known)
            what = (
                f"{readout}, {arm} / {comparator} on day {COURSE}: log effect of {replicates} mice"
                f" ({known + value:+.3f}) less that of the mean-field twin ({known:+.3f})"
            )
            found.append(check(f"twin {readout}, {arm}", what, value, GAP, error))
    for readout in AGED:
        logs = _logs(data, readout, "old + vehicle") - _logs(data, readout, "young + vehicle")
        known = math.log(twin["old + vehicle"][-1][readout] / twin["young + vehicle"][-1][readout])
        value, error = _mean(logs[:, -1] - known)
        what = (
            f"{readout}, old / young: log ratio of {replicates} mice ({known + value:+.3f}) less"
            f" that of the twin ({known:+.3f})"
        )
        found.append(check(f"twin {readout}, old / young", what, value, GAP, error))
    days = np.arange(COURSE + 1.0)
    curves = []
    for readout in DRAWN:
        arm = "young + old exosomes"
        line = np.array([day[readout] for day in twin[arm]])
        mice = np.exp(_logs(data, readout, arm).mean(axis=0))
        name = f"{readout}: young mice with old exosomes, on their mean-field twin"
        curves.append(Curve(name, days, mice, line, "days of dosing", _unit(data, readout)))
    return found, curves


def _logs(data: xarray.Dataset, readout: str, arm: str) -> np.ndarray:
    return np.log(trajectories_of(data, readout, arm))


def _unit(data: xarray.Dataset, readout: str) -> str:
    unit = str(data[readout].attrs.get("units", "1"))
    return f"{readout} ({'dimensionless' if unit == '1' else unit.replace('ug', 'µg')})"


def resized(factor: float, changes: dict[str, Any]) -> dict[str, Any]:
    """Changes to a mouse with a multiple of the packets and cells, and as many segments.

    Numbers go no lower than the catalogue allows.
    """
    found = dict(changes)
    for entry in Parameters().change(changes).entries("resolution"):
        if entry.name.removeprefix("resolution.") in COUNTED:
            found[entry.name] = max(int(entry.low), round(factor * entry.value))
    return found


def late_gaps(mice: int, workers: int, changes: dict[str, Any]) -> dict[str, tuple[float, float]]:
    """Levels of mice less their twin's, log, mean over the last days, with its error.

    Args:
        mice: How many.
        workers: Processes.
        changes: Parameters that differ from the defaults, resolution among them.

    Returns:
        Mean gap and its standard error by readout.
    """
    changes = {**changes, **FAST_LIFE, **STILL_AT}
    life = Life(age=YOUNG, changes=changes, interventions=(Factors(factors=STILL),))
    arm = Scenario(name="still", life=life, duration=float(DAYS))
    study = Study(name="convergence", arms=(arm,))
    data = run_study(study, replicates=mice, seed=3, workers=workers).data
    twin = Twin(Parameters().change(changes), factors=STILL).live(DAYS - LATE)
    known = [twin.measure()]
    for _ in range(LATE):
        known.append(twin.live(1.0).measure())
    found = {}
    for readout in CONVERGING:
        line = np.log([day[readout] for day in known])
        late = _logs(data, readout, "still")[:, -LATE - 1 :]
        found[readout] = _mean((late - line).mean(axis=1))
    return found


@dataclass(frozen=True)
class Law:
    """A gap that falls with the size N of a mouse: remainder + bias x N^slope.

    Attributes:
        remainder: Gap of a mouse without end, log.
        bias: What the size of the default mouse adds, log.
        slope: Power of N, -1 for the noise of small numbers.
        remainder_error: Standard error of the remainder.
        slope_error: Standard error of the slope.
    """

    remainder: float
    bias: float
    slope: float
    remainder_error: float
    slope_error: float


def fitted(factors: np.ndarray, gaps: np.ndarray, errors: np.ndarray) -> Law | None:
    """Weighted least squares of remainder, bias and slope together.

    Args:
        factors: Sizes against the default, float64[n], n > 3.
        gaps: Gaps, log, float64[n].
        errors: Their standard errors, float64[n].

    Returns:
        The law; None where the bias does not rise above the noise, so that it has no slope.
    """
    weights = 1.0 / errors

    def linear(slope: float) -> tuple[np.ndarray, np.ndarray, float]:
        design = np.stack([np.ones_like(factors), factors**slope], axis=1) * weights[:, None]
        found, *_ = np.linalg.lstsq(design, gaps * weights, rcond=None)
        return design, found, float(((design @ found - gaps * weights) ** 2).sum())

    design, found, _ = linear(-1.0)
    if abs(found[1]) < VISIBLE * math.sqrt(np.linalg.inv(design.T @ design)[1, 1]):
        return None
    grid = np.linspace(-3.0, -0.2, 561)
    misfit = np.array([linear(slope)[2] for slope in grid])
    best = float(grid[misfit.argmin()])
    design, found, _ = linear(best)
    change = found[1] * factors**best * np.log(factors) * weights
    full = np.column_stack([design, change])
    covariance = np.linalg.pinv(full.T @ full)
    spread = np.sqrt(np.diag(covariance))
    return Law(float(found[0]), float(found[1]), best, float(spread[0]), float(spread[2]))


def convergence(
    mice: int,
    workers: int,
    changes: dict[str, Any],
    say: Callable[[str], None] = lambda line: None,
) -> tuple[list[Check], list[Curve]]:
    """The gap between mice and twin falls as 1 / N with packets and cells, or has none to fall.

    A readout whose bias does not rise above noise, or whose slope is known less well than its
    bound, is told and not checked.

    Args:
        mice: Mice of the largest size; others in proportion (`FACTORS`).
        workers: Processes.
        changes: Parameters that differ from the defaults, resolution among them.
        say: Called with a line for people.
    """
    gaps = {
        factor: late_gaps(max(3, round(share * mice)), workers, resized(factor, changes))
        for factor, share in FACTORS.items()
    }
    factors = np.array(list(FACTORS))
    checks, curves = [], []
    for readout in CONVERGING:
        values = np.array([gaps[factor][readout][0] for factor in FACTORS])
        errors = np.array([gaps[factor][readout][1] for factor in FACTORS])
        told = ", ".join(
            f"x{f:g} {v:+.4f} +- {e:.4f}" for f, v, e in zip(factors, values, errors, strict=True)
        )
        law = fitted(factors, values, errors)
        if law is None:
            say(f"{readout}: no bias of small numbers rises above the noise ({told})")
            continue
        if law.slope_error > SLOPE:
            say(f"{readout}: slope {law.slope:.2f} +- {law.slope_error:.2f}, too few mice ({told})")
            continue
        say(f"{readout}: remainder {law.remainder:+.4f}, slope {law.slope:.2f} ({told})")
        what = (
            f"{readout}: slope of log |gap - remainder| on log N is {law.slope:.2f}, less -1;"
            f" gap of default mice {law.remainder + law.bias:+.4f}, remainder"
            f" {law.remainder:+.4f} +- {law.remainder_error:.4f}"
        )
        name = f"twin slope {readout}"
        checks.append(check(name, what, law.slope + 1.0, SLOPE, law.slope_error))
        if readout in ("FITC-dextran", "plasma TNF"):
            curves.append(
                Curve(
                    f"{readout}: gap between mice and twin, less its remainder",
                    factors,
                    np.abs(values - law.remainder),
                    abs(law.bias) / factors,
                    "packets and cells against the default (ratio)",
                    "gap of the logs (dimensionless)",
                    logarithmic=True,
                )
            )
    return checks, curves
