"""What can go wrong, in sentences: how often, by how much, and what that rests on."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from analysis.decisions.prim import Box
from analysis.decisions.risk import SELDOM, Risk
from analysis.results.answer import evidence_name
from analysis.results.estimates import Estimate
from analysis.results.summary import called, in_unit, label_of, scale_of
from analysis.words.languages import ENGLISH, Language
from analysis.words.texts import short
from sim.parameters import numbers


def sentences(risk: Risk, words: Language = ENGLISH) -> list[str]:
    """Return what came out, the message first."""
    listed = [
        message(risk, words),
        *regrets(risk, words),
        *_pairs(risk, words),
        *beliefs(risk, words),
        *_where(risk, words),
    ]
    return [text.replace(" ,", ",").replace(" .", ".") for text in listed]


def names_of(risk: Risk, words: Language = ENGLISH, most: int = 48) -> list[str]:
    """Return what the plans are called."""
    return [short(called(scenario, words), most) for scenario in risk.asked.scenarios.values()]


def level_of(risk: Risk, words: Language = ENGLISH) -> str:
    """Return the level with its unit."""
    level, unit = risk.asked.level, scale_of(risk.asked.goal.kpi).unit
    digits = len(f"{level:.10g}".partition(".")[2])
    number = words.number(level, digits)
    return f"{number}%" if unit == "%" else in_unit(number, unit, words)


def message(risk: Risk, words: Language = ENGLISH) -> str:
    """Return how often the best plan fails, and the one that fails most often."""
    names, first = names_of(risk, words), risk.first
    chances = [risk.failing(plan).value for plan in range(len(names))]
    other = max((k for k in range(len(names)) if k != first), key=lambda k: chances[k])
    title = label_of(risk.asked.goal.kpi, words)
    values = {
        "other": names[other],
        "level": level_of(risk, words),
        "kpi": title[0].lower() + title[1:],
        "rate": words.percent(chances[other]),
        "plan": names[first],
        "share": words.percent(chances[first]),
    }
    if risk.asked.goal.better < 0.0:
        return words._(
            "“{other}” stays above {level} {kpi} in {rate} of cases, “{plan}” in {share}", **values
        )
    return words._(
        "“{other}” misses {level} {kpi} in {rate} of cases, “{plan}” in {share}", **values
    )


def regrets(risk: Risk, words: Language = ENGLISH) -> Iterator[str]:
    """Yield how far behind the best plan there and then the first two are."""
    names, behind = names_of(risk, words), risk.regrets
    unit = risk.asked.goal.unit
    order = np.argsort(behind.mean(axis=(1, 2)), kind="stable")[:2]
    for plan in order:
        mean, tenth = float(behind[plan].mean()), float(np.quantile(behind[plan], 0.9))
        values = {
            "plan": names[plan],
            "mean": in_unit(_number(mean, words), unit, words),
            "tenth": in_unit(_number(tenth, words), unit, words),
        }
        if mean == 0.0:
            yield words._(
                "Who chooses “{plan}” regrets nothing: no plan does better anywhere.", **values
            )
        elif tenth > 0.0:
            yield words._(
                "Who chooses “{plan}” is on average {mean} behind the plan that is best there and then; "
                "in a tenth of the cases {tenth} or more.",
                **values,
            )
        else:
            yield words._(
                "Who chooses “{plan}” is on average {mean} behind the plan that is best there and then; "
                "in nine tenths of the cases nothing.",
                **values,
            )


def _pairs(risk: Risk, words: Language) -> Iterator[str]:
    """Yield how often the first does better than each of the others."""
    names, first = names_of(risk, words), risk.first
    for evidence in risk.asked.sets:
        best = risk.first_under(evidence)
        if best != first:
            yield words._(
                "By {evidence} alone “{plan}” comes first on average.",
                evidence=evidence_name(evidence, words),
                plan=names[best],
            )
    for other in range(len(names)):
        if other == first:
            continue
        pair = risk.pair(first, other)
        yield words._(
            "“{plan}” does better than “{other}” in {share} of cases {between}, equally well in {equal}.",
            plan=names[first],
            other=names[other],
            share=words.percent(pair.beats.value),
            between=_between(pair.beats, words),
            equal=words.percent(pair.equal),
        )


def _between(share: Estimate, words: Language) -> str:
    """Return where nine tenths of the sets of numbers lie, in brackets; nothing where they agree."""
    low, high = words.percent(share.low), words.percent(share.high)
    if not share.high > share.low:
        return ""
    return words._("({low} to {high} in nine tenths of the sets of numbers)", low=low, high=high)


def beliefs(risk: Risk, words: Language = ENGLISH) -> Iterator[str]:
    """Yield how much of the effects has to be believed for the ranking to stay as it is."""
    names, first = names_of(risk, words), risk.first
    means = risk.asked.goal.better * risk.values.mean(axis=(1, 2))
    second = int(np.argsort(-means, kind="stable")[1])
    needed = risk.pair(first, second).belief
    if first and second and math.isfinite(needed.value):
        yield words._(
            "“{plan}” stays before “{other}”, which keeps its full effect, as long as at least {belief} "
            "of what it adds is believed {between}.",
            plan=names[first],
            other=names[second],
            belief=words.percent(needed.value),
            between=_between(needed, words),
        )
        if needed.known < 1.0:
            yield words._(
                "Under {share} of the sets of numbers “{plan}” is behind “{other}” even if all is believed.",
                share=words.percent(1.0 - needed.known),
                plan=names[first],
                other=names[second],
            )
    listed, month = risk.paying(), risk.asked.goal.month
    if len(listed) == 1:
        yield words._(
            "“{plan}” earns most by month {month}, however much of the effects is believed.",
            plan=names[listed[0].first],
            month=month,
        )
    for span, after in pairwise(listed):
        yield words._(
            "Below a belief of {belief} in all effects “{plan}” earns most by month {month}, above "
            "it “{other}”.",
            belief=words.percent(after.low),
            plan=names[span.first],
            other=names[after.first],
            month=month,
        )
    if first:
        yield words._(
            "If all is believed, “{plan}” earns more by month {month} than “{other}” under {share} of the "
            "sets of numbers.",
            plan=names[first],
            other=names[0],
            month=month,
            share=words.percent(risk.pair(first, 0).pays.known),
        )


# --- Where it goes wrong -----------------------------------------------------------------------


class Looked(NamedTuple):
    """What was looked for, and the box in which it is most frequent.

    Attributes
    ----------
    what
        ``beaten``: another plan does better than the first. ``missed``: a plan misses the level.
    plan
        Number of the plan.
    box
        Of parameters and organisation together.
    parameters, organisation
        Of each of them alone.
    """

    what: str
    plan: int
    box: Box
    parameters: Box
    organisation: Box


def looked(risk: Risk) -> list[Looked]:
    """Return where the first plan is beaten, and where each fails, as far as that is often enough."""
    asked, listed = risk.asked, []
    for what, plan in (
        ("beaten", risk.first),
        *(("missed", k) for k in range(len(asked.scenarios))),
    ):
        happens = risk.beaten if what == "beaten" else risk.missed[plan]
        if asked.cases and SELDOM <= happens.mean() <= 1.0 - SELDOM:
            boxes = (risk.box(happens, only) for only in ("", "parameters", "organisation"))
            listed.append(Looked(what, plan, *boxes))
    return listed


def _where(risk: Risk, words: Language) -> Iterator[str]:
    """Yield in which circumstances the first plan is beaten, and one fails, and what that rests on."""
    if not risk.asked.cases:
        return
    rate = float(risk.beaten.mean())
    if rate < SELDOM:
        yield words._(
            "“{plan}” comes first in {share} of {cases} other organisations, each under a set of numbers: which "
            "plan wins rests neither on the parameters nor on the organisation.",
            plan=names_of(risk, words)[risk.first],
            share=words.percent(1.0 - rate),
            cases=words.number(risk.asked.cases),
        )
    listed = looked(risk)
    failing = [there for there in listed if there.what == "missed"]
    failing.sort(key=lambda there: (there.plan != risk.first, -risk.failing(there.plan).value))
    for there in [*(there for there in listed if there.what == "beaten"), *failing[:1]]:
        yield box_sentence(risk, there, words)
        yield rests(risk, there, words)


def box_sentence(risk: Risk, there: Looked, words: Language = ENGLISH) -> str:
    """Return where something happens, with what the box holds of cases it has not seen."""
    plan, box = names_of(risk, words)[there.plan], there.box
    beaten = there.what == "beaten"
    if not box.limits:
        return (
            words._("No circumstances are found in which “{plan}” is beaten more.", plan=plan)
            if beaten
            else words._("No circumstances are found in which “{plan}” fails more.", plan=plan)
        )
    values = {
        "plan": plan,
        "level": level_of(risk, words),
        "where": limits_of(risk, box, words),
        "density": words.percent(box.unseen.density),
        "seen": words.percent(box.seen.density),
        "everywhere": words.percent(box.unseen.everywhere),
        "coverage": words.percent(box.unseen.coverage),
        "covered": words.percent(box.seen.coverage),
    }
    text = (
        words._(
            "“{plan}” is beaten most where {where}: in {density} of other organisations there, against "
            "{everywhere} of all; {coverage} of its defeats lie there (in those in which this was "
            "found {seen} and {covered}).",
            **values,
        )
        if beaten
        else words._(
            "“{plan}” misses {level} most where {where}: in {density} of other organisations there, "
            "against {everywhere} of all; {coverage} of its failures lie there (in those in which this "
            "was found {seen} and {covered}).",
            **values,
        )
    )
    if box.holds:
        return text
    slight = (
        words._("That is little.") if box.clear else words._("That is no more than chance finds.")
    )
    return f"{text} {slight}"


def rests(risk: Risk, there: Looked, words: Language = ENGLISH) -> str:
    """Return whether it rests on belief in a parameter, on the organisation, on both, or on neither."""
    names, _ = risk.features
    numbers_hold, firm_holds = there.parameters.holds, there.organisation.holds
    what = (
        words._("Which plan wins")
        if there.what == "beaten"
        else words._("Whether “{plan}” fails", plan=names_of(risk, words)[there.plan])
    )
    values = {
        "what": what,
        "belief": name_of(names[next(iter(there.parameters.limits), 0)], risk, words),
        "firm": name_of(names[next(iter(there.organisation.limits), 0)], risk, words),
    }
    if not (numbers_hold or firm_holds):
        return words._("{what} is told neither by parameters nor by the organisation.", **values)
    if not firm_holds:
        return words._("{what} rests on belief in {belief}, not on your organisation.", **values)
    if not numbers_hold:
        return words._(
            "{what} rests on your organisation ({firm}), not on belief in parameters.", **values
        )
    if there.parameters.unseen.lift >= there.organisation.unseen.lift:
        return words._(
            "{what} rests on belief in {belief}, and less on your organisation ({firm}).", **values
        )
    return words._(
        "{what} rests on your organisation ({firm}), and less on belief in {belief}.", **values
    )


def limits_of(risk: Risk, box: Box, words: Language = ENGLISH) -> str:
    """Return between which values a box lies: 'peer_weight above 2.3 and turnover below 0.1'."""
    names, _ = risk.features
    listed = []
    for feature, (low, high) in box.limits.items():
        name = name_of(names[feature], risk, words)
        below, above = (_number(end, words) for end in (high, low))
        if not math.isfinite(low):
            listed.append(words._("{name} is at most {high}", name=name, high=below))
        elif not math.isfinite(high):
            listed.append(words._("{name} is at least {low}", name=name, low=above))
        else:
            listed.append(words._("{name} is {low} to {high}", name=name, low=above, high=below))
    return words.listed(listed)


def name_of(feature: str, risk: Risk, words: Language = ENGLISH) -> str:
    """Return what a feature is called: a parameter by its name, with its meaning in English."""
    for context in risk.asked.contexts:
        if context.path == feature:
            return context.label(words)
    if words != ENGLISH:
        return feature
    meaning = numbers()[feature].meaning
    return f"{feature} ({meaning[0].lower()}{meaning[1:]})"


def _number(value: float, words: Language) -> str:
    """Return a number with three digits at most."""
    if not math.isfinite(value):
        return ""
    digits = 2 - math.floor(math.log10(abs(value))) if value else 0
    value = round(value, digits)
    return words.number(value, min(3, max(0, digits - (abs(value) >= 1.0))))
