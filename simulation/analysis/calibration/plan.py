"""Plan of a calibration: its sizes, and the check that a folder holds the same one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from gutexo.analysis.calibration.evaluator import calibration_code_version
from gutexo.analysis.calibration.space import FREE
from gutexo.analysis.tables import write_atomically
from gutexo.catalogue import Parameters
from gutexo.errors import GutexoError
from gutexo.protocol.standard_studies import QUICK
from gutexo.support.json_files import DamagedFile, read_json
from gutexo.support.json_text import format_json

SETTINGS = "settings.json"
SMALLEST_POPULATION, SMALLEST_DEMONSTRATION = 200, 20
"""Smallest number of particles of a population; a demonstration may have fewer."""
_CHANGEABLE = ("budget", "draws", "most_checks")  # may differ when a run is continued


@dataclass(frozen=True)
class CalibrationPlan:
    """Sizes, seeds and thresholds of a calibration.

    Attributes:
        free: Free parameters.
        changes: Parameters that differ from the defaults in every stage.
        seed: Seed of everything.
        size: Particles of a population of the mean-field model.
        table: Draws of the prior that the mean-field model evaluates first.
        truths: Synthetic truths for rank statistics.
        pilot: Sets of the prior that small mice evaluate too, to correct the mean-field model.
        widen: Standard deviations between mean-field model and mice by which that model's windows
            are widened.
        most: Largest number of populations.
        twin_tolerance: Distance at which the populations of the mean-field model end.
        draws: Largest number of draws of its posterior that are evaluated with small mice.
        small: Resolution of the small mice.
        replicates: Small mice per arm, the same for every set.
        reference: Default mice per arm against which the cohort bias of the small mice is
            measured.
        tolerance: Distance up to which small mice are close enough.
        default: Resolution of the mice of the full-resolution check.
        confirming: Mice per arm of the full-resolution check.
        most_checks: Largest number of draws that the check evaluates.
        budget: Minutes on all workers.
        parts: Shares of the budget for mean-field model, small mice and full-resolution check.
        quick: Whether this is a demonstration.
    """

    free: tuple[str, ...] = FREE
    changes: dict[str, Any] = field(default_factory=dict)
    seed: int = 1
    size: int = 400
    table: int = 2000
    truths: int = 300
    pilot: int = 12
    widen: float = 1.0
    most: int = 20
    twin_tolerance: float = 0.0
    draws: int = 200
    small: dict[str, Any] = field(default_factory=lambda: dict(QUICK))
    replicates: int = 3
    reference: int = 24
    tolerance: float = 0.25
    default: dict[str, Any] = field(default_factory=dict)
    confirming: int = 8
    most_checks: int = 6
    budget: float = 110.0
    parts: tuple[float, float, float] = (0.45, 0.4, 0.15)
    quick: bool = False

    def __post_init__(self) -> None:
        least = SMALLEST_DEMONSTRATION if self.quick else SMALLEST_POPULATION
        if self.size < least:
            raise GutexoError(f"a population needs {least} sets at least; got {self.size}")
        if self.table < self.size:
            raise GutexoError(f"the prior's table must hold {self.size} sets at least")
        if not self.budget > 0:
            raise GutexoError(f"the budget must be some minutes; got {self.budget:g}")
        for name in ("tolerance", "twin_tolerance", "widen"):
            if not getattr(self, name) >= 0:
                raise GutexoError(f"{name} must be 0 or more; got {getattr(self, name):g}")
        Parameters().change(self.changes)
        for name in self.changes:
            if name in self.free:
                raise GutexoError(f"{name} is free in this calibration; it cannot be set as well")

    def settings(self) -> dict[str, Any]:
        """Return all settings that identify a calibration, and the version of the code."""
        facts = {name: value for name, value in asdict(self).items() if name not in _CHANGEABLE}
        facts.pop("parts")
        facts["defaults"] = Parameters().change(self.changes).digest()
        entries = {entry.name: entry for entry in Parameters().entries()}
        facts["priors"] = {
            name: [entries[name].prior, entries[name].prior_low, entries[name].prior_high]
            for name in self.free
            if name in entries
        }
        facts["code"] = calibration_code_version()
        return json.loads(json.dumps(facts))


def demonstration_plan(seed: int = 1, changes: Mapping[str, Any] | None = None) -> CalibrationPlan:
    """Make a plan that shows every step in two minutes; its results have no other use."""
    tiny = {
        **QUICK,
        "resolution.segments": 12,
        "resolution.enterocytes": 6,
        "resolution.macrophages": 3,
        "resolution.hepatocytes": 16,
        "resolution.myocytes": 8,
        "resolution.adipocytes": 6,
        "resolution.packets": 300,
    }
    return CalibrationPlan(
        free=("barrier.leak", "immune.lps_half", "insulin.cargo_block"),
        changes=dict(changes or {}),
        seed=seed,
        size=SMALLEST_DEMONSTRATION,
        table=60,
        truths=20,
        pilot=0,
        most=2,
        draws=2,
        small=tiny,
        replicates=1,
        reference=2,
        tolerance=2.0,
        default=tiny,
        confirming=2,
        most_checks=1,
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
            what = "code" if name == "code" else name
            raise GutexoError(
                f"{folder} holds a calibration with another {what} (--force starts anew)"
            )
    return True
