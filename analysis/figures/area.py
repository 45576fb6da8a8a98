"""What the figures of this folder share: title, subtitle and caption around an empty area."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.lines import Line2D

from analysis.figures import theme
from analysis.figures.frame import MARGIN, WIDTH, Picture


class Key(NamedTuple):
    """An entry of a legend: a dot of a colour and size [point], perhaps ringed, and its name."""

    label: str
    colour: str
    size: float = 7.0
    ringed: bool = False


class Area(NamedTuple):
    """Room left for what is drawn [inch]."""

    left: float
    bottom: float
    wide: float
    high: float


def sheet(
    message: str, subtitle: str, caption: str, high: float, keys: Sequence[Sequence[Key]] = ()
) -> tuple[Picture, Area]:
    """Return a figure with its texts, and the area of this height between them.

    Parameters
    ----------
    message, subtitle, caption
        What is seen; of what; what lines and colours mean.
    high
        Height of the area [inch].
    keys
        Legends, each on lines of its own below the subtitle.
    """
    room = WIDTH - 2 * MARGIN
    title = theme.balance(message, 15, room, bold=True)
    under = theme.wrap(subtitle, 10, room)
    small_print = theme.wrap(caption, 8, 0.96 * room)  # small letters are wider on a coarse screen
    rows = [row for legend in keys for row in _rows(legend, room)]
    titled = theme.height_of(len(title), 15) + 0.06
    subtitled = theme.height_of(len(under), 10)
    legends = 0.24 * len(rows) + (0.08 if rows else 0.0)
    foot = theme.height_of(len(small_print), 8) + MARGIN
    total = MARGIN + titled + subtitled + legends + 0.15 + high + 0.15 + foot

    picture = Picture(figsize=(WIDTH, total), dpi=100, facecolor="white")
    FigureCanvasAgg(picture)
    picture.message, picture.caption = message, caption
    top = total - MARGIN
    theme.write(picture, MARGIN, top, title, 15, bold=True, color=theme.INK)
    theme.write(picture, MARGIN, top - titled, under, 10, color=theme.QUIET)
    for k, row in enumerate(rows):
        _write_row(picture, row, top - titled - subtitled - 0.2 - 0.24 * k)
    theme.write(picture, MARGIN, foot, small_print, 8, color=theme.QUIET)
    return picture, Area(MARGIN, foot + 0.15, room, high)


def axes_in(picture: Picture, area: Area) -> Axes:
    """Return axes in a place of a figure [inch]."""
    wide, high = picture.get_size_inches()
    return picture.add_axes(
        (area.left / wide, area.bottom / high, area.wide / wide, area.high / high)
    )


def rows_in(picture: Picture, area: Area, rows: int) -> Axes:
    """Return axes without frame and ticks for so many rows, the first at the top."""
    ax = axes_in(picture, area)
    theme.plain(ax)
    ax.grid(visible=False)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.set_ylim(rows - 0.5, -0.5)
    return ax


def middle_of(row: int, rows: int, area: Area, size: float = 8.0) -> float:
    """Return where a line of text of this size begins, to stand in the middle of a row [inch]."""
    each = area.high / rows
    return area.bottom + area.high - each * (row + 0.5) + theme.height_of(1, size) / 2.0


def _width(key: Key) -> float:
    return 0.42 + theme.width_of(key.label, 9)


def _rows(legend: Sequence[Key], room: float) -> list[list[Key]]:
    """Return a legend in rows that fit."""
    rows: list[list[Key]] = [[]]
    for key in legend:
        if rows[-1] and sum(map(_width, [*rows[-1], key])) > room:
            rows.append([])
        rows[-1].append(key)
    return [row for row in rows if row]


def _write_row(picture: Picture, row: Sequence[Key], middle: float) -> None:
    """Write a row of a legend, left to right."""
    wide, high = picture.get_size_inches()
    x = MARGIN + 0.09
    for key in row:
        place = [x / wide], [middle / high]
        if key.ringed:
            ring = {"marker": "o", "markerfacecolor": "white", "markeredgecolor": theme.INK}
            picture.add_artist(Line2D(*place, markersize=key.size + 5.0, **ring))  # type: ignore[arg-type]
        picture.add_artist(
            Line2D(*place, marker="o", color=key.colour, markersize=key.size, markeredgewidth=0)
        )
        picture.text(
            (x + 0.14) / wide,
            middle / high,
            key.label,
            va="center_baseline",
            fontproperties=theme.letters(9),
            color=theme.QUIET,
            parse_math=False,
        )
        x += _width(key)
