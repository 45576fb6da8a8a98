"""What takes long of ``unit/test_simulator.py``."""

from __future__ import annotations

import pytest
import test_simulator as quick
from parts import others
from test_simulator import COMPARED

from sim.study.results import Result

compared = quick.compared


@pytest.mark.parametrize("name", others(COMPARED, 1))
def test_it_gives_the_numbers_of_compare_to_the_last_bit(name: str, compared: Result) -> None:
    quick.test_it_gives_the_numbers_of_compare_to_the_last_bit(name, compared)
