"""What a later month brings moves nothing before it: every measure and every event, begun and ended."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim import kpis
from sim.engine.kinds import Array
from sim.scenario import read_catalogue
from sim.scenario.catalogue import read_events
from sim.scenario.schema import Scenario

MONTHS = (2, 7, 13)

AHEAD = ("appointed", "adoption_unappointed")
"""Columns that count those who will be appointed from the first month on."""

STRUCTURAL = [name for name, measure in read_catalogue().items() if measure.lasting == "structural"]

BEHAVIOUR = [kpi.name not in AHEAD for kpi in kpis.MEASURED]


def firm(**changes: object) -> Scenario:
    start = sim.load("baseline").changed(
        {"organisation.employees": 60, "organisation.turnover": 0.2, "programme.open": {"measure": "two-sided-communication"}}
    )  # fmt: skip
    return start.changed({path.replace("__", "."): value for path, value in changes.items()})


@pytest.fixture(scope="module")
def simulator() -> sim.Simulator:
    return sim.Simulator(firm(), runs=3, seed=1)


def same_before(first: Array, other: Array, month: int) -> bool:
    before = first[:, :month, BEHAVIOUR], other[:, :month, BEHAVIOUR]
    return np.array_equal(*before, equal_nan=True)


@pytest.mark.parametrize("month", MONTHS)
@pytest.mark.parametrize("name", list(read_catalogue()))
def test_a_measure_moves_nothing_before_it_begins(
    name: str, month: int, simulator: sim.Simulator
) -> None:
    usual = simulator.rows()
    changed = simulator.rows({"programme.later": {"measure": name, "start": month}})
    assert same_before(usual, changed, month)


@pytest.mark.parametrize("month", MONTHS)
@pytest.mark.parametrize("name", STRUCTURAL)
def test_the_end_of_a_measure_moves_nothing_before_it(
    name: str, month: int, simulator: sim.Simulator
) -> None:
    goes_on = simulator.rows({"programme.early": {"measure": name}})
    ends = simulator.rows({"programme.early": {"measure": name, "months": month - 1}})
    assert same_before(goes_on, ends, month)


@pytest.mark.parametrize("month", MONTHS)
@pytest.mark.parametrize("name", list(read_events()))
def test_an_event_moves_nothing_before_it_happens(
    name: str, month: int, simulator: sim.Simulator
) -> None:
    changed = simulator.rows({f"events.{name}": {"month": month}})
    usual = simulator.rows()
    assert np.array_equal(usual[:, :month], changed[:, :month], equal_nan=True)
    assert not np.array_equal(usual, changed, equal_nan=True)
