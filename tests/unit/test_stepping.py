"""Without the compiler the engine is plain Python, to step through: the same numbers to the last bit."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

RUN = """
import hashlib, sys
import numba
import numpy as np
from sim import kernel, kpis, world
from sim.files import read_scenario

assert numba.config.DISABLE_JIT == (sys.argv[1] == "stepped")
scenario = read_scenario("full-programme").changed({
    "organisation.employees": 24, "simulation.months": 7, "organisation.turnover": 0.4,
    "programme.buddies": {}, "programme.onboarding": {}, **eval(sys.argv[2]),
})
worlds = world.draw_worlds(world.design(scenario), 3, np.arange(2))
done = kernel.simulate(
    worlds, world.plan(scenario), 3, keep_people=True, by=kernel.GROUPS, keep_events=True
)
assert 0.0 < done.rows[0, -1, kpis.COLUMN["adoption"]] <= 1.0
for part in (worlds.people, worlds.other, done.rows, done.grouped, done.heads, done.events):
    print(hashlib.sha256(np.ascontiguousarray(part).tobytes()).hexdigest())
for name in done.people.dtype.names:
    print(name, hashlib.sha256(done.people[name].tobytes()).hexdigest())
"""


def bits(way: str, changes: str) -> str:
    """Return hashes of all that a small study gives, with the compiler or without."""
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1" if way == "stepped" else "0"}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", RUN, way, changes],
        capture_output=True, text=True, check=False, env=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "changes",
    [
        "{}",
        "{'rules.schedule': 'random_sequential', 'organisation.network.kind': 'complete'}",
        "{'organisation.network.kind': 'small_world', 'simulation.substeps': 3}",
    ],
)
def test_the_engine_can_be_stepped_through_and_gives_the_same_bits(changes: str) -> None:
    assert bits("stepped", changes) == bits("compiled", changes)
