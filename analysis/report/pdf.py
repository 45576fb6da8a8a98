"""The report as a PDF on A4, set by typst; texts are data and never markup."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final

from analysis.figures import theme
from analysis.figures.frame import in_bytes
from analysis.report.figure import curves
from analysis.report.lanes import pale
from analysis.report.values import Report
from analysis.results.answer import Answer
from sim.errors import AdoptionError

TEMPLATE: Final = Path(__file__).with_name("report.typ")

FONTS: Final = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSansMono.ttf")
"""Fonts it is set in, which ship with matplotlib."""

WIDTH: Final = 7.0
"""Width of the figure, about that of the text [inch]."""


def pdf_bytes(answer: Answer, whole: Report) -> bytes:
    """Return the PDF; the same result gives the same bytes.

    Raises
    ------
    AdoptionError
        If it cannot be set.
    """
    import matplotlib
    import typst

    there = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    data = asdict(replace(whole, logo=None))
    data["logo"] = f"logo.{whole.logo.suffix}" if whole.logo else ""
    for lane in data["timeline"]["lanes"]:
        lane["pale"] = pale(lane["colour"])
    data["curves"] = []  # the figure has them
    data["readable"] = {curve.colour: theme.readable(curve.colour) for curve in whole.curves}
    with tempfile.TemporaryDirectory() as folder:
        for font in FONTS:
            shutil.copyfile(there / font, Path(folder) / font)
        shutil.copyfile(TEMPLATE, Path(folder) / TEMPLATE.name)
        (Path(folder) / "report.json").write_text(json.dumps(data), "utf-8")
        if whole.logo is not None:
            (Path(folder) / data["logo"]).write_bytes(whole.logo.content)
        picture = in_bytes(curves(answer, whole, WIDTH, _height(whole)), "svg")
        (Path(folder) / "curves.svg").write_bytes(picture)
        try:
            pdf: bytes = typst.compile(
                str(Path(folder) / TEMPLATE.name),
                root=folder,
                font_paths=[folder],
                ignore_system_fonts=True,
                format="pdf",
            )
        except typst.TypstError as error:
            raise AdoptionError(f"the report cannot be set as PDF: {error}") from error
    return pdf


def _height(whole: Report) -> float:
    """Return how high the figure is, so that the first page has room for the rest [inch]."""
    beside = len(whole.curves) + 1.5 * len(whole.warnings) + 1.5 * (whole.logo is not None)
    return float(min(3.25, max(2.0, 3.25 - 0.4 * (beside - 4))))
