"""What the files of people and ties make of a scenario that names them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import Problem, ScenarioError, said
from sim.privacy import LEAST
from sim.scenario.folders import OUTSIDE, outside, shown
from sim.scenario.items import DEPARTMENTS, Item, Keys, Unreadable
from sim.scenario.organisation import Department
from sim.scenario.schema import AdaptiveRule, Deployment, Scenario
from sim.scenario.words import short, suggestion

if TYPE_CHECKING:
    from sim.scenario.imports import Imported


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
        listed = [name for name, audience in scenario.audiences() if audience.people is not None]
        problems = [
            tree.problem(
                where, said("a list of people needs organisation.people, the file they are in")
            )
            for where in listed
        ]
        return scenario, problems
    from sim.scenario.imports import read_organisation
    from sim.scenario.imports.audiences import shares_of, singled_out

    people = Path(organisation.people)
    try:
        given = read_organisation(
            people,
            None if organisation.ties is None else Path(organisation.ties),
            columns=organisation.columns,
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
        problems.append(tree.problem(("privacy", "min_group"), message))
    known = organisation.departments
    departments = {
        name: known.get(name, Department()).model_copy(update={"share": share})
        for name, share in shares_of(given).items()
    }
    staff = {
        "employees": len(given.people),
        "departments": departments,
        "content": given.digest,
    }
    scenario = scenario.model_copy(update={"organisation": organisation.model_copy(update=staff)})
    problems += singled_out(scenario, tree, given)
    return _pseudonymous(scenario, tree, people, problems), problems


def _unknown_departments(tree: Item, given: Imported) -> list[Problem]:
    """Return the departments of the file that names the people, if the people are in none of them."""
    item, named = tree.at(DEPARTMENTS), tree.at(("organisation", "people"))
    if item is None or named is None or not isinstance(item.value, dict):
        return []
    return [
        department.key.problem(
            said(
                "the file of people has no department '{name}'{known}",
                name=short(name),
                known=suggestion(name, given.departments[1:]),
            ),
            (*DEPARTMENTS, name),
        )
        for name, department in item.value.items()
        if name not in given.departments and department.key.file == named.place.file
    ]


def _pseudonymous(
    scenario: Scenario, tree: Item, people: Path, problems: list[Problem]
) -> Scenario:
    """Return a scenario whose lists of people hold pseudonyms; add what is nobody's id."""
    from sim.scenario.imports import pseudonyms_of

    names: dict[Keys, tuple[str, ...]] = {}
    for where, audience in scenario.audiences():
        if audience.people is None:
            continue
        try:
            names[where] = pseudonyms_of(people, audience.people, scenario.organisation.columns)
        except ScenarioError as error:
            problems += [
                tree.problem(
                    where, said("{name}: {message}", name=people.name, message=problem.message)
                )
                for problem in error.problems
            ]
    if not names:
        return scenario

    def renamed(deployment: Deployment, where: Keys) -> Deployment:
        if where not in names:
            return deployment
        audience = deployment.audience.model_copy(update={"people": names[where]})
        return deployment.model_copy(update={"audience": audience})

    programme = {
        name: None
        if deployment is None
        else renamed(deployment, ("programme", name, "audience", "people"))
        for name, deployment in scenario.programme.items()
    }

    def followed(rule: AdaptiveRule, name: str) -> AdaptiveRule:
        then = renamed(rule.then, ("adaptive", name, "then", "audience", "people"))
        return rule.model_copy(update={"then": then})

    adaptive = {name: followed(rule, name) for name, rule in scenario.adaptive.items()}
    return scenario.model_copy(update={"programme": programme, "adaptive": adaptive})
