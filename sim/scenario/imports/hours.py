"""How long everybody works: hours a week, from hours, shares of a full-time job, or longer spans."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from sim.engine.kinds import Array
from sim.errors import said
from sim.privacy import several
from sim.scenario.imports.numbers import UNKNOWN, Numbers
from sim.scenario.imports.table import ASIDE, Table
from sim.scenario.organisation import Organisation
from sim.scenario.words import short

WEEKS: Final = {"hours_month": 52 / 12, "hours_year": 52.0}
"""Weeks in the span of a column of hours."""
MOST_SHARE: Final = 1.5
"""No share of a full-time job is larger, and nobody's working hours a week are as few."""
FEWEST_PERCENT: Final = 5.0
MOST_HOURS: Final = 80.0


def weekly_hours(table: Table, numbers: Numbers) -> Array:
    """Return the hours a week of each row of a table, not a number where they are unknown.

    Of several columns the first that says something about a person counts: hours a week, shares of
    a full-time job, hours a month, hours a year. A column of hours that holds shares is read as
    one. A full-time week has the hours that the header of the shares names; else those that follow
    from people with both; else those of an organisation by default.
    """
    week, shares = _week(table, numbers), _shares(table, numbers)
    sources: list[Array] = []
    if week is not None:
        values, are_shares = week
        if are_shares:
            shares, week_of = values, "hours"
        else:
            week_of = "fte"
            sources.append(values)
    else:
        week_of = "fte"
    if shares is not None:
        full = _full_time(table, week_of, sources, shares)
        sources.append(full * shares)
    for name, weeks in WEEKS.items():
        if name in table.columns:
            sources.append(numbers.column(name) / weeks)
            table.notes.append(
                said(
                    "hours a week are those of '{head}' divided by {weeks:,.4g}",
                    head=short(table.heads[name], 30),
                    weeks=weeks,
                )
            )
    hours = np.full(len(table.lines), UNKNOWN)
    for source in reversed(sources):
        hours = np.where(np.isnan(source), hours, source)
    if sources:
        _check(table, hours)
    return hours


def _week(table: Table, numbers: Numbers) -> tuple[Array, bool] | None:
    """Return the column of hours a week, and whether it holds shares of a full-time job."""
    if "hours" not in table.columns:
        return None
    values, unit = numbers.column("hours"), numbers.said("hours", "unit")
    sure = bool(np.any(unit & (values > 0)))
    few = np.flatnonzero((values > 0) & (values <= MOST_SHARE) & ~unit)
    many = np.flatnonzero((values > MOST_SHARE) & ~unit)
    if few.size and (many.size or sure):
        message = said(
            "this is a share of a full-time job where other rows have hours a week: write the hours (for less than two hours a week: '1 hour')"
        )
        other = said(
            "these are hours a week where most rows have shares of a full-time job: write one kind"
        )
        wrong, message = (many, other) if few.size > many.size > 0 else (few, message)
        _refuse(table, "hours", wrong, message)
    return values, bool(few.size and not many.size and not sure)


def _shares(table: Table, numbers: Numbers) -> Array | None:
    """Return the column of shares of a full-time job, percentages among them as shares."""
    if "fte" not in table.columns:
        return None
    texts = table.columns["fte"].texts
    if not any(re.search("[0-9]", text) for text in texts):
        if any(texts):
            head = short(table.heads["fte"], 30)
            table.notes.append(
                said("column '{head}' left aside, not kept: it holds no numbers", head=head)
            )
        return None
    values = numbers.column("fte")
    plain = (values > 0) & ~numbers.said("fte", "percent")
    large = plain & (values > MOST_SHARE)
    if not large.any():
        return values
    head = table.heads["fte"]
    percent = "%" in head or re.search("per?[cz]ent|pct|grad|pensum", head, re.IGNORECASE)
    if percent or values[large].max() > MOST_HOURS:
        wrong = np.flatnonzero(plain & (values < FEWEST_PERCENT))
        message = said("this is a share where other rows have percentages: write one kind")
        _refuse(table, "fte", wrong, message)
        return np.where(large, values / 100, values)
    message = said(
        "expected a share of a full-time job such as 0.8, or a percentage such as 80 %: name a column of hours a week 'hours'"
    )
    _refuse(table, "fte", np.flatnonzero(large), message)
    return np.where(large, UNKNOWN, values)


def _full_time(table: Table, name: str, hours: list[Array], shares: Array) -> float:
    """Return the hours of a full-time week, and note where they come from."""
    head = table.heads[name]
    named = re.search("[0-9]{2}(?:[.,][0-9]+)?", (ASIDE.search(head) or [""])[0])
    week = hours[0] if hours else np.full_like(shares, UNKNOWN)
    both = (shares >= 0.1) & (week > 0)
    if named:
        full, why = float(named[0].replace(",", ".")), said("as its header says")
    elif both.any():
        full, why = (
            round(float(np.median(week[both] / shares[both])), 1),
            said("as those have who say both"),
        )
        if not np.any(~np.isnan(shares) & np.isnan(week)):
            return full
    else:
        full = Organisation().weekly_hours
        why = said("say another in the header, such as '{head} (40 hours)'", head=short(head, 30))
    table.notes.append(
        said(
            "'{head}' holds shares of a full-time job: 1.0 is read as {full:,g} hours a week, {why}",
            head=short(head, 30),
            full=full,
            why=why,
        )
    )
    return full


def _check(table: Table, hours: Array) -> None:
    """Note hours that nobody works: too many, or none at all."""
    name = next(column for column in ("hours", "fte", *WEEKS) if column in table.columns)
    _refuse(
        table,
        name,
        np.flatnonzero(hours > MOST_HOURS),
        said("this is more than {most_hours:g} hours a week", most_hours=MOST_HOURS),
    )
    none = np.flatnonzero(hours == 0)
    if none.size and none.size == np.count_nonzero(~np.isnan(hours)):
        message = said("nobody works an hour: fill in the hours a week, or leave the column out")
        _refuse(table, name, none, message)
    elif none.size:
        table.notes.append(
            said("{people} have 0 hours a week", people=several(none.size, hours.size))
        )


def _refuse(table: Table, name: str, rows: Array, message: str) -> None:
    """Note what is wrong with the cells of a column in some rows."""
    column = table.columns[name]
    for row in rows:
        text = short(column.texts[column.code[row]])
        complaint = (
            said("found '{found}', {message}", found=text, message=message) if text else message
        )
        table.wrong([row], name, complaint)
