"""Which uncertain numbers move which answer: `gutexo analyse sensitivity`."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from gutexo import interrupts
from gutexo.cli.analyse import prepared
from gutexo.cli.changes import typed_values
from gutexo.cli.cost import cost, minutes
from gutexo.cli.options import Options, Request
from gutexo.cli.progress import progress_bar
from gutexo.cli.terminal import complain, show, show_facts, show_json
from gutexo.json_text import json_text

if TYPE_CHECKING:
    from gutexo.analysis.sensitivity import Plan, Sensitivity, Space

TRIED = 4  # parameter sets on which the emulator is timed, the first of which warms it up
TOLD = 3  # parameters named for each answer
KEPT = "evaluations.csv"


@dataclass(frozen=True)
class Wanted:
    """How much of an analysis, as it was typed."""

    range: str = "near"
    budget: float | None = None
    trajectories: int | None = None
    points: int | None = None


def run_sensitivity(options: Options, wanted: Wanted) -> int:
    """Screen, index, share out, hold against mice; returns the exit code."""
    from gutexo.analysis.sensitivity import TABLES, sensitivity
    from gutexo.analysis.sensitivity.models import simulated, twin
    from gutexo.protocol.studies import QUICK

    files = (*(f"{name}.csv" for name in TABLES), "sensitivity.json")
    files += tuple(f"sensitivity_{name}.{kind}" for name in FIGURES for kind in ("png", "svg"))
    # A plan that is only told writes no folder.
    asked, _, say = prepared(
        replace(options, out=None) if options.dry_run else options, "sensitivity", files
    )
    space, held = _space(asked, options, wanted)
    plan = _plan(asked, wanted)
    keep = options.out / KEPT if options.out is not None and not options.dry_run else None
    small = {**QUICK, **{k: v for k, v in held.items() if k.startswith("resolution.")}}
    with progress_bar(options) as progress, _pool(asked.jobs) as pool:
        how: dict[str, Any] = {
            "keep": keep, "workers": asked.jobs, "pool": pool, "progress": progress
        }  # fmt: skip
        emulator = twin(plan.twins, asked.seed, **how)
        runs = range(plan.runs)
        mice = tuple(simulated(plan.replicates, asked.seed + run, **how) for run in runs)
        plan = _fitted(plan, space, emulator, small, asked, options, wanted, say)
        if options.dry_run:
            return 0
        try:
            found = sensitivity(space, plan, emulator, mice, small=small, seed=asked.seed, say=say)
        except KeyboardInterrupt as error:
            kept = f"; answers so far are kept in {keep}" if keep is not None else ""
            complain(f"{interrupts.reason(error)}{kept}; the same command goes on")
            return interrupts.exit_code(error)
    if options.out is not None:
        _write(found, options)
    if options.json:
        show_json(content(found))
    elif not options.quiet:
        _tell(found)
    return 0


FIGURES = ("morris", "tornado")


@contextmanager
def _pool(jobs: int) -> Iterator[Executor | None]:
    """Processes for all stages; none where there is one worker."""
    if jobs == 1:
        yield None
        return
    from gutexo.cohort.workers import new_pool, stop_pool

    pool = new_pool(jobs)
    try:
        yield pool
    finally:
        stop_pool(pool)


def _space(asked: Request, options: Options, wanted: Wanted) -> tuple[Space, dict[str, float]]:
    """What is moved, and what `--set` holds; a configuration moves the defaults only."""
    from gutexo.analysis.sensitivity import space_of
    from gutexo.catalogue import Parameters

    given: list[str] = []
    for name, value in asked.changes.items():
        given += [f"{name}.{one}" for one in value] if isinstance(value, Mapping) else [name]
    values = Parameters().change(asked.changes).flat()
    held = {name: values[name] for name in typed_values(options.changes)}
    base = {name: values[name] for name in given}
    return space_of(wanted.range, base=base, held=held), held


def _plan(asked: Request, wanted: Wanted) -> Plan:
    """How much was asked for."""
    from gutexo.analysis.sensitivity import QUICK_PLAN, Plan

    plan = QUICK_PLAN if asked.quick else Plan()
    if wanted.trajectories is not None:
        plan = replace(plan, trajectories=wanted.trajectories)
    return plan if wanted.points is None else replace(plan, points=wanted.points)


def _fitted(
    plan: Plan,
    space: Space,
    emulator: Any,
    small: Mapping[str, Any],
    asked: Request,
    options: Options,
    wanted: Wanted,
    say: Callable[[str], None],
) -> Plan:
    """The plan made to fit, and what it costs, said before it starts."""
    from gutexo.analysis.outcomes import question_study
    from gutexo.analysis.sensitivity import BUDGET
    from gutexo.analysis.sensitivity.morris import trajectories

    count = len(space.names)
    walk = trajectories(count, 1, asked.seed)[0]
    sets = [dict(space.base), *space.all_changes(walk[: TRIED - 1])]
    seconds = emulator.seconds(sets)
    study = question_study().change({**space.base, **small})
    mice = 60 * minutes(cost(study, plan.replicates, asked.seed), 1, say)

    def lasts(one: Plan) -> float:
        return one.minutes(count, seconds, mice, asked.jobs)

    budget = BUDGET if wanted.budget is None else wanted.budget
    fits = plan.within(budget, lasts)
    if fits != plan:
        say(
            f"--budget {budget:g}: {plan.trajectories} walks, N {plan.points} and"
            f" {plan.checked} sets for mice would take {lasts(plan):.0f} minutes; made less"
        )
    told = {
        "uncertain parameters": count,
        "assumed of them": int(space.assumed.sum()),
        "range": space.told,
        "walks (Morris)": fits.trajectories,
        "rows N (Sobol)": fits.points,
        "evaluations": fits.evaluations(count),
        "seconds each": round(seconds, 3),
        "runs of mice": fits.mouse_runs(),
        "seconds a run": round(mice, 1),
        "minutes": round(lasts(fits), 1),
        "jobs": asked.jobs,
        "seed": asked.seed,
    }
    if options.dry_run and options.json:
        show_json(told)
    elif options.dry_run:
        show_facts(told, 20)
    else:
        say(
            f"{count} uncertain parameters ({told['assumed of them']} assumed), each moved through"
            f" {space.told}; {told['evaluations']} evaluations of {seconds:.2f} s and"
            f" {told['runs of mice']} runs of small mice of {mice:.0f} s: some"
            f" {told['minutes']:.1f} minutes on {asked.jobs} worker(s), less where answers are kept"
        )
    return fits


def content(found: Sensitivity) -> dict[str, Any]:
    """All of an analysis, for JSON."""
    from gutexo.analysis.sensitivity import TABLES

    return facts(found) | {name: getattr(found, name) for name in TABLES}


def facts(found: Sensitivity) -> dict[str, Any]:
    """What an analysis was of: ranges, plan, seed; all but its tables."""
    from gutexo.analysis.sensitivity import largest_move, lost_share

    return {
        "seed": found.seed,
        "range": found.space.range,
        "moved": found.space.told,
        "plan": asdict(found.plan),
        "parameters": {
            one.name: {
                "low": one.value(0.0),
                "high": one.value(1.0),
                "grade": one.entry.grade,
                "importance": found.importance[one.name],
            }
            for one in found.space.dimensions
        },
        "base": found.space.base,
        "picked": list(found.picked),
        "evaluations": found.evaluations,
        "points passed over for mice": found.passed_over,
        "refused": found.reasons,
        "share of effects lost": lost_share(found.morris),
        "largest move of a total index": largest_move(found.sobol),
    }


def _write(found: Sensitivity, options: Options) -> None:
    from gutexo.analysis.sensitivity import TABLES
    from gutexo.analysis.tables import write_atomically, write_rows
    from gutexo.figures import draw
    from gutexo.figures.style import save

    assert options.out is not None
    for name, columns in TABLES.items():
        write_rows(getattr(found, name), columns, options.out / f"{name}.csv", force=True)
    text = json_text(content(found)) + "\n"
    write_atomically(options.out / "sensitivity.json", text.encode(), force=True)
    for name in FIGURES:
        figure = draw(f"sensitivity_{name}")(found)
        save(figure, options.out / f"sensitivity_{name}", force=True)


def _interval(value: float, low: float, high: float) -> str:
    return f"{value:.2f} ({low:.2f} to {high:.2f})"


def _tell(found: Sensitivity) -> None:
    from gutexo.analysis.sensitivity import OTHERS, TELL_LOST, label, largest_move, lost_share
    from gutexo.cohort.provenance import MICE_ONLY

    spreads = {row.question: row for row in found.answers}
    assumed = {row.question: row for row in found.groups if row.name == "assumed"}
    errors = {row.question: row for row in found.emulator}
    show("Share of the variance of each log answer: total index and its 95 % interval.")
    for question in found.questions:
        spread = spreads[question]
        sign = ""
        if not math.isnan(spread.above_one):
            sign = (
                f"; above 1 in {spread.above_one:.0%} ({spread.above_one_low:.0%} to"
                f" {spread.above_one_high:.0%}) of sets"
            )
        show(
            f"{label(question)}: {spread.default:.3g} at the defaults, {spread.low:.3g} to"
            f" {spread.high:.3g} in 90 % of parameter sets{sign}"
        )
        own = [row for row in found.sobol if row.question == question and not math.isnan(row.st)]
        single = sorted((r for r in own if r.name != OTHERS), key=lambda r: -r.st)[:TOLD]
        for row in [*single, *(r for r in own if r.name == OTHERS)]:
            show(f"  {row.name:34s} {_interval(row.st, row.st_low, row.st_high)}")
        if question in assumed and not math.isnan(assumed[question].st):
            row = assumed[question]
            total = _interval(row.st, row.st_low, row.st_high)
            alone = _interval(row.s1, row.s1_low, row.s1_high)
            show(f"  {'assumed parameters together':34s} {total}; first order {alone}")
        if question in errors and not math.isnan(errors[question].rms):
            error = errors[question]
            chance = "" if math.isnan(error.noise) else f", {error.noise:.3f} by chance among mice"
            part = "" if math.isnan(error.share) else f"; {error.share:.2f} of the variance"
            show(
                f"  emulator against small mice, log: {error.rms:.3f} rms, {error.largest:.3f} at"
                f" most{chance}{part} ({error.points} sets)"
            )
    lost = lost_share(found.morris)
    show(
        f"From half of the rows to all, total indices move by {largest_move(found.sobol):.2f} at"
        f" most. Effects lost to refused answers: {lost:.1%}."
    )
    gone = max((row.lost / max(1, row.lost + row.rows) for row in found.sobol), default=0.0)
    if max(lost, gone) > TELL_LOST:
        show(
            f"MANY ANSWERS WERE REFUSED ({max(lost, gone):.0%} of effects or rows): what is left"
            " speaks only for sets in which mice live."
        )
    far = max((row for row in found.answers if row.far > 0), key=lambda r: r.far, default=None)
    if far is not None:
        show(
            f"Answers far outside are held at three interquartile ranges beyond the quartiles:"
            f" {far.far:.1%} of sets at most ({label(far.question)})."
        )
    for reason, count in list(found.reasons.items())[:TOLD]:
        show(f"  refused {count} times: {reason}")
    show(
        "The indices hold for these ranges and no others; that a parameter does not matter here"
        " does not say that its process does not."
    )
    show(MICE_ONLY)
