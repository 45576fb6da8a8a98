"""Which experiment shows each pattern, and how it is run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from analysis.ensemble import Vector
from analysis.patterns.arms import Study
from analysis.patterns.champions import champions_at_the_centre
from analysis.patterns.circles import circles_confirm
from analysis.patterns.examples import leaders_lift_adoption
from analysis.patterns.exposure import some_start_alone
from analysis.patterns.findings import Shown
from analysis.patterns.growth import organisations_differ
from analysis.patterns.information import information_is_not_enough
from analysis.patterns.novelty import novelty_sags
from analysis.patterns.overlap import effects_overlap
from analysis.patterns.refusal import support_reaches_most
from analysis.patterns.spread import spread_beats_rush

RUNS: Final = 400
SEED: Final = 1

EXPERIMENTS: Final[Mapping[str, Callable[[Study], Shown]]] = {
    "P1": organisations_differ,
    "P2": leaders_lift_adoption,
    "P3": novelty_sags,
    "P4": spread_beats_rush,
    "P5": champions_at_the_centre,
    "P6": circles_confirm,
    "P7": support_reaches_most,
    "P8": some_start_alone,
    "P9": information_is_not_enough,
    "P10": effects_overlap,
}


def experiment(
    name: str, runs: int = RUNS, seed: int = SEED, vectors: Sequence[Vector] = ({},)
) -> Shown:
    """Return what the experiment of a pattern shows.

    Parameters
    ----------
    name
        One of ``EXPERIMENTS``.
    runs
        Organisations in each arm, under each vector.
    seed
        Seed of the study.
    vectors
        Numbers of the rules by name; by default the defaults, and nothing else.
    """
    return EXPERIMENTS[name](Study(runs, seed, vectors))
