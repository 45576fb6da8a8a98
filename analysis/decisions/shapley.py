"""What each player adds to what all reach together: Shapley values, exact or from sampled orders.

A player's share is what it adds to those before it, averaged over all orders in which players can
come. A coalition is a whole number: bit ``k`` says whether player ``k`` is in it.

Evidence
--------
Shapley (1953), A value for n-person games: the average over orders, the only one that adds up,
treats equals alike and gives nothing to who adds nothing. Owen (1977): the same where players form
unions that come together. Grabisch and Roubens (1999): the index of interaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, pairwise
from math import factorial

import numpy as np

from sim.engine.kinds import Array

Value = Callable[[int], Array]
"""What a coalition reaches, in each organisation."""

Unions = Sequence[Sequence[int]]
"""Players that come together; a player alone is a union of its own."""


def coalition(players: Sequence[int]) -> int:
    """Return the coalition of some players."""
    return sum(1 << player for player in players)


def subsets(items: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Yield all subsets, the empty one first."""
    for size in range(len(items) + 1):
        yield from combinations(items, size)


def _chance(before: int, of: int) -> float:
    """Return the chance that just these ``before`` of ``of`` players come before another [0 to 1]."""
    return factorial(before) * factorial(of - before) / factorial(of + 1)


def _before(unions: Unions, player: int) -> Iterator[tuple[int, float]]:
    """Yield who can have come before a player, and the chance of it."""
    home = next(k for k, union in enumerate(unions) if player in union)
    others = [k for k in range(len(unions)) if k != home]
    beside = [friend for friend in unions[home] if friend != player]
    for wholes in subsets(others):
        there = sum(coalition(unions[k]) for k in wholes)
        for friends in subsets(beside):
            chance = _chance(len(wholes), len(others)) * _chance(len(friends), len(beside))
            yield there | coalition(friends), chance


def needed(unions: Unions) -> list[int]:
    """Return the coalitions that :func:`exact` asks for, the empty one first and all of them last."""
    wanted = {0}
    for union in unions:
        for player in union:
            for before, _ in _before(unions, player):
                wanted |= {before, before | 1 << player}
    return sorted(wanted, key=lambda mask: (mask.bit_count(), mask))


def exact(unions: Unions, value: Value) -> Array:
    """Return the share of each player [players, ...]: of Shapley, or of Owen where some come together.

    Parameters
    ----------
    unions
        Every player once, from 0 on.
    value
        What a coalition reaches [...].

    Examples
    --------
    Two who are worth nothing alone share what they reach together; a third adds its own:

    >>> import numpy as np
    >>> worth = lambda mask: np.array(6.0 * (mask & 3 == 3) + 1.0 * (mask >> 2))
    >>> exact([[0], [1], [2]], worth).tolist()
    [3.0, 3.0, 1.0]
    """
    players = sorted(player for union in unions for player in union)
    shares = []
    for player in players:
        adds: Array = np.zeros_like(value(0), float)
        for before, chance in _before(unions, player):
            adds = adds + chance * (value(before | 1 << player) - value(before))
        shares.append(adds)
    return np.array(shares)


def interactions(players: int, value: Value) -> Array:
    """Return what pairs reach together beyond what both reach apart [players, players, ...].

    Averaged over who else is in, as a share is. Above 0 they help each other, below 0 the one
    takes the place of the other; the diagonal is 0.
    """
    empty = np.zeros_like(value(0), float)
    both = np.zeros((players, players, *empty.shape))
    for i, j in combinations(range(players), 2):
        others = [k for k in range(players) if k not in (i, j)]
        pair, index = 1 << i | 1 << j, empty.copy()
        for few in subsets(others):
            there = coalition(few)
            apart = value(there | 1 << i) + value(there | 1 << j)
            index += _chance(len(few), len(others)) * (value(there | pair) + value(there) - apart)
        both[i, j] = both[j, i] = index
    return both


def orders(unions: Unions, pairs: int, seed: int) -> list[tuple[int, ...]]:
    """Return sampled orders in which players come, each followed by its reverse.

    What a player adds early and late is so averaged within a pair: antithetic orders, with less
    variance than as many independent ones.
    """
    rng, drawn = np.random.default_rng(seed), []
    for _ in range(pairs):
        order = tuple(
            int(player)
            for k in rng.permutation(len(unions))
            for player in rng.permutation(list(unions[k]))
        )
        drawn += [order, order[::-1]]
    return drawn


def along(order: Sequence[int]) -> list[int]:
    """Return the coalitions that form as players come, the empty one first."""
    masks = [0]
    for player in order:
        masks.append(masks[-1] | 1 << player)
    return masks


def sampled(some: Sequence[Sequence[int]], value: Value) -> Array:
    """Return what each player adds in orders that come in pairs [pairs, players, ...].

    The mean over pairs is an unbiased estimate of every share, and adds up to what all reach.
    """
    adds = []
    for order in some:
        masks = along(order)
        steps = [value(after) - value(before) for before, after in pairwise(masks)]
        adds.append([steps[order.index(player)] for player in range(len(order))])
    several = np.array(adds, float)
    means: Array = 0.5 * (several[0::2] + several[1::2])
    return means
