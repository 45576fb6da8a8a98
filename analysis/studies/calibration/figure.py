"""What the evidence pins down, and what it leaves open: figures of the shipped posteriors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from analysis.figures import theme
from analysis.figures.area import Key, sheet
from analysis.figures.frame import MARGIN, WIDTH, Picture
from analysis.results.colours import PALETTE
from analysis.studies.calibration.posterior import PRIOR, overlap
from analysis.studies.calibration.texts import title_of, told_sets
from sim.study.posteriors import calibrated, posterior, posterior_origin

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


COLOURS: Final = {"vendor": PALETTE[1], "literature": PALETTE[0]}
"""One colour for each evidence set, in every figure."""

TIED: Final = 0.35
"""Correlation from which two parameters count as known only together."""

ROW: Final = 0.235
LABELS: Final = 2.15


def identified_figure(
    evidence: Sequence[str],
    vectors: Mapping[str, pd.DataFrame] | None = None,
    origins: Mapping[str, Any] | None = None,
) -> Picture:
    """Draw where each calibrated parameter lies after calibration, within its prior.

    Parameters
    ----------
    evidence
        Evidence sets shown.
    vectors, origins
        Posteriors and what made them, by evidence set; by default the shipped ones.
    """
    vectors = vectors or {name: posterior(name) for name in evidence}
    origins = origins or {name: posterior_origin(name) for name in evidence}
    shared = {name: overlap(vector) for name, vector in vectors.items()}
    names = sorted(calibrated(), key=lambda one: min(shared[k][one] for k in evidence))
    pinned = [one for one in names if min(shared[k][one] for k in evidence) < PRIOR]
    picture, area = sheet(
        f"The evidence moves {len(pinned)} of {len(names)} parameters; "
        "the others are as the prior left them",
        "Where each parameter may lie before calibration, and after.",
        "Grey: prior, even over the range. Line: central 90 % of the kept vectors, thick the "
        "central half, dot their median, diamond the central vector. At the right, how much of "
        f"the posterior is the prior: bold below {PRIOR:.0%}. {told_sets(origins)}",
        ROW * len(names) + 0.25,
        [[Key(f"{name} evidence", COLOURS[name]) for name in evidence]],
    )
    wide, high = picture.get_size_inches()
    right = 0.5 * len(evidence) + 0.1
    rows = ROW * len(names)
    place = (
        (area.left + LABELS) / wide,
        area.bottom / high,
        (area.wide - LABELS - right) / wide,
        rows / high,
    )
    ax = picture.add_axes(place)
    _bare(ax, len(names))
    ax.set_xlim(-0.02, 1.02)
    for row, name in enumerate(names):
        low, top = calibrated()[name]
        ax.barh(row, 1.0, height=0.72, color=theme.FAINT, zorder=0)
        y = area.bottom + rows - ROW * (row + 0.5) + theme.height_of(1, 8) / 2.0
        bold = name in pinned
        said = f"{name}  {low:g} to {top:g}"
        theme.write(picture, area.left, y, [said], 8, bold=bold, color=theme.INK)
        for k, one in enumerate(evidence):
            shift = 0.0 if len(evidence) == 1 else (k / (len(evidence) - 1) - 0.5) * 0.36
            unit = (vectors[one][name] - low) / (top - low)
            ends = unit.quantile([0.05, 0.25, 0.5, 0.75, 0.95]).to_numpy()
            colour = COLOURS[one]
            ax.plot(ends[[0, 4]], [row + shift] * 2, color=colour, linewidth=1.2)
            ax.plot(ends[[1, 3]], [row + shift] * 2, color=colour, linewidth=3.2)
            ax.plot(ends[2], row + shift, "o", color="white", markersize=2.6)
            middle = (origins[one]["central"][name] - low) / (top - low)
            ax.plot(middle, row + shift, "D", color=theme.INK, markersize=3.0)
            x = area.left + area.wide - right + 0.12 + 0.5 * k
            told = f"{shared[one][name]:.0%}"
            theme.write(picture, x, y, [told], 8, bold=bold, color=theme.readable(colour))
    return picture


def reached_figure(evidence: Sequence[str]) -> Picture:
    """Draw what the kept vectors give for each figure they were calibrated on.

    Parameters
    ----------
    evidence
        Evidence sets shown.
    """
    origins = {name: posterior_origin(name) for name in evidence}
    rows = [(name, one) for name, origin in origins.items() for one in origin["figures"]]
    picture, area = sheet(
        "Every kept vector lies in the band of every figure of its evidence set",
        "What was aimed at, and what the kept vectors give.",
        "Grey: band in which a figure counts as reached, with what the source says as a line, each "
        "drawn equally wide. Dot: mean over the kept vectors; line: their central 90 %. At the "
        f"right the mean and, in brackets, what the source says. {told_sets(origins)}",
        ROW * len(rows) + 0.1,
        [[Key(f"{name} evidence", COLOURS[name]) for name in evidence]],
    )
    wide, high = picture.get_size_inches()
    room = ROW * len(rows)
    left, right = 2.6, 1.25
    ax = picture.add_axes(
        (
            (area.left + left) / wide,
            area.bottom / high,
            (area.wide - left - right) / wide,
            room / high,
        )
    )
    _bare(ax, len(rows))
    ax.set_xlim(-0.25, 1.25)
    for row, (name, one) in enumerate(rows):
        span = one["high"] - one["low"]
        ax.barh(row, 1.0, height=0.72, color=theme.FAINT, zorder=0)
        aim = (one["expected"] - one["low"]) / span
        ax.plot([aim, aim], [row - 0.36, row + 0.36], color=theme.QUIET, linewidth=1.0)
        ends = [(one[key] - one["low"]) / span for key in ("kept_low", "kept_high", "mean")]
        ax.plot(ends[:2], [row] * 2, color=COLOURS[name], linewidth=2.6, alpha=0.6)
        ax.plot(ends[2], row, "o", color=COLOURS[name], markersize=5.5)
        y = area.bottom + room - ROW * (row + 0.5) + theme.height_of(1, 8) / 2.0
        entry, statistic = one["name"].split(".")
        theme.write(
            picture, area.left, y, [f"{entry}  {title_of(entry, statistic)}"], 8, color=theme.INK
        )
        told = f"{one['mean']:.2f}  ({one['expected']:g})"
        theme.write(picture, area.left + area.wide - right + 0.15, y, [told], 8, color=theme.INK)
    return picture


def tied_figure(evidence: Sequence[str]) -> Picture:
    """Draw which parameters are known only together: their correlations in the posterior.

    Parameters
    ----------
    evidence
        Evidence sets shown, next to each other.
    """
    origins = {name: posterior_origin(name) for name in evidence}
    found = {name: posterior(name).corr() for name in evidence}
    off = {name: one.where(~np.eye(len(one), dtype=bool)) for name, one in found.items()}
    names = [one for one in calibrated() if any(off[k][one].abs().max() >= TIED for k in evidence)]
    strongest = max(
        (
            (abs(float(off[k].loc[a, b])), a, b)
            for k in evidence
            for a in names
            for b in names
            if a < b
        ),
        default=(0.0, "none", "none"),
    )
    across = len(evidence)
    room = WIDTH - 2.0 * MARGIN - LABELS
    each = min(5.2, (room - 0.3 * (across - 1)) / across)
    picture, area = sheet(
        f"Known only together: {strongest[1].replace('_', ' ')} and "
        f"{strongest[2].replace('_', ' ')} most of all",
        "Parameters that can stand in for each other: correlation over the kept vectors.",
        f"Blue: both high or both low; orange: one high where the other is low. Parameters with no "
        f"correlation of {TIED:g} or more are left out. {told_sets(origins)}",
        each + 1.5,
    )
    wide, high = picture.get_size_inches()
    for k, one in enumerate(evidence):
        table = found[one].loc[names, names].to_numpy()
        left = area.left + LABELS + k * (each + 0.3) if k == 0 else area.left + LABELS + each + 0.3
        ax = picture.add_axes(
            (left / wide, (area.bottom + 1.35) / high, each / wide, (each - 0.1) / high)
        )
        ax.imshow(
            np.where(np.eye(len(names), dtype=bool), 0.0, table),
            cmap=_diverging(),
            vmin=-1.0,
            vmax=1.0,
            aspect="auto",
        )
        ax.set_xticks(range(len(names)), names, rotation=90, fontproperties=theme.letters(7))
        shown = names if k == 0 else [""] * len(names)
        ax.set_yticks(range(len(names)), shown, fontproperties=theme.letters(7))
        ax.tick_params(length=0)
        for side in ax.spines.values():
            side.set_visible(False)
        theme.write(
            picture,
            left,
            area.bottom + each + 1.5,
            [f"{one} evidence"],
            10,
            bold=True,
            color=theme.readable(COLOURS[one]),
        )
    return picture


def _diverging() -> Any:
    from matplotlib.colors import LinearSegmentedColormap

    ends = [PALETTE[1], "#ffffff", PALETTE[0]]
    return LinearSegmentedColormap.from_list("against and with", ends)


def _bare(ax: Axes, rows: int) -> None:
    """Leave an axis without frame and ticks, the first row at the top."""
    theme.plain(ax)
    ax.grid(visible=False)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.set_ylim(rows - 0.5, -0.5)
