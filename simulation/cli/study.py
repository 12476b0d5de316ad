"""Run a study from the terminal: plan, progress, files, and what to say at the end."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulation.cli.cluster import workers_of
from simulation.cli.options import SWEEP, Options, Request, request
from simulation.cli.posterior import drawn
from simulation.cli.runs import MICE, RESOLVED, resumed, told_kept
from simulation.errors import GutexoError

if TYPE_CHECKING:
    from simulation.cohort.result import Result
    from simulation.protocol.study import Study

DRAWS = "draws.csv"  # the parameters of each replicate, where they were drawn
MOST_TOLD = 10  # failed mice that are told one by one


@dataclass(frozen=True)
class Job:
    """A study with all that decides what it answers.

    Attributes:
        plan: The study.
        replicates: Mice an arm.
        asked: Seed and processes.
        draws: Parameter draws, of which each replicate lives by one; none for fixed parameters.
    """

    plan: Study
    replicates: int
    asked: Request
    draws: list[dict[str, float]]

    @property
    def identity(self) -> dict[str, Any]:
        """What makes two runs the same."""
        from simulation.cohort.provenance import identity

        return identity(self.plan, self.replicates, self.asked.seed, self.draws)


def build(asked: Request) -> Study:
    """The study a request names, with its changes."""
    from simulation.protocol.studies import QUICK, study

    plan = study(asked.of or asked.study)
    if asked.quick:
        plan = plan.change(QUICK)
    if asked.changes:
        plan = plan.change(asked.changes)
    if asked.study != SWEEP:
        return plan
    from simulation.protocol.sweep import sweep

    return sweep(plan, asked.grid)


def run_named(name: str | None, options: Options) -> int:
    """Run a study; returns the exit code."""
    if options.resume or options.retry_failed:
        options = resumed(options)
    asked = request(options, name)
    plan = build(asked)
    replicates = asked.replicates or plan.replicates
    job = Job(plan, replicates, asked, drawn(options, asked, replicates))
    say = _speaker(options)
    if options.dry_run:
        return _tell_plan(job, options)
    if options.out is not None and not options.force:
        there = _already_there(options.out, job)
        if there is not None and not (options.retry_failed and there.failed):
            say(there.line)
            return 1 if there.failed else 0
    if options.out is not None:
        _prepare(options.out, job, options.force)
    result = _run(job, options, say)
    rows = _effects(result)
    if options.out is not None:
        from simulation.cohort.lock import Lock
        from simulation.cohort.store import on_disk

        with on_disk(options.out), Lock(options.out / MICE, say):
            _write(result, rows, job, options.out)
    return _report(result, rows, options)


def _prepare(out: Path, job: Job, force: bool) -> None:
    """Make the folder, and write what an interrupted run goes on from."""
    from simulation.cohort.store import clear, on_disk, refuse_other

    make_folder(out)
    if force:
        clear(out / MICE)
    refuse_other(out / MICE, job.identity)
    with on_disk(out):
        if force:
            (out / "manifest.json").unlink(missing_ok=True)
        _write_resolved(job, out)


def _speaker(options: Options) -> Any:
    def say(line: str) -> None:
        if not options.quiet and not options.json:
            print(line, flush=True)

    return say


def make_folder(out: Path) -> None:
    """Make the folder of --out, or say at once that it cannot be written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        probe = out / ".probe"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise GutexoError(f"--out {out} cannot be written: {error.strerror}") from None


@dataclass(frozen=True)
class Finished:
    """A run that is finished: a line about it, and how many of its mice failed."""

    line: str
    failed: int


def _already_there(out: Path, job: Job) -> Finished | None:
    """A finished run in the folder; an error where it is another one."""
    from simulation.cohort.records import Manifest
    from simulation.stored import DamagedFile, read_record

    try:
        manifest = read_record(out / "manifest.json", Manifest, must_be_sealed=False)
    except DamagedFile as error:
        raise DamagedFile(
            f"{error}; without that file the same command goes on from the mice that are kept, or "
            "use another --out"
        ) from None
    if manifest is None:
        return None
    found, failed = manifest.identity, len(manifest.failures)
    wanted = job.identity
    different = [key for key in {**wanted, **found} if found.get(key) != wanted.get(key)]
    if different:
        raise GutexoError(
            f"{out} holds another run ({', '.join(different)} differ); "
            "use another --out, or --force to overwrite"
        )
    files = sorted(p.name for p in out.iterdir() if not p.name.startswith("."))
    line = f"{out} already holds this run: {', '.join(files)}. Nothing to do (--force runs anew)."
    if failed:
        line += (
            f"\n{failed} of its mice failed: gutexo list {out} says why, --retry-failed tries them "
            "again."
        )
    return Finished(line, failed)


def _tell_plan(job: Job, options: Options) -> int:
    from simulation.cli.cost import cost, megabytes, minutes

    asks = cost(job.plan, job.replicates, job.asked.seed)
    content = {
        "study": job.plan.name,
        "arms": [arm.name for arm in job.plan.arms],
        "mice": asks.mice,
        "lives to raise": len(asks.lives),
        "mouse days": round(asks.days),
        "minutes": round(minutes(asks, job.asked.jobs, _speaker(options)), 1),
        "MB on disk": megabytes(job.plan, job.replicates),
        "seed": job.asked.seed,
        "jobs": job.asked.jobs,
    }
    if job.draws:
        content["draws"] = len(job.draws)
    if options.json:
        print(json.dumps(content, indent=2))
    else:
        for key, value in content.items():
            shown = ", ".join(value) if isinstance(value, list) else value
            print(f"{key:15s} {shown}")
    return 0


@contextmanager
def progress_bar(options: Options) -> Iterator[Any]:
    """A progress callback: a bar with the time left on a terminal, silence in a pipe."""
    if options.quiet or options.json or not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Left

    from simulation.cohort.progress import TITLES

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Left())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        tasks: dict[str, Any] = {}

        def update(phase: str, done: int, total: int) -> None:
            if phase == "failed":
                progress.update(tasks["arms"], description=f"{TITLES['arms']}, {done} failed")
                return
            if phase not in tasks:
                tasks[phase] = progress.add_task(TITLES.get(phase, phase), total=total)
            progress.update(tasks[phase], completed=done, total=total)

        yield update


def _run(job: Job, options: Options, say: Any) -> Result:
    from simulation.cohort.compare import run_study
    from simulation.cohort.crews import BrokenWorkers

    keep = options.out / MICE if options.out is not None else None
    try:
        with (
            workers_of(options, job.asked.jobs, say) as workers,
            progress_bar(options) as progress,
        ):
            return run_study(
                job.plan,
                replicates=job.replicates,
                seed=job.asked.seed,
                workers=workers,
                progress=progress,
                say=say,
                keep=keep,
                retry_failed=options.retry_failed,
                draws=job.draws,
            )
    except KeyboardInterrupt:
        kept = "" if keep is None else told_kept(keep)
        print(f"gutexo: interrupted{kept}; the same command goes on", file=sys.stderr)
        raise SystemExit(130) from None
    except BrokenWorkers as error:
        line = str(error).replace("\n", " ")
        if keep is not None:
            line += f": gutexo study --out {options.out} --resume"
        print(f"gutexo: {line}", file=sys.stderr)
        raise SystemExit(1) from None


def _effects(result: Result) -> list[Any]:
    from simulation.analysis.effects import effects

    pairs = [tuple(pair) for pair in json.loads(result.data.attrs["comparisons"])]
    return list(effects(result.data, pairs)) if pairs else []


def _write_resolved(job: Job, out: Path) -> None:
    """A configuration that runs the same again, or goes on with it."""
    from simulation.analysis.posterior import write_draws
    from simulation.analysis.tables import write_atomically
    from simulation.cohort.provenance import resolved_toml

    if job.draws:
        write_draws(job.draws, out / DRAWS, force=True)
    posterior = DRAWS if job.draws else None
    resolved = resolved_toml(job.plan, job.replicates, job.asked.seed, posterior)
    write_atomically(out / RESOLVED, resolved.encode(), force=True)


def _write(result: Result, rows: list[Any], job: Job, out: Path) -> None:
    from simulation.analysis.tables import write_atomically, write_effects, write_trajectories
    from simulation.figures import draw
    from simulation.figures.style import save
    from simulation.stored import sealed

    # No manifest yet: what lies here is of a run that was not finished, or is to be replaced.
    (out / "manifest.json").unlink(missing_ok=True)
    result.save(out / "dataset.zarr", force=True)
    write_trajectories(result.data, out / "trajectories.csv", force=True)
    write_effects(rows, out / "effects.csv", force=True)
    for name in job.plan.figures:
        shown: Any = result.data
        if name == "dose_and_duration":
            from simulation.analysis.box import signs

            shown = signs(result.data)
        elif name == "effect_forest":
            shown = rows
        elif name == "sweep":
            from simulation.analysis.sweeps import points, write_points

            shown = points(rows, result.data)
            write_points(shown, out / "sweep.csv", force=True)
        save(draw(name)(shown), out / name, force=True)
    manifest = {"identity": job.identity, **result.provenance}
    manifest["failures"] = result.failures
    text = json.dumps(sealed(manifest), indent=2)
    write_atomically(out / "manifest.json", text.encode(), force=True)


def _report(result: Result, rows: list[Any], options: Options) -> int:
    from simulation.analysis.effects import TOLD
    from simulation.analysis.facts import facts
    from simulation.cohort.failures import told

    pairs = list(dict.fromkeys((row.arm, row.comparator) for row in rows))
    main = [row for row in rows if row.readout in TOLD]
    main.sort(key=lambda row: pairs.index((row.arm, row.comparator)))
    scored = facts(result.data) if rows else []
    scored = [fact for fact in scored if fact.verdict != "unscored"] or scored
    if options.json:
        content = {
            "effects": [asdict(row) for row in rows],
            "facts": [asdict(fact) for fact in scored],
            "failures": result.failures,
            "out": str(options.out) if options.out else None,
        }
        print(json.dumps(content, indent=2))
    elif not options.quiet:
        _print_report(result, main, scored, options)
    for failure in result.failures[:MOST_TOLD]:
        print(f"gutexo: {told(failure)}", file=sys.stderr)
    if len(result.failures) > MOST_TOLD:
        where = f"gutexo list {options.out}" if options.out else "--out DIR keeps them"
        more = len(result.failures) - MOST_TOLD
        print(f"gutexo: and {more} more mice failed ({where})", file=sys.stderr)
    if result.failures:
        return 1
    missed = any(fact.verdict == "fail" for fact in scored)
    return 3 if missed else 0


def _print_report(result: Result, told: list[Any], scored: list[Any], options: Options) -> None:
    from rich.console import Console
    from rich.table import Table

    from simulation.cohort.provenance import told_assumptions

    console = Console()
    comparison = None
    table = None
    for row in told:
        pair = f"{row.arm} / {row.comparator}"
        if pair != comparison:
            if table is not None:
                console.print(table)
            comparison = pair
            table = Table(title=f"{pair}, day {row.day:g}", title_justify="left")
            for name in ("readout", "unit", "arm", "comparator", "ratio", "95 % interval"):
                table.add_column(name, justify="left" if name in ("readout", "unit") else "right")
        assert table is not None
        table.add_row(
            row.readout,
            row.unit,
            f"{row.mean_arm:.3g}",
            f"{row.mean_comparator:.3g}",
            f"{row.ratio:.2f}",
            f"{row.ratio_low:.2f} to {row.ratio_high:.2f}",
        )
    if table is not None:
        console.print(table)
    if scored:
        print("The four reported signs (the model was built to be able to show them):")
        for fact in scored:
            print(f"  {fact}")
    space = result.data["activation over mean field"].mean().item()
    print(f"What space adds: macrophages are driven x {space:.2f} of what equal segments would be.")
    facts_of_run = result.provenance
    listed = options.out / "manifest.json" if options.out else "gutexo parameters"
    print(told_assumptions(facts_of_run, f"{listed}"))
    for note in facts_of_run["notes"]:
        print(note)
    if options.out:
        print(f"Figures, tables and data: {options.out}")
