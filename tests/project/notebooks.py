"""Write notebooks/NAME.ipynb from notebooks/NAME.py (jupytext's percent format), without outputs.

Usage: python -m tests.project.notebooks
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
SCRIPTS = sorted(FOLDER.glob("*.py"))


def made(script: Path) -> Any:
    """The notebook of a script; its cells are named by their number, so it is always the same."""
    import jupytext

    notebook = jupytext.read(script)
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
        # A formatter wants room before a class in a script, and none at the top of a cell.
        cell["source"] = cell["source"].strip("\n")
    notebook.metadata = {
        "jupytext": {"formats": "ipynb,py:percent"},
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return notebook


def text(script: Path) -> str:
    """Content of the notebook's file."""
    import nbformat

    return nbformat.writes(made(script)) + "\n"


if __name__ == "__main__":
    for script in SCRIPTS:
        script.with_suffix(".ipynb").write_text(text(script), encoding="utf-8")
        print(script.with_suffix(".ipynb").name)
