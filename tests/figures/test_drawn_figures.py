"""Figures: nothing clipped or overlapping, the same bytes each time, no trace outside."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from itertools import combinations
from pathlib import Path
from threading import Thread
from typing import Any

import matplotlib
import numpy as np
import pytest
import xarray as xr
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from simulation.analysis.ablations import CUTS, Survival, looked_at
from simulation.analysis.animals import LaboratoryTest, Need, need
from simulation.analysis.consistency import Consistency, consistency
from simulation.analysis.scorecard import Score, judge
from simulation.analysis.scorecard.reading import Reading
from simulation.analysis.sensitivity import (
    ASKED,
    Answers,
    Plan,
    Sensitivity,
    sensitivity,
    space_of,
)
from simulation.analysis.verification import Check, Curve, check
from simulation.catalogue.patterns import patterns
from simulation.errors import GutexoError
from simulation.figures import FIGURES, draw
from simulation.figures.heatmap import dose_and_duration
from simulation.figures.life import life
from simulation.figures.overview import comparisons_of, overview
from simulation.figures.style import FOOTNOTE, arm_styles, mean_and_spread, save, styled
from simulation.figures.trajectories import dose_days, inflammation, trajectories
from tests.figures.made_up import swept

ARMS = {
    "young + vehicle": 1.0,
    "young + young exosomes": 1.01,
    "young + old exosomes": 1.4,
    "old + vehicle": 1.8,
    "old + old exosomes": 1.82,
    "old + young exosomes": 1.5,
}
UNITS = {
    "FITC-dextran": "ug/mL",
    "TER": "ohm cm2",
    "plasma TNF": "pg/mL",
    "plasma IL-6": "pg/mL",
    "plasma LPS": "EU/mL",
    "HOMA-IR": "1",
    "fasting insulin": "uU/mL",
    "GTT AUC": "mg/dL min",
    "liver insulin sensitivity": "1",
    "muscle insulin sensitivity": "1",
    "senescent burden": "1",
    "junction integrity": "1",
    "macrophage activation": "1",
    "luminal insulin-resistance cargo": "units of cargo",
}
COMPARISONS = [
    ["young + old exosomes", "young + vehicle"],
    ["young + young exosomes", "young + vehicle"],
    ["young + old exosomes", "young + young exosomes"],
    ["old + young exosomes", "old + vehicle"],
    ["old + vehicle", "young + vehicle"],
]


def result(mice: int = 4, days: int = 29, arms: dict[str, float] | None = None) -> xr.Dataset:
    """A made-up study: each arm drifts from its recipient's level to its own within a week."""
    arms = ARMS if arms is None else arms
    draws = np.random.default_rng(5)
    time = np.arange(days, dtype=float)
    start = np.array([1.8 if arm.startswith("old") else 1.0 for arm in arms])[:, None, None]
    end = np.array(list(arms.values()))[:, None, None]
    course = start + (end - start) * (1 - np.exp(-time / 7))
    values = {}
    for order, (name, unit) in enumerate(UNITS.items()):
        animal = np.exp(draws.normal(0, 0.1, (1, mice, 1)))
        noise = np.exp(draws.normal(0, 0.01, (len(arms), mice, days)))
        level = 10.0 ** (order % 5 - 1)  # tick labels of very different lengths
        attributes = {"units": unit, "long_name": name}
        values[name] = (
            ("scenario", "replicate", "time"),
            level * animal * course * noise,
            attributes,
        )
    return xr.Dataset(
        values,
        coords={"scenario": list(arms), "replicate": np.arange(mice), "time": time},
        attrs={
            "dose_days": json.dumps([float(day) for day in range(28)]),
            "comparisons": json.dumps(COMPARISONS),
        },
    )


def box(facts: int = 4) -> xr.DataArray:
    values = np.random.default_rng(2).integers(0, 2, (facts, 4, 5, 3, 8)).astype(float)
    values[0, 0] = np.nan
    return xr.DataArray(
        values,
        dims=("fact", "dose", "duration", "every", "draw"),
        coords={
            "fact": [f"young + old exosomes: sign {i}" for i in range(facts)],
            "dose": [0.1, 1.0, 3.0, 10.0],
            "duration": [3, 7, 14, 28, 56],
        },
    )


def with_deaths(data: xr.Dataset) -> xr.Dataset:
    for name in data.data_vars:
        data[name].values[-1, 1, data.sizes["time"] // 2 :] = np.nan
    return data


def card() -> list[Score]:
    """A score of every pattern, inside, at the edges and far outside of its window."""
    places = (0.5, 0.0, 1.3, 40.0, -40.0)
    scores = []
    for number, row in enumerate(patterns()):
        low, high = row.window
        value = low + places[number % 5] * (high - low)
        scores.append(judge(row, Reading(value, 0.9 * value, 1.1 * value, 8)))
    return scores


def cuts() -> list[Survival]:
    """Every cut of every effect: stronger, lost, and with nothing left to compare."""
    levels = (1.4, 1.0, 0.55, math.nan)
    verdicts = (True, False, None, False)
    return [
        Survival(cut.name, *where, levels[n % 4], 0.9, 1.1, verdicts[n % 4])
        for n, cut in enumerate(CUTS)
        for where in looked_at()
    ]


def checks() -> tuple[list[Check], list[Curve]]:
    """Departures that hold, fail, and lie far out; two curves."""
    found = [
        check(f"resolution x4 liver insulin sensitivity {n}", "w", value, 1.0, 0.2)
        for n, value in enumerate((0.1, -0.9, 1.4, 30.0))
    ]
    x = np.linspace(0.0, 120.0, 121)
    return found, [Curve(name, x, x, x, "minutes", "share of the dose") for name in "ab"]


def groupings() -> list[Consistency]:
    """An arm on two days, and a ratio."""
    data = result(mice=60)
    found = consistency(data, list(UNITS)[:3], "young + vehicle", day=0.0)
    found += consistency(data, list(UNITS)[:3], "young + vehicle")
    return found + consistency(data, list(UNITS)[:3], "young + old exosomes", "young + vehicle")


def needs(draws: int = 5) -> list[Need]:
    """A readout that needs few, many, too many animals, and one that has no logarithm."""
    random = np.random.default_rng(3)
    found = []
    for name, shift in zip(list(UNITS)[:4], (0.5, -0.1, 0.001, math.nan), strict=True):
        logs = [random.normal(0, 0.2, (2, 8)) + [[shift], [0]] for _ in range(draws)]
        found.append(
            need(
                logs,
                LaboratoryTest(),
                readout=name,
                unit=UNITS[name],
                arm=COMPARISONS[0][0],
                comparator=COMPARISONS[0][1],
                day=28.0,
            )
        )
    return found


@cache
def sensed() -> Sensitivity:
    """Every parameter moves some answer of a model of powers; two of them together, all."""
    space = space_of()
    random = np.random.default_rng(4)
    powers = random.normal(0, 1, (len(space.names), len(ASKED)))
    powers *= random.random(powers.shape) < 0.2
    defaults = {one.name: one.entry.value or 1.0 for one in space.dimensions}

    def ask(changes: Mapping[str, Any]) -> dict[str, float]:
        logs = [math.log(max(1e-3, changes.get(n, v)) / v) for n, v in defaults.items()]
        total = np.array(logs) @ powers + logs[0] * logs[1]
        total[3] = 0.0  # an answer that never moves
        return dict(zip(ASKED, np.exp(total), strict=True))

    def mice(changes: Mapping[str, Any]) -> dict[str, float]:
        return {name: 1.1 * value**1.2 for name, value in ask(changes).items()}

    plan = Plan(trajectories=3, points=16, checked=4, runs=1)
    return sensitivity(space, plan, Answers(ask, ASKED, "a"), (Answers(mice, ASKED, "b"),))


def calibrated(name: str) -> list:
    """A made-up calibration: narrow and wide posteriors, ranks that fail, answers far outside."""
    from simulation.analysis.calibration.checks import learnt
    from simulation.analysis.calibration.distance import fitted_rows
    from simulation.analysis.calibration.predictive import predicted, windows_of
    from simulation.analysis.calibration.ranks import Ranks
    from simulation.analysis.calibration.space import space

    free = space()
    ranked = [
        Ranks(one, (30,) * 9 + (30 + 40 * (n == 3),), 300, 50.0, 9.0 * (n == 3), 0.4)
        for n, one in enumerate(free.names)
    ]
    if name == "calibration_ranks":
        return ranked
    random = np.random.default_rng(3)
    if name == "calibration_posterior":
        points = random.random((40, len(free.names)))
        points[:, :6] = 0.4 + 0.2 * points[:, :6]
        return learnt(free, points, np.ones(40), ranked)
    rows = {**windows_of(fitted_rows()), "washout-28d": ("validate", 0.3, 1.0)}
    spreads = {"prior": 2.0, "twin": 0.3, "mice": 0.1}
    return [
        row
        for model, spread in spreads.items()
        for row in predicted(
            model,
            [{one: float(np.exp(random.normal(0.2, spread))) for one in rows} for _ in range(40)],
            rows,
        )
    ]


def picture(name: str) -> Figure:
    if name.startswith("calibration"):
        return draw(name)(calibrated(name))
    if name.startswith("sensitivity"):
        return draw(name)(sensed())
    if name == "consistency":
        return draw(name)(groupings())
    if name == "design":
        return draw(name)(needs())
    if name == "dose_and_duration":
        return dose_and_duration(box())
    if name == "sweep":
        return draw(name)(swept())
    if name == "scorecard":
        return draw(name)(card())
    if name == "ablations":
        return draw(name)(cuts())
    if name == "verification":
        return draw(name)(*checks())
    return draw(name)(with_deaths(result()))


def assert_nothing_clipped_or_overlapping(figure: Figure) -> None:
    canvas = FigureCanvasAgg(figure)
    with styled():
        canvas.draw()
        renderer = canvas.get_renderer()
        page = figure.bbox
        blocks = {}
        for number, axes in enumerate(figure.axes):
            blocks[f"panel {number}"] = axes.get_tightbbox(renderer)
        for number, box_ in enumerate(figure.legends):
            blocks[f"legend {number}"] = box_.get_window_extent(renderer)
        for text in figure.texts:
            blocks[text.get_text()[:30]] = text.get_window_extent(renderer)
    for name, extent in blocks.items():
        inside = (
            extent.x0 >= page.x0 - 0.5
            and extent.y0 >= page.y0 - 0.5
            and extent.x1 <= page.x1 + 0.5
            and extent.y1 <= page.y1 + 0.5
        )
        assert inside, f"{name} is clipped: {extent} outside {page}"
    for (one, a), (two, b) in combinations(blocks.items(), 2):
        width = min(a.x1, b.x1) - max(a.x0, b.x0)
        height = min(a.y1, b.y1) - max(a.y0, b.y0)
        assert width <= 1 or height <= 1, f"{one} overlaps {two}"


@pytest.mark.parametrize("name", FIGURES)
def test_nothing_is_clipped_or_overlaps(name: str) -> None:
    figure = picture(name)
    assert_nothing_clipped_or_overlapping(figure)
    assert any(FOOTNOTE in text.get_text().replace("\n", " ") for text in figure.texts)


def test_long_names_and_many_arms_fit() -> None:
    arms = {f"young + a preparation with a rather long name, number {i}": 1.0 for i in range(7)}
    data = result(mice=2, arms=arms)
    assert_nothing_clipped_or_overlapping(trajectories(data, ["TER"], "A long title " * 12))
    names = list(arms)
    assert_nothing_clipped_or_overlapping(overview(data, [(names[0], names[1])]))
    assert_nothing_clipped_or_overlapping(dose_and_duration(box(1)))


@pytest.mark.parametrize("name", ["inflammation", "overview", "dose_and_duration"])
def test_files_are_the_same_to_the_byte(name: str, tmp_path: Path) -> None:
    first = save(picture(name), tmp_path / "first")
    assert [path.suffix for path in first] == [".png", ".svg"]
    for again in range(2):
        for one, two in zip(first, save(picture(name), tmp_path / f"{again}"), strict=True):
            assert one.read_bytes() == two.read_bytes()
    assert b"<dc:date>" not in first[1].read_bytes()


def test_files_are_the_same_in_another_process(tmp_path: Path) -> None:
    here = save(picture("overview"), tmp_path / "here")
    code = (
        "import runpy, sys; from simulation.figures.style import save;"
        "save(runpy.run_path(sys.argv[1])['picture']('overview'), sys.argv[2])"
    )
    command = [sys.executable, "-c", code, __file__, str(tmp_path / "there")]
    subprocess.run(command, check=True, cwd=Path(__file__).parents[2])
    assert here[1].read_bytes() == (tmp_path / "there.svg").read_bytes()


def test_saving_does_not_move_the_panels(tmp_path: Path) -> None:
    for name in ("overview", "dose_and_duration"):
        figure = picture(name)
        save(figure, tmp_path / name)
        assert_nothing_clipped_or_overlapping(figure)


def test_files_do_not_depend_on_the_users_settings(tmp_path: Path) -> None:
    one = save(trajectories(result(), ["TER"]), tmp_path / "one")
    with matplotlib.rc_context({"font.size": 30, "svg.hashsalt": "mine", "axes.grid": False}):
        two = save(trajectories(result(), ["TER"]), tmp_path / "two")
        assert matplotlib.rcParams["font.size"] == 30
    assert one[1].read_bytes() == two[1].read_bytes()


def test_threads_draw_the_same(tmp_path: Path) -> None:
    data = result()
    threads = [
        Thread(target=lambda i=i: save(trajectories(data, ["TER"]), tmp_path / f"{i}"))
        for i in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({(tmp_path / f"{i}.svg").read_bytes() for i in range(3)}) == 1


def test_a_figure_is_not_overwritten_unasked(tmp_path: Path) -> None:
    figure = trajectories(result(), ["TER"])
    png, _ = save(figure, tmp_path / "v1.2 barrier")
    assert png.name == "v1.2 barrier.png"
    with pytest.raises(GutexoError, match="--force"):
        save(figure, tmp_path / "v1.2 barrier")
    save(figure, tmp_path / "v1.2 barrier", force=True)


def test_no_pyplot_and_nothing_before_a_figure_is_asked_for() -> None:
    code = (
        "import sys, simulation.figures as f; assert 'matplotlib' not in sys.modules;"
        "f.draw('overview'); f.draw('life'); f.draw('dose_and_duration');"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])


def test_line_and_band_are_mean_and_standard_deviation() -> None:
    values = np.array([[1.0, 2.0, np.nan], [3.0, np.nan, np.nan]])
    mean, spread, count = mean_and_spread(values)
    assert mean[:2].tolist() == [2.0, 2.0] and np.isnan(mean[2])
    assert spread[:2] == pytest.approx([np.sqrt(2), 0.0])
    assert count.tolist() == [2, 1, 0]
    data = result()
    axes = inflammation(data).axes[0]
    drawn = axes.lines[0].get_ydata()
    assert drawn == pytest.approx(data["plasma TNF"].values[0].mean(axis=0))


def test_units_arms_and_doses_are_on_the_page() -> None:
    figure = inflammation(result())
    assert [axes.get_ylabel().replace("\n", " ") for axes in figure.axes] == [
        "plasma TNF (pg/mL)",
        "plasma IL-6 (pg/mL)",
        "plasma LPS (EU/mL)",
        "macrophage activation (dimensionless)",
    ]
    assert {text.get_text() for text in figure.legends[0].get_texts()} == set(ARMS)
    ticks = figure.axes[0].lines[-1]
    assert ticks.get_marker() == "|" and len(ticks.get_xdata()) == 28


def test_the_dead_are_counted_on_the_page() -> None:
    caption = " ".join(text.get_text() for text in inflammation(with_deaths(result())).texts)
    assert "1 of 24 mice died" in caption.replace("\n", " ")
    assert "died" not in " ".join(text.get_text() for text in inflammation(result()).texts)


def test_one_mouse_has_no_band() -> None:
    figure = trajectories(result(mice=1), ["TER"])
    assert not figure.axes[0].collections
    assert "no band" in figure.texts[1].get_text()
    assert_nothing_clipped_or_overlapping(overview(result(mice=1)))


def test_arms_differ_in_more_than_colour() -> None:
    styles = arm_styles([*ARMS, "butyrate", "senolytic", "lesion"])
    assert len({(s.marker, s.filled) for s in styles.values()}) == len(styles)
    assert len({(s.color, str(s.line)) for s in styles.values()}) == len(styles)


def test_forest_shows_every_effect() -> None:
    figure = overview(result())
    young, old = figure.axes[:2]
    assert young.get_title(loc="left") == "young recipients"
    assert old.get_title(loc="left") == "old recipients"
    assert young.get_xscale() == "log"
    intervals_and_points = [line for line in young.lines if line.get_marker() != "None"]
    assert len(intervals_and_points) == 8 * 3
    low, high = young.get_xlim()
    assert low < 1.0 < 1.4 < high


def test_map_counts_and_shares() -> None:
    holds = xr.DataArray(
        [[[1.0, 1.0, 0.0, np.nan]], [[np.nan] * 4]],
        dims=("dose", "duration", "draw"),
        coords={"dose": [1.0, 10.0], "duration": [28]},
    )
    figure = dose_and_duration(holds)
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert texts == ["67 %\n2/3"]
    assert "2 of 3" in figure.texts[1].get_text()
    with pytest.raises(GutexoError, match="dim 'duration'"):
        dose_and_duration(holds.isel(duration=0, drop=True))
    with pytest.raises(GutexoError, match="got 0.5"):
        dose_and_duration(holds * 0.5)


def test_life_is_drawn_over_age_in_months() -> None:
    data = with_deaths(result(days=601, arms={"ageing": 2.0}))
    figure = life(data)
    axes = figure.axes[0]
    assert len(figure.axes) == 4
    assert axes.lines[0].get_xdata()[0] == pytest.approx(90 / 30.4375)
    assert sum(line.get_marker() == "x" for line in axes.lines) == 1


def test_mistakes_get_one_line() -> None:
    data = result()
    with pytest.raises(GutexoError, match="did you mean 'HOMA-IR'"):
        trajectories(data, ["HOMA-R"])
    with pytest.raises(GutexoError, match="did you mean 'plasma TNF'"):
        life(data, ["plasma TNFa"])
    with pytest.raises(GutexoError, match="at least one comparison"):
        overview(data, [])
    with pytest.raises(GutexoError, match="no figure 'inflamation'"):
        draw("inflamation")
    with pytest.raises(GutexoError, match="at least one readout"):
        trajectories(data, [])
    with pytest.raises(GutexoError, match="dose_days"):
        dose_days(data.assign_attrs(dose_days="every day"))
    with pytest.raises(GutexoError, match="pairs"):
        comparisons_of(data.assign_attrs(comparisons="[1, 2]"))
    assert dose_days(data.assign_attrs(dose_days=[3, 1.0, 1.0])) == [1.0, 3.0]
