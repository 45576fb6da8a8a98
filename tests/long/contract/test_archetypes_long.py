"""What takes long of ``contract/test_archetypes.py``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import test_archetypes as quick
from test_archetypes import SHARES, SMALL, WEARY, by_both_engines, command, forget, mixed

import sim
from analysis.app.people import dots, people_of
from analysis.figures.groups import group_figure
from analysis.model.odd import archetypes, sectors
from analysis.report.appendices import organisation
from analysis.results.answer import answer
from analysis.results.summary import group_name
from analysis.words.languages import language
from sim.scenario import read_scenario, scenario_text
from sim.scenario.library import (
    read_archetypes,
    read_glossary,
)

own = quick.own


@pytest.mark.usefixtures("own")
def test_a_new_archetype_has_its_rows_pictures_and_names() -> None:
    result = sim.compare([mixed("baseline"), mixed()], 4, 1, by=["archetype"])
    assert set(result.group_table()["group"]) == set(SHARES)
    assert "weary" in {one.get_text() for one in group_figure(result, "archetype").texts}
    one = answer(result)
    assert {group.name for group in one.groups} == set(SHARES)
    for code, title in (("en", "Weary of change"), ("nl", "Veranderingsmoe")):
        words = language(code)
        assert group_name("archetype", "weary", words) == title
        assert f"{title} 50%" in str(organisation(one, words))
        _, _, shades, _ = dots(
            people_of(mixed(), result.curves("champions", "adoption")).people, "archetype", 3, words
        )
        assert title in shades
        assert len(set(shades.values())) == len(shades)
    assert "| `weary` |" in archetypes()
    assert "| weary |" in sectors()
    assert read_glossary()["archetype_weary"].kind == "term"


@pytest.mark.usefixtures("own")
def test_a_new_archetype_can_be_asked_for_and_reached(tmp_path: Path) -> None:
    listed = json.loads(command("catalogue", "--archetype", "weary", "--json"))
    names = {one["measure"] for one in listed}
    assert "buddies" in names  # against the fear of not being able to learn it
    assert {one["measure"] for one in json.loads(command("catalogue", "--archetype", "control", "--json"))} <= names  # fmt: skip
    file = tmp_path / "mixed.yaml"
    file.write_text(scenario_text(mixed()), "utf-8")
    assert read_scenario(file).organisation.archetypes == SHARES
    command("network", str(file), "--colour", "archetype", "--output", str(tmp_path))
    assert any("weary" in one.read_text("utf-8") for one in tmp_path.rglob("*.svg"))

    readable, fast, people = by_both_engines(
        mixed("baseline", **{"programme.training": {"audience": {"archetypes": ["weary"]}}})
    )
    assert readable.tobytes() == fast.tobytes()
    trained = people["archetype"][people["courses"] > 0]
    assert set(trained) == {list(read_archetypes()).index("weary")}


def test_an_archetype_that_nobody_is_changes_no_run(own: Path) -> None:
    cases = [
        ("turnover-onboarding", {}),
        ("sector-public", {}),
        ("champions", {"organisation.archetypes": {"competence": 0.5, "status": 0.4995}}),
        ("champions", {"programme.training.audience.archetypes": ["ethics"]}),
    ]  # fmt: skip

    def runs() -> list[bytes]:
        found = []
        for name, changes in cases:
            result = sim.compare(
                [sim.load(name).changed({**SMALL, **changes})], 4, 1, by=["archetype"]
            )
            (groups,) = result.groups.values()
            found.append(result.measured[name].tobytes() + groups.values.tobytes())
            assert not any("weary" in label for label in groups.labels)
        return found

    with_it = runs()
    text = own.read_text("utf-8")
    own.write_text(text.removesuffix(WEARY), "utf-8")
    forget()
    assert "weary" not in read_archetypes()
    assert runs() == with_it
