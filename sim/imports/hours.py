"""How long everybody works: hours a week, from hours, shares of a full-time job, or longer spans."""

from __future__ import annotations

import re
from statistics import median
from typing import Final

from sim.errors import said
from sim.files.words import short
from sim.imports.numbers import UNKNOWN, Numbers
from sim.imports.sheet import ASIDE, Table
from sim.organisation import Organisation
from sim.privacy import several

WEEKS: Final = {"hours_month": 52 / 12, "hours_year": 52.0}
"""Weeks in the span of a column of hours."""
MOST_SHARE: Final = 1.5
"""No share of a full-time job is larger, and nobody's working hours a week are as few."""
FEWEST_PERCENT: Final = 5.0
MOST_HOURS: Final = 80.0


def weekly_hours(table: Table, numbers: Numbers) -> list[float]:
    """Return the hours a week of each row of a table, not a number where they are unknown.

    Of several columns the first that says something about a person counts: hours a week, shares of
    a full-time job, hours a month, hours a year. A column of hours that holds shares is read as
    one. A full-time week has the hours that the header of the shares names; else those that follow
    from people with both; else those of an organisation by default.
    """
    week, shares = _week(table, numbers), _shares(table, numbers)
    sources: list[list[float]] = []
    if week is not None:
        values, are_shares = week
        (shares, week_of) = (values, "hours") if are_shares else (shares, "fte")
        if not are_shares:
            sources.append(values)
    else:
        week_of = "fte"
    if shares is not None:
        full = _full_time(table, week_of, sources, shares)
        sources.append([full * one for one in shares])
    for name, weeks in WEEKS.items():
        if name in table.columns:
            sources.append([one / weeks for one in numbers.column(name)])
            table.notes.append(
                f"hours a week are those of '{short(table.heads[name], 30)}' divided by {weeks:.4g}"
            )
    if not sources:
        return [UNKNOWN] * len(table.rows)
    hours = [
        next((one for one in row if one == one), UNKNOWN) for row in zip(*sources, strict=True)
    ]
    _check(table, hours)
    return hours


def _week(table: Table, numbers: Numbers) -> tuple[list[float], bool] | None:
    """Return the column of hours a week, and whether it holds shares of a full-time job."""
    if "hours" not in table.columns:
        return None
    values = numbers.column("hours")
    doubtful: list[tuple[int, float]] = []
    sure = False
    for place, (_, cells) in enumerate(table.rows):
        value, one = values[place], numbers.written(cells, "hours")
        if value > 0 and one is not None:
            sure |= one.unit
            doubtful += [(place, value)] * (not one.unit)
    few = [place for place, value in doubtful if value <= MOST_SHARE]
    many = [place for place, value in doubtful if value > MOST_SHARE]
    if few and (many or sure):
        message = said(
            "this is a share of a full-time job where other rows have hours a week: write the hours (for less than two hours a week: '1 hour')"
        )
        other = said(
            "these are hours a week where most rows have shares of a full-time job: write one kind"
        )
        wrong, message = (many, other) if len(few) > len(many) > 0 else (few, message)
        _refuse(table, "hours", wrong, message)
    return values, bool(few) and not many and not sure


def _shares(table: Table, numbers: Numbers) -> list[float] | None:
    """Return the column of shares of a full-time job, percentages among them as shares."""
    if "fte" not in table.columns:
        return None
    place = table.columns["fte"]
    if not any(re.search("[0-9]", cells[place]) for _, cells in table.rows):
        if any(cells[place] for _, cells in table.rows):
            head = short(table.heads["fte"], 30)
            table.notes.append(f"column '{head}' left aside, not kept: it holds no numbers")
        return None
    values = numbers.column("fte")
    plain = []
    for row, (_, cells) in enumerate(table.rows):
        one = numbers.written(cells, "fte")
        if values[row] > 0 and one is not None and not one.percent:
            plain.append(row)
    large = [row for row in plain if values[row] > MOST_SHARE]
    if not large:
        return values
    head = table.heads["fte"]
    percent = "%" in head or re.search("per?[cz]ent|pct|grad|pensum", head, re.IGNORECASE)
    if percent or max(values[row] for row in large) > MOST_HOURS:
        wrong = [row for row in plain if values[row] < FEWEST_PERCENT]
        message = said("this is a share where other rows have percentages: write one kind")
        _refuse(table, "fte", wrong, message)
        return [value / 100 if row in set(large) else value for row, value in enumerate(values)]
    message = said(
        "expected a share of a full-time job such as 0.8, or a percentage such as 80 %: name a column of hours a week 'hours'"
    )
    _refuse(table, "fte", large, message)
    return [UNKNOWN if row in set(large) else value for row, value in enumerate(values)]


def _full_time(table: Table, name: str, hours: list[list[float]], shares: list[float]) -> float:
    """Return the hours of a full-time week, and note where they come from."""
    head = table.heads[name]
    named = re.search("[0-9]{2}(?:[.,][0-9]+)?", (ASIDE.search(head) or [""])[0])
    ratios = [
        week / share
        for week, share in zip(hours[0] if hours else (), shares, strict=False)
        if share >= 0.1 and week > 0
    ]
    if named:
        full, why = float(named[0].replace(",", ".")), "as its header says"
    elif ratios:
        full, why = round(median(ratios), 1), "as those have who say both"
        if not any(
            share == share and week != week for week, share in zip(hours[0], shares, strict=True)
        ):
            return full
    else:
        full = Organisation().weekly_hours
        why = f"say another in the header, such as '{short(head, 30)} (40 hours)'"
    table.notes.append(
        f"'{short(head, 30)}' holds shares of a full-time job: 1.0 is read as {full:g} hours a week, {why}"
    )
    return full


def _check(table: Table, hours: list[float]) -> None:
    """Note hours that nobody works: too many, or none at all."""
    name = next(one for one in ("hours", "fte", *WEEKS) if one in table.columns)
    _refuse(
        table, name, [row for row, one in enumerate(hours) if one > MOST_HOURS],
        said("this is more than {most_hours:g} hours a week", most_hours=MOST_HOURS),
    )  # fmt: skip
    known = [row for row, one in enumerate(hours) if one == one]
    none = [row for row in known if hours[row] == 0]
    if none and len(none) == len(known):
        message = said("nobody works an hour: fill in the hours a week, or leave the column out")
        _refuse(table, name, none, message)
    elif none:
        table.notes.append(f"{several(len(none), len(hours))} have 0 hours a week")


def _refuse(table: Table, name: str, rows: list[int], message: str) -> None:
    """Note what is wrong with the cells of a column in some rows."""
    for row in rows:
        line, cells = table.rows[row]
        found = short(cells[table.columns[name]])
        table.wrong(
            line,
            name,
            said("found '{found}', {message}", found=found, message=message) if found else message,
        )
