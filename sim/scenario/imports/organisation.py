"""What an imported organisation is: people in rows both engines need, and the ties they have."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from sim.engine.kinds import Array
from sim.errors import said
from sim.privacy import Facts, Family, facts_of, family_of
from sim.scenario.imports.columns import MANAGEMENT_WORDS, TIES
from sim.scenario.imports.people import Staff, read_people
from sim.scenario.imports.privacy import pseudonyms, salt_beside
from sim.scenario.imports.table import Column, Table, read_sheet, spelled, table_of
from sim.scenario.imports.ties import read_ties
from sim.scenario.library import read_archetypes, shares_in
from sim.state import EMPLOYEE, EXECUTIVE, MANAGER, NOBODY, TEAM_LEAD

MANAGEMENT: Final = "management"
EXECUTIVES: Final = "executives"
USED: Final = (
    "departments",
    "teams",
    "role",
    "department",
    "team",
    "boss",
    "first",
    "second",
    "weight",
    "facts",
)
"""What a simulation uses of all that is read."""
APART: Final = "\n"
"""Stands between department and team: no name has an end of line in it."""


class Imported(NamedTuple):
    """People and ties as read: pseudonymous, checked, in the order both engines need.

    Rows go by department, then team (those without one first), the team's lead first, then id:
    everybody's chance belongs to the row, so another salt gives the same results. Neither the order of a file's rows nor how it is written changes anything here.

    Attributes
    ----------
    people
        Pseudonyms, one per row, such as ``p-3f9a0c12``.
    departments
        Names; the first is always ``management``.
    teams
        Names, such as ``sales / north``.
    role, archetype
        Index of :data:`sim.state.ROLES` and of the file of archetypes, -1 for an archetype nobody
        knows.
    department, team
        Index of the names above, -1 without a team.
    boss
        Row of the line manager, -1 at the top.
    weekly_hours, hourly_cost, skill
        [hour/week], [euro/hour], [0 to 1]; not a number where unknown.
    threats
        The four threats in the order of THREATS [0 to 1], not a number where unknown.
    uses
        1 who uses AI every week already, 0 who does not, -1 unknown.
    first, second, weight
        Rows of the ends of each mutual tie, each pair once, the lower row first; weights are
        multiples of 1/1024 with median 1.
    report
        Everything that was assumed, mended or left aside, without personal data.
    groups
        The groups that may be told, decided here and for good.
    facts
        All that a simulation uses of hours, costs, skill, worries, archetypes and use of AI.
    digest
        SHA-256 of what a simulation uses, pseudonyms left out: what a result may name.
    """

    people: tuple[str, ...]
    departments: tuple[str, ...]
    teams: tuple[str, ...]
    role: Array
    department: Array
    team: Array
    boss: Array
    archetype: Array
    weekly_hours: Array
    hourly_cost: Array
    skill: Array
    threats: Array
    uses: Array
    first: Array
    second: Array
    weight: Array
    report: tuple[str, ...]
    groups: Family
    facts: Facts
    digest: str


def assembled(table: Table, people_file: Path, ties: Path | None, salt: bytes | None) -> Imported:
    """Return the organisation in a table of people and a file of ties.

    Parameters
    ----------
    table
        Rows of people, columns known.
    people_file
        Where the salt of the project lies beside.
    ties
        File of ties; without one there are none.
    salt
        Salt of the pseudonyms instead of the project's.
    """
    staff = read_people(table)
    notes = table.notes
    departments, teams, department, team = _placed(staff, notes)
    if salt is None:
        salt, about = salt_beside(people_file)
        notes += about
    names = pseudonyms(salt, staff.ids)
    rank = np.empty(len(staff.ids), np.int64)
    rank[sorted(range(rank.size), key=staff.ids.__getitem__)] = np.arange(rank.size)
    order = np.lexsort((rank, staff.role != TEAM_LEAD, team, department))
    department, team = department[order].astype(np.int32), team[order].astype(np.int32)
    role = staff.role[order]
    row_of = np.concatenate(
        [np.argsort(order, kind="stable"), [NOBODY]]
    )  # whose boss is nobody has the last
    boss = row_of[staff.boss[order]].tolist()
    if staff.managed.any():
        left = np.flatnonzero(staff.managed[order] & (staff.boss[order] == NOBODY)).tolist()
        boss = _passed_over(left, _derived_line(department, team, role) if left else [], boss)
    else:
        boss = _derived_line(department, team, role)
        notes.append(said("no manager is given: who reports to whom follows from the roles"))
    if ties is None:
        first, second, weight = np.empty((3, 0))
    else:
        tie_table = table_of(read_sheet(ties), TIES, ("source", "target"), ("target",))
        first, second, weight = read_ties(tie_table, [staff.ids[k] for k in order.tolist()])
        notes += [said("ties: {note}", note=note) for note in tie_table.notes]
    columns: dict[str, Array] = {
        "role": role.astype(np.int8),
        "archetype": staff.archetype[order].astype(np.int8),
        "weekly_hours": staff.weekly_hours[order],
        "hourly_cost": staff.hourly_cost[order],
        "skill": staff.skill[order],
        "threats": staff.threats[order],
        "uses": staff.uses[order].astype(np.int8),
    }
    called = tuple(name.replace(APART, " / ") for name in teams)
    archetypes = _archetypes(columns["archetype"])
    groups = family_of(
        departments, called, department, team, columns["role"], archetypes=archetypes
    )
    imported = Imported(
        people=tuple(names[staff.ids[k]] for k in order.tolist()),
        departments=tuple(departments),
        teams=called,
        department=department,
        team=team,
        boss=np.array(boss, np.int32),
        **columns,
        first=first.astype(np.int32),
        second=second.astype(np.int32),
        weight=weight.astype(np.float32),
        report=tuple(notes),
        groups=groups,
        facts=facts_of(groups, **columns, kinds=len(archetypes)),
        digest="",
    )
    return imported._replace(digest=_digest(imported))


def _archetypes(archetype: Array) -> dict[str, int]:
    """Return how many people each archetype has, those that are to be drawn at the usual shares."""
    counts = np.bincount(archetype[archetype >= 0], minlength=len(read_archetypes()))
    unknown, usual = int(np.count_nonzero(archetype < 0)), shares_in(None)
    return {
        name: int(count) + round(unknown * usual.get(name, 0.0))
        for name, count in zip(read_archetypes(), counts, strict=True)
    }


def _placed(staff: Staff, notes: list[str]) -> tuple[list[str], list[str], Array, Array]:
    """Return the names of departments and teams, in order, and which of them everybody is in.

    Executives stand in the management, as one team; spellings that differ in case and spaces
    only are one name, written as most of the rows do.
    """
    top = staff.role == EXECUTIVE
    leads = [spelled(text) in MANAGEMENT_WORDS for text in staff.department.texts]
    if np.any(top & ~staff.department.each(leads, bool)):
        notes.append(
            said(
                "executives stand in '{management}', whatever department the file gives them",
                management=MANAGEMENT,
            )
        )
    called = dict(zip(staff.department.texts, leads, strict=True))
    written = staff.department.changed(lambda name: MANAGEMENT if called[name] else name)
    departments, joined = _one_spelling(written.put(top, MANAGEMENT))
    if joined:
        notes.append(
            said("1 spelling of departments joined with others")
            if joined == 1
            else said("{number:,} spellings of departments joined with others", number=joined)
        )
    teams, joined = _one_spelling(_within(departments, staff.team.put(top, EXECUTIVES)))
    if joined:
        notes.append(
            said("1 spelling of teams joined with others")
            if joined == 1
            else said("{number:,} spellings of teams joined with others", number=joined)
        )
    if "" in teams.texts:
        notes.append(said("people without a team have no team ties"))
    names = sorted(
        {*departments.texts, MANAGEMENT},
        key=lambda name: (name != MANAGEMENT, name.casefold(), name),
    )
    index = {name: place for place, name in enumerate(names)}
    inside = sorted(
        filter(None, teams.texts),
        key=lambda team: (index[team.split(APART)[0]], team.casefold(), team),
    )
    team_index = {name: place for place, name in enumerate(inside)}
    department = departments.each([index[text] for text in departments.texts], int)
    team = teams.each([team_index.get(text, NOBODY) for text in teams.texts], int)
    return names, inside, department, team


def _within(departments: Column, teams: Column) -> Column:
    """Return everybody's team by the names of department and team, empty where there is none."""
    number = len(teams.texts)
    both, code = np.unique(departments.code * number + teams.code, return_inverse=True)
    names = [(departments.texts[k // number], teams.texts[k % number]) for k in both.tolist()]
    return Column([team and name + APART + team for name, team in names], code).merged()


def _one_spelling(column: Column) -> tuple[Column, int]:
    """Return a column with one spelling of each name, and how many were given up for it."""
    times = np.bincount(column.code, minlength=len(column.texts)).tolist()
    alike: dict[str, dict[str, int]] = {}
    for name, number in zip(column.texts, times, strict=True):
        alike.setdefault(name.casefold(), {})[name] = number
    chosen: dict[str, str] = {}
    for some in alike.values():
        best = min(some, key=lambda name: (-some[name], name))
        chosen |= dict.fromkeys(some, best)
    return column.changed(chosen.__getitem__), len(chosen) - len(alike)


def _derived_line(department: Array, team: Array, role: Array) -> list[int]:
    """Return everybody's boss as the roles speak of it, the first in order where there are several.

    An employee reports to the team's lead, else like a lead to the department's manager, else
    like a manager to the first executive, who is the top.
    """
    people = list(zip(department.tolist(), team.tolist(), role.tolist(), strict=True))
    chief = next((row for row, person in enumerate(people) if person[2] == EXECUTIVE), NOBODY)
    manager: dict[int, int] = {}
    lead: dict[int, int] = {}
    for row, (home, circle, what) in enumerate(people):
        if what == MANAGER:
            manager.setdefault(home, row)
        elif what == TEAM_LEAD and circle != NOBODY:
            lead.setdefault(circle, row)
    line: list[int] = []
    for home, circle, what in people:
        if what == EXECUTIVE:
            line.append(NOBODY)
        elif what == MANAGER:
            line.append(chief)
        elif what == EMPLOYEE and circle in lead:
            line.append(lead[circle])
        else:
            line.append(manager.get(home, chief))
    return line


def _passed_over(left: list[int], derived: list[int], boss: list[int]) -> list[int]:
    """Return everybody's boss, for those whose boss has left the next one who is known.

    That is who would be boss by the roles, unless this is somebody they lead themselves.
    """
    for row in left:
        above = derived[row]
        while above not in (NOBODY, row):
            above = boss[above]
        if above == NOBODY:
            boss[row] = derived[row]
    return boss


def _digest(imported: Imported) -> str:
    """Return the SHA-256 of people and ties, the same on every platform and with every salt."""
    content = hashlib.sha256()

    def add(value: Any) -> None:
        if isinstance(value, np.ndarray):
            content.update(str(value.shape).encode())
            content.update(value.astype(value.dtype.newbyteorder("<")).tobytes())
        elif hasattr(value, "_fields"):
            for name, part in zip(value._fields, value, strict=True):
                content.update(name.encode())
                add(part)
        elif isinstance(value, tuple) and any(isinstance(part, tuple) for part in value):
            for part in value:
                add(part)
        else:
            content.update(json.dumps(value).encode())

    for name in USED:
        content.update(name.encode())
        add(getattr(imported, name))
    return content.hexdigest()
