"""Results move only on purpose, with a line in the changelog."""

import json

from tests.project.baseline import FILE, results


def test_results_are_those_of_the_baseline():
    expected = json.loads(FILE.read_text())
    moved = [
        f"{mouse} {name}: {expected[mouse].get(name)} -> {value}"
        for mouse, readings in results().items()
        for name, value in readings.items()
        if expected[mouse].get(name) != value
    ]
    assert not moved, (
        "results moved; if that is meant: python -m tests.project.baseline, "
        "and a line in CHANGELOG.md\n" + "\n".join(moved)
    )
