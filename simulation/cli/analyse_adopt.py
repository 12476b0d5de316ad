"""Find the set of a calibration that mice confirm: `gutexo analyse adopt`."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from gutexo.cli.analysis_runner import prepare_analysis
from gutexo.cli.options import Options
from gutexo.cli.terminal import show_json
from gutexo.errors import GutexoError

MICE, SEED, MOST = 64, 101, 3


def run_adopt(options: Options, most: int | None) -> int:
    """Score sets of a finished calibration with mice, from the centre outwards.

    Args:
        options: Options of the command; the folder is that of the calibration.
        most: Largest number of sets to score.

    Returns:
        The exit code: 3 if no set may be adopted.
    """
    from gutexo.analysis.calibration.adoption import (
        AdoptionFolder,
        check_candidates,
        choose_adopted,
    )
    from gutexo.cohort.lock import Lock
    from gutexo.support.arguments import check_whole_number

    requested, _, report = prepare_analysis(replace(options, out=None), "adopt", ())
    if options.out is None:
        raise GutexoError("adopt needs the folder of a calibration: name it with --out")
    count = check_whole_number("the number of sets", MOST if most is None else most, 1)
    mice = MICE if options.replicates is None else options.replicates
    seed = SEED if options.seed is None else options.seed
    found = AdoptionFolder.read(options.out)
    score = partial(found.score, replicates=mice, seed=seed, workers=requested.jobs, report=report)
    report(
        f"{len(found.candidates)} sets may be adopted; {min(count, len(found.candidates))} of them"
        f" are scored with {mice} mice an arm, seed {seed}"
    )
    with Lock(options.out, report):
        checked = check_candidates(found.candidates, found.values, score, most=count, report=report)
        adopted = choose_adopted(checked)
        if adopted is None:
            report("the four signs pass in none of them: none is adopted")
            if options.json:
                show_json({})
            return 3
        found.write_adopted(adopted)
    words = "confirmed" if adopted.confirmed else "NOT confirmed; most rows pass in it"
    report(f"adopted: set {adopted.candidate.rank} from the centre, {words}")
    if options.json:
        show_json(adopted.values)
    return 0
