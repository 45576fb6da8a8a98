"""The pictures of why, and better: bars with intervals, a frontier, a map of departments."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any, Final, NamedTuple

from analysis.app.charts import CONFIG, INK, QUIET, Spec
from analysis.results.colours import PALETTE
from analysis.words.languages import Language

GOOD: Final = PALETTE[0]
BAD: Final = "#b5472c"
ENDS: Final = "#8a8f94"
"""Colours of what adds, of what takes away, and of where it begins and ends."""

ROW: Final = 58
"""Height of a bar, with its name and its numbers above it."""


class Bar(NamedTuple):
    """A bar, with what is written above it.

    Attributes
    ----------
    name, told
        What it is called, and its numbers in words.
    start, end
        From where to where it goes.
    low, high
        Ends of the interval of ``end``; the same where there is none.
    colour
        Of the bar.
    hollow
        Whether it is drawn empty: what it rests on is weak.
    """

    name: str
    told: str
    start: float
    end: float
    low: float
    high: float
    colour: str
    hollow: bool = False


def bars(rows: Sequence[Bar], title: str, *, zero: bool = True, percent: bool = False) -> Spec:
    """Return bars with their intervals; names and numbers stand above each, so that a phone has room.

    Parameters
    ----------
    rows
        From above down.
    title
        Of the axis.
    zero
        Whether a line is drawn at 0.
    percent
        Whether the axis runs from 0 to 100.
    """
    values = [
        {
            **row._asdict(),
            "row": f"{number:03d}",
            "fill": "white" if row.hollow else row.colour,
            "dash": [4, 3] if row.hollow else [1, 0],
        }
        for number, row in enumerate(rows)
    ]
    ends = [end for row in rows for end in (row.start, row.end, row.low, row.high)]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    room = 0.04 * (high - low or 1.0)
    domain = [0, 100] if percent else [low - (room if low < 0.0 else 0.0), high + room]
    y = {"field": "row", "type": "ordinal", "axis": None, "sort": None}
    x = {
        "type": "quantitative",
        "title": title,
        "scale": {"domain": domain, "nice": False},
        "axis": {"grid": True, "tickCount": 5, "titleAlign": "left", "titleAnchor": "start"},
    }
    text = {"type": "text", "align": "left", "baseline": "middle"}
    return {
        "width": "container",
        "height": {"step": ROW},
        "config": CONFIG,
        "data": {"values": values},
        "encoding": {"y": y},
        "layer": [
            *([_zero()] if zero else []),
            {
                "mark": {"type": "bar", "height": 14, "yOffset": 16, "cornerRadius": 2},
                "encoding": {
                    "x": {**x, "field": "start"},
                    "x2": {"field": "end"},
                    "color": {"field": "fill", "type": "nominal", "scale": None, "legend": None},
                    "stroke": {"field": "colour", "type": "nominal", "scale": None},
                    "strokeDash": {"condition": {"test": "datum.hollow", "value": [4, 3]}, "value": [1, 0]},
                    "tooltip": [{"field": "told", "title": " "}],
                },
            },
            {
                "mark": {"type": "rule", "yOffset": 16, "strokeWidth": 1.6, "color": INK},
                "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}},
            },
            {
                "mark": {**text, "fontSize": 14, "fontWeight": 600, "dy": -18, "limit": 900},
                "encoding": {"x": {"value": 2}, "text": {"field": "name"}},
            },
            {
                "mark": {**text, "fontSize": 13, "color": QUIET, "dy": -2, "limit": 900},
                "encoding": {"x": {"value": 2}, "text": {"field": "told"}},
            },
        ],
    }  # fmt: skip


def _zero() -> Spec:
    return {
        "data": {"values": [{"at": 0}]},
        "mark": {"type": "rule", "color": QUIET, "strokeWidth": 1},
        "encoding": {"x": {"field": "at", "type": "quantitative"}, "y": None},
    }


def frontier(points: list[dict[str, Any]], here: dict[str, Any], words: Language) -> Spec:
    """Return the plans for some budgets, and where the strategy is.

    Parameters
    ----------
    points
        Each with ``cost`` [euro], ``value``, ``low``, ``high`` [percent] and ``told``.
    here
        The same of the strategy, with its ``name``.
    """
    x = {
        "field": "cost",
        "type": "quantitative",
        "title": words._("For measures over all months, thousand euros"),
        "scale": {"nice": True, "zero": True},
        "axis": {"labelExpr": "round(datum.value / 1000)", "tickCount": 6, "grid": False},
    }
    ends = [row[end] for row in [*points, here] for end in ("low", "high")]
    y = {
        "field": "value",
        "type": "quantitative",
        "title": words._("Weekly users, % of employees"),
        "scale": {"domain": [max(0.0, min(ends) - 5.0), min(100.0, max(ends) + 8.0)], "nice": False},
        "axis": {
            "tickCount": 5, "titleAngle": 0, "titleAlign": "left", "titleAnchor": "start",
            "titleY": -14, "titleX": 0,
        },
    }  # fmt: skip
    told = [{"field": "told", "title": " "}]
    return {
        "width": "container",
        "height": 300,
        "config": CONFIG,
        "padding": {"left": 5, "right": 5, "top": 22, "bottom": 5},
        "encoding": {"x": x},
        "layer": [
            {
                "data": {"values": points},
                "mark": {"type": "area", "color": GOOD, "opacity": 0.13},
                "encoding": {"y": {**y, "field": "low"}, "y2": {"field": "high"}},
            },
            {
                "data": {"values": points},
                "mark": {"type": "line", "color": GOOD, "strokeWidth": 3, "point": {"size": 90, "color": GOOD}},
                "encoding": {"y": y, "tooltip": told},
            },
            {
                "data": {"values": [here]},
                "mark": {"type": "rule", "color": BAD, "strokeWidth": 1.6},
                "encoding": {"y": {**y, "field": "low"}, "y2": {"field": "high"}},
            },
            {
                "data": {"values": [here]},
                "mark": {"type": "point", "filled": False, "size": 260, "strokeWidth": 3, "color": BAD, "fill": "white"},
                "encoding": {"y": y, "tooltip": told},
            },
            {
                "data": {"values": [here]},
                "mark": {"type": "text", "dy": 22, "fontWeight": 600, "color": BAD},
                "encoding": {"y": y, "text": {"field": "name"}},
            },
        ],
    }  # fmt: skip


def heat(
    rows: Sequence[tuple[str, Sequence[float]]],
    heads: Sequence[str],
    cells: Sequence[Sequence[str]],
    corner: str,
    most: float,
) -> str:
    """Return a table whose cells are darker the more there is; the numbers stand in them.

    Parameters
    ----------
    rows
        Names, and values from ``-most`` to ``most``.
    heads
        Names of the columns.
    cells
        What is written.
    corner
        What rows are.
    most
        Value of the darkest cell.
    """
    top = "".join(f"<th scope='col'>{escape(head)}</th>" for head in heads)
    body = "".join(
        f"<tr><th scope='row'>{escape(name)}</th>"
        + "".join(
            f"<td style='background:{_shade(value / most)}'>{escape(text)}</td>"
            for value, text in zip(values, texts, strict=True)
        )
        + "</tr>"
        for (name, values), texts in zip(rows, cells, strict=True)
    )
    return (
        f"<style>{HEAT}</style><table class='heat'><thead><tr><th scope='col'>{escape(corner)}</th>"
        f"{top}</tr></thead><tbody>{body}</tbody></table>"
    )


HEAT: Final = """
.heat { border-collapse: separate; border-spacing: 2px; width: 100%; table-layout: fixed; font-size: .95rem; }
.heat th { text-align: left; font-weight: 600; padding: .35rem .5rem; vertical-align: bottom;
  overflow-wrap: anywhere; }
.heat td { text-align: right; padding: .45rem .6rem; font-variant-numeric: tabular-nums; color: #1c1c1c; }
.heat thead th:not(:first-child) { text-align: right; }
@media (max-width: 640px) { .heat { font-size: .8rem; } .heat th, .heat td { padding: .3rem .25rem; } }
"""


def _shade(share: float) -> str:
    """Return a colour light enough for dark letters: blue for more, orange for less."""
    part = min(1.0, abs(share)) * 0.6
    ends = (0, 91, 148) if share >= 0.0 else (214, 96, 40)
    light = [round(255 + part * 0.75 * (end - 255)) for end in ends]
    return f"rgb({light[0]},{light[1]},{light[2]})"
