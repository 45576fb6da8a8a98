"""How each scenario went: mean, spread over organisations, the shape of its curve, its events.

A run is one organisation with its own people, ties and luck, and is called so here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from analysis.results.undone import named
from analysis.words.languages import ENGLISH, Language
from sim import kpis
from sim.engine.kinds import Array
from sim.errors import AdoptionError
from sim.programme.ledger import undone_if_known
from sim.scenario.library import read_archetypes, read_glossary

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.schema import Scenario
    from sim.study.results import Result


BAND = (0.10, 0.90)
"""Quantiles of organisations between which a band lies."""

HALF = 0.5
"""Level whose month is reported."""


LEVELS = (0.1, 0.3, 0.5, 0.8)
"""Levels of adoption whose months are reported."""

SUCCESS_MONTH = 18
SUCCESS_LEVEL = 0.35
"""Adoption that a success has in that month, with more earned than spent."""

STEPS = (1, 2, 3, 4, 5)
"""Steps of maturity."""


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


def label_of(kpi: str, words: Language = ENGLISH) -> str:
    """Return what a KPI is called."""
    if kpi not in read_glossary():
        raise AdoptionError(f"scenarios/library/glossary.yaml: KPI '{kpi}' has no entry")
    return words.of(read_glossary()[kpi].title)


def name_of(kind: str, group: str, words: Language = ENGLISH) -> str:
    """Return what a group is called in a figure: in English an archetype by its name only."""
    if kind == "archetype" and " + " in group:
        return " + ".join(name_of(kind, part, words) for part in group.split(" + "))
    if kind == "archetype" and words != ENGLISH and group in read_archetypes():
        title = words.of(read_archetypes()[group].title)
        return title[0].lower() + title[1:]
    known = {
        "everybody": words._("everybody"),
        "other": words._("other"),
        "other departments": words._("other departments"),
        "other teams": words._("other teams"),
        "no team": words._("no team"),
        "other archetypes": words._("other archetypes"),
        "leaders": words._("leaders"),
    }
    if kind == "role":
        known |= {
            "employee": words._("employee"),
            "team_lead": words._("team lead"),
            "manager": words._("manager"),
            "executive": words._("executive"),
        }
    parts = [[known.get(word, word) for word in part.split(" / ")] for part in group.split(" + ")]
    return " + ".join(" / ".join(part) for part in parts)


def group_name(kind: str, group: str, words: Language) -> str:
    """Return what a group is called on a page: archetypes have a title, departments their names."""
    if kind != "archetype":
        return name_of(kind, group, words)
    archetypes = read_archetypes()
    return " + ".join(
        words.of(archetypes[part].title) if part in archetypes else name_of(kind, part, words)
        for part in group.split(" + ")
    )


def unit_of(kpi: str, words: Language = ENGLISH) -> str:
    """Return in which unit a KPI is, as it stands beside an axis."""
    if words == ENGLISH:
        return kpis.KPIS[kpi].unit
    return words.of(read_glossary()[kpi].unit)


def in_unit(number: str, unit: str, words: Language = ENGLISH) -> str:
    """Return a number with its unit, as it is where it has no words here; scores have none."""
    return {
        "": number,
        "%": words._("{number} %", number=number),
        "points": words._("{number} points", number=number),
        "case": words._("{number} case", number=number),
        "case/person/month": words._("{number} case/person/month", number=number),
        "euro": words._("{number} euro", number=number),
        "euro/month": words._("{number} euro/month", number=number),
        "euro/person/month": words._("{number} euro/person/month", number=number),
        "hour/month": words._("{number} hour/month", number=number),
        "hour/person/month": words._("{number} hour/person/month", number=number),
        "ratio": words._("{number} ratio", number=number),
        "request/person/month": words._("{number} request/person/month", number=number),
        "step": words._("{number} step", number=number),
        "suggestion/person/month": words._("{number} suggestion/person/month", number=number),
    }.get(unit, f"{number} {unit}")


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
    return min(scenario.simulation.months for scenario in result.scenarios.values())


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


def all_known(values: Array, kpi: str, month: int) -> Array:
    """Return values of a KPI in a month, of which every organisation must have one.

    Raises
    ------
    AdoptionError
        If some have none: nobody there uses it yet, or has had access for long enough.
    """
    if not np.isfinite(values).all():
        raise AdoptionError(
            f"{kpi}: in month {month} it is not known in {1.0 - np.isfinite(values).mean():.0%} of the "
            "runs, as nobody uses AI there or has had access for long enough; ask for a later month "
            "or another KPI"
        )
    return values


def called(scenario: Scenario, words: Language = ENGLISH) -> str:
    """Return what a scenario is called: its title, or its name, with how much it lacks."""
    return named(" ".join(scenario.label.split()), undone_if_known(scenario), words)


def labels(result: Result, words: Language = ENGLISH) -> dict[str, str]:
    """Return what each scenario is called, with how much it lacks: by its name where titles are the same."""
    titles = {name: " ".join(scenario.label.split()) for name, scenario in result.scenarios.items()}
    count = Counter(titles.values())
    return {
        name: named(title if count[title] == 1 else name, result.undone[name], words)
        for name, title in titles.items()
    }


def identical(result: Result, name: str, other: str) -> bool:
    """Return whether two scenarios gave the same: every KPI of every organisation in every month."""
    first, second = result.measured[name], result.measured[other]
    return first.shape == second.shape and np.array_equal(first, second, equal_nan=True)


def band(curves: Array) -> tuple[Array, Array]:
    """Return the values between which 80 % of the organisations lie, month by month.

    Of those there could be, not of those at hand: of ``n`` organisations the one of rank ``r`` has
    ``r / (n + 1)`` of all below it on average, whatever their distribution. With fewer than nine
    the lowest and the highest are the ends, which hold (n - 1) / (n + 1).

    Parameters
    ----------
    curves
        One row per organisation, one column per month. Where some organisations have no such
        number, the band is of the others.
    """
    low, high = np.quantile(curves, BAND, axis=0, method="weibull")
    for month in np.flatnonzero(np.isnan(low)) if curves.ndim > 1 else ():
        there = curves[np.isfinite(curves[:, month]), month]
        if there.size:
            low[month], high[month] = band(there)
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
        between which lie 80 % of the organisations; ``standard_error`` of the mean. They are of
        the organisations that have such a number, and not a number where none has. For shares
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
        for wanted in asked:
            unit = kpis.KPIS[known(wanted, kpis.KPIS, "KPI")].unit
            curves = result.curves(name, wanted)[:, : month + 1]
            now = curves[np.isfinite(curves[:, month]), month]
            low, high = band(now) if now.size else (np.nan, np.nan)
            share = unit == "share"
            reached = kpis.month_reached(curves, HALF) <= month
            rows.append(
                {
                    "scenario": name,
                    "kpi": wanted,
                    "label": label,
                    "unit": unit,
                    "month": month,
                    "organisations": result.runs,
                    "mean": float(kpis.known_mean(now)),
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


# --- The curve -----------------------------------------------------------------------------


def curve_statistics(result: Result) -> pd.DataFrame:
    """Return what is said of each scenario's curves of adoption and money.

    Returns
    -------
    pandas.DataFrame
        One row per scenario, up to the last month that all have. ``month_of_10`` and following:
        median month in which so many percent are weekly users, not a number if fewer than half
        of the organisations get there; ``reached_10``: share of organisations that do.
        ``months_to_half``: restricted mean time to 50 %. ``area_under_curve``: mean adoption from
        month 1. ``success``: share of organisations with adoption of at least ``SUCCESS_LEVEL``
        in month ``SUCCESS_MONTH`` and more earned than spent by then. ``break_even``: median
        month; ``broke_even``: share of organisations. ``roi``: mean at the end.
    """
    import pandas as pd

    last = common_months(result)
    rows = []
    for name in result.scenarios:
        adoption = result.curves(name, "adoption")[:, : last + 1]
        net = result.curves(name, "cumulative_net")[:, : last + 1]
        row: dict[str, Any] = {"scenario": name}
        for level in LEVELS:
            reached = kpis.month_reached(adoption, level)
            row[f"month_of_{100 * level:.0f}"] = _median(reached)
            row[f"reached_{100 * level:.0f}"] = float(np.isfinite(reached).mean())
        row["months_to_half"] = kpis.restricted_mean_time(adoption, HALF)
        row["area_under_curve"] = float(adoption[:, 1:].mean())
        row["success"] = np.nan
        if last >= SUCCESS_MONTH:
            used = adoption[:, SUCCESS_MONTH] >= SUCCESS_LEVEL
            row["success"] = float((used & (net[:, SUCCESS_MONTH] > 0.0)).mean())
        even = break_even(net, result.curves(name, "cost")[:, : last + 1])
        row["break_even"], row["broke_even"] = _median(even), float(np.isfinite(even).mean())
        row["roi"] = float(kpis.known_mean(result.curves(name, "roi")[:, last]))
        rows.append(row)
    return pd.DataFrame(rows).set_index("scenario")


def break_even(net: Array, cost: Array) -> Array:
    """Return the first month in which what was spent is earned back, infinity where it never is.

    Parameters
    ----------
    net
        Benefit less cost since the start, one row per organisation, one column per month.
    cost
        Cost of each month.
    """
    return kpis.month_reached((net >= 0.0) & (np.cumsum(cost, axis=1) > 0.0), 1.0)


def _median(months: Array) -> float:
    """Return the median month, not a number if more than half never get there."""
    middle = float(np.quantile(months, 0.5, method="inverted_cdf"))
    return middle if np.isfinite(middle) else float("nan")


def maturity(result: Result) -> pd.DataFrame:
    """Return the share of organisations on each step of maturity at the end, by scenario."""
    import pandas as pd

    last = common_months(result)
    shares = {
        name: [float((result.curves(name, "maturity")[:, last] == step).mean()) for step in STEPS]
        for name in result.scenarios
    }
    table = pd.DataFrame.from_dict(shares, orient="index", columns=list(STEPS))
    return table.rename_axis(index="scenario", columns="step")


# --- Events --------------------------------------------------------------------------------


class EventFigures(NamedTuple):
    """What the log of events says.

    Attributes
    ----------
    first_starts
        First starts of people who were not appointed to use, in all runs.
    nobody
        Share of them with no colleague who used AI at that moment.
    exposure
        Median share of noticed colleagues who did.
    stops, restarts
        Per 100 people over the whole period.
    """

    first_starts: int
    nobody: float
    exposure: float
    stops: float
    restarts: float


def event_figures(events: pd.DataFrame, people: int) -> EventFigures:
    """Return what a log of :func:`sim.study.experiments.events` says.

    Parameters
    ----------
    events
        The log.
    people
        People in all its runs together.
    """
    first = events.loc[events["kind"] == "start", "exposure"]
    number = events["kind"].value_counts()
    each = 100.0 / people
    return EventFigures(
        len(first),
        float((first == 0.0).mean()),
        float(first.median()),
        each * int(number["stop"]),
        each * int(number["restart"]),
    )
