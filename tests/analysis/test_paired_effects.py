"""Effects against numbers worked out by hand, and the t quantile against printed tables."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from gutexo.analysis.effects import (
    Effect,
    estimate_effect,
    estimate_effects,
    find_recorded_day,
)
from gutexo.analysis.intervals import mean_interval, student_quantile
from gutexo.analysis.tables import columns_of
from gutexo.errors import GutexoError

ARM, CONTROL = "young + old exosomes", "young + vehicle"


def result(treated: list[float], control: list[float]) -> xr.Dataset:
    """Two arms whose last day holds the given values; day 0 is the control in both."""
    last = np.array([treated, control], dtype=float)
    first = np.array([control, control], dtype=float)
    return xr.Dataset(
        {
            "HOMA-IR": (
                ("scenario", "replicate", "time"),
                np.stack([first, last], axis=2),
                {"units": "1", "long_name": "HOMA-IR"},
            )
        },
        coords={
            "scenario": [ARM, CONTROL],
            "replicate": np.arange(len(control)),
            "time": [0.0, 28.0],
        },
    )


@pytest.mark.parametrize(
    ("freedom", "printed"),
    # Two-sided 95 % points of Student's t, as printed in every table of it.
    [(1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (7, 2.365), (10, 2.228), (30, 2.042)],
)
def test_quantile_agrees_with_printed_tables(freedom: int, printed: float) -> None:
    assert student_quantile(freedom) == pytest.approx(printed, abs=5e-4)


def test_quantile_tends_to_the_normal_one() -> None:
    assert student_quantile(100_000) == pytest.approx(1.959964, abs=1e-4)
    assert student_quantile(5, 0.99) == pytest.approx(4.032, abs=5e-4)


@given(st.floats(0.01, 0.999))
def test_quantiles_of_one_and_two_degrees_of_freedom_have_a_formula(level: float) -> None:
    assert student_quantile(1, level) == pytest.approx(math.tan(0.5 * math.pi * level), rel=1e-9)
    known = level * math.sqrt(2.0 / (1.0 - level**2))
    assert student_quantile(2, level) == pytest.approx(known, rel=1e-9)


def test_an_interval_does_not_load_the_slow_part_of_scipy() -> None:
    code = (
        "import sys; from gutexo.analysis.effects import estimate_effects;"
        "from gutexo.analysis.intervals import student_quantile as t; print(t(1), *sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    number, *loaded = done.stdout.split()
    assert float(number) == pytest.approx(12.7062, abs=1e-4)
    assert "scipy.special" in loaded and "scipy.stats" not in loaded


def test_columns_are_those_of_the_file() -> None:
    assert ",".join(columns_of(Effect)) == (
        "readout,unit,arm,comparator,day,mean_arm,mean_comparator,difference,low,high,"
        "ratio,ratio_low,ratio_high,replicates"
    )


def test_effect_by_hand() -> None:
    # Differences 1, 2, 3: mean 2, standard deviation 1, t(2) 4.302653, so 2 +- 2.484138.
    found = estimate_effect(result([2, 4, 6], [1, 2, 3]), "HOMA-IR", ARM, CONTROL)
    assert (found.mean_arm, found.mean_comparator, found.difference) == (4, 2, 2)
    assert found.low == pytest.approx(2 - 2.484138, abs=1e-5)
    assert found.high == pytest.approx(2 + 2.484138, abs=1e-5)
    # Every pair doubles, so the ratio is known without any spread.
    assert found.ratio == pytest.approx(2)
    assert found.ratio_low == pytest.approx(2)
    assert found.ratio_high == pytest.approx(2)
    assert (found.day, found.unit, found.replicates) == (28, "1", 3)


def test_ratio_is_the_geometric_mean_of_the_pairs() -> None:
    found = estimate_effect(result([2, 8], [1, 1]), "HOMA-IR", ARM, CONTROL)
    assert found.ratio == pytest.approx(4)
    # Log ratios ln 2 and ln 8: standard error ln 2, t(1) 12.7062.
    assert math.log(found.ratio_high / found.ratio) == pytest.approx(
        12.7062 * math.log(2), rel=1e-5
    )
    assert found.ratio_low * found.ratio_high == pytest.approx(found.ratio**2)


def test_no_effect_is_exactly_none() -> None:
    found = estimate_effect(result([1, 2, 3], [1, 2, 3]), "HOMA-IR", ARM, CONTROL)
    assert (found.difference, found.low, found.high, found.ratio) == (0, 0, 0, 1)


def test_a_dead_mouse_takes_its_pair_with_it() -> None:
    whole = estimate_effect(result([2, 4, 6], [1, 2, 3]), "HOMA-IR", ARM, CONTROL)
    for treated, control in (
        ([2, 4, 6, math.nan], [1, 2, 3, 900.0]),
        ([2, 4, 6, 900.0], [1, 2, 3, math.nan]),
    ):
        assert estimate_effect(result(treated, control), "HOMA-IR", ARM, CONTROL) == whole


def test_one_pair_has_no_interval() -> None:
    found = estimate_effect(result([3.0], [2.0]), "HOMA-IR", ARM, CONTROL)
    assert (found.difference, found.replicates) == (1.0, 1)
    assert found.ratio == pytest.approx(1.5)
    assert all(map(math.isnan, (found.low, found.high, found.ratio_low, found.ratio_high)))


def test_no_pair_has_no_value() -> None:
    found = estimate_effect(result([math.nan], [2.0]), "HOMA-IR", ARM, CONTROL)
    assert found.replicates == 0
    assert math.isnan(found.mean_arm) and math.isnan(found.difference) and math.isnan(found.ratio)


def test_a_value_of_zero_has_a_difference_but_no_ratio() -> None:
    found = estimate_effect(result([0.0, 2.0], [1.0, 1.0]), "HOMA-IR", ARM, CONTROL)
    assert found.difference == 0
    assert math.isnan(found.ratio) and math.isnan(found.ratio_low)


@given(
    st.lists(st.tuples(st.floats(0.1, 50), st.floats(0.1, 50)), min_size=2, max_size=12),
)
def test_exchange_of_the_arms_turns_the_effect_round(pairs: list[tuple[float, float]]) -> None:
    data = result([a for a, _ in pairs], [b for _, b in pairs])
    forward = estimate_effect(data, "HOMA-IR", ARM, CONTROL)
    back = estimate_effect(data, "HOMA-IR", CONTROL, ARM)
    assert forward.difference == pytest.approx(-back.difference, abs=1e-9)
    assert forward.low == pytest.approx(-back.high, abs=1e-9)
    assert math.log(forward.ratio) == pytest.approx(-math.log(back.ratio), abs=1e-9)
    assert forward.low <= forward.difference <= forward.high
    assert forward.ratio_low <= forward.ratio * (1 + 1e-12)


def test_coverage_of_the_interval() -> None:
    # 2,000 samples of 8: the share that covers the truth has a standard error of 0.5 %.
    draws = np.random.default_rng(3).normal(1.0, 2.0, (2000, 8))
    covered = [low <= 1.0 <= high for _, low, high in map(mean_interval, draws)]
    assert abs(np.mean(covered) - 0.95) / np.sqrt(0.95 * 0.05 / 2000) < 4


def test_day_is_chosen_and_never_interpolated() -> None:
    data = result([2, 4], [1, 2])
    assert find_recorded_day(data) == (1, 28.0)
    assert estimate_effect(data, "HOMA-IR", ARM, CONTROL, day=0).ratio == pytest.approx(1)
    with pytest.raises(GutexoError, match="day 20 was not recorded; the nearest day is 28"):
        estimate_effect(data, "HOMA-IR", ARM, CONTROL, day=20)
    with pytest.raises(GutexoError, match="finite"):
        find_recorded_day(data, math.nan)


def test_every_readout_and_comparison_has_a_row() -> None:
    data = result([2, 4], [1, 2])
    data["TER"] = data["HOMA-IR"] * 10
    data["along the gut"] = (("scenario", "segment"), np.zeros((2, 3)))
    found = estimate_effects(data, [[ARM, CONTROL], (CONTROL, ARM)])
    assert [(e.readout, e.arm) for e in found] == [
        ("HOMA-IR", ARM),
        ("HOMA-IR", CONTROL),
        ("TER", ARM),
        ("TER", CONTROL),
    ]


def test_mistakes_get_one_line_with_the_nearest_name() -> None:
    data = result([2, 4], [1, 2])
    with pytest.raises(GutexoError, match="no readout 'HOMA'.*'HOMA-IR'"):
        estimate_effect(data, "HOMA", ARM, CONTROL)
    with pytest.raises(GutexoError, match="no arm 'young'"):
        estimate_effect(data, "HOMA-IR", "young", CONTROL)
    with pytest.raises(GutexoError, match="pair"):
        estimate_effects(data, [(ARM, CONTROL, CONTROL)])  # type: ignore[list-item]
    with pytest.raises(GutexoError, match="infinite"):
        estimate_effect(result([math.inf, 2], [1, 2]), "HOMA-IR", ARM, CONTROL)
    with pytest.raises(GutexoError, match="level"):
        student_quantile(3, 1.5)
    with pytest.raises(GutexoError, match="freedom"):
        student_quantile(0)
