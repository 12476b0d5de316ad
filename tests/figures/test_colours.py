"""Colours of figures can be told apart, and scales read, with every common colour vision."""

import numpy as np
import pytest
from matplotlib import colormaps
from matplotlib.colors import Normalize, to_hex

from gutexo.figures import calibration, design, flow, gut, ratios, scorecard, style
from gutexo.figures.forest import _SIDES
from tests.benchmarks.figure import LOOKS as BENCHMARK
from tests.colours import BLINDNESS, lab, too_close

TOGETHER = {
    "arms": [
        style.arm_styles([name])[name].color
        for name in ("a + vehicle", "a + young exosomes", "a + old exosomes")
    ]
    + [color for color, _ in style._OTHER_DOSES],
    "cargo": [colour for _, colour, _ in gut.CARGO.values()],
    "marks of a gut": [
        *(colour for _, colour, _ in gut.CARGO.values()),
        *(colour for _, colour, _, _ in gut.SENESCENT.values()),
    ],
    "flows": list(dict.fromkeys(colour for colour, _ in flow._SIGNAL_STYLES.values())),
    "verdicts": [colour for colour, _ in scorecard.VERDICT_STYLES.values()],
    "sides of 1": [colour for _, colour, _, _ in _SIDES.values()],
    "power": list(design.COLOURS),
    "models": [colour for colour, _ in calibration.MODELS.values()],
    "learnt": [calibration.GREY, style.BLUE, style.ORANGE],
    "indices": [style.SKY, "#BBBBBB", style.VERMILLION, style.ORANGE, style.BLACK],
    "holds or not": [style.BLUE, style.VERMILLION, style.BLACK],
    "benchmark": [colour for colour, _ in BENCHMARK.values()],
}
"""Colours that stand for categories of one figure."""
SEQUENTIAL = {
    "junctions": gut.JUNCTIONS,
    "cells": gut._CELL,
    "shares and mu*": colormaps["cividis"],
}


@pytest.mark.parametrize("sight", BLINDNESS)
@pytest.mark.parametrize("group", TOGETHER)
def test_categories_of_a_figure_are_apart(group, sight):
    assert too_close(TOGETHER[group], sight) == []


@pytest.mark.parametrize("sight", BLINDNESS)
@pytest.mark.parametrize("name", SEQUENTIAL)
def test_a_scale_only_darkens_or_only_lightens(name, sight):
    lightness = [lab(SEQUENTIAL[name](at), sight)[0] for at in np.linspace(0, 1, 17)]
    steps = np.diff(lightness)
    assert (steps > 0.5).all() or (steps < -0.5).all(), lightness


@pytest.mark.parametrize("sight", BLINDNESS)
def test_a_scale_of_ratios_darkens_to_both_ends_in_different_hues(sight):
    scale = colormaps[ratios.RATIO_COLOURMAP]
    for end in (0.0, 1.0):
        steps = np.diff([lab(scale(at), sight)[0] for at in np.linspace(0.5, end, 9)])
        assert (steps < -0.5).all()
    for away in (0.2, 0.3, 0.4, 0.5):
        pair = [to_hex(scale(0.5 + away)), to_hex(scale(0.5 - away))]
        assert too_close(pair, sight) == []


@pytest.mark.parametrize("sight", BLINDNESS)
def test_marks_stand_out_from_the_bands_they_lie_on(sight):
    grounds = [colour for _, _, colour in gut.BANDS.values()]
    grounds += [to_hex(gut.JUNCTIONS(Normalize(0, 1)(at))) for at in (0.0, 0.5, 1.0)]
    for _, mark, _ in gut.CARGO.values():
        for ground in grounds:
            assert too_close([mark, ground], sight) == []
    # These have an edge of another lightness.
    for _, face, edge, _ in gut.SENESCENT.values():
        assert too_close([face, edge], sight) == []
        for ground in grounds:
            assert not (too_close([face, ground], sight) and too_close([edge, ground], sight))


def test_these_checks_can_fail():
    assert too_close(["#D55E00", "#D56000"], "none")
    assert not too_close(["#CC3311", "#778800"], "none")
    assert too_close(["#A05000", "#6B6B00"], "protan")  # apart for most, not without red cones
    rainbow = [lab(colormaps["jet"](at), "none")[0] for at in np.linspace(0, 1, 17)]
    assert (np.diff(rainbow) > 0).any() and (np.diff(rainbow) < 0).any()
