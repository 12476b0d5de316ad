"""Benchmark: how fast the exosome stage and a whole tick are, and against what.

Usage: python tests/benchmarks/run.py [--json FILE] [--figure FILE] [--quick] [--study]
       python tests/benchmarks/run.py --against REV [--json FILE] [--study]

Ratios are the result; times are those of the machine it ran on. Nothing here is asserted.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import statistics
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from rich.console import Console
from rich.table import Table

from gutexo.body.columns import bytes_per_packet
from gutexo.body.mouse import Mouse
from gutexo.body.tick import STAGES
from tests.benchmarks import yardstick
from tests.benchmarks.against import compare_with
from tests.benchmarks.commands import crew_times, process_times, study_times
from tests.benchmarks.mesa_way import Gut
from tests.benchmarks.rounds import Contestant, race, ratio
from tests.benchmarks.worlds import TICKS_A_CALL, World

SIZES = (1e3, 1e4, 1e5, 1e6)
AGENTS_UP_TO = 1e4
REPEATS = {1e3: 60, 1e4: 30, 1e5: 8, 1e6: 3}
STAGE, CPP, TICK, DAY, DAY_BY_TICK, AGENTS, MESA = (
    "compiled stage",
    "C++ yardstick",
    "compiled tick under Mesa",
    "compiled day in one call",
    "compiled day, tick by tick",
    "agents tick",
    "idiomatic Mesa stage",
)


COMPARED = ((STAGE, CPP), (STAGE, MESA), (DAY, DAY_BY_TICK), (TICK, MESA), (TICK, AGENTS))


def contestants(world: World, packets: float) -> list[Contestant]:
    """Who can run at this size."""
    repeats = REPEATS[packets]
    moved = TICKS_A_CALL * world.count
    living = Mouse(world.mouse.parameters, seed=1)
    living.run_for("1 d")
    found = [
        Contestant(STAGE, world.run, moved, world.rewind, max(3, repeats // 4)),
        Contestant(TICK, lambda: living.run_for(1), living.state.count, repeats=repeats),
    ]
    for name, driver in ((DAY, "compiled"), (DAY_BY_TICK, "compiled by tick")):
        mouse = Mouse(world.mouse.parameters, seed=1, driver=driver)
        mouse.run_for("1 d")
        run = partial(mouse.run_for, 24.0)
        found.append(Contestant(name, run, 24 * mouse.state.count, repeats=max(1, repeats // 8)))
    if yardstick.compiler():
        stick = yardstick.Yardstick(world)
        found.append(Contestant(CPP, stick.run, moved, world.rewind, max(3, repeats // 4)))
        if outcome(world, world.run) != outcome(world, stick.run):
            raise SystemExit("the yardstick and the compiled driver do not give the same packets")
    if packets <= AGENTS_UP_TO:
        slow = Mouse(world.mouse.parameters, seed=1, driver="agents")
        slow.run_for(2)
        found.append(Contestant(AGENTS, lambda: slow.run_for(1), slow.state.count))
        models: list[Gut] = []

        def build(turn: int) -> None:
            world.rewind(turn)
            models[:] = [Gut(world)]

        found.append(Contestant(MESA, lambda: models[0].step(), world.count, build))
    return found


def outcome(world: World, run: Any) -> tuple[bytes, ...]:
    """Where a run leaves the packets."""
    world.rewind()
    run()
    found = world.outcome()
    world.rewind()
    return found


def stage_times(packets: float, ticks: int) -> dict[str, float]:
    """Median time of each stage of a living mouse (s)."""
    from gutexo.body.clock import make_clock

    mouse = World(packets).mouse
    s = mouse.state
    mouse.state.tick += 1
    times: dict[str, list[float]] = {stage.name: [] for stage in STAGES}
    for _ in range(ticks):
        now = mouse.now = make_clock(s.run_key, s.tick, s.hours, s.parameters.resolution.thinning)
        for stage in STAGES:
            start = time.perf_counter()
            stage.run(mouse, now)
            times[stage.name].append(time.perf_counter() - start)
        s.tick += 1
    return {name: statistics.median(values) for name, values in times.items()}


def construction() -> float:
    """Time to build a mouse at weaning (s)."""
    from gutexo.catalogue import Parameters

    parameters = Parameters()
    times = []
    for seed in range(5):
        start = time.perf_counter()
        Mouse(parameters, seed=seed, age=21)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def measure(rounds: int, sizes: tuple[float, ...], study: bool, report: Any) -> dict[str, Any]:
    """Everything, as plain data."""
    found: dict[str, Any] = {
        "machine": f"{platform.machine()}, {platform.python_implementation()} "
        f"{platform.python_version()}",
        "rounds": rounds,
        "sizes": {},
    }
    for packets in sizes:
        report(f"{packets:.0e} packets")
        world = World(packets)
        runners = contestants(world, packets)
        race(runners, rounds)
        by_name = {one.name: one for one in runners}
        row: dict[str, Any] = {
            "packets alive": world.count,
            "updates per second": {n: one.rate for n, one in by_name.items()},
            "spread": {n: one.spread for n, one in by_name.items()},
            "tick (s)": by_name[TICK].median,
            "stages (s)": stage_times(packets, max(9, REPEATS[packets])),
            "ratios": {},
        }
        for top, bottom in COMPARED:
            if top in by_name and bottom in by_name:
                row["ratios"][f"{top} / {bottom}"] = ratio(by_name[top], by_name[bottom])
        found["sizes"][f"{packets:.0f}"] = row
    if "10000" in found["sizes"] and "1000000" in found["sizes"]:
        small, large = found["sizes"]["10000"], found["sizes"]["1000000"]
        growth = math.log(large["tick (s)"] / small["tick (s)"])
        found["growth exponent 1e4 to 1e6"] = growth / math.log(
            large["packets alive"] / small["packets alive"]
        )
    found["bytes per packet"] = bytes_per_packet()
    found["construction (s)"] = construction()
    report("processes")
    found["processes (s)"] = process_times(rounds)
    if study:
        report("the default study with one worker and with two (minutes)")
        found["study (s)"] = study_times()
        report("many small mice in one process and on two workers (minutes)")
        found["workers"] = crew_times(300, 3)
    return found


def tables(found: dict[str, Any]) -> list[Table]:
    """The result for people."""
    speed = Table(title="Packets updated a second, in millions (spread), and ratios")
    speed.add_column("")
    for size in found["sizes"]:
        speed.add_column(f"{float(size):.0e}", justify="right")
    rows = list(found["sizes"].values())
    for name in (STAGE, CPP, TICK, DAY, DAY_BY_TICK, AGENTS, MESA):
        cells = []
        for row in rows:
            rate = row["updates per second"].get(name)
            cells.append(f"{rate / 1e6:.3g} ({row['spread'][name]:.0%})" if rate else "")
        speed.add_row(name, *cells)
    for name in dict.fromkeys(key for row in rows for key in row["ratios"]):
        ratios_of_rows = [row["ratios"].get(name) for row in rows]
        speed.add_row(name, *[f"{value:.3g}" if value else "" for value in ratios_of_rows])
    stages = Table(title="Time of a tick (ms)")
    stages.add_column("")
    for size in found["sizes"]:
        stages.add_column(f"{float(size):.0e}", justify="right")
    for stage in STAGES:
        cells = [f"{row['stages (s)'][stage.name] * 1e3:.3f}" for row in rows]
        stages.add_row(stage.name, *cells)
    stages.add_row("whole, under Mesa", *[f"{row['tick (s)'] * 1e3:.3f}" for row in rows])
    rest = Table(title="The rest")
    rest.add_column("")
    rest.add_column("", justify="right")
    for name in ("growth exponent 1e4 to 1e6", "bytes per packet", "construction (s)"):
        if name in found:
            rest.add_row(name, f"{found[name]:.3g}")
    for name, value in {**found["processes (s)"], **found.get("study (s)", {})}.items():
        rest.add_row(f"{name} (s)", f"{value:.3g}")
    for name, value in found.get("workers", {}).items():
        rest.add_row(name, f"{value:.3g}")
    return [speed, stages, rest]


def against_table(revision: str, rows: dict[str, dict[str, Any]]) -> Table:
    """This tree and another revision for people."""
    table = Table(title=f"This tree against {revision}, turn about")
    for column in ("", "this (s)", "other (s)", "this / other"):
        table.add_column(column, justify="right" if column else "left")
    for name, row in rows.items():
        cells = (f"{row[key]:.3g}" for key in ("this (s)", "other (s)", "ratio"))
        table.add_row(name, *cells)
    return table


def main() -> None:
    """Measure, report, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", type=Path, help="write everything measured here")
    parser.add_argument("--figure", type=Path, help="write the log-log figure here (.png)")
    parser.add_argument("--quick", action="store_true", help="up to 1e5 packets")
    parser.add_argument("--study", action="store_true", help="one worker against two (minutes)")
    parser.add_argument("--against", metavar="REV", help="this tree and another revision only")
    arguments = parser.parse_args()
    console = Console()
    if arguments.against:
        rows = compare_with(
            arguments.against,
            7,
            3,
            arguments.study,
            lambda line: console.print(f"[dim]{line}[/dim]"),
        )
        console.print(against_table(arguments.against, rows))
        if arguments.json:
            arguments.json.write_text(json.dumps(rows, indent=1) + "\n")
        return
    if not yardstick.compiler():
        console.print("no C++ compiler is found: the yardstick is left out")
    sizes = SIZES[:3] if arguments.quick else SIZES
    found = measure(7, sizes, arguments.study, lambda line: console.print(f"[dim]{line}[/dim]"))
    for table in tables(found):
        console.print(table)
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=1) + "\n")
    if arguments.figure:
        from tests.benchmarks.figure import draw

        console.print(str(draw(found, arguments.figure)))


if __name__ == "__main__":
    main()
