"""Plan of an experiment: the number of animals of a laboratory, and of mice of a simulation.

In the model a treated mouse is compared with itself untreated. A laboratory cannot do that: its
treated and control mice are different animals, so the spread between animals and the error of the
assay matter. Each simulated treated mouse gets exosomes of its own donors; animals that share one
pool of donors are not independent, and a larger number of them does not correct this. For a
simulation the question is how precisely a mean or a paired ratio is known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from gutexo.analysis.effects import find_recorded_day, unit_of
from gutexo.analysis.precision import PRECISION, check_precision
from gutexo.analysis.sample_size import (
    LaboratoryTest,
    SampleSize,
    compute_sample_size,
    read_paired_logs,
)
from gutexo.body.observables import OBSERVABLES
from gutexo.catalogue.durations import duration_days
from gutexo.cohort.study_run import Progress, ignore_messages, run_study
from gutexo.errors import GutexoError, suggest
from gutexo.protocol.standard_studies import transfer
from gutexo.protocol.study import Scenario, Study

READOUTS = ("FITC-dextran", "plasma TNF", "HOMA-IR")


def build_experiment(
    arm: str = "young + old exosomes",
    comparator: str = "young + vehicle",
    *,
    equivalents: float = 1.0,
    every: float | str = 1.0,
    duration: float | str = 28.0,
    route: str = "gavage",
) -> Study:
    """Build a study with the two groups of a laboratory experiment.

    Args:
        arm: Treated group, an arm of the exosome transfer.
        comparator: Control group, another arm.
        equivalents: Donor equivalents per dose.
        every: Days between doses ("2 d" works too).
        duration: Days of dosing; readouts are taken on the last.
        route: "gavage", "intravenous" or "intraperitoneal".

    Raises:
        GutexoError: An arm does not exist, or a number is out of range.
    """
    every, duration = duration_days(every, "every"), duration_days(duration, "duration")
    for name, value, low, high in (
        ("every", every, 0.1, 365.0),
        ("duration", duration, 1.0, 365.0),
        ("equivalents", equivalents, 0.0, 1000.0),
    ):
        if not low <= value <= high:
            raise GutexoError(f"{name} must be {low:g} to {high:g}; got {value:g}")
    if every > duration:
        raise GutexoError(f"every ({every:g} d) is longer than the course ({duration:g} d)")
    if arm == comparator:
        raise GutexoError(f"arm and comparator are the same: '{arm}'")
    whole = transfer(duration, equivalents, every)
    arms = tuple(_set_route(whole.arm(name), route) for name in (arm, comparator))
    return Study(
        name="design",
        question="How many animals show it?",
        arms=arms,
        comparisons=((arm, comparator),),
    )


def _set_route(arm: Scenario, route: str) -> Scenario:
    interventions = tuple(
        type(item)(**{**dict(item), "route": route}) if hasattr(item, "route") else item
        for item in arm.interventions
    )
    return Scenario(**{**dict(arm), "interventions": interventions})


def check_readouts(readouts: Sequence[str]) -> tuple[str, ...]:
    """Return the readouts, each once; refuse a name that the model does not record."""
    for name in readouts:
        if name not in OBSERVABLES:
            raise GutexoError(f"no readout '{name}'{suggest(name, OBSERVABLES)}")
    return tuple(dict.fromkeys(readouts))


def plan_experiment(
    study: Study,
    readouts: Sequence[str] = READOUTS,
    test: LaboratoryTest | None = None,
    *,
    precision: float = PRECISION,
    draws: Sequence[dict[str, float]] = ({},),
    replicates: int = 24,
    seed: int = 1,
    workers: int = 1,
    progress: Progress = ignore_messages,
    report: Callable[[str], None] = ignore_messages,
) -> list[SampleSize]:
    """Simulate both groups and compute how many animals a laboratory needs.

    Args:
        study: Two groups, see `build_experiment`.
        readouts: Observables.
        test: Test of the laboratory; power 0.8, alpha 0.05 and the assumed noise if None.
        precision: Half width of a 95 % interval, as a share of the value, for which simulated
            mice are counted.
        draws: Parameters that differ from the defaults, draw by draw; each draw has its own mice.
        replicates: Mice per group and draw.
        seed: Seed of everything.
        workers: Processes.
        progress: Called with phase, done, total.
        report: Called with a line of text for the user.

    Returns:
        One entry per readout.

    Raises:
        GutexoError: A readout does not exist, the precision does not lie between 0 and 1, or no
            draw allowed a mouse to be run.
    """
    readouts = check_readouts(readouts)
    test = LaboratoryTest() if test is None else test
    check_precision(precision)
    if replicates < 2:
        raise GutexoError(f"a spread between animals needs 2 mice or more; got {replicates}")
    (arm, comparator) = study.comparisons[0]
    logs: dict[str, list[np.ndarray]] = {name: [] for name in readouts}
    units: dict[str, str] = {}
    day = 0.0
    reason = ""
    for number, draw in enumerate(draws):
        if len(draws) > 1:
            report(f"draw {number + 1} of {len(draws)}")
        plan = study.change(draw) if draw else study
        try:
            result = run_study(
                plan,
                replicates=replicates,
                seed=seed + number,
                workers=workers,
                progress=progress,
                report=report,
            )
        except GutexoError as error:
            reason = str(error)
            report(f"draw {number + 1} is left out: {reason}")
            continue
        if result.failures:
            report(f"{len(result.failures)} mice could not be run: {result.failures[0]['reason']}")
        _, day = find_recorded_day(result.data)
        for name in readouts:
            logs[name].append(read_paired_logs(result.data, name, arm, comparator))
            units[name] = unit_of(result.data, name)
    if not units:
        raise GutexoError(reason)
    return [
        compute_sample_size(
            logs[name],
            test,
            readout=name,
            unit=units[name],
            arm=arm,
            comparator=comparator,
            day=day,
            precision=precision,
            seed=seed,
        )
        for name in readouts
    ]
