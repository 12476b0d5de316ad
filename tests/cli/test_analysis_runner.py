"""The runner of analyses: one dry run, one way of writing and reporting, options declared once."""

import inspect
import json
from dataclasses import dataclass

import pytest

from gutexo.analysis.scorecard import cohorts, lives_to_the_end
from gutexo.analysis.scorecard.scored_studies import list_scored_studies
from gutexo.cli.analyse_app import analyse
from gutexo.cli.analysis_runner import (
    Analysis,
    AnalysisCost,
    AnalysisPlan,
    Findings,
    run_analysis,
)
from gutexo.cli.app import run_safely
from gutexo.cli.arguments import FIRST, LAST, OPTIONS, with_options
from gutexo.cli.options import Options
from gutexo.errors import GutexoError
from tests.conftest import SMALL

SMALL_MICE = [f"--set={name}={value}" for name, value in SMALL.items()]


@dataclass(frozen=True)
class Row:
    name: str
    value: float


ANALYSIS = Analysis("made up", {"rows.csv": Row}, texts=("note.txt",))


def run(options, said=None):
    said = [] if said is None else said

    def compute():
        said.append("computed")
        return Findings(
            {"value": 2.0}, ["two"], {"rows.csv": [Row("a", 2.0)]}, texts={"note.txt": "n\n"},
            exit_code=3,
        )  # fmt: skip

    def estimate():
        said.append("estimated")
        return AnalysisCost({"mice": 4, "arms": ["one", "two"]}, "4 mice")

    return run_analysis(ANALYSIS, options, lambda run: AnalysisPlan(compute, estimate))


def test_an_analysis_says_its_cost_then_writes_and_reports(tmp_path, capsys):
    said = []
    assert run(Options(out=tmp_path / "a"), said) == 3 and said == ["estimated", "computed"]
    assert capsys.readouterr().out == "4 mice\ntwo\n"
    assert {path.name for path in (tmp_path / "a").iterdir()} == {"rows.csv", "note.txt"}
    with pytest.raises(GutexoError, match="holds rows.csv already"):
        run(Options(out=tmp_path / "a"))
    assert run(Options(out=tmp_path / "a", force=True, json=True)) == 3
    assert json.loads(capsys.readouterr().out) == {"value": 2.0}


def test_a_quiet_one_is_not_timed(capsys):
    said = []
    assert run(Options(quiet=True), said) == 3 and said == ["computed"]
    assert capsys.readouterr().out == ""


def test_a_dry_run_computes_nothing_and_makes_no_folder(tmp_path, capsys):
    said = []
    assert run(Options(out=tmp_path / "a", dry_run=True), said) == 0 and said == ["estimated"]
    assert capsys.readouterr().out == "mice            4\narms            one, two\n"
    assert run(Options(out=tmp_path / "a", dry_run=True, json=True)) == 0
    assert json.loads(capsys.readouterr().out) == {"mice": 4, "arms": ["one", "two"]}
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize(
    "command",
    [
        ["scorecard"],
        ["ablations", "--cut", "no pore"],
        ["verify"],
        ["box", "--posterior", "none"],
        ["design", "--posterior", "none"],
    ],
    ids=lambda command: command[0],
)
def test_every_analysis_of_minutes_has_a_dry_run(command, tmp_path, capsys):
    """The facts that are printed are those of the JSON."""
    command = ["analyse", *command, *SMALL_MICE, "--replicates", "2", "--jobs", "1", "--dry-run"]
    if command[1] == "box":
        command = [word for word in command if word not in ("--replicates", "2")]
    command += ["--out", str(tmp_path / "a")]
    assert run_safely([*command, "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert {"minutes", "seed", "jobs"} <= set(facts) and facts["minutes"] >= 0
    assert command[1] == "box" or facts["mice"] > 0
    assert run_safely(command) == 0
    printed = capsys.readouterr().out.splitlines()
    assert all(line.startswith(name) for line, name in zip(printed, facts, strict=True)), printed
    assert not (tmp_path / "a").exists()


def test_the_scored_studies_are_those_that_are_run(monkeypatch):
    ran = []

    class Run:
        def __init__(self, study, replicates, **_):
            ran.append((study, replicates))
            self.data = None

    monkeypatch.setattr(cohorts, "run_study", Run)
    monkeypatch.setattr(cohorts, "values_on", lambda *_: [1.0])
    mice = cohorts.ScoredMice(2, 1, 1, SMALL, (), lambda line: None)
    names = inspect.getmembers(type(mice), lambda one: type(one).__name__ == "cached_property")
    for name, _ in names:
        getattr(mice, name)
    for sex in ("female", "male"):
        mice.run(lives_to_the_end.studies.build_lives(sex), 0, lives_to_the_end.count_lives(2))
    listed = list_scored_studies(2, SMALL, validate=True)
    assert sum(count * len(study.arms) for study, count in listed) == sum(
        count * len(study.arms) for study, count in ran
    )
    assert len(list_scored_studies(2, SMALL)[0][0].arms) < len(listed[0][0].arms)


def test_shared_options_are_declared_once_and_given_as_one():
    given = []

    @with_options((*FIRST, "posterior"), without=("seed",))
    def command(options: "Options", own: int = 3) -> int:
        given.append((options, own))
        return 0

    names = list(inspect.signature(command).parameters)
    first = [name for name in (*FIRST, "posterior") if name != "seed"]
    assert names == [*first, "own", *LAST]
    assert set(OPTIONS) == set(Options.__dataclass_fields__)
    values = dict.fromkeys(names) | {"quick": True, "own": 4}
    with pytest.raises(BaseException, match="0") as done:
        command(**values)
    assert done.value.exit_code == 0 and given[0][1] == 4 and given[0][0].quick


def test_every_command_keeps_its_help():
    for one in analyse.registered_commands:
        assert one.callback.__doc__
