"""What --set says: one value, or several for a sweep; a decimal comma is neither."""

import pytest

from gutexo.cli.app import run_safely
from gutexo.cli.changes import parse_changes
from gutexo.cli.options import Options, build_request
from gutexo.errors import GutexoError
from gutexo.protocol.standard_studies import study
from gutexo.protocol.sweep import sweep

LEAK = "barrier.leak"


def request_of(*texts, study="sweep", config=None):
    return build_request(
        Options(changes=tuple(f"{LEAK}={text}" for text in texts), config=config), study
    )


@pytest.mark.parametrize(
    "texts,values",
    [
        (("20,60,120",), [20, 60, 120]),
        (("1", "5"), [1, 5]),
        (("1", "5,6,7"), [1, 5, 6, 7]),
        (("1.5,2.5",), [1.5, 2.5]),
        (("1.5, 2",), [1.5, 2]),
        (("1e1,2e1",), [10, 20]),
        (("10 min,20 min",), ["10 min", "20 min"]),
        (("10 min,20 min,0.5 h",), ["10 min", "20 min", "0.5 h"]),
        (("10 min", "20 min"), ["10 min", "20 min"]),
        (("0.5,1,2",), [0.5, 1, 2]),
        (("'12 min'",), ["12 min"]),
        (("+3",), [3]),
        (("5", "5"), [5]),
    ],
)
def test_values(texts, values):
    assert parse_changes(f"{LEAK}={text}" for text in texts) == {LEAK: values}


@pytest.mark.parametrize(
    "text,said",
    [
        ("1,5", f"write 1.5, or for gutexo run sweep --set {LEAK}=1 --set {LEAK}=5"),
        ("1,5 min", f'write 1.5 min, or for gutexo run sweep --set {LEAK}=1 --set {LEAK}="5 min"'),
        ("20,60", f"write 20.60, or for gutexo run sweep --set {LEAK}=20 --set {LEAK}=60"),
        ("1,500", "write 1.500 or 1500, or"),
        ("1.500,2", "write 1500.2, or"),
        ("5,100.5", "write 5100.5, or"),
        ("1,", "missing at a comma"),
        ("1,,2", "missing at a comma"),
        ("", "must be group.name=value"),
        ("''", "must be group.name=value"),
    ],
)
@pytest.mark.parametrize("command", [["run", "sweep"], ["study"]], ids=["sweep", "study"])
def test_a_decimal_comma_is_refused_with_both_spellings(text, said, command, capsys):
    assert run_safely([*command, "--set", f"{LEAK}={text}", "--dry-run"]) == 2
    printed = capsys.readouterr().err
    assert said in printed and printed.count("\n") == 1


@pytest.mark.parametrize(
    "text", ["1_000", "nan", "infinity", "１２", "9**9**9", "1 000", "5 min", "min"]
)
def test_what_python_alone_would_take_is_refused(text, capsys):
    assert run_safely(["study", "--set", f"{LEAK}={text}", "--dry-run"]) == 2
    printed = capsys.readouterr().err
    assert LEAK in printed and printed.count("\n") == 1


def test_a_sweep_goes_through_what_is_typed():
    assert request_of("1", "5").grid == {LEAK: [1, 5]} and request_of("1", "5").changes == {}
    assert request_of("20,60,120").grid == {LEAK: [20, 60, 120]}
    assert request_of("5").grid == {} and request_of("5").changes == {LEAK: 5}


@pytest.mark.parametrize("texts", [("1", "5"), ("20,60,120",)])
def test_only_a_sweep_takes_several(texts):
    with pytest.raises(GutexoError, match="has several values .*: gutexo run sweep goes"):
        request_of(*texts, study="exosome transfer")


def test_what_is_typed_wins_over_a_grid(tmp_path):
    config = tmp_path / "c.toml"
    config.write_text(f'study = "sweep"\n[sweep]\n"{LEAK}" = [2, 3]\n"barrier.repair" = [0.2]\n')
    found = request_of("5", config=config)
    assert found.grid == {LEAK: [5], "barrier.repair": [0.2]} and found.changes == {}
    assert request_of("5", "6", config=config).grid[LEAK] == [5, 6]
    assert request_of(config=config).grid[LEAK] == [2, 3]


@pytest.mark.parametrize("table", ["parameters", "sweep"])
def test_a_decimal_comma_in_a_configuration(tmp_path, capsys, table):
    config = tmp_path / "c.toml"
    value = '"1,5"' if table == "parameters" else '["1,5", "2"]'
    name = "sweep" if table == "sweep" else "old to young"
    config.write_text(f'study = "{name}"\n[{table}]\n"{LEAK}" = {value}\n')
    assert run_safely(["run", name, "--config", str(config), "--dry-run"]) == 2
    printed = capsys.readouterr().err
    assert "write 1.5" in printed and LEAK in printed and printed.count("\n") == 1


@pytest.mark.parametrize("values", ["1,5", "1,2,3", 5, None])
def test_a_grid_in_python_is_a_list(values):
    with pytest.raises(GutexoError, match=f"a sweep of {LEAK} needs a list of values; got"):
        sweep(study("old to young"), {LEAK: values})


def test_a_decimal_comma_in_a_grid():
    with pytest.raises(GutexoError, match="write 1.5"):
        sweep(study("old to young"), {LEAK: ["1,5", 3]})
