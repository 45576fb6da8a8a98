"""What calibration gives as a table of numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

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
