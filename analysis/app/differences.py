"""What differs between two strategies, in the words of whoever made them; never a dotted path."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel

from analysis.app.lines import again, amount, audience, event_line, rule_line, span_of
from analysis.app.meter import licences, meter, withholds
from analysis.app.setup import ROLLOUT
from analysis.results.undone import why_not
from analysis.words.languages import Language
from sim.errors import AdoptionError
from sim.programme import ledger
from sim.programme.deployments import measure_of
from sim.scenario import read_catalogue
from sim.scenario.schema import Budget, Deployment, Scenario

NONE = "\N{EN DASH}"
"""What stands where there is nothing."""


class Row(NamedTuple):
    """Something that differs.

    Attributes
    ----------
    group
        What it is about: a measure, prices, the organisation.
    what
        What it is.
    before, after
        How it is in the one strategy, and in the other.
    """

    group: str
    what: str
    before: str
    after: str


def differences(before: Scenario, after: Scenario, words: Language) -> list[Row]:
    """Return what differs between two strategies.

    Parameters
    ----------
    before, after
        Any two: of one organisation or of two.
    words
        The language.

    Returns
    -------
    list of Row
        Measures first, then who gets AI and when, prices, budget, organisation, and all else. Empty if
        both say the same.
    """
    rows = [
        *_measures(before, after, words),
        *_rollout(before, after, words),
        *_walked(
            words._("The tool"),
            before.tool.model_copy(update=_same(before)),
            after.tool.model_copy(update=_same(before)),
            words,
        ),
        *_walked(words._("Budget"), _limits(before), _limits(after), words),
        *_walked(words._("Organisation"), before.organisation, after.organisation, words),
        *_lines(before, after, words),
    ]
    for section, title in (
        ("simulation", words._("Simulation")),
        ("capacity", words._("Trainers")),
        ("privacy", words._("Privacy")),
        ("rules", words._("Rules")),
        ("parameters", words._("Numbers of the rules")),
    ):
        rows += _walked(title, getattr(before, section), getattr(after, section), words)
    return rows


def _same(scenario: Scenario) -> dict[str, Any]:
    """Return the roll-out, which is told of in words of its own."""
    return {field: getattr(scenario.tool, field) for field in ROLLOUT}


def _limits(scenario: Scenario) -> Budget:
    """Return the budget, without what is never cut where nothing is."""
    budget = scenario.budget
    cuts = budget.total is not None and budget.when_over != "fail"
    return budget if cuts else budget.model_copy(update={"keep": None})


# --- Measures -------------------------------------------------------------------------------


def _measures(before: Scenario, after: Scenario, words: Language) -> Iterator[Row]:
    costs = [_costs(scenario) for scenario in (before, after)]
    names = dict.fromkeys([*before.deployments, *after.deployments])
    for name in names:
        pair = [scenario.deployments.get(name) for scenario in (before, after)]
        there = next(deployment for deployment in pair if deployment is not None)
        title = words.of(measure_of(name, there).title)
        if pair[0] is None or pair[1] is None:
            texts = [
                NONE if each is None else _whole(name, each, scenario, cost, words)
                for each, scenario, cost in zip(pair, (before, after), costs, strict=True)
            ]
            label = words._("added") if pair[0] is None else words._("taken out")
            yield Row(title, label, *texts)
            continue
        parts: dict[str, Callable[[Deployment, Scenario], str]] = {
            words._("When"): lambda each, scenario, name=name: span_of(  # type: ignore[misc]
                name, each, scenario
            ).said(words),
            words._("How much"): lambda each, scenario, name=name: amount(  # type: ignore[misc]
                name, each, scenario, words
            ),
            words._("Comes again"): lambda each, _: again(each, words) or NONE,
            words._("For whom"): lambda each, _: audience(each, words) or NONE,
        }
        told = False
        for label, part in parts.items():
            texts = [
                part(each, scenario)
                for each, scenario in zip(pair, (before, after), strict=True)
                if each is not None
            ]
            if texts[0] != texts[1]:
                told = True
                yield Row(title, label, *texts)
        euros = [words.euro(cost[name]) if name in cost else NONE for cost in costs]
        if euros[0] != euros[1]:
            yield Row(title, words._("Cost"), *euros)
        if pair[0] != pair[1] and not told:
            yield from _walked(title, pair[0], pair[1], words)


def _whole(
    name: str,
    deployment: Deployment,
    scenario: Scenario,
    costs: Mapping[str, float],
    words: Language,
) -> str:
    """Return all there is to say of a measure that one strategy has."""
    undone = {missing.name: missing for missing in ledger.undone_if_known(scenario)}
    parts = [
        span_of(name, deployment, scenario).said(words),
        amount(name, deployment, scenario, words),
        again(deployment, words),
        audience(deployment, words),
        words.euro(costs[name]) if name in costs else "",
        why_not(undone[name], words) if name in undone else "",
    ]
    return ", ".join(part for part in parts if part)


def _costs(scenario: Scenario) -> Mapping[str, float]:
    try:
        return meter(scenario).measures
    except AdoptionError:
        return {}


def _lines(before: Scenario, after: Scenario, words: Language) -> Iterator[Row]:
    """Return rules and events that only one strategy has, or has otherwise."""
    kinds: tuple[tuple[str, Callable[[Scenario], dict[str, str]]], ...] = (
        (
            words._("Only if something shows"),
            lambda each: {key: rule_line(key, rule, words) for key, rule in each.adaptive.items()},
        ),
        (
            words._("What happens unplanned"),
            lambda each: {
                key: event_line(key, event, words) for key, event in each.happenings.items()
            },
        ),
    )
    for title, lines in kinds:
        old, new = lines(before), lines(after)
        for key in dict.fromkeys([*old, *new]):
            if old.get(key) != new.get(key):
                label = words._("changed")
                if key not in old:
                    label = words._("added")
                elif key not in new:
                    label = words._("taken out")
                yield Row(title, label, old.get(key, NONE), new.get(key, NONE))


# --- Who gets AI, and when ------------------------------------------------------------------


def _rollout(before: Scenario, after: Scenario, words: Language) -> Iterator[Row]:
    title = words._("Access to AI")
    numbers = [_licences(scenario, words) for scenario in (before, after)]
    if numbers[0] != numbers[1]:
        yield Row(title, words._("Licences"), *numbers)
    waves = [_waves(scenario, words) for scenario in (before, after)]
    if waves[0] != waves[1]:
        yield Row(title, words._("When"), *waves)


def _licences(scenario: Scenario, words: Language) -> str:
    try:
        return words.number(licences(scenario))
    except AdoptionError:
        return NONE


def _waves(scenario: Scenario, words: Language) -> str:
    """Return who gets access when, wave by wave."""
    tool = scenario.tool
    waves = [
        words._(
            "month {month}: {share} of {whom}",
            month=phase.month,
            share=words.percent(phase.share),
            whom=words.listed(list(phase.departments))
            if phase.departments
            else words._("those left"),
        )
        for phase in (tool.phases[1:] if withholds(scenario) else tool.phases)
    ]
    if not waves:
        return words._("from month {month}", month=tool.go_live)
    return "; ".join([*waves, words._("month {month}: the others", month=tool.go_live)])


# --- All else -------------------------------------------------------------------------------


def _walked(group: str, before: Any, after: Any, words: Language) -> Iterator[Row]:
    """Return every value that differs between two forms of one kind, by what its field is called."""
    for path, label, old, new in _leaves(before, after):
        if old == new or path[-1] in ("content",):
            continue
        texts = [_said(path[-1], value, words) for value in (old, new)]
        if texts[0] != texts[1]:
            yield Row(group, _label(path, label, words), *texts)


def _leaves(
    before: Any, after: Any, path: tuple[str, ...] = (), label: str = ""
) -> Iterator[tuple[tuple[str, ...], str, Any, Any]]:
    """Return the values of two forms beside each other, with the description of their field."""
    form = before if isinstance(before, BaseModel) else after
    if isinstance(form, BaseModel):
        for name, field in type(form).model_fields.items():
            old, new = (getattr(each, name, None) for each in (before, after))
            yield from _leaves(old, new, (*path, name), field.description or label)
    elif isinstance(form, dict) or isinstance(after, dict):
        both = [each if isinstance(each, dict) else {} for each in (before, after)]
        for key in dict.fromkeys([*both[0], *both[1]]):
            yield from _leaves(both[0].get(key), both[1].get(key), (*path, str(key)), label)
    else:
        yield path, label, before, after


def _label(path: tuple[str, ...], description: str, words: Language) -> str:
    """Return what a field is called: in the reader's language, or as its form describes it."""
    known = labels(words)
    name = next((known[part] for part in reversed(path) if part in known), "")
    if not name:
        name = re.split(r" \[|[:;]|\. |, \.", description)[0] or path[-1].replace("_", " ")
    whose = [part for part in path[:-1] if part not in known and part not in FORMS]
    return ": ".join([*whose, name])


FORMS = ("departments", "culture", "network", "use_cases", "archetypes", "audience", "cost")
"""Parts of a path that hold others and need not be named."""


def _said(field: str, value: Any, words: Language) -> str:
    """Return a value as people write it."""
    if value is None or value == () or value == {}:
        return NONE
    if isinstance(value, bool):
        return words._("yes") if value else words._("no")
    if isinstance(value, int | float):
        if field in EUROS:
            return words.euro(float(value))
        if field in SHARES:
            return words.percent(
                float(value), 0 if abs(100 * value - round(100 * value)) < 1e-6 else 1
            )
        digits = next((k for k in range(5) if round(value, k) == value), 4)
        return words.number(float(value), digits)
    if isinstance(value, BaseModel):
        return "; ".join(
            f"{_label((name,), field.description or '', words)}: {_said(name, part, words)}"
            for name, field in type(value).model_fields.items()
            if (part := getattr(value, name)) != field.default
        )
    if isinstance(value, tuple | list):
        return "; ".join(_said(field, each, words) for each in value)
    if field == "keep" and value in read_catalogue():
        return words.of(read_catalogue()[value].title)
    return choices(words).get(str(value), str(value).rpartition("/")[2])


EUROS = frozenset(
    [
        "total",
        "licence_price",
        "integration_cost",
        "data_cost",
        "support_per_month",
        "investment",
        "hourly_cost",
        "fixed",
        "per_month",
        "per_participant",
    ]
)
"""Fields that are money."""

SHARES = frozenset(
    [
        "share",
        "task_share",
        "task_saving",
        "saving",
        "capture_rate",
        "change_share",
        "reserve",
        "turnover",
        "already_using",
        "digital_maturity",
        "error_tolerance",
        "participation",
        "experimentation",
        "transparency",
    ]
)
"""Fields that are shares."""


def choices(words: Language) -> dict[str, str]:
    """Return what fields with a few values to choose from say."""
    return {
        "fail": words._("nothing: it has to fit"),
        "scale": words._("all measures get smaller"),
        "priority": words._("measures are left out"),
        "none": words._("none"),
        "early": words._("has a say from the start"),
        "late": words._("has a say only after go-live"),
    }


def labels(words: Language) -> dict[str, str]:
    """Return what the fields people change are called."""
    return {
        "name": words._("Name"),
        "people": words._("File of people"),
        "ties": words._("File of ties"),
        "employees": words._("Employees"),
        "task_share": words._("Share of the work AI can help with"),
        "share": words._("Share"),
        "team_size": words._("People in a team"),
        "sector": words._("Sector"),
        "archetypes": words._("How often each kind of resistance occurs"),
        "digital_maturity": words._("How digital the work is"),
        "works_council": words._("Works council"),
        "turnover": words._("People who leave in a year"),
        "already_using": words._("Weekly users before the start"),
        "weekly_hours": words._("Working hours a week"),
        "hourly_cost": words._("Cost of a working hour"),
        "error_tolerance": words._("Errors are talked about"),
        "participation": words._("People have a say"),
        "experimentation": words._("Trying out is welcome"),
        "transparency": words._("What is known is told"),
        "licence_price": words._("A licence, each month"),
        "integration_cost": words._("Integration"),
        "data_cost": words._("Making data ready"),
        "support_per_month": words._("Support, each month"),
        "investment": words._("Investment in a better tool"),
        "task_saving": words._("Time saved on a task"),
        "capture_rate": words._("Part of the hours saved that becomes money"),
        "total": words._("Budget"),
        "change_share": words._("Part of the budget for measures"),
        "reserve": words._("Kept until after go-live"),
        "when_over": words._("What gives way"),
        "keep": words._("Never left out"),
        "months": words._("Months simulated"),
        "trainer_hours": words._("Hours of trainers a month"),
        "priority": words._("Order of payment"),
        "selection": words._("How champions are chosen"),
        "hours": words._("Paid hours of a champion a month"),
    }
