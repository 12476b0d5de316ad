"""Young levels: cargo that cell groups hold in a gut of healthy cells at catalogue defaults.

Responses to cargo need a scale. It is the steady state of the packet chain with cells of load 1 at
default rates, decay and turnover of cells included, as a closed formula; only the resolution
changes it. A mouse whose rates were changed uses the same scale.
"""

from __future__ import annotations

from typing import NamedTuple

from gutexo.biology.portable_math import exp
from gutexo.body.anatomy import Anatomy, build_anatomy
from gutexo.catalogue import Parameters
from gutexo.catalogue.organs import ORGANS
from gutexo.compiled import rule


class YoungLevels(NamedTuple):
    """Packet release, and the units of one axis that cell groups hold.

    Release is in packets per hour and enterocyte site; units are per segment for enterocytes and
    macrophages, and one number per organ; luminal is packets in the lumen.
    """

    release: float
    enterocyte: float
    macrophage: float
    organs: tuple[float, ...]
    luminal: float


class Journey(NamedTuple):
    """Mean times (h) of one released packet, and the shares that end in or cross the epithelium."""

    lumen: float
    elsewhere: float
    enterocyte: float
    lamina: float


def plasma_clearance_rate(parameters: Parameters) -> float:
    """Elimination from plasma (1/h)."""
    return 0.6931471805599453 * 60.0 / parameters.exosome.clearance_half_life


def _mean_journey(p: Parameters, a: Anatomy) -> Journey:
    """Mean journey of a packet released with equal chance in every segment."""
    e = p.exosome
    into = e.epithelial_entry / (e.mucus_return + e.epithelial_entry)
    carried = 0.0  # packets per hour that flow in, if each segment releases one per hour
    lumen = 0.0
    absorbed = 0.0
    waiting = 0.0
    for g in range(a.segments):
        if g < a.valve:
            hours, entry = e.small_intestine_transit / a.valve, e.mucus_entry
        else:
            hours, entry = e.colon_transit / (a.segments - a.valve), e.colon_mucus_entry
        net = entry * into
        stay = float(exp(-net * hours))
        # Time that a packet spends here: one that flows in, and one released here at random.
        passing = (1.0 - stay) / net
        starting = (1.0 - passing / hours) / net
        inside = carried * passing + starting
        lumen += inside
        absorbed += net * inside
        waiting += entry * inside / (e.mucus_return + e.epithelial_entry)
        carried = carried * stay + passing / hours
    n = float(a.segments)
    epithelium = 1.0 / (e.enterocyte_uptake + e.transcytosis)
    crossing = e.transcytosis * epithelium
    lamina = crossing * absorbed
    lamina_hours = 1.0 / (e.macrophage_uptake + e.portal_entry)
    portal = e.portal_entry * lamina_hours * lamina
    plasma_hours = 1.0 / plasma_clearance_rate(p)
    tissue_hours = e.tissue_entry * plasma_hours / e.tissue_return if e.tissue_return > 0 else 0.0
    elsewhere = waiting + absorbed * epithelium + lamina * lamina_hours
    elsewhere += portal * (plasma_hours + tissue_hours)
    return Journey(lumen / n, elsewhere / n, (1.0 - crossing) * absorbed / n, lamina / n)


@rule
def kept_by_enterocytes(stay, transit):
    """Share of held cargo that remains although the enterocytes are shed: all live equally long.

    Args:
        stay: Mean life of cargo inside a cell (h).
        transit: Life of an enterocyte (h).
    """
    return 1.0 - stay / transit * (1.0 - exp(-transit / stay))


@rule
def kept_by_macrophages(stay, turnover):
    """Share of held cargo that remains although macrophages are replaced at random.

    Args:
        stay: Mean life of cargo inside a cell (h).
        turnover: Mean stay of a macrophage (h).
    """
    return 1.0 / (1.0 + stay / turnover)


def kept_at_defaults() -> tuple[float, float]:
    """Shares of held cargo that remain in enterocytes and in macrophages at catalogue defaults."""
    p = Parameters()
    stay = p.cargo.decay_time
    return (
        float(kept_by_enterocytes(stay, p.epithelium.transit)),
        float(kept_by_macrophages(stay, 24.0 * p.immune.turnover)),
    )


def compute_young_levels(parameters: Parameters) -> YoungLevels:
    """Compute young levels at the resolution of `parameters`, all else at catalogue defaults."""
    p = Parameters()
    a = build_anatomy(parameters)
    route = _mean_journey(p, a)
    e = p.exosome
    packets = parameters.resolution.packets / (route.lumen + route.elsewhere)  # per hour
    units = packets * p.cargo.units_per_packet * p.cargo.decay_time
    enterocytes, macrophages = kept_at_defaults()
    opened = e.macrophage_uptake / (e.macrophage_uptake + e.portal_entry)
    plasma = units * route.lamina * (1.0 - opened)
    return YoungLevels(
        release=packets / a.first_macrophage,
        enterocyte=units * enterocytes * route.enterocyte / a.segments,
        macrophage=units * macrophages * route.lamina * opened / a.segments,
        organs=tuple(plasma * getattr(e, f"{organ.cell}_share") for organ in ORGANS),
        luminal=packets * route.lumen,
    )
