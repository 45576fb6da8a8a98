"""What an explanation says: a line, sentences, a table, plain values."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from analysis.decisions.explain import Explained
from analysis.decisions.game import APPOINTED, BARE, ROLLOUT
from analysis.decisions.reasons import STEPS
from analysis.results.answer import evidence_name, quoted
from analysis.results.estimates import Estimate
from analysis.results.summary import called, name_of
from analysis.studies.form import records
from analysis.words.languages import ENGLISH, Language
from sim.programme.deployments import measure_of
from sim.scenario.schema import Scenario
from sim.study.intervals import half_width

if TYPE_CHECKING:
    import pandas as pd

MANY: Final = 2
"""Measures that the line names."""


def title(player: str, why: Explained, words: Language = ENGLISH) -> str:
    """Return what a player is called."""
    if player == ROLLOUT:
        return words._("The roll-out")
    if player == APPOINTED:
        return words._("Use by those appointed")
    for scenario in (why.scenario, why.reference):
        deployment = scenario.programme.get(player)
        if deployment is None and player in scenario.adaptive:
            deployment = scenario.adaptive[player].then
        if deployment is not None:
            measure = words.of(measure_of(player, deployment).title)
            return measure if (deployment.measure or player) == player else f"{measure} ({player})"
    return player


def step(name: str, words: Language = ENGLISH) -> str:
    """Return what a step on the way to daily use is called."""
    return {
        "no_access": words._("no access"),
        "never_tried": words._("never tried"),
        "tried": words._("tried and stopped"),
        "now_and_then": words._("now and then"),
        "weekly": words._("weekly"),
        "daily": words._("daily"),
    }[name]


def side(why: Explained, scenario: Scenario, words: Language = ENGLISH) -> str:
    """Return what one of the two sides is called."""
    if scenario is why.reference and scenario.name == BARE:
        return words._("Roll-out without measures")
    return called(scenario, words)


def size(value: Estimate, unit: str, words: Language = ENGLISH) -> str:
    """Return a number with its interval: '12.1 (11.1 to 13.1)'."""
    digits = 1 if unit == "points" else 2
    number, low, high = (words.number(end, digits) for end in value[:3])
    return words._("{number} ({low} to {high})", number=number, low=low, high=high)


def unit_of(why: Explained, words: Language = ENGLISH) -> str:
    """Return the unit of a difference, as it stands behind a number."""
    return words._("points") if why.goal.unit == "points" else why.goal.unit


def message(why: Explained, words: Language = ENGLISH) -> str:
    """Return in a line what brings most of the difference."""
    total, unit = why.total, unit_of(why, words)
    leading = [k for k in why.order if why.share(k).low > 0.0 or why.share(k).high < 0.0][:MANY]
    number = words.number(total.value, 1 if why.goal.unit == "points" else 2, sign=True)
    if not leading or total.low <= 0.0 <= total.high:
        return words._(
            "{scenario}: {number} {unit} beside {reference}, and no part of it is clearly apart from nothing",
            scenario=side(why, why.scenario, words),
            number=number,
            unit=unit,
            reference=side(why, why.reference, words),
        )
    parts = [
        words._(
            "{number} by {measure}",
            measure=quoted(title(why.players[k], why, words)),
            number=words.number(why.share(k).value, 1 if why.goal.unit == "points" else 2),
        )
        for k in leading
    ]
    return words._(
        "{scenario}: {number} {unit} beside “{reference}”, of which {parts}",
        scenario=side(why, why.scenario, words),
        number=number,
        unit=unit,
        reference=side(why, why.reference, words),
        parts=words.listed(parts),
    )


def sentences(why: Explained, words: Language = ENGLISH) -> list[str]:
    """Return what else a board should know, in whole sentences."""
    several = [
        *_last(why, words),
        *_overlap(why, words),
        *_ordered(why, words),
        *_appointed(why, words),
        *_rests(why, words),
    ]
    if why.orders is not None:
        several.append(
            words._(
                "There are too many measures to take every order: {number} pairs of orders were drawn, and "
                "intervals hold what they leave open.",
                number=words.number(len(why.orders)),
            )
        )
    return several


def _last(why: Explained, words: Language) -> list[str]:
    """Say what adds nothing, or harms, once all else is there."""
    idle = []
    for k in why.order:
        if why.players[k] == APPOINTED:
            continue
        last = why.share(k, "last")
        if last.high * why.goal.better <= 0.0 or last.low <= 0.0 <= last.high:
            idle.append(quoted(title(why.players[k], why, words)))
    if not idle:
        return []
    return [
        words._(
            "Beside all the others, nothing can be seen of: {measures}. That is where money may be saved.",
            measures=words.listed(idle),
        )
    ]


def _overlap(why: Explained, words: Language) -> list[str]:
    """Say which two take each other's place most, and whether that is only the ceiling."""
    measures = [k for k, name in enumerate(why.players) if name != APPOINTED]
    if why.interactions is None or len(measures) < 2:
        return []
    means = {(i, j): why.interactions[i, j].mean() for i, j in combinations(measures, 2)}
    first, second = max(means, key=lambda pair: abs(means[pair]))
    values = why.interactions[first, second].ravel()
    if abs(means[first, second]) < 0.5 or abs(values.mean()) <= half_width(values):
        return []
    both = words.listed([quoted(title(why.players[k], why, words)) for k in (first, second)])
    amount = words.number(abs(means[first, second]), 1)
    unit = unit_of(why, words)
    if means[first, second] > 0.0:
        return [
            words._(
                "Two help each other: {both} bring {amount} {unit} more together than apart.",
                both=both,
                amount=amount,
                unit=unit,
            )
        ]
    return [
        words._(
            "Two overlap: {both} bring {amount} {unit} less together than apart, whoever else is there.",
            both=both,
            amount=amount,
            unit=unit,
        )
    ]


def _ordered(why: Explained, words: Language) -> list[str]:
    """Say where the order of two measures depends on whose evidence is believed."""
    if len(why.sets) < 2:
        return []
    places, first = {}, 0
    for name, vectors in why.sets.items():
        places[name] = slice(first, first + len(vectors))
        first += len(vectors)
    said = []
    measures = [k for k in why.order if why.players[k] != APPOINTED]
    for i, j in combinations(measures, 2):
        apart = {
            name: float((why.shares[i, place] - why.shares[j, place]).mean())
            for name, place in places.items()
        }
        if min(apart.values()) < 0.0 < max(apart.values()):
            before = max(apart, key=lambda name: apart[name])
            after = min(apart, key=lambda name: apart[name])
            said.append(
                words._(
                    "Whether {first} brings more than {second} depends on the evidence believed: yes by "
                    "{before}, no by {after}.",
                    first=quoted(title(why.players[i], why, words)),
                    second=quoted(title(why.players[j], why, words)),
                    before=evidence_name(before, words),
                    after=evidence_name(after, words),
                )
            )
    if not said:
        said.append(words._("The order of the measures is the same under both sets of evidence."))
    return said[:3]


def _appointed(why: Explained, words: Language) -> list[str]:
    """Say how much of it is use by those who were appointed to use it."""
    if APPOINTED not in why.players:
        return []
    share = why.share(why.players.index(APPOINTED))
    return [
        words._(
            "{size} {unit} are use by the appointed themselves, beyond what they would do anyway: decreed, "
            "not won.",
            size=size(share, why.goal.unit, words),
            unit=unit_of(why, words),
        )
    ]


def _rests(why: Explained, words: Language) -> list[str]:
    """Say what those stood on who began."""
    if why.begun.empty or not np.isfinite(why.begun.loc["peers", "needed"]):
        return []
    needed = why.begun["needed"]
    return [
        words._(
            "Of those who began, {seen} saw a colleague use AI; without colleagues {peers} would not have "
            "begun in that week, without the leaders' example {example}, without the novelty {novelty}. That is "
            "no credit to anybody: who is seen is not who causes.",
            seen=words.percent(needed["colleagues"]),
            peers=words.percent(needed["peers"]),
            example=words.percent(needed["example"]),
            novelty=words.percent(needed["novelty"]),
        )
    ]


def table(why: Explained, words: Language = ENGLISH) -> pd.DataFrame:
    """Return what each player adds, by name, the most first: groups before their members.

    Columns: ``share``, ``low``, ``high``, ``first``, ``last`` [points or the KPI's unit], ``log_odds``,
    ``people``, ``euro``, ``euro_per_point``.
    """
    import pandas as pd

    rows = []
    for k in why.order:
        rows.append(_row(why, [k], why.players[k], title(why.players[k], why, words)))
    for group, names in why.groups.items():
        rows.append(_row(why, [why.players.index(name) for name in names], group, group))
    return pd.DataFrame(rows).set_index("measure")


def _row(why: Explained, players: list[int], name: str, label: str) -> dict[str, Any]:
    """Return a player, or a group, as a row."""
    if len(players) == 1:
        share = why.share(players[0])
    else:
        together = why._replace(
            shares=why.shares[players].sum(axis=0)[None],
            orders=None if why.orders is None else why.orders[:, players].sum(axis=1)[:, None],
        )
        share = together.share(0)
    euro = float(why.costs[players].sum())
    alone = len(players) == 1
    dear = euro / share.value if share.value > 0.0 and euro > 0.0 else np.nan
    return {
        "measure": name,
        "title": label,
        "share": share.value,
        "low": share.low,
        "high": share.high,
        "first": float(why.first[players[0]].mean()) if alone else np.nan,
        "last": float(why.last[players[0]].mean()) if alone else np.nan,
        "log_odds": np.nan if why.odds is None else float(why.odds[players].sum(axis=0).mean()),
        "people": np.nan
        if why.people is None or not alone
        else float(why.people[players[0]].mean()),
        "euro": euro,
        "euro_per_point": dear,
    }


def _plain(value: Any) -> Any:
    """Return a number as JSON has it: nothing where it is not known."""
    return None if isinstance(value, float) and not np.isfinite(value) else value


def as_dict(why: Explained, words: Language = ENGLISH) -> dict[str, Any]:
    """Return an explanation as plain values."""
    rows = table(why, words).reset_index()
    size_of_groups = len(why.groups)
    measures = [
        {str(key): _plain(value) for key, value in row.items()} for row in rows.to_dict("records")
    ]
    pairs = []
    if why.interactions is not None:
        for i, j in combinations(range(len(why.players)), 2):
            values = why.interactions[i, j]
            pairs.append(
                {"measures": [why.players[i], why.players[j]], "points": float(values.mean())}
            )
    return {
        "question": why.question,
        "answer": message(why, words),
        "sentences": sentences(why, words),
        "scenario": why.scenario.name,
        "against": why.reference.name,
        "kpi": why.goal.kpi,
        "month": why.goal.month,
        "area": why.goal.area,
        "unit": why.goal.unit,
        "runs": why.runs,
        "seed": why.seed,
        "vectors": {name: len(vectors) for name, vectors in why.sets.items()},
        "total": dict(zip(("value", "low", "high"), why.total[:3], strict=True)),
        "measures": measures[: len(measures) - size_of_groups],
        "groups": measures[len(measures) - size_of_groups :],
        "interactions": pairs,
        "begun": records(why.begun) if not why.begun.empty else [],
        "funnel": records(why.funnel),
        "moved": records(why.moved) if not why.moved.empty else [],
    }


def funnel_words(why: Explained, words: Language = ENGLISH) -> list[tuple[str, float, float]]:
    """Return the way to daily use: what each step is called, and its share in both [percent]."""
    rows = why.funnel
    return [
        (step(name, words), float(rows.loc[name, "reference"]), float(rows.loc[name, "scenario"]))
        for name in STEPS
    ]


def group_word(kind: str, group: str, words: Language = ENGLISH) -> str:
    """Return what a group of people is called."""
    return name_of(kind, group, words)
