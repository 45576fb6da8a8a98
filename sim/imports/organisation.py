"""What an imported organisation is: people in rows both engines need, and the ties they have."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from sim.files.library import read_archetypes, shares_in
from sim.files.words import counted
from sim.imports.columns import MANAGEMENT_WORDS, TIES
from sim.imports.people import Person, read_people
from sim.imports.privacy import pseudonyms, salt_beside
from sim.imports.sheet import Table, read_sheet, spelled, table_of
from sim.imports.ties import read_ties
from sim.privacy import Facts, Family, facts_of, family_of
from sim.state import EMPLOYEE, EXECUTIVE, MANAGER, NOBODY, TEAM_LEAD

Array = np.ndarray[Any, Any]

MANAGEMENT: Final = "management"
EXECUTIVES: Final = "executives"
USED: Final = (
    "departments", "teams", "role", "department", "team", "boss", "first", "second", "weight",
    "facts",
)  # fmt: skip
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
    departments, teams = _placed(staff, notes)
    if salt is None:
        salt, said = salt_beside(people_file)
        notes += said
    names = pseudonyms(salt, (one.id for one in staff))
    team_index = {name: index for index, name in enumerate(teams)}
    department_index = {name: index for index, name in enumerate(departments)}
    order = sorted(
        range(len(staff)),
        key=lambda k: (
            department_index[staff[k].department],
            team_index.get(staff[k].team, NOBODY),
            staff[k].role != TEAM_LEAD,
            staff[k].id,
        ),
    )
    row_of = {k: row for row, k in enumerate(order)}
    ordered = [staff[k] for k in order]
    boss = [NOBODY if one.boss == NOBODY else row_of[one.boss] for one in ordered]
    if not any(one.manager for one in staff):
        boss = _derived_line(ordered)
        notes.append("no manager is given: who reports to whom follows from the roles")
    else:
        boss = _passed_over(ordered, boss)
    if ties is None:
        first, second, weight = np.empty((3, 0))
    else:
        tie_table = table_of(read_sheet(ties), TIES, ("source", "target"), ("target",))
        first, second, weight = read_ties(tie_table, [one.id for one in ordered])
        notes += [f"ties: {note}" for note in tie_table.notes]
    columns: dict[str, Array] = {
        "role": np.array([one.role for one in ordered], np.int8),
        "archetype": np.array([one.archetype for one in ordered], np.int8),
        "weekly_hours": np.array([one.weekly_hours for one in ordered], np.float64),
        "hourly_cost": np.array([one.hourly_cost for one in ordered], np.float64),
        "skill": np.array([one.skill for one in ordered], np.float64),
        "threats": np.array([one.threats for one in ordered], np.float64),
        "uses": np.array([one.uses for one in ordered], np.int8),
    }
    department = np.array([department_index[one.department] for one in ordered], np.int32)
    team = np.array([team_index.get(one.team, NOBODY) for one in ordered], np.int32)
    called = tuple(name.replace(APART, " / ") for name in teams)
    archetypes = _archetypes(columns["archetype"])
    groups = family_of(departments, called, department, team, columns["role"], archetypes)
    imported = Imported(
        people=tuple(names[one.id] for one in ordered),
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


def _placed(staff: list[Person], notes: list[str]) -> tuple[list[str], list[str]]:
    """Give departments and teams one spelling each, and return their names in order.

    Executives stand in the management, as one team; spellings that differ in case and spaces
    only are one name, written as most of the rows do.
    """
    moved = 0
    for one in staff:
        if one.role == EXECUTIVE:
            moved += spelled(one.department) not in MANAGEMENT_WORDS
            one.department, one.team = MANAGEMENT, EXECUTIVES
        elif spelled(one.department) in MANAGEMENT_WORDS:
            one.department = MANAGEMENT
    if moved:
        notes.append(f"executives stand in '{MANAGEMENT}', whatever department the file gives them")
    departments, joined = _spellings(one.department for one in staff)
    for one in staff:
        one.department = departments[one.department]
        one.team = one.team and one.department + APART + one.team
    if joined:
        notes.append(f"{counted(joined, 'spelling')} of departments joined with others")
    teams, joined = _spellings(one.team for one in staff)
    for one in staff:
        one.team = teams[one.team]
    if joined:
        notes.append(f"{counted(joined, 'spelling')} of teams joined with others")
    if not all(one.team for one in staff):
        notes.append("people without a team have no team ties")
    names = sorted(
        {*departments.values(), MANAGEMENT},
        key=lambda name: (name != MANAGEMENT, name.casefold(), name),
    )
    home = {one.team: names.index(one.department) for one in staff if one.team}
    return names, sorted(home, key=lambda team: (home[team], team.casefold(), team))


def _spellings(names: Iterable[str]) -> tuple[dict[str, str], int]:
    """Return the one spelling of each name, and how many were given up for it."""
    alike: dict[str, Counter[str]] = {}
    for name in names:
        alike.setdefault(name.casefold(), Counter())[name] += 1
    chosen: dict[str, str] = {}
    for times in alike.values():
        best = min(times, key=lambda name: (-times[name], name))
        chosen |= dict.fromkeys(times, best)
    return chosen, len(chosen) - len(alike)


def _derived_line(ordered: list[Person]) -> list[int]:
    """Return everybody's boss as the roles speak of it, the first in order where there are several.

    An employee reports to the team's lead, else like a lead to the department's manager, else
    like a manager to the first executive, who is the top.
    """
    chief = next((row for row, one in enumerate(ordered) if one.role == EXECUTIVE), NOBODY)
    manager: dict[str, int] = {}
    lead: dict[str, int] = {}
    for row, one in enumerate(ordered):
        if one.role == MANAGER:
            manager.setdefault(one.department, row)
        elif one.role == TEAM_LEAD and one.team:
            lead.setdefault(one.team, row)
    line: list[int] = []
    for one in ordered:
        if one.role == EXECUTIVE:
            line.append(NOBODY)
        elif one.role == MANAGER:
            line.append(chief)
        elif one.role == EMPLOYEE and one.team in lead:
            line.append(lead[one.team])
        else:
            line.append(manager.get(one.department, chief))
    return line


def _passed_over(ordered: list[Person], boss: list[int]) -> list[int]:
    """Return everybody's boss, where theirs has left the next one who is known.

    That is who would be boss by the roles, unless this is somebody they lead themselves.
    """
    left = [row for row, one in enumerate(ordered) if one.manager and boss[row] == NOBODY]
    derived = _derived_line(ordered) if left else []
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
            for name, one in zip(value._fields, value, strict=True):
                content.update(name.encode())
                add(one)
        elif isinstance(value, tuple) and any(isinstance(one, tuple) for one in value):
            for one in value:
                add(one)
        else:
            content.update(json.dumps(value).encode())

    for name in USED:
        content.update(name.encode())
        add(getattr(imported, name))
    return content.hexdigest()
