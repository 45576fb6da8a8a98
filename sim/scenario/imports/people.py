"""Who works here, row by row: what each cell of a people file says, and what cannot be right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from sim.engine.kinds import Array
from sim.errors import said
from sim.privacy import several
from sim.scenario.imports.columns import (
    ITEMS,
    ROLE_WORDS,
    THREAT_COLUMNS,
    YES_WORDS,
    archetype_words,
    level_of,
    understood,
)
from sim.scenario.imports.fields import JOB_TITLES, listed, title
from sim.scenario.imports.hours import weekly_hours
from sim.scenario.imports.ids import Known, identity, spoiled
from sim.scenario.imports.numbers import Numbers
from sim.scenario.imports.questionnaire import archetypes_of, threats_of
from sim.scenario.imports.table import Column, Table, refused, spelled
from sim.scenario.words import closest, short
from sim.state import EMPLOYEE, EXECUTIVE, MANAGER, NOBODY, TEAM_LEAD

FEWEST: Final = 2
MOST_PEOPLE: Final = 200_000
LONGEST_NAME: Final = 80
REQUIRED: Final = ("id", "department")
REAL: Final = ("manager", "role")
"""Columns in which a row of sums has nothing."""
ARCHETYPE: Final = said("what an archetype is called, such as competence or status")
LEAVERS: Final = 0.1
"""Managers who are not in the file may be passed over below this share of all managers; or one."""


@dataclass(slots=True)
class Staff:
    """What a file says of its people, row by row; ``boss`` is a row.

    Attributes
    ----------
    ids
        Id of each person, as one writes it.
    department, team, manager
        Names as written, ids of managers.
    role, archetype, uses
        What words mean, -1 for an empty cell.
    weekly_hours, hourly_cost, skill, threats
        Numbers, not a number where unknown; of threats a column each.
    boss
        Row of the own manager, -1 for nobody who is known.
    """

    ids: list[str]
    department: Column
    team: Column
    manager: Column
    role: Array
    archetype: Array
    uses: Array
    weekly_hours: Array
    hourly_cost: Array
    skill: Array
    threats: Array
    boss: Array

    @property
    def managed(self) -> Array:
        """Whether a manager is named, who may have left."""
        return self.manager.each(self.manager.texts, bool)


def read_people(table: Table) -> Staff:
    """Return the people of a table, each with a role and the row of the own manager.

    Raises
    ------
    ScenarioError
        With every problem found, each with its line and column.
    """
    _keep_one_each(table)
    staff = _staff(table)
    people = len(staff.ids)
    if not FEWEST <= people <= MOST_PEOPLE and not table.broken:
        size = said("found {number:,} people", number=people)
        if people == 1:
            size = said("found 1 person")
        table.problems.add(
            said(
                "{found}, expected {fewest} to {most:,}",
                found=size,
                fewest=FEWEST,
                most=MOST_PEOPLE,
            )
        )
    _find_bosses(table, staff)
    _find_circles(table, staff.boss.tolist())
    table.problems.raise_if_any()
    jobs = next((short(head, 30) for head in table.aside if spelled(head) in JOB_TITLES), "")
    if not (staff.managed.any() or (staff.role != NOBODY).any()):
        message = said(
            "nobody has a manager or a role: fill in the column of one of them, or who leads whom is not known"
        )
        if jobs:
            message += said(
                "; '{head}' tells leaders by their job titles: say it is the role", head=jobs
            )
        raise refused(table.file, message)
    if jobs:
        table.notes.append(
            said(
                "job titles ('{head}') are not needed: who leads is told by managers and levels",
                head=jobs,
            )
        )
    _derive_roles(table, staff)
    _derive_archetypes(table, staff)
    return staff


def _staff(table: Table) -> Staff:
    """Return what the cells of a table say; note what is wrong and go on."""
    numbers = Numbers(table)
    hours = weekly_hours(table, numbers)
    cost, skill = numbers.column("hourly_cost"), numbers.column("skill")
    threats = np.array([numbers.column(name) for name in THREAT_COLUMNS]).T
    items = [name for name in ITEMS if name in table.columns]
    if items:
        answered = threats_of({name: numbers.column(name) for name in items})
        threats = np.where(np.isnan(threats), answered, threats)
    staff = Staff(
        ids=table.columns["id"].changed(identity).cells,
        department=_names(table, "department"),
        team=_names(table, "team"),
        manager=table.column("manager").changed(identity),
        role=_roles(table),
        archetype=_words(table, "archetype", archetype_words(), ARCHETYPE),
        uses=_words(table, "uses", YES_WORDS, said("yes or no")),
        weekly_hours=hours,
        hourly_cost=cost,
        skill=skill,
        threats=threats,
        boss=np.full(len(table.lines), NOBODY),
    )
    table.notes += numbers.notes()
    return staff


def _roles(table: Table) -> Array:
    """Return everybody's level; of job titles those that plainly name a leader, -1 for all others."""
    column, levels = table.column("role"), understood(ROLE_WORDS)
    written = column.each(column.texts, bool)
    known = column.each([spelled(text) in levels for text in column.texts], bool)
    few = 2 * np.count_nonzero(known) < np.count_nonzero(written)
    if not few and spelled(table.heads.get("role", "")) not in JOB_TITLES:
        expected = said("a level: employee, team lead, manager or executive")
        return _words(table, "role", ROLE_WORDS, expected)
    table.notes.append(
        said(
            "'{head}' holds job titles: those that plainly name a leader are read (such as directeur, "
            "hoofd, manager, teamleider), all others say nothing of the level",
            head=short(table.heads["role"], 30),
        )
    )
    said_levels = [level_of(text) for text in column.texts]
    return column.each([NOBODY if level is None else level for level in said_levels], int)


def _words(table: Table, name: str, known: Mapping[str, int], expected: str) -> Array:
    """Return what the word in each row means, -1 for an empty cell."""
    column, meanings = table.column(name), understood(known)
    codes, wrong = dict.fromkeys(column.texts, NOBODY), dict[str, str]()
    for text in filter(None, column.texts):
        word = identity(text) if name == "uses" else text  # 1.0 is yes
        if (value := meanings.get(spelled(word))) is not None:
            codes[text] = value
        else:
            near = closest(word, known)
            wrong[text] = said(
                "found '{text}', expected {expected}{advice}",
                text=short(word),
                expected=expected,
                advice=said("; did you mean '{near}'?", near=near) if near else "",
            )
    if wrong:
        table.wrong_texts(name, wrong)
    return column.each([*codes.values()], int)


def _names(table: Table, name: str) -> Column:
    """Return the names of departments or teams."""
    column, wrong = table.column(name), dict[str, str]()
    for text in column.texts:
        length = len(" ".join(text.split()))
        if length > LONGEST_NAME:
            wrong[text] = said(
                "found {number} characters, expected a name of {longest_name} at most",
                number=length,
                longest_name=LONGEST_NAME,
            )
        elif not length and name in REQUIRED:
            wrong[text] = said("this cell is empty, expected the name of a department")
    if wrong:
        table.wrong_texts(name, wrong)
    return column.changed(lambda text: " ".join(text.split()))


def _spoiled(text: str) -> str:
    """Return what to do about an id that a spreadsheet took for something else."""
    return said(
        "found {found} where an id is expected, made by a spreadsheet: give the column the format Text and fill in the ids anew",
        found=spoiled(text),
    )


def _keep_one_each(table: Table) -> None:
    """Leave out rows that are repeated, and note ids that are missing, spoiled or given twice."""
    people = table.columns["id"].changed(identity)
    wrong = {text: _spoiled(text) for text in people.texts if spoiled(text)}
    if "" in people.texts:
        wrong[""] = said("this cell is empty, expected the id of a person")
    without = people.each([text in wrong for text in people.texts], bool)
    for row in np.flatnonzero(without).tolist():
        table.wrong([row], "id", wrong[people.texts[people.code[row]]])
        table.broken = True
    table.keep(~without)
    who = people.kept(~without).code
    _, first = np.unique(who, return_index=True)
    once = np.zeros(who.size, np.bool_)
    once[first] = True
    others: dict[int, list[int]] = {}
    repeated = 0
    for row in np.flatnonzero(~once).tolist():
        if table.cells(row) == table.cells(first[who[row]]):
            repeated += 1
        else:
            others.setdefault(int(first[who[row]]), []).append(row)
    for earliest, again in others.items():
        differ = [
            title(name)
            for name, cells in table.columns.items()
            if name != "id" and any(cells.code[row] != cells.code[earliest] for row in again)
        ]
        lines = ", ".join(str(table.lines[row]) for row in again[1:6])
        more = said(" and in {lines}", lines=lines) if lines else ""
        message = said(
            "this id is in line {first} already{more}, with another {listed}: keep one row a person",
            first=int(table.lines[earliest]),
            more=more,
            listed=listed(differ[:4]),
        )
        table.wrong(again[:1], "id", message)
    if repeated:
        table.notes.append(
            said("1 repeated row dropped")
            if repeated == 1
            else said("{number:,} repeated rows dropped", number=repeated)
        )
    table.keep(once)


def _find_bosses(table: Table, staff: Staff) -> None:
    """Look up everybody's manager; an empty cell is the top.

    A manager who is not in the file has left, if nearly all others are there: whoever reports to
    them keeps a place below the next boss that is known. Where a row is missing because it is wrong,
    nobody knows whose it was, and nothing is said.
    """
    known, manager, people = Known(staff.ids), staff.manager, len(staff.ids)
    places = known.places(manager)
    own = places == np.arange(people)
    message = said(
        "this person is said to be their own manager: name another, or empty the cell at the top"
    )
    table.wrong(np.flatnonzero(own), "manager", message)
    staff.boss = np.where(own, NOBODY, places)
    strange = staff.managed & (places == NOBODY)
    cut = manager.each([bool(spoiled(text)) for text in manager.texts], bool) & strange
    for row in np.flatnonzero(cut).tolist():
        table.wrong([row], "manager", _spoiled(manager.texts[manager.code[row]]))
    if known.loosely:
        table.notes.append(
            said(
                "the manager of {people} is found by an id written with other capitals, leading "
                "zeros or signs between thousands",
                people=several(known.loosely, people),
            )
        )
    gone = np.flatnonzero(strange & ~cut)
    left, named = len(np.unique(manager.code[gone])), len([*filter(None, manager.texts)])
    if not left or table.broken:
        return
    if left <= max(1, LEAVERS * named) and left < named:
        table.notes.append(
            said(
                "the manager of {people} is not in the file (who left, perhaps): they report to the "
                "next boss that is known",
                people=several(gone.size, people),
            )
        )
        return
    message = said(
        "this is nobody's id in the file, and {left:,} of {number:,} managers are not: add them, correct the ids (no names, with their leading zeros), or empty the cells; fewer than {leavers:.0%} would be passed over",
        left=left,
        number=named,
        leavers=LEAVERS,
    )
    table.wrong(gone, "manager", message)


def _find_circles(table: Table, boss: list[int]) -> None:
    """Note every circle in the reporting line once, by the lines of those in it."""
    checked = [False] * len(boss)
    for start in range(len(boss)):
        path: dict[int, None] = {}
        person = start
        while person != NOBODY and not checked[person]:
            checked[person] = True
            path[person] = None
            person = boss[person]
        if person in path:
            circle = [*path][[*path].index(person) :]
            lines = [table.lines[k] for k in [*circle, person]]
            chain = " -> ".join(
                map(str, lines if len(lines) <= 12 else [*lines[:10], "...", lines[-1]])
            )
            message = said(
                "the managers form a circle (lines {told}): somebody has to be at the top",
                told=chain,
            )
            table.wrong([person], "manager", message)


def _derive_roles(table: Table, staff: Staff) -> None:
    """Give those without a role the one their place in the reporting line speaks of.

    Nobody above and somebody below: executive; somebody below who has somebody below: manager;
    somebody below: team lead; else employee. Whose manager has left has somebody above.
    """
    boss, below = staff.boss, staff.boss != NOBODY
    leads = np.zeros(boss.size, np.bool_)
    leads[boss[below]] = True
    leads_leaders = np.zeros_like(leads)
    leads_leaders[boss[below & leads]] = True
    derived = staff.role == NOBODY
    role = np.where(leads_leaders, MANAGER, TEAM_LEAD)
    role[~below & ~staff.managed] = EXECUTIVE
    role[~leads] = EMPLOYEE
    staff.role = np.where(derived, role, staff.role)
    if derived.any():
        table.notes.append(
            said(
                "the role of {people} follows from the reporting line",
                people=several(int(np.count_nonzero(derived)), boss.size),
            )
        )


def _derive_archetypes(table: Table, staff: Staff) -> None:
    """Give those without an archetype, whose four threats are known, the one who feels them most."""
    strongest = archetypes_of(staff.threats)
    derived = (staff.archetype == NOBODY) & (strongest != NOBODY)
    staff.archetype = np.where(derived, strongest, staff.archetype)
    if derived.any():
        table.notes.append(
            said(
                "the archetype of {people} is the strongest of four threats",
                people=several(int(np.count_nonzero(derived)), derived.size),
            )
        )
