"""The fast engine: the same rules in one compiled loop over runs, months, substeps and people."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim import draws, kpis, population, programme, rules
from sim.compiled import compiled, rule
from sim.parameters import Parameters
from sim.programme import Programme
from sim.rules import Switches
from sim.world import Plan, Worlds

Array = np.ndarray[Any, Any]


@rule
def prepare(
    people: Array, start: Array, other: Array, plan: Programme, p: Parameters, seed: int, stream: int
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


@compiled
def _prepare(
    people: Array, start: Array, other: Array, plan: Programme, p: Parameters, seed: int, stream: int
) -> Array:
    return prepare(people, start, other, plan, p, seed, stream)


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
    p: Parameters,
    s: Switches,
    seed: int,
    months: int,
    substeps: int,
    rows: Array,
    final: Array,
) -> None:
    size = people_of.shape[1]
    luck = np.empty((4, size))
    # What others saw of everybody at the end of the last substep.
    heard = np.empty(size)  # voice of those who use, else 0
    said = np.empty(size)  # the same times what they expect
    seen = np.empty(size)  # intensity
    notices = np.empty(size)  # weighted number of people each one notices
    top = np.empty(size, np.int64)
    for r in range(people_of.shape[0]):
        people = people_of[r].copy()
        start = start_of[r]
        stream = streams[r]
        masks = prepare(people, start, other, plan, p, seed, stream)
        groups = np.unique(masks)
        group = np.searchsorted(groups, masks)
        received = np.empty((groups.size, programme.WIDTH))
        executives = 0
        for i in range(size):
            if people[i].role == 3:
                top[executives] = i
                executives += 1
        for i in range(size):
            kpis.observe(people[i], 0, p, rows[r, 0])
        kpis.conclude(rows[r, 0], size)

        for month in range(1, months + 1):
            for g in range(groups.size):
                push = programme.add_up(plan, groups[g], month - 1)
                for k in range(programme.WIDTH):
                    received[g, k] = push[k]
            coaching = programme.as_push(plan.coaching[month - 1])
            commitment = plan.commitment[month - 1]
            service = plan.service[month - 1]
            for i in range(size):
                push = programme.as_push(received[group[i]])
                rules.receive(people[i], month, push, coaching, commitment, service, p)
                heard[i] = people[i].voice if people[i].uses == 1 else 0.0
                said[i] = heard[i] * people[i].expectation
                seen[i] = people[i].intensity
            everyone = 0.0
            for i in range(size):
                everyone += people[i].voice
            if not complete:
                for i in range(size):
                    total = 0.0
                    if weight.size == 0:
                        for k in range(start[i], start[i + 1]):
                            total += people[other[k]].voice
                    else:
                        for k in range(start[i], start[i + 1]):
                            total += weight[k] * people[other[k]].voice
                    notices[i] = total

            for substep in range(substeps):
                moment = (month - 1) * substeps + substep
                lane = moment & 3
                if lane == 0 or substep == 0:
                    for i in range(size):
                        words = draws.block(
                            seed, luck_streams[r], draws.INCLINATION, people[i].key, 0, moment >> 2
                        )
                        luck[0, i] = draws.unit(words[0])
                        luck[1, i] = draws.unit(words[1])
                        luck[2, i] = draws.unit(words[2])
                        luck[3, i] = draws.unit(words[3])
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
                for i in range(size):
                    me = people[i]
                    if complete:
                        users, told = all_heard - heard[i], all_said - said[i]
                        total = everyone - me.voice
                    else:
                        users, told, total = 0.0, 0.0, notices[i]
                        if weight.size == 0:
                            for k in range(start[i], start[i + 1]):
                                j = other[k]
                                users += heard[j]
                                told += said[j]
                        else:
                            for k in range(start[i], start[i + 1]):
                                j = other[k]
                                users += weight[k] * heard[j]
                                told += weight[k] * said[j]
                    exposure = users / total if total > 0.0 else 0.0
                    hearsay = told / users if users > 0.0 else 0.0
                    pull = rules.contagion(
                        exposure, users, me.threshold, s.contagion, p.hill_exponent
                    )
                    boss = me.boss
                    example = rules.leaders_example(
                        seen[boss] if boss >= 0 else 0.0, boss >= 0,
                        example_of_top, executives > 0 and me.role != 3, p,
                    )  # fmt: skip
                    rules.decide(me, pull, example, luck[lane, i], substeps, p, s)
                    rules.develop(me, exposure, hearsay, substeps, p)
                for i in range(size):
                    heard[i] = people[i].voice if people[i].uses == 1 else 0.0
                    said[i] = heard[i] * people[i].expectation
                    seen[i] = people[i].intensity

            row = rows[r, month]
            for i in range(size):
                kpis.observe(people[i], month, p, row)
            kpis.conclude(row, size)
        if final.shape[0] > r:
            final[r] = people


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
        plan.programme, plan.p, plan.switches, seed, plan.months, plan.substeps, rows, final,
    )  # fmt: skip
    return rows, final
