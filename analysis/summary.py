"""How each scenario ends: mean, spread over organisations, and how long half of them took.

A run is one organisation with its own people, ties and luck, and is called so here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim import kpis
from sim.errors import AdoptionError

if TYPE_CHECKING:
    import pandas as pd

    from sim.results import Result

Array = np.ndarray[Any, Any]

BAND = (0.10, 0.90)
"""Quantiles of organisations between which a band lies."""

HALF = 0.5
"""Level whose month is reported."""


class Scale(NamedTuple):
    """How a KPI is shown to people: shares in percent, everything else in its own unit."""

    factor: float
    unit: str
    difference: str


def scale_of(kpi: str) -> Scale:
    """Return how a KPI and its differences are shown."""
    unit = kpis.KPIS[kpi].unit
    if unit == "share":
        return Scale(100.0, "%", "points")
    if unit == "1":
        return Scale(1.0, "", "")
    return Scale(1.0, unit, unit)


def known(given: str, names: Collection[str], kind: str) -> str:
    """Return a name that exists, or say which ones do.

    Raises
    ------
    AdoptionError
        If there is no such name.
    """
    if given in names:
        return given
    close = get_close_matches(given, names, n=1)
    hint = f"; did you mean '{close[0]}'?" if close else ""
    raise AdoptionError(f"no such {kind} '{given}'{hint} known: {', '.join(names)}")


def common_months(result: Result) -> int:
    """Return the last month that all scenarios have."""
    return min(one.simulation.months for one in result.scenarios.values())


def month_within(result: Result, month: int | None) -> int:
    """Return a month that all scenarios have, by default the last.

    Raises
    ------
    AdoptionError
        If not all scenarios have that month.
    """
    last = common_months(result)
    if month is None:
        return last
    if not 0 <= month <= last:
        raise AdoptionError(f"month: found {month}, expected 0 to {last}, which all scenarios have")
    return month


def labels(result: Result) -> dict[str, str]:
    """Return what each scenario is called: its title, or its name where titles are the same."""
    titles = {name: " ".join(one.label.split()) for name, one in result.scenarios.items()}
    count = Counter(titles.values())
    return {name: title if count[title] == 1 else name for name, title in titles.items()}


def band(curves: Array) -> tuple[Array, Array]:
    """Return the values between which 80 % of the organisations lie, month by month.

    Parameters
    ----------
    curves
        One row per organisation, one column per month.
    """
    low, high = np.quantile(curves, BAND, axis=0)
    return low, high


def standard_error(values: Array) -> float:
    """Return the standard error of a mean over organisations, not a number for one of them."""
    if values.size < 2:
        return float("nan")
    return float(values.std(ddof=1) / np.sqrt(values.size))


def summarise(
    result: Result, kpi: str | Sequence[str] | None = None, month: int | None = None
) -> pd.DataFrame:
    """Return how each scenario stands in a month.

    Parameters
    ----------
    result
        What was simulated.
    kpi
        One KPI or several; by default all.
    month
        Month looked at; by default the last that all scenarios have.

    Returns
    -------
    pandas.DataFrame
        One row per scenario and KPI, in the KPI's own unit: ``mean``; ``low`` and ``high``,
        between which lie 80 % of the organisations; ``standard_error`` of the mean. For shares
        also ``months_to_half``, the restricted mean time to 50 % [month], in which organisations
        that do not get there by this month count as this month, and ``reached_half``, the share
        of organisations that do.

    Raises
    ------
    AdoptionError
        If there is no such KPI or month.
    """
    import pandas as pd

    month = month_within(result, month)
    asked = list(kpis.KPIS) if kpi is None else [kpi] if isinstance(kpi, str) else list(kpi)
    rows = []
    for name, label in labels(result).items():
        for one in asked:
            unit = kpis.KPIS[known(one, kpis.KPIS, "KPI")].unit
            curves = result.curves(name, one)[:, : month + 1]
            now = curves[:, month]
            low, high = np.quantile(now, BAND)
            share = unit == "share"
            reached = kpis.month_reached(curves, HALF) <= month
            rows.append(
                {
                    "scenario": name,
                    "kpi": one,
                    "label": label,
                    "unit": unit,
                    "month": month,
                    "organisations": result.runs,
                    "mean": now.mean(),
                    "low": low,
                    "high": high,
                    "standard_error": standard_error(now),
                    "months_to_half": (
                        kpis.restricted_mean_time(curves, HALF) if share else np.nan
                    ),
                    "reached_half": reached.mean() if share else np.nan,
                }
            )
    return pd.DataFrame(rows).set_index(["scenario", "kpi"])
