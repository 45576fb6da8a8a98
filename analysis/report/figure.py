"""The figure of the report: weekly users by month, in its language."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from analysis.figures.frame import Panel, Picture, Series, compose
from analysis.report.values import Report
from analysis.results.answer import Answer

WIDE: Final = 8.4
"""Width where there is room for names beside the lines [inch]."""

NARROW: Final = 4.0
"""Width on a telephone, with numbers only [inch]."""


def curves(answer: Answer, whole: Report, width: float = WIDE, height: float = 3.4) -> Picture:
    """Return the curves of all strategies, named at their right end.

    Parameters
    ----------
    one
        The answer.
    whole
        What the report says of it.
    width, height
        Of the figure, and of its panel at least [inch]; a narrow one has numbers, not names.
    """
    bands = answer.result.runs > 1
    series = [
        Series(
            strategy.colour,
            100.0 * strategy.adoption[0],
            (100.0 * strategy.adoption[1], 100.0 * strategy.adoption[2]) if bands else None,
            None,
            curve.end,
            curve.label if width > NARROW else "",
            reference=strategy is answer.reference,
        )
        for strategy, curve in zip(answer.strategies, whole.curves, strict=True)
    ]
    panel = Panel("", series, (0.0, 100.0), height, "%")
    drawn = compose(
        answer.result,
        "",
        "",
        [panel],
        "",
        calendar=whole.words["month"],
        go_live=whole.words["go_live"],
        width=width,
    )
    drawn.message, drawn.caption = whole.chart, whole.alt
    return drawn


@contextmanager
def any_letters() -> Iterator[None]:
    """Draw and measure letters that the font lacks as boxes, without a word about it."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from", UserWarning)
        yield
