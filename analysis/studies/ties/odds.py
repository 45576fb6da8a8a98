"""Odds within strata: Mantel and Haenszel's ratio, and who starts next, with intervals.

People of one organisation, department and month are compared with each other only, so that neither
a keen organisation nor a late month can pass for contagion.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from sim.engine.kinds import Array

RESAMPLES: Final = 2000
"""Times that organisations are drawn anew for an interval."""


class Ratio(NamedTuple):
    """A ratio of sums over organisations with its 95 % interval; not a number where there is none."""

    value: float
    low: float
    high: float


def mantel_haenszel(seen: Array, unseen: Array) -> tuple[Array, Array]:
    """Return both parts of the pooled odds ratio of starting, summed over strata.

    Parameters
    ----------
    seen, unseen
        People who did not start and who did [..., strata, 2]: with, and without, using colleagues.

    Returns
    -------
    tuple
        Numerator and denominator [...]; their ratio, added up over whatever else, is the odds ratio
        of Mantel and Haenszel (1959). Strata without both kinds of people add nothing.
    """
    total = seen.sum(axis=-1) + unseen.sum(axis=-1)
    weight = 1.0 / np.maximum(total, 1)
    above = (seen[..., 1] * unseen[..., 0] * weight).sum(axis=-1)
    below = (seen[..., 0] * unseen[..., 1] * weight).sum(axis=-1)
    return above, below


def concordance(counts: Array) -> tuple[Array, Array]:
    """Return in how many pairs the one who starts sees more use, and how many pairs there are.

    Parameters
    ----------
    counts
        People who did not start and who did, by what they see [..., strata, seen, 2].

    Returns
    -------
    tuple
        Both [...], over pairs within a stratum; equals count half. Their ratio is the area under the
        curve that tells how well the number of using colleagues says who starts next: .5 is not
        at all.
    """
    stay, start = (counts[..., k].astype(float) for k in (0, 1))
    fewer = np.cumsum(stay, axis=-1) - 0.5 * stay
    right = (start * fewer).sum(axis=(-1, -2))
    pairs = (start.sum(axis=-1) * stay.sum(axis=-1)).sum(axis=-1)
    return right, pairs


def ratio(above: Array, below: Array, seed: int) -> Ratio:
    """Return the ratio of two sums over organisations, and the middle 95 % over resampled ones.

    Parameters
    ----------
    above, below
        What each organisation adds to either sum [organisations].
    seed
        Seed of the resampling.
    """
    drawn = np.random.default_rng(seed).multinomial(
        above.size, np.full(above.size, 1.0 / above.size), RESAMPLES
    )
    value = _divided(np.array([above.sum()]), np.array([below.sum()]))[0]
    again = _divided(drawn @ above, drawn @ below)
    again = again[~np.isnan(again)]
    if np.isnan(value) or not again.size:
        return Ratio(np.nan, np.nan, np.nan)
    low, high = np.quantile(again, [0.025, 0.975], method="nearest")  # may be infinite
    return Ratio(float(value), float(low), float(high))


def _divided(above: Array, below: Array) -> Array:
    """Return quotients: infinite where only the divisor is nothing, not a number where both are."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio: Array = above / below
    return ratio
