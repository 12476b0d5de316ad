"""Ablations: one acts in every mouse, donors too, and removes what it should remove."""

import json

import pytest

from gutexo.analysis.ablations import (
    ABLATIONS,
    AblatedEffect,
    list_followed_effects,
    loop_gains,
    simulate_ablations,
)
from gutexo.analysis.tables import write_table
from gutexo.catalogue import Parameters
from gutexo.catalogue.rates import RATE_NAMES
from gutexo.cli.app import run_safely
from gutexo.errors import GutexoError
from gutexo.figures import find_figure
from gutexo.protocol.standard_studies import transfer
from tests.conftest import SMALL

BY_NAME = {one.name: one for one in ABLATIONS}


@pytest.mark.parametrize("ablation", ABLATIONS, ids=lambda c: c.name)
def test_an_ablation_names_rates_and_parameters_that_exist(ablation):
    assert set(ablation.factors) <= set(RATE_NAMES) and ablation.meaning
    Parameters().change(ablation.changes)


def test_an_ablation_is_made_in_recipients_and_donors():
    study = BY_NAME["no barrier cargo"].apply(transfer())
    arm = study.arm("young + old exosomes")
    donors = arm.interventions[0].source.life
    for life in (arm.life, donors):
        assert life.interventions[-1].modifiers(0.0) == {"cargo.load_barrier": 0.0}
    plain = BY_NAME["nothing cut"].apply(transfer()).arm("young + old exosomes")
    assert plain.life.digest() == transfer().arm("young + old exosomes").life.digest()


def test_a_changed_parameter_reaches_donors():
    study = BY_NAME["no protection of insulin signalling"].apply(transfer())
    donors = study.arm("old + young exosomes").interventions[0].source.life
    assert donors.parameters().insulin.cargo_protection == 0.0


def test_an_unknown_ablation_gets_one_line():
    with pytest.raises(GutexoError, match="did you mean 'no TNF'"):
        simulate_ablations(["no TFN"])
    assert run_safely(["analyse", "ablations", "--cut", "no TFN"]) == 2


def rows():
    for name, ratio, survives in (("nothing cut", 1.4, True), ("no TNF", 1.0, False)):
        for where in list_followed_effects():
            yield AblatedEffect(name, *where, ratio, 0.9 * ratio, 1.1 * ratio, survives)


def test_table_and_figure_hold_every_row(tmp_path):
    found = list(rows())
    lines = write_table(AblatedEffect, found, tmp_path / "a.csv").read_text().splitlines()
    assert len(lines) == 1 + 2 * len(list_followed_effects()) and lines[-1].endswith(",no")
    figure = find_figure("ablations")(found)
    written = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert sum("lost" in text for text in written) == len(list_followed_effects())
    with pytest.raises(GutexoError, match="at least one"):
        find_figure("ablations")([])


@pytest.mark.long
def test_without_uptake_every_transfer_effect_is_lost(tmp_path, capsys):
    """Two small mice, from the command line."""
    changes = [f"--set={name}={value}" for name, value in SMALL.items()]
    out = tmp_path / "ablations"
    command = ["analyse", "ablations", "--cut", "no exosome uptake", "--replicates", "2"]
    assert run_safely([*command, "--json", "--out", str(out), *changes]) == 0
    printed = json.loads(capsys.readouterr().out)
    ablated = [row for row in printed if row["cut"] == "no exosome uptake"]
    assert len(ablated) == len(list_followed_effects()) and len(printed) == 2 * len(ablated)
    transfers = [row for row in ablated if "exosomes" in row["arm"]]
    assert {row["ratio"] for row in transfers} == {1.0}
    assert not any(row["survives"] for row in transfers)
    names = {p.name for p in out.iterdir()}
    assert names == {"ablations.csv", "ablations.png", "ablations.svg", "loop_gain.csv"}


def test_the_rival_brings_lps_along_and_nothing_else():
    study = BY_NAME["LPS in place of cargo"].apply(transfer())
    arm = study.arm("young + old exosomes")
    given = arm.interventions[0]
    assert given.lps_share == 1.0
    loads = {name: 0.0 for name in RATE_NAMES if name.startswith("cargo.load_")}
    assert given.source.life.interventions[-1].modifiers(0.0) == loads
    plain = transfer().arm("young + old exosomes").interventions[0]
    assert plain.lps_share == 0.0


@pytest.mark.gate
def test_gains_are_below_one_and_fall_where_tnf_sheds_no_epithelium():
    found = {(one.age, one.through): one.gain for one in loop_gains()}
    ages = ("young", "middle-aged", "old")
    assert set(found) == {(a, t) for a in ages for t in ("signals", "induction")}
    assert all(0.0 < gain < 1.0 for gain in found.values())
    assert all(found[age, "signals"] < found[age, "induction"] for age in ages)
    quiet = {
        (one.age, one.through): one.gain for one in loop_gains({"epithelium.injury_by_tnf": 0})
    }
    assert all(quiet[key] < 0.5 * gain for key, gain in found.items())
