"""A control at the same level ends where it is to end, whatever rule was switched off."""

from __future__ import annotations

import pytest

import analysis
import sim
from sim.errors import AdoptionError
from sim.scenario.schema import Scenario

RUNS = 20


def level(scenario: Scenario) -> float:
    return float(sim.run(scenario, runs=RUNS).curves(scenario.name, "adoption")[:, -1].mean())


@pytest.fixture(scope="module")
def few() -> Scenario:
    return sim.load("baseline").changed({"organisation.employees": 40})


@pytest.mark.parametrize("off", ["peer_weight", "leader_weight", "fear_weight"])
def test_it_ends_at_the_level_and_differs_in_one_number(few: Scenario, off: str) -> None:
    without = few.changed({f"parameters.{off}": 0.0})
    control = analysis.at_level_of(without, few, runs=RUNS)
    wanted = level(few)
    assert abs(level(without) - wanted) > 0.05
    assert level(control) == pytest.approx(wanted, abs=0.03)
    changed = {
        name
        for name, value in control.numbers._asdict().items()
        if value != getattr(without.numbers, name)
    }
    assert changed == {"base_desire"}
    assert control.name == without.name


def test_a_level_that_cannot_be_reached_is_said(few: Scenario) -> None:
    never = few.changed({"name": "never", "parameters.start_rate": 0.0})
    with pytest.raises(
        AdoptionError, match=r"'never' does not come to \d+ % weekly users, as 'baseline' does"
    ):
        analysis.at_level_of(never, few, runs=RUNS)


@pytest.mark.parametrize("runs", [0, 1.5])
def test_runs_are_a_whole_number(few: Scenario, runs: float) -> None:
    with pytest.raises(AdoptionError, match="runs"):
        analysis.at_level_of(few, few, runs=runs)  # type: ignore[arg-type]
