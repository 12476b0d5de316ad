"""The questions of calibration and sensitivity, put to mice in means."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from simulation.analysis.outcomes import (
    AGED,
    CULTURED,
    QUESTIONS,
    RESCUED,
    SATURATING,
    TRANSFERRED,
    YOUNG,
)
from simulation.analysis.twin.burden import burden_path
from simulation.analysis.twin.mouse import FIRST_DAY, Harvest, Twin
from simulation.analysis.twin.numbers import VARIED
from simulation.catalogue import Parameters
from simulation.errors import GutexoError

COURSE, OLD = 28, 730.0
DONORS = 2
LONG_STEP = 12.0  # hours, through the middle of a life
LAST_DAYS = 5.0  # days at single ticks before a mouse is read
Readings = dict[str, float]


def random_effects(parameters: Parameters, who: str, seed: int) -> dict[str, float]:
    """Factors of one animal for life, lognormal with mean 1 (ODD 5).

    Args:
        parameters: Of the mouse; `animal.variation` is their coefficient of variation.
        who: Name of the animal.
        seed: Of the draws.

    Returns:
        Factor by named rate; empty without variation.
    """
    s2 = math.log1p(parameters.animal.variation**2)
    if s2 == 0.0:
        return {}
    key = hashlib.blake2b(f"{seed} {who} effects".encode(), digest_size=8).digest()
    z = np.random.default_rng(int.from_bytes(key, "big")).standard_normal(len(VARIED))
    values = np.exp(math.sqrt(s2) * z - 0.5 * s2)
    return {name: float(v) for name, v in zip(VARIED, values, strict=True)}


def animal(parameters: Parameters, who: str, seed: int) -> tuple[Twin, Twin] | None:
    """One animal at 90 and at 730 days; None where no path of its burden survives."""
    short = burden_path(
        parameters, OLD + COURSE + 1, survive=FIRST_DAY + COURSE + 1, who=who, seed=seed
    )
    whole = burden_path(parameters, OLD + COURSE + 1, who=who, seed=seed)
    if short is None or whole is None:
        return None
    factors = random_effects(parameters, who, seed)
    young = Twin(parameters, burden=short, factors=factors)
    again = np.array_equal(short, whole)
    old = young.copy() if again else Twin(parameters, burden=whole, factors=factors)
    return young, grown_old(old)


def grown_old(mouse: Twin, age: float = OLD) -> Twin:
    """A mouse lives to an age, in long steps but for its last days.

    Args:
        mouse: Who; it is changed.
        age: To which it lives (d).
    """
    middle = math.floor(age - LAST_DAYS - mouse.age)
    if middle > 0:
        mouse.live(middle, step=_long_step(mouse.parameters))
    return mouse.live(age - mouse.age)


def _long_step(parameters: Parameters) -> float:
    """The longest step of whole ticks, up to twelve hours, that divides a day."""
    tick = parameters.resolution.tick
    a_day = int(round(24.0 / tick))
    strides = [n for n in range(1, a_day + 1) if a_day % n == 0 and n * tick <= LONG_STEP + 1e-9]
    return max(strides, default=1) * tick


def in_culture(parameters: Parameters) -> Readings:
    """TER of an epithelium alone under saturating TNF, against its start (ODD 7.12)."""
    b = parameters.barrier
    tnf = SATURATING
    start = b.repair / (b.repair + b.loss)
    repair = b.repair / (1.0 + b.butyrate_support)
    loss = b.loss + b.cytokine_disruption * tnf / (tnf + b.cytokine_half)

    def conductance(hours: float) -> float:
        goal = repair / (repair + loss)
        junction = goal + (start - goal) * math.exp(-(repair + loss) * hours / 24.0)
        pore = tnf / (tnf + b.pore_half) * (1.0 - math.exp(-hours / b.pore_time))
        return 1.0 + b.ter_junction * (1.0 - junction) + b.pore_opening * pore

    return {name: conductance(0.0) / conductance(hours) for name, hours in CULTURED.items()}


def from_twin(changes: Mapping[str, Any], *, mice: int = 4, seed: int = 1) -> dict[str, float]:
    """The answers of mice in means, for the questions that `from_mice` puts to simulated ones.

    Each recipient has a path of its burden and random effects of its own, and is asked at both
    ages; two donors, other animals, are pooled at each age. All of these are fixed by `seed`, so
    two sets of parameters are asked of the same animals.

    Args:
        changes: Parameters that differ from the defaults.
        mice: Recipients.
        seed: Of paths and random effects.

    Returns:
        Number by question, as `from_mice` works them out; NaN where nobody could answer.

    Raises:
        GutexoError: A name or value is wrong.
    """
    if isinstance(mice, bool) or not isinstance(mice, int) or mice < 1:
        raise GutexoError(f"mice must be a whole number, 1 or more; got {mice!r}")
    parameters = Parameters().change(dict(changes))
    found = dict.fromkeys(QUESTIONS, math.nan) | in_culture(parameters)
    with np.errstate(all="ignore"):
        donors = [animal(parameters, f"donor {k}", seed) for k in range(DONORS)]
        known = [pair for pair in donors if pair is not None]
        read: dict[str, list[Readings]] = {}
        if known:
            young = Harvest.pooled([pair[0].harvest() for pair in known])
            old = Harvest.pooled([pair[1].harvest() for pair in known])
            for k in range(mice):
                recipient = animal(parameters, f"recipient {k}", seed)
                if recipient is not None:
                    _ask(recipient, young, old, read)
        if read:
            found |= _answers(read)
    return {name: _plain(found[name]) for name in QUESTIONS}


def _ask(
    pair: tuple[Twin, Twin], young: Harvest, old: Harvest, read: dict[str, list[Readings]]
) -> None:
    for name, mouse, given in (
        ("young + vehicle", pair[0], None),
        ("young + old exosomes", pair[0], old),
        ("old + vehicle", pair[1], None),
        ("old + young exosomes", pair[1], young),
    ):
        if given is None:
            read.setdefault(f"{name} at first", []).append(mouse.measure())
        read.setdefault(name, []).append(mouse.copy().course(given, COURSE).measure())


def _answers(read: dict[str, list[Readings]]) -> Readings:
    def on(arm: str, readout: str) -> np.ndarray:
        return np.array([one[readout] for one in read[arm]])

    def mean(arm: str, readout: str) -> float:
        values = on(arm, readout)
        return (
            float(np.mean(values[np.isfinite(values)])) if np.isfinite(values).any() else math.nan
        )

    found = {}
    for name, readout in AGED.items():
        found[name] = mean("old + vehicle at first", readout) / mean(
            "young + vehicle at first", readout
        )
    for name, (readout, arm, comparator) in TRANSFERRED.items():
        logs = np.log(on(arm, readout) / on(comparator, readout))
        logs = logs[np.isfinite(logs)]
        found[name] = float(np.exp(logs.mean())) if logs.size else math.nan
    found[RESCUED] = mean("old + young exosomes", "HOMA-IR") / mean("young + vehicle", "HOMA-IR")
    found |= {f"young {name}": mean("young + vehicle at first", name) for name in YOUNG}
    return found


def _plain(value: float) -> float:
    """A finite number or NaN."""
    return float(value) if math.isfinite(value) else math.nan
