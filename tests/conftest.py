"""What several tests start from, and what of all tests the plain command leaves to another.

A test is quick unless it lies in one of the folders of ``parts.LEFT``, which are run by their name.
"""

from __future__ import annotations

import gc
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any, Final

import pytest
from parts import LEFT, folder_of

from sim.engine import module
from sim.scenario import read_scenario
from sim.scenario.schema import Scenario
from sim.scenario.source import Source
from sim.state import NOBODY, columns

gc.disable()  # until all tests are found: what is imported and found is never garbage

if (
    "ADOPT_HOME" not in os.environ
):  # sessions of the page are kept there, not in the user's own folder
    os.environ["ADOPT_HOME"] = tempfile.mkdtemp(prefix="adopt-home-")

PARSED: Final[dict[str, Any]] = {}
"""What the parser of YAML made of a text: tests read the shipped files some thousand times."""

_parse = Source.node


def _parse_once(source: Source) -> Any:
    if source.text not in PARSED:
        parsed = _parse(source)
        if len(PARSED) > 200:
            PARSED.clear()
        PARSED[source.text] = parsed
    return PARSED[source.text]


Source.node = _parse_once  # type: ignore[method-assign]

left_out: Counter[str] = Counter()
"""How many tests of each folder were left out of this run."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what lies in a folder that was not named."""
    named = {
        folder_of((config.invocation_params.dir / one.partition("::")[0]).resolve() / "any")
        for one in config.args
    }
    chosen, left = [], []
    for one in items:
        folder = folder_of(one.path)
        (chosen if folder is None or folder in named else left).append(one)
    items[:] = chosen
    left_out.update(str(folder_of(one.path)) for one in left)
    config.hook.pytest_deselected(items=left)


def pytest_collection_finish() -> None:
    """Collect garbage from now on, and never look again through what there is already."""
    gc.freeze()
    gc.enable()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell the process that started this one how many were left out."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = dict(left_out)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Hear it; all processes look for the same tests."""
    left_out.update(Counter(getattr(node, "workeroutput", {}).get("left_out", {})) - left_out)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out, and how to run it."""
    if left_out:
        numbers = ", ".join(
            f"{left_out[one]:,} {told}" for one, told in LEFT.items() if left_out[one]
        )
        folders = " ".join(f"tests/{one}" for one in LEFT if left_out[one])
        terminalreporter.write_line(
            f"Left to CI: {numbers}; the pages in a browser, and the package as installed."
        )
        terminalreporter.write_line(f"Run them too: python3 -m uv run pytest {folders}")


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
