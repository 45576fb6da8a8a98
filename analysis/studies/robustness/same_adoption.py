"""Bringing the reference back to the same adoption, or a comparison of theories means nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

TOLERANCE: Final = 0.005
"""Distance from the adoption aimed at that counts as reached [share]."""

STEPS: Final = 40
"""Most steps of a search once adoption is too low at one end and too high at the other."""


class Refit(NamedTuple):
    """What the search for the same adoption came to.

    Attributes
    ----------
    base
        Desire when nothing speaks for or against, at which the search ended.
    adoption
        Adoption of the reference there [share].
    target
        Adoption aimed at [share].
    """

    base: float
    adoption: float
    target: float

    @property
    def reached(self) -> bool:
        """Whether adoption is the same, within half a point."""
        return abs(self.adoption - self.target) <= TOLERANCE


def refit(
    adoption: Callable[[float], float],
    target: float,
    start: float,
    slope: float,
    low: float,
    *,
    high: float,
) -> Refit:
    """Return where adoption is what it should be, or as near as it gets.

    With the same people and luck at every place adoption never falls as desire rises, but for the
    few in whom it does, and it may jump: then nothing in between can be reached.

    Parameters
    ----------
    adoption
        Adoption of the reference at a base desire [share].
    target
        Adoption aimed at [share].
    start
        Where the search begins.
    slope
        About how much adoption rises with the base desire, for the first step.
    low, high
        Ends of what is allowed.
    """
    from scipy.optimize import brentq

    seen: dict[float, float] = {}

    def gap(base: float) -> float:
        """Return how far off a place is; nothing within the tolerance, which ends the search."""
        if base not in seen:
            seen[base] = adoption(base)
        off = seen[base] - target
        return 0.0 if abs(off) <= TOLERANCE else off

    here = min(max(start, low), high)
    off = gap(here)
    if off != 0.0:
        towards = -1.0 if off > 0.0 else 1.0
        step = 1.2 * abs(off) / slope
        end = high if towards > 0.0 else low
        other = here
        while gap(other) * off > 0.0 and other != end:
            here, other = other, min(max(other + towards * step, low), high)
            step *= 2.0
        if gap(other) * off < 0.0:
            brentq(gap, here, other, xtol=1e-6, rtol=1e-9, maxiter=STEPS, disp=False)
    best = min(seen, key=lambda base: abs(seen[base] - target))
    return Refit(best, seen[best], target)
