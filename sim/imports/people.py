"""Who works here, row by row: what each cell of a people file says, and what cannot be right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sim.errors import said
from sim.files.words import counted, short, suggestion
from sim.imports.columns import (
    ITEMS,
    ROLE_WORDS,
    THREAT_COLUMNS,
    YES_WORDS,
    archetype_words,
    understood,
)
from sim.imports.hours import weekly_hours
from sim.imports.ids import Known, identity, spoiled
from sim.imports.numbers import Numbers
from sim.imports.questionnaire import archetype_of, threats_of
from sim.imports.sheet import Table, refused, spelled
from sim.privacy import several
from sim.state import EMPLOYEE, EXECUTIVE, MANAGER, NOBODY, TEAM_LEAD

FEWEST: Final = 2
MOST_PEOPLE: Final = 200_000
LONGEST_NAME: Final = 80
REQUIRED: Final = ("id", "department")
REAL: Final = ("manager", "role")
"""Columns in which a row of sums has nothing."""
LEAVERS: Final = 0.1
"""Managers who are not in the file may be passed over below this share of all managers; or one."""


@dataclass(slots=True)
class Person:
    """One row of a people file; ``boss`` is a position in the list of all people."""

    line: int
    id: str
    department: str
    team: str
    manager: str
    role: int
    archetype: int
    weekly_hours: float
    hourly_cost: float
    skill: float
    threats: tuple[float, ...]
    uses: int
    boss: int = NOBODY


class _Cells:
    """What the cells of one row say; notes what is wrong and goes on."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.numbers = Numbers(table)
        self.hours = weekly_hours(table, self.numbers)
        self.cost, self.skill = self.numbers.column("hourly_cost"), self.numbers.column("skill")
        self.threats = list(zip(*map(self.numbers.column, THREAT_COLUMNS), strict=True))
        self.items = [name for name in ITEMS if name in table.columns]
        self.given = list(zip(*map(self.numbers.column, self.items), strict=True))
        archetypes = archetype_words()
        self.words = {
            "role": (ROLE_WORDS, understood(ROLE_WORDS)),
            "archetype": (archetypes, understood(archetypes)),
            "uses": (YES_WORDS, understood(YES_WORDS)),
        }
        self._meant: dict[str, dict[str, int]] = {name: {} for name in self.words}

    def word(self, line: int, cells: list[str], name: str) -> int:
        """Return what a word means, -1 for an empty cell."""
        text = self.table.cell(cells, name)
        if not text:
            return NOBODY
        if name == "uses":
            text = identity(text)  # 1.0 is yes
        if text in self._meant[name]:
            return self._meant[name][text]
        known, meanings = self.words[name]
        if (value := meanings.get(spelled(text))) is not None:
            self._meant[name][text] = value
            return value
        self.table.wrong(
            line,
            name,
            said("found '{text}'{known}", text=short(text), known=suggestion(text, known)),
        )
        return NOBODY

    def answers(self, row: int) -> dict[str, int]:
        """Return the answers to the questionnaire; what was left open is left out."""
        given = zip(self.items, self.given[row], strict=True) if self.items else ()
        return {name: int(answer) for name, answer in given if answer == answer}

    def name(self, line: int, cells: list[str], name: str) -> str:
        """Return the name of a department or team."""
        text = " ".join(self.table.cell(cells, name).split())
        if len(text) > LONGEST_NAME:
            message = said(
                "found {number} characters, expected a name of {longest_name} at most",
                number=len(text),
                longest_name=LONGEST_NAME,
            )
            self.table.wrong(line, name, message)
        elif not text and name in REQUIRED:
            self.table.wrong(
                line, name, said("this cell is empty, expected the name of a {name}", name=name)
            )
        return text

    def person(self, row: int) -> Person:
        """Return what a row says about a person."""
        line, cells = self.table.rows[row]
        stated = self.threats[row]
        answered = threats_of(self.answers(row))
        threats = tuple(a if a == a else b for a, b in zip(stated, answered, strict=True))
        return Person(
            line=line,
            id=identity(self.table.cell(cells, "id")),
            department=self.name(line, cells, "department"),
            team=self.name(line, cells, "team"),
            manager=identity(self.table.cell(cells, "manager")),
            role=self.word(line, cells, "role"),
            archetype=self.word(line, cells, "archetype"),
            weekly_hours=self.hours[row],
            hourly_cost=self.cost[row],
            skill=self.skill[row],
            threats=threats,
            uses=self.word(line, cells, "uses"),
        )


def read_people(table: Table) -> list[Person]:
    """Return the people of a table, each with a role and the position of the own manager.

    Raises
    ------
    ScenarioError
        With every problem found, each with its line and column.
    """
    _keep_one_each(table)
    cells_of = _Cells(table)
    people = [cells_of.person(row) for row in range(len(table.rows))]
    table.notes += cells_of.numbers.notes()
    if not FEWEST <= len(people) <= MOST_PEOPLE and not table.broken:
        found = said("found {number:,} people", number=len(people))
        if len(people) == 1:
            found = said("found 1 person")
        table.problems.add(
            said(
                "{found}, expected {fewest} to {most:,}",
                found=found, fewest=FEWEST, most=MOST_PEOPLE,
            )
        )  # fmt: skip
    _find_bosses(table, people)
    _find_circles(table, people)
    table.problems.raise_if_any()
    if not any(one.manager or one.role != NOBODY for one in people):
        message = said(
            "nobody has a manager or a role: fill in the column of one of them, or who leads whom is not known"
        )
        raise refused(table.file, message)
    _derive_roles(table, people)
    _derive_archetypes(table, people)
    return people


def _spoiled(text: str) -> str:
    """Return what to do about an id that a spreadsheet took for something else."""
    return said(
        "found {found} where an id is expected, made by a spreadsheet: give the column the format Text and fill in the ids anew",
        found=spoiled(text),
    )


def _keep_one_each(table: Table) -> None:
    """Leave out rows that are repeated, and note ids that are missing, spoiled or given twice."""
    seen: dict[str, tuple[int, list[str]]] = {}
    rows: list[tuple[int, list[str]]] = []
    others: dict[str, list[tuple[int, list[str]]]] = {}
    repeated = 0
    for line, cells in table.rows:
        person = identity(table.cell(cells, "id"))
        row = [cells[place] for place in table.columns.values()]
        if not person:
            table.wrong(line, "id", said("this cell is empty, expected the id of a person"))
            table.broken = True
        elif spoiled(person):
            table.wrong(line, "id", _spoiled(person))
            table.broken = True
        elif person not in seen:
            seen[person] = line, row
            rows.append((line, cells))
        elif seen[person][1] == row:
            repeated += 1
        else:
            others.setdefault(person, []).append((line, row))
    for person, again in others.items():
        first, row = seen[person]
        differ = [
            name
            for k, name in enumerate(table.columns)
            if name != "id" and any(one[k] != row[k] for _, one in again)
        ]
        lines = ", ".join(str(line) for line, _ in again[1:6])
        more = said(" and in {lines}", lines=lines) if lines else ""
        message = said(
            "this id is in line {first} already{more}, with another {listed}: keep one row a person",
            first=first,
            more=more,
            listed=", ".join(differ[:4]),
        )
        table.wrong(again[0][0], "id", message)
    if repeated:
        table.notes.append(f"{counted(repeated, 'repeated row')} dropped")
    table.rows = rows


def _find_bosses(table: Table, people: list[Person]) -> None:
    """Look up everybody's manager; an empty cell is the top.

    A manager who is not in the file has left, if nearly all others are there: whoever reports to
    them keeps a place below the next boss that is known. Where a row is missing because it is wrong,
    nobody knows whose it was, and nothing is said.
    """
    known = Known(one.id for one in people)
    named = set()
    gone: list[Person] = []
    for place, one in enumerate(people):
        if not one.manager:
            continue
        named.add(one.manager)
        boss = known.place(one.manager)
        if boss == place:
            message = said(
                "this person is said to be their own manager: name another, or empty the cell at the top"
            )
            table.wrong(one.line, "manager", message)
        elif boss is not None:
            one.boss = boss
        elif spoiled(one.manager):
            table.wrong(one.line, "manager", _spoiled(one.manager))
        else:
            gone.append(one)
    if known.loosely:
        table.notes.append(
            f"the manager of {several(known.loosely, len(people))} is found by an id written with other capitals, "
            "leading zeros or signs between thousands"
        )
    left = len({one.manager for one in gone})
    if not left or table.broken:
        return
    if left <= max(1, LEAVERS * len(named)) and left < len(named):
        table.notes.append(
            f"the manager of {several(len(gone), len(people))} is not in the file (who left, perhaps): they report "
            "to the next boss that is known"
        )
        return
    for one in gone:
        message = said(
            "this is nobody's id in the file, and {left:,} of {number:,} managers are not: add them, correct the ids (no names, with their leading zeros), or empty the cells; fewer than {leavers:.0%} would be passed over",
            left=left,
            number=len(named),
            leavers=LEAVERS,
        )
        table.wrong(one.line, "manager", message)


def _find_circles(table: Table, people: list[Person]) -> None:
    """Note every circle in the reporting line once, by the lines of those in it."""
    checked = [False] * len(people)
    for start in range(len(people)):
        path: dict[int, None] = {}
        one = start
        while one != NOBODY and not checked[one]:
            checked[one] = True
            path[one] = None
            one = people[one].boss
        if one in path:
            circle = [*path][[*path].index(one) :]
            lines = [people[k].line for k in [*circle, one]]
            told = " -> ".join(
                map(str, lines if len(lines) <= 12 else [*lines[:10], "...", lines[-1]])
            )
            message = said(
                "the managers form a circle (lines {told}): somebody has to be at the top",
                told=told,
            )
            table.wrong(people[one].line, "manager", message)


def _derive_roles(table: Table, people: list[Person]) -> None:
    """Give those without a role the one their place in the reporting line speaks of.

    Nobody above and somebody below: executive; somebody below who has somebody below: manager;
    somebody below: team lead; else employee. Whose manager has left has somebody above.
    """
    leads = [False] * len(people)
    leads_leaders = [False] * len(people)
    for one in people:
        if one.boss != NOBODY:
            leads[one.boss] = True
    for place, one in enumerate(people):
        if one.boss != NOBODY and leads[place]:
            leads_leaders[one.boss] = True
    derived = 0
    for place, one in enumerate(people):
        if one.role != NOBODY:
            continue
        derived += 1
        if not leads[place]:
            one.role = EMPLOYEE
        elif one.boss == NOBODY and not one.manager:
            one.role = EXECUTIVE
        else:
            one.role = MANAGER if leads_leaders[place] else TEAM_LEAD
    if derived:
        table.notes.append(
            f"the role of {several(derived, len(people))} follows from the reporting line"
        )


def _derive_archetypes(table: Table, people: list[Person]) -> None:
    """Give those without an archetype, whose four threats are known, the one who feels them most."""
    derived = 0
    for one in people:
        if one.archetype == NOBODY:
            one.archetype = archetype_of(one.threats)
            derived += one.archetype != NOBODY
    if derived:
        table.notes.append(
            f"the archetype of {several(derived, len(people))} is the strongest of four threats"
        )
