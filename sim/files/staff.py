"""What the files of people and ties make of a scenario that names them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import Problem, ScenarioError, said
from sim.files.catalogue import read_catalogue
from sim.files.folders import OUTSIDE, outside, shown
from sim.files.items import DEPARTMENTS, Item, Keys, Unreadable
from sim.files.words import short, suggestion
from sim.organisation import Department
from sim.privacy import LEAST, Family, coarser, crossing, splits
from sim.scenario import AdaptiveRule, Audience, Deployment, Scenario
from sim.state import ROLES

if TYPE_CHECKING:
    from sim.imports import Imported

Array = np.ndarray[Any, Any]

FILES = ("people", "ties")


def from_here(tree: Item, file: Path, within: Path | None = None) -> list[Problem]:
    """Turn the paths of a file's people and ties, which start at its folder, into usable ones.

    Returns what leads out of the only folder that may be read; nobody reads that any more.
    """
    problems = []
    for name in FILES:
        item = tree.at(("organisation", name))
        if item is not None and isinstance(item.value, str) and item.value.strip():
            path = Path(os.path.normpath(file.parent / item.value.strip()))
            if outside(path, within):
                problems.append(item.place.problem(OUTSIDE, ("organisation", name)))
                item.value, item.reported = Unreadable(item.text), True
            else:
                item.value = shown(path)
    return problems


def with_staff(scenario: Scenario, tree: Item) -> tuple[Scenario, list[Problem]]:
    """Return a scenario with the size and departments of its file of people, and what is wrong.

    Ids in lists become pseudonyms here, so that no scenario, result or report ever holds one.
    Departments of the scenario that the file has too keep what is said of their work.
    """
    organisation = scenario.organisation
    if organisation.people is None:
        listed = [name for name, one in _audiences(scenario) if one.people is not None]
        problems = [
            _at(
                tree,
                where,
                said("a list of people needs organisation.people, the file they are in"),
            )
            for where in listed
        ]
        return scenario, problems
    from sim.imports import read_organisation

    people = Path(organisation.people)
    try:
        given = read_organisation(
            people, None if organisation.ties is None else Path(organisation.ties)
        )
    except ScenarioError as error:
        return scenario, error.problems
    problems = _unknown_departments(tree, given)
    if scenario.privacy.min_group < LEAST:
        message = said(
            "found {min_group}, at least {fewest} where people are real",
            min_group=scenario.privacy.min_group,
            fewest=LEAST,
        )
        problems.append(_at(tree, ("privacy", "min_group"), message))
    known = organisation.departments
    departments = {
        name: known.get(name, Department()).model_copy(update={"share": share})
        for name, share in _shares(given).items()
    }
    staff = {
        "employees": len(given.people),
        "departments": departments,
        "content": given.digest,
    }
    scenario = scenario.model_copy(update={"organisation": organisation.model_copy(update=staff)})
    problems += _singled_out(scenario, tree, given)
    return _pseudonymous(scenario, tree, people, problems), problems


def _shares(given: Imported) -> dict[str, float]:
    """Return the share of the staff of each department; those told as one have equal parts."""
    place = given.groups.department.place
    people = np.bincount(place).astype(float)
    home = [place[given.department == k][:1] for k in range(1, len(given.departments))]
    number = np.bincount(np.concatenate(home), minlength=people.size)
    parts = [people[one[0]] / number[one[0]] if one.size else 0.0 for one in home]
    whole = max(1.0, sum(parts))
    return {name: part / whole for name, part in zip(given.departments[1:], parts, strict=True)}


def _singled_out(scenario: Scenario, tree: Item, given: Imported) -> list[Problem]:
    """Return what tells too few real people apart by where they work or what they are.

    What it costs, and what becomes of everybody else, would tell how many they are. A list of
    people says itself whom it names, and is allowed.
    """
    least = scenario.privacy.min_group
    told = given.groups if least <= LEAST else coarser(given.groups, least)
    names = {"departments": (given.departments, given.department), "teams": (given.teams, given.team),
             "roles": (ROLES, given.role)}  # fmt: skip
    problems = []

    def mask(kind: str, chosen: Sequence[str] | None) -> Array:
        known, place = names[kind]
        return np.isin(place, [known.index(one) for one in chosen or () if one in known])

    def check(keys: Keys, chosen: Sequence[str] | None, kind: str) -> None:
        if chosen is None:
            return
        group = told.role if kind == "roles" else told.team
        if splits(mask(kind, chosen), group):
            problems.append(_at(tree, keys, _remedy(mask(kind, chosen), kind, given, told, least)))

    for (*where, _), audience in _audiences(scenario):
        keys = tuple(where)
        fields = {kind: getattr(audience, kind) for kind in names}
        for kind, chosen in fields.items():
            check((*keys, kind), chosen, kind)
        given_too = [kind for kind, chosen in fields.items() if chosen is not None]
        if audience.people is not None and given_too:
            message = said(
                "a list of people stands by itself: leave out {kinds}", kinds=", ".join(given_too)
            )
            problems.append(_at(tree, (*keys, "people"), message))
        elif _by_role(scenario, keys, audience) and set(given_too) - {"roles"}:
            here = np.ones(given.role.size, np.bool_)
            for kind in given_too:
                here &= mask(kind, fields[kind]) | (kind == "roles")
            if not crossing(told, least)[told.department.place[here]].all():
                problems.append(
                    _at(
                        tree,
                        keys,
                        said(
                            "in these departments some role has fewer than {least} people: leave "
                            "the roles or the departments out, or list the people: audience.people",
                            least=least,
                        ),
                    )
                )
    for number, phase in enumerate(scenario.tool.phases):
        check(("tool", "phases", number, "departments"), phase.departments, "departments")
    for name, case in scenario.tool.use_cases.items():
        check(("tool", "use_cases", name, "departments"), case.departments, "departments")
    return problems


def _by_role(scenario: Scenario, keys: Keys, audience: Audience) -> bool:
    """Return whether a deployment is for some roles only: those it names, or leaders."""
    section, name, *_ = keys
    deployment = scenario.programme.get(str(name)) if section == "programme" else None
    if section == "adaptive":
        deployment = scenario.adaptive[str(name)].then
    measure = read_catalogue().get((deployment and deployment.measure) or str(name))
    leads = measure is not None and measure.appoints == "leaders"
    return leads or audience.roles is not None


def _remedy(here: Array, kind: str, given: Imported, told: Family, least: int) -> str:
    """Return why some groups may not be named by themselves, and what can be named instead."""
    group = told.role if kind == "roles" else told.team
    whole = np.isin(group.place, group.place[here])
    if kind == "departments":
        whole = np.isin(told.department.place, told.department.place[whole])
    known, place = {
        "departments": (given.departments, given.department),
        "teams": (given.teams, given.team),
        "roles": (ROLES, given.role),
    }[kind]
    named = [known[k] for k in np.unique(place[whole & (place >= 0)])]
    instead = f"{kind}: [{', '.join(named)}]"
    if kind == "teams":
        homes = [given.departments[k] for k in np.unique(given.department[whole])]
        if (whole & (place < 0)).any():
            instead = f"departments: [{', '.join(homes)}]"
    return said(
        "this tells fewer than {least} people apart, so how many they are could be worked out; "
        "take {instead}, or list the people: audience.people",
        least=least,
        instead=said("everybody") if whole.all() else instead,
    )


def _unknown_departments(tree: Item, given: Imported) -> list[Problem]:
    """Return the departments of the file that names the people, if the people are in none of them."""
    item, named = tree.at(DEPARTMENTS), tree.at(("organisation", "people"))
    if item is None or named is None or not isinstance(item.value, dict):
        return []
    return [
        one.key.problem(
            said(
                "the file of people has no department '{name}'{known}",
                name=short(name),
                known=suggestion(name, given.departments[1:]),
            ),
            (*DEPARTMENTS, name),
        )
        for name, one in item.value.items()
        if name not in given.departments and one.key.file == named.place.file
    ]


def _audiences(scenario: Scenario) -> list[tuple[Keys, Audience]]:
    """Return every audience with its path."""
    planned = [
        (("programme", name, "audience", "people"), one.audience)
        for name, one in scenario.programme.items()
        if one is not None
    ]
    adaptive = [
        (("adaptive", name, "then", "audience", "people"), one.then.audience)
        for name, one in scenario.adaptive.items()
    ]
    return [*planned, *adaptive]


def _at(tree: Item, keys: Keys, message: str) -> Problem:
    return tree.nearest(keys).place.problem(message, keys)


def _pseudonymous(
    scenario: Scenario, tree: Item, people: Path, problems: list[Problem]
) -> Scenario:
    """Return a scenario whose lists of people hold pseudonyms; add what is nobody's id."""
    from sim.imports import pseudonyms_of

    names: dict[Keys, tuple[str, ...]] = {}
    for where, audience in _audiences(scenario):
        if audience.people is None:
            continue
        try:
            names[where] = pseudonyms_of(people, audience.people)
        except ScenarioError as error:
            problems += [
                _at(tree, where, said("{name}: {message}", name=people.name, message=one.message))
                for one in error.problems
            ]
    if not names:
        return scenario

    def renamed(deployment: Deployment, where: Keys) -> Deployment:
        if where not in names:
            return deployment
        audience = deployment.audience.model_copy(update={"people": names[where]})
        return deployment.model_copy(update={"audience": audience})

    programme = {
        name: None if one is None else renamed(one, ("programme", name, "audience", "people"))
        for name, one in scenario.programme.items()
    }

    def followed(rule: AdaptiveRule, name: str) -> AdaptiveRule:
        then = renamed(rule.then, ("adaptive", name, "then", "audience", "people"))
        return rule.model_copy(update={"then": then})

    adaptive = {name: followed(rule, name) for name, rule in scenario.adaptive.items()}
    return scenario.model_copy(update={"programme": programme, "adaptive": adaptive})
