"""Animals a group: power where it is known, spread over draws, plans and mistakes."""

import json
import math

import numpy as np
import pytest
from scipy import stats

from gutexo.analysis.design import build_experiment, plan_experiment
from gutexo.analysis.power import find_fewest_animals, log_spread, variation_of, welch_power
from gutexo.analysis.sample_size import (
    LaboratoryTest,
    LogEffect,
    PowerPoint,
    SampleSize,
    compute_sample_size,
    estimate_log_effect,
    read_paired_logs,
    shrink_over_draws,
    split_power_curves,
)
from gutexo.analysis.tables import columns_of, write_table
from gutexo.cli.analyse_design import describe_sample_sizes
from gutexo.cli.app import run_safely
from gutexo.cohort.cost import estimate_cost
from gutexo.errors import GutexoError
from gutexo.figures import find_figure
from gutexo.protocol.study import Study
from tests.conftest import SMALL
from tests.figures.made_up import needs, result

ABOUT = {"readout": "TER", "unit": "1", "arm": "a", "comparator": "b", "day": 28.0}


@pytest.mark.parametrize(
    ("effect", "animals", "known"),
    [(0.5, 64, 0.8015), (0.8, 26, 0.8075), (0.2, 394, 0.8006), (1.0, 17, 0.8070)],
)
def test_power_of_cohens_tables(effect, animals, known):
    """Two-sided t of two groups, alpha 0.05 (Cohen 1988; the numbers of common planners)."""
    assert welch_power(effect, 1.0, 1.0, animals) == pytest.approx(known, abs=5e-4)
    assert welch_power(10 * effect, 10.0, 10.0, animals) == pytest.approx(known, abs=5e-4)
    assert welch_power(-effect, 1.0, 1.0, animals, side=-1) == pytest.approx(known, abs=5e-4)


def test_power_of_unequal_spreads_is_that_of_tests_that_were_made():
    """Ten thousand Welch tests; five binomial standard errors."""
    random = np.random.default_rng(6)
    one, other = random.normal(0.4, 0.5, (10_000, 9)), random.normal(0.0, 0.15, (10_000, 9))
    made = stats.ttest_ind(one, other, axis=1, equal_var=False).pvalue < 0.05
    found = float(welch_power(0.4, 0.5, 0.15, 9))
    assert made.mean() == pytest.approx(found, abs=5 * math.sqrt(found * (1 - found) / 10_000))


def test_power_where_it_needs_no_library():
    assert welch_power(0.0, 1.0, 1.0, 10) == pytest.approx(0.05)
    assert welch_power(0.0, 1.0, 1.0, 10, 0.01, side=1) == pytest.approx(0.005)
    assert welch_power(1.0, 0.0, 0.0, 5) == 1.0 and welch_power(1.0, 0.0, 0.0, 5, side=-1) == 0.0
    assert welch_power([1e4, -1e4], 1.0, 1.0, 5, side=1).tolist() == [1.0, 0.0]


def test_power_rises_with_animals_and_effect_and_falls_with_spread():
    animals = np.arange(2, 500)
    assert (np.diff(welch_power(0.3, 0.4, 0.2, animals)) >= -1e-12).all()
    assert (np.diff(welch_power(np.linspace(0, 30, 300), 0.4, 0.2, 8)) >= -1e-12).all()
    assert (np.diff(welch_power(0.3, np.linspace(0.1, 3, 50), 0.2, 8, side=1)) < 0).all()
    assert np.isfinite(welch_power(np.linspace(-90, 90, 99)[:, None], 0.2, 0.3, animals)).all()


def test_coefficient_of_variation_and_spread_of_logarithms():
    assert variation_of(log_spread(0.15)) == pytest.approx(0.15)
    draws = np.random.default_rng(7).lognormal(0, log_spread(0.4), 400_000)
    assert draws.std() / draws.mean() == pytest.approx(0.4, rel=0.02)


def test_the_fewest_animals():
    assert find_fewest_animals(np.array([2, 3, 4]), np.array([0.1, 0.8, 0.9]), 0.8) == 3
    assert find_fewest_animals(np.array([2, 3]), np.array([0.1, 0.2]), 0.8) is None


def logs(effect=0.4, spread=0.2, mice=400, seed=8):
    random = np.random.default_rng(seed)
    return random.normal(0, spread, (2, mice)) + [[effect], [0.0]]


def test_animals_of_a_known_experiment():
    """Spread 0.2 and an assay of 0.2 on logarithms: d = 0.4 / 0.283, ten a group."""
    assay = variation_of(0.2)
    found = compute_sample_size([logs()], LaboratoryTest(noise=assay), **ABOUT)
    assert found.animals in (9, 10) and found.animals_low <= found.animals <= found.animals_high
    assert found.ratio == pytest.approx(math.exp(0.4), rel=0.03)
    assert math.isnan(found.assurance_limit) and found.draws == 1 and found.mice == 400
    assert 0.19 < found.variation_arm < 0.22
    position = found.sizes.index(found.animals)
    assert found.power[position - 1] < 0.8 <= found.power[position]


def test_pairs_count_as_different_animals():
    """The same mice twice: their ratio has no spread, animals of a laboratory have."""
    one = logs()[1]
    found = compute_sample_size([np.array([one + 0.4, one])], LaboratoryTest(noise=0.0), **ABOUT)
    apart = compute_sample_size([logs()], LaboratoryTest(noise=0.0), **ABOUT)
    assert abs(found.animals - apart.animals) <= 1 and found.error < 1e-12


@pytest.mark.gate
def test_noise_smaller_effects_and_more_power_ask_for_more_animals():
    def animals(effect=0.4, **test):
        return compute_sample_size([logs(effect)], LaboratoryTest(**test), **ABOUT).animals

    assert animals(noise=0.0) < animals(noise=0.2) < animals(noise=0.5)
    assert animals(0.8) < animals(0.4) < animals(0.2)
    assert animals(wanted=0.5) < animals(wanted=0.8) < animals(wanted=0.95)
    assert animals(alpha=0.1) < animals(alpha=0.01)
    assert animals(-0.4) == pytest.approx(animals(0.4), abs=1)


def test_assurance_is_bounded_by_the_share_of_draws_with_the_sign():
    draws = [logs(effect, seed=n) for n, effect in enumerate((0.5, 0.5, 0.5, -0.5))]
    found = compute_sample_size(draws, LaboratoryTest(), **ABOUT)
    assert found.assurance_limit == 0.75 and found.animals is None
    assert max(found.power) == pytest.approx(0.75, abs=1e-6)
    assert compute_sample_size(draws, LaboratoryTest(wanted=0.7), **ABOUT).animals is not None
    fixed = compute_sample_size([np.hstack(draws[:3])], LaboratoryTest(), **ABOUT)
    assert (
        fixed.animals
        < compute_sample_size(draws[:3] + [logs(0.2)], LaboratoryTest(), **ABOUT).animals
    )


def test_the_noise_of_few_mice_is_not_taken_for_a_spread_over_draws():
    """Forty draws of three mice: true effects all alike, then with a spread of 0.3."""
    random = np.random.default_rng(9)
    for true in (0.0, 0.3):
        found = shrink_over_draws(
            [
                estimate_log_effect(logs(0.4 + random.normal(0, true), 0.2, 3, seed))
                for seed in range(40)
            ]
        )  # fmt: skip
        spread = np.std([s.effect for s in found], ddof=1)
        assert spread == pytest.approx(true, abs=0.08)
        assert np.mean([s.effect for s in found]) == pytest.approx(0.4, abs=0.15)
        assert found[0].arm == pytest.approx(0.2, abs=0.04)
    same = LogEffect(0.1, 0.0, 0.2, 0.2)
    assert [s.effect for s in shrink_over_draws([same, same])] == pytest.approx([0.1, 0.1])


def test_simulated_mice_for_a_precision_follow_from_the_spreads():
    """Spread 0.2 in each arm; pairs that share their animal differ by half as much."""
    random = np.random.default_rng(10)
    animal, own = random.normal(0, 0.2, 4000), random.normal(0, 0.1, 4000)
    found = compute_sample_size([np.array([animal + own, animal])], LaboratoryTest(), **ABOUT)
    assert found.precision == 0.05
    for mice, spread in (
        (found.mice_arm, math.sqrt(0.05)),
        (found.mice_comparator, 0.2),
        (found.mice_ratio, 0.1),
    ):
        assert mice == pytest.approx((1.96 * spread / math.log(1.05)) ** 2 + 2, rel=0.1)
    finer = compute_sample_size([logs()], LaboratoryTest(), precision=0.01, **ABOUT)
    coarse = compute_sample_size([logs()], LaboratoryTest(), precision=0.1, **ABOUT)
    assert finer.mice_ratio > 50 * coarse.mice_ratio and finer.animals == coarse.animals


def test_mice_for_a_precision_do_not_count_the_spread_over_draws():
    """Effects of the draws differ by far more than pairs of mice do."""
    draws = [logs(effect, 0.2, 50, seed) for seed, effect in enumerate((-2.0, 0.0, 2.0))]
    found = compute_sample_size(draws, LaboratoryTest(), **ABOUT)
    alone = compute_sample_size([logs(0.0, 0.2, 4000)], LaboratoryTest(), **ABOUT)
    assert found.mice_ratio == pytest.approx(alone.mice_ratio, rel=0.35)


def test_both_numbers_of_mice_are_printed():
    printed = "\n".join(describe_sample_sizes(needs()))
    one = needs()[0]
    assert f"{one.mice_ratio} for the ratio of pairs; for means {one.mice_arm} (" in printed
    assert "95 % intervals within 5 %" in printed and printed.count("of pairs") == 3


def test_the_command_that_compared_groups_says_what_to_use(capsys):
    for arguments in ([], ["--day", "3", "--quick"], ["--help"], ["TER"]):
        assert run_safely(["analyse", "consistency", *arguments]) == 2
        printed = capsys.readouterr()
        assert "is gone: `gutexo analyse design`" in printed.err and not printed.out
        assert printed.err.count("\n") == 1
    with pytest.raises(GutexoError, match="gutexo.analysis.precision"):
        find_figure("consistency")
    assert run_safely(["analyse", "--help"]) == 0
    assert "consistency" not in capsys.readouterr().out


def test_values_that_allow_no_number_say_why():
    for values, words in (
        (np.full((2, 5), math.nan), "no logarithm"),
        (np.zeros((2, 1)), "fewer than two pairs"),
    ):
        found = compute_sample_size([values], LaboratoryTest(), **ABOUT)
        assert found.animals is None and words in found.note


def test_the_dead_leave_with_their_pair():
    data = result(mice=6)
    data["TER"].values[2, 1, -1] = math.nan
    data["TER"].values[0, 3, -1] = -1.0
    found = read_paired_logs(data, "TER", "young + old exosomes", "young + vehicle")
    assert found.shape == (2, 5) and np.isnan(found).sum() == 1


def test_an_experiment_is_built_as_requested():
    plan = build_experiment(equivalents=3.0, every=2.0, duration=14.0, route="intravenous")
    treated, control = plan.arms
    dose = treated.interventions[0]
    assert (dose.equivalents, dose.every, dose.repeats, dose.route) == (3.0, 2.0, 7, "intravenous")
    assert control.interventions[0].repeats == 7 and treated.duration == 14.0
    assert plan.comparisons == (("young + old exosomes", "young + vehicle"),)


def test_a_draw_under_which_no_mouse_can_be_run_is_left_out(monkeypatch):
    from gutexo.analysis import design as module

    def run(study, **options):
        if study.arms[0].life.changes:
            raise GutexoError("no mouse could be run: too frail")
        return type("Run", (), {"data": result(mice=6), "failures": []})

    monkeypatch.setattr(module, "run_study", run)
    plan = build_experiment()
    frail, said = {"immune.cargo_gate": 0.0}, []
    (found,) = plan_experiment(plan, ["TER"], draws=[{}, frail, {}], report=said.append)
    assert found.draws == 2 and any("too frail" in line for line in said)
    with pytest.raises(GutexoError, match="too frail"):
        plan_experiment(plan, ["TER"], draws=[frail])


def test_minutes_grow_with_the_request():
    def minutes(arm, mice):
        plan = build_experiment(arm, "young + vehicle").change(SMALL)
        return estimate_cost(plan, mice, 1).estimate_minutes(2, print)

    assert 0 < minutes("young + young exosomes", 2) < minutes("young + old exosomes", 2)
    alone = Study(name="one", arms=build_experiment().arms[1:])
    assert (
        estimate_cost(alone, 3, 1).days == 3 * (69 + 28) and estimate_cost(alone, 3, 1).lives == 3
    )


def test_tables_and_figure_hold_every_readout(tmp_path):
    found = needs()
    lines = write_table(SampleSize, found, tmp_path / "d.csv").read_text().splitlines()
    assert lines[0].split(",") == list(columns_of(SampleSize)) and len(lines) == 5
    lines = (
        write_table(PowerPoint, split_power_curves(found), tmp_path / "p.csv")
        .read_text()
        .split("\n")
    )
    assert lines[0] == "readout,animals,power,power_low,power_high" and len(lines) == 2 + 3 * 499
    labels = [text.get_text() for text in find_figure("design")(found).legends[0].get_texts()]
    assert "a group (" in labels[0] and "more than 500" in labels[2]
    assert labels[3].endswith("no logarithm")
    with pytest.raises(GutexoError, match="at least one"):
        find_figure("design")([])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--readout", "HOMA"], "did you mean 'HOMA-IR'"),
        (["--arm", "young + old exosome"], "did you mean 'young + old exosomes'"),
        (["--comparator", "young + old exosomes"], "are the same"),
        (["--power", "1.2"], "power must lie between 0 and 1"),
        (["--alpha", "0"], "alpha must lie between 0 and 1"),
        (["--noise", "-0.1"], "noise must be 0 to 5"),
        (["--noise", "nan"], "noise must be 0 to 5"),
        (["--precision", "0"], "precision must lie between 0 and 1"),
        (["--precision", "5"], "0.05 for 5 %"),
        (["--precision", "nan"], "precision must lie between 0 and 1"),
        (["--every", "0"], "every must be"),
        (["--every", "30"], "longer than the course"),
        (["--duration", "900"], "duration must be"),
        (["--duration", "28,5 d"], "write 28.5 d"),
        (["--equivalents", "-1"], "equivalents must be"),
        (["--route", "nose"], "is no route"),
        (["--replicates", "1"], "2 or more"),
        (["--draws", "3", "--posterior", "none"], "gives no draws"),
        (["--posterior", "nowhere.csv"], "does not exist"),
    ],
)
def test_a_mistake_is_one_line(arguments, words, capsys):
    assert run_safely(["analyse", "design", *arguments]) == 2
    printed = capsys.readouterr()
    assert words in printed.err and printed.err.count("\n") == 1, printed.err


def test_the_cost_of_draws_is_reported_before_anything_is_run(tmp_path, capsys):
    table = tmp_path / "draws.csv"
    table.write_text("exosome.transcytosis\n" + "0.2\n0.3\n0.4\n")
    command = ["analyse", "design", "--dry-run", "--posterior", str(table)]
    command += [f"--set={name}={value}" for name, value in SMALL.items()]
    assert run_safely([*command, "--json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert plan["parameter draws"] == 3 and plan["mice"] == 12
    assert plan["lives to raise"] == 18  # a recipient and two old donors a mouse
    assert run_safely([*command, "--set=exosome.transcytosis=0.3"]) == 2
    assert "gives it already" in capsys.readouterr().err


@pytest.mark.gate
def test_quick_mice_from_the_command_line(tmp_path, capsys):
    """Young donors, so that no life has to be raised to old age; two parameter draws."""
    table = tmp_path / "draws.csv"
    table.write_text("exosome.transcytosis,weight\n0.2,1\n0.3,1\n")
    out = tmp_path / "plan"
    command = ["analyse", "design", "--quick", "--replicates", "3", "--duration", "7"]
    command += ["--arm", "young + young exosomes", "--readout", "FITC-dextran"]
    assert run_safely([*command, "--json", "--out", str(out), "--posterior", "none"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["mice"] == 3 and row["draws"] == 1 and row["assurance_limit"] is None
    assert row["precision"] == 0.05 and row["mice_ratio"] >= 2 and row["mice_comparator"] >= 2
    names = {"design.csv", "design_power.csv", "design.png", "design.svg"}
    assert {p.name for p in out.iterdir()} == names
    assert run_safely([*command, "--posterior", str(table)]) == 0
    printed = capsys.readouterr().out
    assert "mean over 2 parameter draws" in printed and "minutes on" in printed
