"""How a sweep over many cases is shared: a few spread over all are quick, the others take long.

A quick test runs over ``few(cases)``; the test of the same name in ``tests/long`` over ``others(cases)``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

Case = TypeVar("Case")

FEW = 6


def few(cases: Iterable[Case], number: int = FEW) -> list[Case]:
    """Return the first case and every so-many-th after it, so that there are so many at most."""
    every = list(cases)
    return every[:: step(every, number)]


def others(cases: Iterable[Case], number: int = FEW) -> list[Case]:
    """Return the cases that are not among the few."""
    every = list(cases)
    return [one for place, one in enumerate(every) if place % step(every, number)]


def step(every: list[Case], number: int) -> int:
    """Return from which case to which the few go on."""
    return max(1, -(-len(every) // number))
