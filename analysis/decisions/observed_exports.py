"""What the exports of Microsoft say of use: usage reports of Copilot, and person queries of Viva Insights."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

import numpy as np

from analysis.decisions.observed_counts import (
    LEAST,
    Count,
    Counted,
    Source,
    counts_mended,
    days_in,
    month_of,
    shown_month,
    too_few,
    too_many,
)
from sim.engine.kinds import Array
from sim.errors import said
from sim.scenario.imports.ids import identity
from sim.scenario.imports.numbers import ACTIONS, Kind, Numbers
from sim.scenario.imports.table import Sheet, Table, refused, spelled, table_of
from sim.scenario.words import short

MONTH_LONG: Final = (28, 29, 30, 31)
WEEK_LONG: Final = 7
"""Days of a report's period that make a month, or a week."""

OFTEN: Final = 0.75
"""Share of the weeks of a month with use that make a weekly user, as nine weeks of twelve make a habit."""

FEWEST_WEEKS: Final = 3
"""Weeks a month needs."""

PEOPLE: Final = Kind(0, 1e8, whole=True)

MONTHLY: Final = "active at least once in the days of the report"
ACTIVE_DETAIL: Final = Source(said("Microsoft 365 Copilot usage, by user"), "using", MONTHLY)
ACTIVE_SUMMARY: Final = Source(said("Microsoft 365 Copilot usage, summary"), "using", MONTHLY)
WEEKLY: Final = Source(
    said("Viva Insights, person query"), "adoption", "Copilot used in at least three of four weeks"
)

DETAIL: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("User Principal Name", "User principal name (UPN)", "Username"),
    "refreshed": ("Report Refresh Date",),
    "period": ("Report Period",),
    "last": (
        "Last Activity Date",
        "Last activity date (UTC)",
        "Last activity date of Microsoft 365 Copilot (UTC)",
    ),
}
SUMMARY: Final[Mapping[str, tuple[str, ...]]] = {
    "refreshed": ("Report Refresh Date",),
    "period": ("Report Period",),
}
PAIRS: Final = ("Microsoft 365 Copilot {}", "Any App {}", "{}")
"""What enabled and active users are called in a summary, the most exact first."""

VIVA: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("PersonId",),
    "date": ("MetricDate",),
    "department": ("Organization",),
}
ALL_ACTIONS: Final = ("totalcopilotactionstaken", "copilotactions", "totalcopilotactions")
SOME_ACTIONS: Final = "copilotactionstakenin"


def exported(sheet: Sheet) -> Counted | None:
    """Return what an export of Microsoft says, or None for another file.

    Raises
    ------
    ScenarioError
        With every problem in it, each with its line and column.
    """
    heads = set(map(spelled, sheet.header))
    if {"personid", "metricdate"} <= heads:
        return _viva(sheet)
    if "reportrefreshdate" not in heads:
        return None
    if "reportdate" in heads:
        message = said(
            "this is the trend of daily users, and users of single days do not add up to those of a "
            "month: export the summary or the details of 30 days instead"
        )
        raise refused(sheet.file, message)
    if any(map(heads.__contains__, map(spelled, DETAIL["id"]))):
        return _detail(sheet)
    return _summary(sheet)


# --- Microsoft 365 Copilot usage ------------------------------------------------------------


def _detail(sheet: Sheet) -> Counted:
    """Return the users of a month from everybody's last activity: a file says it of its last month."""
    dated = [
        head
        for head in sheet.header
        if "copilot" in spelled(head) and "lastactivitydate" in spelled(head)
    ]
    whole = [head for head in sheet.header if spelled(head) in set(map(spelled, DETAIL["last"]))]
    if not dated:
        message = said(
            "no column says anything of Copilot, so these are users of other programs: expected the "
            "export of the report 'Microsoft 365 Copilot usage'"
        )
        raise refused(sheet.file, message)
    columns = {head: (head,) for head in [*whole, *dated]}
    vocabulary = {**{name: DETAIL[name] for name in ("id", "refreshed", "period")}, **columns}
    table = table_of(sheet, vocabulary, ("id", "refreshed"))
    period = _period(table, MONTH_LONG)
    refreshed = days_in(table, "refreshed")
    activity = [days_in(table, name, needed=False) for name in columns if name in table.columns]
    people: dict[date, set[str]] = defaultdict(set)
    active: dict[date, set[str]] = defaultdict(set)
    ids = [identity(cell) for cell in table.columns["id"].cells]
    for row, (person, day) in enumerate(zip(ids, refreshed, strict=True)):
        assert day is not None
        people[day].add(person)
        last = max((days[row] for days in activity if days[row]), default=None)  # type: ignore[type-var]
        if last is not None and last > day - timedelta(days=period):
            active[day].add(person)
    counts = _by_month(
        {day: (len(active[day]), len(those)) for day, those in people.items()}, period
    )
    return _counted(sheet, ACTIVE_DETAIL, "enabled", counts, table.notes)


def _summary(sheet: Sheet) -> Counted:
    """Return enabled and active users as a summary has them, a row for each day it was made."""
    heads = {spelled(head): head for head in sheet.header}
    for form in PAIRS:
        pair = [form.format(word) for word in ("Enabled Users", "Active Users")]
        if all(spelled(word) in heads for word in pair):
            break
    else:
        message = said(
            "expected columns with enabled and active users: 'Any App Enabled Users' and 'Any App Active "
            "Users', found: {heads}",
            heads=", ".join(short(head, 30) for head in sheet.header[:8]),
        )
        raise refused(sheet.file, message)
    vocabulary = {**SUMMARY, "enabled": (pair[0],), "active": (pair[1],)}
    table = table_of(sheet, vocabulary, ("refreshed", "enabled", "active"))
    period = _period(table, MONTH_LONG)
    days = days_in(table, "refreshed")
    enabled, active = whole_counts(table, ("enabled", "active"))
    for row in np.flatnonzero(active > enabled).tolist():
        table.wrong([row], "active", too_many(active[row], enabled[row]))
    table.problems.raise_if_any()
    latest = {day: (float(active[row]), float(enabled[row])) for row, day in enumerate(days) if day}
    counts = _by_month(latest, period)
    return _counted(sheet, ACTIVE_SUMMARY, "enabled", counts, table.notes)


def _period(table: Table, allowed: Sequence[int]) -> int:
    """Return over how many days a report counts: a month, or it is refused."""
    column = table.column("period")
    days = {text: text.upper().removeprefix("D") for text in column.texts if text}
    wrong = {
        text: said(
            "found '{text}' days, expected 30: users of a month are needed", text=short(text)
        )
        for text, number in days.items()
        if not number.isdigit() or int(number) not in allowed
    }
    if wrong:
        table.wrong_texts("period", wrong)
        table.problems.raise_if_any()
    return max((int(number) for number in days.values()), default=30)


def _by_month(by_day: Mapping[date, tuple[float, float]], period: int) -> list[Count]:
    """Return a count for each month: that of the report whose days lie in it most, the latest."""
    counts: dict[int, Count] = {}
    for day, (active, base) in sorted(by_day.items()):
        month = month_of(day - timedelta(days=period // 2))
        counts[month] = Count(month, "", float(active), float(base))
    return list(counts.values())


# --- Viva Insights --------------------------------------------------------------------------


def _viva(sheet: Sheet) -> Counted:
    """Return the weekly users of each month from the Copilot actions of people and weeks."""
    counters = [head for head in sheet.header if spelled(head) in ALL_ACTIONS][:1] or [
        head for head in sheet.header if spelled(head).startswith(SOME_ACTIONS)
    ]
    if not counters:
        message = said(
            "no column counts Copilot actions: expected 'Total Copilot actions taken' or 'Copilot actions "
            "taken in ...'"
        )
        raise refused(sheet.file, message)
    table = table_of(sheet, {**VIVA, **{head: (head,) for head in counters}}, ("id", "date"))
    weeks = days_in(table, "date")
    taken = _taken(table, counters)
    table.problems.raise_if_any()
    places = [*map(identity, table.columns["id"].cells)]
    homes = table.column("department").cells
    used: dict[int, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    home: dict[tuple[int, str], tuple[date, str]] = {}
    calendar: dict[int, set[date]] = defaultdict(set)
    for row, (person, day) in enumerate(zip(places, weeks, strict=True)):
        assert day is not None
        month = month_of(day + timedelta(days=3))  # a week belongs where most of it lies
        calendar[month].add(day)
        if np.isnan(taken[row]):
            continue  # a week without a licence
        used[month][person].append(bool(taken[row] >= 1.0))
        home[month, person] = max(home.get((month, person), (day, "")), (day, homes[row]))
    short_months = [month for month, days in calendar.items() if len(days) < FEWEST_WEEKS]
    notes = list(table.notes)
    if short_months:
        listed = ", ".join(map(shown_month, sorted(short_months)))
        notes.append(
            said(
                "months with fewer than {weeks} weeks are left out: {months}",
                weeks=FEWEST_WEEKS,
                months=listed,
            )
        )
    counts: list[Count] = []
    for month in sorted(set(used) - set(short_months)):
        weekly = {person: np.mean(weeks) >= OFTEN for person, weeks in used[month].items()}
        counts.append(Count(month, "", float(sum(weekly.values())), float(len(weekly))))
        if "department" in table.columns:
            of = {person: home[month, person][1] for person in weekly}
            sizes = Counter(of.values())
            users = Counter(of[person] for person, often in weekly.items() if often)
            counts += [
                Count(month, name, float(users[name]), float(size))
                for name, size in sizes.items()
                if name
            ]
    return _counted(sheet, WEEKLY, "enabled", counts, notes)


def _taken(table: Table, counters: Sequence[str]) -> Array:
    """Return the Copilot actions of each row, not a number where all its cells are empty."""
    numbers = Numbers(table, dict.fromkeys(counters, ACTIONS))
    several = np.array([numbers.column(name) for name in counters])
    empty = np.array(
        [
            table.columns[name].each([not text for text in table.columns[name].texts], bool)
            for name in counters
        ]
    ).all(axis=0)
    return np.where(empty, np.nan, np.nansum(several, axis=0))


# --- What they share ------------------------------------------------------------------------


def whole_counts(table: Table, names: Sequence[str]) -> list[Array]:
    """Return columns of counts of people, each in every row; an empty or wrong cell is noted."""
    for name in names:
        table.columns[name] = counts_mended(table.columns[name])
    numbers = Numbers(table, dict.fromkeys(names, PEOPLE))
    read = [numbers.column(name) for name in names]
    for name in names:
        if "" in table.columns[name].texts:
            table.wrong_texts(name, {"": said("found nothing, expected a number of people")})
    return read


def _counted(
    sheet: Sheet, source: Source, of: str, counts: Sequence[Count], notes: Sequence[str]
) -> Counted:
    """Return what an export says, if it is about enough people."""
    if not counts:
        raise refused(sheet.file, said("no month has enough rows to say who uses it"))
    if min(count.base for count in counts if not count.department) < LEAST:
        raise too_few(sheet.file)
    return Counted(sheet.file, source, of, True, counts, notes)
