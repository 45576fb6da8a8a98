"""The fast engine: the same rules in one compiled loop over runs, months, substeps and people."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from sim import channels, draws, kpis, programme, rules, selection, turn
from sim.channels import Effect
from sim.compiled import compiled, rule
from sim.kpis import Standing
from sim.parameters import Parameters, as_record
from sim.population import GROUPS as GROUPS
from sim.population import Chart
from sim.programme import Programme
from sim.rules import Switches
from sim.state import EXECUTIVE, NOBODY
from sim.turn import Course, People, Setting
from sim.world import Plan, Worlds

Array = np.ndarray[Any, Any]

"""Kinds of groups that can be measured beside the whole."""

EVENT: Final = ("run", "month", "substep", "person", "kind", "exposure")
"""Columns of the log of events; the kind is the position in ``KINDS_OF_EVENT``."""

KINDS_OF_EVENT: Final = ("start", "restart", "stop")
START: Final = 0
RESTART: Final = 1
STOP: Final = 2

BLOCK: Final = 32
"""People taken through a substep together: few enough to stay in the nearest cache, many enough
that the processor works on several at once."""


class Kinds(NamedTuple):
    """The different kinds of people as to what reaches them.

    Attributes
    ----------
    masks
        Rounds that reach those of a kind, one bit each [kinds].
    department, arrival
        Their department, 0 where it makes no difference, and arrival [kinds each].
    led
        Part of their leaders who commit [kinds].
    like
        The first kind that differs from each in this part alone [kinds].
    of
        Kind of each person [people].
    """

    masks: Array
    department: Array
    arrival: Array
    led: Array
    like: Array
    of: Array


@rule
def kinds_of(masks: Array, people: Array, apart: bool) -> Kinds:
    """Return the different kinds of people as to what reaches them.

    Parameters
    ----------
    masks
        Rounds that reach each person, one bit each.
    people
        Table of people: newcomers of a month are a kind of their own, and those of whose leaders
        the same part committed.
    apart
        Whether departments are too, because a round starts in some of them only.
    """
    size, longest = masks.size, 0
    for i in range(size):
        longest = max(longest, people[i].arrival)
    mask, department, arrival = (
        np.empty(size, np.int64),
        np.empty(size, np.int64),
        np.empty(size, np.int64),
    )
    led, like, of = np.empty(size), np.empty(size, np.int64), np.empty(size, np.int64)
    # Kinds that came together are a chain: the latest found, and of each the one before.
    latest, before = np.full(longest + 1, -1), np.empty(size, np.int64)
    found = 0
    for i in range(size):
        me = people[i]
        home = me.department if apart else 0
        kind, first = latest[me.arrival], found
        while kind >= 0:
            if mask[kind] == masks[i] and department[kind] == home:
                if led[kind] == me.led:
                    break
                first = kind
            kind = before[kind]
        if kind < 0:
            kind = found
            mask[kind], department[kind], arrival[kind] = masks[i], home, me.arrival
            led[kind], like[kind] = me.led, first if first == kind else like[first]
            before[kind] = latest[me.arrival]
            latest[me.arrival] = kind
            found += 1
        of[i] = kind
    return Kinds(mask[:found], department[:found], arrival[:found], led[:found], like[:found], of)


@rule
def note(events: Array, count: int, run: int, month: int, substep: int, who: int, kind: int,
         exposure: float) -> Array:  # fmt: skip
    """Return the log of events with one more, which takes place ``count``."""
    if count == events.shape[0]:
        longer = np.empty((2 * count + 64, events.shape[1]))
        for k in range(count):
            for column in range(events.shape[1]):
                longer[k, column] = events[k, column]
        events = longer
    events[count, 0] = run
    events[count, 1] = month
    events[count, 2] = substep
    events[count, 3] = who
    events[count, 4] = kind
    events[count, 5] = exposure
    return events


@rule
def listen(total: Array, first_tie: Array, other: Array, weight: Array, spoken: Array) -> None:
    """Add up what each person's colleagues say, by how much each is noticed.

    Parameters
    ----------
    total
        Where the sums go, one per person.
    first_tie
        Where the ties of each person begin, and where those of the last end.
    other, weight
        Row and weight of the person at each tie; no weights stand for 1.
    spoken
        What each person says.
    """
    for b in range(first_tie.size - 1):
        heard = 0.0
        if weight.size == 0:
            for j in other[first_tie[b] : first_tie[b + 1]]:
                heard += spoken[j]
        else:
            for k in range(first_tie[b], first_tie[b + 1]):
                heard += weight[k] * spoken[other[k]]
        total[b] = heard


@rule
def mean_of(values: Array, rows: Array, number: int) -> float:
    """Return the mean value of the first ``number`` of some rows, 0 of none."""
    total = 0.0
    for k in range(number):
        total += values[rows[k]]
    return total / number if number > 0 else 0.0


@rule
def approach_all(values: Array, ups: Array, rates: Array, substeps: int) -> None:
    """Apply :func:`sim.rules.approach` to a table of values, in place.

    The usual four substeps are written out, so that the processor takes several at once.
    """
    for k in range(values.shape[0]):
        if substeps == 4:
            for b in range(values.shape[1]):
                rate = rates[k, b]
                rest = 1.0 - rate
                keeps = math.sqrt(math.sqrt(rest if rest > 0.0 else 0.0))
                target = ups[k, b] / (rate if rate > 0.0 else 1.0)
                moved = target + (values[k, b] - target) * keeps
                values[k, b] = moved if rate > 0.0 else values[k, b]
        else:
            for b in range(values.shape[1]):
                keeps = rules.kept(rates[k, b], substeps)
                values[k, b] = rules.approach(values[k, b], ups[k, b], rates[k, b], keeps)


@rule
def fill_luck(luck: Array, keys: Array, decision: int, seed: int, stream: int, block: int) -> None:
    """Write everybody's luck with a decision in four successive substeps."""
    for i in range(keys.size):
        w0, w1, w2, w3 = draws.block(seed, stream, decision, keys[i], 0, block)
        luck[0, i] = draws.unit(w0)
        luck[1, i] = draws.unit(w1)
        luck[2, i] = draws.unit(w2)
        luck[3, i] = draws.unit(w3)


@rule
def in_turn(turns: Array) -> Array:
    """Return the rows in the order in which people act, the lowest number first [people]."""
    return np.argsort(turns, kind="mergesort")


@compiled
def _begin(
    people: Array,
    start: Array,
    other: Array,
    plan: Programme,
    record: Array,
    seed: int,
    stream: int,
) -> Course:
    return turn.begin(people, start, other, plan, record[0], seed, stream)


def begun(people: Array, worlds: Worlds, plan: Plan, seed: int) -> Course:
    """Give the people of the first organisation their parts, in place; return the run's start."""
    people["champion"] = champions_of(people[None], worlds, plan, seed)[0]
    course: Course = _begin(
        people, worlds.start[0], worlds.other, plan.programme, as_record(plan.p), seed,
        worlds.streams[0],
    )  # fmt: skip
    return course


@compiled
def _eligible(people: Array, plan: Programme, seed: int, stream: int) -> Array:
    found = np.zeros(people.size, np.bool_)
    for i in range(people.size):
        mask = programme.reach(people[i], i, plan, seed, stream)
        found[i] = (mask >> plan.offices[0]["eligible"]) & 1 == 1
    return found


def champions_of(people: Array, worlds: Worlds, plan: Plan, seed: int) -> Array:
    """Return who is a champion of each organisation from its first month on [runs, people]."""
    found = np.zeros(people.shape, people.dtype["champion"])
    office = plan.programme.offices[0]
    wanted = int(office["champions"])
    if wanted == 0:
        return found
    for run, (staff, start, stream) in enumerate(
        zip(people, worlds.start, worlds.streams, strict=False)
    ):
        eligible = _eligible(staff, plan.programme, seed, stream)
        found[run] = selection.choose(
            staff, start, worlds.other, eligible, wanted, int(office["selection"]), plan.p, seed,
            stream, plan.switches.threat,
        )  # fmt: skip
    return found


@rule
def measure(
    people: People,
    month: int,
    p: Parameters,
    setting: Setting,
    standing: Standing,
    row: Array,
    groups: Array,
    kinds: Array,
    places: Array,
    grouped: Array,
    heads: Array,
) -> None:
    """Measure a month that ends: the whole organisation, and groups where asked for.

    Parameters
    ----------
    people
        Table of people.
    month
        Month that ends.
    p, setting
        Numbers of the rules, and the organisation.
    standing
        What an organisation carries from month to month.
    row
        KPIs of the whole.
    groups, kinds
        Group of each person by department, team and role, and of each archetype, as
        :class:`sim.population.Chart` has them.
    places
        First group of each of the kinds in :data:`GROUPS`, -1 where not asked for.
    grouped, heads
        KPIs and sizes of the groups [groups, KPIs; groups].
    """
    size = len(people)
    one = np.zeros(kpis.PERSONAL if grouped.shape[0] > 0 else 0)
    for i in range(size):
        me = people[i]
        kpis.count(me, p, standing)
        if one.size == 0:
            kpis.observe(me, month, p, row, setting.shapes.threat)
            continue
        for k in range(one.size):
            one[k] = 0.0
        kpis.observe(me, month, p, one, setting.shapes.threat)
        for k in range(one.size):
            row[k] += one[k]
        for kind in range(places.size):
            if places[kind] < 0:
                continue
            label = np.int64(kinds[me.archetype] if kind == 0 else groups[i, kind - 1])
            if label == NOBODY:
                continue
            g = places[kind] + label
            heads[g] += 1.0
            for k in range(one.size):
                grouped[g, k] += one[k]
    kpis.conclude(row, size)
    kpis.conclude_organisation(row, standing, setting.use_cases, size, p)
    for g in range(grouped.shape[0]):
        if heads[g] > 0.0:
            kpis.conclude(grouped[g], heads[g])


@rule
def first_standing(departments: int) -> Standing:
    """Return how far an organisation is before it starts."""
    return Standing(np.zeros(departments + 1), np.zeros(departments + 1), np.zeros(2))


@compiled
def _simulate_runs(
    people_of: Array,
    chosen: Array,
    start_of: Array,
    other: Array,
    weight: Array,
    complete: bool,
    streams: Array,
    luck_streams: Array,
    plan: Programme,
    setting: Setting,
    record: Array,
    s: Switches,
    seed: int,
    months: int,
    substeps: int,
    chart: Chart,
    rows: Array,
    final: Array,
    places: Array,
    grouped: Array,
    heads: Array,
    started: Array,
    log: bool,
) -> Array:
    """Simulate one run after the other; what the arguments mean is said at :func:`simulate`."""
    usual = record.copy()
    p = record[0]
    pace = rules.pace(substeps, p)
    size = people_of.shape[1]
    departments = plan.onset.shape[1]
    apart = plan.reactions.size > 0
    buddies, champions = plan.offices[0]["buddies"] >= 0, plan.offices[0]["champions"] > 0
    sequential = s.schedule == 1
    width = 1 if sequential else BLOCK
    luck = np.empty((4, size))
    turns = np.empty((4, size if sequential else 0))
    order = np.empty(0, np.int64)
    # What others saw of everybody at the end of the last substep.
    heard = np.empty(size)  # voice of those who use, else 0
    said = np.empty(size)  # the same times what they expect
    seen = np.empty(size)  # intensity
    # The same as they will be seen after the substep under way.
    heard_next, said_next, seen_next = np.empty(size), np.empty(size), np.empty(size)
    if sequential:  # who acts later sees at once what those before have done
        heard_next, said_next, seen_next = heard, said, seen
    values, ups, rates = np.zeros((3, BLOCK)), np.zeros((3, BLOCK)), np.zeros((3, BLOCK))
    keys, voices = np.empty(size, np.int64), np.empty(size)
    users, told, exposure = np.empty(BLOCK), np.empty(BLOCK), np.empty(BLOCK)
    used = np.zeros(BLOCK, np.bool_)
    notices = np.empty(size)  # weighted number of people each one notices
    # Launches, which count from access: the latest month of access found of each kind of people; each
    # such month and the one before of the same kind; and how many launches are fresh then.
    latest, alike, fresh = np.empty(size, np.int64), np.empty((size, 2), np.int64), np.empty(size)
    top = np.empty(size, np.int64)
    events = np.empty((64 if log else 0, len(EVENT)))
    happened = 0
    known = np.zeros(size, np.bool_)  # who used AI before, for the log
    buddying = np.zeros((departments, programme.WIDTH))
    idle = programme.as_push(np.zeros(programme.WIDTH))
    nothing = np.zeros((0, kpis.COUNT))
    nobody = np.zeros(0)
    for r in range(people_of.shape[0]):
        people = people_of[r].copy()
        if champions:
            for i in range(size):
                people[i].champion = chosen[r, i]
        start = start_of[r]
        stream = streams[r]
        course = turn.begin(people, start, other, plan, p, seed, stream)
        kinds = kinds_of(course.masks, people, apart)
        standing = first_standing(departments)
        executives, everyone = 0, 0.0
        for i in range(size):
            keys[i] = people[i].key
            if people[i].role == EXECUTIVE:
                top[executives] = i
                executives += 1
        for month in range(months + 1):
            if month > 0:
                now = month - 1
                changed = turn.turn(
                    people,
                    start,
                    other,
                    course,
                    plan,
                    setting,
                    p,
                    now,
                    seed,
                    stream,
                    luck_streams[r],
                )
                if changed:
                    kinds = kinds_of(course.masks, people, apart)
                effects = np.empty((kinds.masks.size, programme.WIDTH))
                amounts = np.empty((kinds.masks.size, plan.rounds.size, programme.WIDTH))
                for g in range(kinds.masks.size):
                    like = kinds.like[g]
                    if like == g:
                        amounts[g] = programme.each(
                            plan, course.onset, kinds.masks[g], kinds.department[g],
                            kinds.arrival[g], now,
                        )  # fmt: skip
                    effect = channels.saturate(
                        programme.together(plan, amounts[like], kinds.led[g])
                    )
                    for k in range(programme.WIDTH):
                        effects[g, k] = effect[k]
                coaching = programme.as_push(plan.coaching[now])
                if buddies:
                    turn.fill_buddying(buddying, course, plan, now)
                works = plan.calendar[now]["works"]
                commitment = plan.calendar[now]["commitment"]
                record[0].start_rate = usual[0].start_rate * plan.calendar[now]["starting"]
                record[0].stop_rate = usual[0].stop_rate * plan.calendar[now]["stopping"]
                record[0].practice_gain = usual[0].practice_gain * plan.calendar[now]["learning"]
                record[0].discovery_rate = usual[0].discovery_rate * plan.calendar[now]["finding"]
                service = plan.calendar[now]["service"]
                accesses = 0
                for g in range(kinds.masks.size):
                    latest[g] = -1
                for i in range(size):
                    e = effects[kinds.of[i]]
                    effect = Effect(
                        e[0], e[1], e[2], e[3], e[4], e[5], e[6], e[7], e[8], e[9], e[10], e[11],
                        e[12], e[13], e[14], e[15],
                    )  # fmt: skip
                    rules.receive(
                        people[i], month, effect, coaching,
                        programme.as_push(buddying[people[i].department]) if buddies else idle,
                        works, commitment, service, p,
                    )  # fmt: skip
                    if plan.launches.size > 0:  # the same for all of a kind with access at once
                        k = latest[kinds.of[i]]
                        while k >= 0 and alike[k, 0] != people[i].access_month:
                            k = alike[k, 1]
                        if k < 0:
                            k = accesses
                            alike[k, 0] = people[i].access_month
                            alike[k, 1] = latest[kinds.of[i]]
                            latest[kinds.of[i]] = k
                            fresh[k] = programme.launch_from_access(
                                plan, course.onset, course.masks[i], people[i], now
                            )
                            accesses += 1
                        people[i].launch = fresh[k]
                    voices[i] = people[i].voice
                    heard[i] = voices[i] if people[i].uses == 1 else 0.0
                    said[i] = heard[i] * people[i].expectation
                    seen[i] = people[i].intensity
                turn.spend(people, course, plan, setting, now, rows[r, month])
                if month == 1 or champions or buddies:  # else all voices are as they were
                    everyone = 0.0
                    for i in range(size):
                        everyone += voices[i]
                    if complete:
                        for i in range(size):
                            notices[i] = everyone - voices[i]
                    else:
                        listen(notices, start, other, weight, voices)
                    for i in range(size if buddies else 0):
                        if people[i].buddy >= 0:
                            notices[i] += p.buddy_weight * voices[people[i].buddy]
                for i in range(size if log else 0):
                    known[i] = people[i].ever_used == 1

                for substep in range(substeps):
                    moment = now * substeps + substep
                    lane = moment & 3
                    if lane == 0 or substep == 0:
                        fill_luck(luck, keys, draws.INCLINATION, seed, luck_streams[r], moment >> 2)
                        if sequential:
                            fill_luck(turns, keys, draws.ORDER, seed, luck_streams[r], moment >> 2)
                    if sequential:
                        order = in_turn(turns[lane])
                    example_of_top = mean_of(seen, top, executives)
                    all_heard, all_said = 0.0, 0.0
                    if complete:
                        for i in range(size):
                            all_heard += heard[i]
                            all_said += said[i]
                    for first in range(0, size, width):
                        begin = order[first] if sequential else first
                        crowd = people[begin : begin + width]
                        first_tie = start[begin : begin + width + 1]
                        inclination = luck[lane, begin : begin + width]
                        noticed = notices[begin : begin + width]
                        if complete:
                            for b in range(crowd.size):
                                users[b] = all_heard - heard[begin + b]
                                told[b] = all_said - said[begin + b]
                        else:
                            listen(users, first_tie, other, weight, heard)
                            listen(told, first_tie, other, weight, said)
                        if buddies:
                            for b in range(crowd.size):
                                buddy = crowd[b].buddy
                                if buddy >= 0:
                                    users[b] += p.buddy_weight * heard[buddy]
                                    told[b] += p.buddy_weight * said[buddy]
                        for b in range(crowd.size):
                            me = crowd[b]
                            exposure[b] = users[b] / noticed[b] if noticed[b] > 0.0 else 0.0
                            told[b] = told[b] / users[b] if users[b] > 0.0 else 0.0
                            pull = rules.contagion(
                                exposure[b],
                                users[b],
                                me.threshold,
                                s.contagion,
                                p.hill_exponent,
                                p.full_circle,
                            )
                            boss = me.boss
                            example = rules.leaders_example(
                                seen[boss] if boss >= 0 else 0.0, boss >= 0,
                                example_of_top, executives > 0 and me.role != EXECUTIVE, p,
                            )  # fmt: skip
                            rules.consider(me, users[b], example, pace, p)
                            rules.perceive(me, pull, example, pace)
                            rules.want(me, me.perceived_pull, me.perceived_example, p, s)
                        for b in range(crowd.size if log else 0):
                            used[b] = crowd[b].uses == 1
                        for b in range(crowd.size):
                            me = crowd[b]
                            rules.decide(me, inclination[b], pace, p, s)
                            change = rules.drift(me, exposure[b], told[b], p)
                            ups[0, b], rates[0, b] = change.expectation, change.expectation_rate
                            ups[1, b], rates[1, b] = change.skill, change.skill_rate
                            ups[2, b], rates[2, b] = change.habit, change.habit_rate
                            values[0, b], values[1, b] = me.expectation, me.skill
                            values[2, b] = me.habit
                        approach_all(values, ups, rates, substeps)
                        if sequential and complete:
                            all_heard -= heard[begin]
                            all_said -= said[begin]
                        for b in range(crowd.size):
                            rules.develop(
                                crowd[b], values[0, b], values[1, b], values[2, b], pace, p
                            )
                            me = crowd[b]
                            heard_next[begin + b] = me.voice if me.uses == 1 else 0.0
                            said_next[begin + b] = heard_next[begin + b] * me.expectation
                            seen_next[begin + b] = me.intensity
                        if sequential:
                            if complete:
                                all_heard += heard[begin]
                                all_said += said[begin]
                            if crowd[0].role == EXECUTIVE:
                                example_of_top = mean_of(seen, top, executives)
                        for b in range(crowd.size if log else 0):
                            who = begin + b
                            if (crowd[b].uses == 1) == used[b]:
                                continue
                            kind = STOP if used[b] else RESTART if known[who] else START
                            known[who] = True
                            events = note(
                                events, happened, r, month, substep, who, kind, exposure[b]
                            )
                            happened += 1
                    heard, heard_next = heard_next, heard
                    said, said_next = said_next, said
                    seen, seen_next = seen_next, seen

            measure(
                people, month, p, setting, standing, rows[r, month], chart.groups, chart.kinds, places,
                grouped[r, month] if grouped.shape[0] > 0 else nothing,
                heads[r, month] if heads.shape[0] > 0 else nobody,
            )  # fmt: skip
        for k in range(plan.reactions.size):
            first = turn.first_onset(course, plan.reactions[k]["starts"])
            started[r, k] = first + 1 if first < programme.NEVER else 0
        if final.shape[0] > r:
            for i in range(size):
                final[r, i] = people[i]
    return events[:happened]


class Simulated(NamedTuple):
    """What a number of runs gave.

    Attributes
    ----------
    rows
        KPIs [runs, months + 1, KPIs of ``kpis.MEASURED``].
    people
        People as they end [runs, people]; empty unless asked for.
    grouped, heads
        KPIs and sizes of groups [runs, months + 1, groups, first ``kpis.PERSONAL`` KPIs; the
        same without KPIs]; empty unless asked for.
    started
        Month in which each adaptive rule started something, 0 if it never did [runs, rules].
    events
        Log of first starts, restarts and stops, with the columns of :data:`EVENT`; empty unless
        asked for.
    """

    rows: Array
    people: Array
    grouped: Array
    heads: Array
    started: Array
    events: Array


def simulate(
    worlds: Worlds,
    plan: Plan,
    seed: int,
    luck: Array | None = None,
    keep_people: bool = False,
    by: Sequence[str] = (),
    keep_events: bool = False,
) -> Simulated:
    """Simulate a scenario in a number of organisations.

    Parameters
    ----------
    worlds
        People and ties; not changed.
    plan
        Programme, organisation, parameters and switches of the scenario.
    seed
        Seed of the study.
    luck
        Stream of each run's luck [runs]; by default the number of its organisation. Two runs of
        one organisation with different luck are two continuations of the same start.
    keep_people
        Whether to return the people as they end.
    by
        Kinds of groups to measure as well, of :data:`GROUPS`.
    keep_events
        Whether to return who started, restarted and stopped when.
    """
    runs, months = worlds.people.shape[0], plan.months
    rows = np.zeros((runs, months + 1, kpis.COUNT))
    final = np.empty((runs if keep_people else 0, worlds.people.shape[1]), worlds.people.dtype)
    places = np.full(len(GROUPS), -1, np.int64)
    groups = 0
    for kind, size in enumerate(group_sizes(plan.chart)):
        if GROUPS[kind] in by:
            places[kind] = groups
            groups += size
    grouped = np.zeros((runs if groups else 0, months + 1, groups, kpis.PERSONAL))
    heads = np.zeros((runs if groups else 0, months + 1, groups))
    chosen = champions_of(worlds.people, worlds, plan, seed)
    started = np.zeros((runs, plan.programme.reactions.size), np.int64)
    events = _simulate_runs(
        worlds.people, chosen, worlds.start, worlds.other, worlds.weight, worlds.complete, worlds.streams,
        worlds.streams if luck is None else np.asarray(luck, np.int64),
        plan.programme, plan.setting, as_record(plan.p), plan.switches, seed, months,
        plan.substeps, plan.chart, rows, final, places, grouped, heads, started, keep_events,
    )  # fmt: skip
    return Simulated(rows, final, grouped, heads, started, events)


def group_sizes(plan: Chart) -> tuple[int, ...]:
    """Return how many groups there are of each of the kinds in :data:`GROUPS`."""
    return tuple(plan.sizes.tolist())
