"""What the pages on extending show: Python to run, and changes for a copy of the package."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    (ROOT / "docs" / name).read_text(encoding="utf-8")
    for name in ("extending.md", "signal.md", "organ.md")
]


def section(heading: str) -> str:
    """Text under a heading, of a page or a part of it."""
    for page in PAGES:
        if page.startswith(f"# {heading}\n"):
            return page
    return PAGES[0].split(f"\n## {heading}\n")[1].split("\n## ")[0]


def python(heading: str) -> str:
    """All Python of a section, in one piece."""
    return "\n".join(re.findall(r"```python\n(.*?)```", section(heading), re.DOTALL))


def changes(heading: str) -> list[tuple[str, str, str]]:
    """File, old lines and new lines of every change of a section, in their order."""
    found = []
    for block in re.findall(r"```diff\n(.*?)```", section(heading), re.DOTALL):
        for part in re.split(r"^\+\+\+ ", block, flags=re.MULTILINE)[1:]:
            name, _, hunks = part.partition("\n")
            for hunk in re.split(r"^@@\n", hunks, flags=re.MULTILINE)[1:]:
                lines = [line or " " for line in hunk.splitlines() if not line.startswith("---")]
                old = "".join(line[1:] + "\n" for line in lines if line[0] in " -")
                new = "".join(line[1:] + "\n" for line in lines if line[0] in " +")
                found.append((name, old, new))
    return found


def apply(folder: Path, heading: str) -> None:
    """Make the changes of a section in a copy of the repository.

    Args:
        folder: The copy, with `simulation` in it.
        heading: Of the section.

    Raises:
        ValueError: The lines a change begins with do not stand there, or more than once.
    """
    for name, old, new in changes(heading):
        path = folder / name
        if not old:
            path.write_text(new, encoding="utf-8")
            continue
        text = path.read_text(encoding="utf-8")
        count = ("\n" + text).count("\n" + old)
        if count != 1:
            raise ValueError(f"{name}: these lines stand there {count} times, not once:\n{old}")
        place = ("\n" + text).index("\n" + old)
        path.write_text(text[:place] + new + text[place + len(old) :], encoding="utf-8")
