"""Plain values a report is made of: cells, tables, sections, curves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from analysis.report.cover import Logo

DASH: Final = "\N{EN DASH}"


@dataclass(frozen=True)
class Cell:
    """What stands in a cell of a table: a text, what is written small below it, the colour behind it."""

    text: str
    note: str = ""
    shade: str = ""


@dataclass(frozen=True)
class Row:
    """A row of a table: its cells, and the colour of the strategy it is about."""

    cells: tuple[Cell, ...]
    colour: str = ""
    strong: bool = False


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes
    ----------
    title
        What it shows.
    columns
        Headings; the first is of what names a row.
    rows
        From top to bottom.
    numbers
        Whether every column but the first holds numbers.
    widths
        Widths of the columns relative to each other; by default as their contents ask.
    note
        What is to be known to read it.
    foreign
        Whether cells hold English whatever the language of the report.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    numbers: bool = True
    widths: tuple[float, ...] = ()
    note: str = ""
    foreign: bool = False


@dataclass(frozen=True)
class Section:
    """A part of the report: a heading, sentences, points and tables."""

    key: str
    title: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    code: str = ""


@dataclass(frozen=True)
class Curve:
    """A line of the chart: share of weekly users by month, and the band around it."""

    label: str
    colour: str
    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    end: str


@dataclass(frozen=True)
class Bars:
    """Bars beside each other: names below them, and values by series."""

    title: str
    names: tuple[str, ...]
    series: tuple[tuple[str, str, tuple[float, ...]], ...]
    unit: str


@dataclass(frozen=True)
class Bar:
    """A measure on the timeline.

    Attributes
    ----------
    label, cost, note
        What it is, what it costs, and what is special about it: not done, or only if something shows.
    when
        Its months in words; empty if it is not done.
    spans
        First and last month of each time it is in force; none if it is not done.
    faint
        Whether it is not sure to come: an adaptive rule.
    """

    label: str
    spans: tuple[tuple[int, int], ...]
    cost: str
    note: str = ""
    faint: bool = False
    when: str = ""


@dataclass(frozen=True)
class Lane:
    """A strategy on the timeline: its bars, and what they cost together."""

    label: str
    colour: str
    bars: tuple[Bar, ...]
    total: str


@dataclass(frozen=True)
class Timeline:
    """All strategies by month.

    Attributes
    ----------
    months
        Last month.
    ticks
        Months that are named.
    lanes
        One per strategy.
    columns
        Headings: of measures, months, when, and costs.
    alt
        What it shows, in words.
    """

    months: int
    ticks: tuple[int, ...]
    lanes: tuple[Lane, ...]
    columns: tuple[str, ...]
    alt: str


@dataclass(frozen=True)
class Report:
    """Everything a report says.

    Attributes
    ----------
    language
        Its code.
    title, eyebrow, day
        Of the whole; the day is empty unless one was given.
    client, logo
        Whose it is, and the client's logo; empty unless given.
    decision
        The decision that is asked.
    question, headline, leads
        What was asked, the answer in a sentence, and the sentences after it.
    outcome
        The headline without what is not done.
    not_done
        What strategies lack or have in common, with which the headline begins.
    warnings
        What the reader has to know first: interrupted, one organisation, what was not done.
    curves, chart, reading, alt
        The lines of the chart, its heading, how to read it, and what it shows in words.
    money, adds
        What the bars of the slides show; ``adds`` is None where that was not worked out.
    timeline
        The choices by month.
    levels, costs, sure, why, next_steps, limits
        Sections on what comes out.
    choices, added, parts, within, turns, days
        Sections on what is chosen from: the timeline, what each measure adds, departments, budgets,
        what turns it and what to measure, and the first hundred days.
    appendices
        The rest.
    searched
        The best plans for some budgets, where they were searched for: a section, or none.
    messages
        What slides say in their titles, by section.
    origin
        What made it, in a line.
    words
        Short texts of the layout by name.
    """

    language: str
    title: str
    eyebrow: str
    day: str
    client: str
    logo: Logo | None
    decision: str
    question: str
    headline: str
    outcome: str
    not_done: tuple[str, ...]
    leads: tuple[str, ...]
    warnings: tuple[str, ...]
    curves: tuple[Curve, ...]
    months: tuple[int, ...]
    chart: str
    reading: str
    alt: str
    money: Bars
    adds: Bars | None
    timeline: Timeline
    levels: Section
    costs: Section
    sure: Section
    why: Section
    next_steps: Section
    limits: Section
    choices: Section
    added: Section
    parts: Section
    within: Section
    turns: Section
    days: Section
    messages: dict[str, str]
    origin: str
    words: dict[str, str]
    appendices: tuple[Section, ...] = field(default=())
    searched: tuple[Section, ...] = ()


def span(low: str, high: str) -> str:
    """Return a range as it is written in a table."""
    return f"{low}{DASH}{high}"
