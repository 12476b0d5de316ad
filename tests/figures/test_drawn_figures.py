"""Figures: nothing clipped or overlapping, the same bytes each time, no trace outside."""

from __future__ import annotations

import subprocess
import sys
from itertools import combinations
from pathlib import Path
from threading import Thread

import matplotlib
import numpy as np
import pytest
import xarray as xr
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from simulation.analysis.effects import effects
from simulation.errors import GutexoError
from simulation.figures import FIGURES, draw
from simulation.figures.heatmap import dose_and_duration
from simulation.figures.life import life
from simulation.figures.overview import comparisons_of, overview
from simulation.figures.style import FOOTNOTE, arm_styles, mean_and_spread, save, styled
from simulation.figures.trajectories import dose_days, inflammation, trajectories
from tests.figures.made_up import (
    ARMS,
    COMPARISONS,
    box,
    calibrated,
    card,
    checks,
    cuts,
    dosed,
    groupings,
    needs,
    result,
    seen,
    sensed,
    swept,
    talk,
    with_deaths,
)


def picture(name: str) -> Figure:
    if name.startswith("calibration"):
        return draw(name)(calibrated(name))
    if name.startswith("sensitivity"):
        return draw(name)(sensed())
    if name == "consistency":
        return draw(name)(groupings())
    if name == "design":
        return draw(name)(needs())
    if name == "effect_forest":
        return draw(name)(effects(result(), COMPARISONS))
    if name == "barrier_snapshots":
        return draw(name)([seen(0.0), seen(7.5)], [seen(0.0), seen(7.5)])
    if name == "signal_flow":
        return draw(name)(talk(), talk(3.0))
    if name == "dose_response":
        return draw(name)(dosed())
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


@pytest.mark.parametrize(
    "name", ["inflammation", "overview", "dose_and_duration", "barrier_snapshots", "signal_flow"]
)
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
