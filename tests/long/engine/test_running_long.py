"""What takes long of ``engine/test_running.py``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import test_running as quick
from parts import others
from test_running import CHANGES, HOSTS, THREADED, WAYS

from sim.engine import module, running

_as_before = quick._as_before


def test_a_child_of_a_process_with_threads_at_work_runs_it_too() -> None:
    code = """
import os, threading, time
import numpy as np
from sim import selection
keys = np.arange(200_000, dtype=np.uint32)
stop = threading.Event()
def work():
    while not stop.is_set():
        selection.lots(keys, 0, 1, 0)
thread = threading.Thread(target=work)
thread.start()
time.sleep(0.3)
child = os.fork()
if child == 0:
    os._exit(0 if selection.lots(keys[:9], 0, 1, 0)[0] == selection.lots(keys[:9], 0, 1, 0)[0] else 1)
print(os.waitpid(child, 0)[1])
stop.set()
thread.join()
"""
    if not hasattr(os, "fork"):
        pytest.skip("no fork on this machine")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.stdout.strip() == "0", done.stderr


def test_much_work_builds_native_code_first_where_nothing_else_is_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(running.VARIABLE, raising=False)
    monkeypatch.setattr(module, "cache_folder", lambda: tmp_path)
    assert running.host().name == "wasm"
    running.expect(running.LARGE - 1)
    assert running.host().name == "wasm"
    monkeypatch.setattr(module, "c_compiler", lambda: None)
    running.expect(running.LARGE)
    assert running.host().name == "wasm"
    monkeypatch.undo()
    if module.c_compiler() is None:
        pytest.skip("no C compiler here")
    monkeypatch.delenv(running.VARIABLE, raising=False)
    monkeypatch.setattr(module, "cache_folder", lambda: tmp_path)
    running.forget()
    running.expect(running.LARGE)
    assert running.host().name == "native"
    assert running.described() == f"native {running.current_engine().code}"


@pytest.mark.parametrize("name", HOSTS[2:])
@pytest.mark.parametrize("changes", CHANGES, ids=lambda one: "-".join(map(str, one.values())))
def test_hosts_give_the_same_bits(
    name: str, changes: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    quick.test_hosts_give_the_same_bits(name, changes, monkeypatch)


@pytest.mark.parametrize("name", HOSTS[2:])
def test_people_that_are_spent_live_the_same_lives(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick.test_people_that_are_spent_live_the_same_lives(name, monkeypatch)


@pytest.mark.parametrize("name", THREADED[1:])
def test_many_threads_at_once_give_the_same_bits(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick.test_many_threads_at_once_give_the_same_bits(name, monkeypatch)


@pytest.mark.parametrize("way", others(WAYS, 1))
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_children_of_a_process_that_ran_it_run_it_too(way: str) -> None:
    quick.test_children_of_a_process_that_ran_it_run_it_too(way)


@pytest.mark.parametrize("name", HOSTS[2:])
def test_a_host_can_be_had_by_its_name_and_nothing_is_kept_or_changed(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    quick.test_a_host_can_be_had_by_its_name_and_nothing_is_kept_or_changed(
        name, monkeypatch, tmp_path
    )


def test_native_code_without_a_compiler_says_how_to_get_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(module, "cache_folder", lambda: tmp_path)
    monkeypatch.setattr(module, "c_compiler", lambda: None)
    with pytest.raises(module.BuildError, match="apt install build-essential"):
        running.by("native")
