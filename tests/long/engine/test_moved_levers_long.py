"""What takes long of ``engine/test_moved_levers.py``."""

from __future__ import annotations

import pytest
import test_moved_levers as quick
from parts import others
from test_moved_levers import SHIPPED


@pytest.mark.parametrize("name", others(SHIPPED, 12))
def test_a_shipped_scenario_comes_to_the_same_by_numbers_alone(name: str) -> None:
    quick.test_a_shipped_scenario_comes_to_the_same_by_numbers_alone(name)
