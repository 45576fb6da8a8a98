"""The figure of the audit: what each measure brings for its money and hours, alone and added last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from analysis.figures import theme
from analysis.figures.area import Area, Key, axes_in, sheet
from analysis.figures.frame import Picture
from analysis.results.colours import PALETTE
from analysis.studies.audit.study import EURO, HOURS, MOST, YIELDS, Audit, limits, offences
from analysis.studies.audit.tables import in_order
from analysis.studies.audit.texts import message
from sim.scenario import read_catalogue

ROW: Final = 0.185
"""Height of a measure [inch]."""

NAMES: Final = 2.95
BETWEEN: Final = 0.4
HEAD: Final = 0.5
FOOT: Final = 0.25
"""Room for their names, between panels, above and below them [inch]."""

BEYOND: Final = 1.6
"""How far the panels reach, as a multiple of the largest limit; what is beyond is told in digits."""

MARKS: Final[Mapping[str, str]] = {"alone": PALETTE[0], "last": PALETTE[1]}
SPENT: Final[Mapping[str, tuple[str, float]]] = {
    "per_euro": ("euro", EURO),
    "per_hours": ("hours", HOURS),
}


def audit_figure(audit: Audit) -> Picture:
    """Draw points of weekly users for money and for hours, a row per measure, best value first."""
    order, catalogue = in_order(audit), read_catalogue()
    broken = {offence.measure for offence in offences(audit)}
    picture, area = sheet(
        message(audit),
        f"Weekly users added, in points, mean of {audit.months} months, for what the measure costs",
        f"Means of {audit.runs} organisations (runs) with the same people, ties and luck; lines: "
        "95 % interval. Alone: beside licences; added last: beside leaders' example and champions (they "
        f"themselves: beside the other). Dashed: {MOST:g} times the median of those that help; only what "
        "rests on evidence of grade A or B (said beside the name) may be beyond it. Bold: breaks "
        "the rule. Euro include the wage of the hours. A number at the edge: a value beyond it. "
        f"Seed {audit.seed}.",
        ROW * len(order) + HEAD + FOOT,
        [[Key("alone", MARKS["alone"]), Key("added last", MARKS["last"])]],
    )
    wide, high = picture.get_size_inches()
    for row, name in enumerate(order):
        middle = area.bottom + FOOT + ROW * (len(order) - row - 0.5)
        grade = str(audit.table.loc[(name, "alone"), "grade"])
        title = catalogue[name].title.en + (f" ({grade})" if grade in ("A", "B") else "")
        offends = name in broken
        picture.text(
            (area.left + NAMES - 0.12) / wide,
            middle / high,
            theme.wrap(title, 8, NAMES - 0.15, offends, most=1)[0],
            ha="right",
            va="center_baseline",
            fontproperties=theme.letters(8, offends),
            color=theme.readable(PALETTE[1]) if offends else theme.INK,
            parse_math=False,
        )
    each = (area.wide - NAMES - BETWEEN) / 2.0
    for panel, column in enumerate(YIELDS):
        left = area.left + NAMES + panel * (each + BETWEEN)
        _panel(picture, audit, order, column, Area(left, area.bottom, each, area.high))
    return picture


def _panel(picture: Picture, audit: Audit, order: list[str], column: str, area: Area) -> None:
    """Draw what every measure brings for one kind of price."""
    top = area.bottom + area.high
    theme.write(picture, area.left, top, [f"per {YIELDS[column]}"], 9, bold=True, color=theme.INK)
    room = Area(area.left, area.bottom + FOOT, area.wide, area.high - HEAD - FOOT)
    ax = axes_in(picture, room)
    table, (unit, amount) = audit.table, SPENT[column]
    spent = table[table[unit] > 0.0]  # what costs nothing has no place on a scale
    ends = {end: amount * spent[end] / spent[unit] for end in ("low", "points", "high")}
    most = limits(audit)[column] if audit.whole else limits(audit)[column] * np.nan
    edge = BEYOND * float(most.max()) if most.notna().any() else np.inf
    right = min(edge, max(0.1, float(ends["high"].max())))
    left = max(-0.6 * right, min(0.0, float(ends["low"].min())))
    margin = 0.03 * (right - left)
    ax.set_xlim(left - margin, right + margin)
    ax.set_ylim(-0.5, len(order) - 0.5)
    for row in range(len(order)):
        if row % 2 == 0:
            ax.axhspan(len(order) - 1.5 - row, len(order) - 0.5 - row, color="#f6f6f6", zorder=0)
    ax.axvline(0.0, color=theme.QUIET, linewidth=0.9, zorder=1)
    for base, colour in MARKS.items():
        if np.isfinite(most[base]):
            ax.axvline(
                most[base], color=colour, linewidth=1.0, linestyle=(0, (4, 3)), alpha=0.8, zorder=1
            )
    for row, name in enumerate(order):
        for shift, (base, colour) in zip((0.17, -0.17), MARKS.items(), strict=True):
            if (name, base) not in ends["points"].index:
                continue
            low, middle, far = (float(ends[end][(name, base)]) for end in ("low", "points", "high"))
            _mark(ax, len(order) - 1 - row + shift, (low, middle, far), (left, right), colour)
    theme.plain(ax)
    ax.grid(visible=False)
    ax.set_yticks([])
    ax.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]))
    ax.tick_params(
        axis="x",
        labeltop=True,
        labelsize=8,
        labelfontfamily=theme.FAMILY,
        colors=theme.QUIET,
        pad=3,
    )


def _mark(
    ax: Axes, y: float, values: tuple[float, float, float], ends: tuple[float, float], colour: str
) -> None:
    """Draw a mean with its interval; one beyond the edge as its number there."""
    low, middle, far = values
    if ends[0] <= middle <= ends[1]:
        ax.plot(np.clip([low, far], *ends), [y, y], color=colour, linewidth=1.1, alpha=0.6)
        ax.plot(middle, y, "o", color=colour, markersize=3.6, markeredgewidth=0)
        return
    over = middle > ends[1]
    ax.text(
        ends[1] if over else ends[0],
        y,
        f"{middle:.1f} \u25b6" if over else f"\u25c0 {middle:.1f}",
        ha="right" if over else "left",
        va="center",
        color=theme.readable(colour),
        fontproperties=theme.letters(7),
        parse_math=False,
    )
