"""The version of the code: what changes a result changes it, what is only read does not."""

import shutil
from pathlib import Path

import pytest

from gutexo.analysis import evaluation
from gutexo.support import code_digest

PACKAGE = Path(code_digest.__file__).parents[1]


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    folder = tmp_path_factory.mktemp("copy") / "gutexo"
    shutil.copytree(PACKAGE, folder, ignore=shutil.ignore_patterns("__pycache__", "static"))
    return folder


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("GUTEXO_CACHE", str(tmp_path_factory.getbasetemp() / "code-digests"))


def edited(copied, file, old, new):
    """Digests before and after an edit of a copy, which is taken back."""
    path = copied / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {file} any more"
    before = code_digest.rules_digest(copied)
    try:
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return before, code_digest.rules_digest(copied)
    finally:
        path.write_text(text, encoding="utf-8")


KEEPS = [
    ("biology/barrier.py", '"""The gut wall:', '"""A gut wall:'),
    ("biology/barrier.py", "Speed at which open tight", "The speed at which open tight"),
    (
        "biology/barrier.py",
        "@rule\ndef injury_rate",
        "# how cells are shed\n@rule\ndef injury_rate",
    ),
    ("body/summary.py", "d old, day", "days old, day"),
    ("support/html.py", "<table><caption>", "<table><caption> "),
    ("catalogue/sources/ageing.py", "only secondary pages", "only some secondary pages"),
    ("catalogue/reference_record.py", "A source; what", "A source: what"),
    ("catalogue/values/barrier.py", 'meaning="tight-junction repair"', 'meaning="repair"'),
    ("catalogue/values/barrier.py", 'derived="assumed; read: 12.5', 'derived="read: 12.5'),
    ("catalogue/values/barrier.py", 'F = "feasibility-search"', 'F = "feasibility-search-2"'),
    ("catalogue/values/barrier.py", '"1/d", 0.01, 5.0', '"1/d", 0.02, 4.0'),
    ("catalogue/patterns.toml", "use = ", "use  = "),
    ("body/observables.py", "4-kDa dextran by gavage", "Dextran by gavage"),
    ("catalogue/signals.py", '"TNF at the end of the day"', '"TNF"'),
    ("catalogue/rates.py", '"protective load"', '"the protective load"'),
    ("body/agents.py", "share of closed tight junctions", "closed tight junctions"),
    ("body/young_levels.py", "(1.0 - stay) / net", "(1.0 -  stay)  / net"),
    ("body/composed_rates.py", "may not exceed 1 ", "may not be above 1 "),
    ("catalogue/rates.py", "def field_name(name: str) -> str:", 'def field_name(name: "str"):'),
    ("errors.py", "def ", "def  "),
    ("compiled.py", "no fused multiply-add", "nor fused multiply-add"),
    ("body/mouse.py", "summarise(self))", "summarise(self)) + 'a mouse'"),
]
VOIDS = [
    ("biology/barrier.py", "1.0 + leak", "1.1 + leak"),
    ("biology/barrier.py", "(1.0 - junction)", "(1.0 + junction)"),
    ("biology/portable_math.py", "def ", "def also(): return 1\n\n\ndef "),
    ("catalogue/values/barrier.py", "parameter(0.7859,", "parameter(0.7858,"),
    ("catalogue/values/exosome.py", "parameter(", "parameter(1 + "),
    (
        "catalogue/values/resolution.py",
        "segments: int = parameter(64,",
        "segments: int = parameter(65,",
    ),
    ("catalogue/values/barrier.py", "    repair: float", "    mending: float"),
    ("body/young_levels.py", "(1.0 - stay) / net", "(1.0 - stay) * net"),
    ("body/rates.py", "LN2 = 0.6931471805599453", "LN2 = 0.6931471805599454"),
    ("catalogue/values/barrier.py", ', varies=True, meaning="tight', ', meaning="tight'),
    ("catalogue/values/barrier.py", 'rate="tight_junction.loss", ', ""),
    ("catalogue/values/epithelium.py", '0.01, "1/d"', '0.01, "1/h"'),
    ("catalogue/signals.py", "secretion_varies=True", "secretion_varies=False"),
    ("catalogue/signals.py", '"IL-10",\n        "il10"', '"interleukin-10",\n        "il10"'),
    ("catalogue/organs.py", '"adipocyte",', '"fat cell",'),
    (
        "catalogue/rates.py",
        '"cargo.load_insulin_resistance", "insulin-resistance load", varies=True',
        '"cargo.load_insulin_resistance", "insulin-resistance load"',
    ),
    ("body/agents.py", 'Column("segments", "junction",', 'Column("segments", "pore",'),
    ("compiled.py", 'error_model="numpy"', 'error_model="python"'),
]


@pytest.mark.parametrize(("file", "old", "new"), KEEPS)
def test_words_void_nothing(copied, file, old, new):
    before, after = edited(copied, file, old, new)
    assert before == after


@pytest.mark.parametrize(("file", "old", "new"), VOIDS)
def test_what_changes_a_result_voids(copied, file, old, new):
    before, after = edited(copied, file, old, new)
    assert before != after


def test_what_is_remembered_of_it_is_never_believed_blindly(copied, tmp_path, monkeypatch):
    monkeypatch.setenv("GUTEXO_CACHE", str(tmp_path))
    files = code_digest.list_modules(["body/stages"], copied)
    right = code_digest.digest_files(files, copied)
    memo = tmp_path / "code-digests.json"
    whole = memo.read_bytes()
    monkeypatch.setattr(code_digest, "syntax_digest", lambda source: pytest.fail("read anew"))
    assert code_digest.digest_files(files, copied) == right
    monkeypatch.undo()
    monkeypatch.setenv("GUTEXO_CACHE", str(tmp_path))
    middle = whole.index(b'"known"') + 60
    for damaged in (
        b"",
        whole[:200],
        b"[]",
        b"null",
        b"[" * 200_000,
        b"\xff" + whole,
        whole.replace(b'"known": {', b'"known": [', 1),
        whole[:middle]
        + (b"0" if whole[middle : middle + 1] != b"0" else b"1")
        + whole[middle + 1 :],
    ):
        memo.write_bytes(damaged)
        assert code_digest.digest_files(files, copied) == right
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("GUTEXO_CACHE", str(blocked))
    assert code_digest.digest_files(files, copied) == right


def test_answers_are_kept_where_only_words_changed(tmp_path, monkeypatch):
    """Calibrations and sensitivities know the code that answered by its syntax too."""

    def version(text):
        (tmp_path / "law.py").write_text(text)
        monkeypatch.setattr(
            evaluation, "list_modules", lambda parts: [tmp_path / part for part in parts]
        )
        monkeypatch.setattr(
            evaluation,
            "digest_files",
            lambda paths: code_digest.digest_files(paths, tmp_path),
        )
        return evaluation.code_version.__wrapped__("law.py")

    first = version('"""A law."""\nX = 1.0\n')
    assert first == version('"""The law."""\n# of nature\nX = 1.0\n') != version("X = 1.5\n")
