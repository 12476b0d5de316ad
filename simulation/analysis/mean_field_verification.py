"""Mice against the mean-field model: the same effects, and gaps that fall as 1 / N.

The mean-field model is written from docs/ODD.md alone and shares no rule with the mice, so a gap
that does not fall with the number of packets and cells is a mistake in one of the three. Noise of
senescence and random effects are off. Effects are compared in mice that age faster, so that the
burden at 150 days is that of others at 24 months; convergence is measured in mice without
senescence, whose levels can be averaged over days.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray

from gutexo.analysis.effects import trajectories_of
from gutexo.analysis.verification_checks import VerificationCheck, VerificationCurve, check_bound
from gutexo.catalogue import Parameters
from gutexo.catalogue.organs import ORGANS
from gutexo.cohort.study_run import run_study
from gutexo.mean_field import MeanFieldMouse
from gutexo.protocol.exosome_treatments import GiveExosomes, Vehicle
from gutexo.protocol.life import Donors, Life
from gutexo.protocol.study import Scenario, Study

FAST_LIFE = {
    "animal.variation": 0.0,
    "senescence.noise": 0.0,
    "senescence.production": 1.75e-4,
}
"""No random variation, and a burden that reaches that of an old mouse at 150 days."""
YOUNG, OLD, COURSE = 90.0, 150.0, 28
RESIZED_NUMBERS = (
    *("enterocytes", "macrophages", "packets"),
    *(f"{organ.cell}s" for organ in ORGANS),
)
AGEING_READOUTS = ("FITC-dextran", "TER", "plasma TNF", "HOMA-IR")
# Arm, comparator and readouts of the effects that are compared.
EFFECTS = (
    ("young + old exosomes", "young + vehicle", AGEING_READOUTS),
    ("young + young exosomes", "young + vehicle", ("FITC-dextran", "HOMA-IR")),
    ("old + young exosomes", "old + vehicle", ("plasma TNF", "HOMA-IR")),
    ("old + old exosomes", "old + vehicle", ("HOMA-IR",)),
)
PLOTTED = ("FITC-dextran", "plasma TNF", "HOMA-IR")
GAP_BOUND = 0.02
NO_SENESCENCE = {"senescence.production": 1e-7}
"""Hardly a site turns senescent: which ones do is drawn once for a life, a noise that days do not
average, and that hides the bias of small numbers."""
CONVERGENCE_READOUTS = (
    "FITC-dextran",
    "TER",
    "plasma TNF",
    "plasma LPS",
    "macrophage activation",
    "HOMA-IR",
)
RELATIVE_SIZES = {0.125: 16.0, 0.25: 8.0, 0.5: 4.0, 1.0: 2.0, 2.0: 1.0}
"""Number of mice of each size, as a multiple of the requested number: each size costs the same."""
DAYS, AVERAGED_DAYS = (
    60,
    40,
)  # days of a mouse, and those at their end over which a level is averaged
SLOPE_BOUND = 0.2
LEAST_BIAS_ERRORS = 4.0  # standard errors a bias must rise above noise to have a slope


def _fast_life(age: float, changes: dict[str, Any]) -> Life:
    return Life(age=age, changes={**changes, **FAST_LIFE})


def fast_life_study(changes: dict[str, Any]) -> Study:
    """Build a study of faster-ageing young and old mice with vehicle, young and old exosomes."""
    young, old = _fast_life(YOUNG, changes), _fast_life(OLD, changes)
    doses = {
        "vehicle": Vehicle(repeats=COURSE),
        "young exosomes": GiveExosomes(source=Donors(life=young), repeats=COURSE),
        "old exosomes": GiveExosomes(source=Donors(life=old), repeats=COURSE),
    }
    arms = tuple(
        Scenario(name=f"{age} + {what}", life=life, interventions=(dose,), duration=float(COURSE))
        for age, life in (("young", young), ("old", old))
        for what, dose in doses.items()
    )
    return Study(name="fast motion", arms=arms)


def run_mean_field_arms(changes: dict[str, Any]) -> dict[str, list[dict[str, float]]]:
    """Run the same arms in the mean-field model.

    Returns:
        Values of every day, by arm.
    """
    parameters = Parameters().change({**changes, **FAST_LIFE})
    young = MeanFieldMouse(parameters)
    old = young.copy().live(OLD - YOUNG)
    preparations = {
        "vehicle": None,
        "young exosomes": young.harvest(),
        "old exosomes": old.harvest(),
    }
    found = {}
    for age, mouse in (("young", young), ("old", old)):
        for what, preparation in preparations.items():
            treated = mouse.copy()
            readings = [treated.measure()]
            for _ in range(COURSE):
                readings.append(treated.course(preparation, 1).measure())
            found[f"{age} + {what}"] = readings
    return found


def _mean_and_error(values: np.ndarray) -> tuple[float, float]:
    return float(values.mean()), float(values.std(ddof=1) / math.sqrt(len(values)))


def check_agreement(
    replicates: int, workers: int, changes: dict[str, Any]
) -> tuple[list[VerificationCheck], list[VerificationCurve]]:
    """Compare effects of exosomes and of age in mice with those in the mean-field model.

    Three courses are returned as curves.

    Args:
        replicates: Mice per arm.
        workers: Processes.
        changes: Parameters that differ from the defaults, resolution among them.
    """
    data = run_study(fast_life_study(changes), replicates=replicates, seed=1, workers=workers).data
    mean_field = run_mean_field_arms(changes)
    found = []
    for arm, comparator, names in EFFECTS:
        for readout in names:
            logs = _log_trajectories(data, readout, arm) - _log_trajectories(
                data, readout, comparator
            )
            expected = math.log(mean_field[arm][-1][readout] / mean_field[comparator][-1][readout])
            value, error = _mean_and_error(logs[:, -1] - expected)
            what = (
                f"{readout}, {arm} / {comparator} on day {COURSE}: log effect of {replicates} mice"
                f" ({expected + value:+.3f}) less that of the mean-field model ({expected:+.3f})"
            )
            found.append(check_bound(f"twin {readout}, {arm}", what, value, GAP_BOUND, error))
    for readout in AGEING_READOUTS:
        logs = _log_trajectories(data, readout, "old + vehicle") - _log_trajectories(
            data, readout, "young + vehicle"
        )
        old, young = (mean_field[f"{age} + vehicle"][-1][readout] for age in ("old", "young"))
        expected = math.log(old / young)
        value, error = _mean_and_error(logs[:, -1] - expected)
        what = (
            f"{readout}, old / young: log ratio of {replicates} mice ({expected + value:+.3f}) less"
            f" that of the mean-field model ({expected:+.3f})"
        )
        found.append(check_bound(f"twin {readout}, old / young", what, value, GAP_BOUND, error))
    days = np.arange(COURSE + 1.0)
    curves = []
    for readout in PLOTTED:
        arm = "young + old exosomes"
        line = np.array([day[readout] for day in mean_field[arm]])
        mice = np.exp(_log_trajectories(data, readout, arm).mean(axis=0))
        name = f"{readout}: young mice with old exosomes, against the mean-field model"
        curves.append(
            VerificationCurve(name, days, mice, line, "days of dosing", _axis_label(data, readout))
        )
    return found, curves


def _log_trajectories(data: xarray.Dataset, readout: str, arm: str) -> np.ndarray:
    return np.log(trajectories_of(data, readout, arm))


def _axis_label(data: xarray.Dataset, readout: str) -> str:
    unit = str(data[readout].attrs.get("units", "1"))
    return f"{readout} ({'dimensionless' if unit == '1' else unit.replace('ug', 'µg')})"


def resize_mouse(factor: float, changes: dict[str, Any]) -> dict[str, Any]:
    """Make the changes for a mouse with a multiple of the packets and cells and the same segments.

    No number is below what the catalogue allows.
    """
    found = dict(changes)
    for entry in Parameters().change(changes).entries("resolution"):
        if entry.name.removeprefix("resolution.") in RESIZED_NUMBERS:
            found[entry.name] = max(int(entry.low), round(factor * entry.value))
    return found


def convergence_study(changes: dict[str, Any]) -> Study:
    """Build a study of untreated young mice without senescence.

    Args:
        changes: Parameters that differ from the defaults, resolution among them.
    """
    life = Life(age=YOUNG, changes={**changes, **FAST_LIFE, **NO_SENESCENCE})
    arm = Scenario(name="young", life=life, duration=float(DAYS))
    return Study(name="convergence", arms=(arm,))


def count_of_size(mice: int, share: float) -> int:
    """Count the mice of a size, which cost as much as those of the largest.

    Args:
        mice: Mice of the largest size.
        share: Multiple of them, see `RELATIVE_SIZES`.
    """
    return max(3, round(share * mice))


def list_convergence_studies(mice: int, changes: dict[str, Any]) -> list[tuple[Study, int]]:
    """List the studies of `check_convergence`, one per size, each with its mice.

    Args:
        mice: Mice of the largest size.
        changes: Parameters that differ from the defaults, resolution among them.
    """
    return [
        (convergence_study(resize_mouse(factor, changes)), count_of_size(mice, share))
        for factor, share in RELATIVE_SIZES.items()
    ]


def measure_late_gaps(
    mice: int, workers: int, changes: dict[str, Any]
) -> dict[str, tuple[float, float]]:
    """Measure log levels of mice minus those of the mean-field model, averaged over the last days.

    Args:
        mice: Number of mice.
        workers: Processes.
        changes: Parameters that differ from the defaults, resolution among them.

    Returns:
        Mean gap and its standard error by readout.
    """
    study = convergence_study(changes)
    data = run_study(study, replicates=mice, seed=3, workers=workers).data
    parameters = study.arms[0].life.parameters()
    mean_field = MeanFieldMouse(parameters).live(DAYS - AVERAGED_DAYS)
    readings = [mean_field.measure()]
    for _ in range(AVERAGED_DAYS):
        readings.append(mean_field.live(1.0).measure())
    found = {}
    for readout in CONVERGENCE_READOUTS:
        line = np.log([day[readout] for day in readings])
        late = _log_trajectories(data, readout, "young")[:, -AVERAGED_DAYS - 1 :]
        found[readout] = _mean_and_error((late - line).mean(axis=1))
    return found


@dataclass(frozen=True)
class ConvergenceFit:
    """A gap that falls with the size N of a mouse: remainder + bias x N^slope.

    Attributes:
        remainder: Gap of an infinitely large mouse, log.
        bias: Gap that the size of the default mouse adds, log.
        slope: Power of N, -1 for the noise of small numbers.
        remainder_error: Standard error of the remainder.
        slope_error: Standard error of the slope.
    """

    remainder: float
    bias: float
    slope: float
    remainder_error: float
    slope_error: float


def fit_convergence(
    factors: np.ndarray, gaps: np.ndarray, errors: np.ndarray
) -> ConvergenceFit | None:
    """Fit remainder, bias and slope together by weighted least squares.

    Args:
        factors: Sizes relative to the default, float64[n], n > 3.
        gaps: Gaps, log, float64[n].
        errors: Their standard errors, float64[n].

    Returns:
        The fit; None where the bias is not above the noise, so that it has no slope.
    """
    weights = 1.0 / errors

    def linear(slope: float) -> tuple[np.ndarray, np.ndarray, float]:
        design = np.stack([np.ones_like(factors), factors**slope], axis=1) * weights[:, None]
        found, *_ = np.linalg.lstsq(design, gaps * weights, rcond=None)
        return design, found, float(((design @ found - gaps * weights) ** 2).sum())

    design, found, _ = linear(-1.0)
    if abs(found[1]) < LEAST_BIAS_ERRORS * math.sqrt(np.linalg.inv(design.T @ design)[1, 1]):
        return None
    # A grid: SciPy's curve_fit would move saved slopes by up to half a step, and finds no
    # covariance of some gaps of few mice.
    grid = np.linspace(-3.0, -0.2, 561)
    misfit = np.array([linear(slope)[2] for slope in grid])
    best = float(grid[misfit.argmin()])
    design, found, _ = linear(best)
    change = found[1] * factors**best * np.log(factors) * weights
    full = np.column_stack([design, change])
    covariance = np.linalg.pinv(full.T @ full)
    spread = np.sqrt(np.diag(covariance))
    return ConvergenceFit(
        float(found[0]), float(found[1]), best, float(spread[0]), float(spread[2])
    )


def check_convergence(
    mice: int,
    workers: int,
    changes: dict[str, Any],
    report: Callable[[str], None] = lambda line: None,
) -> tuple[list[VerificationCheck], list[VerificationCurve]]:
    """Check that the gap between mice and mean-field model falls as 1 / N with packets and cells.

    A readout whose bias is not above the noise, or whose slope is known less precisely than its
    bound, is reported and not checked.

    Args:
        mice: Mice of the largest size; others in proportion (`RELATIVE_SIZES`).
        workers: Processes.
        changes: Parameters that differ from the defaults, resolution among them.
        report: Called with a line of text for the user.
    """
    gaps = {
        factor: measure_late_gaps(
            count_of_size(mice, share), workers, resize_mouse(factor, changes)
        )
        for factor, share in RELATIVE_SIZES.items()
    }
    factors = np.array(list(RELATIVE_SIZES))
    checks, curves = [], []
    for readout in CONVERGENCE_READOUTS:
        values = np.array([gaps[factor][readout][0] for factor in RELATIVE_SIZES])
        errors = np.array([gaps[factor][readout][1] for factor in RELATIVE_SIZES])
        measured = ", ".join(
            f"x{f:g} {v:+.4f} +- {e:.4f}" for f, v, e in zip(factors, values, errors, strict=True)
        )
        law = fit_convergence(factors, values, errors)
        if law is None:
            report(f"{readout}: no bias of small numbers rises above the noise ({measured})")
            continue
        if law.slope_error > SLOPE_BOUND:
            report(
                f"{readout}: slope {law.slope:.2f} +- {law.slope_error:.2f}, too few mice"
                f" ({measured})"
            )
            continue
        report(f"{readout}: remainder {law.remainder:+.4f}, slope {law.slope:.2f} ({measured})")
        what = (
            f"{readout}: slope of log |gap - remainder| on log N is {law.slope:.2f}, less -1;"
            f" gap of default mice {law.remainder + law.bias:+.4f}, remainder"
            f" {law.remainder:+.4f} +- {law.remainder_error:.4f}"
        )
        name = f"twin slope {readout}"
        checks.append(check_bound(name, what, law.slope + 1.0, SLOPE_BOUND, law.slope_error))
        if readout in ("FITC-dextran", "plasma TNF"):
            curves.append(
                VerificationCurve(
                    f"{readout}: gap between mice and mean-field model, less its remainder",
                    factors,
                    np.abs(values - law.remainder),
                    abs(law.bias) / factors,
                    "packets and cells against the default (ratio)",
                    "gap of the logs (dimensionless)",
                    logarithmic=True,
                )
            )
    return checks, curves
