"""Where something happens: the box of circumstances in which it is most frequent, by patient peeling.

PRIM (Friedman and Fisher, 1999): of all cases, again and again the thin slice goes whose loss helps
most. A search among so many slices finds something in any noise; what counts is how dense the box is
in cases that it has not seen, so a box is never shown without that.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from sim.engine.kinds import Array
from sim.errors import AdoptionError

PEEL: Final = 0.1
"""Share of the cases in the box that a slice takes."""

LEAST: Final = 0.1
"""Share of all cases that a box keeps at least."""

ENOUGH: Final = 0.95
"""Part of its standard errors that a box keeps without a limit that can be dropped."""

CLEAR: Final = 2.0
"""Standard errors by which a box is denser in cases it has not seen, to be more than noise."""


NOTABLE: Final = 2.0
"""Factor by which a box raises the odds that it happens, to be worth a word."""


Limits = dict[int, tuple[float, float]]
"""Low and high by number of a feature."""

Cases = tuple[Array, Array, Array]
"""Features, how far it happens, and clusters of some cases."""


class Seen(NamedTuple):
    """A box in some cases.

    Attributes
    ----------
    density
        Share of the cases in the box in which it happens [0 to 1].
    coverage
        Share of all in which it happens that lie in the box [0 to 1].
    support
        Share of the cases that lie in the box [0 to 1].
    everywhere
        Share of all cases in which it happens [0 to 1].
    lift
        Standard errors by which it happens more often in the box than outside it.
    """

    density: float
    coverage: float
    support: float
    everywhere: float
    lift: float


class Box(NamedTuple):
    """Between which values of some features something is most frequent.

    Attributes
    ----------
    limits
        Low and high by number of the feature, infinite where that side is open; the feature whose
        limits do most, of all cases together, comes first.
    seen, unseen
        What it holds of the cases it was found in, and of others. Believe the second.
    """

    limits: Limits
    seen: Seen
    unseen: Seen

    @property
    def clear(self) -> bool:
        """Whether it is denser in cases it has not seen, by more than chance."""
        return bool(self.limits) and self.unseen.lift >= CLEAR

    @property
    def holds(self) -> bool:
        """Whether it is so clearly, and by so much that something rests on it."""
        inside, all_of_them = self.unseen.density, self.unseen.everywhere
        odds = inside * (1.0 - all_of_them) >= NOTABLE * all_of_them * (1.0 - inside)
        return self.clear and odds


def inside(features: Array, limits: Limits) -> Array:
    """Return which cases lie in a box, its ends included [cases, bool]."""
    here = np.ones(len(features), bool)
    for feature, (low, high) in limits.items():
        here &= (features[:, feature] >= low) & (features[:, feature] <= high)
    return here


def seen_in(features: Array, happens: Array, clusters: Array, limits: Limits) -> Seen:
    """Return what a box holds of some cases; those of a cluster count as one in its standard error."""
    here = inside(features, limits)
    count, total, everywhere = int(here.sum()), float(happens.sum()), float(happens.mean())
    held, outside = float(happens[here].sum()), len(happens) - count
    lift = 0.0
    if count and outside:
        apart = (happens - everywhere) * np.where(here, 1.0 / count, -1.0 / outside)
        error = float(np.sqrt((np.bincount(clusters, apart) ** 2).sum()))
        difference = held / count - (total - held) / outside
        lift = difference / error if error > 0.0 else 0.0
    return Seen(
        density=held / count if count else 0.0,
        coverage=held / total if total else 0.0,
        support=count / len(happens),
        everywhere=everywhere,
        lift=lift,
    )


def prim(
    features: Array,
    happens: Array,
    unseen: Array,
    clusters: Array | None = None,
    *,
    peel: float = PEEL,
    least: float = LEAST,
) -> Box:
    """Return the box in which something is most frequent, found in some cases and held against others.

    Slices are peeled off until the least share of the cases is left. Of the boxes on that way, the one
    that is densest in standard errors is taken, and limits without which it is hardly worse are dropped.

    Parameters
    ----------
    features
        What the cases are like [cases, features]; none may be not a number.
    happens
        How far it happens in each case [cases; 0 to 1].
    unseen
        Cases the box is held against; it is found in the others [cases, bool].
    clusters
        Number from 0 of what cases have in common, such as their vector of parameters; by default
        nothing. All cases of a cluster are to be on one side.
    peel
        Share of the cases in the box that a slice takes.
    least
        Share of the cases that a box keeps at least.

    Raises
    ------
    AdoptionError
        If there are no cases on one of the sides.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> cases = rng.random((400, 5))
    >>> box = prim(cases, cases[:, 3] > 0.7, np.arange(400) % 2 > 0)
    >>> list(box.limits), box.unseen.density > 0.9
    ([3], True)
    """
    happens = np.asarray(happens, float)
    if unseen.all() or not unseen.any():
        raise AdoptionError("a box needs cases to be found in, and others to be held against")
    clusters = np.arange(len(happens)) if clusters is None else clusters
    mine = features[~unseen], happens[~unseen], clusters[~unseen]
    limits: Limits = {}
    best, height = limits, 0.0
    while (peeled := _peeled(mine[0], mine[1], limits, peel)) is not None:
        seen = seen_in(*mine, peeled)
        if seen.support < least:
            break
        limits = peeled
        if seen.lift > height:
            best, height = limits, seen.lift
    best = _in_order((features, happens, clusters), _pruned(mine, best))
    others = features[unseen], happens[unseen], clusters[unseen]
    return Box(best, seen_in(*mine, best), seen_in(*others, best))


def _peeled(features: Array, happens: Array, limits: Limits, peel: float) -> Limits | None:
    """Return the box without the slice whose loss helps most; None if none can go."""
    here = inside(features, limits)
    there, best = float("-inf"), None
    for feature in range(features.shape[1]):
        values = features[here, feature]
        low, high = limits.get(feature, (-np.inf, np.inf))
        bottom, top = np.quantile(values, [peel, 1.0 - peel]) if values.size else (low, high)
        above, below = values[values > bottom], values[values < top]
        sides = []  # the slice takes what is equal to its end too, so that few values can be peeled
        if 0 < above.size < values.size:
            sides.append((values > bottom, (float(above.min()), high)))
        if 0 < below.size < values.size:
            sides.append((values < top, (low, float(below.max()))))
        for kept, ends in sides:
            density = float(happens[here][kept].mean())
            if density > there:
                there, best = density, {**limits, feature: ends}
    return best


def _without(cases: Cases, limits: Limits, feature: int) -> float:
    """Return the standard errors of a box without the limits of a feature."""
    left = {other: ends for other, ends in limits.items() if other != feature}
    return seen_in(*cases, left).lift


def _pruned(cases: Cases, limits: Limits) -> Limits:
    """Return a box without limits that hardly do anything."""
    left = dict(limits)
    while left:
        weakest = max(left, key=lambda feature: _without(cases, left, feature))
        if _without(cases, left, weakest) < ENOUGH * seen_in(*cases, left).lift:
            break
        del left[weakest]
    return left


def _in_order(cases: Cases, limits: Limits) -> Limits:
    """Return a box with the feature first without which it loses most."""
    return dict(sorted(limits.items(), key=lambda limit: _without(cases, limits, limit[0])))
