"""How many animals a laboratory needs: both groups simulated, the experiment planned from them.

In the model a treated mouse is compared with itself untreated. A laboratory cannot do that: its
treated and control mice are different animals, so what counts is the spread between animals and
the error of the assay. Each simulated treated mouse gets exosomes of donors of its own; animals
that share one pool of donors are not independent, and no number of them makes up for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from gutexo.analysis.animals import LaboratoryTest, Need, logs_of, need
from gutexo.analysis.effects import recorded_day, unit_of
from gutexo.body.observables import OBSERVABLES
from gutexo.catalogue.durations import duration_days
from gutexo.cohort.compare import Progress, run_study, silent
from gutexo.errors import GutexoError, suggest
from gutexo.protocol.studies import transfer
from gutexo.protocol.study import Scenario, Study

READOUTS = ("FITC-dextran", "plasma TNF", "HOMA-IR")


def experiment(
    arm: str = "young + old exosomes",
    comparator: str = "young + vehicle",
    *,
    equivalents: float = 1.0,
    every: float | str = 1.0,
    duration: float | str = 28.0,
    route: str = "gavage",
) -> Study:
    """The two groups of a laboratory, as a study.

    Args:
        arm: Treated group, an arm of the exosome transfer.
        comparator: Control group, another arm.
        equivalents: Donor equivalents a dose.
        every: Days between doses ("2 d" works too).
        duration: Days of dosing, read on the last.
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
    arms = tuple(_by_route(whole.arm(name), route) for name in (arm, comparator))
    return Study(
        name="design",
        question="How many animals show it?",
        arms=arms,
        comparisons=((arm, comparator),),
    )


def _by_route(arm: Scenario, route: str) -> Scenario:
    given = tuple(
        type(item)(**{**dict(item), "route": route}) if hasattr(item, "route") else item
        for item in arm.interventions
    )
    return Scenario(**{**dict(arm), "interventions": given})


def known_readouts(readouts: Sequence[str]) -> tuple[str, ...]:
    """Readouts, each once, refused where the model records none of that name."""
    for name in readouts:
        if name not in OBSERVABLES:
            raise GutexoError(f"no readout '{name}'{suggest(name, OBSERVABLES)}")
    return tuple(dict.fromkeys(readouts))


def design(
    study: Study,
    readouts: Sequence[str] = READOUTS,
    test: LaboratoryTest | None = None,
    *,
    draws: Sequence[dict[str, float]] = ({},),
    replicates: int = 24,
    seed: int = 1,
    workers: int = 1,
    progress: Progress = silent,
    say: Callable[[str], None] = silent,
) -> list[Need]:
    """Simulate both groups and say how many animals a laboratory needs.

    Args:
        study: Two groups, see `experiment`.
        readouts: Observables.
        test: How the laboratory tests; power 0.8, alpha 0.05 and the assumed noise if None.
        draws: Parameters that differ, draw by draw; each draw has mice of its own.
        replicates: Mice a group and draw.
        seed: Seed of everything.
        workers: Processes.
        progress: Called with phase, done, total.
        say: Called with a line for people.

    Returns:
        An entry a readout.

    Raises:
        GutexoError: A readout does not exist, or under no draw a mouse could be run.
    """
    readouts = known_readouts(readouts)
    test = LaboratoryTest() if test is None else test
    if replicates < 2:
        raise GutexoError(f"a spread between animals needs 2 mice or more; got {replicates}")
    (arm, comparator) = study.comparisons[0]
    logs: dict[str, list[np.ndarray]] = {name: [] for name in readouts}
    units: dict[str, str] = {}
    day = 0.0
    reason = ""
    for number, draw in enumerate(draws):
        if len(draws) > 1:
            say(f"draw {number + 1} of {len(draws)}")
        plan = study.change(draw) if draw else study
        try:
            result = run_study(
                plan,
                replicates=replicates,
                seed=seed + number,
                workers=workers,
                progress=progress,
                say=say,
            )
        except GutexoError as error:
            reason = str(error)
            say(f"draw {number + 1} is left out: {reason}")
            continue
        if result.failures:
            say(f"{len(result.failures)} mice could not be run: {result.failures[0]['reason']}")
        _, day = recorded_day(result.data)
        for name in readouts:
            logs[name].append(logs_of(result.data, name, arm, comparator))
            units[name] = unit_of(result.data, name)
    if not units:
        raise GutexoError(reason)
    return [
        need(
            logs[name],
            test,
            readout=name,
            unit=units[name],
            arm=arm,
            comparator=comparator,
            day=day,
            seed=seed,
        )
        for name in readouts
    ]
