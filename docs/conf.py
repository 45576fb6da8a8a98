"""How the site is made of the pages: Markdown as it is, docstrings, and a gallery of scripts.

The source is the whole project, so that links between pages are the same in the repository and on
the site. ``bash .ci/site`` builds it into ``build/site``.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(Path(__file__).parent / "site"))

project = "ai-adoption"
author = "The ai-adoption authors"
project_copyright = "The ai-adoption authors, MIT licence"
release = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]

root_doc = "README"
include_patterns = [
    "*.md",
    "docs/*.md",
    "docs/reference/*.rst",
    "docs/pictures/*.rst",
    "sim/*.md",
    "sim/engine/*.md",
]
exclude_patterns = [
    ".*",
    "build",
    "dist",
    "results",
    "tests",
    "docs/pictures/sg_execution_times.rst",
]

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "sphinx_gallery.gen_gallery",
    "formulas",  # docs/site/
    "contents",
    "reference",
]

# A reference that leads nowhere is a warning, and a warning ends the build. Classes of other packages have
# their pages elsewhere; names of this project that have no page of their own have to exist (docs/site/reference.py).
nitpicky = True
nitpick_ignore_regex = [("py:class", r"(?!sim\.|analysis\.).*")]

# --- Markdown ------------------------------------------------------------------------------

myst_enable_extensions = ["amsmath", "dollarmath"]
myst_fence_as_directive = ["math"]
myst_heading_anchors = 6

# --- Docstrings ----------------------------------------------------------------------------

autodoc_typehints = "description"
autodoc_typehints_description_target = "all"
autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
autodoc_inherit_docstrings = False
autosummary_generate = False
napoleon_google_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = True
add_module_names = False
python_use_unqualified_type_names = True

# --- Gallery -------------------------------------------------------------------------------

sphinx_gallery_conf = {
    "examples_dirs": "docs/gallery",
    "gallery_dirs": "docs/pictures",
    "filename_pattern": r".*\.py",
    "within_subsection_order": "FileNameSortKey",
    "abort_on_example_error": True,
    "download_all_examples": False,
    "remove_config_comments": True,
    "show_memory": False,
    "show_signature": False,
    "min_reported_time": 1e9,
    "write_computation_times": False,
    "plot_gallery": True,
    "image_scrapers": ("figures",),
    "capture_repr": ("_repr_html_",),
    "reset_modules": (),
}

copybutton_exclude = ".linenos, .gp, .go"
copybutton_selector = "div:not(.sphx-glr-script-out) > div.highlight pre"

# --- Look ----------------------------------------------------------------------------------

html_theme = "furo"
html_title = f"ai-adoption {release}"
html_static_path = ["site/static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_copy_source = False
html_show_search_summary = (
    False  # what stands around a word is fetched, which no browser does from a disk
)
pygments_style = "friendly"
pygments_dark_style = "monokai"
