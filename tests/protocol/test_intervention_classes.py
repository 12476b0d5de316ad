"""Interventions by name: the list, configurations, arms of the page."""

import tomllib

import pytest

from gutexo.cli.app import run_safely
from gutexo.cohort.provenance import resolved_toml
from gutexo.errors import GutexoError
from gutexo.page.wish import Wish, arms
from gutexo.protocol.intervention_classes import (
    add_interventions,
    first_sentence,
    interventions,
    make_intervention,
)
from gutexo.protocol.standard_studies import study
from gutexo.protocol.treatments import Butyrate

STUDY = study("exosome transfer")
TABLES = [
    {"name": "Butyrate", "strength": 2.0, "start": "1 d"},
    {
        "name": "Factors",
        "factors": {"tight_junction.repair": 2.0},
        "arms": ["young + vehicle"],
    },
    {"name": "BarrierLesion", "stretch": [0.1, 0.5]},
]


def test_every_class_says_what_it_is():
    assert {"Butyrate", "GiveExosomes", "Vehicle", "Senolytic"} <= set(interventions())
    for kind in interventions().values():
        assert 5 < len(first_sentence(kind)) < 100


def test_they_are_added_to_all_arms_or_to_some():
    added = add_interventions(STUDY, TABLES)
    for before, after in zip(STUDY.arms, added.arms, strict=True):
        names = [type(item).__name__ for item in after.interventions[len(before.interventions) :]]
        some = ["Factors"] if after.name == "young + vehicle" else []
        assert names == ["Butyrate", *some, "BarrierLesion"]
    assert added.arms[0].interventions[-1].stretch == (0.1, 0.5)
    assert Butyrate(strength=2.0, start=1.0) in added.arms[0].interventions


@pytest.mark.parametrize(
    ("tables", "line"),
    [
        (3, "interventions must be tables"),
        (["Butyrate"], "interventions must be tables"),
        ([{"name": "Butirate"}], "did you mean 'Butyrate'"),
        ([{"strength": 2}], "intervention None does not exist"),
        ([{"name": ["x"]}], "does not exist"),
        ([{"name": "Butyrate", "strengh": 2}], "did you mean 'strength'"),
        ([{"name": "Butyrate", "strength": -2}], "Butyrate.strength"),
        ([{"name": "Butyrate", "arms": ["young"]}], "no arm 'young'"),
        ([{"name": "Butyrate", "arms": "young + vehicle"}], "arms must be a list"),
        ([{"name": "GiveExosomes"}], "GiveExosomes.source"),
    ],
)
def test_a_wrong_table_is_refused_in_one_line(tables, line):
    with pytest.raises(GutexoError) as refused:
        add_interventions(STUDY, tables)
    assert line in str(refused.value) and "\n" not in str(refused.value)


def test_a_resolved_configuration_gives_the_same_arms():
    added = add_interventions(STUDY, TABLES)
    content = tomllib.loads(resolved_toml(added, 2, 1, interventions=TABLES))
    assert content["interventions"] == TABLES
    assert add_interventions(STUDY, content["interventions"]).arms == added.arms


def test_a_configuration_reaches_the_run(tmp_path, capsys):
    path = tmp_path / "run.toml"
    path.write_text('quick = true\n[[interventions]]\nname = "Butirate"\n')
    assert run_safely(["study", "--config", str(path), "--dry-run"]) == 2
    assert "did you mean 'Butyrate'" in capsys.readouterr().err


def test_the_page_offers_each_with_its_defaults():
    assert {"old + Senolytic", "young + LpsBolus"} <= set(arms())
    assert not any("GiveExosomes" in name or "Factors" in name for name in arms())
    scenario = Wish.of({"arm": "old + Butyrate"}).scenarios()[0]
    assert scenario.interventions == (make_intervention("Butyrate", {}),)
    assert scenario.life.age == 730
