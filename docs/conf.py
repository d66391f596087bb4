"""Settings of Sphinx: ``sphinx-build -W --keep-going -b html docs OUT`` makes the documentation.

Nothing is executed and nothing is fetched: notebooks are shown with the outputs they store.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from numpydoc.xref import DEFAULT_LINKS
from sphinx.application import Sphinx

import balancegame as bg

DOCS = Path(__file__).parent


def copy_notebooks() -> None:
    """Sphinx reads below docs/ only, so the notebooks are copied there, their links mended."""
    target = DOCS / "notebooks"
    target.mkdir(exist_ok=True)
    sources = sorted((DOCS.parent / "notebooks").glob("*.ipynb"))
    for stale in {path.name for path in target.glob("*.ipynb")} - {path.name for path in sources}:
        (target / stale).unlink()
    for path in sources:
        text = path.read_text(encoding="utf-8").replace("](../docs/", "](../")
        copy = target / path.name
        if not copy.exists() or copy.read_text(encoding="utf-8") != text:
            copy.write_text(text, encoding="utf-8")


copy_notebooks()
shutil.rmtree(DOCS / "reference" / "generated", ignore_errors=True)  # with names that are no more

sys.modules["balancegame.published"] = bg.published  # reached as an attribute; Sphinx imports it

project = "balancegame"
author = "The balancegame developers"
copyright = author
version = release = bg.__version__

extensions = ["myst_nb", "numpydoc", "sphinx.ext.autodoc", "sphinx.ext.autosummary"]
exclude_patterns = ["figures/*.py"]
templates_path = ["_templates"]

nb_execution_mode = "off"
myst_heading_anchors = 3

autosummary_generate = True
autodoc_typehints = "none"  # docstrings name the types
autodoc_member_order = "bysource"
numpydoc_show_class_members = False
numpydoc_xref_param_type = True  # types link to the package's own classes, and to nothing else
numpydoc_xref_ignore = "all"
numpydoc_xref_aliases = {
    **{word: word for word in DEFAULT_LINKS},
    **{name: f"balancegame.{name}" for name in bg.__all__ if name[0].isupper()},
    **{name: f"balancegame.published.{name}" for name in bg.published.__all__ if name[0].isupper()},
}
default_role = "literal"  # `names` in docstrings are code
# On file systems that ignore case, class Endurance must not overwrite function endurance.
autosummary_filename_map = {
    f"balancegame.{name}": f"balancegame.{name}-class"
    for name in bg.__all__
    if name[0].isupper() and name.lower() in bg.__all__
}


def mend_links(_app: object, _name: str, source: list[str]) -> None:
    """Notebooks lie beside docs/ in the repository, and below it here."""
    source[0] = source[0].replace("](../notebooks/", "](notebooks/")


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("source-read", mend_links)


html_theme = "furo"
html_title = f"balancegame {release}"
html_show_sourcelink = False
html_copy_source = False
html_static_path = ["_static"]
html_css_files = ["tables.css"]
html_theme_options = {"navigation_with_keys": True}
