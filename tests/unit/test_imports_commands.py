"""What the commands for one's own people promise: understood at a glance, and nobody exposed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from analysis.cli import adopt
from sim.errors import AdoptionError
from sim.scenario import read_scenario
from sim.scenario.imports import read_organisation
from sim.scenario.imports.columns import PEOPLE
from sim.scenario.imports.questionnaire import questionnaire
from sim.scenario.imports.table import spelled

DOCS = Path(__file__).parents[2] / "docs"
EXAMPLES = DOCS / "examples"
PAGE = (DOCS / "your-own-organisation.md").read_text("utf-8")


def run(*arguments: str | Path) -> Result:
    """Run a command of ``adopt``."""
    return CliRunner().invoke(adopt, [str(one) for one in arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the example."""
    for name in ("people.csv", "ties.csv"):
        (tmp_path / name).write_bytes((EXAMPLES / name).read_bytes())
    return tmp_path


def test_people_says_what_was_read_and_what_to_write_into_a_scenario(folder: Path) -> None:
    done = run("people", folder / "people.csv", folder / "ties.csv")
    assert done.exit_code == 0
    assert "Productie" in done.output
    assert "ties, " in done.output
    assert "left aside, not kept: 'Functie'" in done.output
    assert "organisation: {people: people.csv, ties: ties.csv}" in done.output


def test_people_as_json_agrees_with_what_was_read(folder: Path) -> None:
    told = json.loads(run("people", folder / "people.csv", "--json").stdout)
    imported = read_organisation(folder / "people.csv", None)
    assert told["people"] == len(imported.people)
    assert told["digest"] == imported.digest
    assert told["ties"] == 0
    assert told["scenario"] == {"organisation": {"people": "people.csv"}}
    assert (
        sum(size for size in told["archetype"].values() if isinstance(size, int)) <= told["people"]
    )


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_neither_ids_nor_groups_below_five_are_shown(folder: Path, form: tuple[str, ...]) -> None:
    path = folder / "small.csv"
    rows = "".join(f"id-{k},Sales,employee\n" for k in range(9)) + "id-x,Legal,employee\n"
    path.write_text("id,department,role\n" + rows)
    done = run("people", path, *form)
    assert "id-" not in done.output
    assert "everybody" in done.output
    assert "Legal" not in done.output
    assert "9" not in done.output.split("report")[0].split("role")[0]


def test_the_pseudonym_of_somebody_is_told_to_who_has_the_id(folder: Path) -> None:
    path = folder / "people.csv"
    identity = path.read_text("utf-8-sig").splitlines()[1].split(";")[0]
    told = json.loads(run("people", path, "--json", "--pseudonym", identity).stdout)
    assert set(told["pseudonyms"]) < set(read_organisation(path, None).people)
    assert (
        f"{identity}: {told['pseudonyms'][0]}"
        in run("people", path, "--pseudonym", identity).output
    )


def test_a_file_that_cannot_be_right_is_an_error_to_mend(folder: Path) -> None:
    path = folder / "wrong.csv"
    path.write_text("id,department\na,x\nb,x\n")
    assert isinstance(run("people", path).exception, AdoptionError)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_questionnaire_is_printed_and_its_answer_sheet_can_be_read_back(
    tmp_path: Path, language: str
) -> None:
    printed = run("questionnaire", "--lang", language).output
    assert all(one.text[language] in printed for one in questionnaire().items.values())
    sheet = tmp_path / "answers.csv"
    assert run("questionnaire", "--lang", language, "--write", sheet).exit_code == 0
    separator = ";" if language == "nl" else ","
    answers = separator.join(
        "1" if one.reversed or one.threat != 2 else "5" for one in questionnaire().items.values()
    )
    with sheet.open("a") as stream:
        for identity, role in (("a", "employee"), ("b", "manager")):
            stream.write(separator.join((identity, "x", "", "", role, "", answers)) + "\n")
    imported = read_organisation(sheet, None)
    assert imported.archetype.tolist() == [2, 2]
    assert isinstance(
        run("questionnaire", "--lang", language, "--write", sheet).exception, AdoptionError
    )


# --- The page that tells how ---------------------------------------------------------------


def test_the_scenario_of_the_page_is_in_order_beside_the_example(folder: Path) -> None:
    text = PAGE.split("```yaml\n")[1].split("```")[0]
    (folder / "acme.yaml").write_text(text, "utf-8")
    scenario = read_scenario(str(folder / "acme.yaml"))
    assert scenario.organisation.employees == len(
        read_organisation(folder / "people.csv", None).people
    )


def test_the_page_shows_what_the_command_says(folder: Path) -> None:
    said = run("people", folder / "people.csv", folder / "ties.csv").output
    shown = PAGE.split("```text\n")[1].split("```")[0]
    assert shown in said


def test_every_header_of_the_page_is_understood() -> None:
    known = {spelled(word) for words in PEOPLE.values() for word in words}
    rows = [line.split("|") for line in PAGE.splitlines() if line.count("|") == 5]
    heads = [head for row in rows for head in re.findall("`([^`]+)`", row[2])]
    assert len(heads) > 20
    assert {spelled(head) for head in heads} <= known
