"""What the pages for readers show is done as it stands there, from top to bottom."""

from __future__ import annotations

import re
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


# --- The table of threats ------------------------------------------------------------------------


def test_every_threat_has_tests_that_exist() -> None:
    lines = (ROOT / "docs" / "safety.md").read_text("utf-8").splitlines()
    rows = [line.split("|") for line in lines if line.startswith("| ")][1:]
    assert len(rows) >= 9
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    there = set(re.findall(r"^def (test_\w+)\(", source, re.M))
    for row in rows:
        named = re.findall(r"`(test_\w+)`", row[3])
        assert named, row[1]
        assert set(named) <= there, set(named) - there
