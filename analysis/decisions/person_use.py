"""Who used AI in which month, from a file beside that of the people: long, or a column per month.

Ids are those of the people file, or its pseudonyms. They are forgotten while reading: what is left
are rows in the order of the people, and nothing of a single person is ever told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from sim.engine.kinds import Array
from sim.privacy import LEAST, several
from sim.scenario.imports import Imported
from sim.scenario.imports.columns import PEOPLE, YES_WORDS, understood
from sim.scenario.imports.ids import Known, identity
from sim.scenario.imports.numbers import Kind, Numbers
from sim.scenario.imports.privacy import pseudonyms, salt_beside
from sim.scenario.imports.table import Sheet, Table, read_sheet, refused, spelled, table_of
from sim.scenario.imports.viva import COLUMNS, is_person_query
from sim.scenario.words import counted, short
from sim.state import NOBODY

HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
    "id": (*PEOPLE["id"], "person", "persoon", "PersonId", "pseudonym", "pseudoniem"),
    "month": ("month", "maand", "period", "periode"),
    "used": ("used", "used AI", "uses", "uses AI", "gebruikt", "gebruikte AI", "AI-gebruik"),
    "days": ("days", "days used", "active days", "dagen", "gebruiksdagen", "actieve dagen"),
    "actions": ("actions", "prompts", "acties", "handelingen", "Copilot actions taken"),
}
"""Headers each column of a file of use is known by."""

COUNTS: Final = {"days": Kind(0, 31, possible=31), "actions": Kind(0, 1e6)}
"""Numbers of columns that count."""

STRANGERS: Final = 0.05
"""Rows of people who are not in the people file may be left out below this share of all rows."""

FEWEST_PEOPLE: Final = 4 * LEAST
FEWEST_MONTHS: Final = 3
"""People and months below which nothing is looked at."""

CALENDAR: Final = re.compile(
    r"(?:(?P<year>(?:19|20)[0-9]{2})[-/.]?(?P<month>0[1-9]|1[0-2])(?:[-/.][0-9]{1,2})?"
    r"|(?P<first>0?[1-9]|1[0-2])[-/.](?P<last>(?:19|20)[0-9]{2}))"
)
NUMBERED: Final = re.compile(r"(?:month|maand|m)? ?(?P<number>[0-9]{1,3})(?:[.,]0)?", re.IGNORECASE)
"""How a month is written: of the calendar, or numbered from the start."""

EXPECTED: Final = "a month such as 2026-03, 03-2026, or a number such as 3"


class PersonUse(NamedTuple):
    """Monthly use by person, in the order of the people file as read; of nobody by name.

    Attributes
    ----------
    used
        Whether each used AI in a month [people, months].
    seen
        Whether that is known [people, months].
    months
        What the first and the last month are called.
    notes
        What was assumed or left aside, in words without personal data.
    """

    used: Array
    seen: Array
    months: tuple[str, str]
    notes: tuple[str, ...]

    @property
    def curve(self) -> Array:
        """Share of those of whom it is known who used AI in each month [months]."""
        share: Array = (self.used & self.seen).sum(axis=0) / np.maximum(self.seen.sum(axis=0), 1)
        return share


def month_number(text: str) -> tuple[str, int] | None:
    """Return how a month is written, ``calendar`` or ``number``, and which it is; None if it is none.

    Examples
    --------
    >>> month_number("2026-03"), month_number("03-2026"), month_number("maand 3"), month_number("x")
    (('calendar', 24314), ('calendar', 24314), ('number', 3), None)
    """
    if match := CALENDAR.fullmatch(text):
        year, month = match["year"] or match["last"], match["month"] or match["first"]
        return "calendar", 12 * int(year) + int(month) - 1
    if match := NUMBERED.fullmatch(text):
        return "number", int(match["number"])
    return None


def month_name(kind: str, number: int) -> str:
    """Return how a month is told."""
    return f"{number // 12}-{number % 12 + 1:02d}" if kind == "calendar" else str(number)


def read_use(path: Path, people: Path, imported: Imported, at_least: float = 1.0) -> PersonUse:
    """Read who used AI in which month.

    Parameters
    ----------
    path
        File of use: a row per person and month with ``id``, ``month`` and ``used`` (0 or 1),
        ``days`` or ``actions``; or a row per person and a column per month.
    people
        The people file, for its ids.
    imported
        What was read from it.
    at_least
        Days or actions in a month from which on somebody used AI.

    Raises
    ------
    ScenarioError
        With every problem found in the file, each with its line and column.
    """
    sheet = read_sheet(path)
    wide = [k for k, head in enumerate(sheet.header) if month_number(head) is not None]
    known = {spelled(word) for word in HEADERS["month"]}
    long = any(spelled(head) in known for head in sheet.header)
    if not long and len(wide) < 2:
        message = (
            "found no column 'month' and no columns called after months, expected id, month and used "
            f"(or days, or actions), or id and a column for each month ({EXPECTED})"
        )
        raise refused(sheet.file, message)
    cells = _long(sheet) if long else _wide(sheet, wide)
    table, month_kind, row_month, value = cells
    place = _places(table, people, imported)
    return _assembled(table, place, row_month, value, (month_kind, len(imported.people), at_least))


def _long(sheet: Sheet) -> tuple[Table, str, Array, Array]:
    """Return table, kind of months, month and value of each row of a file with a row per month."""
    table = table_of(sheet, HEADERS, ("id", "month"), ("month",))
    measures = [name for name in ("used", *COUNTS) if name in table.columns]
    if len(measures) != 1:
        there = " and ".join(f"'{table.heads[name]}'" for name in measures) or "none"
        message = f"found {there}, expected one column of use: used (0 or 1), days, or actions"
        raise refused(table.file, message)
    column = table.columns["month"]
    kinds = [month_number(text) for text in column.texts]
    table.wrong_texts(
        "month",
        {
            text: f"found '{short(text)}', expected {EXPECTED}"
            for text, kind in zip(column.texts, kinds, strict=True)
            if kind is None
        },
    )
    written = _one_kind(table, [kind[0] for kind in kinds if kind])
    month = column.each([kind[1] if kind else 0 for kind in kinds], int)
    return table, written, month, _values(table, measures[0])


def _wide(sheet: Sheet, wide: list[int]) -> tuple[Table, str, Array, Array]:
    """Return the same of a file with a column per month: rows below each other, month by month."""
    months = [month for k in wide if (month := month_number(sheet.header[k]))]
    numbers = [number for _, number in months]
    if len(set(numbers)) < len(numbers):
        raise refused(sheet.file, "found two columns of the same month, expected one for each")
    heads = {f"month {k}": (sheet.header[k],) for k in wide}
    table = table_of(sheet, {"id": HEADERS["id"], **heads}, ("id",))
    read = f"columns read: id ('{short(table.heads['id'], 30)}'), {len(wide)} months"
    table.notes = [read if note.startswith("columns read") else note for note in table.notes]
    written = _one_kind(table, [kind for kind, _ in months])
    words = understood(YES_WORDS)
    texts = {text for name in heads for text in table.columns[name].texts if text}
    if all(spelled(text) in words for text in texts):
        values = [_yes(table, name) for name in heads]
    else:
        counts = Numbers(table, dict.fromkeys(heads, COUNTS["actions"]))
        values = [counts.column(name) for name in heads]
    return table, written, np.repeat(numbers, len(table.lines)), np.concatenate(values)


def _one_kind(table: Table, kinds: Iterable[str]) -> str:
    """Return how all months are written, or note that they are written in two ways."""
    ways = sorted(set(kinds))
    if len(ways) > 1:
        table.problems.add("found months of the calendar and numbered ones, expected one kind")
    return ways[0] if ways else "number"


def _values(table: Table, name: str) -> Array:
    """Return the use in each row: 0 or 1, days, or actions; not a number where it is empty."""
    return _yes(table, name) if name == "used" else Numbers(table, COUNTS).column(name)


def _yes(table: Table, name: str) -> Array:
    """Return a column of yes and no as 1 and 0; not a number where it is empty."""
    words, column = understood(YES_WORDS), table.columns[name]
    table.wrong_texts(
        name,
        {
            text: f"found '{short(text)}', expected 0 or 1 (or no and yes, nee and ja)"
            for text in column.texts
            if text and spelled(text) not in words
        },
    )
    return column.each(
        [words.get(spelled(text), np.nan) if text else np.nan for text in column.texts]
    )


def _places(table: Table, people: Path, imported: Imported) -> Array:
    """Return the row of the person in each row of a file, -1 for strangers; say how many there are."""
    place_of = {name: place for place, name in enumerate(imported.people)}
    sheet = read_sheet(people)
    ids = table_of(sheet, COLUMNS if is_person_query(sheet) else PEOPLE, ("id",)).columns["id"]
    names = pseudonyms(salt_beside(people)[0], ids.changed(identity).texts)
    names.pop("", None)
    where = {id_: place_of[name] for id_, name in names.items() if name in place_of}
    known, listed = Known(where), list(where.values())
    column = table.columns["id"].changed(identity)
    rows = known.places(column)
    by_id = np.where(rows == NOBODY, NOBODY, np.array([*listed, NOBODY])[rows])
    by_name = column.each([place_of.get(text, NOBODY) for text in column.texts], int)
    place: Array = np.where(by_name != NOBODY, by_name, by_id)
    table.wrong(
        column.rows(not text for text in column.texts),
        "id",
        "this cell is empty, expected the id of a person",
    )
    strange = (place == NOBODY) & column.each(column.texts, bool)
    number, total = int(np.count_nonzero(strange)), len(table.lines)
    if number and number < STRANGERS * total:
        table.notes.append(
            f"{counted(number, 'row')} of {total:,} left out: nobody's id in the people file "
            "(who left, perhaps)"
        )
    elif number:
        message = (
            f"this is nobody's id in the people file, expected one of it or its pseudonym; {number:,} of "
            f"{total:,} rows are like this, fewer than {STRANGERS:.0%} would be left out"
        )
        table.wrong(np.flatnonzero(strange), "id", message)
    return place


def _assembled(
    table: Table, place: Array, month: Array, value: Array, told: tuple[str, int, float]
) -> PersonUse:
    """Return use by person and month from rows that may come in any order, and twice."""
    table.problems.raise_if_any()
    kind, people, at_least = told
    place = np.tile(place, len(month) // max(len(place), 1))
    kept = (place != NOBODY) & ~np.isnan(value)
    if not kept.any():
        raise refused(table.file, "found no use of anybody in the people file, expected some")
    place, month, value = place[kept], month[kept], value[kept]
    first, last = int(month.min()), int(month.max())
    lacking = sorted({*range(first, last + 1)} - {*month.tolist()})
    if lacking:
        listed = ", ".join(month_name(kind, number) for number in lacking[:6])
        message = (
            f"found no rows of {listed} between {month_name(kind, first)} and "
            f"{month_name(kind, last)}, expected every month"
        )
        raise refused(table.file, message)
    shape = people, last - first + 1
    amount, seen = np.zeros(shape), np.zeros(shape, np.bool_)
    np.add.at(amount, (place, month - first), value)
    seen[place, month - first] = True
    notes = [*table.notes]
    if (twice := len(place) - int(seen.sum())) > 0:
        notes.append(f"{counted(twice, 'row')} joined with others of the same person and month")
    if not (value == 0.0).any() and not seen.all():
        notes.append("the file holds no zeros: who has no row in a month did not use AI in it")
        seen[:] = True
    elif (without := people - int(seen.any(axis=1).sum())) > 0:
        notes.append(f"of {several(without, people)} no use is known: they count nowhere")
    _enough(table.file, seen)
    names = month_name(kind, first), month_name(kind, last)
    return PersonUse(amount >= at_least, seen, names, tuple(notes))


def _enough(file: str, seen: Array) -> None:
    """Raise unless there are enough people and months to look at."""
    people, months = int((seen.sum(axis=1) > 1).sum()), seen.shape[1]
    if people < FEWEST_PEOPLE:
        raise refused(
            file,
            f"found use in two months or more of {several(people, seen.shape[0])}, expected at least "
            f"{FEWEST_PEOPLE}: with so few nothing can be told of all that is not told of single people",
        )
    if months < FEWEST_MONTHS:
        raise refused(file, f"found {counted(months, 'month')}, expected at least {FEWEST_MONTHS}")


def read_champions(path: Path, people: Path, imported: Imported) -> Array:
    """Return who is a champion, from a file with their ids [people, bool].

    Raises
    ------
    ScenarioError
        With every problem found in the file, each with its line and column.
    """
    table = table_of(read_sheet(path), HEADERS, ("id",))
    place = _places(table, people, imported)
    table.problems.raise_if_any()
    champions = np.zeros(len(imported.people), np.bool_)
    champions[place[place != NOBODY]] = True
    return champions
