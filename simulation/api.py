"""The functions for scripts and notebooks (simulate, compare, ...) and the result they return."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gutexo.cohort.progress import choose_progress
from gutexo.cohort.result import CohortResult
from gutexo.cohort.study_run import run_scenario, run_study
from gutexo.errors import GutexoError, suggest
from gutexo.protocol.study import Scenario, Study
from gutexo.support.paths import folder_path, local_path

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from gutexo.analysis.effects import Effect
    from gutexo.analysis.facts import Fact


class Result(CohortResult):
    """The readings of the mice of a study, with methods to plot, compare, export and cite them.

    Attributes:
        data: Dataset with dims scenario, replicate, time (days); a variable per readout.
        failures: Mice that could not be run.
    """

    def plot(self, *readouts: str) -> Figure:
        """Plot the trajectories of all arms: mean, and a band over mice.

        Args:
            readouts: Names of readouts; HOMA-IR, plasma TNF and FITC-dextran if none.
        """
        from gutexo.figures import find_figure

        chosen = readouts or ("HOMA-IR", "plasma TNF", "FITC-dextran")
        return find_figure("trajectories")(self.data, list(chosen))

    def figure(self, name: str) -> Figure:
        """Draw a figure by its name: inflammation, insulin_resistance, barrier, overview,
        effect_forest, life, dose_response, dose_and_duration, sweep."""
        from gutexo.figures import find_figure
        from gutexo.figures.results import content_of_study

        return find_figure(name)(content_of_study(name, self.data, self.effects))

    def difference(
        self, readout: str, arm: str, comparator: str, day: float | None = None
    ) -> Effect:
        """Estimate difference and ratio of two arms, paired by mouse, with 95 % intervals.

        Args:
            readout: Name of a readout.
            arm: The treated arm.
            comparator: Arm it is compared with.
            day: Day of the readings; if None, the last on which both arms were followed.

        Raises:
            GutexoError: A name is unknown, or an arm was not followed until that day or lacks the
                readout.
        """
        from gutexo.analysis.effects import estimate_effect

        return estimate_effect(self.data, readout, arm, comparator, day)

    def effects(self) -> list[Effect]:
        """Estimate the effects on all readouts in all comparisons of the study, on the last day
        that both arms reach."""
        from gutexo.analysis.effects import estimate_effects

        pairs = json.loads(self.data.attrs["comparisons"])
        return list(estimate_effects(self.data, [(arm, comparator) for arm, comparator in pairs]))

    def facts(self) -> list[Fact]:
        """Score the four reported signs; the model was built for them: they are no predictions."""
        from gutexo.analysis.facts import score_facts

        return score_facts(self.data)

    def table(self, *readouts: str) -> str:
        """Format the effects as text, on the last day of both arms.

        Each comparison is a block, each readout a line.

        Args:
            readouts: Names of readouts; the main ones if none.

        Raises:
            GutexoError: A readout does not exist.
        """
        from gutexo.analysis.effects import (
            PRINTED_READOUTS,
            lacks_readout,
            last_followed_day,
            list_readouts,
        )

        names = list_readouts(self.data)
        for name in readouts:
            if name not in names:
                raise GutexoError(f"readout '{name}' does not exist{suggest(name, names)}")
        chosen = readouts or PRINTED_READOUTS
        width = max(len(name) for name in chosen)
        blocks: dict[tuple[str, str, float], list[str]] = {}
        for e in self.effects():
            if e.readout in chosen:
                line = f"  {e.readout:{width}}  x {e.ratio:.2f}"
                if e.replicates > 1:
                    line += f"  ({e.ratio_low:.2f} to {e.ratio_high:.2f})"
                if e.replicates == 0:
                    without = [
                        a for a in (e.arm, e.comparator) if lacks_readout(self.data, e.readout, a)
                    ]
                    said = f"in '{without[0]}'" if without else f"in both on day {e.day:g}"
                    line = f"  {e.readout:{width}}  not measured {said}"
                blocks.setdefault((e.arm, e.comparator, e.day), []).append(line)
        text = []
        for (arm, comparator, day), lines in blocks.items():
            reached = [last_followed_day(self.data, name) for name in (arm, comparator)]
            said = f" on day {day:g}, the last of both" if reached[0] != reached[1] else ""
            text += [f"{arm} / {comparator}{said}", *lines]
        return "\n".join(text)

    def export(
        self,
        folder: str | Path,
        *,
        force: bool = False,
        sep: str | None = None,
        decimal: str = ".",
    ) -> list[Path]:
        """Write effects.csv and trajectories.csv, which any program can read.

        Args:
            folder: Folder of the files; it is made if it does not exist.
            force: Replace existing files of these names.
            sep: Mark between columns; if None, a comma, or a semicolon where the decimal mark is a
                comma.
            decimal: Decimal mark of numbers: "." or ",".

        Returns:
            Paths of the files.

        Raises:
            GutexoError: A file exists and `force` is not given, or a mark is not possible.
        """
        from gutexo.analysis.csv_style import make_csv_style
        from gutexo.analysis.effects import Effect
        from gutexo.analysis.tables import write_table
        from gutexo.analysis.trajectory_table import write_trajectories

        style = make_csv_style(sep, decimal)
        folder = folder_path(folder, "folder")
        return [
            write_table(Effect, self.effects(), folder / "effects.csv", force=force, style=style),
            write_trajectories(self.data, folder / "trajectories.csv", force=force, style=style),
        ]

    def cite(self, style: str = "text") -> str:
        """Format the references behind the numbers and interventions of this result.

        Args:
            style: "text" or "bibtex".

        Raises:
            GutexoError: There is no such style, or another version wrote the result and it names
                no reference, or a reference that this version does not know.
        """
        from gutexo.catalogue.references import format_references, reference_records
        from gutexo.protocol.citations import all_reference_keys

        keys: list[str] = self.provenance.get("sources") or []
        named = isinstance(keys, list) and all(isinstance(key, str) for key in keys)
        unknown = [key for key in keys if key not in reference_records()] if named else []
        if not named or unknown or "sources" not in self.provenance:
            lacks = (
                f"reference {unknown[0][:60]!r} is not known here" if unknown else "it names none"
            )
            raise GutexoError(
                f"this result was written by another version: {lacks}; "
                "cite() of its study or of an arm gives the references of this version"
            )
        return format_references(keys or all_reference_keys(), style)


def compare(study: Study, **options: Any) -> Result:
    """Run every arm of a study on the same mice, replicate by replicate.

    Args:
        study: The study whose arms are compared.
        **options: replicates, seed, workers (processes, an executor or a Dask client), progress
            (called with phase, done, total; in a notebook a line shows it by default), report
            (called with a message of one line), keep (a folder where each mouse is saved when it
            finishes; a later run continues from it), retry_failed, draws (parameter draws; each
            replicate uses one).

    Returns:
        The result.

    Raises:
        GutexoError: An argument is wrong, or no mouse could be run.
        KeyboardInterrupt: Ctrl-C. Its note reports what is finished and where it is saved; without
            `keep`, its attribute `partial` is the result of the mice that are finished, or None.
    """
    with _wrap_partial_result():
        return Result(run_study(study, **_run_options(options)).data)


def posterior(
    count: int | None = None, *, seed: int = 1, file: str | Path | None = None
) -> list[dict[str, float]]:
    """Return draws of the calibration behind the defaults, for `compare(study, draws=...)`.

    If each mouse uses a draw, the spread of the mice contains the uncertainty of the parameters
    and the differences between mice.

    Args:
        count: Number of draws; all if None.
        seed: Seed of the random choice of draws.
        file: CSV of other draws, with one column per parameter.

    Returns:
        Value by parameter name, draw by draw.

    Raises:
        GutexoError: There are no draws, or a name or value is not possible.
    """
    from gutexo.analysis.posterior import read_adopted_draws, read_draws, sample_draws

    draws, weights = read_adopted_draws() if file is None else read_draws(local_path(file, "file"))
    return sample_draws(draws, weights, len(draws) if count is None else count, seed)


def simulate(scenario: Scenario, **options: Any) -> Result:
    """Run one scenario, one mouse by default.

    Args:
        scenario: The mouse, and what is done to it.
        **options: The options of `compare`.

    Returns:
        The result.

    Raises:
        GutexoError: An argument is wrong, or no mouse could be run.
    """
    with _wrap_partial_result():
        return Result(run_scenario(scenario, **_run_options(options)).data)


def _run_options(options: dict[str, Any]) -> dict[str, Any]:
    """Return the options of a run under their present names, with a default progress."""
    if "say" in options:
        warnings.warn(
            "the option say is called report now; its old name ends with version 0.3",
            DeprecationWarning,
            stacklevel=3,
        )
        options["report"] = options.pop("say")
    return {"progress": choose_progress(), **options}


@contextmanager
def _wrap_partial_result() -> Iterator[None]:
    """Make the partial result of an interrupted run a `Result`, so that it can plot and cite."""
    try:
        yield
    except KeyboardInterrupt as error:
        if getattr(error, "partial", None) is not None:
            error.partial = Result(error.partial.data)  # type: ignore[attr-defined]
        raise


def load(path: str | Path) -> Result:
    """Load a saved result.

    Args:
        path: Folder that `Result.save` or `gutexo study --out` wrote.

    Raises:
        GutexoError: There is no result, or it cannot be read.
    """
    return Result.load(path)
