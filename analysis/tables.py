"""What a study shows in the terminal: one table of scenarios, one of checkpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.comparison import clear, difference, in_figures, reference_of
from analysis.summary import common_months, summarise
from sim import kpis
from sim.results import Result

if TYPE_CHECKING:
    import pandas as pd

CHECKPOINTS = (3, 6, 12, 18, 24)


def checkpoints(result: Result) -> list[int]:
    """Return the months people look at, as far as all scenarios go."""
    last = common_months(result)
    return [month for month in CHECKPOINTS if month < last] + [last]


def levels(result: Result) -> pd.DataFrame:
    """Return every KPI of every scenario at the checkpoints, in the KPI's own unit."""
    import pandas as pd

    return pd.concat(
        summarise(result, month=month).reset_index() for month in checkpoints(result)
    ).reset_index(drop=True)


def overview(result: Result, against: str | None = None, kpi: str = "adoption") -> pd.DataFrame:
    """Return one row of texts per scenario: curve, paired difference, refusers, time, money.

    Narrow enough for a terminal of 80 columns: shares in percent, money in thousands of euros.
    """
    import pandas as pd

    reference = reference_of(result, against)
    last = common_months(result)
    now = summarise(result, month=last)
    paired = difference(result, against, kpi) if len(result.scenarios) > 1 else None
    unit = kpis.KPIS[kpi].unit
    rows = []
    for name, one in result.scenarios.items():
        row = {"scenario": one.label}
        for month in checkpoints(result):
            if month in (6, 12, last):
                mean = float(result.curves(name, kpi)[:, month].mean())
                row[f"m{month}"] = as_text(mean, unit)
        low, high = (float(now.loc[(name, kpi), edge]) for edge in ("low", "high"))
        row["10-90 %"] = f"{as_text(low, unit)}{' to ' if low < 0 else '-'}{as_text(high, unit)}"
        if paired is not None:
            row["difference"] = ""
            if name != reference:
                text = in_figures(paired.loc[name])
                interval = text["interval"].removeprefix("95 % interval ")
                unsure = "" if clear(paired.loc[name]) else " ?"
                same = "" if paired.loc[name, "same_people"] else "~ "
                row["difference"] = f"{same}{text['difference']} ({interval}){unsure}"
        row["never"] = as_text(float(now.loc[(name, "never_users"), "mean"]), "share")
        half = now.loc[(name, "adoption")]
        most = half["reached_half"] >= 0.5
        row["half"] = f"m{half['months_to_half']:.0f}" if most else f"> m{last}"
        spent = float(result.curves(name, "cost")[:, : last + 1].sum(axis=1).mean())
        net = float(now.loc[(name, "cumulative_net"), "mean"])
        row["k€ cost"] = f"{spent / 1000:,.0f}"
        row["k€ net"] = f"{net / 1000:+,.0f}"
        rows.append(row)
    return pd.DataFrame(rows).set_index("scenario")


def organisations(result: Result) -> str:
    """Return the name of the organisation simulated, or that there are several."""
    names = dict.fromkeys(one.organisation.name for one in result.scenarios.values())
    return next(iter(names)) if len(names) == 1 else f"Different organisations ({'; '.join(names)})"


def profile(result: Result) -> pd.DataFrame:
    """Return every KPI of the only scenario at the checkpoints, as texts."""
    import pandas as pd

    name = next(iter(result.scenarios))
    rows = []
    for one in kpis.KPIS.values():
        row = {"KPI": one.label}
        for month in checkpoints(result):
            row[f"month {month}"] = as_text(
                float(result.curves(name, one.name)[:, month].mean()), one.unit
            )
        row["unit"] = "%" if one.unit == "share" else one.unit
        rows.append(row)
    return pd.DataFrame(rows).set_index("KPI")


def as_text(value: float, unit: str) -> str:
    """Return a value as people read it: shares in percent, money in whole euros."""
    if unit == "share":
        return f"{100 * value:.0f}"
    if abs(value) >= 10_000:
        return f"{value / 1000:,.0f}k"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"
