"""The fast engine: the same rules in one compiled loop over runs, months, substeps and people."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Final, NamedTuple

import numpy as np

from sim import channels, draws, kpis, rules
from sim.channels import Effect
from sim.engine import entry, rule
from sim.engine.kinds import (
    F4,
    F8,
    F8_2,
    F8_3,
    F8_4,
    I4,
    I4_2,
    I8,
    I8_2,
    SCRATCH,
    TRUE,
    TRUE_2,
    U1_2,
    U4,
    Array,
    Spent,
)
from sim.engine.meanings import order_of, put
from sim.kpis import Progress
from sim.month import (
    Run,
    RunState,
    Setting,
    begin,
    begin_month,
    fill_buddying,
    first_onset,
    first_state,
    spend,
)
from sim.parameters import Numbers, Parameters, as_record
from sim.people import population, selection
from sim.people.population import GROUPS as GROUPS
from sim.people.population import Chart
from sim.programme import effects
from sim.programme.effects import Programme
from sim.rules import Pace, Switches
from sim.state import EXECUTIVE, NOBODY, Staff, Staffs
from sim.world import AT_ONCE, Plan, Worlds

"""Kinds of groups that can be measured beside the whole."""

EVENT: Final = (
    *("run", "month", "substep", "person", "kind", "exposure"),
    *rules.Reasons._fields,
)
"""Columns of the log of events; the kind is the position in ``KINDS_OF_EVENT``."""

REASONS: Final = len(rules.Reasons._fields)
"""The last columns of an event."""

NAMED: Final = len(EVENT) - REASONS
"""Columns of an event before its reasons."""

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
        np.zeros(1, np.int64),
        np.empty(people, np.int64),
        np.empty(people, np.int64),
        np.empty(people, np.int64),
        np.empty(people),
        np.empty(people, np.int64),
        np.empty(people, np.int64),
    )


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
    number = 0
    for i in range(masks.size):
        me = people[i]
        home = me.department if apart else 0
        kind, first = latest[me.arrival], number
        while kind >= 0:
            if kinds.masks[kind] == masks[i] and kinds.department[kind] == home:
                if kinds.led[kind] == me.led:
                    break
                first = kind
            kind = before[kind]
        if kind < 0:
            kind = number
            kinds.masks[kind], kinds.department[kind] = masks[i], home
            kinds.arrival[kind], kinds.led[kind] = me.arrival, me.led
            kinds.like[kind] = first if first == kind else kinds.like[first]
            before[kind] = latest[me.arrival]
            latest[me.arrival] = kind
            number += 1
        kinds.of[i] = kind
    kinds.number[0] = number


class Event(NamedTuple):
    """Somebody starts, restarts or stops: the columns of :data:`EVENT`."""

    run: int
    month: int
    substep: int
    person: int
    kind: int
    exposure: float


class Log(NamedTuple):
    """Events so far: as many rows as there is room for, and how many of them are filled."""

    rows: F8_2
    number: int


@rule
def note(log: Log, event: Event, reasons: Array) -> Log:
    """Return the log with one more event, and the reasons for it [``rules.Reasons``]."""
    rows = log.rows
    if log.number == rows.shape[0]:
        longer = np.empty((2 * log.number + 64, rows.shape[1]))
        for k in range(log.number):
            for column in range(rows.shape[1]):
                longer[k, column] = rows[k, column]
        rows = longer
    rows[log.number, 0] = event.run
    rows[log.number, 1] = event.month
    rows[log.number, 2] = event.substep
    rows[log.number, 3] = event.person
    rows[log.number, 4] = event.kind
    rows[log.number, 5] = event.exposure
    for k in range(reasons.size):
        rows[log.number, NAMED + k] = reasons[k]
    return Log(rows, log.number + 1)


class Ties(NamedTuple):
    """Ties of some people.

    Attributes
    ----------
    first
        Where the ties of each person begin, and where those of the last end [people + 1].
    other, weight
        Row and weight of the person at each tie; no weights stand for 1.
    """

    first: I8
    other: U4
    weight: F4


@rule
def listen(total: Array, ties: Ties, spoken: Array) -> None:
    """Add up what each person's colleagues say, by how much each is noticed.

    Parameters
    ----------
    total
        Where the sums go, one per person.
    ties
        Ties of these people.
    spoken
        What each person of the organisation says.
    """
    first, other, weight = ties.first, ties.other, ties.weight
    for b in range(first.size - 1):
        heard = 0.0
        if weight.size == 0:
            for j in other[first[b] : first[b + 1]]:
                heard += spoken[j]
        else:
            for k in range(first[b], first[b + 1]):
                heard += weight[k] * spoken[other[k]]
        total[b] = heard


@rule
def listen_to_users(users: Array, told: Array, ties: Ties, heard: Array, said: Array) -> None:
    """Add up two things each person's colleagues say at once, as :func:`listen` does one."""
    first, other, weight = ties.first, ties.other, ties.weight
    for b in range(first.size - 1):
        number, expected = 0.0, 0.0
        if weight.size == 0:
            for j in other[first[b] : first[b + 1]]:
                number += heard[j]
                expected += said[j]
        else:
            for k in range(first[b], first[b + 1]):
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
def fill_luck(luck: Array, keys: Array, run: Run, decision: int, block: int) -> None:
    """Write everybody's luck with a decision in four successive substeps."""
    for i in range(keys.size):
        w0, w1, w2, w3 = draws.block(run.seed, run.luck, decision, keys[i], 0, index=block)
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
    setting: Setting,
    record: Numbers,
    seed: int,
    stream: int,
) -> RunState:
    state = first_state(people.size, plan)
    begin(Run(people, start, other, plan, setting, record, state, seed, stream, stream))
    return state


def begun(people: Array, worlds: Worlds, plan: Plan, seed: int) -> RunState:
    """Give the people of the first organisation their parts, in place; return the run's start."""
    people["champion"] = champions_of(people[None], worlds, plan, seed)[0]
    return RunState(
        *_begin(
            people,
            worlds.start[0],
            worlds.other,
            plan.programme,
            plan.setting,
            as_record(plan.p),
            seed,
            worlds.streams[0],
        )
    )


@entry
def _eligible(people: Staffs, plan: Programme, seed: int, streams: I8, able: TRUE_2) -> None:
    """Write who may be a champion of each organisation [runs, people]."""
    for r in range(streams.size):
        for i in range(able.shape[1]):
            mask = effects.reach(people[r, i], i, plan, seed, streams[r])
            able[r, i] = (mask >> plan.offices[0]["eligible"]) & 1 == 1


def champions_of(people: Array, worlds: Worlds, plan: Plan, seed: int) -> Array:
    """Return who is a champion of each organisation from its first month on [runs, people]."""
    chosen = np.zeros(people.shape, people.dtype["champion"])
    office = plan.programme.offices[0]
    wanted = int(office["champions"])
    if wanted == 0:
        return chosen
    eligible = np.zeros(people.shape, np.bool_)
    at_once = max(1, AT_ONCE // people.shape[1])
    for first in range(0, people.shape[0], at_once):
        some = slice(first, first + at_once)
        streams = np.asarray(worlds.streams[some], np.int64)
        _eligible(people[some], plan.programme, seed, streams, eligible[some])
    for run, (staff, stream) in enumerate(zip(people, worlds.streams, strict=False)):
        start, other, _ = worlds.ties_of(slice(run, run + 1))
        chosen[run] = selection.choose(
            staff,
            start[0],
            other,
            eligible[run],
            wanted,
            selection=int(office["selection"]),
            p=plan.p,
            seed=seed,
            stream=stream,
            threat=plan.switches.threat,
        )
    return chosen


@entry
def give_places(people: Staff, start: I8, other: U4, capacity: float) -> None:
    """Spread each champion's coaching over colleagues: :func:`sim.people.population.give_places`."""
    population.give_places(people, start, other, capacity)


class Measured(NamedTuple):
    """Where the figures of a month go.

    Attributes
    ----------
    row
        KPIs of the whole.
    groups, kinds
        Group of each person by department, team and role, and of each archetype, as
        :class:`sim.people.population.Chart` has them.
    first
        First group of each of the kinds in :data:`GROUPS`, -1 where not asked for.
    grouped, heads
        KPIs and sizes of the groups [groups, KPIs; groups].
    """

    row: F8
    groups: I4_2
    kinds: I4
    first: I8
    grouped: F8_2
    heads: F8


@rule
def measure(run: Run, month: int, p: Parameters, progress: Progress, to: Measured) -> None:
    """Measure a month that ends: the whole organisation, and groups where asked for.

    Parameters
    ----------
    run
        The run.
    month
        Month that ends.
    p
        Numbers of the rules this month.
    progress
        What an organisation carries from month to month.
    to
        Where the figures go.
    """
    people, threat, grouped, heads = run.people, run.setting.shapes.threat, to.grouped, to.heads
    size = len(people)
    row = np.zeros(kpis.PERSONAL if grouped.shape[0] > 0 else 0)
    for i in range(size):
        me = people[i]
        kpis.count(me, p, progress)
        if row.size == 0:
            kpis.observe(me, month, p, to.row, threat)
            continue
        for k in range(row.size):
            row[k] = 0.0
        kpis.observe(me, month, p, row, threat)
        for k in range(row.size):
            to.row[k] += row[k]
        for kind in range(to.first.size):
            if to.first[kind] < 0:
                continue
            label = np.int64(to.kinds[me.archetype] if kind == 0 else to.groups[i, kind - 1])
            if label == NOBODY:
                continue
            g = to.first[kind] + label
            heads[g] += 1.0
            for k in range(row.size):
                grouped[g, k] += row[k]
    kpis.conclude(to.row, size)
    kpis.conclude_organisation(to.row, progress, run.setting.use_cases, size, p)
    for g in range(grouped.shape[0]):
        if heads[g] > 0.0:
            kpis.conclude(grouped[g], heads[g])


@rule
def first_progress(departments: int) -> Progress:
    """Return how far an organisation is before it starts."""
    return Progress(np.zeros(departments + 1), np.zeros(departments + 1), np.zeros(2))


class Output(NamedTuple):
    """Where all runs of a scenario put what they give, as :class:`Simulated` has it."""

    rows: F8_3
    final: Staffs
    first: I8
    grouped: F8_4
    heads: F8_3
    started: I8_2


class Task(NamedTuple):
    """What holds for all runs of a scenario.

    Attributes
    ----------
    s, pace
        Switches and length of a substep.
    months
        Months to simulate.
    weight
        How much the person at each tie is noticed; empty if 1 for all.
    complete
        Whether everybody notices everybody.
    chart
        Who belongs to which group.
    block
        People taken through a substep together: one where they act in turn.
    out
        Where the results go.
    log
        Whether to note who started, restarted and stopped.
    """

    s: Switches
    pace: Pace
    months: int
    weight: F4
    complete: bool
    chart: Chart
    block: int
    out: Output
    log: bool


class Room(NamedTuple):
    """Where a run keeps what it works with; nothing in it outlives the run.

    Attributes
    ----------
    numbers
        Numbers of the rules as the culture of the month makes them [1].
    kinds
        Kinds of people as to what reaches them.
    keys, voices, notices
        Name of each person's chance, how much he or she is noticed, and the weighted number of
        people he or she notices [people each].
    known
        Who used AI before, for the log [people].
    top, executives
        Rows of the executives, the first so many [people; 1].
    sums
        Voices of all who use, the same times what they expect (where everybody notices everybody),
        and mean intensity of the executives [3].
    luck, turns
        Luck of four successive substeps, and in which order people act [4, people].
    heard, said, seen
        What others saw of everybody at the end of the last substep, and will see after the one
        under way: voice of those who use, else 0; the same times what they expect; intensity
        [2, people each].
    users, told, exposure, used
        What people taken through a substep together hear, and whether they used [``BLOCK``].
    reasons
        What their decisions hang on, for the log [``BLOCK``, ``rules.Reasons``].
    values, ups, rates
        Their expectation, skill and habit, and how these change [3, ``BLOCK`` each].
    """

    numbers: Numbers
    kinds: Kinds
    keys: I8
    voices: F8
    notices: F8
    known: TRUE
    top: I8
    executives: I8
    sums: F8
    luck: F8_2
    turns: F8_2
    heard: F8_2
    said: F8_2
    seen: F8_2
    users: F8
    told: F8
    exposure: F8
    used: TRUE
    reasons: F8_2
    values: F8_2
    ups: F8_2
    rates: F8_2


@rule
def room_for(people: int, sequential: bool, usual: Numbers) -> Room:
    """Return what a run of so many people works with."""
    return Room(
        usual.copy(),
        no_kinds(people),
        np.empty(people, np.int64),
        np.empty(people),
        np.empty(people),
        np.zeros(people, np.bool_),
        np.empty(people, np.int64),
        np.zeros(1, np.int64),
        np.zeros(3),
        np.empty((4, people)),
        np.empty((4, people if sequential else 0)),
        np.empty((2, people)),
        np.empty((2, people)),
        np.empty((2, people)),
        np.empty(BLOCK),
        np.empty(BLOCK),
        np.empty(BLOCK),
        np.zeros(BLOCK, np.bool_),
        np.empty((BLOCK, REASONS)),
        np.zeros((3, BLOCK)),
        np.zeros((3, BLOCK)),
        np.zeros((3, BLOCK)),
    )


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
    out = Output(rows, final, places, grouped, heads, started)
    pace = rules.pace(substeps, record[0])
    block = 1 if s.schedule == 1 else BLOCK
    task = Task(s, pace, months, weight, complete, chart, block, out, log)
    room = room_for(people_of.shape[1], s.schedule == 1, record)
    events = Log(np.empty((64 if log else 0, len(EVENT))), 0)
    for r in range(people_of.shape[0]):
        if plan.offices[0]["champions"] > 0:
            appoint(people_of[r], chosen, r)
        state = first_state(people_of.shape[1], plan)
        run = Run(
            people_of[r],
            start_of[r],
            other,
            plan,
            setting,
            record,
            state,
            seed,
            streams[r],
            luck_streams[r],
        )
        events = simulate_run(task, room, run, r, events)
    return events.rows[: events.number]


@rule
def appoint(people: Array, chosen: Array, r: int) -> None:
    """Write down who of an organisation is a champion from its first month on."""
    for i in range(people.size):
        people[i].champion = chosen[r, i]


@rule
def simulate_run(task: Task, room: Room, run: Run, r: int, log: Log) -> Log:
    """Simulate a run, the ``r``-th of these; return the log of events with those of this run."""
    events = log
    people, plan, out = run.people, run.plan, task.out
    begin(run)
    prepare(room, run)
    progress = first_progress(plan.onset.shape[1])
    nothing, nobody = np.zeros((0, kpis.COUNT)), np.zeros(0)
    for month in range(task.months + 1):
        if month > 0:
            events = simulate_month(task, room, run, Moment(r, month, 0), events)
        to = Measured(
            out.rows[r, month],
            task.chart.groups,
            task.chart.kinds,
            out.first,
            out.grouped[r, month] if out.grouped.shape[0] > 0 else nothing,
            out.heads[r, month] if out.heads.shape[0] > 0 else nobody,
        )
        measure(run, month, room.numbers[0], progress, to)
    for k in range(plan.reactions.size):
        first = first_onset(run.state, plan.reactions[k]["starts"])
        out.started[r, k] = first + 1 if first < effects.NEVER else 0
    if out.final.shape[0] > r:
        for i in range(people.size):
            out.final[r, i] = people[i]
    return events


@rule
def prepare(room: Room, run: Run) -> None:
    """Bring the room up to date with a run that begins."""
    people = run.people
    room.numbers[0] = run.usual[0]
    sort_out(room.kinds, run.state.reached_by, people, run.plan.reactions.size > 0)
    room.executives[0] = 0
    for i in range(people.size):
        room.known[i] = False
        room.keys[i] = people[i].key
        if people[i].role == EXECUTIVE:
            room.top[room.executives[0]] = i
            room.executives[0] += 1


class Moment(NamedTuple):
    """Where a study is: number of the run, month from 1, substep from 0."""

    run: int
    month: int
    substep: int


@rule
def simulate_month(task: Task, room: Room, run: Run, when: Moment, log: Log) -> Log:
    """Bring an organisation a month on; return the log of events with those of this month."""
    events = log
    plan, people, now = run.plan, run.people, when.month - 1
    substeps, sequential = task.pace.substeps, task.s.schedule == 1
    changed = begin_month(run, now)
    if changed:
        sort_out(room.kinds, run.state.reached_by, people, plan.reactions.size > 0)
    adapt(room.numbers, run.usual, plan, now)
    receive(room, run, now, 0 if sequential else (now * substeps) & 1)
    spend(run, now, task.out.rows[when.run, when.month])
    buddies = plan.offices[0]["buddies"] >= 0
    if now == 0 or plan.offices[0]["champions"] > 0 or buddies:  # else all voices are as they were
        notice(task, room, run)
    for i in range(people.size if task.log else 0):
        room.known[i] = people[i].ever_used == 1
    for substep in range(substeps):
        events = simulate_substep(task, room, run, Moment(when.run, when.month, substep), events)
    return events


@rule
def adapt(numbers: Array, usual: Array, plan: Programme, now: int) -> None:
    """Let what measures have made of the culture change the numbers of the rules for a month."""
    numbers[0].start_rate = usual[0].start_rate * plan.calendar[now]["starting"]
    numbers[0].stop_rate = usual[0].stop_rate * plan.calendar[now]["stopping"]
    numbers[0].practice_gain = usual[0].practice_gain * plan.calendar[now]["learning"]
    numbers[0].discovery_rate = usual[0].discovery_rate * plan.calendar[now]["finding"]


class Brought(NamedTuple):
    """What the programme brings to each kind of people this month.

    Attributes
    ----------
    amounts
        What each round does to those of each kind [kinds, rounds, fields of Push].
    effects
        What all rounds together do to them [kinds, fields of Effect].
    """

    amounts: F8_3
    effects: F8_2


@rule
def receive(room: Room, run: Run, now: int, at: int) -> None:
    """Let everybody take in what the programme brings this month, and show what others see."""
    plan, people, kinds, p = run.plan, run.people, room.kinds, room.numbers[0]
    buddies = plan.offices[0]["buddies"] >= 0
    brought = Brought(
        np.empty((kinds.number[0], plan.rounds.size, channels.WIDTH)),
        np.empty((kinds.number[0], channels.EFFECTS)),
    )
    for g in range(kinds.number[0]):
        bring(run, kinds, g, now, brought)
    coaching = effects.as_push(plan.coaching[now])
    buddying = np.zeros((plan.onset.shape[1] if buddies else 1, channels.WIDTH))
    if buddies:
        fill_buddying(buddying, run, now)
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
        effect = brought.effects[kind]
        rules.receive(
            me,
            now + 1,
            Effect(*effect),
            coaching,
            effects.as_push(buddying[me.department if buddies else 0]),
            works=works,
            commitment=commitment,
            service=service,
            p=p,
        )
        if launches > 0:  # the same for all of a kind with access at once
            k = latest[kind]
            while k >= 0 and alike[k, 0] != me.access_month:
                k = alike[k, 1]
            if k < 0:
                k = accesses
                alike[k, 0] = me.access_month
                alike[k, 1] = latest[kind]
                latest[kind] = k
                fresh[k] = effects.launch_from_access(
                    plan, run.state.onset, run.state.reached_by[i], me, now
                )
                accesses += 1
            me.launch = fresh[k]
        room.voices[i] = me.voice
        room.heard[at, i] = me.voice if me.uses == 1 else 0.0
        room.said[at, i] = room.heard[at, i] * me.expectation
        room.seen[at, i] = me.intensity


@rule
def bring(run: Run, kinds: Kinds, g: int, now: int, brought: Brought) -> None:
    """Write down what all rounds together do to people of a kind this month.

    What is the same for another kind is taken from there.
    """
    like, row = kinds.like[g], brought.effects[g]
    if like == g:
        effects.fill_each(
            brought.amounts[g],
            run.plan,
            run.state.onset,
            kinds.masks[g],
            kinds.department[g],
            arrival=kinds.arrival[g],
            now=now,
        )
    together = effects.together(run.plan, brought.amounts[like], kinds.led[g])
    effect = channels.saturate(together)
    put(row, effect)


@rule
def notice(task: Task, room: Room, run: Run) -> None:
    """Write down the weighted number of people each one notices this month."""
    people = run.people
    if task.complete:
        everyone = 0.0
        for i in range(people.size):
            everyone += room.voices[i]
        for i in range(people.size):
            room.notices[i] = everyone - room.voices[i]
    else:
        listen(room.notices, Ties(run.start, run.other, task.weight), room.voices)
    for i in range(people.size if run.plan.offices[0]["buddies"] >= 0 else 0):
        if people[i].buddy >= 0:
            room.notices[i] += run.usual[0].buddy_weight * room.voices[people[i].buddy]


class Scene(NamedTuple):
    """What can be seen and heard in a substep, and where what is shown next goes; see :class:`Room`.

    Attributes
    ----------
    heard, said, seen
        What others show of themselves now [people each].
    heard_next, said_next, seen_next
        What they will show in the next substep [people each].
    """

    heard: F8
    said: F8
    seen: F8
    heard_next: F8
    said_next: F8
    seen_next: F8


@rule
def simulate_substep(task: Task, room: Room, run: Run, when: Moment, log: Log) -> Log:
    """Bring an organisation a substep on; return the log of events with those of this substep."""
    events = log
    people, sequential = run.people, task.s.schedule == 1
    moment = (when.month - 1) * task.pace.substeps + when.substep
    order = np.empty(0, np.int64)
    if moment & 3 == 0 or when.substep == 0:
        fill_luck(room.luck, room.keys, run, draws.INCLINATION, moment >> 2)
        if sequential:
            fill_luck(room.turns, room.keys, run, draws.ORDER, moment >> 2)
    if sequential:
        order = in_turn(room.turns[moment & 3])
    now = 0 if sequential else moment & 1
    then = 0 if sequential else 1 - now  # who acts later sees at once what those before have done
    scene = Scene(
        room.heard[now],
        room.said[now],
        room.seen[now],
        room.heard[then],
        room.said[then],
        room.seen[then],
    )
    look_around(task, room, scene)
    for first in range(0, people.size, task.block):
        front = order[first] if sequential else first
        crowd = people[front : front + task.block]
        hear(task, room, run, scene, front)
        form(task, room, crowd, scene)
        inclination = room.luck[moment & 3, front : front + task.block]
        if task.log:
            remember(task, room, crowd, inclination)
        act(task, room, crowd, inclination)
        if sequential:
            room.sums[0] -= scene.heard[front]
            room.sums[1] -= scene.said[front]
        show(crowd, scene, front)
        if sequential:
            room.sums[0] += scene.heard[front]
            room.sums[1] += scene.said[front]
            if crowd[0].role == EXECUTIVE:
                room.sums[2] = mean_of(scene.seen, room.top, room.executives[0])
        if task.log:
            events = noted(events, room, crowd, when, front)
    return events


@rule
def look_around(task: Task, room: Room, scene: Scene) -> None:
    """Write down what is the same for everybody in a substep."""
    all_heard, all_said = 0.0, 0.0
    if task.complete:
        for i in range(scene.heard.size):
            all_heard += scene.heard[i]
            all_said += scene.said[i]
    room.sums[0] = all_heard
    room.sums[1] = all_said
    room.sums[2] = mean_of(scene.seen, room.top, room.executives[0])


@rule
def hear(task: Task, room: Room, run: Run, scene: Scene, front: int) -> None:
    """Write down how many users some people hear, what these expect, and their share."""
    users, told, exposure, p = room.users, room.told, room.exposure, room.numbers[0]
    heard, said = scene.heard, scene.said
    crowd = run.people[front : front + task.block]
    if task.complete:
        for b in range(crowd.size):
            users[b] = room.sums[0] - heard[front + b]
            told[b] = room.sums[1] - said[front + b]
    else:
        ties = Ties(run.start[front : front + task.block + 1], run.other, task.weight)
        listen_to_users(users, told, ties, heard, said)
    if run.plan.offices[0]["buddies"] >= 0:
        for b in range(crowd.size):
            buddy = crowd[b].buddy
            if buddy >= 0:
                users[b] += p.buddy_weight * heard[buddy]
                told[b] += p.buddy_weight * said[buddy]
    noticed = room.notices[front : front + task.block]
    for b in range(crowd.size):
        exposure[b] = users[b] / noticed[b] if noticed[b] > 0.0 else 0.0
        told[b] = told[b] / users[b] if users[b] > 0.0 else 0.0


@rule
def form(task: Task, room: Room, crowd: Array, scene: Scene) -> None:
    """Let some people form what they want, from what they heard and see."""
    users, exposure, seen, p, s = room.users, room.exposure, scene.seen, room.numbers[0], task.s
    top, led, pace = room.sums[2], room.executives[0] > 0, task.pace
    for b in range(crowd.size):
        me = crowd[b]
        pull = rules.contagion(
            exposure[b], users[b], me.threshold, s.contagion, p.hill_exponent, circle=p.full_circle
        )
        boss = me.boss
        example = rules.leaders_example(
            seen[boss] if boss >= 0 else 0.0,
            boss >= 0,
            top,
            led and me.role != EXECUTIVE,
            p,
        )
        rules.consider(me, users[b], example, pace, p)
        rules.perceive(me, pull, example, pace)
        rules.want(me, me.perceived_pull, me.perceived_example, p, s)


@rule
def act(task: Task, room: Room, crowd: Array, inclination: Array) -> None:
    """Let some people start or stop, and what they expect, can and are used to change."""
    values, ups, rates, p = room.values, room.ups, room.rates, room.numbers[0]
    exposure, told, pace, s = room.exposure, room.told, task.pace, task.s
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
    for b in range(crowd.size):
        rules.develop(crowd[b], values[0, b], values[1, b], values[2, b], pace, p=p)


@rule
def show(crowd: Array, scene: Scene, front: int) -> None:
    """Let others see what has become of some people."""
    heard, said, seen = scene.heard_next, scene.said_next, scene.seen_next
    for b in range(crowd.size):
        me = crowd[b]
        heard[front + b] = me.voice if me.uses == 1 else 0.0
        said[front + b] = heard[front + b] * me.expectation
        seen[front + b] = me.intensity


@rule
def remember(task: Task, room: Room, crowd: Array, inclination: Array) -> None:
    """Write down who of some people uses AI, and what their decision hangs on."""
    for b in range(crowd.size):
        room.used[b] = crowd[b].uses == 1
        row = room.reasons[b]
        reasons = rules.reasons(crowd[b], inclination[b], task.pace, room.numbers[0])
        put(row, reasons)


@rule
def noted(log: Log, room: Room, crowd: Array, when: Moment, front: int) -> Log:
    """Return the log with who of some people started, restarted or stopped."""
    events = log
    for b in range(crowd.size):
        who = front + b
        if (crowd[b].uses == 1) == room.used[b]:
            continue
        kind = STOP if room.used[b] else RESTART if room.known[who] else START
        room.known[who] = True
        event = Event(when.run, when.month, when.substep, who, kind, room.exposure[b])
        events = note(events, event, room.reasons[b])
    return events


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
    *,
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
    first_of, groups = first_groups(plan.chart, by)
    places = np.array([first_of.get(kind, -1) for kind in GROUPS])
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
        ends = _simulate_runs(
            people[some],
            chosen[some],
            start,
            other,
            weight,
            worlds.complete,
            streams[some],
            luck[some],
            plan.programme,
            plan.setting,
            as_record(plan.p),
            plan.switches,
            seed,
            months,
            plan.substeps,
            plan.chart,
            rows[some],
            final[some],
            places,
            grouped[some],
            heads[some],
            started[some],
            keep_events,
        )
        ends[:, 0] += first
        events.append(ends)
    return Simulated(rows, final, grouped, heads, started, np.concatenate(events))


def first_groups(chart: Chart, by: Sequence[str]) -> tuple[dict[str, int], int]:
    """Return the first group of each of these kinds, and how many groups there are of all of them."""
    first, groups = {}, 0
    for kind, size in zip(GROUPS, chart.sizes.tolist(), strict=True):
        if kind in by:
            first[kind] = groups
            groups += size
    return first, groups
