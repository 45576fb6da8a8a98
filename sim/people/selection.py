"""Who is chosen as champion: one rule per way of choosing.

Every way gives each eligible employee a score, or a place in a line; ties are broken by luck that
belongs to the person. The same people are chosen whatever else differs between two scenarios.
"""

from __future__ import annotations

from typing import Final, get_args

import numpy as np

from sim import draws, rules
from sim.elementary import total
from sim.engine import entry
from sim.engine.kinds import I8, TRUE, U4, Array
from sim.parameters import Numbers, Parameters, as_record
from sim.scenario.measure import Selection
from sim.state import EMPLOYEE, NOBODY, Staff

SELECTION: Final = get_args(Selection)
VOLUNTEERS: Final = SELECTION.index("volunteers")
MOST_CONNECTED: Final = SELECTION.index("most_connected")
BEST_BRIDGE: Final = SELECTION.index("best_bridge")
NOMINATED: Final = SELECTION.index("nominated")
PER_DEPARTMENT: Final = SELECTION.index("per_department")
GREEDY: Final = SELECTION.index("greedy")
NAMED: Final = SELECTION.index("named")

# Names of luck under draws.CHAMPION; index 1 belongs to leaders who commit.
FAVOUR: Final = 0
ASKED: Final = 2
NOMINATION: Final = 3
PIVOT: Final = 4

ASKED_SHARE: Final = 0.25
"""Share of the employees who are asked to nominate a colleague."""

PIVOTS: Final = 100
"""People from whom shortest paths start where an organisation is too large for all."""

EXACT: Final = 200
"""Size up to which they start from everybody."""


def choose(
    people: Array,
    start: Array,
    other: Array,
    eligible: Array,
    wanted: int,
    *,
    selection: int,
    p: Parameters,
    seed: int,
    stream: int,
    threat: int = 0,
) -> Array:
    """Return who is chosen: as many eligible employees as are wanted, or all if they are fewer.

    ``random``: by chance. ``volunteers``: who expects most of the tool and feels least
    threatened. ``most_connected``: who has most ties. ``best_bridge``: through whom most shortest
    paths between others go. ``nominated``: whom colleagues name. ``per_department``: each
    department its part, in each the most willing. ``greedy``: one after the other, who adds most
    people not reached yet. ``named``: who is eligible was named.

    Parameters
    ----------
    people
        Table of dtype ``PEOPLE``.
    start, other
        Ties, as :func:`sim.networks.ties_of_pairs` returns them; none are stored where everybody
        notices everybody, and ways that look at ties then choose by chance.
    eligible
        Whether each person may be chosen; leaders never are.
    wanted
        Number of people wanted.
    selection
        Position in ``SELECTION``.
    p
        Numbers of the rules.
    seed, stream
        Name of the organisation's chance.
    threat
        How threats are felt: position in ``rules.THREAT``.

    Returns
    -------
    numpy.ndarray
        Whether each person is chosen.
    """
    able = (people["role"] == EMPLOYEE) & np.asarray(eligible, np.bool_)
    wanted = min(int(np.count_nonzero(able)), wanted)
    favour = lots(people["key"], FAVOUR, seed, stream)
    value, scale = np.zeros(people.size), 1.0
    if selection in (VOLUNTEERS, PER_DEPARTMENT):
        value, scale = willingness(people, as_record(p), threat), 1e-9
    elif selection == MOST_CONNECTED:
        value = np.diff(start).astype(float)
    elif selection == BEST_BRIDGE:
        value, scale = betweenness(start, other, path_ends(people, seed, stream)), 1e-9
    elif selection == NOMINATED:
        value = nominations(people, start, other, able, seed, stream)
    line = ranked(np.where(able, value + scale * favour, -np.inf))
    if selection == GREEDY:
        chosen: Array = covering(start, other, line, able, wanted)
        return chosen
    chosen = np.zeros(people.size, np.bool_)
    if selection == PER_DEPARTMENT:
        places = seats(people["department"], able, wanted)
        for department, size in enumerate(places.tolist()):
            here = line[able[line] & (people["department"][line] == department)]
            chosen[here[:size]] = True
    else:
        chosen[line[:wanted]] = True
    return chosen


def ranked(scores: Array) -> Array:
    """Return the rows from the highest score to the lowest; of equal ones the earlier row first."""
    return np.argsort(-scores, kind="stable")


@entry
def lots(keys: U4, index: int, seed: int, stream: int) -> Array:
    """Return the luck of everybody in a draw for champions [people]."""
    luck = np.empty(keys.size)
    for i in range(keys.size):
        luck[i] = draws.uniform(seed, stream, draws.CHAMPION, keys[i], index)
    return luck


@entry
def willingness(people: Staff, record: Numbers, threat: int) -> Array:
    """Return how much more everybody expects of the tool than feels threatened [people]."""
    value = np.empty(people.size)
    for i in range(people.size):
        value[i] = people[i].expectation - rules.felt_threat(people[i], record[0], threat)
    return value


def path_ends(people: Array, seed: int, stream: int) -> Array:
    """Return the rows from which shortest paths are followed: all, or some drawn by chance."""
    if people.size <= EXACT:
        return np.arange(people.size)
    return ranked(lots(people["key"], PIVOT, seed, stream))[:PIVOTS]


@entry
def betweenness(start: I8, other: U4, ends: I8) -> Array:
    """Return for how many pairs of others each person is on the way, by shortest paths.

    A pair with several shortest paths counts in parts (Freeman 1977; the algorithm is Brandes
    2001). Where paths are followed from some people only, the count is an estimate (Brandes and
    Pich 2007).

    Parameters
    ----------
    start, other
        Ties of the organisation.
    ends
        Rows from which paths are followed.
    """
    size = start.size - 1
    total = np.zeros(size)
    steps = np.empty(size, np.int64)
    paths = np.empty(size)
    share = np.empty(size)
    queue = np.empty(size, np.int64)
    weight = 0.5 * size / max(1, ends.size)
    for source in ends:
        for i in range(size):
            steps[i] = NOBODY
            paths[i] = 0.0
            share[i] = 0.0
        steps[source], paths[source], queue[0] = 0, 1.0, source
        head, tail = 0, 1
        while head < tail:
            i = queue[head]
            head += 1
            for k in range(start[i], start[i + 1]):
                j = other[k]
                if steps[j] == NOBODY:
                    steps[j] = steps[i] + 1
                    queue[tail] = j
                    tail += 1
                if steps[j] == steps[i] + 1:
                    paths[j] += paths[i]
        for place in range(tail - 1, 0, -1):
            i = queue[place]
            passed_on = (1.0 + share[i]) / paths[i]
            for k in range(start[i], start[i + 1]):
                j = other[k]
                if steps[j] == steps[i] - 1:
                    share[j] += paths[j] * passed_on
            total[i] += weight * share[i]
    return total


@entry
def nominations(people: Staff, start: I8, other: U4, able: TRUE, seed: int, stream: int) -> Array:
    """Return how often each person is named: some employees name one colleague each.

    Everybody asked draws one of the own ties. Well-connected people are at the end of more ties,
    so they are named more often, though nobody has seen the network.
    """
    named = np.zeros(people.size)
    for i in range(people.size):
        key = people[i].key
        if people[i].role != EMPLOYEE or (
            draws.uniform(seed, stream, draws.CHAMPION, key, ASKED) >= ASKED_SHARE
        ):
            continue
        best, most = np.int64(NOBODY), -1.0
        for k in range(start[i], start[i + 1]):
            j = np.int64(other[k])
            if able[j]:
                luck = draws.uniform(
                    seed, stream, draws.CHAMPION, key, NOMINATION, other=people[j].key
                )
                if luck > most:
                    best, most = j, luck
        if best != NOBODY:
            named[best] += 1.0
    return named


def seats(department: Array, able: Array, wanted: int) -> Array:
    """Return the champions of each department: by size, at least one each while they last.

    By largest remainder; the largest departments come first where there are too few for all.
    """
    members = np.bincount(department[able], minlength=int(department.max()) + 1).astype(float)
    taken = np.zeros(members.size, np.int64)
    first = ranked(members)[: min(wanted, int(np.count_nonzero(members)))]
    taken[first] = 1
    due = members * wanted / max(1.0, total(members))
    for _ in range(wanted - first.size):
        taken[np.argmax(due - taken)] += 1
    return taken


@entry
def covering(start: I8, other: U4, line: I8, able: TRUE, wanted: int) -> Array:
    """Return who is chosen one after the other for adding most people not reached yet.

    A person reaches himself or herself and all colleagues. The first of a line is taken of those
    who add equally many, and who comes next in it when everybody is reached. What somebody adds
    never grows, so one walk along the line settles everybody who adds most, and the next walk
    looks for the next lower number. The set reaches at least 63 % of what the best one would
    (Nemhauser and others 1978).
    """
    size = start.size - 1
    chosen = np.zeros(size, np.bool_)
    reached = np.zeros(size, np.bool_)
    adds = np.zeros(size, np.int64)
    level = np.int64(0)
    for i in range(size):
        adds[i] = 1 + start[i + 1] - start[i]
        if able[i]:
            level = max(level, adds[i])
    count = 0
    while count < wanted:
        following = np.int64(0)
        for i in line:
            if count == wanted or not able[i] or chosen[i]:
                continue
            if adds[i] < level:
                following = max(following, adds[i])
                continue
            chosen[i] = True
            count += 1
            for k in range(start[i] - 1, start[i + 1]):
                j = np.int64(i if k < start[i] else other[k])
                if not reached[j]:
                    reached[j] = True
                    adds[j] -= 1
                    for m in range(start[j], start[j + 1]):
                        adds[other[m]] -= 1
        level = following
    return chosen
