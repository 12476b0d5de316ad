"""Studies whose mice have a draw each: the run reports it, and its files repeat it."""

import json

import pytest

from gutexo.cli import posterior
from gutexo.cli.app import run_safely
from gutexo.cli.options import Options, build_request
from gutexo.errors import GutexoError
from tests.cli.test_cli import small_config

TABLE = "barrier.leak,immune.lps_half\n5.0,8.0\n25.0,12.0\n"


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "draws.csv"
    path.write_text(TABLE)
    return path


@pytest.mark.gate
def test_a_study_over_draws_says_so_and_runs_the_same_again(tmp_path, table, capsys):
    config = small_config(tmp_path, replicates=2, jobs=1)
    command = ["run", "old to young", "--config", config, "--posterior", str(table), "--seed", "4"]
    out = tmp_path / "out"
    assert run_safely([*command, "--out", str(out)]) in (0, 3)  # tiny mice need not show the signs
    assert "Each mouse has one of 2 parameter draws" in capsys.readouterr().out
    assert (out / "draws.csv").read_text().startswith("barrier.leak,immune.lps_half")
    assert run_safely(["study", "--config", str(out / "resolved.toml"), "--out", str(out)]) == 0
    assert "already holds this run" in capsys.readouterr().out
    manifest = json.loads((out / "manifest.json").read_text())
    assert len(manifest["identity"]["draws"]) == 2
    without = ["run", "old to young", "--config", config, "--seed", "4", "--out", str(out)]
    assert run_safely(without) == 2
    assert "(draws differ)" in capsys.readouterr().err


def test_mistakes_are_one_line(tmp_path, table, capsys):
    for more, said in (
        (["--posterior", "lannded"], "does not exist"),
        (["--posterior", str(table), "--set", "barrier.leak=4"], "gives it already"),
    ):
        assert run_safely(["study", "--dry-run", *more]) == 2
        printed = capsys.readouterr().err
        assert said in printed and printed.count("\n") == 1
    assert run_safely(["study", "--dry-run", "--json", "--posterior", str(table)]) == 0
    assert json.loads(capsys.readouterr().out)["draws"] == 2


def test_scripts_take_draws_too(table):
    import gutexo as gut

    assert gut.posterior(file=table) == [
        {"barrier.leak": 5.0, "immune.lps_half": 8.0},
        {"barrier.leak": 25.0, "immune.lps_half": 12.0},
    ]
    assert len(gut.posterior(1, file=table)) == 1
    with pytest.raises(GutexoError, match="at least one draw"):
        gut.posterior(0, file=table)


def test_a_configuration_names_draws_beside_itself(tmp_path, table):
    config = tmp_path / "some.toml"
    config.write_text('posterior = "draws.csv"\n')
    options = Options(config=config)
    request = build_request(options)
    assert len(posterior.read_requested_draws(options, request, 5)) == 2
    config.write_text('posterior = "none"\n')
    assert posterior.read_requested_draws(options, build_request(options), 5, "landed") == []
    config.write_text("posterior = 3\n")
    with pytest.raises(GutexoError, match="posterior must be a name or a file; got 3"):
        build_request(options)
