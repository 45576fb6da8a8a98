"""The figure of a debriefing: where each team ended, and what its moves were worth here and elsewhere."""

from __future__ import annotations

from typing import Final

import numpy as np
from matplotlib.axes import Axes

from analysis.decisions.debrief import NOTHING, PLAN, Debriefed, Worth, title_of
from analysis.decisions.debrief_texts import label, message, verdict
from analysis.figures import theme
from analysis.figures.area import Area, axes_in, middle_of, rows_in, sheet
from analysis.figures.frame import Picture
from analysis.results.colours import PALETTE, REFERENCE
from analysis.words.languages import ENGLISH, Language
from sim.scenario.catalogue import read_events

LINES: Final = 3.1
ROW: Final = 0.3
NAMES: Final = 3.5
TAGS: Final = 2.6
VERDICTS: Final = 2.3
"""Height of the lines and of a row, room for names, ends of lines and verdicts [inch]."""

MOST_TEAMS: Final = 8
"""Teams drawn in colours of their own; others are grey."""


def debrief_figure(out: Debriefed, words: Language = ENGLISH) -> Picture:
    """Draw weekly users of everybody by month, and of a single team what each move was worth."""
    worths = out.worths[out.teams[0].team] if len(out.teams) == 1 else []
    high = LINES + (ROW * len(worths) + 0.6 if worths else 0.0) + 0.35
    caption = words._(
        "The same people, ties and luck for everybody: seed {seed}, organisation {run}. The best shipped "
        "plan that fits the money was chosen in other organisations. Vertical: what happened.",
        seed=str(out.world.rules.seed),
        run=str(out.world.rules.run),
    )
    if worths:
        caption += " " + words._(
            "A move is worth what is missing at the end without it. Bars: here; dots with 95 % intervals: "
            "mean over {others} other organisations. Luck: the two do not agree, or the interval holds 0.",
            others=words.number(out.others),
        )
    subtitle = words._("Weekly users, % of employees, by month")
    picture, area = sheet(message(out, words), subtitle, caption, high)
    top = Area(
        area.left + 0.35, area.bottom + area.high - LINES, area.wide - 0.35 - TAGS, LINES - 0.05
    )
    _lines(picture, out, top, words)
    if worths:
        below = Area(area.left, area.bottom, area.wide, ROW * len(worths))
        _worths(picture, out, worths, below, words)
    return picture


def _colour(name: str, place: int) -> str:
    if name == NOTHING:
        return REFERENCE
    if name == PLAN:
        return theme.INK
    return PALETTE[place % len(PALETTE)] if place < MOST_TEAMS else theme.QUIET


def _lines(picture: Picture, out: Debriefed, area: Area, words: Language) -> None:
    """Draw a line for everybody, with its end and its name."""
    ax = axes_in(picture, area)
    theme.plain(ax)
    last = out.world.last
    most = max(float(line.curve.max()) for line in out.lines.values())
    ax.set_xlim(0, last)
    ax.set_ylim(0, min(100.0, 1.12 * most + 1.0))
    ax.set_xticks(range(0, last + 1, out.world.rules.months))
    for place, (name, line) in enumerate(out.lines.items()):
        ax.plot(
            np.arange(last + 1),
            line.curve,
            color=_colour(name, place),
            linewidth=1.6 if name in (NOTHING, PLAN) else 2.2,
            linestyle=(0, (4, 1.5)) if name == PLAN else "-",
            clip_on=False,
        )
    _happened(ax, out, words)
    low, high = ax.get_ylim()
    ends = [
        area.bottom + area.high * (line.end - low) / (high - low) for line in out.lines.values()
    ]
    half = theme.height_of(1, 9) / 2.0
    tags = [
        theme.wrap(f"{words.number(line.end)} % {label(name, line, words)}", 9, TAGS - 0.2, most=2)
        for name, line in out.lines.items()
    ]
    below = [theme.height_of(len(tag), 9) - half + 0.04 for tag in tags]
    places = theme.spread(
        ends, [half] * len(tags), below, area.bottom - 0.2, area.bottom + area.high + 0.2
    )
    for place, (name, tag) in enumerate(zip(out.lines, tags, strict=True)):
        colour = theme.readable(_colour(name, place))
        left = area.left + area.wide + 0.15
        theme.write(picture, left, places[place] + half, tag, 9, color=colour)


def _happened(ax: Axes, out: Debriefed, words: Language) -> None:
    """Mark events in their months."""
    kinds = read_events()
    high = ax.get_ylim()[1]
    for name, event in sorted(out.world.rules.events.items(), key=lambda item: item[1].month):
        ax.axvline(event.month, color=theme.QUIET, linewidth=0.9, linestyle=(0, (2, 2)), zorder=1)
        ax.text(
            event.month + 0.15,
            high,
            "\n".join(theme.wrap(str(words.of(kinds[event.kind or name].title)), 8, 0.95)),
            va="top",
            color=theme.QUIET,
            fontproperties=theme.letters(8),
            parse_math=False,
        )


def _worths(
    picture: Picture, out: Debriefed, worths: list[Worth], area: Area, words: Language
) -> None:
    """Draw what each move is worth, here and elsewhere."""
    heading = words._(
        "What is missing without a move, points of weekly users in month {month}",
        month=out.world.last,
    )
    theme.write(
        picture, area.left, area.bottom + area.high + 0.3, [heading], 9, bold=True, color=theme.INK
    )
    rows, state = len(worths), out.teams[0]
    room = Area(area.left + NAMES, area.bottom, area.wide - NAMES - VERDICTS, area.high)
    ax = rows_in(picture, room, rows)
    ax.axvline(0.0, color=theme.QUIET, linewidth=0.9)
    for row, worth in enumerate(worths):
        colour = PALETTE[0] if worth.here >= 0.0 else PALETTE[1]
        ax.barh(row, worth.here, height=0.6, color=colour, alpha=0.55, linewidth=0)
        ax.plot([worth.low, worth.high], [row, row], color=theme.INK, linewidth=1.2)
        ax.plot([worth.others], [row], "o", color=theme.INK, markersize=4.5)
        middle = middle_of(row, rows, area, 9)
        name = words._(
            "{move}, month {month}", move=title_of(worth.name, state, words), month=worth.month
        )
        theme.write(
            picture,
            area.left,
            middle,
            theme.wrap(name, 9, NAMES - 0.15, most=1),
            9,
            color=theme.INK,
        )
        text = words._(
            "{here} here, {others} elsewhere: {verdict}",
            here=words.number(worth.here, 1),
            others=words.number(worth.others, 1),
            verdict=verdict(worth, words),
        )
        theme.write(picture, room.left + room.wide + 0.12, middle, [text], 8, color=theme.INK)
