"""What takes long of ``contract/test_mesa.py``."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import test_mesa as quick
from parts import others
from test_mesa import GIVEN, state

import sim
import sim.state

SCRIPT = """
from mesa.batchrunner import batch_run
import sim

class Sceptic(sim.Employee):
    def example(self):
        return 0.0

if __name__ == "__main__":
    found = batch_run(
        sim.AdoptionModel,
        {"employee": [Sceptic], "run": range(2), "organisation.employees": 10,
         "simulation.months": 2, "agent_reporters": None},
        number_processes=2, display_progress=False,
    )
    print(sorted(one["run"] for one in found))
"""


def test_a_script_can_use_several_processes(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, "utf-8")
    done = subprocess.run(
        [sys.executable, script], check=False, capture_output=True, text=True, timeout=900
    )
    assert (done.stdout, done.stderr) == ("[0, 1]\n", "")


class Befriended(sim.Employee):
    """Somebody who refers to others in ways of its own."""

    def __init__(self, model: sim.AdoptionModel, row: np.void) -> None:
        super().__init__(model, row)
        self.met: dict[int, sim.Employee] = {}

    def step(self) -> None:
        for one in self.colleagues:
            self.met[one.row] = one


@pytest.mark.parametrize(
    "copied",
    [lambda model: pickle.loads(pickle.dumps(model)), copy.deepcopy],
    ids=["pickle", "deepcopy"],
)
def test_a_copy_goes_on_as_the_model_does(copied: Callable[..., Any]) -> None:
    many: dict[str, Any] = {"organisation.employees": 400, "simulation.months": 6}
    model = sim.AdoptionModel("full-programme", employee=Befriended, run=2, **many)
    for _ in range(2):
        model.step()
    other = copied(model)
    assert state(other) == state(model)
    for _ in range(2):
        model.step()
    assert other.month == other.steps == 2  # one does not move the other
    for _ in range(2):
        other.step()
    assert state(other) == state(model)
    assert np.array_equal(other.row, model.row, equal_nan=True)
    for one, again in zip(model.staff, other.staff, strict=True):
        assert again.model is other
        assert type(again) is Befriended
        assert [x.row for x in again.colleagues] == [x.row for x in one.colleagues]
        assert all(x is other.staff[row] for row, x in again.met.items())
    ours, theirs = (m.datacollector.get_model_vars_dataframe() for m in (model, other))
    pd.testing.assert_frame_equal(ours, theirs)
    assert set(other.agents) == set(other.staff)
    other.run_model()
    assert (other.month, model.month) == (6, 4)


@pytest.mark.parametrize("given", others(GIVEN, 1))
def test_iterations_are_the_replicates_of_compare(given: dict[str, Any]) -> None:
    quick.test_iterations_are_the_replicates_of_compare(given)
