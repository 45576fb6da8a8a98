"""What a study shows in the terminal: one table of scenarios, one of checkpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.comparison import clear, difference, in_figures, percent, reference_of
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
    """Return one row of texts per scenario: curve, paired difference, refusers, time, money."""
    import pandas as pd

    reference = reference_of(result, against)
    last = common_months(result)
    now = summarise(result, month=last)
    paired = difference(result, against, kpi) if len(result.scenarios) > 1 else None
    rows = []
    for name, one in result.scenarios.items():
        unit = kpis.KPIS[kpi].unit
        row = {"scenario": one.label}
        for month in checkpoints(result):
            if month in (6, 12, last):
                mean = float(result.curves(name, kpi)[:, month].mean())
                row[f"month {month}"] = as_text(mean, unit)
        low, high = now.loc[(name, kpi), "low"], now.loc[(name, kpi), "high"]
        row["10-90 %"] = f"{as_text(float(low), unit)} to {as_text(float(high), unit)}"
        if paired is not None:
            row["difference"] = row["better in"] = ""
            if name != reference:
                line = paired.loc[name]
                text = in_figures(line)
                interval = text["interval"].removeprefix("95 % interval ")
                row["difference"] = f"{text['difference']} {line.unit} ({interval})"
                row["better in"] = f"{percent(line.better)} %"
                if not clear(line):
                    row["difference"] += " ?"
        never = float(now.loc[(name, "never_users"), "mean"])
        row["never-users"] = as_text(never, "share")
        time, reached = (now.loc[(name, "adoption"), key] for key in ("months_to_half", "reached_half"))
        row["half use it"] = f"month {time:.0f}" if reached > 0.5 else f"{reached:.0%} by {last}".replace("%", " %")
        row["cost"] = f"{float(result.curves(name, 'cost')[:, : last + 1].sum(axis=1).mean()):,.0f} €"
        row["net"] = f"{float(now.loc[(name, 'cumulative_net'), 'mean']):+,.0f} €"
        rows.append(row)
    return pd.DataFrame(rows).set_index("scenario")


def profile(result: Result) -> pd.DataFrame:
    """Return every KPI of the only scenario at the checkpoints, as texts."""
    import pandas as pd

    name = next(iter(result.scenarios))
    rows = []
    for one in kpis.KPIS.values():
        row = {"KPI": one.label}
        for month in checkpoints(result):
            row[f"month {month}"] = as_text(float(result.curves(name, one.name)[:, month].mean()), one.unit)
        row["unit"] = "%" if one.unit == "share" else one.unit
        rows.append(row)
    return pd.DataFrame(rows).set_index("KPI")


def as_text(value: float, unit: str) -> str:
    """Return a value as people read it: shares in percent, money in whole euros."""
    if unit == "share":
        return f"{100 * value:.0f} %"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"
