"""The fast engine: the same rules in one compiled loop over runs, months, substeps and people."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from sim import channels, draws, kpis, population, programme, rules
from sim.channels import Effect
from sim.compiled import compiled, rule
from sim.parameters import Parameters, as_record
from sim.programme import Programme
from sim.rules import Switches
from sim.state import EXECUTIVE
from sim.world import Plan, Worlds

Array = np.ndarray[Any, Any]

BLOCK: Final = 32
"""People taken through a substep together: few enough to stay in the nearest cache, many enough
that the processor works on several at once."""


@rule
def prepare(
    people: Array,
    start: Array,
    other: Array,
    plan: Programme,
    p: Parameters,
    seed: int,
    stream: int,
) -> Array:
    """Give leaders and champions their parts; return which deployments reach each person.

    ``start`` are the entries of the organisation's own people, relative to ``other``.
    """
    masks = np.empty(people.size, np.int64)
    for i in range(people.size):
        masks[i] = programme.reach(people, i, plan, seed, stream)
    if plan.leaders_share > 0.0:
        population.commit_leaders(people, plan.leaders_share, seed, stream)
    if plan.champions_share > 0.0:
        population.appoint_champions(
            people, start, other, (masks >> plan.eligible) & 1, plan.champions_share,
            plan.selection, p.coaching_capacity, p, seed, stream,
        )  # fmt: skip
    return masks


@rule
def group_by(masks: Array) -> tuple[Array, Array]:
    """Return the different masks, and for each person the place of the own one among them."""
    groups = np.empty(masks.size, np.int64)
    group = np.empty(masks.size, np.int64)
    found, g = 0, 0
    for i in range(masks.size):
        if found == 0 or groups[g] != masks[i]:
            g = 0
            while g < found and groups[g] != masks[i]:
                g += 1
            if g == found:
                groups[found] = masks[i]
                found += 1
        group[i] = g
    return groups[:found], group


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
def fill_luck(luck: Array, keys: Array, seed: int, stream: int, block: int) -> None:
    """Write the inclinations of everybody in four successive substeps."""
    for i in range(keys.size):
        w0, w1, w2, w3 = draws.block(seed, stream, draws.INCLINATION, keys[i], 0, block)
        luck[0, i] = draws.unit(w0)
        luck[1, i] = draws.unit(w1)
        luck[2, i] = draws.unit(w2)
        luck[3, i] = draws.unit(w3)


@compiled
def _prepare(
    people: Array,
    start: Array,
    other: Array,
    plan: Programme,
    record: Array,
    seed: int,
    stream: int,
) -> Array:
    return prepare(people, start, other, plan, record[0], seed, stream)


def prepared(people: Array, worlds: Worlds, plan: Plan, seed: int) -> Array:
    """Give the people of the first organisation their parts, in place; return whom what reaches."""
    masks: Array = _prepare(
        people, worlds.start[0], worlds.other, plan.programme, as_record(plan.p), seed,
        worlds.streams[0],
    )  # fmt: skip
    return masks


@compiled
def _simulate_runs(
    people_of: Array,
    start_of: Array,
    other: Array,
    weight: Array,
    complete: bool,
    streams: Array,
    luck_streams: Array,
    plan: Programme,
    record: Array,
    s: Switches,
    seed: int,
    months: int,
    substeps: int,
    rows: Array,
    final: Array,
) -> None:
    """Simulate one run after the other; what the arguments mean is said at :func:`simulate`."""
    p = record[0]
    pace = rules.pace(substeps, p)
    size = people_of.shape[1]
    luck = np.empty((4, size))
    # What others saw of everybody at the end of the last substep.
    heard = np.empty(size)  # voice of those who use, else 0
    said = np.empty(size)  # the same times what they expect
    seen = np.empty(size)  # intensity
    # The same as they will be seen after the substep under way.
    heard_next, said_next, seen_next = np.empty(size), np.empty(size), np.empty(size)
    values, ups, rates = np.zeros((3, BLOCK)), np.zeros((3, BLOCK)), np.zeros((3, BLOCK))
    keys, voices = np.empty(size, np.int64), np.empty(size)
    users, told, exposure = np.empty(BLOCK), np.empty(BLOCK), np.empty(BLOCK)
    notices = np.empty(size)  # weighted number of people each one notices
    top = np.empty(size, np.int64)
    for r in range(people_of.shape[0]):
        people = people_of[r].copy()
        start = start_of[r]
        stream = streams[r]
        masks = prepare(people, start, other, plan, p, seed, stream)
        groups, group = group_by(masks)
        effects = np.empty((groups.size, programme.WIDTH))
        executives, everyone = 0, 0.0
        for i in range(size):
            keys[i] = people[i].key
            if people[i].role == EXECUTIVE:
                top[executives] = i
                executives += 1
        for i in range(size):
            kpis.observe(people[i], 0, p, rows[r, 0])
        kpis.conclude(rows[r, 0], size)

        for month in range(1, months + 1):
            for g in range(groups.size):
                effect = channels.saturate(programme.add_up(plan, groups[g], month - 1))
                for k in range(programme.WIDTH):
                    effects[g, k] = effect[k]
            coaching = programme.as_push(plan.coaching[month - 1])
            commitment = plan.commitment[month - 1]
            service = plan.service[month - 1]
            for i in range(size):
                e = effects[group[i]]
                effect = Effect(e[0], e[1], e[2], e[3], e[4], e[5], e[6], e[7], e[8])
                rules.receive(people[i], month, effect, coaching, commitment, service, p)
                voices[i] = people[i].voice
                heard[i] = voices[i] if people[i].uses == 1 else 0.0
                said[i] = heard[i] * people[i].expectation
                seen[i] = people[i].intensity
            if month == 1 or plan.champions_share > 0.0:  # else all voices are as they were
                everyone = 0.0
                for i in range(size):
                    everyone += voices[i]
                listen(notices, start, other, weight, voices)

            for substep in range(substeps):
                moment = (month - 1) * substeps + substep
                lane = moment & 3
                if lane == 0 or substep == 0:
                    fill_luck(luck, keys, seed, luck_streams[r], moment >> 2)
                example_of_top = 0.0
                for k in range(executives):
                    example_of_top += seen[top[k]]
                if executives > 0:
                    example_of_top /= executives
                all_heard, all_said = 0.0, 0.0
                if complete:
                    for i in range(size):
                        all_heard += heard[i]
                        all_said += said[i]
                for begin in range(0, size, BLOCK):
                    crowd = people[begin : begin + BLOCK]
                    first_tie = start[begin : begin + BLOCK + 1]
                    inclination = luck[lane, begin : begin + BLOCK]
                    if complete:
                        for b in range(crowd.size):
                            users[b] = all_heard - heard[begin + b]
                            told[b] = all_said - said[begin + b]
                            notices[begin + b] = everyone - crowd[b].voice
                    else:
                        listen(users, first_tie, other, weight, heard)
                        listen(told, first_tie, other, weight, said)
                    noticed = notices[begin : begin + BLOCK]
                    for b in range(crowd.size):
                        me = crowd[b]
                        exposure[b] = users[b] / noticed[b] if noticed[b] > 0.0 else 0.0
                        told[b] = told[b] / users[b] if users[b] > 0.0 else 0.0
                        pull = rules.contagion(
                            exposure[b], users[b], me.threshold, s.contagion, p.hill_exponent
                        )
                        boss = me.boss
                        example = rules.leaders_example(
                            seen[boss] if boss >= 0 else 0.0, boss >= 0,
                            example_of_top, executives > 0 and me.role != EXECUTIVE, p,
                        )  # fmt: skip
                        rules.want(me, pull, example, p, s)
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
                    for b in range(crowd.size):
                        rules.develop(crowd[b], values[0, b], values[1, b], values[2, b], pace, p)
                        me = crowd[b]
                        heard_next[begin + b] = me.voice if me.uses == 1 else 0.0
                        said_next[begin + b] = heard_next[begin + b] * me.expectation
                        seen_next[begin + b] = me.intensity
                heard, heard_next = heard_next, heard
                said, said_next = said_next, said
                seen, seen_next = seen_next, seen

            row = rows[r, month]
            for i in range(size):
                kpis.observe(people[i], month, p, row)
            kpis.conclude(row, size)
        if final.shape[0] > r:
            for i in range(size):
                final[r, i] = people[i]


def simulate(
    worlds: Worlds, plan: Plan, seed: int, luck: Array | None = None, keep_people: bool = False
) -> tuple[Array, Array]:
    """Simulate a scenario in a number of organisations.

    Parameters
    ----------
    worlds
        People and ties; not changed.
    plan
        Programme, parameters and switches of the scenario.
    seed
        Seed of the study.
    luck
        Stream of each run's luck [runs]; by default the number of its organisation. Two runs of
        one organisation with different luck are two continuations of the same start.
    keep_people
        Whether to return the people as they end.

    Returns
    -------
    tuple
        KPIs [runs, months + 1, KPIs of ``kpis.MEASURED``], and people [runs, people] if asked
        for, else an empty table.
    """
    runs = worlds.people.shape[0]
    rows = np.zeros((runs, plan.months + 1, kpis.COUNT))
    final = np.empty((runs if keep_people else 0, worlds.people.shape[1]), worlds.people.dtype)
    _simulate_runs(
        worlds.people, worlds.start, worlds.other, worlds.weight, worlds.complete, worlds.streams,
        worlds.streams if luck is None else np.asarray(luck, np.int64),
        plan.programme, as_record(plan.p), plan.switches, seed, plan.months, plan.substeps, rows, final,
    )  # fmt: skip
    return rows, final
