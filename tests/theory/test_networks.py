"""Networks of theory: clustering of rings and small worlds, and the friendship paradox."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from scipy.stats import poisson

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


def test_ones_friends_have_more_friends_than_oneself() -> None:
    random = graphs("random", 2000, 10.0, 20)
    degrees = [np.array(list(dict(one.degree).values())) for one in random]
    own = np.array([one.mean() for one in degrees])
    friends = np.array([(one**2).sum() / one.sum() for one in degrees])
    assert own.mean() == pytest.approx(10.0, abs=4 * own.std(ddof=1) / np.sqrt(20))
    assert friends.mean() == pytest.approx(11.0, abs=4 * friends.std(ddof=1) / np.sqrt(20))
    assert friends.mean() == pytest.approx(11.0, abs=0.1)


def test_degrees_in_a_random_network_are_poisson() -> None:
    random = graphs("random", 2000, 4.0, 20)
    degrees = np.concatenate([list(dict(one.degree).values()) for one in random])
    for ties in range(9):
        expected = float(poisson.pmf(ties, 4.0))
        error = np.sqrt(expected * (1 - expected) / degrees.size)
        assert abs((degrees == ties).mean() - expected) <= 4 * error
