"""What takes long of ``engine/test_module.py``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import test_module as quick
from parts import others
from test_module import CONSTANTS, edit

from sim.engine import module

copy = quick.copy


RULE = "return 1.0 / (1.0 + exp(-logodds))"


RUN = """
import json, os, sys, warnings
import numpy as np
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    from sim.engine import module, running
    if sys.argv[1] == "alone":
        module.has_zig = lambda: False
        module.c_compiler = lambda: None
    import sim
    scenario = sim.load("baseline").changed({"organisation.employees": 12, "simulation.months": 6})
    rows = sim.run(scenario, runs=2).curves(scenario.name, "adoption")
    print(json.dumps([running.described(), np.asarray(rows).tolist(), [str(one.message) for one in said]]))
"""


def run(copy: Path, way: str = "with") -> Any:
    """Return which engine ran in a new process, what it gave, and what was warned of."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(copy / "cache"), "PYTHONPATH": str(copy)}
    environment.pop("ADOPT_ENGINE", None)
    done = subprocess.run(
        [sys.executable, "-c", RUN, way], cwd=copy, env=environment, check=False,
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_checked_engine_is_another_code() -> None:
    assert module.written(checked=True).about["code"] != module.written().about["code"]


@pytest.mark.skipif(
    module.c_compiler() is None and not module.has_zig(), reason="no compiler on this machine"
)
def test_an_edited_rule_runs_as_it_is_now_where_there_is_a_compiler(copy: Path) -> None:
    before = run(copy)
    assert before[0].startswith("wasm")
    edit(copy, RULE, "return 1.0 / (1.0 + exp(-0.5 * logodds))")
    after = run(copy)
    assert after[0].split()[1] != before[0].split()[1]
    assert after[1] != before[1]
    assert after[2] == []
    assert run(copy) == after  # kept from the first time


def test_without_a_compiler_an_edited_rule_runs_in_python_and_says_so(copy: Path) -> None:
    before = run(copy, "alone")
    assert before[0].startswith("wasm")
    edit(copy, RULE, "return 1.0 / (1.0 + exp(-1.0 * logodds))")  # another code, the same numbers
    after = run(copy, "alone")
    assert after[0] == "python"
    assert after[1] == before[1]
    (said,) = after[2]
    assert "uv sync --group engine" in said
    assert "Python" in said


def test_other_words_are_the_same_rules(copy: Path) -> None:
    before = run(copy, "alone")
    edit(copy, RULE, f"{RULE}  # logistic")
    assert run(copy, "alone") == before


@pytest.mark.parametrize(
    ("page", "old", "new"),
    others(CONSTANTS, 1),
)
def test_a_constant_is_looked_at_wherever_it_stands(
    copy: Path, page: str, old: str, new: str
) -> None:
    quick.test_a_constant_is_looked_at_wherever_it_stands(copy, page, old, new)
