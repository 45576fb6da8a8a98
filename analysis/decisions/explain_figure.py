"""The figure of an explanation: from the reference to the scenario, step by step; and how far people come."""

from __future__ import annotations

from typing import Final

from matplotlib.axes import Axes

from analysis.decisions.explain import Explained
from analysis.decisions.explain_texts import (
    funnel_words,
    message,
    side,
    size,
    title,
    unit_of,
)
from analysis.decisions.game import APPOINTED
from analysis.figures import theme
from analysis.figures.area import Area, axes_in, middle_of, rows_in, sheet
from analysis.figures.frame import Picture
from analysis.results.answer import evidence_name
from analysis.results.colours import PALETTE, REFERENCE
from analysis.words.languages import ENGLISH, Language

ROW: Final = 0.31
NAMES: Final = 2.75
NUMBERS: Final = 2.0
"""Height of a row, and room for names and numbers [inch]."""

WAY: Final = 0.95
"""Height of the way to daily use [inch]."""

MORE, LESS, DECREED = PALETTE[0], PALETTE[1], "#8fb8d6"

SHADES: Final = ("#d9d9d9", "#c9c9c9", "#e8d9b8", "#b9d7ea", "#6aaed6", "#1f6fab")
"""From no access to daily use."""


def explain_figure(why: Explained, words: Language = ENGLISH) -> Picture:
    """Draw what each measure adds as a waterfall, with intervals, and the way to daily use."""
    order = why.order
    rows = len(order) + 2
    spread = (
        words._("95 % interval over organisations")
        if len(why.levels[0]) == 1
        else words._(
            "middle 90 % of {number} sets of numbers ({sets})",
            number=words.number(len(why.levels[0])),
            sets=words.listed([evidence_name(name, words) for name in why.sets]),
        )
    )
    caption = words._(
        "What a measure adds is averaged over all orders in which measures can come (Shapley value); shares "
        "add up to the whole. Lines: {spread}. {runs} organisations (runs) with the same people, ties and luck in "
        "every coalition; doses as delivered in the whole programme. Seed {seed}.",
        spread=spread,
        runs=words.number(why.runs),
        seed=str(why.seed),
    )
    subtitle = words._(
        "{goal}: from “{reference}” to “{scenario}”",
        goal=_capital(why.goal.title(words)),
        reference=side(why, why.reference, words),
        scenario=side(why, why.scenario, words),
    )
    high = ROW * rows + 0.35 + WAY
    picture, area = sheet(message(why, words), subtitle, caption, high)
    top = Area(area.left, area.bottom + WAY + 0.35, area.wide, ROW * rows)
    _waterfall(picture, why, order, top, words)
    _way(picture, why, Area(area.left, area.bottom, area.wide, WAY), words)
    return picture


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _waterfall(
    picture: Picture, why: Explained, order: list[int], area: Area, words: Language
) -> None:
    """Draw the steps from the reference's level to the scenario's."""
    rows = len(order) + 2
    room = Area(area.left + NAMES, area.bottom, area.wide - NAMES - NUMBERS, area.high)
    ax = rows_in(picture, room, rows)
    before, after = (float(level.mean()) for level in why.levels)
    _bar(ax, 0, 0.0, before, REFERENCE)
    reach = before
    ends = [0.0, before, after]
    for row, k in enumerate(order, start=1):
        share = why.share(k)
        colour = DECREED if why.players[k] == APPOINTED else MORE if share.value >= 0.0 else LESS
        _bar(ax, row, reach, reach + share.value, colour)
        ax.plot([reach + share.low, reach + share.high], [row, row], color=theme.INK, linewidth=1.1)
        ax.plot([reach] * 2, [row - 1.32, row + 0.32], color=theme.QUIET, linewidth=0.6, zorder=0)
        ends += [reach + share.low, reach + share.high]
        reach += share.value
    ax.plot([reach] * 2, [rows - 2.32, rows - 0.68], color=theme.QUIET, linewidth=0.6, zorder=0)
    _bar(ax, rows - 1, 0.0, after, REFERENCE)
    margin = 0.02 * (max(ends) - min(ends))
    ax.set_xlim(min(ends) - margin, max(ends) + margin)
    digits = 1 if why.goal.unit == "points" else 2
    level = "%" if why.goal.unit == "points" else why.goal.unit
    texts = [
        (side(why, why.reference, words), f"{words.number(before, digits)} {level}".strip()),
        *(_texts(why, k, words) for k in order),
        (side(why, why.scenario, words), f"{words.number(after, digits)} {level}".strip()),
    ]
    for row, (name, number) in enumerate(texts):
        bold = row in (0, rows - 1)
        middle = middle_of(row, rows, area, 9)
        line = theme.wrap(name, 9, NAMES - 0.15, bold, most=1)
        theme.write(picture, area.left, middle, line, 9, bold=bold, color=theme.INK)
        left = room.left + room.wide + 0.12
        theme.write(picture, left, middle, [number], 9, bold=bold, color=theme.INK)


def _texts(why: Explained, k: int, words: Language) -> tuple[str, str]:
    """Return what a row of a player says on either side."""
    share = size(why.share(k), why.goal.unit, words)
    return title(why.players[k], why, words), f"{share} {unit_of(why, words)}"


def _bar(ax: Axes, row: int, left: float, right: float, colour: str) -> None:
    ax.barh(row, right - left, left=left, height=0.62, color=colour, linewidth=0)


def _way(picture: Picture, why: Explained, area: Area, words: Language) -> None:
    """Draw how far people come on the way to daily use, in both."""
    steps = funnel_words(why, words)
    heading = words._("How far people come, % of employees in month {month}", month=why.goal.month)
    theme.write(
        picture, area.left, area.bottom + area.high, [heading], 9, bold=True, color=theme.INK
    )
    room = Area(area.left + NAMES, area.bottom, area.wide - NAMES, area.high - 0.42)
    ax = axes_in(picture, room)
    theme.plain(ax)
    ax.grid(visible=False)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.set_xlim(0.0, 100.0)
    ax.set_ylim(1.5, -0.5)
    keys = [(name, SHADES[k]) for k, (name, *sides) in enumerate(steps) if max(sides) >= 0.05]
    x = room.left
    for name, colour in keys:
        theme.write(
            picture, x, room.bottom + room.high + 0.2, ["\N{BLACK SQUARE}"], 9, color=colour
        )
        theme.write(picture, x + 0.14, room.bottom + room.high + 0.2, [name], 8, color=theme.QUIET)
        x += 0.3 + theme.width_of(name, 8)
    for row in (0, 1):
        reach = 0.0
        for k, (_, *sides) in enumerate(steps):
            ax.barh(row, sides[row], left=reach, height=0.72, color=SHADES[k], linewidth=0)
            if sides[row] >= 4.0:
                dark = theme.contrast_with_white(SHADES[k]) > 4.0
                ax.text(
                    reach + sides[row] / 2.0,
                    row,
                    words.number(sides[row]),
                    ha="center",
                    va="center_baseline",
                    color="white" if dark else theme.INK,
                    fontproperties=theme.letters(8),
                )
            reach += sides[row]
    for row, scenario in enumerate((why.reference, why.scenario)):
        line = theme.wrap(side(why, scenario, words), 9, NAMES - 0.15, most=1)
        theme.write(picture, area.left, middle_of(row, 2, room, 9), line, 9, color=theme.INK)
