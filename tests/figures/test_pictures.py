"""Pictures of mice say what they were given: counts, levels, intervals, frames."""

import math

import numpy as np
import pytest
from PIL import Image

from gutexo.analysis.effects import estimate_effect, estimate_effects
from gutexo.errors import GutexoError
from gutexo.figures.animation import animate
from gutexo.figures.doses import dose_response
from gutexo.figures.flow import _cargo, signal_flow
from gutexo.figures.forest import classify_interval, effect_forest
from gutexo.figures.gut import barrier_snapshots, format_moment
from gutexo.scene.picture import CARGO_CLASSES
from tests.figures.made_up import COMPARISONS, dosed, result, seen, talk


def test_every_exosome_is_drawn_once():
    gut = seen()
    axes = barrier_snapshots([gut]).axes[0]
    marks = axes.collections[-2 * len(CARGO_CLASSES) :]
    places = np.concatenate([mark.get_offsets() for mark in marks])
    assert len(places) == len(gut.exosomes.id) and np.isfinite(np.asarray(places)).all()
    assert sorted(places[:, 0]) == pytest.approx(sorted(gut.exosomes.along))
    first = marks[0].get_offsets()
    expected = (gut.exosomes.cargo_class == 0) & ~gut.exosomes.given
    assert len(first) == expected.sum()


def test_moments_and_the_mouse_beside():
    assert format_moment(7.0) == "Day 7" and format_moment(7 + 4 / 24) == "Day 7, hour 4"
    title = barrier_snapshots([seen(1.0)], [seen(1.0)]).axes[0].get_title(loc="left")
    closed = f"{100 * seen(1.0).junction.mean():.1f} %"
    assert title.count(closed) == 2
    with pytest.raises(GutexoError, match="same moments"):
        barrier_snapshots([seen(1.0)], [seen(2.0)])
    with pytest.raises(GutexoError, match="at least one"):
        barrier_snapshots([])


def test_flows_are_the_axes_that_act_there():
    units = _cargo(talk(2.0))
    assert units["liver", "harmful cargo"] == pytest.approx(8642.0)
    assert units["blood", "harmful cargo"] == pytest.approx(3 * 8642.0)
    old = signal_flow(talk(), talk(2.0)).axes[1]
    texts = [text.get_text() for text in old.texts]
    assert "TNF\n× 2.00" in texts and "insulin\n× 2.00" in texts and "26k" in texts
    silent = talk()
    with pytest.raises(GutexoError, match="nothing to draw"):
        signal_flow(*2 * [type(silent)(90.0, silent.sensed, (), 8.0)])


def test_a_forest_holds_every_comparison():
    found = estimate_effects(result(), COMPARISONS)
    figure = effect_forest(found, ["HOMA-IR"])
    points = [line for line in figure.axes[0].lines if line.get_marker() in "^vo"]
    assert [p.get_xdata()[0] for p in points] == [e.ratio for e in found if e.readout == "HOMA-IR"]
    old_young = estimate_effect(result(), "HOMA-IR", "old + vehicle", "young + vehicle")
    assert classify_interval(old_young) == "up"
    assert classify_interval(estimate_effect(result(mice=1), "HOMA-IR", *COMPARISONS[0])) == "open"
    with pytest.raises(GutexoError, match="no effect on 'HOMA'.*HOMA-IR"):
        effect_forest(found, ["HOMA"])
    with pytest.raises(GutexoError, match="at least one"):
        effect_forest([])


def test_doses_are_compared_with_their_own_vehicle():
    data = dosed()
    axes = dose_response(data).axes[0]
    line = axes.lines[0]
    arm = "young + old exosomes, 10 every 1 d, gavage"
    ratio = estimate_effect(data, "FITC-dextran", arm, "young + vehicle").ratio
    assert line.get_ydata()[-1] == pytest.approx(ratio) and ratio > 1.1
    assert not any(math.isnan(y) for y in line.get_ydata())
    with pytest.raises(GutexoError, match="names its dose"):
        dose_response(result())


def test_an_animation_has_a_frame_a_picture(tmp_path):
    pictures = [seen(day) for day in (0.0, 1.5, 2.0)]
    readings = {"FITC-dextran": [1.0, 2.0, 3.0], "HOMA-IR": [1.0, 1.0, 1.0]}
    one = animate(pictures, readings, tmp_path / "a.gif", beside=readings, dpi=50)
    two = animate(pictures, readings, tmp_path / "b.gif", beside=readings, dpi=50)
    assert one.read_bytes() == two.read_bytes()
    with Image.open(one) as image:
        assert image.n_frames == 3 and image.size == (400, 295)
    with pytest.raises(GutexoError, match="--force"):
        animate(pictures, readings, one, dpi=50)
    with pytest.raises(GutexoError, match="HOMA-IR for every picture"):
        animate(pictures, {**readings, "HOMA-IR": [1.0]}, tmp_path / "c.gif")
    with pytest.raises(GutexoError, match="two pictures"):
        animate(pictures[:1], readings, tmp_path / "c.gif")
