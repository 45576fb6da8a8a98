"""What takes long of ``contract/test_luck.py``."""

from __future__ import annotations

import numpy as np
import pytest
import test_luck as quick
from parts import others

import sim
from sim.scenario import read_catalogue
from sim.scenario.schema import Scenario

champions = quick.champions


def test_comparing_on_the_same_luck_is_much_sharper_than_on_different_luck(
    baseline: Scenario,
) -> None:
    with_champions = baseline.changed({"name": "champions", "programme.champions": {}})
    both = sim.compare([baseline, with_champions], runs=300, seed=1)
    without, with_them = (
        both.curves(name, "adoption")[:, -1] for name in ("baseline", "champions")
    )
    paired = np.var(with_them - without)
    apart = np.var(with_them - np.roll(without, 1))  # run k against the organisation of run k - 1
    assert paired < 0.5 * apart


@pytest.mark.parametrize("measure", others(sorted(read_catalogue()), 6))
def test_a_dose_of_nothing_leaves_a_run_bit_identical(measure: str, small: Scenario) -> None:
    quick.test_a_dose_of_nothing_leaves_a_run_bit_identical(measure, small)
