"""Names and reasons of others: a terminal shows them, and does not act on them."""

import io
import json
import sys

import pytest

from gutexo.cli.app import run_safely
from gutexo.cli.options import Options
from gutexo.cli.study import _report_result
from gutexo.cli.terminal import prepare_streams, show_table
from gutexo.cohort.provenance import provenance, run_identity
from gutexo.cohort.result import CohortResult
from gutexo.cohort.store import Store
from gutexo.protocol.study import Scenario, Study
from tests.figures import made_up

ODD = (
    "[/nope]",
    "[bold]x[/bold]",
    "swept [barrier.leak=20]",
    "\x1b[2J\x1b]0;title\x07",
    "\x9b31m",
    "two\nlines",
    "abc\u202egnp",
    "$x^2$ and $",
    ":smile: \\[x]",
)


def printable(text):
    """What a terminal gets holds nothing that it acts on."""
    return all(line.isprintable() for line in text.split("\n"))


@pytest.mark.parametrize("name", ODD, ids=range(len(ODD)))
def test_a_table_shows_every_name(name, capsys):
    show_table(name, ["name", name], [[name, name]])
    printed = capsys.readouterr().out
    assert printable(printed)
    shown = name.replace("\x1b", "\\x1b").replace("\n", "\\n").replace("\x07", "\\x07")
    shown = shown.replace("\x9b", "\\x9b").replace("\u202e", "\\u202e")
    assert printed.count(shown) == 4, printed


@pytest.fixture
def failed_run(tmp_path):
    """A made-up store: as many arms as there are odd names, each with a mouse that failed."""
    study = Study(name=ODD[0], arms=tuple(Scenario(name=name) for name in ODD))
    names = [arm.name for arm in study.arms]
    with Store.writing(tmp_path / "mice", run_identity(study, 1, 1), names, 29) as store:
        for place, name in enumerate(ODD):
            about = {"scenario": name, "replicate": 0, "seed": 5, "stage": name, "reason": name}
            store.fail((place, 0), about)
    return tmp_path


def test_list_shows_a_failed_mouse_whatever_its_reason(failed_run, capsys):
    assert run_safely(["list", str(failed_run)]) == 0
    printed = capsys.readouterr().out
    assert printable(printed)
    assert printed.count("[/nope]") == 4  # study, scenario, stage, reason
    for shown in ("[barrier.leak=20]", "\\x1b[2J\\x1b]0;title\\x07", "two\\nlines", ":smile:"):
        assert shown in printed, shown
    assert run_safely(["list", str(failed_run), "--json"]) == 0
    printed = capsys.readouterr().out
    assert printable(printed)
    assert [one["reason"] for one in json.loads(printed)["failures"]] == list(ODD)


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "\x1b[31m[/nope]\n"],
        ["study", "--set", "\x1b[31m[/nope]\n=3"],
        ["study", "--set", "barrier.leak=\x1b[31m[/nope]\n"],
        ["study", "--config", "\x1b[31m[/nope]\n"],
        ["study", "--posterior", "\x1b[31m[/nope]\n"],
        ["list", "\x1b[31m[/nope]\n"],
        ["parameters", "\x1b[31m[/nope]\n"],
        ["cite", "\x1b[31m[/nope]\n"],
        ["study", "--\x1b[31m[/nope]\n"],
        ["\x1b[31m[/nope]\n"],
    ],
    ids=lambda arguments: " ".join(arguments)[:12],
)
def test_a_mistake_shows_what_was_typed(arguments, capsys):
    assert run_safely(arguments) == 2
    printed = capsys.readouterr().err
    assert printed.count("\n") == 1 and printable(printed)
    assert "\\x1b[31m[/nope]" in printed or "control character" in printed


def test_names_in_a_configuration_are_shown(tmp_path, capsys):
    config = tmp_path / "[bold]c.toml"
    for content in (
        'study = "\\u001b[31m[/nope]"',
        'seed = "\\u001b[31m[/nope]"',
        '"\\u001b[31m[/nope]" = 1',
        '[parameters]\n"\\u001b[31m[/nope]" = 1',
        'posterior = "\\u001b[31m[/nope]"',
        'quick = "\\u001b[31m[/nope]"',
    ):
        config.write_text(content, encoding="utf-8")
        assert run_safely(["study", "--config", str(config), "--dry-run"]) == 2
        printed = capsys.readouterr().err
        assert printed.count("\n") == 1 and printable(printed), printed
        assert "\\x1b[31m[/nope]" in printed or "control character" in printed, printed


@pytest.fixture
def of_one_mouse():
    """A made-up result of one mouse an arm."""
    study = Study(name="made up", arms=tuple(Scenario(name=name) for name in made_up.ARMS))
    data = made_up.result(mice=1)
    data["activation over mean field"] = data["HOMA-IR"]
    data.attrs["provenance"] = json.dumps(provenance(study, 1, 1))
    return CohortResult(data)


def rows_of(result):
    from gutexo.analysis.effects import estimate_effects

    return list(estimate_effects(result.data, [tuple(pair) for pair in made_up.COMPARISONS]))


def test_json_of_one_mouse_is_strict_and_has_no_verdict(of_one_mouse, capsys):
    code = _report_result(of_one_mouse, rows_of(of_one_mouse), Options(json=True))
    printed = capsys.readouterr().out
    content = json.loads(printed, parse_constant=pytest.fail)
    assert content["effects"][0]["ratio_low"] is None
    assert content["effects"][0]["ratio"] > 0
    assert {fact["verdict"] for fact in content["facts"]} == {"unscored"}
    assert code == 0


def test_a_report_of_one_mouse_says_why_there_is_no_verdict(of_one_mouse, capsys):
    assert _report_result(of_one_mouse, rows_of(of_one_mouse), Options()) == 0
    printed = capsys.readouterr().out
    assert "fewer than three mice have no interval" in printed and "nan to nan" not in printed
    assert "partial:" not in printed and "fail:" not in printed


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "utf-8"])
def test_a_console_of_any_code_page_gets_all_that_it_can_show(encoding, monkeypatch):
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(io.BytesIO(), encoding=encoding))
    prepare_streams()
    assert run_safely(["list"]) == 0
    show_table("µ Ω é 老", ["name"], [["µ Ω é 老"]])
    stream.flush()
    printed = raw.getvalue().decode(encoding)
    assert "exosome transfer" in printed
    assert ("µ" if "µ".encode(encoding, "ignore") else "\\xb5") in printed
