"""Quantiles of the Beta distribution that have the same bits on every machine.

The incomplete Beta function is the continued fraction of Press and others (1992), by Lentz's
method; a quantile is found by Newton's steps within a bracket. See :mod:`sim.elementary` for why
these are not a library's.
"""

from __future__ import annotations

from typing import Final

from sim.elementary import exp, log
from sim.engine import entry, rule
from sim.engine.kinds import F8

ROUNDING: Final = 3e-16
"""What is nearer to 1 than this is 1."""

MOST: Final = 1000
"""Terms of the fraction at most; ten to thirty are usual."""

HALF_LOG_TURN: Final = 0.9189385332046728


@rule
def log_gamma(x: float) -> float:
    """Return the logarithm of the Gamma function of a positive number.

    Stirling's series from 15 on; below, the number is raised first.
    """
    product = 1.0
    while x < 15.0:  # gamma(x) = gamma(x + 1) / x
        product, x = product * x, x + 1.0
    z = 1.0 / (x * x)
    series = 1.0 / 12.0 - z * (
        1.0 / 360.0
        - z
        * (
            1.0 / 1260.0
            - z * (1.0 / 1680.0 - z * (1.0 / 1188.0 - z * (691.0 / 360360.0 - z * (1.0 / 156.0))))
        )
    )
    return (x - 0.5) * log(x) - x + HALF_LOG_TURN + series / x - log(product)


@rule
def tail(a: float, b: float, x: float, scale: float) -> float:
    """Return the part of a Beta distribution below ``x``, which is not far above its mean.

    Parameters
    ----------
    a, b
        Shapes.
    x
        Where it ends, less than ``(a + 1) / (a + b + 2)`` [0 to 1].
    scale
        Logarithm of ``gamma(a + b) / (gamma(a) gamma(b))``.
    """
    c, d = 1.0, 1.0 / (1.0 - (a + b) * x / (a + 1.0))
    value = d
    for m in range(1, MOST):
        even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m))
        c, d = 1.0 + even / c, 1.0 / (1.0 + even * d)
        value = value * (c * d)
        odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0))
        c, d = 1.0 + odd / c, 1.0 / (1.0 + odd * d)
        value = value * (c * d)
        if abs(c * d - 1.0) < ROUNDING:
            break
    return exp(a * log(x) + b * log(1.0 - x) + scale) / a * value


@rule
def below(a: float, b: float, x: float, scale: float) -> float:
    """Return the part of a Beta distribution below any ``x``; see :func:`tail`."""
    if x < (a + 1.0) / (a + b + 2.0):
        return tail(a, b, x, scale)
    return 1.0 - tail(b, a, 1.0 - x, scale)


@entry
def fill_quantiles(a: float, b: float, table: F8) -> None:
    """Write evenly spaced quantiles of a Beta distribution into a table, from 0 to 1 [entries].

    Off by at most 1e-12 of the quantile for shapes from 0.1 to 60.

    Parameters
    ----------
    a, b
        Shapes, more than 0.
    table
        Where they go.
    """
    last = table.size - 1
    scale = log_gamma(a + b) - log_gamma(a) - log_gamma(b)
    table[0], table[last] = 0.0, 1.0
    for k in range(1, last):
        wanted = k / last
        low, high = table[k - 1], 1.0
        x = 0.5 * (low + high)
        while low < x < high:
            over = below(a, b, x, scale) - wanted
            if over > 0.0:
                high = x
            else:
                low = x
            steep = exp((a - 1.0) * log(x) + (b - 1.0) * log(1.0 - x) + scale)
            to = x - over / steep
            if abs(to - x) <= ROUNDING * x:
                break
            x = to if low < to < high else 0.5 * (low + high)
        table[k] = x
