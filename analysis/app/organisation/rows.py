"""The table of departments: what a scenario says of each, and what a scenario says after an edit."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from sim.people.population import MANAGEMENT, imported
from sim.scenario.organisation import Organisation
from sim.scenario.schema import Phase, Scenario, Tool

AT_GO_LIVE: Final = 0
"""Month of licences of a department that has them when everybody has."""

NEVER: Final = -1
"""Month of licences of a department that has none in the whole period."""

LITTLE, SOME, MUCH = 5, 15, 30
"""Part of the work where AI helps that people mean by these words [%]."""


class Row(NamedTuple):
    """What the table says of a department, or of departments that are told as one.

    Attributes
    ----------
    label
        What it is called.
    departments
        The departments it stands for; the management is among them where it is too small by itself.
    people
        People in it.
    month
        First month with licences, :data:`AT_GO_LIVE` or :data:`NEVER`.
    task
        Part of the working time in tasks AI can help with [%].
    using
        Weekly users before the roll-out [%].
    """

    label: str
    departments: tuple[str, ...]
    people: int
    month: int
    task: float
    using: float


def rows_of(scenario: Scenario) -> list[Row]:
    """Return the rows of a scenario: a department each; of real people, a group that may be told."""
    organisation = scenario.organisation
    return [
        Row(
            label,
            departments,
            people,
            _month(departments[0], scenario.tool),
            _task(departments, organisation),
            _using(departments, organisation),
        )
        for label, departments, people in _groups(organisation)
    ]


def _groups(organisation: Organisation) -> list[tuple[str, tuple[str, ...], int]]:
    """Return name, departments and people of each row."""
    given = imported(organisation)
    if given is None:
        shares = [department.share for department in organisation.departments.values()]
        people = parted(organisation.employees, shares)
        names = list(organisation.departments)
        return [(name, (name,), number) for name, number in zip(names, people, strict=True)]
    kind, groups = given.groups.department, []
    for number, label in enumerate(kind.names):
        inside = kind.place == number
        homes = sorted(set(given.department[inside].tolist()), reverse=True)  # management last
        departments = tuple(given.departments[home] for home in homes)
        if departments != (MANAGEMENT,):
            groups.append((label, departments, int(inside.sum())))
    return groups


def parted(total: int, shares: Sequence[float]) -> list[int]:
    """Return a total in whole parts, as near to some shares as can be.

    Examples
    --------
    >>> parted(10, [0.25, 0.25, 0.5])
    [3, 2, 5]
    """
    whole = math.fsum(shares) or 1.0
    exact = [total * share / whole for share in shares]
    parts = [math.floor(part + 1e-9) for part in exact]
    order = sorted(range(len(parts)), key=lambda k: (parts[k] - exact[k], k))
    for k in order[: total - sum(parts)]:
        parts[k] += 1
    return parts


def _month(department: str, tool: Tool) -> int:
    """Return the first month in which all of a department have licences."""
    for phase in tool.phases:
        if phase.share == 1.0 and (phase.departments is None or department in phase.departments):
            return NEVER if phase.month is None else phase.month
    return AT_GO_LIVE


def _task(departments: Sequence[str], organisation: Organisation) -> float:
    """Return the part of the work where AI helps, the mean of departments told as one [%]."""
    parts = [
        organisation.departments[name].task_share
        for name in departments
        if name in organisation.departments
    ]
    return round(100.0 * math.fsum(parts) / len(parts), 2)


def _using(departments: Sequence[str], organisation: Organisation) -> float:
    """Return the weekly users before the roll-out [%]."""
    there = organisation.already_using
    share = there.get(departments[0], 0.0) if isinstance(there, Mapping) else there
    return round(100.0 * float(share), 2)


def changes_of(scenario: Scenario, rows: Sequence[Row]) -> dict[str, Any]:
    """Return what changes in a scenario when the table says something else, by dotted path.

    Parameters
    ----------
    scenario
        What there is now.
    rows
        What the table says; of an invented organisation with other departments, perhaps.
    """
    before = rows_of(scenario)
    if list(rows) == before:
        return {}
    changes: dict[str, Any] = {}
    real = scenario.organisation.people is not None
    sizes = [(row.label, row.people) for row in rows] != [(row.label, row.people) for row in before]
    renamed = [row.label for row in rows] != [row.label for row in before]
    if (sizes and not real) or [row.task for row in rows] != [row.task for row in before]:
        changes["organisation.departments"] = _departments(scenario.organisation, rows, sizes)
    if sizes and not real:
        changes["organisation.employees"] = sum(row.people for row in rows)
    if renamed or [row.month for row in rows] != [row.month for row in before]:
        changes["tool.phases"] = _phases(rows)
    if renamed or [row.using for row in rows] != [row.using for row in before]:
        changes["organisation.already_using"] = _already_using(rows)
    return changes


def _departments(
    organisation: Organisation, rows: Sequence[Row], sizes: bool
) -> dict[str, dict[str, float]]:
    """Return the departments that rows speak of; their shares are new where sizes are."""
    there, total = organisation.departments, sum(row.people for row in rows)
    departments: dict[str, dict[str, float]] = {}
    for row in rows:
        moved = row.task != _known_task(row, organisation)
        for name in row.departments:
            if name == MANAGEMENT:
                continue
            new = organisation.people is None and (sizes or name not in there)
            departments[name] = {
                "share": row.people / total if new else there[name].share,
                "task_share": row.task / 100.0
                if moved or name not in there
                else there[name].task_share,
            }
    return departments


def _known_task(row: Row, organisation: Organisation) -> float | None:
    """Return what a scenario says of the work in the departments of a row; None of a new one."""
    known = [name for name in row.departments if name in organisation.departments]
    return _task(known, organisation) if known else None


def _phases(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return the roll-out that rows speak of; those at go-live need no phase."""
    months = sorted({row.month for row in rows} - {AT_GO_LIVE})
    return [
        Phase(
            month=None if month == NEVER else month,
            departments=tuple(
                name for row in rows if row.month == month for name in row.departments
            ),
        ).model_dump(mode="json")
        for month in months
    ]


def _already_using(rows: Sequence[Row]) -> float | dict[str, float]:
    """Return the weekly users before the roll-out: one number, or one for each department."""
    if len({row.using for row in rows}) == 1:
        return rows[0].using / 100.0
    return {name: row.using / 100.0 for row in rows for name in row.departments}
