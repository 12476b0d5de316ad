"""Options and output that the experiments share."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gutexo as gut

MICE_ONLY = "Simulated mice; nothing here speaks for people."


@dataclass
class Options:
    """Options requested on the command line."""

    out: Path
    quick: bool
    run: dict[str, Any]

    def coarse(self, study: Any) -> Any:
        """Return the study, with coarse mice if --quick was given."""
        from gutexo.protocol.standard_studies import QUICK

        return study.change(QUICK) if self.quick else study


def options(description: str | None) -> Options:
    """Read --out, --quick, --replicates, --seed and --jobs from the command line."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=Path("results"))
    parser.add_argument("--quick", action="store_true", help="coarse mice, two an arm")
    parser.add_argument("--replicates", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    replicates = arguments.replicates or (2 if arguments.quick else None)
    run = {
        "replicates": replicates,
        "seed": arguments.seed,
        "workers": arguments.jobs,
        "report": print,
    }
    return Options(arguments.out, arguments.quick, run)


def report(
    result: gut.Result, requested: Options, figures: list[str], lines: list[str] | None = None
) -> None:
    """Save figures, tables and data into a folder of this experiment; print their paths."""
    from gutexo.figures.style import save

    folder = requested.out / result.provenance["study"].replace(" ", "_")
    folder.mkdir(parents=True, exist_ok=True)
    for name in figures:
        print(save(result.figure(name), folder / name, force=True)[0])
    for path in result.export(folder, force=True):
        print(path)
    print(result.save(folder / "dataset.zarr", force=True))
    print("\n".join(lines) if lines is not None else result.table())
    print(MICE_ONLY)
