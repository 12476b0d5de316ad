"""`gutexo export`: a file for other simulators."""

import pytest

from gutexo.cli.app import run_safely

pytest.importorskip("libsbml", reason="python-libsbml is not installed")


def test_a_file_is_written_and_not_overwritten(tmp_path, capsys):
    path = tmp_path / "mouse.xml"
    words = ["export", "--sbml", str(path), "--segments", "8"]
    assert run_safely([*words, "--set", "barrier.repair=0.5"]) == 0
    assert "readings" in capsys.readouterr().out
    text = path.read_text(encoding="utf-8")
    assert 'id="barrier_repair"' in text and 'value="0.5"' in text
    assert run_safely(words) == 2
    assert "--force" in capsys.readouterr().err
    assert run_safely([*words, "--force"]) == 0
    assert path.read_text(encoding="utf-8") != text


@pytest.mark.parametrize(
    "words,said",
    [
        (["--segments", "3"], "resolution.segments"),
        (["--set", "barrier.repair=0.5,0.6,0.7"], "several values"),
        (["--set", "resolution.segments=32"], "--segments"),
        (["--set", "nothing.here=1"], "nothing"),
    ],
)
def test_wrong_words_are_refused(tmp_path, capsys, words, said):
    path = tmp_path / "mouse.xml"
    assert run_safely(["export", "--sbml", str(path), *words]) == 2
    assert said in capsys.readouterr().err and not path.exists()
