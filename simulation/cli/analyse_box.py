"""In what share of the box the reported signs hold: `gutexo analyse box`."""

from __future__ import annotations

from gutexo.cli.analyse import prepared
from gutexo.cli.options import LANDED, Options
from gutexo.cli.posterior import drawn
from gutexo.cli.progress import progress_bar
from gutexo.cli.terminal import show, show_json

DRAWS, QUICK_DRAWS = 60, 4
SECONDS = 4.0  # a draw on one process, as measured


def run_box(options: Options, count: int | None) -> int:
    """Put draws of the posterior through the box; returns the exit code."""
    from gutexo.analysis.box import shares
    from gutexo.analysis.box_draws import COLUMNS, box_over_draws, box_rows
    from gutexo.analysis.tables import write_rows
    from gutexo.cohort.provenance import MICE_ONLY
    from gutexo.figures import draw
    from gutexo.figures.style import save

    files = ("box.csv", "box.png", "box.svg")
    asked, changes, say = prepared(options, "box", files)
    wanted = (QUICK_DRAWS if asked.quick else DRAWS) if count is None else count
    draws = drawn(options, asked, wanted, LANDED) or [{}]
    chosen = [{**changes, **draw} for draw in draws]
    minutes = len(chosen) * SECONDS / 60.0 / asked.jobs
    say(f"{len(chosen)} draws through the box, by the mean-field twin: some {minutes:.1f} minutes")
    with progress_bar(options) as progress:
        holds = box_over_draws(chosen, seed=asked.seed, workers=asked.jobs, progress=progress)
    rows = box_rows(holds)
    if options.out is not None:
        write_rows(rows, COLUMNS, options.out / files[0], force=True)
        note = f"Pooled: intervals, routes and {len(chosen)} draws of the posterior, by the twin."
        figure = draw("dose_and_duration")(holds, note=note)
        save(figure, options.out / "box", force=True)
    if options.json:
        show_json(rows)
    elif not options.quiet:
        for line in shares(holds):
            show(f"  {line}")
        show("No share is required: dose, route and schedule of the study are not known.")
        show(MICE_ONLY)
    return 0
