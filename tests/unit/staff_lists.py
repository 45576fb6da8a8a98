"""A list of people as a Dutch HR system exports it: 180 invented people, and all that is usually wrong.

Semicolons, decimal commas, names and dates of birth nobody asked for, a department under a header that
is not known, two spellings of a department, two rows twice, a total, blank lines, a manager who left.
"""

from __future__ import annotations

import csv
import io

import openpyxl

HEADER = (
    "Personeelsnr", "Naam", "Geboortedatum", "Vakgroep", "Team", "Leidinggevende", "Functie", "FTE",
    "Kostenplaats", "E-mail",
)  # fmt: skip

DEPARTMENTS = {
    "Verkoop": (31, 4), "Productie": (52, 5), "Inkoop": (14, 1), "Engineering": (28, 3),
    "Service": (24, 3), "Financiën": (9, 1), "HR": (6, 1), "ICT": (12, 1), "Juridisch": (3, 1),
}  # fmt: skip
"""People and teams of each department; the director comes on top."""

PEOPLE = 1 + sum(people for people, _ in DEPARTMENTS.values())
TEAMS = sum(teams for _, teams in DEPARTMENTS.values())

UNKNOWN = ("Naam", "Geboortedatum", "Vakgroep", "Functie", "Kostenplaats", "E-mail")
"""Headers no reader knows."""

GONE = "0999"
"""Number of a manager who left."""


def rows() -> list[list[str]]:
    """Return the rows of the list, header first."""
    people = [_row(1001, "Directie", "", "", "1,0")]
    number = 1001
    for name, (size, teams) in DEPARTMENTS.items():
        head = number + 1
        for k in range(size):
            number += 1
            team = f"{name} {1 + k % teams}"
            boss = 1001 if k == 0 else head if k < 1 + teams or teams == 1 else head + 1 + k % teams
            spelling = name.upper() if k % 11 == 5 else name
            manager = GONE if k == size - 1 and name == "Productie" else f"{boss}"
            people.append(_row(number, spelling, team, manager, "0,8" if k % 3 else "1,0"))
    people.insert(40, people[12])
    people.insert(90, people[61])
    blank = [""] * len(HEADER)
    total = ["Totaal", "", "", "", "", "", "", "155,6", "", ""]
    return [[*HEADER], *people[:60], blank, *people[60:], blank, total]


def _row(number: int, department: str, team: str, manager: str, fte: str) -> list[str]:
    born = f"{1 + number % 28:02}-{1 + number % 12:02}-{1965 + number % 35}"
    return [
        f"{number}", f"Jansen-{number}, P.", born, department, team, manager, "medewerker binnendienst",
        fte, f"KP{number % 7}", f"p{number}@voorbeeld.nl",
    ]  # fmt: skip


def text() -> bytes:
    """Return the list as text: semicolons, Windows-1252, as a spreadsheet in Dutch saves it."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows(rows())
    return out.getvalue().encode("cp1252")


def workbook() -> bytes:
    """Return the list as a workbook, with numbers as numbers."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows():
        sheet.append([_cell(place, cell) for place, cell in enumerate(row)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(place: int, cell: str) -> object:
    if not cell:
        return None
    if HEADER[place] == "FTE" and cell != "FTE":
        return float(cell.replace(",", "."))
    return int(cell) if cell.isdigit() and not cell.startswith("0") else cell
