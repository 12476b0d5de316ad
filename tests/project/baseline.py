"""Results of three small mice, to the bit: they move only on purpose.

Usage: python -m tests.project.baseline     writes baseline.json anew

Then say in CHANGELOG.md that results move, and why.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from gutexo.body.mouse import Mouse
from gutexo.catalogue import Parameters
from gutexo.protocol.exosome_treatments import GiveExosomes, designed_exosomes
from gutexo.protocol.treatments import BarrierLesion, Senolytic
from tests.conftest import SMALL

FILE = Path(__file__).with_name("baseline.json")


def mice() -> dict[str, Mouse]:
    """One left alone, one dosed, one injured and treated; each lives ten days."""
    small = Parameters().change(SMALL)
    vial = designed_exosomes(200, barrier=8, inflammatory=8, insulin_resistance=8, protective=4)
    given = {
        "untouched": [],
        "dosed": [GiveExosomes(source=vial)],
        "injured": [BarrierLesion(share=0.4, repeats=5), Senolytic(start=2)],
    }
    found = {}
    for seed, (name, interventions) in enumerate(given.items()):
        mouse = Mouse(small, seed=seed, interventions=interventions)
        mouse.run_for("10 d")
        found[name] = mouse
    return found


def results() -> dict[str, dict[str, float | str]]:
    """Readings, and a digest of every column, of each mouse."""
    found = {}
    for name, mouse in mice().items():
        arrays = mouse.snapshot().arrays
        columns = hashlib.sha256(b"".join(arrays[k].tobytes() for k in sorted(arrays)))
        found[name] = {**mouse.measure(), "columns": columns.hexdigest()}
    return found


if __name__ == "__main__":
    FILE.write_text(json.dumps(results(), indent=1) + "\n")
    print(f"{FILE.name} is written; say in CHANGELOG.md that results move, and why")
