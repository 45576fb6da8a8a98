"""How much of what plans promise has to be believed for one of them to come first.

At a belief of 60 % every plan keeps 60 % of what it adds to the reference, and all of what it costs.
So each is a line over belief, and the best plan changes where lines cross.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

import numpy as np

from sim.engine.kinds import Array


class Span(NamedTuple):
    """Between which levels of belief a plan comes first [0 to 1]."""

    low: float
    high: float
    first: int


def flip(base: Sequence[float] | Array, slope: Sequence[float] | Array) -> float:
    """Return the belief at which two lines cross; not a number if they do not within 0 to 1.

    Parameters
    ----------
    base
        What each is worth if nothing is believed [2].
    slope
        What full belief adds [2].

    Examples
    --------
    >>> flip([0.0, -30.0], [0.0, 50.0])
    0.6
    """
    apart = float(slope[1] - slope[0])
    belief = float(base[0] - base[1]) / apart if apart else float("nan")
    return belief if 0.0 <= belief <= 1.0 else float("nan")


def spans(base: Sequence[float] | Array, slope: Sequence[float] | Array) -> list[Span]:
    """Return which of some lines is highest, by belief from 0 to 1; of equals the earlier.

    Parameters
    ----------
    base, slope
        As in :func:`flip`, of any number of lines.

    Examples
    --------
    >>> [(span.first, round(span.low, 2)) for span in spans([0.0, -10.0, -30.0], [0.0, 40.0, 70.0])]
    [(0, 0.0), (1, 0.25), (2, 0.67)]
    """
    base, slope = np.asarray(base, float), np.asarray(slope, float)
    crossings = [
        flip(base[[first, other]], slope[[first, other]])
        for first, other in combinations(range(len(base)), 2)
    ]
    ends = sorted({0.0, 1.0, *(belief for belief in crossings if belief == belief)})
    listed: list[Span] = []
    for low, high in pairwise(ends):
        first = int(np.argmax(base + slope * (low + high) / 2.0))
        if listed and listed[-1].first == first:
            listed[-1] = listed[-1]._replace(high=high)
        else:
            listed.append(Span(low, high, first))
    return listed
