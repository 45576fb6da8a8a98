"""Every change that CONTRIBUTING shows can be made, and passes what a change has to pass."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sim.scenario.folders import library

from .showing import CHANGING, show

ROOT = library().parent

pytestmark = pytest.mark.usefixtures("own_cache")


def test_every_change_a_contributor_is_shown_can_be_made(tmp_path: Path) -> None:
    project = tmp_path / "project"
    hidden = shutil.ignore_patterns("__pycache__", "results", "*cache")
    project.mkdir()
    for name in (".ci", "analysis", "docs", "scenarios", "sim", "tests"):
        shutil.copytree(ROOT / name, project / name, ignore=hidden)
    for name in ("README.md", "pyproject.toml"):
        shutil.copy(ROOT / name, project)
    show(ROOT / "CONTRIBUTING.md", CHANGING, project)
