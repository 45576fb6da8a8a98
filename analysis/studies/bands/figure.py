"""The figure of the bands: curves of weekly users, and every figure within its band."""

from __future__ import annotations

from typing import Final

import numpy as np

from analysis.figures import theme
from analysis.figures.area import Area, Key, axes_in, middle_of, rows_in, sheet
from analysis.figures.frame import Picture
from analysis.results.colours import PALETTE
from analysis.studies.bands.study import Banded, read_bands
from analysis.studies.bands.texts import verdict
from sim.scenario import read_scenario

ROW: Final = 0.26
"""Height of a figure's row [inch]."""

LABELS: Final = 4.0
"""Room for the names of the figures [inch]."""

CURVES: Final = 2.9
"""Height of the panel of curves [inch]."""


def bands_figure(banded: Banded) -> Picture:
    """Draw the mean curves above, and below every figure within its band, drawn equally wide."""
    known, names = read_bands(), list(banded.curves)
    colours = dict(zip(names, PALETTE, strict=False))
    rows = len(banded.table)
    picture, area = sheet(
        verdict(banded).split(";")[0],
        "Mean weekly users in four roll-outs, and what is read off such curves",
        "Grey: plausibility band, a judgement on the sources and no evidence by itself; each is "
        "drawn equally wide. Dot: the model, line: its mean ± 2 standard errors. "
        f"{banded.runs} organisations with seed {banded.seed}, in no fit.",
        CURVES + 0.5 + ROW * rows + 0.2,
        [[Key(read_scenario(name).label, colours[name]) for name in names]],
    )
    above = area.bottom + area.high - CURVES
    ax = axes_in(picture, Area(area.left + 0.45, above, area.wide - 0.5, CURVES - 0.1))
    for name, curve in banded.curves.items():
        ax.plot(np.arange(curve.size), 100.0 * curve, color=colours[name], linewidth=2.0)
    theme.plain(ax)
    ax.set_ylim(0.0, 100.0)
    ax.set_xlim(0.0, max(curve.size for curve in banded.curves.values()) - 1)
    ax.set_xticks(range(0, int(ax.get_xlim()[1]) + 1, 3))
    ax.set_xlabel("month")
    ax.set_ylabel("weekly users, % of employees")
    room = Area(area.left + LABELS, area.bottom + 0.1, area.wide - LABELS - 1.5, ROW * rows)
    below = rows_in(picture, room, rows)
    below.set_xlim(-0.6, 1.6)
    for row, (name, band) in enumerate(banded.table.iterrows()):
        span = band["high"] - band["low"]
        value, error = (band["value"] - band["low"]) / span, band["error"] / span
        below.barh(row, 1.0, height=0.7, color=theme.FAINT, zorder=0)
        colour = colours[str(band["scenario"])]
        shown = float(np.clip(value, -0.55, 1.55))
        below.plot([shown - 2 * error, shown + 2 * error], [row, row], color=colour, linewidth=1.4)
        below.plot(shown, row, "o", color=colour, markersize=6.0)
        y = middle_of(row, rows, room)
        label = f"{name}  {known[str(name)].title.en}"
        theme.write(picture, area.left, y, [label], 8, color=theme.INK)
        months = band["figure"] in ("share_of_end", "rise")
        said = (
            f"{band['value']:.1f}  ({band['low']:g} to {band['high']:g})"
            if months
            else f"{100 * band['value']:.0f} %  ({100 * band['low']:g} to {100 * band['high']:g})"
        )
        theme.write(picture, area.left + area.wide - 1.4, y, [said], 8, color=theme.INK)
    return picture
