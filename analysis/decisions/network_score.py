"""Whether people take AI up after tied colleagues used it: a score test among people who are alike.

Those who did not use AI last month are held against each other on whether they do this month: people of
the same department and month, whose bosses did the same, and who have as many champions around them.
What counts is how many tied colleagues used it last month, the first more than the fifth.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from scipy.sparse import csr_array

from sim.engine.kinds import Array
from sim.errors import AdoptionError
from sim.state import NOBODY

HALF: Final = 1.7
"""Using colleagues at whom their pull is half of what it can be, as with the model's own numbers."""

FEWEST: Final = 1e-9
"""Below this a spread is none."""

CHAMPIONS: Final = 2
"""Champions around somebody that are told apart: more count as so many."""


class Circle(NamedTuple):
    """Who has ties with whom, and who works where under whom.

    Attributes
    ----------
    ties
        Weight of each tie [people, people], without those to the own boss and to champions: whom
        these move is another question.
    department, boss
        Of each person; -1 for a boss whom nobody knows [people].
    leads
        Whether somebody reports to each [people].
    coached
        How many champions each has a tie with, at most ``CHAMPIONS``; one more than that for
        champions themselves [people]. 0 for all where nobody knows who they are.
    """

    ties: csr_array
    department: Array
    boss: Array
    leads: Array
    coached: Array


class Score(NamedTuple):
    """The score of colleagues' use.

    Attributes
    ----------
    value
        Sum of what everybody adds over its robust standard error: above 0 where people take AI up
        after tied colleagues used it. 0 where nothing is left to compare.
    compared
        Person-months without use the month before that have somebody to be compared with.
    starts
        In how many of these AI was used.
    """

    value: float
    compared: int
    starts: int


def circle_of(
    pairs: Array,
    department: Array,
    boss: Array,
    *,
    weight: Array | None = None,
    champions: Array | None = None,
) -> Circle:
    """Return the circle of everybody from mutual ties.

    Parameters
    ----------
    pairs
        Both ends of each tie, each pair once [ties, 2].
    department, boss
        Of each person; -1 for nobody [people].
    weight
        Weight of each tie, by default 1 [ties].
    champions
        Who is a champion, where that is known [people, bool].

    Raises
    ------
    AdoptionError
        If there is no tie, or an end of one is not among the people.
    """
    people = department.size
    pairs = np.asarray(pairs, np.int64).reshape(-1, 2)
    if not len(pairs):
        raise AdoptionError("ties: found none, expected at least one between two people")
    if pairs.min() < 0 or pairs.max() >= people:
        raise AdoptionError(f"ties: found row {pairs.max()}, expected 0 to {people - 1}")
    boss = np.asarray(boss, np.int64)
    known = np.zeros(people, np.bool_) if champions is None else champions
    rows, columns = np.concatenate([pairs, pairs[:, ::-1]]).T
    values = np.tile(np.ones(len(pairs)) if weight is None else np.asarray(weight, float), 2)
    around = np.bincount(rows, known[columns], people).astype(np.int64)
    kept = (boss[rows] != columns) & ~known[columns]
    leads = np.zeros(people, np.bool_)
    leads[boss[boss != NOBODY]] = True
    return Circle(
        csr_array((values[kept], (rows[kept], columns[kept])), shape=(people, people)),
        np.asarray(department, np.int64),
        boss,
        leads,
        np.where(known, CHAMPIONS + 1, np.minimum(around, CHAMPIONS)),
    )


def score(used: Array, seen: Array, circle: Circle) -> Score:
    """Return how far people take AI up after their circle used it the month before.

    Parameters
    ----------
    used
        Whether each used AI in a month [people, months].
    seen
        Whether that is known [people, months]; what is not known counts nowhere.
    circle
        Ties, departments, bosses and champions.

    Returns
    -------
    Score
        That of a linear model of use this month within strata, for those without use last month,
        given their share of earlier months with use, how many ties they have, and whether they
        lead. What a person adds in all months is one number before its variance is taken.
    """
    used = (used & seen).astype(float)
    known = seen.astype(float)
    before, there = used[:, :-1], known[:, :-1]
    users = circle.ties @ before
    around = circle.ties @ there
    earlier = np.cumsum(before, axis=1) / np.maximum(np.cumsum(there, axis=1), 1.0)
    leads = np.broadcast_to(circle.leads[:, None].astype(float), before.shape)
    rows = (around > 0.0) & (known[:, 1:] > 0.0) & (there > 0.0) & (before == 0.0)
    person = np.nonzero(rows)[0]
    stratum = np.unique(_strata(circle, before, there)[rows], return_inverse=True)[1]
    pull = users[rows] / (users[rows] + HALF)
    now = used[:, 1:][rows]
    values = (now, pull, earlier[rows], np.log1p(around[rows]), leads[rows])
    own, circles, *others = _apart(stratum, *values)
    parts = np.bincount(person, _rest(own, others) * _rest(circles, others), used.shape[0])
    spread = math.sqrt(float(parts @ parts))
    alone = np.bincount(stratum) > 1 if stratum.size else np.zeros(0, np.bool_)
    compared = alone[stratum]
    value = float(parts.sum()) / spread if spread > FEWEST else 0.0
    return Score(value, int(compared.sum()), int(now[compared].sum()))


def _strata(circle: Circle, before: Array, there: Array) -> Array:
    """Return everybody's stratum: department, boss, champions, month [people, months]."""
    months = before.shape[1]
    led = circle.boss != NOBODY
    boss = np.where(led, circle.boss, 0)
    did = np.where(led[:, None] & (there[boss] > 0.0), 1 + (before[boss] > 0.0), 0)
    place = circle.department * (CHAMPIONS + 2) + circle.coached
    strata: Array = (place[:, None] * 3 + did) * months + np.arange(months)
    return strata


def _apart(stratum: Array, *values: Array) -> list[Array]:
    """Return values as distances from the mean of their stratum."""
    size = np.maximum(np.bincount(stratum), 1)
    return [value - (np.bincount(stratum, value) / size)[stratum] for value in values]


def _rest(value: Array, others: list[Array]) -> Array:
    """Return what is left of values when a straight line in others is taken out."""
    table = np.stack(others, axis=1)
    line = np.linalg.lstsq(table.T @ table, table.T @ value, rcond=FEWEST)[0]
    rest: Array = value - table @ line
    return rest
