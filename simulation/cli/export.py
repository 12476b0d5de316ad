"""The command `export`: the mean-field mouse as a file for other simulators."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from gutexo.cli.changes import parse_changes, refuse_several
from gutexo.cli.terminal import show
from gutexo.errors import GutexoError
from gutexo.support.paths import open_atomically


def export_sbml(path: Path, changes: Sequence[str], segments: int, force: bool) -> None:
    """Write the deterministic mean-field mouse as an SBML file.

    Args:
        path: The file.
        changes: Changes of parameters as typed, ``group.name=value``.
        segments: Segments of the gut.
        force: Whether an existing file is replaced.

    Raises:
        GutexoError: The file exists and `force` is off, a change is wrong, or libsbml is missing.
    """
    from gutexo.catalogue import Parameters
    from gutexo.mean_field.equations.build import build_equations
    from gutexo.mean_field.equations.sbml import load_libsbml, write_sbml

    typed = parse_changes(changes)
    refuse_several(typed)
    if "resolution.segments" in typed:
        raise GutexoError("segments of an export: --segments, not --set resolution.segments")
    parameters = Parameters().change({name: values[0] for name, values in typed.items()})
    if os.path.lexists(path) and not force:
        raise GutexoError(f"{path} exists already (--force to overwrite)")
    load_libsbml()
    system = build_equations(parameters, segments)
    text = write_sbml(system)
    with open_atomically(path) as file:
        file.write(text.encode())
    show(f"{path}: {len(system.states)} states, {len(system.observables())} readings")
