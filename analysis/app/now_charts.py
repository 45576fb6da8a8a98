"""The picture of what was observed, and of what is to come."""

from __future__ import annotations

from typing import Final

import numpy as np

from analysis.app.charts import CONFIG, INK, QUIET, Spec
from analysis.decisions.forecast import Forecast
from analysis.decisions.forecast_scores import BAND
from analysis.decisions.forecast_weights import chosen, quantiles
from analysis.results.colours import PALETTE
from analysis.words.languages import Language

LINES: Final = 25
"""Simulated organisations that fit, drawn as lines."""

OURS: Final = PALETTE[0]


def course(ahead: Forecast, title: str, words: Language) -> Spec:
    """Return dots, what all simulated organisations do, those that fit, and the band to come.

    Parameters
    ----------
    ahead
        The forecast.
    title
        Of the vertical axis.
    """
    kpi, last, end = ahead.levels.kpi, ahead.levels.last, ahead.asked.scenario.simulation.months
    curves = 100.0 * ahead.particles.curves[kpi]
    before = quantiles(curves, ahead.particles.prior, (BAND[0], BAND[1]))
    low, middle, high = 100.0 * ahead.band()
    which, _ = chosen(ahead.fit.weights, LINES)
    wide = [
        {"month": m, "low": float(before[0][m]), "high": float(before[1][m])}
        for m in range(1, end + 1)
    ]
    band = [
        {
            "month": m, "low": float(low[m]), "high": float(high[m]), "middle": float(middle[m]),
            "told": words._(
                "{low} to {high} %", low=words.number(float(low[m])), high=words.number(float(high[m]))
            ),
        }
        for m in range(last, end + 1)
    ]  # fmt: skip
    lines = [
        {"month": m, "value": float(curves[place][m]), "run": int(place)}
        for place in which
        for m in range(1, end + 1)
    ]
    dots = [
        {"month": int(m), "value": 100.0 * float(value), "told": words.percent(float(value))}
        for m, value in zip(ahead.levels.months, ahead.levels.values, strict=True)
    ]
    top = max(
        [
            *(row["high"] for row in band),
            *(row["high"] for row in wide),
            *(dot["value"] for dot in dots),
        ]
    )
    x = {
        "field": "month", "type": "quantitative", "title": words._("Month of the programme"),
        "scale": {"domain": [1, end], "nice": False},
        "axis": {"grid": False, "tickMinStep": 1, "tickCount": 8},
    }  # fmt: skip
    y = {
        "type": "quantitative", "title": title,
        "scale": {"domain": [0, min(100.0, float(np.ceil((top + 8.0) / 10.0)) * 10.0)]},
        "axis": {
            "tickCount": 5, "titleAngle": 0, "titleAlign": "left", "titleAnchor": "start",
            "titleY": -14, "titleX": 0,
        },
    }  # fmt: skip
    text = {"type": "text", "fontSize": 13, "align": "right", "dx": -2}
    return {
        "width": "container",
        "height": 340,
        "config": CONFIG,
        "padding": {"left": 5, "right": 5, "top": 22, "bottom": 5},
        "encoding": {"x": x},
        "layer": [
            {
                "data": {"values": wide},
                "mark": {"type": "area", "color": "#8a8f94", "opacity": 0.14},
                "encoding": {"y": {**y, "field": "low"}, "y2": {"field": "high"}},
            },
            {
                "data": {"values": lines},
                "mark": {"type": "line", "color": OURS, "opacity": 0.22, "strokeWidth": 1},
                "encoding": {"y": {**y, "field": "value"}, "detail": {"field": "run"}},
            },
            {
                "data": {"values": band},
                "mark": {"type": "area", "color": OURS, "opacity": 0.25},
                "encoding": {
                    "y": {**y, "field": "low"}, "y2": {"field": "high"},
                    "tooltip": [{"field": "month", "title": words._("Month")}, {"field": "told", "title": " "}],
                },
            },
            *(
                {
                    "data": {"values": band},
                    "mark": {"type": "line", "color": OURS, "strokeWidth": 1.6},
                    "encoding": {"y": {**y, "field": edge}},
                }
                for edge in ("low", "high")
            ),
            {
                "data": {"values": [{"month": last}]},
                "mark": {"type": "rule", "color": QUIET, "strokeDash": [4, 4]},
            },
            {
                "data": {"values": [{"month": last, "value": 0}]},
                "mark": {"type": "text", "align": "left", "dx": 4, "dy": -8, "color": QUIET, "fontSize": 13},
                "encoding": {"y": {**y, "field": "value"}, "text": {"value": words._("now")}},
            },
            {
                "data": {"values": dots},
                "mark": {"type": "circle", "color": INK, "opacity": 1, "size": 70},
                "encoding": {
                    "y": {**y, "field": "value"},
                    "tooltip": [{"field": "month", "title": words._("Month")}, {"field": "told", "title": " "}],
                },
            },
            {
                "data": {"values": [
                    {"month": end, "value": band[-1]["high"], "told": words.percent(band[-1]["high"] / 100.0), "up": -9},
                    {"month": end, "value": band[-1]["low"], "told": words.percent(band[-1]["low"] / 100.0), "up": 11},
                ]},
                "mark": {**text, "fontWeight": 600, "color": INK, "dy": {"expr": "datum.up"}},
                "encoding": {"y": {**y, "field": "value"}, "text": {"field": "told"}},
            },
        ],
    }  # fmt: skip
