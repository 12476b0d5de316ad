"""Plan of a calibration: its sizes, and the check that a folder holds the same one.

Sizes are numbers of sets and not minutes, so that a result depends on plan and code alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from gutexo.analysis.evaluation import code_version
from gutexo.analysis.tables import write_atomically
from gutexo.catalogue import Parameters
from gutexo.errors import GutexoError
from gutexo.support.json_files import DamagedFile, read_json
from gutexo.support.json_text import format_json

SETTINGS = "settings.json"
MOST_FREE = 25
PARTS = ("mean_field", "analysis/mean_field_rows.py", "analysis/mean_field_arms.py")
"""Code of the mean field's answers below the package, besides the rules of the mouse."""


@dataclass(frozen=True)
class CalibrationPlan:
    """Sizes and seeds of a calibration.

    Attributes:
        free: Free parameters; those that the screening chooses if empty.
        changes: Parameters that differ from the defaults in every step.
        seed: Seed of everything.
        mice: Females of the mean field's cohort.
        males: Males of it.
        generations: Generations of CMA-ES in the search for a feasible point.
        population: Sets of such a generation.
        improvements: Steps of least squares after it.
        walks: Walks of the screening.
        freed: Largest number of parameters that the screening frees.
        first: Draws of the prior.
        size: Sets of each generation that grows from the feasible point.
        growth: Largest number of such generations.
        enough: Equally weighted draws at which fewer suffice.
        truths: Largest number of truths of the rank check.
        predictive: Mice per arm of the posterior predictive study; 0 for none.
        quick: Whether this is a demonstration.
    """

    free: tuple[str, ...] = ()
    changes: dict[str, Any] = field(default_factory=dict)
    seed: int = 101
    mice: int = 12
    males: int = 8
    generations: int = 16
    population: int = 14
    improvements: int = 3
    walks: int = 4
    freed: int = 16
    first: int = 300
    size: int = 250
    growth: int = 24
    enough: float = 400.0
    truths: int = 400
    predictive: int = 24
    quick: bool = False

    def __post_init__(self) -> None:
        least = {"mice": 4, "population": 4, "walks": 1, "freed": 1, "first": 20}
        least |= {"size": 20, "growth": 2, "truths": 20}
        for name, smallest in least.items():
            if getattr(self, name) < smallest:
                raise GutexoError(f"{name} must be {smallest} or more; got {getattr(self, name)}")
        for name in ("generations", "improvements", "predictive"):
            if getattr(self, name) < 0:
                raise GutexoError(f"{name} must be 0 or more; got {getattr(self, name)}")
        free = max(len(self.free), self.freed)
        if free > MOST_FREE:
            raise GutexoError(f"{MOST_FREE} parameters may be free at most; got {free}")
        Parameters().change(self.changes)

    def settings(self) -> dict[str, Any]:
        """Return all settings that identify a calibration, and the version of the code."""
        facts = asdict(self)
        parameters = Parameters().change(self.changes)
        facts["defaults"] = parameters.digest()
        facts["priors"] = {
            entry.name: [entry.prior, entry.prior_low, entry.prior_high]
            for entry in parameters.entries()
            if entry.sampled
        }
        facts["code"] = code_version(*PARTS, "analysis/calibration")
        return json.loads(json.dumps(facts))

    def evaluations(self, screened: int, searched: int) -> dict[str, int]:
        """Count the sets of each step, at most.

        Args:
            screened: Numbers that are screened.
            searched: Numbers that the search for a feasible point moves.
        """
        return {
            "feasible point": 1
            + self.generations * self.population
            + self.improvements * (searched + 2),
            "screening": 0 if self.free else self.walks * (screened + 1),
            "reweighting": self.first + self.growth * self.size,
        }


def demonstration_plan(seed: int = 1, changes: Mapping[str, Any] | None = None) -> CalibrationPlan:
    """Make a plan that shows every step in minutes; its results have no other use."""
    return CalibrationPlan(
        free=("barrier.leak", "immune.lps_half", "insulin.cargo_block"),
        changes=dict(changes or {}),
        seed=seed,
        mice=4,
        males=4,
        generations=1,
        population=4,
        improvements=0,
        first=20,
        size=40,
        growth=5,
        enough=40.0,
        truths=80,
        predictive=0,
        quick=True,
    )


def open_calibration(folder: Path, plan: CalibrationPlan) -> bool:
    """Start a calibration in a folder, or find that it was started there before.

    Args:
        folder: Folder of the calibration.
        plan: Requested calibration.

    Returns:
        Whether it was started before.

    Raises:
        GutexoError: The folder holds another calibration.
    """
    path = folder / SETTINGS
    requested = plan.settings()
    try:
        existing = read_json(path)
    except DamagedFile as error:
        raise DamagedFile(f"{error} (--force starts anew)") from None
    if existing is None:
        content = format_json(requested) + "\n"
        write_atomically(path, content.encode(), force=True)
        return False
    if not isinstance(existing, dict):
        raise GutexoError(f"{path} cannot be read (--force starts anew)")
    for name, value in requested.items():
        if existing.get(name) != value:
            raise GutexoError(
                f"{folder} holds a calibration with another {name} (--force starts anew)"
            )
    return True
