"""A study of risk that was killed loses a piece at most, and ends with the same bytes."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

WORDS = (
    "risk baseline champions --set simulation.months=12 --month 12 --vectors 3 --organisations 10 "
    "--cases 200 --no-figure --output"
)


def begun(folder: Path) -> subprocess.Popen[bytes]:
    """Return the process of the command."""
    script = "from analysis.cli import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", script, *WORDS.split(), str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_killed_it_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    killed = begun(tmp_path / "killed")
    end = time.monotonic() + 120.0
    while len(list((tmp_path / "killed").rglob("unfinished/*.json"))) < 20:
        assert killed.poll() is None and time.monotonic() < end
        time.sleep(0.02)
    killed.kill()
    killed.communicate()
    there = len(list((tmp_path / "killed").rglob("unfinished/*.json")))
    assert 20 <= there < 206
    again, whole = begun(tmp_path / "killed"), begun(tmp_path / "whole")
    errors = again.communicate()[1].decode()
    whole.communicate()
    assert (again.returncode, whole.returncode) == (0, 0), errors
    assert f"going on from {there} of 206" in errors
    assert files(tmp_path / "killed") == files(tmp_path / "whole")
