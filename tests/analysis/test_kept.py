"""What a visitor changes is simulated, nothing else, and every number is that of starting anew."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import sim
from analysis.app import setup, studies
from analysis.app.jobs import CancelledError
from analysis.results.answer import GROUPS, answer, with_troughs, with_vectors
from analysis.words.languages import language
from sim import kernel, world
from sim.scenario.schema import Scenario
from sim.study.experiments import compare
from sim.study.kept import Kept
from sim.study.results import Result

EN = language("en")
SMALL = {"organisation.employees": 20, "simulation.months": 6}
ROOM = 1 << 28


def nothing(done: int, total: int) -> None:
    """Take no notice of progress."""


def small(*names: str) -> list[Scenario]:
    return [sim.load(name).changed(SMALL) for name in names]


def lever(one: Scenario, dose: float) -> Scenario:
    return one.changed({"programme.launch.dose": dose})


def called(one: Scenario, name: str) -> Scenario:
    return one.model_copy(update={"name": name, "title": name.title()})


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return how many organisations the engine has simulated, call by call."""
    calls: list[int] = []
    simulate = kernel.simulate

    def counted(worlds: world.Worlds, *rest: Any, **more: Any) -> kernel.Simulated:
        calls.append(worlds.streams.size)
        return simulate(worlds, *rest, **more)

    monkeypatch.setattr(kernel, "simulate", counted)
    return calls


def taken(calls: list[int]) -> int:
    """Return how many organisations were simulated since this was asked last."""
    number = sum(calls)
    calls.clear()
    return number


def same(one: Result, other: Result) -> None:
    """Assert that two results are the same to the last bit, and told the same."""
    assert list(one.scenarios.items()) == list(other.scenarios.items())
    assert (one.seed, one.runs, one.asked) == (other.seed, other.runs, other.asked)
    assert one.provenance == other.provenance
    for name in other.scenarios:
        assert one.measured[name].shape == other.measured[name].shape
        assert one.measured[name].tobytes() == other.measured[name].tobytes()
        assert one.started[name].keys() == other.started[name].keys()
        for rule, months in other.started[name].items():
            np.testing.assert_array_equal(one.started[name][rule], months)
    assert one.groups.keys() == other.groups.keys()
    for name, groups in other.groups.items():
        assert one.groups[name].labels == groups.labels
        assert one.groups[name].values.tobytes() == groups.values.tobytes()
        assert one.groups[name].heads.tobytes() == groups.heads.tobytes()
    assert one.table().equals(other.table())


# --- Whatever is moved --------------------------------------------------------------------------


def test_a_result_can_be_written_into_and_nothing_kept_changes() -> None:
    kept: Kept[Any] = Kept(ROOM)
    one = compare(small("baseline"), 5, by=GROUPS, kept=kept)
    one.measured["baseline"][:] = -1.0
    one.groups["baseline"].values[:] = -1.0
    same(
        compare(small("baseline"), 5, by=GROUPS, kept=kept),
        compare(small("baseline"), 5, by=GROUPS),
    )


# --- What is simulated ---------------------------------------------------------------------------


def test_only_what_changed_is_simulated_and_more_organisations_go_on_from_fewer(
    simulated: list[int],
) -> None:
    kept: Kept[Any] = Kept(ROOM)
    now = setup.new(EN).changed(SMALL)
    studies._found(now, 10, kept, nothing)
    assert taken(simulated) == 3 * 10
    studies._found(now, 40, kept, nothing)
    assert taken(simulated) == 3 * 30
    now = now.with_strategy(1, lever(now.scenarios[1], 0.3))
    studies._found(now, 10, kept, nothing)
    studies._found(now, 40, kept, nothing)
    assert taken(simulated) == 40
    now = now.with_strategy(0, called(now.scenarios[0], "renamed")).without(2)
    studies._found(now, 40, kept, nothing)
    assert taken(simulated) == 0
    studies._found(now.added(sim.load("champions")), 40, kept, nothing)
    assert taken(simulated) == 0  # it was there before
    studies._found(now.changed({"simulation.seed": 5}), 10, kept, nothing)
    assert taken(simulated) == 2 * 10


# --- What ends before its end --------------------------------------------------------------------


def test_of_a_study_cancelled_halfway_the_finished_runs_are_kept_and_nothing_wrong(
    simulated: list[int],
) -> None:
    kept: Kept[Any] = Kept(ROOM)
    now = setup.new(EN).changed(SMALL)
    studies._found(now, 10, kept, nothing)
    taken(simulated)

    def stop(done: int, total: int) -> None:
        assert total == 90
        if done > 20:
            raise CancelledError

    with pytest.raises(CancelledError):
        studies._found(now, 100, kept, stop)
    taken(simulated)
    same(compare(now.scenarios, 100, by=GROUPS, kept=kept), compare(now.scenarios, 100, by=GROUPS))
    assert 3 * 100 <= taken(simulated) < 3 * 100 + 3 * 80


def test_of_troughs_and_vectors_cancelled_halfway_nothing_wrong_is_kept() -> None:
    kept: Kept[Any] = Kept(ROOM)
    one = answer(compare(small("baseline", "leadership"), 4))

    def stop(done: int, total: int) -> None:
        raise CancelledError

    for _ in range(2):
        with pytest.raises(CancelledError):
            with_troughs(one, 3, stop, kept)
        with pytest.raises(CancelledError):
            with_vectors(one, 2, 3, stop, kept)
    tried = with_vectors(with_troughs(one, 3, kept=kept), 2, 3, kept=kept)
    assert repr(tried) == repr(with_vectors(with_troughs(one, 3), 2, 3))


def test_vectors_that_were_interrupted_do_not_pass_for_all() -> None:
    kept: Kept[Any] = Kept(ROOM)
    one = answer(compare(small("baseline", "leadership"), 4))

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(sim.AdoptionError, match="interrupted"):
        with_vectors(one, 2, 3, stop, kept)
    assert kept.size == 0


def test_a_strategy_that_fails_leaves_nothing_wrong_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: Kept[Any] = Kept(ROOM)
    now = setup.new(EN).changed(SMALL)
    simulate, plans = kernel.simulate, list[Any]()
    plan = world.plan

    def planned(scenario: Scenario, *rest: Any) -> world.Plan:
        found = plan(scenario, *rest)
        if scenario.name == now.scenarios[1].name:
            plans.append(found)
        return found

    def failing(worlds: world.Worlds, found: world.Plan, *rest: Any, **more: Any) -> Any:
        if any(found is one for one in plans):
            raise ZeroDivisionError("of the engine")
        return simulate(worlds, found, *rest, **more)

    with monkeypatch.context() as patched:
        patched.setattr(world, "plan", planned)
        patched.setattr(kernel, "simulate", failing)
        found = studies._found(now, 12, kept, nothing)
        assert list(found.wrong) == [now.scenarios[1].name]
        assert found.answer is not None
    others = [now.scenarios[0], now.scenarios[2]]
    same(found.answer.result, compare(others, 12, by=GROUPS))
    same(compare(now.scenarios, 12, by=GROUPS, kept=kept), compare(now.scenarios, 12, by=GROUPS))


# --- Many visitors -------------------------------------------------------------------------------


def test_memory_is_bounded_and_what_does_not_fit_is_simulated_again(simulated: list[int]) -> None:
    alone: Kept[Any] = Kept(ROOM)
    compare(small("baseline"), 8, kept=alone)
    kept: Kept[Any] = Kept(alone.size + 1)
    taken(simulated)
    for name in ("baseline", "leadership", "baseline"):
        same(compare(small(name), 8, kept=kept), compare(small(name), 8))
        assert kept.size == alone.size
    assert taken(simulated) == 2 * 3 * 8
    none: Kept[Any] = Kept(0)
    same(compare(small("baseline"), 8, kept=none), compare(small("baseline"), 8))
    assert none.size == 0
