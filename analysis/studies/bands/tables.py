"""The bands as a table to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.studies.bands.study import Banded, read_bands

if TYPE_CHECKING:
    import pandas as pd


def bands_table(banded: Banded) -> pd.DataFrame:
    """Return one row per band: what is read off which curve, what it gives, where it should lie."""
    known, table = read_bands(), banded.table.reset_index()
    table.insert(1, "what", [known[name].title.en for name in table["band"]])
    rounded: pd.DataFrame = table.drop(columns=["kpi", "figure"]).round(3)
    return rounded
