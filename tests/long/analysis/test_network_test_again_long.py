"""The network test gives the same again, also after it was stopped."""

# ruff: noqa: F401, F811

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from test_network_test import command, folder

from analysis.decisions import network_test as study
from analysis.decisions.network_test import question
from analysis.results.pieces import Pieces
from sim.engine.kinds import Array
from sim.errors import InterruptedStudyError


def test_stopped_and_begun_again_it_ends_with_the_same_bytes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = question("ties.csv", "use-by-person.csv", scenario="on-request", nulls=100, seed=3)
    whole = study.investigate(asked).as_json()
    pieces = Pieces(folder / "unfinished", asked.place.determining)
    real: Callable[..., Array] = study.scored
    calls = 0

    def stops(*arguments: object) -> Array:
        nonlocal calls
        calls += 1
        if calls > 1:
            raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(study, "scored", stops)
    with pytest.raises((InterruptedStudyError, KeyboardInterrupt)):
        study.investigate(asked, pieces=pieces)
    monkeypatch.setattr(study, "scored", real)
    kept = Pieces(folder / "unfinished", asked.place.determining)
    assert "level-without" in kept.found
    assert study.investigate(asked, pieces=kept).as_json() == whole


def test_the_command_gives_the_same_again_and_names_nobody(folder: Path) -> None:
    first = command("--scenario", "on-request", "--seed", "3")
    stored = {path.name: path.read_bytes() for path in Path(str(first["folder"])).iterdir()}
    assert command("--scenario", "on-request", "--seed", "3") == first
    again = {path.name: path.read_bytes() for path in Path(str(first["folder"])).iterdir()}
    assert {k: v for k, v in again.items() if "provenance" not in k} == {
        k: v for k, v in stored.items() if "provenance" not in k
    }
    ids = [
        line.split(";")[0] for line in (folder / "use-by-person.csv").read_text().splitlines()[1:]
    ]
    text = json.dumps({k: v for k, v in first.items() if k in ("answer", "said", "notes", "use")})
    assert not any(re.search(rf"\b{id_}\b", text) for id_ in ids)
    assert "p-" not in text
