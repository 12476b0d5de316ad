"""Small repairs on what Sphinx reads: docstrings and figures of notebooks."""

from __future__ import annotations

from docutils import nodes


def join_arguments(app, what, name, thing, options, lines: list[str]) -> None:
    """Names before a colon may go over a line in our docstrings; napoleon wants them on one."""
    for number in reversed(range(len(lines) - 1)):
        line, below = lines[number], lines[number + 1]
        deeper = len(below) - len(below.lstrip()) > len(line) - len(line.lstrip())
        names = line.replace(",", "").replace(" ", "").replace("_", "").isalnum()
        if line.endswith(",") and names and ":" in below and deeper:
            lines[number : number + 2] = [f"{line} {below.lstrip()}"]


def describe_figures(app, doctree: nodes.document) -> None:
    """Say what a figure of a notebook is to whoever does not see it."""
    if not doctree["source"].endswith(".ipynb"):
        return  # A page says it itself, or a test complains.
    for image in doctree.findall(nodes.image):
        if not image.get("alt"):
            section = next(n for n in _above(image) if isinstance(n, nodes.section))
            image["alt"] = f"Figure drawn by the code above it: {section[0].astext()}"


def _above(node: nodes.Node):
    while node.parent is not None:
        node = node.parent
        yield node
