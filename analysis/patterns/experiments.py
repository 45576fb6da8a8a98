"""Which experiment shows each pattern, and how it is run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from analysis.patterns.champions import champions_at_the_centre
from analysis.patterns.circles import circles_confirm
from analysis.patterns.findings import Shown
from analysis.patterns.information import information_is_not_enough
from analysis.patterns.overlap import effects_overlap
from analysis.patterns.spread import spread_beats_rush

RUNS: Final = 400
SEED: Final = 1

EXPERIMENTS: Final[Mapping[str, Callable[[int, int], Shown]]] = {
    "P4": spread_beats_rush,
    "P5": champions_at_the_centre,
    "P6": circles_confirm,
    "P9": information_is_not_enough,
    "P10": effects_overlap,
}


def experiment(name: str, runs: int = RUNS, seed: int = SEED) -> Shown:
    """Return what the experiment of a pattern shows.

    Parameters
    ----------
    name
        One of ``EXPERIMENTS``.
    runs
        Organisations in each arm.
    seed
        Seed of the study.
    """
    return EXPERIMENTS[name](runs, seed)
