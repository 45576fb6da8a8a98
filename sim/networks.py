"""Who notices whom: one function per kind of network, and the sparse table they become.

Every kind returns pairs of people who notice each other; :func:`ties_of_pairs` sorts them into a
table that costs memory in proportion to people and ties. Chance is drawn by name, so the tie of
two people does not depend on who else works there.
"""

from __future__ import annotations

import math
from collections import namedtuple
from typing import Any, Final, NamedTuple

import numpy as np

from sim import draws
from sim.elementary import exp, log
from sim.engine import entry, rule
from sim.engine.kinds import I8, U4, Array
from sim.errors import AdoptionError, said
from sim.state import EMPLOYEE, NOBODY

KINDS: Final = (
    "teams",
    "complete",
    "ring",
    "small_world",
    "random",
    "none",
    "scale_free",
    "block",
    "imported",
)
KIND: Final[Any] = namedtuple("Kinds", KINDS)(*range(len(KINDS)))
"""Number of each kind of network: ``KIND.ring``, which compiled code knows too."""
DRAWN: Final = tuple(kind for kind in KINDS if kind != "imported")
"""What a scenario may ask for."""
ATTEMPTS: Final = 8
FAR: Final = 4e18
"""Pairs skipped where a tie is rarer than numbers can say."""

FREE: Final = -1
GONE: Final = -2
"""Places in a table of ties: never taken, and taken before. More are free than ties can be added."""

USUAL_SIZE: Final = 140
"""People up to whom the ties across teams are as many as asked for."""
GROWTH: Final = 0.15
"""How much more they become, and how much more uneven, per unit of the log of size above that."""


class Wiring(NamedTuple):
    """Numbers of a network, as a scenario file says them (``organisation.network``)."""

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
    mixed = np.empty(2 * first.size, np.uint32)
    for k in range(first.size):
        a, b = first[k], second[k]
        mixed[fill[a]] = b
        fill[a] += 1
        mixed[fill[b]] = a
        fill[b] += 1
    # Ties are mutual, so writing row i into the rows it names, in order of i, sorts them all.
    for i in range(people):
        fill[i] = start[i]
    other = np.empty(mixed.size, np.uint32)
    for i in range(people):
        for k in range(start[i], start[i + 1]):
            j = mixed[k]
            other[fill[j]] = i
            fill[j] += 1
    kept = 0
    begin = start[0]
    for i in range(people):
        end = start[i + 1]
        start[i] = kept
        for k in range(begin, end):
            if kept == start[i] or other[kept - 1] != other[k]:
                other[kept] = other[k]
                kept += 1
        begin = end
    start[people] = kept
    return start, other[:kept]


@rule
def grown(array: Array, size: int) -> Array:
    """Return a longer array that begins with the same entries."""
    longer = np.empty(size, array.dtype)
    for k in range(array.size):
        longer[k] = array[k]
    return longer


@rule
def place(cumulative: Array, low: int, high: int, aim: float) -> int:
    """Return the row from ``low`` to ``high - 1`` in whose stretch of a running sum ``aim`` lies."""
    while high - low > 1:
        middle = (low + high) // 2
        if cumulative[middle] <= aim:
            low = middle
        else:
            high = middle
    return low


@rule
def team_pairs(
    staff: Array, department_start: Array, seed: int, stream: int, wiring: Wiring
) -> tuple[Array, Array]:
    """Return the pairs of an organisation of teams: near-cliques, the line, ties across.

    A lead knows the whole team; every leader knows the own boss; people notice colleagues
    outside the team in proportion to both their sociability, part of them inside the department.
    Above ``USUAL_SIZE`` people the ties across become a little more numerous and more uneven, as
    paths would otherwise grow longer than they are in real firms.

    Parameters
    ----------
    staff
        Table of dtype ``PEOPLE``; people of a department, and of a team, stand together.
    department_start
        First row of each department, and the number of people at the end.
    seed, stream
        Name of the organisation's chance.
    wiring
        Numbers of the network.

    Evidence
    --------
    L43 : degree, clustering and paths as in real organisations, from 50 to 1000 people.
    """
    people = staff.size
    growth = 1.0 + GROWTH * log(max(1.0, people / USUAL_SIZE))
    cross_ties, spread = growth * wiring.cross_ties, growth * wiring.sociability_spread
    cumulative = np.empty(people + 1)
    cumulative[0] = 0.0
    for i in range(people):
        w0, w1, _, _ = draws.block(seed, stream, draws.CROSS_TIES, staff[i].key, 0, index=0)
        bell = draws.normal(draws.unit(w0), draws.unit(w1))
        cumulative[i + 1] = cumulative[i] + exp(spread * bell)
    per_unit = 0.5 * cross_ties * people / cumulative[people]

    size = int(people * (7.0 + cross_ties)) + 64
    first = np.empty(size, np.int32)
    second = np.empty(size, np.int32)
    count = 0
    for i in range(people):
        if count + people + 1024 > first.size:
            first = grown(first, 2 * first.size + people + 1024)
            second = grown(second, first.size)
        if staff[i].boss != NOBODY and staff[i].role != EMPLOYEE:
            first[count] = i
            second[count] = staff[i].boss
            count += 1
        if staff[i].team != NOBODY:
            j = i + 1
            while j < people and staff[j].team == staff[i].team:
                known = staff[i].role != EMPLOYEE or staff[j].role != EMPLOYEE
                low, high = min(staff[i].key, staff[j].key), max(staff[i].key, staff[j].key)
                if known or (
                    draws.uniform(seed, stream, draws.TEAM_TIE, low, 0, other=high)
                    < wiring.team_ties
                ):
                    first[count] = i
                    second[count] = j
                    count += 1
                j += 1
        expected = (cumulative[i + 1] - cumulative[i]) * per_unit
        wanted = int(expected + draws.uniform(seed, stream, draws.CROSS_TIES, staff[i].key, 2))
        wanted = min(wanted, 1000)
        for tie in range(wanted):
            inside = (
                draws.uniform(seed, stream, draws.CROSS_PARTNER, staff[i].key, 16 * tie)
                < wiring.inside_department
            )
            for attempt in range(ATTEMPTS):
                anyone = attempt >= ATTEMPTS // 2
                low_row, high_row = 0, people
                if inside and not anyone:
                    low_row = department_start[staff[i].department]
                    high_row = department_start[staff[i].department + 1]
                luck = draws.uniform(
                    seed, stream, draws.CROSS_PARTNER, staff[i].key, 16 * tie + 1 + attempt
                )
                aim = cumulative[low_row] + luck * (cumulative[high_row] - cumulative[low_row])
                j = place(cumulative, low_row, high_row, aim)
                stranger = j != i and (staff[j].team != staff[i].team or staff[i].team == NOBODY)
                across = inside or staff[j].department != staff[i].department
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
        j += 1 + absent(luck, density)
        while i < people and j >= i:
            j -= i
            i += 1
        if i < people:
            if count == first.size:
                first = grown(first, 2 * count)
                second = grown(second, 2 * count)
            first[count] = i
            second[count] = j
            count += 1
    return first[:count], second[:count]


@rule
def scale_free_pairs(people: int, degree: float, seed: int, stream: int) -> tuple[Array, Array]:
    """Return the pairs of a network that grew by preferential attachment (Barabasi, Albert 1999).

    People arrive in an order drawn by chance; each notices some who are there already, in
    proportion to the ties those have. As many ties each as make ``degree`` the mean at any size;
    the number of people with ``k`` ties or more then falls with ``k`` squared.

    Evidence
    --------
    barabasi1999 : growth by preferential attachment.
    """
    order = np.arange(people)
    for i in range(people - 1, 0, -1):
        j = int(draws.uniform(seed, stream, draws.SCALE_FREE, i, 0) * (i + 1))
        order[i], order[j] = order[j], order[i]
    # The first few find fewer people than they want ties: n m - m (m + 1) / 2 = n degree / 2.
    span = people - 0.5
    each = span - math.sqrt(max(0.25, span * span - people * degree))
    size = int(people * (each + 1.0)) + 1
    first = np.empty(size, np.int32)
    second = np.empty(size, np.int32)
    met = np.zeros(people, np.int64)
    count = 0
    for i in range(1, people):
        wanted = min(i, int(each + draws.uniform(seed, stream, draws.SCALE_FREE, i, 1)))
        there, pairs, number = count, 0, 1
        while pairs < wanted:
            number += 1
            luck = draws.uniform(seed, stream, draws.SCALE_FREE, i, number)
            if wanted == i:
                j = order[pairs]
            elif there == 0:
                j = order[i - 1]
            else:  # an end of a tie drawn by chance: the more ties, the more often
                end = int(luck * 2 * there)
                j = first[end >> 1] if end & 1 else second[end >> 1]
            if met[j] < i:
                met[j] = i
                first[count] = order[i]
                second[count] = j
                count += 1
                pairs += 1
    return first[:count], second[:count]


@rule
def block_pairs(
    department_start: Array, degree: float, inside_department: float, seed: int, stream: int
) -> tuple[Array, Array]:
    """Return the pairs of a stochastic block model (Holland and others 1983) of departments.

    Any two people of a department notice each other with one chance, any two of different
    departments with another. Ties that do not fit into a small department are spread over those
    across, so that ``degree`` stays the mean; with one department beside the top, ask for an
    ``inside_department`` close to 1.

    Parameters
    ----------
    department_start
        First row of each department, and the number of people at the end.
    degree
        Mean number of ties per person.
    inside_department
        Share of them inside the department [0 to 1].
    seed, stream
        Name of the organisation's chance.
    """
    departments = department_start.size - 1
    people = department_start[departments]
    within, across = 0.0, 0.5 * people * (people - 1.0)
    for d in range(departments):
        members = department_start[d + 1] - department_start[d]
        within += 0.5 * members * min(inside_department * degree, members - 1.0)
        across -= 0.5 * members * (members - 1.0)
    outside = min(1.0, max(0.0, 0.5 * people * degree - within) / max(1.0, across))
    size = int(0.6 * people * degree) + 1024
    first = np.empty(size, np.int32)
    second = np.empty(size, np.int32)
    count = 0
    for d in range(departments):
        begin, end = department_start[d], department_start[d + 1]
        inside = min(1.0, inside_department * degree / max(1, end - begin - 1))
        for i in range(begin, end):
            number = 0
            for here in (True, False):
                density = inside if here else outside
                j, last = (i, end) if here else (end - 1, people)
                while density > 0.0:
                    luck = draws.uniform(seed, stream, draws.BLOCK_TIES, i, number)
                    number += 1
                    j += 1 + absent(luck, density)
                    if j >= last:
                        break
                    if count == first.size:
                        first = grown(first, 2 * count)
                        second = grown(second, 2 * count)
                    first[count] = i
                    second[count] = j
                    count += 1
    return first[:count], second[:count]


@rule
def absent(luck: float, density: float) -> int:
    """Return how many pairs are skipped before the next that has a tie."""
    if density >= 1.0:
        return 0
    if 1.0 - density == 1.0:
        return int(FAR)
    return int(min(log(luck) / log(1.0 - density), FAR))


@rule
def tie_of(first: int, other: int, people: int) -> int:
    """Return the number of the tie between two people, whichever comes first."""
    return min(first, other) * people + max(first, other)


@rule
def place_of(known: Array, tie: int) -> int:
    """Return where a tie stands in a table with free places, or where the search for it ends."""
    k = tie % known.size
    while known[k] != tie and known[k] != FREE:
        k = (k + 1) % known.size
    return k


@rule
def put(known: Array, tie: int) -> None:
    """Add a tie to the table, if it is not there yet."""
    known[place_of(known, tie)] = tie


@rule
def rewire(
    people: int,
    first: Array,
    second: Array,
    share: float,
    keep_degree: bool,
    *,
    seed: int,
    stream: int,
) -> None:
    """Move a share of the pairs in place, without self-ties and double ties.

    Watts and Strogatz (1998) move the far end of a pair to anybody; Centola and Macy (2007) let
    two pairs swap their far ends, so that nobody's number of ties changes.

    Evidence
    --------
    watts1998, centola2007 : the two ways of moving ties.
    """
    pairs = first.size
    known = np.empty(8 * pairs + 1, np.int64)
    for k in range(known.size):
        known[k] = FREE
    for k in range(pairs):
        put(known, tie_of(first[k], second[k], people))
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
                c, d = a, int(luck * people)
            new1, new2 = tie_of(a, d, people), tie_of(c, b, people)
            if a == d or known[place_of(known, new1)] == new1:
                continue
            if keep_degree and (
                m == k or c == b or new1 == new2 or known[place_of(known, new2)] == new2
            ):
                continue
            known[place_of(known, tie_of(a, b, people))] = GONE
            put(known, new1)
            if keep_degree:
                known[place_of(known, tie_of(c, d, people))] = GONE
                put(known, new2)
                second[m] = b
            second[k] = d
            break


def draw_theory_ties(
    people: int, wiring: Wiring, seed: int, stream: int, department_start: Array | None = None
) -> tuple[Array, Array]:
    """Return the ties of one organisation whose network is one of theory.

    Parameters
    ----------
    people
        Number of people.
    wiring
        Numbers of the network.
    seed, stream
        Name of the organisation's chance.
    department_start
        First row of each department, and the number of people at the end: blocks need it.
    """
    if department_start is None:
        if wiring.kind == KIND.block:
            raise AdoptionError(said("organisation.network: a network of blocks needs departments"))
        department_start = np.array([0, people], np.int64)
    return _draw_theory_ties(people, wiring, seed, stream, department_start)


@entry
def _draw_theory_ties(
    people: int, wiring: Wiring, seed: int, stream: int, department_start: I8
) -> tuple[I8, U4]:
    """Return the ties of one organisation whose network is one of theory."""
    if wiring.kind == KIND.ring:
        first, second = ring_pairs(people, int(wiring.degree))
    elif wiring.kind == KIND.small_world:
        first, second = ring_pairs(people, int(wiring.degree))
        rewire(people, first, second, wiring.rewiring, wiring.keep_degree, seed=seed, stream=stream)
    elif wiring.kind == KIND.random:
        first, second = random_pairs(people, wiring.degree, seed, stream)
    elif wiring.kind == KIND.scale_free:
        first, second = scale_free_pairs(people, wiring.degree, seed, stream)
    elif wiring.kind == KIND.block:
        first, second = block_pairs(
            department_start, wiring.degree, wiring.inside_department, seed, stream
        )
    else:
        first, second = np.empty(0, np.int32), np.empty(0, np.int32)
    return ties_of_pairs(people, first, second)
