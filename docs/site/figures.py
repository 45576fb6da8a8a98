"""Which figures of a script the gallery shows: those that its variables hold."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from sphinx_gallery.scrapers import figure_rst

LEAST_SHARPNESS = 150
"""Pixels per inch, so that letters are sharp on today's screens."""


def keep(block: Any, variables: dict[str, Any], settings: dict[str, Any]) -> str:
    """Write the figures that are new since the last block, and return how the page shows them."""
    shown = variables.setdefault("shown_figures", set())
    written = []
    for name, figure in list(variables["example_globals"].items()):
        if isinstance(figure, Figure) and id(figure) not in shown and not name.startswith("_"):
            shown.add(id(figure))
            path = str(next(variables["image_path_iterator"]))
            figure.savefig(path, dpi=max(LEAST_SHARPNESS, figure.dpi))
            written.append(path)
    plt.close("all")
    return figure_rst(written, settings["src_dir"]) if written else ""


def _get_sg_image_scraper() -> Any:
    return keep
