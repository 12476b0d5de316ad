"""Draw the figures of the documentation: `gutexo run figures`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gutexo.cli.options import Options, Request
from gutexo.cli.table_figures import (
    TABLE_FIGURES,
    available_figures,
    draw_all_from_tables,
)
from gutexo.cli.terminal import show, show_json
from gutexo.errors import GutexoError

if TYPE_CHECKING:
    from gutexo.analysis.effects import Effect
    from gutexo.cohort.result import CohortResult
    from gutexo.protocol.study import Study

STUDY_FIGURES = ("overview", "inflammation", "insulin_resistance", "barrier", "effect_forest")
SNAPSHOT_FIGURE, SIGNAL_FIGURE, DOSE_FIGURE = "barrier_snapshots", "signal_flow", "dose_response"
ANIMATION = "mouse.gif"
TREATED, CONTROL = "young + old exosomes", "young + vehicle"
CHOICE_READOUTS = ("FITC-dextran", "HOMA-IR")
DOSE_MICE, SHOWN_EXOSOMES = 6, 500
OTHER_COMMANDS = {
    "dose_and_duration": 'gutexo run "dose and duration" --out DIR',
    "performance": "python tests/benchmarks/run.py --figure FILE",
}
"""Command by figure, for figures that take tens of minutes or whose data are not here."""


def run_figures(options: Options) -> int:
    """Draw all figures of the documentation that take minutes, and return the exit code."""
    from gutexo.cli.analysis_runner import prepare_analysis, without_folder
    from gutexo.figures.results import save_figures

    refuse_options(options, "figures")
    from_tables = available_figures()
    files = list_files()
    requested, changes, report = prepare_analysis(without_folder(options), "figures", files)
    left = list_undrawn()
    transfer, doses = _build_studies(requested, changes)
    if options.dry_run:
        return _print_plan(options, requested, (transfer, doses), list(files), left, report)
    if options.out is None:
        raise GutexoError("figures are files: name a folder with --out")
    out = options.out
    draw_all_from_tables(from_tables, out, report)
    report(f"drawn from saved tables: {', '.join(from_tables) or 'none'}")
    study = _run_plan(transfer, requested, options, report)
    _draw_study_figures(study, out)
    report(f"drawn from the study: {', '.join(STUDY_FIGURES)}")
    _draw_mouse_figures(transfer, study, requested, out)
    report(f"drawn from one mouse: {SNAPSHOT_FIGURE}, {SIGNAL_FIGURE}, {ANIMATION}")
    found = _run_plan(doses, requested, options, report)
    save_figures({DOSE_FIGURE: found.data}, out, note="Small mice (--quick).")
    if options.json:
        show_json({"out": str(out), "files": sorted(files), "elsewhere": left})
    else:
        report(f"drawn from small mice: {DOSE_FIGURE}")
        report(f"{len(files)} files in {out}. Others take longer, or need data that are not here:")
        for name, command in left.items():
            report(f"  {name}: {command}")
    return 1 if study.failures or found.failures else 0


def list_files() -> tuple[str, ...]:
    """List the files of all figures that this command draws."""
    names = [*STUDY_FIGURES, SNAPSHOT_FIGURE, SIGNAL_FIGURE, DOSE_FIGURE, *available_figures()]
    return (ANIMATION, *(f"{name}.{end}" for name in names for end in ("png", "svg")))


def list_undrawn() -> dict[str, str]:
    """List the figures that this command does not draw, with the command that draws each."""
    here = available_figures()
    return OTHER_COMMANDS | {
        name: figure.made_by for name, figure in TABLE_FIGURES.items() if name not in here
    }


def refuse_options(options: Options, name: str) -> None:
    """Refuse options that have no meaning for a command that runs fixed studies.

    Raises:
        GutexoError: Such an option was given.
    """
    unused = {
        "--resume": options.resume,
        "--retry-failed": options.retry_failed,
        "--posterior": options.posterior is not None,
        "--dask": options.dask is not None,
        "--study": options.of is not None,
        "--decimal-comma": options.decimal_comma,
    }
    for option, value in unused.items():
        if value:
            raise GutexoError(f"{option} has no meaning with `run {name}`")


def _build_studies(requested: Request, changes: dict[str, Any]) -> tuple[Study, Study]:
    """Build the exosome transfer, and the dose response on small mice.

    The dose response on default mice would take an hour.
    """
    from gutexo.protocol.standard_studies import QUICK, study

    small = {**QUICK, **changes}
    return study("exosome transfer").change(changes), study("dose response").change(small)


def _count_mice(plan: Study, requested: Request) -> int:
    if requested.replicates is not None:
        return requested.replicates
    return DOSE_MICE if plan.name == "dose response" else plan.replicates


def _print_plan(
    options: Options,
    requested: Request,
    plans: tuple[Study, ...],
    files: list[str],
    left: dict[str, str],
    report: Callable[[str], None],
) -> int:
    from gutexo.cohort.cost import estimate_cost

    content: dict[str, Any] = {"files": sorted(files)}
    total = 0.0
    for plan in plans:
        run_cost = estimate_cost(plan, _count_mice(plan, requested), requested.seed, requested.jobs)
        minutes = run_cost.estimate_minutes(requested.jobs, report)
        content[f"{plan.name}, mice"] = run_cost.mice
        content[f"{plan.name}, minutes"] = round(minutes, 1)
        total += minutes
    content["minutes in all, at most"] = round(total + 1.0, 1)
    content["seed"], content["jobs"] = requested.seed, requested.jobs
    content["made elsewhere"] = left
    if options.json:
        show_json(content)
        return 0
    for key, value in content.items():
        if isinstance(value, dict):
            show(f"{key}:")
            for name, command in value.items():
                show(f"  {name}: {command}")
        else:
            show(f"{key}: {', '.join(value) if isinstance(value, list) else value}")
    return 0


def _run_plan(
    plan: Study, requested: Request, options: Options, report: Callable[[str], None]
) -> CohortResult:
    from gutexo.cli.progress import progress_bar
    from gutexo.cohort.study_run import run_study

    with progress_bar(options) as progress:
        return run_study(
            plan, replicates=_count_mice(plan, requested), seed=requested.seed,
            workers=requested.jobs,
            progress=progress, report=report,
        )  # fmt: skip


def _draw_study_figures(result: CohortResult, out: Path) -> None:
    from gutexo.analysis.effects import estimate_effects
    from gutexo.figures.results import content_of_study, save_figures

    def effects() -> list[Effect]:
        return estimate_effects(result.data, json.loads(result.data.attrs["comparisons"]))

    save_figures(
        {name: content_of_study(name, result.data, effects) for name in STUDY_FIGURES}, out
    )


def find_typical_mouse(result: CohortResult) -> int:
    """Find the mouse whose effects on leak and HOMA-IR are nearest to the means over mice.

    This is a fixed rule, so that the mouse is not chosen by its looks.

    Args:
        result: Result of the exosome transfer.

    Returns:
        The replicate of the mouse.

    Raises:
        GutexoError: No mouse survived in both arms.
    """
    import numpy as np

    from gutexo.analysis.effects import trajectories_of

    logs = np.array(
        [
            np.log(trajectories_of(result.data, name, TREATED)[:, -1])
            - np.log(trajectories_of(result.data, name, CONTROL)[:, -1])
            for name in CHOICE_READOUTS
        ]
    )
    spread = np.nanstd(logs, axis=1, keepdims=True)
    away = np.abs(logs - np.nanmean(logs, axis=1, keepdims=True)) / np.where(spread > 0, spread, 1)
    if np.isnan(away).all(axis=1).any():
        raise GutexoError(f"no mouse lived through '{TREATED}' and '{CONTROL}'")
    return int(np.nanargmin(np.where(np.isnan(away).any(axis=0), np.inf, away.sum(axis=0))))


def _draw_mouse_figures(plan: Study, result: CohortResult, requested: Request, out: Path) -> None:
    """Draw the figures of one mouse: snapshots, the animation, and the signals between organs."""
    from gutexo.figures.animation import animate
    from gutexo.figures.results import save_figures
    from gutexo.scene.film import list_film_hours, prepare_study_mouse, record_film
    from gutexo.scene.signals import read_organ_signals

    which = find_typical_mouse(result)
    mice = int(result.data.sizes["replicate"])
    hours = list_film_hours(plan.arm(TREATED).duration)
    treated, control = (
        record_film(plan.arm(arm), hours, seed=requested.seed, replicate=which, most=SHOWN_EXOSOMES)
        for arm in (TREATED, CONTROL)
    )
    title = "A young mouse given old exosomes once a day"
    chosen = f"Of {mice} mice the one whose effects are nearest to their mean." if mice > 1 else ""
    frames = min(len(treated.pictures), len(control.pictures))
    readings = [{k: v[:frames] for k, v in one.readings.items()} for one in (treated, control)]
    animate(
        treated.pictures[:frames], readings[0], out / ANIMATION, beside=readings[1], title=title,
        caption=chosen, force=True,
    )  # fmt: skip
    steps = [0, *(min(1 + 2 * day, frames - 1) for day in (7, 14, 27))]
    selected = sorted(set(steps))
    pictures = tuple([one.pictures[n] for n in selected] for one in (treated, control))
    save_figures({SNAPSHOT_FIGURE: pictures}, out, title=title, note=chosen)
    signals = tuple(
        read_organ_signals(prepare_study_mouse(plan.arm(arm), requested.seed, which))
        for arm in (CONTROL, "old + vehicle")
    )
    save_figures({SIGNAL_FIGURE: signals}, out)
