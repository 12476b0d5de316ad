"""The scorecard: verdicts, readings, known answers, and that every pattern has its row."""

import json
import math

import numpy as np
import pytest

from gutexo.analysis.estimates import Estimate
from gutexo.analysis.scorecard import (
    Score,
    card,
    predict_patterns,
    score_measured,
    score_patterns,
    select_failed,
)
from gutexo.analysis.scorecard.card import list_measurements
from gutexo.analysis.scorecard.induction import at_twins_licence
from gutexo.analysis.scorecard.laboratory import fit_two_half_lives, half_life
from gutexo.analysis.scorecard.lives_to_the_end import integrate_lives
from gutexo.analysis.tables import write_table
from gutexo.catalogue import Parameters
from gutexo.catalogue.patterns import pattern, patterns
from gutexo.catalogue.phenotypes import PHENOTYPES
from gutexo.cli.app import run_safely
from gutexo.errors import GutexoError
from gutexo.figures import find_figure
from gutexo.figures.scorecard import place_in_window
from tests.conftest import SMALL

TINY = SMALL
LAB = [
    "tnf-ter-24h",
    "tnf-ter-3h",
    "tnf-ter-7d",
    "exosome-plasma-fast",
    "tnf-clearance",
    "lps-clearance",
    "lps-1h",
]


COHORT_ROWS = [
    "transfer-fraction-permeability",
    "rescue-share",
    "dose-monotone",
    "tnf-knockout-permeability",
    "lps-infusion-liver",
    "lesion-two-hit",
    "wander",
    "visible-against-wander",
    "same-age-young",
    "induced-senescence",
    "own-cargo",
    "harm-left-14d",
    "senescent-cells-spread",
    "senolytic-donors",
    "senolytic-old-glucose",
    "tnf-knockout-liver-senescence",
]


def is_prediction(row):
    return row.use == "validate"


@pytest.mark.parametrize(
    ("reading", "verdict"),
    [
        (Estimate(1.3, 1.2, 1.4), "pass"),
        (Estimate(1.3, 0.9, 1.7), "partial"),
        (Estimate(1.0, 0.9, 1.1), "fail"),
        (Estimate(1.3), "pass"),  # one exact number
        (Estimate(math.nan), "unscored"),
        (Estimate(1.3, 1.2, 1.4, applies=False), "unscored"),
        (Estimate(1.3, 1.2, 1.4, bound_held=False), "fail"),
    ],
)
def test_verdicts(reading, verdict):
    assert score_measured(pattern("old-to-young-permeability"), reading).verdict == verdict


def test_a_partial_row_says_why():
    row = pattern("old-to-young-permeability")
    assert (
        "over 9 mice reaches below the window"
        in score_measured(row, Estimate(1.3, 0.9, 1.7, 9)).note
    )
    far = score_measured(row, Estimate(1.3, 0.9, 1e6, 9, note="survivors")).note
    assert far.startswith("survivors; ") and "below and above" in far
    assert score_measured(row, Estimate(1.3, 1.2, 1.4, 9)).note == ""


def test_a_report_row_is_shown_and_never_scored():
    score = score_measured(pattern("same-age-old"), Estimate(9.0, 8.0, 10.0))
    assert score.verdict == "reported" and not select_failed([score])


def test_a_failed_prediction_does_not_fail_the_card_and_a_missed_target_does():
    assert not select_failed([score_measured(pattern("senolytic-old-glucose"), Estimate(3.0))])
    assert select_failed([score_measured(pattern("lps-clearance"), Estimate(30.0))])


def test_of_several_numbers_the_worst_is_scored():
    row = pattern("no-drift")  # -0.03 to 0.03
    good, near, bad = (
        Estimate(0.0, -0.01, 0.01),
        Estimate(0.02, 0.0, 0.04),
        Estimate(0.05, 0.0, 0.1),
    )
    score = score_measured(row, {"TER": good, "HOMA-IR": bad, "FITC-dextran": near})
    assert score.verdict == "fail" and score.value == 0.05
    assert score.note.startswith("HOMA-IR, the worst of 3 (TER 0, HOMA-IR 0.05, FITC-dextran 0.02)")
    assert score_measured(row, {"TER": good, "FITC-dextran": near}).verdict == "partial"
    closer = Estimate(-0.015, -0.02, -0.01)
    assert (
        score_measured(row, {"a": good, "b": closer}).value == -0.015
    )  # both pass, it lies nearer an end
    assert score_measured(row, {"a": good, "b": Estimate(math.nan)}).verdict == "unscored"
    assert score_measured(pattern("visible-against-wander"), {"a": bad}).verdict == "reported"


def all_measured(*_):
    return {row.id: lambda: Estimate(1.0) for row in patterns()}


def test_predictions_are_left_out_unless_asked_for(monkeypatch):
    monkeypatch.setattr(card, "list_measurements", all_measured)
    assert not any(is_prediction(score) for score in score_patterns())
    assert {score.id for score in score_patterns(validate=True)} == {row.id for row in patterns()}
    assert [score.id for score in score_patterns(only=["senolytic-donors"])] == ["senolytic-donors"]


def test_every_look_at_the_predictions_is_logged(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(card, "list_measurements", all_measured)
    looks, log = tmp_path / "looks.csv", tmp_path / "scores.csv"
    command = ["analyse", "scorecard", "--quick", "--log", str(log), "--validate", str(looks)]
    for _ in range(2):
        run_safely(command)
    predictions = [row.id for row in patterns() if is_prediction(row)]
    logged = [line.split(",") for line in looks.read_text().splitlines()]
    assert [row[5] for row in logged[1:]] == 2 * predictions
    assert f"{len(predictions)} predictions were scored" in capsys.readouterr().out
    others = [line.split(",")[4] for line in log.read_text().splitlines()[1:]]
    assert sorted(others) == sorted({row.id for row in patterns()} - set(predictions))
    run_safely(["analyse", "scorecard", "--quick"])
    assert "Predictions (`validate` rows) are left out" in capsys.readouterr().out
    assert len(looks.read_text().splitlines()) == 1 + 2 * len(predictions)
    assert run_safely(["analyse", "scorecard", "--validate", str(log)]) == 2
    assert "--validate" in capsys.readouterr().err


def test_the_law_of_whole_lives_is_the_published_one():
    """Burdens at 3 and 24 months and the median life of females and males (Karin et al. 2019)."""
    female = integrate_lives(Parameters(), 4000)
    male = integrate_lives(Parameters().change(PHENOTYPES["C57BL/6 male"]), 4000)
    assert female.burdens[90] == pytest.approx(0.11, rel=0.1)
    assert female.burdens[730] == pytest.approx(Parameters().senescence.reference_burden, rel=0.05)
    assert male.burdens[730] == pytest.approx(0.426, rel=0.05)
    assert 650 < male.median_life < female.median_life < 1100


def test_own_cargo_at_the_licence_of_the_twin_does_not_follow_the_leak():
    """Twice the licence alone is no propagation; twice the mature niches at the same licence is."""
    twin, of_twin = np.array([3.0, 5.0, 9.0]), np.array([0.1, 0.2, 0.4])
    assert at_twins_licence(twin, of_twin, of_twin) == pytest.approx(twin)
    assert at_twins_licence(twin, 2 * of_twin, of_twin) == pytest.approx([5.0, 9.0, 17.0])
    assert np.isnan(at_twins_licence(twin, of_twin, np.zeros(3))).all()


@pytest.mark.gate
def test_rows_of_arms_answer_at_a_tiny_size():
    """Each study of the rows runs, and its numbers are finite or their note says why not."""
    scores = score_patterns(replicates=3, changes=TINY, only=COHORT_ROWS)
    for score in scores:
        assert math.isfinite(score.value) or score.note, score
        assert score.mice > 0


@pytest.mark.long
def test_the_row_on_whole_lives_answers_at_a_tiny_size():
    (score,) = score_patterns(replicates=4, changes=TINY, only=["life-law"])
    assert math.isfinite(score.value) and "males" in score.note


def test_half_lives_of_courses_that_are_known():
    minutes = np.arange(61.0)
    assert half_life(0.5 ** (minutes / 7.3)) == pytest.approx(7.3)
    assert math.isnan(half_life(np.ones(10)))
    samples = np.array([1, 2, 5, 10, 15, 20, 30, 45, 60])
    level = 0.9 * 0.5 ** (samples / 6.0) + 0.1 * 0.5 ** (samples / 200.0)
    fast, slow = fit_two_half_lives(samples, level)
    assert fast == pytest.approx(6.0, rel=1e-6) and slow == pytest.approx(200.0, rel=1e-6)


def test_what_a_laboratory_measures_lies_in_its_windows():
    scores = score_patterns(replicates=3, changes=TINY, only=LAB)
    assert {score.verdict for score in scores} == {"pass"}, scores


@pytest.mark.gate
def test_known_answers_through_the_running_mouse():
    scores = score_patterns(only=["topp-oracle", "senescence-oracle"])
    assert [score.verdict for score in scores] == ["pass", "pass"], scores


@pytest.mark.gate
def test_a_wrong_rule_of_the_burden_is_caught(monkeypatch):
    """The oracle integrates the law itself; a law changed on one side only must show."""
    from gutexo.analysis.scorecard import oracles

    honest = oracles.simulate_burdens

    def wrong(parameters, *rest):
        doubled = parameters.change({"senescence.removal": 2 * parameters.senescence.removal})
        return honest(doubled, *rest)

    monkeypatch.setattr(oracles, "simulate_burdens", wrong)
    (score,) = score_patterns(only=["senescence-oracle"])
    assert score.verdict == "fail"


def test_a_card_has_the_share_of_posterior_predictive_studies_beside():
    draws = [{"barrier.pore_half": value} for value in (4.0, 7.0, 10.0)]
    (alone,) = score_patterns(only=["tnf-ter-24h"], changes=TINY)
    (score,) = score_patterns(only=["tnf-ter-24h"], changes=TINY, draws=draws)
    assert math.isnan(alone.predicted) and score.value == alone.value
    cultures = [score_patterns(only=["tnf-ter-24h"], changes={**TINY, **draw})[0] for draw in draws]
    found = [one.value for one in cultures]
    (over,) = predict_patterns(draws, [pattern("tnf-ter-24h")], changes=TINY)
    assert over.value == pytest.approx(np.mean(found)) and min(found) < over.low < over.high
    assert over.note.endswith("a culture a draw") and over.predicted == score.predicted
    drawn = np.random.default_rng(1).choice(found, size=(20_000, 24)).mean(axis=1)
    low, high = pattern("tnf-ter-24h").window
    share = np.mean((drawn >= low) & (drawn <= high))
    assert score.predicted == pytest.approx(share, abs=0.03)


def test_place_in_window():
    assert place_in_window(1.0, (1.0, 4.0)) == 0 and place_in_window(4.0, (1.0, 4.0)) == 1
    assert place_in_window(2.0, (1.0, 4.0)) == pytest.approx(0.5)
    assert place_in_window(0.05, (0.0, 0.1)) == pytest.approx(0.5)
    assert place_in_window(-1.0, (1.0, 4.0)) == -math.inf


def test_the_figure_and_the_table_hold_every_row(tmp_path):
    scores = [
        score_measured(row, Estimate(row.window[1], row.window[0], 9.0, 3)) for row in patterns()
    ]
    figure = find_figure("scorecard")(scores)
    labels = [t.get_text() for axes in figure.axes for t in axes.get_yticklabels()]
    assert {row.id for row in patterns()} <= set(labels)
    unmeasured = score_measured(pattern("own-cargo"), Estimate(math.nan, applies=False))
    (axes,) = find_figure("scorecard")([unmeasured]).axes
    (right,) = axes.child_axes
    assert [t.get_text() for t in right.get_yticklabels()] == ["no value (1.03 to 4)"]
    lines = write_table(Score, scores, tmp_path / "s.csv").read_text().splitlines()
    assert len(lines) == len(patterns()) + 1
    with pytest.raises(GutexoError, match="at least one"):
        find_figure("scorecard")([])


@pytest.mark.gate
def test_the_whole_card_from_the_command_line(tmp_path, capsys):
    """Two coarse mice: every pattern gets a line; what they score is not asked here."""
    out = tmp_path / "card"
    code = run_safely(
        ["analyse", "scorecard", "--quick", "--replicates", "2", "--json", "--out", str(out)]
    )
    printed = json.loads(capsys.readouterr().out)
    assert {row["id"] for row in printed} == {
        row.id for row in patterns() if not is_prediction(row)
    }
    assert code in (0, 3)
    missed = [r for r in printed if r["verdict"] == "fail"]
    assert (code == 3) == any(r["use"] in ("calibrate", "constrain", "verify") for r in missed)
    assert {p.name for p in out.iterdir()} == {"scorecard.csv", "scorecard.png", "scorecard.svg"}
    assert run_safely(["analyse", "scorecard", "--out", str(out)]) == 2


def test_what_cannot_be_written_is_told_before_any_mouse_is_run(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    for wrong, words in (
        (["--out", "file/card"], "cannot be used: part of it is a file"),
        (["--log", "nowhere/scores.csv"], "cannot be written"),
    ):
        command = ["analyse", "scorecard", wrong[0], str(tmp_path / wrong[1])]
        assert run_safely(command) == 2
        printed = capsys.readouterr()
        assert words in printed.err and "mice" not in printed.out


def test_every_pattern_has_a_measurement_and_every_measurement_a_pattern():
    measured = list_measurements(1, 1, 1, {}, (), lambda line: None)
    assert set(measured) == {row.id for row in patterns()}


def test_a_pattern_without_measurement_is_refused_by_name(monkeypatch):
    monkeypatch.setattr(card, "list_measurements", lambda *_: {})
    with pytest.raises(GutexoError, match="pattern 'tnf-ter-24h' has no measurement"):
        score_patterns(only=["tnf-ter-24h"])
