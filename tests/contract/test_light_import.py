"""Importing the packages and asking the command for help load nothing that is installed, but what that takes."""

from __future__ import annotations

import subprocess
import sys

import pytest

LOADED = """
import sys
told = {name.split(".")[0] for name in sys.modules} - sys.stdlib_module_names
print(*sorted(name for name in told if not name.startswith("_")))
"""
OURS = {"ai_adoption", "analysis", "sim"}


def loaded_by(code: str) -> set[str]:
    """Return what a new process has imported from elsewhere after running this, beside what Python itself starts with."""
    told = [
        set(
            subprocess.run(
                [sys.executable, "-c", one + LOADED], check=True, capture_output=True, text=True
            )
            .stdout.splitlines()[-1:][0]
            .split()
        )
        for one in (code, "")
    ]
    return told[0] - told[1] - OURS


@pytest.mark.parametrize("code", ["import sim", "import analysis", "import sim, analysis"])
def test_importing_the_packages_loads_nothing_else(code: str) -> None:
    assert loaded_by(code) == set()


def test_the_help_of_the_command_loads_what_reads_the_command_line() -> None:
    code = """
import sys, ai_adoption
sys.argv = ["adopt", "--help"]
try: ai_adoption.main()
except SystemExit: pass
"""
    assert loaded_by(code) <= {"click", "colorama"}
