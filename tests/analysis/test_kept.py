"""What a visitor changes is simulated, nothing else, and every number is that of starting anew."""

from __future__ import annotations

import gc
import shutil
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from analysis.app import session, setup, studies
from analysis.app.jobs import CancelledError
from analysis.results.answer import GROUPS, answer, with_troughs, with_vectors
from analysis.words.languages import language
from sim import kernel, world
from sim.scenario.folders import library, library_of
from sim.scenario.schema import Scenario
from sim.study.experiments import compare, runs_key
from sim.study.kept import Kept
from sim.study.results import Result

EN = language("en")
HANG = 600.0
"""Seconds after which a test that hangs ends; nothing takes that long."""
SMALL = {"organisation.employees": 20, "simulation.months": 6}
EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
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

START = ("baseline", "leadership", "adaptive")
OTHERS = ("champions", "turnover", "mistake-none")

Moved = Callable[[list[Scenario], int, int], list[Scenario]]
MOVES: dict[str, Moved] = {
    "change one": lambda all_, k, n: [*all_[:k], lever(all_[k], n / 7), *all_[k + 1 :]],
    "add one": lambda all_, k, n: [
        *all_,
        called(small(OTHERS[n % 3])[0], f"added {len(all_)} {n}"),
    ],
    "add one twice": lambda all_, k, n: [*all_, called(all_[k], f"again {len(all_)} {n}")],
    "remove one": lambda all_, k, n: all_[:k] + all_[k + 1 :] or all_,
    "rename one": lambda all_, k, n: [*all_[:k], called(all_[k], f"named {k} {n}"), *all_[k + 1 :]],
    "exchange names": lambda all_, k, n: [
        called(one, other.name) for one, other in zip(all_, all_[1:] + all_[:1], strict=True)
    ],
    "change the order": lambda all_, k, n: all_[k:] + all_[:k],
    "change what an hour costs": lambda all_, k, n: [
        one.changed({"organisation.hourly_cost": 40.0 + n}) for one in all_
    ],
    "change how people react": lambda all_, k, n: [
        one.changed({"parameters.hype": n / 10}) for one in all_
    ],
    "show smaller groups": lambda all_, k, n: [
        one.changed({"privacy.min_group": 2 + n}) for one in all_
    ],
    "change nothing": lambda all_, k, n: all_,
}


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(MOVES)), st.integers(0, 5), st.integers(0, 4),
            st.sampled_from([3, 7, 8]), st.sampled_from([1, 2]), st.sampled_from([(), GROUPS]),
        ),
        min_size=2, max_size=6,
    )
)  # fmt: skip
def test_after_any_moves_every_number_is_that_of_starting_anew(
    moves: list[tuple[str, int, int, int, int, tuple[str, ...]]],
) -> None:
    kept: Kept[Any] = Kept(ROOM)
    now = small(*START)
    for move, place, number, runs, seed, by in moves:
        now = list(setup._distinct(MOVES[move](now, place % len(now), number)[-4:]))
        found = compare(now, runs, seed, by=by, kept=kept)
        anew = compare(now, runs, seed, by=by)
        same(found, anew)
        against = now[-1].name
        assert repr(answer(found, against)) == repr(answer(anew, against))


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


def test_troughs_and_vectors_are_those_of_starting_anew_and_only_of_what_changed(
    simulated: list[int],
) -> None:
    kept: Kept[Any] = Kept(ROOM)
    now = small("baseline", "leadership", "champions")
    for changed in (None, 2, 0):
        if changed is not None:
            now[changed] = lever(now[changed], 0.2)
        one = answer(compare(now, 4))
        taken(simulated)
        tried = with_vectors(with_troughs(one, 3, kept=kept), 2, 3, kept=kept)
        each = (3 if changed is None else 1) * 3
        assert taken(simulated) == each * 30 + each * 2 * 2
        anew = with_vectors(with_troughs(one, 3), 2, 3)
        assert repr(tried) == repr(anew)
    with_vectors(with_troughs(one, 4, kept=kept), 1, 3, kept=kept)  # other numbers of the same
    assert sum(simulated) > 0


def test_on_the_page_a_picture_of_people_simulates_nothing_and_a_slider_one_strategy(
    simulated: list[int], monkeypatch: pytest.MonkeyPatch, ended: None
) -> None:
    monkeypatch.setattr(studies, "QUICK", 11)
    monkeypatch.setattr(studies, "FINE", 20)
    now = setup.new(EN).changed(SMALL)
    assert studies.fine(now).wait(HANG)
    before = taken(simulated)
    now = now.with_strategy(1, lever(now.scenarios[1], 0.3))
    for ask in (studies.quick, studies.fine):
        assert ask(now).wait(HANG)
    assert taken(simulated) == before / 3
    study = studies.drawn(now, now.scenarios[1])
    assert study.wait(HANG)
    assert study.value.runs == 20
    assert taken(simulated) == 0


@pytest.fixture
def ended() -> Iterator[None]:
    """Begin with nothing known, and end what was asked for."""
    session.desk.cache_clear()
    session._invented.cache_clear()
    yield
    session.desk().close()
    session.desk.cache_clear()
    session._invented.cache_clear()


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


def test_visitors_who_move_sliders_at_once_each_get_their_own_numbers() -> None:
    kept: Kept[Any] = Kept(ROOM)
    first, second, third = small("baseline", "leadership", "champions")
    asked = [
        ([first, one, other], runs)
        for runs in (4, 30, 9)
        for one, other in (
            (second, third),
            (lever(second, 0.5), third),
            (third, lever(second, 0.5)),
        )
    ]
    with ThreadPoolExecutor(len(asked)) as pool:
        found = list(pool.map(lambda one: compare(*one, by=GROUPS, kept=kept), asked))
    for one, (scenarios, runs) in zip(found, asked, strict=True):
        same(one, compare(scenarios, runs, by=GROUPS))


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


def of_people(folder: Path) -> setup.Setup:
    """Return a setup with real people, whose files were opened in a folder."""
    folder.mkdir()
    files = [(name, (EXAMPLES / name).read_bytes()) for name in ("people.csv", "ties.csv")]
    there = setup.new(EN).with_people(*setup.written(folder, files))
    return there.changed({"simulation.months": 3})


def test_real_people_of_one_visitor_serve_no_other_and_go_when_he_goes(
    tmp_path: Path, simulated: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = of_people(tmp_path / "one"), of_people(tmp_path / "other")
    assert one.first.fingerprint() == other.first.fingerprint()
    assert runs_key(one.first, 1) != runs_key(other.first, 1)
    kept: Kept[Any] = Kept(ROOM)
    for now in (one, other):
        found = compare(now.scenarios, 5, by=GROUPS, kept=kept)
        same(found, compare(now.scenarios, 5, by=GROUPS))
        assert taken(simulated) == 2 * 3 * 5
    files = session.Files()
    monkeypatch.setattr(session.st, "session_state", SimpleNamespace(files=files))
    assert session.kept(one) is files.kept
    assert session.kept(setup.new(EN)) is session._invented() is not files.kept
    gone = weakref.ref(files.kept)
    monkeypatch.undo()
    del files
    gc.collect()
    assert gone() is None


def test_another_library_is_another_key(tmp_path: Path) -> None:
    folder = shutil.copytree(library() / "library", tmp_path / "library")
    (one,) = small("leadership")
    before = runs_key(one, 1)
    with library_of(folder):
        assert runs_key(one, 1) == before
    measures = folder / "measures.yaml"
    text = measures.read_text("utf-8")
    assert "pushes: {launch: " in text
    other = shutil.copytree(folder, tmp_path / "other")
    (other / "measures.yaml").write_text(
        text.replace("pushes: {launch: ", "pushes: {consider: "), "utf-8"
    )
    with library_of(other):
        assert runs_key(one, 1) != before
