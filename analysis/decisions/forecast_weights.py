"""How well each particle fits what was observed: weights, and what is read from weighted particles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from analysis.decisions.forecast_particles import Particles
from analysis.decisions.observed import Observed
from sim.engine.kinds import Array
from sim.errors import AdoptionError, said
from sim.scenario.words import short

FLOOR: Final = 0.03
"""Standard deviation within which use and a particle agree in a month, in everybody [share]."""

EFFECTIVE: Final = 60.0
"""Fewest particles there have to be, as weights count them."""

WIDEST: Final = 4.0
"""How many times the floor may be widened, to have so many."""

STEPS: Final = 40

SELDOM: Final = 0.05
"""Share of simulated organisations below which a fit as bad is a warning."""


class Levels(NamedTuple):
    """What was observed, as shares of the people, as particles have them; M months, D groups.

    Attributes
    ----------
    kpi
        The KPI it is held against.
    months
        Months that were observed [M].
    values
        Share of the people [M].
    groups
        What groups of departments are called.
    members
        Which departments are in each [D, departments; bool].
    group_values
        Share of their people; not a number where it is not known [D, M].
    sizes
        Share of the people observed that a group has [D].
    """

    kpi: str
    months: Array
    values: Array
    groups: tuple[str, ...]
    members: Array
    group_values: Array
    sizes: Array

    @property
    def last(self) -> int:
        """The last month that was observed."""
        return int(self.months[-1])


class Fit(NamedTuple):
    """Which particles fit.

    Attributes
    ----------
    weights
        Of each particle [P; sum to 1].
    widened
        How many times the floor was widened, from 1.
    effective
        How many particles there are, as weights count them: one over the sum of their squares.
    """

    weights: Array
    widened: float
    effective: float


def levels_of(observed: Observed, particles: Particles) -> Levels:
    """Return what was observed as shares of the people: who has no access yet uses nothing.

    Raises
    ------
    AdoptionError
        If it goes beyond the months simulated, or a department is not one of the scenario's.
    """
    last = particles.access.shape[1] - 1
    check_before(observed, last)
    whole = observed.of == "people"
    access = particles.access[:, observed.months]
    members = _members(observed, particles)
    matched: Array = np.asarray(members.any(axis=1))
    weights = members * particles.heads
    with np.errstate(invalid="ignore", divide="ignore"):
        within = weights @ access[1:] / weights.sum(axis=1)[:, None]
        sizes = (
            np.nanmean(observed.group_base / observed.base, axis=1) if matched.any() else matched
        )
    values = observed.share * (1.0 if whole else access[0])
    group_values = observed.group_share * (1.0 if whole else within)
    return Levels(
        observed.source.kpi,
        observed.months,
        values,
        tuple(name for name, there in zip(observed.groups, matched, strict=True) if there),
        members[matched],
        group_values[matched],
        np.asarray(sizes, float)[matched],
    )


def check_before(observed: Observed, end: int) -> None:
    """Raise AdoptionError if months were observed in which a scenario has ended."""
    if observed.last >= end:
        raise AdoptionError(
            said(
                "observed: found month {month}, expected months before {end}, where the scenario ends: set "
                "simulation.months",
                month=observed.last,
                end=end,
            )
        )


def _members(observed: Observed, particles: Particles) -> Array:
    """Return which departments of the scenario are in each group observed [D, departments].

    None where the file knows none of them, or only a part of what the scenario tells as one.
    """
    members = np.zeros((len(observed.groups), len(particles.departments)), bool)
    parts = [name.casefold().split(" + ") for name in particles.departments]
    home = {part: k for k, several in enumerate(parts) for part in several}
    listed = [name for names in observed.groups.values() for name in names]
    strange = [name for name in listed if name.casefold() not in home]
    if len(strange) == len(listed):
        return members
    if strange:
        raise AdoptionError(
            said(
                "observed: found department '{name}', expected one of: {known}",
                name=short(strange[0]),
                known=", ".join(particles.departments),
            )
        )
    for row, names in zip(members, observed.groups.values(), strict=True):
        inside = {name.casefold() for name in names}
        places = {home[name] for name in inside}
        if inside == {part for k in places for part in parts[k]}:
            row[list(places)] = True
    return members


def misfit(particles: Particles, levels: Levels) -> Array:
    """Return by how much each particle misses what was observed: squares in units of the floor [P].

    Where departments are known they stand for the whole: the smaller one is, the wider its floor, so
    that all of them together weigh as much as the whole does.
    """
    ahead = particles.curves[levels.kpi][:, levels.months] - levels.values
    by_month = (ahead / FLOOR) ** 2
    if not levels.groups:
        missed: Array = by_month.sum(axis=1)
        return missed
    known = np.isfinite(levels.group_values).all(axis=0)
    weights = levels.members * particles.heads
    shares = weights / weights.sum(axis=1)[:, None]
    simulated = np.einsum("gd,pdm->pgm", shares, particles.parts[levels.kpi][:, :, levels.months])
    floor = FLOOR / np.sqrt(levels.sizes)[:, None]
    apart = (((simulated - levels.group_values) / floor) ** 2).sum(axis=1)
    both: Array = np.where(known, apart, by_month).sum(axis=1)
    return both


def effective_number(weights: Array) -> float:
    """Return how many particles weights count: one over the sum of their squares, if they sum to 1."""
    return float(1.0 / np.square(weights).sum())


def weights_of(prior: Array, missed: Array, widened: float = 1.0) -> Array:
    """Return the weights of particles for a floor that is widened [P; sum to 1].

    Parameters
    ----------
    prior
        Weights before anything was observed [P].
    missed
        Squares in units of the floor [P].
    widened
        How many times the floor is widened.
    """
    with np.errstate(divide="ignore"):
        logs = np.log(prior) - 0.5 * missed / widened**2
    weights = np.exp(logs - logs.max())
    normal: Array = weights / weights.sum()
    return normal


def weighed(prior: Array, missed: Array, least: float = EFFECTIVE, widest: float = WIDEST) -> Fit:
    """Return which particles fit, with the least floor that leaves enough of them.

    Raises
    ------
    AdoptionError
        If even the widest floor leaves too few.
    """

    def fit(widened: float) -> Fit:
        weights = weights_of(prior, missed, widened)
        return Fit(weights, widened, effective_number(weights))

    near, far = fit(1.0), fit(widest)
    if near.effective >= least:
        return near
    if far.effective < least:
        raise AdoptionError(
            said(
                "no forecast: only {fit:,.0f} simulated organisations fit what was observed, even within "
                "{points:.0f} points in each month, and {least:,.0f} are needed. What was done may be other than "
                "the scenario says: its months, its measures, or who had access",
                fit=far.effective,
                points=100.0 * FLOOR * widest,
                least=least,
            )
        )
    low, high = 1.0, widest
    for _ in range(STEPS):
        middle = float(np.sqrt(low * high))
        low, high = (low, middle) if fit(middle).effective >= least else (middle, high)
    return fit(high)


def surprise(particles: Particles, levels: Levels, number: int = 200) -> float:
    """Return the share of simulated organisations that fit the others as badly as what was observed.

    Departments do not count here: it is whether the whole fits.

    Each of some particles is held against all others as if it had been observed. Where hardly any
    fits as badly, the scenario is not what was done.

    Parameters
    ----------
    particles, levels
        All of them, and what was observed.
    number
        Particles that are tried.
    """
    curves = particles.curves[levels.kpi][:, levels.months]
    which, times = chosen(particles.prior, number)
    own = _evidence(particles.prior, ((curves - levels.values) / FLOOR) ** 2)
    others = [
        _evidence(
            np.where(np.arange(len(curves)) == some, 0.0, particles.prior),
            ((curves - curves[some]) / FLOOR) ** 2,
        )
        for some in np.repeat(which, times)
    ]
    return float(np.mean(np.array(others) <= own))


def _evidence(prior: Array, squares: Array) -> float:
    """Return the logarithm of the mean likelihood, up to a constant."""
    logs = -0.5 * squares.sum(axis=1)
    most = logs.max()
    return float(most + np.log((prior * np.exp(logs - most)).sum()))


def within_reach(particles: Particles, levels: Levels) -> None:
    """Raise unless some particle comes near what was observed in each month.

    Raises
    ------
    AdoptionError
        If what was observed lies outside what any particle does.
    """
    reached = particles.curves[levels.kpi][particles.prior > 0.0][:, levels.months]
    low, high = reached.min(axis=0), reached.max(axis=0)
    for k, month in enumerate(levels.months):
        if not low[k] - FLOOR <= levels.values[k] <= high[k] + FLOOR:
            raise AdoptionError(
                said(
                    "no forecast: in month {month} {share:.0f} % was observed, and none of {number:,} simulated "
                    "organisations lies outside {low:.0f} to {high:.0f} %. What was done may be other than the "
                    "scenario says: its months, its measures, or who had access",
                    month=int(month),
                    share=100.0 * levels.values[k],
                    number=len(reached),
                    low=100.0 * low[k],
                    high=100.0 * high[k],
                )
            )


def quantiles(values: Array, weights: Array, shares: Sequence[float]) -> Array:
    """Return weighted quantiles over the first axis: the least value with at least such a share below it.

    Parameters
    ----------
    values
        [P] or [P, M].
    weights
        Of each particle [P; sum to 1].
    shares
        Quantiles [Q; 0 to 1].

    Returns
    -------
    numpy.ndarray
        [Q] or [Q, M].
    """
    there = weights > 0.0
    columns = values[there].reshape(int(there.sum()), -1)
    order = np.argsort(columns, axis=0, kind="stable")
    summed = np.cumsum(weights[there][order], axis=0)
    ordered = np.take_along_axis(columns, order, axis=0)
    marks, last = np.asarray(shares) - 1e-12, len(ordered) - 1
    places = np.array([np.minimum(np.searchsorted(column, marks), last) for column in summed.T]).T
    several = np.take_along_axis(ordered, places, axis=0)
    return several if values.ndim > 1 else several[:, 0]


def chosen(weights: Array, number: int) -> tuple[Array, Array]:
    """Return particles drawn by their weights, at even distances: which, and how often each.

    Parameters
    ----------
    weights
        Of each particle [P; sum to 1].
    number
        How many are drawn.
    """
    marks = (np.arange(number) + 0.5) / number
    places = np.minimum(np.searchsorted(np.cumsum(weights), marks), len(weights) - 1)
    which, times = np.unique(places, return_counts=True)
    return which, times
