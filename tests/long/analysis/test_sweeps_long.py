"""What takes long of ``analysis/test_sweeps.py``."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import test_sweeps as quick
from click.testing import CliRunner
from parts import others
from test_sweeps import LIBRARY, SMALL, change_library, damaged, edit, experiment, fingerprints

import sim
from analysis.cli import adopt
from sim.study.sweeps import Sweep, engines, store
from sim.study.sweeps import running as running_module
from sim.study.sweeps.preparing import prepare
from sim.study.sweeps.running import complete
from sim.study.sweeps.work import simulated

few_rows = quick.few_rows
own_library = quick.own_library
whole = quick.whole


@pytest.mark.parametrize("engine", ["threads", "processes", "dask"])
def test_every_engine_gives_the_same_bytes(whole: Path, tmp_path: Path, engine: str) -> None:
    complete(prepare(experiment()), tmp_path, engine, 2)
    assert fingerprints(tmp_path) == fingerprints(whole)


def test_a_dask_worker_that_is_killed_loses_nothing(whole: Path, tmp_path: Path) -> None:
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=":0", silence_logs=50
    ) as cluster:
        victim = next(iter(cluster.workers.values()))
        killed: list[int] = []

        def kill(done: int, total: int) -> None:
            if not killed and 0 < done < total:
                killed.append(victim.pid)
                os.kill(victim.pid, signal.SIGKILL)

        complete(prepare(experiment()), tmp_path, "dask", scheduler=cluster.scheduler_address,
                 progress=kill)  # fmt: skip
    assert killed
    assert fingerprints(tmp_path) == fingerprints(whole)


@pytest.fixture
def quick_to_give_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounds of waiting so short that a test ends."""
    monkeypatch.setattr(engines, "SOON", 0.2)
    monkeypatch.setattr(engines, "BOUND", 1.0)


def test_dask_without_workers_says_so_and_gives_up(tmp_path: Path, quick_to_give_up: None) -> None:
    from distributed import LocalCluster

    said: list[str] = []
    with (
        LocalCluster(n_workers=0, dashboard_address=":0", silence_logs=50) as cluster,
        pytest.raises(sim.AdoptionError, match="no worker for 1 seconds; 0 of 64 runs") as caught,
    ):
        complete(prepare(experiment()), tmp_path, "dask",
                 scheduler=cluster.scheduler_address, notice=said.append)  # fmt: skip
    assert len(said) == 1
    assert "no worker is there; waiting 1 seconds at most" in said[0]
    assert f"dask worker {cluster.scheduler_address}" in said[0]
    assert "the same command goes on" in str(caught.value)


KILLABLE = """
import os, sys
from pathlib import Path
import sim.study.sweeps.plan
sim.study.sweeps.plan.ROWS = 60
from sim.study.sweeps import Experiment
from sim.study.sweeps.preparing import prepare
from sim.study.sweeps.running import complete
from sim.study.sweeps.work import simulated

prepared = prepare(Experiment.model_validate_json(sys.argv[1]))
simulated(prepared.job(0))  # what is compiled is loaded, so that children simulate at once
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        complete(prepared, Path(line.strip()), workers=2)
        os._exit(0)
    print(child, flush=True)
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status), flush=True)
"""
"""A process that has everything loaded, and begins a sweep in a child of its own at each line."""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills children made by fork")
def test_killed_at_any_moment_it_goes_on_to_the_same_bytes(whole: Path, tmp_path: Path) -> None:
    luck, folder, everything = random.Random(1), tmp_path / "sweep", fingerprints(whole)
    killed = halfway = writing = 0
    with subprocess.Popen(
        [sys.executable, "-c", KILLABLE, experiment().model_dump_json()],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as parent:  # fmt: skip
        assert parent.stdin is not None and parent.stdout is not None
        for _ in range(400):
            parent.stdin.write(f"{folder}\n")
            parent.stdin.flush()
            child = int(parent.stdout.readline())
            time.sleep(luck.uniform(0.0, 0.4))  # it loads the engine, then works
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            code = int(parent.stdout.readline())
            there = fingerprints(folder)
            assert there.items() <= everything.items(), "a shard is whole or not there"
            if code == 0:
                assert there == everything
                shutil.rmtree(folder)
                continue
            assert code == -signal.SIGKILL
            killed += 1
            halfway += 0 < len(there) < len(everything)
            writing += any(folder.rglob("*.writing"))
            if killed >= 40 and halfway >= 10 and writing:
                break
        parent.stdin.close()
    assert killed >= 20 and halfway >= 10 and writing >= 1, (killed, halfway, writing)
    complete(prepare(experiment()), folder)
    assert fingerprints(folder) == everything
    assert not list(folder.rglob("*.writing"))


def test_words_of_the_library_may_change_while_a_sweep_goes_on(
    own_library: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "sweep"
    complete(prepare(experiment()), folder, share=(1, 2))
    edit(own_library / "measures.yaml", "title:", "title: ")
    complete(prepare(experiment()), folder)
    assert Sweep(folder).finished == Sweep(folder).origin["shards"]


def test_a_row_is_made_again_with_the_library_it_was_made_with(
    own_library: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "sweep"
    complete(prepare(experiment()), folder)
    change_library(own_library, "archetypes.yaml")
    for row in (5, 300):
        answer = CliRunner().invoke(adopt, ["rerun", str(folder), "--row", str(row), "--json"])
        assert json.loads(answer.output)["same"], answer.output
    kept = folder / store.LIBRARY / "archetypes.yaml"
    kept.write_text(kept.read_text("utf-8") + "\n", "utf-8")
    told = str(CliRunner().invoke(adopt, ["rerun", str(folder), "--row", "5"]).exception)
    assert str(kept) in told and "adopt sweep EXPERIMENT" in told


def test_a_shard_that_points_were_added_to_is_as_if_made_at_once(tmp_path: Path) -> None:
    listed = [{"parameters.peer_weight": value} for value in (0.5, 1.0, 1.5, 2.0, 2.5)]
    made: list[str] = []

    def listing(number: int, folder: str, said: list[str]) -> None:
        asked = experiment(design="list", factors={}, listed=listed[:number], by=("archetype",))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("sim.study.sweeps.plan.ROWS", 400)
            complete(prepare(asked), tmp_path / folder, notice=said.append)

    said: list[str] = []
    for number in (1, 3, 4, 5):
        listing(number, "grown", said)
    listing(5, "at once", made)
    assert fingerprints(tmp_path / "grown") == fingerprints(tmp_path / "at once")
    assert said == made == []


def test_a_stored_row_can_be_made_again(whole: Path) -> None:
    rows = len(Sweep(whole).table())
    for row in np.random.default_rng(1).integers(0, rows, 6):
        answer = CliRunner().invoke(adopt, ["rerun", str(whole), "--row", str(row), "--json"])
        assert answer.exit_code == 0, answer.output
        assert json.loads(answer.output)["same"]


@pytest.mark.parametrize("file", others(LIBRARY, 1))
def test_a_sweep_never_goes_on_with_another_library(
    own_library: Path, tmp_path: Path, file: str
) -> None:
    quick.test_a_sweep_never_goes_on_with_another_library(own_library, tmp_path, file)


def test_points_that_were_added_are_kept_when_what_made_a_sweep_is_lost(tmp_path: Path) -> None:
    varied = {"parameters.peer_weight": {"low": 0.5, "high": 3.0}}
    few, many = (
        prepare(experiment(design="sobol", points=number, factors=varied)) for number in (4, 8)
    )
    complete(many, tmp_path)
    damaged(tmp_path, "cut off")
    complete(few, tmp_path)
    assert len(Sweep(tmp_path).table()) == many.rows
    assert Sweep(tmp_path).origin["points"] == 8


def test_groups_are_read_like_whole_organisations(tmp_path: Path) -> None:
    asked = experiment(by=("role",), changes={**SMALL, "organisation.employees": 40})
    complete(prepare(asked), tmp_path)
    table = Sweep(tmp_path).groups.table(where="month = 6")
    assert set(table["kind"]) == {"role"}
    summary = Sweep(tmp_path).groups.summary("adoption", ["group"], "kind = 'role'")
    assert set(summary["group"]) == set(table["group"])
    words = ["show", str(tmp_path), "--groups", "role", "--by", "scenario", "--json"]
    rows = json.loads(CliRunner().invoke(adopt, words).output)["rows"]
    assert {one["group"] for one in rows} == set(table["group"])
    assert "expected one of: role" in CliRunner().invoke(adopt, [*words, "--groups", "team"]).stderr


def test_shards_of_another_experiment_or_another_name_are_never_read(
    whole: Path, tmp_path: Path
) -> None:
    """Each with its checksum: another seed's, and one twice under another's name."""
    complete(prepare(experiment(seed=2)), tmp_path / "other")
    mixed, doubled = tmp_path / "mixed", tmp_path / "doubled"
    for folder in (mixed, doubled):
        shutil.copytree(whole, folder)
    first, second = (store.shard_file(Path(), number) for number in (0, 1))
    for name in (first, store.sum_file(first)):
        shutil.copy(tmp_path / "other" / name, mixed / name)
    for one, other in ((first, second), (store.sum_file(first), store.sum_file(second))):
        shutil.copy(doubled / one, doubled / other)
    for folder, told in ((mixed, "of another experiment"), (doubled, f"written as {first.name}")):
        with pytest.raises(sim.AdoptionError, match=told):
            Sweep(folder).table()
        said: list[str] = []
        complete(prepare(experiment()), folder, notice=said.append)
        assert len(said) == 1 and told in said[0]
        assert fingerprints(folder) == fingerprints(whole)


def test_every_shard_that_is_made_anew_is_said(whole: Path, tmp_path: Path) -> None:
    complete(prepare(experiment(by=("role",))), tmp_path)
    before = fingerprints(tmp_path)
    gone, without_sum, short, groups = (store.shard_file(tmp_path, one) for one in (0, 2, 4, 6))
    groups = tmp_path / store.GROUPS / groups.name
    gone.unlink()
    store.sum_file(without_sum).unlink()
    short.write_bytes(short.read_bytes()[:100])
    groups.write_bytes(groups.read_bytes()[:-1])
    said: list[str] = []
    complete(prepare(experiment(by=("role",))), tmp_path, notice=said.append)
    assert len(said) == 4
    for one, told in zip(said, (gone, without_sum, short, groups), strict=True):
        assert str(told.relative_to(tmp_path)) in one
        assert one.endswith("simulated again")
    assert fingerprints(tmp_path) == before


def test_a_machine_with_another_library_simulates_nothing(own_library: Path) -> None:
    job = prepare(experiment()).job(0)
    change_library(own_library, "archetypes.yaml")
    with pytest.raises(sim.AdoptionError, match="has other code or another library"):
        simulated(job)


def test_points_can_be_added_and_none_is_simulated_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    varied = {"parameters.peer_weight": {"low": 0.5, "high": 3.0}}
    few, many = (
        prepare(experiment(design="sobol", points=number, factors=varied)) for number in (4, 8)
    )
    complete(few, tmp_path)
    before = fingerprints(tmp_path)
    asked: list[int] = []
    real = running_module.simulated
    monkeypatch.setattr(
        running_module, "simulated", lambda job: asked.append(job.number) or real(job)
    )
    complete(many, tmp_path)
    assert before.items() <= fingerprints(tmp_path).items()
    assert set(asked) == set(range(few.cut.shards, many.cut.shards))
    complete(few, tmp_path)
    assert len(Sweep(tmp_path).table()) == many.rows
