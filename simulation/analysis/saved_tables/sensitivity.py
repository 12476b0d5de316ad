"""Saved tables of a sensitivity analysis, except its evaluations, which no figure needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gutexo.analysis.parameter_space import ParameterSpace
from gutexo.analysis.sensitivity import (
    TABLES,
    Sensitivity,
    SensitivityPlan,
    make_sensitivity_space,
)
from gutexo.analysis.sensitivity.morris import importance
from gutexo.analysis.tables import read_table
from gutexo.catalogue import Parameters
from gutexo.errors import GutexoError
from gutexo.support.json_files import DamagedFile, read_json


def read_sensitivity(path: Path) -> Sensitivity:
    """Read a whole analysis.

    Args:
        path: sensitivity.json, with or without its rows; the tables are in the same folder.

    Raises:
        GutexoError: The files are not those of such an analysis, or parameters that it changed are
            no longer uncertain.
    """
    try:
        facts = read_json(path)
        if facts is None:
            raise DamagedFile(f"{path} cannot be read: it does not exist")
        space = _rebuild_space(facts)
        plan = SensitivityPlan.from_settings(facts["plan"])
        picked, passed_over = tuple(facts["picked"]), facts["points passed over for mice"]
        seed, evaluations, reasons = facts["seed"], facts["evaluations"], facts["refused"]
    except DamagedFile:
        raise
    except GutexoError as error:
        raise GutexoError(f"{path}: {error}") from None
    except (ValueError, KeyError, TypeError):
        raise GutexoError(f"{path} is not of a sensitivity analysis") from None
    rows: dict[str, tuple[Any, ...]] = {
        # The table of the emulator has no rows where mice were not run.
        name: tuple(
            read_table(kind, path.with_name(f"{name}.csv"), may_be_empty=name == "emulator")
        )
        for name, kind in TABLES.items()
    }
    return Sensitivity(
        space=space,
        range=facts["range"],
        questions=tuple(row.question for row in rows["answers"]),
        plan=plan,
        seed=seed,
        importance=importance(rows["morris"]),
        picked=picked,
        passed_over=passed_over,
        evaluations=evaluations,
        reasons=reasons,
        **rows,
    )


def _rebuild_space(facts: dict[str, Any]) -> ParameterSpace:
    """Rebuild the space: the parameters that are uncertain now, without those that were held."""
    moved = set(facts["parameters"])
    held = {entry.name for entry in Parameters().entries()} - moved
    space = make_sensitivity_space(facts["range"], base=facts["base"], held=held)
    missing = sorted(moved - set(space.names))
    if missing:
        raise GutexoError(f"{missing[0]} was moved, and is not uncertain any more")
    return space
