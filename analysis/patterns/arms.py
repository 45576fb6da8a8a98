"""How the arms of an experiment are simulated: on the same people, ties and luck."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import numpy as np

from sim.experiments import CHUNK_PEOPLE, compare
from sim.scenario import Scenario

Array = np.ndarray[Any, Any]

MONTH: Final = 18
"""Month looked at, where a pattern does not say another."""


def adoption(scenarios: Sequence[Scenario], runs: int, seed: int) -> dict[str, Array]:
    """Return adoption by scenario [runs, months + 1]."""
    result = compare(scenarios, runs, seed)
    return {name: result.curves(name, "adoption") for name in result.scenarios}


def in_pieces(simulate: Callable[[Array], Array], runs: int, people: int) -> Array:
    """Return what a function gives for all runs, worked on by several threads."""
    chunk = max(1, CHUNK_PEOPLE // people)
    pieces = [np.arange(first, min(first + chunk, runs)) for first in range(0, runs, chunk)]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return np.concatenate(list(pool.map(simulate, pieces)))
