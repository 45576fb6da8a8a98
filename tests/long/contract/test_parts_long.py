"""What the plain command runs and what it says it leaves, counted, are all tests there are."""

from __future__ import annotations

import re
import subprocess
import sys

from parts import LEFT, TESTS


def found(*folders: str) -> tuple[set[str], str]:
    """Return the tests that pytest finds with some folders named, and what it says at its end."""
    done = subprocess.run(
        [
            sys.executable, "-m", "pytest", "--collect-only", "-o", "addopts=", "-q", "-n", "0",
            "-p", "no:cacheprovider", "--doctest-modules", "--ignore-glob=*/mesa_page.py", *folders,
        ],
        cwd=TESTS.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    return {line for line in done.stdout.splitlines() if "::" in line}, done.stdout


def test_the_plain_command_and_the_rest_are_all_tests_and_its_numbers_are_true() -> None:
    left = [f"tests/{one}/" for one in LEFT]
    plain, told = found()
    every, silent = found("tests", "sim", "analysis", *left)
    rest = {line for line in every if line.startswith(tuple(left))}
    assert not plain & rest
    assert plain | rest == every
    assert "Left to CI" not in silent
    (line,) = re.findall(r"^Left to CI: .*$", told, re.M)
    numbers = [int(one.replace(",", "")) for one in re.findall(r"[\d,]*\d", line)]
    assert numbers == [sum(one.startswith(folder) for one in rest) for folder in left]
