"""Which audiences and phases of a scenario tell too few real people apart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.engine.kinds import Array
from sim.errors import Problem, said
from sim.privacy import LEAST, Family, coarser, crossing, splits
from sim.scenario.catalogue import read_catalogue
from sim.scenario.items import Item, Keys
from sim.scenario.schema import Audience, Scenario
from sim.state import ROLES

if TYPE_CHECKING:
    from sim.scenario.imports import Imported


def shares_of(given: Imported) -> dict[str, float]:
    """Return the share of the staff of each department; those told as one have equal parts."""
    place = given.groups.department.place
    people = np.bincount(place).astype(float)
    home = [place[given.department == k][:1] for k in range(1, len(given.departments))]
    number = np.bincount(np.concatenate(home), minlength=people.size)
    parts = [people[one[0]] / number[one[0]] if one.size else 0.0 for one in home]
    whole = max(1.0, math.fsum(parts))
    return {name: part / whole for name, part in zip(given.departments[1:], parts, strict=True)}


def singled_out(scenario: Scenario, tree: Item, given: Imported) -> list[Problem]:
    """Return what tells too few real people apart by where they work or what they are.

    What it costs, and what becomes of everybody else, would tell how many they are. A list of
    people says itself whom it names, and is allowed.
    """
    least = scenario.privacy.min_group
    told = given.groups if least <= LEAST else coarser(given.groups, least)
    names = {
        "departments": (given.departments, given.department),
        "teams": (given.teams, given.team),
        "roles": (ROLES, given.role),
    }
    problems = []

    def mask(kind: str, chosen: Sequence[str] | None) -> Array:
        known, place = names[kind]
        return np.isin(place, [known.index(one) for one in chosen or () if one in known])

    def check(keys: Keys, chosen: Sequence[str] | None, kind: str) -> None:
        if chosen is None:
            return
        group = told.role if kind == "roles" else told.team
        if splits(mask(kind, chosen), group):
            problems.append(
                tree.problem(keys, _remedy(mask(kind, chosen), kind, given, told, least))
            )

    for (*where, _), audience in scenario.audiences():
        keys = tuple(where)
        fields = {kind: getattr(audience, kind) for kind in names}
        for kind, chosen in fields.items():
            check((*keys, kind), chosen, kind)
        given_too = [kind for kind, chosen in fields.items() if chosen is not None]
        if audience.people is not None and given_too:
            message = said(
                "a list of people stands by itself: leave out {kinds}", kinds=", ".join(given_too)
            )
            problems.append(tree.problem((*keys, "people"), message))
        elif _by_role(scenario, keys, audience) and set(given_too) - {"roles"}:
            here = np.ones(given.role.size, np.bool_)
            for kind in given_too:
                here &= mask(kind, fields[kind]) | (kind == "roles")
            if not crossing(told, least)[told.department.place[here]].all():
                problems.append(
                    tree.problem(
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


def _remedy(here: Array, kind: str, given: Imported, family: Family, least: int) -> str:
    """Return why some groups may not be named by themselves, and what can be named instead."""
    group = family.role if kind == "roles" else family.team
    whole = np.isin(group.place, group.place[here])
    if kind == "departments":
        whole = np.isin(family.department.place, family.department.place[whole])
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
