"""What the pages for readers show is run as it stands there, from top to bottom."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sybil import Example, Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser, SkipParser

from sim.scenario import library

ROOT = library().parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

SERVING = ("adopt app", "adopt mesa", "python3 -m uv run jupyter lab")
"""Commands that go on until they are stopped."""
SECONDS = 90
"""How long one of them may take until it says where it serves."""


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of somebody who has done what the README says."""
    here = Path(sys.executable).parent
    paths = os.pathsep.join((str(here), os.environ["PATH"]))
    return {**os.environ, "PATH": paths, "BROWSER": "true", "PYTHONPATH": str(folder)}


def serve(command: str, folder: Path) -> None:
    """Start a command that serves a page, wait until it does, and stop it."""
    log = folder / "served.log"
    with log.open("w") as stream:
        running = subprocess.Popen(
            command, shell=True, cwd=folder, env=environment(folder), stdout=stream,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        until = time.monotonic() + SECONDS
        while "http://" not in log.read_text():
            assert running.poll() is None and time.monotonic() < until, log.read_text()
            time.sleep(0.2)
    finally:
        os.killpg(running.pid, signal.SIGTERM)
        running.wait()


def run_commands(example: Example) -> None:
    """Run the commands of a block one after the other, as they would be typed."""
    folder = example.namespace["folder"]
    for command in example.parsed.replace("\\\n", " ").splitlines():
        if command.startswith(SERVING):
            serve(command, folder)
        elif command.strip() and not command.startswith("#"):
            done = subprocess.run(
                ["bash", "-ec", command], cwd=folder, env=environment(folder),
                capture_output=True, text=True,
            )  # fmt: skip
            assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"


def save_file(example: Example) -> None:
    """Keep a file whose name the block says in its first line."""
    first = example.parsed.splitlines()[0]
    if first.startswith("# file: "):
        (example.namespace["folder"] / first.removeprefix("# file: ")).write_text(example.parsed)


SHOWN = Sybil(
    [
        SkipParser(),
        PythonCodeBlockParser(),
        CodeBlockParser("sh", run_commands),
        CodeBlockParser("yaml", save_file),
    ]
)


@pytest.mark.parametrize("page", PAGES, ids=lambda one: one.stem)
def test_it_does_what_it_shows(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    monkeypatch.chdir(tmp_path)
    document = SHOWN.parse(page)
    document.namespace["folder"] = tmp_path
    for example in document.examples():
        example.evaluate()
