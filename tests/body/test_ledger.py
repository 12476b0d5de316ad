"""The ledger balances to the unit, and a dropped packet is caught."""

import pytest

from gutexo.body.ledger import find_imbalance
from gutexo.body.mouse import Mouse
from gutexo.body.stages import arrivals
from gutexo.errors import ModelError


def test_a_dropped_packet_is_caught(small):
    mouse = Mouse(small, seed=1)
    mouse.state.count -= 1
    with pytest.raises(ModelError, match="ledger"):
        mouse.run_for(1)


def test_a_unit_that_appears_is_caught(small):
    mouse = Mouse(small, seed=1)
    mouse.state.cells.held[0, 2] += 1
    with pytest.raises(ModelError, match="insulin_resistance cargo"):
        mouse.run_for(1)


def test_an_arrival_that_is_not_handed_over_is_caught(small, monkeypatch):
    mouse = Mouse(small, seed=1, driver="compiled by tick")  # whose stages can be replaced

    def forgetful(count, packets, cells, ledger):
        before = cells.held.copy()
        kept = settle(count, packets, cells, ledger)
        cells.held[:] = before
        return kept

    settle = arrivals.apply_arrivals
    monkeypatch.setattr(arrivals, "apply_arrivals", forgetful)
    with pytest.raises(ModelError, match="does not balance"):
        mouse.run_for(5)


def test_a_harvest_is_counted(small):
    mouse = Mouse(small, seed=1)
    harvest = mouse.harvest()
    s = mouse.state
    assert len(harvest["cargo"]) == len(harvest["segment"]) > 100
    assert find_imbalance(s.ledger, s.packets.cargo, s.count, s.cells.held) == -1
    assert mouse.measure()["luminal exosomes"] == 0
