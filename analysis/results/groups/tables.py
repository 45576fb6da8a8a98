"""How groups fare in numbers: what each ends with, and how it differs from a reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from analysis.results.comparison import apart, in_figures, others, paired, reference_of
from analysis.results.groups.measured import PERSONAL, curves, kinds, mean, names, people
from analysis.results.summary import common_months, known, labels, month_within, scale_of
from analysis.words.texts import short

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.results import Result

MONTHS: Final = (6, 12)
"""Months shown beside the last."""


def group_levels(result: Result) -> pd.DataFrame:
    """Return how the groups of each scenario fare.

    Returns
    -------
    pandas.DataFrame
        One row per kind, group and scenario: ``people`` on average; ``adoption_m6`` and
        following; ``never_users`` and ``felt_threat`` at the end. Means over the organisations in
        which the group is large enough; not a number, and ``hidden``, where it is too small.
    """
    import pandas as pd

    last = common_months(result)
    months = [month for month in MONTHS if month < last] + [last]
    rows = []
    for kind in kinds(result):
        for group in names(result, kind):
            for scenario, measured in result.groups.items():
                if (kind, group) not in measured.labels:
                    continue
                adoption = curves(result, scenario, kind, group, "adoption")
                row: dict[str, Any] = {"kind": kind, "group": group, "scenario": scenario}
                row["hidden"] = adoption is None
                row["people"] = np.nan
                if adoption is not None:
                    row["people"] = people(result, scenario, kind, group, last)
                for month in months:
                    row[f"adoption_m{month}"] = mean(adoption, month)
                for kpi in ("never_users", "felt_threat"):
                    row[kpi] = mean(curves(result, scenario, kind, group, kpi), last)
                rows.append(row)
    return pd.DataFrame(rows).set_index(["kind", "group", "scenario"])


def group_differences(
    result: Result, against: str | None = None, kpi: str = "adoption", month: int | None = None
) -> pd.DataFrame:
    """Return how each group differs from the same group in a reference scenario.

    Parameters
    ----------
    result
        What was simulated, with groups.
    against
        Scenario the others are compared with; by default the first.
    kpi
        KPI compared; one that groups have.
    month
        Month compared; by default the last that all scenarios have.

    Returns
    -------
    pandas.DataFrame
        One row per kind, group and other scenario: ``difference`` with ``low`` and ``high`` of
        its 95 % interval, in points for shares; ``organisations`` it was measured in, those in
        which the group is large enough in both. Groups too small are left out.

    Raises
    ------
    AdoptionError
        If there are no groups, or no such scenario, KPI or month.
    """
    import pandas as pd

    reference, month = reference_of(result, against), month_within(result, month)
    factor = scale_of(known(kpi, PERSONAL, "KPI of groups")).factor
    columns = ["kind", "group", "scenario", "difference", "low", "high", "organisations"]
    rows = []
    for kind in kinds(result):
        for group in names(result, kind):
            base = curves(result, reference, kind, group, kpi)
            for scenario in others(result, reference):
                here = curves(result, scenario, kind, group, kpi)
                if base is None or here is None:
                    continue
                pairs = paired(result, scenario, reference)
                these, those = factor * here[:, month], factor * base[:, month]
                both = np.isfinite(these) & np.isfinite(those)
                if not both.any():
                    continue
                gained = apart(these[both], those[both], pairs)
                rows.append((kind, group, scenario, *gained, int(both.sum())))
    return pd.DataFrame(rows, columns=columns).set_index(["kind", "group", "scenario"])


def group_texts(
    result: Result, kind: str, against: str | None = None, kpi: str = "adoption"
) -> pd.DataFrame:
    """Return the groups of a kind as texts: shares in percent, one row per group and scenario."""
    import pandas as pd

    levels = group_levels(result).loc[kind]
    several = len(result.scenarios) > 1
    gains = group_differences(result, against, kpi) if several else None
    called = labels(result)
    rows: list[dict[str, str]] = []
    for (group, scenario), level in levels.iterrows():
        first = not rows or group not in [row[kind] for row in rows]
        row = {kind: group if first or not several else ""}
        if several:
            row["scenario"] = short(called[scenario], 24)
        row["people"] = "not shown" if level["hidden"] else f"{level['people']:.0f}"
        for column in [name for name in levels.columns if name.startswith("adoption_")]:
            row[column.removeprefix("adoption_")] = _percent(level[column])
        row["never"] = _percent(level["never_users"])
        row["threat"] = "" if level["hidden"] else f"{level['felt_threat']:.2f}"
        if gains is not None:
            row["difference"] = ""
            if (kind, group, scenario) in gains.index:
                gain = gains.loc[(kind, group, scenario)]
                figures = in_figures(gain)
                row["difference"] = f"{figures['difference']} ({figures['between']})"
        rows.append(row)
    return pd.DataFrame(rows).set_index(kind)


def _percent(share: float) -> str:
    return "" if share != share else f"{100 * share:.0f}"
