"""The picture of what was observed, and of what is to come."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from analysis.app.charts import CONFIG, INK, QUIET, Spec
from analysis.decisions.forecast import Forecast
from analysis.decisions.forecast_scores import BAND
from analysis.decisions.forecast_texts import between
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
    x, y = _axes(ahead, title, words)
    text = {"type": "text", "fontSize": 13, "align": "right", "dx": -2}
    last, end = ahead.levels.last, ahead.asked.scenario.simulation.months
    band = _band(ahead, words)
    tooltip = [{"field": "month", "title": words._("Month")}, {"field": "told", "title": " "}]
    ends = [
        {
            "month": end,
            "value": band[-1][edge],
            "told": words.percent(band[-1][edge] / 100.0),
            "up": up,
        }
        for edge, up in (("high", -9), ("low", 11))
    ]
    area = {"y": {**y, "field": "low"}, "y2": {"field": "high"}}
    value = {**y, "field": "value"}
    return {
        "width": "container",
        "height": 340,
        "config": CONFIG,
        "padding": {"left": 5, "right": 5, "top": 22, "bottom": 5},
        "encoding": {"x": x},
        "layer": [
            {
                "data": {"values": _before(ahead)},
                "mark": {"type": "area", "color": "#8a8f94", "opacity": 0.14},
                "encoding": area,
            },
            {
                "data": {"values": _lines(ahead)},
                "mark": {"type": "line", "color": OURS, "opacity": 0.22, "strokeWidth": 1},
                "encoding": {"y": value, "detail": {"field": "run"}},
            },
            {
                "data": {"values": band},
                "mark": {"type": "area", "color": OURS, "opacity": 0.25},
                "encoding": {**area, "tooltip": tooltip},
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
                "mark": {**text, "align": "left", "dx": 4, "dy": -8, "color": QUIET},
                "encoding": {"y": value, "text": {"value": words._("now")}},
            },
            {
                "data": {"values": _dots(ahead, words)},
                "mark": {"type": "circle", "color": INK, "opacity": 1, "size": 70},
                "encoding": {"y": value, "tooltip": tooltip},
            },
            {
                "data": {"values": ends},
                "mark": {**text, "fontWeight": 600, "color": INK, "dy": {"expr": "datum.up"}},
                "encoding": {"y": value, "text": {"field": "told"}},
            },
        ],
    }


def _axes(ahead: Forecast, title: str, words: Language) -> tuple[Spec, Spec]:
    """Return months, and shares from 0 to a little above the highest."""
    curves = 100.0 * ahead.particles.curves[ahead.levels.kpi]
    before = quantiles(curves, ahead.particles.prior, (BAND[1],))
    top = float(
        max(before.max(), (100.0 * ahead.band()[2]).max(), 100.0 * ahead.levels.values.max())
    )
    x = {
        "field": "month", "type": "quantitative", "title": words._("Month of the programme"),
        "scale": {"domain": [1, ahead.asked.scenario.simulation.months], "nice": False},
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
    return x, y


def _before(ahead: Forecast) -> list[dict[str, float]]:
    """Return where eight in ten of all simulated organisations lie, by month."""
    curves = 100.0 * ahead.particles.curves[ahead.levels.kpi]
    low, high = quantiles(curves, ahead.particles.prior, BAND)
    return [
        {"month": month, "low": float(low[month]), "high": float(high[month])}
        for month in range(1, low.size)
    ]


def _lines(ahead: Forecast) -> list[dict[str, float]]:
    """Return some organisations that fit, month by month."""
    curves = 100.0 * ahead.particles.curves[ahead.levels.kpi]
    which, _ = chosen(ahead.fit.weights, LINES)
    return [
        {"month": month, "value": float(curves[place][month]), "run": int(place)}
        for place in which
        for month in range(1, curves.shape[1])
    ]


def _band(ahead: Forecast, words: Language) -> list[dict[str, Any]]:
    """Return where eight in ten of those that fit lie, from the last month observed on."""
    low, _, high = 100.0 * ahead.band()
    return [
        {
            "month": month, "low": float(low[month]), "high": float(high[month]),
            "told": between(np.array([low[month], high[month]]) / 100.0, words),
        }
        for month in range(ahead.levels.last, low.size)
    ]  # fmt: skip


def _dots(ahead: Forecast, words: Language) -> list[dict[str, Any]]:
    """Return what was observed."""
    return [
        {"month": int(month), "value": 100.0 * float(value), "told": words.percent(float(value))}
        for month, value in zip(ahead.levels.months, ahead.levels.values, strict=True)
    ]
