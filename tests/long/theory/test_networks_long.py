"""What takes long of ``theory/test_networks.py``."""

from __future__ import annotations

import numpy as np
import pytest
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
