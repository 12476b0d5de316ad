"""Stability from the terminal: gain of the loops, rest points, recovery from a high burden."""

from __future__ import annotations

from dataclasses import dataclass

from gutexo.cli.analysis_runner import (
    Analysis,
    AnalysisPlan,
    AnalysisRun,
    Findings,
    run_analysis,
)
from gutexo.cli.options import Options

RECOVERED = 0.35  # total burden that must not be exceeded 300 d after the start
START = "730 d, intrinsic .5, induced .2"


@dataclass(frozen=True)
class GainAtAge:
    """Gains of the barrier's loop at one age.

    Attributes:
        age: young, middle-aged or old.
        burden: Mean total burden of survivors.
        signals: Gain through signals, with all sites as they are.
        induction: Gain with induction of senescence too.
    """

    age: str
    burden: float
    signals: float
    induction: float


def run_stability(options: Options) -> int:
    """Compute gains and rest points on the mean field and return the exit code.

    The code is 3 where a rest point below death is unstable up to 24 months, or where a mouse does
    not recover from a high burden.
    """
    from gutexo.catalogue import Parameters
    from gutexo.mean_field.gain import AGES, THROUGH, loop_gain, typical_burden
    from gutexo.mean_field.stability import RestPoint, check_stability, tabulate_rest_points

    def plan(run: AnalysisRun) -> AnalysisPlan:
        parameters, report = Parameters().change(run.changes), run.report

        def compute() -> Findings:
            report("gain of the loops through LPS, at the mean burden of survivors")
            gains = []
            for age in AGES:
                loops = {through: loop_gain(parameters, age, through) for through in THROUGH}
                row = GainAtAge(age, typical_burden(parameters, age), **loops)
                gains.append(row)
                report(
                    f"  {age}: total burden {row.burden:.3f}, gain {row.signals:.3f}, with"
                    f" induction {row.induction:.3f}"
                )
            report("rest points of the total burden at a fixed age, without noise")
            points = tabulate_rest_points(parameters)
            for point in points:
                kind = "stable" if point.stable else "UNSTABLE: above it the burden runs away"
                report(f"  {point.age:g} d: {point.total:.4g}, {kind}")
            settled = check_stability(parameters)
            report(
                f"after 300 d from {START}: total burden {settled:.3f}, at most {RECOVERED} wanted"
            )
            runaway = any(not one.stable and one.age <= 730.0 for one in points)
            return Findings(
                {"gain": gains, "rest points": [vars(one) for one in points], "after": settled},
                ["Computed on the mean-field model of one mouse; nothing here speaks for people."],
                {"gain.csv": gains, "rest_points.csv": points},
                exit_code=3 if runaway or settled > RECOVERED else 0,
            )

        return AnalysisPlan(compute)

    tables = {"gain.csv": GainAtAge, "rest_points.csv": RestPoint}
    return run_analysis(Analysis("stability", tables), options, plan)
