"""What calibration gives as tables of numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.study.posteriors import calibrated

if TYPE_CHECKING:
    import pandas as pd


def reached_table(origins: Mapping[str, Any]) -> pd.DataFrame:
    """Return a row per evidence set and figure it was calibrated on: aimed at, and reached.

    Parameters
    ----------
    origins
        Provenance of the posteriors by evidence set.
    """
    import pandas as pd

    rows = [
        {"evidence": name, "figure": figure["name"], **figure}
        for name, origin in origins.items()
        for figure in origin["figures"]
    ]
    return pd.DataFrame(rows).drop(columns="name").set_index(["evidence", "figure"])


def tied_table(vectors: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return how every two parameters are correlated in each posterior, the strongest first.

    Parameters
    ----------
    vectors
        Posteriors by evidence set.

    Returns
    -------
    DataFrame
        One row per ``pair`` and ``evidence``: ``correlation`` with ``low`` and ``high`` of its 95 %
        interval (Fisher's), and its ``strength``, without its sign.
    """
    import pandas as pd

    names = list(calibrated())
    first, second = np.triu_indices(len(names), 1)
    labels = [
        f"{names[a]} and {names[b]}".replace("_", " ") for a, b in zip(first, second, strict=True)
    ]
    tables = []
    for name, table in vectors.items():
        correlation = table[names].corr().to_numpy()[first, second]
        half = 1.96 / np.sqrt(max(1, len(table) - 3))
        with np.errstate(divide="ignore"):  # two that are one have an infinite transform
            centre = np.arctanh(correlation)
        tables.append(
            pd.DataFrame(
                {
                    "pair": labels,
                    "evidence": name,
                    "correlation": correlation,
                    "low": np.tanh(centre - half),
                    "high": np.tanh(centre + half),
                    "strength": np.abs(correlation),
                }
            )
        )
    every = pd.concat(tables, ignore_index=True)
    return every.sort_values("strength", ascending=False, kind="stable", ignore_index=True)
