"""The order of the pages. The README stays as it is: the site adds the contents below it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

CONTENTS = {
    "Start": [
        "docs/install",
        "docs/pictures/index",
        "docs/consultant",
        "docs/safety",
        "docs/decisions",
        "docs/scenario-files",
        "docs/your-own-organisation",
        "docs/student",
        "docs/teaching",
        "docs/tasks",
        "docs/tasks.nl",
        "docs/play",
    ],
    "Model and evidence": [
        "docs/model",
        "docs/limits",
        "docs/researcher",
        "sim/ODD",
        "docs/model-family",
        "sim/DECISIONS",
    ],
    "At scale, and other engines": [
        "docs/sweeps",
        "docs/mesa",
        "docs/engine",
        "sim/engine/SUBSET",
    ],
    "Reference": [
        "docs/reference/commands",
        "docs/reference/scenario",
        "docs/reference/sim",
        "docs/reference/analysis",
    ],
    "Project": ["CONTRIBUTING", "CHANGELOG"],
}
"""Pages by heading of the menu. A page that is missing here is an error of the build."""

PLAY_ON = "play-on.html"
"""File to play on with, which ``.ci/site`` writes beside the first page."""


def add_contents(app: Sphinx, page: str, source: list[str]) -> None:
    """Add the contents to the first page, unseen: the theme shows them as its menu."""
    if page != app.config.root_doc:
        return
    source[0] = source[0].replace("](docs/gallery)", "](docs/pictures/index.rst)")
    source[0] += (
        f'\n\n<p><a href="{PLAY_ON}">Play on here</a>: four strategies in a hundred organisations, '
        "simulated in your browser.</p>\n"
    )
    for heading, pages in CONTENTS.items():
        lines = "\n".join(f"/{one}" for one in pages)
        source[0] += f"\n\n```{{toctree}}\n:hidden:\n:caption: {heading}\n\n{lines}\n```\n"


def read_again(app: Sphinx, *_: Any) -> list[str]:
    """Return the first page: the contents may be others than when it was read."""
    return [app.config.root_doc]


def also_as_index(app: Sphinx, error: Exception | None) -> None:
    """Keep the first page under the name browsers and servers look for as well."""
    if error is None and app.builder.format == "html":
        out = Path(app.outdir)
        shutil.copyfile(out / f"{app.config.root_doc}.html", out / "index.html")


def setup(app: Sphinx) -> dict[str, bool]:
    """Listen to what Sphinx reads and ends."""
    app.connect("env-get-outdated", read_again)
    app.connect("source-read", add_contents)
    app.connect("build-finished", also_as_index)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
