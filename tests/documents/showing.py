"""How what a page shows is done: programs run, commands typed, files kept, changes made."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from sybil import Example, Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser, SkipParser

ALIAS = "python3 -m uv run "
"""What pages say once instead of putting it before every command; here it is installed already."""

LESSONS = "--only-group lessons "
"""What of it somebody installs who does the lessons alone."""

SERVING = ("adopt app", "adopt mesa", "jupyter lab")
"""Commands that go on until they are stopped."""

PATIENCE = 300
"""Seconds until one of them is held to hang."""


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of somebody who did what the README says and sits in this folder."""
    settings = folder / ".jupyter"
    settings.mkdir(exist_ok=True)
    server = {"ServerApp": {"allow_root": True, "open_browser": False}}
    (settings / "jupyter_server_config.json").write_text(json.dumps(server))
    return {
        **os.environ,
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
        "PYTHONPATH": str(folder),
        "JUPYTER_CONFIG_DIR": str(settings),
        "BROWSER": "true",
        "RUN": "",
        "ADOPT": "adopt",
    }


def do(words: list[str], folder: Path, given: str | None = None) -> None:
    """Run a command to its end; what it said is shown if it fails."""
    done = subprocess.run(
        words, cwd=folder, env=environment(folder), input=given, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{shlex.join(words)}\n{done.stdout}\n{done.stderr}"


def serve(command: str, folder: Path) -> None:
    """Start a command that serves a page, wait until it does, and stop it."""
    log = folder / "served.log"
    with log.open("w") as stream:
        running = subprocess.Popen(
            command, shell=True, cwd=folder, env=environment(folder), stdout=stream,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        until = time.monotonic() + PATIENCE
        while "http://" not in log.read_text():
            assert running.poll() is None and time.monotonic() < until, log.read_text()
            time.sleep(0.2)
    finally:
        os.killpg(running.pid, signal.SIGTERM)
        running.wait()


def run_commands(example: Example) -> None:
    """Run the commands of a block one after the other, as they would be typed."""
    folder = example.namespace["folder"]
    for line in example.parsed.replace("\\\n", " ").splitlines():
        command = line.strip().removeprefix(ALIAS).removeprefix(LESSONS)
        if command.startswith("jupyter lab"):
            serve(f"{command} --allow-root --no-browser", folder)  # a file of settings hides others
        elif command.startswith(SERVING):
            serve(command, folder)
        elif command and not command.startswith("#"):
            do(["bash", "-ec", command], folder)


def run_program(example: Example) -> None:
    """Run a program by itself, with the project as it lies in the folder."""
    do([sys.executable, "-c", example.parsed], example.namespace["folder"])


def keep_file(example: Example) -> None:
    """Keep a file whose name the block says in its first line."""
    first = example.parsed.splitlines()[0]
    if first.startswith("# file: "):
        (example.namespace["folder"] / first.removeprefix("# file: ")).write_text(example.parsed)


def make_change(example: Example) -> None:
    """Make the change that a block shows."""
    do(["git", "apply", "-"], example.namespace["folder"], example.parsed)


GOING_ON = Sybil(
    [
        SkipParser(),
        PythonCodeBlockParser(),
        CodeBlockParser("sh", run_commands),
        CodeBlockParser("yaml", keep_file),
    ]
)
"""A page whose programs go on from each other."""

CHANGING = Sybil(
    [
        SkipParser(),
        CodeBlockParser("diff", make_change),
        CodeBlockParser("python", run_program),
        CodeBlockParser("sh", run_commands),
    ]
)
"""A page that changes the project step by step."""


def show(page: Path, reader: Sybil, folder: Path) -> None:
    """Do what a page shows from top to bottom, in a folder."""
    document: Any = reader.parse(page)
    document.namespace["folder"] = folder
    for example in document.examples():
        example.evaluate()
