"""What any file of use comes to: counts of people by month, with what 'active' means there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from sim.errors import ScenarioError, said
from sim.scenario.imports.table import Column, Table, refused
from sim.scenario.words import short

LEAST: Final = 5
"""Fewest people a count is about."""

FORMS: Final = ("%Y-%m-%d", "%Y/%m/%d", "%d-%m-%Y", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y")
"""Ways to write a day; in the last two the same text may mean two days."""

MONTHS: Final = {
    word: number
    for number, words in enumerate(
        (
            ("jan", "januari", "january"),
            ("feb", "februari", "february"),
            ("mar", "mrt", "maart", "march"),
            ("apr", "april"),
            ("may", "mei"),
            ("jun", "juni", "june"),
            ("jul", "juli", "july"),
            ("aug", "augustus", "august"),
            ("sep", "sept", "september"),
            ("oct", "okt", "oktober", "october"),
            ("nov", "november"),
            ("dec", "december"),
        ),
        start=1,
    )
    for word in words
}
"""Months by their names, in English and Dutch."""


class Source(NamedTuple):
    """What a kind of file counts.

    Attributes
    ----------
    name
        What kind of file it is.
    kpi
        The KPI it is held against: ``using`` for people active in a month, ``adoption`` for weekly users.
    definition
        When somebody counts as active there.
    """

    name: str
    kpi: str
    definition: str


class Count(NamedTuple):
    """People in a month.

    Attributes
    ----------
    month
        Number of the month: of the programme, or of the calendar (twelve times the year, and its
        month from 0).
    department
        Of whom; empty for everybody.
    active, base
        People who are active, and of how many.
    """

    month: int
    department: str
    active: float
    base: float


class Counted(NamedTuple):
    """What a file says.

    Attributes
    ----------
    file
        The file as shown.
    source
        What it counts.
    of
        ``enabled`` or ``people``: of whom the base is the number.
    calendar
        Whether months are those of the calendar.
    counts
        A count for each month, and for each department where these are known.
    notes
        What was assumed, left out or mended, without personal data.
    """

    file: str
    source: Source
    of: str
    calendar: bool
    counts: Sequence[Count]
    notes: Sequence[str]


def month_of(day: date) -> int:
    """Return the number of a day's month in the calendar."""
    return 12 * day.year + day.month - 1


def shown_month(number: int) -> str:
    """Return a month of the calendar as it is written: 2026-03."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def calendar_month(text: str) -> int | None:
    """Return the month of the calendar that a text names, or None.

    Examples
    --------
    >>> [calendar_month(text) for text in ("2026-03", "03/2026", "mrt 2026", "March 2026", "soon")]
    [24314, 24314, 24314, 24314, None]
    """
    if match := re.fullmatch(r"(\d{4})[-/. ](\d{1,2})", text):
        year, month = int(match[1]), int(match[2])
    elif match := re.fullmatch(r"(\d{1,2})[-/. ](\d{4})", text):
        year, month = int(match[2]), int(match[1])
    elif match := re.fullmatch(r"([^\W\d]+)\.?[-/ ](\d{4})", text):
        year, month = int(match[2]), MONTHS.get(match[1].casefold(), 0)
    else:
        return None
    return 12 * year + month - 1 if 1 <= month <= 12 and year >= 1900 else None


def day_of(text: str, form: str) -> date | None:
    """Return the day a text names in a form, whatever time of day stands behind it; or None."""
    bare = re.split(r"[T ]", text, maxsplit=1)[0]
    try:
        return datetime.strptime(bare, form).date()
    except ValueError:
        return None


def days_in(table: Table, name: str, needed: bool = True) -> list[date | None]:
    """Return the day in each row of a column: a file writes all its dates alike.

    Parameters
    ----------
    table
        The rows; what is wrong with a cell is noted there and raised.
    name
        The column.
    needed
        Whether an empty cell is wrong.

    Raises
    ------
    ScenarioError
        If a cell is no date, or all dates can be read in two ways.
    """
    column = table.columns[name]
    texts = [text for text in column.texts if text]
    read: dict[str, dict[str, date | None]] = {
        form: {text: day_of(text, form) for text in texts} for form in FORMS
    }
    fits = [form for form, days in read.items() if all(days.values())]
    if not fits:
        best = max(FORMS, key=lambda form: sum(day is not None for day in read[form].values()))
        wrong = {
            text: said("found '{text}', expected a date such as 2026-03-31", text=short(text))
            for text, day in read[best].items()
            if day is None
        }
        table.wrong_texts(name, wrong)
    elif len(fits) > 1 and read[fits[0]] != read[fits[1]]:
        text = next(text for text in texts if read[fits[0]][text] != read[fits[1]][text])
        message = said(
            "found '{text}', which is {first} or {second}, and no other date tells which",
            text=short(text),
            first=str(read[fits[0]][text]),
            second=str(read[fits[1]][text]),
        )
        table.wrong(column.rows(cell == text for cell in column.texts)[:1], name, message)
    if needed and "" in column.texts:
        table.wrong_texts(name, {"": said("found nothing, expected a date such as 2026-03-31")})
    table.problems.raise_if_any()
    known = read[fits[0]] if fits else {}
    days = [known.get(text) for text in column.texts]
    return [days[code] for code in column.code.tolist()]


def too_many(active: float, base: float) -> str:
    """Return what is wrong with more active people than there are."""
    return said(
        "found {active:,.0f} active of {base:,.0f}, expected no more than that",
        active=active,
        base=base,
    )


def too_few(file: str) -> ScenarioError:
    """Return the error of figures of so few people that they would tell of one."""
    return refused(
        file, said("found fewer than {least} people, expected at least {least}", least=LEAST)
    )


def counts_mended(column: Column) -> Column:
    """Return a column of counts without the signs between thousands: people are whole."""

    def mended(text: str) -> str:
        grouped = re.fullmatch(r"\d{1,3}(?:([.,'\u2019 \u00a0\u202f])\d{3})(?:\1\d{3})*", text)
        return re.sub(r"\D", "", text) if grouped else text

    return column.changed(mended)
