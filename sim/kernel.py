"""The fast engine: the same rules in one compiled loop over runs, months, substeps and people."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Final, NamedTuple

import numpy as np

from sim import channels, draws, kpis, rules, turn
from sim.channels import Effect
from sim.engine import entry, rule
from sim.engine.kinds import (
    F4,
    F8,
    F8_2,
    F8_3,
    F8_4,
    I8,
    I8_2,
    SCRATCH,
    TRUE,
    U1_2,
    U4,
    Array,
    Spent,
)
from sim.engine.meanings import order_of
from sim.kpis import Standing
from sim.parameters import Numbers, Parameters, as_record
from sim.people import population, selection
from sim.people.population import GROUPS as GROUPS
from sim.people.population import Chart
from sim.programme import effects
from sim.programme.effects import Programme
from sim.rules import Pace, Switches
from sim.state import EXECUTIVE, NOBODY, Staff, Staffs
from sim.turn import Course, People, Setting
from sim.world import AT_ONCE, Plan, Worlds

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
    """The different kinds of people as to what reaches them; room for as many as there are people.

    Attributes
    ----------
    number
        How many kinds there are [1].
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

    number: I8
    masks: I8
    department: I8
    arrival: I8
    led: F8
    like: I8
    of: I8


@rule
def no_kinds(people: int) -> Kinds:
    """Return room for the kinds of so many people."""
    return Kinds(
        np.zeros(1, np.int64), np.empty(people, np.int64), np.empty(people, np.int64),
        np.empty(people, np.int64), np.empty(people), np.empty(people, np.int64),
        np.empty(people, np.int64),
    )  # fmt: skip


@rule
def sort_out(kinds: Kinds, masks: Array, people: Array, apart: bool) -> None:
    """Write down the different kinds of people as to what reaches them.

    Parameters
    ----------
    kinds
        Where they go.
    masks
        Rounds that reach each person, one bit each.
    people
        Table of people: newcomers of a month are a kind of their own, and those of whose leaders
        the same part committed.
    apart
        Whether departments are too, because a round starts in some of them only.
    """
    longest = 0
    for i in range(masks.size):
        longest = max(longest, people[i].arrival)
    # Kinds that came together are a chain: the latest found, and of each the one before.
    latest, before = np.full(longest + 1, -1), np.empty(masks.size, np.int64)
    found = 0
    for i in range(masks.size):
        me = people[i]
        home = me.department if apart else 0
        kind, first = latest[me.arrival], found
        while kind >= 0:
            if kinds.masks[kind] == masks[i] and kinds.department[kind] == home:
                if kinds.led[kind] == me.led:
                    break
                first = kind
            kind = before[kind]
        if kind < 0:
            kind = found
            kinds.masks[kind], kinds.department[kind] = masks[i], home
            kinds.arrival[kind], kinds.led[kind] = me.arrival, me.led
            kinds.like[kind] = first if first == kind else kinds.like[first]
            before[kind] = latest[me.arrival]
            latest[me.arrival] = kind
            found += 1
        kinds.of[i] = kind
    kinds.number[0] = found


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
def listen_to_users(
    users: Array,
    told: Array,
    first_tie: Array,
    other: Array,
    weight: Array,
    heard: Array,
    said: Array,
) -> None:
    """Add up two things each person's colleagues say at once, as :func:`listen` does one."""
    for b in range(first_tie.size - 1):
        number, expected = 0.0, 0.0
        if weight.size == 0:
            for j in other[first_tie[b] : first_tie[b + 1]]:
                number += heard[j]
                expected += said[j]
        else:
            for k in range(first_tie[b], first_tie[b + 1]):
                number += weight[k] * heard[other[k]]
                expected += weight[k] * said[other[k]]
        users[b] = number
        told[b] = expected


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
    return order_of(turns)


@entry
def _begin(
    people: Staff,
    start: I8,
    other: U4,
    plan: Programme,
    record: Numbers,
    seed: int,
    stream: int,
) -> Course:
    return turn.begin(people, start, other, plan, record[0], seed, stream)


def begun(people: Array, worlds: Worlds, plan: Plan, seed: int) -> Course:
    """Give the people of the first organisation their parts, in place; return the run's start."""
    people["champion"] = champions_of(people[None], worlds, plan, seed)[0]
    return Course(*_begin(
        people, worlds.start[0], worlds.other, plan.programme, as_record(plan.p), seed,
        worlds.streams[0],
    ))  # fmt: skip


@entry
def _eligible(people: Staff, plan: Programme, seed: int, stream: int) -> Array:
    found = np.zeros(people.size, np.bool_)
    for i in range(people.size):
        mask = effects.reach(people[i], i, plan, seed, stream)
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


@entry
def give_places(people: Staff, start: I8, other: U4, capacity: float) -> None:
    """Spread each champion's coaching over colleagues: :func:`sim.people.population.give_places`."""
    population.give_places(people, start, other, capacity)


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
        :class:`sim.people.population.Chart` has them.
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


class Task(NamedTuple):
    """What holds for all runs of a scenario.

    Attributes
    ----------
    plan, setting, s, pace
        Programme, organisation, switches and length of a substep.
    usual
        Numbers of the rules, before the culture of a month changes them.
    weight
        How much the person at each tie is noticed; empty if 1 for all.
    complete
        Whether everybody notices everybody.
    log
        Whether to note who started, restarted and stopped.
    """

    plan: Programme
    setting: Setting
    s: Switches
    pace: Pace
    usual: Numbers
    weight: F4
    complete: bool
    log: bool


class Room(NamedTuple):
    """Where a run keeps what it works with; nothing in it outlives the run.

    Attributes
    ----------
    keys, voices, notices
        Name of each person's chance, how much he or she is noticed, and the weighted number of
        people he or she notices [people each].
    known
        Who used AI before, for the log [people].
    top
        Rows of the executives, the first so many [people].
    luck, turns
        Luck of four successive substeps, and in which order people act [4, people].
    heard, said, seen
        What others saw of everybody at the end of the last substep, and will see after the one
        under way: voice of those who use, else 0; the same times what they expect; intensity
        [2, people each].
    users, told, exposure, used
        What people taken through a substep together hear, and whether they used [``BLOCK``].
    values, ups, rates
        Their expectation, skill and habit, and how these change [3, ``BLOCK`` each].
    """

    keys: I8
    voices: F8
    notices: F8
    known: TRUE
    top: I8
    luck: F8_2
    turns: F8_2
    heard: F8_2
    said: F8_2
    seen: F8_2
    users: F8
    told: F8
    exposure: F8
    used: TRUE
    values: F8_2
    ups: F8_2
    rates: F8_2


@rule
def room_for(people: int, sequential: bool) -> Room:
    """Return what a run of so many people works with."""
    return Room(
        np.empty(people, np.int64), np.empty(people), np.empty(people), np.zeros(people, np.bool_),
        np.empty(people, np.int64), np.empty((4, people)), np.empty((4, people if sequential else 0)),
        np.empty((2, people)), np.empty((2, people)), np.empty((2, people)), np.empty(BLOCK),
        np.empty(BLOCK), np.empty(BLOCK), np.zeros(BLOCK, np.bool_), np.zeros((3, BLOCK)),
        np.zeros((3, BLOCK)), np.zeros((3, BLOCK)),
    )  # fmt: skip


@entry
def _simulate_runs(
    people_of: Annotated[Staffs, SCRATCH],
    chosen: U1_2,
    start_of: I8_2,
    other: U4,
    weight: F4,
    complete: bool,
    streams: I8,
    luck_streams: I8,
    plan: Programme,
    setting: Setting,
    record: Numbers,
    s: Switches,
    seed: int,
    months: int,
    substeps: int,
    chart: Chart,
    rows: F8_3,
    final: Staffs,
    places: I8,
    grouped: F8_4,
    heads: F8_3,
    started: I8_2,
    log: bool,
) -> F8_2:
    """Simulate one run after the other; what the arguments mean is said at :func:`simulate`."""
    task = Task(plan, setting, s, rules.pace(substeps, record[0]), record, weight, complete, log)
    room, numbers = room_for(people_of.shape[1], s.schedule == 1), record.copy()
    events, happened = np.empty((64 if log else 0, len(EVENT))), 0
    for r in range(people_of.shape[0]):
        events, happened = simulate_run(
            task, room, numbers, people_of[r], chosen, start_of[r], other, seed, streams[r],
            luck_streams[r], r, months, chart, rows[r], final, places, grouped, heads, started[r],
            events, happened,
        )  # fmt: skip
    return events[:happened]


@rule
def simulate_run(
    task: Task,
    room: Room,
    numbers: Array,
    people: Array,
    chosen: Array,
    start: Array,
    other: Array,
    seed: int,
    stream: int,
    luck: int,
    run: int,
    months: int,
    chart: Chart,
    rows: Array,
    final: Array,
    places: Array,
    grouped: Array,
    heads: Array,
    started: Array,
    events: Array,
    happened: int,
) -> tuple[Array, int]:
    """Simulate a run of these people; return the log of events and how many there are."""
    plan = task.plan
    if plan.offices[0]["champions"] > 0:
        for i in range(people.size):
            people[i].champion = chosen[run, i]
    course = turn.begin(people, start, other, plan, task.usual[0], seed, stream)
    kinds = no_kinds(people.size)
    sort_out(kinds, course.masks, people, plan.reactions.size > 0)
    standing = first_standing(plan.onset.shape[1])
    executives = 0
    numbers[0] = task.usual[0]
    for i in range(people.size):
        room.known[i] = False
        room.keys[i] = people[i].key
        if people[i].role == EXECUTIVE:
            room.top[executives] = i
            executives += 1
    nothing, nobody = np.zeros((0, kpis.COUNT)), np.zeros(0)
    for month in range(months + 1):
        if month > 0:
            events, happened = simulate_month(
                task, room, numbers, people, kinds, start, other, course, seed, stream, luck, run, month,
                executives, rows[month], events, happened,
            )  # fmt: skip
        measure(
            people, month, numbers[0], task.setting, standing, rows[month], chart.groups,
            chart.kinds, places,
            grouped[run, month] if grouped.shape[0] > 0 else nothing,
            heads[run, month] if heads.shape[0] > 0 else nobody,
        )  # fmt: skip
    for k in range(plan.reactions.size):
        first = turn.first_onset(course, plan.reactions[k]["starts"])
        started[k] = first + 1 if first < effects.NEVER else 0
    if final.shape[0] > run:
        for i in range(people.size):
            final[run, i] = people[i]
    return events, happened


@rule
def simulate_month(
    task: Task,
    room: Room,
    numbers: Array,
    people: Array,
    kinds: Kinds,
    start: Array,
    other: Array,
    course: Course,
    seed: int,
    stream: int,
    luck: int,
    run: int,
    month: int,
    executives: int,
    row: Array,
    events: Array,
    happened: int,
) -> tuple[Array, int]:
    """Bring an organisation a month on; return the log of events and how many there are."""
    plan, now = task.plan, month - 1
    substeps, sequential = task.pace.substeps, task.s.schedule == 1
    changed = turn.turn(
        people, start, other, course, plan, task.setting, task.usual[0], now, seed, stream, luck
    )
    if changed:
        sort_out(kinds, course.masks, people, plan.reactions.size > 0)
    adapt(numbers, task.usual, plan, now)
    at = 0 if sequential else (now * substeps) & 1
    receive(task, room, numbers[0], people, kinds, course, now, at)
    turn.spend(people, course, plan, task.setting, now, row)
    buddies = plan.offices[0]["buddies"] >= 0
    if (
        month == 1 or plan.offices[0]["champions"] > 0 or buddies
    ):  # else all voices are as they were
        notice(task, room, people, start, other, buddies)
    for i in range(people.size if task.log else 0):
        room.known[i] = people[i].ever_used == 1
    order = np.empty(0, np.int64)
    for substep in range(substeps):
        moment = now * substeps + substep
        if moment & 3 == 0 or substep == 0:
            fill_luck(room.luck, room.keys, draws.INCLINATION, seed, luck, moment >> 2)
            if sequential:
                fill_luck(room.turns, room.keys, draws.ORDER, seed, luck, moment >> 2)
        if sequential:
            order = in_turn(room.turns[moment & 3])
        events, happened = simulate_substep(
            task, room, numbers, people, start, other, order, run, month, substep, executives, events,
            happened,
        )  # fmt: skip
    return events, happened


@rule
def adapt(numbers: Array, usual: Array, plan: Programme, now: int) -> None:
    """Let what measures have made of the culture change the numbers of the rules for a month."""
    numbers[0].start_rate = usual[0].start_rate * plan.calendar[now]["starting"]
    numbers[0].stop_rate = usual[0].stop_rate * plan.calendar[now]["stopping"]
    numbers[0].practice_gain = usual[0].practice_gain * plan.calendar[now]["learning"]
    numbers[0].discovery_rate = usual[0].discovery_rate * plan.calendar[now]["finding"]


@rule
def receive(
    task: Task,
    room: Room,
    p: Parameters,
    people: Array,
    kinds: Kinds,
    course: Course,
    now: int,
    at: int,
) -> None:
    """Let everybody take in what the programme brings this month, and show what others see."""
    plan = task.plan
    buddies = plan.offices[0]["buddies"] >= 0
    received = np.empty((kinds.number[0], effects.WIDTH))
    amounts = np.empty((kinds.number[0], plan.rounds.size, effects.WIDTH))
    for g in range(kinds.number[0]):
        bring(plan, course, kinds, g, now, amounts, received[g])
    coaching = effects.as_push(plan.coaching[now])
    buddying = np.zeros((plan.onset.shape[1] if buddies else 1, effects.WIDTH))
    if buddies:
        turn.fill_buddying(buddying, course, plan, now)
    works = plan.calendar[now]["works"]
    commitment = plan.calendar[now]["commitment"]
    service = plan.calendar[now]["service"]
    # Launches, which count from access: the latest month of access found of each kind of people;
    # each such month and the one before of the same kind; and how many launches are fresh then.
    launches = people.size if plan.launches.size > 0 else 0
    latest, alike, fresh = (
        np.full(kinds.number[0], -1),
        np.empty((launches, 2), np.int64),
        np.empty(launches),
    )
    accesses = 0
    for i in range(people.size):
        me, kind = people[i], kinds.of[i]
        rules.receive(
            me, now + 1, as_effect(received[kind]), coaching,
            effects.as_push(buddying[me.department if buddies else 0]), works, commitment,
            service, p,
        )  # fmt: skip
        if launches > 0:  # the same for all of a kind with access at once
            k = latest[kind]
            while k >= 0 and alike[k, 0] != me.access_month:
                k = alike[k, 1]
            if k < 0:
                k = accesses
                alike[k, 0] = me.access_month
                alike[k, 1] = latest[kind]
                latest[kind] = k
                fresh[k] = effects.launch_from_access(plan, course.onset, course.masks[i], me, now)
                accesses += 1
            me.launch = fresh[k]
        room.voices[i] = me.voice
        room.heard[at, i] = me.voice if me.uses == 1 else 0.0
        room.said[at, i] = room.heard[at, i] * me.expectation
        room.seen[at, i] = me.intensity


@rule
def bring(
    plan: Programme, course: Course, kinds: Kinds, g: int, now: int, amounts: Array, row: Array
) -> None:
    """Write what all rounds together do to people of a kind this month into its row.

    ``amounts`` are what each round does to those of each kind [kinds, rounds, fields of Push]; what
    is the same for another kind is taken from there.
    """
    like = kinds.like[g]
    if like == g:
        effects.fill_each(
            amounts[g], plan, course.onset, kinds.masks[g], kinds.department[g], kinds.arrival[g],
            now,
        )  # fmt: skip
    effect = channels.saturate(effects.together(plan, amounts[like], kinds.led[g]))
    (
        row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8], row[9], row[10],
        row[11], row[12], row[13], row[14], row[15],
    ) = effect  # fmt: skip


@rule
def as_effect(row: Array) -> Effect:
    """Return a row of numbers as an Effect."""
    return Effect(
        row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8], row[9], row[10],
        row[11], row[12], row[13], row[14], row[15],
    )  # fmt: skip


@rule
def notice(
    task: Task, room: Room, people: Array, start: Array, other: Array, buddies: bool
) -> None:
    """Write down the weighted number of people each one notices this month."""
    if task.complete:
        everyone = 0.0
        for i in range(people.size):
            everyone += room.voices[i]
        for i in range(people.size):
            room.notices[i] = everyone - room.voices[i]
    else:
        listen(room.notices, start, other, task.weight, room.voices)
    for i in range(people.size if buddies else 0):
        if people[i].buddy >= 0:
            room.notices[i] += task.usual[0].buddy_weight * room.voices[people[i].buddy]


@rule
def simulate_substep(
    task: Task,
    room: Room,
    numbers: Array,
    people: Array,
    start: Array,
    other: Array,
    order: Array,
    run: int,
    month: int,
    substep: int,
    executives: int,
    events: Array,
    happened: int,
) -> tuple[Array, int]:
    """Bring an organisation a substep on; return the log of events and how many there are."""
    p, s, pace, sequential = numbers[0], task.s, task.pace, task.s.schedule == 1
    buddies = task.plan.offices[0]["buddies"] >= 0
    moment = (month - 1) * pace.substeps + substep
    now = 0 if sequential else moment & 1
    then = 0 if sequential else 1 - now  # who acts later sees at once what those before have done
    heard, said, seen = room.heard[now], room.said[now], room.seen[now]
    heard_next, said_next, seen_next = room.heard[then], room.said[then], room.seen[then]
    users, told, exposure, used = room.users, room.told, room.exposure, room.used
    values, ups, rates = room.values, room.ups, room.rates
    example_of_top = mean_of(seen, room.top, executives)
    all_heard, all_said = 0.0, 0.0
    if task.complete:
        for i in range(people.size):
            all_heard += heard[i]
            all_said += said[i]
    width = 1 if sequential else BLOCK
    for first in range(0, people.size, width):
        begin = order[first] if sequential else first
        crowd = people[begin : begin + width]
        first_tie = start[begin : begin + width + 1]
        inclination = room.luck[moment & 3, begin : begin + width]
        noticed = room.notices[begin : begin + width]
        if task.complete:
            for b in range(crowd.size):
                users[b] = all_heard - heard[begin + b]
                told[b] = all_said - said[begin + b]
        else:
            listen_to_users(users, told, first_tie, other, task.weight, heard, said)
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
                exposure[b], users[b], me.threshold, s.contagion, p.hill_exponent, p.full_circle
            )
            boss = me.boss
            example = rules.leaders_example(
                seen[boss] if boss >= 0 else 0.0, boss >= 0,
                example_of_top, executives > 0 and me.role != EXECUTIVE, p,
            )  # fmt: skip
            rules.consider(me, users[b], example, pace, p)
            rules.perceive(me, pull, example, pace)
            rules.want(me, me.perceived_pull, me.perceived_example, p, s)
        for b in range(crowd.size if task.log else 0):
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
        approach_all(values, ups, rates, pace.substeps)
        if sequential and task.complete:
            all_heard -= heard[begin]
            all_said -= said[begin]
        for b in range(crowd.size):
            me = crowd[b]
            rules.develop(me, values[0, b], values[1, b], values[2, b], pace, p)
            heard_next[begin + b] = me.voice if me.uses == 1 else 0.0
            said_next[begin + b] = heard_next[begin + b] * me.expectation
            seen_next[begin + b] = me.intensity
        if sequential:
            if task.complete:
                all_heard += heard[begin]
                all_said += said[begin]
            if crowd[0].role == EXECUTIVE:
                example_of_top = mean_of(seen, room.top, executives)
        for b in range(crowd.size if task.log else 0):
            who = begin + b
            if (crowd[b].uses == 1) == used[b]:
                continue
            kind = STOP if used[b] else RESTART if room.known[who] else START
            room.known[who] = True
            events = note(events, happened, run, month, substep, who, kind, exposure[b])
            happened += 1
    return events, happened


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
    spend: bool = False,
) -> Simulated:
    """Simulate a scenario in a number of organisations.

    Parameters
    ----------
    worlds
        People and ties; not changed unless they are spent.
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
    spend
        Whether nobody needs these people afterwards: then the run may change them, and copies none.
    """
    runs, months = worlds.people.shape[0], plan.months
    rows = np.zeros((runs, months + 1, kpis.COUNT))
    final = np.zeros((runs if keep_people else 0, worlds.people.shape[1]), worlds.people.dtype)
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
    streams = worlds.streams
    luck = streams if luck is None else np.asarray(luck, np.int64)
    events = [np.empty((0, len(EVENT)))]
    at_once = max(1, AT_ONCE // worlds.people.shape[1])
    people = worlds.people.view(Spent) if spend else worlds.people
    for first in range(0, runs, at_once):
        some = slice(first, first + at_once)
        start, other, weight = worlds.ties_of(some)
        found = _simulate_runs(
            people[some], chosen[some], start, other, weight, worlds.complete, streams[some],
            luck[some], plan.programme, plan.setting, as_record(plan.p), plan.switches, seed,
            months, plan.substeps, plan.chart, rows[some], final[some], places, grouped[some],
            heads[some], started[some], keep_events,
        )  # fmt: skip
        found[:, 0] += first
        events.append(found)
    return Simulated(rows, final, grouped, heads, started, np.concatenate(events))


def group_sizes(plan: Chart) -> tuple[int, ...]:
    """Return how many groups there are of each of the kinds in :data:`GROUPS`."""
    return tuple(plan.sizes.tolist())
