"""How many mice: `gutexo analyse consistency` and `gutexo analyse design`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from gutexo.cli.analyse import draw_into, prepared
from gutexo.cli.cost import Cost, cost, minutes
from gutexo.cli.options import LANDED, Options, Request, read_config
from gutexo.cli.posterior import drawn
from gutexo.cli.progress import progress_bar
from gutexo.cli.terminal import show, show_facts, show_json
from gutexo.errors import GutexoError

if TYPE_CHECKING:
    from gutexo.analysis.animals import Need
    from gutexo.analysis.consistency import Consistency
    from gutexo.protocol.study import Study

GROUPED = ("FITC-dextran", "TER", "plasma TNF", "HOMA-IR")
GROUPED_MICE, QUICK_GROUPED_MICE = 320, 80
PLANNED_MICE, QUICK_PLANNED_MICE = 24, 8
DRAWN_MICE = 2  # a draw; many draws of few mice tell most
DRAWS, QUICK_DRAWS = 16, 6
MOST_TOLD = 500


@dataclass(frozen=True)
class Experiment:
    """What a laboratory would do, as it was typed."""

    arm: str = "young + old exosomes"
    comparator: str = "young + vehicle"
    equivalents: float = 1.0
    every: float | str = 1.0
    duration: float | str = 28.0
    route: str = "gavage"
    power: float = 0.8
    alpha: float = 0.05
    noise: float = 0.15
    draws: int | None = None


def _mice(options: Options, asked: Request, usual: int, quick: int, least: int) -> int:
    """Mice that were asked for, or as many as such an analysis is worth."""
    given = options.replicates
    if given is None and options.config is not None:
        given = read_config(options.config).get("replicates")
    count = given if given is not None else quick if asked.quick else usual
    if count < least:
        raise GutexoError(f"replicates must be {least} or more here; got {count}")
    return count


def _start(
    options: Options, name: str, files: tuple[str, ...]
) -> tuple[Request, dict[str, Any], Callable[[str], None]]:
    """As every analysis starts; a plan that is only told writes no folder."""
    return prepared(replace(options, out=None) if options.dry_run else options, name, files)


def _tell_cost(
    plan: Study,
    asks: Cost,
    asked: Request,
    options: Options,
    say: Callable[[str], None],
    draws: int = 1,
) -> bool:
    """Say what will be run and how long it takes; returns whether that was all."""
    if options.quiet and not options.dry_run:
        return False
    taken = draws * minutes(asks, asked.jobs, say)
    content = {
        "arms": [arm.name for arm in plan.arms],
        "parameter draws": draws,
        "mice": draws * asks.mice,
        "lives to raise": draws * asks.lives,
        "mouse days": round(draws * asks.days),
        "minutes": round(taken, 1),
        "seed": asked.seed,
        "jobs": asked.jobs,
    }
    if options.dry_run:
        if options.json:
            show_json(content)
        else:
            show_facts(content, 15)
        return True
    say(
        f"{content['mice']} mice in {len(plan.arms)} arm(s), {content['lives to raise']} lives to"
        f" raise: some {taken:.1f} minutes on {asked.jobs} worker(s), less where lives are kept"
    )
    return False


def run_consistency(
    options: Options,
    arms: Sequence[str],
    comparator: str,
    readouts: Sequence[str],
    days: Sequence[float],
) -> int:
    """Groups of mice against each other; returns the exit code."""
    from gutexo.analysis.consistency import COLUMNS, CURVE_COLUMNS, consistency, curve_rows
    from gutexo.analysis.design import known_readouts
    from gutexo.analysis.tables import write_rows
    from gutexo.cohort.compare import run_study

    files = ("consistency.csv", "consistency_mice.csv", "consistency.png", "consistency.svg")
    asked, changes, say = _start(options, "consistency", files)
    mice = _mice(options, asked, GROUPED_MICE, QUICK_GROUPED_MICE, 2)
    wanted = known_readouts(readouts or GROUPED)
    plan, read = _grouped(arms or ("young + vehicle",), comparator, days, changes)
    if _tell_cost(plan, cost(plan, mice, asked.seed, asked.jobs), asked, options, say):
        return 0
    with progress_bar(options) as progress:
        result = run_study(
            plan, replicates=mice, seed=asked.seed, workers=asked.jobs, progress=progress, say=say
        )
    names = [arm.name for arm in plan.arms if arm.name != comparator or len(plan.arms) == 1]
    found: list[Consistency] = []
    for name in names:
        for day in read:
            found += consistency(result.data, wanted, name, comparator, day, seed=asked.seed)
    if options.out is not None:
        write_rows(curve_rows(found), CURVE_COLUMNS, options.out / files[0], force=True)
        write_rows(found, COLUMNS, options.out / files[1], force=True)
        draw_into("consistency", found, options.out)
    if options.json:
        show_json(found)
    elif not options.quiet:
        _tell_groups(found)
    return 1 if result.failures else 0


def _grouped(
    arms: Sequence[str], comparator: str, days: Sequence[float], changes: dict[str, Any]
) -> tuple[Study, list[float]]:
    """The arms to be grouped, no longer than needed, and the days on which they are read."""
    from gutexo.protocol.studies import scenario
    from gutexo.protocol.study import Scenario, Study

    names = list(dict.fromkeys([*arms, *([comparator] if comparator else [])]))
    if names == [comparator]:
        raise GutexoError(f"arm and comparator are the same: '{comparator}'")
    found = [scenario(name).change(changes) for name in names]
    longest = min(arm.duration for arm in found)
    # Before a dose, paired mice are the same mouse: nothing to group on day 0.
    usual = [longest] if comparator else [0.0, longest]
    read = sorted(set(days)) if days else usual
    for day in read:
        if not (day == int(day) and 0 <= day <= longest):
            raise GutexoError(f"day must be a whole number, 0 to {longest:g}; got {day:g}")
    cut = tuple(Scenario(**{**dict(arm), "duration": float(max(read))}) for arm in found)
    return Study(name="consistency", arms=cut), [float(day) for day in read]


def _tell_groups(found: Sequence[Consistency]) -> None:
    from gutexo.analysis.consistency import by_chance
    from gutexo.cohort.provenance import MICE_ONLY

    for row in found:
        most = row.sizes[-1].animals
        pair = f"{row.arm} / {row.comparator}" if row.comparator else row.arm
        number = f"more than {most}" if row.chosen is None else f"{row.chosen}"
        mean = "" if row.precise is None else f"; {row.precise} for a mean within 5 %"
        show(f"  {row.readout:13} {pair}, day {row.day:g}: {number} mice until groups agree{mean}")
    sizes = tuple(size.animals for size in found[0].sizes)
    middle = by_chance(sizes)[1]
    typical = next((n for n, a in zip(sizes, middle, strict=True) if a <= 0.56), None)
    show(
        "Groups agree: no A of 20 groups beyond a small effect (0.56). A knows ranks only: of"
        f" independent mice, whatever the readout, it asks for {typical or 'more than the largest'}"
        " by chance alone. The mean within 5 % (95 % interval) differs by readout."
    )
    shared = next((s.animals for s in found[0].sizes if not s.disjoint), None)
    if shared is not None:
        show(
            f"From groups of {shared} on, mice are drawn with replacement from {found[0].mice}"
            " (--replicates)."
        )
    show(MICE_ONLY)


def run_design(options: Options, wanted: Experiment, readouts: Sequence[str]) -> int:
    """Plan a laboratory's experiment; returns the exit code."""
    from gutexo.analysis.animals import COLUMNS, CURVE_COLUMNS, LaboratoryTest, curve_rows
    from gutexo.analysis.design import READOUTS, design, experiment, known_readouts
    from gutexo.analysis.power import power
    from gutexo.analysis.tables import write_rows

    files = ("design.csv", "design_power.csv", "design.png", "design.svg")
    asked, changes, say = _start(options, "design", files)
    test = LaboratoryTest(wanted.power, wanted.alpha, wanted.noise)
    looked_at = known_readouts(readouts or READOUTS)
    plan = experiment(
        wanted.arm,
        wanted.comparator,
        equivalents=wanted.equivalents,
        every=wanted.every,
        duration=wanted.duration,
        route=wanted.route,
    ).change(changes)
    power(0.0, 1.0, 1.0, 2, wanted.alpha)  # its library, before minutes are spent
    draws = _draws(options, asked, wanted)
    usual = (PLANNED_MICE, QUICK_PLANNED_MICE) if len(draws) == 1 else (DRAWN_MICE, DRAWN_MICE)
    mice = _mice(options, asked, *usual, 2)
    if _tell_cost(plan, cost(plan, mice, asked.seed, asked.jobs), asked, options, say, len(draws)):
        return 0
    with progress_bar(options) as progress:
        needs = design(
            plan,
            looked_at,
            test,
            draws=draws,
            replicates=mice,
            seed=asked.seed,
            workers=asked.jobs,
            progress=progress,
            say=say,
        )
    if options.out is not None:
        write_rows(needs, COLUMNS, options.out / files[0], force=True)
        write_rows(curve_rows(needs), CURVE_COLUMNS, options.out / files[1], force=True)
        draw_into("design", needs, options.out)
    if options.json:
        show_json(needs)
    elif not options.quiet:
        _tell_needs(needs)
    return 0


def _draws(options: Options, asked: Request, wanted: Experiment) -> list[dict[str, float]]:
    """Parameter draws that are run; a single empty one where the parameters are fixed."""
    usual = QUICK_DRAWS if asked.quick else DRAWS
    draws = drawn(options, asked, usual if wanted.draws is None else wanted.draws, LANDED)
    if wanted.draws is not None and not draws:
        raise GutexoError("--draws and --posterior none: there is nothing to take them from")
    return draws or [{}]


def _tell_needs(needs: Sequence[Need]) -> None:
    from gutexo.cohort.provenance import MICE_ONLY

    def number(animals: int | None) -> str:
        return f"more than {MOST_TOLD}" if animals is None else f"{animals}"

    first = needs[0]
    show(
        f"Animals a group for power {first.wanted:g} (two-sided Welch t test on logarithms, alpha"
        f" {first.alpha:g}), {first.arm} / {first.comparator}, day {first.day:g}:"
    )
    for one in needs:
        if one.note:
            show(f"  {one.readout:13} no number: {one.note}")
            continue
        limit = (
            ""
            if one.draws == 1
            else f"; sign expected in {100 * one.assurance_limit:.0f} % of draws"
        )
        show(
            f"  {one.readout:13} {number(one.animals)} ({number(one.animals_low)} to"
            f" {number(one.animals_high)}): x {one.ratio:.2f} ({one.ratio_low:.2f} to"
            f" {one.ratio_high:.2f}), animals differ by {100 * one.variation_arm:.0f} % and"
            f" {100 * one.variation_comparator:.0f} %{limit}"
        )
    if first.draws == 1:
        show(
            "The parameters are fixed, so the uncertainty of the model is not in these numbers"
            " (--posterior landed); brackets: middle 80 % over resampled simulated mice."
        )
    else:
        show(f"Power is the mean over {first.draws} parameter draws; brackets: their middle 80 %.")
    show(
        f"Assumed: an error of the assay of {100 * first.noise:g} % (--noise), and how much"
        " rates differ between animals (animal.variation). Animals that are lost, and donors that"
        " are shared, come on top."
    )
    show(MICE_ONLY)
