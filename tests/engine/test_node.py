"""The engine in JavaScript gives the bits it gives in Python: whole studies, entry by entry, in Node."""

from __future__ import annotations

import json
import shutil
import subprocess
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from making import same

from sim import kernel, kpis, world
from sim.engine import module, running
from sim.engine.marks import Entered
from sim.engine.packing import packed, unpacked
from sim.programme import compiling
from sim.scenario import read_scenario

NODE = shutil.which("node")

pytestmark = pytest.mark.skipif(NODE is None, reason="no node on this machine")

HOST = Path(module.__file__).with_name("host.js")

RUN = """
const fs = require('fs');
const [host, wasm, asked, answers] = process.argv.slice(1);
const AdoptionEngine = require(host);
const pack = (value) => {
  if (typeof value === 'bigint') return String(value);
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value === null || typeof value !== 'object') return value;
  if (value.shape === undefined) {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, pack(one)]));
  }
  const {buffer, byteOffset, byteLength} = value.data;
  return {base64: Buffer.from(buffer, byteOffset, byteLength).toString('base64'), shape: value.shape};
};
AdoptionEngine.load(fs.readFileSync(wasm)).then((engine) => {
  const found = JSON.parse(fs.readFileSync(asked)).map(({name, values}) => {
    const given = AdoptionEngine.unpack(values);
    return {result: pack(engine.call(name, given)), given: pack(given)};
  });
  fs.writeFileSync(answers, JSON.stringify(found));
});
"""

STUDIES: dict[str, tuple[str, dict[str, Any]]] = {
    "baseline": ("baseline", {}),
    "full programme": (
        "full-programme",
        {"organisation.turnover": 0.3, "programme.onboarding": {}},
    ),
    "adaptive": ("adaptive", {}),
    "small world": ("champions", {"organisation.network.kind": "small_world"}),
    "nominated": ("champions", {"programme.champions.selection": "nominated"}),
    "best bridges": ("champions", {"programme.champions.selection": "best_bridge"}),
    "one after the other": ("leadership", {"rules.schedule": "random_sequential"}),
}


class Noted:
    """A host that notes what is asked and answered."""

    def __init__(self, host: running.Host) -> None:
        self.name, self._host = host.name, host
        self.asked: list[tuple[module.Signature, tuple[Any, ...]]] = []
        self.answers: list[tuple[Any, tuple[Any, ...]]] = []

    def call(self, entry: Entered, values: tuple[Any, ...]) -> Any:
        self.asked.append((running.current_engine().signatures[entry.name], deepcopy(values)))
        result = self._host.call(entry, values)
        self.answers.append((deepcopy(result), deepcopy(values)))
        return result


def noted(study: str, monkeypatch: pytest.MonkeyPatch) -> Noted:
    """Return all that a small study asks of the engine, and what it answers."""
    name, changes = STUDIES[study]
    scenario = read_scenario(name).changed(
        {"organisation.employees": 30, "simulation.months": 8, **changes}
    )
    host = Noted(running.host())
    monkeypatch.setattr(running, "host", lambda: host)
    compiling.planned(*compiling.inputs(scenario))
    worlds = world.draw_worlds(world.design(scenario), 2**32 - 1, np.arange(3))
    kernel.simulate(
        worlds, world.plan(scenario), 5, keep_people=True, by=kernel.GROUPS, keep_events=True
    )
    return host


def node(calls: list[dict[str, Any]], folder: Path) -> subprocess.CompletedProcess[str]:
    """Let Node make some calls; their answers are in a file of the folder."""
    (folder / "engine.wasm").write_bytes(running.current_engine().wasm or b"")
    (folder / "asked.json").write_text(json.dumps(calls, allow_nan=False), "utf-8")
    assert NODE is not None
    return subprocess.run(
        [NODE, "-e", RUN, str(HOST), "engine.wasm", "asked.json", "answers.json"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


def in_node(host: Noted, folder: Path) -> list[tuple[Any, tuple[Any, ...]]]:
    """Return what Node answers to the same."""
    calls = []
    for entry, values in host.asked:
        given = zip(entry.parameters.items(), values, strict=True)
        values_of = {name: packed(kind, value) for (name, kind), value in given}
        calls.append({"name": entry.name, "values": values_of})
    done = node(calls, folder)
    assert done.returncode == 0, done.stderr
    answers = json.loads((folder / "answers.json").read_text("utf-8"))
    return [
        (
            None if entry.result is None else unpacked(entry.result, one["result"]),
            tuple(unpacked(kind, one["given"][name]) for name, kind in entry.parameters.items()),
        )
        for (entry, _), one in zip(host.asked, answers, strict=True)
    ]


@pytest.mark.parametrize("study", STUDIES)
def test_node_gives_the_same_bits(
    study: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = noted(study, monkeypatch)
    found = in_node(host, tmp_path)
    names = {entry.name for entry, _ in host.asked}
    assert {"world_draw", "kernel_simulate_runs"} <= names
    for (entry, _), there, here in zip(host.asked, found, host.answers, strict=True):
        assert same(there, here), entry.name
    rows = dict(zip(names_of("kernel_simulate_runs"), found[-1][1], strict=True))["rows"]
    assert rows[:, -1, kpis.COLUMN["adoption"]].any()


def names_of(entry: str) -> tuple[str, ...]:
    """Return the names of an entry's parameters."""
    return tuple(running.current_engine().signatures[entry].parameters)


def test_a_single_bit_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    host = noted("baseline", monkeypatch)
    *_, there = in_node(host, tmp_path)
    *_, here = host.answers
    assert same(there, here)
    rows = there[1][names_of("kernel_simulate_runs").index("rows")]
    rows.view(np.uint64)[-1, -1, 0] ^= 1
    assert not same(there, here)


def test_a_bit_of_an_argument_matters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    host = noted("baseline", monkeypatch)
    entry, values = host.asked[-1]
    record = values[names_of(entry.name).index("record")]
    record.view(np.uint64)[0] ^= 1 << 51
    assert not same(in_node(host, tmp_path)[-1], host.answers[-1])


def test_what_does_not_fit_is_refused_by_name(tmp_path: Path) -> None:
    table = {"base64": "AAAA", "shape": [2]}
    call = {"name": "beta_fill_quantiles", "values": {"a": 1.0, "b": 1.0, "table": table}}
    done = node([call], tmp_path)
    assert "table: 1 extents, and bytes for all, are needed" in done.stderr
    call["values"] = {"a": 1.0}
    assert "b is missing" in node([call], tmp_path).stderr
