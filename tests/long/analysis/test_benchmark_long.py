"""What takes long of ``analysis/test_benchmark.py``."""

from __future__ import annotations

import json
from types import ModuleType

import numpy as np
import pytest
import test_benchmark as quick

import sim
from analysis import benchmark
from analysis.benchmark import Measurement
from sim import kpis
from sim.engine import module, running
from sim.scenario.schema import Scenario

plain = quick.plain


def told_engines(monkeypatch: pytest.MonkeyPatch) -> dict[str, Measurement]:
    """Return what is said of the engines where a batch costs 10 as WebAssembly and 8 as native code."""
    costs = {"wasm": 10.0, "native": 8.0}
    monkeypatch.setattr(benchmark.Batch, "simulate", lambda self, host: costs[host.name])
    monkeypatch.setattr(benchmark, "_stepping", lambda model, people: 2_000.0)
    return {one.name: one for one in benchmark.engines(1)}


@pytest.mark.skipif(module.c_compiler() is None, reason="no C compiler here")
def test_engines_are_measured_each_on_its_own_and_beside_webassembly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = told_engines(monkeypatch)
    assert {name: one.value for name, one in found.items()} == {
        "WebAssembly": 10.0, "Native": 8.0, "Mesa engine": 2_000.0, "Plain Mesa": 2_000.0,
        "Native / WebAssembly": 0.8, "Mesa engine / WebAssembly": 200.0,
        "Plain Mesa / WebAssembly": 200.0,
    }  # fmt: skip


def test_without_a_compiler_native_code_is_not_there_and_it_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "c_compiler", lambda: None)
    monkeypatch.setattr(module, "kept", lambda name: None)
    running.forget()
    found = told_engines(monkeypatch)
    running.forget()
    assert "Native / WebAssembly" not in found
    benchmark.tell(list(found.values()), as_json=True)
    (native,) = (
        one
        for one in json.loads(capsys.readouterr().out)["measurements"]
        if one["name"] == "Native"
    )
    assert (native["value"], native["verdict"]) == (None, "")
    assert "apt install build-essential" in native["how"]
    benchmark.tell([found["Native"]], as_json=False)
    printed = capsys.readouterr().out
    assert "not there" in printed
    assert "apt install build-essential" in printed


def test_every_kpi_of_the_plain_model_is_the_fast_engines_but_for_chance(
    plain: ModuleType, small: Scenario
) -> None:
    """A year of forty organisations each, with a course for all: means within five errors."""
    taught = small.changed({"programme.training": {"start": 2, "months": 4}})
    ours = sim.run(taught, runs=400, seed=1).measured[taught.name][:, -1, : kpis.PERSONAL]
    rows = []
    for seed in range(1, 41):
        model = benchmark.plain_model(plain, taught, seed)
        for _ in range(taught.simulation.months):
            model.step()
        rows.append(model.datacollector.get_model_vars_dataframe().iloc[-1].to_numpy(float))
    theirs = np.array(rows)
    known = [np.isfinite(one).sum(axis=0) for one in (ours, theirs)]  # breadth needs weekly users
    assert (known[0] > 0.9 * len(ours)).all()
    assert (known[1] > 0.7 * len(theirs)).all()
    error = np.sqrt(np.nanvar(ours, axis=0) / known[0] + np.nanvar(theirs, axis=0) / known[1])
    apart = np.abs(np.nanmean(ours, axis=0) - np.nanmean(theirs, axis=0)) / np.maximum(error, 1e-9)
    for one, distance in zip(kpis.MEASURED, apart, strict=False):
        assert distance <= 5.0, one.name
