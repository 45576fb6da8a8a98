"""Every claim in a row: what was claimed, what is simulated under each body of evidence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

from analysis.figures import theme
from analysis.figures.area import Area, Key, middle_of, rows_in, sheet
from analysis.figures.frame import Picture
from analysis.studies.claims.figure import COLOURS
from analysis.studies.validation.rows import SECTIONS, Line, Row, Section
from analysis.studies.validation.study import Scorecard
from analysis.studies.validation.texts import message

MARKS: Final = ("o", "D")
"""A mark for each evidence set."""

ROW: Final = 0.215
HEAD: Final = 0.42
GAP: Final = 0.22
"""Height of a figure of a claim, of the title of a section, and of the air below it [inch]."""

NAMES: Final = 3.55
VALUES: Final = 2.35
"""Room left and right of the dots [inch]."""

EDGE: Final = 5.0
"""Where the axis ends, in half-widths of the band from its middle."""


def scorecard_figure(card: Scorecard, title: str = "") -> Picture:
    """Draw each claim in a row, its band in grey, dots and intervals in the colour of the verdict.

    The axis is the same for all: the middle of the band that a claim leaves, and as many half-widths
    of it to either side.

    Parameters
    ----------
    card
        What was found.
    title
        By default what became of the claims held out, in a line.
    """
    shown: tuple[Section, ...] = ("calibrated", "held out")
    parts = [
        (section, [row for row in card.rows if row.section == section])
        for section in shown
        if any(row.section == section for row in card.rows)
    ]
    high = sum(_height(rows) for _, rows in parts)
    sets = " and ".join(
        f"{card.origin['vectors'][evidence]} of {evidence}" for evidence in card.sets
    )
    picture, area = sheet(
        title or message(card),
        "Each claim on a scale of its own, on which the band that it leaves is equally wide.",
        f"Grey: the band of the claim. Mark: mean over parameter vectors ({sets}), each with "
        f"{card.size.organisations} organisations (runs) of its own, the same people, ties and luck "
        "in both arms; line: the middle 90 % of the vectors, without the noise of few organisations. "
        f"Troughs: {card.size.sagging} organisations a vector, continued "
        f"{card.origin['continuations']} times each. Thin upright: no effect. Arrows: beyond the "
        f"edge. Seed {card.seed}.",
        high,
        [
            [Key(verdict, colour) for verdict, colour in COLOURS.items()],
            [
                Key(f"{'round' if k == 0 else 'diamond'}: {name} evidence", theme.QUIET, 6.0)
                for k, name in enumerate(card.sets)
            ],
        ],
    )
    top = area.bottom + area.high
    for section, rows in parts:
        _section(picture, SECTIONS[section], rows, card.sets, area.left, top, area.wide)
        top -= _height(rows)
    return picture


def _height(rows: Sequence[Row]) -> float:
    """Return the height of a section."""
    return HEAD + ROW * sum(len(row.lines) for row in rows) + GAP


def _section(
    picture: Picture,
    title: str,
    rows: Sequence[Row],
    sets: Sequence[str],
    left: float,
    top: float,
    wide: float,
) -> None:
    """Draw the claims of a section below each other."""
    theme.write(picture, left, top - 0.08, [title], 11, bold=True, color=theme.INK)
    heads = " | ".join(sets)
    theme.write(
        picture,
        left + wide - VALUES + 0.12,
        top - 0.12,
        [f"claimed: {heads}"],
        8,
        color=theme.QUIET,
    )
    lines = [(row, place, line) for row in rows for place, line in enumerate(row.lines)]
    high = ROW * len(lines)
    across = wide - NAMES - VALUES
    bottom = top - HEAD - high
    area = Area(left + NAMES, bottom, across, high)
    ax = rows_in(picture, area, len(lines))
    ax.set_xlim(-EDGE - 0.4, EDGE + 0.4)
    ax.axvspan(-1.0, 1.0, color=theme.FAINT, linewidth=0, zorder=0)
    for number, (row, place, line) in enumerate(lines):
        if place == 0 and number > 0:
            ax.axhline(number - 0.5, color=theme.FAINT, linewidth=0.6, zorder=0)
        if line.band is not None:
            _dots(ax, number, line, sets, row)
        y = middle_of(number, len(lines), area)
        text = f"{row.name}  {row.title}" if place == 0 else f"        {line.label}"
        looks: dict[str, Any] = {"color": theme.INK if place == 0 else theme.QUIET}
        named = theme.wrap(text, 8, NAMES - 0.1, most=1)
        theme.write(picture, left, y, named, 8, **looks)
        values = f"{line.expected.partition(' (')[0]}: " + " | ".join(
            line.texts[evidence].partition(" (")[0] for evidence in sets
        )
        theme.write(picture, left + wide - VALUES + 0.12, y, [values], 8, color=theme.INK)


def _dots(ax: Any, number: int, line: Line, sets: Sequence[str], row: Row) -> None:
    """Draw the marks of a figure, one below the other, on the scale of its band."""
    assert line.band is not None
    _, low, high = line.band
    middle, half = 0.5 * (low + high), max(0.5 * (high - low), 1e-12)
    if line.nothing is not None:
        zero = (line.nothing - middle) / half
        if abs(zero) <= EDGE:
            ax.plot([zero, zero], [number - 0.4, number + 0.4], color=theme.QUIET, linewidth=0.8)
    for place, name in enumerate(sets):
        estimate = line.found[name]
        if not math.isfinite(estimate.value):
            continue
        y = number + (0.0 if len(sets) == 1 else (-0.19, 0.19)[place])
        colour = COLOURS[line.verdicts.get(name, row.verdicts[name])]
        ends = [
            min(max((end - middle) / half, -EDGE), EDGE) for end in (estimate.low, estimate.high)
        ]
        ax.plot(ends, [y, y], color=colour, linewidth=1.6, alpha=0.55, solid_capstyle="butt")
        x = (estimate.value - middle) / half
        mark = MARKS[place]
        if abs(x) > EDGE:
            x, mark = math.copysign(EDGE + 0.15, x), "<" if x < 0 else ">"
        ax.plot(
            [x],
            [y],
            mark,
            color=colour,
            markersize=4.2 if mark == "o" else 3.7,
            markeredgewidth=0,
            clip_on=False,
        )
