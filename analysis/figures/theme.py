"""How figures look: colours everybody can tell apart, letters that fit, labels that do not touch.

Lengths are in inches, sizes of letters in points.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from analysis.results.colours import PALETTE
from sim.engine.kinds import Array

FAMILY = "DejaVu Sans"
"""Ships with matplotlib, so a figure looks the same everywhere."""

INK = "#1f1f1f"
QUIET = "#5c5c5c"
FAINT = "#e3e3e3"


LEADING = 1.3
"""Distance of lines as a multiple of the size of the letters."""

POINTS = 72.0
"""Points in an inch."""

RULER = 200.0
"""Pixels in an inch where text is measured: as sharp as figures are drawn."""


# --- Colours -------------------------------------------------------------------------------


def channels(colour: str) -> tuple[float, ...]:
    """Return red, green and blue of a colour like ``#0072B2`` [0 to 1]."""
    return tuple(int(colour[k : k + 2], 16) / 255.0 for k in (1, 3, 5))


def contrast_with_white(colour: str) -> float:
    """Return the contrast of a colour on white as WCAG defines it [1 to 21]."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels(colour)]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


def readable(colour: str, contrast: float = 4.5) -> str:
    """Return the colour, darkened as far as letters on white need."""
    while contrast_with_white(colour) < contrast:
        colour = "#" + "".join(f"{round(255 * 0.95 * c):02x}" for c in channels(colour))
    return colour


def house_style() -> None:
    """Let what seaborn and matplotlib draw in a notebook look like the figures of this project.

    Examples
    --------
    >>> import matplotlib, analysis
    >>> with matplotlib.rc_context():
    ...     analysis.house_style()
    ...     matplotlib.rcParams["axes.spines.top"]
    False
    """
    import matplotlib
    from cycler import cycler

    matplotlib.rcParams.update(
        {
            "axes.axisbelow": True,
            "axes.edgecolor": FAINT,
            "axes.grid": True,
            "axes.grid.axis": "y",
            "axes.labelcolor": QUIET,
            "axes.prop_cycle": cycler(color=PALETTE),
            "axes.spines.right": False,
            "axes.spines.top": False,
            "axes.titlelocation": "left",
            "axes.titlepad": 12.0,
            "axes.titlesize": 12.0,
            "axes.titleweight": "bold",
            "figure.dpi": 110.0,
            "figure.figsize": (8.0, 4.0),
            "font.family": [FAMILY, "sans-serif"],
            "font.size": 10.0,
            "grid.color": FAINT,
            "legend.frameon": False,
            "lines.linewidth": 2.0,
            "text.color": INK,
            "xtick.color": QUIET,
            "xtick.major.size": 0.0,
            "ytick.color": QUIET,
            "ytick.major.size": 0.0,
        }
    )


# --- Letters -------------------------------------------------------------------------------


def letters(size: float, bold: bool = False) -> FontProperties:
    """Return the font of a text."""
    family = [FAMILY, "sans-serif"]  # the second for whoever opens an SVG without the first
    return FontProperties(family=family, size=size, weight="bold" if bold else "normal")


@cache
def _ruler() -> Any:
    canvas: Any = FigureCanvasAgg(Figure(dpi=RULER))
    return canvas.get_renderer()


@lru_cache(maxsize=10_000)
def width_of(text: str, size: float, bold: bool = False) -> float:
    """Return how wide a line of text is."""
    wide, _, _ = _ruler().get_text_width_height_descent(text, letters(size, bold), False)
    return float(wide) / RULER


def height_of(lines: int, size: float) -> float:
    """Return how high a number of lines of text is."""
    return lines * size * LEADING / POINTS


def wrap(text: str, size: float, width: float, bold: bool = False, most: int = 99) -> list[str]:
    """Return a text in lines that fit a width; what exceeds the most lines ends in an ellipsis."""

    def fits(line: str) -> bool:
        return width_of(line, size, bold) <= width

    lines = [""]
    for word in text.split():
        if fits(f"{lines[-1]} {word}".strip()):
            lines[-1] = f"{lines[-1]} {word}".strip()
            continue
        lines.append("")
        for part in re.split("(?<=-)", word):  # a word wider than a line is broken at hyphens,
            if not fits(lines[-1] + part):
                lines.append("")
            for letter in part:  # and where there are none, anywhere
                if not fits(lines[-1] + letter):
                    lines.append("")
                lines[-1] += letter
    lines = [line for line in lines if line]
    if len(lines) > most:
        last = lines[most - 1]
        while last and not fits(last + "…"):
            last = last[:-1]
        lines = [*lines[: most - 1], last.rstrip(" ,;:.-") + "…"]
    return lines


def balance(text: str, size: float, width: float, bold: bool = False) -> list[str]:
    """Return a text in as few lines as fit a width: broken at a comma, or about equally long."""
    lines = wrap(text, size, width, bold)
    for comma in re.finditer(", ", text):
        parts = [text[: comma.start() + 1], text[comma.end() :]]
        if len(lines) == 2 and all(len(wrap(part, size, width, bold)) == 1 for part in parts):
            return parts
    for share in (0.5, 0.6, 0.7, 0.8, 0.9):
        narrower = wrap(text, size, share * width, bold)
        if len(narrower) == len(lines):
            return narrower
    return lines


def write(
    figure: Figure, x: float, top: float, lines: Sequence[str], size: float, **looks: Any
) -> None:
    """Write lines of text below each other, left at ``x`` and down from ``top``."""
    bold = looks.pop("bold", False)
    wide, high = figure.get_size_inches()
    for k, line in enumerate(lines):
        middle = top - height_of(1, size) * (k + 0.5)
        figure.text(
            x / wide,
            middle / high,
            line,
            fontproperties=letters(size, bold),
            va="center_baseline",
            parse_math=False,
            **looks,
        )


def spread(
    wanted: Sequence[float], above: Sequence[float], below: Sequence[float], low: float, high: float
) -> Array:
    """Return places close to those wanted at which labels do not overlap, in the same order.

    The sum of squared moves is least: labels that would touch pool their wishes (isotonic
    regression of the wanted places less the room taken by the labels below).

    Parameters
    ----------
    wanted
        Where each label would like to be.
    above, below
        How far each label extends up and down from its place.
    low, high
        Ends of the room there is. Labels that need more than that go beyond the upper end.

    Returns
    -------
    numpy.ndarray
        Place of each label.
    """
    order = np.argsort(wanted, kind="stable")
    up, down = np.asarray(above, float)[order], np.asarray(below, float)[order]
    taken = np.cumsum(up + down) - up
    free = np.asarray(wanted, float)[order] - taken
    count = len(order)
    pooled = [
        max(
            min(free[first : last + 1].mean() for last in range(k, count)) for first in range(k + 1)
        )
        for k in range(count)
    ]
    room = high - float((up + down).sum())
    places = np.empty(count)
    places[order] = np.clip(pooled, low, max(low, room)) + taken
    return places


# --- Axes ----------------------------------------------------------------------------------


def plain(ax: Axes) -> None:
    """Make axes quiet: horizontal lines to read values from, and nothing else."""
    for side in ("left", "right", "top", "bottom"):
        ax.spines[side].set_visible(False)
    ax.set_axisbelow(True)
    ax.set_facecolor("none")
    ax.grid(axis="y", color=FAINT, linewidth=0.8)
    ax.tick_params(length=0, pad=6, colors=QUIET)
    for label in (*ax.get_xticklabels(), *ax.get_yticklabels()):
        label.set_fontproperties(letters(9))
        label.set_parse_math(False)


def month_ticks(months: int, most: int = 9) -> Array:
    """Return months to write below an axis: at most a handful, at steps people count in."""
    for step in (1, 2, 3, 6, 12, 24, 60, 120, 240):
        if months // step + 1 <= most:
            break
    return np.arange(0, months + 1, step)
