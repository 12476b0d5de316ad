"""Verification that the software solves its own equations, whatever its ticks and packets."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import xarray

from gutexo.analysis.effects import trajectories_of
from gutexo.analysis.scorecard.oracles import integrate_burden_law
from gutexo.analysis.verification_checks import VerificationCheck, VerificationCurve, check_bound
from gutexo.biology.codes import (
    DEGRADED,
    EPITHELIUM,
    IN_ENTEROCYTE,
    IN_FIRST_ORGAN,
    IN_MACROPHAGE,
    LAMINA_PROPRIA,
    LUMEN,
    MUCUS,
    PLACE_NAMES,
    PLASMA,
    TISSUE,
)
from gutexo.body.assays.kinetics import exosome_kinetics, simulate_burdens
from gutexo.body.mouse import Mouse
from gutexo.catalogue import Parameters
from gutexo.catalogue.organs import ORGANS
from gutexo.cohort.study_run import run_study
from gutexo.protocol.exosome_treatments import GiveExosomes, Vehicle, designed_exosomes
from gutexo.protocol.life import Life
from gutexo.protocol.study import Scenario, Study

VERIFIED_READOUTS = ("FITC-dextran", "TER", "plasma TNF", "HOMA-IR")
NO_VARIATION = {"animal.variation": 0.0, "senescence.noise": 0.0}
DAYS = 20


def packet_rate_matrix(r: Any, body: Any) -> np.ndarray:
    """Build the rates of the packet chain without flow, from row to column (1/h)."""
    n = len(PLACE_NAMES)
    q = np.zeros((n, n))
    q[LUMEN, MUCUS] = r.exosome_mucus_entry
    q[MUCUS, LUMEN], q[MUCUS, EPITHELIUM] = r.exosome_mucus_return, r.exosome_epithelial_entry
    q[EPITHELIUM, IN_ENTEROCYTE] = r.exosome_enterocyte_uptake
    q[EPITHELIUM, LAMINA_PROPRIA] = r.exosome_transcytosis
    q[LAMINA_PROPRIA, IN_MACROPHAGE] = r.exosome_macrophage_uptake
    q[LAMINA_PROPRIA, PLASMA] = r.exosome_portal_entry
    q[PLASMA, TISSUE], q[TISSUE, PLASMA] = body.exosome_tissue_entry, body.exosome_tissue_return
    q[PLASMA, IN_FIRST_ORGAN:DEGRADED] = body.organ_uptake
    q[PLASMA, DEGRADED] = body.exosome_other_clearance
    np.fill_diagonal(q, -q.sum(axis=1))
    return q


def check_packet_chain(packets: int = 200_000) -> tuple[VerificationCheck, VerificationCurve]:
    """Check exosomes in plasma after an injection, per minute, against the chain's solution."""
    from scipy.linalg import expm

    mouse = Mouse(Parameters().change(NO_VARIATION), seed=1)
    course = exosome_kinetics(mouse, "intravenous", 2.0, packets)
    records = mouse.state.records
    step = expm(packet_rate_matrix(records[0], records[-1]) / 60.0)
    state = np.zeros(len(PLACE_NAMES))
    state[PLASMA] = 1.0
    known = [1.0]
    for _ in range(len(course.minutes) - 1):
        state = state @ step
        known.append(float(state[PLASMA]))
    expected = np.array(known)
    error = np.sqrt(np.maximum(expected * (1 - expected), 1e-12) / packets)
    z = float(np.abs((course.plasma - expected) / np.maximum(error, 1.0 / packets)).max())
    what = "plasma exosomes against the matrix exponential, largest z of 121 minutes"
    curve = VerificationCurve(
        "Packet chain, injected", course.minutes, course.plasma, expected, "minutes",
        "share of the dose in plasma",
    )  # fmt: skip
    return check_bound("packet-chain", what, z, 4.5), curve


def check_burden(mice: int = 12_000) -> tuple[VerificationCheck, VerificationCurve]:
    """Check the burden of survivors against an independent integration of its law."""
    parameters = Parameters()
    days = np.arange(30, 900, 30)
    ours = np.nanmean(simulate_burdens(parameters, mice, 900)[:, days - 1], axis=0)
    known = integrate_burden_law(parameters, mice, 7, days)
    gap = float(np.abs(ours / known - 1.0).max())
    curve = VerificationCurve(
        "Senescent burden of survivors", days.astype(float), ours, known, "age (days)",
        "burden (1: death)",
    )  # fmt: skip
    what = "mean burden of survivors, largest relative gap at 29 ages"
    return check_bound("senescence", what, gap, 0.05), curve


def _late_means(data: xarray.Dataset, readout: str, arm: str) -> np.ndarray:
    """Compute the mean of each mouse over the second half of its days, float64[mouse]."""
    return trajectories_of(data, readout, arm)[:, DAYS // 2 :].mean(axis=1)


def _log_gap(one: np.ndarray, other: np.ndarray) -> tuple[float, float]:
    """Compute the mean log ratio of pairs and its standard error."""
    logs = np.log(one / other)
    return float(logs.mean()), float(logs.std(ddof=1) / math.sqrt(len(logs)))


def _dosed_arms(changes: dict[str, Any], size: Any, factor: int = 1) -> dict[str, Scenario]:
    """Build a mouse that gets vehicle, and the same with a vial that acts on all readouts."""
    vial = designed_exosomes(
        int(0.7 * factor * size.packets),
        barrier=24.0,
        inflammatory=8.0,
        insulin_resistance=8.0,
        protective=4.0,
    )
    life = Life(changes=changes)
    given = {"vehicle": Vehicle(repeats=DAYS), "vial": GiveExosomes(source=vial, repeats=DAYS)}
    return {
        name: Scenario(name=name, life=life, interventions=(item,), duration=float(DAYS))
        for name, item in given.items()
    }


def _log_effect(data: xarray.Dataset, readout: str, vial: str, vehicle: str) -> np.ndarray:
    return np.log(_late_means(data, readout, vial) / _late_means(data, readout, vehicle))


def build_tick_studies(changes: dict[str, Any]) -> tuple[Study, Study]:
    """Build a mouse with vehicle and with a vial, in whole ticks and in half ones.

    Args:
        changes: Parameters that differ from the defaults.
    """
    base = {**changes, **NO_VARIATION}
    size = Parameters().change(base).resolution

    def build(ticks: str, hours: float) -> Study:
        dosed = _dosed_arms({**base, "resolution.tick": hours}, size)
        arms = (arm.model_copy(update={"name": f"{ticks} {name}"}) for name, arm in dosed.items())
        return Study(name=f"{ticks} ticks", arms=tuple(arms))

    return build("whole", size.tick), build("half", 0.5 * size.tick)


def check_half_ticks(
    replicates: int, workers: int, changes: dict[str, Any]
) -> list[VerificationCheck]:
    """Check a mouse in ticks of half the length: means within 1 %, effects within a tenth of them.

    Args:
        replicates: Number of mice, the same in both.
        workers: Processes.
        changes: Parameters that differ from the defaults.
    """
    arms = tuple(arm for study in build_tick_studies(changes) for arm in study.arms)
    study = Study(name="ticks", arms=arms)
    data = run_study(study, replicates=replicates, seed=1, workers=workers).data
    found = []
    for readout in VERIFIED_READOUTS:
        half, whole = (_late_means(data, readout, f"{t} vehicle") for t in ("half", "whole"))
        gap, error = _log_gap(half, whole)
        what = f"{readout}, log ratio of half ticks to whole ones over {replicates} mice"
        found.append(check_bound(f"half-tick {readout}", what, gap, 0.01, error))
    for readout in VERIFIED_READOUTS:
        half, whole = (
            _log_effect(data, readout, f"{t} vial", f"{t} vehicle") for t in ("half", "whole")
        )
        moved, effect = half - whole, float(whole.mean())
        error = float(moved.std(ddof=1) / math.sqrt(replicates))
        what = f"log effect ({effect:+.3f}) on {readout} in half ticks, less that in whole ones"
        bound = 0.1 * abs(effect)
        found.append(
            check_bound(f"half-tick effect {readout}", what, float(moved.mean()), bound, error)
        )
    return found


def build_finer_studies(changes: dict[str, Any]) -> dict[int, Study]:
    """Build a mouse with vehicle and with a vial, by the multiple of its packets and cells.

    Args:
        changes: Parameters that differ from the defaults.
    """
    size = Parameters().change(changes).resolution
    counted = ("enterocytes", "macrophages", *(f"{organ.cell}s" for organ in ORGANS), "packets")
    found = {}
    for factor in (1, 2, 4):
        finer = {f"resolution.{name}": factor * getattr(size, name) for name in counted}
        arms = tuple(_dosed_arms({**changes, **NO_VARIATION, **finer}, size, factor).values())
        found[factor] = Study(name="resolution", arms=arms)
    return found


def check_finer_packets(
    replicates: int, workers: int, changes: dict[str, Any]
) -> list[VerificationCheck]:
    """Check that twice and four times the packets and cells keep a vial's effect to 0.02 (log)."""
    effects: dict[int, dict[str, np.ndarray]] = {}
    for factor, study in build_finer_studies(changes).items():
        data = run_study(study, replicates=replicates, seed=1, workers=workers).data
        effects[factor] = {r: _log_effect(data, r, "vial", "vehicle") for r in VERIFIED_READOUTS}
    found = []
    for factor in (2, 4):
        for readout in VERIFIED_READOUTS:
            moved = effects[factor][readout] - effects[1][readout]
            error = float(moved.std(ddof=1) / math.sqrt(replicates))
            what = f"log effect on {readout} with {factor} x packets and cells, less that with 1 x"
            name = f"resolution x{factor} {readout}"
            found.append(check_bound(name, what, float(moved.mean()), 0.02, error))
    return found


def count_compared(replicates: int) -> int:
    """Count the mice an arm that are compared with the mean-field model.

    Args:
        replicates: Mice per comparison of the other checks.
    """
    return max(2, replicates // 4)


def list_verified_studies(replicates: int, changes: dict[str, Any]) -> list[tuple[Study, int]]:
    """List the studies whose mice the checks are computed from, each with its mice per arm.

    Args:
        replicates: Mice per comparison.
        changes: Parameters that differ from the defaults.
    """
    from gutexo.analysis.mean_field_verification import (
        fast_life_study,
        list_convergence_studies,
    )

    compared = (*build_tick_studies(changes), *build_finer_studies(changes).values())
    return [
        *((study, replicates) for study in compared),
        (fast_life_study(changes), count_compared(replicates)),
        *list_convergence_studies(replicates, changes),
    ]


def run_verification(
    *,
    replicates: int = 16,
    workers: int = 1,
    changes: dict[str, Any] | None = None,
    report: Callable[[str], None] = lambda line: None,
) -> tuple[list[VerificationCheck], list[VerificationCurve]]:
    """Run all checks and return them with the curves that show them.

    Args:
        replicates: Mice per comparison.
        workers: Processes.
        changes: Parameters that differ from the defaults.
        report: Called with a line of text for the user.
    """
    from gutexo.analysis.known_answers import check_half_lives, check_topp_model
    from gutexo.analysis.mean_field_verification import check_agreement, check_convergence

    report("packet chain, senescent burden, glucose and half-lives against known answers")
    chain, chain_curve = check_packet_chain()
    burdens, burden_curve = check_burden()
    glucose, glucose_curve = check_topp_model()
    halves, decays = check_half_lives()
    report(f"half ticks, {replicates} mice")
    ticks = check_half_ticks(replicates, workers, changes or {})
    report(f"twice and four times the packets and cells, {replicates} mice")
    finer = check_finer_packets(replicates, workers, changes or {})
    few = count_compared(replicates)
    report(f"effects of exosomes and of age against the mean-field model, {few} mice an arm")
    agree, courses = check_agreement(few, workers, changes or {})
    report(
        "gaps to the mean-field model from an eighth to twice the size,"
        f" {replicates} mice of the largest"
    )
    slopes, falls = check_convergence(replicates, workers, changes or {}, report)
    checks = [chain, burdens, glucose, *halves, *ticks, *finer, *agree, *slopes]
    return checks, [chain_curve, burden_curve, glucose_curve, *decays, *courses, *falls]
