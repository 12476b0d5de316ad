"""Named rates: what interventions may multiply, which of it differs between animals, its limit.

A rate whose base is one parameter is declared with that parameter (`parameter(..., rate=)`), those
of signals and organs follow from their tables. Those composed of several parameters, and factors
whose base is 1, are listed here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gutexo.catalogue.declaration import MAX_MOVES
from gutexo.catalogue.organs import ORGANS
from gutexo.catalogue.parameters import Parameters
from gutexo.catalogue.signals import CYTOKINES, SIGNALS

HOURS_PER_DAY = 24.0


@dataclass(frozen=True)
class NamedRate:
    """A rate that interventions may multiply.

    Attributes:
        name: Its name, group and what it is.
        meaning: What it multiplies, empty where its parameter says so.
        parameter: Full name of the parameter that is its base, empty for none.
        unit: Unit of that parameter.
        max_step: Largest value times the length of a tick, None for no limit.
        varies: Whether it differs between animals.
        composed: Whether its base is computed from several numbers (`body.rates`).
        field: Field of the record in which rules read it; of its own name if empty.
        index: Position in that field, None where the field is one number.
    """

    name: str
    meaning: str = ""
    parameter: str = ""
    unit: str = "1"
    max_step: float | None = None
    varies: bool = False
    composed: bool = False
    field: str = ""
    index: int | None = None

    def __post_init__(self) -> None:
        if not self.field:
            object.__setattr__(self, "field", field_name(self.name))

    def column(self, records: Any) -> Any:
        """Return the column of an array of records in which rules read it."""
        values = records[self.field]
        return values if self.index is None else values[:, self.index]

    def base(self, value: float) -> float:
        """Convert its parameter's value to what rules read (1/h where it is a speed)."""
        if self.unit == "1/d":
            return value / HOURS_PER_DAY
        if self.unit == "1/d^2":
            return value / (HOURS_PER_DAY * HOURS_PER_DAY)
        if self.unit == "h":
            return 1.0 / value
        if self.unit == "d":
            return 1.0 / (HOURS_PER_DAY * value)
        return value


def field_name(name: str) -> str:
    """Field of a record that holds a parameter or a named rate."""
    return name.replace(".", "_")


_COMPOSED = (
    # Counts of releases are drawn from the probability of 0, which underflows at a mean of 745.
    NamedRate(
        "exosome.release", "release of an enterocyte", max_step=500.0, varies=True, composed=True
    ),
    NamedRate("exosome.mucus_entry", "entry into mucus", max_step=MAX_MOVES, composed=True),
    NamedRate(
        "exosome.other_clearance", "elimination elsewhere", max_step=MAX_MOVES, composed=True
    ),
    NamedRate("microbiota.lps", "LPS that bacteria offer", varies=True, composed=True),
)
_FACTORS = (
    NamedRate("exosome.luminal_transit", "speed of the flow in the lumen"),
    NamedRate("cargo.load_barrier", "barrier-disrupting load"),
    NamedRate("cargo.load_inflammatory", "inflammatory load"),
    NamedRate("cargo.load_insulin_resistance", "insulin-resistance load", varies=True),
    NamedRate("cargo.load_protective", "protective load"),
    NamedRate("tight_junction.leak", "what an open junction lets through"),
    NamedRate("microbiota.butyrate", "butyrate of the bacteria"),
    NamedRate("macrophage.activation", "activation that macrophages are driven to", varies=True),
    NamedRate("lps.crossing", "LPS that crosses the gut wall"),
    NamedRate("insulin.relaxation", "speed at which a block follows its drive"),
    NamedRate("insulin.mitochondrial_turnover", "speed of mitochondrial capacity"),
    NamedRate("senescence.secretion", "what senescent cells load and secrete"),
    NamedRate("beta_cell.adaptation", "speed of the beta-cell mass"),
)


def _of_organs() -> list[NamedRate]:
    return [
        NamedRate(
            f"exosome.{organ.cell}_uptake",
            f"uptake from plasma by {organ.cell}s",
            max_step=MAX_MOVES,
            composed=True,
            field="organ_uptake",
            index=number,
        )
        for number, organ in enumerate(ORGANS)
    ]


def _of_signals() -> list[NamedRate]:
    found = []
    for number, signal in enumerate(SIGNALS):
        for what, meaning, only_cytokines in (
            ("secretion", f"secretion of {signal.name}", True),
            ("action", f"what {signal.name} does where it is sensed", True),
            ("clearance", f"clearance of {signal.name} from plasma", False),
        ):
            if what == "action" and not (signal.at_wall or signal.in_blood):
                continue
            if signal in CYTOKINES or not only_cytokines:
                varies = what == "secretion" and signal.secretion_varies
                name = f"{signal.key}.{what}"
                field = f"signal_{what}"
                found.append(NamedRate(name, meaning, varies=varies, field=field, index=number))
    return found


def _of_parameters() -> list[NamedRate]:
    return [
        NamedRate(
            entry.rate,
            entry.meaning,
            parameter=entry.name,
            unit=entry.unit,
            max_step=entry.max_step,
            varies=entry.varies,
        )
        for entry in Parameters().entries()
        if entry.rate
    ]


NAMED_RATES: dict[str, NamedRate] = {
    rate.name: rate
    for rate in sorted(
        (*_of_parameters(), *_COMPOSED, *_FACTORS, *_of_organs(), *_of_signals()),
        key=lambda rate: rate.name,
    )
}
RATE_NAMES: tuple[str, ...] = tuple(NAMED_RATES)
VARYING_RATES: tuple[str, ...] = tuple(name for name, rate in NAMED_RATES.items() if rate.varies)
"""Rates that differ between animals. The draw of each is that of its position in this order."""
