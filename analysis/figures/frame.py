"""Where everything in a figure stands: panels below each other, labels that never touch.

Lengths are in inches.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from analysis.figures import theme
from analysis.results.colours import PALETTE
from analysis.results.summary import common_months, labels
from analysis.words.languages import ENGLISH, Language
from sim.engine.kinds import Array

if TYPE_CHECKING:
    from sim.study.results import Result


WIDTH = 10.0
MARGIN = 0.3
BETWEEN = 0.72
"""Distance of panels, with the heading of the lower one in it."""
LEADER = 0.28
"""Length of the thin line from the end of a curve to its label."""
BAR = 0.09
"""Distance of the bars at the end."""
AIR = 0.06
"""Least distance of labels."""
TAG_WIDTH = 2.1
"""Most room for a name at the right end."""

CROWD = 4
"""With more scenarios than this, bands would hide each other: they become bars at the end."""

SHARPNESS = 2
"""Pixels a figure has per pixel of its nominal size of 100 per inch."""

_SAVING = threading.Lock()


# --- What a figure is made of --------------------------------------------------------------


class Picture(Figure):
    """A matplotlib figure that shows itself sharply in a notebook, without pyplot.

    Attributes
    ----------
    message
        What it says, in one line.
    caption
        What its lines and shades mean, and what made it.
    """

    message: str = ""
    caption: str = ""

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        wide, high = (self.get_size_inches() * self.dpi).round().astype(int)
        return in_bytes(self, "png"), {"width": int(wide), "height": int(high)}


@dataclass(frozen=True)
class Series:
    """One line of a panel, with what is shaded around it and written at its end.

    Attributes
    ----------
    colour
        Of line and label.
    line
        Value by month from 0.
    outer, inner
        Low and high by month of the 10-90 % band, and of the interval of the mean.
    number, label, note
        At the right end: the number in bold, the name, and what else is to be known.
    reference
        Whether the others are compared with it.
    """

    colour: str
    line: Array
    outer: tuple[Array, Array] | None
    inner: tuple[Array, Array] | None
    number: str
    label: str
    note: Sequence[str] = ()
    reference: bool = False


@dataclass(frozen=True)
class Panel:
    """Lines over the same months and the same unit.

    Attributes
    ----------
    heading
        What is on the vertical axis.
    series
        Lines, from the reference on.
    limits
        Values that the axis never exceeds.
    height
        Least height [inch].
    ending
        Written after the values on the axis.
    signed
        Whether values above 0 carry a plus.
    words
        Language of the values on the axis.
    """

    heading: str
    series: list[Series]
    limits: tuple[float, float]
    height: float
    ending: str = ""
    signed: bool = False
    words: Language = ENGLISH

    def write(self, value: float) -> str:
        """Return how a value is written on the axis."""
        return on_axis(value, self.words, self.signed) + self.ending


def in_bytes(figure: Figure, kind: str) -> bytes:
    """Return a figure as a file of this kind."""
    message, caption = getattr(figure, "message", ""), getattr(figure, "caption", "")
    metadata: dict[str, str | None] = {"Title": message, "Description": caption}
    metadata |= {"Software": None} if kind == "png" else {"Date": None, "Creator": None}
    settings: Any = {"svg.fonttype": "none", "svg.hashsalt": "ai-adoption"}
    sheet = io.BytesIO()
    # Settings of matplotlib are global: figures of a web page are written one at a time.
    with _SAVING, matplotlib.rc_context(settings):
        packing: dict[str, Any] = (
            {"pil_kwargs": {"compress_level": 3}} if kind == "png" else {}
        )  # a third faster
        figure.savefig(sheet, format=kind, dpi=SHARPNESS * 100, metadata=metadata, **packing)
    return sheet.getvalue()


def on_axis(value: float, words: Language, sign: bool = False) -> str:
    """Return a number with the digits it has."""
    return words.number(value, len(f"{value:.10g}".partition(".")[2]), sign)


# --- Where it goes -------------------------------------------------------------------------


@dataclass(frozen=True)
class Tag:
    """What is written at the right end of a line, in lines that fit."""

    label: list[str]
    note: list[str]

    @property
    def width(self) -> float:
        """Width of the longest line."""
        lines = [(line, 10) for line in self.label] + [(line, 8) for line in self.note]
        return max((theme.width_of(line, size) for line, size in lines), default=0.0)

    @property
    def height(self) -> float:
        """Height with a little air below."""
        return theme.height_of(len(self.label), 10) + theme.height_of(len(self.note), 8) + AIR


class Axis(NamedTuple):
    """Range of a vertical axis and the values written beside it."""

    low: float
    high: float
    ticks: Array


class Columns(NamedTuple):
    """Where things begin from left to right: lines, bars at their end, numbers, names."""

    lines: float
    bars: float
    numbers: float
    names: float


def compose(
    result: Result,
    message: str,
    subtitle: str,
    panels: list[Panel],
    caption: str,
    *,
    calendar: str = "Month of the programme",
    go_live: str = "go-live",
    width: float = WIDTH,
) -> Picture:
    """Return the figure: title, panels and caption below each other, each as high as it needs.

    Parameters
    ----------
    result
        What was simulated.
    message, subtitle, caption
        Above and below the panels; none of them has to be there.
    panels
        From top to bottom.
    calendar, go_live
        What the horizontal axis and the month in which the tool arrives are called.
    width
        Of the figure [inch].
    """
    axes = [_axis(panel) for panel in panels]
    room = min(TAG_WIDTH, 0.3 * width)
    tags = [[_tag(series, _crowded(panel), room) for series in panel.series] for panel in panels]
    columns = _columns(panels, axes, tags, width)
    title = theme.balance(message, 15, width - 2 * MARGIN, bold=True) if message else []
    small_print = theme.wrap(caption, 8, width - 2 * MARGIN)
    heights = [
        max(panel.height, sum(tag.height for tag in column))
        for panel, column in zip(panels, tags, strict=True)
    ]
    titled = theme.height_of(len(title), 15) + 0.06
    head = MARGIN + titled + theme.height_of(1, 10) + 0.25 if message or subtitle else 0.2
    foot = 0.62 + (theme.height_of(len(small_print), 8) + MARGIN if caption else -0.08)
    high = head + sum(heights) + BETWEEN * (len(panels) - 1) + foot

    picture = Picture(figsize=(width, high), dpi=100, facecolor="white")
    FigureCanvasAgg(picture)
    picture.message, picture.caption = message, caption
    theme.write(picture, MARGIN, high - MARGIN, title, 15, bold=True, color=theme.INK)
    theme.write(picture, MARGIN, high - MARGIN - titled, [subtitle], 10, color=theme.QUIET)
    theme.write(picture, MARGIN, foot - 0.62, small_print, 8, color=theme.QUIET)

    bottom = high - head
    wide = columns.bars - columns.lines
    for panel, axis, column, height in zip(panels, axes, tags, heights, strict=True):
        first = panel is panels[0]
        bottom -= height
        if not first:
            bottom -= BETWEEN
            top = bottom + height + 0.44
            theme.write(picture, MARGIN, top, [panel.heading], 10, color=theme.QUIET)
        ax = picture.add_axes((columns.lines / width, bottom / high, wide / width, height / high))
        _draw(ax, panel, axis, wide)
        _mark_go_live(ax, result, go_live if first else "")
        if panel is panels[-1]:
            ax.set_xlabel(calendar, fontproperties=theme.letters(9))
            ax.xaxis.label.set_color(theme.QUIET)
        else:
            ax.tick_params(labelbottom=False)
        _write_tags(picture, panel, axis, column, columns, bottom, height)
    return picture


def _crowded(panel: Panel) -> bool:
    """Return whether bands would hide each other."""
    return len(panel.series) > CROWD


def _axis(panel: Panel) -> Axis:
    """Return an axis from 0 that holds all that is drawn, within the limits of the unit."""
    values = [0.0]
    for series in panel.series:
        last = slice(-1, None) if _crowded(panel) else slice(None)
        for drawn in (
            series.line,
            *(series.inner or ()),
            *(edge[last] for edge in series.outer or ()),
        ):
            values += [float(end) for end in drawn[np.isfinite(drawn)]]
    low, high = (float(np.clip(end, *panel.limits)) for end in (min(values), max(values)))
    if low == high:
        low, high = 0.0, 1.0
    room = 0.05 * (high - low)
    low = max(low - room, panel.limits[0]) if low < 0.0 else 0.0
    high = min(high + room, panel.limits[1]) if high > 0.0 else 0.0
    locator = MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10])
    ticks = np.asarray(locator.tick_values(low, high))
    return Axis(low, high, ticks[(ticks >= low) & (ticks <= high)])


def _tag(series: Series, crowded: bool, room: float) -> Tag:
    """Return what is written at the end of a line."""
    note = [part for line in series.note for part in theme.wrap(line, 8, room)]
    return Tag(theme.wrap(series.label, 10, room, most=2 if crowded else 3), note)


def _columns(panels: list[Panel], axes: list[Axis], tags: list[list[Tag]], width: float) -> Columns:
    """Return where things begin from left to right, for what is written at either end."""
    values = [
        theme.width_of(panel.write(tick), 9)
        for panel, axis in zip(panels, axes, strict=True)
        for tick in axis.ticks
    ]
    numbers = [
        theme.width_of(series.number, 10, True) for panel in panels for series in panel.series
    ]
    names = width - MARGIN - max(tag.width for column in tags for tag in column)
    begin = names - max(numbers) - 0.1
    bars = BAR * len(panels[0].series) + 0.1 if _crowded(panels[0]) else 0.0
    return Columns(MARGIN + max(values) + 0.1, begin - LEADER - bars, begin, names)


def _draw(ax: Axes, panel: Panel, axis: Axis, wide: float) -> None:
    """Draw lines and shades on axes of this width."""
    months = len(panel.series[0].line) - 1
    calendar = np.arange(months + 1)
    for k, series in enumerate(panel.series):
        looks: dict[str, Any] = {"color": series.colour, "zorder": 2}
        if series.inner is not None:
            ax.fill_between(calendar, *series.inner, **looks, alpha=0.3, linewidth=0)
        if series.outer is not None and _crowded(panel):
            x = months * (1.0 + (0.12 + BAR * k) / wide)
            ends = [series.outer[0][-1], series.outer[1][-1]]
            looks |= {"clip_on": False}
            ax.plot([x, x], ends, **looks, alpha=0.45, linewidth=3.5, solid_capstyle="butt")
            ax.plot([x], [series.line[-1]], "o", **looks, markersize=3.5)
        elif series.outer is not None:
            faint = 0.12 if len(panel.series) < 4 else 0.08
            ax.fill_between(calendar, *series.outer, **looks, alpha=faint, linewidth=0)
            for edge in series.outer:
                ax.plot(calendar, edge, **looks, alpha=0.35, linewidth=0.6)
        ax.plot(
            calendar,
            series.line,
            color=series.colour,
            zorder=3,
            clip_on=False,
            linewidth=1.6 if series.reference and len(panel.series) > 1 else 2.2,
            solid_capstyle="round",
            linestyle="-" if k <= len(PALETTE) else (0, (4, 1.5)),
        )
    ax.set_xlim(0, months)
    ax.set_ylim(axis.low, axis.high)
    ax.set_xticks(theme.month_ticks(months))
    ax.set_yticks(axis.ticks, [panel.write(tick) for tick in axis.ticks])
    theme.plain(ax)
    ax.axhline(0.0, color=theme.QUIET, linewidth=0.9, zorder=1.5)


def _mark_go_live(ax: Axes, result: Result, word: str) -> None:
    """Mark the month in which the tool arrives, where that is not the first, with this word."""
    called = labels(result)
    arrivals: dict[int, list[str]] = {}
    for name, scenario in result.scenarios.items():
        arrivals.setdefault(scenario.tool.go_live, []).append(called[name])
    last = common_months(result)
    late = sorted(month for month in arrivals if 1 < month <= last)
    down = 0
    for month in late:
        ax.axvline(month, color=theme.QUIET, linewidth=0.9, linestyle=(0, (2, 2)), zorder=1)
        if not word:
            continue
        whose = "" if len(arrivals) == 1 else f": {'; '.join(arrivals[month])}"
        lines = theme.wrap(f"{word}{whose}", 8, 2.4)
        to_the_left = month > 0.6 * last
        ax.annotate(
            "\n".join(lines),
            (month, 1.0),
            (-4 if to_the_left else 4, -2 - 12 * down),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            ha="right" if to_the_left else "left",
            va="top",
            color=theme.QUIET,
            fontproperties=theme.letters(8),
            parse_math=False,
        )
        down += len(lines)


def _write_tags(
    picture: Picture,
    panel: Panel,
    axis: Axis,
    tags: list[Tag],
    columns: Columns,
    bottom: float,
    height: float,
) -> None:
    """Write number, name and note at the end of each line, apart from each other."""
    ends = [
        bottom
        + height * float(np.clip((series.line[-1] - axis.low) / (axis.high - axis.low), 0, 1))
        if np.isfinite(series.line[-1])
        else bottom  # not known in the last month
        for series in panel.series
    ]
    half = theme.height_of(1, 10) / 2.0  # a label points to its line with its first line of text
    above, below = [half] * len(tags), [tag.height - half for tag in tags]
    places = theme.spread(ends, above, below, bottom - 0.1, bottom + height + 0.1)
    wide, high = picture.get_size_inches()
    begin = columns.numbers - LEADER + 0.04
    for series, tag, end, place in zip(panel.series, tags, ends, places, strict=True):
        colour = theme.readable(series.colour)
        bend = [begin, begin + 0.05, columns.numbers - 0.07, columns.numbers - 0.04]
        picture.add_artist(
            Line2D(
                np.array(bend) / wide,
                np.array([end, end, place, place]) / high,
                color=series.colour,
                linewidth=0.8,
                alpha=0.7,
            )
        )
        top = place + half
        theme.write(picture, columns.numbers, top, [series.number], 10, bold=True, color=colour)
        theme.write(picture, columns.names, top, tag.label, 10, color=colour)
        top -= theme.height_of(len(tag.label), 10)
        theme.write(picture, columns.names, top, tag.note, 8, color=theme.QUIET)
