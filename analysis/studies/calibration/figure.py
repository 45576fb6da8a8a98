"""What the evidence pins down, and what it leaves open: figures of the shipped posteriors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from analysis.figures import theme
from analysis.figures.area import Area, Key, axes_in, middle_of, rows_in, sheet
from analysis.figures.frame import Picture
from analysis.results.colours import PALETTE
from analysis.studies.calibration.posterior import PRIOR, overlap
from analysis.studies.calibration.tables import tied_table
from analysis.studies.calibration.texts import title_of, told_sets
from sim.study.posteriors import calibrated, posterior, posterior_origin

if TYPE_CHECKING:
    import pandas as pd


COLOURS: Final = {"vendor": PALETTE[1], "literature": PALETTE[0]}
"""One colour for each evidence set, in every figure."""

TIED: Final = 0.35
"""Correlation from which two parameters count as known only together."""

PAIRS: Final = 15
"""Pairs drawn at most."""

ROW: Final = 0.235
TIED_ROW: Final = 0.28
LABELS: Final = 2.15
"""Heights of a row, and room for the names of parameters [inch]."""

SHIFT: Final = 0.3
"""How far the marks of two evidence sets are apart [rows]."""


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
    shared = {name: overlap(table) for name, table in vectors.items()}
    names = sorted(calibrated(), key=lambda name: min(shared[k][name] for k in evidence))
    pinned = [name for name in names if min(shared[k][name] for k in evidence) < PRIOR]
    message = f"The evidence moves {len(pinned)} of {len(names)} parameters"
    if len(pinned) < len(names):
        message += "; the others are as the prior left them"
    picture, area = sheet(
        message,
        "Where each parameter may lie before calibration, and after.",
        "Grey: prior, even over the range. Line: central 90 % of the kept vectors, thick the "
        "central half, dot their median, diamond the central vector. At the right, how much of "
        f"the posterior is the prior: bold below {PRIOR:.0%}. {told_sets(origins)}",
        ROW * len(names) + 0.25,
        [[Key(f"{name} evidence", COLOURS[name]) for name in evidence]],
    )
    right = 0.5 * len(evidence) + 0.1
    rows = Area(area.left + LABELS, area.bottom, area.wide - LABELS - right, ROW * len(names))
    ax = rows_in(picture, rows, len(names))
    ax.set_xlim(-0.02, 1.02)
    for row, name in enumerate(names):
        low, top = calibrated()[name]
        ax.barh(row, 1.0, height=0.72, color=theme.FAINT, zorder=0)
        y = middle_of(row, len(names), rows)
        bold = name in pinned
        label = f"{name}  {low:g} to {top:g}"
        theme.write(picture, area.left, y, [label], 8, bold=bold, color=theme.INK)
        for k, source in enumerate(evidence):
            shift = 0.0 if len(evidence) == 1 else (k / (len(evidence) - 1) - 0.5) * 0.36
            unit = (vectors[source][name] - low) / (top - low)
            ends = unit.quantile([0.05, 0.25, 0.5, 0.75, 0.95]).to_numpy()
            colour = COLOURS[source]
            ax.plot(ends[[0, 4]], [row + shift] * 2, color=colour, linewidth=1.2)
            ax.plot(ends[[1, 3]], [row + shift] * 2, color=colour, linewidth=3.2)
            ax.plot(ends[2], row + shift, "o", color="white", markersize=2.6)
            middle = (origins[source]["central"][name] - low) / (top - low)
            ax.plot(middle, row + shift, "D", color=theme.INK, markersize=3.0)
            x = area.left + area.wide - right + 0.12 + 0.5 * k
            part = f"{shared[source][name]:.0%}"
            theme.write(picture, x, y, [part], 8, bold=bold, color=theme.readable(colour))
    return picture


def reached_figure(evidence: Sequence[str]) -> Picture:
    """Draw what the kept vectors give for each figure they were calibrated on.

    Parameters
    ----------
    evidence
        Evidence sets shown.
    """
    origins = {name: posterior_origin(name) for name in evidence}
    rows = [(name, figure) for name, origin in origins.items() for figure in origin["figures"]]
    picture, area = sheet(
        "Every kept vector lies in the band of every figure of its evidence set",
        "What was aimed at, and what the kept vectors give.",
        "Grey: band in which a figure counts as reached, with what the source says as a line, each "
        "drawn equally wide. Dot: mean over the kept vectors; line: their central 90 %. At the "
        f"right the mean and, in brackets, what the source says. {told_sets(origins)}",
        ROW * len(rows) + 0.1,
        [[Key(f"{name} evidence", COLOURS[name]) for name in evidence]],
    )
    left, right = 2.6, 1.25
    room = Area(area.left + left, area.bottom, area.wide - left - right, ROW * len(rows))
    ax = rows_in(picture, room, len(rows))
    ax.set_xlim(-0.25, 1.25)
    for row, (name, aim) in enumerate(rows):
        span = aim["high"] - aim["low"]
        ax.barh(row, 1.0, height=0.72, color=theme.FAINT, zorder=0)
        middle = (aim["expected"] - aim["low"]) / span
        ax.plot([middle, middle], [row - 0.36, row + 0.36], color=theme.QUIET, linewidth=1.0)
        ends = [(aim[key] - aim["low"]) / span for key in ("kept_low", "kept_high", "mean")]
        ax.plot(ends[:2], [row] * 2, color=COLOURS[name], linewidth=2.6, alpha=0.6)
        ax.plot(ends[2], row, "o", color=COLOURS[name], markersize=5.5)
        y = middle_of(row, len(rows), room)
        entry, statistic = aim["name"].split(".")
        theme.write(
            picture, area.left, y, [f"{entry}  {title_of(entry, statistic)}"], 8, color=theme.INK
        )
        numbers = f"{aim['mean']:.2f}  ({aim['expected']:g})"
        theme.write(picture, area.left + area.wide - right + 0.15, y, [numbers], 8, color=theme.INK)
    return picture


def tied_figure(evidence: Sequence[str]) -> Picture:
    """Draw which parameters are known only together: the strongest correlations in the posterior.

    Parameters
    ----------
    evidence
        Evidence sets shown.
    """
    import seaborn

    origins = {name: posterior_origin(name) for name in evidence}
    pairs = tied_table({name: posterior(name) for name in evidence})
    tied = pairs[pairs["strength"] >= TIED]
    order = list(dict.fromkeys(tied["pair"]))
    shown = pairs[pairs["pair"].isin(order[:PAIRS])]
    most = order[0] if order else "no two parameters"
    left_out = len(order) - len(order[:PAIRS])
    picture, area = sheet(
        f"Known only together: {most}{' most of all' if len(order) > 1 else ''}",
        "Two parameters that can stand in for each other: correlation over the kept vectors.",
        "Right of the middle: both high or both low; left: one high where the other is low. Line: 95 % "
        f"interval of each by itself. Shown are the strongest of {len(order)} pairs with a correlation of {TIED:g} or "
        f"more{f'; {left_out} are weaker' if left_out else ''}. {told_sets(origins)}",
        TIED_ROW * max(1, len(order[:PAIRS])) + 0.45,
        [[Key(f"{name} evidence", COLOURS[name]) for name in evidence]],
    )
    if shown.empty:
        return picture
    rows = Area(area.left + 3.1, area.bottom + 0.4, area.wide - 3.2, area.high - 0.45)
    ax = axes_in(picture, rows)
    seaborn.pointplot(
        shown,
        x="correlation",
        y="pair",
        hue="evidence",
        order=order[:PAIRS],
        hue_order=list(evidence),
        palette=COLOURS,
        dodge=SHIFT if len(evidence) > 1 else False,
        errorbar=None,
        linestyle="none",
        markersize=5.5,
        legend=False,
        ax=ax,
    )
    places = {pair: place for place, pair in enumerate(order[:PAIRS])}
    for k, name in enumerate(evidence):
        some = shown[shown["evidence"] == name]
        y = some["pair"].map(places) + SHIFT * (k / max(1, len(evidence) - 1) - 0.5) * (
            len(evidence) > 1
        )
        ax.hlines(y, some["low"], some["high"], color=COLOURS[name], linewidth=1.6, alpha=0.55)
    ax.axvline(0.0, color=theme.QUIET, linewidth=0.9, zorder=0)
    ax.set(xlim=(-1.0, 1.0), xlabel="correlation", ylabel="")
    theme.plain(ax)
    ax.grid(visible=True, axis="both", color=theme.FAINT, linewidth=0.6)
    ax.tick_params(axis="y", labelcolor=theme.INK)
    return picture
