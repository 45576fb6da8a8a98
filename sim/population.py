"""Who works here: the organisation chart, the people in it, and who gets a part to play."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np

from sim import draws, rules
from sim.compiled import rule
from sim.organisation import Organisation
from sim.parameters import Parameters
from sim.state import COMPETENCE, EMPLOYEE, EXECUTIVE, MANAGER, NOBODY, TEAM_LEAD

Array = np.ndarray[Any, Any]

MANAGEMENT: Final = "management"
SPAN: Final = 6
"""Managers under one manager of the layer above."""

SELECTION: Final = ("random", "volunteers", "most_connected")

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
FIELDS: Final = 20


# --- The chart -----------------------------------------------------------------------------


class Chart(NamedTuple):
    """The organisation chart: given, not drawn. One entry per person where it says people.

    People of a department stand together, and within it those of a team; the top comes first,
    as a department of its own.
    """

    role: Array
    department: Array
    team: Array
    boss: Array
    department_start: Array
    task_share: Array


def _team_count(people: int, team_size: int, span: int) -> int:
    """Return how many teams a department of this size has beside the managers it needs."""
    teams = max(1, round(people / team_size))
    while teams > 1 and people - _managers(teams, span)[0] < 2 * teams:
        teams -= 1
    return min(
        range(max(1, teams - 1 - teams // 3), teams + 1),
        key=lambda count: abs((people - _managers(count, span)[0]) / count - team_size),
    )


def _managers(teams: int, span: int) -> tuple[int, list[int]]:
    """Return the number of managers over so many teams, and their number per layer."""
    layers: list[int] = []
    if teams > 1:
        layers.append(math.ceil(teams / span))
        while layers[-1] > SPAN:
            layers.append(math.ceil(layers[-1] / SPAN))
    return sum(layers), layers


def split(total: int, shares: list[float]) -> list[int]:
    """Return whole numbers in the given proportions that add up, by largest remainder."""
    exact = [total * share / sum(shares) for share in shares]
    whole = [math.floor(one) for one in exact]
    order = sorted(range(len(shares)), key=lambda k: (whole[k] - exact[k], k))
    for k in order[: total - sum(whole)]:
        whole[k] += 1
    return whole


def chart(organisation: Organisation) -> Chart:
    """Return the organisation chart: who works where, in which team, under whom.

    Teams of about ``team_size`` with a lead each; a manager per ``teams_per_manager`` teams, and
    layers of managers above where there are many; one to three executives at the top. The same
    scenario always has the same chart: only people and informal ties are drawn.
    """
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
        teams = _team_count(size, organisation.team_size, organisation.teams_per_manager)
        _, layers = _managers(teams, organisation.teams_per_manager)
        above: list[int] = []
        for layer in reversed(layers):
            rows = list(range(row, row + layer))
            role[row : row + layer] = MANAGER
            for k, one in enumerate(rows):
                boss[one] = above[k * len(above) // layer] if above else next_chief()
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
    task_share = np.array(
        [float(np.mean([one.task_share for one in organisation.departments.values()]))]
        + [organisation.departments[name].task_share for name in names]
    )
    return Chart(role, department, team, boss, np.array(starts, np.int64), task_share)


def department_names(organisation: Organisation) -> list[str]:
    """Return the names of the chart's departments, the top first."""
    return [MANAGEMENT, *organisation.departments]


# --- The people ----------------------------------------------------------------------------


class Shapes(NamedTuple):
    """Distributions of traits: archetype shares, quantile tables, and plain numbers."""

    archetypes: Array
    threat: Array
    justified: Array
    threshold: Array
    match: Array
    anxious_skill: Array
    skill: Array
    go_live: int
    weekly_hours: float
    task_saving: float
    hourly_cost: float


@lru_cache(maxsize=256)
def quantiles(a: float, b: float) -> Array:
    """Return 1025 evenly spaced quantiles of the Beta distribution with shapes ``a`` and ``b``."""
    from scipy.special import betaincinv

    table: Array = betaincinv(a, b, np.linspace(0.0, 1.0, 1025))
    table.setflags(write=False)
    return table


@rule
def quantile(table: Array, luck: float) -> float:
    """Return the number at this quantile, between the table's entries in proportion."""
    place = luck * (table.size - 1)
    k = int(place)
    return table[k] + (place - k) * (table[k + 1] - table[k])  # type: ignore[no-any-return]


@rule
def draw_people(
    people: Array, plan: Chart, shapes: Shapes, p: Parameters, seed: int, stream: int
) -> None:
    """Fill a table of people: the same person has the same traits in every scenario.

    Parameters
    ----------
    people
        Table of dtype ``PEOPLE``; keys are set already.
    plan, shapes
        The chart, and how traits are distributed.
    p
        Numbers of the rules.
    seed, stream
        Name of the organisation's chance.
    """
    w0, w1, _, _ = draws.block(seed, stream, draws.CONTEXT, 0, 0, 0)
    context = p.context_spread * draws.normal(draws.unit(w0), draws.unit(w1))
    luck = np.empty(FIELDS)
    hours_a_month = shapes.weekly_hours * 52.0 / 12.0
    for i in range(people.size):
        me = people[i]
        for field in range(0, FIELDS, 4):
            words = draws.block(seed, stream, draws.TRAIT, me.key, 0, field >> 2)
            luck[field] = draws.unit(words[0])
            luck[field + 1] = draws.unit(words[1])
            luck[field + 2] = draws.unit(words[2])
            luck[field + 3] = draws.unit(words[3])
        me.role = plan.role[i]
        me.department = plan.department[i]
        me.team = plan.team[i]
        me.boss = plan.boss[i]
        me.access_month = shapes.go_live
        me.savable_hours = hours_a_month * plan.task_share[me.department] * shapes.task_saving
        me.hourly_cost = shapes.hourly_cost
        archetype, reached = 0, shapes.archetypes[0]
        while archetype < 3 and luck[ARCHETYPE_FIELD] >= reached:
            archetype += 1
            reached += shapes.archetypes[archetype]
        me.archetype = archetype
        bell = draws.normal(luck[INNOVATIVENESS_FIELD], luck[INNOVATIVENESS_FIELD + 1])
        me.disposition = context + p.innovativeness_spread * bell
        me.threshold = p.low_threshold
        if luck[THRESHOLD_KIND_FIELD] >= p.low_threshold_share:
            me.threshold = max(p.low_threshold, quantile(shapes.threshold, luck[THRESHOLD_FIELD]))
        me.match = p.match_low + p.match_range * quantile(shapes.match, luck[MATCH_FIELD])
        me.initial_competence = quantile(shapes.threat, luck[THREAT_FIELD])
        me.initial_status = quantile(shapes.threat, luck[THREAT_FIELD + 1])
        me.initial_control = quantile(shapes.threat, luck[THREAT_FIELD + 2])
        me.initial_ethics = quantile(shapes.threat, luck[THREAT_FIELD + 3])
        justified = shapes.justified
        me.floor_competence = me.initial_competence * quantile(justified, luck[JUSTIFIED_FIELD])
        me.floor_status = me.initial_status * quantile(justified, luck[JUSTIFIED_FIELD + 1])
        me.floor_control = me.initial_control * quantile(justified, luck[JUSTIFIED_FIELD + 2])
        me.floor_ethics = me.initial_ethics * quantile(justified, luck[JUSTIFIED_FIELD + 3])
        me.threat_competence = me.initial_competence
        me.threat_status = me.initial_status
        me.threat_control = me.initial_control
        me.threat_ethics = me.initial_ethics
        bell = draws.normal(luck[EXPECTATION_FIELD], luck[EXPECTATION_FIELD + 1])
        hoped = p.initial_trust * p.tool_quality + p.hype + p.expectation_spread * bell
        me.expectation = min(1.0, max(0.0, hoped))
        table = shapes.anxious_skill if archetype == COMPETENCE else shapes.skill
        me.initial_skill = quantile(table, luck[SKILL_FIELD])
        me.skill = me.initial_skill
        me.voice = 1.0
        me.conviction = rules.conviction(me, 0.0, 0.0, p)


# --- Parts to play -------------------------------------------------------------------------


@rule
def commit_leaders(people: Array, share: float, seed: int, stream: int) -> None:
    """Let a share of the leaders, drawn by chance, commit to use AI visibly."""
    for i in range(people.size):
        luck = draws.uniform(seed, stream, draws.CHAMPION, people[i].key, 1)
        if people[i].role != EMPLOYEE and luck < share:
            people[i].committed = 1


@rule
def cutoff(scores: Array, wanted: int) -> float:
    """Return a score that ``wanted`` people reach, by halving the range that holds it."""
    low, high = np.inf, -np.inf
    for score in scores:
        if score > -np.inf:
            low, high = min(low, score), max(high, score)
    for _ in range(64):
        middle = 0.5 * (low + high)
        reached = 0
        for score in scores:
            if score >= middle:
                reached += 1
        if reached == wanted:
            return middle
        if reached > wanted:
            low = middle
        else:
            high = middle
    return low


@rule
def appoint_champions(
    people: Array,
    start: Array,
    other: Array,
    eligible: Array,
    share: float,
    selection: int,
    capacity: float,
    p: Parameters,
    seed: int,
    stream: int,
) -> None:
    """Choose the champions among eligible non-leaders, and give their colleagues coaching places.

    Parameters
    ----------
    people
        Table of dtype ``PEOPLE``; changes ``champion`` and ``coached``.
    start, other
        Ties, as :func:`sim.networks.ties_of_pairs` returns them.
    eligible
        Whether each person may be chosen.
    share
        Champions as a share of all people [0 to 1].
    selection
        Position in ``SELECTION``: drawn by chance, the most willing, the most connected.
    capacity
        People a champion can coach at a time; spread evenly over those who notice him or her.
    p
        Numbers of the rules.
    seed, stream
        Name of the organisation's chance.
    """
    scores = np.full(people.size, -np.inf)
    candidates = 0
    for i in range(people.size):
        me = people[i]
        if me.role == EMPLOYEE and eligible[i]:
            candidates += 1
            luck = draws.uniform(seed, stream, draws.CHAMPION, me.key, 0)
            if selection == 0:
                scores[i] = luck
            elif selection == 1:
                scores[i] = me.expectation - rules.felt_threat(me, p) + 1e-9 * luck
            else:
                scores[i] = start[i + 1] - start[i] + luck
    wanted = min(candidates, int(share * people.size + 0.5))
    least = cutoff(scores, wanted)
    chosen = 0
    for i in range(people.size):
        if scores[i] >= least and chosen < wanted:
            people[i].champion = 1
            chosen += 1
    for i in range(people.size):
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
