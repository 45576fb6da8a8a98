"""Which parameter vectors reproduce an evidence set: randomised maximum likelihood, each simulated.

The bank says roughly where in the prior the figures are reached; further banks fill that region.
Then every vector of the posterior begins as an even draw of what is plausible and a draw of the
figures within their bands. It is moved no further than needed for its figures to be those, by the
emulator's account; simulated in many organisations; moved again by what the emulator had wrong;
and kept if it reaches every figure (randomised maximum likelihood, Oliver, He and Reynolds 1996:
exact where figures are linear in the parameters). Plain rejection kept 3 of 100 vectors for one
evidence set and less than 1 for the other.

scikit-learn is the library for the emulator. pyabc's sequential sampler would simulate each
evidence set anew where here one bank serves both, and needs a database; the EMA workbench brings
its own way of running models, and a scenario discovery that is not asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.calibration.bank import append, evenly, names_of
from analysis.calibration.emulator import PIECE, Emulator, in_unit, on_scale
from analysis.calibration.targets import Target, figures
from analysis.ensemble import Progress, organisations_of
from sim.posteriors import calibrated
from sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]

MARGIN = 0.15
"""Share of a band at each end that is not aimed at."""

MOVES = 6
"""How often a vector is moved and simulated at most."""

STRIDE = 0.7
"""Most by which what the emulator says of a figure is corrected at a time, on its scale."""

MOST = 2**23
"""Vectors of the prior it looks at in the end."""


def of_set(targets: Sequence[Target], evidence: str) -> list[Target]:
    """Return the figures of an evidence set."""
    return [one for one in targets if one.evidence == evidence]


def plausible(emulator: Emulator, number: int, seed: int) -> pd.DataFrame:
    """Return vectors drawn evenly from where all figures may be reached.

    Parameters
    ----------
    emulator
        Emulator of the figures to reach.
    number
        How many vectors at most.
    seed
        Seed of the draw.
    """
    import pandas as pd

    found: list[pd.DataFrame] = []
    looked, inside = 0, 0
    while inside < number and looked < MOST:
        drawn = evenly(PIECE, seed, looked)
        looked += PIECE
        found.append(drawn[emulator.plausible(drawn)])
        inside += len(found[-1])
    # Four decimals say more than the data do, and what is shipped is what was simulated.
    return pd.concat(found, ignore_index=True).head(number).round(4)


def moved(
    emulator: Emulator,
    starts: pd.DataFrame,
    file: Path,
    arms: Mapping[str, Scenario],
    organisations: int,
    sagging: int,
    seed: int,
    first: int,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Return vectors moved until their simulated figures lie in the bands, or nearly so.

    Parameters
    ----------
    emulator
        Emulator of the figures to reach.
    starts
        Where each vector begins.
    file
        Where finished vectors are kept.
    arms, organisations, sagging, seed, first, progress
        See :func:`analysis.calibration.bank.fill`.
    """
    targets = emulator.targets
    names = [str(name) for name in starts.columns]
    prior = np.array([calibrated()[name] for name in names])
    begin = in_unit(starts)

    def work(number: int) -> list[float]:
        rng = np.random.default_rng([seed, first, number])
        share = rng.uniform(MARGIN, 1.0 - MARGIN, len(targets))
        goal = np.array(
            [
                on_scale(one, one.low + u * (one.high - one.low))
                for one, u in zip(targets, share, strict=True)
            ]
        )
        streams = organisations_of(number, organisations, first)
        offset = np.zeros(len(targets))
        best: list[float] = []
        most = -1
        for _ in range(MOVES):
            place = emulator.towards(begin[number], goal, offset)
            # Four decimals say more than the data do, and what is shipped is what was simulated.
            values = np.round(prior[:, 0] + (place + 1.0) / 2.0 * (prior[:, 1] - prior[:, 0]), 4)
            vector = {name: float(value) for name, value in zip(names, values, strict=True)}
            found = figures(targets, arms, vector, streams, seed, sagging)
            hits = sum(bool(one.reached(found[one.name])) for one in targets)
            if hits > most:
                best, most = [*vector.values(), *found.values()], hits
            if hits == len(targets):
                break
            told = emulator.mean(one_row(vector))[0]
            seen = np.array([on_scale(one, found[one.name]) for one in targets])
            wrong = np.where(np.isfinite(seen), seen - told, 0.0) - offset
            offset = offset + np.clip(wrong, -STRIDE, STRIDE)
        return best

    return append(file, [*names, *names_of(targets)], work, len(starts), progress)


def one_row(vector: Mapping[str, float]) -> pd.DataFrame:
    """Return a vector as a table of one row."""
    import pandas as pd

    return pd.DataFrame([dict(vector)])


def central(vectors: pd.DataFrame) -> pd.Series:
    """Return the vector whose most unusual parameter is the least unusual of all.

    It is one of them, so it has been simulated and reaches every figure; the mean itself need not.
    Unusual is a distance from the mean in standard deviations.
    """
    away = (vectors - vectors.mean()) / vectors.std()
    return vectors.iloc[int(away.abs().max(axis=1).to_numpy().argmin())]
