"""What stands in a strategy, a line each: when a measure runs, how much of it; rules and events."""

from __future__ import annotations

from typing import NamedTuple

from analysis.results.levers import lever
from analysis.results.summary import label_of
from analysis.results.undone import lowered
from analysis.words.languages import Language
from sim.programme.deployments import first_month, kind_of, length_of, measure_of
from sim.scenario.events import Event
from sim.scenario.schema import AdaptiveRule, Deployment, Scenario


class Span(NamedTuple):
    """From which month to which one something is in force, both counted from 1."""

    first: int
    last: int

    def said(self, words: Language) -> str:
        """Return it in words."""
        if self.first == self.last:
            return words._("month {month}", month=self.first)
        return words._("months {start} to {end}", start=self.first, end=self.last)


def span_of(name: str, deployment: Deployment, scenario: Scenario) -> Span:
    """Return when a measure is in force the first time, as it is asked for, within the simulated months."""
    months = scenario.simulation.months
    start = max(1, first_month(deployment, scenario) + 1)
    long = length_of(deployment, measure_of(name, deployment), months)
    return Span(start, max(start, min(months, start + long - 1)))


def amount(name: str, deployment: Deployment, scenario: Scenario, words: Language) -> str:
    """Return how much of a measure there is, in the unit people decide in: ``11 people``."""
    much = lever(name, deployment, scenario, words)
    number = words.number(much.value, 0 if float(much.value).is_integer() else 1)
    if much.unit.startswith("%"):
        return f"{number}{much.unit}"
    if much.unit == words._("people"):
        return words.plural("{number} person", "{number} people", much.value)
    if much.unit == words._("strength"):
        return words._("{share} of full strength", share=words.percent(much.value))
    if much.unit == words._("times") and much.value == 1.0:
        return words._("once")
    return words._("{unit}: {number}", number=number, unit=much.unit)


def again(deployment: Deployment, words: Language) -> str:
    """Return that a measure comes again; empty if it does not."""
    repeat = deployment.repeat
    if repeat is None:
        return ""
    return words._("{times} times, every {every} months", times=repeat.times, every=repeat.every)


def audience(deployment: Deployment, words: Language) -> str:
    """Return for whom a measure is, where it is not for everybody."""
    whom = deployment.audience
    lists = [*(whom.departments or ()), *(whom.teams or ()), *(whom.roles or ())]
    if whom.people is not None:
        lists.append(words._("people named in the file"))
    if whom.archetypes is not None:
        lists.append(words._("some kinds of resistance"))
    if whom.not_yet_using:
        lists.append(words._("who does not use AI yet"))
    return words._("only {groups}", groups=words.listed(lists)) if lists else ""


def rule_line(name: str, rule: AdaptiveRule, words: Language) -> str:
    """Return what is started when something shows, and when."""
    when, where = rule.when, rule.where
    title = words.of(measure_of(rule.then.measure or name, rule.then).title)
    figure = lowered(label_of(when.kpi, words))

    def level(below: float | None, above: float | None) -> str:
        if below is not None:
            return words._("below {share}", share=words.percent(below))
        return words._("above {share}", share=words.percent(above or 0.0))

    text = words._(
        "{measure}: only if {figure} {level}, {months}",
        measure=title,
        figure=figure,
        level=level(when.below, when.above),
        months=Span(when.month, max(when.month, when.until or when.month)).said(words),
    )
    if where.below is not None or where.above is not None:
        text += words._("; in departments {level}", level=level(where.below, where.above))
    return text


def event_line(name: str, event: Event, words: Language) -> str:
    """Return what happens that nobody planned, and when."""
    text = words._(
        "{event}: month {month}", event=words.of(kind_of(name, event).title), month=event.month
    )
    if event.size != 1.0:
        text += words._("; {share} of its usual size", share=words.percent(event.size))
    if event.departments is not None:
        text += "; " + words._("only {groups}", groups=words.listed(list(event.departments)))
    return text
