"""The mean-field model: known limits, its own accuracy, and that it copies no rule."""

import ast
import math
import warnings
from pathlib import Path

import numpy as np
import pytest

import gutexo
from gutexo.analysis.mean_field_outcomes import evaluate_mean_field
from gutexo.analysis.outcomes import CULTURE_HOURS, QUESTIONS
from gutexo.catalogue import Parameters
from gutexo.catalogue.rates import RATE_NAMES
from gutexo.errors import GutexoError
from gutexo.mean_field import Harvest, MeanFieldMouse, grow_old
from gutexo.mean_field.array_layout import (
    ACTIVATION,
    CAPACITY,
    DISRUPTING,
    FAST,
    ORGAN_RIPE,
    ORGAN_SECRETION,
    ORGANS_SECRETION,
    SENSED,
    SLOW,
    SUPPORT,
)
from gutexo.mean_field.burden_paths import LAW
from gutexo.mean_field.coefficients import FACTORS, compute_coefficients, young_levels
from gutexo.mean_field.luminal_grid import cargo_age_weights, luminal_grid
from gutexo.mean_field.noise import driving_noise
from gutexo.mean_field.wall import threshold_response

PACKAGE = Path(gutexo.__file__).parent / "mean_field"
QUIET = {"animal.variation": 0.0, "senescence.noise": 0.0}


def parameters(**changes):
    return Parameters().change({**QUIET, **{k.replace("__", "."): v for k, v in changes.items()}})


@pytest.fixture(scope="module")
def young():
    return MeanFieldMouse(parameters())


def apart(one, other):
    """Largest relative gap between two readings, and where."""
    gaps = {k: abs(one[k] / other[k] - 1.0) for k in one if other[k] != 0.0}
    worst = max(gaps, key=gaps.get)
    return gaps[worst], worst


# -- independence -------------------------------------------------------------------------------


def test_the_mean_field_model_imports_nothing_of_the_mouse():
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path.name}: a relative import"
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            for name in names:
                assert not name.startswith(("gutexo.body", "gutexo.biology")), path.name
                assert name != "importlib", path.name


def test_the_mean_field_model_knows_every_named_rate():
    """A weak signal that only one of the two has would pass every comparison of numbers."""
    assert sorted(FACTORS) == sorted(RATE_NAMES)


# -- known limits -------------------------------------------------------------------------------


def test_the_lumen_of_a_healthy_mouse_is_that_of_the_closed_form():
    """Without mucus by pathobionts, damage and the step at the valve, packets are as in 7.2."""
    same = {"exosome.colon_mucus_entry": 0.12, "epithelium.injury": 0.0}
    same |= {"microbiota.mucus_by_pathobionts": 0.0}
    mouse = MeanFieldMouse(Parameters().change({**QUIET, **same}))
    x = mouse.parameters.exosome
    k = x.mucus_entry * x.epithelial_entry / (x.mucus_return + x.epithelial_entry)
    release = young_levels(64, 10000)["release"]
    # Released evenly along segments: 48 of them are passed in 4 h, 16 in 8 h.
    lumen, start = 0.0, 0.0
    for t, share in ((4.0, 0.75), (8.0, 0.25)):
        rate = release * share / t
        steady = rate / k
        lumen += steady * t + (start - steady) * (1.0 - math.exp(-k * t)) / k
        start = steady + (start - steady) * math.exp(-k * t)
    assert mouse.measure()["luminal exosomes"] == pytest.approx(lumen, rel=2e-4)


def test_no_release_no_cargo():
    mouse = MeanFieldMouse(parameters(), factors={"exosome.release": 0.0})
    readings = mouse.measure()
    assert readings["luminal exosomes"] == 0.0 and readings["luminal protective cargo"] == 0.0
    assert mouse.wall[DISRUPTING].max() == 0.0 and mouse.organs[SUPPORT].max() == 0.0


def test_no_bacteria_no_lps():
    mouse = MeanFieldMouse(parameters(microbiota__density=0.0))
    assert mouse.measure()["plasma LPS"] == pytest.approx(0.0, abs=1e-12)
    # Macrophages that senescent cells alone make secrete IL-10 rest a little below their rest.
    assert mouse.measure()["macrophage activation"] < Parameters().immune.rest
    assert mouse.measure()["gut licence"] == pytest.approx(Parameters().senescence.basal_licence)


def test_junctions_alone_come_to_rest_between_repair_and_loss():
    """Two states by hand: without cargo J is repair / (repair + loss), whatever TNF and sites."""
    mouse = MeanFieldMouse(parameters(), factors={"exosome.release": 0.0}).live(60.0)
    b = mouse.parameters.barrier
    expected = b.repair / (b.repair + b.loss)
    assert mouse.measure()["junction integrity"] == pytest.approx(expected, rel=1e-9)


def test_capacity_halves_in_the_half_life_of_mitochondria():
    mouse = MeanFieldMouse(
        parameters(insulin__liver_mitochondria=5.0), factors={"exosome.release": 0.0}
    )
    mouse.organs[CAPACITY, 0] = 0.4
    mouse.live(5.0)
    assert mouse.organs[CAPACITY, 0] == pytest.approx(0.2, rel=1e-9)


def test_an_organ_hears_its_own_senescent_cells():
    """TNF hears the mean of all organs by their cells, the block of an organ only its own."""
    mouse = MeanFieldMouse(parameters(insulin__senescent_block=5.0))
    twin = mouse.copy()
    mouse.organs[ORGAN_RIPE, 1] = 0.1  # muscle
    for one in (mouse, twin):
        one._sense()
    grown = mouse.organs[ORGAN_SECRETION] - twin.organs[ORGAN_SECRETION]
    assert grown[1] > 0.0 and grown[0] == grown[2] == 0.0
    cells = mouse.parameters.resolution.myocytes / 928
    rise = mouse.body[ORGANS_SECRETION] - twin.body[ORGANS_SECRETION]
    assert rise == pytest.approx(cells * grown[1], rel=1e-12)
    for one in (mouse, twin):
        one.live(1 / 24)
    assert mouse.organs[FAST, 1] > 1.5 * twin.organs[FAST, 1]
    assert mouse.organs[FAST, 0] == twin.organs[FAST, 0]
    assert mouse.organs[SLOW, 2] == twin.organs[SLOW, 2]


def test_a_signal_that_is_not_cleared_rises_by_what_is_secreted():
    mouse = MeanFieldMouse(parameters())
    level = mouse.body[SENSED]
    mouse.change_factors({"tnf.clearance": 0.0}).live(2 / 24)
    assert mouse.body[SENSED] > 2.0 * level


def test_thresholds_are_averaged_exactly():
    for y in (0.1, 0.7, 1.0, 3.0):
        for spread in (0.2, 0.4, 0.95):
            t = 1.0 + spread * (2.0 * (np.arange(20000) + 0.5) / 20000 - 1.0)
            mean = float(np.mean(y**2 / (y**2 + t**2)))
            assert threshold_response(y, spread) == pytest.approx(mean, rel=1e-6)
    assert threshold_response(0.5, 0.0) == pytest.approx(0.2)


def test_what_a_niche_holds_at_rest_is_what_the_description_says():
    """About a third of uptake x decay time, by the formula of 7.4 and half a tick."""
    numbers = compute_coefficients(parameters(resolution__thinning=1), {})
    t, d = numbers["epithelium_transit"], numbers["cargo_decay_time"]
    known = d * (1.0 - d / t * (1.0 - math.exp(-t / d)))
    # Cargo of a tick arrives at its end and is sensed in the whole next one.
    assert cargo_age_weights(numbers).sum() == pytest.approx(known + 0.5, rel=1e-3)


def test_every_bit_of_the_gut_lies_in_one_cell():
    for changes in ({}, {"exosome.small_intestine_transit": 3.37}, {"resolution.segments": 9}):
        pairs, shape = luminal_grid(compute_coefficients(Parameters().change(changes), {}), 8)
        by_segment = np.bincount(pairs[1].astype(int), pairs[2])
        by_cell = np.bincount(pairs[0].astype(int), pairs[3])
        assert by_segment == pytest.approx(np.ones(len(by_segment)))
        assert by_cell == pytest.approx(np.ones(int(shape[4])))


def test_a_burden_without_noise_follows_its_equation():
    p = Parameters().change({**QUIET, **LAW, "senescence.production_part": 0.9})
    s, b = p.senescence, 0.0
    for hour in range(24 * 150):
        age = hour if hour < 24 * 21 else hour + 1
        b += 0.9 * s.production / 576 * age - s.removal / 24 * b / (b + s.half_saturation)
    mouse = MeanFieldMouse(p).live(60.0)
    assert mouse.measure()["senescent burden"] == pytest.approx(b, rel=1e-9)
    assert mouse.measure()["total burden"] == mouse.measure()["senescent burden"]


# -- accuracy of its own numerics -----------------------------------------------------------------


def test_finer_grids_of_the_lumen_change_nothing(young):
    fine = MeanFieldMouse(parameters(), substeps=(32, 48))
    lumen = young.harvest()
    strong = Harvest(lumen.packets, 4.0 * lumen.units)
    gap, where = apart(young.copy().course(strong, 14).measure(), fine.course(strong, 14).measure())
    assert gap < 0.002, where


def test_half_ticks_change_nothing(young):
    """The mean-field model keeps the 1 % of the mouse too: most of the gap is real."""
    one, other = young.measure(), MeanFieldMouse(parameters(resolution__tick=0.5)).measure()
    for name in ("FITC-dextran", "TER", "plasma TNF", "HOMA-IR"):
        assert other[name] == pytest.approx(one[name], rel=0.01), name


@pytest.mark.parametrize("seed", [3, 8])
def test_long_steps_through_a_life_change_nothing(seed):
    """The burden amplifies: a thousandth of the total burden is a hundredth of some readings."""
    p = Parameters().change({"animal.variation": 0.0})
    slow = MeanFieldMouse(p, seed=seed).live(640.0).measure()
    gap, where = apart(grow_old(MeanFieldMouse(p, seed=seed), 730.0).measure(), slow)
    assert gap < 0.01, where


def test_the_same_again_to_the_bit(young):
    assert MeanFieldMouse(parameters()).measure() == young.measure()
    preparation = young.harvest()
    one, other = young.copy().course(preparation, 3), young.copy().course(preparation, 3)
    assert one.measure() == other.measure()
    assert young.age == 90.0 and one.age == 93.0


# -- doses ----------------------------------------------------------------------------------------


def test_a_dose_is_where_it_was_given_and_then_gone(young):
    mouse, preparation = young.copy(), young.harvest()
    before = mouse.measure()["luminal exosomes"]
    mouse.give(preparation, 0.5)
    assert mouse.measure()["luminal exosomes"] == pytest.approx(before + 0.5 * preparation.packets)
    mouse.live(1.0)
    assert mouse.measure()["luminal exosomes"] == pytest.approx(before, rel=0.01)
    quick = young.copy().give(preparation, 1.0, "intravenous").live(1.0)
    assert quick.organs[SUPPORT, 0] > 1.2 * young.organs[SUPPORT, 0]


def test_an_empty_dose_does_nothing(young):
    empty = Harvest(young.harvest().packets, np.zeros(4))
    treated, control = young.copy().course(empty, 5), young.copy().course(None, 5)
    assert treated.wall[ACTIVATION] == pytest.approx(control.wall[ACTIVATION], rel=1e-12)


def test_mistakes_are_refused(young):
    with pytest.raises(GutexoError, match="tight_junction.repair"):
        MeanFieldMouse(parameters(), factors={"tight_junction.repear": 2.0})
    with pytest.raises(GutexoError, match="0 or more"):
        MeanFieldMouse(parameters(), factors={"tight_junction.repair": -1.0})
    with pytest.raises(GutexoError, match="gavage"):
        young.copy().give(young.harvest(), 1.0, "gavag")
    with pytest.raises(GutexoError, match="divide a day"):
        young.copy().live(1.0, step=7.0)
    with pytest.raises(GutexoError, match="ends before"):
        MeanFieldMouse(Parameters(), normals=driving_noise(1, 24 * 100)).live(20.0)
    with pytest.raises(GutexoError):
        evaluate_mean_field({"barrier.repear": 1.0})


# -- the questions --------------------------------------------------------------------------------


def test_every_question_is_answered():
    answers = evaluate_mean_field({"resolution.segments": 16}, mice=3)
    assert tuple(answers) == QUESTIONS
    assert all(math.isfinite(value) and value > 0 for value in answers.values())
    assert answers == evaluate_mean_field({"resolution.segments": 16}, mice=3)
    assert answers["old-homa-ir"] > 1.0 > answers["young-to-old-insulin-resistance"]


@pytest.mark.gate
def test_the_ends_of_every_range_give_numbers_or_none():
    """Whatever the catalogue allows: no exception, no warning."""
    random = np.random.default_rng(5)
    entries = [e for e in Parameters().entries() if not e.name.startswith("resolution")]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(6):
            changes = {"resolution.segments": 8}
            for entry in entries:
                ends = [entry.low, entry.high, entry.default, entry.default]
                changes[entry.name] = ends[random.integers(4)]
            try:
                Parameters().change(changes)
            except GutexoError:
                continue
            answers = evaluate_mean_field(changes, mice=3)
            assert tuple(answers) == QUESTIONS
            assert not any(math.isinf(value) for value in answers.values())


def test_an_epithelium_alone_is_that_of_the_mouse():
    """The culture differs by the random effect of an animal alone."""
    from gutexo.analysis.outcomes import simulate_culture

    p = Parameters().change({"animal.variation": 0.0})
    ours = evaluate_mean_field({"animal.variation": 0.0, "senescence.production": 3.5e-4}, mice=3)
    for name, value in simulate_culture(p).items():
        assert ours[name] == pytest.approx(value, rel=2e-3), name
    assert set(CULTURE_HOURS) <= set(ours)


# -- mice -----------------------------------------------------------------------------------------


def test_a_few_mice_agree_with_the_mean_field_model(young):
    """Within wide bounds; `gutexo analyse verify` has narrow ones, with many mice."""
    mice = [gutexo.Mouse(parameters(), seed=seed).measure() for seed in range(3)]
    for name, bound in (
        ("FITC-dextran", 0.02),
        ("TER", 0.005),
        ("plasma TNF", 0.05),
        ("plasma LPS", 0.02),
        ("HOMA-IR", 0.06),
        ("luminal exosomes", 0.02),
        ("luminal protective cargo", 0.03),
        ("beta-cell mass", 0.01),
    ):
        mean = np.mean([mouse[name] for mouse in mice])
        assert young.measure()[name] == pytest.approx(mean, rel=bound), name
