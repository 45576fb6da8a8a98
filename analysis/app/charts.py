"""The pictures of the page, as Vega-Lite, which Streamlit draws without asking anybody outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from analysis.figures import theme
from analysis.results.answer import Answer, Group
from analysis.results.colours import PALETTE
from analysis.results.summary import group_name
from analysis.words.languages import Language
from sim.engine.kinds import Array
from sim.programme.deployments import first_go_live

Spec = dict[str, Any]

FONT: Final = '"Source Sans", sans-serif'
INK: Final = theme.INK
QUIET: Final = theme.QUIET

CONFIG: Final[Spec] = {
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelColor": QUIET,
        "titleColor": QUIET,
        "titleFontWeight": "normal",
        "labelFontSize": 13,
        "titleFontSize": 13,
        "domain": False,
        "ticks": False,
        "gridColor": theme.FAINT,
        "labelPadding": 6,
    },
    "text": {"font": FONT, "fontSize": 14, "color": INK},
    "background": "white",
}


NEAR: Final[Spec] = {
    "type": "point",
    "on": "pointerover",
    "nearest": True,
    "fields": ["label"],
    "clear": "pointerout",
}
"""Selection of the strategy under the pointer."""


def course(answer: Answer, words: Language, observed: Sequence[Any] | None = None) -> Spec:
    """Return the course of use: weekly users with their bands, who ever tried dotted.

    The band of 80 % of the organisations comes out for the strategy under the pointer.

    Parameters
    ----------
    answer
        What the strategies do.
    words
        Language.
    observed
        What was counted: pairs of a month and a share of weekly users [0 to 1].
    """
    rows = [
        {
            "label": strategy.called(words),
            "month": month,
            "mean": float(strategy.adoption[0][month]),
            "low": float(strategy.adoption[1][month]),
            "high": float(strategy.adoption[2][month]),
            "told": words.percent(strategy.adoption[0][month]),
            "range": f"{words.percent(strategy.adoption[1][month])} \N{EN DASH} "
            f"{words.percent(strategy.adoption[2][month])}",
            "tried": float(tried[month]),
        }
        for strategy in answer.strategies
        for tried in [answer.result.curves(strategy.name, "tried").mean(axis=0)]
        for month in range(answer.last + 1)
    ]
    spec = _lines(
        answer,
        words,
        rows,
        (0.0, 1.0),
        words._("Weekly users, % of employees (dotted: ever tried)"),
        words._("80 of 100 organisations"),
    )
    y = spec["layer"][1]["encoding"]["y"]
    dotted = {"type": "line", "strokeWidth": 1.8, "strokeDash": [2, 4], "opacity": 0.85}
    spec["layer"].insert(1, {"mark": dotted, "encoding": {"y": {**y, "field": "tried"}}})
    live = first_go_live(answer.reference.scenario)
    if live > 1:
        spec["layer"].insert(0, _event(live - 1, words._("AI available"), answer.last))
    if observed:
        spec["layer"].append(_observed(observed, y, words))
    return spec


def _event(month: int, text: str, last: int) -> Spec:
    """Return a line across the picture at the end of a month, with its name."""
    data = {"values": [{"month": month, "text": text}]}
    rule = {"mark": {"type": "rule", "color": QUIET, "strokeDash": [4, 3]}}
    side = {"align": "left", "dx": 5} if month < last / 2 else {"align": "right", "dx": -5}
    name = {
        "mark": {"type": "text", "y": 8, "color": QUIET, "fontSize": 13, **side},
        "encoding": {"text": {"field": "text"}, "color": {"value": QUIET}},
    }
    colour = {"color": {"value": QUIET}}
    return {"data": data, "layer": [{**rule, "encoding": colour}, name]}


def _observed(observed: Sequence[Any], y: Spec, words: Language) -> Spec:
    """Return dots of what was counted."""
    values = [
        {"month": month, "mean": share, "told": words.percent(share), "label": words._("Counted")}
        for month, share in observed
    ]
    mark = {"type": "point", "filled": True, "size": 90, "color": INK, "stroke": "white"}
    return {"data": {"values": values}, "mark": mark, "encoding": {"y": y, "color": {"value": INK}}}


def funnel(rows: list[dict[str, Any]], answer: Answer, words: Language) -> Spec:
    """Return how many people are in each stage, a bar per strategy with its share in figures.

    Parameters
    ----------
    rows
        Each with ``stage``, ``label`` of the strategy, ``share`` [0 to 1] and ``told``, in words.
    answer
        What the strategies do, for their colours.
    words
        Language.
    """
    shades = {strategy.called(words): strategy.colour for strategy in answer.strategies}
    stages = list(dict.fromkeys(row["stage"] for row in rows))
    text = {"type": "text", "align": "left", "dx": 4, "fontSize": 13}
    hidden = {"title": None, "axis": None}
    return {
        "width": "container",
        "config": CONFIG,
        "data": {"values": rows},
        "facet": {
            "row": {
                "field": "stage",
                "sort": stages,
                "title": None,
                "header": {
                    "orient": "top",
                    "labelOrient": "top",
                    "labelAnchor": "start",
                    "labelFontSize": 13.5,
                    "labelFont": FONT,
                    "labelColor": INK,
                    "labelPadding": 2,
                },
            }
        },
        "spacing": 8,
        "spec": {
            "width": 250,
            "height": {"step": 17},
            "encoding": {
                "y": {"field": "label", "type": "nominal", "sort": list(shades), **hidden},
                "x": {
                    "field": "share",
                    "type": "quantitative",
                    "scale": {"domain": [0.0, 1.18], "nice": False},
                    **hidden,
                },
            },
            "layer": [
                {
                    "mark": {"type": "bar", "cornerRadiusEnd": 2, "height": 13},
                    "encoding": {
                        "color": {
                            "field": "label",
                            "legend": None,
                            "scale": {"domain": list(shades), "range": list(shades.values())},
                        },
                        "tooltip": [
                            {"field": "label", "title": words._("Strategy")},
                            {"field": "stage", "title": words._("Stage")},
                            {"field": "told", "title": words._("% of employees")},
                        ],
                    },
                },
                {"mark": text, "encoding": {"text": {"field": "told"}}},
            ],
        },
    }


def differences(answer: Answer, words: Language) -> Spec:
    """Return what each strategy adds to the reference: mean and its simultaneous 95 % band."""
    rows: list[dict[str, Any]] = [
        {
            "label": strategy.called(words),
            "month": month,
            "mean": added.mean,
            "low": added.band_low,
            "high": added.band_high,
            "told": words.points(added.mean),
            "range": f"{words.points(added.band_low)} \N{EN DASH} {words.points(added.band_high)}",
        }
        for strategy in answer.strategies[1:]
        for month, added in enumerate(strategy.added)
    ]
    low = min([0.0, *(row["low"] for row in rows)])
    high = max([0.05, *(row["high"] for row in rows)])
    high += 0.15 * (high - low)  # room for the name of the highest line
    title = words._("Percentage points more than {base}", base=answer.reference.called(words))
    return _lines(
        answer, words, rows, (low, high), title, words._("Simultaneous 95% band of the mean")
    )


def _lines(
    answer: Answer,
    words: Language,
    rows: list[dict[str, Any]],
    domain: tuple[float, float],
    title: str,
    band: str,
) -> Spec:
    """Return lines with bands, each named where it ends."""
    month = words._("Month")
    shades = {strategy.called(words): strategy.colour for strategy in answer.strategies}
    colour = {
        "field": "label",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": list(shades), "range": list(shades.values())},
    }
    ends = _ends([row for row in rows if row["month"] == answer.last], domain)
    x = {
        "field": "month",
        "type": "quantitative",
        "title": month,
        "scale": {"domain": [0, answer.last], "nice": False},
        "axis": {
            "values": list(range(0, answer.last + 1, 6 if answer.last > 12 else 3)),
            "grid": False,
        },
    }
    y = {
        "field": "mean",
        "type": "quantitative",
        "title": title,
        "scale": {"domain": list(domain)},
        "axis": {
            "labelExpr": "round(100 * datum.value)",
            "titleAngle": 0,
            "titleAlign": "left",
            "titleAnchor": "start",
            "titleY": -14,
            "titleX": 0,
            "tickCount": 5,
        },
    }
    tooltip = [
        {"field": "label", "title": words._("Strategy")},
        {"field": "month", "title": month},
        {"field": "told", "title": title},
        {"field": "range", "title": band},
    ]
    return {
        "height": 340,
        "width": "container",
        "config": CONFIG,
        "padding": {"left": 5, "right": 5, "top": 20, "bottom": 5},
        "data": {"values": rows},
        "encoding": {"x": x, "color": colour},
        "layer": [
            {
                "mark": {"type": "area"},
                "encoding": {
                    "y": {**y, "field": "low"},
                    "y2": {"field": "high"},
                    "opacity": {
                        "condition": {"param": "near", "empty": False, "value": 0.32},
                        "value": 0.09,
                    },
                },
            },
            {
                "mark": {"type": "line", "strokeWidth": 3, "strokeCap": "round"},
                "encoding": {"y": y},
            },
            {
                "params": [{"name": "near", "select": NEAR}],
                "mark": {"type": "point", "filled": True, "size": 120, "opacity": 0},
                "encoding": {"y": y, "tooltip": tooltip},
            },
            *_named(ends, y),
        ],
    }


def _named(ends: list[dict[str, Any]], y: Spec) -> list[Spec]:
    """Return names at the ends of lines, on a white edge so that they can be read on anything."""
    text = {"type": "text", "align": "right", "dy": -11, "fontWeight": 600}
    place = {"y": {**y, "field": "place"}, "text": {"field": "named"}}
    edge = {**text, "stroke": "white", "strokeWidth": 4, "strokeJoin": "round"}
    return [
        {
            "data": {"values": ends},
            "mark": edge,
            "encoding": {**place, "color": {"value": "white"}},
        },
        {"data": {"values": ends}, "mark": text, "encoding": place},
    ]


def _ends(rows: list[dict[str, Any]], domain: tuple[float, float]) -> list[dict[str, Any]]:
    """Return what is written at the end of each line, apart from each other."""
    apart = 0.075 * (domain[1] - domain[0])
    rows = sorted(rows, key=lambda row: float(row["mean"]))
    places: list[float] = []
    for row in rows:  # upwards, each above the one before
        places.append(max(row["mean"], places[-1] + apart) if places else row["mean"])
    top = domain[1]
    for k in reversed(range(len(places))):  # and down again, where they would stand above the top
        places[k] = min(places[k], top)
        top = places[k] - apart
    return [
        {**row, "place": place, "named": f"{row['label']}  {row['told']}"}
        for row, place in zip(rows, places, strict=True)
    ]


def groups(answer: Answer, kind: str, words: Language) -> Spec:
    """Return weekly users at the end by group, a bar per strategy."""
    there = [group for group in answer.groups if group.kind == kind]
    rows = [_group_row(group, strategy, words) for group in there for strategy in answer.strategies]
    shades = {strategy.called(words): strategy.colour for strategy in answer.strategies}
    return {
        "width": "container",
        "height": {"step": 15},
        "config": CONFIG,
        "data": {"values": rows},
        "encoding": {
            "y": {
                "field": "group",
                "type": "nominal",
                "title": None,
                "sort": None,
                "scale": {"paddingInner": 0.35},
                "axis": {"labelLimit": 260, "labelFontSize": 14, "labelColor": INK},
            },
            "yOffset": {"field": "label", "sort": list(shades)},
            "x": {
                "field": "share",
                "type": "quantitative",
                "scale": {"domain": [0, 1]},
                "title": words._(
                    "Weekly users in month {month}, % of the group", month=answer.last
                ),
                "axis": {"labelExpr": "round(100 * datum.value)", "tickCount": 5},
            },
            "color": {
                "field": "label",
                "type": "nominal",
                "scale": {"domain": list(shades), "range": list(shades.values())},
                "legend": {
                    "orient": "top",
                    "title": None,
                    "labelFontSize": 13,
                    "labelLimit": 300,
                    "columns": 2,
                },
            },
            "tooltip": [
                {"field": "group", "title": words._("Group")},
                {"field": "label", "title": words._("Strategy")},
                {"field": "told", "title": words._("Weekly users")},
            ],
        },
        "mark": {"type": "bar", "cornerRadiusEnd": 2},
    }


def _group_row(group: Group, strategy: Any, words: Language) -> dict[str, Any]:
    name = group_name(group.kind, group.name, words)
    people = words.number(group.people)
    return {
        "group": f"{name} ({people})",
        "label": strategy.called(words),
        "share": group.users[strategy.name],
        "told": words.percent(group.users[strategy.name]),
    }


EXTENT: Final = 170
"""Pixels left of what has months to the right, so that pictures below each other agree."""


def months_of(months: int) -> Spec:
    """Return the horizontal axis of what happens when."""
    return {
        "type": "quantitative",
        "scale": {"domain": [0.5, months + 0.5], "nice": False},
        "axis": {"values": [1, *range(6, months + 1, 6)], "grid": True},
    }


HOLLOW: Final[Spec] = {
    "fillOpacity": {"condition": {"test": "datum.done", "value": 1}, "value": 0},
    "strokeDash": {"condition": {"test": "datum.done", "value": [1, 0]}, "value": [3, 3]},
}
"""How the bar of something that is not done is drawn: empty, with a dashed line around it."""


def timeline(bars: list[dict[str, Any]], months: int, shade: str, words: Language) -> Spec:
    """Return what happens when, a row for each measure.

    Parameters
    ----------
    bars
        Each with ``name``, ``start`` and ``end`` [month], ``told``, what it is in words, and whether
        it is ``done``.
    months
        Last month.
    shade
        Colour of the strategy.
    """
    x = months_of(months)
    return {
        "width": "container",
        "height": {"step": 30},
        "config": CONFIG,
        "data": {"values": bars},
        "mark": {"type": "bar", "cornerRadius": 3, "height": 18, "color": shade, "stroke": shade},
        "encoding": {
            **HOLLOW,
            "y": {
                "field": "name",
                "type": "nominal",
                "title": None,
                "sort": None,
                "axis": {
                    "labelLimit": EXTENT - 8,
                    "labelFontSize": 14,
                    "labelColor": INK,
                    "minExtent": EXTENT,
                    "maxExtent": EXTENT,
                },
            },
            "x": {**x, "field": "start", "title": None, "axis": {**x["axis"], "labels": False}},
            "x2": {"field": "end"},
            "tooltip": [
                {"field": "name", "title": words._("Measure")},
                {"field": "told", "title": words._("When")},
            ],
        },
    }


def small_timeline(bars: list[dict[str, Any]], months: int, shade: str, words: Language) -> Spec:
    """Return the same so small that four fit beside each other: names stand above the bars."""
    x = {**months_of(months), "title": words._("Month")}
    y = {"field": "name", "type": "nominal", "axis": None, "sort": None}
    return {
        "width": "container",
        "height": {"step": 34},
        "config": CONFIG,
        "data": {"values": bars},
        "encoding": {"y": y, "x": {**x, "field": "start"}},
        "layer": [
            {
                "mark": {
                    "type": "bar",
                    "cornerRadius": 2,
                    "height": 7,
                    "yOffset": 9,
                    "color": shade,
                    "stroke": shade,
                },
                "encoding": {"x2": {"field": "end"}, **HOLLOW},
            },
            {
                "mark": {"type": "text", "align": "left", "dy": -4, "fontSize": 13, "limit": 230},
                "encoding": {"text": {"field": "name"}, "x": {"value": 0}},
            },
        ],
    }


def spending(costs: Array, months: int, shade: str, words: Language) -> Spec:
    """Return what a strategy has cost so far, month by month.

    Parameters
    ----------
    costs
        Euro spent so far, by month [months + 1].
    months
        Last month.
    shade
        Colour of the strategy.
    """
    spent = [
        {"month": month, "spent": float(cost), "told": words.euro(float(cost))}
        for month, cost in enumerate(costs)
        if month
    ]
    x = months_of(months)
    return {
        "width": "container",
        "height": 210,
        "config": CONFIG,
        "padding": {"left": 5, "right": 5, "top": 20, "bottom": 5},
        "data": {"values": spent},
        "encoding": {
            "x": {
                **x,
                "field": "month",
                "title": words._("Month"),
                "axis": {**x["axis"], "grid": False},
            },
            "y": {
                "field": "spent",
                "type": "quantitative",
                "title": words._("Cost so far, thousand euros"),
                "axis": {
                    "labelExpr": "round(datum.value / 1000)",
                    "tickCount": 3,
                    "titleAngle": 0,
                    "titleAlign": "left",
                    "titleAnchor": "start",
                    "titleY": -14,
                    "titleX": 0,
                    "minExtent": EXTENT,
                    "maxExtent": EXTENT,
                },
            },
            "tooltip": [
                {"field": "month", "title": words._("Month")},
                {"field": "told", "title": words._("Cost so far")},
            ],
        },
        "layer": [
            {"mark": {"type": "area", "color": shade, "opacity": 0.15}},
            {"mark": {"type": "line", "color": shade, "strokeWidth": 2.5}},
            {
                "data": {"values": spent[-1:]},
                "mark": {"type": "text", "align": "right", "dy": -10, "fontWeight": 600},
                "encoding": {"text": {"field": "told"}},
            },
        ],
    }


def network(
    dots: list[dict[str, Any]],
    ties: list[dict[str, float]],
    shades: dict[str, str],
    names: list[dict[str, Any]],
    words: Language,
) -> Spec:
    """Return people as dots and ties as lines.

    Parameters
    ----------
    dots
        Each with ``x``, ``y``, ``size``, ``kind`` (what its colour says) and ``told``.
    ties
        Each with ``x``, ``y``, ``x2``, ``y2``.
    shades
        Colour of each kind.
    names
        What is written where: ``x``, ``y``, ``name``.
    """
    free = {"scale": {"zero": False, "nice": False}, "axis": None, "type": "quantitative"}
    x, y = {**free, "field": "x"}, {**free, "field": "y"}
    return {
        "width": "container",
        "height": 560,
        "config": CONFIG,
        "layer": [
            {
                "data": {"values": ties},
                "mark": {"type": "rule", "color": "#9aa0a6", "opacity": 0.28, "strokeWidth": 0.7},
                "encoding": {"x": x, "y": y, "x2": {"field": "x2"}, "y2": {"field": "y2"}},
            },
            {
                "data": {"values": dots},
                "mark": {"type": "circle", "opacity": 1, "stroke": "white", "strokeWidth": 0.8},
                "encoding": {
                    "x": x,
                    "y": y,
                    "size": {"field": "size", "type": "quantitative", "scale": None},
                    "color": {
                        "field": "kind",
                        "type": "nominal",
                        "scale": {"domain": list(shades), "range": list(shades.values())},
                        "legend": {
                            "orient": "top",
                            "title": None,
                            "labelFontSize": 14,
                            "symbolSize": 140,
                            "labelLimit": 300,
                            "columns": 4,
                        },
                    },
                    "tooltip": [{"field": "told", "title": words._("Employee")}],
                },
            },
            {
                "data": {"values": names},
                "mark": {"type": "text", "fontWeight": 600, "fontSize": 14, "color": QUIET},
                "encoding": {"x": x, "y": y, "text": {"field": "name"}},
            },
        ],
    }


def map_of(circles: list[dict[str, Any]], lines: list[dict[str, Any]], words: Language) -> Spec:
    """Return departments as circles, by their people, and lines between them, by their ties.

    Parameters
    ----------
    circles
        Each with ``x``, ``y``, ``people``, ``name`` and ``told``.
    lines
        Each with ``x``, ``y``, ``x2``, ``y2``, ``ties`` and ``told``.
    """
    xs, ys = ([circle[axis] for circle in circles] for axis in ("x", "y"))
    edge = 0.2 * max(max(xs) - min(xs), max(ys) - min(ys), 1.0)
    x, y = (
        {
            "field": axis,
            "type": "quantitative",
            "axis": None,
            "scale": {
                "domain": [min(there) - edge, max(there) + edge],
                "nice": False,
                "zero": False,
            },
        }
        for axis, there in (("x", xs), ("y", ys))
    )
    text = {"type": "text", "color": INK}
    return {
        "width": "container",
        "height": 520,
        "config": CONFIG,
        "layer": [
            _ties_on_map(lines, x, y, words),
            _departments_on_map(circles, x, y, words),
            {
                "data": {"values": circles},
                "mark": {**text, "fontSize": 15, "fontWeight": 600, "dy": -8},
                "encoding": {"x": x, "y": y, "text": {"field": "name"}},
            },
            {
                "data": {"values": circles},
                "mark": {**text, "fontSize": 13, "dy": 10},
                "encoding": {"x": x, "y": y, "text": {"field": "people"}},
            },
        ],
    }


def _ties_on_map(lines: list[dict[str, Any]], x: Spec, y: Spec, words: Language) -> Spec:
    broad = max([1.0, *(line["ties"] for line in lines)])
    return {
        "data": {"values": lines},
        "mark": {"type": "rule", "color": QUIET, "opacity": 0.35},
        "encoding": {
            "x": x,
            "y": y,
            "x2": {"field": "x2"},
            "y2": {"field": "y2"},
            "strokeWidth": {
                "field": "ties",
                "type": "quantitative",
                "legend": None,
                "scale": {"domain": [0, broad], "range": [0, 22]},
            },
            "tooltip": [{"field": "told", "title": words._("Ties")}],
        },
    }


def _departments_on_map(circles: list[dict[str, Any]], x: Spec, y: Spec, words: Language) -> Spec:
    most = max(circle["people"] for circle in circles)
    return {
        "data": {"values": circles},
        "mark": {"type": "circle", "opacity": 1, "color": "#b9d8ee", "stroke": PALETTE[0]},
        "encoding": {
            "x": x,
            "y": y,
            "size": {
                "field": "people",
                "type": "quantitative",
                "legend": None,
                "scale": {"domain": [0, most], "range": [0, 14000]},
            },
            "tooltip": [
                {"field": "name", "title": words._("Department")},
                {"field": "told", "title": words._("Employees")},
            ],
        },
    }
