"""The mean field of the second mechanism: the law, its shape at extremes, steps, stability."""

import ast
import math
from pathlib import Path

import numpy as np
import pytest

import gutexo
from gutexo.analysis.scorecard.oracles import integrate_burden_law
from gutexo.catalogue import Parameters
from gutexo.catalogue.phenotypes import phenotype
from gutexo.errors import GutexoError
from gutexo.mean_field.second import NUMBERS, SecondMeanFieldMouse, second_numbers
from gutexo.mean_field.second.burden_paths import summarise_paths, total_burden_paths
from gutexo.mean_field.second.layout import (
    ALIVE,
    DISRUPTING,
    FOLLOWED,
    HAZARD,
    INDUCED,
    LICENCE,
    MATURED,
    ORGAN_INDUCED,
    RIPE,
    SENESCENT,
)
from gutexo.mean_field.second.noise import driving_noise
from gutexo.mean_field.second.senescence import advance_site
from gutexo.mean_field.second.stability import check_stability, find_rest_points
from gutexo.mean_field.second.wall import mean_protective_load

PACKAGE = Path(gutexo.__file__).parent / "mean_field" / "second"
COARSE = Parameters().change({"resolution.segments": 16})
LAW = {
    "senescence.production_part": 1.0,
    "senescence.male_production_part": 1.0,
    "senescence.induction_gut": 0.0,
    "senescence.induction_organs": 0.0,
}
LATE = 5.0  # days at single ticks before a reading


def grown(age, step=12.0, **mouse):
    one = SecondMeanFieldMouse(mouse.pop("parameters", COARSE), **mouse)
    return one.live(age - LATE - one.age, step=step).live(LATE)


def quiet(**mouse):
    return SecondMeanFieldMouse(COARSE, noise=False, **mouse)


def apart(one, other, without=()):
    gaps = {k: abs(one[k] / other[k] - 1.0) for k in one if other[k] != 0.0 and k not in without}
    worst = max(gaps, key=gaps.get)
    return gaps[worst], worst


@pytest.fixture(scope="module")
def young():
    return grown(90, seed=3)


@pytest.fixture(scope="module")
def old():
    return grown(730, seed=8)


def test_it_imports_nothing_of_the_mouse():
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                assert not node.module.startswith(("gutexo.biology", "gutexo.body")), path
        assert len(path.read_text(encoding="utf-8").splitlines()) < 400, path


def test_numbers_have_literal_names_and_are_checked():
    assert second_numbers({"senescence.induction_gut": 0.01})["senescence.induction_gut"] == 0.01
    with pytest.raises(GutexoError, match="did you mean"):
        second_numbers({"senescence.induction_gutt": 0.01})
    with pytest.raises(GutexoError, match="0 or more"):
        second_numbers({"senescence.induction_gut": -1.0})
    with pytest.raises(GutexoError, match="no sex"):
        SecondMeanFieldMouse(sex="femal")


# -- the burden ------------------------------------------------------------------------------------


@pytest.mark.parametrize("sex", ["female", "male"])
def test_without_induction_the_burden_follows_the_law(sex):
    p = Parameters().change(phenotype(f"C57BL/6 {sex}"))
    male = sex == "male"
    several = [
        summarise_paths(total_burden_paths(p, LAW, paths=400, days=740, male=male, seed=k))
        for k in range(4)
    ]
    found = {name: np.mean([one[name] for one in several]) for name in several[0]}
    young, old = integrate_burden_law(p, 4000, 7, np.array([90, 730]))
    assert found["3 months"] == pytest.approx(young, rel=0.05)
    assert found["24 months"] == pytest.approx(old, rel=0.05)


@pytest.mark.gate
def test_a_mouse_and_a_path_without_induction_are_one_law():
    z = driving_noise(3, 24 * 120)
    mouse = SecondMeanFieldMouse(COARSE, LAW, normals=z).live(69, step=12)
    assert mouse.measure()["induced share of gut"] == 0.0
    b, s = 0.0, COARSE.senescence
    for i in range(24 * 90):
        age = i if i < 24 * 21 else i + 1
        r = s.removal / (s.half_saturation + b) / 24.0
        b = abs(b + s.production / 576.0 * age - r * b + math.sqrt(2 * s.noise / 24.0) * z[i])
    assert mouse.measure()["total burden"] == pytest.approx(b, rel=1e-9)


def test_noise_of_a_seed_does_not_depend_on_its_length():
    assert np.array_equal(driving_noise(4, 100), driving_noise(4, 12_000)[:100])
    assert not np.array_equal(driving_noise(4, 100), driving_noise(5, 100))


def test_induced_sites_reach_their_steady_state_at_their_rate():
    mouse = quiet()
    p = mouse._row[0]
    tau = mouse.numbers["senescence_maturation"]
    z, a, r, c = 0.004, 0.1, 0.08, mouse.numbers["whole"]
    goal = (1 - a) * (z / c) / (z / c + r)
    v = m = 0.0
    for _ in range(24 * 400):
        v, m = advance_site(p, v, m, z, a, r, 1 / 24)
    assert v == pytest.approx(goal, rel=1e-9)
    assert m == pytest.approx(goal / (1 + tau * r), rel=1e-6)
    later, _ = advance_site(p, 0.0, 0.0, z, a, r, 5.0)
    assert later == pytest.approx(goal * (1 - math.exp(-(z / c + r) * 5.0)), rel=1e-12)
    freed, silent = advance_site(p, 0.2, 0.2, 0.0, a, r, 3.0)
    assert freed == pytest.approx(0.2 * math.exp(-3 * r), rel=1e-12) and silent <= freed


def test_clearance_silences_within_the_same_tick(old):
    mouse = old.copy()
    before = mouse.measure()
    mouse.clear_senescent(0.7).live(1 / 24)
    after = mouse.measure()
    assert after["own barrier cargo"] - 1 < 0.35 * (before["own barrier cargo"] - 1)


@pytest.mark.parametrize(("share", "licence"), [(0.02, 0.2), (0.1, 0.3), (0.25, 0.9)])
def test_protective_load_is_the_mean_over_the_counts_of_mature_sites(share, licence):
    mouse = quiet()
    n = mouse.numbers
    mouse.wall[LICENCE] = licence
    mouse.wall[SENESCENT] = share * n["whole"] / n["mature_reference"]
    rng = np.random.default_rng(1)
    counts = rng.binomial(32, share, (400_000, 3)) / 32 @ np.array([0.25, 0.5, 0.25])
    scale = n["cargo_protective_by_senescence"] * licence * n["whole"] / n["mature_reference"]
    exact = float(np.mean(1 / (1 + scale * counts)))
    assert mean_protective_load(mouse._row[0], mouse.wall, 5) == pytest.approx(exact, rel=0.004)


# -- shape -----------------------------------------------------------------------------------------


def check_shares(mouse):
    a = mouse.body[FOLLOWED] / mouse.numbers["whole"]
    for v in (mouse.wall[INDUCED], mouse.organs[ORGAN_INDUCED]):
        assert (v >= 0).all() and (1 - a - v >= 0).all()
    assert (mouse.wall[RIPE] >= 0).all() and (mouse.wall[RIPE] <= mouse.wall[INDUCED] + 1e-15).all()
    assert mouse.body[MATURED] >= 0


def test_shares_stay_shares(young, old):
    for mouse in (young, old):
        check_shares(mouse)
    fierce = {"senescence.induction_gut": 5.0, "senescence.induction_organs": 5.0}
    mouse = SecondMeanFieldMouse(COARSE, fierce, seed=3)
    for _ in range(40):
        mouse.live(1.0, step=12.0)
        check_shares(mouse)
    assert not mouse.alive and mouse.age < 61
    assert all(math.isnan(x) for x in mouse.measure().values())


@pytest.mark.parametrize("times", [0.0, 0.1, 10.0])
def test_a_mouse_is_finite_at_extremes_without_induction(times):
    frozen = {"senescence.induction_gut": 0.0, "senescence.induction_organs": 0.0}
    kept = ("senescence.", "epithelium.injury", "barrier.repair", "microbiota.", "barrier.loss")
    far = {k: v * times for k, v in NUMBERS.items() if not k.startswith(kept) and "half" not in k}
    mouse = SecondMeanFieldMouse(COARSE, {**far, **frozen}, seed=8).live(709, step=12).live(1)
    assert mouse.body[ALIVE] > 0
    found = mouse.measure()
    assert all(math.isfinite(v) for k, v in found.items() if k != "HOMA-IR")
    assert 0 <= mouse.wall[0].min() and mouse.wall[0].max() <= 1


@pytest.mark.parametrize("rate", ["microbiota.density", "tnf.secretion", "exosome.release"])
def test_lives_without_a_link_are_finite(rate, old):
    mouse = grown(730, seed=8, factors={rate: 0.0})
    found = mouse.measure()
    assert all(
        math.isfinite(v) for k, v in found.items() if k not in ("HOMA-IR", "own barrier cargo")
    )
    assert found["FITC-dextran"] < old.measure()["FITC-dextran"]
    if rate == "microbiota.density":
        assert found["plasma LPS"] == 0.0
        assert found["gut licence"] == pytest.approx(NUMBERS["senescence.basal_licence"])
    if rate == "exosome.release":
        assert found["held barrier cargo"] == 0.0


def test_sexes_differ_by_their_burden():
    male = SecondMeanFieldMouse(COARSE, sex="male", noise=False).live(69, step=12)
    female = quiet().live(69, step=12)
    assert male.numbers["whole"] > female.numbers["whole"]
    assert male.measure()["total burden"] != female.measure()["total burden"]


# -- steps and doses -------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [3, 8])
def test_half_a_long_step_changes_nothing_at_24_months(seed):
    gap, where = apart(grown(730, 12.0, seed=seed).measure(), grown(730, 6.0, seed=seed).measure())
    assert gap < 0.01, (gap, where)


def test_a_copy_is_a_twin(young):
    assert young.copy().live(3).measure() == young.copy().live(3).measure()


def test_long_steps_of_a_course_agree_with_travelling_packets(young, old):
    harvest = old.harvest()
    travelled = young.copy().course(harvest).measure()
    stepped = young.copy().course(harvest, step=4.0).measure()
    lumen = [k for k in travelled if k.startswith(("luminal", "held"))]
    gap, where = apart(stepped, travelled, without=lumen)
    assert gap < 0.012, (gap, where)


def test_a_donor_equivalent_a_day_raises_what_is_held():
    """By .59 of what a healthy gut holds in the sketch: in means over a day, a steady stream."""
    mouse = quiet().live(69, step=4)
    harvest = mouse.harvest()
    given = mouse.copy().course(harvest, 20)
    held = []
    for hour in range(24):
        if hour == 0:
            given.give(harvest)
        given.live(1 / 24)
        given._sense()
        held.append(given.wall[DISRUPTING].mean())
    without = mouse.copy().live(20)
    without._sense()
    rise = np.mean(held) / without.wall[DISRUPTING].mean() - 1.0
    assert 0.5 < rise < 0.7, rise


def test_doses_are_refused_where_they_make_no_sense(young):
    mouse = young.copy()
    with pytest.raises(GutexoError, match="route"):
        mouse.give(mouse.harvest(), route="oral")
    with pytest.raises(GutexoError, match="equivalents"):
        mouse.give(mouse.harvest(), -1.0)
    with pytest.raises(GutexoError, match="step"):
        mouse.live(1.0, step=5.0)


def test_old_exosomes_harm_and_induce(young, old):
    vehicle, given = young.copy().course(None, step=4.0), young.copy().course(old.harvest(), step=4)
    one, other = given.measure(), vehicle.measure()
    for name in ("FITC-dextran", "plasma TNF", "HOMA-IR", "gut senescent share"):
        assert one[name] > other[name]
    assert given.wall[HAZARD].mean() > vehicle.wall[HAZARD].mean()


# -- stability -------------------------------------------------------------------------------------


def test_the_default_mouse_returns_from_a_high_burden():
    assert check_stability(parameters=COARSE) < 0.35


@pytest.mark.gate
@pytest.mark.parametrize("days", [90, 365, 730])
def test_there_is_one_rest_point_below_death_up_to_24_months(days):
    found = find_rest_points(days, parameters=COARSE)
    assert len(found["stable"]) == 1 and found["stable"][0] < 0.35 and not found["unstable"]


@pytest.mark.gate
def test_finer_segments_say_the_same_of_old_age():
    fine = Parameters()
    ratios = []
    for p in (COARSE, fine):
        a, b = (grown(age, seed=8, parameters=p).measure() for age in (90, 730))
        ratios.append({k: b[k] / a[k] for k in ("FITC-dextran", "plasma TNF", "HOMA-IR")})
    gap, where = apart(*ratios)
    assert gap < 0.02, (gap, where, ratios)
