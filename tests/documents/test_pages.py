"""What the pages for readers show is done as it stands there, from top to bottom."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sim.scenario.folders import library

from .showing import GOING_ON, show

ROOT = library().parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

pytestmark = pytest.mark.usefixtures("own_cache")


@pytest.mark.parametrize("page", PAGES, ids=lambda one: one.stem)
def test_it_does_what_it_shows(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for shown in ("docs", "notebooks"):
        shutil.copytree(ROOT / shown, tmp_path / shown)
    monkeypatch.chdir(tmp_path)
    show(page, GOING_ON, tmp_path)
