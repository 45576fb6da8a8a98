"""More organisations until a mean is as precise as is asked: first some, then more, never all at once.

What stops it is the half width of an interval that holds the luck of organisations, and nothing of
what is unsure about the parameters.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from sim.engine.kinds import Array
from sim.errors import AdoptionError
from sim.study.intervals import half_width

LEAST: Final = 40
"""Organisations before anything is concluded: with fewer, intervals of skewed values are too short."""

STEP: Final = 40
"""Least number of organisations that are added at a time."""

MOST: Final = 4000
"""Organisations after which it is given up, unless another number is asked for."""

NOTHING: Final = 1e-9
"""Half widths, as a part of the greatest value, that rounding alone can make."""


class Reached(NamedTuple):
    """How far it came.

    Attributes
    ----------
    runs
        Organisations looked at.
    half
        Half the width of the 95 % interval of each mean, in the unit of the values [means].
    precision
        What was asked for, in the same unit.
    """

    runs: int
    half: Array
    precision: float

    @property
    def widest(self) -> float:
        """The greatest half width."""
        return float(self.half.max(initial=0.0))

    @property
    def enough(self) -> bool:
        """Whether all means are as precise as was asked for."""
        return self.widest <= self.precision

    @property
    def needed(self) -> int:
        """About how many organisations the precision needs, rounded up to two digits."""
        if self.enough:
            return self.runs
        number = self.runs * (self.widest / self.precision) ** 2
        unit = 10.0 ** max(0, math.floor(math.log10(number)) - 1)
        return int(unit * math.ceil(number / unit))


def checked(precision: float, most: int = MOST) -> float:
    """Return a precision that can be asked for.

    Parameters
    ----------
    precision
        Greatest half width wanted, in the unit in which a KPI is shown: points for shares.
    most
        Organisations after which it is given up.

    Raises
    ------
    AdoptionError
        If it is not above 0, or fewer organisations than the least are allowed.
    """
    if not (math.isfinite(precision) and precision > 0.0):
        raise AdoptionError(
            f"precision: found {precision:g}, expected a number above 0, in points or the KPI's unit"
        )
    if most < LEAST:
        raise AdoptionError(f"max-runs: found {most}, expected at least {LEAST}")
    return precision


def until(precision: float, more: Callable[[int], Array], most: int = MOST) -> Reached:
    """Ask for more organisations until each mean is precise enough.

    It begins with 40. Then it adds half of what the interval says is lacking, in steps of 40, and
    never more than there are, as what few organisations say of their spread is rough. Means that do
    not vary, such as differences of identical scenarios, stop at once.

    Parameters
    ----------
    precision
        Greatest half width of the 95 % t interval of each mean, in the unit of the values.
    more
        Returns the values of the first so many organisations: [organisations], or
        [organisations, means], each column a mean of its own. Fewer if it was interrupted, which
        ends it.
    most
        Organisations after which it is given up.

    Raises
    ------
    AdoptionError
        If the precision or the greatest number cannot be.

    Examples
    --------
    >>> values = np.random.default_rng(1).normal(size=4000)
    >>> until(0.1, lambda count: values[:count]).runs
    360
    """
    checked(precision, most)
    count = LEAST
    while True:
        values = np.asarray(more(count), float)
        columns = values.reshape(len(values), -1)
        half = np.zeros(columns.shape[1])
        if columns.size:
            half = half_width(columns.T)
            half = np.where(half <= NOTHING * np.abs(columns).max(), 0.0, half)
        reached = Reached(len(values), half, precision)
        if reached.enough or len(values) < count or count >= most:
            return reached
        lacking = (reached.needed - count) / 2.0
        steps = max(1, round(min(lacking, count) / STEP))
        count = min(count + STEP * steps, most)
