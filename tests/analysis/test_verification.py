"""Verification holds, and fails where a rule is broken on purpose."""

import json
import math

import numpy as np
import pytest

from gutexo.analysis import verification
from gutexo.analysis.known_answers import integrate_topp_glucose
from gutexo.analysis.scorecard.oracles import TOPP_TABLE
from gutexo.analysis.tables import write_table
from gutexo.analysis.verification import (
    check_burden,
    check_finer_packets,
    check_half_ticks,
    check_packet_chain,
)
from gutexo.analysis.verification_checks import VerificationCheck, check_bound
from gutexo.body.mouse import Mouse
from gutexo.catalogue import Parameters
from gutexo.cli.app import run_safely
from gutexo.figures import find_figure
from tests.conftest import SMALL


def test_the_packet_chain_holds():
    found, curve = check_packet_chain(40_000)
    assert found.holds and len(curve.x) == 121
    assert curve.simulated[0] == curve.known[0] == 1.0


@pytest.mark.parametrize("rate", ["exosome_tissue_entry", "organ_uptake"])
def test_a_chain_with_a_wrong_rate_is_caught(monkeypatch, rate):
    """A tenth more of one rate on the other side of the comparison."""
    honest = verification.packet_rate_matrix

    def wrong(r, body):
        body = body.copy()
        body[rate] *= 1.1
        return honest(r, body)

    monkeypatch.setattr(verification, "packet_rate_matrix", wrong)
    assert not check_packet_chain(200_000)[0].holds


@pytest.mark.gate
def test_the_burden_holds_and_another_law_does_not(monkeypatch):
    assert check_burden(6000)[0].value < 0.08
    honest = verification.simulate_burdens
    monkeypatch.setattr(
        verification,
        "simulate_burdens",
        lambda p, *rest: honest(p.change({"senescence.noise": 2 * p.senescence.noise}), *rest),
    )
    assert not check_burden(2000)[0].holds


def test_the_known_curve_of_the_chain_is_a_sum_of_two_exponentials():
    """Plasma exchanges with tissue and loses exosomes to sinks: two states, solved by hand."""
    _, curve = check_packet_chain(100)
    body = Mouse(Parameters().change(verification.NO_VARIATION), seed=1).state.records[-1]
    into, back = float(body.exosome_tissue_entry), float(body.exosome_tissue_return)
    lost = float(body.organ_uptake.sum() + body.exosome_other_clearance)
    total, hours = into + back + lost, curve.x / 60.0
    root = math.sqrt(total**2 - 4.0 * back * lost)
    fast, slow = 0.5 * (total + root), 0.5 * (total - root)
    known = (fast - back) * np.exp(-fast * hours) + (back - slow) * np.exp(-slow * hours)
    assert curve.known == pytest.approx(known / root, rel=1e-9)


def test_the_integrated_equations_come_to_the_published_table():
    for share, (glucose, *_) in TOPP_TABLE.items():
        assert integrate_topp_glucose(share) == pytest.approx(glucose, abs=0.05)


def test_a_departure_that_is_no_number_fails():
    assert (
        check_bound("x", "y", 0.009, 0.01).holds and not check_bound("x", "y", -0.011, 0.01).holds
    )
    assert not check_bound("x", "y", math.nan, 0.01).holds


def test_figure_and_table_hold_every_check(tmp_path):
    checks = [check_bound("one", "first", 0.5, 1.0), check_bound("two", "second", 9.0, 1.0, 0.1)]
    lines = write_table(VerificationCheck, checks, tmp_path / "v.csv").read_text().splitlines()
    assert lines[1].endswith("yes") and lines[2].endswith("no")
    figure = find_figure("verification")(checks, [check_packet_chain(1000)[1]])
    assert [t.get_text() for t in figure.axes[-1].get_yticklabels()] == ["one", "two"]


@pytest.mark.gate
def test_ticks_and_packets_of_small_mice():
    """Small mice are noisy, so what is asked is that no gap lies four standard errors out."""
    found = check_half_ticks(12, 2, SMALL) + check_finer_packets(12, 2, SMALL)
    assert len(found) == 16
    for one in found:
        assert abs(one.value) < one.bound + 4 * one.standard_error, one


@pytest.mark.long
def test_every_bound_is_kept_by_default_mice(tmp_path, capsys):
    code = run_safely(["analyse", "verify", "--json", "--out", str(tmp_path / "v")])
    printed = json.loads(capsys.readouterr().out)
    assert code == 0, [row for row in printed if not row["holds"]]
