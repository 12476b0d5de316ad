"""Make the adopted set of a calibration the defaults, and save the files behind it.

Usage: python -m tests.project.adoption FOLDER     of `gutexo analyse calibrate`, then `... adopt`
       python -m tests.project.adoption variance FOLDER     of `gutexo analyse sensitivity`
       python -m tests.project.adoption kept FOLDER     of any analysis whose figure docs/ show

Results move with a calibration: the ceremony of docs/developing.md follows. A sensitivity analysis
comes after it; every run reports its result, as long as the defaults are those it analysed.
Tables are saved so that `gutexo run figures` draws from them, under the digest of the defaults:
save them before these change.
"""

from __future__ import annotations

import csv
import gzip
import json
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from gutexo.analysis.calibration.adoption import CHECKED
from gutexo.analysis.calibration.output_files import FIGURES, LOG, SUMMARY, TABLES
from gutexo.analysis.calibration.run import SETS_FILE
from gutexo.analysis.posterior import POSTERIOR_FILE
from gutexo.analysis.sensitivity import TABLES as SENSITIVITY_TABLES
from gutexo.catalogue import Parameters
from gutexo.catalogue.adopted import ADOPTED_FILE, OF_MALES
from gutexo.catalogue.variance import FILE
from gutexo.cli.table_figures import ORIGIN_FILE
from gutexo.errors import GutexoError

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "simulation" / "catalogue"
DOCS = ROOT / "docs"
CALIBRATION = "calibration"  # folder under docs/
ANALYSED = {
    "box.csv": CALIBRATION,
    **dict.fromkeys(
        (
            "ablations.csv",
            "design.csv",
            "design_power.csv",
            "verification.csv",
            "verification_curves.csv",
            "sensitivity.json",
            *(f"{table}.csv" for table in SENSITIVITY_TABLES),
        ),
        "kept",
    ),
}
"""Folder under docs/ by saved table."""


def adopt(folder: Path, catalogue: Path = CATALOGUE, docs: Path = DOCS) -> list[str]:
    """Copy adopted values and posterior into the catalogue, and the records into docs/.

    Args:
        folder: Of a finished calibration, in which a set was adopted.
        catalogue: Folder of the catalogue.
        docs: Folder of the documentation.

    Returns:
        Names of the parameters that have a new default.

    Raises:
        GutexoError: No set was adopted there.
    """
    if not (folder / ADOPTED_FILE).is_file():
        raise GutexoError(f"{folder}: no set was adopted; run gutexo analyse adopt --out {folder}")
    with open(folder / ADOPTED_FILE, encoding="utf-8", newline="") as file:
        adopted = {row["parameter"]: float(row["value"]) for row in csv.DictReader(file)}
    # Declared values lie below adopted ones: the digest is that of the next process.
    values = {e.name: e.declared for e in Parameters().entries()}
    values |= {name: value for name, value in adopted.items() if not name.endswith(OF_MALES)}
    digest = Parameters().change(values).digest()
    for name in (ADOPTED_FILE, POSTERIOR_FILE):
        shutil.copy(folder / name, catalogue / name)
    kept = docs / CALIBRATION
    kept.mkdir(exist_ok=True)
    # What only the first mouse's calibration left.
    for name in (POSTERIOR_FILE, "landed.toml"):
        (kept / name).unlink(missing_ok=True)
    tables = [f"{table}.csv" for table in (*TABLES, CHECKED)]
    for name in (*tables, *(f"{figure}.png" for figure in FIGURES), LOG):
        shutil.copy(folder / name, kept / name)
    packed = gzip.compress((folder / SETS_FILE).read_bytes(), mtime=0)
    (kept / f"{SETS_FILE}.gz").write_bytes(packed)
    summary = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
    summary["command"] = without_paths(summary["command"])
    (kept / SUMMARY).write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    stamp([f"{CALIBRATION}/{name}" for name in tables], digest, docs)
    return list(adopted)


def stamp(tables: Iterable[str], digest: str, docs: Path = DOCS) -> None:
    """Record the parameters of some saved tables.

    Args:
        tables: Their places under docs/.
        digest: Of the parameters.
        docs: Folder of the documentation.
    """
    path = docs / ORIGIN_FILE
    known: dict[str, str] = {}
    if path.exists():
        with open(path, encoding="utf-8", newline="") as file:
            known = {row["table"]: row["parameters"] for row in csv.DictReader(file)}
    known |= dict.fromkeys(tables, digest)
    known = {table: of for table, of in known.items() if (docs / table).is_file()}
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["table", "parameters"])
        writer.writerows(sorted(known.items()))


def keep(folder: Path, docs: Path = DOCS) -> list[str]:
    """Save the tables from which the figures of an analysis are drawn.

    Args:
        folder: Of an analysis of the defaults.
        docs: Folder of the documentation.

    Returns:
        Places under docs/.
    """
    found = [name for name in ANALYSED if (folder / name).is_file()]
    for name in found:
        place = docs / ANALYSED[name] / name
        place.parent.mkdir(exist_ok=True)
        if name.endswith(".json"):  # its rows are in the tables already
            whole = json.loads((folder / name).read_text(encoding="utf-8"))
            facts = {key: value for key, value in whole.items() if key not in SENSITIVITY_TABLES}
            place.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
        else:
            shutil.copy(folder / name, place)
    places = [f"{ANALYSED[name]}/{name}" for name in found]
    stamp(places, Parameters().digest(), docs)
    return places


def adopt_variance(folder: Path) -> int:
    """Save the shares of variance of all assumed numbers, and the figures.

    Args:
        folder: Of a finished sensitivity analysis.

    Returns:
        Number of its answers.

    Raises:
        GutexoError: It is of other parameters than the defaults, or of their whole priors.
    """
    summary = json.loads((folder / "sensitivity.json").read_text(encoding="utf-8"))
    defaults = Parameters()
    if summary["range"] != "near" or defaults.change(summary["base"]) != defaults:
        raise GutexoError(f"{folder}: only an analysis near the defaults is adopted")
    with open(folder / "groups.csv", encoding="utf-8", newline="") as file:
        found = [row for row in csv.DictReader(file) if row["name"] == "assumed"]
    with open(CATALOGUE / FILE, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["defaults", "question", "share", "low", "high"])
        for row in found:
            share = (row["question"], row["st"], row["st_low"], row["st_high"])
            writer.writerow([defaults.digest(), *share])
    for name in ("sensitivity_morris.png", "sensitivity_tornado.png"):
        shutil.copy(folder / name, DOCS / "images" / name)
    keep(folder)
    return len(found)


def without_paths(command: list[str]) -> list[str]:
    """Return a command as it is saved, without folders of a machine."""
    hidden = {"--out": "DIR", "--config": "FILE"}
    rest = [hidden.get(before, word) for before, word in zip(command, command[1:], strict=False)]
    return ["gutexo", *rest]


if __name__ == "__main__":
    if sys.argv[1] == "variance":
        print(f"{adopt_variance(Path(sys.argv[2]))} answers; now CHANGELOG.md, docs/design.md")
    elif sys.argv[1] == "kept":
        print("\n".join(keep(Path(sys.argv[2]))))
    else:
        print("\n".join(adopt(Path(sys.argv[1]))))
        print("adopted: now baseline, parameter table, scores, CHANGELOG.md, docs/results.md,")
        print("docs/calibration/README.md")
