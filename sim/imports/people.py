"""Who works here, row by row: what each cell of a people file says, and what cannot be right."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sim.files.words import counted, printable, short, suggestion
from sim.imports.columns import (
    ITEMS,
    ROLE_WORDS,
    THREAT_COLUMNS,
    YES_WORDS,
    archetype_words,
    understood,
)
from sim.imports.privacy import several
from sim.imports.questionnaire import MOST, archetype_of, threats_of
from sim.imports.sheet import Table, refused, spelled
from sim.state import EMPLOYEE, EXECUTIVE, MANAGER, NOBODY, TEAM_LEAD

FEWEST: Final = 2
MOST_PEOPLE: Final = 200_000
LONGEST_NAME: Final = 80
UNKNOWN: Final = float("nan")
REQUIRED: Final = ("id", "department")
RANGES: Final[Mapping[str, tuple[float, float]]] = {
    "hours": (0, 80),
    "hourly_cost": (0, 1000),
    "skill": (0, 1),
    **dict.fromkeys(THREAT_COLUMNS, (0, 1)),
}


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


def number(text: str, low: float, high: float, decimal_comma: bool) -> float:
    """Return a number in a range, written with a point, or a comma where that separates nothing.

    Raises
    ------
    ValueError
        With what was found and what is allowed.
    """
    bare = text.removeprefix("€").strip()
    if decimal_comma:
        bare = bare.replace(",", ".")
    if re.fullmatch(r"-?[0-9]{1,20}(\.[0-9]{0,20})?(e[-+]?[0-9]{1,3})?", bare, re.IGNORECASE):
        value = float(bare)
        if low <= value <= high:
            return value
    hint = "" if decimal_comma or "," not in text else " with a decimal point"
    raise ValueError(f"found '{short(text)}', expected a number{hint} from {low:g} to {high:g}")


class _Cells:
    """What the cells of one row say; notes what is wrong and goes on."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.decimal_comma = table.separator != ","
        archetypes = archetype_words()
        self.words = {
            "role": (ROLE_WORDS, understood(ROLE_WORDS)),
            "archetype": (archetypes, understood(archetypes)),
            "uses": (YES_WORDS, understood(YES_WORDS)),
        }

    def number(self, line: int, cells: list[str], name: str) -> float:
        """Return a number, not a number for an empty cell."""
        text = self.table.cell(cells, name)
        if not text:
            return UNKNOWN
        try:
            return number(text, *RANGES[name], self.decimal_comma)
        except ValueError as error:
            self.table.wrong(line, name, str(error))
            return UNKNOWN

    def word(self, line: int, cells: list[str], name: str) -> int:
        """Return what a word means, -1 for an empty cell."""
        text = self.table.cell(cells, name)
        if not text:
            return NOBODY
        known, meanings = self.words[name]
        if (value := meanings.get(spelled(text))) is not None:
            return value
        self.table.wrong(line, name, f"found '{short(text)}'{suggestion(text, known)}")
        return NOBODY

    def answers(self, line: int, cells: list[str]) -> dict[str, int]:
        """Return the answers to the questionnaire; what was left open is left out."""
        given: dict[str, int] = {}
        for name in ITEMS:
            text = self.table.cell(cells, name)
            if text in tuple("12345"):
                given[name] = int(text)
            elif text:
                expected = f"expected a whole number from 1 to {MOST}, or nothing"
                self.table.wrong(line, name, f"found '{short(text)}', {expected}")
        return given

    def name(self, line: int, cells: list[str], name: str) -> str:
        """Return the name of a department or team, with single spaces and nothing invisible."""
        text = printable(" ".join(self.table.cell(cells, name).split()))
        if len(text) > LONGEST_NAME:
            message = f"found {len(text)} characters, expected a name of {LONGEST_NAME} at most"
            self.table.wrong(line, name, message)
        elif not text and name in REQUIRED:
            self.table.wrong(line, name, f"this cell is empty, expected the name of a {name}")
        return text

    def person(self, line: int, cells: list[str]) -> Person:
        """Return what a row says about a person."""
        stated = tuple(self.number(line, cells, name) for name in THREAT_COLUMNS)
        answered = threats_of(self.answers(line, cells))
        threats = tuple(a if a == a else b for a, b in zip(stated, answered, strict=True))
        return Person(
            line=line,
            id=self.table.cell(cells, "id"),
            department=self.name(line, cells, "department"),
            team=self.name(line, cells, "team"),
            manager=self.table.cell(cells, "manager"),
            role=self.word(line, cells, "role"),
            archetype=self.word(line, cells, "archetype"),
            weekly_hours=self.number(line, cells, "hours"),
            hourly_cost=self.number(line, cells, "hourly_cost"),
            skill=self.number(line, cells, "skill"),
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
    cells_of = _Cells(table)
    people: list[Person] = []
    known: dict[str, int] = {}
    seen: dict[str, list[str]] = {}
    repeated = 0
    for line, cells in table.rows:
        identity = table.cell(cells, "id")
        if not identity:
            table.wrong(line, "id", "this cell is empty, expected the id of a person")
            continue
        said = [cells[place] for place in table.columns.values()]
        if identity in seen and seen[identity] == said:
            repeated += 1
            continue
        if identity in seen:
            first = people[known[identity]].line
            message = f"this id is in line {first} already, with other values: keep one of the two"
            table.wrong(line, "id", message)
            continue
        seen[identity] = said
        known[identity] = len(people)
        people.append(cells_of.person(line, cells))
    if repeated:
        table.notes.append(f"{counted(repeated, 'repeated row')} dropped")
    if not FEWEST <= len(people) <= MOST_PEOPLE:
        message = f"found {counted(len(people), 'person', 'people')}"
        table.problems.add(f"{message}, expected {FEWEST} to {MOST_PEOPLE:,}")
    _find_bosses(table, people, known)
    _find_circles(table, people)
    table.problems.raise_if_any()
    if not any(one.manager or one.role != NOBODY for one in people):
        message = (
            "nobody has a manager or a role: fill in the column of one of them, or who leads whom "
            "is not known"
        )
        raise refused(table.file, message)
    _derive_roles(table, people)
    _derive_archetypes(table, people)
    return people


def _find_bosses(table: Table, people: list[Person], known: Mapping[str, int]) -> None:
    """Look up everybody's manager; an empty cell is the top."""
    for place, one in enumerate(people):
        if not one.manager:
            continue
        boss = known.get(one.manager)
        if boss == place:
            table.wrong(
                one.line,
                "manager",
                "this person is said to be their own manager: name another, or empty the cell at the top",
            )
        elif boss is None:
            message = (
                "this is nobody's id in the file: add the manager, correct the id (not a name, "
                "with its leading zeros), or empty the cell"
            )
            table.wrong(one.line, "manager", message)
        else:
            one.boss = boss


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
            message = f"the managers form a circle (lines {told}): somebody has to be at the top"
            table.wrong(people[one].line, "manager", message)


def _derive_roles(table: Table, people: list[Person]) -> None:
    """Give those without a role the one their place in the reporting line speaks of.

    Nobody above and somebody below: executive; somebody below who has somebody below: manager;
    somebody below: team lead; else employee.
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
        elif one.boss == NOBODY:
            one.role = EXECUTIVE
        else:
            one.role = MANAGER if leads_leaders[place] else TEAM_LEAD
    if derived:
        table.notes.append(f"the role of {several(derived)} follows from the reporting line")


def _derive_archetypes(table: Table, people: list[Person]) -> None:
    """Give those without an archetype, whose four threats are known, the one who feels them most."""
    derived = 0
    for one in people:
        if one.archetype == NOBODY:
            one.archetype = archetype_of(one.threats)
            derived += one.archetype != NOBODY
    if derived:
        table.notes.append(f"the archetype of {several(derived)} is the strongest of four threats")
