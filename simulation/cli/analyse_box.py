"""Share of the dose grid in which the reported signs hold: `gutexo analyse box`."""

from __future__ import annotations

from gutexo.cli.analysis_runner import (
    Analysis,
    AnalysisCost,
    AnalysisPlan,
    AnalysisRun,
    Findings,
    run_analysis,
)
from gutexo.cli.options import ADOPTED, Options
from gutexo.cli.posterior import read_requested_draws
from gutexo.cli.progress import progress_bar

DRAWS, QUICK_DRAWS = 60, 4
SETS_FILE = "evaluated_sets.csv"
SECONDS_PER_DRAW = 4.0  # seconds for one draw on one process, as measured


def run_box(options: Options, count: int | None) -> int:
    """Simulate the dose grid for draws of the posterior and return the exit code.

    Args:
        options: Options of the command.
        count: Largest number of draws; the default number if None.
    """
    from gutexo.analysis.dose_grid import describe_shares
    from gutexo.analysis.dose_grid_draws import (
        DoseGridShare,
        dose_grid_rows,
        simulate_dose_grid,
    )
    from gutexo.cohort.provenance import MICE_ONLY_NOTE

    def plan(run: AnalysisRun) -> AnalysisPlan:
        requested = run.requested
        most = (QUICK_DRAWS if requested.quick else DRAWS) if count is None else count
        draws = read_requested_draws(run.options, requested, most, ADOPTED) or [{}]

        def estimate() -> AnalysisCost:
            minutes = len(draws) * SECONDS_PER_DRAW / 60.0 / requested.jobs
            facts = {
                "parameter draws": len(draws),
                "minutes": round(minutes, 1),
                "seed": requested.seed,
                "jobs": requested.jobs,
            }
            line = f"{len(draws)} draws over the dose grid with the mean-field model: some"
            return AnalysisCost(facts, f"{line} {minutes:.1f} minutes")

        def compute() -> Findings:
            out = run.options.out
            with progress_bar(run.options) as progress:
                holds = simulate_dose_grid(
                    draws, seed=requested.seed, changes=run.changes, workers=requested.jobs,
                    path=None if out is None else out / SETS_FILE, progress=progress,
                )  # fmt: skip
            rows = dose_grid_rows(holds)
            lines = [
                *(f"  {line}" for line in describe_shares(holds)),
                "No share is required: dose, route and schedule of the study are not known.",
                MICE_ONLY_NOTE,
            ]
            return Findings(rows, lines, {"box.csv": rows}, {"box": holds})

        return AnalysisPlan(compute, estimate)

    return run_analysis(Analysis("box", {"box.csv": DoseGridShare}, ("box",)), options, plan)
