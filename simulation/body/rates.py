"""Rates: one record per segment and one for the body, from catalogue, animal and modifiers.

A record has a field for every catalogue number that rules read (`group_name`, in its own unit), for
every named rate that interventions may multiply (per hour where it is a speed), and for values
derived from them, which are computed once when they change. Rules read these fields by name; each
number is in one field, in one unit.
"""

from __future__ import annotations

import numpy as np

from gutexo.biology import streams
from gutexo.biology.codes import STEPS_PER_SEGMENT
from gutexo.biology.draws import derive_key, normal, uniform_at
from gutexo.biology.portable_math import exp, log
from gutexo.body.anatomy import Anatomy
from gutexo.body.composed_rates import compose_rates
from gutexo.body.step_limit import check_step_limit
from gutexo.body.young_levels import compute_young_levels
from gutexo.catalogue import Parameters
from gutexo.catalogue.organs import N_ORGANS, ORGANS
from gutexo.catalogue.rates import NAMED_RATES, VARYING_RATES, field_name
from gutexo.catalogue.signals import CYTOKINES, N_CYTOKINES, N_SIGNALS, SIGNALS

# Values derived from rates and parameters: None for a number, else the length of an array.
DERIVED_FIELDS: dict[str, int | None] = {
    "no_release": None,
    "thinning_decay": None,
    "macrophage_replacement": None,
    "activation_step": None,
    "fast_step": None,
    "slow_step": None,
    "capacity_step": N_ORGANS,
    "small_intestine_speed": None,
    "colon_speed": None,
    "luminal_washout": None,
    "small_intestine_pace": None,
    "cytokine_by_activation": N_CYTOKINES,
    "cytokine_by_senescence": N_CYTOKINES,
    "signal_clearance_rate": N_SIGNALS,
    "reference_enterocyte": None,
    "reference_macrophage": None,
    "reference_organ": N_ORGANS,
    "senescence_noise_rate": None,
    "senescence_whole": None,
    "mature_secretion": None,
    "maturing_step": None,
}
LN2 = 0.6931471805599453


def _record_values(parameters: Parameters) -> dict[str, float]:
    """Return every number of the catalogue that rules read, under its field name."""
    return {
        field_name(entry.name): float(entry.value)
        for entry in parameters.entries()
        if entry.in_record
    }


def _dtype(parameters: Parameters) -> np.dtype:
    lengths: dict[str, int | None] = dict.fromkeys(_record_values(parameters))
    for rate in NAMED_RATES.values():
        if rate.index is None:
            lengths[rate.field] = None
        else:
            lengths[rate.field] = max(lengths.get(rate.field) or 0, rate.index + 1)
    fields: list[tuple] = []
    for name, length in {**lengths, **DERIVED_FIELDS}.items():
        fields.append((name, np.float64) if length is None else (name, np.float64, (length,)))
    return np.dtype(fields, align=True)


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
    for number, name in enumerate(VARYING_RATES):
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
        for name, value in _record_values(parameters).items():
            self.records[name] = value
        self._base = self._base_rates()
        self._set_constants()
        self.resolve([])

    def _base_rates(self) -> dict[str, np.ndarray]:
        """Return every named rate per segment (last row: body), before any modifier."""
        values = self._parameters.flat()
        composed = compose_rates(self._parameters, self._anatomy)
        rows = {}
        for name, rate in NAMED_RATES.items():
            base = np.empty(self._anatomy.segments + 1)
            if rate.composed:
                base[:] = composed[name]
            else:
                base[:] = rate.base(float(values[rate.parameter])) if rate.parameter else 1.0
            rows[name] = base * self._effects.get(name, 1.0)
        return rows

    def _set_constants(self) -> None:
        """Set the derived values that no modifier changes."""
        p, records = self._parameters, self.records
        values = p.flat()
        for number, signal in enumerate(SIGNALS):
            half_life = values[f"immune.{signal.key}_half_life"]
            records["signal_clearance_rate"][:, number] = LN2 * 60.0 / half_life
        for number, cytokine in enumerate(CYTOKINES):
            for cause in ("activation", "senescence"):
                share = values.get(f"immune.{cytokine.key}_by_{cause}", 0.0)
                records[f"cytokine_by_{cause}"][:, number] = share
        levels = compute_young_levels(p)
        records["reference_enterocyte"] = levels.enterocyte
        records["reference_macrophage"] = levels.macrophage
        records["reference_organ"] = levels.organs
        records["senescence_noise_rate"] = p.senescence.noise / 24.0
        s = p.senescence
        records["senescence_whole"] = s.reference_burden / s.share
        cleared = s.removal / (s.half_saturation + s.reference_burden)  # per day, in an old mouse
        mature = s.reference_burden / (1.0 + s.maturation * cleared)
        records["mature_secretion"] = s.reference_burden / s.share / mature
        records["maturing_step"] = float(1.0 - exp(-p.resolution.tick / (24.0 * s.maturation)))
        turnover = 24.0 * p.immune.turnover
        records["macrophage_replacement"] = float(-exp(-p.resolution.tick / turnover) + 1.0)

    def resolve(self, active: list[tuple[dict[str, float], tuple[float, float] | None]]) -> None:
        """Set the records to base rates times the product of all active modifiers.

        Args:
            active: For each modifier its factors per rate name, and the part of the gut (fractions)
                that it is limited to, None for the whole mouse.
        """
        a = self._anatomy
        factors: dict[str, list[list[float]]] = {}
        for changes, gut_region in active:
            if gut_region is None:
                rows = range(a.segments + 1)
            else:
                rows = range(*a.segment_range(*gut_region))
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
            NAMED_RATES[name].column(self.records)[:] = values
        resolution = self._parameters.resolution
        check_step_limit(self.records, resolution.tick, resolution.thinning)
        self._derive()

    def _derive(self) -> None:
        """Set the derived values that follow the current rates."""
        p, a, records = self._parameters, self._anatomy, self.records
        hours = p.resolution.tick
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
        half_lives = [getattr(p.insulin, f"{organ.tissue}_mitochondria") for organ in ORGANS]
        for g, row in enumerate(records):
            row.no_release = exp(-row.exosome_release * hours)
            row.thinning_decay = 1.0 - exp(-row.cargo_decay * interval)
            row.activation_step = 1.0 - exp(-row.macrophage_relaxation * hours)
            row.fast_step = 1.0 - exp(-row.insulin_relaxation * hours / p.insulin.fast_time)
            row.slow_step = 1.0 - exp(-row.insulin_relaxation * hours / p.insulin.slow_time)
            for number, half_life in enumerate(half_lives):
                exponent = row.insulin_mitochondrial_turnover * hours * LN2 / (24.0 * half_life)
                records["capacity_step"][g, number] = 1.0 - exp(-exponent)

    @property
    def effects(self) -> dict[str, float]:
        """Random effects of this animal, factor per rate name."""
        return dict(self._effects)
