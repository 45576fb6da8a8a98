"""The pictures of the game, as Vega-Lite: the log of licences, where teams end, what moves are worth."""

from __future__ import annotations

from typing import Any, Final

from analysis.app.charts import CONFIG, FONT, INK, QUIET, Spec
from analysis.decisions.debrief import NOTHING, Debriefed, title_of
from analysis.decisions.debrief_texts import label, verdict
from analysis.results.colours import PALETTE, REFERENCE
from analysis.words.languages import Language
from sim.play import Seen, State

ROW: Final = 30


def log(view: Seen, last: int, words: Language) -> Spec:
    """Return how many licences there are, and how many of them are used, month by month."""
    rows = [
        {"month": month, "people": people, "what": what}
        for what, counts in (
            (words._("licences"), view.licences),
            (words._("used in the month"), view.used),
        )
        for month, people in enumerate(counts)
    ]
    return {
        "height": 220,
        "width": "container",
        "config": CONFIG,
        "data": {"values": rows},
        "mark": {"type": "line", "strokeWidth": 3, "point": {"filled": True, "size": 50}},
        "encoding": {
            "x": {
                "field": "month",
                "type": "quantitative",
                "title": words._("Month"),
                "scale": {"domain": [0, last], "nice": False},
                "axis": {"values": list(range(0, last + 1, 3)), "grid": False},
            },
            "y": {
                "field": "people",
                "type": "quantitative",
                "title": words._("People"),
                "axis": {"titleAngle": 0, "titleAlign": "left", "titleY": -10, "titleX": 0},
            },
            "color": {
                "field": "what",
                "type": "nominal",
                "scale": {"range": [REFERENCE, PALETTE[0]]},
                "sort": None,
                "legend": {"orient": "top", "title": None, "labelFont": FONT, "labelFontSize": 13},
            },
            "tooltip": [
                {"field": "month", "title": words._("Month")},
                {"field": "what", "title": " "},
                {"field": "people", "title": words._("People")},
            ],
        },
    }


def ends(out: Debriefed, words: Language) -> Spec:
    """Return weekly users month by month of every team, of doing nothing, and of the best plan."""
    rows = [
        {"label": label(name, line, words), "month": month, "share": float(share)}
        for name, line in out.lines.items()
        for month, share in enumerate(line.curve)
    ]
    names = [label(name, line, words) for name, line in out.lines.items()]
    teams = iter(PALETTE * 10)
    shades = [REFERENCE if name == NOTHING else next(teams) for name in out.lines]
    return {
        "height": 300,
        "width": "container",
        "config": CONFIG,
        "data": {"values": rows},
        "mark": {"type": "line", "strokeWidth": 3},
        "encoding": {
            "x": {
                "field": "month",
                "type": "quantitative",
                "title": words._("Month"),
                "scale": {"nice": False},
                "axis": {"values": list(range(0, out.world.last + 1, 3)), "grid": False},
            },
            "y": {
                "field": "share",
                "type": "quantitative",
                "title": words._("Weekly users, % of employees"),
                "scale": {"domain": [0, 100]},
                "axis": {
                    "titleAngle": 0,
                    "titleAlign": "left",
                    "titleY": -10,
                    "titleX": 0,
                    "tickCount": 5,
                },
            },
            "color": {
                "field": "label",
                "type": "nominal",
                "scale": {"domain": names, "range": shades},
                "legend": {
                    "orient": "bottom",
                    "columns": 2,
                    "title": None,
                    "labelFont": FONT,
                    "labelFontSize": 13,
                    "labelLimit": 360,
                },
            },
            "tooltip": [
                {"field": "label", "title": " "},
                {"field": "month", "title": words._("Month")},
                {
                    "field": "share",
                    "title": words._("Weekly users, % of employees"),
                    "format": ".0f",
                },
            ],
        },
    }


def worths(out: Debriefed, state: State, words: Language) -> Spec:
    """Return what each move was worth: a bar here, a dot with its interval elsewhere."""
    rows: list[dict[str, Any]] = []
    for worth in out.worths[state.team]:
        title = title_of(worth.name, state, words)
        rows.append(
            {
                "move": words._("{move}, month {month}", move=title, month=worth.month),
                "here": worth.here,
                "others": worth.others,
                "low": worth.low,
                "high": worth.high,
                "verdict": verdict(worth, words),
            }
        )
    y = {"field": "move", "type": "nominal", "sort": None, "title": None}
    axis = {"title": words._("Points of weekly users (bar: here; dot: in other organisations)")}
    x = {"type": "quantitative", **axis}
    tooltip = [
        {"field": "move", "title": " "},
        {"field": "here", "title": words._("here"), "format": ".1f"},
        {"field": "others", "title": words._("elsewhere"), "format": ".1f"},
        {"field": "verdict", "title": words._("verdict")},
    ]
    return {
        "width": "container",
        "height": {"step": ROW},
        "config": CONFIG,
        "data": {"values": rows},
        "encoding": {
            "y": {**y, "axis": {"labelLimit": 230, "labelFontSize": 13, "labelColor": INK}},
            "tooltip": tooltip,
        },
        "layer": [
            {
                "mark": {"type": "bar", "height": 18, "opacity": 0.55},
                "encoding": {
                    "x": {**x, "field": "here"},
                    "color": {
                        "condition": {"test": "datum.here < 0", "value": PALETTE[1]},
                        "value": PALETTE[0],
                    },
                },
            },
            {
                "mark": {"type": "rule", "color": INK},
                "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 55, "color": INK},
                "encoding": {"x": {**x, "field": "others"}},
            },
            {"mark": {"type": "rule", "color": QUIET}, "encoding": {"x": {"datum": 0}}},
        ],
    }
