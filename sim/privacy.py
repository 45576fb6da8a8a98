"""What may be told of real people: decided here, once, and the same for every page that tells it.

Two things keep people unknown, whatever is simulated, compared or subtracted afterwards:

- **What is known of single people is not used** (:func:`facts_of`). Pay, hours, skill, worries,
  archetypes and use of AI become means and shares of disjoint sets of people, each of at least
  five who said something. Nothing behind this page reads anything else, so no result, no
  difference of results and no row of any table can tell more than these means.
- **Groups that are told are one family** (:func:`family_of`). Departments and teams nest and end
  in pieces of at least five people, rests included; roles and teams cross, and are made coarser
  until no sum and difference of them holds fewer than five people. Of a size that is not told at
  least three values remain possible for whoever knows this page.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from sim.engine.kinds import Array
from sim.errors import said
from sim.state import EMPLOYEE, NOBODY, ROLES

LEAST: Final = 5
"""Fewest real people a group has that is told; a scenario may ask for more, never for fewer."""
NEAR: Final = 3
"""Groups so little larger than the least go first where a small one cannot stand alone."""
OPEN: Final = 3
"""Values that remain possible of a size that is not told."""
EVERYBODY: Final = "everybody"
LEADERS: Final = "leaders"
MOST_NAMES: Final = 3


# --- Sizes ---------------------------------------------------------------------------------


def together(sizes: Sequence[int], least: int = LEAST) -> list[int]:
    """Return which of some groups are told as one, none where all are large enough.

    All that are smaller than ``least`` go together; where they are too few, or their total would
    give a size away, also those hardly larger, the smallest first; then one of the largest, which
    it changes least. So of those of ``least`` + 3 or more all but one stay nearly always.

    Parameters
    ----------
    sizes
        People in each group whose total is known; empty ones are nobody's secret.
    least
        People a group must have to be told.

    Examples
    --------
    >>> together([32, 4, 4]), together([3, 8, 12, 30]), together([8, 12])
    ([1, 2], [0, 3], [])
    """
    there = [k for k, size in enumerate(sizes) if size > 0]
    small = [k for k in there if sizes[k] < least]
    if not small:
        return []
    near = least + NEAR
    line = sorted(
        there,
        key=lambda k: (sizes[k] >= near, -_class(sizes[k]) if sizes[k] >= near else sizes[k], k),
    )
    for number in range(max(2, len(small)), len(line)):
        smallest, rest = line[:number], {k: sizes[k] for k in line[number:]}
        total = sum(sizes[k] for k in smallest)
        if total >= least and min(map(len, possible(total, smallest, rest, least))) >= OPEN:
            return sorted(smallest)
    return there


def _class(size: int) -> int:
    """Return how large a group is, roughly: sizes that double are a class apart."""
    return size.bit_length()


def possible(
    total: int, merged: Sequence[int], rest: Mapping[int, int], least: int = LEAST
) -> list[set[int]]:
    """Return the sizes that each of the groups told as one can have, by the rule of this page.

    Only ways to come about that need no second thought are counted, so there may be more.

    Parameters
    ----------
    total, merged
        People in the groups told as one, and which groups these are.
    rest
        Sizes of the groups that are told by themselves.
    least
        People a group must have to be told.
    """
    others, near = len(merged) - 1, least + NEAR
    sizes = {x for x in range(1, least) if others <= total - x <= others * (least - 1)}
    left = [set(sizes) for _ in merged]
    nearest = min((size for size in rest.values() if size < near), default=near)
    largest = max(map(_class, rest.values()), default=0)
    first = min((k for k, size in rest.items() if _class(size) == largest), default=0)
    for small in range(others, least):  # all but one are small, and too few by themselves
        last = total - small
        smalls = range(1 if others > 1 else small, small - others + 2)
        for place, k in enumerate(merged):
            comes = _class(last) > largest or (_class(last) == largest and k < first)
            if least <= last < nearest or (last >= near == nearest and comes):
                left[place].add(last)
                for other in {*range(len(merged))} - {place}:
                    left[other] |= set(smalls)
    return left


def told(sizes: Mapping[str, int], least: int = LEAST) -> dict[str, int]:
    """Return sizes of groups as anyone may see them: small ones together, empty ones left out.

    Examples
    --------
    >>> told({"sales": 32, "legal": 4, "staff": 4})
    {'sales': 32, 'legal + staff': 8}
    """
    names = list(sizes)
    merged = together([sizes[name] for name in names], least)
    apart = {
        name: size for k, (name, size) in enumerate(sizes.items()) if size > 0 and k not in merged
    }
    if merged:
        apart[
            _joined([names[k] for k in merged], len(merged) == len(apart) + len(merged), "other")
        ] = sum(sizes[names[k]] for k in merged)
    return apart


def rounded(ties: Array, least: int = LEAST) -> Array:
    """Return numbers of ties as anyone may see them: to the nearest five, few as one."""
    shown: Array = np.where(ties < least, np.minimum(ties, 1.0), 5.0 * np.rint(ties / 5.0))
    return shown


def several(people: int, of: int) -> str:
    """Return a number of people as a note may say it: neither few nor all but a few are counted.

    Examples
    --------
    >>> several(12, 40), several(3, 40), several(39, 40), several(40, 40)
    ('12 people', 'a few people', 'nearly everybody', 'everybody')
    """
    if people == of:
        return said("everybody")
    if of - people < LEAST <= people:
        return said("nearly everybody")
    return said("{number:,} people", number=people) if people >= LEAST else said("a few people")


def _joined(names: Sequence[str], all_of_them: bool, other: str) -> str:
    if all_of_them:
        return EVERYBODY
    return " + ".join(names) if len(names) <= MOST_NAMES else other


# --- Groups --------------------------------------------------------------------------------


class Kind(NamedTuple):
    """Groups of one kind, as they are told.

    Attributes
    ----------
    names
        What they are called.
    place
        The group of each person [people]; of archetypes the group of each archetype.
    """

    names: tuple[str, ...]
    place: Array


class Family(NamedTuple):
    """Every group of an organisation that may be told.

    Attributes
    ----------
    department, team, role
        Groups of people; those of teams are the pieces that those of departments consist of.
    archetype
        Groups of archetypes, as they are dealt to people.
    archetypes
        People of each group of archetypes, those that are drawn at their usual share.
    """

    department: Kind
    team: Kind
    role: Kind
    archetype: Kind
    archetypes: Array

    def kind(self, name: str) -> Kind:
        """Return the groups of a kind by its name."""
        groups: Kind = getattr(self, name)
        return groups


def family_of(
    departments: Sequence[str],
    teams: Sequence[str],
    department: Array,
    team: Array,
    role: Array,
    *,
    archetypes: Mapping[str, int],
) -> Family:
    """Return the groups of an organisation that may ever be told.

    Parameters
    ----------
    departments, teams
        Names.
    department, team, role
        Of each person, as in :mod:`sim.state`; a team, where there is one, is in one department.
    archetypes
        People of each archetype.
    """
    without = [f"{name} / no team" for name in departments]
    piece = np.where(team == NOBODY, department, len(departments) + team)
    family = Family(
        Kind(tuple(departments), department),
        Kind((*without, *teams), piece),
        Kind(ROLES, np.asarray(role)),
        Kind(tuple(archetypes), np.arange(len(archetypes))),
        np.array(list(archetypes.values()), np.int64),
    )
    return coarser(family, LEAST)


def coarser(family: Family, least: int) -> Family:
    """Return a family whose groups have more people: each consists of whole groups of the first."""
    upper = _merged(family.department, least, "other departments")
    pieces = family.team
    sizes = np.bincount(pieces.place, minlength=len(pieces.names))
    parent = np.full(sizes.size, -1)
    parent[pieces.place] = upper.place
    names, moved = list(pieces.names), np.arange(sizes.size)
    order = np.argsort(parent, kind="stable")
    for inside in np.split(order, np.flatnonzero(np.diff(parent[order])) + 1):
        merged = together(sizes[inside].tolist(), least)
        if merged:
            whole = len(merged) == np.count_nonzero(sizes[inside])
            above = upper.names[parent[inside[merged[0]]]]
            names.append(above if whole else f"{above} / other teams")
            moved[inside[merged]] = len(names) - 1
    finest = _tidy(Kind(tuple(names), moved[pieces.place]))
    role = _merged(family.role, least, EVERYBODY)
    if least_support(finest.place, role.place) < least and ROLES[EMPLOYEE] in family.role.names:
        leads = family.role.place != family.role.names.index(ROLES[EMPLOYEE])
        role = _tidy(Kind((ROLES[EMPLOYEE], LEADERS), leads.astype(np.int64)))
    if least_support(finest.place, role.place) < least:
        role = Kind((EVERYBODY,), np.zeros_like(role.place))
    members = np.repeat(np.arange(family.archetypes.size), family.archetypes)
    kinds = _merged(Kind(family.archetype.names, members), least, "other archetypes", True)
    joint = _classes(family.archetype, members, kinds)
    return Family(upper, finest, role, *joint)


def _merged(kind: Kind, least: int, other: str, keep_empty: bool = False) -> Kind:
    """Return a kind in which what is too small is one group."""
    sizes = np.bincount(kind.place, minlength=len(kind.names)).tolist()
    merged = together(sizes, least)
    if not merged:
        return kind if keep_empty else _tidy(kind)
    name = _joined([kind.names[k] for k in merged], len(merged) == sum(map(bool, sizes)), other)
    place = np.where(np.isin(kind.place, merged), len(kind.names), kind.place)
    grouped = Kind((*kind.names, name), place)
    return grouped if keep_empty else _tidy(grouped)


def _tidy(kind: Kind) -> Kind:
    """Return a kind without groups nobody is in, in the order of the first of their people."""
    there, first, place = np.unique(kind.place, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    rank = np.argsort(order, kind="stable")
    return Kind(tuple(kind.names[k] for k in there[order]), rank[place])


def _classes(before: Kind, members: Array, after: Kind) -> tuple[Kind, Array]:
    """Return the group of each archetype, and the people of each group."""
    moved = {int(member): int(other) for member, other in zip(members, after.place, strict=True)}
    where = [moved.get(int(k), int(k)) for k in before.place]
    kept = sorted(set(where))
    names = tuple(after.names[k] for k in kept)
    sizes = np.array([int(np.count_nonzero(after.place == k)) for k in kept], np.int64)
    return Kind(names, np.array([kept.index(k) for k in where])), sizes


def least_support(finest: Array, role: Array) -> float:
    """Return the fewest people a sum of groups of two crossing kinds can be made to hold.

    A sum of groups gives each cell a value; those of one value on both sides cancel out. So what
    is left over is a cut of the graph of cells, and the smallest cut is the answer.

    Parameters
    ----------
    finest, role
        Group of each person, of few groups the second [people].
    """
    cells = np.zeros((int(finest.max()) + 1, int(role.max()) + 1))
    np.add.at(cells, (finest, role), 1)
    rows = cells.sum(axis=1)
    best = float(min(rows[rows > 0].min(), cells.sum(axis=0)[cells.sum(axis=0) > 0].min()))
    for size in range(1, cells.shape[1]):
        for side in itertools.combinations(range(cells.shape[1]), size):
            here = cells[:, list(side)].sum(axis=1)
            cut = float(np.minimum(here, rows - here).sum())
            if cut > 0:
                best = min(best, cut)
    return best


def splits(mask: Array, kind: Kind) -> list[str]:
    """Return the groups of a kind that a set of people has a part of, not the whole."""
    size = len(kind.names)
    here = np.bincount(kind.place[mask], minlength=size)
    whole = np.bincount(kind.place, minlength=size)
    return [kind.names[k] for k in np.flatnonzero((here > 0) & (here < whole))]


def crossing(family: Family, least: int) -> Array:
    """Return the groups of departments in which roles may be told apart [departments].

    Those in which every role in every piece has enough people; and none if what is left of the
    roles elsewhere would be too few.
    """
    finest, role, upper = family.team.place, family.role.place, family.department.place
    cells = np.zeros((len(family.team.names), len(family.role.names)), np.int64)
    np.add.at(cells, (finest, role), 1)
    thin: Array = np.any((cells > 0) & (cells < least), axis=1)
    apart = np.ones(len(family.department.names), np.bool_)
    apart[upper[thin[finest]]] = False
    rest = ~apart[upper]
    if rest.any() and least_support(finest[rest], role[rest]) < least:
        apart[:] = False
    return apart


# --- Facts ---------------------------------------------------------------------------------


class Means(NamedTuple):
    """What sets of people said on average.

    Attributes
    ----------
    place
        The set of each person [people].
    value
        Mean of those who said something [sets], or a share of each of several [sets, kinds].
    said, people
        How many said something, and how many there are [sets].
    """

    place: Array
    value: Array
    said: Array
    people: Array


class Facts(NamedTuple):
    """All that is used of what a file says of people; None where too few said anything.

    Attributes
    ----------
    weekly_hours, hourly_cost, skill
        [hour/week], [euro/hour], [0 to 1].
    threats
        The four threats [0 to 1].
    uses
        Share who use AI every week, those of whom it is not said among the others.
    archetypes
        Share of each archetype.
    own
        How much stronger people feel the threat that is their own than another, as a ratio.
    """

    weekly_hours: Means | None
    hourly_cost: Means | None
    skill: Means | None
    threats: tuple[Means | None, ...]
    uses: Means | None
    archetypes: Means | None
    own: float


def facts_of(
    family: Family,
    role: Array,
    weekly_hours: Array,
    hourly_cost: Array,
    skill: Array,
    *,
    threats: Array,
    uses: Array,
    archetype: Array,
    kinds: int,
) -> Facts:
    """Return what is used of a file: means of sets of at least five people who said something.

    Leaders are told apart from others. Among each, people of a team are a set, where fewer than
    five said something, those of a department, and else of the organisation. Each person is in
    one set, and a set has one mean: sums of them hold whole sets.

    Parameters
    ----------
    family
        Groups that are told.
    role, weekly_hours, hourly_cost, skill, threats, uses, archetype
        As :class:`sim.scenario.imports.Imported` has them [people; threats: people, 4].
    kinds
        Number of archetypes.
    """
    levels = (role != EMPLOYEE, family.department.place, family.team.place)

    def means(values: Array, said: Array | None = None) -> Means | None:
        blank: Array = np.any(np.isnan(values.reshape(len(values), -1)), axis=1)
        known: Array = ~blank if said is None else said
        place = _sets(known, levels)
        return None if place is None else _means(place, values, known)

    shares = np.full((role.size, kinds), np.nan)
    typed = archetype != NOBODY
    shares[typed] = np.eye(kinds)[archetype[typed]]
    anybody = np.full(role.size, bool(np.any(uses != NOBODY)))
    facts = Facts(
        means(weekly_hours),
        means(hourly_cost),
        means(skill),
        tuple(means(threats[:, k]) for k in range(threats.shape[1])),
        means(uses == 1, anybody),
        means(shares),
        1.0,
    )
    return facts._replace(own=_own(facts, threats, archetype))


def _sets(known: Array, levels: Sequence[Array]) -> Array | None:
    """Return a set for each person, in which enough said something; None if too few did at all."""
    if np.count_nonzero(known) < LEAST:
        return None
    place = _crossed(levels, known.size)
    for depth in range(len(levels) - 1, -1, -1):
        small = np.bincount(place, known, place.max() + 1)[place] < LEAST
        place = np.where(small, place.max() + 1 + _crossed(levels[:depth], known.size), place)
        _, place = np.unique(place, return_inverse=True)
    said = np.bincount(place, known)
    few = np.flatnonzero(said < LEAST)
    if few.size:  # at most one: who is left over goes to the largest set, which it changes least
        place = np.where(place == few[0], np.argmax(said), place)
    _, place = np.unique(place, return_inverse=True)
    return np.asarray(place)


def _crossed(levels: Sequence[Array], people: int) -> Array:
    """Return a number for each combination of groups, in order of the first kind, then the next."""
    place = np.zeros(people, np.int64)
    for level in levels:
        _, place = np.unique(place * (int(level.max()) + 1) + level, return_inverse=True)
    return place


def _means(place: Array, values: Array, known: Array) -> Means:
    """Return the means of sets, the same on every platform."""
    said = np.bincount(place, known).astype(int)
    columns = np.asarray(values, float).reshape(place.size, -1)[known]
    total = [np.bincount(place[known], column, said.size) for column in columns.T]
    means = np.array(total).T / said[:, None]
    return Means(place, means if np.ndim(values) == 2 else means[:, 0], said, np.bincount(place))


def _own(facts: Facts, threats: Array, archetype: Array) -> float:
    """Return how much stronger people feel the own threat, 1 where that could tell one apart."""
    known = ~np.isnan(threats).any(axis=1) & (archetype >= 0) & (archetype < threats.shape[1])
    if facts.archetypes is None or np.count_nonzero(known) < LEAST:
        return 1.0
    cells = np.zeros((int(facts.archetypes.place.max()) + 1, threats.shape[1]))
    np.add.at(cells, (facts.archetypes.place[known], archetype[known]), 1)
    if (cells.sum(axis=1) - cells.max(axis=1)).sum() < LEAST:
        return 1.0
    own = float(threats[known, archetype[known]].cumsum()[-1])
    other = (float(threats[known].cumsum()[-1]) - own) / (threats.shape[1] - 1)
    return own / other if own > other > 0.0 else 1.0


def with_more(means: Means | None, least: int) -> Means | None:
    """Return means of larger sets, each of whole sets of the first; None if too few said anything."""
    if means is None or means.said.sum() < least:
        return None
    group = np.arange(means.said.size)
    small = means.said < least
    if not small.any():
        return means
    group[small] = -1
    if means.said[small].sum() < least:
        others = np.where(small, np.iinfo(np.int64).max, means.said)
        group[np.argmin(others)] = -1
    _, group = np.unique(group, return_inverse=True)
    said = np.bincount(group, means.said).astype(int)
    each = (-1, *[1] * (means.value.ndim - 1))
    value = np.zeros((said.size, *means.value.shape[1:]))
    np.add.at(value, group, means.value * means.said.reshape(each))
    value /= said.reshape(each)
    people = np.bincount(group, means.people).astype(int)
    return Means(group[means.place], value, said, people)
