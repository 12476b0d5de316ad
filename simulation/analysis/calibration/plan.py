"""How large a calibration is, and whether a folder holds the same one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from gutexo.analysis.calibration.answers import code_version
from gutexo.analysis.calibration.space import FREE
from gutexo.analysis.tables import write_atomically
from gutexo.catalogue import Parameters
from gutexo.errors import GutexoError
from gutexo.json_text import json_text
from gutexo.protocol.studies import QUICK
from gutexo.stored import DamagedFile, read_json

SETTINGS = "settings.json"
SMALLEST, SMALLEST_SHOWN = 200, 20
"""Particles of a population, at least; a demonstration may have fewer."""
_FREELY = ("budget", "draws", "most_confirmed")  # may differ when a run is gone on with


@dataclass(frozen=True)
class Plan:
    """Sizes, seeds and thresholds of a calibration.

    Attributes:
        free: Free parameters.
        changes: Parameters that differ from the defaults throughout.
        seed: Of everything.
        size: Particles of a population of the twin.
        table: Draws of the prior the twin answers first.
        truths: Synthetic truths for rank statistics.
        pilot: Sets of the prior that small mice answer too, to correct the twin.
        widen: Standard deviations between twin and mice by which the twin's windows are wider.
        most: Populations at most.
        twin_tolerance: Distance at which the twin's populations end.
        draws: Draws of the twin's posterior that are put to small mice, at most.
        small: Resolution of the small mice.
        replicates: Small mice an arm, the same for every set.
        reference: Default mice an arm against which the size and luck of those are measured.
        tolerance: Distance up to which small mice are close enough.
        default: Resolution of the mice that confirm.
        confirming: Mice an arm that confirm.
        most_confirmed: Draws that are put to them, at most.
        budget: Minutes on all workers.
        parts: Shares of the budget for twin, small mice and confirmation.
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
    most_confirmed: int = 6
    budget: float = 110.0
    parts: tuple[float, float, float] = (0.45, 0.4, 0.15)
    quick: bool = False

    def __post_init__(self) -> None:
        least = SMALLEST_SHOWN if self.quick else SMALLEST
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
        """All that decides what the same calibration is, and the code that answers."""
        facts = {name: value for name, value in asdict(self).items() if name not in _FREELY}
        facts.pop("parts")
        facts["defaults"] = Parameters().change(self.changes).digest()
        known = {entry.name: entry for entry in Parameters().entries()}
        facts["priors"] = {
            name: [known[name].prior, known[name].prior_low, known[name].prior_high]
            for name in self.free
            if name in known
        }
        facts["code"] = code_version()
        return json.loads(json.dumps(facts))


def demonstration(seed: int = 1, changes: Mapping[str, Any] | None = None) -> Plan:
    """A calibration that shows every step in two minutes and is worth nothing else."""
    tiny = {
        **QUICK,
        "resolution.segments": 12,
        "resolution.enterocytes": 6,
        "resolution.macrophages": 3,
        "resolution.hepatocytes": 16,
        "resolution.myocytes": 8,
        "resolution.adipocytes": 6,
        "resolution.packets": 300,
        "resolution.settling": 3,
    }
    return Plan(
        free=("barrier.leak", "immune.lps_half", "insulin.cargo_block"),
        changes=dict(changes or {}),
        seed=seed,
        size=SMALLEST_SHOWN,
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
        most_confirmed=1,
        quick=True,
    )


def enter(folder: Path, plan: Plan) -> bool:
    """Begin a calibration in a folder, or find that it was begun there.

    Args:
        folder: Where it is kept.
        plan: What is wanted.

    Returns:
        Whether it was begun before.

    Raises:
        GutexoError: The folder holds another calibration.
    """
    path = folder / SETTINGS
    wanted = plan.settings()
    try:
        there = read_json(path)
    except DamagedFile as error:
        raise DamagedFile(f"{error} (--force starts anew)") from None
    if there is None:
        content = json_text(wanted) + "\n"
        write_atomically(path, content.encode(), force=True)
        return False
    if not isinstance(there, dict):
        raise GutexoError(f"{path} cannot be read (--force starts anew)")
    for name, value in wanted.items():
        if there.get(name) != value:
            what = "code" if name == "code" else name
            raise GutexoError(
                f"{folder} holds a calibration with another {what} (--force starts anew)"
            )
    return True
