"""Sheets for a class: numbers of the run, nothing that is fetched, nothing unescaped."""

import re
from xml.etree import ElementTree

import pytest

from gutexo.analysis.effects import estimate_effect
from gutexo.cohort.provenance import MICE_ONLY_NOTE
from gutexo.errors import GutexoError
from gutexo.page.worksheet import READOUTS, _bound, _schedule, answers, worksheets
from gutexo.page.worksheet_charts import _step
from gutexo.protocol.standard_studies import study
from gutexo.protocol.study import Scenario, Study
from tests.figures.made_up import result

PLAN = study("exosome transfer")


def parsed(page):
    """The page as a tree: it is well-formed, so any browser reads it the same."""
    text = page.removeprefix("<!DOCTYPE html>").replace("&#160;", " ")
    return ElementTree.fromstring(text)


def rows_of(page, header):
    """Cells of the table whose head begins with some words; rows of a group begin with its name."""
    for table in parsed(page).iter("table"):
        lines = [["".join(cell.itertext()) for cell in row] for row in table.iter("tr")]
        if not all(map(str.startswith, lines[0], header)):
            continue
        rows, group = [], []
        for line in lines[1:]:
            if len(line) == 1:
                group = line
            else:
                rows.append(group + line)
        return rows
    raise AssertionError(header)


def test_numbers_are_those_of_the_result():
    data = result()
    _, teacher = worksheets(PLAN, data)
    rows = rows_of(teacher, ["readout", "ratio"])
    assert len(rows) == len(PLAN.comparisons) * len(READOUTS)
    for row, (arm, comparator, readout) in zip(
        rows, ((*pair, name) for pair in PLAN.comparisons for name in READOUTS), strict=True
    ):
        e = estimate_effect(data, readout, arm, comparator)
        assert row[:2] == [f"{arm} against {comparator}", readout]
        assert row[2] == f"{e.ratio:.2f}"
        low, high = (float(end) for end in row[3].split(" to "))
        assert low == pytest.approx(e.ratio_low, abs=0.005)
        assert high == pytest.approx(e.ratio_high, abs=0.005)
        said = "up" if e.ratio_low > 1 else "down" if e.ratio_high < 1 else "cannot"
        assert row[4].startswith(said)


def test_two_digits_do_not_hide_the_side_of_an_end():
    assert [_bound(end) for end in (0.9981, 1.0004, 1.0, 0.94)] == [
        "0.998",
        "1.0004",
        "1.00",
        "0.94",
    ]


def test_students_see_no_answer():
    data = result()
    student, teacher = worksheets(PLAN, data)
    assert "95 %" not in student and "polyline" not in student and "<polyline" in teacher
    ticks = rows_of(student, ["readout", "tick"])
    assert len(ticks) == len(answers(data, PLAN.comparisons))
    assert all(row[2:] == ["☐ up", "☐ down", "☐ unchanged"] for row in ticks)
    arms = rows_of(student, ["group", "age of the mice"])
    assert [row[0] for row in arms] == [arm.name for arm in PLAN.arms]
    assert arms[2][1:] == [
        "90 days",
        "exosomes of donors 730 days old",
        "28, once a day, each the exosomes of 1 donor",
    ]


def test_doses_are_told_as_people_say_them():
    assert _schedule(1, 1.0) == "one dose"
    assert _schedule(28, 1.0) == "28, once a day"
    assert _schedule(14, 2.0) == "14, one every 2 days"
    assert _schedule(6, 0.5) == "6, 2 times a day"
    one, _ = worksheets(PLAN, result(mice=1))
    assert "one simulated mouse;" in one and "1 mice" not in one


def test_axes_have_round_numbers():
    for high, step in ((23.7, 5.0), (4.67, 1.0), (1.0, 0.2), (0.034, 0.01), (99.0, 20.0)):
        assert _step(high) == step and 3 <= high / step <= 6


def test_a_sheet_stands_alone_and_says_mice():
    for page in worksheets(PLAN, result(mice=1)):
        parsed(page)
        assert not re.search(r"https?:|//|<script|<link|<img|@import|url\(", page)
        assert MICE_ONLY_NOTE in page.replace("&#x27;", "'")
        assert "nan" not in page.lower().replace("vena", "")


def test_names_are_escaped():
    names = ("young + <b>vehicle</b> & 'more'", 'old + "exosomes" <script>')
    plan = Study(
        name="a <i>study</i>",
        question="Is 1 < 2?",
        arms=tuple(Scenario(name=name) for name in names),
        comparisons=((names[1], names[0]),),
    )
    data = result(arms=dict.fromkeys(names, 1.0))
    for page in worksheets(plan, data, "a & b"):
        text = "".join(parsed(page).itertext())
        assert names[0] in text and names[1] in text and "Is 1 < 2?" in text
        assert "<script" not in page and "<b>" not in page


def test_what_cannot_be_written_is_told():
    with pytest.raises(GutexoError, match="compares nothing"):
        worksheets(study("ageing"), result())
    with pytest.raises(GutexoError, match="HOMA-IR"):
        worksheets(PLAN, result().drop_vars("HOMA-IR"))
