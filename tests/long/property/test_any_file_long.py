"""What takes long of ``property/test_any_file.py``."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import test_any_file as quick
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_by_chance import (
    SHIPPED,
    allowed_change,
    run_or_explained,
)
from parts import others

import sim
from sim.scenario import read_scenario


@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(luck=st.randoms(use_true_random=False), name=st.sampled_from([one.stem for one in SHIPPED]))
def test_whatever_a_form_allows_runs_within_bounds_or_is_explained(
    luck: random.Random, name: str
) -> None:
    scenario = read_scenario(name)
    for _ in range(luck.randint(1, 5)):
        try:
            scenario = scenario.changed(allowed_change(luck))
        except sim.AdoptionError as error:
            assert len(str(error)) > 10
    run_or_explained(scenario)


@pytest.mark.parametrize("origin", others(SHIPPED, 3), ids=lambda one: one.stem)
def test_a_damaged_file_is_read_or_says_what_is_wrong(origin: Path, tmp_path: Path) -> None:
    quick.test_a_damaged_file_is_read_or_says_what_is_wrong(origin, tmp_path)
