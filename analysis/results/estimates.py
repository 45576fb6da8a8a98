"""A number with the interval that parameters, or organisations, leave around it.

Values come as [vectors, organisations, ...]: some parameter vectors, and under each of them some
organisations of its own. With a single vector the interval is of the mean over organisations.
With several it is of the parameters: where the middle nine tenths of the vectors lie.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np

from sim.engine.kinds import Array
from sim.study.intervals import t_quantile

Statistic = Callable[..., float]

"""Of the interval of a mean over organisations."""

MIDDLE: Final = 0.90
"""Share of the parameter vectors that lie within their interval."""


class Estimate(NamedTuple):
    """A number with its interval.

    Attributes
    ----------
    value
        Mean over vectors; with a single one, its value.
    low, high
        Ends of the interval; not a number where nothing can be said.
    known
        Share of the vectors in which there is such a number at all [0 to 1].
    """

    value: float
    low: float
    high: float
    known: float = 1.0


def estimate(statistic: Statistic, *values: Array) -> Estimate:
    """Return a statistic with its interval.

    Parameters
    ----------
    statistic
        Takes the values of one vector, organisations first, and returns a number.
    values
        Each [vectors, organisations, ...], all with the same organisations.

    Returns
    -------
    Estimate
        See :func:`of_vectors`; for a single vector :func:`of_organisations`.
    """
    vectors = values[0].shape[0]
    if vectors == 1:
        return of_organisations(statistic, *(array[0] for array in values))
    statistics = [statistic(*(array[v] for array in values)) for v in range(vectors)]
    half = values[0].shape[1] // 2
    parts = [
        (
            statistic(*(array[v][:half] for array in values)),
            statistic(*(array[v][half:] for array in values)),
        )
        for v in range(vectors if half else 0)
    ]
    return of_vectors(statistics, parts)


def of_vectors(
    values: Sequence[float] | Array, halves: Sequence[tuple[float, float]] = ()
) -> Estimate:
    """Return mean and middle nine tenths of what some parameter vectors give.

    Each vector is seen in a few organisations only, and what they add to the spread between
    vectors is taken out again: the values are drawn towards their mean until their variance is
    that of the parameters alone. So the interval does not depend on how many organisations were
    affordable. It is never narrower than the 90 % interval of the mean itself, within
    what the vectors give.

    Parameters
    ----------
    values
        One value for each vector; not a number where it has none.
    halves
        The same from either half of each vector's organisations: their differences say how much
        the choice of organisations moves a value.

    Examples
    --------
    >>> of_vectors([0.1 * number for number in range(21)])
    Estimate(value=1.0, low=0.1, high=1.9, known=1.0)
    """
    known = np.asarray(values, float)
    here = np.isfinite(known)
    if not here.any():
        return Estimate(math.nan, math.nan, math.nan, 0.0)
    mean = float(known[here].mean())
    kept = 1.0
    if halves and here.sum() > 1:
        pairs = np.asarray(halves, float)
        apart = np.diff(pairs[np.isfinite(pairs).all(axis=1)], axis=1)
        spread = float(known[here].var(ddof=1))
        # A half varies twice as much as the whole, the difference of two halves four times.
        luck = float((apart * apart).mean()) / 4.0 if apart.size else 0.0
        kept = math.sqrt(max(0.0, 1.0 - luck / spread)) if spread > 0.0 else 0.0
    ends = np.quantile(mean + kept * (known[here] - mean), [0.5 - MIDDLE / 2, 0.5 + MIDDLE / 2])
    number = int(here.sum())
    if number > 1:
        error = math.sqrt(float(known[here].var(ddof=1)) / number)
        least = float(t_quantile(number - 1.0, MIDDLE)) * error
        # Nor wider than what any vector gives, so that shares stay shares.
        ends = np.array(
            [
                min(ends[0], max(mean - least, known[here].min())),
                max(ends[1], min(mean + least, known[here].max())),
            ]
        )
    low, high = (float(f"{end:.12g}") for end in ends)
    return Estimate(float(f"{mean:.12g}"), low, high, float(here.mean()))


def of_organisations(statistic: Statistic, *values: Array) -> Estimate:
    """Return a statistic of some organisations with the 95 % interval the jackknife gives.

    Of a mean it is the t interval.
    """
    count = values[0].shape[0]
    whole = statistic(*values)
    known = float(math.isfinite(whole))
    if count < 2:
        return Estimate(whole, math.nan, math.nan, known)
    kept = ~np.eye(count, dtype=bool)
    without = np.array([statistic(*(array[keep] for array in values)) for keep in kept])
    scatter = without - without.mean()
    half = float(
        t_quantile(count - 1.0) * math.sqrt((count - 1) / count * float((scatter * scatter).sum()))
    )
    return Estimate(whole, whole - half, whole + half, known)
