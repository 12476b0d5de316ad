"""Share of the dose grid in which the reported signs hold: `gutexo analyse box`."""

from __future__ import annotations

from gutexo.cli.analyse import prepare_analysis
from gutexo.cli.options import ADOPTED, Options
from gutexo.cli.posterior import read_requested_draws
from gutexo.cli.progress import progress_bar
from gutexo.cli.terminal import show, show_json

DRAWS, QUICK_DRAWS = 60, 4
SECONDS_PER_DRAW = 4.0  # seconds for one draw on one process, as measured


def run_box(options: Options, count: int | None) -> int:
    """Simulate the dose grid for draws of the posterior and return the exit code."""
    from gutexo.analysis.dose_grid import describe_shares
    from gutexo.analysis.dose_grid_draws import (
        DoseGridShare,
        dose_grid_rows,
        simulate_dose_grid,
    )
    from gutexo.analysis.tables import write_table
    from gutexo.cohort.provenance import MICE_ONLY_NOTE
    from gutexo.figures.results import save_figures

    files = ("box.csv", "box.png", "box.svg")
    requested, changes, report = prepare_analysis(options, "box", files)
    most = (QUICK_DRAWS if requested.quick else DRAWS) if count is None else count
    draws = read_requested_draws(options, requested, most, ADOPTED) or [{}]
    chosen = [{**changes, **draw} for draw in draws]
    minutes = len(chosen) * SECONDS_PER_DRAW / 60.0 / requested.jobs
    report(
        f"{len(chosen)} draws over the dose grid with the mean-field model: some"
        f" {minutes:.1f} minutes"
    )
    with progress_bar(options) as progress:
        holds = simulate_dose_grid(
            chosen, seed=requested.seed, workers=requested.jobs, progress=progress
        )
    rows = dose_grid_rows(holds)
    if options.out is not None:
        write_table(DoseGridShare, rows, options.out / files[0], force=True)
        save_figures({"box": holds}, options.out)
    if options.json:
        show_json(rows)
    elif not options.quiet:
        for line in describe_shares(holds):
            show(f"  {line}")
        show("No share is required: dose, route and schedule of the study are not known.")
        show(MICE_ONLY_NOTE)
    return 0
