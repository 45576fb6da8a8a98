"""How indices are told: in one line, and in the words of the factors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis.results.summary import called as name_of_strategy
from analysis.results.summary import label_of
from analysis.studies.sensitivity.points import Outcome, Simulator
from analysis.studies.sensitivity.study import Found
from analysis.words.texts import minus, short

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 12
"""Factors in a table or a figure; the file has all of them."""

CLOSE = 0.8
"""Part of the strongest index from which the second is named with it."""


def ranking(table: pd.DataFrame) -> str:
    """Return the column by which factors are ranked."""
    return "strength" if "strength" in table else "total"


def counting(table: pd.DataFrame) -> pd.Series:
    """Return by row whether an index is more than luck makes of a factor without effect."""
    column = ranking(table)
    luck = table["luck"].fillna(0.0)
    return (table[column] > 2.0 * luck) & (table[column] > 0.0)


def called(simulator: Simulator, outcome: Outcome) -> str:
    """Return what an outcome is called in a figure or a table."""
    label = name_of_strategy(simulator.scenarios[outcome.scenario])
    return f"What {label} adds" if outcome.against else label


def lowered(text: str) -> str:
    """Return a text as it stands within a sentence; abbreviations stay as they are."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def message(study: Found) -> str:
    """Return what a study says: what the contrasts depend on most, or the level without any."""
    outcomes = study.simulator.outcomes
    spoken_of = [outcome for outcome in outcomes if outcome.against] or list(outcomes)
    tops: dict[str, list[Outcome]] = {}
    for each in spoken_of[:2]:
        tops.setdefault(_top(study, each), []).append(each)
    parts = []
    for top, those in tops.items():
        if len(spoken_of[:2]) == 1:  # room for a second that matters about as much
            top = _top(study, those[0], 2)
        subject = _subject(study.simulator, those)
        verb = "depends" if those[0].against or len(those) == 1 else "depend"
        parts.append(f"{subject} {verb} {f'most on {top}' if top else 'on nothing varied'}")
    text = "; ".join(parts)
    return text[:1].upper() + text[1:]


def _subject(simulator: Simulator, outcomes: Sequence[Outcome]) -> str:
    """Return what a sentence is about."""
    names = [
        f"“{short(name_of_strategy(simulator.scenarios[outcome.scenario]), 32)}”"
        for outcome in outcomes
    ]
    first, both = outcomes[0], " and ".join(names)
    if first.against:
        return f"what {both} add{'s' * (len(names) == 1)}"
    return f"{lowered(label_of(first.kpi))} with {both}"


def _top(study: Found, outcome: Outcome, most: int = 1) -> str:
    """Return what matters most for an outcome, in words; empty if nothing is above luck."""
    table = study.table.loc[outcome.name]
    table = table[counting(table)]
    if table.empty:
        return ""
    ranked = table.sort_values(ranking(table), ascending=False, kind="stable")
    values = ranked[ranking(table)]
    close = ranked.index[values >= CLOSE * values.iloc[0]][:most]
    factors = {factor.path: factor for factor in study.design.factors}
    return " and ".join(short(lowered(factors[str(path)].label), 64) for path in close)


def unit_of(outcome: Outcome) -> str:
    """Return the unit of a strength: points where the outcome is a share."""
    return {"%": "points", "": "on a scale of 0 to 1"}.get(outcome.unit, outcome.unit)


def number(value: float) -> str:
    """Return a number in about two digits, with two decimals at most."""
    if math.isnan(value):
        return ""
    size = math.floor(math.log10(abs(value))) if value else 0
    return minus(f"{value:,.{max(0, min(2, 1 - size))}f}")


def shares(value: float) -> str:
    """Return a share in whole percent, without rounding a little to nothing."""
    if math.isnan(value):
        return "not known"
    return "under 1 %" if value < 0.01 else f"{100.0 * value:.0f} %"


def luck_sentence(study: Found, outcome: Outcome) -> str:
    """Return how much of the variance is organisations and luck, and not the factors."""
    noise = study.noise[outcome.name]
    if math.isnan(noise.mean):
        return "How much organisations and luck make is not known."
    return (
        f"Organisations and luck make {shares(noise.mean)} of the variance between points, "
        f"{shares(noise.single)} of that between single organisations."
    )


def interactions(study: Found, outcome: Outcome) -> float:
    """Return the share of the variance that no factor explains by itself [0 to 1]."""
    alone = float(study.table.loc[outcome.name]["first"].clip(lower=0.0).sum())
    return max(0.0, 1.0 - alone)


def order_of(study: Found, most: int) -> Sequence[str]:
    """Return the paths of the factors to show, by what the contrasts depend on."""
    from analysis.studies.sensitivity.indices import strongest

    contrasts = [outcome.name for outcome in study.simulator.outcomes if outcome.against]
    names = contrasts or [outcome.name for outcome in study.simulator.outcomes]
    return strongest(study.table.loc[names], most)


def meaning(study: Found) -> str:
    """Return what the columns of the tables mean, and what is behind them."""
    design, simulator = study.design, study.simulator
    columns = (
        "strength: mean absolute change over the whole range, or from one category to another "
        f"({unit_of(simulator.outcomes[0])}); spread: standard deviation of the change over the "
        "design; luck: the strength of a factor without effect"
        if design.method == "morris"
        else "total: share of the variance in which the factor has a part; alone: share that it "
        "explains by itself; luck: the total of a factor without effect"
    )
    return (
        f"{columns[:1].upper()}{columns[1:]}. {design.samples:,} "
        f"{'trajectories' if design.method == 'morris' else 'base samples'}, "
        f"{len(design.unit):,} points, {simulator.organisations} organisations, "
        f"{study.runs:,} runs, seed {simulator.seed}."
    )
