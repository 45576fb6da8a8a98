"""What theory says: closed forms and recursions, written without looking at the engine.

Shares are on [0, 1], time is in months, and nothing here imports ``sim``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from scipy.optimize import brentq
from scipy.stats import binom, norm, poisson

from sim.engine.kinds import Array

# --- Diffusion in a well-mixed population ---------------------------------------------------


def bass(month: Array | float, p: float, q: float) -> Array:
    """Return the share of adopters in Bass (1969), innovation ``p`` and imitation ``q`` a month."""
    fading = np.exp(-(p + q) * np.asarray(month, float))
    share: Array = (1.0 - fading) / (1.0 + q / p * fading)
    return share


def logistic(month: Array | float, beta: float, first: float) -> Array:
    """Return the share infected when everybody meets everybody and nobody recovers."""
    share: Array = 1.0 / (1.0 + (1.0 / first - 1.0) * np.exp(-beta * np.asarray(month, float)))
    return share


def steps_of(change: Callable[[float], float], first: float, steps: int) -> Array:
    """Return a share at steps 0, 1, 2, ... of a map."""
    share = [first]
    for _ in range(steps):
        share.append(change(share[-1]))
    return np.array(share)


def adoption_map(
    p: float, q: float, parts: int = 1, hazard: bool = True, stop: float = 0.0
) -> Callable[[float], float]:
    """Return what one synchronous part of a month makes of the share of users.

    Parameters
    ----------
    p, q
        Rate of starting alone, and added by full use around [1/month].
    parts
        Parts of a month.
    hazard
        Whether a rate ``r`` happens with chance ``1 - exp(-r / parts)``, or with ``r / parts``.
    stop
        Rate of stopping [1/month].
    """

    def chance(rate: float) -> float:
        return -math.expm1(-rate / parts) if hazard else rate / parts

    return lambda share: share + (1.0 - share) * chance(p + q * share) - share * chance(stop)


def in_turn_map(p: float, q: float, parts: int = 1) -> Callable[[float], float]:
    """Return what a part of a month makes of the share of users if people act one after another.

    Whoever acts at a share ``t`` of the part is a non-user with the same chance as at its
    beginning and sees the users there are by then: ``dx/dt = (1 - x(0)) (1 - exp(-(p + q x)))``.
    """

    def step(first: float) -> float:
        def speed(share: float) -> float:
            return (1.0 - first) * -math.expm1(-(p + q * share) / parts)

        share, pieces = first, 20
        for _ in range(pieces):  # Runge and Kutta, fourth order
            length = 1.0 / pieces
            k1 = speed(share)
            k2 = speed(share + 0.5 * length * k1)
            k3 = speed(share + 0.5 * length * k2)
            k4 = speed(share + length * k3)
            share += length / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
        return share

    return step


def bass_chain(people: int, p: float, q: float, months: int) -> tuple[Array, Array]:
    """Return the exact mean and standard deviation of the share of adopters, month by month.

    Everybody sees the others, not oneself. The number of adopters is then a Markov chain with
    binomial steps, small enough to carry its whole distribution along.
    """
    count = np.arange(people + 1)
    chance = -np.expm1(-(p + q * count / (people - 1)))
    step = np.array([binom.pmf(count - now, people - now, min(chance[now], 1.0)) for now in count])
    distribution = np.zeros(people + 1)
    distribution[0] = 1.0
    mean, spread = [], []
    for _ in range(months + 1):
        average = float(distribution @ count)
        mean.append(average / people)
        spread.append(math.sqrt(float(distribution @ (count - average) ** 2)) / people)
        distribution = distribution @ step
    return np.array(mean), np.array(spread)


def two_state(month: int, start: float, stop: float) -> float:
    """Return the share of users from none, when a month is one step of fixed chances."""
    return float(start / (start + stop) * (1.0 - (1.0 - start - stop) ** month))


# --- Thresholds ------------------------------------------------------------------------------


def cascade(neighbours: Sequence[Sequence[int]], needed: Array, seeds: Sequence[int]) -> list[int]:
    """Return the number of adopters at step 0, 1, 2, ... until nobody follows any more.

    Parameters
    ----------
    neighbours
        Whom each person notices.
    needed
        Number of adopting neighbours each person asks for.
    seeds
        Who adopts at the start.
    """
    adopted = set(seeds)
    sizes = [len(adopted)]
    while True:
        followers = [
            one
            for one, circle in enumerate(neighbours)
            if one not in adopted and sum(other in adopted for other in circle) >= needed[one]
        ]
        if not followers:
            return sizes
        adopted.update(followers)
        sizes.append(len(adopted))


def riot(thresholds: Array, first: int) -> list[int]:
    """Return the number of rioters step by step, where everybody counts everybody."""
    ordered = np.sort(thresholds)
    sizes = [first]
    while True:
        joined = int(np.searchsorted(ordered, sizes[-1], side="right"))
        if joined <= sizes[-1]:
            return sizes
        sizes.append(joined)


def normal_crowd(spread: float, mean: float = 25.0, people: float = 100.0) -> float:
    """Return where Granovetter's (1978) crowd with normal thresholds ends: the first fixed point."""

    def more(joined: float) -> float:
        return float(people * norm.cdf((joined - mean) / spread) - joined)

    grid = np.linspace(0.0, people, 400_001)
    surplus = people * norm.cdf((grid - mean) / spread) - grid
    below = np.flatnonzero(surplus < 0.0)
    if below.size == 0:
        return people
    return float(brentq(more, grid[below[0] - 1], grid[below[0]], xtol=1e-12))


def critical_spread(mean: float = 25.0, people: float = 100.0) -> float:
    """Return the spread of thresholds from which the whole of a normal crowd joins."""

    def narrowest(spread: float) -> float:
        # Between the two places where the distribution is as steep as the diagonal, the lower
        # one is where the crowd comes closest to stopping.
        peak = people / spread * norm.pdf(0.0)
        joined = mean - spread * math.sqrt(2.0 * math.log(peak))
        return float(people * norm.cdf((joined - mean) / spread) - joined)

    return float(brentq(narrowest, 10.0, 20.0, xtol=1e-12))


def everybody_parks(people: int) -> float:
    """Return the chance that independent uniform thresholds 0 to N - 1 let all adopt.

    The thresholds must form a parking function (Konheim and Weiss 1966).
    """
    return float((people + 1) ** (people - 1) / people**people)


# --- Cascades on random networks ---------------------------------------------------------------


def vulnerable_up_to(threshold: float) -> int:
    """Return the largest number of ties at which a single adopter is enough."""
    return math.floor(1.0 / threshold + 1e-9)


def watts_window(threshold: float) -> tuple[float, float] | None:
    """Return between which mean degrees one person can set off a global cascade (Watts 2002)."""
    most = vulnerable_up_to(threshold)

    def surplus(degree: Any) -> Any:
        return degree * poisson.cdf(most - 2, degree) - 1.0

    grid = np.linspace(0.5, 30.0, 3000)
    above = grid[surplus(grid) > 0.0]
    if above.size == 0:
        return None
    step = grid[1] - grid[0]
    low = brentq(surplus, above[0] - step, above[0], xtol=1e-12)
    high = brentq(surplus, above[-1], above[-1] + step, xtol=1e-12)
    return float(low), float(high)


def chance_of_global_cascade(degree: float, threshold: float) -> float:
    """Return the chance that one random adopter sets off a global cascade, Poisson degrees.

    It does if one of the ties leads into the giant cluster of people whom a single adopter
    convinces; a tie leads to somebody with Poisson(z) *further* ties.
    """
    further = np.arange(vulnerable_up_to(threshold))
    likely = poisson.pmf(further, degree)
    leads, before = 1.0, 2.0
    while before - leads > 1e-13:
        leads, before = float(likely @ (1.0 - (1.0 - leads) ** further)), leads
    return 1.0 - math.exp(-degree * leads)


def cascade_size(degree: float, threshold: float, seeds: float) -> float:
    """Return the final share of adopters from a share of random seeds (Gleeson & Cahalane 2007)."""
    ties = np.arange(80)
    common = poisson.pmf(ties, degree)
    needed = np.maximum(np.ceil(threshold * np.arange(81) - 1e-9), 1.0)

    def follow(one: float, further: int) -> float:
        """Share convinced by their ties, each of which leads to an adopter with chance ``one``.

        Whoever is found along a tie has ``further`` = 1 tie more, which does not convince.
        """
        return float(common @ binom.sf(needed[ties + further] - 1.0, ties, one))

    one, before = seeds, -1.0
    while abs(one - before) > 1e-11:
        one, before = seeds + (1.0 - seeds) * follow(one, further=1), one
    return seeds + (1.0 - seeds) * follow(one, further=0)


def ring_steps(people: int, degree: int, needed: int, seeds: int) -> int:
    """Return the steps in which two fronts cover a ring lattice from a block of seeds."""
    front = degree // 2 - needed + 1
    return math.ceil((people - seeds) / (2 * front))


def swapped_ring(people: int, degree: int, swaps: int, rng: np.random.Generator) -> list[list[int]]:
    """Return whom each person notices on a ring in which pairs of ties swapped their far ends."""
    ties = [
        (one, (one + far) % people) for far in range(1, degree // 2 + 1) for one in range(people)
    ]
    known = {frozenset(tie) for tie in ties}
    while swaps:
        first, second = rng.choice(len(ties), 2)
        (a, b), (c, d) = ties[first], ties[second]
        if rng.random() < 0.5:
            c, d = d, c
        fresh = {frozenset((a, d)), frozenset((c, b))}
        if len({a, b, c, d}) < 4 or fresh & known:
            continue
        known -= {frozenset((a, b)), frozenset((c, d))}
        known |= fresh
        ties[first], ties[second] = (a, d), (c, b)
        swaps -= 1
    circles: list[list[int]] = [[] for _ in range(people)]
    for a, b in ties:
        circles[a].append(b)
        circles[b].append(a)
    return circles


def ring_clustering(degree: int) -> float:
    """Return the clustering of a ring lattice (Watts and Strogatz 1998)."""
    return 3.0 * (degree - 2) / (4.0 * (degree - 1))


# --- Dividing money -----------------------------------------------------------------------------


def best_split(weight: Array, rate: Array, budget: float) -> tuple[Array, float, float]:
    """Return the budget of each use, their value, and what one more unit would add.

    The value is the sum of ``weight * (1 - exp(-rate * budget))``; at the best split one more
    unit adds the same in every use that gets any.
    """

    def given(marginal: float) -> Array:
        amounts: Array = np.maximum(0.0, np.log(weight * rate / marginal) / rate)
        return amounts

    def missing(log_marginal: float) -> float:
        return float(given(math.exp(log_marginal)).sum() - budget)

    most = math.log(float((weight * rate).max()))
    marginal = math.exp(brentq(missing, most - 60.0, most, xtol=1e-14))
    amounts = given(marginal)
    return amounts, float((weight * -np.expm1(-rate * amounts)).sum()), marginal


# --- Learning, habit, memory -------------------------------------------------------------------


def between_two_rates(month: float, up: float, down: float, first: float = 0.0) -> float:
    """Return a share that rises by ``up`` of what is missing and falls by ``down`` each month."""
    settles = up / (up + down)
    return float(settles + (first - settles) * (1.0 - up - down) ** month)


def habit(days: float, time: float) -> float:
    """Return the strength of a habit after so many daily repetitions (Lally et al. 2010)."""
    return -math.expm1(-days / time)


def adstock(doses: Sequence[float], lasting: float) -> list[float]:
    """Return what is left of doses each month, a share of it lasting to the next."""
    return [
        sum(dose * lasting ** (month - given) for given, dose in enumerate(doses[: month + 1]))
        for month in range(len(doses))
    ]
