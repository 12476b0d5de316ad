"""Verbs for scripts and notebooks: simulate, compare, and a result that plots and cites itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gutexo.body.inputs import Intervention
from gutexo.cohort.compare import run_scenario, run_study
from gutexo.cohort.progress import usual
from gutexo.cohort.result import Result as Readings
from gutexo.errors import GutexoError, suggest
from gutexo.paths import folder_path, local_path
from gutexo.protocol.study import Scenario, Study

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from gutexo.analysis.effects import Effect
    from gutexo.analysis.facts import Fact


class Result(Readings):
    """What the mice of a study showed, ready to be looked at.

    Attributes:
        data: Dataset with dims scenario, replicate, time (days); a variable per readout.
        failures: Mice that could not be run.
    """

    def plot(self, *readouts: str) -> Figure:
        """Trajectories of all arms: mean, and a band over mice.

        Args:
            readouts: Names of readouts; HOMA-IR, plasma TNF and FITC-dextran if none.
        """
        from gutexo.figures import draw

        chosen = readouts or ("HOMA-IR", "plasma TNF", "FITC-dextran")
        return draw("trajectories")(self.data, list(chosen))

    def figure(self, name: str) -> Figure:
        """A named figure: inflammation, insulin_resistance, barrier, overview, effect_forest, life,
        dose_response, dose_and_duration, sweep."""
        from gutexo.figures import draw

        if name == "effect_forest":
            return draw(name)(self.effects())
        if name == "dose_and_duration":
            from gutexo.analysis.box import signs

            return draw(name)(signs(self.data))
        if name == "sweep":
            from gutexo.analysis.sweeps import points

            return draw(name)(points(self.effects(), self.data))
        return draw(name)(self.data)

    def difference(
        self, readout: str, arm: str, comparator: str, day: float | None = None
    ) -> Effect:
        """Difference and ratio of two arms, paired by mouse, with 95 % intervals.

        Args:
            readout: Name of a readout.
            arm: Treated arm.
            comparator: Arm it is compared with.
            day: Day it is read; if None, the last on which both arms were followed.

        Raises:
            GutexoError: A name is unknown, or an arm was not followed until that day or lacks the
                readout.
        """
        from gutexo.analysis.effects import effect

        return effect(self.data, readout, arm, comparator, day)

    def effects(self) -> list[Effect]:
        """All readouts of all comparisons of the study, on the last day that both arms reach."""
        from gutexo.analysis.effects import effects

        pairs = json.loads(self.data.attrs["comparisons"])
        return list(effects(self.data, [(arm, comparator) for arm, comparator in pairs]))

    def facts(self) -> list[Fact]:
        """The four reported signs: built for, never predictions."""
        from gutexo.analysis.facts import facts

        return facts(self.data)

    def table(self, *readouts: str) -> str:
        """Effects as text: a block a comparison, a line a readout, on the last day of both arms.

        Args:
            readouts: Names of readouts; the main ones if none.

        Raises:
            GutexoError: A readout does not exist.
        """
        from gutexo.analysis.effects import TOLD, followed_until, lacks
        from gutexo.analysis.effects import readouts as known

        names = known(self.data)
        for name in readouts:
            if name not in names:
                raise GutexoError(f"readout '{name}' does not exist{suggest(name, names)}")
        chosen = readouts or TOLD
        width = max(len(name) for name in chosen)
        blocks: dict[tuple[str, str, float], list[str]] = {}
        for e in self.effects():
            if e.readout in chosen:
                line = f"  {e.readout:{width}}  x {e.ratio:.2f}"
                if e.replicates > 1:
                    line += f"  ({e.ratio_low:.2f} to {e.ratio_high:.2f})"
                if e.replicates == 0:
                    without = [a for a in (e.arm, e.comparator) if lacks(self.data, e.readout, a)]
                    said = f"in '{without[0]}'" if without else f"in both on day {e.day:g}"
                    line = f"  {e.readout:{width}}  not measured {said}"
                blocks.setdefault((e.arm, e.comparator, e.day), []).append(line)
        text = []
        for (arm, comparator, day), lines in blocks.items():
            reached = [followed_until(self.data, name) for name in (arm, comparator)]
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
        """Write effects.csv and trajectories.csv, which any program reads.

        Args:
            folder: Where; it is made if it is not there.
            force: Replace files of these names.
            sep: Between columns: a comma, or a semicolon where the decimal mark is a comma.
            decimal: Of numbers: "." or ",".

        Returns:
            The files.

        Raises:
            GutexoError: A file exists and `force` is not given, or a mark is not possible.
        """
        from gutexo.analysis.csv_style import csv_style
        from gutexo.analysis.tables import write_effects, write_trajectories

        style = csv_style(sep, decimal)
        folder = folder_path(folder, "folder")
        return [
            write_effects(self.effects(), folder / "effects.csv", force=force, style=style),
            write_trajectories(self.data, folder / "trajectories.csv", force=force, style=style),
        ]

    def cite(self, style: str = "text") -> str:
        """References behind the numbers and interventions of this result.

        Args:
            style: "text" or "bibtex".

        Raises:
            GutexoError: There is no such style, or another version wrote the result and it names
                no reference, or one that is not known here.
        """
        from gutexo.catalogue.references import formatted, records
        from gutexo.protocol.sources import everything

        keys: list[str] = self.provenance.get("sources") or []
        named = isinstance(keys, list) and all(isinstance(key, str) for key in keys)
        unknown = [key for key in keys if key not in records()] if named else []
        if not named or unknown or "sources" not in self.provenance:
            lacks = (
                f"reference {unknown[0][:60]!r} is not known here" if unknown else "it names none"
            )
            raise GutexoError(
                f"this result was written by another version: {lacks}; "
                "cite() of its study or of an arm gives the references of this version"
            )
        return formatted(keys or everything(), style)


def cite(what: str | Scenario | Study | Intervention | None = None, style: str = "text") -> str:
    """References behind a scenario, a study or an intervention, its numbers and what is done.

    Args:
        what: Name of a study or scenario, or one itself; all references if None.
        style: "text" (one a line) or "bibtex".

    Returns:
        The references, each once.

    Raises:
        GutexoError: There is no such study, scenario, reference or style.
    """
    from gutexo.catalogue.references import formatted
    from gutexo.protocol.sources import everything, named, sources

    if what is None:
        return formatted(everything(), style)
    return formatted(sources(named(what) if isinstance(what, str) else what), style)


def compare(study: Study, **options: Any) -> Result:
    """Run every arm of a study on the same mice, replicate by replicate.

    Args:
        study: What is compared.
        **options: replicates, seed, workers (processes, an executor or a Dask client), progress
            (called with phase, done, total; in a notebook a line says it by itself), say, keep (a
            folder where mice are kept as they finish, to go on from), retry_failed, draws
            (parameter draws, of which each replicate lives by one).

    Returns:
        The result.

    Raises:
        GutexoError: An argument is wrong, or no mouse could be run.
        KeyboardInterrupt: Ctrl-C. A note of it says what is finished and where it is kept; without
            `keep`, its attribute `partial` is the result of the mice that are finished, or None.
    """
    with _partial_results():
        return Result(run_study(study, **{"progress": usual(), **options}).data)


def posterior(
    count: int | None = None, *, seed: int = 1, file: str | Path | None = None
) -> list[dict[str, float]]:
    """Parameter draws of the calibration behind the defaults, for `compare(study, draws=...)`.

    Mice that each live by a draw show what is not known of the parameters beside how mice differ.

    Args:
        count: Draws wanted; all if None.
        seed: Of the choice.
        file: CSV of other draws, a column a parameter.

    Returns:
        Value by parameter name, draw by draw.

    Raises:
        GutexoError: There are none, or a name or value is not possible.
    """
    from gutexo.analysis.posterior import landed_draws, pick, read_draws

    draws, weights = landed_draws() if file is None else read_draws(local_path(file, "file"))
    return pick(draws, weights, len(draws) if count is None else count, seed)


def simulate(scenario: Scenario, **options: Any) -> Result:
    """Run one scenario, one mouse by default.

    Args:
        scenario: What is done to which mouse.
        **options: As for `compare`.

    Returns:
        The result.

    Raises:
        GutexoError: An argument is wrong, or no mouse could be run.
    """
    with _partial_results():
        return Result(run_scenario(scenario, **{"progress": usual(), **options}).data)


@contextmanager
def _partial_results() -> Iterator[None]:
    """What is finished when Ctrl-C comes can plot and cite itself, too."""
    try:
        yield
    except KeyboardInterrupt as error:
        if getattr(error, "partial", None) is not None:
            error.partial = Result(error.partial.data)  # type: ignore[attr-defined]
        raise


def load(path: str | Path) -> Result:
    """A result that was saved.

    Args:
        path: Folder that `Result.save` or `gutexo study --out` wrote.

    Raises:
        GutexoError: There is none.
    """
    return Result.load(path)
