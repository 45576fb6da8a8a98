"""What the experiments show at a glance: a small panel for each pattern."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from analysis.figures import theme
from analysis.figures.area import Area, middle_of, rows_in, sheet
from analysis.figures.frame import Picture
from analysis.results.colours import PALETTE, REFERENCE
from analysis.results.ensemble import CONTINUATIONS
from analysis.studies.patterns.arms import Study
from analysis.studies.patterns.findings import Shown, Verdict, read_patterns
from analysis.studies.patterns.texts import message, told

COLOURS: Final[Mapping[Verdict, str]] = {
    "holds": PALETTE[2],
    "direction only": PALETTE[4],
    "misses": PALETTE[1],
}

ACROSS: Final = 2
GUTTER: Final = 0.45
ROW: Final = 0.23
HEAD: Final = 0.78
"""Height of a row, and of what stands above the rows of a panel [inch]."""

LABELS: Final = 2.3
NUMBERS: Final = 0.62
"""Room left and right of the dots [inch]."""


def patterns_figure(shown: Sequence[Shown], runs: int, seed: int) -> Picture:
    """Draw a small panel for each pattern: what was compared, with intervals, and the verdict.

    Parameters
    ----------
    shown
        What the experiments show.
    runs, seed
        Organisations in each arm, and the seed of the study.
    """
    columns: list[list[Shown]] = [[] for _ in range(min(ACROSS, len(shown)))]
    for pattern in shown:  # in reading order, the shorter column first
        min(columns, key=_height).append(pattern)
    picture, area = sheet(
        message(shown),
        "What was asked of the model beforehand, and what it shows.",
        f"Dot: mean, difference or ratio over {runs:,} organisations (runs), with the same people "
        "and luck in every arm, and the same ties but for P6; line: its 95 % interval, where it is "
        "broader than the dot. Grey: what was promised, where that is a range. Coloured rows decide: "
        "holds, they surely show what was promised; direction only, not all of them, or not surely. "
        f"P3 follows the first {Study(runs, seed).continued:,} organisations, each continued "
        f"{CONTINUATIONS} times. Parameters held fixed. Seed {seed}.",
        max(_height(column) for column in columns),
    )
    each = (area.wide - GUTTER * (len(columns) - 1)) / len(columns)
    for number, column in enumerate(columns):
        top = area.bottom + area.high
        for pattern in column:
            _panel(picture, pattern, area.left + number * (each + GUTTER), top, each)
            top -= _height([pattern])
    return picture


def _height(column: Sequence[Shown]) -> float:
    """Return the height of panels below each other."""
    return sum(HEAD + ROW * len(pattern.findings) + 0.5 for pattern in column)


def _panel(picture: Picture, pattern: Shown, left: float, top: float, each: float) -> None:
    """Draw the panel of a pattern: title and verdict, what was promised, rows with dots."""
    text = read_patterns()[pattern.name]
    shade = COLOURS[pattern.verdict]
    theme.write(
        picture, left, top, [f"{pattern.name}  {text.title.en}"], 11, bold=True, color=theme.INK
    )
    x = left + each - theme.width_of(pattern.verdict, 11, bold=True)
    theme.write(picture, x, top, [pattern.verdict], 11, bold=True, color=theme.readable(shade))
    theme.write(
        picture,
        left,
        top - 0.25,
        theme.wrap(text.promise.en, 8, each, most=2),
        8,
        color=theme.QUIET,
    )
    rows = ROW * len(pattern.findings)
    across = each - LABELS - NUMBERS
    bottom = top - HEAD - rows
    area = Area(left + LABELS, bottom, across, rows)
    ax = rows_in(picture, area, len(pattern.findings))
    low, high = _ends(pattern)
    ax.set_xlim(low, high)
    if pattern.nothing is not None:
        ax.axvline(pattern.nothing, color=theme.QUIET, linewidth=0.9)
    for place, finding in enumerate(pattern.findings):
        if finding.band is not None:
            first, last = (min(max(end, low), high) for end in finding.band)
            ax.barh(place, last - first, 0.8, first, color=theme.FAINT, zorder=0)
        colour = shade if finding.decides else REFERENCE
        ends = [finding.low, finding.high]
        looks: dict[str, Any] = {"linewidth": 2.2, "alpha": 0.55, "solid_capstyle": "butt"}
        ax.plot(ends, [place] * 2, color=colour, **looks)
        ax.plot([finding.value], [place], "o", color=colour, markersize=6.0)
        y = middle_of(place, len(pattern.findings), area)
        looks = {"bold": finding.decides, "color": theme.INK}
        theme.write(
            picture, left, y, theme.wrap(finding.label, 8, LABELS - 0.05, most=1), 8, **looks
        )
        value = told(finding.value, pattern.unit)
        x = left + each - theme.width_of(value, 8, finding.decides)
        theme.write(picture, x, y, [value], 8, **looks)
    theme.write(picture, left + LABELS, bottom - 0.04, [_axis_text(pattern)], 7, color=theme.QUIET)


def _ends(pattern: Shown) -> tuple[float, float]:
    """Return where the axis of a panel begins and ends."""
    if pattern.unit == "%":
        top = max(max([finding.high, *(finding.band or ())]) for finding in pattern.findings)
        return -0.04 * top, 1.04 * top
    ends = [
        end
        for finding in pattern.findings
        for end in (finding.low, finding.high, *(finding.band or ()))
    ]
    ends += [] if pattern.nothing is None else [pattern.nothing]
    margin = 0.06 * (max(ends) - min(ends))
    return min(ends) - margin, max(ends) + margin


def _axis_text(pattern: Shown) -> str:
    """Return what is on the axis of a panel, and what its line stands for."""
    high = _ends(pattern)[1] / 1.04
    special = {
        "P1": f"points of users, or % of organisations: from 0 to {high:.0f}",
        "P2": "odds ratio of weekly users; line: 1 is no effect",
        "P6": "points of people using",
        "P7": f"% of people: from 0 to {high:.0f}",
        "P8": f"% of first starts, % of colleagues: from 0 to {high:.0f}",
    }
    general = {
        "points": "points of weekly users",
        "%": f"% of organisations: from 0 to {high:.0f}",
        "ratio": "1 is the product of either",
    }
    return special.get(pattern.name, general[pattern.unit])
