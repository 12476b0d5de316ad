"""The start of the mean-field mouse: the rest point of the day of weaning, and the life from it."""

import warnings

import numpy as np
import pytest

from gutexo.catalogue import Parameters
from gutexo.catalogue.ages import WEANING_DAYS
from gutexo.catalogue.signals import TNF
from gutexo.errors import GutexoError
from gutexo.mean_field import MeanFieldMouse
from gutexo.mean_field.array_layout import (
    ACTIVATION,
    BARRIER,
    BURDEN,
    CALMING,
    CAPACITY,
    CYTOKINE,
    DAMAGE,
    DISRUPTING,
    INCITING,
    INDUCED,
    INFLAMING,
    JUNCTION,
    LIPID,
    LPS,
    MASS,
    MUCUS,
    OFFER,
    ORGAN_INDUCED,
    PATHOBIONTS,
    PORE,
    PROTECTING,
    PROTECTIVE,
    SUPPORT,
)
from gutexo.mean_field.coefficients import FACTORS
from gutexo.mean_field.noise import driving_noise
from gutexo.mean_field.wall import packet_loads

QUIET = {"animal.variation": 0.0, "senescence.noise": 0.0}
NOISY = {"animal.variation": 0.0}
NO_BURDEN = {**QUIET, "senescence.production": 1e-7, "senescence.removal": 1.0}


def weanling(changes, **mouse):
    """A mean-field mouse on the day of weaning."""
    return MeanFieldMouse(Parameters().change(changes), age=WEANING_DAYS, **mouse)


def move_slow_states(mouse, factor):
    """Multiply the slow states of a mouse; shares stay at most 1."""
    wall, organs = mouse.wall, mouse.organs
    wall[JUNCTION] = np.maximum(0.0, 1.0 - factor * (1.0 - wall[JUNCTION]))
    wall[ACTIVATION] *= factor
    for shares in (wall[DAMAGE], wall[PATHOBIONTS], organs[CAPACITY]):
        np.minimum(1.0, factor * shares, out=shares)
    mouse.body[MASS] *= factor


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
    mouse = weanling({})
    assert mouse.age == WEANING_DAYS == 21.0
    assert mouse.harvest().packets == 0.0 and not mouse.harvest().units.any()
    assert not mouse.wall[[DISRUPTING, PROTECTING, INFLAMING, INCITING, CALMING]].any()
    assert not mouse.organs[[LIPID, SUPPORT]].any()
    assert not mouse.wall[INDUCED].any() and not mouse.organs[ORGAN_INDUCED].any()
    assert mouse.body[BURDEN] > 0.0


def test_the_wall_of_a_weanling_is_at_its_targets():
    """By hand from ODD 5 and 7.5, in a mouse with hardly any senescence."""
    mouse = weanling(NO_BURDEN)
    p, wall = mouse.parameters, mouse.wall
    b, e = p.barrier, p.epithelium
    tnf = wall[CYTOKINE + TNF]

    def square(x):
        return x**2 / (1.0 + x**2)

    loads = np.zeros((5, wall.shape[1]))
    packet_loads(mouse._row[0], wall, loads)
    # A healthy niche with turnover holds a young level of each axis.
    bad = loads[BARRIER] / p.cargo.units_per_packet
    good = loads[PROTECTIVE] / p.cargo.units_per_packet
    assert bad == pytest.approx(1.0, rel=1e-3) and good == pytest.approx(1.0, rel=1e-3)
    repair = b.repair * (1.0 + b.protection * square(good / p.cargo.protection_half))
    loss = b.loss + b.cargo_disruption * square(bad / b.cargo_half)
    assert wall[JUNCTION] == pytest.approx(repair / (repair + loss), rel=1e-6)
    assert wall[PORE] == pytest.approx(square(tnf / b.pore_half), rel=1e-6)
    injury = e.injury * (1.0 + e.injury_by_tnf * square(tnf / e.injury_half))
    closure = e.restitution * (1.0 + e.protection * good / (e.protection_half + good))
    assert wall[DAMAGE] == pytest.approx(injury / (injury + closure), rel=1e-6)
    m, x = p.microbiota, p.microbiota.shift_by_tnf * (tnf - 1.0)
    assert wall[PATHOBIONTS] == pytest.approx(x / (1.0 + x), rel=1e-6)
    assert wall[MUCUS] == pytest.approx(1.0 + m.mucus_by_pathobionts * wall[PATHOBIONTS], rel=1e-9)
    crossing = 1.0 + b.lps_leak * (1.0 - wall[JUNCTION]) + b.unrestricted * wall[DAMAGE]
    offered = wall[OFFER] * (1.0 + m.lps_by_pathobionts * wall[PATHOBIONTS])
    assert wall[LPS] == pytest.approx(offered * wall[MUCUS] * crossing, rel=1e-9)


def test_the_mass_of_beta_cells_is_that_of_the_lower_steady_glucose():
    for root in (0.0, 15.0):
        mouse = weanling({**QUIET, "glucose.beta_root": root})
        assert mouse.measure()["fasting glucose"] == pytest.approx(100.0 + root, rel=1e-6)
    for changes in ({"glucose.beta_growth": 0.0}, {"glucose.beta_toxicity": 1e-4}):
        mouse = weanling({**QUIET, **changes})
        assert mouse.body[MASS] == mouse.parameters.glucose.beta_mass


def test_factors_of_a_life_act_on_its_burden_from_weaning_on():
    plain, more = (weanling(QUIET, factors={"senescence.production": f}) for f in (1.0, 3.0))
    assert plain.body[BURDEN] == more.body[BURDEN] > 0.0
    assert more.live(10.0).body[BURDEN] > 2.0 * plain.live(10.0).body[BURDEN]


def test_a_burden_is_capped_until_weaning():
    noisy = {"senescence.noise": 0.01, "senescence.removal": 1e-3}
    burdens = [weanling(noisy, normals=sign * np.ones(600)).body[BURDEN] for sign in (1.0, 0.02)]
    assert burdens[0] == 0.95 > burdens[1]


def test_noise_before_weaning_is_one_number_an_hour_whatever_the_tick():
    z = driving_noise(4, 24 * 100)
    ticks = [
        weanling({**NOISY, "resolution.tick": tick}, normals=z).body[BURDEN]
        for tick in (0.5, 1.0, 2.0)
    ]
    assert ticks[0] == ticks[1] == ticks[2]
    # From weaning on it is one a tick, so at half ticks it lasts half as long.
    for tick, days in ((1.0, 79.0), (0.5, 39.5)):
        weanling({**NOISY, "resolution.tick": tick}, normals=z).live(days)
        with pytest.raises(GutexoError, match="ends before"):
            weanling({**NOISY, "resolution.tick": tick}, normals=z).live(days + 1.0)


def test_a_mouse_placed_at_its_rest_point_stays_near_it():
    """The rest point is that of young levels of cargo; the mouse of 7.3 opens a sixth more.

    So junctions open by half a percent within days; activation and damage follow by up to a fifth.
    Then only the bacteria move, within weeks, and bare epithelium after them.
    """
    mouse = weanling(NO_BURDEN)
    start = mouse.wall.copy()
    mouse.live(5.0)
    filled = mouse.wall.copy()
    mouse.live(30.0)
    for row, near, at_rest in (
        (JUNCTION, 0.007, 0.001),
        (DAMAGE, 0.18, 0.02),
        (MUCUS, 0.004, 0.004),
        (ACTIVATION, 0.25, 0.04),
        (PATHOBIONTS, 0.25, 0.2),
    ):
        later = mouse.wall[row].mean()
        assert later == pytest.approx(start[row].mean(), rel=near), row
        assert later == pytest.approx(filled[row].mean(), rel=at_rest), row


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
            mouse = MeanFieldMouse(p, age=WEANING_DAYS, seed=k, factors=factors if k % 2 else None)
            for numbers in (mouse.wall, mouse.organs, mouse.body):
                assert np.isfinite(numbers).all(), changes
            assert mouse.body[MASS] > 0.0, changes
            shares = mouse.wall[[JUNCTION, DAMAGE, PATHOBIONTS, PORE]]
            assert shares.min() >= 0.0 and shares.max() <= 1.0, changes
            made += 1
    assert made > 60


# -- the life from it ---------------------------------------------------------------------------


@pytest.mark.parametrize("changes", [QUIET, NOISY], ids=["quiet", "noisy"])
def test_the_state_at_weaning_is_forgotten_at_90_days(changes):
    p = Parameters().change(changes)
    base = MeanFieldMouse(p, seed=3).measure()
    for factor in (0.7, 1.3):
        other = moved(factor)(p, seed=3).measure()
        for name in ("FITC-dextran", "TER", "HOMA-IR", "plasma TNF"):
            assert other[name] == pytest.approx(base[name], rel=0.03), (factor, name)


@pytest.mark.parametrize(
    ("changes", "bound"), [(QUIET, 0.001), (NOISY, 0.02)], ids=["quiet", "noisy"]
)
def test_long_steps_of_a_young_life_change_nothing(changes, bound):
    """In noisy lives activation remembers what a step of four hours blurs, by 1.3 % here."""
    p = Parameters().change(changes)
    for seed in (1, 2, 3):
        slow = MeanFieldMouse(p, seed=seed, step=p.resolution.tick).measure()
        gap, where = worst_gap(MeanFieldMouse(p, seed=seed).measure(), slow)
        assert gap < bound, (seed, where)
