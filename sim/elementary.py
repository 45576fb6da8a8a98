"""Exponential, logarithm, cosine and sums that give the same bits on every machine.

The functions of a platform's mathematical library differ in their last bits from one system to
the next, and a result that hangs on them is the same on one system only. IEEE 754 gives sums,
differences, products, quotients and square roots of doubles one right answer; scaling by a power
of two is exact. Nothing else is used here. Arguments are reduced as Cody and Waite (1980) do, and
the series are long enough for doubles. How far each function is off is tested against exact
arithmetic (``tests/theory/test_elementary.py``).

A sum of many numbers depends on their order, which a library chooses by the width of the
processor's registers. Sums that are rounded once, at the end, depend on nothing.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from sim.engine import rule
from sim.engine.kinds import Array
from sim.engine.meanings import nearest, scaled, sum_of

LN2_HIGH: Final = 0.6931471803691238
"""The natural logarithm of 2 to 33 bits, so that its multiples by a whole number are exact."""

LN2_LOW: Final = 1.9082149292705877e-10
"""What is missing from it."""

ROOT_HALF: Final = 0.7071067811865476
TURN: Final = 6.283185307179586

STEPS_PER_UNIT: Final = 92.33248261689366
STEP_HIGH: Final = 0.010830424695996044
STEP_LOW: Final = 2.5310172166650877e-13
"""64 over the logarithm of 2; and that logarithm over 64, to 34 bits, and what is missing from it."""

# fmt: off
ROOTS: Final = (
    1.0, 1.0108892860517005, 1.0218971486541166, 1.0330248790212284,
    1.0442737824274138, 1.0556451783605572, 1.0671404006768237, 1.0787607977571199,
    1.0905077326652577, 1.102382583307841, 1.1143867425958924, 1.1265216186082418,
    1.1387886347566916, 1.1511892299529827, 1.1637248587775775, 1.1763969916502812,
    1.189207115002721, 1.202156731452703, 1.215247359980469, 1.22848053610687,
    1.241857812073484, 1.255380757024691, 1.2690509571917332, 1.2828700160787783,
    1.2968395546510096, 1.3109612115247644, 1.3252366431597413, 1.339667524053303,
    1.3542555469368927, 1.3690024229745905, 1.383909881963832, 1.3989796725383112,
    1.4142135623730951, 1.42961333839197, 1.4451808069770467, 1.460917794180647,
    1.4768261459394993, 1.4929077282912648, 1.5091644275934228, 1.5255981507445384,
    1.5422108254079407, 1.559004400237837, 1.5759808451078865, 1.593142151342267,
    1.6104903319492543, 1.6280274218573478, 1.645755478153965, 1.6636765803267364,
    1.681792830507429, 1.7001063537185235, 1.718619298122478, 1.7373338352737062,
    1.7562521603732995, 1.7753764925265212, 1.7947090750031072, 1.8142521755003989,
    1.8340080864093424, 1.8539791250833855, 1.8741676341103, 1.8945759815869656,
    1.9152065613971474, 1.9360617934922943, 1.9571441241754002, 1.978456026387951,
)
# fmt: on
"""2 to the power of 0/64, 1/64, ... 63/64."""


@rule
def exp(x: float) -> float:
    """Return e to the power of ``x``, which counts as at least -708 and at most 709.

    Off by at most 3 units of 2**-53 of the result.

    >>> exp(0.0), exp(-1.0), exp(-1000.0) == exp(-708.0)
    (1.0, 0.36787944117144233, True)
    """
    if x > 709.0:
        x = 709.0
    if x < -708.0:
        x = -708.0
    k = nearest(x * STEPS_PER_UNIT)
    r = (x - k * STEP_HIGH) - k * STEP_LOW
    z = r * r
    rest = r + z * ((1.0 / 2.0 + r * (1.0 / 6.0)) + z * (1.0 / 24.0 + r * (1.0 / 120.0)))
    root = ROOTS[k & 63]
    return scaled(root + root * rest, k >> 6)


@rule
def log(x: float) -> float:
    """Return the natural logarithm of a positive number; minus infinity of 0 and less.

    Off by at most 2 units of 2**-53 of the result.

    >>> log(1.0), log(10.0), log(0.0)
    (0.0, 2.302585092994046, -inf)
    """
    if not 0.0 < x < math.inf:
        return -math.inf if x <= 0.0 else x
    k, m, step = 0, x, 512
    while step > 8 and (m < 0.00390625 or m > 256.0):  # far from 1: in large steps
        if m < 1.0 and m * scaled(1.0, step) < 2.0:
            m, k = m * scaled(1.0, step), k - step
        elif m >= scaled(1.0, step):
            m, k = m * scaled(1.0, -step), k + step
        step //= 2
    while m < ROOT_HALF:
        m, k = m * 2.0, k - 1
    while m > 2.0 * ROOT_HALF:
        m, k = m * 0.5, k + 1
    f = m - 1.0
    s = f / (2.0 + f)
    z = s * s
    rest = z * (
        2.0 / 3.0
        + z
        * (
            2.0 / 5.0
            + z
            * (
                2.0 / 7.0
                + z
                * (
                    2.0 / 9.0
                    + z
                    * (
                        2.0 / 11.0
                        + z
                        * (
                            2.0 / 13.0
                            + z
                            * (2.0 / 15.0 + z * (2.0 / 17.0 + z * (2.0 / 19.0 + z * (2.0 / 21.0))))
                        )
                    )
                )
            )
        )
    )
    return k * LN2_HIGH - ((s * (f - rest) - k * LN2_LOW) - f)


@rule
def cosine(turns: float) -> float:
    """Return the cosine of a number of turns from 0 to 1, a turn being 360 degrees.

    Off by at most 2 units of 2**-53.

    >>> cosine(0.0), cosine(0.25), cosine(0.5)
    (1.0, 0.0, -1.0)
    """
    v = turns if turns <= 0.5 else 1.0 - turns  # the same on both sides of a half
    w = v if v <= 0.25 else 0.5 - v  # and the opposite on both sides of a quarter
    if w <= 0.125:
        a = TURN * w
        z = a * a
        value = 1.0 + z * (
            -1.0 / 2.0
            + z
            * (
                1.0 / 24.0
                + z
                * (
                    -1.0 / 720.0
                    + z
                    * (
                        1.0 / 40320.0
                        + z
                        * (
                            -1.0 / 3628800.0
                            + z
                            * (
                                1.0 / 479001600.0
                                + z * (-1.0 / 87178291200.0 + z * (1.0 / 20922789888000.0))
                            )
                        )
                    )
                )
            )
        )
    else:
        a = TURN * (0.25 - w)
        z = a * a
        value = a * (
            1.0
            + z
            * (
                -1.0 / 6.0
                + z
                * (
                    1.0 / 120.0
                    + z
                    * (
                        -1.0 / 5040.0
                        + z
                        * (
                            1.0 / 362880.0
                            + z
                            * (
                                -1.0 / 39916800.0
                                + z
                                * (
                                    1.0 / 6227020800.0
                                    + z * (-1.0 / 1307674368000.0 + z * (1.0 / 355687428096000.0))
                                )
                            )
                        )
                    )
                )
            )
        )
    return value if v <= 0.25 else -value


@rule
def power(x: float, to: float) -> float:
    """Return a positive number to a power, 0 to a positive power: ``exp(to * log(x))``.

    Off by at most 2 units of 2**-53 of the result, and 3 for each unit of its logarithm.

    >>> power(1.0, 7.0), power(4.0, 0.5), power(0.0, 0.5)
    (1.0, 2.0, 0.0)
    """
    return exp(to * log(x)) if x > 0.0 else 0.0


@rule
def powers(x: float, count: int) -> Array:
    """Return the powers of a number from 0 on, each the one before times it [count].

    >>> powers(0.5, 4)
    array([1.   , 0.5  , 0.25 , 0.125])
    """
    row = np.full(count, 1.0)
    for k in range(1, count):
        row[k] = row[k - 1] * x
    return row


def total(values: ArrayLike) -> float:
    """Return the sum of numbers of any shape, as :func:`sim.engine.meanings.sum_of` of a row is.

    >>> total([0.1] * 10), sum([1e16, 1.0, -1e16]), total([1e16, 1.0, -1e16])
    (1.0, 0.0, 1.0)
    """
    return sum_of(np.ravel(values))


def totals(rows: ArrayLike) -> Array:
    """Return the sum of each row, rounded once [all but the last axis].

    >>> totals([[0.1] * 10, [0.5] * 10])
    array([1., 5.])
    """
    table = np.asarray(rows, float)
    flat = table.reshape(math.prod(table.shape[:-1]), table.shape[-1])
    sums = np.array([sum_of(row) for row in flat])
    return sums.reshape(table.shape[:-1])


def mean(values: ArrayLike, weights: ArrayLike = 1.0) -> float:
    """Return the mean of numbers, of which there are some, each with its weight.

    >>> mean([1, 2, 6]), mean([1, 2, 6], weights=[1, 1, 0])
    (3.0, 1.5)
    """
    numbers, weight = np.broadcast_arrays(values, weights)
    return total(numbers * weight) / total(weight)
