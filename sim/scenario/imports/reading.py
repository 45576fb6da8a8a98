"""How files become an organisation, whichever system they come from."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from sim.errors import Problem, ScenarioError, said
from sim.scenario.folders import shown
from sim.scenario.imports.columns import PEOPLE
from sim.scenario.imports.ids import Known, identity
from sim.scenario.imports.organisation import Imported, assembled
from sim.scenario.imports.people import REAL, REQUIRED
from sim.scenario.imports.privacy import pseudonyms, salt_beside
from sim.scenario.imports.table import cleaned, meanings_of, read_sheet, table_of
from sim.scenario.imports.viva import COLUMNS, is_person_query, viva_of


class Header(NamedTuple):
    """A column of a file of people: what it is called, and what it is understood as.

    Attributes
    ----------
    name
        As it stands in the file.
    means
        Name in :data:`sim.scenario.imports.columns.PEOPLE`; None for one that is not kept.
    """

    name: str
    means: str | None


def headers_of(people: Path, columns: Mapping[str, str] | None = None) -> list[Header]:
    """Return the columns of a file of people, in their order; none of a person query.

    Parameters
    ----------
    people
        The file.
    columns
        What a column is by hand; see :func:`read_organisation`.

    Raises
    ------
    ScenarioError
        If the file has no rows of cells.
    """
    sheet = read_sheet(people)
    if is_person_query(sheet):
        return []
    return list(map(Header, sheet.header, meanings_of(sheet.header, PEOPLE, columns)))


def pared(people: Path, columns: Mapping[str, str] | None = None) -> bytes | None:
    """Return a file of people without what is not read: names, dates of birth, empty rows.

    The headers stay, so that whatever is said of them still holds. It is a text (CSV), in UTF-8; None
    for a person query, of which all is read.

    Parameters
    ----------
    people
        The file.
    columns
        What a column is by hand; see :func:`read_organisation`.
    """
    sheet = read_sheet(people)
    if is_person_query(sheet):
        return None
    meanings = meanings_of(sheet.header, PEOPLE, columns)
    empty = [""] * len(sheet.lines)
    cells = [
        empty if name is None else column.cells
        for name, column in zip(meanings, sheet.columns, strict=True)
    ]
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=sheet.separator or ";")
    writer.writerow(sheet.header)
    writer.writerows(zip(*cells, strict=True))
    return text.getvalue().encode("utf-8-sig")


def read_organisation(
    people: Path,
    ties: Path | None,
    salt: bytes | None = None,
    *,
    columns: Mapping[str, str] | None = None,
) -> Imported:
    """Read who works in an organisation, and who works with whom.

    Parameters
    ----------
    people
        A row per person: id, department, manager or role; or a person query of Viva Insights.
    ties
        A row per tie: source and target, perhaps weight and layer; or a person-to-person query.
    salt
        Salt of the pseudonyms; by default the file ``.adopt-salt`` beside the people.
    columns
        What a column is by hand, by its header, where the header is not one that is known: ``id``,
        ``department`` or another name of :data:`sim.scenario.imports.columns.PEOPLE`; ``none`` for
        one that is to be left aside. A person query has none.

    Raises
    ------
    ScenarioError
        With every problem found in a file, each with its line and column.
    """
    sheet = read_sheet(people)
    if is_person_query(sheet):
        return viva_of(sheet, people, ties, salt).organisation
    return assembled(table_of(sheet, PEOPLE, REQUIRED, REAL, columns), people, ties, salt)


def pseudonyms_of(
    path: Path, ids: Sequence[str], columns: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """Return the pseudonyms of a list of people, by their ids in a people file.

    A pseudonym of that file stands for itself, so that a list can be shared without any id.

    Raises
    ------
    ScenarioError
        If an entry of the list is nobody's id; its place is said, the entry is not.
    """
    sheet = read_sheet(path)
    query = is_person_query(sheet)
    table = (
        table_of(sheet, COLUMNS, ("id",))
        if query
        else table_of(sheet, PEOPLE, ("id",), assigned=columns)
    )
    salt, _ = salt_beside(path)
    names = pseudonyms(salt, table.columns["id"].changed(identity).texts)
    names.pop("", None)
    people, given = Known(names), set(names.values())
    listed = list(names.values())
    resolved: list[str] = []
    unknown: list[int] = []
    for entry, id_ in enumerate(ids, start=1):
        text = cleaned(id_)
        place = people.place(identity(text))
        if text not in given and place is None:
            unknown.append(entry)
        else:
            resolved.append(text if place is None else listed[place])
    if unknown:
        lines = ", ".join(map(str, unknown[:6]))
        more = said(" and {number:,} more", number=len(unknown) - 6) if len(unknown) > 6 else ""
        if len(unknown) == 1:
            message = said(
                "entry {told} of the list is nobody's id or pseudonym in this file: correct it (with "
                "leading zeros), or leave it out",
                told=lines,
            )
        else:
            message = said(
                "entries {told}{more} of the list are nobody's id or pseudonym in this file: correct "
                "what is wrong (with leading zeros), or leave it out",
                told=lines,
                more=more,
            )
        raise ScenarioError([Problem(message, file=shown(path))])
    return tuple(resolved)
