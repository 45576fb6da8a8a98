"""What takes long of ``analysis/test_groups.py``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import test_groups as quick
from test_groups import BY, command

from sim.study.results import GROUPS

here = quick.here


def test_groups_are_shown_stored_and_drawn(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("compare", "baseline", "champions", "--runs", "4", "--months", "4")
    told = command(capsys, *words, "--by", "department,role", "--by", "archetype")
    for kind in BY:
        assert f"By {kind}" in told
        assert list(here.rglob(f"adoption-by-{kind}.svg"))
    assert list(here.rglob(GROUPS))
    content = json.loads(command(capsys, *words, "--by", "role", "--json"))
    assert {one["group"] for one in content["groups"]} >= {"employee", "executive"}
    assert {one["scenario"] for one in content["group_differences"]} == {"champions"}
