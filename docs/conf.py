"""How Sphinx builds these pages: `sphinx-build -W docs results/site`.

Nothing is fetched while building, and a built page asks for nothing from elsewhere. Notebooks are
run; `-D nb_execution_mode=off` leaves them as they are.
"""

import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from gather import gather, inside  # noqa: E402
from tidy import describe_figures, join_arguments, reachable, still_widgets  # noqa: E402

import gutexo  # noqa: E402

gather()

# Loaded here as anybody loads them: autodoc would do it as a type checker does, and pydantic cannot
# make a model that takes further keys then.
for name in dir(gutexo):
    getattr(gutexo, name)

project = "gutexo"
author = copyright = "The gutexo authors"
release = version = tomllib.loads((HERE.parent / "pyproject.toml").read_text())["project"][
    "version"
]
language = "en"
highlight_language = "none"  # a block that names no language is a terminal's

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["*.py", "__pycache__"]

myst_heading_anchors = 4  # the anchors that headings have where the code is read

nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 300  # a cell, on a busy machine with nothing compiled
nb_execution_show_tb = True
nb_output_stderr = "remove"  # progress, line by line
nb_ipywidgets_js: dict[str, dict] = {}  # would come from elsewhere

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
add_module_names = False
maximum_signature_line_length = 80
napoleon_numpy_docstring = False
napoleon_use_ivar = True  # attributes in a table; those that are columns have an entry besides

html_theme = "furo"
html_title = "gutexo"
html_copy_source = html_show_sourcelink = html_show_sphinx = html_domain_indices = False


def setup(app):
    """Join in where Sphinx reads a page, a docstring, a notebook."""
    app.connect("source-read", inside)
    app.connect("autodoc-process-docstring", join_arguments, priority=400)  # before napoleon
    app.connect("doctree-read", describe_figures)
    app.connect("doctree-read", still_widgets)
    app.connect("html-page-context", reachable, priority=900)  # after the theme
