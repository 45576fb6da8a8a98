"""A list of people that somebody brings: what was understood of it, before it is taken over."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

import numpy as np

from analysis.app import setup
from analysis.words.languages import Language
from sim.errors import AdoptionError, Said, ScenarioError, said
from sim.scenario.imports import Header, Imported, headers_of, read_organisation
from sim.scenario.imports.columns import PEOPLE
from sim.scenario.imports.table import NOT_KEPT

TIES: Final = re.compile(r"(?<![a-z])(ties|relaties|banden)(?![a-z])")
"""How a file of ties is known by its name."""

ASKED: Final = (
    "id", "department", "team", "manager", "role", "hours", "fte", "hours_month", "hours_year",
    "hourly_cost", "uses", "skill", "archetype",
)  # fmt: skip
"""What a column can be assigned to by hand, the most usual first."""

TOLD: Final = ("columns read: {columns}",)
"""Notes of the reading that the page tells otherwise."""

Given = TypeVar("Given")


class ReadBack(NamedTuple):
    """What was understood of files.

    Attributes
    ----------
    key
        What tells these files, with these columns, from others.
    headers
        The columns of the list of people.
    staff
        Who works there; None if the list cannot be used as it is.
    error
        What is wrong with it; None if nothing is.
    """

    key: str
    headers: list[Header]
    staff: Imported | None
    error: AdoptionError | None


def parts_of(files: Sequence[tuple[str, bytes]]) -> tuple[int, int | None]:
    """Return which of some files is the list of people, and which the ties, if any.

    Raises
    ------
    AdoptionError
        If there is not one list of people, or more than one file of ties.
    """
    ties = [k for k, (name, _) in enumerate(files) if TIES.search(name.lower())]
    staff = [k for k in range(len(files)) if k not in ties]
    if len(staff) != 1 or len(ties) > 1:
        raise AdoptionError(
            said(
                "expected one file of people, and perhaps one of ties, called ties.csv; found {files}",
                files=", ".join(name for name, _ in files),
            )
        )
    return staff[0], ties[0] if ties else None


def key_of(files: Sequence[tuple[str, bytes]], columns: Mapping[str, str]) -> str:
    """Return what tells files, with their columns assigned, from others."""
    content = hashlib.sha256(repr(sorted(columns.items())).encode())
    for name, data in files:
        content.update(name.encode())
        content.update(hashlib.sha256(data).digest())
    return content.hexdigest()


def read_back(files: Sequence[tuple[str, bytes]], columns: Mapping[str, str]) -> ReadBack:
    """Return what is understood of files; they are on disk no longer than that takes.

    Parameters
    ----------
    files
        Names and contents: a list of people, and perhaps ties.
    columns
        What a column is by hand, by its header.
    """
    key = key_of(files, columns)
    headers: list[Header] = []
    try:
        staff, ties = parts_of(files)
        with tempfile.TemporaryDirectory(prefix="adopt-") as folder:
            places = setup.written(Path(folder), files)
            headers = nowhere(lambda: headers_of(places[staff], columns))
            pairs = None if ties is None else places[ties]
            given = nowhere(
                lambda: read_organisation(places[staff], pairs, SALT, columns=columns or None)
            )
    except AdoptionError as error:
        return ReadBack(key, headers, None, error)
    return ReadBack(key, headers, given, None)


SALT: Final = b"for a look only"
"""Salt of pseudonyms that nobody keeps."""


def nowhere(work: Callable[[], Given]) -> Given:
    """Return what some work gives; what is wrong with a file is told without where it lies."""
    try:
        return work()
    except ScenarioError as error:
        raise ScenarioError(
            [
                replace(problem, file=re.split(r"[/\\]", str(problem.file))[-1])
                for problem in error.problems
            ]
        ) from None


def unsure(headers: Sequence[Header], columns: Mapping[str, str]) -> list[Header]:
    """Return the columns to ask about: unknown, assigned by hand, or two that mean the same."""
    means = [header.means for header in headers if header.means is not None]
    return [
        header
        for header in headers
        if header.name
        and (header.means is None or header.name in columns or means.count(header.means) > 1)
    ]


def titles(words: Language) -> dict[str, str]:
    """Return what a column can be, by name, and what that is called."""
    return {
        NOT_KEPT: words._("not kept"),
        "id": words._("staff number"),
        "department": words._("department"),
        "team": words._("team"),
        "manager": words._("manager (staff number)"),
        "role": words._("level (employee, team lead, manager, executive), or job title"),
        "hours": words._("hours a week"),
        "fte": words._("FTE: share of a full week"),
        "hours_month": words._("hours a month"),
        "hours_year": words._("hours a year"),
        "hourly_cost": words._("cost of an hour"),
        "uses": words._("uses AI already: yes or no"),
        "skill": words._("skill with AI, 0 to 1"),
        "archetype": words._("what the person fears"),
    }


def size(staff: Imported, words: Language) -> str:
    """Return how many people, departments and teams there are, in a sentence."""
    departments = len(staff.departments) - 1
    parts = [
        words.plural("{number} person", "{number} people", len(staff.people)),
        words.plural("{number} department", "{number} departments", departments),
    ]
    teams = len(set(staff.team[(staff.team >= 0) & (staff.department > 0)].tolist()))
    if teams:
        parts.append(words.plural("{number} team", "{number} teams", teams))
    return words.listed(parts)


def departments(staff: Imported) -> dict[str, int]:
    """Return how many people each department has, as it may be told."""
    kind = staff.groups.department
    return dict(zip(kind.names, np.bincount(kind.place).tolist(), strict=True))


def sentences(staff: Imported, words: Language) -> list[str]:
    """Return what was assumed, mended and left aside, a sentence each."""
    notes = [
        words.told(note)
        for note in staff.report
        if not (isinstance(note, Said) and note.template in TOLD)
    ]
    return [f"{note[:1].upper()}{note[1:]}." for note in notes]


def known(header: Header) -> bool:
    """Return whether a column is one that people are told of by its title."""
    return header.means in PEOPLE and header.means in ASKED
