"""Which parameter vectors reproduce an evidence set: history matching, then a check by simulation.

The bank says roughly where in the prior the figures are reached; a second bank fills that region,
and the emulator of both says which vectors are still plausible. Those are drawn evenly and
simulated with many organisations; kept is what reaches every figure. The kept vectors are an even
sample of the part of the prior that agrees with the evidence (rejection ABC with hard bands; the
emulator only spares simulations that would fail).

scikit-learn is the library for the emulator. pyabc's sequential sampler would simulate each
evidence set anew where here one bank serves both, and needs a database; the EMA workbench brings
its own way of running models, and a scenario discovery that is not asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.calibration.bank import evenly
from analysis.calibration.emulator import LEAST, Emulator, in_unit
from analysis.calibration.targets import Target

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]

PIECE = 2**14
"""Vectors the emulator looks at at a time."""

MOST = 2**23
"""Vectors of the prior it looks at in the end."""


def of_set(targets: Sequence[Target], evidence: str) -> list[Target]:
    """Return the figures of an evidence set."""
    return [one for one in targets if one.evidence == evidence]


def plausible(emulator: Emulator, number: int, seed: int) -> tuple[pd.DataFrame, float, float]:
    """Return vectors drawn evenly from where all figures can be reached.

    Parameters
    ----------
    emulator
        Emulator of the figures to reach.
    number
        How many vectors at most.
    seed
        Seed of the draw.

    Returns
    -------
    tuple
        The vectors; the share of the prior that is plausible [0 to 1]; and the share of the
        vectors expected to reach all figures that lies outside, by the emulator's own account
        [0 to 1].
    """
    import pandas as pd

    found: list[pd.DataFrame] = []
    looked, inside, likely_in, likely_out = 0, 0, 0.0, 0.0
    while inside < number and looked < MOST:
        drawn = evenly(PIECE, seed, looked)
        looked += PIECE
        chance = emulator.chance(drawn)
        good = (chance > LEAST).all(axis=1)
        likely = chance.prod(axis=1)
        found.append(drawn[good])
        inside += int(good.sum())
        likely_in += float(likely[good].sum())
        likely_out += float(likely[~good].sum())
    vectors = pd.concat(found, ignore_index=True).head(number)
    # Four decimals say more than the data do, and what is shipped is what was simulated.
    missed = likely_out / max(likely_in + likely_out, 1e-300)
    return vectors.round(4), inside / looked, missed


def central(vectors: pd.DataFrame) -> pd.Series:
    """Return the vector nearest to the mean of all, by the spread that they have together.

    It is one of them, so it has been simulated and reaches every figure; the mean itself need not.
    """
    unit = in_unit(vectors)
    away = unit - unit.mean(axis=0)
    # With more parameters than the data can hold apart, the covariance is drawn towards its diagonal.
    spread = np.cov(away.T)
    spread = 0.5 * spread + 0.5 * np.diag(np.diag(spread))
    distance = np.einsum("ij,ij->i", away @ np.linalg.inv(spread), away)
    return vectors.iloc[int(distance.argmin())]
