"""Which experiment shows each pattern, and how it is run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from analysis.studies.patterns.arms import Study
from analysis.studies.patterns.champions import champions_at_the_centre
from analysis.studies.patterns.circles import circles_confirm
from analysis.studies.patterns.examples import leaders_lift_adoption
from analysis.studies.patterns.exposure import some_start_alone
from analysis.studies.patterns.findings import Shown
from analysis.studies.patterns.growth import organisations_differ
from analysis.studies.patterns.information import information_is_not_enough
from analysis.studies.patterns.novelty import novelty_sags
from analysis.studies.patterns.overlap import effects_overlap
from analysis.studies.patterns.refusal import support_reaches_most
from analysis.studies.patterns.spread import spread_beats_rush
from sim.simulator import Vector

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
