"""The claims at a glance: a row each, a column for each body of evidence, the verdict as a colour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from analysis.figures import theme
from analysis.figures.area import Area, Key, axes_in, middle_of, sheet
from analysis.figures.frame import Picture
from analysis.results.colours import PALETTE
from analysis.studies.claims.study import Claims
from analysis.studies.claims.verdicts import VERDICTS, Verdict

COLOURS: Final[Mapping[Verdict, str]] = {
    "misses": PALETTE[1],
    "impossible as stated": PALETTE[6],
    "direction only": PALETTE[4],
    "holds": PALETTE[2],
}

ROW: Final = 0.24
HEAD: Final = 0.3
"""Height of a claim, and of the names of the evidence sets above [inch]."""

NAMES: Final = 5.4
"""Room left of the colours [inch]."""


def claims_figure(claims: Claims) -> Picture:
    """Draw the verdict on each claim under each evidence set, what holds first."""
    import seaborn

    titles = {
        name: f"{name}  {experiment.entry.title}"
        for name, experiment in claims.agenda.experiments.items()
    }
    places = pd.DataFrame(
        {
            title: {
                evidence: VERDICTS.index(judged.verdict)
                for evidence, judged in claims.of(name)[1].items()
            }
            for name, title in titles.items()
        }
    ).T
    order = places.sum(axis=1).sort_values(ascending=False, kind="stable").index
    counts = " and ".join(f"{number} of {name}" for name, number in claims.vectors.items())
    picture, area = sheet(
        claims.answer,
        "Each claim of the register that is tested, under the parameters of each body of evidence.",
        f"Verdicts rest on means over parameter vectors ({counts}), each with {claims.organisations} "
        "organisations (runs) of its own, and on the middle 90 % of the vectors. "
        f"Seed {claims.seed}.",
        ROW * len(places) + HEAD,
        [[Key(verdict, COLOURS[verdict]) for verdict in reversed(VERDICTS)]],
    )
    rows = Area(area.left + NAMES, area.bottom, area.wide - NAMES, ROW * len(places))
    ax = axes_in(picture, rows)
    seaborn.heatmap(
        places.loc[order],
        cmap=[COLOURS[verdict] for verdict in VERDICTS],
        vmin=-0.5,
        vmax=len(VERDICTS) - 0.5,
        linewidths=1.5,
        cbar=False,
        yticklabels=False,
        ax=ax,
    )
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    for label in ax.get_xticklabels():
        label.set_fontproperties(theme.letters(9, bold=True))
    for place, title in enumerate(order):
        y = middle_of(place, len(order), rows)
        line = theme.wrap(str(title), 8, NAMES - 0.1, most=1)
        theme.write(picture, area.left, y, line, 8, color=theme.INK)
    return picture
