"""Known answers, through the running mouse with couplings off."""

import math

import numpy as np
import pytest
from scipy.linalg import expm

from gutexo.analysis.verification import packet_rate_matrix
from gutexo.biology.codes import (
    EPITHELIUM,
    EXCRETED,
    LAMINA_PROPRIA,
    MUCUS,
    N_PLACES,
    PLASMA,
    PROTECTIVE,
    TISSUE,
)
from gutexo.body.clock import make_clock
from gutexo.body.doses import Dose, Preparation
from gutexo.body.interventions import Intervention
from gutexo.body.ledger import LEDGER_EXCRETED as LEDGER_EXCRETED
from gutexo.body.ledger import PACKETS
from gutexo.body.mouse import Mouse
from gutexo.body.observables import count_packets
from gutexo.body.stages.packets import run_packets
from gutexo.catalogue.organs import LIVER
from gutexo.protocol.exosome_treatments import LpsMatchedVehicle
from gutexo.protocol.treatments import GermFree


class Switch(Intervention):
    """Any modifiers, for tests."""

    factors: dict[str, float]

    def modifiers(self, day):
        return self.factors


class Injection(Intervention):
    """One dose of empty packets."""

    packets: int
    route: str = "intravenous"

    def doses(self):
        vial = Preparation("empty", np.zeros((10, 4), int))
        return [Dose(0.0, "exosomes", self.packets, self.route, vial)]


SILENT = {"exosome.release": 0.0}


def test_exponential_clearance_without_uptake_or_tissue(medium):
    """Only elimination elsewhere: the dose in plasma halves with the catalogue's half-life."""
    quick = medium.change({"resolution.tick": "6 min"})
    off = {
        "exosome.tissue_entry": 0.0,
        "exosome.hepatocyte_uptake": 0.0,
        "exosome.myocyte_uptake": 0.0,
        "exosome.adipocyte_uptake": 0.0,
        **SILENT,
    }
    mouse = Mouse(quick, seed=1, interventions=[Switch(factors=off), Injection(packets=20000)])
    share = quick.exosome
    rate = math.log(2) * 60 / share.clearance_half_life
    rate *= 1 - share.hepatocyte_share - share.myocyte_share - share.adipocyte_share
    for step in range(1, 5):
        mouse.run_for(0.1)
        expected = 20000 * math.exp(-rate * 0.1 * step)
        left = count_packets(mouse.state)[PLASMA, -1]
        assert abs(left - expected) < 4 * math.sqrt(expected), step


def test_no_bacteria_no_lps(small):
    mouse = Mouse(small, seed=1, interventions=[GermFree()])
    mouse.run_for("20 d")
    assert mouse.measure()["plasma LPS"] < 1e-6


def test_no_leak_no_lps_beyond_what_a_closed_wall_lets_through(small):
    """Every path of the leak shut: LPS is that of a closed wall, whatever the junctions do."""
    shut = small.change({"barrier.lps_leak": 0, "barrier.unrestricted": 0})
    crossing = Switch(factors={"lps.crossing": 0.0})
    mouse = Mouse(shut, seed=1, interventions=[crossing])
    mouse.run_for("2 d")
    assert mouse.measure()["plasma LPS"] < 1e-9
    open_again = Mouse(shut, seed=1)
    assert np.allclose(
        open_again.state.segments.lps,
        open_again.state.records["microbiota_lps"][:-1]
        * (1 + shut.microbiota.lps_by_pathobionts * open_again.state.segments.pathobionts)
        * open_again.state.segments.mucus,
    )


def test_topps_steady_state_in_a_mouse_that_hears_nothing(small):
    """No block by cargo, TNF, LPS or senescent cells: Topp's fasting state, HOMA-IR 2.47."""
    blocks = ("cytokine_block", "cargo_block", "cargo_protection", "lps_block", "senescent_block")
    mouse = Mouse(small.change({f"insulin.{name}": 0 for name in blocks}), seed=1)
    values = mouse.measure()
    assert values["fasting glucose"] == pytest.approx(100, rel=0.01)
    assert values["fasting insulin"] == pytest.approx(10, rel=0.01)
    assert values["HOMA-IR"] == pytest.approx(2.47, rel=0.01)
    assert values["beta-cell mass"] == pytest.approx(300, rel=0.01)


def test_crypt_to_tip_transit(small):
    """Every site is replaced once in a transit time."""
    mouse = Mouse(small, seed=1)
    sites = slice(0, mouse.state.anatomy.first_macrophage)
    before = mouse.state.cells.generation[sites].copy()
    mouse.run_for(425)
    replaced = mouse.state.cells.generation[sites] - before
    assert replaced.mean() == pytest.approx(425 / small.epithelium.transit, abs=0.05)
    assert replaced.min() >= 9 and replaced.max() <= 11


def test_luminal_transit_empties_the_gut(small):
    """Without any entry into mucus a gavage leaves after the two transit times, all at once."""
    still = Switch(factors={"exosome.mucus_entry": 0.0, **SILENT})
    mouse = Mouse(small, seed=1, interventions=[still, Injection(packets=500, route="gavage")])
    hours = small.exosome.small_intestine_transit + small.exosome.colon_transit
    before = mouse.state.ledger[LEDGER_EXCRETED, PACKETS]
    mouse.run_for(hours - 1)
    dosed = mouse.state.packets.dose[: mouse.state.count] >= 0
    assert dosed.sum() == 500
    mouse.run_for(2)
    dosed = mouse.state.packets.dose[: mouse.state.count] >= 0
    assert dosed.sum() == 0
    assert mouse.state.ledger[LEDGER_EXCRETED, PACKETS] - before >= 500


@pytest.mark.parametrize("start", [MUCUS, EPITHELIUM, LAMINA_PROPRIA, PLASMA, TISSUE])
@pytest.mark.parametrize("hours", [1.0, 6.0])
def test_the_packet_chain_against_its_matrix_exponential(medium, start, hours):
    """One tick of the running stage from each place, flow stopped, against expm(Q t)."""
    still = Switch(factors={"exosome.luminal_transit": 0.0})
    mouse = Mouse(medium, seed=3, age=21, interventions=[still])
    s = mouse.state
    mouse.regimen.refresh(s, 0.0)
    s.segments.damage[:] = 0.0
    from gutexo.body.stages.sense import sense

    n = 20000
    s.make_room(n)
    s.count = n
    g = 3
    s.packets.place[:n] = start
    s.packets.position[:n] = g * 65536 + 100
    s.packets.dose[:n] = 0
    s.packets.key[:n] = np.arange(n, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    sense(s.anatomy, s.segments, s.cells, s.sensed, s.records, s.blood, hours)
    now = make_clock(s.run_key, 5, hours, 8)
    assert run_packets(n, s.anatomy, s.packets, s.sensed, s.records, now) == -1
    counts = np.bincount(s.packets.place[:n], minlength=13)
    expected = expm(packet_rate_matrix(s.records[g], s.records[-1]) * hours)[start] * n
    assert counts[EXCRETED] == 0
    assert N_PLACES == 6
    z = (counts - expected) / np.sqrt(np.maximum(expected * (1 - expected / n), 1.0))
    assert np.abs(z).max() < 4.5, (counts, expected)


@pytest.mark.gate
def test_the_saturating_removal_burden_of_running_mice(small):
    """Mean burden of survivors at 90 d, grown in the mouse, against the published law's 0.108."""
    tiny = small.change({"resolution.packets": 50, "resolution.segments": 8})
    burden = [Mouse(tiny, seed=s).measure()["senescent burden"] for s in range(400)]
    error = np.std(burden) / math.sqrt(len(burden))
    assert abs(np.mean(burden) - 0.108) < 3.5 * error


def test_support_fades_with_the_half_life_of_mitochondria(medium):
    """Nothing protective is loaded any more: what is left after ten days is the law's."""
    p = medium.change(
        {"insulin.cargo_protection": 0.0, "cargo.decay_time": "6 h", "resolution.thinning": 1}
    )
    mouse = Mouse(p, seed=3)
    mouse.add(Switch(factors={"exosome.release": 0.0}))
    mouse.run_for("6 d")  # what cells held and what was under way is gone
    first = mouse.measure()
    mouse.run_for("10 d")
    last = mouse.measure()
    for organ, half_life in (
        ("liver", p.insulin.liver_mitochondria),
        ("muscle", p.insulin.muscle_mitochondria),
    ):
        name = f"{organ} mitochondrial capacity"
        assert first[name] > 0.001
        assert last[name] / first[name] == pytest.approx(0.5 ** (10.0 / half_life), rel=0.01)


def test_fast_mitochondria_follow_protective_cargo_at_once(medium):
    """The limit of no memory: capacity is what the cargo held now would sustain."""
    fast = Switch(factors={"insulin.mitochondrial_turnover": 1e6})
    mouse = Mouse(medium, seed=3, interventions=[fast])
    mouse.run_for("3 d")
    sensed = mouse.state.sensed.organ_cargo[LIVER, PROTECTIVE].copy()
    mouse.run_for(1)  # senses just that
    cells, a = mouse.state.cells, mouse.state.anatomy
    relative = sensed / medium.cargo.protection_half
    liver = cells.capacity[a.organ_rows(LIVER)]
    assert np.allclose(liver, relative**2 / (1 + relative**2), rtol=1e-12)


def test_a_mouse_begins_with_its_capacity_at_rest(medium):
    """The first day is no drift of the mitochondria from where they were put."""
    mouse = Mouse(medium.change({"animal.variation": 0.0}), seed=3)
    names = ("liver mitochondrial capacity", "muscle mitochondrial capacity")
    first = mouse.measure()
    mouse.run_for("2 d")
    later = mouse.measure()
    for name in names:
        assert later[name] == pytest.approx(first[name], rel=0.1)
    assert first["HOMA-IR"] == pytest.approx(later["HOMA-IR"], rel=0.12)


def test_swallowed_lps_is_washed_out_with_the_lumen(medium):
    """LPS by gavage into a germ-free gut: what is left follows the mean stay in the lumen."""
    mouse = Mouse(medium, seed=3, interventions=[GermFree(), LpsMatchedVehicle(lps=2.0, repeats=1)])
    mouse.run_for("12 h")
    stay = medium.exosome.small_intestine_transit + medium.exosome.colon_transit
    assert mouse.state.segments.swallowed == pytest.approx(2.0 * math.exp(-12.0 / stay), rel=1e-9)
    assert mouse.measure()["plasma LPS"] > 0.0
