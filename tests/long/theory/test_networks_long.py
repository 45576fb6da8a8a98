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
