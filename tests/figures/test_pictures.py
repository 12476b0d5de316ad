"""Pictures of mice say what they were given: counts, levels, intervals, frames."""

import dataclasses
import math

import numpy as np
import pytest
from matplotlib.colors import same_color
from matplotlib.markers import MarkerStyle
from PIL import Image

from gutexo.analysis.effects import estimate_effect, estimate_effects
from gutexo.catalogue.organs import ORGANS
from gutexo.catalogue.signals import NICHES
from gutexo.errors import GutexoError
from gutexo.figures.animation import animate
from gutexo.figures.doses import dose_response
from gutexo.figures.flow import _cargo, signal_flow
from gutexo.figures.forest import effect_forest
from gutexo.figures.gut import SENESCENT, barrier_snapshots, format_moment, gut_legend
from gutexo.scene.picture import CARGO_CLASSES
from gutexo.scene.signals import NEIGHBOURS
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


@pytest.mark.parametrize(("how", "codes"), [("intrinsic", (1, 2)), ("induced", (3, 4))])
def test_each_way_to_be_senescent_has_its_mark(how, codes):
    gut = seen()
    label, colour, _, marker = SENESCENT[how]
    style = MarkerStyle(marker)
    shape = style.get_path().transformed(style.get_transform()).vertices
    marks = [
        mark
        for mark in barrier_snapshots([gut]).axes[0].collections
        if len(mark.get_paths()) and np.array_equal(mark.get_paths()[0].vertices, shape)
    ]
    drawn = np.concatenate([mark.get_offsets() for mark in marks])[:, 0]
    cells = gut.cells
    expected = np.isin(cells.senescence, codes) & (cells.kind < 2)
    assert expected.any() and sorted(drawn) == pytest.approx(sorted(cells.along[expected]))
    assert all(
        same_color(mark.get_facecolor()[0], colour) for mark in marks if len(mark.get_offsets())
    )
    legend = {line.get_label(): line.get_marker() for line in gut_legend()}
    assert legend[label] == marker and list(legend.values()).count(marker) == 1


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
    assert units["liver", "harmful cargo"] == pytest.approx(2 * 8642.0)  # two axes harm there
    assert units["blood", "harmful cargo"] == pytest.approx(6 * 8642.0)
    old = signal_flow(talk(), talk(2.0)).axes[1]
    texts = [text.get_text() for text in old.texts]
    assert "TNF\n× 2.00" in texts and "insulin\n× 2.00" in texts and "52k" in texts
    silent = talk()
    with pytest.raises(GutexoError, match="nothing to draw"):
        signal_flow(*2 * [type(silent)(90.0, silent.sensed, (), 8.0)])


def test_what_induces_and_licenses_senescence_has_its_arrows():
    """Crypt niches and each organ: cargo, TNF, LPS, and a loop of senescent neighbours."""
    mouse = talk(2.0)
    flows = tuple(
        dataclasses.replace(f, units=123.0) if (f.target, f.axis) == ("epithelium", 1) else f
        for f in mouse.flows
    )
    assert len([f for f in flows if f.units == 123.0]) == 1
    panel = signal_flow(talk(), dataclasses.replace(mouse, flows=flows)).axes[1]
    texts = [text.get_text() for text in panel.texts]
    assert texts.count("123") == 1  # inflammatory cargo of enterocytes reaches the niches
    assert texts.count("TNF\n× 2.00") == len(("epithelium", NICHES, "blood")) + len(ORGANS)
    assert texts.count("LPS\n× 2.00") == len(("macrophages", NICHES, "blood")) + len(ORGANS)
    assert texts.count("2.00") == len((NICHES, *ORGANS))
    assert "IL-6" not in "".join(texts)  # nothing senses it
    for place in (NICHES, *(organ.name for organ in ORGANS)):
        for signal in ("TNF", "LPS", NEIGHBOURS):
            kept = [s for s in mouse.sensed if (s.listener, s.signal) != (place, signal)]
            with pytest.raises(KeyError, match=f"'{place}', '{signal}'"):
                signal_flow(mouse, dataclasses.replace(mouse, sensed=tuple(kept)))


def test_a_forest_holds_every_comparison():
    found = estimate_effects(result(), COMPARISONS)
    figure = effect_forest(found, ["HOMA-IR"])
    points = [line for line in figure.axes[0].lines if line.get_marker() in "^vo"]
    assert [p.get_xdata()[0] for p in points] == [e.ratio for e in found if e.readout == "HOMA-IR"]
    old_young = estimate_effect(result(), "HOMA-IR", "old + vehicle", "young + vehicle")
    assert old_young.direction == "up"
    assert estimate_effect(result(mice=1), "HOMA-IR", *COMPARISONS[0]).direction == "open"
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
