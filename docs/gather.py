"""Bring in what lives outside this folder, and keep links whole on the way.

Pages link as they do where the code is read. In the site, a link to a notebook or to the changes
leads to its page here; a link to a file that is not part of the site is its text.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

from sphinx.util import logging

LOGGER = logging.getLogger(__name__)
HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
MADE = HERE / "made"  # written by each build, ignored by git

LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(((?:\.\./)+[^)#\s]+)(#[^)\s]*)?\)")
SOLUTION = re.compile(r"`solutions/(\w+)\.py`")
PAGE = re.compile(r"`docs/(\w+)\.md`")


def gather() -> None:
    """Write notebooks, solutions and changes as pages, and take away what is no longer one."""
    pages = {}
    for notebook in sorted((ROOT / "notebooks").glob("*.ipynb")):
        content = json.loads(notebook.read_text(encoding="utf-8"))
        for cell in content["cells"]:
            if cell["cell_type"] == "markdown":
                cell["source"] = [_linked(line) for line in cell["source"]]
        pages[notebook.name] = json.dumps(content, indent=1)
    parts = ["# Solutions\nTry first. Each is a script that ends in checks.\n"]
    for script in sorted((ROOT / "notebooks" / "solutions").glob("*.py")):
        code = script.read_text(encoding="utf-8")
        parts.append(f"## {script.stem}\n\n```python\n{code}```\n")
    pages["solutions.md"] = "\n".join(parts)
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    pages["changes.md"] = changes.replace("](docs/", "](../")
    MADE.mkdir(exist_ok=True)
    for left in MADE.iterdir():
        if left.is_file() and left.name not in pages:
            left.unlink()
    for name, text in pages.items():
        path = MADE / name
        # An untouched file is not built again.
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def _linked(line: str) -> str:
    """A line of a notebook whose files are links."""
    line = SOLUTION.sub(lambda m: f"[{m[0]}](solutions.md#{m[1]})", line)
    return PAGE.sub(lambda m: f"[{m[0]}](../{m[1]}.md)", line)


def inside(app, docname: str, source: list[str]) -> None:
    """Point links that leave this folder to their page, or leave their text."""
    folder = (HERE / docname).parent

    def found(match: re.Match[str]) -> str:
        text, link, anchor = match[1], match[2], match[3] or ""
        target = (folder / link).resolve()
        if not target.exists():
            LOGGER.warning("there is no %s", link, location=docname)
        if not target.is_relative_to(HERE):
            pages = {
                ROOT / "README.md": HERE / "index.md",
                ROOT / "CHANGELOG.md": MADE / "changes.md",
            }
            target = pages.get(target, MADE / target.name)
            if not target.exists():
                return text
        return f"[{text}]({os.path.relpath(target, folder)}{anchor})"

    source[0] = LINK.sub(found, source[0])
