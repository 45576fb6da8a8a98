"""A lever moved in the table of rounds is a lever moved in the file: what a page without Python does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from making import same
from parts import few

import sim
from sim.engine import module
from sim.errors import BudgetError
from sim.people.population import chart
from sim.programme import compiling, ledger
from sim.programme.compiling import Inputs, Planned, inputs, planned
from sim.programme.deployments import rounds
from sim.scenario import read_scenario
from sim.scenario.schema import Scenario

SHIPPED = [one.stem for one in sorted((module.PACKAGE.parent / "scenarios").glob("*.yaml"))]

BUDGETS: tuple[dict[str, Any], ...] = (
    {"budget.total": 300_000.0, "budget.when_over": "scale", "budget.keep": []},
    {"budget.total": 300_000.0, "budget.when_over": "priority", "budget.keep": []},
    {"budget.total": 320_000.0, "budget.when_over": "priority", "budget.reserve": 0.2},
    {"capacity.trainer_hours": 6.0},
    {"organisation.turnover": 0.3, "budget.total": 350_000.0, "budget.when_over": "scale"},
)


def done(asked: Inputs) -> Planned:
    """Return what comes of what is asked for."""
    return Planned(*planned(*asked))


def agrees(asked: Inputs, scenario: Scenario) -> None:
    """Check that a table comes to what a scenario's file comes to."""
    plan = chart(scenario)
    found = done(asked)
    assert found.fits
    assert same(tuple(found.programme), tuple(compiling.compile_programme(scenario, plan)))
    paid = ledger.affordable(scenario, plan)
    costs = ledger.accounts_of(paid, scenario, plan).costs[0]
    items = ledger.technology(scenario, plan).to_numpy().T
    assert same(np.asarray(found.technology), np.ascontiguousarray(items))
    cut = np.array(found.paid[0])
    assert same(np.asarray(found.costs)[~cut], costs)
    assert not np.asarray(found.costs)[cut].any()


@pytest.mark.parametrize("name", few(SHIPPED, 12))
def test_a_shipped_scenario_comes_to_the_same_by_numbers_alone(name: str) -> None:
    scenario = read_scenario(name)
    agrees(inputs(scenario), scenario)


@pytest.mark.parametrize("changes", BUDGETS, ids=lambda one: "-".join(map(str, one.values())))
@pytest.mark.parametrize("name", ["full-programme", "adaptive", "champions"])
def test_a_budget_is_spent_the_same_by_numbers_alone(name: str, changes: dict[str, Any]) -> None:
    scenario = read_scenario(name).changed(changes)
    try:
        compiling.compile_programme(scenario)
    except BudgetError:
        assert not done(inputs(scenario)).fits
        return
    agrees(inputs(scenario), scenario)


LEVERS: tuple[tuple[str, str, Any, Any], ...] = (
    ("training.dose", "dose", 0.4, 0.4),
    ("training.dose", "dose", 0.0, 0.0),
    ("training.start", "start", 5, 4),
    ("training.months", "length", 6, 6),
    ("champions.share", "share", 0.1, 0.1),
    ("leadership-example.share", "share", 0.25, 0.25),
    ("co-creation.start", "start", 9, 8),
)
"""A path in the file, a column of the table, and what stands in each."""


@pytest.mark.parametrize(("path", "column", "told", "number"), LEVERS)
def test_a_lever_moved_in_the_table_is_one_moved_in_the_file(
    path: str, column: str, told: Any, number: Any
) -> None:
    scenario = read_scenario("full-programme")
    name = path.split(".")[0]
    asked = inputs(scenario)
    (here,) = (d for d, one in enumerate(rounds(scenario)) if one.name == name)
    before = asked.asked.rounds[column][here]
    assert before != number
    asked.asked.rounds[column][here] = number
    moved = scenario.changed({f"programme.{path}": told})
    agrees(asked, moved)


def test_money_is_a_lever_too() -> None:
    scenario = read_scenario("full-programme").changed(
        {"budget.when_over": "scale", "budget.keep": [], "budget.total": 1e9}
    )
    asked = inputs(scenario)
    for total in (330_000.0, 280_000.0):
        poor = asked._replace(terms=asked.terms._replace(total=total, licence=20.0))
        agrees(poor, scenario.changed({"budget.total": total, "tool.licence_price": 20.0}))


def test_what_does_not_fit_says_so() -> None:
    scenario = read_scenario("full-programme").changed({"budget.total": 1e9})
    asked = inputs(scenario)
    assert not done(asked._replace(terms=asked.terms._replace(total=1000.0))).fits
    with pytest.raises(sim.AdoptionError):
        compiling.compile_programme(scenario.changed({"budget.total": 1000.0}))
