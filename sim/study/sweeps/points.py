"""At which points an experiment looks: grids, lists, Latin hypercubes, Sobol sequences."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

from sim.study.sweeps.factors import Factor, factor_of
from sim.study.sweeps.form import Experiment

Point = dict[str, Any]


def points_of(experiment: Experiment) -> list[Point]:
    """Return the points of an experiment: values by dotted path.

    The first points of a Sobol sequence are those of a shorter one, and so are the first of a
    list: points can be added and none is simulated twice. A hypercube is another one for every
    number of points.
    """
    if experiment.design == "list":
        return [dict(point) for point in experiment.listed]
    factors = factors_of(experiment)
    if experiment.design == "grid":
        values = product(*(factor.values for factor in factors))
        return [dict(zip(experiment.factors, row, strict=True)) for row in values]
    unit = _unit(experiment, len(factors))
    return [
        {factor.path: factor.at(float(place)) for factor, place in zip(factors, row, strict=True)}
        for row in unit
    ]


def factors_of(experiment: Experiment) -> list[Factor]:
    """Return what is varied."""
    return [factor_of(path, factor) for path, factor in experiment.factors.items()]


def _unit(experiment: Experiment, width: int) -> np.ndarray[Any, Any]:
    """Return places in the unit cube [points, factors]."""
    from scipy.stats import qmc

    number = int(experiment.points or 0)
    unit: np.ndarray[Any, Any]
    if experiment.design == "latin_hypercube":
        unit = qmc.LatinHypercube(width, rng=experiment.seed).random(number)
    else:  # drawn as a power of two, which keeps it balanced and quiet
        sequence = qmc.Sobol(width, rng=experiment.seed)
        unit = sequence.random_base2((number - 1).bit_length())[:number]
    return unit
