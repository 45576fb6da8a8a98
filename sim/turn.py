"""What happens at the turn of a month: who leaves, what the change lead starts, whom it reaches.

Everything here works on a table of people and on a list of Mesa agents alike.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim import draws, kpis, rules
from sim.engine import entry, rule
from sim.engine.kinds import F8, F8_2, F8_3, I8, I8_2, TRUE_3, Array
from sim.parameters import Parameters
from sim.people import population
from sim.people.population import Shapes
from sim.programme import effects
from sim.programme.budget import BUDDIES, CHAMPIONS, LEADERS
from sim.programme.effects import NEVER, Programme
from sim.state import NOBODY, Employee

People = Any
"""A table of people, or a list of agents."""


class Setting(NamedTuple):
    """What a month needs to know of the organisation besides its people and programme.

    Attributes
    ----------
    leaving
        Chance of each person to leave in a month.
    licence, integration, support, investment, go_live
        What the tool costs: a person with access a month, once at go-live, each month from it,
        once at the start [euro], and the first month with access.
    use_cases
        Use cases the tool comes with.
    shapes
        What newcomers are drawn from.
    savable
        Share of working time saved by daily use at full skill, by department [0 to 1].
    """

    leaving: float
    licence: float
    integration: float
    support: float
    investment: float
    go_live: int
    use_cases: float
    shapes: Shapes
    savable: F8


class Course(NamedTuple):
    """How far a run has come, besides its people: changed in place from month to month.

    Attributes
    ----------
    masks
        Rounds that reach each person, one bit each [people].
    onset
        Month in which each round starts in each department, from 0 [rounds, departments].
    heads, wages
        Participants of each round in each department, and what an hour of all of them costs
        [rounds, departments].
    seen
        What each adaptive rule looks at: by department, the whole last [rules, months, departments + 1].
    money
        What adaptive rules may still spend [euro], and the organisation's context [log-odds] [2].
    new
        Participants who came this month one by one, and what an hour of them costs [rounds, 2].
    """

    masks: I8
    onset: I8_2
    heads: F8_2
    wages: F8_2
    seen: F8_3
    money: F8
    new: F8_2


@rule
def begin(
    people: Array,
    start: Array,
    other: Array,
    plan: Programme,
    p: Parameters,
    seed: int,
    stream: int,
) -> Course:
    """Let leaders commit and champions offer places; return a run before its first month.

    ``start`` are the entries of the organisation's own people, relative to ``other``.
    """
    rounds, departments = plan.onset.shape
    masks = np.zeros(people.size, np.int64)
    for i in range(people.size):
        masks[i] = effects.reach(people[i], i, plan, seed, stream)
    if plan.offices[0]["leaders_share"] > 0.0:
        share, d = plan.offices[0]["leaders_share"], plan.offices[0]["leaders"]
        asked = np.zeros(people.size, np.bool_)
        for i in range(people.size):
            asked[i] = (masks[i] >> d) & 1 == 1
        population.commit_leaders(people, asked, share, seed, stream)
        population.lead(people, p)
    if plan.offices[0]["champions"] > 0:
        population.give_places(people, start, other, plan.offices[0]["capacity"])
    money = np.empty(2)
    money[0] = plan.offices[0]["spare"]
    money[1] = population.draw_context(p, seed, stream)
    return Course(
        masks,
        plan.onset.copy(),
        np.zeros((rounds, departments)),
        np.zeros((rounds, departments)),
        np.zeros((plan.reactions.size, plan.calendar.size, departments + 1)),
        money,
        np.zeros((rounds, 2)),
    )


@rule
def turn(
    people: People,
    start: Array,
    other: Array,
    course: Course,
    plan: Programme,
    setting: Setting,
    p: Parameters,
    now: int,
    seed: int,
    stream: int,
    luck: int,
) -> bool:
    """Bring people and programme into a month; return whether some are reached by other rounds.

    Parameters
    ----------
    people
        Table of people, or list of agents.
    start, other
        Ties, as :func:`sim.networks.ties_of_pairs` returns them.
    course
        The run so far; changed.
    plan, setting, p
        Programme, organisation and numbers of the rules.
    now
        Month, from 0.
    seed, stream, luck
        Name of the organisation's chance, and of its luck.
    """
    changed = now == 0
    if setting.leaving > 0.0 and now > 0:
        changed |= renew(people, start, other, course, plan, setting, p, now, seed, stream, luck)
    if plan.reactions.size > 0:
        look(people, course, plan, p, now, setting.shapes.threat)
        changed |= react(people, course, plan, now, seed, luck)
    changed |= invite(people, course, plan, now)
    for d in range(plan.rounds.size):
        course.new[d, 0] = 0.0
        course.new[d, 1] = 0.0
    if plan.offices[0]["buddies"] >= 0:
        pair(people, course, plan, p, now, seed, luck)
    if changed:
        enrol(people, course, plan)
    return changed


# --- Leaving and arriving -------------------------------------------------------------------


@rule
def renew(
    people: People,
    start: Array,
    other: Array,
    course: Course,
    plan: Programme,
    setting: Setting,
    p: Parameters,
    now: int,
    seed: int,
    stream: int,
    luck: int,
) -> bool:
    """Let newcomers take the seats of those who leave this month; return whether any did.

    A newcomer keeps the seat's ties and, among leaders, its commitment. Champions are not replaced.
    """
    left = False
    for i in range(len(people)):
        me = people[i]
        if draws.uniform(seed, luck, draws.LEAVING, me.key, now) >= setting.leaving:
            continue
        left = True
        population.draw_person(
            me, now, course.money[1], setting.savable, setting.shapes, p, seed, luck
        )
        course.masks[i] = effects.reach(me, i, plan, seed, stream)
    if left:
        for i in range(len(people)):
            buddy = people[i].buddy
            if buddy != NOBODY and people[buddy].arrival == now:
                people[i].buddy = NOBODY
    if left and plan.offices[0]["champions"] > 0:
        population.give_places(people, start, other, plan.offices[0]["capacity"])
    return left


@entry
def leavers(keys: I8_2, streams: I8, seed: int, leaving: float, months: int) -> TRUE_3:
    """Return who was replaced at the start of which month [organisations, people, months + 1].

    Parameters
    ----------
    keys
        Keys of the people, which stay with the seat [organisations, people].
    streams
        Number of each organisation's luck [organisations].
    seed
        Seed of the study.
    leaving
        Chance to leave in a month [0 to 1].
    months
        Months simulated; nobody leaves in the first.
    """
    runs, people = keys.shape
    left = np.zeros((runs, people, months + 1), np.bool_)
    for r in range(runs if leaving > 0.0 else 0):
        for i in range(people):
            for month in range(2, months + 1):
                luck = draws.uniform(seed, streams[r], draws.LEAVING, keys[r, i], month - 1)
                left[r, i, month] = luck < leaving
    return left


# --- What the change lead sees and does -------------------------------------------------------


@rule
def visible(me: Employee, kpi: int, p: Parameters, threat: int) -> float:
    """Return what a person adds to a figure of ``effects.VISIBLE``."""
    if kpi == 0:
        return 1.0 if kpis.is_weekly_user(me, p) else 0.0
    if kpi == 1:
        return 1.0 if me.uses == 1 else 0.0
    if kpi == 2:
        return me.intensity
    if kpi == 3:
        return 1.0 if me.conviction > 0.0 else 0.0
    if kpi == 4:
        return rules.felt_threat(me, p, threat)
    if kpi == 5:
        return me.skill
    return me.expectation


@rule
def look(
    people: People, course: Course, plan: Programme, p: Parameters, now: int, threat: int
) -> None:
    """Write down every rule's figure as it stood at the end of last month, by department."""
    departments = plan.onset.shape[1]
    heads = np.zeros(departments + 1)
    for i in range(len(people)):
        heads[people[i].department] += 1.0
        heads[departments] += 1.0
    for r in range(plan.reactions.size):
        row = course.seen[r, now]
        for i in range(len(people)):
            amount = visible(people[i], plan.reactions[r]["kpi"], p, threat)
            row[people[i].department] += amount
            row[departments] += amount
        for k in range(departments + 1):
            row[k] = row[k] / heads[k] if heads[k] > 0.0 else np.nan


@rule
def first_onset(course: Course, d: int) -> int:
    """Return the month in which a round starts in the first of its departments, from 0."""
    first = NEVER
    for k in range(course.onset.shape[1]):
        first = min(first, course.onset[d, k])
    return first


@rule
def react(people: People, course: Course, plan: Programme, now: int, seed: int, luck: int) -> bool:
    """Start what an adaptive rule asks for, where it shows and can be paid; return whether any did.

    The change lead sees a figure some months late and with an error that belongs to the rule, the
    month and the department.
    """
    departments, acted = plan.onset.shape[1], False
    for r in range(plan.reactions.size):
        reaction = plan.reactions[r]
        d = reaction["starts"]
        then = now - reaction["lag"]
        begun = first_onset(course, d) < NEVER
        if begun or now < reaction["first"] or now > reaction["last"] or then < 0:
            continue
        whole = reading(course.seen[r, then, departments], plan, r, departments, then, seed, luck)
        if not reaction["sign"] * whole < reaction["sign"] * reaction["level"]:
            continue
        for k in range(departments):
            sign = reaction["where_sign"]
            figure = reading(course.seen[r, then, k], plan, r, k, then, seed, luck)
            if sign == 0.0 or sign * figure < sign * reaction["where_level"]:
                course.onset[d, k] = now
        asked = price_of(people, course, plan, d, now)
        if asked > course.money[0]:
            for k in range(departments):
                course.onset[d, k] = NEVER
        else:
            course.money[0] -= asked
            acted = True
    return acted


@rule
def reading(
    figure: float, plan: Programme, r: int, place: int, then: int, seed: int, luck: int
) -> float:
    """Return a figure as a pulse survey gives it."""
    noise = float(plan.reactions[r]["noise"])
    if noise <= 0.0:
        return figure
    code = plan.rounds[plan.reactions[r]["starts"]]["code"]  # the rule's name, not its place
    w0, w1, _, _ = draws.block(seed, luck, draws.PULSE, place, code, then)
    return figure + noise * draws.normal(draws.unit(w0), draws.unit(w1))


@rule
def wage(me: Employee, plan: Programme, d: int) -> float:
    """Return what an hour of a participant of a round costs [euro]."""
    common = plan.rounds[d]["wage"]
    return me.hourly_cost if common <= 0.0 else common


@rule
def price_of(people: People, course: Course, plan: Programme, d: int, now: int) -> float:
    """Return what a round would cost from now to the end with everybody it is meant for [euro]."""
    heads, wages = 0.0, 0.0
    if first_onset(course, d) > now:
        return 0.0
    for i in range(len(people)):
        me = people[i]
        if (course.masks[i] >> d) & 1 == 1 and course.onset[d, me.department] == now:
            heads += 1.0
            wages += wage(me, plan, d)
    total: float = heads * plan.rounds[d]["new_head"] + wages * plan.rounds[d]["new_hours"]
    for month in range(plan.calendar.size - now):
        total += (
            plan.months[d, month]["fixed"]
            + heads * plan.months[d, month]["head"]
            + wages * plan.months[d, month]["hours"]
        )
    return total


@rule
def invite(people: People, course: Course, plan: Programme, now: int) -> bool:
    """Leave those out who use AI when a round for the others starts; return whether any was."""
    left_out = False
    for d in range(plan.rounds.size):
        if plan.rounds[d]["not_yet_using"] == 0:
            continue
        for i in range(len(people)):
            if course.onset[d, people[i].department] == now and people[i].uses == 1:
                course.masks[i] &= ~(1 << d)
                left_out = True
    return left_out


@rule
def pair(
    people: People, course: Course, plan: Programme, p: Parameters, now: int, seed: int, luck: int
) -> None:
    """Give people of low skill a buddy: a skilled user of their department, while it lasts."""
    d = plan.offices[0]["buddies"]
    skilled = np.zeros(len(people), np.int64)
    first = np.zeros(plan.onset.shape[1] + 1, np.int64)
    for i in range(len(people)):
        me = people[i]
        if me.uses == 1 and me.skill >= p.buddy_skill:
            first[me.department + 1] += 1
    for k in range(first.size - 1):
        first[k + 1] += first[k]
    place = first.copy()
    for i in range(len(people)):
        me = people[i]
        if me.uses == 1 and me.skill >= p.buddy_skill:
            skilled[place[me.department]] = i
            place[me.department] += 1
    for i in range(len(people)):
        me = people[i]
        since = now - course.onset[d, me.department]
        if since < 0 or plan.months[d, since]["last_dose"] != since:
            me.buddy = NOBODY
        elif me.buddy == NOBODY and (course.masks[i] >> d) & 1 == 1 and me.skill < p.buddy_need:
            there = first[me.department + 1] - first[me.department]
            if there > 0:
                chance = draws.uniform(seed, luck, draws.BUDDY, me.key, now)
                me.buddy = skilled[first[me.department] + int(chance * there)]
                course.new[d, 0] += 1.0
                course.new[d, 1] += wage(me, plan, d)


@rule
def fill_buddying(buddying: Array, course: Course, plan: Programme, now: int) -> None:
    """Write what a buddy does this month in each department [departments, fields of Push]."""
    for k in range(buddying.shape[0]):
        since = now - course.onset[plan.offices[0]["buddies"], k]
        for field in range(buddying.shape[1]):
            buddying[k, field] = plan.buddying[since, field] if since >= 0 else 0.0


# --- Who takes part, and what it costs -------------------------------------------------------


@rule
def enrol(people: People, course: Course, plan: Programme) -> None:
    """Count the participants of each round in each department, and what their hour costs."""
    for d in range(plan.rounds.size):
        for k in range(plan.onset.shape[1]):
            course.heads[d, k] = 0.0
            course.wages[d, k] = 0.0
    for i in range(len(people)):
        me = people[i]
        for d in range(plan.rounds.size):
            kind = plan.rounds[d]["appoints"]
            takes_part = (course.masks[i] >> d) & 1 == 1
            if kind == LEADERS:
                takes_part = me.committed == 1
            elif kind == CHAMPIONS:
                takes_part = me.champion == 1
            if takes_part:
                course.heads[d, me.department] += 1.0
                course.wages[d, me.department] += wage(me, plan, d)


@rule
def spend(
    people: People, course: Course, plan: Programme, setting: Setting, now: int, row: Array
) -> None:
    """Write what a month cost into the last three figures of its row.

    Parameters
    ----------
    people
        Table of people, or list of agents, who have received what the month brings.
    course
        The run; uses participants and starts.
    plan, setting
        Programme and organisation: prices.
    now
        Month, from 0.
    row
        KPIs of the month; cost of technology [euro], cost of measures [euro], hours [hour].
    """
    with_access = 0.0
    for i in range(len(people)):
        with_access += people[i].access
    technology = setting.licence * with_access
    if now + 1 == setting.go_live:
        technology += setting.integration
    if now + 1 >= setting.go_live:
        technology += setting.support
    if now == 0:
        technology += setting.investment
    measures, hours = 0.0, 0.0
    for d in range(plan.rounds.size):
        first = first_onset(course, d)
        if now < first:
            continue
        measures += plan.months[d, now - first]["fixed"]
        hours += plan.months[d, now - first]["team"]
        if plan.rounds[d]["appoints"] == BUDDIES or plan.rounds[d]["on_arrival"] == 1:
            continue
        for k in range(plan.onset.shape[1]):
            since = now - course.onset[d, k]
            if since >= 0:
                measures += course.heads[d, k] * plan.months[d, since]["head"]
                measures += course.wages[d, k] * plan.months[d, since]["hours"]
                hours += course.heads[d, k] * plan.months[d, since]["hours"]
    for d in range(plan.rounds.size):
        if plan.rounds[d]["appoints"] != BUDDIES and plan.rounds[d]["on_arrival"] == 0:
            continue
        for i in range(len(people)):
            me = people[i]
            if (course.masks[i] >> d) & 1 == 0:
                continue
            since = effects.age(plan, course.onset, d, me.department, me.arrival, now)
            if since < 0 or (plan.rounds[d]["appoints"] == BUDDIES and me.buddy == NOBODY):
                continue
            measures += (
                plan.months[d, since]["head"] + wage(me, plan, d) * plan.months[d, since]["hours"]
            )
            hours += plan.months[d, since]["hours"]
            if plan.rounds[d]["on_arrival"] == 1 and since == 0:
                course.new[d, 0] += 1.0
                course.new[d, 1] += wage(me, plan, d)
        measures += (
            course.new[d, 0] * plan.rounds[d]["new_head"]
            + course.new[d, 1] * plan.rounds[d]["new_hours"]
        )
        hours += course.new[d, 0] * plan.rounds[d]["new_hours"]
    row[kpis.AT.cost_technology] = technology
    row[kpis.AT.cost_measures] = measures
    row[kpis.AT.staff_hours] = hours
