"""Whether the method finds a truth it is given: recovery of known vectors, with coverage.

A vector that was simulated plays the truth. Its figures, moved by chance within the width of each
band, are all the method gets to see; the posterior should then hold the truth within its central
90 % in 90 % of cases, for each parameter (noisy ABC, Fearnhead and Prangle 2012).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from analysis.calibration.emulator import Emulator, in_unit, on_scale
from analysis.calibration.posterior import plausible

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]

LEVELS: Final = (0.5, 0.9)
"""Central intervals whose coverage is told."""

DRAWS: Final = 20_000
"""Vectors a posterior of the recovery is made of, each weighted."""

FAR_SEED: Final = 7_000
"""Added to the seed: truths are not among the vectors the posterior is drawn from."""


def recovery(
    emulator: Emulator,
    truths: pd.DataFrame,
    seed: int,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Return how often central intervals hold the truth, and how much narrower they are.

    Parameters
    ----------
    emulator
        Emulator of the figures of one evidence set.
    truths
        Simulated vectors with their figures, drawn evenly from the plausible part of the prior.
    seed
        Seed of the draws.
    progress
        Called with the number of truths finished and the total.

    Returns
    -------
    pandas.DataFrame
        One row per parameter: ``coverage_50`` and ``coverage_90`` [share of truths], their
        ``error`` by chance [standard error of the first], and ``narrowed``, the mean share by
        which the standard deviation is below that of the plausible part of the prior [0 to 1].
    """
    import pandas as pd

    rng = np.random.default_rng(seed)
    drawn = plausible(emulator, DRAWS, seed + FAR_SEED)
    unit, mean = in_unit(drawn), emulator.mean(drawn)
    wide = unit.std(axis=0)
    places, narrowed = [], []
    for number in range(len(truths)):
        seen = truths.iloc[number]
        chance = np.ones(len(drawn))
        for k, one in enumerate(emulator.targets):
            half = (one.high - one.low) / 2.0
            centre = float(seen[one.name]) + rng.uniform(-half, half)
            ends = on_scale(one, [centre - half, centre + half])
            chance *= _between(ends, mean[:, k], emulator.error[k])
        if not chance.sum() > 0.0:  # nothing plausible gives these figures: the truth is missed
            places.append(np.full(unit.shape[1], np.nan))
            narrowed.append(np.full(unit.shape[1], np.nan))
            continue
        weight = chance / chance.sum()
        truth = in_unit(truths.iloc[[number]])[0]
        places.append(((unit < truth) * weight[:, None]).sum(axis=0))
        average = weight @ unit
        narrowed.append(1.0 - np.sqrt(weight @ (unit - average) ** 2) / wide)
        if progress is not None:
            progress(number + 1, len(truths))
    place = np.array(places)
    table = pd.DataFrame({"parameter": list(drawn.columns)})
    for level in LEVELS:
        inside = np.abs(place - 0.5) <= level / 2.0
        table[f"coverage_{round(100 * level)}"] = inside.mean(axis=0)
    table["error"] = np.sqrt(LEVELS[0] * (1.0 - LEVELS[0]) / len(truths))
    table["narrowed"] = np.nanmean(narrowed, axis=0)
    return table


def _between(ends: Array, mean: Array, error: float) -> Array:
    """Return the chance that a normal value lies between two ends."""
    from scipy.stats import norm

    chance: Array = norm.cdf((ends[1] - mean) / error) - norm.cdf((ends[0] - mean) / error)
    return chance
