"""Anonymous answers to the ten statements: how often each archetype of resistance occurs."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from sim.errors import said
from sim.privacy import LEAST
from sim.scenario.imports.columns import ITEMS, PEOPLE
from sim.scenario.imports.fields import listed, title
from sim.scenario.imports.numbers import Numbers
from sim.scenario.imports.questionnaire import archetypes_of, threats_of
from sim.scenario.imports.table import Table, meanings_of, read_sheet, refused
from sim.scenario.library import read_archetypes
from sim.state import NOBODY

FEW: Final = 20
"""Answers below which shares say little: one person more or less is more than 5 %."""

HEADS: Final = {"en": ("question", ","), "nl": ("vraag", ";")}
"""What stands before the number of a statement in an empty sheet, and what separates its cells."""


class Answers(NamedTuple):
    """What anonymous answers say of an organisation as a whole.

    Attributes
    ----------
    shares
        Share of each archetype among those of whom it is known [0 to 1]; they add up to 1.
    number
        People of whom it is known, at least as many as may be told of.
    open
        Rows with answers that leave a threat unknown.
    aside
        Columns that were not looked at.
    """

    shares: dict[str, float]
    number: int
    open: int
    aside: int

    @property
    def few(self) -> bool:
        """Whether there are so few that the shares say little."""
        return self.number < FEW


def read_answers(path: Path, least: int = LEAST) -> Answers:
    """Read anonymous answers: a row per person, columns ``q1`` to ``q10`` or ``vraag 1`` to ``vraag 10``.

    Nothing else in the file is looked at, so that nobody can be found in it. The strongest of the four
    threats decides on the archetype, as in a file of people
    (:mod:`sim.scenario.imports.questionnaire`).

    Parameters
    ----------
    path
        Text (CSV) or a workbook (.xlsx).
    least
        People there are at least, ``privacy.min_group``; never fewer than five.

    Raises
    ------
    ScenarioError
        With every statement that has no column, every answer that is no whole number from 1 to 5, and
        if too few people answered.
    """
    sheet = read_sheet(path)
    words = {name: PEOPLE[name] for name in ITEMS}
    meanings = meanings_of(sheet.header, words)
    heads = {name: sheet.header[meanings.index(name)] for name in ITEMS if name in meanings}
    places = {name: meanings.index(name) for name in heads}
    columns = {name: sheet.columns[place] for name, place in places.items()}
    table = Table(
        sheet.file, sheet.separator, columns, places, sheet.lines, list(sheet.notes), heads
    )
    for name, place in ((name, place) for place, name in enumerate(meanings) if name):
        if place != places[name]:
            table.twice(name, sheet.header[place])
    lacking = [name for name in ITEMS if name not in places]
    if lacking:
        message = said(
            "there are no columns for {lacking}: expected the ten statements as q1 to q10, or vraag 1 "
            "to vraag 10",
            lacking=listed(map(title, lacking)),
        )
        table.problems.add(message)
    table.problems.raise_if_any()
    numbers = Numbers(table)
    answers = {name: numbers.column(name) for name in ITEMS}
    table.problems.raise_if_any()
    kinds = archetypes_of(threats_of(answers))
    there = ~np.isnan(np.array([*answers.values()])).all(axis=0)
    number = int(np.count_nonzero(kinds != NOBODY))
    if number < max(least, LEAST):
        message = said(
            "{number} people answered enough statements, expected at least {least}, so that nobody can "
            "be told apart",
            number=number,
            least=max(least, LEAST),
        )
        raise refused(sheet.file, message)
    counts = np.bincount(kinds[kinds != NOBODY], minlength=len(read_archetypes()))
    shares = {
        name: round(float(count) / number, 6)
        for name, count in zip(read_archetypes(), counts.tolist(), strict=True)
    }
    return Answers(
        shares,
        number,
        int(np.count_nonzero(there & (kinds == NOBODY))),
        len(sheet.header) - len(heads),
    )


def empty_sheet(lang: str) -> str:
    """Return an empty sheet for anonymous answers: a column for each statement, nothing else.

    Parameters
    ----------
    lang
        ``en`` or ``nl``.
    """
    word, separator = HEADS[lang]
    return separator.join(f"{word} {number}" for number in range(1, len(ITEMS) + 1)) + "\r\n"
