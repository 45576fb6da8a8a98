"""Use as it was observed: read from what organisations have, as it comes, and told of five people at least."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from analysis.decisions.observed_counts import (
    LEAST,
    Count,
    Counted,
    Source,
    calendar_month,
    days_in,
    month_of,
    shown_month,
    too_few,
    too_many,
)
from analysis.decisions.observed_exports import exported, whole_counts
from sim.engine.kinds import Array
from sim.errors import AdoptionError, said
from sim.privacy import together
from sim.scenario.imports.columns import PEOPLE
from sim.scenario.imports.table import Sheet, Table, read_sheet, refused, table_of
from sim.scenario.words import short

HEADS: Final[Mapping[str, tuple[str, ...]]] = {
    "month": ("month", "maand", "date", "datum", "period", "periode"),
    "active": (
        "active",
        "active users",
        "monthly active users",
        "users",
        "actief",
        "actieve gebruikers",
        "gebruikers",
    ),
    "weekly": (
        "weekly",
        "weekly users",
        "weekly active users",
        "wekelijks",
        "wekelijkse gebruikers",
    ),
    "enabled": (
        "enabled",
        "enabled users",
        "licensed",
        "licences",
        "licenses",
        "met toegang",
        "licenties",
    ),
    "people": ("people", "employees", "headcount", "staff", "medewerkers", "personeel", "mensen"),
    "department": (*PEOPLE["department"], "organization", "organisation"),
}
"""Headers each column of an own file is known by."""

OTHERS: Final = said("other departments")
"""What departments of fewer than five people are called together."""

OWN_MONTHLY: Final = Source(said("own figures"), "using", "active at least once in the month")
OWN_WEEKLY: Final = Source(said("own figures"), "adoption", "active in every week")

LAST: Final = 1200
"""The last month there may be."""


class Observed(NamedTuple):
    """Use of an organisation, month by month; M months, D groups of departments.

    Attributes
    ----------
    source
        What the file counts, and the KPI it is held against.
    of
        ``enabled`` or ``people``: of whom shares are.
    months
        Months of the programme, from 1, that were observed, in order [M].
    active, base
        People who are active, and of how many [M].
    groups
        Departments that were told apart, those of fewer than five people as one: its name, and the
        names of what is in it.
    group_active, group_base
        The same of each [D, M]; not a number in a month in which it is not known.
    first
        The calendar month that is month 1; empty where the file counts months.
    notes
        What was assumed, left out or mended.
    """

    source: Source
    of: str
    months: Array
    active: Array
    base: Array
    groups: Mapping[str, tuple[str, ...]]
    group_active: Array
    group_base: Array
    first: str
    notes: tuple[str, ...]

    @property
    def share(self) -> Array:
        """Share that is active, of those enabled or of all people [M; 0 to 1]."""
        return self.active / self.base

    @property
    def group_share(self) -> Array:
        """The same of each group of departments [D, M]."""
        return self.group_active / self.group_base

    @property
    def last(self) -> int:
        """The last month that was observed."""
        return int(self.months[-1])

    def until(self, month: int) -> Observed:
        """Return what was observed up to a month."""
        some = self.months <= month
        return self._replace(
            months=self.months[some],
            active=self.active[some],
            base=self.base[some],
            group_active=self.group_active[:, some],
            group_base=self.group_base[:, some],
        )

    def plain(self) -> dict[str, Any]:
        """Return what was observed as plain values, which tell of nobody alone."""
        return {
            "source": self.source.name,
            "definition": self.source.definition,
            "kpi": self.source.kpi,
            "of": self.of,
            "first": self.first,
            "months": self.months.tolist(),
            "active": self.active.tolist(),
            "base": self.base.tolist(),
            "departments": {
                name: {
                    "active": _known(self.group_active[k]),
                    "base": _known(self.group_base[k]),
                }
                for k, name in enumerate(self.groups)
            },
            "notes": list(self.notes),
        }


def _known(values: Array) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in values]


def read_observed(files: Path | str | Sequence[Path | str], first: str | None = None) -> Observed:
    """Read what was observed, from one file or several of one kind.

    Read are: an own file with ``month``, ``active`` (or ``weekly``), ``enabled`` or ``people``, perhaps
    ``department``; the summary and the details by user of the report *Microsoft 365 Copilot usage* over
    30 days; and a person query of Viva Insights with Copilot actions. Comma, semicolon or tab, UTF-8,
    UTF-16 or Windows-1252, points or commas between thousands; months as numbers of the programme, or
    of the calendar in one of several ways to write them.

    Parameters
    ----------
    files
        Where it is. Details by user say something of their last month only: give a file for each.
    first
        The calendar month that is month 1, such as 2026-01; by default the first there is.

    Raises
    ------
    ScenarioError
        With every problem in a file, each with its line and column.
    AdoptionError
        If files are not of one kind, or contradict each other.
    """
    listed = [files] if isinstance(files, Path | str) else list(files)
    if not listed:
        raise AdoptionError(said("observed: found no file, expected at least one"))
    return observed_in([counted_in(read_sheet(Path(file))) for file in listed], first)


def counted_in(sheet: Sheet) -> Counted:
    """Return what a file says, whichever it is.

    Raises
    ------
    ScenarioError
        With every problem in it.
    """
    return exported(sheet) or _own(sheet)


def _own(sheet: Sheet) -> Counted:
    """Return what an own file says: a row for each month, and perhaps department."""
    table = table_of(sheet, HEADS, ("month",))
    there = [name for name in ("active", "weekly") if name in table.columns]
    if len(there) != 1:
        table.problems.add(
            said(
                "found both columns, expected one of them: users of the month (active) or weekly users (weekly)"
            )
            if there
            else said(
                "there is no such column; expected active (users of the month) or weekly (weekly users)"
            ),
            "active",
        )
    of = next((name for name in ("people", "enabled") if name in table.columns), "")
    if not of:
        table.problems.add(
            said(
                "there is no such column, and none of people; expected how many could use it (enabled) or "
                "work there (people)"
            ),
            "enabled",
        )
    table.problems.raise_if_any()
    months, calendar = _months(table)
    active, base = whole_counts(table, (there[0], of))
    for row in np.flatnonzero(active > base).tolist():
        message = too_many(active[row], base[row])
        table.wrong([row], there[0], message)
    homes = table.column("department").cells
    seen: dict[tuple[int, str], int] = {}
    for row, key in enumerate(zip(months, homes, strict=True)):
        if key in seen:
            line = int(table.lines[seen[key]])
            message = said("found the month again, it is in line {line} already", line=line)
            table.wrong([row], "month", message)
        seen[key] = row
    table.problems.raise_if_any()
    counts = [
        Count(month, home, float(active[row]), float(base[row]))
        for row, (month, home) in enumerate(zip(months, homes, strict=True))
    ]
    source = OWN_WEEKLY if there[0] == "weekly" else OWN_MONTHLY
    return Counted(sheet.file, source, of, calendar, counts, list(table.notes))


def _months(table: Table) -> tuple[list[int], bool]:
    """Return the month of each row, and whether it is one of the calendar."""
    column = table.columns["month"]
    numbers = {text: int(text) for text in column.texts if re.fullmatch(r"\d{1,4}", text)}
    if numbers:
        wrong = {
            text: said(
                "found '{text}', expected a whole number from 1 to {last:,}",
                text=short(text),
                last=LAST,
            )
            for text in column.texts
            if not 1 <= numbers.get(text, 0) <= LAST
        }
        table.wrong_texts("month", wrong)
        table.problems.raise_if_any()
        return [numbers[text] for text in column.cells], False
    named = {text: calendar_month(text) for text in column.texts}
    if any(number is not None for number in named.values()):
        wrong = {
            text: said(
                "found '{text}', expected a month such as 2026-03, as in other rows",
                text=short(text),
            )
            for text, number in named.items()
            if number is None
        }
        table.wrong_texts("month", wrong)
        table.problems.raise_if_any()
        return [named[text] or 0 for text in column.cells], True
    if any(re.search(r"\d", text) for text in column.texts):
        return [month_of(day) for day in days_in(table, "month") if day], True
    wrong = {
        text: said(
            "found '{text}', expected a number of the programme's months, from 1, or a month such as 2026-03",
            text=short(text),
        )
        for text in column.texts
    }
    table.wrong_texts("month", wrong)
    raise table.problems.error()


def observed_in(counted: Sequence[Counted], first: str | None = None) -> Observed:
    """Return what files of one kind say together; see :func:`read_observed`."""
    head = counted[0]
    for other in counted[1:]:
        if (other.source, other.of, other.calendar) != (head.source, head.of, head.calendar):
            raise AdoptionError(
                said(
                    "observed: found {this} in {here} and {that} in {there}, expected files of one kind",
                    this=head.source.name,
                    here=head.file,
                    that=other.source.name,
                    there=other.file,
                )
            )
    by_place: dict[tuple[int, str], Count] = {}
    for file in counted:
        for count in file.counts:
            there = by_place.setdefault((count.month, count.department), count)
            if there != count:
                when = (
                    shown_month(count.month)
                    if file.calendar
                    else said("month {month}", month=count.month)
                )
                raise AdoptionError(
                    said(
                        "{file}: {when} is {active:,.0f} of {base:,.0f} here and {other:,.0f} of {others:,.0f} in "
                        "another file: leave one out",
                        file=file.file,
                        when=when,
                        active=count.active,
                        base=count.base,
                        other=there.active,
                        others=there.base,
                    )
                )
    start, notes = _start(head, by_place, first)
    whole = _whole(by_place, head.file)
    months = np.array(sorted(whole), np.int64)
    return Observed(
        head.source,
        head.of,
        months - start + 1,
        np.array([whole[month].active for month in months]),
        np.array([whole[month].base for month in months]),
        *_groups(by_place, months, notes),
        shown_month(start) if head.calendar else "",
        tuple(dict.fromkeys([*(note for file in counted for note in file.notes), *notes])),
    )


def _start(
    head: Counted, by_place: Mapping[tuple[int, str], Count], first: str | None
) -> tuple[int, list[str]]:
    """Return which month is the programme's first, and what is to be said of that."""
    begin = min(month for month, _ in by_place)
    if not head.calendar:
        if first is not None:
            raise AdoptionError(
                said(
                    "first: found {first}, expected nothing: {file} counts months from 1 by itself",
                    first=short(first),
                    file=head.file,
                )
            )
        return 1, []
    if first is None:
        return begin, [said("month 1 is {month}, the first there is", month=shown_month(begin))]
    start = calendar_month(first)
    if start is None or start > begin:
        raise AdoptionError(
            said(
                "first: found '{first}', expected a month such as {month}, and none after the first that was "
                "observed",
                first=short(first),
                month=shown_month(begin),
            )
        )
    return start, []


def _whole(by_place: Mapping[tuple[int, str], Count], file: str) -> dict[int, Count]:
    """Return the count of everybody in each month: as it is told, or the sum of the departments."""
    whole = {month: count for (month, name), count in by_place.items() if not name}
    names = {name for _, name in by_place if name}
    for month in {month for month, _ in by_place} - set(whole):
        parts = [by_place[month, name] for name in sorted(names) if (month, name) in by_place]
        if len(parts) == len(names):
            active = sum(part.active for part in parts)
            whole[month] = Count(month, "", active, sum(part.base for part in parts))
    if not whole:
        raise refused(
            file, said("no month has all its departments, expected a row for each in a month")
        )
    if min(count.base for count in whole.values()) < LEAST:
        raise too_few(file)
    return whole


def _groups(
    by_place: Mapping[tuple[int, str], Count], months: Array, notes: list[str]
) -> tuple[dict[str, tuple[str, ...]], Array, Array]:
    """Return the departments that are told, those too small as one, and their counts [D, M]."""
    names = sorted({name for _, name in by_place if name})
    nothing: Array = np.full((len(names), len(months)), np.nan)
    active, base = nothing, nothing.copy()
    for (month, name), count in by_place.items():
        if name and month in months:
            place = names.index(name), int(np.searchsorted(months, month))
            active[place], base[place] = count.active, count.base
    least = [0 if np.isnan(row).all() else int(np.nanmin(row)) for row in base]
    pooled = together(least)
    groups: dict[str, tuple[str, ...]] = {
        name: (name,) for k, name in enumerate(names) if k not in pooled
    }
    rows = [k for k in range(len(names)) if k not in pooled]
    actives, bases = [active[k] for k in rows], [base[k] for k in rows]
    if pooled:
        together_base = base[pooled].sum(axis=0)
        known = together_base[np.isfinite(together_base)]
        if len(pooled) == len(names) or not known.size or known.min() < LEAST:
            notes.append(
                said(
                    "{number} departments are left out: fewer than {least} people, or they would tell of so few",
                    number=len(pooled),
                    least=LEAST,
                )
            )
        else:
            groups[OTHERS] = tuple(names[k] for k in pooled)
            actives.append(active[pooled].sum(axis=0))
            bases.append(together_base)
            notes.append(
                said(
                    "{number} departments are told as one, '{others}': fewer than {least} people, or they would "
                    "tell of so few",
                    number=len(pooled),
                    others=OTHERS,
                    least=LEAST,
                )
            )
    shape = (len(groups), len(months))
    return groups, np.array(actives).reshape(shape), np.array(bases).reshape(shape)
