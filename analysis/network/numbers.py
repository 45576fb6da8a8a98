"""Whether a network looks like that of a real firm: a handful of numbers, and the bands seen there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from analysis.results.summary import band
from sim import world
from sim.engine.kinds import Array
from sim.people.population import family
from sim.world import Worlds

if TYPE_CHECKING:
    import pandas as pd
    from scipy.sparse import csr_array

    from sim.scenario.schema import Scenario


SAMPLE: Final = 2000
"""People from whom clustering is measured, and as long as it is all of them, paths too."""

SOURCES: Final = 200
"""People from whom paths are measured where there are more than that."""


class Figures(NamedTuple):
    """Numbers of the ties of one organisation.

    Attributes
    ----------
    people, ties
        How many there are; a tie is mutual and counts once.
    degree
        Mean number of ties per person.
    clustering
        Mean share of a person's colleagues who notice each other, 0 for who has fewer than two.
    path
        Mean number of ties from one person to another by the shortest way.
    longest
        Number of ties on the longest of these ways.
    inside
        Share of the ties that stay inside a department.
    giant
        Share of the people who are in the largest group whose members all can reach each other;
        paths are measured inside it.
    """

    people: float
    ties: float
    degree: float
    clustering: float
    path: float
    longest: float
    inside: float
    giant: float


class Line(NamedTuple):
    """How a number is called, and between which values it lies in real firms."""

    label: str
    low: float = float("nan")
    high: float = float("nan")


LINES: Final = {
    "people": Line("people"),
    "ties": Line("ties"),
    "degree": Line("ties per person", 7.0, 20.0),
    "clustering": Line("clustering", 0.4, 0.6),
    "path": Line("mean path", 1.3, 3.2),
    "longest": Line("longest path"),
    "inside": Line("share inside the department", 0.34, 0.85),
    "giant": Line("share in the largest component"),
}
"""What friendship and advice ties in real firms look like, taken as mutual."""


def ties_of(worlds: Worlds, run: int = 0) -> csr_array:
    """Return who notices whom in one organisation as a sparse matrix of ones."""
    from scipy.sparse import csr_array

    start = worlds.start[run] - worlds.start[run, 0]
    other = worlds.other[worlds.start[run, 0] : worlds.start[run, -1]].astype(np.int32)
    size = start.size - 1
    return csr_array((np.ones(other.size, np.float32), other, start), shape=(size, size))


def figures(worlds: Worlds, departments: Array | None = None) -> Figures:
    """Return the numbers of the first of some organisations.

    Of more than ``SAMPLE`` people, clustering is the mean over so many drawn by chance, and paths
    are those from ``SOURCES`` of them to everybody: the longest path is then one that was found.

    Parameters
    ----------
    worlds
        Organisations.
    departments
        Department of each person, if not the own: of real people as it may be told [people].

    Examples
    --------
    >>> import numpy as np, sim
    >>> from sim import world
    >>> ring = sim.load("baseline").changed({"organisation.network.kind": "ring"})
    >>> found = figures(world.draw_worlds(world.design(ring), 1, np.arange(1)))
    >>> found.degree, round(found.clustering, 3)
    (10.0, 0.667)
    """
    from scipy.sparse import csgraph

    department = worlds.people[0]["department"] if departments is None else departments
    people = department.size
    if worlds.complete:
        pairs = people * (people - 1) / 2.0
        members = np.bincount(department)
        within = float((members * (members - 1) / 2.0).sum() / pairs)
        clustered = float(people > 2)
        return Figures(people, pairs, people - 1.0, clustered, 1.0, 1.0, within, 1.0)
    ties = ties_of(worlds)
    degree = np.diff(ties.indptr)
    rows = np.repeat(np.arange(people), degree)
    _, component = csgraph.connected_components(ties, directed=False)
    sizes = np.bincount(component)
    giant = np.flatnonzero(component == sizes.argmax())
    path, longest = _paths(ties[giant][:, giant])
    return Figures(
        people=people,
        ties=ties.nnz / 2.0,
        degree=float(degree.mean()),
        clustering=_clustering(ties, degree),
        path=path,
        longest=longest,
        inside=float((department[rows] == department[ties.indices]).mean()) if ties.nnz else np.nan,
        giant=giant.size / people,
    )


def _sample(people: int, most: int, known: int) -> Array:
    """Return everybody if they are known well enough, else some rows drawn by chance."""
    if people <= most:
        return np.arange(people)
    return np.sort(np.random.default_rng(1).choice(people, known, replace=False))


def _clustering(ties: csr_array, degree: Array) -> float:
    """Return the mean share of a person's colleagues who notice each other."""
    asked = _sample(ties.shape[0], SAMPLE, SAMPLE)
    closed = (ties[asked] @ ties).multiply(ties[asked]).sum(axis=1)
    possible = degree[asked] * (degree[asked] - 1.0)
    return float(np.where(possible > 0, closed / np.maximum(possible, 1.0), 0.0).mean())


def _paths(ties: csr_array) -> tuple[float, float]:
    """Return the mean and the longest shortest path between people who can all reach each other."""
    people = ties.shape[0]
    if people < 2:
        return np.nan, np.nan
    sources = _sample(people, SAMPLE, SOURCES)
    total = longest = 0.0
    for batch in np.array_split(sources, -(-sources.size // 100)):
        reached = np.zeros((people, batch.size), np.bool_)
        reached[batch, np.arange(batch.size)] = True
        newest, steps = reached.copy(), 0
        while newest.any():
            total += steps * float(np.count_nonzero(newest))
            longest = max(longest, float(steps))
            newest = (ties @ newest.astype(np.float32) > 0.0) & ~reached
            reached |= newest
            steps += 1
    return total / (sources.size * (people - 1.0)), longest


def table(
    scenario: Scenario,
    runs: int = 20,
    seed: int = 1,
    progress: Callable[[int], None] = lambda done: None,
) -> pd.DataFrame:
    """Return the numbers of a scenario's organisations beside those of real firms.

    Parameters
    ----------
    scenario
        Whose organisations.
    runs
        How many of them.
    seed
        Seed of the study.
    progress
        Called with the number of organisations that are done.

    Returns
    -------
    pandas.DataFrame
        One row per number: ``mean`` over the organisations, ``low`` and ``high`` between which
        80 % of them lie, ``firms_low`` and ``firms_high`` between which real firms lie, and
        ``verdict``, whether the mean is ``in`` that band, ``below`` or ``above`` it.
    """
    import pandas as pd

    design, groups = world.design(scenario), family(scenario)
    departments = None if groups is None else groups.department.place
    measured = []
    for run in range(runs):
        measured.append(figures(world.draw_worlds(design, seed, np.array([run])), departments))
        progress(run + 1)
    values = np.array(measured, float)
    rows = []
    lines = dict(LINES)
    if len(scenario.organisation.departments) == 1:
        lines["inside"] = Line(LINES["inside"].label)  # nowhere else to go
    for (name, line), column in zip(lines.items(), values.T, strict=True):
        low, high = band(column)
        rows.append(
            {
                "figure": name,
                "label": line.label,
                "mean": column.mean(),
                "low": low,
                "high": high,
                "firms_low": line.low,
                "firms_high": line.high,
                "verdict": _verdict(float(column.mean()), line),
            }
        )
    return pd.DataFrame(rows).set_index("figure")


def _verdict(mean: float, line: Line) -> str:
    if np.isnan(line.low) or np.isnan(mean):
        return ""
    return "below" if mean < line.low else "above" if mean > line.high else "in"
