"""How a sweep is cut: cells of one point and one vector, and shards of about as many rows each."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from sim.scenario.schema import Scenario
from sim.study.sweeps.form import Precise

ROWS: Final = 10_000
"""Rows of a shard, about: a second or so of work, lost at most when a process is killed."""

PERSON_MONTHS: Final = 10_000_000
"""Person-months of a shard, at most about: large organisations have shards of fewer rows, so that
all workers have some."""


class Piece(NamedTuple):
    """Organisations of one cell that are simulated for one shard.

    Attributes
    ----------
    cell
        Number of point and vector together.
    point, vector
        Number of the point and of the vector; -1 for the shipped numbers.
    values
        What the point and the vector change, by dotted path.
    first, last
        Numbers of the organisations, ``last`` not included.
    """

    cell: int
    point: int
    vector: int
    values: Mapping[str, Any]
    first: int
    last: int


class Cut(NamedTuple):
    """All shards of a sweep, without listing them.

    Attributes
    ----------
    points, vectors
        What is changed at each point, and under each vector; one empty vector for the shipped
        numbers.
    organisations, replicates
        See :class:`sim.study.sweeps.form.Experiment`.
    months
        Rows of one run, over all scenarios.
    people
        Size of the largest organisation.
    whole
        Whether every cell is a shard of its own, as how many organisations it needs is seen there.
    """

    points: Sequence[Mapping[str, Any]]
    vectors: Sequence[Mapping[str, Any]]
    organisations: int
    replicates: int
    months: int
    people: int
    whole: bool = False

    @property
    def cells(self) -> int:
        """Number of points times vectors."""
        return len(self.points) * len(self.vectors)

    @property
    def room(self) -> int:
        """Organisations in one shard, of one cell or several."""
        rows = min(ROWS, PERSON_MONTHS // self.people)
        return max(1, rows // (self.replicates * self.months))

    @property
    def block(self) -> int:
        """Organisations of a cell in one shard."""
        return self.organisations if self.whole else min(self.organisations, self.room)

    @property
    def together(self) -> int:
        """Cells in one shard, where a whole one is small."""
        return 1 if self.whole else max(1, self.room // self.organisations)

    @property
    def blocks(self) -> int:
        """Shards of one cell, where it is large."""
        return -(-self.organisations // self.block)

    @property
    def shards(self) -> int:
        """Number of shards."""
        return -(-self.cells // self.together) * self.blocks

    @property
    def runs(self) -> int:
        """Runs of each scenario."""
        return self.cells * self.organisations * self.replicates

    def pieces(self, shard: int) -> list[Piece]:
        """Return what a shard holds, in the order of its rows."""
        group, block = divmod(shard, self.blocks)
        first = block * self.block
        last = min(first + self.block, self.organisations)
        listed = []
        for cell in range(group * self.together, min((group + 1) * self.together, self.cells)):
            point, vector = divmod(cell, len(self.vectors))
            values = {**self.vectors[vector], **self.points[point]}
            number = vector if self.vectors[vector] else -1
            listed.append(Piece(cell, point, number, values, first, last))
        return listed


def described(pieces: Sequence[Piece]) -> str:
    """Return what a shard holds as text, which its metadata carry."""
    return json.dumps(
        [[piece.point, piece.vector, piece.first, piece.last] for piece in pieces],
        separators=(",", ":"),
    )


class Job(NamedTuple):
    """One shard to simulate; everything in it can be sent to another machine.

    Attributes
    ----------
    number
        Number of the shard.
    scenarios
        Scenarios by name.
    pieces
        What the shard holds.
    organisations, replicates, seed, by
        See :class:`sim.study.sweeps.form.Experiment`.
    columns
        Paths that are varied, each a column, with its type in Arrow.
    origin
        What made it, in words, which its metadata carry.
    precision
        How precise each piece has to be; with none it has all its organisations.
    made_with
        Code and library it has to be simulated with; see :func:`sim.study.sweeps.work.made_with`. Any
        where it is empty.
    """

    number: int
    scenarios: Mapping[str, Scenario]
    pieces: Sequence[Piece]
    organisations: int
    replicates: int
    seed: int
    by: Sequence[str]
    columns: Mapping[str, str]
    origin: Mapping[str, str]
    made_with: str = ""
    precision: Precise | None = None
