"""The report as one page of HTML that needs nothing else."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Final

from analysis.figures import theme
from analysis.figures.frame import in_bytes
from analysis.report.figure import NARROW, curves
from analysis.report.values import Report
from analysis.results.answer import Answer

TEMPLATE: Final = Path(__file__).with_name("report.html.jinja")


def html_bytes(answer: Answer, whole: Report) -> bytes:
    """Return the page.

    Parameters
    ----------
    one
        The answer, for the figure.
    whole
        What is said.
    """
    from jinja2 import Environment, StrictUndefined, select_autoescape

    environment = Environment(
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["readable"] = theme.readable
    template = environment.from_string(TEMPLATE.read_text("utf-8"))
    page = template.render(
        report=whole,
        wide=_inline(in_bytes(curves(answer, whole), "svg")),
        narrow=_inline(in_bytes(curves(answer, whole, NARROW, 2.9), "svg")),
        pages=[whole.costs, whole.sure, whole.why],
    )
    return page.encode("utf-8")


def _inline(picture: bytes) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(picture).decode("ascii")
