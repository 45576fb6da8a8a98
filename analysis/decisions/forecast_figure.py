"""The figure of a forecast: dots, the runs that fit, the band to come; and what each plan does."""

from __future__ import annotations

from typing import Final

import numpy as np
from matplotlib.axes import Axes

from analysis.decisions.forecast import Forecast
from analysis.decisions.forecast_scores import BAND
from analysis.decisions.forecast_texts import kpi_name, message, plan_name, within
from analysis.decisions.forecast_weights import chosen, quantiles
from analysis.figures import theme
from analysis.figures.area import Area, Key, axes_in, middle_of, rows_in, sheet
from analysis.figures.frame import Picture
from analysis.results.colours import PALETTE
from analysis.results.summary import called, label_of
from analysis.words.languages import ENGLISH, Language

CURVES: Final = 3.4
ROW: Final = 0.42
HEAD: Final = 0.55
FOOT: Final = 0.62
"""Heights of the curves, of a plan, of the heading above plans, and of the axis below curves [inch]."""

NAMES: Final = 2.9
NUMBERS: Final = 2.6
AXIS: Final = 0.5
"""Room for names and numbers beside plans, and for values beside curves [inch]."""

LINES: Final = 60
"""Runs that are drawn."""

OURS, RUN, LESS = PALETTE[0], "#9db7c9", PALETTE[1]


def forecast_figure(ahead: Forecast, words: Language = ENGLISH) -> Picture:
    """Draw what was observed, what fits, the band to come, and plans from here."""
    levels, fit = ahead.levels, ahead.fit
    caption = words._(
        "Each thin line is a simulated organisation (run), drawn by how well it fits the months observed: {runs} "
        "were simulated under {vectors} sets of numbers, and {effective} count. Band: middle 80 % of them. "
        "Plans share people, ties, luck and past; what stands beside a plan is its difference from going on, "
        "organisation by organisation, mean and middle 80 %. Seed {seed}.",
        runs=words.number(ahead.runs),
        vectors=words.number(len(ahead.asked.vectors)),
        effective=words.number(fit.effective),
        seed=str(ahead.seed),
    )
    if ahead.doubted:
        caption = words._(
            "Do not trust this band: what was observed hardly fits what the scenario says was done. {caption}",
            caption=caption,
        )
    subtitle = words._(
        "{scenario}: {kpi}, % of employees; observed to month {month}",
        scenario=called(ahead.asked.scenario, words),
        kpi=within(label_of(levels.kpi, words)),
        month=levels.last,
    )
    keys = [
        Key(words._("observed"), theme.INK),
        Key(words._("runs that fit"), RUN, 5.0),
        Key(words._("middle 80 % of them"), OURS),
    ]
    rows = len(ahead.plans)
    high = CURVES + FOOT + HEAD + ROW * rows
    picture, area = sheet(message(ahead, words), subtitle, caption, high, [keys])
    top = Area(area.left + AXIS, area.bottom + high - CURVES, area.wide - AXIS - 0.9, CURVES)
    _curves(axes_in(picture, top), ahead, words)
    _end(picture, ahead, top, words)
    _plans(picture, ahead, Area(area.left, area.bottom, area.wide, ROW * rows + HEAD), words)
    return picture


def _curves(ax: Axes, ahead: Forecast, words: Language) -> None:
    """Draw dots, runs and the band over months."""
    levels = ahead.levels
    curves = 100.0 * ahead.particles.curves[levels.kpi]
    last, end = levels.last, curves.shape[1] - 1
    calendar = np.arange(end + 1)
    which, _ = chosen(ahead.fit.weights, LINES)
    for curve in curves[which]:
        ax.plot(calendar, curve, color=RUN, linewidth=0.6, alpha=0.45, zorder=1)
    low, middle, high = 100.0 * ahead.band()
    to_come = slice(last, None)
    ax.fill_between(
        calendar[to_come],
        low[to_come],
        high[to_come],
        color=OURS,
        alpha=0.22,
        linewidth=0,
        zorder=2,
    )
    for edge in (low, high):
        ax.plot(calendar[to_come], edge[to_come], color=OURS, linewidth=1.1, zorder=3)
    if ahead.points:
        ax.plot(calendar[to_come], middle[to_come], color=OURS, linewidth=2.2, zorder=3)
    ax.plot(levels.months, 100.0 * levels.values, "o", color=theme.INK, markersize=5.5, zorder=5)
    ax.axvline(last, color=theme.QUIET, linewidth=0.9, linestyle=(0, (2, 2)), zorder=1)
    ax.set_xlim(0, end)
    ax.set_ylim(0, 100)
    ax.set_xticks(theme.month_ticks(end))
    ax.set_yticks([0, 25, 50, 75, 100], [f"{tick} %" for tick in (0, 25, 50, 75, 100)])
    ax.set_xlabel(words._("Month of the programme"), fontproperties=theme.letters(9))
    ax.xaxis.label.set_color(theme.QUIET)
    theme.plain(ax)
    ax.annotate(
        words._("now"),
        (last, 1.0),
        (4, -2),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        va="top",
        color=theme.QUIET,
        fontproperties=theme.letters(8),
    )


def _end(picture: Picture, ahead: Forecast, area: Area, words: Language) -> None:
    """Write the ends of the band, and its middle where it is told, beside the last month."""
    low, middle, high = (float(end) for end in 100.0 * ahead.band()[:, -1])
    ends = [low, high] if not ahead.points else [low, middle, high]
    half = theme.height_of(1, 10) / 2.0
    wanted = [area.bottom + area.high * end / 100.0 for end in ends]
    places = theme.spread(
        wanted, [half] * len(ends), [half] * len(ends), area.bottom - 0.1, area.bottom + area.high
    )
    for end, place in zip(ends, places, strict=True):
        theme.write(
            picture,
            area.left + area.wide + 0.1,
            place + half,
            [f"{words.number(end)} %"],
            10,
            bold=end == middle,
            color=theme.readable(OURS),
        )


def _plans(picture: Picture, ahead: Forecast, area: Area, words: Language) -> None:
    """Draw what each plan reaches in the month asked for, and how far that is from going on."""
    rows = len(ahead.plans)
    heading = words._(
        "What each plan does from here: {kpi} in month {month}",
        kpi=within(kpi_name(ahead.levels.kpi, words)),
        month=ahead.asked.month,
    )
    top = area.bottom + area.high
    theme.write(picture, area.left, top, [heading], 10, bold=True, color=theme.INK)
    room = Area(area.left + NAMES, area.bottom, area.wide - NAMES - NUMBERS, ROW * rows)
    ax = rows_in(picture, room, rows)
    ax.set_xlim(0.0, 100.0)
    heads = [(room.left, words._("reached, middle 80 %"))]
    if rows > 1:
        heads.append((room.left + room.wide + 0.15, words._("beside going on: mean (middle 80 %)")))
    for left, head in heads:
        theme.write(picture, left, top - 0.24, [head], 8, color=theme.QUIET)
    for k, name in enumerate(ahead.plans):
        low, middle, high = 100.0 * ahead.reached(k)
        colour = OURS if k == 0 or float(ahead.apart(k) @ ahead.outcomes.weights) >= 0.0 else LESS
        ax.barh(k, 100.0, height=0.5, color="#f3f3f3", linewidth=0, zorder=0)
        ax.barh(k, high - low, left=low, height=0.5, color=colour, alpha=0.8, linewidth=0)
        if ahead.points:
            ax.plot([middle] * 2, [k - 0.25, k + 0.25], color="white", linewidth=2.2)
        for end, side, away in ((low, "right", -4), (high, "left", 4)):
            inside = not 12.0 <= end <= 88.0 and (side == "left") == (end > 88.0)
            ax.annotate(
                f"{words.number(end)} %",
                (end, k),
                (-away if inside else away, 0),
                textcoords="offset points",
                ha={"right": "left", "left": "right"}[side] if inside else side,
                va="center_baseline",
                color="white" if inside else theme.QUIET,
                fontproperties=theme.letters(8),
            )
        title = theme.wrap(plan_name(name, ahead, words), 9, NAMES - 0.15, most=2)
        begin = middle_of(k, rows, room, 9) + theme.height_of(len(title) - 1, 9) / 2.0
        theme.write(picture, area.left, begin, title, 9, color=theme.INK)
        if k:
            place = room.left + room.wide + 0.15, middle_of(k, rows, room, 9)
            theme.write(picture, *place, [_beside(ahead, k, words)], 9, bold=True, color=theme.INK)


def _beside(ahead: Forecast, plan: int, words: Language) -> str:
    """Return how far a plan is from going on: '+7 points (+1 to +14)'."""
    apart, weights = ahead.apart(plan), ahead.outcomes.weights
    low, high = quantiles(apart, weights, BAND)
    return words._(
        "{mean} points ({low} to {high})",
        mean=words.points(float(apart @ weights)),
        low=words.points(float(low)),
        high=words.points(float(high)),
    )
