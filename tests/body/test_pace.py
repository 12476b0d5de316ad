"""A tick that is too long for a rate is refused, with the tick that would do."""

import numpy as np
import pytest

from gutexo.body.interventions import Intervention
from gutexo.body.mouse import Mouse
from gutexo.errors import GutexoError


class Boost(Intervention):
    """Any rate, many times faster."""

    rate: str
    factor: float

    def modifiers(self, day):
        return {self.rate: self.factor}


@pytest.mark.parametrize(
    "rate,factor",
    [
        ("tight_junction.repair", 100.0),
        ("macrophage.relaxation", 100.0),
        ("cargo.decay", 10.0),
        ("exosome.hepatocyte_uptake", 1000.0),
    ],
)
def test_a_modifier_too_fast_for_the_tick(small, rate, factor):
    with pytest.raises(GutexoError, match=f"^{rate} of .* too fast for a tick of 1 h; .* at most"):
        Mouse(small, interventions=[Boost(rate=rate, factor=factor)])


def test_the_tick_it_names_will_do(small):
    boost = Boost(rate="tight_junction.repair", factor=100.0)
    with pytest.raises(GutexoError) as refusal:
        Mouse(small, interventions=[boost])
    allowed = str(refusal.value).split("may be ")[1].split(" h")[0]
    finer = small.change({"resolution.tick": float(allowed)})
    Mouse(finer, interventions=[boost]).run_for(2)


def test_a_parameter_too_fast_for_the_tick(small):
    with pytest.raises(GutexoError, match="epithelium.restitution"):
        Mouse(small.change({"epithelium.restitution": "24 1/d"}))


@pytest.mark.gate
def test_half_a_tick_tells_the_same_story(small):
    """Means of ten days over sixteen mice without animal or senescence noise: within 4 %."""
    quiet = small.change({"animal.variation": 0.0, "senescence.noise": 0.0})
    names = ("FITC-dextran", "TER", "HOMA-IR", "plasma TNF")
    means = []
    for tick in (1.0, 0.5):
        course = []
        for seed in range(16):
            mouse = Mouse(quiet.change({"resolution.tick": tick}), seed=seed)
            mouse.run_for("20 d")
            assert mouse.day == 20.0 and mouse.tick == round(20 * 24 / tick)
            rows = [mouse.recorder.names.index(name) for name in names]
            course.append(mouse.recorder.values[rows, -10:].mean(axis=1))
        means.append(np.mean(course, axis=0))
    assert means[1] == pytest.approx(means[0], rel=0.04)
