"""Which audiences and phases of a scenario tell too few real people apart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.engine.kinds import Array
from sim.errors import Problem, said
from sim.privacy import LEAST, coarser, crossing, splits
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
    parts = [people[group[0]] / number[group[0]] if group.size else 0.0 for group in home]
    whole = max(1.0, math.fsum(parts))
    return {name: part / whole for name, part in zip(given.departments[1:], parts, strict=True)}


class _Groups:
    """The groups of real people that a scenario may name, and how few may be told apart."""

    def __init__(self, scenario: Scenario, given: Imported) -> None:
        self.given = given
        self.least = scenario.privacy.min_group
        coarse = self.least > LEAST
        self.family = coarser(given.groups, self.least) if coarse else given.groups
        self.names: dict[str, tuple[Sequence[str], Array]] = {
            "departments": (given.departments, given.department),
            "teams": (given.teams, given.team),
            "roles": (ROLES, given.role),
        }

    def mask(self, kind: str, chosen: Sequence[str]) -> Array:
        """Return whether each person is in one of the groups that are named."""
        known, place = self.names[kind]
        return np.isin(place, [known.index(name) for name in chosen if name in known])

    def told_apart(self, tree: Item, keys: Keys, kind: str, chosen: Sequence[str]) -> list[Problem]:
        """Return what is wrong with groups that are named by themselves, if they are too small."""
        here = self.mask(kind, chosen)
        if not splits(here, self.family.role if kind == "roles" else self.family.team):
            return []
        return [tree.problem(keys, self.remedy(here, kind))]

    def remedy(self, here: Array, kind: str) -> str:
        """Return why some groups may not be named by themselves, and what can be named instead."""
        given, family = self.given, self.family
        group = family.role if kind == "roles" else family.team
        whole = np.isin(group.place, group.place[here])
        if kind == "departments":
            whole = np.isin(family.department.place, family.department.place[whole])
        known, place = self.names[kind]
        named = [known[k] for k in np.unique(place[whole & (place >= 0)])]
        instead = f"{kind}: [{', '.join(named)}]"
        if kind == "teams":
            homes = [given.departments[k] for k in np.unique(given.department[whole])]
            if (whole & (place < 0)).any():
                instead = f"departments: [{', '.join(homes)}]"
        return said(
            "this tells fewer than {least} people apart, so how many they are could be worked out; "
            "take {instead}, or list the people: audience.people",
            least=self.least,
            instead=said("everybody") if whole.all() else instead,
        )

    def crossed(self, tree: Item, keys: Keys, chosen: dict[str, Sequence[str]]) -> list[Problem]:
        """Return what is wrong with roles of some departments or teams, if they are too few."""
        here = np.ones(self.given.role.size, np.bool_)
        for kind, groups in chosen.items():
            if kind != "roles":
                here &= self.mask(kind, groups)
        if crossing(self.family, self.least)[self.family.department.place[here]].all():
            return []
        message = said(
            "in these departments some role has fewer than {least} people: leave "
            "the roles or the departments out, or list the people: audience.people",
            least=self.least,
        )
        return [tree.problem(keys, message)]


def singled_out(scenario: Scenario, tree: Item, given: Imported) -> list[Problem]:
    """Return what tells too few real people apart by where they work or what they are.

    What it costs, and what becomes of everybody else, would tell how many they are. A list of
    people says itself whom it names, and is allowed.
    """
    groups = _Groups(scenario, given)
    problems = []
    for (*where, _), audience in scenario.audiences():
        keys = tuple(where)
        by_role = _by_role(scenario, keys, audience)
        problems += _singled_out_by(audience, keys, tree, groups, by_role)
    named: dict[Keys, Sequence[str] | None] = {
        **{
            ("tool", "phases", number, "departments"): phase.departments
            for number, phase in enumerate(scenario.tool.phases)
        },
        **{
            ("tool", "use_cases", name, "departments"): case.departments
            for name, case in scenario.tool.use_cases.items()
        },
    }
    for place, departments in named.items():
        if departments is not None:
            problems += groups.told_apart(tree, place, "departments", departments)
    return problems


def _singled_out_by(
    audience: Audience, keys: Keys, tree: Item, groups: _Groups, by_role: bool
) -> list[Problem]:
    """Return what is wrong with the groups that an audience names."""
    named = {kind: getattr(audience, kind) for kind in groups.names}
    chosen = {kind: names for kind, names in named.items() if names is not None}
    problems = []
    for kind, names in chosen.items():
        problems += groups.told_apart(tree, (*keys, kind), kind, names)
    if audience.people is not None and chosen:
        message = said(
            "a list of people stands by itself: leave out {kinds}", kinds=", ".join(chosen)
        )
        problems.append(tree.problem((*keys, "people"), message))
    elif by_role and set(chosen) - {"roles"}:
        problems += groups.crossed(tree, keys, chosen)
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
