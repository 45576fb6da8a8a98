"""What several tests start from: shipped scenarios, small ones, and an employee made by hand."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from sim.engine import module
from sim.scenario import read_scenario
from sim.scenario.schema import Scenario
from sim.state import NOBODY, columns


@pytest.fixture(scope="module")
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what is built in one folder of this session, and nothing in the user's cache."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:  # all workers share it
        folder = folder.parent
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        module.cache_folder.cache_clear()
        yield
    module.cache_folder.cache_clear()


@pytest.fixture(scope="session")
def baseline() -> Scenario:
    """Return the shipped baseline."""
    return read_scenario("baseline")


@pytest.fixture(scope="session")
def small(baseline: Scenario) -> Scenario:
    """Return the baseline with 60 people and one year: what the readable engine does at once."""
    return baseline.changed({"organisation.employees": 60, "simulation.months": 12})


@pytest.fixture
def employee() -> Callable[..., Any]:
    """Return a maker of employees: every column 0, or what changes nothing, but for those given."""

    def make(**given: float) -> Any:
        start: dict[str, float] = {
            name: 0.0 if column.kind.startswith("f") else 0 for name, column in columns().items()
        }
        start.update(boss=NOBODY, team=NOBODY, buddy=NOBODY, access_month=1, access=1)
        start.update(
            dict.fromkeys(
                (
                    "voice",
                    "match",
                    "learning",
                    "example_factor",
                    "discovery",
                    "opportunity",
                    "considers",
                ),
                1.0,
            )
        )
        start.update(
            {f"remaining_{one}": 1.0 for one in ("competence", "status", "control", "ethics")}
        )
        unknown = set(given) - set(start)
        assert not unknown, f"no such column: {unknown}"
        return SimpleNamespace(**{**start, **given})

    return make
