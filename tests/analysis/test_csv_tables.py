"""Tables on disk: columns, stable numbers, whole files or none, nothing lost unasked."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from gutexo.analysis.csv_style import CsvStyle, make_csv_style
from gutexo.analysis.effects import Effect, estimate_effects
from gutexo.analysis.tables import (
    columns_of,
    format_cell,
    format_number,
    in_columns,
    write_atomically,
    write_table,
)
from gutexo.analysis.trajectory_table import write_trajectories
from gutexo.errors import GutexoError


def result() -> xr.Dataset:
    values = np.arange(8, dtype=float).reshape(2, 2, 2) / 3 + 1
    values[1, 1, 1] = np.nan  # this mouse died
    dims = ("scenario", "replicate", "time")
    return xr.Dataset(
        {
            "HOMA-IR": (dims, values, {"units": "1"}),
            "plasma TNF": (dims, values * 1e-7, {"units": "pg/mL"}),
        },
        coords={"scenario": ["a, with comma", "b"], "replicate": [0, 1], "time": [0.0, 1.0]},
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [(1 / 3, "0.3333333333"), (28.0, "28"), (-0.0, "0"), (1e-12, "1e-12"), (math.nan, "")],
)
def test_numbers(value: float, text: str) -> None:
    assert format_number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (True, "yes"), (np.bool_(False), "no"), (7, "7"), ("a", "a"), (math.nan, "")],
)
def test_cells(value: object, text: str) -> None:
    assert format_cell(value) == text


@dataclass(frozen=True)
class Made:
    """A row of every kind of field."""

    name: str
    window: tuple[float, float] = field(metadata=in_columns("from", "to", missing=math.inf))
    kept: tuple[int, ...] = field(default=(7,), metadata=in_columns())
    holds: bool | None = None


def test_the_fields_of_a_row_are_the_columns(tmp_path: Path) -> None:
    rows = [Made("a", (1 / 3, math.inf)), Made("b", (math.nan, 2.0), (8, 9), True)]
    path = write_table(Made, rows, tmp_path / "made.csv")
    assert path.read_text() == "name,from,to,holds\na,0.3333333333,,\nb,,2,yes\n"
    with pytest.raises(GutexoError, match="--force"):
        write_table(Made, rows, path)


def test_infinity_enters_no_table(tmp_path: Path) -> None:
    with pytest.raises(GutexoError, match="finite"):
        format_number(math.inf)
    data = result()
    data["HOMA-IR"].values[0, 0, 0] = math.inf
    with pytest.raises(GutexoError, match="HOMA-IR is infinite in 'a, with comma'"):
        write_trajectories(data, tmp_path / "t.csv")
    assert list(tmp_path.iterdir()) == []


def test_trajectories(tmp_path: Path) -> None:
    path = write_trajectories(result(), tmp_path / "deep" / "trajectories.csv")
    with path.open(newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["scenario", "replicate", "day", "readout", "value", "unit"]
    assert rows[1] == ["a, with comma", "0", "0", "HOMA-IR", "1", "1"]
    assert rows[4] == ["a, with comma", "0", "1", "plasma TNF", "1.333333333e-07", "pg/mL"]
    assert len(rows) == 1 + 2 * (8 - 1)  # the dead mouse has no row on its missing day
    again = write_trajectories(result(), tmp_path / "again.csv")
    assert again.read_bytes() == path.read_bytes()
    assert b"\r" not in path.read_bytes()


def test_dims_may_come_in_any_order(tmp_path: Path) -> None:
    one = write_trajectories(result(), tmp_path / "one.csv")
    two = write_trajectories(
        result().transpose("time", "replicate", "scenario"), tmp_path / "2.csv"
    )
    assert one.read_bytes() == two.read_bytes()


def test_effects(tmp_path: Path) -> None:
    rows = estimate_effects(result(), [("b", "a, with comma")])
    path = write_table(Effect, rows, tmp_path / "effects.csv")
    with path.open(newline="") as file:
        read = list(csv.DictReader(file))
    assert tuple(read[0]) == columns_of(Effect)
    assert [row["readout"] for row in read] == ["HOMA-IR", "plasma TNF"]
    assert read[0]["replicates"] == "1"
    assert read[0]["low"] == read[0]["ratio_high"] == ""  # one pair is left: no interval
    assert float(read[0]["difference"]) == pytest.approx(4 / 3)


def test_nothing_is_overwritten_unasked(tmp_path: Path) -> None:
    path = write_table(Effect, [], tmp_path / "effects.csv")
    before = path.read_bytes()
    with pytest.raises(GutexoError, match="exists and is not replaced; .*--force"):
        write_trajectories(result(), path)
    assert path.read_bytes() == before
    write_trajectories(result(), path, force=True)
    assert path.read_bytes() != before


def test_a_failed_write_leaves_the_old_file_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_atomically(tmp_path / "x.csv", b"old")

    def broken(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("gutexo.support.paths.os.replace", broken)
    with pytest.raises(GutexoError, match="cannot be written: disk full"):
        write_atomically(path, b"new", force=True)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_decimal_comma_on_request_says_the_same(tmp_path: Path) -> None:
    data = result()
    rows = estimate_effects(data, [("a, with comma", "b")])
    for write, shown in ((partial(write_table, Effect), rows), (write_trajectories, data)):
        plain = write(shown, tmp_path / "plain.csv", force=True)
        comma = write(shown, tmp_path / "comma.csv", force=True, style=make_csv_style(decimal=","))
        texts = ("a, with comma", "b", "HOMA-IR", "plasma TNF", "1", "pg/mL")
        with open(plain, newline="") as one, open(comma, newline="") as other:
            expected = list(csv.reader(one))
            found = list(csv.reader(other, delimiter=";"))
        assert found[0] == expected[0]
        assert found == [
            [x if x in texts else x.replace(".", ",") for x in line] for line in expected
        ]
        assert any("," in x for line in found[1:] for x in line if x not in texts)


@pytest.mark.parametrize(
    ("sep", "decimal", "said"),
    [
        (None, "x", "decimal must be"),
        ("|", ".", "sep must be"),
        ("", ".", "sep must be"),
        (",", ",", "both"),
        (";;", ",", "sep must be"),
    ],
)
def test_other_marks_are_refused(sep: str | None, decimal: str, said: str) -> None:
    with pytest.raises(GutexoError, match=said):
        make_csv_style(sep, decimal)


def test_marks_go_together() -> None:
    assert make_csv_style() == CsvStyle(",", ".")
    assert make_csv_style(decimal=",") == CsvStyle(";", ",")
    assert make_csv_style("\t", ",") == CsvStyle("\t", ",")
    assert make_csv_style(";") == CsvStyle(";", ".")
