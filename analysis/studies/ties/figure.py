"""The figure of ties: odds of starting by using colleagues, and curves with other ties."""

from __future__ import annotations

from typing import Final

import numpy as np
from matplotlib.axes import Axes

from analysis.figures import theme
from analysis.figures.area import Area, Key, axes_in, sheet
from analysis.figures.frame import Picture
from analysis.results.colours import PALETTE, REFERENCE
from analysis.results.summary import called
from analysis.studies.ties.study import (
    CLUSTERED,
    COLLEAGUES,
    CONFIRMED,
    REWIRED,
    Ties,
    month_spoken_of,
)
from analysis.studies.ties.verdicts import headline, short_verdict
from analysis.words.languages import Language, language

HIGH: Final = 3.6
GUTTER: Final = 0.55
HEAD: Final = 0.55
FOOT: Final = 0.5
AXIS: Final = 0.5
"""Heights of the panels and of what stands above and below; gaps between them [inch]."""

TICKS: Final = (0.1, 0.2, 0.5, 0.7, 1, 1.5, 2, 3, 4, 6, 10, 20, 50)

COLOURS: Final = {"on": PALETTE[0], "off": REFERENCE}
TIMES: Final = "\N{MULTIPLICATION SIGN}"
LINES: Final = {REWIRED: PALETTE[4], CLUSTERED: PALETTE[2]}


def ties_figure(ties: Ties, lang: str = "en") -> Picture:
    """Draw two panels: who starts, and how fast use spreads.

    Parameters
    ----------
    ties
        What the study found.
    lang
        Language: ``en`` or ``nl``.

    Raises
    ------
    AdoptionError
        If there is no such language.
    """
    words = language(lang)
    picture, area = sheet(
        short_verdict(headline(ties), words),
        words._(
            "{scenario}: left who starts next, right the same people with other ties.",
            scenario=called(ties.scenario, words),
        ),
        words._(
            "Left: pooled odds ratio (Mantel-Haenszel) of a first start in a month, by colleagues who "
            "used it at its start, against people of the same organisation, department and month with "
            "none; lines: 95% interval from resampled organisations. Without contagion: colleagues' "
            "use does nothing, and the level is raised until as many use it in the end. Right: mean "
            "of {runs} organisations (runs) with the same people and luck. Clustered: a ring; rewired: "
            "its ties swapped ends, so that everybody has as many. Shaded: 95% interval of what sets "
            "clustered apart from rewired. Seed {seed}. What if, not a forecast.",
            runs=words.number(ties.runs),
            seed=ties.seed,
        ),
        HIGH,
        [
            [
                Key(words._("with contagion"), COLOURS["on"]),
                Key(words._("without contagion, as many use it"), COLOURS["off"]),
            ]
        ],
    )
    each = (area.wide - GUTTER) / 2.0
    titles = (
        words._("Odds of a first start, by using colleagues"),
        words._("Weekly users, by kind of ties"),
    )
    for number, (draw, title) in enumerate(zip((_odds, _curves), titles, strict=True)):
        left, top = area.left + number * (each + GUTTER), area.bottom + area.high
        theme.write(
            picture,
            left,
            top,
            theme.wrap(title, 11, each, bold=True),
            11,
            bold=True,
            color=theme.INK,
        )
        room = Area(left + AXIS, area.bottom + FOOT, each - AXIS, area.high - HEAD - FOOT)
        ax = axes_in(picture, room)
        draw(ax, ties, words)
        theme.plain(ax)
    return picture


def _odds(ax: Axes, ties: Ties, words: Language) -> None:
    """Draw odds ratios with intervals, side by side with and without contagion."""
    groups = [name for name in COLLEAGUES if name != CONFIRMED]
    ends = [1.0]
    for contagion, shift in (("on", -0.09), ("off", 0.09)):
        colour = COLOURS[contagion]
        for place, name in enumerate(groups):
            ratio = ties.odds.loc[(contagion, name)]
            value, low, high = (float(ratio[key]) for key in ("odds", "low", "high"))
            if not (np.isfinite(value) and value > 0.0):
                continue
            ends.append(value)
            span = [max(low, value / 20.0), min(high, value * 20.0)]
            ends += span
            ax.plot([place + shift] * 2, span, color=colour, linewidth=2.0, alpha=0.5)
            ax.plot(place + shift, value, "o", color=colour, markersize=7.0)
    if len(ends) == 1:
        ax.text(
            0.5,
            0.6,
            words._("There is nothing to compare."),
            transform=ax.transAxes,
            ha="center",
            color=theme.QUIET,
            fontproperties=theme.letters(10),
            parse_math=False,
        )
    ax.axhline(1.0, color=theme.QUIET, linewidth=1.0)
    ax.set_yscale("log")
    ax.set_ylim(min(0.8, 0.9 * min(ends)), max(2.2, 1.12 * max(ends)))
    ticks = [x for x in TICKS if ax.get_ylim()[0] <= x <= ax.get_ylim()[1]]
    ax.set_yticks(ticks, [words.number(x, 0 if x == round(x) else 1) + TIMES for x in ticks])
    ax.set_yticks([], minor=True)
    ax.set_xlim(-0.5, len(groups) - 0.5)
    ax.set_xticks(range(len(groups)), [*groups[:-1], words._("4 or more")])
    ax.set_xlabel(
        words._("colleagues who use it, against none"),
        fontproperties=theme.letters(9),
        color=theme.QUIET,
    )


def _curves(ax: Axes, ties: Ties, words: Language) -> None:
    """Draw curves of clustered and rewired ties, and the interval of their difference."""
    both = {name: 100.0 * ties.curves[name] for name in LINES}
    gain = both[CLUSTERED] - both[REWIRED]
    error = gain.std(axis=0, ddof=1) / np.sqrt(ties.runs)
    months = np.arange(gain.shape[1])
    middle = both[CLUSTERED].mean(axis=0)
    ax.fill_between(
        months,
        middle - 1.96 * error,
        middle + 1.96 * error,
        color=LINES[CLUSTERED],
        alpha=0.25,
        linewidth=0,
    )
    names = {CLUSTERED: words._("clustered"), REWIRED: words._("rewired")}
    last = months[-1]
    ends = [float(both[name].mean(axis=0)[-1]) for name in LINES]
    top = 1.15 * max(5.0, *(float(curves.mean(axis=0).max()) for curves in both.values()))
    ax.set_ylim(0.0, top)
    ax.set_xlim(0.0, 1.28 * last)
    room = 0.035 * top
    places = theme.spread(ends, [room] * 2, [room] * 2, 0.0, top)
    for place, (name, colour) in zip(places, LINES.items(), strict=True):
        ax.plot(months, both[name].mean(axis=0), color=colour, linewidth=2.4)
        ax.text(
            1.02 * last,
            place,
            names[name],
            va="center",
            color=theme.readable(colour),
            fontproperties=theme.letters(10, bold=True),
            parse_math=False,
        )
    month, points = month_spoken_of(int(last)), headline(ties).clustered
    low, high = sorted(float(both[name].mean(axis=0)[month]) for name in LINES)
    ax.plot([month, month], [low, high], color=theme.INK, linewidth=1.0)
    ax.text(
        month + 0.02 * last,
        low - 0.05 * top,
        words._("{points} points", points=words.number(points, 1, sign=True)),
        va="center",
        ha="left",
        color=theme.INK,
        fontproperties=theme.letters(9),
        parse_math=False,
    )
    ticks = theme.month_ticks(int(last))
    ax.set_xticks(ticks, [str(tick) for tick in ticks])
    values = [tick for tick in ax.get_yticks() if 0.0 <= tick <= top]
    ax.set_yticks(values, [words.percent(tick / 100.0) for tick in values])
    ax.set_xlabel(words._("month"), fontproperties=theme.letters(9), color=theme.QUIET)
