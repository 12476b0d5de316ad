"""Small repairs on what Sphinx reads: docstrings, and what notebooks show."""

from __future__ import annotations

from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector

WIDGET = "application/vnd.jupyter.widget-view+json"
STILL = (
    "In JupyterLab a mouse can be watched and played with here; a page that has no Python cannot "
    "show it. gutexo page opens the same in a browser."
)


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


def still_widgets(app, doctree: nodes.document) -> None:
    """Say what stands where a widget lives in a notebook, and leave out what it was made of."""
    for bundle in list(doctree.findall(nodes.container)):
        kinds = [child.get("mime_type") for child in bundle.children if child.get("mime_type")]
        if WIDGET in kinds:
            bundle.replace_self(nodes.note("", nodes.paragraph(text=STILL)))
            scripts = NbMetadataCollector.get_js_files(app.env, app.env.current_document.docname)
            scripts.pop("ipywidgets_state", None)


def reachable(app, pagename, templatename, context: dict, doctree) -> None:
    """Captions of the sidebar say their level; wide code can be scrolled with the keyboard."""
    tree = context.get("furo_navigation_tree", "")
    context["furo_navigation_tree"] = tree.replace(
        'role="heading"', 'role="heading" aria-level="2"'
    )
    context["body"] = context.get("body", "").replace("<pre>", '<pre tabindex="0">')


def _above(node: nodes.Node):
    while node.parent is not None:
        node = node.parent
        yield node
