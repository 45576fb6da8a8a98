"""Who used AI when, rebuilt from the log of events, and how many using colleagues everybody had.

The log tells of those who start, restart or stop. Whoever did not start has to be counted too, so
everybody's use is followed month by month, and the using colleagues of all are added up over ties.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from scipy.sparse import csr_array

from sim import kernel
from sim.engine.kinds import Array
from sim.errors import AdoptionError
from sim.month import leavers
from sim.programme import ledger
from sim.simulator import Programme, Simulator
from sim.world import Worlds

MOST: Final = 15
"""Using colleagues that are told apart: more count as so many."""

RUN, MONTH, PERSON, KIND = (kernel.EVENT.index(name) for name in ("run", "month", "person", "kind"))


class Lives(NamedTuple):
    """What people did, and could do, in each month of some organisations.

    Attributes
    ----------
    uses
        Whether each uses AI at the end of a month [organisations, people, months + 1].
    used
        Whether each, or whoever sat there last, has ever used it by then [the same].
    begins
        Whether each first starts in a month; month 0 is empty [the same].
    left
        Whether a newcomer took the seat at the start of a month [the same].
    """

    uses: Array
    used: Array
    begins: Array
    left: Array


def lives(study: Simulator, programme: Programme = None) -> Iterator[tuple[Worlds, Lives]]:
    """Yield people and ties, and what people did, a few organisations at a time.

    Parameters
    ----------
    study
        A simulator with a single vector.
    programme
        What is simulated.

    Raises
    ------
    AdoptionError
        If the simulator has several vectors.
    """
    if len(study.vectors) != 1:
        raise AdoptionError(
            f"vectors: found {len(study.vectors)}, expected one: ties are looked at under one vector"
        )
    scenario = study.scenario_of(programme)
    log = study.events(programme, by_person=True)
    leaving = ledger.leaving_chance(scenario.organisation.turnover)
    before = 0
    for worlds in study.worlds(programme):
        runs = worlds.people.shape[0]
        first, last = np.searchsorted(log[:, RUN], [before, before + runs])
        here = log[first:last, : kernel.NAMED].astype(np.int64)
        here[:, RUN] -= before
        keys, months = worlds.people["key"].astype(np.int64), scenario.simulation.months
        left = leavers(keys, worlds.streams, study.seed, leaving, months)
        yield worlds, follow(worlds.people["uses"] == 1, here, left)
        before += runs


def follow(uses: Array, log: Array, left: Array) -> Lives:
    """Return what people did, from who used at the start and the log of events.

    Parameters
    ----------
    uses
        Who uses AI before the first month [organisations, people].
    log
        Events in the order in which they happened, whole numbers [events, ``kernel.NAMED``].
    left
        Who was replaced at the start of which month [organisations, people, months + 1].
    """
    change = np.full(left.shape, -1, np.int8)
    place = log[:, RUN], log[:, PERSON], log[:, MONTH]
    change[place] = log[:, KIND] != kernel.STOP  # of several in a month the last one stays
    begins = np.zeros(left.shape, np.bool_)
    first = log[:, KIND] == kernel.START
    begins[tuple(places[first] for places in place)] = True
    using, used = np.empty_like(begins), np.empty_like(begins)
    using[:, :, 0] = used[:, :, 0] = uses
    for month in range(1, left.shape[2]):
        stays = ~left[:, :, month]
        now = change[:, :, month]
        using[:, :, month] = np.where(now < 0, using[:, :, month - 1] & stays, now == 1)
        used[:, :, month] = used[:, :, month - 1] & stays | begins[:, :, month]
    return Lives(using, used, begins, left)


def using_colleagues(worlds: Worlds, uses: Array) -> Array:
    """Return how many of those each person has a tie to use AI [organisations, people, months].

    Parameters
    ----------
    worlds
        People and ties; each tie counts once, however much is noticed along it.
    uses
        Who uses AI [organisations, people, months].
    """
    runs, people, months = uses.shape
    if worlds.complete:
        others: Array = uses.sum(axis=1, keepdims=True, dtype=np.int64) - uses
        return others
    first = np.repeat(np.arange(runs), worlds.start[:, -1] - worlds.start[:, 0]) * people
    starts = np.append(worlds.start[:, :-1].ravel(), worlds.start[-1, -1])
    ties = csr_array(
        (np.ones(first.size, np.int32), first + worlds.other, starts),
        shape=(runs * people, runs * people),
    )
    counts: Array = ties @ uses.reshape(runs * people, months).astype(np.int32)
    return counts.reshape(uses.shape)


def at_risk(worlds: Worlds, lived: Lives) -> Array:
    """Return who could first start in each month [organisations, people, months + 1].

    Those who have access and have never used AI. Seats of people who used it before the first
    month do not count, nor do seats in the months before their people have access by the roll-out.
    """
    months = np.arange(lived.uses.shape[2])
    before = np.zeros_like(lived.used)
    before[:, :, 1:] = lived.used[:, :, :-1] & ~lived.left[:, :, 1:]
    allowed = worlds.people["access_month"][:, :, None] <= months
    free: Array = allowed & ~before & ~lived.used[:, :, :1]
    free[:, :, 0] = False
    return free


def counted(worlds: Worlds, lived: Lives) -> Array:
    """Return how many people there were at risk, by what they saw and what they did.

    Returns
    -------
    numpy.ndarray
        [organisations, strata, ``MOST`` + 1, 2]: a stratum is a department in a month; then the
        number of using colleagues at the start of the month; then those who did not start in it and
        those who did.
    """
    runs, _, months = lived.uses.shape
    departments = int(worlds.people["department"].max()) + 1
    seen = np.minimum(using_colleagues(worlds, lived.uses[:, :, :-1]), MOST)
    risk, begins = at_risk(worlds, lived)[:, :, 1:], lived.begins[:, :, 1:]
    run, person, month = np.nonzero(risk)
    department = worlds.people["department"][run, person].astype(np.int64)
    shape = runs, departments, months - 1, MOST + 1, 2
    cell = np.ravel_multi_index(
        (run, department, month, seen[run, person, month], begins[run, person, month].astype(int)),
        shape,
    )
    counts = np.bincount(cell, minlength=int(np.prod(shape)))
    return counts.reshape(runs, departments * (months - 1), MOST + 1, 2)
