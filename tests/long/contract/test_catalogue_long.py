"""What takes long of ``contract/test_catalogue.py``."""

from __future__ import annotations

import pytest
import test_catalogue as quick
from parts import others
from test_catalogue import NAMES

from sim.scenario.measure import Measure
from sim.scenario.schema import Scenario

measure = quick.measure
name = quick.name


@pytest.mark.parametrize("name", others(NAMES, 6))
def test_a_larger_dose_relieves_more(name: str, measure: Measure, baseline: Scenario) -> None:
    quick.test_a_larger_dose_relieves_more(name, measure, baseline)


@pytest.mark.parametrize("name", others(NAMES, 6))
def test_a_measure_changes_what_it_acts_on(name: str, measure: Measure, baseline: Scenario) -> None:
    quick.test_a_measure_changes_what_it_acts_on(name, measure, baseline)
