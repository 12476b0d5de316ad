"""Rates: one record per segment and one for the body, from catalogue, animal and modifiers.

A record has a field for every catalogue number (`group_name`, in catalogue units), for every named
rate that interventions may multiply (per hour where it is a speed), and for values derived from
them, which are computed once when they change. Rules read these fields by name.
"""

from __future__ import annotations

import numpy as np

from gutexo.biology import streams
from gutexo.biology.codes import STEPS_PER_SEGMENT
from gutexo.biology.draws import derive_key, normal, uniform_at
from gutexo.biology.portable_math import exp, log
from gutexo.body.anatomy import Anatomy
from gutexo.body.inputs import RATE_NAMES
from gutexo.body.step_limit import check_step_limit
from gutexo.body.young_levels import compute_young_levels, plasma_clearance_rate
from gutexo.catalogue import Parameters
from gutexo.errors import GutexoError

DERIVED_FIELDS = (
    "no_release",
    "thinning_decay",
    "macrophage_replacement",
    "activation_step",
    "fast_step",
    "slow_step",
    "hepatocyte_capacity_step",
    "myocyte_capacity_step",
    "adipocyte_capacity_step",
    "small_intestine_speed",
    "colon_speed",
    "luminal_washout",
    "small_intestine_pace",
    "tnf_clearance_rate",
    "il6_clearance_rate",
    "il10_clearance_rate",
    "lps_clearance_rate",
    "reference_enterocyte",
    "reference_macrophage",
    "reference_hepatocyte",
    "reference_myocyte",
    "reference_adipocyte",
    "cargo_reference_protective",
)
LN2 = 0.6931471805599453
# Rates that differ between animals: a few, on the paths where mice are known to differ. Assumed.
ANIMAL_EFFECTS = (
    "cargo.load_insulin_resistance",
    "exosome.release",
    "insulin.cytokine_block",
    "macrophage.activation",
    "microbiota.lps",
    "tight_junction.repair",
    "tnf.secretion",
)


def field_name(rate: str) -> str:
    """Field of the record that holds a named rate."""
    return rate.replace(".", "_")


def _catalogue_values(parameters: Parameters) -> dict[str, float]:
    """Return every number of the catalogue under its field name."""
    values = {}
    for name, value in parameters.flat().items():
        if isinstance(value, (int, float)):
            values[field_name(name)] = float(value)
    return values


def _dtype(parameters: Parameters) -> np.dtype:
    names = dict.fromkeys(
        [*_catalogue_values(parameters), *map(field_name, RATE_NAMES), *DERIVED_FIELDS]
    )
    return np.dtype([(name, np.float64) for name in names], align=True)


def animal_effects(parameters: Parameters, run_key: np.uint64) -> dict[str, float]:
    """Draw the random effects of this animal: a lognormal factor of mean 1 on each of a few rates.

    Args:
        parameters: The mouse's parameters.
        run_key: Key of the mouse; the same key is the same animal.

    Returns:
        Factor per rate name.
    """
    cv = parameters.animal.variation
    variance = float(log(1.0 + cv * cv))
    spread = float(np.sqrt(variance))
    factors = {}
    for number, name in enumerate(ANIMAL_EFFECTS):
        key = derive_key(run_key, streams.ANIMAL, number)
        z = float(normal(uniform_at(key, 0)))
        factors[name] = float(exp(spread * z - 0.5 * variance))
    return factors


class RateTable:
    """Base rates of one mouse, and the current records that rules read.

    Args:
        parameters: The mouse's parameters.
        a: The mouse's anatomy.
        run_key: The mouse's key.
    """

    def __init__(self, parameters: Parameters, a: Anatomy, run_key: np.uint64) -> None:
        self._parameters = parameters
        self._anatomy = a
        self._effects = animal_effects(parameters, run_key)
        # Records in a plain array: numba finds its type in a tenth of the time of a recarray.
        records = np.zeros(a.segments + 1, _dtype(parameters)).view(np.recarray)
        self.records = records.view(np.ndarray)
        for name, value in _catalogue_values(parameters).items():
            self.records[name] = value
        self._base = self._base_rates()
        self.resolve([])

    def _base_rates(self) -> dict[str, np.ndarray]:
        """Return every named rate per segment (last row: body), before any modifier."""
        p, a = self._parameters, self._anatomy
        e, i = p.exosome, p.immune
        scale = compute_young_levels(p)
        elimination = plasma_clearance_rate(p)
        other = 1.0 - e.hepatocyte_share - e.myocyte_share - e.adipocyte_share
        if other < 0.0:
            raise GutexoError(
                "exosome.hepatocyte_share, myocyte_share and adipocyte_share may not exceed 1 "
                f"together; got {1.0 - other:g}"
            )
        day = 24.0
        base: dict[str, float | np.ndarray] = {
            "exosome.release": scale.release,
            "exosome.mucus_entry": self._by_region(e.mucus_entry, e.colon_mucus_entry),
            "exosome.mucus_return": e.mucus_return,
            "exosome.epithelial_entry": e.epithelial_entry,
            "exosome.enterocyte_uptake": e.enterocyte_uptake,
            "exosome.transcytosis": e.transcytosis,
            "exosome.macrophage_uptake": e.macrophage_uptake,
            "exosome.portal_entry": e.portal_entry,
            "exosome.tissue_entry": e.tissue_entry,
            "exosome.tissue_return": e.tissue_return,
            "exosome.hepatocyte_uptake": elimination * e.hepatocyte_share,
            "exosome.myocyte_uptake": elimination * e.myocyte_share,
            "exosome.adipocyte_uptake": elimination * e.adipocyte_share,
            "exosome.other_clearance": elimination * other,
            "cargo.decay": 1.0 / p.cargo.decay_time,
            "tight_junction.repair": p.barrier.repair / day,
            "tight_junction.loss": p.barrier.loss / day,
            "tight_junction.cargo_disruption": p.barrier.cargo_disruption / day,
            "tight_junction.cytokine_disruption": p.barrier.cytokine_disruption / day,
            "tight_junction.senescent_disruption": p.barrier.senescent_disruption / day,
            "epithelium.migration": 1.0 / p.epithelium.transit,
            "epithelium.injury": p.epithelium.injury / day,
            "epithelium.restitution": p.epithelium.restitution / day,
            "microbiota.density": p.microbiota.density,
            "microbiota.lps": self._bacteria(),
            "macrophage.relaxation": 1.0 / (day * i.relaxation),
            "insulin.cytokine_block": p.insulin.cytokine_block,
            "insulin.cargo_block": p.insulin.cargo_block,
            "insulin.cargo_protection": p.insulin.cargo_protection,
            "senescence.production": p.senescence.production / (day * day),
            "senescence.removal": p.senescence.removal / day,
        }
        rows = {}
        for name in RATE_NAMES:
            value = np.empty(a.segments + 1)
            value[:] = base.get(name, 1.0)
            rows[name] = value * self._effects.get(name, 1.0)
        self.records["senescence_noise"] = p.senescence.noise / day
        return rows

    def _by_region(self, small: float, colon: float) -> np.ndarray:
        values = np.full(self._anatomy.segments + 1, small)
        values[self._anatomy.valve :] = colon
        return values

    def _bacteria(self) -> np.ndarray:
        a = self._anatomy
        values = [getattr(self._parameters.microbiota, a.region(g)) for g in range(a.segments)]
        total = 0.0
        for value in values:
            total += value
        if total <= 0.0:
            raise GutexoError(
                "microbiota.duodenum, jejunum, ileum and colon may not all be 0; "
                "for a germ-free mouse set microbiota.density to 0"
            )
        return np.array([value * a.segments / total for value in values] + [1.0])

    def resolve(self, active: list[tuple[dict[str, float], tuple[float, float] | None]]) -> None:
        """Set the records to base rates times the product of all active modifiers.

        Args:
            active: For each modifier its factors per rate name, and the part of the gut (fractions)
                that it is limited to, None for the whole mouse.
        """
        a = self._anatomy
        factors: dict[str, list[list[float]]] = {}
        for changes, stretch in active:
            rows = range(a.segments + 1) if stretch is None else range(*a.segment_range(*stretch))
            for name, factor in changes.items():
                lists = factors.setdefault(name, [[] for _ in range(a.segments + 1)])
                for g in rows:
                    lists[g].append(float(factor))
        for name, base in self._base.items():
            values = base
            if name in factors:
                values = base.copy()
                for g, several in enumerate(factors[name]):
                    # Floating-point products depend on the order, so it is always the same.
                    for factor in sorted(several):
                        values[g] *= factor
            self.records[field_name(name)] = values
        resolution = self._parameters.resolution
        check_step_limit(self.records, resolution.tick, resolution.thinning)
        self._derive()

    def _derive(self) -> None:
        p, a, records = self._parameters, self._anatomy, self.records
        scale = compute_young_levels(p)
        hours = p.resolution.tick
        minutes = p.immune
        for name, half_life in (
            ("tnf", minutes.tnf_half_life),
            ("il6", minutes.il6_half_life),
            ("il10", minutes.il10_half_life),
            ("lps", minutes.lps_half_life),
        ):
            records[f"{name}_clearance_rate"] = LN2 * 60.0 / half_life
        for niche in ("enterocyte", "macrophage", "hepatocyte", "myocyte", "adipocyte"):
            records[f"reference_{niche}"] = getattr(scale, niche)
        records["cargo_reference_protective"] = Parameters().cargo.protective
        transit = records["exosome_luminal_transit"]
        records["small_intestine_speed"] = (
            transit * (a.valve * STEPS_PER_SEGMENT) / p.exosome.small_intestine_transit
        )
        speed = records["small_intestine_speed"]
        records["small_intestine_pace"] = np.where(
            speed > 0.0, 1.0 / np.maximum(speed, 1e-300), 0.0
        )
        records["colon_speed"] = (
            transit * ((a.segments - a.valve) * STEPS_PER_SEGMENT) / p.exosome.colon_transit
        )
        through = p.exosome.small_intestine_transit + p.exosome.colon_transit
        records["luminal_washout"] = transit / through
        interval = hours * p.resolution.thinning
        turnover = float(-exp(-hours / (24.0 * p.immune.turnover)) + 1.0)
        records["macrophage_replacement"] = turnover
        for row in records:
            row.no_release = exp(-row.exosome_release * hours)
            row.thinning_decay = 1.0 - exp(-row.cargo_decay * interval)
            row.activation_step = 1.0 - exp(-row.macrophage_relaxation * hours)
            row.fast_step = 1.0 - exp(-row.insulin_relaxation * hours / p.insulin.fast_time)
            row.slow_step = 1.0 - exp(-row.insulin_relaxation * hours / p.insulin.slow_time)
            for kind, half_life in (
                ("hepatocyte", p.insulin.liver_mitochondria),
                ("myocyte", p.insulin.muscle_mitochondria),
                ("adipocyte", p.insulin.adipose_mitochondria),
            ):
                way = row.insulin_mitochondrial_turnover * hours * LN2 / (24.0 * half_life)
                setattr(row, f"{kind}_capacity_step", 1.0 - exp(-way))

    @property
    def effects(self) -> dict[str, float]:
        """Random effects of this animal, factor per rate name."""
        return dict(self._effects)
