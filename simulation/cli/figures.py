"""Draw the figures of the documentation: `gutexo run figures`."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gutexo.cli.kept_figures import KEPT, draw_kept, outdated, there
from gutexo.cli.options import Options, Request
from gutexo.cli.terminal import show, show_json
from gutexo.errors import GutexoError

if TYPE_CHECKING:
    from gutexo.cohort.result import Result
    from gutexo.protocol.study import Study

OF_STUDY = ("overview", "inflammation", "insulin_resistance", "barrier", "effect_forest")
OF_MOUSE, OF_TALK, OF_DOSES = "barrier_snapshots", "signal_flow", "dose_response"
ANIMATION = "mouse.gif"
TREATED, CONTROL = "young + old exosomes", "young + vehicle"
SHOWN_BY = ("FITC-dextran", "HOMA-IR")
DOSE_MICE, SHOWN_EXOSOMES = 6, 500
ELSEWHERE = {
    "dose_and_duration": 'gutexo run "dose and duration" --out DIR',
    "performance": "python tests/benchmarks/run.py --figure FILE",
}
"""Figures that take tens of minutes, or whose data are not here, and what makes them."""


def run_figures(options: Options) -> int:
    """Draw all figures of the documentation that take minutes; returns the exit code."""
    from gutexo.cli.analyse import prepared

    refuse(options, "figures")
    kept = there()
    files = files_drawn()
    asked, changes, say = prepared(asks_only(options), "figures", files)
    left = elsewhere()
    transfer, doses = _plans(asked, changes)
    if options.dry_run:
        return _tell(options, asked, (transfer, doses), list(files), left, say)
    if options.out is None:
        raise GutexoError("figures are files: name a folder with --out")
    out = options.out
    for name in kept:
        draw_kept(name, out)
    say(f"drawn from kept tables: {', '.join(kept) or 'none'}")
    old = outdated(kept)
    if old:
        say(f"WARNING: not of the parameters that are the defaults now: {', '.join(old)}")
    study = _run(transfer, asked, options, say)
    _of_study(study, out)
    say(f"drawn from the study: {', '.join(OF_STUDY)}")
    _of_mouse(transfer, study, asked, out)
    say(f"drawn from one mouse: {OF_MOUSE}, {OF_TALK}, {ANIMATION}")
    found = _run(doses, asked, options, say)
    _save(OF_DOSES, found.data, out, note="Small mice (--quick).")
    if options.json:
        show_json({"out": str(out), "files": sorted(files), "elsewhere": left})
    else:
        say(f"drawn from small mice: {OF_DOSES}")
        say(f"{len(files)} files in {out}. Others take longer, or need data that are not here:")
        for name, command in left.items():
            say(f"  {name}: {command}")
    return 1 if study.failures or found.failures else 0


def files_drawn() -> tuple[str, ...]:
    """Files of all figures that are drawn here."""
    drawn = [*OF_STUDY, OF_MOUSE, OF_TALK, OF_DOSES, *there()]
    return (ANIMATION, *(f"{name}.{end}" for name in drawn for end in ("png", "svg")))


def elsewhere() -> dict[str, str]:
    """Figures that are not drawn here, and the command that makes each."""
    here = there()
    return ELSEWHERE | {name: kept.made_by for name, kept in KEPT.items() if name not in here}


def refuse(options: Options, name: str) -> None:
    """Refuse options that mean nothing to a command that runs fixed studies.

    Raises:
        GutexoError: One was given.
    """
    given = {
        "--resume": options.resume,
        "--retry-failed": options.retry_failed,
        "--posterior": options.posterior is not None,
        "--dask": options.dask is not None,
        "--study": options.of is not None,
        "--decimal-comma": options.decimal_comma,
    }
    for option, value in given.items():
        if value:
            raise GutexoError(f"{option} has no meaning with `run {name}`")


def asks_only(options: Options) -> Options:
    """Options of a dry run, which makes no folder."""
    return replace(options, out=None) if options.dry_run else options


def _plans(asked: Request, changes: dict[str, Any]) -> tuple[Study, Study]:
    """The study, and doses on small mice: default ones would take an hour."""
    from gutexo.protocol.studies import QUICK, study

    small = {**QUICK, **changes}
    return study("exosome transfer").change(changes), study("dose response").change(small)


def _mice(plan: Study, asked: Request) -> int:
    if asked.replicates is not None:
        return asked.replicates
    return DOSE_MICE if plan.name == "dose response" else plan.replicates


def _tell(
    options: Options,
    asked: Request,
    plans: tuple[Study, ...],
    files: list[str],
    left: dict[str, str],
    say: Callable[[str], None],
) -> int:
    from gutexo.cli.cost import cost, minutes

    content: dict[str, Any] = {"files": sorted(files)}
    total = 0.0
    for plan in plans:
        asks = cost(plan, _mice(plan, asked), asked.seed, asked.jobs)
        needs = minutes(asks, asked.jobs, say)
        content[f"{plan.name}, mice"] = asks.mice
        content[f"{plan.name}, minutes"] = round(needs, 1)
        total += needs
    content["minutes in all, at most"] = round(total + 1.0, 1)
    content["seed"], content["jobs"] = asked.seed, asked.jobs
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


def _run(plan: Study, asked: Request, options: Options, say: Callable[[str], None]) -> Result:
    from gutexo.cli.progress import progress_bar
    from gutexo.cohort.compare import run_study

    with progress_bar(options) as progress:
        return run_study(
            plan, replicates=_mice(plan, asked), seed=asked.seed, workers=asked.jobs,
            progress=progress, say=say,
        )  # fmt: skip


def _save(name: str, shown: Any, out: Path, file: str = "", **more: Any) -> None:
    from gutexo.figures import draw
    from gutexo.figures.style import save

    save(draw(name)(shown, **more), out / (file or name), force=True)


def _of_study(result: Result, out: Path) -> None:
    from gutexo.analysis.effects import effects

    for name in OF_STUDY[:-1]:
        _save(name, result.data, out)
    pairs = json.loads(result.data.attrs["comparisons"])
    _save(OF_STUDY[-1], effects(result.data, pairs), out)


def nearest_to_mean(result: Result) -> int:
    """The mouse whose effects on leak and HOMA-IR lie nearest to the means over mice.

    A rule, so that nobody picks the mouse that looks best.

    Args:
        result: Of the exosome transfer.

    Returns:
        Its replicate.

    Raises:
        GutexoError: No mouse lived in both arms.
    """
    import numpy as np

    from gutexo.analysis.effects import trajectories_of

    logs = np.array(
        [
            np.log(trajectories_of(result.data, name, TREATED)[:, -1])
            - np.log(trajectories_of(result.data, name, CONTROL)[:, -1])
            for name in SHOWN_BY
        ]
    )
    spread = np.nanstd(logs, axis=1, keepdims=True)
    away = np.abs(logs - np.nanmean(logs, axis=1, keepdims=True)) / np.where(spread > 0, spread, 1)
    if np.isnan(away).all(axis=1).any():
        raise GutexoError(f"no mouse lived through '{TREATED}' and '{CONTROL}'")
    return int(np.nanargmin(np.where(np.isnan(away).any(axis=0), np.inf, away.sum(axis=0))))


def _of_mouse(plan: Study, result: Result, asked: Request, out: Path) -> None:
    """Snapshots, the animation, and who speaks to whom."""
    from gutexo.figures import draw
    from gutexo.figures.animation import animate
    from gutexo.figures.style import save
    from gutexo.scene.film import film, hours_of_course, mouse_of
    from gutexo.scene.signals import conversation

    which = nearest_to_mean(result)
    mice = int(result.data.sizes["replicate"])
    hours = hours_of_course(plan.arm(TREATED).duration)
    treated, control = (
        film(plan.arm(arm), hours, seed=asked.seed, replicate=which, most=SHOWN_EXOSOMES)
        for arm in (TREATED, CONTROL)
    )
    title = "A young mouse given old exosomes once a day"
    chosen = f"Of {mice} mice the one whose effects are nearest to their mean." if mice > 1 else ""
    frames = min(len(treated.pictures), len(control.pictures))
    cut = [{k: v[:frames] for k, v in one.readings.items()} for one in (treated, control)]
    animate(
        treated.pictures[:frames], cut[0], out / ANIMATION, beside=cut[1], title=title,
        caption=chosen, force=True,
    )  # fmt: skip
    steps = [0, *(min(1 + 2 * day, frames - 1) for day in (7, 14, 27))]
    shown = sorted(set(steps))
    figure = draw(OF_MOUSE)(
        [treated.pictures[n] for n in shown], [control.pictures[n] for n in shown],
        title=title, note=chosen,
    )  # fmt: skip
    save(figure, out / OF_MOUSE, force=True)
    talks = [
        conversation(mouse_of(plan.arm(arm), asked.seed, which))
        for arm in (CONTROL, "old + vehicle")
    ]
    save(draw(OF_TALK)(*talks), out / OF_TALK, force=True)
