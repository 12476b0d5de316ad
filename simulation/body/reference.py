"""The yardstick of cargo: what niches hold in a healthy young mouse at the catalogue's defaults.

Responses to cargo saturate, so they need a scale. It is the steady state of the packet chain with
healthy cells at default rates, as a closed formula; only resolution changes it. A mouse whose
rates were changed is measured against the same yardstick.
"""

from __future__ import annotations

from typing import NamedTuple

from gutexo.biology.exact import exp
from gutexo.body.anatomy import Anatomy, anatomy
from gutexo.catalogue import Parameters


class Reference(NamedTuple):
    """Packet release and the units of one harmful axis that niches hold.

    Release is packets an hour and enterocyte site; units are by segment for enterocytes and
    macrophages, by organ for the others; luminal is packets in the lumen.
    """

    release: float
    enterocyte: float
    macrophage: float
    hepatocyte: float
    myocyte: float
    adipocyte: float
    luminal: float


class Route(NamedTuple):
    """Where one released packet spends its time (h) and where it ends (share)."""

    lumen: float
    elsewhere: float
    enterocyte: float
    lamina: float


def clearance_rate(parameters: Parameters) -> float:
    """Elimination from plasma (1/h)."""
    return 0.6931471805599453 * 60.0 / parameters.exosome.clearance_half_life


def _route(p: Parameters, a: Anatomy) -> Route:
    """Mean journey of a packet released with equal chance in every segment."""
    e = p.exosome
    into = e.epithelial_entry / (e.mucus_return + e.epithelial_entry)
    carried = 0.0  # packets an hour that flow in from above, with one released a segment and hour
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
        # Time a packet carried in spends here, and one released here at a random point.
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
    plasma_hours = 1.0 / clearance_rate(p)
    tissue_hours = e.tissue_entry * plasma_hours / e.tissue_return if e.tissue_return > 0 else 0.0
    elsewhere = waiting + absorbed * epithelium + lamina * lamina_hours
    elsewhere += portal * (plasma_hours + tissue_hours)
    return Route(lumen / n, elsewhere / n, (1.0 - crossing) * absorbed / n, lamina / n)


def reference(parameters: Parameters) -> Reference:
    """Yardstick at the resolution of these parameters, all else at the catalogue's defaults."""
    p = Parameters()
    a = anatomy(parameters)
    route = _route(p, a)
    e = p.exosome
    packets = parameters.resolution.packets / (route.lumen + route.elsewhere)  # an hour
    units = packets * p.cargo.units_per_packet * p.cargo.decay_time
    opened = e.macrophage_uptake / (e.macrophage_uptake + e.portal_entry)
    plasma = units * route.lamina * (1.0 - opened)
    return Reference(
        release=packets / a.first_macrophage,
        enterocyte=units * route.enterocyte / a.segments,
        macrophage=units * route.lamina * opened / a.segments,
        hepatocyte=plasma * e.hepatocyte_share,
        myocyte=plasma * e.myocyte_share,
        adipocyte=plasma * e.adipocyte_share,
        luminal=packets * route.lumen,
    )
