"""Licences among what more money buys, and several parameter vectors."""

# ruff: noqa: F401, F811

from __future__ import annotations

import numpy as np
import pytest
from test_next_euro import TERMS, WITHOUT, small

from analysis.decisions.bench import Terms
from analysis.decisions.goal import Goal
from analysis.decisions.next_euro import next_euro
from sim.scenario import read_scenario
from sim.scenario.schema import Scenario


def test_licences_are_among_it_where_people_lack_access() -> None:
    scenario = read_scenario(
        "baseline",
        [
            "organisation.employees=20",
            "simulation.months=6",
            "tool.go_live=6",
            "tool.phases=[{month: 1, share: 0.5}]",
        ],
    )
    terms = Terms(Goal("adoption", 3), without=WITHOUT)
    result = next_euro(scenario, 2_000, terms, runs=20)
    licences = next(row for row in result.rows if row.name == "licences")
    assert licences.points > 0.0
    assert 0.0 < licences.spent <= 2_000.01
    assert licences.level == pytest.approx(0.5)
    assert licences.title() == "More licences"


def test_several_vectors_give_intervals_of_parameters(small: Scenario) -> None:
    vectors = {"vendor": [{}, {"base_desire": -2.0}]}
    result = next_euro(small, 3_000, TERMS, evidence=vectors, runs=8)
    assert result.runs == 8
    assert all(np.isfinite([row.low, row.high]).all() for row in result.rows)
