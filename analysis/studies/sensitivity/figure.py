"""What depends on what, at a glance: a row for each factor, a column for each outcome."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from analysis.figures import theme
from analysis.figures.area import Area, Key, axes_in, sheet
from analysis.figures.frame import Picture
from analysis.results.colours import PALETTE
from analysis.results.summary import called as name_of_strategy
from analysis.results.summary import label_of
from analysis.studies.sensitivity.indices import direction
from analysis.studies.sensitivity.points import Outcome
from analysis.studies.sensitivity.study import Found
from analysis.studies.sensitivity.texts import (
    SHOWN,
    called,
    interactions,
    message,
    order_of,
    shares,
    unit_of,
)
from analysis.words.texts import minus
from sim.study.sweeps.factors import Factor

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: Final = 4
"""Outcomes in a figure at most."""

ROW: Final = 0.36
HEAD: Final = 0.45
FOOT: Final = 0.42
"""Heights of a row, and of what stands above and below the rows [inch]."""

LABELS: Final = 3.05
GUTTER: Final = 0.32
"""Room left of the bars, and between columns [inch]."""

RAISES: Final = PALETTE[0]
LOWERS: Final = PALETTE[1]
EITHER: Final = PALETTE[3]
SWITCH: Final = PALETTE[6]
PALE: Final = "#9cc7e4"
LUCK: Final = "#bdbdbd"

SHADES: Final = {"raises": RAISES, "lowers": LOWERS, "either": EITHER, "": SWITCH}


def morris_figure(study: Found, most: int = SHOWN) -> Picture:
    """Draw how strongly each factor moves each outcome: bars with intervals, coloured by direction.

    Parameters
    ----------
    study
        A study by the method of Morris.
    most
        Factors shown at most, those on which the contrasts depend most.
    """
    shown = study.table[study.table.index.isin(order_of(study, most), level="factor")]
    used = {direction(row) for _, row in shown.iterrows() if row.strength > 0.0}
    words = {
        "raises": "raises it",
        "lowers": "lowers it",
        "either": "raises or lowers it",
        "": "switches it",
    }
    keys = [Key(words[shade], SHADES[shade], 8.0) for shade in SHADES if shade in used]
    keys.append(Key("luck alone", LUCK, 8.0))
    caption = (
        "Bar: mean absolute change when the factor goes over the whole of its range, or from one "
        "category to another; line: 95 % interval (bootstrap over trajectories). Grey: as much "
        f"would luck show of a factor without effect. {_design(study, 'trajectories')}"
    )
    return _figure(study, most, keys, caption)


def sobol_figure(study: Found, most: int = SHOWN) -> Picture:
    """Draw which part of the variance of each outcome each factor explains, alone and in all.

    Parameters
    ----------
    study
        A study by the method of Sobol.
    most
        Factors shown at most.
    """
    keys = [
        Key("by itself", RAISES, 8.0),
        Key("in all, with others", PALE, 8.0),
        Key("luck alone", LUCK, 8.0),
    ]
    unexplained = "; ".join(
        f"{called(study.simulator, outcome)} {shares(interactions(study, outcome))}"
        for outcome in study.simulator.outcomes[:COLUMNS]
    )
    caption = (
        "Share of the variance over the ranges of the factors. Dark: by itself (first order); "
        "pale: in all, with what it does together with others (total); lines: 95 % intervals "
        "(bootstrap over samples). Grey: as much would luck show of a factor without effect. "
        f"Not explained by any factor by itself: {unexplained}. {_design(study, 'base samples')}"
    )
    return _figure(study, most, keys, caption)


def _design(study: Found, samples: str) -> str:
    """Return what a caption says of runs, organisations and seed."""
    design, simulator = study.design, study.simulator
    return (
        f"{design.samples:,} {samples}, {len(design.unit):,} points, {len(simulator.scenarios)} "
        f"scenario{'s' * (len(simulator.scenarios) > 1)}, the same {simulator.organisations} "
        f"organisations and luck at every point: {study.runs:,} runs. Seed {simulator.seed}, "
        f"study {study.folder.name}."
    )


def _figure(study: Found, most: int, keys: Sequence[Key], caption: str) -> Picture:
    """Draw a panel of bars for each outcome beside the names of the factors."""
    outcomes = study.simulator.outcomes[:COLUMNS]
    paths = order_of(study, most)
    factors = {factor.path: factor for factor in study.design.factors}
    left_out = len(factors) - len(paths)
    if left_out:
        caption += f" The {left_out} weakest factors are not shown."
    if len(study.simulator.outcomes) > COLUMNS:
        caption += f" {len(study.simulator.outcomes) - COLUMNS} more outcomes are in the table."
    first = outcomes[0]
    what = label_of(first.kpi)
    place = study.simulator.scenarios[first.scenario].organisation
    size = "" if str(place.employees) in place.name else f", {place.employees:,} people"
    subtitle = f"{what} in month {first.month}. {place.name}{size}."
    if len(outcomes) > 1 and outcomes[1].against:
        reference = name_of_strategy(study.simulator.scenarios[outcomes[1].against])
        subtitle += f" Added: less “{reference}” in the same organisations."
    high = HEAD + ROW * len(paths) + FOOT
    picture, area = sheet(message(study), subtitle, caption, high, [list(keys)])
    _names(picture, area, [factors[path] for path in paths])
    each = (area.wide - LABELS - GUTTER * (len(outcomes) - 1)) / len(outcomes)
    tops = [float(study.table.loc[outcome.name][_upper(study)].max()) for outcome in outcomes]
    for number, outcome in enumerate(outcomes):
        left = area.left + LABELS + number * (each + GUTTER)
        top = tops[number]
        if study.design.method == "sobol":
            top = min(1.0, max(tops))
        elif outcome.against:  # contrasts share a scale, a level has its own
            top = max(
                value for value, outcome in zip(tops, outcomes, strict=True) if outcome.against
            )
        _panel(picture, study, outcome, paths, Area(left, area.bottom, each, high), top)
    return picture


def _upper(study: Found) -> str:
    return "high" if study.design.method == "morris" else "total_high"


def _names(picture: Picture, area: Area, factors: Sequence[Factor]) -> None:
    """Write the factors to the left of the bars: what each is, its name, its range."""
    top = area.bottom + area.high - HEAD
    for number, factor in enumerate(factors):
        y = top - ROW * number - 0.02
        label = theme.wrap(factor.label, 9, LABELS - 0.15, most=1)
        theme.write(picture, area.left, y, label, 9, color=theme.INK)
        line = theme.wrap(f"{factor.short}: {factor.told}", 7, LABELS - 0.15, most=1)
        theme.write(picture, area.left, y - 0.165, line, 7, color=theme.QUIET)


def _panel(
    picture: Picture,
    study: Found,
    outcome: Outcome,
    paths: Sequence[str],
    area: Area,
    top: float,
) -> None:
    """Draw the bars of an outcome below its name."""
    heading = theme.wrap(called(study.simulator, outcome), 9, area.wide, bold=True, most=2)
    y = area.bottom + area.high - HEAD + 0.06 + theme.height_of(len(heading), 9)
    theme.write(picture, area.left, y, heading, 9, bold=True, color=theme.INK)
    ax = axes_in(picture, Area(area.left, area.bottom + FOOT, area.wide, ROW * len(paths)))
    _bars(ax, study.table.loc[outcome.name].loc[list(paths)], study.design.method)
    ax.set_xlim(0.0, 1.02 * top if top > 0.0 else 1.0)
    ax.set_ylim(len(paths) - 0.5, -0.5)
    percent = study.design.method == "sobol"
    ticks = MaxNLocator(nbins=4, steps=[1, 2, 2.5, 5, 10]).tick_values(*ax.get_xlim())
    ticks = [tick for tick in ticks if 0.0 <= tick <= ax.get_xlim()[1]]
    ax.set_xticks(ticks, [minus(f"{(100 if percent else 1) * tick:,.4g}") for tick in ticks])
    ax.set_yticks([])
    theme.plain(ax)
    ax.grid(visible=False, axis="y")
    ax.grid(visible=True, axis="x", color=theme.FAINT, linewidth=0.8)
    ax.tick_params(axis="x", pad=3)
    ax.axvline(0.0, color=theme.QUIET, linewidth=0.9)
    said = "% of its variance" if percent else unit_of(outcome)
    theme.write(picture, area.left, area.bottom + 0.17, [said], 8, color=theme.QUIET)


def _bars(ax: Axes, table: pd.DataFrame, method: str) -> None:
    """Draw bars with intervals, and over them in grey what luck alone would show."""
    for place, (_, row) in enumerate(table.iterrows()):
        if method == "morris":
            shade = SHADES[direction(row)]
            _bar(ax, place, row.strength, shade, 0.52)
            _line(ax, place, row.low, row.high, row.strength)
        else:
            _bar(ax, place - 0.16, row.total, PALE, 0.32)
            _line(ax, place - 0.16, row.total_low, row.total_high, row.total)
            _bar(ax, place + 0.16, row["first"], RAISES, 0.32)
            _line(ax, place + 0.16, max(0.0, row.first_low), max(0.0, row.first_high), row.total)
        if row.luck > 0.0:
            strength = row.strength if method == "morris" else row.total
            thick, off = (0.52, 0.0) if method == "morris" else (0.32, 0.16)
            _bar(ax, place - off, min(row.luck, strength), LUCK, thick)


def _bar(ax: Axes, place: float, length: float, shade: str, thick: float) -> None:
    if length > 0.0:
        ax.add_patch(Rectangle((0.0, place - thick / 2.0), length, thick, color=shade, linewidth=0))


def _line(ax: Axes, place: float, low: float, high: float, value: float) -> None:
    """Draw an interval, if there is anything in it."""
    if value > 0.0:
        looks: dict[str, Any] = {"color": theme.INK, "linewidth": 1.1, "solid_capstyle": "butt"}
        ax.plot([low, high], [place, place], **looks)
