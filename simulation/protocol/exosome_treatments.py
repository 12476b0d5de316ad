"""Interventions on exosomes: doses of exosomes, controls without them, inhibition of release."""

from __future__ import annotations

from typing import Annotated, Any, Self

import numpy as np
from pydantic import BeforeValidator, Field, field_validator, model_validator

from gutexo.biology.codes import AXES, N_AXES
from gutexo.body.doses import Dose, Preparation, check_packets
from gutexo.body.interventions import Intervention
from gutexo.body.routes import Route
from gutexo.catalogue.durations import Days
from gutexo.errors import GutexoError
from gutexo.protocol.life import Donors
from gutexo.protocol.particles import to_particles
from gutexo.support.arguments import check_finite_number, check_seed, check_whole_number


class GiveExosomes(Intervention):
    """Repeated doses of exosomes from donors or from a preparation.

    Args:
        source: Donors, whose lumen is harvested when the study is run, or a `Preparation`.
        equivalents: Dose in donor equivalents; one is the luminal content of one donor. The dose
            of the published study is not known.
        particles: Dose in particles instead of `equivalents`; as text also as mass of protein and
            per kg of mouse ("4e11 particles/kg", "20 ug", "1 mg/kg").
        route: "gavage", "intravenous" or "intraperitoneal", or another name ("oral", "iv", "ip").
        every: Days between doses ("2 d" works too).
        repeats: Number of doses; the first is given at `start`.
        lps_share: Share of the luminal LPS of the donors that contaminates their exosomes; 0 is a
            clean preparation. The share in the published study is not known.
    """

    sources = ("khalyfa-2026", "hfd-exosomes-2021", "chen-2024")

    source: Any
    equivalents: float = Field(default=1.0, ge=0, le=1000)
    particles: Annotated[float | None, BeforeValidator(to_particles)] = Field(
        default=None, ge=0, le=1e16
    )
    route: Route = "gavage"
    every: Days = Field(default=1.0, gt=0, le=365)
    repeats: int = Field(default=28, ge=0, le=10000)
    lps_share: float = Field(default=0.0, ge=0, le=1)

    @field_validator("source")
    @classmethod
    def _known_source(cls, value: Any) -> Any:
        if not isinstance(value, (Donors, Preparation)):
            raise ValueError("must be Donors or a Preparation")
        return value

    @model_validator(mode="after")
    def _possible_packets(self) -> Self:
        if isinstance(self.source, Preparation):
            check_packets(self.packets(self.source), self.source)
        return self

    def resolved(self, preparation: Preparation) -> Self:
        """Return the same course with a preparation in place of its donors."""
        return type(self)(**{**dict(self), "source": preparation})

    def donors(self) -> Donors | None:
        """Return the donors whose lumen is harvested; None if it gives a preparation."""
        return self.source if isinstance(self.source, Donors) else None

    def packets(self, preparation: Preparation) -> float:
        """Compute the number of packets in one dose."""
        if self.particles is not None:
            return self.particles / preparation.particles_per_packet
        return self.equivalents * preparation.equivalent

    def dose_days(self) -> list[float]:
        """List the days of its doses, counted from when it is added.

        They are known before a source is harvested.
        """
        return [self.start + n * self.every for n in range(self.repeats)]

    def dose_times(self) -> list[float]:
        """List the days on which it gives exosomes, also before its donors are harvested."""
        return super().dose_times() if self.donors() is None else self.dose_days()

    def doses(self) -> list[Dose]:
        """Return the doses at their times; none before the donors are harvested."""
        if not isinstance(self.source, Preparation):
            return []
        amount = self.packets(self.source)
        times = [24.0 * day for day in self.dose_days()]
        doses = [Dose(at, "exosomes", amount, self.route, self.source) for at in times]
        lps = self.contaminant(self.source)
        return doses + [Dose(at, "LPS", lps, self.route) for at in times if lps > 0.0]

    def contaminant(self, preparation: Preparation) -> float:
        """Compute the LPS in one dose, in luminal levels of a healthy young gut."""
        if self.lps_share == 0.0:
            return 0.0
        if self.route != "gavage":
            raise GutexoError(f"GiveExosomes: lps_share needs the route gavage; got '{self.route}'")
        equivalents = self.packets(preparation) / preparation.equivalent
        return self.lps_share * preparation.lps * equivalents


def designed_exosomes(
    packets: int = 5000,
    *,
    barrier: float = 0.0,
    inflammatory: float = 0.0,
    insulin_resistance: float = 0.0,
    protective: float = 0.0,
    seed: int = 0,
    name: str = "designed",
    particles_per_packet: float = 1.0,
) -> Preparation:
    """Make a preparation of designed cargo: Poisson-distributed units with the given means.

    Args:
        packets: Packets in the preparation, which are one donor equivalent.
        barrier: Mean units of barrier-disrupting cargo per packet.
        inflammatory: Mean units of inflammatory cargo per packet.
        insulin_resistance: Mean units of insulin-resistance cargo per packet.
        protective: Mean units of protective cargo per packet.
        seed: Seed of the preparation.
        name: Label; nothing depends on it.
        particles_per_packet: Particles a packet stands for.

    Raises:
        GutexoError: A mean is negative or not finite, or there are no packets.
    """
    mean_by_axis = {
        "barrier": barrier,
        "inflammatory": inflammatory,
        "insulin_resistance": insulin_resistance,
        "protective": protective,
    }
    owner = "designed_exosomes"
    means = np.array(
        [check_finite_number(f"{owner}: {name}", mean) for name, mean in mean_by_axis.items()]
    )
    packets, seed = check_whole_number("packets", packets, 1, 10_000_000), check_seed(seed)
    if means.min() < 0 or means.max() > 10000:
        text = ", ".join(f"{a}={m:g}" for a, m in zip(AXES, means, strict=True))
        raise GutexoError(f"designed cargo must be 0 to 10,000 units a packet; got {text}")
    cargo = np.random.default_rng(seed).poisson(means, (packets, N_AXES))
    return Preparation(name, cargo, 1, particles_per_packet)


class Vehicle(Intervention):
    """Vehicle: doses that add nothing, as a control for the handling.

    Args:
        every: Days between doses.
        repeats: Number of doses.
    """

    every: Days = Field(default=1.0, gt=0, le=365)
    repeats: int = Field(default=28, ge=0, le=10000)

    def doses(self) -> list[Dose]:
        """Return empty doses at their times."""
        return [Dose(24.0 * (self.start + n * self.every), "vehicle") for n in range(self.repeats)]


class VesicleDepletedSupernatant(Vehicle):
    """A luminal preparation without its vesicles, which are spun out: its soluble LPS remains.

    Args:
        lps: LPS per dose, in luminal levels of a healthy young gut (1: all LPS in the lumen of a
            young donor); assumed.
    """

    lps: float = Field(default=1.0, ge=0, le=1000)

    def doses(self) -> list[Dose]:
        """Return doses of LPS by gavage, without exosomes."""
        return [
            Dose(24.0 * (self.start + n * self.every), "LPS", self.lps) for n in range(self.repeats)
        ]


class LpsMatchedVehicle(VesicleDepletedSupernatant):
    """Vehicle with as much LPS as a luminal preparation may contain."""


class ReleaseInhibitor(Intervention):
    """A drug that keeps cells from releasing exosomes (as GW4869 does).

    Args:
        strength: Share of release that is blocked, 0 to 1.
    """

    sources = ("trajkovic-2008",)

    strength: float = Field(default=0.8, ge=0, le=1)

    def modifiers(self, day: float) -> dict[str, float]:
        """Reduce the release of exosomes."""
        return {"exosome.release": 1.0 - self.strength}
