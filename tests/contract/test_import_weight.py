"""What is imported when: heavy libraries only by those who use them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from parts import few

import sim

HEAVY = (
    "duckdb",
    "matplotlib",
    "mesa",
    "networkx",
    "numpy",
    "openpyxl",
    "pandas",
    "pyarrow",
    "pydantic",
    "rich",
    "ruamel",
    "scipy",
    "seaborn",
    "sklearn",
    "streamlit",
)


def imported_by(code: str, environment: Mapping[str, str] | None = None) -> set[str]:
    """Return which heavy libraries a new process has imported after running this."""
    report = f"import sys\n{code}\nprint(*[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", report],
        env={**os.environ, "PYTHONPATH": str(Path(sim.__file__).parents[1]), **(environment or {})},
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return set(done.stdout.splitlines()[-1].split())


def imported_by_command(*words: str, **environment: str) -> set[str]:
    """Return which heavy libraries a command has imported."""
    code = (
        f"sys.argv = ['adopt', *{words!r}]\n"
        "from analysis.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass"
    )
    return imported_by(code, environment)


@pytest.mark.parametrize(
    "code", ["import sim", "import sim; sim.AdoptionError", "import sim; dir(sim)"]
)
def test_importing_the_package_imports_nothing_heavy(code: str) -> None:
    assert imported_by(code) == set()


def test_running_scenarios_needs_neither_mesa_nor_tables_nor_figures() -> None:
    """Mesa changes how processes start when it is imported, so it stays out of runs."""
    loaded = imported_by("import sim; sim.compare, sim.run, sim.load")
    assert not loaded & {"matplotlib", "mesa", "networkx", "pandas", "pyarrow", "seaborn"}


NAMING = [
    (),
    ("--help",),
    ("--version",),
    ("bench", "--help"),
    ("compair",),
    ("compare",),
    ("compare", "baseline", "--runs", "none"),
    ("compare", "baseline", "nobody-knows-it"),
    ("run", "nobody-knows-it.yaml"),
    ("costs", "nobody-knows-it"),
    ("network", "nobody-knows-it"),
    ("limits",),
    ("scenarios",),
    ("scenarios", "council", "--json"),
]


@pytest.mark.parametrize(
    "words",
    few(NAMING, 5),
    ids=" ".join,
)
def test_what_only_names_things_imports_nothing_heavy(words: tuple[str, ...]) -> None:
    assert imported_by_command(*words) == set()


def test_completing_a_command_imports_nothing_heavy() -> None:
    completion = {
        "_ADOPT_COMPLETE": "bash_complete",
        "COMP_WORDS": "adopt compa",
        "COMP_CWORD": "1",
    }
    assert imported_by_command(**completion) == set()


LISTS = [
    ("use-cases",),
    ("kpis",),
    ("kpis", "adoption", "--json"),
    ("parameters", "champion"),
    ("schema",),
    ("questionnaire",),
    ("validate-scenario", "baseline"),
]


@pytest.mark.parametrize(
    "words",
    few(LISTS, 1),
    ids=" ".join,
)
def test_lists_and_checks_need_no_tables_figures_or_studies(words: tuple[str, ...]) -> None:
    """They read scenarios or the library, which takes pydantic, a reader of YAML, and the rules."""
    needed = {"numpy", "pydantic", "rich", "ruamel", "scipy"}
    assert imported_by_command(*words) <= needed
