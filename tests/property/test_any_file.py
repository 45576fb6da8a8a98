"""Every file runs with all its figures in bounds, or says what is wrong with it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_by_chance import (
    SHIPPED,
    allowed_change,
    damaged,
    read_or_explained,
    run_or_explained,
)

import sim
from sim.scenario import read_scenario
from sim.scenario.overview import read_off

EACH = 100
"""Ways in which every shipped file is damaged."""


@pytest.mark.parametrize("origin", SHIPPED, ids=lambda one: one.stem)
def test_a_damaged_file_is_read_or_says_what_is_wrong(origin: Path, tmp_path: Path) -> None:
    text = origin.read_text("utf-8")
    path = tmp_path / origin.name
    for seed in range(EACH):
        path.write_bytes(damaged(text, random.Random(f"{origin.stem} {seed}")))
        one = read_or_explained(path)
        if one is not None:
            assert list_tells(path) in ((one.organisation.employees, one.question), None)


def list_tells(path: Path) -> tuple[int, str] | None:
    """Return what is read off the lines of a file, None where that takes a full reading."""
    try:
        return read_off(path)
    except ValueError:
        return None


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
