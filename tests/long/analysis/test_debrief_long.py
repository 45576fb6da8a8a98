"""Games played from standard input, and their debrief as a class."""

# ruff: noqa: F401, F811

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_debrief import NAMES, here, played, run, typed

from analysis.decisions.debrief import NOTHING, PLAN
from sim.play import World, resume
from sim.play import save as save_game


def test_a_game_is_played_from_standard_input_and_kept(here: World, tmp_path: Path) -> None:
    file = tmp_path / "blue.yaml"
    text = typed("2 4", "20 50", *("", "", "30-60") * 7)
    code, said = run(tmp_path, ["--team", "blue", "--save", str(file), "--others", "4"], text)
    assert code == 0
    assert "News of month 8" in said
    assert "Leaders speak of chances and risks" in said
    assert resume(file).over
    assert resume(file).team == "blue"
    assert (tmp_path / "results/play/machine-builder-blue/debrief.html").is_file()


def test_the_class_is_debriefed_from_files_and_as_json(here: World, tmp_path: Path) -> None:
    for team, names in (("blue", NAMES), ("red", ["training"])):
        save_game(played(here, team, names), tmp_path / f"{team}.yaml")
    files = [str(tmp_path / f"{team}.yaml") for team in ("blue", "red")]
    code, said = run(tmp_path, ["--debrief", *files, "--others", "4", "--no-figure", "--json"])
    content = json.loads(said)
    assert code == 0
    assert [row["name"] for row in content["scores"]] == ["blue", "red", NOTHING, PLAN]
    assert {row["team"] for row in content["moves"]} == {"blue", "red"}
    code, said = run(tmp_path, ["--debrief", *files, "--others", "4", "--lang", "nl"])
    assert "debrief-nl.html" in said
    with pytest.raises(Exception, match="found no file"):
        run(tmp_path, ["--debrief"])


def test_a_game_goes_on_where_it_was_and_is_not_written_over(here: World, tmp_path: Path) -> None:
    file = tmp_path / "blue.yaml"
    save_game(played(here, turns=7), file)
    code, said = run(tmp_path, ["--resume", str(file), "--others", "4"], typed("", "", "30 60"))
    assert code == 0
    assert "Turn 8 of 8" in said
    assert resume(file).over
    with pytest.raises(Exception, match="is there already"):
        run(tmp_path, ["--save", str(file)])
