"""A twin of an organisation of real people: drawn from what may be told of its groups, and nothing else.

It has the number of people, the departments that may be told and their sizes, the sizes of teams, and the
shares of work the scenario names. Who works there, what they said and who notices whom is invented.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import numpy as np

from sim.elementary import mean, total
from sim.errors import AdoptionError, said
from sim.people.population import MANAGEMENT, chart, department_names, family
from sim.programme.deployments import measure_of
from sim.programme.ledger import ledger, undone_if_known
from sim.scenario.organisation import Department, Organisation
from sim.scenario.schema import Deployment, Scenario, by_name
from sim.state import EMPLOYEE

TEAM_SIZES: Final = (2, 100)
"""Sizes a team can have in a scenario."""


class Twin(NamedTuple):
    """A scenario without real people, and what its measures could not be limited to.

    Attributes
    ----------
    scenario
        The scenario.
    wider
        Deployments, adaptive rules and events that were for a part of a group that is told as one, and
        are for all of it here.
    dearer
        What the same plan costs more here [euro]; the budget of the scenario is that much larger.
    """

    scenario: Scenario
    wider: tuple[str, ...] = ()
    dearer: float = 0.0


class Told(NamedTuple):
    """Departments as they may be told: the group of each, and the people of each group; and who leads, if so."""

    group: dict[str, str]
    size: dict[str, int]
    team_size: int
    leaders: int | None


def twin_of(scenario: Scenario) -> Twin:
    """Return a scenario whose people are invented, as like this one as may be told.

    Parameters
    ----------
    scenario
        A scenario with a file of people; any other is its own twin.

    Raises
    ------
    AdoptionError
        If a measure is for people or teams of the file: no group that may be told stands for them.
    """
    if scenario.organisation.people is None:
        return Twin(scenario)
    groups, wider = _told(scenario), list[str]()

    def moved(names: Iterable[str] | None, whose: str = "") -> tuple[str, ...] | None:
        if names is None:
            return None
        chosen = set(names)
        kept = tuple(dict.fromkeys(groups.group[name] for name in groups.group if name in chosen))
        whole = all(name in chosen for name, group in groups.group.items() if group in kept)
        if not whole and whose:
            wider.append(whose)
        return kept

    def audience_of(name: str, deployment: Deployment) -> Deployment:
        audience = deployment.audience
        listed = audience.people is not None or by_name(deployment, measure_of(name, deployment))
        if listed or audience.teams is not None:
            raise AdoptionError(
                said(
                    "{scenario}: programme.{name}.audience names {what} of the file of people, and a "
                    "play-on file holds neither: name departments or roles, or leave this scenario out",
                    scenario=scenario.name,
                    name=name,
                    what=said("people") if listed else said("teams"),
                )
            )
        here = audience.model_copy(update={"departments": moved(audience.departments, name)})
        return deployment.model_copy(update={"audience": here})

    programme = {
        name: None if deployment is None else audience_of(name, deployment)
        for name, deployment in scenario.programme.items()
    }
    adaptive = {
        name: rule.model_copy(update={"then": audience_of(name, rule.then)})
        for name, rule in scenario.adaptive.items()
    }
    events = {
        name: event and event.model_copy(update={"departments": moved(event.departments, name)})
        for name, event in scenario.events.items()
    }
    tool = scenario.tool
    phases = tuple(
        phase.model_copy(update={"departments": moved(phase.departments, "access")})
        for phase in tool.phases
    )
    cases = {
        name: case.model_copy(update={"departments": moved(case.departments, name)})
        for name, case in tool.use_cases.items()
    }
    changes: dict[str, Any] = {
        "organisation": _organisation(scenario, groups),
        "programme": programme,
        "adaptive": adaptive,
        "events": events,
        "tool": tool.model_copy(update={"phases": phases, "use_cases": cases}),
    }
    twin, dearer = _with_room(scenario, _led(scenario.model_copy(update=changes), groups.leaders))
    return Twin(twin, tuple(dict.fromkeys(wider)), dearer)


def _with_room(scenario: Scenario, twin: Scenario) -> tuple[Scenario, float]:
    """Return a twin whose budget pays for what that of the real people does, and by how much it is larger.

    A measure costs other sums where others lead and other teams learn. What the budget leaves out for the
    real people is left out here, and nothing else; what it makes smaller it makes about as small here.
    """
    if scenario.budget.total is None:
        return twin, 0.0
    cut = _cut(scenario)
    gone = {name for name, part in cut.items() if part == 0.0}
    bought = [_without(gone, each, None) for each in (scenario, twin)]
    own, here, spent = (total(ledger(each)) for each in (*bought, scenario))
    dearer = (here - own) * spent / own if own > 0.0 else 0.0
    roomy = _without((), twin, scenario.budget.total + dearer)
    if _cut(roomy).keys() == cut.keys():
        return roomy, dearer
    return bought[1], 0.0


def _cut(scenario: Scenario) -> dict[str, float]:
    """Return the deployments the budget does not pay for in full, with the part it pays [0 to 1]."""
    missing = undone_if_known(scenario)
    return {each.name: each.part for each in missing if each.reason in ("budget", "scaled")}


def _without(names: Iterable[str], scenario: Scenario, budget: float | None) -> Scenario:
    """Return a scenario without some deployments, and with another budget."""
    changes: dict[str, Any] = {
        "programme": {**scenario.programme, **dict.fromkeys(names)},
        "budget": scenario.budget.model_copy(update={"total": budget}),
    }
    return scenario.model_copy(update=changes)


def _told(scenario: Scenario) -> Told:
    """Return the departments of a file of people as they may be told."""
    groups, own = family(scenario), list(scenario.organisation.departments)
    assert groups is not None
    department = chart(scenario).department
    names = department_names(scenario.organisation)
    place, called = groups.department.place, groups.department.names
    sizes = np.bincount(place, minlength=len(called))
    here = {names[k]: called[int(place[department == k][0])] for k in np.unique(department)}
    pieces = np.bincount(groups.team.place, minlength=len(groups.team.names))
    usual = round(mean(pieces[pieces > 0]))
    leaders = _leaders(scenario)
    return Told(
        {name: here[name] for name in (MANAGEMENT, *own) if name in here},
        dict(zip(called, sizes.tolist(), strict=True)),
        min(max(usual, TEAM_SIZES[0]), TEAM_SIZES[1]),
        leaders if leaders >= scenario.privacy.min_group else None,
    )


def _led(twin: Scenario, leaders: int | None) -> Scenario:
    """Return a twin with teams of another size, so that about as many people lead: leaders cost money."""
    if leaders is None:
        return twin

    def with_teams(size: int) -> Scenario:
        organisation = twin.organisation.model_copy(update={"team_size": size})
        return twin.model_copy(update={"organisation": organisation})

    usual = twin.organisation.team_size

    def apart(size: int) -> tuple[int, int]:
        return abs(_leaders(with_teams(size)) - leaders), abs(size - usual)

    return with_teams(min(range(TEAM_SIZES[0], TEAM_SIZES[1] + 1), key=apart))


def _leaders(scenario: Scenario) -> int:
    """Return how many people lead others."""
    return int((chart(scenario).role != EMPLOYEE).sum())


def _organisation(scenario: Scenario, groups: Told) -> Organisation:
    """Return the organisation of the groups, with nobody of the file in it."""
    own = scenario.organisation
    sizes = dict(groups.size)
    top = sizes.pop(MANAGEMENT, None) if len(sizes) > 1 else None
    if top is None and MANAGEMENT in sizes:
        sizes = {"all": sizes[MANAGEMENT]}
    people = sum(sizes.values())
    tasks: dict[str, list[float]] = {name: [] for name in sizes}
    already: dict[str, list[float]] = {name: [] for name in sizes}
    given = own.already_using
    for name, group in groups.group.items():
        if name in own.departments and group in tasks:
            tasks[group].append(own.departments[name].task_share)
            if isinstance(given, dict):
                already[group].append(given.get(name, 0.0))
    usual = mean([department.task_share for department in own.departments.values()])
    departments = {
        name: Department(
            share=size / people, task_share=mean(tasks[name]) if tasks[name] else usual
        )
        for name, size in sizes.items()
    }
    changes: dict[str, Any] = {
        "people": None,
        "ties": None,
        "content": None,
        "departments": departments,
        "team_size": groups.team_size,
        "executives": own.executives if top is None else top,
    }
    if isinstance(given, dict):
        changes["already_using"] = {name: mean(some) for name, some in already.items() if some}
    return own.model_copy(update=changes)
