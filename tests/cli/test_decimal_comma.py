"""`gutexo study --decimal-comma`: the tables of a run, as a program of that language reads."""

import csv
import re

import pytest

from tests.cli.made_up_run import gutexo, without_mice


def study(out, *more):
    return gutexo("study", "--out", out, "--seed", "1", "--quiet", *more)


@pytest.fixture(autouse=True)
def made_up():
    with without_mice():
        yield


def table(path, comma):
    """The cells of a CSV, as a program of this language reads them."""
    mark = ";" if comma else ","
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines(), delimiter=mark))
    assert len({len(row) for row in rows}) == 1 < len(rows[0]) and len(rows) > 1
    return [[cell.replace(",", ".") if comma else cell for cell in row] for row in rows]


def test_tables_with_decimal_commas_say_the_same(tmp_path):
    comma, point = tmp_path / "comma", tmp_path / "point"
    assert study(comma, "--decimal-comma") in (0, 3)
    assert study(point) in (0, 3)
    for name in ("effects.csv", "trajectories.csv"):
        assert re.search(r";\d+,\d+;", (comma / name).read_text(encoding="utf-8-sig")), name
        found, usual = table(comma / name, True), table(point / name, False)
        for row, same in zip(found, usual, strict=True):
            assert row == [cell.replace(",", ".") for cell in same]
    # The folder says how it was written, and a run from its file is written so again.
    resolved = (comma / "resolved.toml").read_text()
    assert "decimal_comma = true" in resolved
    again = tmp_path / "again"
    assert gutexo("study", "--config", comma / "resolved.toml", "--out", again, "--quiet") in (0, 3)
    assert (again / "effects.csv").read_bytes() == (comma / "effects.csv").read_bytes()
