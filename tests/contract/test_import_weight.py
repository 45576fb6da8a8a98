"""What is imported when: heavy libraries only by those who use them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import sim

HEAVY = (
    "matplotlib",
    "mesa",
    "networkx",
    "numba",
    "numpy",
    "pandas",
    "pyarrow",
    "scipy",
    "seaborn",
)


def imported_by(code: str) -> set[str]:
    """Return which heavy libraries a new process has imported after running this."""
    report = f"import sys; {code}; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", report],
        env={**os.environ, "PYTHONPATH": str(Path(sim.__file__).parents[1])},
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "code", ["import sim", "import sim; sim.AdoptionError", "import sim; dir(sim)"]
)
def test_importing_the_package_imports_nothing_heavy(code: str) -> None:
    assert imported_by(code) == set()


def test_running_scenarios_needs_neither_mesa_nor_tables_nor_figures() -> None:
    """Mesa changes how processes start when it is imported, so it stays out of runs."""
    loaded = imported_by("import sim; sim.compare, sim.run, sim.load")
    assert not loaded & {"matplotlib", "mesa", "networkx", "pandas", "pyarrow", "seaborn"}
