"""What a sensitivity analysis left, but for its evaluations, which no figure needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gutexo.analysis.kept.rows import read_as
from gutexo.analysis.sensitivity import TABLES, Plan, Sensitivity, Space, space_of
from gutexo.analysis.sensitivity.emulator import Check
from gutexo.analysis.sensitivity.morris import Screened, importance
from gutexo.analysis.sensitivity.shares import Spread
from gutexo.analysis.sensitivity.sobol import Index
from gutexo.catalogue import Parameters
from gutexo.errors import GutexoError
from gutexo.stored import DamagedFile, read_json

ROWS: dict[str, type] = {
    "morris": Screened,
    "sobol": Index,
    "groups": Index,
    "answers": Spread,
    "emulator": Check,
}


def read_sensitivity(path: Path) -> Sensitivity:
    """A whole analysis.

    Args:
        path: sensitivity.json, with or without its rows; the tables lie beside it.

    Raises:
        GutexoError: They are not of such an analysis, or parameters it moved are not uncertain
            any more.
    """
    try:
        facts = read_json(path)
        if facts is None:
            raise DamagedFile(f"{path} cannot be read: it does not exist")
        space = _space(facts)
        plan = Plan(**facts["plan"])
        picked, passed_over = tuple(facts["picked"]), facts["points passed over for mice"]
        seed, evaluations, reasons = facts["seed"], facts["evaluations"], facts["refused"]
    except DamagedFile:
        raise
    except GutexoError as error:
        raise GutexoError(f"{path}: {error}") from None
    except (ValueError, KeyError, TypeError):
        raise GutexoError(f"{path} is not of a sensitivity analysis") from None
    rows: dict[str, tuple[Any, ...]] = {
        name: tuple(_rows(name, path.with_name(f"{name}.csv"))) for name in TABLES
    }
    return Sensitivity(
        space=space,
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


def _space(facts: dict[str, Any]) -> Space:
    """What was moved: what is uncertain now, less what was held."""
    moved = set(facts["parameters"])
    held = {entry.name for entry in Parameters().entries()} - moved
    space = space_of(facts["range"], base=facts["base"], held=held)
    gone = sorted(moved - set(space.names))
    if gone:
        raise GutexoError(f"{gone[0]} was moved, and is not uncertain any more")
    return space


def _rows(name: str, path: Path) -> list[Any]:
    """Rows of one table; where mice were not asked, that of the emulator has a head only."""
    if name == "emulator" and path.is_file() and len(path.read_text("utf-8").splitlines()) == 1:
        return []
    return read_as(ROWS[name], TABLES[name], path)
