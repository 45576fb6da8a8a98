"""The wheel, built and installed where nothing else of the project is."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXTRAS = "solara,dask"


class Installed:
    """An environment with the wheel in it, and an empty folder to work in."""

    def __init__(self, environment: Path, folder: Path) -> None:
        self.bin = environment / ("Scripts" if os.name == "nt" else "bin")
        self.folder = folder

    def variables(self, **given: str) -> dict[str, str]:
        """Return what somebody has set who knows nothing of the project's folder."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in {"PYTHONPATH", "VIRTUAL_ENV", "ADOPT_ENGINE"}
        }
        return {**kept, "BROWSER": "true", "XDG_CACHE_HOME": str(self.folder / "cache"), **given}

    def start(
        self, program: str, *words: str, folder: Path | None = None, **given: str
    ) -> subprocess.Popen[str]:
        """Start a program of the environment, by default in the empty folder.

        It hears Ctrl-C also where the tests run in the background and do not.
        """
        return subprocess.Popen(
            [str(self.bin / program), *words],
            cwd=folder or self.folder,
            text=True,
            env=self.variables(**given),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def do(
        self, program: str, *words: str, folder: Path | None = None, **given: str
    ) -> tuple[int, str]:
        """Run a program to its end, and return its exit code and what it said."""
        running = self.start(program, *words, folder=folder, **given)
        said, _ = running.communicate(timeout=600)
        return running.returncode, said


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Build the wheel and install it with the versions that everything is tested with."""
    uv = os.environ.get("UV") or shutil.which("uv")
    assert uv, "uv is needed: run this as python3 -m uv run pytest tests/wheel"
    home = tmp_path_factory.mktemp("wheel")
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    pins = home / "pins.txt"
    pins.write_text("\n".join(settings["tool"]["uv"]["constraint-dependencies"]))
    for words in (
        ["build", "--wheel", "--out-dir", str(home / "dist"), str(ROOT)],
        ["venv", "--python", sys.executable, str(home / "venv")],
    ):
        subprocess.run([uv, "--quiet", *words], check=True)
    (wheel,) = (home / "dist").glob("*.whl")
    place = Installed(home / "venv", home / "empty")
    subprocess.run(
        [uv, "--quiet", "pip", "install", "--python", str(place.bin / "python"),
         "--constraints", str(pins), f"{wheel}[{EXTRAS}]"],
        check=True,
    )  # fmt: skip
    place.folder.mkdir()
    return place
