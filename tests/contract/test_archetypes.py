"""An archetype is an entry of one file: whoever adds one there can use it everywhere."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import sim
from analysis.cli import adopt
from sim import kernel, world
from sim.errors import ScenarioError
from sim.mesa_model import AdoptionModel
from sim.scenario import folders, read_scenario
from sim.scenario.folders import library
from sim.scenario.json_schema import schema_text
from sim.scenario.library import (
    Archetype,
    entries_of,
    read_archetypes,
    read_glossary,
    read_presets,
)
from sim.scenario.schema import Scenario
from sim.state import COMPETENCE, CONTROL

WEARY = """
weary:
  title: {en: Weary of change, nl: Veranderingsmoe}
  description: {en: Thinks it is one more thing., nl: Denkt dat het er nog een is.}
  feels: [competence, control]
  skill: anxious
  words: [moe]
  sources: ["choice: an example"]
"""
SHARES = {"weary": 0.5, "status": 0.3, "ethics": 0.2}
SMALL = {"organisation.employees": 60, "simulation.months": 6, "organisation.turnover": 0.3}


def forget() -> None:
    """Let the library be read again."""
    for read in (read_archetypes, read_presets, read_glossary):
        read.cache_clear()


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the file of archetypes of a copy of the library with a new one."""
    shutil.copytree(library(), tmp_path / "scenarios")
    file = tmp_path / "scenarios" / "library" / "archetypes.yaml"
    with file.open("a", encoding="utf-8") as out:
        out.write(WEARY)
    monkeypatch.setattr(folders, "library", lambda: tmp_path / "scenarios")
    forget()
    yield file
    forget()


def mixed(name: str = "champions", **others: Any) -> Scenario:
    return sim.load(name).changed({**SMALL, "organisation.archetypes": SHARES, **others})


def command(*words: str) -> str:
    told = CliRunner().invoke(adopt, list(words), standalone_mode=False)
    if told.exception is not None:
        raise told.exception
    return told.output


def by_both_engines(scenario: Scenario) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what both engines measure of one organisation, and its people at the end."""
    worlds = world.draw_worlds(world.design(scenario), 3, np.array([0]))
    fast = kernel.simulate(worlds, world.plan(scenario), 3, keep_people=True)
    model = AdoptionModel(scenario, rng=3, worlds=worlds)
    rows = [np.array(model.row)]
    for _ in range(scenario.simulation.months):
        model.step()
        rows.append(np.array(model.row))
    return np.array(rows), fast.rows[0], fast.people[0]


# --- A new one ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("own")
def test_a_new_archetype_is_drawn_and_lives_alike_in_both_engines() -> None:
    readable, fast, people = by_both_engines(mixed())
    assert readable.tobytes() == fast.tobytes()
    kinds = list(read_archetypes())
    found = np.bincount(people["archetype"], minlength=len(kinds)) / people.size
    assert dict(zip(kinds, found, strict=True)) == pytest.approx(
        {**dict.fromkeys(kinds, 0.0), **SHARES}, abs=0.2
    )
    tired = people["archetype"] == kinds.index("weary")
    assert set(people["own_threats"][tired]) == {1 << COMPETENCE | 1 << CONTROL}
    assert (people["arrival"][tired] > 0).any()  # newcomers too


@pytest.mark.usefixtures("own")
def test_what_a_new_archetype_feels_and_can_makes_a_difference() -> None:
    anxious = {"status": 0.3, "ethics": 0.2, "competence": 0.5}
    one, other = (world.draw_worlds(world.design(mixed(**extra)), 1, np.arange(20)).people
                  for extra in ({}, {"organisation.archetypes": anxious}))  # fmt: skip
    tired = one["archetype"] == list(read_archetypes()).index("weary")
    assert one["initial_skill"][tired].mean() == pytest.approx(
        other["initial_skill"][other["archetype"] == COMPETENCE].mean(), abs=0.02
    )
    assert one["initial_skill"][tired].mean() < one["initial_skill"][~tired].mean() - 0.05
    assert one["conviction"][tired].mean() < other["conviction"][other["archetype"] == 0].mean()


# --- Everywhere -----------------------------------------------------------------------------------


@pytest.mark.usefixtures("own")
def test_a_file_of_people_may_say_it_by_name_title_or_another_word(tmp_path: Path) -> None:
    said = ("weary", "Weary of change", "veranderingsmoe", "Moe", "competentie", "")
    rows = [f"p{k},office,employee,{said[k % len(said)]}" for k in range(36)]
    (tmp_path / "people.csv").write_text(
        "\n".join(["id,department,role,archetype", "boss,office,executive,", *rows]), "utf-8"
    )
    (tmp_path / "firm.yaml").write_text(
        "extends: champions\norganisation:\n  people: people.csv\n  turnover: 0.3\n"
        "  archetypes: {status: 1}\n  departments: {office: {task_share: 0.3}}\n"
        "programme:\n  training:\n    audience: {departments: null}\nsimulation: {months: 6}\n",
        "utf-8",
    )
    scenario = read_scenario(tmp_path / "firm.yaml")
    readable, fast, _ = by_both_engines(scenario)
    assert readable.tobytes() == fast.tobytes()
    people = world.draw_worlds(world.design(scenario), 1, np.arange(1)).people[0]
    kinds = np.array(list(read_archetypes()))[people["archetype"]]
    assert dict(zip(*np.unique(kinds, return_counts=True), strict=True)) == {
        "weary": 24, "competence": 6, "status": 7,
    }  # fmt: skip
    for kind, one in read_archetypes().items():
        assert set(people["own_threats"][kinds == kind]) <= {one.own_threats}
    told = json.loads(command("people", str(tmp_path / "people.csv"), "--json"))
    assert told["archetype"]["weary"] == 24


@pytest.mark.usefixtures("own")
def test_the_schema_and_the_errors_know_it() -> None:
    schema = json.loads(schema_text())["$defs"]
    assert "weary" in schema["Audience"]["properties"]["archetypes"]["anyOf"][0]["items"]["enum"]
    shares = schema["Organisation"]["properties"]["archetypes"]["anyOf"][0]
    assert list(shares["properties"]) == list(read_archetypes())
    with pytest.raises(ScenarioError, match=r"no archetype 'wery'; did you mean 'weary'\?"):
        mixed(**{"organisation.archetypes": {"wery": 1}})


# --- What is wrong --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "line", "said"),
    [
        (("[competence, control]", "[competence, contrl]"), 5, "did you mean 'control'?"),
        (("[competence, control]", "[]"), 5, "expected at least one item"),
        (("skill: anxious", "skill: low"), 6, "expected one of: usual, anxious"),
        (("nl: Veranderingsmoe", ""), 3, "'nl' is missing"),
        (("  feels", "  fels"), 5, "did you mean 'feels'?"),
        (("weary:", "We ary:"), 2, "expected small letters"),
    ],
)
def test_what_is_wrong_with_an_archetype_is_said_with_its_line(
    wrong: tuple[str, str], line: int, said: str, tmp_path: Path
) -> None:
    file = tmp_path / "archetypes.yaml"
    file.write_text(WEARY.replace(*wrong), "utf-8")
    with pytest.raises(ScenarioError) as error:
        entries_of(file, Archetype)
    assert said in str(error.value)
    assert line in {problem.line for problem in error.value.problems}


def test_a_name_nobody_knows_is_refused_at_its_line(tmp_path: Path) -> None:
    file = tmp_path / "firm.yaml"
    file.write_text(
        "organisation:\n  archetypes: {statis: 0.4, ethics: 0.6}\n"
        "programme:\n  training:\n    audience: {archetypes: [ethics, controll]}\n",
        "utf-8",
    )
    with pytest.raises(ScenarioError) as error:
        read_scenario(file)
    found = {(one.line, one.path): one.message for one in error.value.problems}
    assert "did you mean 'status'?" in found[2, "organisation.archetypes.statis"]
    assert "did you mean 'control'?" in found[5, "programme.training.audience.archetypes"]


def test_one_share_is_changed_from_the_mix_in_force() -> None:
    moved = {"organisation.archetypes.status": 0.26, "organisation.archetypes.control": 0.30}
    there = sim.load("sector-technology").changed({**moved, "organisation.archetypes.ethics": 0.26})
    assert there.organisation.archetypes == {
        "competence": 0.18, "status": 0.26, "control": 0.30, "ethics": 0.26
    }  # fmt: skip
    with pytest.raises(ScenarioError, match=r"add up to 1\.08 .*status 0\.26"):
        sim.load("sector-technology").changed({"organisation.archetypes.ethics": 0.26})
