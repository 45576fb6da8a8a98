"""Functions of the subset whose meaning in Python and in C is written twice, because neither has it."""

from __future__ import annotations

import math
from typing import Final, cast

import numpy as np

from sim.engine.kinds import Array


def scaled(x: float, k: int) -> float:
    """Return ``x`` times two to the power of ``k``, from -1022 to 1023: exact."""
    return math.ldexp(x, k)


WHOLE: Final = 6755399441055744.0
"""Added and taken away again, it leaves the nearest whole number: doubles of its size have no fractions."""


def nearest(x: float) -> int:
    """Return the nearest whole number, of two the even one; ``x`` is from -2**31 to 2**31 - 1."""
    return int((x + WHOLE) - WHOLE)


def put(row: Array, values: tuple[float, ...]) -> None:
    """Write the values of a tuple into a row, in their order."""
    row[:] = values


def order_of(values: Array) -> Array:
    """Return the rows from the lowest number to the highest; of equal ones the earlier first."""
    return cast(Array, np.argsort(values, kind="stable"))


def sum_of(values: Array) -> float:
    """Return the sum of some numbers, rounded once: the same in any order; 0 has no sign."""
    return math.fsum(values.tolist()) + 0.0
