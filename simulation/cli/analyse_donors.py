"""How many donors a pool needs: `gutexo analyse donors`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from gutexo.cli.analysis_runner import (
    Analysis,
    AnalysisCost,
    AnalysisPlan,
    AnalysisRun,
    Findings,
    estimate_mice,
    run_analysis,
)
from gutexo.cli.options import Options

if TYPE_CHECKING:
    from gutexo.analysis.donor_variance import EffectVariance

RECIPIENTS = 6
DONORS, QUICK_DONORS = 48, 16
TABLE = "donor_variance.csv"


def run_donors(options: Options) -> int:
    """Split the variance of transferred effects and return the exit code.

    Args:
        options: Options of the command; replicates are recipients.
    """
    from gutexo.analysis.donor_variance import (
        EffectVariance,
        list_crossed_studies,
        measure_donor_variance,
    )

    def plan(run: AnalysisRun) -> AnalysisPlan:
        requested = run.requested
        recipients = requested.replicates or RECIPIENTS
        donors = QUICK_DONORS if requested.quick else DONORS

        def estimate() -> AnalysisCost:
            studies = list_crossed_studies(donors, run.changes)
            return estimate_mice(
                run,
                [
                    (study, donors if study.arms[0].duration == 0 else recipients)
                    for study in studies
                ],
                {"donors of a transfer": donors, "recipients": recipients},
            )

        def compute() -> Findings:
            rows = measure_donor_variance(
                recipients=recipients,
                donors=donors,
                seed=requested.seed,
                workers=requested.jobs,
                changes=run.changes,
                report=run.report,
            )
            return Findings(rows, describe_shares(rows), rows={TABLE: rows})

        return AnalysisPlan(compute, estimate)

    return run_analysis(Analysis("donors", {TABLE: EffectVariance}), options, plan)


def describe_shares(rows: Sequence[EffectVariance]) -> Iterator[str]:
    """Describe what causes the variance of each effect, a line for each size of a pool."""
    from gutexo.analysis.donor_variance import MOST_OF_DONORS
    from gutexo.cohort.provenance import MICE_ONLY_NOTE

    for row in rows:
        total = row.recipient + row.donor + row.rest
        yield (
            f"  {row.transfer}, {row.readout}, {row.donors} donors a pool: log effect"
            f" {row.effect:+.3f}, SD {total**0.5:.3f}; donors cause {row.donor_share:.0%} of the"
            f" variance, recipients {row.recipient / total:.0%}, packets and the rest"
            f" {row.rest / total:.0%} ({row.pools} pools, {row.recipients} recipients)"
        )
    yield f"Wanted: donors cause at most {MOST_OF_DONORS:.0%}. {MICE_ONLY_NOTE}"
