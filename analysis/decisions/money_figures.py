"""The figures of money: the frontier, and what the next euros bring."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from analysis.decisions import money_texts as texts
from analysis.decisions.frontier import Frontier
from analysis.decisions.next_euro import NextEuro, Step
from analysis.figures import theme
from analysis.figures.area import Area, Key, axes_in, sheet
from analysis.figures.frame import Picture, on_axis
from analysis.results.answer import evidence_name
from analysis.results.colours import PALETTE, REFERENCE

HIGH: Final = 4.6
"""Height of the frontier [inch]."""

LEFT: Final = 0.75
FOOT: Final = 0.5
"""Room for what is written beside and below the axes [inch]."""

ROW: Final = 0.24
"""Height of a measure [inch]."""

MOST: Final = 24
"""Measures that are drawn: those that bring most."""

NAMES: Final = 3.6
SPENT: Final = 1.9
"""Room for the names of measures, and for what the money is for [inch]."""

BEST: Final = PALETTE[0]
RIVALS: Final = {
    "equal": PALETTE[4],
    "rule": PALETTE[1],
    "random": PALETTE[3],
    "shipped": PALETTE[2],
}


def frontier_figure(result: Frontier) -> Picture:
    """Draw what the best plan for every budget reaches, where the scenario is, and other plans."""
    words, terms = result.words, result.terms
    called = {
        "equal": words._("money in equal parts"),
        "rule": words._("35 % of all money for people"),
        "random": words._("best of six by chance"),
        "shipped": words._("best of the shipped plans"),
    }
    there = [kind for kind in RIVALS if any(r.kind == kind for row in result.rivals for r in row)]
    paid = (
        words._("measures and technology over all months")
        if terms.licences
        else words._("measures over all months, beside the technology")
    )
    picture, area = sheet(
        texts.frontier_message(result),
        words._(
            "{goal}, by what is spent on {paid}",
            goal=_capital(texts.wanted(terms, words)),
            paid=paid,
        ),
        words._(
            "Blue: the best plan found for each budget; bars: {band}, over {runs} organisations "
            "(runs) that had no part in the search, the same for all plans. Other colours: other ways to "
            "spend the same money. Ring: “{name}” as it is. Plans tried: {tried}; measures to choose from: "
            "{measures}. Evidence: {evidence}. Seed {seed}.",
            band=texts.band_of(result),
            runs=words.number(result.runs),
            name=result.scenario.label,
            tried=words.number(result.tried),
            measures=words.number(result.levers),
            evidence=words.listed([evidence_name(name, words) for name in result.evidence]),
            seed=result.seed,
        ),
        HIGH,
        [[Key(words._("best plan"), BEST), *(Key(called[kind], RIVALS[kind]) for kind in there)]],
    )
    room = Area(
        area.left + LEFT, area.bottom + FOOT, area.wide - LEFT - 0.15, area.high - FOOT - 0.15
    )
    ax = axes_in(picture, room)
    for kind in there:
        _rival(ax, result, kind)
    _best(ax, result)
    _here(ax, result)
    theme.plain(ax)
    _axes(ax, result)
    return picture


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _rival(ax: Axes, result: Frontier, kind: str) -> None:
    """Draw another way to spend the money, at each budget."""
    places = [
        (point.budget, rival.value.value)
        for point, row in zip(result.points, result.rivals, strict=True)
        for rival in row
        if rival.kind == kind
    ]
    x, y = zip(*places, strict=True)
    ax.plot(x, y, "o-", color=RIVALS[kind], linewidth=0.9, markersize=4.5, alpha=0.85, zorder=2)


def _best(ax: Axes, result: Frontier) -> None:
    """Draw the best plans with their intervals."""
    x = np.array([point.budget for point in result.points])
    y = np.array([point.value.value for point in result.points])
    ends = np.array([[point.value.low, point.value.high] for point in result.points]).T
    looks: dict[str, Any] = {"color": BEST, "zorder": 4}
    ax.vlines(x, *ends, linewidth=2.2, alpha=0.45, **looks)
    ax.plot(x, y, "o-", linewidth=2.2, markersize=7, **looks)
    step = -(-len(x) // 8)
    for budget, value, top in list(zip(x, y, ends[1], strict=True))[:: max(1, step)]:
        ax.annotate(
            texts.level(float(value), result.terms, result.words),
            (budget, max(value, top)),
            (0, 4),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontproperties=theme.letters(9, True),
            color=theme.readable(BEST),
            parse_math=False,
        )


def _here(ax: Axes, result: Frontier) -> None:
    """Draw where the scenario itself is."""
    x, y = result.here_cost, result.here.value
    ax.vlines([x], [result.here.low], [result.here.high], color=theme.INK, linewidth=1.5, alpha=0.5)
    ring: dict[str, Any] = {"markerfacecolor": "white", "markeredgecolor": theme.INK}
    ax.plot([x], [y], "o", markersize=9, markeredgewidth=2, zorder=5, **ring)
    far = x > 0.7 * max(x, result.points[-1].budget)
    ax.annotate(
        result.words._("where you are: {value}", value=texts.level(y, result.terms, result.words)),
        (x, result.here.low),
        (4 if far else 0, -6),
        textcoords="offset points",
        ha="right" if far else "center",
        va="top",
        fontproperties=theme.letters(9),
        color=theme.INK,
        parse_math=False,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0, "alpha": 0.85},
        zorder=6,
    )


def _axes(ax: Axes, result: Frontier) -> None:
    """Write money below and the goal beside the axes."""
    words, terms = result.words, result.terms
    last = max(result.here_cost, result.points[-1].budget)
    ax.set_xlim(0.0, 1.06 * last)
    low, high = ax.get_ylim()
    ax.set_ylim(low - 0.06 * (high - low), high + 0.08 * (high - low))
    ax.xaxis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 2.5, 5, 10]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: words.euro(x) if x else "0"))
    ax.yaxis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 5, 10]))
    unit = "%" if terms.unit == "points" else ""
    ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{on_axis(y, words)}{unit}"))
    for label in (*ax.get_xticklabels(), *ax.get_yticklabels()):
        label.set_fontproperties(theme.letters(9))
    ax.set_xlabel(
        words._("budget, euro"), fontproperties=theme.letters(9), color=theme.QUIET, labelpad=6
    )


# --- The next euro ------------------------------------------------------------------------------


def next_figure(result: NextEuro) -> Picture:
    """Draw what every measure brings for the money, what brings most at the top."""
    words, terms = result.words, result.terms
    rows = result.rows[:MOST]
    money = words.euro(result.money)
    picture, area = sheet(
        texts.next_message(result),
        words._(
            "{goal}: what each measure adds for {money} more than now, {unit}",
            goal=_capital(texts.wanted(terms, words)),
            money=money,
            unit=words._("points") if terms.unit == "points" else terms.goal.unit,
        ),
        words._(
            "Dots: mean difference over {runs} organisations (runs) with the same people, ties and luck; "
            "lines: {band}. Blue: first, not clearly apart from the best. Beside the name: grade of "
            "the evidence for the effect. Hollow: more of it than the catalogue or the scenario speaks "
            "of. {drawn} of {all} measures are drawn, those that bring most. Start: “{name}”. Evidence: "
            "{evidence}. Seed {seed}.",
            band=texts.band_of(result),
            runs=words.number(result.runs),
            drawn=len(rows),
            all=len(result.rows),
            name=result.scenario.label,
            evidence=words.listed([evidence_name(name, words) for name in result.evidence]),
            seed=result.seed,
        ),
        ROW * max(1, len(rows)) + FOOT,
    )
    room = Area(
        area.left + NAMES,
        area.bottom + FOOT,
        area.wide - NAMES - SPENT,
        area.high - FOOT,
    )
    ax = axes_in(picture, room)
    theme.plain(ax)
    ax.grid(visible=False, axis="y")
    ax.grid(visible=True, axis="x", color=theme.FAINT, linewidth=0.8)
    ax.axvline(0.0, color=theme.QUIET, linewidth=1.0, zorder=1)
    for number, row in enumerate(rows):
        _step(ax, len(rows) - 1 - number, row)
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.set_yticks([])
    ax.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(
        FuncFormatter(lambda x, _: texts.amount(x, terms, words, True) if x else "0")
    )
    for label in ax.get_xticklabels():
        label.set_fontproperties(theme.letters(9))
    ax.set_xlabel(
        words._("points") if terms.unit == "points" else terms.goal.unit,
        fontproperties=theme.letters(9),
        color=theme.QUIET,
    )
    _names(picture, result, rows, room)
    return picture


def _colour(row: Step) -> str:
    """Return the colour of a measure: blue if it is first, grey if it is not clearly above nothing."""
    if row.low <= 0.0:
        return REFERENCE
    return BEST if row.place == 1 else PALETTE[5]


def _step(ax: Axes, y: float, row: Step) -> None:
    """Draw what a measure brings, with its interval."""
    colour = _colour(row)
    ax.plot([row.low, row.high], [y, y], color=colour, linewidth=2.4, alpha=0.5, zorder=2)
    face = "white" if row.outside else colour
    ax.plot([row.points], [y], "o", markersize=6, color=colour, markerfacecolor=face, zorder=3)


def _names(picture: Picture, result: NextEuro, rows: Sequence[Step], room: Area) -> None:
    """Write names and grades at the left, what the money is for at the right."""
    words = result.words
    wide, high = picture.get_size_inches()
    each = room.high / max(1, len(rows))
    for number, row in enumerate(rows):
        middle = room.bottom + room.high - each * (number + 0.5)
        bold = row.place == 1 and row.low > 0.0
        title = row.title(words) + (f" ({row.grade})" if row.grade else "")
        name = theme.wrap(title, 9, NAMES - 0.2, bold, most=1)[0]
        looks: dict[str, Any] = {"va": "center_baseline", "parse_math": False}
        picture.text(
            (room.left - 0.15) / wide,
            middle / high,
            name,
            ha="right",
            fontproperties=theme.letters(9, bold),
            color=theme.INK,
            **looks,
        )
        text = theme.wrap(texts.how(row.how, row, words), 8, SPENT - 0.15, most=1)[0]
        picture.text(
            (room.left + room.wide + 0.15) / wide,
            middle / high,
            text,
            fontproperties=theme.letters(8),
            color=theme.QUIET,
            **looks,
        )
