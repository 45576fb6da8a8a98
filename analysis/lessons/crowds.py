"""Crowds that only follow: thresholds in a square, and waves along a circle of neighbours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

import sim
from analysis.figures import theme
from analysis.figures.area import Key
from analysis.figures.frame import Picture
from analysis.lessons.figures import GUESS, PALE, named, panels
from analysis.lessons.guesses import Guess, Lesson
from analysis.results.colours import PALETTE, REFERENCE
from sim import theory
from sim.engine.kinds import Array
from sim.errors import AdoptionError, said

PEOPLE: Final = 60
"""People in the circle: few enough to see each."""

NEIGHBOURS: Final = (1, 2)
"""How far away those stand whom somebody notices, on either side."""

FIRST: Final = 4
"""People next to each other who begin."""

MOST_MOVED: Final = 6
"""Ties that may be moved."""


def crowd(thresholds: Sequence[int]) -> Array:
    """Return how many have joined, month by month, where each joins once enough others have.

    Parameters
    ----------
    thresholds
        How many others must have joined, for each person; who needs nobody begins.

    Returns
    -------
    numpy.ndarray
        People who joined, by month from 0, until nobody else can.

    Examples
    --------
    >>> from analysis.lessons.crowds import crowd
    >>> int(crowd([0, 1, 2, 3])[-1]), int(crowd([0, 2, 2, 3])[-1])
    (4, 1)
    """
    needs = np.asarray(thresholds, float)
    months = needs.size + 1
    scenario = theory.followers().changed(
        {"organisation.employees": needs.size, "simulation.months": months}
    )
    share = theory.spread(scenario, uses=needs <= 0, threshold=needs)[0]
    joined: Array = np.round(needs.size * share)
    return joined


class Circle(NamedTuple):
    """What became of a wave along a circle.

    Attributes
    ----------
    needed
        Using neighbours it takes.
    month
        Month in which each person began, infinite for never.
    moved
        Ties that were moved: person, neighbour let go, and whom the tie goes to now.
    pairs
        All ties.
    """

    needed: int
    month: Array
    moved: tuple[tuple[int, int, int], ...]
    pairs: tuple[tuple[int, int], ...]

    @property
    def reached(self) -> int:
        """How many people use it in the end [people]."""
        return int(np.isfinite(self.month).sum())

    @classmethod
    def wave(cls, needed: int, moved: Sequence[tuple[int, int, int]] = ()) -> Circle:
        """Let four people next to each other begin, and see how far it goes.

        Parameters
        ----------
        needed
            Using neighbours it takes, from 1.
        moved
            Ties to move: ``(12, 13, 40)`` lets the tie of 12 to 13 go and ties 12 to 40.

        Raises
        ------
        AdoptionError
            If such a tie cannot be moved.

        Examples
        --------
        >>> from analysis.lessons.crowds import Circle
        >>> Circle.wave(needed=2).reached
        60
        """
        pairs = _moved(moved)
        months = PEOPLE
        scenario = theory.followers().changed(
            {
                "organisation.employees": PEOPLE,
                "organisation.network.kind": "ring",
                "organisation.network.degree": 2 * len(NEIGHBOURS),
                "simulation.months": months,
            }
        )
        circle = sim.AdoptionModel(scenario)
        for person in circle.staff:
            person.colleagues[:], person.ties[:] = [], []
            person.threshold = needed
            person.uses = int(person.row < FIRST)
        for one, other in pairs:
            for me, them in ((one, other), (other, one)):
                circle.staff[me].colleagues.append(circle.staff[them])
                circle.staff[me].ties.append(1.0)
        began = np.full(PEOPLE, np.inf)
        for month in range(months + 1):
            users = np.array([bool(person.uses) for person in circle.staff])
            began[users & np.isinf(began)] = month
            if month < months:
                circle.step()
        return cls(needed, began, tuple(tuple(one) for one in moved), tuple(pairs))  # type: ignore[misc]


def _moved(moved: Sequence[tuple[int, int, int]]) -> list[tuple[int, int]]:
    """Return the ties of the circle after some were moved."""
    pairs = {
        (min(k, j), max(k, j))
        for k in range(PEOPLE)
        for j in ((k + far) % PEOPLE for far in NEIGHBOURS)
    }
    if len(moved) > MOST_MOVED:
        raise AdoptionError(
            said(
                "ties: found {number} to move, expected at most {most}",
                number=len(moved),
                most=MOST_MOVED,
            )
        )
    for me, neighbour, other in moved:
        old, new = (min(me, neighbour), max(me, neighbour)), (min(me, other), max(me, other))
        if old not in pairs:
            raise AdoptionError(
                said("ties: there is none between {one} and {other}", one=me, other=neighbour)
            )
        if new in pairs or me == other or not 0 <= other < PEOPLE:
            raise AdoptionError(
                said(
                    "ties: {one} cannot get one to {other}; expected somebody else from 0 to {last}",
                    one=me,
                    other=other,
                    last=PEOPLE - 1,
                )
            )
        pairs.remove(old)
        pairs.add(new)
    return sorted(pairs)


def crowd_figure(
    lesson: Lesson, crowds: Mapping[str, Array], guess: Guess | None = None
) -> Picture:
    """Draw how many people have joined, a line per crowd."""
    words = lesson.words
    ends = words.listed([f"{name} {words.number(line[-1])}" for name, line in crowds.items()])
    picture, (ax,) = panels(
        words._("People who join in the end: {ends}", ends=ends),
        words._("people who joined"),
        words._("A month is a step: everybody looks, then everybody decides."),
    )
    for k, (name, line) in enumerate(crowds.items()):
        ax.plot(line, color=PALETTE[(0, 2, 3)[k % 3]])
        place = (0.6 * line.size, line[int(0.6 * line.size)] + (6 if k else -6))
        theme_note(ax, name, place, PALETTE[(0, 2, 3)[k % 3]])
    if guess is not None:
        ax.axhline(float(guess), color=GUESS, linestyle=(0, (4, 2)))
        theme_note(ax, words._("your guess"), (1, float(guess) + 4), GUESS)
    ax.set_ylim(0, 108)
    ax.set_xlim(0, None)
    named(ax, words._("month"))
    return picture


def theme_note(ax: Axes, text: str, place: tuple[float, float], colour: str) -> None:
    """Write a short text at a place of the axes."""
    ax.text(*place, text, color=theme.readable(colour), fontproperties=theme.letters(9))


def circle_figure(lesson: Lesson, *circles: Circle) -> Picture:
    """Draw circles of people, coloured by the month that brought them in, with the moved ties."""
    words = lesson.words
    reached = words.listed(
        [
            words._("{needed} needed: {number}", needed=one.needed, number=one.reached)
            for one in circles
        ]
    )
    picture, axes = panels(
        words._("Reached, of {people} people: {reached}", people=PEOPLE, reached=reached),
        words._("each dot is a person; black ones begin; lines across are moved ties"),
        words._("The number beside a dot is the person, counted clockwise from the top."),
        high=3.9 if len(circles) > 1 else 4.6,
        wide=(1.0,) * len(circles),
        left=0.05,
        head=0.3,
        keys=[
            Key(words._("early"), PALETTE[0]),
            Key(words._("late"), "#9ecae1"),
            Key(words._("never"), PALE),
            Key(words._("moved tie"), GUESS),
        ],
    )
    for ax, circle in zip(axes, circles, strict=True):
        _circle(ax, circle)
        title = words.plural(
            "{number} using neighbour needed",
            "{number} using neighbours needed",
            float(circle.needed),
        )
        ax.set_title(title, fontproperties=theme.letters(10, True))
    return picture


def _circle(ax: Axes, circle: Circle) -> None:
    angle = np.pi / 2 - 2 * np.pi * np.arange(PEOPLE) / PEOPLE
    x, y = np.cos(angle), np.sin(angle)
    places = np.column_stack([x, y])
    new = {(min(me, other), max(me, other)) for me, _, other in circle.moved}
    for chosen, colour, width in ((False, "#bdbdbd", 0.8), (True, GUESS, 1.8)):
        lines = [places[[a, b]] for a, b in circle.pairs if ((a, b) in new) == chosen]
        ax.add_collection(LineCollection(lines, colors=colour, linewidths=width, zorder=1))
    last = max(1.0, float(circle.month[np.isfinite(circle.month)].max()))
    from matplotlib import colormaps

    blues = colormaps["Blues"]
    colours = [
        theme.INK
        if k < FIRST
        else blues(0.95 - 0.6 * float(month) / last)
        if np.isfinite(month)
        else PALE
        for k, month in enumerate(circle.month)
    ]
    edges = [REFERENCE if np.isfinite(month) else "#9a9a9a" for month in circle.month]
    ax.scatter(x, y, s=62, c=colours, edgecolors=edges, linewidths=0.6, zorder=2)
    for k in range(0, PEOPLE, 5):
        ax.text(
            1.13 * x[k],
            1.13 * y[k],
            str(k),
            ha="center",
            va="center",
            color=theme.QUIET,
            fontproperties=theme.letters(8),
        )
    ax.set_aspect("equal")
    ax.set_xlim(-1.25, 1.25)
    ax.set_ylim(-1.25, 1.25)
    ax.axis("off")
