"""Space of a sensitivity analysis: the uncertain parameters, their ranges, and the questions.

The only rule is: a parameter is uncertain if the catalogue gives it a prior that is not `fixed`,
unless its name shows that it is only a unit of counting (`*_unit`, `*_particles`) or the user set
its value. Settings of the numerics, doses and other definitions are `fixed` in the catalogue; a new
parameter is included automatically. Volumes in which something is distributed are properties of a
mouse, and are changed too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from gutexo.analysis.outcomes import AGED_READOUT_BY_PATTERN, TRANSFER_BY_PATTERN, YOUNG_READOUTS
from gutexo.analysis.parameter_space import Dimension, ParameterSpace
from gutexo.catalogue import Parameters
from gutexo.catalogue.parameters import ParameterEntry
from gutexo.errors import GutexoError, suggest

RANGES = ("near", "prior")
CENTRAL = 0.9  # share of the prior that the range `prior` includes
FACTOR = 1.5  # factor around the default in the range `near`
ZERO_MARGIN = 0.1  # share of the prior on either side in the range `near`, if the default is zero
UNIT_ENDINGS = (
    "_unit",
    "_particles",
)  # endings of names of mere units of counting: no mouse depends on them

SENSITIVITY_QUESTIONS: tuple[str, ...] = (
    *(f"young {name}" for name in YOUNG_READOUTS),
    *AGED_READOUT_BY_PATTERN,
    *TRANSFER_BY_PATTERN,
)
"""Questions whose logarithm is analysed: levels of young controls, old over young, transfers."""


def label_question(question: str) -> str:
    """Describe a question as in the figures."""
    if question in AGED_READOUT_BY_PATTERN:
        return f"{AGED_READOUT_BY_PATTERN[question]}, old / young"
    if question in TRANSFER_BY_PATTERN:
        readout, arm, _ = TRANSFER_BY_PATTERN[question]
        recipient, _, exosomes = arm.partition(" + ")
        return f"{readout}, {exosomes} to {recipient}"
    readout = question.removeprefix("young ")
    return f"{readout}, young" if readout != question else question


def describe_range(range: str) -> str:
    """Describe a range of the parameters in a few words."""
    if range == "prior":
        return f"the central {CENTRAL:.0%} of its prior"
    return f"a factor of {FACTOR:g} about its default, within its prior"


def _dimension(entry: ParameterEntry, range: str) -> Dimension:
    low, high = 0.5 - CENTRAL / 2, 0.5 + CENTRAL / 2
    if range == "near":
        value = entry.value
        if value > 0:
            local = [entry.cdf(value * factor) for factor in (1 / FACTOR, FACTOR)]
        else:  # a factor cannot change zero
            at = entry.cdf(value)
            local = [max(0.0, at - ZERO_MARGIN), min(1.0, at + ZERO_MARGIN)]
        if local[1] - local[0] > 1e-9:  # otherwise the value lies outside its prior
            low, high = local
    return Dimension(entry, low, high)


def select_uncertain(
    entries: Iterable[ParameterEntry], held: Collection[str] = ()
) -> list[ParameterEntry]:
    """Select the parameters to change: those with a prior, without units of counting and held ones.

    Args:
        entries: Parameters of the catalogue.
        held: Names of parameters that are not changed.
    """
    return [
        entry
        for entry in entries
        if entry.sampled and not entry.name.endswith(UNIT_ENDINGS) and entry.name not in held
    ]


def make_sensitivity_space(
    range: str = "near",
    *,
    base: Mapping[str, float] | None = None,
    held: Collection[str] = (),
    entries: Sequence[ParameterEntry] | None = None,
) -> ParameterSpace:
    """Make the space of the uncertain parameters of a mouse and their ranges.

    Args:
        range: `near`: within a factor of the default and within the prior, where mice are realistic
            and a number that is well known keeps its narrow prior; `prior`: the central part of
            each prior, where many mice are unlike any that was measured.
        base: Value by name of parameters that differ from the catalogue.
        held: Names of parameters that are not changed.
        entries: Parameters; the catalogue's, with `base`, if None.

    Returns:
        The space.

    Raises:
        GutexoError: There is no such range, a value is not valid, or nothing is uncertain.
    """
    if range not in RANGES:
        raise GutexoError(f"range '{range}' does not exist{suggest(range, RANGES)}")
    if entries is None:
        entries = Parameters().change(base or {}).entries()
    moved = select_uncertain(entries, held)
    if not moved:
        raise GutexoError("no parameter is left to be moved; sensitivity needs one")
    return ParameterSpace(tuple(_dimension(entry, range) for entry in moved), dict(base or {}))
