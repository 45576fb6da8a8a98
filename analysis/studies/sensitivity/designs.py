"""At which points a scenario is looked at: the designs of Morris and of Sobol.

A design lies in the unit cube; :meth:`sim.study.sweeps.factors.Factor.at` says what a place in it
means. The first points of a larger design are those of a smaller one with the same seed, so that
samples can be added without simulating any point twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import Any, Final, Literal, NamedTuple

import numpy as np

from sim.engine.kinds import Array
from sim.errors import AdoptionError
from sim.study.sweeps.factors import Factor

Method = Literal["morris", "sobol"]

LEVELS: Final = 4
"""Levels of a factor in the design of Morris."""

STEP: Final = LEVELS / (2.0 * (LEVELS - 1.0))
"""Step of a factor in the design of Morris, as a share of its range."""


class Design(NamedTuple):
    """Points to look at.

    Attributes
    ----------
    method
        ``morris`` or ``sobol``.
    factors
        What is varied.
    samples
        Trajectories of Morris, or rows of the two base samples of Sobol.
    seed
        Seed of the design.
    unit
        Points in the unit cube [points, factors].
    """

    method: Method
    factors: tuple[Factor, ...]
    samples: int
    seed: int
    unit: Array

    def points(self) -> list[dict[str, Any]]:
        """Return the value of every factor at every point."""
        return [
            {
                factor.path: factor.at(float(place))
                for factor, place in zip(self.factors, row, strict=True)
            }
            for row in self.unit
        ]


def problem_of(factors: Sequence[Factor]) -> dict[str, Any]:
    """Return the factors in the words of SALib, each over the unit interval."""
    return {
        "num_vars": len(factors),
        "names": [factor.path for factor in factors],
        "bounds": [[0.0, 1.0]] * len(factors),
    }


def morris_design(factors: Sequence[Factor], trajectories: int, seed: int) -> Design:
    """Return trajectories through the unit cube that move one factor at a time.

    Parameters
    ----------
    factors
        What is varied.
    trajectories
        How many; each has a point more than there are factors.
    seed
        Seed of the design.

    Notes
    -----
    Morris (1991) on four levels. A category has no levels: in each trajectory it is switched once,
    from one value to another, and all pairs take turns.
    """
    from SALib.sample import morris

    if trajectories < 2:
        raise AdoptionError(f"trajectories: found {trajectories}, expected at least 2")
    unit: Array = morris.sample(problem_of(factors), trajectories, num_levels=LEVELS, seed=seed)
    steps = len(factors) + 1
    for number, factor in enumerate(factors):
        if not factor.switched:
            continue
        pairs = _pairs(factor.slices, trajectories, np.random.default_rng([seed, number]))
        for trajectory, (before, after) in enumerate(pairs):
            column = unit[trajectory * steps : (trajectory + 1) * steps, number]
            first = column == column[0]
            column[:] = (np.where(first, before, after) + 0.5) / factor.slices
    return Design("morris", tuple(factors), trajectories, seed, unit)


def sobol_design(factors: Sequence[Factor], samples: int, seed: int) -> Design:
    """Return two base samples of Sobol's sequence, and the first with each column of the second.

    Parameters
    ----------
    factors
        What is varied.
    samples
        Points of a base sample, a power of 2, which keeps the sequence balanced.
    seed
        Seed of the scrambling.

    Notes
    -----
    Saltelli et al. (2010), without second-order indices; Owen's scrambling with a fixed seed.
    """
    from SALib.sample import sobol

    if samples < 2 or samples & (samples - 1):
        raise AdoptionError(f"samples: found {samples}, expected a power of 2, such as 256")
    unit: Array = sobol.sample(problem_of(factors), samples, calc_second_order=False, seed=seed)
    return Design("sobol", tuple(factors), samples, seed, unit)


def _pairs(values: int, number: int, rng: np.random.Generator) -> list[tuple[int, int]]:
    """Return ordered pairs of different values; all come up before one comes again."""
    every = list(permutations(range(values), 2))
    pairs: list[tuple[int, int]] = []
    while len(pairs) < number:
        pairs += [every[k] for k in rng.permutation(len(every))]
    return pairs[:number]
