"""Every host gives the same bits, in threads and in children of every kind, and fails in words."""

from __future__ import annotations

import hashlib
import multiprocessing
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from making import same
from parts import few

from sim import draws, kernel, kpis, world
from sim.engine import module, running
from sim.errors import AdoptionError
from sim.people import selection
from sim.scenario import read_scenario

HOSTS = [
    "wasm",
    "python",
    pytest.param(
        "native",
        marks=pytest.mark.skipif(module.c_compiler() is None, reason="no C compiler here"),
    ),
]

CHANGES: tuple[dict[str, Any], ...] = (
    {},
    {"rules.schedule": "random_sequential", "organisation.network.kind": "complete"},
    {"organisation.network.kind": "small_world", "simulation.substeps": 3},
    {"organisation.network.kind": "scale_free", "simulation.substeps": 1},
    {"organisation.network.kind": "block", "rules.threat": "scalar"},
)


@pytest.fixture(autouse=True)
def _as_before(own_cache: None) -> Iterator[None]:
    """Look anew which host runs the engine, before and after."""
    running.forget()
    yield
    running.forget()


def everything(changes: dict[str, Any]) -> tuple[Any, ...]:
    """Return all that a small study gives."""
    scenario = read_scenario("full-programme").changed(
        {
            "organisation.employees": 24, "simulation.months": 5, "organisation.turnover": 0.4,
            "programme.buddies": {}, "programme.onboarding": {}, **changes,
        }
    )  # fmt: skip
    worlds = world.draw_worlds(world.design(scenario), 3, np.arange(2))
    done = kernel.simulate(
        worlds, world.plan(scenario), 3, keep_people=True, by=kernel.GROUPS, keep_events=True
    )
    assert 0.0 < done.rows[0, -1, kpis.COLUMN["adoption"]] <= 1.0
    return (*done, *worlds[:-1])


def digest(_: int = 0) -> str:
    """Return a hash of all that a small study gives."""
    found = hashlib.sha256()
    for one in everything({}):
        parts = [one[name] for name in one.dtype.names] if one.dtype.names else [one]
        for part in parts:
            found.update(np.ascontiguousarray(part).tobytes())
    return found.hexdigest()


@pytest.mark.parametrize("name", HOSTS[1:2])
@pytest.mark.parametrize("changes", CHANGES, ids=lambda one: "-".join(map(str, one.values())))
def test_hosts_give_the_same_bits(
    name: str, changes: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(running.VARIABLE, "wasm")
    meant = everything(changes)
    monkeypatch.setenv(running.VARIABLE, name)
    running.forget()
    assert running.host().name == name
    found = everything(changes)
    assert len(meant) == len(found)
    assert all(map(same, meant, found))


def test_runs_in_pieces_are_the_same_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = everything({})
    monkeypatch.setattr(kernel, "AT_ONCE", 24)
    monkeypatch.setattr(world, "AT_ONCE", 24)
    assert all(map(same, whole, everything({})))


@pytest.mark.parametrize("name", HOSTS[:2])
def test_people_that_are_spent_live_the_same_lives(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(running.VARIABLE, name)
    scenario = read_scenario("champions").changed(
        {"organisation.employees": 24, "simulation.months": 5}
    )
    worlds = world.draw_worlds(world.design(scenario), 3, np.arange(2))
    plan, before = world.plan(scenario), worlds.people.tobytes()
    meant = kernel.simulate(worlds, plan, 3, keep_people=True)
    assert worlds.people.tobytes() == before, "people are lent, unless they are spent"
    found = kernel.simulate(worlds, plan, 3, keep_people=True, spend=True)
    assert all(map(same, meant, found))


THREADED = ["wasm", HOSTS[2]]


@pytest.mark.parametrize("name", THREADED[:1])
def test_many_threads_at_once_give_the_same_bits(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(running.VARIABLE, name)
    alone = digest()
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(digest, range(24))) == {alone}


WAYS = ["fork", "spawn", "forkserver"]


@pytest.mark.parametrize("way", few(WAYS, 1))
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_children_of_a_process_that_ran_it_run_it_too(way: str) -> None:
    if way not in multiprocessing.get_all_start_methods():
        pytest.skip(f"no {way} on this machine")
    here = digest()
    with ProcessPoolExecutor(2, multiprocessing.get_context(way)) as pool:
        assert set(pool.map(digest, range(4), timeout=300)) == {here}


def test_an_engine_nobody_knows_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(running.VARIABLE, "warp")
    with pytest.raises(
        AdoptionError, match="ADOPT_ENGINE: warp is no engine; there are wasm, native, python"
    ):
        running.host()


def test_wrong_arrays_are_refused_before_they_cross() -> None:
    with pytest.raises(TypeError, match="uint32 in 1 dimensions is needed, int64 in 1 was given"):
        selection.lots(np.arange(3), 0, 1, 0)
    with pytest.raises(TypeError, match="takes keys, index, seed, stream; 1 were given"):
        selection.lots(np.arange(3, dtype=np.uint32))  # type: ignore[call-arg]


def test_an_array_with_gaps_crosses_as_what_it_holds() -> None:
    keys = np.arange(20, dtype=np.uint32)
    meant = selection.lots(keys[::2].copy(), 0, 5, 1)
    assert np.array_equal(selection.lots(keys[::2], 0, 5, 1), meant)
    assert meant[3] == draws.uniform(5, 1, draws.CHAMPION, 6, 0)


@pytest.mark.parametrize("name", HOSTS[:2])
def test_a_host_can_be_had_by_its_name_and_nothing_is_kept_or_changed(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(running.VARIABLE, raising=False)
    monkeypatch.setattr(module, "cache_folder", lambda: tmp_path)
    usual, meant = running.host().name, digest()
    running.use(running.by(name))
    try:
        assert running.host().name == name
        assert digest() == meant
    finally:
        running.use(None)
    assert running.host().name == usual
    assert not list(tmp_path.iterdir())


def test_the_lock_is_not_held_while_the_engine_runs() -> None:
    """Python goes on in another thread while a run is under way."""
    keys = np.arange(4_000_000, dtype=np.uint32)
    counted, stop = [0], threading.Event()

    def count() -> None:
        while not stop.is_set():
            counted[0] += 1

    selection.lots(keys[:10], 0, 1, 0)
    thread = threading.Thread(target=count)
    thread.start()
    before = counted[0]
    selection.lots(keys, 0, 1, 0)
    after = counted[0]
    stop.set()
    thread.join()
    assert after > before + 1000
