"""Who notices whom: one function per kind of network, and the sparse table they become.

Every kind returns pairs of people who notice each other; :func:`ties_of_pairs` sorts them into a
table that costs memory in proportion to people and ties. Chance is drawn by name, so the tie of
two people does not depend on who else works there.
"""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

import numpy as np

from sim import draws
from sim.compiled import rule
from sim.state import EMPLOYEE, NOBODY

KINDS: Final = ("teams", "complete", "ring", "small_world", "random", "none")
COMPLETE: Final = KINDS.index("complete")
ATTEMPTS: Final = 8

Array = np.ndarray[Any, Any]


class Wiring(NamedTuple):
    """Numbers of a network; see :class:`sim.scenario.Network`."""

    kind: int
    team_ties: float
    cross_ties: float
    inside_department: float
    sociability_spread: float
    degree: float
    rewiring: float
    keep_degree: bool


@rule
def ties_of_pairs(people: int, first: Array, second: Array) -> tuple[Array, Array]:
    """Return the sparse table of mutual ties: where each row starts, and whom it notices.

    Parameters
    ----------
    people
        Number of people.
    first, second
        Rows of the two ends of each pair; pairs given twice count once.

    Returns
    -------
    tuple
        ``start`` (people + 1) and ``other`` (two per pair), rows sorted.
    """
    start = np.zeros(people + 1, np.int64)
    for k in range(first.size):
        start[first[k] + 1] += 1
        start[second[k] + 1] += 1
    for i in range(people):
        start[i + 1] += start[i]
    fill = start[:-1].copy()
    other = np.empty(2 * first.size, np.uint32)
    for k in range(first.size):
        a, b = first[k], second[k]
        other[fill[a]] = b
        fill[a] += 1
        other[fill[b]] = a
        fill[b] += 1
    kept = 0
    begin = start[0]
    for i in range(people):
        end = start[i + 1]
        row = other[begin:end]
        if row.size > 64:
            row.sort()
        else:
            for k in range(1, row.size):
                value = row[k]
                place = k
                while place > 0 and row[place - 1] > value:
                    row[place] = row[place - 1]
                    place -= 1
                row[place] = value
        start[i] = kept
        for k in range(begin, end):
            value = other[k]
            if kept == start[i] or other[kept - 1] != value:
                other[kept] = value
                kept += 1
        begin = end
    start[people] = kept
    return start, other[:kept].copy()


@rule
def team_pairs(
    key: Array,
    role: Array,
    department: Array,
    team: Array,
    boss: Array,
    department_start: Array,
    seed: int,
    stream: int,
    wiring: Wiring,
) -> tuple[Array, Array]:
    """Return the pairs of an organisation of teams: near-cliques, the line, ties across.

    A lead knows the whole team; every leader knows the own boss; people notice colleagues
    outside the team in proportion to both their sociability, part of them inside the department.

    Parameters
    ----------
    key, role, department, team, boss
        One entry per person; people of a department, and of a team, stand together.
    department_start
        First row of each department, and the number of people at the end.
    seed, stream
        Name of the organisation's chance.
    wiring
        Numbers of the network.
    """
    people = key.size
    cumulative = np.empty(people + 1)
    cumulative[0] = 0.0
    for i in range(people):
        w0, w1, _, _ = draws.block(seed, stream, draws.CROSS_TIES, key[i], 0, 0)
        bell = draws.normal(draws.unit(w0), draws.unit(w1))
        cumulative[i + 1] = cumulative[i] + math.exp(wiring.sociability_spread * bell)
    per_unit = 0.5 * wiring.cross_ties * people / cumulative[people]

    size = int(people * (7.0 + wiring.cross_ties)) + 64
    first = np.empty(size, np.int32)
    second = np.empty(size, np.int32)
    count = 0
    for i in range(people):
        if count + people + 1024 > first.size:
            longer = np.empty(first.size + people + 1024 + first.size // 2, np.int32)
            longer[:count] = first[:count]
            first = longer
            longer = np.empty(first.size, np.int32)
            longer[:count] = second[:count]
            second = longer
        if boss[i] != NOBODY and role[i] != EMPLOYEE:
            first[count] = i
            second[count] = boss[i]
            count += 1
        if team[i] != NOBODY:
            j = i + 1
            while j < people and team[j] == team[i]:
                known = role[i] != EMPLOYEE or role[j] != EMPLOYEE
                low, high = min(key[i], key[j]), max(key[i], key[j])
                if known or (
                    draws.uniform(seed, stream, draws.TEAM_TIE, low, 0, high) < wiring.team_ties
                ):
                    first[count] = i
                    second[count] = j
                    count += 1
                j += 1
        expected = (cumulative[i + 1] - cumulative[i]) * per_unit
        wanted = int(expected + draws.uniform(seed, stream, draws.CROSS_TIES, key[i], 2))
        wanted = min(wanted, 1000)
        for tie in range(wanted):
            inside = (
                draws.uniform(seed, stream, draws.CROSS_PARTNER, key[i], 16 * tie)
                < wiring.inside_department
            )
            for attempt in range(ATTEMPTS):
                anyone = attempt >= ATTEMPTS // 2
                low_row, high_row = 0, people
                if inside and not anyone:
                    low_row = department_start[department[i]]
                    high_row = department_start[department[i] + 1]
                luck = draws.uniform(
                    seed, stream, draws.CROSS_PARTNER, key[i], 16 * tie + 1 + attempt
                )
                aim = cumulative[low_row] + luck * (cumulative[high_row] - cumulative[low_row])
                j = np.searchsorted(cumulative[low_row : high_row + 1], aim, side="right")
                j = min(max(j - 1 + low_row, low_row), high_row - 1)
                stranger = j != i and (team[j] != team[i] or team[i] == NOBODY)
                across = inside or department[j] != department[i]
                if stranger and (across or anyone):
                    first[count] = i
                    second[count] = j
                    count += 1
                    break
    return first[:count], second[:count]


@rule
def ring_pairs(people: int, degree: int) -> tuple[Array, Array]:
    """Return the pairs of a ring lattice: everybody and the ``degree / 2`` nearest on each side."""
    half = min(degree // 2, (people - 1) // 2)
    first = np.empty(people * half, np.int32)
    second = np.empty(people * half, np.int32)
    count = 0
    for i in range(people):
        for step in range(1, half + 1):
            first[count] = i
            second[count] = (i + step) % people
            count += 1
    return first, second


@rule
def random_pairs(people: int, degree: float, seed: int, stream: int) -> tuple[Array, Array]:
    """Return the pairs of an Erdos-Renyi network by skipping over absent ones (Batagelj 2005)."""
    density = min(1.0, degree / max(1, people - 1))
    size = int(0.6 * people * degree) + 1024
    first = np.empty(size, np.int32)
    second = np.empty(size, np.int32)
    count = 0
    i, j, number = 1, -1, 0
    while i < people and density > 0.0:
        luck = draws.uniform(seed, stream, draws.RANDOM_TIES, number & 0x7FFFFFFF)
        number += 1
        skip = 0.0 if density >= 1.0 else math.floor(math.log(luck) / math.log(1.0 - density))
        j += 1 + int(min(skip, 4e18))
        while i < people and j >= i:
            j -= i
            i += 1
        if i < people:
            if count == first.size:
                longer = np.empty(2 * count, np.int32)
                longer[:count] = first
                first = longer
                longer = np.empty(2 * count, np.int32)
                longer[:count] = second
                second = longer
            first[count] = i
            second[count] = j
            count += 1
    return first[:count], second[:count]


@rule
def rewire(
    people: int, first: Array, second: Array, share: float, keep_degree: bool, seed: int, stream: int
) -> None:
    """Move a share of the pairs in place, without self-ties and double ties.

    Watts and Strogatz (1998) move the far end of a pair to anybody; Centola and Macy (2007) let
    two pairs swap their far ends, so that nobody's number of ties changes.
    """
    pairs = first.size
    known = set()
    for k in range(pairs):
        low, high = min(first[k], second[k]), max(first[k], second[k])
        known.add(np.int64(low) * people + high)
    for k in range(pairs):
        if draws.uniform(seed, stream, draws.REWIRING, k, 0) >= share:
            continue
        for attempt in range(1, 40):
            luck = draws.uniform(seed, stream, draws.REWIRING, k, attempt)
            a, b = first[k], second[k]
            if keep_degree:
                m = int(luck * pairs)
                c, d = first[m], second[m]
            else:
                m = k
                c, d = a, np.int32(luck * people)
            new1 = np.int64(min(a, d)) * people + max(a, d)
            new2 = np.int64(min(c, b)) * people + max(c, b)
            if a == d or new1 in known:
                continue
            if keep_degree and (m == k or c == b or new2 in known or new1 == new2):
                continue
            known.remove(np.int64(min(a, b)) * people + max(a, b))
            known.add(new1)
            if keep_degree:
                known.remove(np.int64(min(c, d)) * people + max(c, d))
                known.add(new2)
                second[m] = b
            second[k] = d
            break


@rule
def draw_ties(
    key: Array,
    role: Array,
    department: Array,
    team: Array,
    boss: Array,
    department_start: Array,
    seed: int,
    stream: int,
    wiring: Wiring,
) -> tuple[Array, Array]:
    """Return the ties of one organisation, of whatever kind; see :func:`ties_of_pairs`."""
    people = key.size
    if wiring.kind == 0:
        first, second = team_pairs(
            key, role, department, team, boss, department_start, seed, stream, wiring
        )
    elif wiring.kind == 2:
        first, second = ring_pairs(people, int(wiring.degree))
    elif wiring.kind == 3:
        first, second = ring_pairs(people, int(wiring.degree))
        rewire(people, first, second, wiring.rewiring, wiring.keep_degree, seed, stream)
    elif wiring.kind == 4:
        first, second = random_pairs(people, wiring.degree, seed, stream)
    else:
        first, second = np.empty(0, np.int32), np.empty(0, np.int32)
    return ties_of_pairs(people, first, second)
