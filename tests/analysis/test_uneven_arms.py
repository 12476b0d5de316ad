"""Arms of different duration are compared on the last day of both, and readers are told."""

import numpy as np
import pytest
import xarray

from gutexo.analysis.effects import (
    estimate_effect,
    estimate_effects,
    find_common_day,
    last_followed_day,
)
from gutexo.api import Result
from gutexo.errors import GutexoError

LONG, SHORT = "long", "short"


def data(durations=(4.0, 2.0), recorded=True):
    """Two arms of two mice; TER in both, TNF in the long one only."""
    time = np.arange(5.0)
    ter = np.add.outer(np.array([[1.0, 2.0], [2.0, 4.0]]), time)
    for arm, duration in enumerate(durations):
        ter[arm][:, time > duration] = np.nan
    tnf = ter.copy()
    tnf[1] = np.nan
    dims = ("scenario", "replicate", "time")
    found = xarray.Dataset(
        {name: (dims, values, {"units": "1"}) for name, values in (("TER", ter), ("TNF", tnf))},
        coords={"scenario": [LONG, SHORT], "replicate": [0, 1], "time": time},
        attrs={"comparisons": '[["long", "short"]]'},
    )
    return found.assign_coords(duration=("scenario", list(durations))) if recorded else found


def test_the_last_day_of_both():
    both = data()
    assert (last_followed_day(both, LONG), last_followed_day(both, SHORT)) == (4.0, 2.0)
    with pytest.warns(UserWarning, match="on day 2, the last of both"):
        found = estimate_effect(both, "TER", LONG, SHORT)
    assert (found.day, found.replicates, found.mean_arm) == (2.0, 2, 3.5)
    with pytest.warns(UserWarning, match="the last of both"):
        (first, second) = estimate_effects(both, [(LONG, SHORT)])
    assert (first.day, first.replicates, second.replicates) == (2.0, 2, 0)


def test_an_earlier_version_does_not_tell_durations():
    """Dead or not followed: nobody knows, so the last day stays, and what is missing is said."""
    with pytest.warns(
        UserWarning, match="no mouse was measured in both 'long' and 'short' on day 4"
    ):
        found = estimate_effect(data(recorded=False), "TER", LONG, SHORT)
    assert (found.day, found.replicates) == (4.0, 0)
    assert estimate_effect(data(recorded=False), "TER", LONG, SHORT, 2.0).replicates == 2


def test_a_day_that_one_arm_does_not_reach_is_refused():
    with pytest.raises(GutexoError, match="'short' was followed until day 2, which is the last"):
        estimate_effect(data(), "TER", LONG, SHORT, 3.0)
    with pytest.raises(GutexoError, match="day 9 was not recorded"):
        estimate_effect(data(), "TER", LONG, SHORT, 9.0)
    with pytest.raises(GutexoError, match="'short' was followed until day 2"):
        estimate_effects(data(), [(LONG, SHORT)], 4.0)
    assert estimate_effect(data(), "TER", LONG, SHORT, 1.0).day == 1.0


def test_arms_of_one_length_are_read_on_their_last_day_without_a_word(recwarn):
    assert find_common_day(data((2.0, 2.0)), LONG, SHORT) == (2.0, False)
    assert estimate_effect(data((2.0, 2.0)), "TER", LONG, SHORT).day == 2.0
    assert estimate_effect(data((4.0, 4.0)), "TER", LONG, SHORT).day == 4.0
    assert not recwarn.list


def test_a_selection_keeps_what_belongs_to_its_arms():
    turned = data().isel(scenario=[1, 0])
    assert (last_followed_day(turned, LONG), last_followed_day(turned, SHORT)) == (4.0, 2.0)


def test_a_readout_that_one_arm_lacks():
    with pytest.raises(GutexoError, match="TNF was not measured in 'short' on any day"):
        estimate_effect(data(), "TNF", LONG, SHORT)


def test_an_arm_of_the_dead_is_warned_of():
    dead = data((4.0, 4.0))
    dead["TER"][1, :, 3:] = np.nan
    with pytest.warns(UserWarning, match="no mouse was measured in both 'long' and 'short'"):
        assert np.isnan(estimate_effect(dead, "TER", LONG, SHORT).ratio)


def test_the_table_says_on_which_day_and_what_is_not_there():
    with pytest.warns(UserWarning, match="the last of both"):
        text = Result(data()).table("TER", "TNF")
    assert text.splitlines() == [
        "long / short on day 2, the last of both",
        "  TER  x 0.71  (0.33 to 1.49)",
        "  TNF  not measured in 'short'",
    ]
    dead = data((4.0, 4.0))
    dead["TER"][1, :, 3:] = np.nan
    assert Result(dead).table("TER").splitlines() == [
        "long / short",
        "  TER  not measured in both on day 4",
    ]
