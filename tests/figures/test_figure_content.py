"""What figures draw: means, intervals, counts, units; mistakes told in a line."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from gutexo.errors import GutexoError
from gutexo.figures import find_figure
from gutexo.figures.heatmap import dose_and_duration
from gutexo.figures.life import life
from gutexo.figures.overview import overview, read_comparisons
from gutexo.figures.style import arm_styles, mean_and_spread
from gutexo.figures.trajectories import inflammation, read_dose_days, trajectories
from tests.figures.made_up import (
    ARMS,
    box,
    result,
    with_deaths,
)
from tests.figures.rules import complaints


def test_long_names_and_many_arms_fit() -> None:
    arms = {f"young + a preparation with a rather long name, number {i}": 1.0 for i in range(7)}
    data = result(mice=2, arms=arms)
    assert complaints(trajectories(data, ["TER"], "A long title " * 12)) == []
    names = list(arms)
    assert complaints(overview(data, [(names[0], names[1])])) == []
    assert complaints(dose_and_duration(box(1))) == []


def test_line_and_band_are_mean_and_standard_deviation() -> None:
    values = np.array([[1.0, 2.0, np.nan], [3.0, np.nan, np.nan]])
    mean, spread, count = mean_and_spread(values)
    assert mean[:2].tolist() == [2.0, 2.0] and np.isnan(mean[2])
    assert spread[:2] == pytest.approx([np.sqrt(2), 0.0])
    assert count.tolist() == [2, 1, 0]
    data = result()
    axes = inflammation(data).axes[0]
    plotted = axes.lines[0].get_ydata()
    assert plotted == pytest.approx(data["plasma TNF"].values[0].mean(axis=0))


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
    assert complaints(overview(result(mice=1))) == []


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
        find_figure("inflamation")
    with pytest.raises(GutexoError, match="at least one readout"):
        trajectories(data, [])
    with pytest.raises(GutexoError, match="dose_days"):
        read_dose_days(data.assign_attrs(dose_days="every day"))
    with pytest.raises(GutexoError, match="pairs"):
        read_comparisons(data.assign_attrs(comparisons="[1, 2]"))
    assert read_dose_days(data.assign_attrs(dose_days=[3, 1.0, 1.0])) == [1.0, 3.0]
