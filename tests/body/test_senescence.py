"""Sites of senescence: how they turn, mature and are cleared, by themselves and by signals."""

import numpy as np
import pytest

from gutexo.biology.codes import (
    BY_INDUCTION,
    BY_ITSELF,
    BY_TRANSPLANT,
    INDUCED,
    INDUCED_MATURE,
    INTRINSIC,
    INTRINSIC_MATURE,
    WELL,
)
from gutexo.body.doses import Dose
from gutexo.body.interventions import Intervention
from gutexo.body.mouse import Mouse
from gutexo.body.snapshot import Snapshot
from gutexo.catalogue import Parameters
from gutexo.errors import GutexoError
from gutexo.protocol.exosome_treatments import designed_exosomes
from gutexo.protocol.treatments import (
    Factors,
    Irradiation,
    SenescentCellTransplant,
    Senolytic,
)
from tests.conftest import SMALL

# Signals turn many cells within days, in a mouse that hears its neighbours.
SIGNALLED = {"senescence.induction_gut": 0.2, "senescence.induction_organs": 0.2}
INDUCING = {"senescence.induction_by_senescence": 0.5}
STORM = Factors(factors={"senescence.induction_gut": 40.0, "senescence.induction_organs": 80.0})


class LoopDose(Intervention):
    """Exosomes injected into a stretch of gut, each day."""

    packets: int = 300
    stretch: tuple[float, float] = (0.0, 1.0)
    inflammatory: float = 40.0
    days: int = 3

    def doses(self):
        vial = designed_exosomes(self.packets, inflammatory=self.inflammatory)
        return [
            Dose(24.0 * day, "exosomes", self.packets, "gavage", vial, self.stretch)
            for day in range(self.days)
        ]


def transitions(mouse, ticks):
    """States before and after each tick, with the burden that intrinsic sites follow."""
    for _ in range(ticks):
        before = mouse.state.cells.senescence.copy()
        followed = float(mouse.state.blood[0].followed)
        mouse.run_for(mouse.state.hours)
        yield before, mouse.state.cells.senescence.copy(), followed


def test_states_are_exclusive_and_no_site_is_cleared_twice(small):
    """Induced sites leave by a draw, intrinsic ones by the fall of the burden alone."""
    drug = Senolytic(start=4)
    mouse = Mouse(small.change(INDUCING), seed=2, age=200, interventions=[STORM, drug])
    sites = mouse.state.cells.kind != 1
    whole = mouse.state.records[-1].senescence_whole
    seen = set()
    for before, after, followed in transitions(mouse, 24 * 8):
        below = mouse.state.cells.susceptibility * whole < followed
        for was, now in {*zip(before[sites].tolist(), after[sites].tolist(), strict=True)}:
            seen.add((was, now))
        intrinsic = (before == INTRINSIC) | (before == INTRINSIC_MATURE)
        assert not (intrinsic & below & (after == WELL) & sites).any()
        assert not (intrinsic & (after >= INDUCED)).any()
        assert not ((before >= INDUCED) & ((after == INTRINSIC) | (after == 2))).any()
        assert not ((before == INDUCED_MATURE) & (after == INDUCED)).any()
        assert not ((before == WELL) & (after == INDUCED_MATURE)).any()
    assert {(WELL, INDUCED), (INDUCED, INDUCED_MATURE), (INDUCED, WELL)} <= seen
    assert not mouse.state.cells.senescence[~sites].any(), "macrophages are no sites"


def test_what_a_site_tells_of_itself_is_true(small):
    mouse = Mouse(small.change(INDUCING), seed=2, age=100, interventions=[STORM])
    cells = mouse.state.cells
    for tick, (before, after, _) in enumerate(transitions(mouse, 72), mouse.state.tick):
        turned = (before == WELL) & (after != WELL)
        assert (cells.turned[turned] == tick).all()
        assert (cells.cause[turned] == np.where(after[turned] >= INDUCED, 2, 1)).all()
        cleared = (before != WELL) & (after == WELL)
        assert (cells.cleared[cleared] == tick).all()
    assert {BY_ITSELF, BY_INDUCTION} <= set(cells.cause.tolist())


def test_induced_and_mature_shares_follow_their_equations():
    """At known chances: dv/dt = (1 - a - v) z / c - r v, dm/dt = (v - m) / tau - r m."""
    many = Parameters().change({**SMALL, "resolution.hepatocytes": 12000, **SIGNALLED})
    still = {"senescence.noise": 0.0, "animal.variation": 0.0, "senescence.production": 1e-7}
    mouse = Mouse(many.change(still), seed=1, age=21)
    a, cells, r = mouse.state.anatomy, mouse.state.cells, mouse.state.records[-1]
    liver = a.organ_rows(0)
    v, m, days = 0.0, 0.0, 20
    cells.senescence[:] = WELL
    for _ in range(24 * days):
        mouse.run_for(1.0)
        chance, freed = mouse.state.sensed.organ_induction[0], mouse.state.sensed.freed[0]
        v, m = (
            v + (1.0 - v) * chance - v * freed,
            m * (1.0 - freed) + (v - m) * (1.0 - freed) * r.maturing_step,
        )
    states = cells.senescence[liver]
    assert v > 0.05
    assert np.mean(states >= INDUCED) == pytest.approx(v, rel=0.06)
    assert np.mean(states == INDUCED_MATURE) == pytest.approx(m, rel=0.08)


def test_intrinsic_share_is_the_followed_burden(small):
    many = small.change({"resolution.hepatocytes": 6000})
    mouse = Mouse(many, seed=3, age=300)
    mouse.run_for("1 d")
    states = mouse.state.cells.senescence[mouse.state.anatomy.organ_rows(0)]
    b = mouse.state.blood[0]
    share = b.followed / mouse.state.records[-1].senescence_whole
    assert np.mean((states == INTRINSIC) | (states == INTRINSIC_MATURE)) == pytest.approx(
        share * (1 - np.mean(states >= INDUCED)), rel=0.15
    )
    whole = small.senescence.reference_burden / small.senescence.share
    assert mouse.measure()["total burden"] == pytest.approx(
        b.burden
        + whole
        * 0.5
        * (mouse.measure()["gut induced share"] + mouse.measure()["organ induced share"])
    )


def test_a_senolytic_silences_within_a_day(small):
    """A phenotype that outlives its cell would go on secreting."""
    mouse = Mouse(small.change(INDUCING), seed=2, age=400)
    mouse.add(SenescentCellTransplant(share=0.3, organs=("gut", "liver")))
    mouse.run_for("1 d")
    before = mouse.measure()
    mouse.add(Senolytic(share=1.0))
    mouse.run_for("1 d")
    after = mouse.measure()
    assert before["gut mature share"] > 0.1 and before["own barrier cargo"] > 2.0
    assert after["gut mature share"] == 0.0 and after["own barrier cargo"] == 1.0
    # What turned on this day is not mature yet.
    assert not mouse.state.sensed.secretion.any() and not mouse.state.sensed.organ_secretion.any()


def test_a_senolytic_has_an_efficacy_by_place(medium):
    spared = Senolytic(share=0.0, efficacy={"liver": 1.0})
    mouse = Mouse(medium, seed=2, age=120)
    mouse.add(Factors(factors=STORM.factors, stop=3))
    mouse.run_for("3 d")
    start = mouse.snapshot()
    found = {}
    for name, drug in {"none": Senolytic(share=0.0), "liver": spared}.items():
        treated = Mouse.from_snapshot(start, interventions=[drug])
        treated.run_for(1.0)
        states = treated.state.cells.senescence
        a = treated.state.anatomy
        found[name] = [np.sum(states[a.organ_rows(n)] >= INDUCED) for n in range(3)]
        found[name].append(np.sum(states[: a.first_macrophage] >= INDUCED))
    assert found["none"][0] > 0 and found["liver"][0] <= 1  # one may turn in the hour after
    assert abs(found["liver"][1] - found["none"][1]) <= 1
    assert found["liver"][3] == pytest.approx(found["none"][3], abs=2)
    # The intrinsic burden falls by the weighted mean: the liver is 64 of 112 cells of organs.
    burden = [s.state.blood[0].burden for s in (Mouse.from_snapshot(start),)][0]
    treated = Mouse.from_snapshot(start, interventions=[spared])
    treated._give_due()
    assert treated.state.blood[0].burden == pytest.approx(burden * (1 - 0.5 * 64 / 112))


def test_a_transplant_is_of_its_size_and_is_cleared(medium):
    many = medium.change({"resolution.hepatocytes": 2000})
    mouse = Mouse(many, seed=1, interventions=[SenescentCellTransplant(share=0.1)])
    mouse.run_for(1.0)
    cells, a = mouse.state.cells, mouse.state.anatomy
    graft = cells.cause == BY_TRANSPLANT
    assert graft[a.organ_rows(0)].mean() == pytest.approx(0.1, abs=0.03)
    assert not graft[: a.first_organ_cell].any()
    here = mouse.measure()
    assert here["organ induced share"] > 0.05
    assert here["host senescent share"] < here["organ senescent share"] - 0.05
    mouse.run_for("28 d")
    assert mouse.measure()["organ induced share"] < 0.6 * here["organ induced share"]


def test_doses_of_cells_leave_the_draws_of_exosomes_alone(small):
    """Twins stay paired: the packets of a dose are the same ones after a senolytic."""
    vial = designed_exosomes(50, barrier=3.0, seed=4)
    given = [Dose(2.0, "exosomes", 20, "gavage", vial)]

    class Given(Intervention):
        def doses(self):
            return given

    keys = []
    for more in ([], [Senolytic()], [SenescentCellTransplant()]):
        mouse = Mouse(small, seed=1, interventions=[Given(), *more])
        mouse.run_for(3.0)
        packets, n = mouse.state.packets, mouse.state.count
        dosed = packets.dose[:n] >= 0
        keys.append((packets.key[:n][dosed].tolist(), packets.cargo[:n][dosed].tolist()))
    assert keys[0] == keys[1] == keys[2]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: Senolytic(efficacy={"livre": 0.5}), "did you mean 'liver'"),
        (lambda: Senolytic(efficacy={"liver": 1.5}), "share of the liver must be 0 to 1; got 1.5"),
        (lambda: Senolytic(efficacy=0.5), "shares of places must be a dict"),
        (lambda: SenescentCellTransplant(organs=("brain",)), "place 'brain' does not exist"),
        (lambda: Dose(0, "LPS", 1.0, places=(("liver", 0.1),)), "has no shares of places"),
        (lambda: Dose(0, "senolytic", 0.5, segments=(0, 0.5)), "not a part of the gut"),
    ],
)
def test_what_is_not_possible_is_said(wrong, said):
    with pytest.raises(GutexoError) as caught:
        wrong()
    assert said in str(caught.value) and "\n" not in str(caught.value)


GIVEN = [
    STORM,
    Irradiation(strength=20.0),
    LoopDose(stretch=(0.5, 0.6)),
    Senolytic(share=0.5, start=1.5, every=1, repeats=2, efficacy={"liver": 0.1}),
    SenescentCellTransplant(share=0.2, start=1.0, organs=("liver", "gut")),
]


def same_bits(one, other):
    arrays, others = one.snapshot().arrays, other.snapshot().arrays
    return [name for name in arrays if arrays[name].tobytes() != others[name].tobytes()]


@pytest.mark.parametrize("driver", ["compiled by tick", "agents"])
def test_drivers_agree_through_induction_clearance_and_transplants(small, driver):
    """To the bit, with every kind of change of a site seen on the way."""
    mice = [
        Mouse(small.change(INDUCING), seed=5, age=40, driver=name, interventions=GIVEN)
        for name in ("compiled", driver)
    ]
    for mouse in mice:
        mouse.run_for("4 d")
    assert same_bits(*mice) == []
    assert set(mice[0].state.cells.cause.tolist()) == {0, 1, 2, 3}
    assert (mice[0].state.cells.cleared >= 0).any()


def test_a_snapshot_in_mid_day_keeps_sites_and_counters(small, tmp_path):
    straight = Mouse(small.change(INDUCING), seed=5, age=40, interventions=GIVEN)
    straight.run_for("4 d")
    cut = Mouse(small.change(INDUCING), seed=5, age=40, interventions=GIVEN)
    cut.run_for(41.0)
    again = Mouse.from_snapshot(Snapshot.load(cut.snapshot().save(tmp_path / "x.npz")))
    again.run_for(96.0 - 41.0)
    assert same_bits(straight, again) == []


def test_tenfold_tnf_for_a_day_lowers_the_muscle(medium):
    """At least 5 % (our choice): the block is not used up at rest."""
    found = []
    for seed in range(4):
        start = Mouse(medium, seed=seed).snapshot()
        values = []
        for factor in (1.0, 10.0):
            mouse = Mouse.from_snapshot(
                start, interventions=[Factors(factors={"tnf.secretion": factor})]
            )
            mouse.run_for("1 d")
            values.append(mouse.measure()["muscle insulin sensitivity"])
        found.append(values[1] / values[0])
    assert np.mean(found) <= 0.95


def test_exosomes_enter_the_stretch_that_they_are_given_to(small):
    mouse = Mouse(small, seed=1, interventions=[LoopDose(stretch=(0.5, 0.75), days=1)])
    mouse._give_due()
    packets, n = mouse.state.packets, mouse.state.count
    segments = packets.position[:n][packets.dose[:n] >= 0] >> 16
    assert set(segments.tolist()) == {6, 7, 8}
