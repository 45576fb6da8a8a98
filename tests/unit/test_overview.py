"""The list of scenarios tells what they say when they are read in full, however they are written."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim
from sim.scenario import read_scenario
from sim.scenario.folders import library
from sim.scenario.overview import overview, read_off

SHIPPED = sorted(library().glob("*.yaml"))

USUAL = {
    "in lines": "extends: baseline\nquestion: What if?\norganisation:\n  employees: 30\n",
    "with remarks": "# why\nextends: baseline  # all else\n\nquestion: Is it so?  # asked\n"
    "organisation:\n  # people\n  name: a\n\n  employees: 31  # today\n",
    "in lines of Windows": "extends: baseline\r\nquestion: What if?\r\n",
    "without a question": "extends: size-25\n",
}
OTHERWISE = {
    "quoted": "extends: baseline\nquestion: 'Why: is it?'\n",
    "folded": "extends: baseline\nquestion: >-\n  Why is\n  it?\n",
    "over two lines": "extends: baseline\nquestion: Why is\n  it?\n",
    "in braces": "{extends: baseline, question: Why is it?, organisation: {employees: 32}}\n",
    "in braces inside": "extends: baseline\norganisation: {employees: 33}\n",
    "indented by four": "extends: baseline\norganisation:\n    employees: 34\n",
    "with nothing in braces": "extends: baseline\norganisation: {}\n",
    "with what looks like a line": "extends: baseline\norganisation:\n  name: 'a\n\n  employees: 9\n\n  b'\n",
    "with the usual number": "title: Alone\norganisation:\n  name: a\n",
    "with a reference": "extends: baseline\norganisation:\n  <<: {employees: 35}\n  name: a\n",
    "by its path": "extends: ./parent.yaml\nquestion: What if?\n",
}


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of scenarios of one's own."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (folder / "parent.yaml").write_text(
        "extends: baseline\norganisation:\n  employees: 50\n", "utf-8"
    )
    return folder


def listed(name: str) -> tuple[int, str]:
    return next((one.people, one.question) for one in overview() if one.scenario == name)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda one: one.stem)
def test_every_shipped_scenario_is_read_off_its_lines(file: Path) -> None:
    one = read_scenario(file)
    assert read_off(file) == (one.organisation.employees, one.question)


@pytest.mark.parametrize("text", (USUAL | OTHERWISE).values(), ids=(USUAL | OTHERWISE).keys())
def test_the_list_tells_what_a_file_says(own: Path, text: str) -> None:
    (own / "acme.yaml").write_bytes(text.encode())
    one = read_scenario("acme")
    assert listed("acme") == (one.organisation.employees, one.question)


@pytest.mark.parametrize("text", OTHERWISE.values(), ids=OTHERWISE.keys())
def test_what_is_written_otherwise_is_not_guessed_from_lines(own: Path, text: str) -> None:
    (own / "acme.yaml").write_text(text, "utf-8")
    with pytest.raises(ValueError):
        read_off(own / "acme.yaml")


def test_the_people_of_a_file_of_people_are_counted(own: Path) -> None:
    rows = ["0,sales,", *(f"{one},sales,0" for one in range(1, 20))]
    (own / "people.csv").write_text("\n".join(["id,department,manager", *rows]), "utf-8")
    text = "extends: baseline\norganisation:\n  people: people.csv\n"
    (own / "acme.yaml").write_text(text, "utf-8")
    assert listed("acme")[0] == 20


def test_ones_own_scenario_stands_in_the_place_of_a_shipped_one(own: Path) -> None:
    (own / "champions.yaml").write_text("extends: baseline\nquestion: Are mine better?\n", "utf-8")
    assert listed("champions")[1] == "Are mine better?"
    assert len(overview()) == len(SHIPPED) + 1


@pytest.mark.parametrize(
    "text", ["extends: acme\n", "extends: nobody\n", "question: [\n", "a", "extends: [a]\n"]
)
def test_a_file_that_cannot_be_read_says_why(own: Path, text: str) -> None:
    (own / "acme.yaml").write_text(text, "utf-8")
    with pytest.raises(sim.ScenarioError) as told:
        read_scenario("acme")
    with pytest.raises(sim.ScenarioError) as shown:
        overview()
    assert str(shown.value) == str(told.value)
