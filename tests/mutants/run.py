"""Break a formula on purpose, one at a time: some test has to notice.

    python3 -m uv run python tests/mutants/run.py
    python3 -m uv run python tests/mutants/run.py half-of-a-hill groups-of-four

Each mutant of ``mutants.yaml`` is made in a copy of the project, in which its tests run until the first
that fails. Before that the tests run in the copy as it is, where all have to pass: else they would
notice anything. Prints what was noticed, by which test; returns 1 if something was not.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "__pycache__", ".*_cache", ".hypothesis", "results", "*.egg-info"
)


def mutants() -> dict[str, dict[str, Any]]:
    """Return the mutants, by name."""
    found: dict[str, dict[str, Any]] = YAML(typ="safe").load(HERE / "mutants.yaml")
    return found


def mutated(text: str, was: str, becomes: str) -> str:
    """Return a page with a formula broken.

    Raises
    ------
    ValueError
        If the formula does not stand on it once.
    """
    if text.count(was) != 1:
        raise ValueError(f"found {text.count(was)} times, expected once: {was}")
    return text.replace(was, becomes)


def tested(copy: Path, tests: list[str]) -> tuple[bool, str]:
    """Return whether all tests pass in a copy, and else the first that does not."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-n", "2", "--maxfail=1", "-rf", *tests],
        cwd=copy, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(copy), "XDG_CACHE_HOME": str(copy.parent / "cache")},
    )  # fmt: skip
    failed = re.search(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.M)
    return done.returncode == 0, failed[1] if failed else done.stdout[-300:].strip()


def main(asked: list[str]) -> int:
    """Try the mutants asked for, or all."""
    known = mutants()
    unknown = [name for name in asked if name not in known]
    if unknown:
        print(f"no mutant {', '.join(unknown)}; there are {', '.join(known)}")
        return 2
    chosen = {name: known[name] for name in asked or known}
    unnoticed = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "project"
        shutil.copytree(PROJECT, copy, ignore=LEFT_OUT)
        (copy / "results").mkdir()
        every = sorted({test for one in chosen.values() for test in one["noticed"]})
        passes, told = tested(copy, every)
        if not passes:
            print(f"the tests do not pass as it is: {told}")
            return 1
        for name, one in chosen.items():
            page = copy / one["page"]
            text = page.read_text("utf-8")
            try:
                page.write_text(mutated(text, one["was"], one["is"]), "utf-8")
            except ValueError as error:
                print(f"{name}: {one['page']}: {error}")
                return 2
            passes, told = tested(copy, one["noticed"])
            page.write_text(text, "utf-8")
            print(f"{name:40} {'NOT NOTICED' if passes else f'noticed by {told}'}", flush=True)
            if passes:
                unnoticed.append(name)
    print(f"{len(chosen) - len(unnoticed)} of {len(chosen)} noticed")
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
