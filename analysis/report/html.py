"""The report as one page of HTML that needs nothing else."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any, Final

from analysis.figures import theme
from analysis.figures.frame import in_bytes
from analysis.report.figure import NARROW, curves
from analysis.report.lanes import pale
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
    environment.filters["firm"] = _firm
    environment.filters["pale"] = pale
    template = environment.from_string(TEMPLATE.read_text("utf-8"))
    page = template.render(
        report=whole,
        wide=_inline(in_bytes(curves(answer, whole), "svg")),
        narrow=_inline(in_bytes(curves(answer, whole, NARROW, 2.9), "svg")),
        pages=[
            *(whole.costs, whole.sure, whole.why),
            *(whole.choices, whole.added, whole.parts, whole.within),
            *(*whole.searched, whole.turns, whole.days),
        ],
    )
    return page.encode("utf-8")


SIGNED: Final = re.compile("[+\N{MINUS SIGN}]?€[\N{NO-BREAK SPACE} ]?[0-9.,]*[0-9]")
"""An amount, which a line may break neither after its sign nor before its number."""


def _firm(text: str) -> Any:
    """Return a text for a page in which no amount is broken between its sign and its number."""
    from markupsafe import Markup, escape

    whole = SIGNED.sub(lambda amount: f'<span class="n">{amount.group()}</span>', str(escape(text)))
    return Markup(whole)


def _inline(picture: bytes) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(picture).decode("ascii")
