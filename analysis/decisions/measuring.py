"""A plan of what to measure: which KPIs, how an organisation finds each out, when, and what to expect.

Expected is what the simulation of a strategy gives: the middle of the organisations, and between which
values eight in ten of them lie. It is one page, to be printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final, NamedTuple

import numpy as np

from analysis.results.summary import called, label_of, scale_of
from analysis.words.languages import ENGLISH, Language
from sim.scenario.library import read_glossary
from sim.study.results import Result

MEASURED: Final = (
    "trust",
    "expectation",
    "tried",
    "skill",
    "using",
    "adoption",
    "never_users",
    "hours_saved",
)
"""What is worth measuring in every programme: what warns first, then what settles it."""

MONTHS: Final = (3, 6, 12)
"""When it is held against what is expected."""


class Expected(NamedTuple):
    """What is expected of a KPI in a month: middle, and the ends of 80 % of the organisations."""

    month: int
    low: float
    middle: float
    high: float


class Measured(NamedTuple):
    """A KPI of the plan.

    Attributes
    ----------
    kpi
        Its name.
    signal
        ``leading`` or ``lagging``.
    checkpoint
        When it is first worth a look, as the glossary has it.
    expected
        By month; not a number where nobody is counted yet.
    """

    kpi: str
    signal: str
    checkpoint: str
    expected: tuple[Expected, ...]


def plan(result: Result, name: str, months: Sequence[int] = MONTHS) -> tuple[Measured, ...]:
    """Return what to measure of a strategy, what warns first before what settles it.

    Parameters
    ----------
    result
        What was simulated.
    name
        Of the strategy.
    months
        When; those after the last simulated one are left out.
    """
    last = result.scenarios[name].simulation.months
    rows = []
    for kpi in MEASURED:
        term = read_glossary()[kpi]
        values = result.curves(name, kpi) * scale_of(kpi).factor
        expected = tuple(
            Expected(month, *_quantiles(values[:, month])) for month in months if month <= last
        )
        rows.append(Measured(kpi, term.signal or "", term.checkpoint or "", expected))
    return tuple(sorted(rows, key=lambda row: row.signal != "leading"))


def _quantiles(values: np.ndarray) -> tuple[float, float, float]:
    known = values[np.isfinite(values)]
    if not known.size:
        return np.nan, np.nan, np.nan
    low, middle, high = np.quantile(known, [0.1, 0.5, 0.9])
    return float(low), float(middle), float(high)


# --- In words ----------------------------------------------------------------------------------


def signal(row: Measured, words: Language = ENGLISH) -> str:
    """Return whether a KPI warns or settles."""
    return words._("moves first") if row.signal == "leading" else words._("settles it")


def checkpoint(row: Measured, words: Language = ENGLISH) -> str:
    """Return when a KPI is first worth a look."""
    return {
        "0": words._("before the start"),
        "1-3": words._("months 1 to 3"),
        "6": words._("month 6"),
        "12+": words._("month 12"),
    }[row.checkpoint]


def amount(row: Measured, there: Expected, words: Language = ENGLISH) -> str:
    """Return what is expected: '54% (46 to 61)'."""
    if not np.isfinite(there.middle):
        return words._("nobody yet")
    scale = scale_of(row.kpi)
    digits = 0 if scale.factor == 100.0 else 2 if scale.unit == "" else 1
    low, middle, high = (words.number(end, digits) for end in there[1:])
    unit = "%" if scale.factor == 100.0 else ""
    return words._("{middle} ({low} to {high})", middle=f"{middle}{unit}", low=low, high=high)


def found_out(row: Measured, words: Language = ENGLISH) -> str:
    """Return how an organisation finds it out, with the unit where that is no share."""
    term = read_glossary()[row.kpi]
    text = words.of(term.measured_by)
    if scale_of(row.kpi).factor == 100.0:
        return text
    return f"{text} ({words.of(term.unit)})"


def heads(rows: Sequence[Measured], words: Language = ENGLISH) -> list[str]:
    """Return the heads of the table."""
    return [
        words._("What"),
        words._("How you find it out"),
        words._("Signal"),
        words._("First look"),
        *(words._("Month {month}", month=there.month) for there in rows[0].expected),
    ]


def cells(rows: Sequence[Measured], words: Language = ENGLISH) -> list[list[str]]:
    """Return the table as texts, a list for each KPI."""
    return [
        [
            label_of(row.kpi, words),
            found_out(row, words),
            signal(row, words),
            checkpoint(row, words),
            *(amount(row, there, words) for there in row.expected),
        ]
        for row in rows
    ]


STYLE: Final = """
@page { size: A4 landscape; margin: 11mm; }
body { font: 9.6pt/1.35 "Source Sans 3", "Source Sans Pro", "Segoe UI", Helvetica, Arial, sans-serif; color: #1c1c1c;
  margin: 0 auto; max-width: 273mm; padding: 4mm; }
@media print { body { padding: 0; } }
h1 { font-size: 19pt; margin: 0 0 1mm; } .for { color: #5c5c5c; margin: 0 0 5mm; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 1.5mm 2.2mm; border-bottom: 1px solid #d9d9d9; }
thead th { border-bottom: 2px solid #005b94; font-size: 9pt; }
tbody th { width: 34mm; } td.number, th.number { text-align: right; white-space: nowrap; }
.leading { color: #005b94; font-weight: 600; } ul { margin: 4mm 0 0; padding-left: 5mm; } li { margin-bottom: 1mm; }
"""


def page(result: Result, name: str, client: str = "", words: Language = ENGLISH) -> str:
    """Return the plan as one page of HTML, landscape A4 when it is printed."""
    rows = plan(result, name)
    scenario = result.scenarios[name]
    title = words._("What we measure, and what we expect")
    about = words._(
        "{client}: {plan}, {people} people",
        client=client or scenario.organisation.name,
        plan=called(scenario, words),
        people=words.number(scenario.organisation.employees),
    )
    head = "".join(
        f"<th scope='col'{_numeric(k)}>{escape(text)}</th>"
        for k, text in enumerate(heads(rows, words))
    )
    body = "".join(
        f"<tr><th scope='row'>{escape(line[0])}</th>"
        + "".join(
            f"<td{_numeric(k) or _first(k, row)}>{escape(text)}</td>"
            for k, text in enumerate(line[1:], 1)
        )
        + "</tr>"
        for row, line in zip(rows, cells(rows, words), strict=True)
    )
    notes = "".join(f"<li>{escape(text)}</li>" for text in notes_of(result, words))
    return (
        f"<!doctype html><html lang='{words.code}'><head><meta charset='utf-8'>"
        f"<meta name='viewport' content='width=device-width'><title>{escape(title)}</title>"
        f"<style>{STYLE}</style></head><body><main><h1>{escape(title)}</h1><p class='for'>{escape(about)}</p>"
        f"<div class='wide'><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        f"<ul>{notes}</ul></main></body></html>"
    )


def _numeric(column: int) -> str:
    return " class='number'" if column >= 4 else ""


def _first(column: int, row: Measured) -> str:
    return " class='leading'" if column == 2 and row.signal == "leading" else ""


def notes_of(result: Result, words: Language = ENGLISH) -> list[str]:
    """Return how the plan is read."""
    return [
        words._(
            "Expected: the middle of {runs} simulated organisations, in brackets where eight in ten of them lie. A "
            "what-if, not a forecast: outside the brackets something else is going on than was planned.",
            runs=words.number(result.runs),
        ),
        words._(
            "What moves first warns in time: below its brackets in the first months, talk to people before you look "
            "at use. What settles it moves last."
        ),
        words._(
            "Measure groups, never persons: no group of fewer than {least} people is told.",
            least=next(iter(result.scenarios.values())).privacy.min_group,
        ),
    ]
