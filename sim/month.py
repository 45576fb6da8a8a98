"""What happens at the turn of a month: who leaves, what the change lead starts, whom it reaches.

Everything here works on a table of people and on a list of Mesa agents alike.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import draws, kpis, rules
from sim.engine import entry, rule
from sim.engine.kinds import F8, F8_2, F8_3, I8, I8_2, TRUE_3, U4, Array
from sim.parameters import Numbers, Parameters
from sim.people import population
from sim.people.population import Shapes
from sim.programme import effects
from sim.programme.budget import BUDDIES, CHAMPIONS, LEADERS
from sim.programme.effects import NEVER, Programme
from sim.state import NOBODY, Employee, Staff


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


class RunState(NamedTuple):
    """How far a run has come, besides its people: changed in place from month to month.

    Attributes
    ----------
    reached_by
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

    reached_by: I8
    onset: I8_2
    heads: F8_2
    wages: F8_2
    seen: F8_3
    money: F8
    new: F8_2


class Run(NamedTuple):
    """One run of an organisation: who is in it, what is planned, how far it is, whose chance it has.

    Attributes
    ----------
    people
        Table of people, or tuple of agents.
    start, other
        Ties, as :func:`sim.networks.ties_of_pairs` returns them.
    plan, setting
        Programme and organisation.
    usual
        Numbers of the rules, before the culture of a month changes them [1].
    state
        How far the run has come; changed.
    seed, stream, luck
        Name of the organisation's chance, and of its luck.
    """

    people: Staff
    start: I8
    other: U4
    plan: Programme
    setting: Setting
    usual: Numbers
    state: RunState
    seed: int
    stream: int
    luck: int


@rule
def first_state(people: int, plan: Programme) -> RunState:
    """Return room for the state of a run of so many people, before anything has happened."""
    rounds, departments = plan.onset.shape
    return RunState(
        np.zeros(people, np.int64),
        plan.onset.copy(),
        np.zeros((rounds, departments)),
        np.zeros((rounds, departments)),
        np.zeros((plan.reactions.size, plan.calendar.size, departments + 1)),
        np.zeros(2),
        np.zeros((rounds, 2)),
    )


@rule
def begin(run: Run) -> None:
    """Let leaders commit and champions offer places, before the first month."""
    people, plan, state = run.people, run.plan, run.state
    for i in range(people.size):
        state.reached_by[i] = effects.reach(people[i], i, plan, run.seed, run.stream)
    if plan.offices[0]["leaders_share"] > 0.0:
        share, d = plan.offices[0]["leaders_share"], plan.offices[0]["leaders"]
        asked = np.zeros(people.size, np.bool_)
        for i in range(people.size):
            asked[i] = (state.reached_by[i] >> d) & 1 == 1
        population.commit_leaders(people, asked, share, run.seed, run.stream)
        population.lead(people, run.usual[0])
    if plan.offices[0]["champions"] > 0:
        population.give_places(people, run.start, run.other, plan.offices[0]["capacity"])
    state.money[0] = plan.offices[0]["spare"]
    state.money[1] = population.draw_context(run.usual[0], run.seed, run.stream)


@rule
def begin_month(run: Run, now: int) -> bool:
    """Bring people and programme into a month; return whether some are reached by other rounds.

    Parameters
    ----------
    run
        The run so far; its people and state change.
    now
        Month, from 0.
    """
    plan, state = run.plan, run.state
    changed = now == 0
    if run.setting.leaving > 0.0 and now > 0:
        changed |= renew(run, now)
    changed |= strike(run, now)
    if changed:
        part_from_buddies(run.people, now)
    if plan.reactions.size > 0:
        look(run, now)
        changed |= react(run, now)
    changed |= invite(run, now)
    for d in range(plan.rounds.size):
        state.new[d, 0] = 0.0
        state.new[d, 1] = 0.0
    if plan.offices[0]["buddies"] >= 0:
        pair(run, now)
    if changed:
        enrol(run)
    return changed


# --- Leaving and arriving -------------------------------------------------------------------


@rule
def renew(run: Run, now: int) -> bool:
    """Let newcomers take the seats of those who leave this month; return whether any did.

    A newcomer keeps the seat's ties and, among leaders, its commitment. Champions are not replaced.
    """
    people, plan, setting = run.people, run.plan, run.setting
    left = False
    for i in range(len(people)):
        luck = draws.uniform(run.seed, run.luck, draws.LEAVING, people[i].key, now)
        if luck < setting.leaving:
            left = True
            replace(run, i, now)
    if left and plan.offices[0]["champions"] > 0:
        population.give_places(people, run.start, run.other, plan.offices[0]["capacity"])
    return left


@rule
def replace(run: Run, i: int, now: int) -> None:
    """Let a newcomer take the seat of the person in a row."""
    population.draw_person(
        run.people[i],
        now,
        run.state.money[1],
        run.setting.savable,
        run.setting.shapes,
        p=run.usual[0],
        seed=run.seed,
        stream=run.luck,
    )
    run.state.reached_by[i] = effects.reach(run.people[i], i, run.plan, run.seed, run.stream)


@rule
def part_from_buddies(people: Staff, now: int) -> None:
    """Leave those without a buddy whose buddy was replaced this month; nobody has one in the first."""
    for i in range(len(people)):
        buddy = people[i].buddy
        if buddy != NOBODY and people[buddy].arrival == now:
            people[i].buddy = NOBODY


# --- What nobody planned ----------------------------------------------------------------------


@rule
def strike(run: Run, now: int) -> bool:
    """Let the events of a month happen; return whether somebody left by them.

    What an event pushes comes as from a measure; here is what people lose at once. A newcomer who
    takes a leader's seat by an event has committed to nothing.
    """
    people, plan, gone = run.people, run.plan, False
    for k in range(plan.shocks.size):
        shock = plan.shocks[k]
        if shock["month"] != now:
            continue
        vacant = shock["leaves"]
        for i in range(len(people)):
            me = people[i]
            if (run.state.reached_by[i] >> shock["round"]) & 1 == 0:
                continue
            me.habit = me.habit * (1.0 - shock["habit"])
            gained = me.skill - me.initial_skill
            if gained > 0.0:
                me.skill = me.skill - gained * shock["skill"]
            me.expectation = me.expectation * (1.0 - shock["expectation"])
            if vacant >= 0 and me.role == vacant:
                vacant = -1
                gone = True
                me.committed = 0
                replace(run, i, now)
    if gone:
        population.lead(people, run.usual[0])
    return gone


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
def look(run: Run, now: int) -> None:
    """Write down every rule's figure as it stood at the end of last month, by department."""
    people, plan = run.people, run.plan
    departments, threat = plan.onset.shape[1], run.setting.shapes.threat
    heads = np.zeros(departments + 1)
    for i in range(len(people)):
        heads[people[i].department] += 1.0
        heads[departments] += 1.0
    for r in range(plan.reactions.size):
        row = run.state.seen[r, now]
        for i in range(len(people)):
            amount = visible(people[i], plan.reactions[r]["kpi"], run.usual[0], threat)
            row[people[i].department] += amount
            row[departments] += amount
        for k in range(departments + 1):
            row[k] = row[k] / heads[k] if heads[k] > 0.0 else np.nan


@rule
def first_onset(state: RunState, d: int) -> int:
    """Return the month in which a round starts in the first of its departments, from 0."""
    first = NEVER
    for k in range(state.onset.shape[1]):
        first = min(first, state.onset[d, k])
    return first


@rule
def react(run: Run, now: int) -> bool:
    """Start what an adaptive rule asks for, where it shows and can be paid; return whether any did.

    The change lead sees a figure some months late and with an error that belongs to the rule, the
    month and the department.
    """
    plan, state = run.plan, run.state
    departments, acted = plan.onset.shape[1], False
    for r in range(plan.reactions.size):
        reaction = plan.reactions[r]
        d = reaction["starts"]
        then = now - reaction["lag"]
        begun = first_onset(state, d) < NEVER
        if begun or now < reaction["first"] or now > reaction["last"] or then < 0:
            continue
        whole = reading(run, r, departments, then)
        if not reaction["sign"] * whole < reaction["sign"] * reaction["level"]:
            continue
        for k in range(departments):
            sign = reaction["where_sign"]
            figure = reading(run, r, k, then)
            if sign == 0.0 or sign * figure < sign * reaction["where_level"]:
                state.onset[d, k] = now
        asked = price_of(run, d, now)
        if asked > state.money[0]:
            for k in range(departments):
                state.onset[d, k] = NEVER
        else:
            state.money[0] -= asked
            acted = True
    return acted


@rule
def reading(run: Run, r: int, place: int, then: int) -> float:
    """Return the figure of a rule in a department and a month as a pulse survey gives it."""
    plan = run.plan
    figure = float(run.state.seen[r, then, place])
    noise = float(plan.reactions[r]["noise"])
    if noise <= 0.0:
        return figure
    code = plan.rounds[plan.reactions[r]["starts"]]["code"]  # the rule's name, not its place
    w0, w1, _, _ = draws.block(run.seed, run.luck, draws.PULSE, place, code, index=then)
    return figure + noise * draws.normal(draws.unit(w0), draws.unit(w1))


@rule
def wage(me: Employee, plan: Programme, d: int) -> float:
    """Return what an hour of a participant of a round costs [euro]."""
    common = plan.rounds[d]["wage"]
    return me.hourly_cost if common <= 0.0 else common


@rule
def price_of(run: Run, d: int, now: int) -> float:
    """Return what a round would cost from now to the end with everybody it is meant for [euro]."""
    people, plan, state = run.people, run.plan, run.state
    heads, wages = 0.0, 0.0
    if first_onset(state, d) > now:
        return 0.0
    for i in range(len(people)):
        me = people[i]
        if (state.reached_by[i] >> d) & 1 == 1 and state.onset[d, me.department] == now:
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
def invite(run: Run, now: int) -> bool:
    """Leave those out who use AI when a round for the others starts; return whether any was."""
    people, plan, state = run.people, run.plan, run.state
    left_out = False
    for d in range(plan.rounds.size):
        if plan.rounds[d]["not_yet_using"] == 0:
            continue
        for i in range(len(people)):
            if state.onset[d, people[i].department] == now and people[i].uses == 1:
                state.reached_by[i] &= ~(1 << d)
                left_out = True
    return left_out


@rule
def pair(run: Run, now: int) -> None:
    """Give people of low skill a buddy: a skilled user of their department, while it lasts."""
    people, plan, state, p = run.people, run.plan, run.state, run.usual[0]
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
        since = now - state.onset[d, me.department]
        if since < 0 or plan.months[d, since]["last_dose"] != since:
            me.buddy = NOBODY
        elif me.buddy == NOBODY and (state.reached_by[i] >> d) & 1 == 1 and me.skill < p.buddy_need:
            there = first[me.department + 1] - first[me.department]
            if there > 0:
                chance = draws.uniform(run.seed, run.luck, draws.BUDDY, me.key, now)
                me.buddy = skilled[first[me.department] + int(chance * there)]
                state.new[d, 0] += 1.0
                state.new[d, 1] += wage(me, plan, d)


@rule
def fill_buddying(buddying: Array, run: Run, now: int) -> None:
    """Write what a buddy does this month in each department [departments, fields of Push]."""
    plan, state = run.plan, run.state
    for k in range(buddying.shape[0]):
        since = now - state.onset[plan.offices[0]["buddies"], k]
        for field in range(buddying.shape[1]):
            buddying[k, field] = plan.buddying[since, field] if since >= 0 else 0.0


# --- Who takes part, and what it costs -------------------------------------------------------


@rule
def enrol(run: Run) -> None:
    """Count the participants of each round in each department, and what their hour costs."""
    people, plan, state = run.people, run.plan, run.state
    for d in range(plan.rounds.size):
        for k in range(plan.onset.shape[1]):
            state.heads[d, k] = 0.0
            state.wages[d, k] = 0.0
    for i in range(len(people)):
        me = people[i]
        for d in range(plan.rounds.size):
            kind = plan.rounds[d]["appoints"]
            takes_part = (state.reached_by[i] >> d) & 1 == 1
            if kind == LEADERS:
                takes_part = me.committed == 1
            elif kind == CHAMPIONS:
                takes_part = me.champion == 1
            if takes_part:
                state.heads[d, me.department] += 1.0
                state.wages[d, me.department] += wage(me, plan, d)


@rule
def spend(run: Run, now: int, row: Array) -> None:
    """Write what a month cost into the last three figures of its row.

    Parameters
    ----------
    run
        The run, whose people have received what the month brings.
    now
        Month, from 0.
    row
        KPIs of the month; cost of technology [euro], cost of measures [euro], hours [hour].
    """
    people, setting = run.people, run.setting
    with_access = 0.0
    for i in range(len(people)):
        with_access += people[i].access
    technology = setting.licence * run.plan.calendar[now]["dearer"] * with_access
    if now + 1 == setting.go_live:
        technology += setting.integration
    if now + 1 >= setting.go_live:
        technology += setting.support
    if now == 0:
        technology += setting.investment
    measures, hours = spend_together(run, now)
    measures, hours = spend_apart(run, now, measures, hours)
    row[kpis.AT.cost_technology] = technology
    row[kpis.AT.cost_measures] = measures
    row[kpis.AT.staff_hours] = hours


@rule
def spend_together(run: Run, now: int) -> tuple[float, float]:
    """Return what rounds cost this month whose participants all come at once [euro; hour]."""
    plan, state = run.plan, run.state
    measures, hours = 0.0, 0.0
    for d in range(plan.rounds.size):
        first = first_onset(state, d)
        if now < first:
            continue
        measures += plan.months[d, now - first]["fixed"]
        hours += plan.months[d, now - first]["team"]
        if comes_apart(plan, d):
            continue
        for k in range(plan.onset.shape[1]):
            since = now - state.onset[d, k]
            if since >= 0:
                measures += state.heads[d, k] * plan.months[d, since]["head"]
                measures += state.wages[d, k] * plan.months[d, since]["hours"]
                hours += state.heads[d, k] * plan.months[d, since]["hours"]
    return measures, hours


@rule
def spend_apart(run: Run, now: int, measures: float, hours: float) -> tuple[float, float]:
    """Return what has been spent [euro; hour] with that on rounds whose participants come one by one."""
    people, plan, state = run.people, run.plan, run.state
    for d in range(plan.rounds.size):
        if not comes_apart(plan, d):
            continue
        for i in range(len(people)):
            me = people[i]
            if (state.reached_by[i] >> d) & 1 == 0:
                continue
            since = effects.age(plan, state.onset, d, me.department, me.arrival, now=now)
            if since < 0 or (plan.rounds[d]["appoints"] == BUDDIES and me.buddy == NOBODY):
                continue
            measures += (
                plan.months[d, since]["head"] + wage(me, plan, d) * plan.months[d, since]["hours"]
            )
            hours += plan.months[d, since]["hours"]
            if plan.rounds[d]["on_arrival"] == 1 and since == 0:
                state.new[d, 0] += 1.0
                state.new[d, 1] += wage(me, plan, d)
        measures += (
            state.new[d, 0] * plan.rounds[d]["new_head"]
            + state.new[d, 1] * plan.rounds[d]["new_hours"]
        )
        hours += state.new[d, 0] * plan.rounds[d]["new_hours"]
    return measures, hours


@rule
def comes_apart(plan: Programme, d: int) -> bool:
    """Return whether the participants of a round come one by one: with a buddy, or on arrival."""
    return bool(plan.rounds[d]["appoints"] == BUDDIES or plan.rounds[d]["on_arrival"] == 1)
