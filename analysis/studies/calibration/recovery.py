"""Whether the method finds a truth it is given: simulation-based calibration of randomised moves.

A vector of the plausible part of the prior plays the truth, and the emulator plays the model. The
figures of the truth, moved by chance within the width of each band, are all the method sees. It then
makes vectors for these figures in the very way in which those that are shipped are made: an even
draw of what is plausible, a draw of the figures within their bands, a move no further than needed,
kept if every figure is reached. If the method is right, the rank of the truth among them is even,
for each parameter (Talts and others 2018). What it leaves out is that the emulator is not the model:
shipped vectors are simulated, moved again by what was simulated, and kept by that alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from analysis.studies.calibration.emulator import Emulator, in_unit, on_scale
from analysis.studies.calibration.posterior import plausible
from sim.engine.kinds import Array

if TYPE_CHECKING:
    import pandas as pd


LEVELS: Final = (0.5, 0.9)
"""Central intervals whose coverage is told."""

DRAWS: Final = 9
"""Vectors made for each truth: its rank among them has 10 places."""

ATTEMPTS: Final = 2
"""Moves tried for each of them at most; a vector that does not reach its figures is not kept."""

FAR_SEED: Final = 7_000
"""Added to the seed: truths are not among the vectors that are moved."""


def recovery(
    emulator: Emulator,
    truths: int,
    seed: int,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Return how often central intervals hold the truth, and whether its ranks are even.

    Parameters
    ----------
    emulator
        Emulator of the figures of one evidence set.
    truths
        How many truths are tried.
    seed
        Seed of the draws.
    progress
        Called with the number of truths finished and the total.

    Returns
    -------
    pandas.DataFrame
        One row per parameter: ``coverage_50`` and ``coverage_90`` [share of truths], their
        ``error`` by chance [standard error of the first], ``even``, the chance of ranks as uneven
        as these if the method is right [0 to 1], and how many ``truths`` it was tried on.
    """
    import pandas as pd

    rng = np.random.default_rng(seed)
    drawn = plausible(emulator, truths, seed + FAR_SEED)
    known = in_unit(drawn)
    pool = in_unit(plausible(emulator, ATTEMPTS * DRAWS * truths, seed + 2 * FAR_SEED))
    halves = np.array([(target.high - target.low) / 2.0 for target in emulator.targets])
    places = []
    for number, truth in enumerate(known):
        seen = emulator.mean_at(truth[None])[0]
        centre = np.array(
            [off_scale(target, x) for target, x in zip(emulator.targets, seen, strict=True)]
        ) + rng.uniform(-halves, halves)
        made: list[Array] = []
        for start in pool[rng.choice(len(pool), ATTEMPTS * DRAWS)]:
            if len(made) == DRAWS:
                break
            goal = centre + rng.uniform(-halves, halves)
            wanted = np.array(
                [on_scale(target, x) for target, x in zip(emulator.targets, goal, strict=True)]
            )
            still = np.zeros(wanted.size)
            place = emulator.towards(start, wanted, still, np.zeros((wanted.size, start.size)))
            emulated = emulator.mean_at(place[None])[0]
            ends = [
                [on_scale(target, x - half), on_scale(target, x + half)]
                for target, x, half in zip(emulator.targets, centre, halves, strict=True)
            ]
            if all(low <= x <= high for x, (low, high) in zip(emulated, ends, strict=True)):
                made.append(place)
        if made:
            below = (np.array(made) < truth).sum(axis=0)
            places.append((below + rng.uniform(size=truth.size)) / (len(made) + 1.0))
        if progress is not None:
            progress(number + 1, len(known))
    place = np.array(places)
    table = pd.DataFrame({"parameter": list(drawn.columns)})
    for level in LEVELS:
        inside = np.abs(place - 0.5) <= level / 2.0
        table[f"coverage_{round(100 * level)}"] = inside.mean(axis=0)
    table["error"] = np.sqrt(LEVELS[0] * (1.0 - LEVELS[0]) / len(place))
    table["even"] = [evenness(place[:, k]) for k in range(place.shape[1])]
    table["truths"] = len(place)
    return table


def evenness(places: Array) -> float:
    """Return the chance of places between 0 and 1 as unevenly spread as these, if they are even."""
    from scipy.stats import kstest

    return float(kstest(places, "uniform").pvalue)


def off_scale(target: Any, value: float) -> float:
    """Return the figure of a value on its scale: what :func:`on_scale` was given."""
    low, high = -1.0, 50.0
    if float(on_scale(target, low)) > value:
        return low
    for _ in range(60):
        middle = 0.5 * (low + high)
        if float(on_scale(target, middle)) < value:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)
