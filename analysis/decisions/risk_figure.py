"""The figure of risk: what each plan reaches over vectors and organisations, and how often too little."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from analysis.decisions.risk import Risk
from analysis.decisions.risk_texts import level_of, message, names_of
from analysis.figures import theme
from analysis.figures.area import Area, Key, axes_in, sheet
from analysis.figures.frame import Picture, on_axis
from analysis.results.answer import evidence_name
from analysis.results.colours import PALETTE
from analysis.results.summary import scale_of
from analysis.words.languages import ENGLISH, Language
from sim.engine.kinds import Array

ROW: Final = 0.95
"""Height of a plan [inch]."""

NAMES: Final = 2.0
CHANCES: Final = 1.75
"""Room for the names on the left and for the chances on the right [inch]."""

FOOT: Final = 0.55
HEAD: Final = 0.34
"""Room for the axis below, and for what stands above the columns [inch]."""

SHORT: Final = PALETTE[1]
REACHED: Final = "#b9c9d6"
"""Colours of what misses the level and of what reaches it."""


def risk_figure(risk: Risk, words: Language = ENGLISH) -> Picture:
    """Draw what each plan reaches, a row per plan, the part that misses the level in orange."""
    asked, names = risk.asked, names_of(risk, words)
    scale = scale_of(asked.goal.kpi)
    count = len(names)
    sets = words._(
        "{vectors} sets of numbers ({sets}), {organisations} organisations each",
        vectors=words.number(len(asked.vectors)),
        sets="; ".join(
            f"{evidence_name(name, words)}: {words.number(len(those))}"
            for name, those in asked.sets.items()
        ),
        organisations=words.number(asked.organisations),
    )
    title = asked.goal.title(words)
    picture, area = sheet(
        message(risk, words),
        f"{title[0].upper()}{title[1:]}: {sets}",
        words._(
            "Each shape is how the cases are spread, a case being an organisation under a set of "
            "numbers; the same cases for every plan. Bar: mean of all. "
            "Range: chance under the middle nine tenths of the sets of numbers. Seed {seed}.",
            seed=asked.seed,
        ),
        ROW * count + HEAD + FOOT,
        [
            [
                Key(words._("misses {level}", level=level_of(risk, words)), SHORT),
                Key(words._("reaches it"), REACHED),
                Key(words._("mean of a set of numbers"), theme.INK, 4.0),
            ]
        ],
    )
    rows = Area(
        area.left + NAMES,
        area.bottom + FOOT,
        area.wide - NAMES - CHANCES,
        ROW * count,
    )
    ax = axes_in(picture, rows)
    _draw(ax, risk)
    ax.xaxis.set_major_formatter(lambda value, _: on_axis(value, words))
    unit = f" [{scale.unit}]" if scale.unit else ""
    ax.set_xlabel(f"{title}{unit}", fontproperties=theme.letters(9), color=theme.QUIET)
    _write(picture, risk, words, area, rows)
    return picture


def _draw(ax: Axes, risk: Risk) -> None:
    """Draw a shape for each plan, in two colours, and the means of the vectors."""
    import seaborn

    asked = risk.asked
    values = {str(plan): risk.values[plan].ravel() for plan in range(len(risk.values))}
    low, high = _ends(risk)
    looks = {"orient": "h", "inner": None, "linewidth": 0, "cut": 0, "density_norm": "width"}
    less = asked.goal.better < 0.0
    sides = {
        SHORT: (asked.level, high) if less else (low, asked.level),
        REACHED: (low, asked.level) if less else (asked.level, high),
    }
    for colour, (left, right) in sides.items():
        before = len(ax.collections)
        spread = {name: those + _jitter(those) for name, those in values.items()}
        seaborn.violinplot(spread, ax=ax, color=colour, saturation=1.0, width=0.78, **looks)
        window = Rectangle((left, -1), right - left, len(values) + 1, transform=ax.transData)
        for shape in ax.collections[before:]:
            shape.set_clip_path(window)
    for plan, those in enumerate(risk.values.mean(axis=2)):
        apart = 0.14 * ((0.618034 * np.arange(those.size)) % 1.0 - 0.5)  # the same in every drawing
        dots: dict[str, Any] = {"markersize": 2.6, "alpha": 0.45, "markeredgewidth": 0, "zorder": 3}
        ax.plot(those, plan + apart, "o", color=theme.INK, **dots)
    for plan, those in enumerate(values.values()):
        ax.plot(
            [those.mean()] * 2, [plan - 0.3, plan + 0.3], color="white", linewidth=4.0, zorder=4
        )
        ax.plot(
            [those.mean()] * 2, [plan - 0.3, plan + 0.3], color=theme.INK, linewidth=1.8, zorder=5
        )
    theme.plain(ax)
    ax.grid(visible=False)
    ax.axvline(asked.level, color=theme.INK, linewidth=1.2, linestyle=(0, (4, 2)), zorder=6)
    ax.set_xlim(low, high)
    ax.set_ylim(len(values) - 0.5, -0.5)
    ax.set_yticks([])


def _ends(risk: Risk) -> tuple[float, float]:
    """Return the ends of the axis: all of a share, else what is reached and the level."""
    if scale_of(risk.asked.goal.kpi).unit == "%":
        return 0.0, 100.0
    low = min(float(risk.values.min()), risk.asked.level)
    high = max(float(risk.values.max()), risk.asked.level)
    room = 0.04 * (high - low) or 1.0
    return low - room, high + room


def _jitter(values: Array) -> Array:
    """Return next to nothing, so that values that are all the same have a shape too."""
    size = 1e-3 * max(1.0, float(np.abs(values).max()))
    spread: Array = size * np.linspace(-1.0, 1.0, values.size) * (np.ptp(values) == 0.0)
    return spread


def _write(picture: Picture, risk: Risk, words: Language, area: Area, rows: Area) -> None:
    """Write names on the left, chances on the right, and what the columns are above."""
    names = names_of(risk, words)
    top = rows.bottom + rows.high
    level = level_of(risk, words)
    right = rows.left + rows.wide + 0.25
    head = theme.height_of(1, 9)
    theme.write(
        picture,
        right,
        top + 0.05 + head,
        [words._("misses {level}", level=level)],
        9,
        color=theme.QUIET,
    )
    low, high = _ends(risk)
    at = rows.left + rows.wide * (risk.asked.level - low) / (high - low)
    theme.write(
        picture,
        at - theme.width_of(level, 9, True) / 2.0,
        top + 0.05 + head,
        [level],
        9,
        bold=True,
        color=theme.INK,
    )
    for plan, name in enumerate(names):
        middle = top - ROW * (plan + 0.5)
        lines = theme.wrap(name, 10, NAMES - 0.15, most=3)
        begin = middle + theme.height_of(len(lines), 10) / 2.0
        theme.write(picture, area.left, begin, lines, 10, color=theme.INK)
        chance = risk.failing(plan)
        share = words.percent(chance.value)
        colour = theme.readable(SHORT)
        theme.write(picture, right, middle + 0.28, [share], 18, bold=True, color=colour)
        between = words._(
            "{low} to {high}", low=words.percent(chance.low), high=words.percent(chance.high)
        )
        theme.write(picture, right, middle - 0.1, [between], 8, color=theme.QUIET)
