"""Sheets for a class: predict what exosomes of another age do, then compare with a run.

Both are single files to be printed: no scripts, nothing that is fetched from elsewhere. Every
number comes from the result.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from string import Template
from typing import TYPE_CHECKING

from gutexo.analysis.effects import Effect, estimate_effects
from gutexo.cohort.provenance import MICE_ONLY_NOTE
from gutexo.errors import GutexoError
from gutexo.page.worksheet_charts import axes, unit_told
from gutexo.protocol.dose_studies import describe_interval
from gutexo.protocol.exosome_treatments import GiveExosomes
from gutexo.protocol.life import checked_donors
from gutexo.protocol.study import Scenario, Study

if TYPE_CHECKING:
    import xarray

READOUTS = {
    "FITC-dextran": "How much of a dye that was swallowed is found in the blood: how leaky the gut"
    " wall is.",
    "plasma TNF": "A signal of inflammation in the blood.",
    "HOMA-IR": "From fasting glucose and insulin: how badly the body answers to insulin.",
}
VERDICTS = {
    "up": "up",
    "down": "down",
    "open": "cannot be told from unchanged with so few mice",
    "none": "no pair of mice",
}
_BOX = "&#9744;"
_PAGE = Template("""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<title>$title</title>
<style>
body { font: 11pt/1.45 Georgia, serif; color: #111; max-width: 46em; margin: 2em auto;
  padding: 0 1em }
h1 { font-size: 17pt; margin: 0 0 .2em } h2 { font-size: 13pt; margin: 1.4em 0 .3em }
table { border-collapse: collapse; width: 100%; font-size: 10pt }
th, td { border: 1px solid #777; padding: .25em .5em; text-align: left; vertical-align: top }
th { background: #eee } .n { white-space: nowrap }
tbody th { font-weight: normal; font-style: italic }
.mice { border: 2px solid #111; padding: .4em .7em; font-weight: bold }
.line { border-bottom: 1px solid #777; height: 1.9em } li { margin-bottom: .5em }
figure { margin: 1em 0; overflow-x: auto } svg { width: 100%; min-width: 34em; height: auto }
svg text { font: 11px Georgia, serif }
@page { size: A4; margin: 16mm }
@media print { body { margin: 0; max-width: none; padding: 0; font-size: 10pt }
  h2, h2 + p { break-after: avoid } p, tr, tbody, figure, li, section { break-inside: avoid }
  .page { break-before: page; break-inside: auto }
  figure { margin: .5em 0; overflow: visible } svg { min-width: 0 }
  th { -webkit-print-color-adjust: exact; print-color-adjust: exact } }
</style>
</head>
<body>
<main>
$body
</main>
</body>
</html>
""")


@dataclass(frozen=True)
class Answer:
    """What a run says to one prediction.

    Attributes:
        effect: Arm against comparator in one readout.
        verdict: "up" or "down" where the whole 95 % interval lies on that side of 1, "open" where
            it holds 1 or there is none, "none" without a ratio.
    """

    effect: Effect
    verdict: str


def answers(data: xarray.Dataset, pairs: Sequence[tuple[str, str]]) -> list[Answer]:
    """Answers to all predictions, comparison by comparison.

    Args:
        data: Result with dims scenario, replicate and time (days).
        pairs: Pairs of (arm, comparator).

    Raises:
        GutexoError: An arm or readout is not in the result.
    """
    shown = data[list(READOUTS)]
    found = {(e.arm, e.comparator, e.readout): e for e in estimate_effects(shown, pairs)}
    return [
        Answer(one, one.direction)
        for arm, comparator in pairs
        for one in (found[arm, comparator, readout] for readout in READOUTS)
    ]


def worksheets(plan: Study, data: xarray.Dataset, note: str = "") -> tuple[str, str]:
    """The student's and the teacher's sheet of a study.

    Args:
        plan: The study: arms, comparisons, question.
        data: Its result, dims scenario, replicate and time (days).
        note: How it was run, for the teacher.

    Returns:
        Two whole HTML pages.

    Raises:
        GutexoError: The study compares nothing, or a readout is missing.
    """
    if not plan.comparisons:
        raise GutexoError(f"study '{plan.name}' compares nothing: there is nothing to predict")
    missing = [name for name in READOUTS if name not in data]
    if missing:
        raise GutexoError(f"a worksheet needs the readout {missing[0]}")
    found = answers(data, plan.comparisons)
    mice = int(data.sizes["replicate"])
    start = [_experiment(plan, mice), _readouts(data), _arms(plan)]
    student = [
        f"<h1>{escape(plan.name.capitalize())}: predict, then look</h1>",
        '<p><span class="n">Name: ______________________________</span> &#160;'
        ' <span class="n">Date: ______________</span></p>',
        f'<p class="mice">{escape(MICE_ONLY_NOTE)}</p>',
        *start,
        _predictions(found),
        axes(plan, data, READOUTS, filled=False),
        _questions(),
    ]
    teacher = [
        f"<h1>{escape(plan.name.capitalize())}: the teacher's sheet</h1>",
        f'<p class="mice">{escape(MICE_ONLY_NOTE)}</p>',
        f"<p>{escape(note)}</p>" if note else "",
        *start,
        _answers(found, mice),
        axes(plan, data, READOUTS, filled=True),
        _claims(plan),
        _hints(),
    ]
    titles = (f"{plan.name}: student sheet", f"{plan.name}: teacher sheet")
    pages = [
        _PAGE.substitute(title=escape(title), body="\n".join(part for part in parts if part))
        for title, parts in zip(titles, (student, teacher), strict=True)
    ]
    return pages[0], pages[1]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; cells are HTML already."""
    return f"<table>\n{_head(head)}\n<tbody>\n{_lines(rows)}\n</tbody>\n</table>"


def _head(cells: Sequence[str], columns: int = 0) -> str:
    """The head of a table; its last cell spans what is left of so many columns."""
    left = columns - len(cells) + 1
    wide = f' colspan="{left}"' if left > 1 else ""
    inner = "".join(f"<th>{cell}</th>" for cell in cells[:-1])
    return f"<thead><tr>{inner}<th{wide}>{cells[-1]}</th></tr></thead>"


def _lines(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)


def _by_comparison(
    found: Sequence[Answer], head: Sequence[str], row: Callable[[Answer], Sequence[str]]
) -> str:
    """A table whose rows stand below the comparison they are about, and stay with it in print."""
    pairs: dict[tuple[str, str], list[Answer]] = {}
    for one in found:
        pairs.setdefault((one.effect.arm, one.effect.comparator), []).append(one)
    columns = len(row(found[0]))
    groups = [
        f'<tbody>\n<tr><th colspan="{columns}" scope="rowgroup">{escape(arm)} against'
        f" {escape(comparator)}</th></tr>\n{_lines([row(one) for one in own])}\n</tbody>"
        for (arm, comparator), own in pairs.items()
    ]
    return f"<table>\n{_head(head, columns)}\n" + "\n".join(groups) + "\n</table>"


def _count(number: float, noun: str, several: str = "") -> str:
    """A number with its noun: "1 day", "28 days"."""
    return f"{number:g} {noun if number == 1 else several or noun + 's'}"


def _experiment(plan: Study, mice: int) -> str:
    longest = max(arm.duration for arm in plan.arms)
    return (
        "<h2>What the experiment is</h2>\n"
        f"<p>{escape(plan.question)} Cells of the gut pack cargo into tiny bubbles, exosomes. Some"
        " cargo opens the gut wall, some feeds inflammation, some blocks insulin, some protects."
        " What a cell packs depends on how old and inflamed it is. In a computer, exosomes were"
        " taken from the gut of mice and given to other mice for up to"
        f" {_count(longest, 'day')}. "
        + (
            f"Each group holds {mice} simulated mice; the same {mice} mice live in every group of"
            " their age, so that each is its own control.</p>"
            if mice > 1
            else "Each group holds one simulated mouse; the same mouse lives in every group of its"
            " age, so that it is its own control.</p>"
        )
    )


def _readouts(data: xarray.Dataset) -> str:
    rows = [
        [
            *(f'<span class="n">{escape(text)}</span>' for text in (name, unit_told(data, name))),
            escape(meaning),
        ]
        for name, meaning in READOUTS.items()
    ]  # fmt: skip
    return "<h2>What is measured</h2>\n" + _table(("readout", "unit", "what it says"), rows)


def _arms(plan: Study) -> str:
    rows = []
    for arm in plan.arms:
        given, doses = _given(arm)
        rows.append([escape(arm.name), _count(arm.life.age, "day"), given, doses])
    return "<h2>The groups</h2>\n" + _table(("group", "age of the mice", "given", "doses"), rows)


def _given(arm: Scenario) -> tuple[str, str]:
    """What an arm is given and how often, as HTML."""
    given, doses = [], []
    for item in arm.interventions:
        donors = checked_donors(item)
        what = "fluid without exosomes"
        if donors is not None:
            what = f"exosomes of donors {_count(donors.life.age, 'day')} old"
        elif isinstance(item, GiveExosomes):
            what = "exosomes from a vial"
        elif type(item).__name__ != "Vehicle":
            what = type(item).__name__
        given.append(escape(what))
        if hasattr(item, "repeats"):
            each = getattr(item, "equivalents", None)
            much = f", each the exosomes of {_count(each, 'donor')}" if each is not None else ""
            doses.append(escape(_schedule(item.repeats, item.every) + much))
    return "; ".join(given) or "nothing", "; ".join(doses) or "none"


def _schedule(repeats: int, every: float) -> str:
    """How many doses, and how often."""
    if repeats == 1:
        return "one dose"
    often = describe_interval(every)
    return f"{repeats}, {often}" if often.endswith("a day") else f"{repeats}, one {often}"


def _bound(value: float) -> str:
    """An end of an interval; more digits where two would hide on which side of 1 it lies."""
    texts = [f"{value:.{digits}f}" for digits in (2, 3, 4)]
    return next((text for text in texts if float(text) != 1.0 or value == 1.0), texts[-1])


def _predictions(found: Sequence[Answer]) -> str:
    def row(one: Answer) -> list[str]:
        boxes = [f'<span class="n">{_BOX} {word}</span>' for word in ("up", "down", "unchanged")]
        return [f'<span class="n">{escape(one.effect.readout)}</span>', *boxes]

    return (
        '<section class="page">\n<h2>Your prediction</h2>\n<p>Tick one box a line: how will the'
        f" first group stand against the second on day {found[0].effect.day:g}?</p>\n"
        + _by_comparison(found, ("readout", "tick one box"), row)
        + "\n</section>"
    )


def _answers(found: Sequence[Answer], mice: int) -> str:
    def row(one: Answer) -> list[str]:
        e = one.effect
        ratio = f"{e.ratio:.2f}" if math.isfinite(e.ratio) else "-"
        interval = "-"
        if math.isfinite(e.ratio_low):
            interval = f"{_bound(e.ratio_low)} to {_bound(e.ratio_high)}"
        numbers = [
            f'<span class="n">{text}</span>' for text in (escape(e.readout), ratio, interval)
        ]
        return [*numbers, VERDICTS[one.verdict]]

    return (
        f'<section class="page">\n<h2>What this run answers, day {found[0].effect.day:g}</h2>\n'
        "<p>Ratio: geometric mean"
        f" over {_count(mice, 'mouse', 'mice')} of the mouse in the first group over the same mouse"
        " in the second; old and young mice are paired by number, not by animal. Interval: 95 %"
        " paired t interval of that mean. Up or down is said only where the whole interval lies on"
        " one side of 1. No correction is made for the number of lines: of twenty without any"
        " effect one would stand out by chance.</p>\n"
        + _by_comparison(found, ("readout", "ratio", "95 % interval", "answer"), row)
        + "\n</section>"
    )


_QUESTIONS = (
    "Why are there mice that get fluid without exosomes, and mice that get exosomes of their own"
    " age?",
    "Which of your predictions did the run bear out, which not, and which can it not decide?",
    "An interval holds 1. Does that show that nothing happens? What could you do to find out?",
    "Is it the age of the donor that acts, or what its exosomes carry? Plan an experiment that"
    " tells the two apart.",
    "The dose of the published study is not known. How would you deal with that?",
    "What would have to be shown before anybody says this about people?",
)
_HINTS = (
    "Fluid alone shows what handling and ageing do; exosomes of the same age show what any exosomes"
    " do. Without both, an effect of age cannot be told from either.",
    "Up to the class: compare with the table. A tick for unchanged is not refuted by an interval"
    " that holds 1, and not proved by it.",
    "No. The interval says which means fit these mice. More mice make it narrower.",
    "Donors that are old and well, and donors that are young and sick; exosomes without cargo. See"
    ' the study "cargo not age".',
    'Try many, and report in what share of them the answer holds ("dose and duration").',
    "Experiments with real mice first, then evidence from people. A simulation makes hypotheses.",
)


def _questions() -> str:
    lines = "".join(
        f'<li>{escape(text)}<div class="line"></div><div class="line"></div></li>\n'
        for text in _QUESTIONS
    )
    return f"<section>\n<h2>Questions</h2>\n<ol>\n{lines}</ol>\n</section>"


def _hints() -> str:
    lines = "".join(
        f"<li>{escape(question)}<br /><em>{escape(hint)}</em></li>\n"
        for question, hint in zip(_QUESTIONS, _HINTS, strict=True)
    )
    return f"<section>\n<h2>What to look for in answers</h2>\n<ol>\n{lines}</ol>\n</section>"


def _claims(plan: Study) -> str:
    claims = [
        "The reported signs were known when the model was built, and assumed numbers were fitted to"
        " them: that they show is not a prediction, and no replication of a study.",
        "How large the effects are in real mice is not known: only secondary reports of the"
        " published study were read. Never say that the run shows its sizes.",
        "A full return of old mice to young values is not claimed by anybody.",
        "Intervals are over simulated mice at fixed parameters, most of which are assumed.",
        *plan.notes,
    ]
    lines = "".join(f"<li>{escape(text)}</li>\n" for text in claims)
    return f"<section>\n<h2>What may be claimed</h2>\n<ul>\n{lines}</ul>\n</section>"
