"""Interventions on barrier, immune system, microbiota and ageing."""

from __future__ import annotations

from typing import Annotated, ClassVar, Self

from pydantic import Field, field_validator, model_validator

from gutexo.body.doses import Dose, check_gut_region, check_places
from gutexo.body.interventions import Intervention, check_modifiers
from gutexo.body.routes import Route
from gutexo.catalogue.durations import Days
from gutexo.catalogue.organs import ORGANS
from gutexo.catalogue.rates import RATE_NAMES
from gutexo.catalogue.signals import CYTOKINES
from gutexo.catalogue.units import accept_unit
from gutexo.errors import suggest

_KEYS = {signal.name: signal.key for signal in CYTOKINES}


class TightJunctionSupport(Intervention):
    """A treatment that helps tight junctions close (as larazotide is meant to).

    Args:
        strength: Relative rise of the speed of repair; 1 doubles it.
    """

    sources = ("larazotide-2025",)

    strength: float = Field(default=1.0, ge=0, le=100)

    def modifiers(self, day: float) -> dict[str, float]:
        """Speed up the repair of tight junctions."""
        return {"tight_junction.repair": 1.0 + self.strength}


class BarrierLesion(Intervention):
    """Injury of the epithelium, in the whole gut or a stretch of it, once or repeated.

    Args:
        share: Share of epithelium that each injury removes, 0 to 1.
        stretch: Stretch of gut as two fractions of its segments, None for all.
        every: Days between injuries.
        repeats: Number of injuries.
    """

    share: float = Field(default=0.3, ge=0, le=1)
    stretch: tuple[float, float] | None = None
    every: Days = Field(default=1.0, gt=0, le=365)
    repeats: int = Field(default=1, ge=0, le=10000)

    @field_validator("stretch")
    @classmethod
    def _possible_region(cls, value: tuple[float, float] | None) -> tuple[float, float] | None:
        check_gut_region(value)
        return value

    def doses(self) -> list[Dose]:
        """Return the injuries at their times."""
        return [
            Dose(24.0 * (self.start + n * self.every), "injury", self.share, segments=self.stretch)
            for n in range(self.repeats)
        ]


class LpsBolus(Intervention):
    """LPS injected once.

    Args:
        amount: Rise of plasma LPS (EU/mL).
        route: "intravenous" or "intraperitoneal" (both reach plasma at once here).
    """

    amount: Annotated[float, accept_unit("EU/mL")] = Field(default=10.0, ge=0, le=1e6)
    route: Route = "intraperitoneal"

    def doses(self) -> list[Dose]:
        """Return the one dose."""
        return [Dose(24.0 * self.start, "LPS", self.amount, self.route)]


class LpsInfusion(Intervention):
    """LPS infused over days, as small hourly doses.

    Args:
        rate: Rise of plasma LPS per hour (EU/mL/h).
        days: Duration (d).
    """

    sources = ("cani-2007",)

    rate: Annotated[float, accept_unit("EU/mL/h")] = Field(default=5.0, ge=0, le=1e6)
    days: Days = Field(default=7.0, gt=0, le=365)

    def doses(self) -> list[Dose]:
        """Return one dose per hour."""
        hours = int(round(24 * self.days))
        start = 24.0 * self.start
        return [Dose(start + h, "LPS", self.rate, "intravenous") for h in range(hours)]


class CytokineBlockade(Intervention):
    """Antibodies that block the signal of cytokines to cells.

    Args:
        which: "TNF", "IL-10", or both; nothing senses IL-6.
        share: Share of the signal that is blocked, 0 to 1.
    """

    sources = ("thevaranjan-2017",)
    reduced: ClassVar[str] = "action"  # which rates of a cytokine it reduces

    which: tuple[str, ...] = ("TNF",)
    share: float = Field(default=0.9, ge=0, le=1)

    @field_validator("which", mode="before")
    @classmethod
    def _known(cls, value: object) -> tuple[str, ...]:
        names = (value,) if isinstance(value, str) else tuple(value)  # type: ignore[arg-type]
        for name in names:
            if name not in _KEYS:
                raise ValueError(f"'{name}' is no cytokine here{suggest(str(name), _KEYS)}")
        return names

    def modifiers(self, day: float) -> dict[str, float]:
        """Reduce the action of the cytokines, or their secretion."""
        return {self._rate(name): 1.0 - self.share for name in self.which}

    def _rate(self, name: str) -> str:
        return f"{_KEYS[name]}.{self.reduced}"

    @model_validator(mode="after")
    def _sensed(self) -> Self:
        for name in self.which:
            if self._rate(name) not in RATE_NAMES:
                raise ValueError(f"nothing senses {name} here; a Knockout stops its secretion")
        return self


class Knockout(CytokineBlockade):
    """Knock-out of cytokines, which mice then do not make; from birth if it is part of a life.

    Args:
        which: "TNF", "IL-6", "IL-10", or several.
        share: Share of secretion that is missing, 1 for a full knock-out.
    """

    reduced: ClassVar[str] = "secretion"

    share: float = Field(default=1.0, ge=0, le=1)


class GermFree(Intervention):
    """A life without bacteria."""

    sources = ("thevaranjan-2017",)

    def modifiers(self, day: float) -> dict[str, float]:
        """Set the density of bacteria to zero, so that they make no LPS and no butyrate."""
        return {"microbiota.density": 0.0}


class Antibiotics(Intervention):
    """Broad-spectrum antibiotics while they are given.

    Args:
        efficacy: Share of bacteria that is removed, 0 to 1.
    """

    efficacy: float = Field(default=0.95, ge=0, le=1)

    def modifiers(self, day: float) -> dict[str, float]:
        """Lower the density to which bacteria grow."""
        return {"microbiota.density": 1.0 - self.efficacy}


class MicrobiotaTransfer(Intervention):
    """Faecal transfer that sets the share of pathobionts.

    Args:
        pathobionts: Share in what is transferred, 0 to 1.
    """

    sources = ("parker-2022", "butyrate-2024")

    pathobionts: float = Field(default=0.5, ge=0, le=1)

    def doses(self) -> list[Dose]:
        """Return the one transfer."""
        return [Dose(24.0 * self.start, "microbiota", self.pathobionts)]


class Butyrate(Intervention):
    """Butyrate in the diet.

    Args:
        strength: Rise of the butyrate in the gut, relative to that of a healthy microbiota.
    """

    sources = ("butyrate-2024",)

    strength: float = Field(default=1.0, ge=0, le=100)

    def modifiers(self, day: float) -> dict[str, float]:
        """Raise butyrate."""
        return {"microbiota.butyrate": 1.0 + self.strength}


class Senolytic(Intervention):
    """A drug that removes senescent cells, in pulses.

    Args:
        share: Share of the senescent cells that a pulse removes, 0 to 1.
        efficacy: Share by place where it differs, such as {"liver": 0.2}: "gut" or an organ. The
            intrinsic burden, one number of the body, falls by the weighted mean.
        every: Days between pulses.
        repeats: Number of pulses.
    """

    sources = ("xu-2018", "islam-2023")

    share: float = Field(default=0.5, ge=0, le=1)
    efficacy: dict[str, float] = Field(default_factory=dict)
    every: Days = Field(default=14.0, gt=0, le=1000)
    repeats: int = Field(default=1, ge=0, le=10000)

    @field_validator("efficacy", mode="before")
    @classmethod
    def _of_places(cls, value: object) -> dict[str, float]:
        return dict(check_places(value))

    def doses(self) -> list[Dose]:
        """Return the pulses at their times."""
        places = tuple(self.efficacy.items())
        return [
            Dose(24.0 * (self.start + n * self.every), "senolytic", self.share, places=places)
            for n in range(self.repeats)
        ]


class SenescentCellTransplant(Intervention):
    """Senescent cells put into organs: sites that were well become senescent and secrete fully.

    Args:
        share: Share of the cells of each organ that become senescent, 0 to 1; of the senescent
            ones among them none is changed.
        organs: Names of the organs, or "gut".
    """

    sources = ("xu-2018", "da-silva-2019")

    share: float = Field(default=0.02, ge=0, le=1)
    organs: tuple[str, ...] = tuple(organ.name for organ in ORGANS)

    @field_validator("organs", mode="before")
    @classmethod
    def _known(cls, value: object) -> tuple[str, ...]:
        names = (value,) if isinstance(value, str) else tuple(value)  # type: ignore[arg-type]
        check_places(dict.fromkeys(names, 0.0))
        return names

    def doses(self) -> list[Dose]:
        """Return the one transplant at its time."""
        places = tuple((name, self.share) for name in self.organs)
        return [Dose(24.0 * self.start, "senescent cells", self.share, places=places)]


class Irradiation(Intervention):
    """Sublethal irradiation, after which senescent cells arise faster, at any age.

    Args:
        strength: Relative rise of the production of senescent cells; assumed.
        stop: Days after it is added at which the rise ends; None for never.
    """

    strength: float = Field(default=5.0, ge=0, le=1000)

    def modifiers(self, day: float) -> dict[str, float]:
        """Raise the production of senescent cells."""
        return {"senescence.production": 1.0 + self.strength}


class Factors(Intervention):
    """Factors on named rates, without a biological mechanism; for ablations and hypotheses.

    Args:
        factors: Factor by rate name.
    """

    factors: dict[str, float] = Field(default_factory=dict)

    @field_validator("factors", mode="before")
    @classmethod
    def _are_rates(cls, value: object) -> dict[str, float]:
        return check_modifiers(value, "factors")  # type: ignore[arg-type]

    def modifiers(self, day: float) -> dict[str, float]:
        """Return the factors."""
        return self.factors
