"""A twin of an organisation of real people: drawn from what may be told of its groups, and nothing else.

It has the number of people, the departments that may be told and their sizes, the sizes of teams, the
shares of work the scenario names, and what licences and each measure cost, as any report tells it. Who works
there, what they said and who notices whom is invented.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import numpy as np

from sim.elementary import mean, total
from sim.engine.kinds import Array
from sim.errors import AdoptionError, said
from sim.people.population import MANAGEMENT, chart, department_names, family, hourly_costs
from sim.programme.deployments import measure_of, rounds
from sim.programme.ledger import TECHNOLOGY, accounts_of, affordable
from sim.scenario.measure import Cost
from sim.scenario.organisation import Department, Organisation
from sim.scenario.schema import Deployment, Scenario, by_name

PAID: Final = set(Cost.model_fields) - {"trainer_hours_per_participant"}
"""What a measure costs in euro: how long trainers are busy is not paid."""

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
    """

    scenario: Scenario
    wider: tuple[str, ...]


class Told(NamedTuple):
    """Departments as they may be told: the group of each, and the people of each group."""

    group: dict[str, str]
    size: dict[str, int]
    team_size: int


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
        return Twin(scenario, ())
    groups, wider = _told(scenario), list[str]()

    def moved(names: Iterable[str] | None, whose: str = "") -> tuple[str, ...] | None:
        if names is None:
            return None
        chosen = set(names)
        kept = tuple(dict.fromkeys(groups.group[name] for name in groups.group if name in chosen))
        if groups.group.get(MANAGEMENT) in kept:  # who leads a twin is told with them
            kept = tuple(dict.fromkeys((MANAGEMENT, *kept)))
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
    twin = scenario.model_copy(update=changes)
    return Twin(_as_dear(twin, scenario), tuple(dict.fromkeys(wider)))


def _as_dear(twin: Scenario, scenario: Scenario) -> Scenario:
    """Return a twin in which licences and every measure cost what they cost with the real people.

    Who leads is paid otherwise there, and there are more or fewer of them: with other costs, a budget would
    buy other measures than it does in the plan.
    """
    asked = [rounds(each) for each in (twin, scenario)]
    here, there = (
        accounts_of(listed, each, chart(each))
        for listed, each in zip(asked, (twin, scenario), strict=True)
    )

    def factor(mine: Array, real: Array) -> float:
        spent = total(mine.ravel())
        return total(real.ravel()) / spent if spent > 0.0 else 1.0

    programme = dict(twin.programme)
    for name, deployment in twin.deployments.items():
        places = [d for d, round_ in enumerate(asked[0]) if round_.name == name]
        dearer = factor(here.costs[0, places], there.costs[0, places])
        cost = {item: value * dearer for item, value in asked[0][places[0]].cost if item in PAID}
        changed = deployment.cost.model_copy(update=cost)
        programme[name] = deployment.model_copy(update={"cost": changed})
    licences = TECHNOLOGY.index("licences")
    price = twin.tool.licence_price * factor(
        here.technology[0, licences], there.technology[0, licences]
    )
    tool = twin.tool.model_copy(update={"licence_price": price})
    return _as_scaled(twin.model_copy(update={"programme": programme, "tool": tool}), scenario)


def _as_scaled(twin: Scenario, scenario: Scenario) -> Scenario:
    """Return a twin whose measures its budget makes as much smaller as those of the plan, with a euro to spare.

    How many take part at most is not the same there, and that is what a plan is scaled by.
    """
    asked, limit = rounds(scenario), scenario.budget
    bounds = accounts_of(asked, scenario, chart(scenario)).limits
    if limit.when_over != "scale" or limit.total is None or (bounds[:, 0] <= bounds[:, 1]).all():
        return twin
    done = {(paid.name, paid.start): paid for paid in affordable(scenario, chart(scenario))}
    scaled = [
        round_._replace(dose=paid.dose, part=paid.part)
        for round_ in rounds(twin)
        if (paid := done.get((round_.name, round_.start))) is not None
    ]
    needed = float(accounts_of(scaled, twin, chart(twin)).limits[0, 0])
    budget = limit.model_copy(update={"total": float(math.floor(needed) + 1)})
    return twin.model_copy(update={"budget": budget})


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
    return Told(
        {name: here[name] for name in (MANAGEMENT, *own) if name in here},
        dict(zip(called, sizes.tolist(), strict=True)),
        min(max(usual, TEAM_SIZES[0]), TEAM_SIZES[1]),
    )


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
        "hourly_cost": round(mean(hourly_costs(scenario)), 2),
    }
    if isinstance(given, dict):
        changes["already_using"] = {name: mean(some) for name, some in already.items() if some}
    return own.model_copy(update=changes)
