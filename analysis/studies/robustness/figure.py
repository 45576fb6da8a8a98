"""Every theory at a glance: a row each, the scenarios' places across."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from matplotlib.patches import Rectangle

from analysis.figures import theme
from analysis.figures.area import Area, sheet
from analysis.figures.frame import MARGIN, WIDTH, Picture
from analysis.results.colours import PALETTE
from analysis.results.summary import called, label_of
from analysis.studies.robustness.rankings import agreements, order, ranks_of, standing
from analysis.studies.robustness.study import Robustness
from analysis.studies.robustness.texts import message
from analysis.words.texts import minus, short

ROW: Final = 0.185
GAP: Final = 0.3
"""Height of a row, and of the heading of a group of them [inch]."""

NAMES: Final = 3.55
BETWEEN: Final = 0.35
TAU: Final = 0.5
"""Room for the theories' names, between matrices, and for tau [inch]."""

LEAN: Final = 55.0
"""Angle of the scenarios' names where they are too long for their columns [degree]."""

MOVED: Final = PALETTE[1]
"""Edge of a cell in which a scenario has another place than in the model."""

BEST: Final = np.array([0.0, 0.29, 0.49])
WORST: Final = np.array([0.93, 0.95, 0.97])
"""Colours of the first and of the last place."""

GROUPS: Final = {"model": "", "one": "One change at a time", "combination": "Combinations"}

EVIDENCE: Final = {
    "vendor": "Practitioner evidence",
    "literature": "Published research",
    "shipped": "Shipped numbers",
}


def robustness_figure(robustness: Robustness) -> Picture:
    """Draw the places of the scenarios under every theory, a matrix for each body of evidence."""
    asked = robustness.study
    kinds = [variant.kind for variant in asked.variants]
    headings = sum(GAP for kind in ("one", "combination") if kind in kinds)
    labels = [short(called(scenario), 32) for scenario in asked.scenarios.values()]
    each = (WIDTH - 2 * MARGIN - NAMES - BETWEEN * (len(asked.sets) - 1)) / len(asked.sets)
    cell = (each - TAU) / len(labels)
    upright = all(
        theme.width_of(word, 7) < cell - 0.05 for label in labels for word in label.split()
    )
    heading = 0.3 + max(_height(label, cell, upright) for label in labels)
    high = heading + ROW * len(kinds) + headings
    vectors = ", ".join(f"{len(those)} {name}" for name, those in asked.sets.items())
    reference = called(asked.reference)
    picture, area = sheet(
        message(robustness),
        f"Place by {label_of(asked.kpi).lower()} in month {asked.month}, best first; "
        f"theories that answer one question differently, and mixtures of such answers.",
        f"Each cell: place of a scenario by its mean over {asked.organisations:,} organisations "
        f"(runs) under each of the parameter vectors ({vectors}), the same people and luck in every "
        "cell of a row of a matrix; edged: another place than in the model. The base desire is refitted in "
        f"every row, under every vector, so that “{reference}” has the same adoption in month "
        f"{asked.month} as in the model; not reached: it never does. Combinations in the words of a "
        "scenario file: values of rules, parts of a month, kind of network. tau: Kendall's, with "
        "the first row. No band: neighbours may be less apart than luck moves them, see pairs.csv. "
        f"Seed {asked.seed}.",
        high,
    )
    tops = _tops(kinds, area.bottom + area.high - heading)
    _names(picture, robustness, area, tops)
    for number, evidence in enumerate(asked.sets):
        left = area.left + NAMES + number * (each + BETWEEN)
        theme.write(
            picture,
            left,
            area.bottom + area.high,
            [EVIDENCE.get(evidence, evidence)],
            9,
            bold=True,
            color=theme.INK,
        )
        for place, scenario in enumerate(order(robustness)):
            _head(picture, left + place * cell, tops[0] + 0.06, labels[scenario], cell, upright)
        y = tops[0] + 0.06 + theme.height_of(1, 7)
        theme.write(picture, left + each - TAU + 0.12, y, ["tau"], 7, color=theme.QUIET)
        _matrix(picture, robustness, evidence, left, cell, tops)
    return picture


def _height(label: str, cell: float, upright: bool) -> float:
    """Return how high the name of a scenario stands above its column."""
    if upright:
        return theme.height_of(len(theme.wrap(label, 7, cell - 0.05)), 7)
    return math.sin(math.radians(LEAN)) * theme.width_of(label, 7) + theme.height_of(1, 7)


def _head(
    picture: Picture, left: float, bottom: float, label: str, cell: float, upright: bool
) -> None:
    """Write the name of a scenario above its column."""
    if upright:
        lines = theme.wrap(label, 7, cell - 0.05)
        top = bottom + theme.height_of(len(lines), 7)
        theme.write(picture, left, top, lines, 7, color=theme.QUIET)
        return
    wide, high = picture.get_size_inches()
    picture.text(
        (left + 0.4 * cell) / wide,
        bottom / high,
        label,
        rotation=LEAN,
        rotation_mode="anchor",
        ha="left",
        va="bottom",
        fontproperties=theme.letters(7),
        color=theme.QUIET,
        parse_math=False,
    )


def _tops(kinds: Sequence[str], top: float) -> list[float]:
    """Return the upper end of every row, the first at ``top`` [inch]."""
    before, tops = "model", []
    for kind in kinds:
        if kind != before:
            top -= GAP
        tops.append(top)
        top, before = top - ROW, kind
    return tops


def _names(picture: Picture, robustness: Robustness, area: Area, tops: Sequence[float]) -> None:
    """Write the names of the theories, and of their groups."""
    before = "model"
    for variant, top in zip(robustness.study.variants, tops, strict=True):
        if variant.kind != before:
            theme.write(
                picture,
                area.left,
                top + GAP - 0.1,
                [GROUPS[variant.kind]],
                8.5,
                bold=True,
                color=theme.INK,
            )
        before = variant.kind
        size = 6.5 if variant.kind == "combination" else 8.0
        text = theme.wrap(variant.label, size, NAMES - 0.1, bold=variant.kind == "model", most=1)
        y = top - (ROW - theme.height_of(1, size)) / 2.0
        theme.write(
            picture, area.left, y, text, size, bold=variant.kind == "model", color=theme.INK
        )


def _matrix(
    picture: Picture,
    robustness: Robustness,
    evidence: str,
    left: float,
    cell: float,
    tops: Sequence[float],
) -> None:
    """Draw the matrix of an evidence set: places in the order of the model, and tau."""
    ranked = order(robustness)
    every = agreements(robustness, evidence)
    model = ranks_of(standing(robustness, evidence))
    for top, known in zip(tops, every, strict=True):
        y = top - (ROW - theme.height_of(1, 7)) / 2.0
        if known is None:
            theme.write(picture, left, y, ["not reached"], 7, color=theme.QUIET)
            continue
        for place, scenario in enumerate(ranked):
            rank = int(known.ranks[scenario])
            _cell(
                picture,
                left + place * cell,
                top,
                cell,
                rank,
                len(ranked),
                rank != int(model[scenario]),
            )
        x = left + len(ranked) * cell + 0.12
        theme.write(picture, x, y, [minus(f"{known.tau:.2f}")], 7, color=theme.INK)


def _cell(
    picture: Picture,
    left: float,
    top: float,
    across: float,
    rank: int,
    count: int,
    moved: bool,
) -> None:
    """Draw a place: the darker the better, edged where it is another than in the model."""
    wide, high = picture.get_size_inches()
    share = (rank - 1) / max(1, count - 1)
    shade = BEST + (WORST - BEST) * share**0.7
    edge = 0.018 if moved else 0.012
    picture.add_artist(
        Rectangle(
            ((left + edge) / wide, (top - ROW + edge) / high),
            (across - 2 * edge) / wide,
            (ROW - 2 * edge) / high,
            transform=picture.transFigure,
            facecolor=tuple(shade),
            linewidth=1.3 if moved else 0,
            edgecolor=MOVED,
        )
    )
    light = float(shade @ np.array([0.3, 0.6, 0.1])) < 0.6
    looks: dict[str, Any] = {"color": "white" if light else theme.INK, "bold": rank == 1}
    text = str(rank)
    x = left + (across - theme.width_of(text, 8, rank == 1)) / 2.0
    y = top - (ROW - theme.height_of(1, 8)) / 2.0
    theme.write(picture, x, y, [text], 8, **looks)
