"""The benchmark runs and its yardstick tells the truth; how fast it is, is not asserted."""

import json

import pytest

from tests.benchmarks import against, yardstick
from tests.benchmarks.figure import draw
from tests.benchmarks.run import CPP, MESA, STAGE, against_table, measure, outcome, tables
from tests.benchmarks.worlds import World


@pytest.mark.gate
@pytest.mark.skipif(not yardstick.compiler(), reason="no C++ compiler is found")
@pytest.mark.parametrize("packets", [1e3, 3e4])
def test_the_yardstick_leaves_every_packet_where_the_compiled_driver_does(packets):
    world = World(packets)
    stick = yardstick.Yardstick(world)
    for turn in range(5):
        world.rewind(turn)
        world.run()
        ours = world.outcome()
        world.rewind(turn)
        stick.run()
        assert world.outcome() == ours
    assert outcome(world, world.run) != outcome(world, lambda: None)


@pytest.mark.long
def test_the_benchmark_measures_and_draws(tmp_path):
    found = json.loads(json.dumps(measure(2, (1e3,), False, lambda line: None)))
    (row,) = found["sizes"].values()
    assert row["ratios"][f"{STAGE} / {MESA}"] > 0
    assert (CPP in row["updates per second"]) == bool(yardstick.compiler())
    assert found["bytes per packet"] == 57
    assert len(tables(found)) == 3
    assert draw(found, tmp_path / "speed.png").stat().st_size > 10_000


@pytest.mark.long
def test_another_revision_lives_the_same_mice_beside_this_one(monkeypatch):
    monkeypatch.setattr(against, "LIVES", {"a quick mouse's day": ("quick", 2)})
    rows = against.compare_with("HEAD", 2, 1, False, lambda line: None)
    assert set(rows) == {"a quick mouse's day", "first step, cold caches"}
    assert all(row["ratio"] > 0 for row in rows.values())
    assert against_table("HEAD", rows).row_count == 2
