"""What takes long of ``analysis/test_kept.py``."""

from __future__ import annotations

import gc
import shutil
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import test_kept as quick
from hypothesis import given, settings
from hypothesis import strategies as st
from test_kept import EN, ROOM, SMALL, called, lever, same, small, taken

from analysis.app import session, setup, studies
from analysis.results.answer import GROUPS, answer, with_troughs, with_vectors
from sim.scenario.folders import library, library_of
from sim.scenario.schema import Scenario
from sim.study.experiments import compare, runs_key
from sim.study.kept import Kept

simulated = quick.simulated


HANG = 600.0
"""Seconds after which a test that hangs ends; nothing takes that long."""


EXAMPLES = library().parent / "docs" / "examples"


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
