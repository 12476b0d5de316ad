"""The start of the mean-field mouse: the rest point of the day of weaning, and the life from it."""

import math
import warnings

import numpy as np
import pytest

from gutexo.catalogue import Parameters
from gutexo.catalogue.organs import N_ORGANS
from gutexo.catalogue.signals import TNF
from gutexo.errors import GutexoError
from gutexo.mean_field import MeanFieldMouse, burden_path
from gutexo.mean_field.array_layout import (
    ACTIVATION,
    BARRIER,
    CALMING,
    CAPACITY,
    CYTOKINE,
    DAMAGE,
    DISRUPTING,
    INFLAMING,
    JUNCTION,
    LIPID,
    LPS,
    MUCUS,
    OFFER,
    PATHOBIONTS,
    PORE,
    PROTECTING,
    PROTECTIVE,
    SUPPORT,
)
from gutexo.mean_field.burden import WEANED
from gutexo.mean_field.coefficients import FACTORS
from gutexo.mean_field.wall import packet_loads

QUIET = {"animal.variation": 0.0, "senescence.noise": 0.0}
NOISY = {"animal.variation": 0.0}
NO_BURDEN = np.zeros(24 * 200)


class Weanling(MeanFieldMouse):
    """A mean-field mouse that stays at the day of weaning."""

    def _grow_up(self, step):
        pass


def move_slow_states(mouse, factor):
    """Multiply the slow states of a mouse; shares stay at most 1."""
    wall, body = mouse.wall, mouse.body
    wall[JUNCTION] = np.maximum(0.0, 1.0 - factor * (1.0 - wall[JUNCTION]))
    wall[ACTIVATION] *= factor
    for shares in (wall[DAMAGE], wall[PATHOBIONTS], body[CAPACITY : CAPACITY + N_ORGANS]):
        np.minimum(1.0, factor * shares, out=shares)
    mouse.mass *= factor


def moved(factor):
    """Class of mice whose slow states at weaning are those of the rest point times a factor."""

    class Moved(MeanFieldMouse):
        def _wean(self):
            super()._wean()
            move_slow_states(self, factor)

    return Moved


def worst_gap(one, other):
    return max((abs(one[k] / other[k] - 1.0), k) for k in one if other[k] != 0.0)


# -- the rest point -----------------------------------------------------------------------------


def test_a_weanling_has_no_packets_and_holds_no_cargo():
    mouse = Weanling(Parameters())
    assert mouse.age == WEANED == 21.0
    assert mouse.harvest().packets == 0.0 and not mouse.harvest().units.any()
    assert not mouse.wall[[DISRUPTING, PROTECTING, INFLAMING, CALMING]].any()
    assert not mouse.body[LIPID : LIPID + N_ORGANS].any()
    assert not mouse.body[SUPPORT : SUPPORT + N_ORGANS].any()


def test_the_wall_of_a_weanling_is_at_its_targets():
    """By hand from ODD 5 and 7.5, in a mouse without senescence."""
    mouse = Weanling(Parameters().change(QUIET), burden=NO_BURDEN)
    p, wall = mouse.parameters, mouse.wall
    b, d, t = p.barrier, p.cargo.decay_time, p.epithelium.transit
    tnf = wall[CYTOKINE + TNF]
    loads = np.zeros((5, wall.shape[1]))
    packet_loads(mouse._row[0], 0.0, wall[ACTIVATION], loads)
    held = (1.0 - d / t * (1.0 - math.exp(-t / d))) / p.cargo.units_per_packet
    bad, good = held * loads[BARRIER], held * loads[PROTECTIVE] / p.cargo.protective
    repair = b.repair * (1.0 + b.protection * good / (good + b.protection_half))
    loss = b.loss + b.cargo_disruption * bad / (bad + b.cargo_half)
    loss += b.cytokine_disruption * tnf / (tnf + b.cytokine_half)
    assert wall[JUNCTION] == pytest.approx(repair / (repair + loss), rel=1e-4)
    assert wall[PORE] == pytest.approx(tnf / (tnf + b.pore_half), rel=1e-6)
    injury = p.epithelium.injury * (1.0 + p.epithelium.injury_by_tnf * tnf)
    assert wall[DAMAGE] == pytest.approx(injury / (injury + p.epithelium.restitution), rel=1e-6)
    m, x = p.microbiota, p.microbiota.shift_by_tnf * (tnf - 1.0)
    assert wall[PATHOBIONTS] == pytest.approx(x / (1.0 + x), rel=1e-6)
    assert wall[MUCUS] == pytest.approx(1.0 + m.mucus_by_pathobionts * wall[PATHOBIONTS], rel=1e-9)
    crossing = 1.0 + b.lps_leak * (1.0 - wall[JUNCTION]) + b.unrestricted * wall[DAMAGE]
    offered = wall[OFFER] * (1.0 + m.lps_by_pathobionts * wall[PATHOBIONTS])
    assert wall[LPS] == pytest.approx(offered * wall[MUCUS] * crossing, rel=1e-9)


def test_the_mass_of_beta_cells_is_that_of_the_lower_steady_glucose():
    for root in (0.0, 15.0):
        changes = {**QUIET, "glucose.beta_root": root}
        mouse = Weanling(Parameters().change(changes))
        assert mouse.measure()["fasting glucose"] == pytest.approx(100.0 + root, rel=1e-6)
    for changes in ({"glucose.beta_growth": 0.0}, {"glucose.beta_toxicity": 1e-4}):
        mouse = Weanling(Parameters().change({**QUIET, **changes}))
        assert mouse.mass == mouse.parameters.glucose.beta_mass


def test_factors_of_a_life_act_on_its_burden_from_weaning_on():
    p, first = Parameters().change(QUIET), int(24 * WEANED)
    plain, more = burden_path(p, 40.0), burden_path(p, 40.0, production=3.0)
    assert np.array_equal(plain[: first + 1], more[: first + 1])
    assert np.all(more[first + 1 :] > plain[first + 1 :])


def test_a_burden_is_capped_until_weaning():
    noisy = Parameters().change({"senescence.noise": 0.01})
    path = burden_path(noisy, 90.0, survive=WEANED, who="c")
    assert path is not None and path[: int(24 * WEANED) + 1].max() == 0.95


def test_a_mouse_placed_at_its_rest_point_stays_near_it():
    """The rest point is that of young levels of cargo; the mouse of 7.3 opens a sixth more."""
    mouse = Weanling(Parameters().change(QUIET), burden=NO_BURDEN)
    start = mouse.wall.copy()
    mouse.live(5.0)
    filled = mouse.wall.copy()
    mouse.live(30.0)
    for before in (start, filled):
        assert mouse.wall[JUNCTION].mean() == pytest.approx(before[JUNCTION].mean(), rel=0.002)
        assert mouse.wall[DAMAGE].mean() == pytest.approx(before[DAMAGE].mean(), rel=0.005)
        assert mouse.wall[MUCUS].mean() == pytest.approx(before[MUCUS].mean(), rel=0.002)
        assert mouse.wall[ACTIVATION].mean() == pytest.approx(before[ACTIVATION].mean(), rel=0.03)
        change = mouse.wall[PATHOBIONTS].mean() / before[PATHOBIONTS].mean()
        assert change == pytest.approx(1.0, abs=0.08)


def test_every_mouse_has_a_rest_point():
    """Ends of all ranges, factors of 0 and 4: finite, without a warning."""
    random = np.random.default_rng(1)
    entries = [e for e in Parameters().entries() if not e.name.startswith("resolution")]
    made = 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for k in range(120):
            changes = {"resolution.segments": 8}
            for entry in entries:
                ends = [entry.low, entry.high, entry.default, entry.default]
                changes[entry.name] = ends[random.integers(4)]
            try:
                p = Parameters().change(changes)
            except GutexoError:
                continue
            factors = {name: float(random.choice([0.0, 0.5, 1.0, 4.0])) for name in FACTORS}
            burden = np.full(24 * 30, random.choice([0.0, 0.3, 0.95]))
            mouse = Weanling(p, burden=burden, factors=factors if k % 2 else None)
            assert np.isfinite(mouse.wall).all() and np.isfinite(mouse.body).all(), changes
            assert math.isfinite(mouse.mass) and mouse.mass > 0.0, changes
            shares = mouse.wall[[JUNCTION, DAMAGE, PATHOBIONTS, PORE]]
            assert shares.min() >= 0.0 and shares.max() <= 1.0, changes
            made += 1
    assert made > 60


# -- the life from it ---------------------------------------------------------------------------


@pytest.mark.parametrize("changes", [QUIET, NOISY], ids=["quiet", "noisy"])
def test_the_state_at_weaning_is_forgotten_at_90_days(changes):
    p = Parameters().change(changes)
    path = burden_path(p, 200.0, who="a", seed=3)
    base = MeanFieldMouse(p, burden=path).measure()
    for factor in (0.7, 1.3):
        other = moved(factor)(p, burden=path).measure()
        for name in ("plasma TNF", "plasma IL-6", "plasma LPS"):
            print(f"{factor} {name}: {100.0 * (other[name] / base[name] - 1.0):+.2f} %")
        for name in ("FITC-dextran", "TER", "HOMA-IR"):
            assert other[name] == pytest.approx(base[name], rel=0.03), (factor, name)


@pytest.mark.parametrize(
    ("changes", "bound"), [(QUIET, 0.001), (NOISY, 0.005)], ids=["quiet", "noisy"]
)
def test_long_steps_of_a_young_life_change_nothing(changes, bound):
    """Noisy burdens: 2 of 40 mice differ by more than 0.3 % in any reading, at most by 0.42 %."""
    p = Parameters().change(changes)
    for who in "abc":
        path = burden_path(p, 200.0, who=who, seed=7)
        slow = MeanFieldMouse(p, burden=path, step=p.resolution.tick).measure()
        gap, where = worst_gap(MeanFieldMouse(p, burden=path).measure(), slow)
        assert gap < bound, (who, where)
