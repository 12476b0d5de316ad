"""What is too large is refused at once, before anything is read, made or run."""

import os
import subprocess
import sys

import pytest

from gutexo.body.mouse_size import check_fits_memory, count_agents, estimate_mouse_bytes
from gutexo.catalogue import Parameters
from gutexo.cli.app import run_safely
from gutexo.cli.options import Options, build_request
from gutexo.cohort.cost import PROBED_AGENTS, coarsen_for_timing, estimate_cost
from gutexo.cohort.study_run import run_study
from gutexo.errors import GutexoError
from gutexo.protocol.standard_studies import study
from gutexo.protocol.study import MOST_REPLICATES, Scenario, Study
from gutexo.protocol.sweep import sweep

DIGITS = "9" * 5000


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--replicates", "9000000000000000000"], "1 to 100000"),
        (["--replicates", str(MOST_REPLICATES + 1)], "1 to 100000"),
        (["--replicates", DIGITS], "--replicates"),
        (["--seed", str(10**30)], "whole number"),
        (["--seed", DIGITS], "--seed"),
        (["--jobs", str(10**6)], "1 to 4096"),
        (["--set", f"barrier.leak={DIGITS}"], "barrier.leak"),
        (["--set", f"resolution.segments={DIGITS}"], "resolution.segments"),
        (["--set", "x" * 10**5 + "=1"], "does not exist"),
        (["--config", "/dev/zero"], "is a device"),
        (["--posterior", "/dev/zero"], "is a device"),
        (["--config", "/"], "is a folder"),
        (["--posterior", "/"], "is a folder"),
    ],
    ids=lambda value: " ".join(value)[:30] if isinstance(value, list) else "",
)
def test_an_option_that_is_too_large_is_a_line(arguments, said, capsys):
    assert run_safely(["study", "--dry-run", *arguments]) == 2
    printed = capsys.readouterr().err
    assert said in printed and printed.count("\n") == 1 and len(printed) < 2200


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (".".join("a" * 300_000) + " = 1", "too deeply nested"),
        (".".join(['"a#b"'] * 1000) + " = 1", "too deeply nested"),
        ("[" + " . ".join("a" * 1000) + "]", "too deeply nested"),
        ("x = {" + ".".join("a" * 1000) + " = 1}", "too deeply nested"),
        ("x = " + "[" * 200_000, "too deeply nested"),
        ("x = " + "{a=" * 100_000, "too deeply nested"),
        (f"seed = {DIGITS}", "too many digits"),
        ("seed = 0x" + "f" * 5000, "seed must be a whole number"),
        (f"[parameters.barrier]\nleak = 0x{'f' * 5000}", "barrier.leak"),
        (f"[parameters.barrier]\nleak = {DIGITS}.0", "barrier.leak"),
        ("replicates = 9000000000000000000", "1 to 100000"),
        ("x" * 1_000_001, "1 MB at most"),
    ],
    ids=range(12),
)
def test_a_configuration_that_is_too_large_is_a_line(tmp_path, content, said, capsys):
    path = tmp_path / "c.toml"
    path.write_text(content, encoding="utf-8")
    assert run_safely(["study", "--dry-run", "--config", str(path)]) == 2
    printed = capsys.readouterr().err
    assert said in printed and printed.count("\n") == 1 and len(printed) < 600, printed


def test_a_pipe_is_not_waited_for(tmp_path, capsys):
    os.mkfifo(tmp_path / "pipe")
    for option in ("--config", "--posterior"):
        assert run_safely(["study", "--dry-run", option, str(tmp_path / "pipe")]) == 2
        assert "is a pipe" in capsys.readouterr().err


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte-order mark"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["unix", "windows"])
def test_a_configuration_of_any_editor_is_read(tmp_path, mark, end):
    lines = [b"seed = 7 # " + "µ ... and so on .....................................".encode()]
    lines += [b"[parameters.barrier]", b"leak = 5.0", b""]
    (tmp_path / "c.toml").write_bytes(mark + end.join(lines))
    request = build_request(Options(config=tmp_path / "c.toml"))
    assert request.seed == 7 and request.changes == {"barrier": {"leak": 5.0}}


def test_a_configuration_in_utf_16_is_a_line(tmp_path, capsys):
    (tmp_path / "c.toml").write_bytes("seed = 7".encode("utf-16"))
    assert run_safely(["study", "--config", str(tmp_path / "c.toml")]) == 2
    assert "UTF-16" in capsys.readouterr().err


def test_a_script_has_the_same_bound():
    plan = study("old to young")
    for wrong in (9 * 10**18, MOST_REPLICATES + 1, 10**5000):
        with pytest.raises(GutexoError, match="replicates"):
            run_study(plan, replicates=wrong)


def test_a_grid_is_counted_before_it_is_made():
    grid = {name: list(range(1, 1001)) for name in ("barrier.leak", "immune.lps_half", "x.y")}
    with pytest.raises(GutexoError, match="10000 points; got 1000000000"):
        sweep(study("old to young"), grid)


def test_a_run_has_a_number_of_mice_at_most():
    arms = tuple(Scenario(name=f"{number}") for number in range(11))
    with pytest.raises(GutexoError, match="more than a run may have"):
        estimate_cost(Study(name="many", arms=arms), MOST_REPLICATES, 1)
    with pytest.raises(GutexoError, match="more than a run may have"):
        run_study(Study(name="many", arms=arms), replicates=MOST_REPLICATES)


def test_a_large_run_is_planned_without_its_mice():
    few, many = (
        estimate_cost(study("exosome transfer"), count, 1) for count in (1, MOST_REPLICATES)
    )
    assert (many.mice, many.lives, many.days) == tuple(
        MOST_REPLICATES * one for one in (few.mice, few.lives, few.days)
    )


def test_a_mouse_that_memory_cannot_hold_is_refused(monkeypatch):
    usual = Parameters()
    monkeypatch.setattr("gutexo.body.mouse_size.total_memory", lambda: 1_000_000_000)
    check_fits_memory(usual, mice=64)
    huge = usual.change({"resolution.packets": 1e7})
    assert estimate_mouse_bytes(huge) > 1e9
    plain = Study(name="plain", arms=(Scenario(name="untouched"),))
    undosed = plain.change({"resolution.packets": 1e7})
    with pytest.raises(GutexoError, match="GB of memory; there are 1 GB"):
        check_fits_memory(huge)
    with pytest.raises(GutexoError, match=r"--jobs\) of 1e\+07 packets"):
        check_fits_memory(usual.change({"resolution.packets": 1e7}), mice=64)
    with pytest.raises(GutexoError, match="GB of memory"):
        estimate_cost(undosed, 1, 1)
    with pytest.raises(GutexoError, match="GB of memory"):
        run_study(undosed, replicates=1)
    monkeypatch.setattr("gutexo.body.mouse_size.total_memory", lambda: None)
    check_fits_memory(huge)


@pytest.mark.gate
def test_the_command_answers_soon_about_a_huge_mouse():
    """Seconds, where trying such a mouse takes minutes; the bound is for a loaded machine."""
    command = [sys.executable, "-c", "from gutexo.cli import main; main()", "study", "--dry-run"]
    done = subprocess.run(
        [*command, "--set", "resolution.packets=1e7"], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith("gutexo: ") and done.stderr.count("\n") == 1, done.stderr
    assert "resolution." in done.stderr


def test_only_a_small_mouse_is_tried():
    usual = Parameters()
    assert coarsen_for_timing(usual) is usual
    for changes in (
        {"resolution.packets": 1e7},
        {"resolution.segments": 512, "resolution.enterocytes": 1000, "resolution.macrophages": 900},
        {"resolution.hepatocytes": 100_000, "resolution.packets": 1e6},
    ):
        large = usual.change(changes)
        assert count_agents(coarsen_for_timing(large)) <= 1.1 * PROBED_AGENTS < count_agents(large)
