"""Fit what may be fitted: `gutexo analyse calibrate`."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gutexo.cli.analyse import prepared
from gutexo.cli.options import Options, Request
from gutexo.cli.terminal import complain, show, show_json
from gutexo.errors import GutexoError
from gutexo.interrupts import exit_code, reason
from gutexo.paths import NEW, make_folder, written

if TYPE_CHECKING:
    from gutexo.analysis.calibration.plan import Plan
    from gutexo.analysis.calibration.run import Calibration

Say = Callable[[str], None]
FINISHED = (0, 3)  # exit codes of a calibration that ended, with a draw that may land or without


@dataclass(frozen=True)
class Wanted:
    """How much of a calibration, as it was typed."""

    free: tuple[str, ...] = ()
    budget: float | None = None
    population: int | None = None
    tolerance: float | None = None


def run_calibrate(options: Options, wanted: Wanted) -> int:
    """Narrow, refine, confirm, check; returns the exit code: 3 where no draw may land."""
    from gutexo.analysis.calibration import files
    from gutexo.analysis.calibration.twin_stage import needed
    from gutexo.cohort.lock import Lock

    needed()
    asked, _, say = prepared(replace(options, out=None), "calibrate", ())
    plan = _plan(asked, options, wanted)
    folder = options.out
    if options.dry_run:
        _tell_cost(_cost(plan, asked, say), options, show)
        return 0
    if folder is None:
        raise GutexoError("calibrate keeps its populations on disk: name a folder with --out")
    if not options.force and (name := files.in_the_way(folder)) is not None:
        raise GutexoError(
            f"{folder} holds {name}, which is of no calibration that could go on; use another "
            "--out, or --force to replace it"
        )
    make_folder(folder, "--out")
    with Lock(folder, say):  # a second one would write answers to the same files
        if not options.force:
            return _calibrated(plan, folder, options, asked, say)
        # What is there stays until the new one is finished.
        new = make_folder(folder / NEW)
        if not files.is_of(new, plan):
            files.forget(new)
        code = _calibrated(plan, new, options, asked, say)
        if code in FINISHED:
            with written(folder, "--out"):
                files.swap(new, folder)
            with suppress(OSError):
                new.rmdir()
        return code


def _calibrated(plan: Plan, folder: Path, options: Options, asked: Request, say: Say) -> int:
    """The calibration in its folder, begun or gone on with; returns the exit code."""
    from gutexo.analysis.calibration import files
    from gutexo.analysis.calibration.plan import enter
    from gutexo.analysis.calibration.run import calibrate

    begun = enter(folder, plan)
    done = files.there(folder) if begun else None
    if done is not None and plan.budget <= done.get("budget", 0.0):
        say(f"{folder} holds this calibration already (--force starts anew, --budget goes on)")
        if options.json:
            show_json(done)
        return 0 if done.get("landed") else 3
    with open(folder / files.LOG, "a", encoding="utf-8") as log:
        start = time.monotonic()

        def tell(line: str) -> None:
            log.write(f"{(time.monotonic() - start) / 60:7.2f} min  {line}\n")
            log.flush()
            say(line)

        tell(f"seed {plan.seed}, {asked.jobs} workers, {'gone on with' if begun else 'begun'}")
        _tell_cost(_cost(plan, asked, tell), options, tell)
        try:
            found = calibrate(plan, folder, workers=asked.jobs, say=tell)
        except KeyboardInterrupt as error:
            line = f"what was answered is in {folder}, the same command goes on"
            complain(f"{reason(error)}; {line}")
            return exit_code(error)
        for line in told(found):
            tell(line)
    files.write(found, plan, folder)
    _draw(found, folder)
    if options.json:
        show_json(files.summary(found, plan))
    return 0 if found.landed is not None else 3


def _plan(asked: Request, options: Options, wanted: Wanted) -> Plan:
    """What was asked for, all defaults filled in."""
    from gutexo.analysis.calibration.plan import Plan, demonstration
    from gutexo.analysis.calibration.space import space
    from gutexo.catalogue import Parameters

    given: list[str] = []
    for name, value in asked.changes.items():
        given += [f"{name}.{one}" for one in value] if isinstance(value, Mapping) else [name]
    values = Parameters().change(asked.changes).flat()
    changes = {name: values[name] for name in given}
    plan = demonstration(asked.seed, changes) if asked.quick else Plan(changes=changes)
    typed: dict[str, Any] = {"seed": asked.seed}
    if wanted.free:
        typed["free"] = space(wanted.free).names
    if options.replicates is not None:
        typed["replicates"] = options.replicates
    for name, value in (
        ("budget", wanted.budget),
        ("size", wanted.population),
        ("tolerance", wanted.tolerance),
    ):
        if value is not None:
            typed[name] = value
    if wanted.population is not None:
        typed["table"] = max(plan.table, 10 * wanted.population)
    return replace(plan, **typed)


def _cost(plan: Plan, asked: Request, say: Say) -> dict[str, Any]:
    """What it takes, measured on a few sets of the twin and a few days of a mouse."""
    from gutexo.analysis.calibration.run import twin_seconds
    from gutexo.analysis.outcomes import question_study
    from gutexo.cli.cost import cost, minutes

    twin = twin_seconds(plan)
    small = question_study().change({**plan.small, **plan.changes})
    mice = 60 * minutes(cost(small, plan.replicates, asked.seed), 1, say)
    default = question_study().change({**plan.default, **plan.changes})
    confirm = minutes(cost(default, plan.confirming, asked.seed, asked.jobs), asked.jobs, say)
    shares = [part * plan.budget for part in plan.parts]
    first = plan.table + plan.truths
    return {
        "free parameters": len(plan.free),
        "seconds a set of the twin": round(twin, 3),
        "sets of the prior": first,
        "minutes of them": round(first * twin / 60 / asked.jobs, 1),
        "sets of populations, at most": max(0, int(60 * shares[0] * asked.jobs / twin) - first),
        "seconds a set of small mice": round(mice, 1),
        "sets of small mice, at most": min(
            plan.draws + plan.pilot, int(60 * shares[1] * asked.jobs / mice)
        ),
        "minutes of mice for their luck": round(confirm * plan.reference / plan.confirming, 1),
        "minutes a draw of default mice": round(confirm, 1),
        "draws of default mice, at most": plan.most_confirmed,
        "minutes in all, at most": round(plan.budget, 1),
        "jobs": asked.jobs,
        "seed": plan.seed,
    }


def _tell_cost(facts: dict[str, Any], options: Options, say: Say) -> None:
    if options.dry_run and options.json:
        show_json(facts)
        return
    for name, value in facts.items():
        say(f"{name:31s} {value}")


def _draw(found: Calibration, folder: Path) -> None:
    from gutexo.figures import draw
    from gutexo.figures.style import save

    content = {
        "calibration_posterior": found.learnt,
        "calibration_predictive": found.predictive,
        "calibration_ranks": found.ranked,
    }
    for name, rows in content.items():
        if rows:
            save(draw(name)(rows), folder / name, force=True)


def told(found: Calibration) -> list[str]:
    """Lines for people at the end of a calibration."""
    from gutexo.catalogue import Parameters
    from gutexo.cohort.provenance import MICE_ONLY

    lines = []
    for row in found.learnt:
        words = "identifiable" if row.identifiable else "NOT identifiable"
        ranks = "" if row.uniform else "; its ranks on synthetic truth are not uniform"
        unit = "" if row.unit == "1" else f" {row.unit}"
        lines.append(
            f"  {words:16s} {row.parameter}: {row.median:.3g} ({row.low:.3g} to {row.high:.3g})"
            f"{unit}, {row.width:.2f} of its prior{ranks}"
        )
    for pair in found.pairs:
        lines.append(f"  known together: {pair.one} and {pair.other} ({pair.correlation:+.2f})")
    for like in found.likeness:
        if like.sets >= 3:
            lines.append(
                f"  mice / twin, {like.id}: x {like.ratio:.2f}, log spread {like.spread:.2f}"
                f" ({like.sets} sets)"
            )
    odd = [step for step in found.steps if step.z > 4]
    for step in odd:
        lines.append(
            f"  POPULATION {step.population} DIFFERS FROM PLAIN REJECTION by {step.z:.1f} errors"
        )
    if found.landed is not None:
        entries = {entry.name: entry for entry in Parameters().entries()}
        lines.append("Held by default mice in every row:")
        for name, value in found.landed.values.items():
            lines.append(f"  {name} = {value:g} (was {entries[name].default:g})")
    else:
        lines.append("No draw was confirmed by default mice: nothing may land.")
    lines.append(
        "These rows were fitted; that they hold is no evidence. Rows under `validate` were"
    )
    lines.append(f"not looked at. {MICE_ONLY}")
    return lines
