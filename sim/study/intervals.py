"""Intervals of means: of one by the t distribution, of a whole curve by the greatest of correlated t."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.engine.kinds import Array

CONFIDENCE: Final = 0.95
DRAWS: Final = 10_000
SEED: Final = 20_260_101
AT_ONCE: Final = 4_000_000


def t_quantile(freedom: float | Array, confidence: float = CONFIDENCE) -> Array:
    """Return how many standard errors the t interval of a mean reaches to either side.

    Parameters
    ----------
    freedom
        Degrees of freedom: one less than there are values.
    confidence
        Chance that the interval holds the mean [0 to 1].

    Examples
    --------
    >>> round(float(t_quantile(9.0)), 3), round(float(t_quantile(1e9)), 2)
    (2.262, 1.96)
    """
    from scipy.special import stdtrit

    quantile: Array = stdtrit(freedom, (1.0 + confidence) / 2.0)
    return quantile


def half_width(values: Array) -> Array:
    """Return half the t interval of the mean of each row of values [..., values], or of one row."""
    count = values.shape[-1]
    half: Array = t_quantile(count - 1.0) * values.std(axis=-1, ddof=1) / count**0.5
    return half


def critical(rows: Array, freedom: float, confidence: float = CONFIDENCE) -> float:
    """Return how many standard errors a band reaches that holds all of several means at once.

    The quantile of the greatest absolute value of a multivariate t distribution (max-t), by Gaussian
    multipliers with a fixed seed. For a single mean it is that of the t distribution.

    Parameters
    ----------
    rows
        What each organisation adds to the error of each mean [organisations, means]: the covariance
        of the means is ``rows.T @ rows``. Means that do not vary, or are not a number, are left
        out of account.
    freedom
        Degrees of freedom of the variances.
    confidence
        Chance that all are held [0 to 1].

    Examples
    --------
    >>> round(critical(np.eye(1), 1e9), 2), round(critical(np.eye(10), 1e9), 1)
    (1.96, 2.8)
    """
    alone = float(t_quantile(freedom, confidence))
    errors = np.sqrt((rows * rows).sum(axis=0))
    moves = errors > 1e-12 * float(np.nanmax(errors, initial=0.0))  # and none that is not a number
    if moves.sum() < 2:
        return alone
    scaled = rows[:, moves] / errors[moves]
    if scaled.shape[0] > scaled.shape[1]:
        scaled = np.linalg.qr(scaled, mode="r")  # the same covariance with fewer rows
    rng = np.random.default_rng(SEED)
    part = max(1, min(DRAWS, AT_ONCE // scaled.shape[1]))
    top = np.concatenate(
        [
            np.abs(rng.standard_normal((min(part, DRAWS - first), len(scaled))) @ scaled).max(
                axis=1
            )
            for first in range(0, DRAWS, part)
        ]
    )
    top /= np.sqrt(rng.chisquare(freedom, DRAWS) / freedom)
    return max(alone, float(np.quantile(top, confidence)))


def shares_of_error(values: Array) -> Array:
    """Return what each row of some values adds to the error of their mean [rows, ...].

    The squares of a column add up to the variance of its mean.
    """
    count = values.shape[0]
    shares: Array = (values - values.mean(axis=0)) / np.sqrt(count * (count - 1.0))
    return shares
