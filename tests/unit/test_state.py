"""What describes an employee: the same columns for an agent, a row and a rule."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest

from sim import kernel, kpis, rules, state, world
from sim.mesa_model import AdoptionModel
from sim.scenario import read_scenario
from sim.scenario.schema import Scenario
from sim.state import PEOPLE, ROLES, THREATS, columns


def test_a_row_has_every_column_as_it_is_declared() -> None:
    assert sorted(PEOPLE.names or ()) == sorted(columns())
    assert PEOPLE.isalignedstruct
    assert PEOPLE.itemsize - sum(PEOPLE[name].itemsize for name in columns()) < 8  # no gaps
    for name, column in columns().items():
        assert PEOPLE[name] == np.dtype(column.kind)
        assert len(column.meaning) > 3


def test_an_agent_has_every_column_and_starts_as_its_row(small: Scenario) -> None:
    model = AdoptionModel(small, rng=1)
    for name in columns():
        assert all(hasattr(me, name) for me in model.staff), name


def test_lists_have_one_entry_per_number() -> None:
    for names in (THREATS, ROLES):
        assert [getattr(state, name.upper()) for name in names] == list(range(len(names)))
    assert state.NOBODY not in range(len(ROLES))


@pytest.mark.parametrize("page", [rules, kpis], ids=["rules", "kpis"])
def test_rules_read_and_write_declared_columns_only(page: object) -> None:
    tree = ast.parse(Path(str(getattr(page, "__file__", ""))).read_text("utf-8"))
    touched = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "me"
    }
    assert touched
    assert touched <= set(columns())


def test_everything_stays_between_the_values_that_are_declared() -> None:
    """Mandate and monitoring frighten, newcomers arrive, champions, buddies and messages act."""
    lively = {f"programme.{one}": {} for one in ("mandate", "use-monitoring", "buddies", "vision")}
    scenario = read_scenario("full-programme").changed(
        {**lively, "organisation.turnover": 0.3, "organisation.culture.transparency": 0.0}
    )
    worlds = world.draw_worlds(world.design(scenario), 1, np.arange(4))
    people = kernel.simulate(worlds, world.plan(scenario), 1, keep_people=True).people
    for name, column in columns().items():
        assert column.low < column.high
        # What newcomers missed is subtracted from what the others got: that rounds.
        assert (people[name] >= column.low - 1e-12).all(), name
        assert (people[name] <= column.high + 1e-12).all(), name


def test_every_column_has_a_use() -> None:
    pages = [page.read_text("utf-8") for page in Path(state.__file__).parent.rglob("*.py")]
    for name in columns():
        assert sum(f".{name}" in page or f'"{name}"' in page for page in pages) >= 1, name
