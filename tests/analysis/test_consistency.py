"""How many mice: the A statistic and its curve where the answer is known."""

import json
import math

import numpy as np
import pytest

from gutexo.analysis.consistency import (
    CONSISTENCY_COLUMNS,
    GROUP_SIZE_COLUMNS,
    GROUP_SIZES,
    SMALL,
    GroupSize,
    a_statistic,
    chance_departures,
    draw_groups,
    evaluate_group_sizes,
    find_consistent_size,
    find_precise_size,
    group_size_rows,
    measure_consistency,
)
from gutexo.analysis.intervals import student_quantile
from gutexo.analysis.tables import csv_text
from gutexo.cli.app import run_safely
from gutexo.errors import GutexoError
from gutexo.figures import find_figure
from tests.conftest import SMALL as SMALL_MICE
from tests.figures.made_up import groupings, result


@pytest.mark.parametrize(
    ("one", "other", "known"),
    [
        ([3, 4], [1, 2], 1.0),
        ([1, 2], [3, 4], 0.0),
        ([1, 2, 3], [1, 2, 3], 0.5),
        ([5, 5, 5], [5, 5], 0.5),
        ([2], [1, 2, 3, 4], 1.5 / 4),  # above one, tied with one
        ([1, 3], [2], 0.5),
    ],
)
def test_a_of_groups_whose_answer_is_known(one, other, known):
    assert a_statistic(np.array(one), np.array(other)) == known
    assert a_statistic(np.array(other), np.array(one)) == pytest.approx(1 - known)


def test_a_of_two_normal_distributions():
    """A = Phi(d / sqrt 2): 0.714 at d = 0.8, the large effect of Vargha and Delaney."""
    random = np.random.default_rng(0)
    found = a_statistic(random.normal(0.8, 1, 20_000), random.normal(0, 1, 20_000))
    assert found == pytest.approx(0.5 * (1 + math.erf(0.8 / 2)), abs=0.01)


def test_a_counts_pairs():
    random = np.random.default_rng(1)
    one, other = random.integers(0, 9, 40), random.integers(2, 11, 25)
    gaps = one[:, None] - other[None, :]
    assert a_statistic(one, other) == pytest.approx((gaps > 0).mean() + 0.5 * (gaps == 0).mean())


def test_groups_are_disjoint_where_there_are_mice_enough():
    random = np.random.default_rng(2)
    groups, disjoint = draw_groups(np.arange(100.0), 5, random)
    assert disjoint and groups.shape == (20, 5) and len(set(groups.ravel())) == 100
    groups, disjoint = draw_groups(np.arange(99.0), 5, random)
    assert not disjoint and len(set(groups.ravel())) < 100


def test_the_curve_of_normal_draws_is_that_of_chance():
    """Disjoint or drawn with replacement, of few mice or of many: the same curve falls."""
    low, middle, high = chance_departures()
    assert (np.diff(middle) <= 0).all() and middle[0] == 1.0
    for mice in (12_000, 200):
        values = np.random.default_rng(3).normal(10, 2, mice)
        found = np.array([size.largest for size in evaluate_group_sizes(values)])
        assert (found[4:] >= low[4:]).all() and (found[4:] <= high[4:]).all()


def test_no_readout_asks_for_more_than_another_but_their_means_do():
    """A knows ranks only: a hundredfold spread changes nothing, save how well a mean is known."""
    draws = np.random.default_rng(4).normal(0, 1, 400)
    tight, wide = evaluate_group_sizes(np.exp(0.01 * draws)), evaluate_group_sizes(np.exp(draws))
    assert tight == wide
    assert find_consistent_size(tight) in (128, 192, 256)
    assert find_precise_size(np.exp(0.01 * draws)) < 10 < find_precise_size(np.exp(draws))


def test_the_size_chosen_is_that_from_which_on_all_keep_the_band():
    def curve(*largest):
        return [GroupSize(2**n, 0.5, a, a, True) for n, a in enumerate(largest)]

    assert find_consistent_size(curve(0.9, 0.55, 0.6, 0.56, 0.51)) == 8
    assert find_consistent_size(curve(0.9, 0.55, 0.5601)) is None
    assert find_consistent_size(curve(0.5, 0.5)) == 1


def test_the_mean_is_as_precise_as_requested():
    values = np.exp(np.random.default_rng(5).normal(0, 0.3, 50))
    spread = np.log(values).std(ddof=1)
    number = find_precise_size(values)
    reach = [student_quantile(n - 1) * spread / math.sqrt(n) for n in (number - 1, number)]
    assert reach[1] <= math.log(1.05) < reach[0]
    assert find_precise_size(np.full(5, 3.0)) == 2
    assert (
        find_precise_size(np.array([1.0, -1.0])) is None
        and find_precise_size(np.array([1.0])) is None
    )
    assert find_precise_size(np.array([1e-9, 1e9]), most=100) is None


def test_mistakes_get_one_line():
    with pytest.raises(GutexoError, match="at least one value"):
        a_statistic(np.array([]), np.array([1.0]))
    with pytest.raises(GutexoError, match="missing"):
        a_statistic(np.array([math.nan]), np.array([1.0]))
    with pytest.raises(GutexoError, match="whole numbers"):
        evaluate_group_sizes(np.ones(4), [0])
    data = result(mice=1)
    with pytest.raises(GutexoError, match="fewer than two mice"):
        measure_consistency(data, ["TER"], "young + vehicle")
    with pytest.raises(GutexoError, match="did you mean 'HOMA-IR'"):
        measure_consistency(data, ["HOMA-R"], "young + vehicle")


def test_a_ratio_is_grouped_pair_by_pair_and_the_dead_are_left_out():
    data = result(mice=30)
    data["TER"].values[2, 4, -1] = math.nan
    (found,) = measure_consistency(data, ["TER"], "young + old exosomes", "young + vehicle")
    values = data["TER"].values[:, :, -1]
    ratio = np.delete(values[2] / values[0], 4)
    assert found.mice == 29 and found.sizes == evaluate_group_sizes(ratio)
    assert found.day == 28.0 and found.precise == find_precise_size(ratio)


def test_tables_and_figure_hold_every_row():
    found = groupings()
    lines = csv_text([GROUP_SIZE_COLUMNS, *group_size_rows(found)]).split("\n")
    assert lines[0].split(",") == list(GROUP_SIZE_COLUMNS)
    assert len(lines) == 2 + len(found) * len(GROUP_SIZES)
    assert lines[1].startswith("FITC-dextran,young + vehicle,,0,1,")
    assert all(hasattr(row, name) for row in found for name in CONSISTENCY_COLUMNS)
    figure = find_figure("consistency")(found)
    assert len(figure.axes) == 3 and len(figure.legends[0].get_texts()) == 4
    with pytest.raises(GutexoError, match="at least one"):
        find_figure("consistency")([])
    assert SMALL == 0.56


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--readout", "TRE"], "did you mean 'TER'"),
        (["--arm", "young + vehicel"], "did you mean 'young + vehicle'"),
        (["--day", "29"], "0 to 28"),
        (["--day", "0.5"], "whole number"),
        (["--replicates", "1"], "2 or more"),
        (["--comparator", "young + vehicle"], "are the same"),
    ],
)
def test_a_mistake_on_the_command_line_is_one_line(arguments, words, capsys):
    assert run_safely(["analyse", "consistency", *arguments]) == 2
    printed = capsys.readouterr()
    assert words in printed.err and printed.err.count("\n") == 1


def test_the_cost_is_reported_before_anything_is_run(capsys, tmp_path):
    changes = [f"--set={name}={value}" for name, value in SMALL_MICE.items()]
    out = tmp_path / "nothing"
    command = ["analyse", "consistency", "--dry-run", "--json", "--out", str(out), *changes]
    assert run_safely(command) == 0
    plan = json.loads(capsys.readouterr().out)
    assert plan["mice"] == plan["lives to raise"] == 320 and plan["mouse days"] == 320 * (69 + 28)
    assert plan["minutes"] >= 0 and not out.exists()


@pytest.mark.gate
def test_quick_mice_from_the_command_line(tmp_path, capsys):
    out = tmp_path / "groups"
    command = [
        "analyse",
        "consistency",
        "--quick",
        "--replicates",
        "40",
        "--day",
        "0",
        "--day",
        "3",
    ]
    assert run_safely([*command, "--json", "--out", str(out)]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert len(printed) == 8 and {row["day"] for row in printed} == {0.0, 3.0}
    for row in printed:
        assert row["mice"] == 40
        assert row["sizes"][0]["disjoint"] and not row["sizes"][-1]["disjoint"]
        assert row["chosen"] is None or row["chosen"] >= 64
    names = {"consistency.csv", "consistency_mice.csv", "consistency.png", "consistency.svg"}
    assert {p.name for p in out.iterdir()} == names
    assert run_safely([*command, "--out", str(out)]) == 2  # nothing is overwritten unasked
    assert "--force" in capsys.readouterr().err
