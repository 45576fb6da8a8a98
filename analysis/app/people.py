"""One organisation as a picture: who notices whom, who is who, who uses AI in which month."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from analysis.network.champions import cast
from analysis.network.numbers import ties_of
from analysis.network.picture import ROUND, SIZES, departments, standing
from analysis.network.picture import shades as several
from analysis.results.colours import PALETTE, REFERENCE
from analysis.results.summary import group_name
from analysis.words.languages import Language
from sim.engine.kinds import Array
from sim.mesa_model import AdoptionModel
from sim.people.population import department_names, imported
from sim.scenario.library import read_archetypes
from sim.scenario.schema import Scenario
from sim.world import Worlds

MOST: Final = 400
"""People that can be told apart in a picture, and stepped through while somebody waits."""

STEPS: Final = 400 * 24 * 20
"""Parts of months of people that the readable engine steps through while somebody waits."""

SHADES: Final = ("#d9d9d9", "#b3a8c9", "#e0a52e", "#00794f")
"""Colours of how people use AI."""


class People(NamedTuple):
    """An organisation as it is drawn.

    Attributes
    ----------
    place, size
        Where everybody stands [people, 2], and how large.
    ties
        Rows of pairs who notice each other [ties, 2].
    department, archetype
        Number of each person's department and archetype.
    departments
        Their names.
    use
        How each person uses AI at the end of each month, as :func:`_used` numbers it [months + 1, people].
    """

    place: Array
    size: Array
    ties: Array
    department: Array
    archetype: Array
    departments: list[str]
    use: Array


class Typical(NamedTuple):
    """An organisation that is drawn because many are like it.

    Attributes
    ----------
    people
        The organisation.
    number, runs
        Which one it is of how many, from 1.
    mean
        Weekly users by month, mean of all of these [months + 1].
    median
        Weekly users at the end, median of all of these.
    """

    people: People
    number: int
    runs: int
    mean: Array
    median: float


def drawable(scenario: Scenario) -> bool:
    """Return whether people may be drawn one by one: invented ones, and not too many steps of them."""
    people, time = scenario.organisation.employees, scenario.simulation
    return (
        imported(scenario.organisation) is None
        and people <= MOST
        and people * time.months * time.substeps <= STEPS
    )


def people_of(
    scenario: Scenario, curves: Array, progress: Callable[[int, int], None] | None = None
) -> Typical:
    """Return the organisation of a study that is nearest its median, month by month.

    Which one is decided by the weekly users at the end; it is stepped through by the readable engine.

    Parameters
    ----------
    scenario
        Of at most ``MOST`` invented people.
    curves
        Weekly users in the organisations of the study, with the scenario's own seed [runs, months + 1].
    progress
        Called with the number of months done and the total.
    """
    seed, months = scenario.simulation.seed, scenario.simulation.months
    number = nearest_median(curves[:, -1])
    (worlds,) = cast(scenario, seed, [number])
    model = AdoptionModel(scenario, rng=seed, run=number, worlds=worlds)
    use = [_use(model, 0)]
    for month in range(1, months + 1):
        model.step()
        use.append(_use(model, month))
        if progress is not None:
            progress(month, months)
    drawn = before(scenario, worlds)._replace(use=np.array(use))
    return Typical(
        drawn, number + 1, len(curves), curves.mean(axis=0), float(np.median(curves[:, -1]))
    )


def nearest_median(values: Array) -> int:
    """Return the row of the value nearest the median; of several equally near ones the first.

    Examples
    --------
    >>> nearest_median(np.array([0.8, 0.1, 0.5, 0.4]))
    2
    """
    return int(np.argmin(np.abs(values - np.median(values)).round(12)))


def before(scenario: Scenario, worlds: Worlds) -> People:
    """Return the first of some organisations before anything happens: without use.

    Parameters
    ----------
    scenario
        Of at most ``MOST`` invented people.
    worlds
        Its people and ties.
    """
    people, ties = worlds.people[0], ties_of(worlds)
    names = department_names(scenario.organisation)
    size = np.array(SIZES)[people["role"]]
    kind = scenario.organisation.network.kind
    members = np.bincount(people["department"], minlength=len(names))
    room = 0.62 * size if kind in ROUND else size
    place = standing(kind, ties, people["department"], members, room, names=names)
    rows, columns = ties.nonzero()
    pairs = np.column_stack([rows, columns])[rows < columns]
    nobody = np.zeros((0, place.shape[0]), int)
    return People(place, size, pairs, people["department"], people["archetype"], names, nobody)


def _use(model: AdoptionModel, month: int) -> Array:
    """Return how everybody uses AI at the end of a month."""
    weekly = model.p.weekly_use
    return np.array(
        [
            0
            if month < me.access_month
            else 1
            if not me.uses
            else 3
            if me.intensity >= weekly
            else 2
            for me in model.staff
        ]
    )


def dots(
    staff: People, colour: str, month: int, words: Language, kinds: Sequence[str] = ()
) -> tuple[Any, Any, Any, Any]:
    """Return what :func:`analysis.app.charts.network` draws: dots, ties, colours and names.

    Parameters
    ----------
    staff
        The organisation.
    colour
        What colours stand for: ``use``, ``archetype`` or ``department``.
    month
        Month shown.
    kinds
        What the numbers of ``staff.use`` stand for, if not what :func:`_used` says.
    """
    uses = list(kinds) or [_used(steps, words) for steps in range(len(SHADES))]
    archetypes = [group_name("archetype", archetype, words) for archetype in read_archetypes()]
    if colour == "use":
        names, number = uses, staff.use[month]
        shades = dict(zip(names, SHADES, strict=True))
    elif colour == "archetype":
        names, number = archetypes, staff.archetype
        shades = dict(zip(names, several(len(names)), strict=True))
    else:
        names, number = staff.departments, staff.department
        colours = [REFERENCE, *PALETTE]
        shades = {name: colours[k % len(colours)] for k, name in enumerate(names)}
    there = {names[k] for k in np.unique(number)}
    shades = {name: shade for name, shade in shades.items() if name in there or colour == "use"}
    people = [
        {
            "x": float(x),
            "y": float(y),
            "size": 62.0 * float(size) ** 2,
            "kind": names[number[i]],
            "told": ", ".join(
                [
                    staff.departments[staff.department[i]],
                    archetypes[staff.archetype[i]],
                    uses[staff.use[month][i]],
                ]
            ),
        }
        for i, ((x, y), size) in enumerate(zip(staff.place, staff.size, strict=True))
    ]
    lines = [
        {
            "x": float(staff.place[i, 0]),
            "y": float(staff.place[i, 1]),
            "x2": float(staff.place[j, 0]),
            "y2": float(staff.place[j, 1]),
        }
        for i, j in staff.ties
    ]
    titles = []
    for k, name in enumerate(staff.departments):
        here = staff.place[staff.department == k]
        if len(here):
            titles.append(
                {"x": float(here[:, 0].mean()), "y": float(here[:, 1].max() + 1.6), "name": name}
            )
    return people, lines, shades, titles


def departments_of(scenario: Scenario, words: Language, seed: int = 1) -> tuple[Any, Any]:
    """Return departments and the ties between them, as :func:`analysis.app.charts.map_of` draws them.

    Of real people, departments too small to be shown stand with another, and ties are rounded.
    """
    (worlds,) = cast(scenario, seed, [0])
    drawn = departments(scenario, worlds, department_names(scenario.organisation))
    circles, lines = [], []
    for a, disc in enumerate(drawn.discs):
        x, y = (float(value) for value in drawn.centres[a])
        name = group_name("department", drawn.names[disc], words)
        people = words.number(int(drawn.members[disc]))
        circles.append(
            {
                "x": x,
                "y": y,
                "people": int(drawn.members[disc]),
                "name": name,
                "told": words._("{number} employees", number=people),
            }
        )
        for b in range(a):
            ties = float(drawn.between[disc, drawn.discs[b]])
            if ties:
                few = ties < drawn.least
                shown = f"<{drawn.least}" if few else words.number(ties)
                lines.append(
                    {
                        "x": x,
                        "y": y,
                        "x2": float(drawn.centres[b, 0]),
                        "y2": float(drawn.centres[b, 1]),
                        "ties": max(ties, float(drawn.least)),
                        "told": words._("{number} ties", number=shown),
                    }
                )
    return circles, lines


def _used(number: int, words: Language) -> str:
    return (
        words._("no access yet"),
        words._("does not use it"),
        words._("uses it now and then"),
        words._("uses it every week"),
    )[number]
