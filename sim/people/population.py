"""Who works here: the organisation chart, the people in it, and who gets a part to play."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim import draws, privacy, rules
from sim.beta import fill_quantiles
from sim.elementary import mean, power, total, totals
from sim.engine import entry, rule
from sim.engine.kinds import F8, F8_2, I1, I4, I4_2, I8, TRUE_2, U1, Array
from sim.engine.meanings import order_of
from sim.errors import Problem, ScenarioError
from sim.parameters import Parameters
from sim.scenario.library import read_archetypes, shares_in
from sim.scenario.organisation import Organisation
from sim.scenario.schema import Scenario
from sim.state import (
    EMPLOYEE,
    EXECUTIVE,
    MANAGER,
    NOBODY,
    ROLES,
    TEAM_LEAD,
    Employee,
)

if TYPE_CHECKING:
    from sim.scenario.imports import Imported


MANAGEMENT: Final = "management"
GROUPS: Final = ("archetype", "department", "team", "role")
"""Kinds of groups."""

# Fields of a person's traits: one number each. New ones are added at the end.
ARCHETYPE_FIELD: Final = 0
THREAT_FIELD: Final = 1
JUSTIFIED_FIELD: Final = 5
MATCH_FIELD: Final = 9
SKILL_FIELD: Final = 10
THRESHOLD_KIND_FIELD: Final = 11
THRESHOLD_FIELD: Final = 12
INNOVATIVENESS_FIELD: Final = 13
EXPECTATION_FIELD: Final = 15
ANSWER_FIELD: Final = 17
FIELDS: Final = 20

NEWCOMER: Final = 1_000_000
"""What names a newcomer's traits, beside the seat: this plus the month of arrival."""
ARCHETYPE_DEAL: Final = NEWCOMER - 1
USE_DEAL: Final = NEWCOMER - 2
"""What names the luck by which archetypes, and use of AI, are dealt to the people of a set."""


# --- The chart -----------------------------------------------------------------------------


class Chart(NamedTuple):
    """The organisation chart: given, not drawn. One entry per person where it says people.

    People of a department stand together, and within it those of a team; the top comes first,
    as a department of its own.

    Attributes
    ----------
    role, department, team, boss
        As in :mod:`sim.state` [people].
    department_start
        First row of each department, and the number of people at the end.
    savable
        Share of working time saved by daily use at full skill, by department [0 to 1].
    task_share
        Share of working time in tasks the tool helps with, by department [0 to 1].
    use_cases
        Use cases the tool has for each department.
    groups
        Group of each person as it is measured, by department, team and role, -1 for none
        [people, 3]; of real people only groups that may be told.
    kinds
        Group of each archetype [archetypes].
    sizes
        How many groups there are of archetypes, departments, teams and roles [4].
    """

    role: I1
    department: I4
    team: I4
    boss: I4
    department_start: I8
    savable: F8
    task_share: F8
    use_cases: I1
    groups: I4_2
    kinds: I4
    sizes: I8


def _team_count(people: int, organisation: Organisation) -> int:
    """Return how many teams a department of this size has beside the managers it needs."""
    size = organisation.team_size
    teams = max(1, round(people / size))
    while teams > 1 and people - sum(_managers(teams, organisation)) < 2 * teams:
        teams -= 1
    return min(
        range(max(1, teams - 1 - teams // 3), teams + 1),
        key=lambda count: abs((people - sum(_managers(count, organisation))) / count - size),
    )


def _managers(teams: int, organisation: Organisation) -> list[int]:
    """Return the number of managers over so many teams, layer by layer from below."""
    layers: list[int] = []
    if teams > 1:
        layers.append(math.ceil(teams / organisation.teams_per_manager))
        while layers[-1] > organisation.managers_per_manager:
            layers.append(math.ceil(layers[-1] / organisation.managers_per_manager))
    return layers


def split(people: int, shares: list[float]) -> list[int]:
    """Return whole numbers in the given proportions that add up, by largest remainder."""
    everybody = total(shares)
    exact = [people * share / everybody for share in shares]
    whole = [math.floor(part) for part in exact]
    order = sorted(range(len(shares)), key=lambda k: (whole[k] - exact[k], k))
    for k in order[: people - sum(whole)]:
        whole[k] += 1
    return whole


def imported(organisation: Organisation) -> Imported | None:
    """Return the people and ties an organisation was read from, None if it is generated."""
    if organisation.people is None:
        return None
    columns = tuple((organisation.columns or {}).items())
    given = _read(organisation.people, organisation.ties, columns, organisation.content)
    if given.digest != organisation.content:
        message = "the files of people and ties are others than when the scenario was read"
        raise ScenarioError([Problem(message, "organisation.people", organisation.people)])
    return given


@lru_cache(maxsize=8)
def _read(
    people: str, ties: str | None, columns: tuple[tuple[str, str], ...], content: str | None
) -> Imported:
    """Read people and ties once for each content they have had."""
    from sim.scenario.imports import read_organisation

    pairs = None if ties is None else Path(ties)
    return read_organisation(Path(people), pairs, columns=dict(columns))


def chart(scenario: Scenario) -> Chart:
    """Return the organisation chart: who works where, in which team, under whom.

    Teams of about ``team_size`` with a lead each; a manager per ``teams_per_manager`` teams, and
    layers of managers above where there are many; one to three executives at the top. The same
    scenario always has the same chart: only people and informal ties are drawn. People read from
    a file have the chart of the file.
    """
    organisation = scenario.organisation
    savable, tasks, use_cases = _work(scenario)
    given = imported(organisation)
    if given is not None:
        return _chart_of(given, scenario)
    people = organisation.employees
    executives = organisation.executives
    if executives is None:
        executives = 1 if people < 50 else 2 if people < 100 else 3
    executives = min(executives, people - 1)
    role = np.zeros(people, np.int8)
    department = np.zeros(people, np.int32)
    team = np.full(people, NOBODY, np.int32)
    boss = np.full(people, NOBODY, np.int32)
    role[:executives] = EXECUTIVE
    team[:executives] = 0
    names = list(organisation.departments)
    sizes = split(people - executives, [organisation.departments[name].share for name in names])
    row, number, chief = executives, 1, 0
    starts = [0]

    def next_chief() -> int:
        nonlocal chief
        if executives == 0:
            return NOBODY
        chief += 1
        return (chief - 1) % executives

    for index, size in enumerate(sizes, start=1):
        starts.append(row)
        department[row : row + size] = index
        if size == 0:
            continue
        teams = _team_count(size, organisation)
        layers = _managers(teams, organisation)
        above: list[int] = []
        for layer in reversed(layers):
            rows = list(range(row, row + layer))
            role[row : row + layer] = MANAGER
            for k, manager in enumerate(rows):
                boss[manager] = above[k * len(above) // layer] if above else next_chief()
            above = rows
            row += layer
        members = size - sum(layers)
        edges = [members * k // teams for k in range(teams + 1)]
        for k in range(teams):
            lead, end = row + edges[k], row + edges[k + 1]
            team[lead:end] = number
            role[lead] = TEAM_LEAD
            boss[lead] = above[k * len(above) // teams] if above else next_chief()
            boss[lead + 1 : end] = lead
            number += 1
        row += members
    starts.append(people)
    there, place = np.unique(team, return_inverse=True)
    if there[0] == NOBODY:  # managers are in none
        there, place = there[1:], place - 1
    groups = np.stack([department, place.astype(np.int32), role.astype(np.int32)], axis=1)
    return Chart(
        role,
        department,
        team,
        boss,
        np.array(starts, np.int64),
        savable,
        tasks,
        use_cases,
        groups,
        np.arange(len(read_archetypes()), dtype=np.int32),
        np.array([len(read_archetypes()), len(names) + 1, there.size, len(ROLES)]),
    )


def _chart_of(given: Imported, scenario: Scenario) -> Chart:
    """Return the chart of people read from a file."""
    first = np.searchsorted(given.department, np.arange(len(given.departments) + 1))
    groups_of = family(scenario)
    assert groups_of is not None
    groups = np.stack(
        [groups_of.department.place, groups_of.team.place, groups_of.role.place], axis=1
    )
    return Chart(
        given.role,
        given.department,
        given.team,
        given.boss,
        first.astype(np.int64),
        *_work(scenario),
        groups.astype(np.int32),
        groups_of.archetype.place.astype(np.int32),
        np.array([len(groups_of.kind(group).names) for group in GROUPS]),
    )


def _work(scenario: Scenario) -> tuple[Array, Array, Array]:
    """Return savable share of working time, share in tasks the tool helps with, and use cases.

    The top works like the mean department.
    """
    tool, organisation = scenario.tool, scenario.organisation
    names = list(organisation.departments)
    if not tool.use_cases:
        share = [department.task_share for department in organisation.departments.values()]
        tasks = np.array([mean(share), *share])
        return tasks * tool.task_saving, tasks, np.ones(len(names) + 1, np.int8)
    savable, tasks = np.zeros((2, len(names) + 1))
    use_cases = np.zeros(len(names) + 1, np.int8)
    for case in tool.use_cases.values():
        meant = among(case.departments, names)
        savable[1:] += meant * case.share * case.saving
        tasks[1:] += meant * case.share
        use_cases[1:] += meant
    savable[0], tasks[0] = mean(savable[1:]), mean(tasks[1:])
    use_cases[0] = use_cases[1:].max()
    return savable, np.minimum(tasks, 1.0), use_cases


def opportunity(task_share: float, p: Parameters) -> float:
    """Return what a task share makes of starting, most use and worth: 1 at the usual share.

    A task share of 0 counts as one in a thousand, so that the factor is never 0.
    """
    return power(max(task_share, 1e-3) / p.usual_task_share, p.opportunity_exponent)


def department_names(organisation: Organisation) -> list[str]:
    """Return the names of the chart's departments, the top first."""
    return [MANAGEMENT, *organisation.departments]


def already_using(scenario: Scenario, plan: Chart) -> Array:
    """Return the share of people who use AI before the start, by department; the top like the mean."""
    organisation = scenario.organisation
    given = organisation.already_using
    if not isinstance(given, dict):
        return np.full(len(department_names(organisation)), float(given))
    names = department_names(organisation)
    shares = [given.get(name, 0.0) for name in names]
    heads = np.bincount(plan.department, minlength=len(names))
    if names[0] not in given:
        shares[0] = mean(shares[1:], heads[1:]) if heads[1:].any() else 0.0
    return np.array(shares)


def users_before(scenario: Scenario, plan: Chart) -> Array:
    """Return how many people use AI before the start, by department; of a file as expected.

    See :func:`begin_with_users`, and :func:`use_already` for what a file says.
    """
    people = np.bincount(plan.department, minlength=plan.department_start.size - 1)
    users: Array = np.floor(already_using(scenario, plan) * people + 0.5)
    known = facts(scenario)
    if known is not None and known.uses is not None:
        share = np.rint(known.uses.value * known.uses.people) / known.uses.people
        users = np.bincount(plan.department, share[known.uses.place], people.size)
    return users


def family(scenario: Scenario) -> privacy.Family | None:
    """Return the groups of real people that may be told, None where nobody is real."""
    given = imported(scenario.organisation)
    if given is None:
        return None
    least = scenario.privacy.min_group
    return given.groups if least <= privacy.LEAST else _coarser(given.groups, given.digest, least)


@lru_cache(maxsize=8)
def _coarser_of(digest: str, least: int) -> dict[str, privacy.Family]:
    """Return where the larger groups of an organisation are kept, for as long as it is in use."""
    return {}


def _coarser(groups: privacy.Family, digest: str, least: int) -> privacy.Family:
    kept = _coarser_of(digest, least)
    if "groups" not in kept:
        kept["groups"] = privacy.coarser(groups, least)
    return kept["groups"]


def group_names(scenario: Scenario, plan: Chart) -> dict[str, tuple[str, ...]]:
    """Return the names of the groups that are measured, by kind, in the order of their numbers."""
    groups = family(scenario)
    if groups is not None:
        return {kind: groups.kind(kind).names for kind in GROUPS}
    return {
        "department": tuple(department_names(scenario.organisation)),
        "team": tuple(team_names(scenario, plan)),
        "role": ROLES,
        "archetype": tuple(read_archetypes()),
    }


def among(departments: Sequence[str] | None, names: Sequence[str]) -> Array:
    """Return which of the named departments something is for; by default all [names]."""
    return np.array([departments is None or name in departments for name in names], np.bool_)


def team_names(scenario: Scenario, plan: Chart) -> list[str]:
    """Return the names of the chart's teams: those of the file, or the department and a number."""
    given = imported(scenario.organisation)
    if given is not None:
        return list(given.teams)
    departments = department_names(scenario.organisation)
    in_team = plan.team >= 0
    _, first = np.unique(plan.team[in_team], return_index=True)
    names: list[str] = []
    counted: dict[int, int] = {}
    for home in plan.department[in_team][first].tolist():
        counted[home] = counted.get(home, 0) + 1
        names.append(f"{departments[home]} {counted[home]}" if home else MANAGEMENT)
    return names


def archetype_shares(organisation: Organisation) -> dict[str, float]:
    """Return how often each archetype occurs: as said, or as in the sector, or as in general."""
    said = organisation.archetypes
    shares = shares_in(organisation.sector) if said is None else said
    return {name: shares.get(name, 0.0) for name in read_archetypes()}


# --- The people ----------------------------------------------------------------------------


TABLES: Final = ("threat", "justified", "threshold", "match", "anxious_skill", "skill")
THREAT, JUSTIFIED, THRESHOLD, MATCH, ANXIOUS_SKILL, SKILL = range(len(TABLES))


class Shapes(NamedTuple):
    """What people are drawn from.

    Attributes
    ----------
    archetypes
        Share of each, up to the last that occurs, who is everybody left.
    own_threats
        Threats each feels as its own, as bits [archetypes].
    skills
        Table of ``TABLES`` that skill is drawn from [archetypes].
    tables
        Quantiles of the distributions of traits, in the order of ``TABLES`` [6, 1025].
    powers
        Powers to which culture and maturity raise initial threats and, last, skill [5].
    phase_month, phase_share, phase_departments
        First month with access, share and departments of each phase [phases; the last one:
        phases, departments].
    go_live
        First month with access for those whom no phase names.
    weekly_hours, hourly_cost
        Of people of whom no file says otherwise.
    opportunity
        Factor of the task share of employees, and of leaders, by department [departments, 2].
    already
        Share of people who use AI every week before the start, by department [departments].
    threat
        How threats are felt: position in ``rules.THREAT``.
    """

    archetypes: F8
    own_threats: U1
    skills: I8
    tables: F8_2
    powers: F8
    phase_month: I8
    phase_share: F8
    phase_departments: TRUE_2
    go_live: int
    weekly_hours: float
    hourly_cost: float
    opportunity: F8_2
    already: F8
    threat: int


class Known(NamedTuple):
    """What is known of people from a file; empty arrays where people are generated.

    Nothing of it is one person's own: it holds what sets of people said on average, see
    :mod:`sim.privacy`, and everybody is drawn from that.

    Attributes
    ----------
    weekly_hours, hourly_cost
        What an average colleague works and costs [people].
    answered
        Chance that skill, and each of the four threats, is drawn from what colleagues said, and
        not as usual [people, 5].
    skill
        Power to which skill is then raised, for the mean that colleagues have [people].
    threats
        The same of each threat that is another's, and of each that is one's own [people, 8].
    archetypes
        Part of the set up to each archetype, in their order [people, archetypes].
    kind_set, use_set
        Set of people to whom archetypes, and use of AI, are dealt, -1 for none [people].
    users
        People of the set who use AI [people].
    size
        People of the sets of ``kind_set``, and of ``use_set`` [people, 2].
    """

    weekly_hours: F8
    hourly_cost: F8
    answered: F8_2
    skill: F8
    threats: F8_2
    archetypes: F8_2
    kind_set: I4
    use_set: I4
    users: I4
    size: I4_2


NOTHING_KNOWN: Final = Known(
    np.empty(0),
    np.empty(0),
    np.empty((0, 5)),
    np.empty(0),
    np.empty((0, 8)),
    np.empty((0, 0)),
    np.empty(0, np.int32),
    np.empty(0, np.int32),
    np.empty(0, np.int32),
    np.empty((0, 2), np.int32),
)


def facts(scenario: Scenario) -> privacy.Facts | None:
    """Return what is used of what a file says of people, None where people are generated."""
    given = imported(scenario.organisation)
    if given is None:
        return None
    least, stated = scenario.privacy.min_group, given.facts
    if least <= privacy.LEAST:
        return stated
    means = {
        name: privacy.with_more(getattr(stated, name), least)
        for name in ("weekly_hours", "hourly_cost", "skill", "uses", "archetypes")
    }
    threats = tuple(privacy.with_more(threat, least) for threat in stated.threats)
    return stated._replace(threats=threats, **means)  # type: ignore[arg-type]


def archetype_chances(scenario: Scenario) -> Array:
    """Return how likely each person is of each archetype [people, archetypes], or [1, archetypes].

    To the people of a set they are dealt in whole numbers, the same in every run: see :func:`heed`.
    """
    likely, stated = likely_archetypes(scenario), facts(scenario)
    if stated is None or stated.archetypes is None:
        return likely
    dealt = likely.copy()
    for k, size in enumerate(stated.archetypes.people):
        mine = stated.archetypes.place == k
        places = (np.arange(size) + 0.5) / size
        kinds = np.searchsorted(np.cumsum(likely[mine][0]), places, side="right")
        kinds = np.minimum(kinds, likely.shape[1] - 1)
        dealt[mine] = np.bincount(kinds, minlength=likely.shape[1]) / size
    return dealt


def likely_archetypes(scenario: Scenario) -> Array:
    """Return the shares archetypes are dealt by [people, archetypes], or [1, archetypes]."""
    usual = np.array(list(archetype_shares(scenario.organisation).values()))
    stated = facts(scenario)
    if stated is None or stated.archetypes is None:
        return usual[None, :]
    archetypes = stated.archetypes
    said = (archetypes.said / archetypes.people)[:, None]
    everywhere: Array = (said * archetypes.value + (1.0 - said) * usual)[archetypes.place]
    return everywhere


def hourly_costs(scenario: Scenario) -> Array:
    """Return what an hour of each person costs [people], [1] where all cost the same."""
    stated, usual = facts(scenario), float(scenario.organisation.hourly_cost)
    return _blended(None if stated is None else stated.hourly_cost, usual, 1)


def _blended(means: privacy.Means | None, usual: float, people: int) -> Array:
    """Return the mean of each person's set, in which those who said nothing count as usual."""
    if means is None:
        return np.full(people, usual)
    said = means.said / means.people
    everybody: Array = (said * means.value + (1.0 - said) * usual)[means.place]
    return everybody


def known(scenario: Scenario, shapes: Shapes) -> Known:
    """Return what is known of people from a file, as people are drawn from it.

    Parameters
    ----------
    scenario
        The scenario.
    shapes
        What people are drawn from who are not known.
    """
    stated = facts(scenario)
    if stated is None:
        return NOTHING_KNOWN
    organisation = scenario.organisation
    size = organisation.employees
    likely = np.broadcast_to(likely_archetypes(scenario), (size, len(read_archetypes())))
    answered, threats = np.zeros((size, 5)), np.ones((size, 8))
    skill = np.ones(size)
    if stated.skill is not None:
        answered[:, 0] = (stated.skill.said / stated.skill.people)[stated.skill.place]
        often = np.bincount(shapes.skills, totals(likely.T) / size, len(TABLES))
        powers = [power_of(mean_skill, shapes.tables, often) for mean_skill in stated.skill.value]
        skill = np.array(powers)[stated.skill.place]
    table = shapes.tables[THREAT : THREAT + 1]
    for k, threat in enumerate(stated.threats):
        if threat is None:
            continue
        answered[:, k + 1] = (threat.said / threat.people)[threat.place]
        mine = totals(likely[:, (shapes.own_threats >> k) & 1 == 1])
        part = np.bincount(threat.place, mine, threat.said.size) / threat.people
        usual = threat.value / (1.0 + part * (stated.own - 1.0))  # of the others
        for column, level in ((k, usual), (k + 4, np.minimum(1.0, usual * stated.own))):
            powers = [power_of(wanted, table, np.ones(1)) for wanted in level]
            threats[:, column] = np.array(powers)[threat.place]
    nobody = np.full(size, NOBODY, np.int32)
    sizes = np.ones((size, 2), np.int32)
    kind_set, use_set, users = nobody, nobody, np.zeros(size, np.int32)
    if stated.archetypes is not None:
        kind_set = stated.archetypes.place.astype(np.int32)
        sizes[:, 0] = stated.archetypes.people[kind_set]
    if stated.uses is not None:
        use_set = stated.uses.place.astype(np.int32)
        sizes[:, 1] = stated.uses.people[use_set]
        users = np.rint(stated.uses.value * stated.uses.people).astype(np.int32)[use_set]
    return Known(
        _blended(stated.weekly_hours, float(organisation.weekly_hours), size),
        _blended(stated.hourly_cost, float(organisation.hourly_cost), size),
        answered,
        skill,
        threats,
        np.cumsum(likely, axis=1),
        kind_set,
        use_set,
        users,
        sizes,
    )


STRONGEST: Final = 60.0
"""Power beyond which next to nothing is left of what people differ in."""


@entry
def power_of(wanted: float, tables: F8_2, often: F8) -> float:
    """Return the power to which shares are raised for their mean to be this.

    Parameters
    ----------
    wanted
        Mean wanted [0 to 1].
    tables, often
        Quantiles of the distributions they are drawn from, and how often they are drawn from each
        [tables, entries; tables].
    """
    low, high = 0.0, STRONGEST
    for _ in range(50):
        middle, reached = 0.5 * (low + high), 0.0
        for k in range(often.size):
            if often[k] > 0.0:
                summed = 0.0
                for share in tables[k]:
                    summed += raised(share, middle)
                reached += often[k] * (summed / tables.shape[1])
        if reached > wanted:
            low = middle
        else:
            high = middle
    return 0.0 if wanted >= 1.0 else high


@lru_cache(maxsize=256)
def quantiles(a: float, b: float) -> Array:
    """Return 1025 evenly spaced quantiles of the Beta distribution with shapes ``a`` and ``b``."""
    table: Array = np.empty(1025)
    fill_quantiles(a, b, table)
    table.setflags(write=False)
    return table


@rule
def quantile(table: Array, luck: float) -> float:
    """Return the number at this quantile, between the table's entries in proportion."""
    place = luck * (table.size - 1)
    k = int(place)
    return table[k] + (place - k) * (table[k + 1] - table[k])  # type: ignore[no-any-return]


@rule
def raised(share: float, to: float) -> float:
    """Return a share raised to a power; a power of 1 leaves every bit as it is."""
    return share if to == 1.0 else power(share, to)


@rule
def draw_people(
    people: Array,
    plan: Chart,
    shapes: Shapes,
    facts: Known,
    p: Parameters,
    *,
    seed: int,
    stream: int,
) -> None:
    """Fill a table of people: the same person has the same traits in every scenario.

    Parameters
    ----------
    people
        Table of dtype ``PEOPLE``; keys are set already.
    plan, shapes, facts
        The chart, how traits are distributed, and what is known of each person.
    p
        Numbers of the rules.
    seed, stream
        Name of the organisation's chance.
    """
    context = draw_context(p, seed, stream)
    dealt = np.zeros(people.size, np.int64)
    if facts.hourly_cost.size > 0:
        deal(facts.kind_set, ARCHETYPE_DEAL, dealt, seed, stream)
    for i in range(people.size):
        me = people[i]
        me.role = plan.role[i]
        me.department = plan.department[i]
        me.team = plan.team[i]
        me.boss = plan.boss[i]
        me.use_cases = plan.use_cases[me.department]
        me.buddy = NOBODY
        draw_person(me, 0, context, plan.savable, shapes, p=p, seed=seed, stream=stream)
        if facts.hourly_cost.size > 0:
            heed(
                me,
                facts,
                i,
                dealt[i],
                plan.savable[me.department],
                shapes=shapes,
                p=p,
                seed=seed,
                stream=stream,
            )
    if facts.hourly_cost.size > 0:
        deal(facts.use_set, USE_DEAL, dealt, seed, stream)
        for i in range(people.size):
            if dealt[i] < facts.users[i]:
                use_already(people[i], p)
    if holds(shapes.already):
        begin_with_users(people, shapes, facts, p)


@rule
def holds(shares: Array) -> bool:
    """Return whether any of some shares is more than nothing."""
    some = False
    for k in range(shares.size):
        some |= shares[k] > 0.0
    return some


@rule
def begin_with_users(people: Array, shapes: Shapes, facts: Known, p: Parameters) -> None:
    """Let those use AI already in each department who want it most, where no file says who does."""
    from_file = facts.hourly_cost.size > 0
    wish, unknown = np.empty(people.size), np.zeros(shapes.already.size)
    for i in range(people.size):
        wish[i] = -people[i].conviction
        if not from_file or facts.use_set[i] == NOBODY:
            unknown[people[i].department] += 1.0
    for i in order_of(wish):
        if from_file and facts.use_set[i] != NOBODY:
            continue
        department = people[i].department
        # Counted down, so that a share of the department's people, rounded, uses it.
        left = unknown[department]
        if left > 0.0:
            wanted = math.floor(shapes.already[department] * left + 0.5)
            unknown[department] = -wanted
        if unknown[department] < 0.0:
            use_already(people[i], p)
            unknown[department] += 1.0


@rule
def deal(sets: Array, what: int, place: Array, seed: int, stream: int) -> None:
    """Shuffle the people of each set: write everybody's place in the own set, from 0.

    Parameters
    ----------
    sets
        Set of each person, -1 for none, whose place is beyond any set [people].
    what
        Name of the luck.
    place
        What is written [people].
    seed, stream
        Name of the organisation's chance.
    """
    last = np.full(sets.size, NOBODY, np.int64)  # who holds the last place of a set
    before = np.full(sets.size, NOBODY, np.int64)  # who holds the place before
    count = np.zeros(sets.size, np.int64)
    for i in range(sets.size):
        k = sets[i]
        if k == NOBODY:
            place[i] = sets.size
            continue
        before[i], last[k] = last[k], i
        place[i] = count[k]
        count[k] += 1
    row = np.empty(sets.size, np.int64)
    for k in range(sets.size):
        size, i = count[k], last[k]
        while i != NOBODY:
            row[place[i]] = i
            i = before[i]
        for here in range(size - 1, 0, -1):
            luck = draws.uniform(seed, stream, draws.TRAIT, here, what, other=k)
            there = min(here, int(luck * (here + 1)))
            row[here], row[there] = row[there], row[here]
            place[row[here]] = here
        if size > 0:
            place[row[0]] = 0


@rule
def draw_context(p: Parameters, seed: int, stream: int) -> float:
    """Return how much more this organisation's people want to use AI than others' [log-odds]."""
    w0, w1, _, _ = draws.block(seed, stream, draws.CONTEXT, 0, 0, index=0)
    return p.context_spread * draws.normal(draws.unit(w0), draws.unit(w1))


@rule
def draw_person(
    me: Employee,
    arrival: int,
    context: float,
    savable: Array,
    shapes: Shapes,
    *,
    p: Parameters,
    seed: int,
    stream: int,
) -> None:
    """Give a seat a person with fresh traits and nothing learned yet.

    Parameters
    ----------
    me
        The seat: key, department and role are set already.
    arrival
        Months the programme had run when this person came, 0 for who was there.
    context
        What this organisation's people have in common [log-odds].
    savable
        Share of working time saved by daily use at full skill, by department [0 to 1].
    shapes, p
        How traits are distributed, and numbers of the rules.
    seed, stream
        Name of the chance.
    """
    luck = np.empty(FIELDS)
    who = 0 if arrival == 0 else NEWCOMER + arrival
    for field in range(0, FIELDS, 4):
        words = draws.block(seed, stream, draws.TRAIT, me.key, who, index=field >> 2)
        luck[field] = draws.unit(words[0])
        luck[field + 1] = draws.unit(words[1])
        luck[field + 2] = draws.unit(words[2])
        luck[field + 3] = draws.unit(words[3])
    me.arrival = arrival
    me.access_month = first_access(me, shapes, seed, stream)
    if arrival >= me.access_month:  # a newcomer's clock runs from the month of arrival
        me.access_month = arrival + 1
    me.savable_hours = shapes.weekly_hours * 52.0 / 12.0 * savable[me.department]
    me.hourly_cost = shapes.hourly_cost
    me.opportunity = shapes.opportunity[me.department, 1 if me.role != EMPLOYEE else 0]
    archetype, reached = 0, shapes.archetypes[0]
    while archetype < shapes.archetypes.size - 1 and luck[ARCHETYPE_FIELD] >= reached:
        archetype += 1
        reached += shapes.archetypes[archetype]
    me.archetype = archetype
    me.own_threats = shapes.own_threats[archetype]
    bell = draws.normal(luck[INNOVATIVENESS_FIELD], luck[INNOVATIVENESS_FIELD + 1])
    me.disposition = context + p.innovativeness_spread * bell
    me.threshold = p.low_threshold
    if luck[THRESHOLD_KIND_FIELD] >= p.low_threshold_share:
        me.threshold = max(
            p.low_threshold, quantile(shapes.tables[THRESHOLD], luck[THRESHOLD_FIELD])
        )
    me.match = p.match_low + p.match_range * quantile(shapes.tables[MATCH], luck[MATCH_FIELD])
    to, threat, justified = shapes.powers, shapes.tables[THREAT], shapes.tables[JUSTIFIED]
    me.initial_competence = raised(quantile(threat, luck[THREAT_FIELD]), to[0])
    me.initial_status = raised(quantile(threat, luck[THREAT_FIELD + 1]), to[1])
    me.initial_control = raised(quantile(threat, luck[THREAT_FIELD + 2]), to[2])
    me.initial_ethics = raised(quantile(threat, luck[THREAT_FIELD + 3]), to[3])
    me.floor_competence = me.initial_competence * quantile(justified, luck[JUSTIFIED_FIELD])
    me.floor_status = me.initial_status * quantile(justified, luck[JUSTIFIED_FIELD + 1])
    me.floor_control = me.initial_control * quantile(justified, luck[JUSTIFIED_FIELD + 2])
    me.floor_ethics = me.initial_ethics * quantile(justified, luck[JUSTIFIED_FIELD + 3])
    bell = draws.normal(luck[EXPECTATION_FIELD], luck[EXPECTATION_FIELD + 1])
    hoped = p.initial_trust * p.tool_quality + p.hype + p.expectation_spread * bell
    me.expectation = min(1.0, max(0.0, hoped))
    table = shapes.tables[shapes.skills[archetype]]
    me.initial_skill = raised(quantile(table, luck[SKILL_FIELD]), to[4])
    settle(me, p, shapes.threat)


@rule
def settle(me: Employee, p: Parameters, threat: int) -> None:
    """Let a person begin: threats and skill at their start, no use, no habit, no part to play."""
    me.threat_competence = me.initial_competence
    me.threat_status = me.initial_status
    me.threat_control = me.initial_control
    me.threat_ethics = me.initial_ethics
    me.skill = me.initial_skill
    me.uses = 0
    me.ever_used = 0
    me.ever_weekly = 0
    me.intensity = 0.0
    me.habit = 0.0
    me.freshness = 0.0
    me.prompted = 0.0
    me.considers = p.considers_before
    me.perceived_pull = 0.0
    me.perceived_example = 0.0
    me.courses = 0.0
    me.champion = 0
    me.coached = 0.0
    me.buddy = NOBODY
    me.voice = 1.0
    me.worth = min(1.0, p.tool_quality * me.match * me.opportunity)
    me.example_factor = 1.0
    me.discovery = 1.0
    me.conviction = rules.conviction(me, 0.0, 0.0, p, threat)


@rule
def first_access(me: Employee, shapes: Shapes, seed: int, stream: int) -> int:
    """Return the first month with access: of the first phase that names this person, or go-live."""
    for k in range(shapes.phase_month.size):
        if shapes.phase_departments[k, me.department]:
            luck = draws.uniform(seed, stream, draws.ROLLOUT, me.key, k)
            if luck < shapes.phase_share[k]:
                return shapes.phase_month[k]  # type: ignore[no-any-return]
    return shapes.go_live


@rule
def heed(
    me: Employee,
    facts: Known,
    i: int,
    dealt: int,
    savable: float,
    *,
    shapes: Shapes,
    p: Parameters,
    seed: int,
    stream: int,
) -> None:
    """Draw person ``i`` from what colleagues said, as far as they did.

    The archetype is the one at the place ``dealt`` in the own set, so that each occurs as often
    as it does in the file; what is drawn of skill and threats is raised to the power that gives
    it the mean of the set, and is as spread as it is among people in general.
    """
    me.savable_hours = facts.weekly_hours[i] * 52.0 / 12.0 * savable
    me.hourly_cost = facts.hourly_cost[i]
    if facts.kind_set[i] >= 0:
        part, archetype = (dealt + 0.5) / facts.size[i, 0], 0
        while archetype < facts.archetypes.shape[1] - 1 and part >= facts.archetypes[i, archetype]:
            archetype += 1
        me.archetype = archetype
        me.own_threats = shapes.own_threats[archetype]
    luck = np.empty(FIELDS)
    for field in range(0, FIELDS, 4):
        words = draws.block(seed, stream, draws.TRAIT, me.key, 0, index=field >> 2)
        luck[field] = draws.unit(words[0])
        luck[field + 1] = draws.unit(words[1])
        luck[field + 2] = draws.unit(words[2])
        luck[field + 3] = draws.unit(words[3])
    answer, threat = luck[ANSWER_FIELD], np.empty(4)
    for k in range(4):
        to = shapes.powers[k]
        if answer < facts.answered[i, k + 1]:
            to = facts.threats[i, k + 4 * ((me.own_threats >> k) & 1)]
        threat[k] = raised(quantile(shapes.tables[THREAT], luck[THREAT_FIELD + k]), to)
    justified = shapes.tables[JUSTIFIED]
    me.initial_competence = threat[0]
    me.initial_status = threat[1]
    me.initial_control = threat[2]
    me.initial_ethics = threat[3]
    me.floor_competence = threat[0] * quantile(justified, luck[JUSTIFIED_FIELD])
    me.floor_status = threat[1] * quantile(justified, luck[JUSTIFIED_FIELD + 1])
    me.floor_control = threat[2] * quantile(justified, luck[JUSTIFIED_FIELD + 2])
    me.floor_ethics = threat[3] * quantile(justified, luck[JUSTIFIED_FIELD + 3])
    to = facts.skill[i] if answer < facts.answered[i, 0] else shapes.powers[4]
    me.initial_skill = raised(
        quantile(shapes.tables[shapes.skills[me.archetype]], luck[SKILL_FIELD]), to
    )
    settle(me, p, shapes.threat)


@rule
def use_already(me: Employee, p: Parameters) -> None:
    """Let somebody begin as a user of long standing: with the wish to, a habit, and access.

    Nobody uses AI every week who does not want to, so an inclination too low for that is raised to
    where desire is one half; the habit is the one that this use keeps up.
    """
    me.disposition += max(0.0, -me.conviction)
    me.conviction = max(0.0, me.conviction)
    me.uses = 1
    me.ever_used = 1
    me.considers = 1.0
    me.intensity = max(0.5, p.weekly_use)
    formed = p.habit_gain * me.intensity
    lost = p.habit_loss * (1.0 - me.intensity)
    me.habit = formed / (formed + lost) if formed > 0.0 else 0.0
    me.access_month = 1


# --- Parts to play -------------------------------------------------------------------------


@rule
def commit_leaders(people: Array, asked: Array, share: float, seed: int, stream: int) -> None:
    """Let a share of the leaders asked, drawn by chance, commit to use AI visibly."""
    for i in range(people.size):
        luck = draws.uniform(seed, stream, draws.CHAMPION, people[i].key, 1)
        if people[i].role != EMPLOYEE and asked[i] and luck < share:
            people[i].committed = 1


@rule
def lead(people: Array, p: Parameters) -> None:
    """Say of everybody which part of the own leaders committed, as their example counts.

    Whoever committed learned it in full. A newcomer gets what the seat had.
    """
    executives, top = 0, 0.0
    for i in range(len(people)):
        if people[i].role == EXECUTIVE:
            executives += 1
            top += people[i].committed
    top = top / executives if executives > 0 else 0.0
    for i in range(len(people)):
        me = people[i]
        has_boss = me.boss != NOBODY
        boss = 1.0 if has_boss and people[me.boss].committed == 1 else 0.0
        has_top = executives > 0 and me.role != EXECUTIVE
        part = rules.leaders_example(boss, has_boss, top, has_top, p)
        me.led = 1.0 if me.committed == 1 else min(1.0, part)


@rule
def give_places(people: Array, start: Array, other: Array, capacity: float) -> None:
    """Spread each champion's coaching evenly over the colleagues who notice him or her.

    Parameters
    ----------
    people
        Table of people; changes ``coached``.
    start, other
        Ties, as :func:`sim.networks.ties_of_pairs` returns them.
    capacity
        People a champion can coach at a time.
    """
    for i in range(len(people)):
        people[i].coached = 0.0
    for i in range(len(people)):
        if people[i].champion == 0:
            continue
        pupils = 0
        for k in range(start[i], start[i + 1]):
            if people[other[k]].champion == 0 and people[other[k]].role == EMPLOYEE:
                pupils += 1
        place = min(1.0, capacity / max(1, pupils))
        for k in range(start[i], start[i + 1]):
            pupil = people[other[k]]
            if pupil.champion == 0 and pupil.role == EMPLOYEE:
                pupil.coached = min(1.0, pupil.coached + place)
