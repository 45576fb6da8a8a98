"""How exact a number of organisations is, at a glance: intervals, and spreads as they settle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from analysis.figures import theme
from analysis.figures.area import Area, axes_in, sheet
from analysis.figures.frame import Picture
from analysis.results.colours import PALETTE, REFERENCE
from analysis.results.summary import called as name_of_strategy
from analysis.results.summary import label_of
from analysis.studies.sensitivity.points import Simulator
from analysis.studies.sensitivity.replicates import (
    DEFAULT_RUNS,
    ORDERS,
    THERE,
    VECTORS,
    Stability,
    justified,
)
from analysis.studies.sensitivity.texts import called, unit_of
from analysis.words.texts import minus
from sim.engine.kinds import Array

UPPER: Final = 3.1
LOWER: Final = 2.0
BETWEEN: Final = 0.78
FOOT: Final = 0.5
HEADING: Final = 0.3
"""Heights of the panels, and of what stands between, below and above them [inch]."""

LABELS: Final = 2.75
SCALE: Final = 0.55
"""Room right of the lines for their names, and left of them for values [inch]."""

TICKS: Final = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)


def stability_figure(
    stabilities: Sequence[Stability],
    simulator: Simulator,
    precision: float,
    runs: int = DEFAULT_RUNS,
) -> Picture:
    """Draw how exact means are by the number of organisations, and how spreads settle.

    Parameters
    ----------
    stabilities
        How each outcome settles.
    simulator
        What was looked at.
    precision
        Half the 95 % interval asked for.
    runs
        Number of organisations that is to be justified.
    """
    first = stabilities[0].outcome
    some = next(
        (stability for stability in stabilities if stability.outcome.against), stabilities[0]
    )
    many = int(some.counts[-1])
    caption = (
        f"Above: half the 95 % interval of a mean over so many organisations (runs); dashed: the "
        "same difference without pairs, between organisations that are not the same. Dotted: the "
        f"±{precision:g} asked for, and the {runs} organisations of a comparison that does not say "
        "how many. Below: standard deviation divided by mean, as the first so many organisations "
        f"tell it; shade: 90 % of {ORDERS} random orders. {many:,} organisations, the same in "
        f"all {len(simulator.scenarios)} scenarios, parameters as the scenarios have them. In the prior: so "
        f"many are enough at half, and at nine in ten, of {VECTORS} vectors of the prior, looked at "
        f"with {THERE} organisations each. Seed {simulator.seed}."
    )
    high = HEADING + UPPER + BETWEEN + LOWER + FOOT
    what = f"{label_of(first.kpi)} in month {first.month}"
    if some.outcome.against:
        label = name_of_strategy(simulator.scenarios[some.outcome.against])
        what += f". Added: less “{label}” in the same organisations"
    picture, area = sheet(justified(stabilities, precision, runs), f"{what}.", caption, high)
    shades = [
        PALETTE[k % len(PALETTE)]
        if stability.outcome.against == some.outcome.against
        else REFERENCE
        for k, stability in enumerate(stabilities, start=-1 if some.outcome.against else 0)
    ]
    wide = area.wide - LABELS - SCALE
    top = area.bottom + area.high - HEADING
    upper = _axes(picture, Area(area.left + SCALE, top - UPPER, wide, UPPER))
    lower = _axes(picture, Area(area.left + SCALE, area.bottom + FOOT, wide, LOWER))
    for ax in (upper, lower):
        ax.axvline(runs, color=theme.QUIET, linewidth=1.0, linestyle=(0, (1, 2)))
    _exactness(upper, stabilities, shades, precision)
    _variations(lower, stabilities, shades)
    theme.write(
        picture,
        area.left,
        area.bottom + area.high,
        [f"Half the 95 % interval, {unit_of(first)}"],
        10,
        color=theme.QUIET,
    )
    heading = "Coefficient of variation between organisations"
    y = area.bottom + FOOT + LOWER + 0.34
    theme.write(picture, area.left, y, [heading], 10, color=theme.QUIET)
    lower.set_xlabel("Organisations (runs)", fontproperties=theme.letters(9))
    lower.xaxis.label.set_color(theme.QUIET)
    x = area.left + SCALE + wide + 0.12
    notes = [_note(stability, precision) for stability in stabilities]
    _labels(picture, upper, (x, top - UPPER, UPPER), stabilities, shades, simulator, notes)
    spreads = [[f"{stability.variation[0, -1]:.2f} at {many:,}"] for stability in stabilities]
    _labels(picture, lower, (x, area.bottom + FOOT, LOWER), stabilities, shades, simulator, spreads)
    return picture


def _note(stability: Stability, precision: float) -> list[str]:
    """Return what is written below the name of a line."""
    lines = [f"±{precision:g} needs {stability.needed:,}"]
    if stability.outcome.against:
        lines[0] += f"; without pairs {stability.needed_alone:,}"
    if stability.needed_elsewhere[1]:
        half, most = stability.needed_elsewhere
        lines.append(f"in the prior: half {half:,}, nine in ten {most:,}")
    return lines


def _axes(picture: Picture, area: Area) -> Axes:
    """Return axes with organisations from left to right."""
    ax = axes_in(picture, area)
    ax.set_xscale("log")
    return ax


def _exactness(
    ax: Axes, stabilities: Sequence[Stability], shades: Sequence[str], precision: float
) -> None:
    """Draw half intervals, and where they cross the precision asked for."""
    for stability, shade in zip(stabilities, shades, strict=True):
        ax.plot(stability.counts, stability.half, color=shade, linewidth=2.2)
        if stability.outcome.against and stability.deviation > 0.0:
            apart = stability.half * stability.alone / stability.deviation
            ax.plot(
                stability.counts,
                apart,
                color=shade,
                linewidth=1.2,
                linestyle=(0, (4, 2)),
                alpha=0.8,
            )
        if stability.counts[0] <= stability.needed <= stability.counts[-1]:
            ax.plot([stability.needed], [precision], "o", color=shade, markersize=7, zorder=5)
    ax.axhline(precision, color=theme.QUIET, linewidth=1.0, linestyle=(0, (1, 2)))
    ax.set_yscale("log")
    halves = np.concatenate(
        [stability.half for stability in stabilities if stability.deviation > 0.0] or [np.ones(1)]
    )
    low = min(float(halves.min()), precision) * 0.85
    high = max(float(halves.max()), precision) * 1.6
    ax.set_ylim(low, high)
    powers = [m * 10.0**e for e in range(-6, 9) for m in (1, 2, 5)]
    ticks = [power for power in powers if low <= power <= high]
    _finish(
        ax,
        stabilities[0].counts,
        ticks,
        [f"±{tick:g}" if tick < 1000 else f"±{tick:,.0f}" for tick in ticks],
    )


def _variations(ax: Axes, stabilities: Sequence[Stability], shades: Sequence[str]) -> None:
    """Draw coefficients of variation as they settle."""
    for stability, shade in zip(stabilities, shades, strict=True):
        middle, low, high = stability.variation
        ax.fill_between(stability.counts, low, high, color=shade, alpha=0.15, linewidth=0)
        ax.plot(stability.counts, middle, color=shade, linewidth=2.2)
    tops = np.concatenate(
        [stability.variation[2][stability.counts >= 20] for stability in stabilities]
    )
    tops = tops[np.isfinite(tops)]
    top = float(tops.max()) if tops.size else 1.0
    ax.set_ylim(0.0, 1.05 * top if top > 0.0 else 1.0)
    ticks = [
        value
        for value in MaxNLocator(nbins=4, steps=[1, 2, 2.5, 5, 10]).tick_values(*ax.get_ylim())
        if 0.0 <= value <= ax.get_ylim()[1]
    ]
    _finish(ax, stabilities[0].counts, ticks, [f"{tick:g}" for tick in ticks])


def _finish(ax: Axes, counts: Array, ticks: Sequence[float], texts: Sequence[str]) -> None:
    """Set ticks and limits."""
    low, high = int(counts[0]), int(counts[-1])
    ax.set_xlim(low, high)
    across = [tick for tick in TICKS if low <= tick <= high]
    ax.set_xticks(across, [f"{tick:,}" for tick in across])
    ax.set_yticks(list(ticks), [minus(text) for text in texts])
    ax.minorticks_off()
    theme.plain(ax)


def _labels(
    picture: Picture,
    ax: Axes,
    place: tuple[float, float, float],
    stabilities: Sequence[Stability],
    shades: Sequence[str],
    simulator: Simulator,
    notes: Sequence[Sequence[str]],
) -> None:
    """Write the name of each line at its right end, apart from each other."""
    x, bottom, height = place
    ends = []
    for stability in stabilities:
        last = stability.half[-1] if ax.get_yscale() == "log" else stability.variation[0, -1]
        _, y = ax.transLimits.transform(ax.transScale.transform((stability.counts[-1], last)))
        ends.append(bottom + height * float(np.clip(np.nan_to_num(y), 0.0, 1.0)))
    half = theme.height_of(1, 10) / 2.0
    names = [
        theme.wrap(called(simulator, stability.outcome), 10, LABELS - 0.15, most=1)
        for stability in stabilities
    ]
    below = [half + theme.height_of(len(note), 8) + 0.07 for note in notes]
    places = theme.spread(
        ends, [half] * len(stabilities), below, bottom - 0.15, bottom + height + 0.2
    )
    for name, note, shade, y in zip(names, notes, shades, places, strict=True):
        theme.write(picture, x, y + half, name, 10, bold=True, color=theme.readable(shade))
        theme.write(picture, x, y - half, list(note), 8, color=theme.QUIET)
