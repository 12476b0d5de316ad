"""The drivers are equal bit for bit, whatever happens on the way."""

import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from gutexo.body.doses import Dose
from gutexo.body.drivers import DRIVERS
from gutexo.body.interventions import Intervention
from gutexo.body.mouse import Mouse
from gutexo.body.snapshot import Snapshot
from gutexo.protocol.exosome_treatments import GiveExosomes

DEADLY = {
    "senescence.production": 3.5e-4,
    "senescence.removal": 0.001,
    "senescence.noise": 0.01,
}


class Course(Intervention):
    """Doses of every kind and modifiers on a few rates."""

    preparation: object = None

    def modifiers(self, day):
        return {"exosome.release": 1.5, "tight_junction.repair": 0.5 + 0.1 * day}

    def segments(self):
        return (0.25, 0.75)

    def doses(self):
        return [
            Dose(2.0, "exosomes", 40, "gavage", self.preparation),
            Dose(7.0, "exosomes", 40, "intravenous", self.preparation),
            Dose(8.0, "LPS", 5.0, "intravenous"),
            Dose(9.0, "injury", 0.5, segments=(0.0, 0.3)),
            Dose(12.0, "microbiota", 0.6),
            Dose(20.0, "senolytic", 0.5),
        ]


def everything(mouse):
    """All that a mouse is, as one dictionary of arrays."""
    arrays = dict(mouse.snapshot().arrays)
    arrays["counters"] = np.array([mouse.state.count, mouse.state.next_id, mouse.tick])
    return arrays


def assert_same(first, *others):
    """Equal to the bit."""
    one = everything(first)
    for mouse in others:
        other = everything(mouse)
        assert one.keys() == other.keys()
        for name in one:
            assert one[name].tobytes() == other[name].tobytes(), name


def test_equal_at_every_tick_with_doses_and_modifiers(small, preparation):
    course = Course(preparation=preparation, start=0.1, stop=1.5)
    mice = [Mouse(small, seed=3, driver=driver, interventions=[course]) for driver in DRIVERS]
    for _ in range(40):
        for mouse in mice:
            mouse.step()
        assert_same(*mice)


def test_driver_changes_in_mid_life(small, preparation):
    course = Course(preparation=preparation)
    whole = Mouse(small, seed=4, interventions=[course])
    changing = Mouse(small, seed=4, interventions=[course])
    whole.run_for(30)
    changing.run_for(10)
    changing.driver = "agents"
    changing.run_for(10)
    changing.driver = "compiled"
    changing.run_for(10)
    assert_same(whole, changing)


@pytest.mark.parametrize("to_disk", [False, True])
def test_a_run_split_by_a_snapshot_goes_on_to_the_bit(small, preparation, tmp_path, to_disk):
    course = Course(preparation=preparation)
    whole = Mouse(small, seed=5, interventions=[course])
    whole.run_for(60)
    first = Mouse(small, seed=5, interventions=[course])
    first.run_for(11)
    snapshot = first.snapshot()
    if to_disk:
        snapshot = Snapshot.load(snapshot.save(tmp_path / "mouse.npz"))
    second = Mouse.from_snapshot(snapshot)
    second.run_for(49)
    assert_same(whole, second)
    third = Mouse.from_snapshot(snapshot, driver="agents")
    third.run_for(20)
    first.run_for(20)
    assert_same(first, third)


def test_a_snapshot_keeps_the_lps_of_a_vial(small, preparation, tmp_path):
    vial = replace(preparation, lps=40.0)
    given = GiveExosomes(source=vial, lps_share=1.0, start=1.0, repeats=1)
    whole = Mouse(small, seed=6, interventions=[given])
    without = Mouse(small, seed=6, interventions=[given.model_copy(update={"lps_share": 0.0})])
    for mouse in (whole, without):
        mouse.run_for("1 d")
    second = Mouse.from_snapshot(Snapshot.load(whole.snapshot().save(tmp_path / "mouse.npz")))
    for mouse in (whole, without, second):
        mouse.run_for("1 d")
    assert_same(whole, second)
    assert whole.measure()["plasma LPS"] > without.measure()["plasma LPS"]


def test_what_is_heard_is_derived_anew_every_tick(small):
    """Rubbish where the last tick's signals were changes nothing, so no stale one is ever used."""
    clean, littered = (Mouse(small, seed=3, age=400) for _ in range(2))
    for _ in range(60):
        for column in littered.state.sensed:
            column[...] = 17
        for mouse in (clean, littered):
            mouse.step()
        assert_same(clean, littered)


SCRIPT = """
import sys, hashlib
sys.path.insert(0, {root!r})
from gutexo.body.mouse import Mouse
from gutexo.body.snapshot import Snapshot
mouse = Mouse.from_snapshot(Snapshot.load({path!r}))
mouse.run_for({hours})
arrays = mouse.snapshot().arrays
print(hashlib.sha256(b"".join(arrays[k].tobytes() for k in sorted(arrays))).hexdigest())
"""


def test_a_few_ticks_as_plain_python_give_the_same_bits(small, preparation, tmp_path):
    import hashlib

    mouse = Mouse(small, seed=6)
    mouse.run_for(20)
    path = mouse.snapshot().save(tmp_path / "mouse.npz")
    mouse.run_for(5)
    arrays = mouse.snapshot().arrays
    mine = hashlib.sha256(b"".join(arrays[k].tobytes() for k in sorted(arrays))).hexdigest()
    root = os.getcwd()
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(root=root, path=str(path), hours=5)],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip() == mine


def test_a_death_is_the_same_in_all_drivers(small):
    deadly = small.change(
        {"senescence.production": 3.5e-4, "senescence.removal": 0.001, "senescence.noise": 0.01}
    )
    mice = [Mouse(deadly, seed=2, age=44, driver=driver) for driver in DRIVERS]
    for mouse in mice:
        mouse.run_for("8 d")
    assert not mice[0].alive and mice[0].died == mice[1].died == mice[2].died
    assert_same(*mice)


def test_two_living_mice_do_not_touch_each_other(small):
    alone = Mouse(small, seed=7)
    alone.run_for(30)
    one, other = Mouse(small, seed=7), Mouse(small, seed=8)
    for _ in range(30):
        one.step()
        other.step()
    assert_same(alone, one)


@pytest.mark.gate
def test_equal_over_a_shortened_life(small, preparation):
    """A life of 60 days with fast ageing, doses and modifiers, compared at every tick."""
    fast = small.change({"senescence.production": 2e-4})
    course = Course(preparation=preparation, stop=40)
    mice = [Mouse(fast, seed=9, driver=driver, interventions=[course]) for driver in DRIVERS]
    generations = mice[0].state.cells.generation.sum()
    for _ in range(60 * 24):
        for mouse in mice:
            mouse.run_for(1)
        assert_same(*mice)
    assert mice[0].alive and mice[0].day == 60.0
    # Cells were born and shed, packets came and went.
    assert mice[0].state.cells.generation.sum() > generations + 1000
