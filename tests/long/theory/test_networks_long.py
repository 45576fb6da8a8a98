"""What takes long of ``theory/test_networks.py``."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import poisson
from theory.test_networks import graphs


def test_the_hubs_of_grown_networks_get_larger_with_the_root_of_size() -> None:
    def hub(people: int) -> float:
        found = graphs("scale_free", people, 6.0, 12)
        return float(np.mean([max(dict(one.degree).values()) for one in found]))

    assert hub(3600) / hub(400) == pytest.approx(3.0, rel=0.35)


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


def survival(degree: np.ndarray[Any, Any], ties: int) -> float:
    """Return the share of people with at least so many ties."""
    return float((degree >= ties).mean())


def test_degrees_in_a_grown_network_fall_with_the_square_as_barabasi_and_albert_say() -> None:
    """The share with k ties or more is m (m + 1) / (k (k + 1)), if m each are made on arrival."""
    grown = graphs("scale_free", 4000, 6.0, 8)
    degree = np.concatenate([list(dict(one.degree).values()) for one in grown])
    assert degree.mean() == pytest.approx(6.0, rel=0.01)
    for ties in (4, 6, 10, 20, 40, 80):
        expected = 3 * 4 / (ties * (ties + 1))
        error = np.sqrt(expected * (1 - expected) / degree.size)
        # The few who came first have more than the limit of large networks says.
        assert survival(degree, ties) == pytest.approx(expected, abs=4 * error + 0.03 * expected)


def test_a_grown_network_has_hubs_that_chance_alone_never_makes() -> None:
    grown, random = graphs("scale_free", 2000, 10.0, 5), graphs("random", 2000, 10.0, 5)
    for one, other in zip(grown, random, strict=True):
        largest = max(dict(one.degree).values())
        assert largest > 4 * max(dict(other.degree).values())
        assert poisson.sf(largest, 10.0) < 1e-12
