"""The same people have the same luck in every scenario, batch, order and number of threads."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from parts import few

import sim
from sim import kernel, world
from sim.engine.kinds import Array
from sim.people import population
from sim.scenario import read_catalogue
from sim.scenario.schema import Scenario
from sim.state import PEOPLE
from sim.study import experiments

APPOINTED = ("champion", "coached", "committed")


@pytest.fixture(scope="module")
def leaders(small: Scenario) -> Scenario:
    """Return a small organisation whose leaders set an example."""
    return small.changed({"name": "leaders", "programme.leadership-example": {}})


@pytest.fixture(scope="module")
def champions(small: Scenario) -> Scenario:
    """Return a small organisation with champions."""
    return small.changed({"name": "champions", "programme.champions": {}})


def same(one: Array, other: Array) -> bool:
    """Return whether two tables have the same bits."""
    return one.shape == other.shape and one.tobytes() == other.tobytes()


def at_the_end(scenario: Scenario, seed: int = 1) -> Array:
    """Return the people of run 0 as they end."""
    worlds = world.draw_worlds(world.design(scenario), seed, np.array([0]))
    people = kernel.simulate(worlds, world.plan(scenario), seed, keep_people=True).people
    final: Array = people[0]
    return final


def reached(scenario: Scenario, deployment: str) -> Array:
    """Return whom a deployment reaches in run 0."""
    worlds = world.draw_worlds(world.design(scenario), 1, np.array([0]))
    masks = kernel.begun(worlds.people[0].copy(), worlds, world.plan(scenario), 1).reached_by
    bits: Array = (masks >> list(scenario.deployments).index(deployment)) & 1
    return bits.astype(np.bool_)


def differing(one: Array, other: Array) -> Array:
    """Return which people differ in at least one column of their state."""
    changed = np.zeros(one.size, np.bool_)
    for name in PEOPLE.names or ():
        changed |= one[name] != other[name]
    return changed


# --- How a study is cut up does not matter -------------------------------------------------


@pytest.mark.parametrize("threads", [1, 2, 3, 7])
def test_the_number_of_threads_does_not_change_a_bit(
    threads: int, small: Scenario, champions: Scenario
) -> None:
    alone = sim.compare([small, champions], runs=23, seed=3, threads=1)
    together = sim.compare([small, champions], runs=23, seed=3, threads=threads)
    for name in ("baseline", "champions"):
        assert same(alone.measured[name], together.measured[name])


@pytest.mark.parametrize("people_in_a_piece", [1, 60, 150, 10**6])
def test_the_size_of_a_piece_of_work_does_not_change_a_bit(
    people_in_a_piece: int, champions: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = sim.run(champions, runs=23, seed=3)
    monkeypatch.setattr(experiments, "CHUNK_PEOPLE", people_in_a_piece)
    assert same(
        sim.run(champions, runs=23, seed=3).measured["champions"], usual.measured["champions"]
    )


def test_the_order_of_scenarios_and_which_others_there_are_do_not_change_a_bit(
    small: Scenario, leaders: Scenario, champions: Scenario
) -> None:
    larger = small.changed({"name": "larger", "organisation.employees": 90})
    every = [small, leaders, champions, larger]
    together = sim.compare(every, runs=9, seed=5)
    backwards = sim.compare(every[::-1], runs=9, seed=5)
    for one in every:
        alone = sim.run(one, runs=9, seed=5)
        assert same(together.measured[one.name], alone.measured[one.name])
        assert same(together.measured[one.name], backwards.measured[one.name])
    assert list(backwards.scenarios) == ["larger", "champions", "leaders", "baseline"]


def test_run_k_of_a_small_study_is_run_k_of_a_larger_one(champions: Scenario) -> None:
    few, many = sim.run(champions, runs=5, seed=2), sim.run(champions, runs=40, seed=2)
    assert same(few.measured["champions"], many.measured["champions"][:5])


def test_a_shorter_simulation_is_the_beginning_of_a_longer_one(small: Scenario) -> None:
    short = sim.run(small.changed({"simulation.months": 5}), runs=4, seed=2)
    assert same(
        short.measured["baseline"], sim.run(small, runs=4, seed=2).measured["baseline"][:, :6]
    )


def test_runs_and_seeds_differ(small: Scenario) -> None:
    result = sim.run(small, runs=8, seed=1).measured["baseline"]
    assert len({one.tobytes() for one in result}) == 8
    assert not same(result, sim.run(small, runs=8, seed=2).measured["baseline"])


# --- What does not concern a person does not touch him or her ------------------------------


@pytest.mark.parametrize("measure", few(sorted(read_catalogue()), 6))
def test_a_dose_of_nothing_leaves_a_run_bit_identical(measure: str, small: Scenario) -> None:
    nothing = small.changed({f"programme.{measure}": {"dose": 0}})
    without = small.changed({f"programme.{measure}": None}) if measure in small.programme else small
    run_with, run_without = sim.run(nothing, runs=3, seed=1), sim.run(without, runs=3, seed=1)
    assert same(run_with.measured["baseline"], run_without.measured["baseline"])
    assert same(run_with.curves("baseline", "cost"), run_without.curves("baseline", "cost"))


def test_a_measure_for_one_department_does_not_touch_people_who_notice_nobody_in_it(
    small: Scenario,
) -> None:
    """Without ties only bosses and the top are noticed, and none of those work in sales."""
    apart = small.changed({"organisation.network.kind": "none"})
    course = apart.changed({"programme.training": {"audience": {"departments": ["sales"]}}})
    before, after = at_the_end(apart), at_the_end(course)
    sales = population.department_names(apart.organisation).index("sales")
    in_sales = before["department"] == sales
    changed = differing(before, after)
    assert changed[in_sales].all()
    assert not changed[~in_sales].any()


def test_people_left_out_by_chance_keep_their_luck(small: Scenario) -> None:
    numbers = {"parameters.leader_weight": 0, "parameters.consider_example": 0}
    apart = small.changed({"organisation.network.kind": "none", **numbers})
    half = apart.changed({"programme.training": {"audience": {"share": 0.5}}})
    one, other = at_the_end(apart), at_the_end(half)
    one["perceived_example"] = other["perceived_example"] = 0.0  # which nobody here follows
    changed = differing(one, other)
    assert np.array_equal(changed, reached(half, "training"))
    assert 0 < changed.sum() < changed.size


def test_who_is_reached_does_not_depend_on_the_other_deployments(small: Scenario) -> None:
    half = {"audience": {"share": 0.5}}
    first = small.changed({"programme": {"training": half}})
    later = small.changed({"programme": {"mandate": half, "co-creation": half, "training": half}})
    assert np.array_equal(reached(first, "training"), reached(later, "training"))
    assert not np.array_equal(reached(later, "training"), reached(later, "mandate"))


@pytest.mark.parametrize("selection", ["random", "volunteers", "most_connected"])
def test_champions_are_the_same_whichever_other_measures_there_are(
    selection: str, champions: Scenario
) -> None:
    chosen = champions.changed({"programme.champions.selection": selection})
    alone = at_the_end(chosen)
    others: dict[str, Any] = {
        f"programme.{name}": {}
        for name, measure in read_catalogue().items()
        if measure.appoints != "champions"
    }
    crowded = at_the_end(chosen.changed(others))
    for column in ("champion", "coached"):
        assert np.array_equal(alone[column], crowded[column])
    assert alone["champion"].sum() > 0


# --- Common luck ---------------------------------------------------------------------------


def test_scenarios_share_people_and_ties_whatever_their_programme(
    small: Scenario, champions: Scenario
) -> None:
    assert experiments.same_people(small, champions)
    assert not experiments.same_people(small, small.changed({"organisation.employees": 61}))


def test_two_continuations_share_people_and_ties_but_not_what_happens(champions: Scenario) -> None:
    worlds = world.draw_worlds(world.design(champions), 1, np.array([4, 4, 4]))
    assert same(worlds.people[0], worlds.people[1])
    ties = [worlds.other[start[0] : start[-1]] for start in worlds.start]
    assert same(ties[0], ties[1])
    plan = world.plan(champions)
    rows, people, *_ = kernel.simulate(worlds, plan, 1, np.array([0, 1, 4]), keep_people=True)
    for column in (*APPOINTED, "disposition", "threshold", "match"):
        assert np.array_equal(people[0][column], people[1][column])
    assert np.array_equal(rows[0, 0], rows[1, 0], equal_nan=True)
    assert not np.array_equal(rows[0, -1], rows[1, -1], equal_nan=True)
    usual = sim.run(champions, runs=5, seed=1).measured["champions"][4]
    assert np.array_equal(rows[2], usual, equal_nan=True)
