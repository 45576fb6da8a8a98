"""The figure of the network test: the score seen among those simulated, and the power to come."""

from __future__ import annotations

from typing import Final

import numpy as np
from matplotlib.axes import Axes

from analysis.decisions.network_test import ENOUGH, NetworkTest
from analysis.decisions.network_test_texts import use_words, verdict
from analysis.decisions.precision import wilson
from analysis.figures import theme
from analysis.figures.area import Area, Key, axes_in, sheet
from analysis.figures.frame import Picture
from analysis.results.colours import PALETTE, REFERENCE
from analysis.words.languages import ENGLISH, Language
from sim.engine.kinds import Array

HIGH: Final = 3.4
RIGHT: Final = 2.9
GAP: Final = 0.75
HEAD: Final = 0.42
FOOT: Final = 0.5
"""Height; width of the power and the gap beside it; room for headings and axes [inch]."""

NULL, CONTAGION = REFERENCE, PALETTE[0]
BINS: Final = 22


def network_test_figure(tested: NetworkTest, words: Language = ENGLISH) -> Picture:
    """Draw the score that was seen among those without contagion and with it, and the power."""
    caption = words._(
        "Left: score of taking AI up by how many tied colleagues used it the month before, among people of "
        "the same department and month whose bosses did the same, given own use before; in {nulls} organisations "
        "(runs) without contagion and {others} with the model's, on these people and ties, brought to the same "
        "use. Dashed: 5 % of those without lie above. Right: share of those with contagion beyond it, with 95 % "
        "intervals for {others} organisations. Seed {seed}. What if, not a forecast.",
        nulls=words.number(tested.runs),
        others=words.number(len(tested.with_contagion)),
        seed=str(tested.seed),
    )
    keys = [
        [
            Key(words._("without contagion"), NULL),
            Key(words._("with contagion as in the model"), CONTAGION),
        ]
    ]
    picture, area = sheet(verdict(tested, words), use_words(tested, words), caption, HIGH, keys)
    wide = area.wide - RIGHT - GAP
    panels = (
        (area.left, wide, words._("Score now, share of organisations"), _scores),
        (
            area.left + wide + GAP,
            RIGHT,
            words._("Chance that contagion would show"),
            _power,
        ),
    )
    for left, room, heading, draw in panels:
        theme.write(
            picture, left, area.bottom + area.high, [heading], 10, bold=True, color=theme.INK
        )
        ax = axes_in(
            picture,
            Area(left + 0.42, area.bottom + FOOT, room - 0.42, area.high - HEAD - FOOT),
        )
        theme.plain(ax)
        ax.set_axisbelow(True)
        draw(ax, tested, words)
    return picture


def _scores(ax: Axes, tested: NetworkTest, words: Language) -> None:
    """Draw both distributions of the score now, the threshold, and what was seen."""
    null, other = tested.null[:, 0], tested.with_contagion[:, 0]
    seen, least = tested.score.value, float(tested.thresholds[0])
    ends = float(min(null.min(), other.min(), seen)), float(max(null.max(), other.max(), seen))
    edges = np.linspace(ends[0] - 0.1, ends[1] + 0.1, BINS)
    highest = 0.0
    for values, colour in ((null, NULL), (other, CONTAGION)):
        shares = _shares(values, edges)
        ax.stairs(shares, edges, fill=True, color=colour, alpha=0.45)
        ax.stairs(shares, edges, color=theme.readable(colour, 3.0), linewidth=1.2)
        highest = max(highest, float(shares.max()))
    ax.set_ylim(0.0, 1.3 * highest)
    ax.set_xlim(edges[0], edges[-1])
    ax.plot([least, least], [0.0, 1.04 * highest], color=theme.QUIET, linewidth=1.0, linestyle="--")
    ax.plot([seen, seen], [0.0, 1.12 * highest], color=theme.INK, linewidth=2.0)
    ax.plot(seen, 1.12 * highest, "v", color=theme.INK, markersize=7.0)
    share = (seen - edges[0]) / (edges[-1] - edges[0])
    ax.text(
        seen,
        1.17 * highest,
        words._("seen here: {score}", score=words.number(seen, 1, sign=True)),
        ha="left" if share < 0.15 else "right" if share > 0.85 else "center",
        color=theme.INK,
        fontproperties=theme.letters(9, bold=True),
    )
    ax.set_yticks(
        ticks := [tick for tick in ax.get_yticks() if 0.0 <= tick <= 1.05 * highest],
        [words.percent(tick) for tick in ticks],
    )
    ticks = [tick for tick in range(-9, 30) if edges[0] <= tick <= edges[-1]]
    ax.set_xticks(ticks, [words.number(tick) for tick in ticks])
    ax.set_xlabel(
        words._("score, in its standard errors"),
        fontproperties=theme.letters(9),
        color=theme.QUIET,
    )


def _shares(values: Array, edges: Array) -> Array:
    counts = np.histogram(values, edges)[0]
    shares: Array = counts / len(values)
    return shares


def _power(ax: Axes, tested: NetworkTest, words: Language) -> None:
    """Draw the power now and with more months, with intervals, and the least that is asked."""
    others = len(tested.with_contagion)
    for place, power in enumerate(tested.powers):
        low, high = wilson(round(float(power) * others), others)
        ax.plot([place, place], [low, high], color=CONTAGION, linewidth=2.4, alpha=0.5)
        ax.plot(place, power, "o", color=CONTAGION, markersize=8.0)
        ax.text(
            place + 0.12,
            float(power),
            words.percent(float(power)),
            va="center",
            color=theme.readable(CONTAGION),
            fontproperties=theme.letters(9, bold=True),
        )
    ax.axhline(ENOUGH, color=theme.QUIET, linewidth=1.0, linestyle=":")
    ax.text(
        len(tested.powers) - 0.45,
        ENOUGH + 0.02,
        words._("least for an answer"),
        ha="right",
        color=theme.QUIET,
        fontproperties=theme.letters(8),
    )
    ax.set_ylim(0.0, 1.04)
    ax.set_xlim(-0.45, len(tested.powers) - 0.4)
    ax.set_yticks(ticks := [0.0, 0.25, 0.5, 0.75, 1.0], [words.percent(tick) for tick in ticks])
    ax.set_xticks(range(len(tested.horizons)), [str(months) for months in tested.horizons])
    ax.set_xlabel(words._("months of use"), fontproperties=theme.letters(9), color=theme.QUIET)
