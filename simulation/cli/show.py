"""Commands that only print: lists, parameters, references, the state of the installation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gutexo.cli.terminal import show, show_facts, show_json, show_table

if TYPE_CHECKING:
    from gutexo.catalogue import ParameterEntry


def show_list(as_json: bool) -> None:
    """Print studies, scenarios, interventions and readouts."""
    from gutexo.body.observables import OBSERVABLES
    from gutexo.protocol.intervention_classes import first_sentence, interventions
    from gutexo.protocol.standard_studies import scenarios, studies, study

    found = [study(name) for name in studies()]
    if as_json:
        content: dict[str, Any] = {
            "studies": {s.name: [a.name for a in s.arms] for s in found},
            "scenarios": scenarios(),
            "interventions": {name: first_sentence(k) for name, k in interventions().items()},
            "readouts": {o.name: o.unit for o in OBSERVABLES.values()},
        }
        show_json(content)
        return
    show_table(
        "Studies (gutexo run NAME; gutexo run sweep goes over a grid of one)",
        ["name", "question", "arms"],
        [[s.name, s.question, str(len(s.arms))] for s in found],
    )
    show_table("Scenarios", ["name"], [[name] for name in scenarios()])
    show_table(
        'Interventions (in Python; in a configuration as [[interventions]] with name = "NAME")',
        ["name", "what it is", "fields"],
        [
            [name, first_sentence(kind), ", ".join(kind.model_fields)]
            for name, kind in interventions().items()
        ],
    )
    show_table(
        "Readouts",
        ["name", "unit", "meaning"],
        [[o.name, o.unit, o.meaning] for o in OBSERVABLES.values()],
    )


def show_parameters(group: str | None, as_json: bool, long: bool = False) -> None:
    """Print parameters with unit, range, prior, grade and source; if long, also how derived."""
    from gutexo.catalogue import Parameters

    entries = Parameters().entries(group)
    if as_json:
        show_json(entries)
        return
    if long:
        show("\n\n".join(_describe_entry(entry) for entry in entries))
    else:
        columns = ["name", "value", "range; prior", "grade, source", "meaning"]
        rows = [
            [
                e.name,
                f"{e.value:g}" if e.unit == "1" else f"{e.value:g} {e.unit}",
                f"{e.low:g} to {e.high:g}; {e.prior_text}",
                _describe_source(e),
                e.meaning,
            ]
            for e in entries
        ]
        show_table("Parameters", columns, rows)
    assumed = sum(entry.grade == "assumed" for entry in entries)
    show(f"{assumed} of {len(entries)} values are assumed.")


def _describe_source(entry: ParameterEntry) -> str:
    """Return grade and source, and the declared value where a calibration replaced it."""
    source = entry.grade if entry.source == "assumed" else f"{entry.grade}, {entry.source}"
    declared = _describe_declared(entry)
    return f"{source}; declared {declared}" if declared else source


def _describe_declared(entry: ParameterEntry) -> str:
    """Return the declared value and its source; empty where it is the default."""
    if (entry.declared, entry.declared_source) == (entry.default, entry.source):
        return ""
    return f"{entry.declared:g}, {entry.declared_source}"


def _describe_entry(entry: ParameterEntry) -> str:
    """Return all that is known of a parameter, one fact per line."""
    facts = {
        "meaning": entry.meaning,
        "range": f"{entry.low:g} to {entry.high:g}",
        "prior": entry.prior_text,
        "grade": entry.grade,
        "source": ", ".join(entry.keys()) or "none",
        "declared": _describe_declared(entry),
        "derived": entry.derived,
    }
    lines = [f"  {name:8} {fact}" for name, fact in facts.items() if fact]
    unit = "" if entry.unit == "1" else f" {entry.unit}"
    return "\n".join([f"{entry.name} = {entry.value:g}{unit}", *lines])


def show_references(name: str | None, as_bibtex: bool) -> None:
    """Print the references of a study or scenario, or all."""
    from gutexo.protocol.citations import cite

    show(cite(name, "bibtex" if as_bibtex else "text"))


def show_doctor(clear_cache: bool, as_json: bool) -> None:
    """Print versions, sizes of caches and free disk space, or delete the cache."""
    import platform
    import shutil
    from importlib.metadata import version

    from gutexo.cohort.lives import delete_cache, measure_cache
    from gutexo.compiled import cache_root, machine_code_folder, model_code_digest
    from gutexo.release import installed_version

    if clear_cache:
        delete_cache()
        show("The cache is empty.")
        return
    folder = machine_code_folder()
    cached = measure_cache()
    free = shutil.disk_usage(cache_root() if folder else ".").free
    content = {
        "gutexo": installed_version(),
        "python": platform.python_version(),
        "mesa": version("mesa"),
        "numba": version("numba"),
        "numpy": version("numpy"),
        "code": model_code_digest(),
        "cache": str(cache_root()) if folder else "none (not writable)",
        "lives": cached["lives"],
        "lives MB": round(cached["life bytes"] / 1e6, 1),
        "compiled MB": round(cached["kernel bytes"] / 1e6, 1),
        "disk free GB": round(free / 1e9, 1),
    }
    if as_json:
        show_json(content)
    else:
        show_facts(content, 14)
