"""A life from weaning: the rest point, what it forgets, and mice of any age."""

import numpy as np
import pytest

from gutexo.body.mouse import Mouse
from gutexo.body.weaning import find_rest_mass, weaned_state
from gutexo.catalogue import Parameters
from gutexo.cohort.raising import raise_mouse
from gutexo.errors import GutexoError
from gutexo.protocol.life import Life
from gutexo.protocol.treatments import Factors, GermFree, Knockout

REMEMBERED = ("plasma TNF", "plasma IL-6", "plasma LPS")  # the bacteria remember for a month


def started(parameters, factor, seed):
    """A mouse whose slow states at weaning were multiplied, at 90 days."""
    mouse = Mouse(parameters, seed=seed, age=21)
    s = mouse.state
    s.segments.junction[:] = 1.0 - factor * (1.0 - s.segments.junction)
    for column in (s.segments.damage, s.segments.pathobionts, s.segments.pore):
        column *= factor
    cells = s.cells
    macrophages = slice(s.anatomy.first_macrophage, s.anatomy.first_organ_cell)
    cells.state[macrophages] *= factor
    cells.capacity[:] *= factor
    s.blood["beta_mass"] *= factor
    mouse.run_until_age(90)
    return mouse.measure()


def test_the_start_is_forgotten_at_90_days(medium, capsys):
    """Starts at .7 and at 1.3 of the rest point: less than 3 % in leak, TER and HOMA-IR."""
    logs = {}
    for seed in (1, 2, 3):
        low, high = (started(medium, factor, seed) for factor in (0.7, 1.3))
        for name in ("FITC-dextran", "TER", "HOMA-IR", *REMEMBERED):
            logs.setdefault(name, []).append(np.log(high[name] / low[name]))
    with capsys.disabled():
        print({name: round(float(np.mean(values)), 4) for name, values in logs.items()})
    for name in ("FITC-dextran", "TER", "HOMA-IR"):
        assert abs(np.mean(logs[name])) < 0.03, name


def test_the_rest_point_is_at_rest(medium):
    """Without noise and senescence a weaned mouse hardly moves, once its packets are there."""
    still = medium.change({"senescence.production": 1e-7, "senescence.noise": 0})
    mouse = Mouse(still, seed=1, age=21)
    first = mouse.state.segments.junction.mean(), mouse.state.segments.pathobionts.mean()
    mouse.run_for("40 d")
    later = mouse.state.segments.junction.mean(), mouse.state.segments.pathobionts.mean()
    assert later[0] == pytest.approx(first[0], rel=0.02)
    assert later[1] == pytest.approx(first[1], rel=0.15)  # cargo is not even along the gut
    mass = mouse.recorder["beta-cell mass"]
    assert mass[-1] == pytest.approx(mass[0], rel=0.03)


def test_the_mass_at_rest_keeps_glucose(small):
    for liver, periphery in ((1.0, 1.0), (0.5, 0.7), (0.3, 0.3)):
        mass = find_rest_mass(small, liver, periphery)
        still = small.change({"glucose.beta_mass": mass})
        assert find_rest_mass(still, liver, periphery) == mass
    lost = small.change({"glucose.beta_death": 0.15})
    assert find_rest_mass(lost, 1.0, 1.0) == lost.glucose.beta_mass


def test_a_pup_has_no_packets_and_is_not_old(small):
    state = weaned_state(small, 1)
    assert state.count == 0 and not state.cells.held.any() and not state.ledger.any()
    assert 0 < state.blood[0].burden < 0.3
    assert np.isfinite(state.segments.lps).all() and (state.segments.junction < 1).all()


def test_a_mouse_of_an_age_has_lived(small):
    at_once, walked = Mouse(small, seed=2, age=40), Mouse(small, seed=2, age=21)
    walked.run_until_age(40)
    assert at_once.measure() == walked.measure()
    assert at_once.day == 0 and walked.day == 19
    assert np.array_equal(
        at_once.state.packets.cargo[: at_once.state.count],
        walked.state.packets.cargo[: walked.state.count],
    )


@pytest.mark.parametrize("driver", ["agents", "compiled by tick"])
def test_it_takes_the_driver_that_was_asked_for_when_it_is_grown(small, driver):
    mouse = Mouse(small, seed=2, age=24, driver=driver)
    assert mouse.driver == driver
    assert mouse.measure() == Mouse(small, seed=2, age=24).measure()


def test_interventions_of_a_mouse_begin_on_its_day_0(small):
    plain, germ_free = (
        Mouse(small, seed=1, age=30),
        Mouse(small, seed=1, age=30, interventions=GermFree()),
    )
    assert plain.measure() == germ_free.measure()
    germ_free.run_for("3 d")
    assert germ_free.state.segments.density.max() < 0.1


def test_interventions_of_a_life_begin_at_weaning(small, tmp_path, monkeypatch):
    monkeypatch.setenv("GUTEXO_CACHE", str(tmp_path))
    changes = {"resolution." + k: v for k, v in small.resolution.model_dump().items()}
    mouse = raise_mouse(25, 1, changes=changes, interventions=GermFree())
    assert mouse.state.segments.density.max() == pytest.approx(np.exp(-4), rel=1e-6)
    assert Life(age=25, interventions=GermFree()).digest() != Life(age=25).digest()


def test_a_raised_mouse_is_the_mouse_of_that_age(small, tmp_path, monkeypatch):
    monkeypatch.setenv("GUTEXO_CACHE", str(tmp_path))
    changes = {"resolution." + k: v for k, v in small.resolution.model_dump().items()}
    told = []
    mouse = raise_mouse("60 d", 3, changes=changes, progress=lambda *how: told.append(how))
    same = Mouse(small, seed=3, age=60)
    assert mouse.measure() == same.measure() and mouse.day == same.day == 0
    assert told[0][0] == "days" and told[-1] == ("days", 39, 39) and len(told) > 3
    mouse.run_for("1 d")
    same.run_for("1 d")
    assert mouse.measure() == same.measure()
    told.clear()
    raise_mouse(60, 3, changes=changes, progress=lambda *how: told.append(how))
    assert told == [("days", 39, 39)]  # it was in the cache


def test_a_mouse_that_dies_before_its_age_is_named(small, tmp_path, monkeypatch):
    monkeypatch.setenv("GUTEXO_CACHE", str(tmp_path))
    deadly = {
        "senescence.production": 3.5e-4,
        "senescence.removal": 0.001,
        "senescence.noise": 0.01,
    }
    with pytest.raises(GutexoError, match=r"seed 2 dies at 48\.54 d, before 60 d; gut.raise_mouse"):
        Mouse(small.change(deadly), seed=2, age=60)
    changes = {"resolution." + k: v for k, v in small.resolution.model_dump().items()}
    with pytest.warns(
        UserWarning, match="the mouse of seed 2 dies before 52 d; this is the mouse of"
    ):
        assert raise_mouse(52, 2, changes={**changes, **deadly}).alive


def test_an_age_before_weaning_is_refused():
    with pytest.raises(GutexoError, match="age must be 21 to 2000 days; got 14"):
        Mouse(age=14)
    with pytest.raises(GutexoError, match="21 to 1500"):
        Life(age=20)
    for unused in (Factors(), Knockout()):
        assert unused.doses() == []
    assert "settling" not in Parameters().flat()
