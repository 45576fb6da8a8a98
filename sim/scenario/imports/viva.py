"""What exports of Microsoft Viva Insights say: departments, leaders, and who uses Copilot."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from sim.engine.kinds import Array
from sim.errors import said
from sim.privacy import told as as_told
from sim.scenario.imports.columns import understood
from sim.scenario.imports.ids import identity
from sim.scenario.imports.numbers import ACTIONS as COUNTED
from sim.scenario.imports.numbers import Numbers
from sim.scenario.imports.organisation import Imported, assembled
from sim.scenario.imports.table import (
    Sheet,
    Table,
    column_of,
    read_sheet,
    refused,
    spelled,
    table_of,
)
from sim.scenario.words import short, suggestion
from sim.state import EMPLOYEE, EXECUTIVE, MANAGER, NOBODY, ROLES, TEAM_LEAD

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("PersonId",),
    "date": ("MetricDate",),
    "department": ("Organization",),
    "team": ("Team",),
    "supervisor": ("SupervisorIndicator",),
    "level": ("LevelDesignation",),
}
"""Headers of a person query; the two first tell one from an ordinary file of people."""

SUPERVISORS: Final[Mapping[str, int]] = {
    "IC": EMPLOYEE,
    "Individual contributor": EMPLOYEE,
    "Mngr": TEAM_LEAD,
    "Manager": TEAM_LEAD,
    "Mngr Plus": MANAGER,
    "Manager Plus": MANAGER,
}
ACTIONS: Final = "copilotactionstakenin"
ALL_ACTIONS: Final = "totalcopilotactionstaken"
DATES: Final = ("%Y-%m-%d", "%m/%d/%Y", "%d/%m/%Y")

SEGMENTS: Final = ("none", "low", "novice", "habitual", "power")
WINDOWS: Final = ((12, 9), (4, 4))
"""Weeks looked back on, and those with use that make a habit; the longest the file has counts."""
POWER: Final = 15.0
"""Actions a week that make a habitual user a power user."""


class Viva(NamedTuple):
    """An organisation, and how many people each segment has in the first and the last weeks."""

    organisation: Imported
    first: Mapping[str, int]
    last: Mapping[str, int]


def is_person_query(sheet: Sheet) -> bool:
    """Return whether a sheet is a person query of Viva Insights, by its header."""
    return {"personid", "metricdate"} <= set(map(spelled, sheet.header))


def read_viva(person_query: Path, person_to_person: Path | None, salt: bytes | None = None) -> Viva:
    """Read exports of Viva Insights.

    The person query has a row per person and week. ``Organization`` becomes the department;
    ``SupervisorIndicator`` the role: an individual contributor is an employee, a manager a team
    lead, a manager of managers a manager; the ``LevelDesignation`` Executive an executive. All
    are taken from a person's last week. There are no teams unless a column Team was added.

    Copilot use is segmented as Microsoft does. A power user takes 15 Copilot actions a week or
    more, on average over the twelve weeks up to a date, and uses it in nine of them at least; a
    habitual user does the latter only; a novice user averages one action a week or more, a low
    user fewer, a non-user none. With fewer than twelve weeks, four are looked at, and use in each
    of them is a habit. Habitual and power users of the first weeks use AI when a simulation
    starts; those of the last weeks are what it can be held against.

    Parameters
    ----------
    person_query
        Export with ``PersonId``, ``MetricDate``, ``Organization``, ``SupervisorIndicator`` and
        ``Copilot actions taken in ...``.
    person_to_person
        Export with ``PrimaryCollaborator_PersonId`` and ``SecondaryCollaborator_PersonId``; the
        strong-tie score is the weight. None for no ties.
    salt
        Salt of the pseudonyms instead of the project's.

    Raises
    ------
    ScenarioError
        With every problem found in a file.
    """
    sheet = read_sheet(person_query)
    if not is_person_query(sheet):
        message = said("this is no person query: it has no columns PersonId and MetricDate")
        raise refused(sheet.file, message)
    return viva_of(sheet, person_query, person_to_person, salt)


def viva_of(sheet: Sheet, path: Path, ties: Path | None, salt: bytes | None) -> Viva:
    """Return what :func:`read_viva` does, of a person query that was read already."""
    counters = _counters(sheet.header)
    vocabulary = {**COLUMNS, **{head: (head,) for head in counters}}
    table = table_of(sheet, vocabulary, ("id", "date", "department", "supervisor"))
    table.columns["id"] = table.columns["id"].changed(identity)
    weeks = _weeks(table)
    actions = _actions(table, counters) if counters else None
    first, last = _segments(table, weeks, actions)
    table.problems.raise_if_any()
    people = _people(table, weeks, first, len(sheet.header))
    organisation = assembled(people, path, ties, salt)
    return Viva(organisation, _counts(first), _counts(last))


def _weeks(table: Table) -> list[int]:
    """Return the week of each row, by its day; a file writes dates in one of three ways."""
    column, unreadable = table.columns["date"], list[Array]()
    for form in DATES:
        days = [_day(text, form) for text in column.texts]
        unreadable.append(column.rows(day is None for day in days))
        if not unreadable[-1].size:
            return [days[k] or 0 for k in column.code.tolist()]
    for row in min(unreadable, key=len):
        text = short(column.texts[column.code[row]])
        message = said("found '{found}', expected a date such as 2026-03-30", found=text)
        table.wrong([row], "date", message)
    raise table.problems.error()


def _day(text: str, form: str) -> int | None:
    """Return the day a text names in a form, as a number; None for none."""
    try:
        return datetime.strptime(text[:10].strip(), form).toordinal()
    except ValueError:
        return None


def _counters(header: Sequence[str]) -> list[str]:
    """Return the columns that count Copilot actions: the total, or else those of each program."""
    total = [head for head in header if spelled(head) == ALL_ACTIONS]
    return total or [head for head in header if spelled(head).startswith(ACTIONS)]


def _actions(table: Table, counters: Sequence[str]) -> list[float]:
    """Return the Copilot actions of each row; an empty cell is a week without a licence."""
    numbers = Numbers(table, dict.fromkeys(counters, COUNTED))
    taken = np.zeros(len(table.lines))
    for counts in map(numbers.column, counters):
        taken += np.where(np.isnan(counts), 0.0, counts)
    table.notes += numbers.notes()
    return taken.tolist()


def segment(actions: Sequence[float], habit: int) -> str:
    """Return the segment of a person by the Copilot actions of the weeks looked back on.

    Parameters
    ----------
    actions
        Actions in each of those weeks, at least one.
    habit
        Weeks with use that make a habit.

    Examples
    --------
    >>> segment([20.0, 14.0, 30.0, 1.0], habit=4), segment([0.0, 0.0, 0.0, 1.0], habit=4)
    ('power', 'low')
    """
    mean = math.fsum(actions) / len(actions)
    if sum(action >= 1 for action in actions) >= habit:
        return "power" if mean >= POWER else "habitual"
    return "novice" if mean >= 1 else "low" if mean > 0 else "none"


def _segments(
    table: Table, weeks: list[int], actions: list[float] | None
) -> tuple[dict[str, str], dict[str, str]]:
    """Return everybody's segment in the first weeks of the file and in the last."""
    if actions is None:
        table.notes.append(said("no Copilot actions in the file: who uses AI already is unknown"))
        return {}, {}
    calendar = sorted(set(weeks))
    window, habit = next((window for window in WINDOWS if window[0] <= len(calendar)), (0, 0))
    if not window:
        table.notes.append(
            said(
                "the file has {weeks} weeks, at least {least} are needed to say who uses AI already",
                weeks=len(calendar),
                least=WINDOWS[-1][0],
            )
        )
        return {}, {}
    parts = []
    for period, looked_at in (("first", calendar[:window]), ("last", calendar[-window:])):
        inside = set(looked_at)
        taken: dict[str, list[float]] = {}
        for cell, week, number in zip(table.columns["id"].cells, weeks, actions, strict=True):
            if week in inside:
                taken.setdefault(cell, []).append(number)
        segments = {person: segment(counts, habit) for person, counts in taken.items()}
        shares = ", ".join(f"{name} {size}" for name, size in as_told(_counts(segments)).items())
        table.notes.append(
            said("Copilot use in the first {window} weeks: {shares}", window=window, shares=shares)
            if period == "first"
            else said(
                "Copilot use in the last {window} weeks: {shares}", window=window, shares=shares
            )
        )
        parts.append(segments)
    return parts[0], parts[1]


def _counts(segments: Mapping[str, str]) -> dict[str, int]:
    """Return how many people each segment has."""
    times = Counter(segments.values())
    return {name: times[name] for name in SEGMENTS if segments}


def _people(table: Table, weeks: list[int], segments: Mapping[str, str], width: int) -> Table:
    """Return the last week of each person as a row of a people file.

    Parameters
    ----------
    table
        A row for each person and week.
    weeks
        The week of each row.
    segments
        How much somebody uses Copilot.
    width
        Columns of the file; what is added stands behind them.
    """
    last: dict[str, int] = {}
    for row, (cell, week) in enumerate(zip(table.columns["id"].cells, weeks, strict=True)):
        if cell not in last or weeks[last[cell]] <= week:
            last[cell] = row
    rows = np.array([*last.values()], np.int64)
    known, supervisor, level = (
        understood(SUPERVISORS),
        table.columns["supervisor"],
        table.column("level"),
    )
    roles = [known.get(spelled(text.replace("+", " Plus")), NOBODY) for text in supervisor.texts]
    top = level.each([spelled(text) == "executive" for text in level.texts], bool)[rows]
    role = np.where(top, EXECUTIVE, supervisor.each(roles, int)[rows])
    for row in rows[role == NOBODY]:
        text = supervisor.texts[supervisor.code[row]]
        message = said(
            "found '{supervisor}'{known}",
            supervisor=short(text),
            known=suggestion(text, SUPERVISORS),
        )
        table.wrong([row], "supervisor", message)
    table.problems.raise_if_any()
    if not top.any():
        table.notes.append(said("nobody's LevelDesignation is Executive: there are no executives"))
    groups = map(segments.get, last)
    uses = [
        "" if group is None else "1" if group in ("habitual", "power") else "0" for group in groups
    ]
    kept = {"id", "department", "team"}
    columns = {name: column.kept(rows) for name, column in table.columns.items() if name in kept}
    columns |= {"role": column_of(ROLES[k] for k in role), "uses": column_of(uses)}
    places = {**table.places, "role": width, "uses": width + 1}
    lines = table.lines[rows]
    return Table(table.file, table.separator, columns, places, lines, table.notes, table.heads)
