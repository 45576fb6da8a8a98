"""Which parameter vectors reproduce an evidence set: history matching, then a check by simulation.

The bank says roughly where in the prior the figures are reached; further banks fill that region,
and the emulator of all says which vectors are still plausible. Those are drawn evenly and
simulated with many organisations; kept is what reaches every figure. The kept vectors are an even
sample of the part of the prior that agrees with the evidence (rejection ABC with hard bands; the
emulator only spares simulations that would fail, and leaves out 5 % of what agrees by its own
account).

scikit-learn is the library for the emulator. pyabc's sequential sampler would simulate each
evidence set anew where here one bank serves both, and needs a database; the EMA workbench brings
its own way of running models, and a scenario discovery that is not asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.calibration.bank import evenly
from analysis.calibration.emulator import PIECE, Emulator, in_unit
from analysis.calibration.targets import Target

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]

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
