"""Networks of theory: clustering of rings and small worlds, and the friendship paradox."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from . import reference
from .limits import circles, neutral, worlds_of


def graphs(
    kind: str, people: int, degree: float, number: int, rewiring: float = 0.0
) -> list[nx.Graph]:
    """Return some networks as another library sees them."""
    scenario = neutral(
        {
            "organisation.employees": people,
            "organisation.network.kind": kind,
            "organisation.network.degree": degree,
            "organisation.network.rewiring": rewiring,
        }
    )
    worlds = worlds_of(scenario, number)
    return [nx.Graph(dict(enumerate(circles(worlds, run)))) for run in range(number)]


@pytest.mark.parametrize(("degree", "known"), [(4, 0.5), (6, 0.6), (8, 0.642857), (10, 0.666667)])
@pytest.mark.parametrize("kind", ["ring", "small_world"])
def test_a_ring_is_clustered_as_watts_and_strogatz_say(
    kind: str, degree: int, known: float
) -> None:
    assert reference.ring_clustering(degree) == pytest.approx(known, abs=1e-6)
    (ring,) = graphs(kind, 120, degree, 1)
    assert set(dict(ring.degree).values()) == {degree}
    assert nx.average_clustering(ring) == pytest.approx(
        reference.ring_clustering(degree), abs=1e-12
    )


def test_moving_a_tenth_of_the_ties_leaves_most_of_the_clustering() -> None:
    worlds = graphs("small_world", 1000, 10.0, 8, rewiring=0.1)
    clustering = [nx.average_clustering(one) for one in worlds]
    assert np.mean(clustering) == pytest.approx(0.487, abs=0.01)
    assert all(one.number_of_edges() == 5000 for one in worlds)
    moved = [
        sum(min((a - b) % 1000, (b - a) % 1000) > 5 for a, b in one.edges) / 5000 for one in worlds
    ]
    # A tenth is moved; one in a hundred of those lands next door again.
    assert np.mean(moved) == pytest.approx(0.1, abs=4 * np.sqrt(0.09 / 5000 / len(worlds)))


def test_blocks_have_the_ties_their_two_chances_say() -> None:
    """Inside a department and across, the number of ties is binomial."""
    scenario = neutral(
        {
            "organisation.employees": 900,
            "organisation.executives": 0,
            "organisation.departments": {"one": {"share": 2 / 3}, "two": {"share": 1 / 3}},
            "organisation.network.kind": "block",
            "organisation.network.degree": 12.0,
            "organisation.network.inside_department": 0.75,
        }
    )
    worlds = worlds_of(scenario, 10)
    department = worlds.people[0]["department"]
    inside, across, within = [], [], {1: 0, 2: 0}
    for run in range(10):
        for i, row in enumerate(circles(worlds, run)):
            same = int((department[row] == department[i]).sum())
            inside.append(same)
            across.append(len(row) - same)
            within[int(department[i])] += same
    runs = 10 * 900
    assert np.mean(inside) == pytest.approx(9.0, abs=4 * np.sqrt(2 * 9.0 / runs))
    assert np.mean(across) == pytest.approx(3.0, abs=4 * np.sqrt(2 * 3.0 / runs))
    assert within[1] / within[2] == pytest.approx(2.0, rel=0.03)
    assert np.var(inside) == pytest.approx(9.0, rel=0.06)
