"""Commands that only tell: lists, parameters, references, the state of the installation."""

from __future__ import annotations

import json
from typing import Any


def _table(title: str, columns: list[str], rows: list[list[str]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def show_list(as_json: bool) -> None:
    """Studies, scenarios and readouts."""
    from simulation.body.observables import OBSERVABLES
    from simulation.protocol.studies import scenarios, studies, study

    found = [study(name) for name in studies()]
    if as_json:
        content: dict[str, Any] = {
            "studies": {s.name: [a.name for a in s.arms] for s in found},
            "scenarios": scenarios(),
            "readouts": {o.name: o.unit for o in OBSERVABLES.values()},
        }
        print(json.dumps(content, indent=2))
        return
    _table(
        "Studies (gutexo run NAME)",
        ["name", "question", "arms"],
        [[s.name, s.question, str(len(s.arms))] for s in found],
    )
    _table("Scenarios", ["name"], [[name] for name in scenarios()])
    _table(
        "Readouts",
        ["name", "unit", "meaning"],
        [[o.name, o.unit, o.meaning] for o in OBSERVABLES.values()],
    )


def show_parameters(group: str | None, as_json: bool) -> None:
    """Values with unit, range, grade and source."""
    from dataclasses import asdict

    from simulation.catalogue import Parameters

    entries = Parameters().entries(group)
    if as_json:
        print(json.dumps([asdict(entry) for entry in entries], indent=2))
        return
    _table(
        "Parameters",
        ["name", "value", "unit", "range", "grade", "source", "meaning"],
        [
            [e.name, f"{e.value:g}", e.unit, f"{e.low:g} to {e.high:g}", e.grade, e.source,
             e.meaning]
            for e in entries
        ],
    )  # fmt: skip
    assumed = sum(entry.grade == "assumed" for entry in entries)
    print(f"{assumed} of {len(entries)} values are assumed.")


def show_references(as_bibtex: bool) -> None:
    """References behind the numbers, the study first."""
    from simulation.catalogue import Parameters
    from simulation.catalogue.references import bibtex
    from simulation.catalogue.references import cite as as_text

    keys = ["khalyfa-2026", "karin-2019"]
    keys += [e.source for e in Parameters().entries() if e.source != "assumed"]
    print(bibtex(keys) if as_bibtex else as_text(keys))


def show_doctor(clear_cache: bool, as_json: bool) -> None:
    """Versions, caches, disk."""
    import platform
    import shutil
    from importlib.metadata import version

    from simulation.cohort.lives import clear, usage
    from simulation.compiled import cache_folder, cache_root, digest

    if clear_cache:
        clear()
        print("The cache is empty.")
        return
    folder = cache_folder()
    held = usage()
    free = shutil.disk_usage(cache_root() if folder else ".").free
    content = {
        "gutexo": version("gut-exosome-ageing"),
        "python": platform.python_version(),
        "mesa": version("mesa"),
        "numba": version("numba"),
        "numpy": version("numpy"),
        "code": digest(),
        "cache": str(cache_root()) if folder else "none (not writable)",
        "lives": held["lives"],
        "lives MB": round(held["life bytes"] / 1e6, 1),
        "compiled MB": round(held["kernel bytes"] / 1e6, 1),
        "disk free GB": round(free / 1e9, 1),
    }
    if as_json:
        print(json.dumps(content, indent=2))
    else:
        for name, value in content.items():
            print(f"{name:14s} {value}")
