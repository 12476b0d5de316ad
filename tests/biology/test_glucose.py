"""Glucose and insulin against Topp's published steady states, and what the assays must show."""

from __future__ import annotations

import numpy as np
import pytest

from gutexo.biology.glucose import (
    advance_beta,
    beta_growth,
    fasting_levels,
    peripheral_sensitivity,
    production,
    secretion,
    uptake,
)
from gutexo.body.assays import glycaemia as assays
from gutexo.catalogue.values.glucose import GlucoseParameters

MASS = 300.0
GROUP = GlucoseParameters()
G = assays.glucose_rates(GROUP)
TOPP = G._replace(suppression=0.0)
STATES = (
    assays.GLUCOSE,
    assays.GUT,
    assays.PRODUCED,
    assays.USED,
    assays.INFUSED,
    assays.FIRST_PASS_TAKEN,
)


def topp_slopes(state: np.ndarray, sensitivity: float) -> np.ndarray:
    """Topp's three equations as printed, in days: an oracle that shares no code with the rules."""
    glucose, insulin, mass = state
    square = glucose**2
    return np.array(
        [
            864.0 - (1.44 + sensitivity * insulin) * glucose,
            mass * 43.2 * square / (20000.0 + square) - 432.0 * insulin,
            (-0.06 + 0.84e-3 * glucose - 0.24e-5 * square) * mass,
        ]
    )


def topp_course(state: list[float], sensitivity: float, days: float) -> np.ndarray:
    step = 0.002
    now = np.array(state)
    for _ in range(round(days / step)):
        first = topp_slopes(now, sensitivity)
        second = topp_slopes(now + 0.5 * step * first, sensitivity)
        third = topp_slopes(now + 0.5 * step * second, sensitivity)
        fourth = topp_slopes(now + step * third, sensitivity)
        now = now + step / 6.0 * (first + 2.0 * second + 2.0 * third + fourth)
    return now


def homa(rates: assays.GlucoseRates, liver: float, muscle: float, adipose: float) -> float:
    return assays.homa(
        *fasting_levels(rates, MASS, liver, peripheral_sensitivity(rates, muscle, adipose))
    )


@pytest.mark.parametrize(
    ("mass", "glucose", "insulin"), [(300.0, 100.0, 10.0), (36.96, 250.0, 2.8), (0.0, 600.0, 0.0)]
)
def test_the_three_steady_states_of_topp(mass: float, glucose: float, insulin: float) -> None:
    found = fasting_levels(TOPP, mass, 1.0, 1.0)
    assert found[0] == pytest.approx(glucose, rel=1e-4)
    assert found[1] == pytest.approx(insulin, rel=1e-4, abs=1e-9)
    if mass > 0.0:
        assert beta_growth(TOPP, found[0]) == pytest.approx(0.0, abs=1e-5)


@pytest.mark.parametrize(
    ("share", "glucose", "insulin", "index"),
    [
        (1.0, 100.0, 10.0, 2.47),
        (0.8, 109.3, 11.22, 3.03),
        (0.6, 123.0, 12.92, 3.92),
        (0.5, 132.9, 14.06, 4.61),
        (0.4, 146.3, 15.51, 5.60),
    ],
)
def test_reduced_sensitivity_at_fixed_mass(share, glucose, insulin, index) -> None:
    found = fasting_levels(TOPP, MASS, 1.0, share)
    assert found == pytest.approx((glucose, insulin), rel=2e-3)
    assert assays.homa(*found) == pytest.approx(index, rel=3e-3)


@pytest.mark.parametrize(("share", "mass"), [(0.8, 375.0), (0.5, 600.0), (0.4, 750.0)])
def test_a_compensated_mass_brings_glucose_back(share: float, mass: float) -> None:
    assert fasting_levels(TOPP, mass, 1.0, share)[0] == pytest.approx(100.0, rel=1e-6)


def test_suppression_and_turnover_leave_the_healthy_steady_state() -> None:
    for change in ({}, {"turnover": 1.0}, {"turnover": 20.0}, {"hepatic_suppression": 4.0}):
        rates = assays.glucose_rates(GROUP.model_copy(update=change))
        assert fasting_levels(rates, MASS, 1.0, 1.0) == pytest.approx((100.0, 10.0), rel=1e-9)


def test_without_suppression_the_liver_is_topps_constant() -> None:
    for acting in (0.0, 3.0, 10.0, 40.0):
        assert production(TOPP, 0.3, acting, 100.0) == TOPP.production


def test_daily_steps_follow_topps_three_equations() -> None:
    """Fast levels solved, mass stepped by days, against the whole system integrated."""
    mass = MASS
    for _ in range(30):
        glucose, _ = fasting_levels(TOPP, mass, 1.0, 0.5)
        mass = advance_beta(TOPP, mass, glucose, 1.0, 1.0)
    glucose, insulin = fasting_levels(TOPP, mass, 1.0, 0.5)
    oracle = topp_course([100.0, 10.0, MASS], 0.36, 30.0)
    assert (glucose, insulin, mass) == pytest.approx(tuple(oracle), rel=0.01)


def test_the_published_slow_drift_of_homa() -> None:
    """HOMA-IR 1.87 times at once, 1.90 at 14 d and 1.95 at 60 d where sensitivity is halved."""
    start = homa(TOPP, 1.0, 1.0, 1.0)
    mass = MASS
    ratios = []
    for _ in range(61):
        found = fasting_levels(TOPP, mass, 1.0, 0.5)
        ratios.append(assays.homa(*found) / start)
        mass = advance_beta(TOPP, mass, found[0], 1.0, 1.0)
    assert [ratios[0], ratios[14], ratios[60]] == pytest.approx([1.87, 1.90, 1.95], abs=0.01)


@pytest.mark.parametrize(("mass", "fate"), [(38.5, 300.0), (35.5, 0.0)])
def test_the_saddle_parts_recovery_from_decompensation(mass: float, fate: float) -> None:
    for _ in range(1500):
        mass = advance_beta(TOPP, mass, fasting_levels(TOPP, mass, 1.0, 1.0)[0], 1.0, 1.0)
    assert mass == pytest.approx(fate, rel=0.01, abs=0.5)


def test_a_lost_mass_keeps_a_trace() -> None:
    """Exact: many short steps give what one long step gives, and it rests where gain is loss."""
    rates = G._replace(beta_neogenesis=0.5)
    steps = MASS
    for _ in range(1000):
        steps = advance_beta(rates, steps, 400.0, 2.0, 0.03)
    assert advance_beta(rates, MASS, 400.0, 2.0, 30.0) == pytest.approx(steps, rel=1e-9)
    assert advance_beta(rates, 1e-300, 400.0, 2.0, 3000.0) == pytest.approx(
        0.5 / -beta_growth(rates, 400.0)
    )
    at_rest = rates._replace(beta_gain=0.0, beta_toxicity=0.0, beta_death=0.0)
    assert advance_beta(at_rest, MASS, 100.0, 2.0, 3.0) == pytest.approx(MASS + 3.0)


def test_moved_roots_move_both_steady_levels() -> None:
    moved = G._replace(beta_root=25.0)
    assert beta_growth(moved, 125.0) == pytest.approx(0.0, abs=1e-12)
    assert beta_growth(moved, 275.0) == pytest.approx(0.0, abs=1e-12)
    assert beta_growth(moved, 130.0) > 0.0 > beta_growth(moved, 120.0)
    assert advance_beta(G, MASS, 160.0, 0.0, 30.0) == MASS


@pytest.mark.parametrize("liver", [0.0, 0.3, 1.0, 2.0])
@pytest.mark.parametrize("periphery", [0.0, 0.3, 1.0, 2.0])
@pytest.mark.parametrize("mass", [0.0, 40.0, 300.0, 2000.0])
def test_the_fasting_state_balances(mass: float, liver: float, periphery: float) -> None:
    glucose, insulin = fasting_levels(G, mass, liver, periphery)
    acting = assays.fasted_state(G, mass, liver, periphery)[assays.ACTION]
    made = production(G, liver, acting, glucose)
    assert made == pytest.approx(uptake(G, periphery, acting, glucose), rel=1e-9)
    cleared = G.insulin_clearance * insulin
    assert secretion(G, mass, glucose) == pytest.approx(cleared, rel=1e-12)


def test_homa_rises_with_resistance() -> None:
    ratio = homa(G, 0.6, 0.6, 0.6) / homa(G, 1.0, 1.0, 1.0)
    assert 1.6 < ratio < 2.2


def test_a_young_mouse_gives_the_numbers_of_a_mouse() -> None:
    healthy = (G, MASS, 1.0, 1.0, 1.0)
    course = assays.tolerance_states(*healthy[:4], assays.STEP_MINUTES)[:, assays.GLUCOSE]
    assert 250.0 < course.max() < 400.0
    assert 10 <= course.argmax() <= 30
    assert course[-1] == pytest.approx(100.0, abs=15.0)
    curve, _ = assays.insulin_tolerance(*healthy)
    assert 30.0 < curve.min() < 60.0
    assert curve[-1] > curve.min()
    assert 15.0 < assays.clamp(*healthy) < 35.0


def test_tolerance_tests_and_clamp_grade_resistance() -> None:
    shares = (1.5, 1.0, 0.8, 0.6, 0.4)
    glucose = [assays.glucose_tolerance(G, MASS, s, s, s)[1] for s in shares]
    insulin = [assays.insulin_tolerance(G, MASS, s, s, s)[1] for s in shares]
    infused = [assays.clamp(G, MASS, s, s, s) for s in shares]
    assert all(a < b for a, b in zip(glucose, glucose[1:], strict=False))
    assert all(a < b for a, b in zip(insulin, insulin[1:], strict=False))
    assert all(a > b for a, b in zip(infused, infused[1:], strict=False))


@pytest.mark.parametrize("organ", [0, 1, 2])
def test_resistance_of_any_one_organ_shows_in_every_assay(organ: int) -> None:
    sick = [1.0, 1.0, 1.0]
    sick[organ] = 0.5
    well = (1.0, 1.0, 1.0)
    assert homa(G, *sick) > 1.05 * homa(G, *well)
    for assay in (assays.glucose_tolerance, assays.insulin_tolerance):
        assert assay(G, MASS, *sick)[1] > 1.02 * assay(G, MASS, *well)[1]
    assert assays.clamp(G, MASS, *sick) < 0.98 * assays.clamp(G, MASS, *well)


def test_homa_and_clamp_can_disagree() -> None:
    """HOMA-IR calls the resistant liver worse, the clamp the resistant muscle."""
    liver, muscle = (0.4, 1.0, 1.0), (1.0, 0.5, 1.0)
    assert homa(G, *liver) > 1.05 * homa(G, *muscle)
    assert assays.clamp(G, MASS, *liver) > 1.2 * assays.clamp(G, MASS, *muscle)


def test_the_clamp_does_not_depend_on_beta_cells_but_homa_does() -> None:
    assert assays.clamp(G, 450.0, 1.0, 1.0, 1.0) == pytest.approx(
        assays.clamp(G, MASS, 1.0, 1.0, 1.0), rel=1e-3
    )
    few = assays.homa(*fasting_levels(G, 200.0, 1.0, 1.0))
    assert abs(few / homa(G, 1.0, 1.0, 1.0) - 1.0) > 0.05


@pytest.mark.parametrize("share", [1.5, 1.0, 0.6])
def test_the_clamp_reaches_the_plateau_that_the_equations_demand(share: float) -> None:
    course = assays.clamp_states(G, MASS, share, share, assays.STEP_MINUTES)
    assert course[assays.CLAMP_READ_START :, assays.GLUCOSE] == pytest.approx(100.0, abs=0.2)
    acting = course[-1, assays.ACTION]
    needed = uptake(G, share, acting, 100.0) - production(G, share, acting, 100.0)
    found = assays.clamp(G, MASS, share, share, share)
    assert found == pytest.approx(G.volume * needed, rel=2e-3)


@pytest.mark.parametrize(
    "course", [assays.tolerance_states, assays.insulin_states, assays.clamp_states]
)
@pytest.mark.parametrize("share", [1.5, 1.0, 0.5])
def test_half_the_step_changes_nothing(course, share: float) -> None:
    whole = course(G, MASS, share, share, assays.STEP_MINUTES)
    half = course(G, MASS, share, share, 0.5 * assays.STEP_MINUTES)
    assert whole[:, assays.GLUCOSE] == pytest.approx(half[:, assays.GLUCOSE], rel=1e-3)
    infused = whole[-1, assays.INFUSED]
    assert infused == pytest.approx(half[-1, assays.INFUSED], rel=1e-3)


@pytest.mark.parametrize(
    "course", [assays.tolerance_states, assays.insulin_states, assays.clamp_states]
)
def test_no_glucose_is_lost(course) -> None:
    """Given and produced glucose is what was used, taken by the liver, left in gut and blood."""
    states = course(G, MASS, 0.7, 0.6, assays.STEP_MINUTES)
    first, last = states[0], states[-1]
    glucose, gut, made, used, infused, taken = (last[k] - first[k] for k in STATES)
    assert made + infused == pytest.approx(glucose + gut + used + taken, abs=1e-8)
    assert used > 0.0 and made > 0.0


def test_a_steady_state_stays_where_nothing_is_given() -> None:
    start = assays.fasted_state(G, MASS, 0.7, 0.8)
    states = assays.integrate(G, MASS, 0.7, 0.8, False, start, 120, assays.STEP_MINUTES)
    assert states[:, assays.GLUCOSE] == pytest.approx(start[assays.GLUCOSE], rel=1e-9)


def test_reported_area_is_the_trapezoid_of_the_reported_curve() -> None:
    curve, area = assays.glucose_tolerance(G, MASS, 0.8, 0.7, 0.9)
    minutes = np.array([0.0, 15.0, 30.0, 60.0, 90.0, 120.0])
    assert area == pytest.approx(np.trapezoid(curve - curve[0], minutes))
    curve, area = assays.insulin_tolerance(G, MASS, 0.8, 0.7, 0.9)
    assert area == pytest.approx(np.trapezoid(curve, np.arange(0.0, 61.0, 15.0)))
