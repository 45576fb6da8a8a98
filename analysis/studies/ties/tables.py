"""The study of ties as tables of texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.studies.ties.study import COLLEAGUES, Ties

if TYPE_CHECKING:
    import pandas as pd

HEADS = {"on": "odds against none", "off": "without contagion", "neither": "nor example"}


def odds_table(ties: Ties) -> pd.DataFrame:
    """Return one row per number of using colleagues: odds in each arm, and starts with contagion."""
    import pandas as pd

    rows = {}
    for name in COLLEAGUES:
        row = {}
        for contagion, head in HEADS.items():
            ratio = ties.odds.loc[(contagion, name)]
            row[head] = ranged(ratio["odds"], ratio["low"], ratio["high"])
            if contagion == "on":
                row["starts"] = f"{ratio['starts']:,.0f} of {ratio['at_risk']:,.0f}"
        rows[name] = row
    row = {}
    for contagion, head in HEADS.items():
        ratio = ties.next.loc[contagion]
        row[head] = ranged(ratio["auc"], ratio["low"], ratio["high"])
        if contagion == "on":
            row["starts"] = ""
    rows["who starts next (AUC)"] = row
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("using colleagues")


def differences_table(ties: Ties) -> pd.DataFrame:
    """Return one row per comparison of ties, one column per month: points and standard error."""
    import pandas as pd

    rows: dict[str, dict[str, str]] = {}
    for (contrast, month), difference in ties.differences.iterrows():
        text = f"{difference['points']:+.1f} (se {difference['error']:.1f})"
        rows.setdefault(contrast, {})[f"month {month}"] = text
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("points of weekly users")


def ranged(value: float, low: float, high: float) -> str:
    """Return a ratio with its interval; a dash where there is none."""
    return "-" if value != value else f"{value:.2f} ({low:.2f} to {high:.2f})"
