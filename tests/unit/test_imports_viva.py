"""What reading exports of Viva Insights promises: leaders, departments, and who uses Copilot."""

from __future__ import annotations

import csv
import importlib.util
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from sim.errors import ScenarioError
from sim.scenario.imports import pseudonym, pseudonyms_of, read_organisation, read_viva
from sim.scenario.imports.viva import segment
from sim.state import EMPLOYEE, EXECUTIVE, MANAGER, NOBODY, TEAM_LEAD

SALT = b"a salt for tests"
HEAD = (
    "PersonId,MetricDate,Copilot_actions_taken_in_Word,Copilot actions taken in Teams,"
    "Organization,SupervisorIndicator,LevelDesignation\n"
)
PEOPLE = {
    "never": ("Sales,IC,Junior", [0] * 14),
    "once": ("Sales,IC,Junior", [1] + [0] * 13),
    "sometimes": ("Sales,Manager,Senior", [6] * 2 + [0] * 12),
    "habit": ("IT,Mngr+,Senior", [0, 0, 0] + [1] * 11),
    "power": ("IT,IC,Senior", [20] * 12 + [0] * 2),
    "chief": ("IT,Manager,Executive", [0] * 11 + [30] * 3),
}


def weeks(form: str = "%Y-%m-%d", count: int = 14) -> str:
    """Return the weeks of everybody as rows, half of the actions in each program."""
    monday = date(2025, 9, 29)
    return "".join(
        f"{name},{(monday + timedelta(weeks=week)).strftime(form)},{taken / 2},{taken / 2},{about}\n"
        for name, (about, actions) in PEOPLE.items()
        for week, taken in enumerate(actions[:count])
    )


@pytest.fixture
def query(tmp_path: Path) -> Path:
    """Return a person query of six people and fourteen weeks."""
    path = tmp_path / "query.csv"
    path.write_text(HEAD + weeks())
    return path


def test_people_get_department_role_and_boss_from_their_last_week(query: Path) -> None:
    promoted = date(2026, 3, 30)
    query.write_text(query.read_text() + f"never,{promoted},0,0,IT,Manager,Senior\n")
    imported = read_organisation(query, None, SALT)
    assert imported.departments == ("management", "IT", "Sales")
    rows = {name: imported.people.index(pseudonym(SALT, name)) for name in PEOPLE}
    assert {name: imported.role[row] for name, row in rows.items()} == {
        "never": TEAM_LEAD, "once": EMPLOYEE, "sometimes": TEAM_LEAD, "habit": MANAGER,
        "power": EMPLOYEE, "chief": EXECUTIVE,
    }  # fmt: skip
    assert imported.department[rows["never"]] == imported.departments.index("IT")
    assert imported.boss[rows["power"]] == rows["habit"]
    assert imported.boss[rows["habit"]] == imported.boss[rows["once"]] == rows["chief"]
    assert imported.boss[rows["chief"]] == NOBODY


def test_those_who_use_it_by_habit_in_the_first_weeks_use_it_at_the_start(query: Path) -> None:
    viva = read_viva(query, None, SALT)
    uses = dict(zip(viva.organisation.people, viva.organisation.uses.tolist(), strict=True))
    assert {name: uses[pseudonym(SALT, name)] for name in PEOPLE} == {
        "never": 0, "once": 0, "sometimes": 0, "habit": 1, "power": 1, "chief": 0,
    }  # fmt: skip
    assert viva.first == {"none": 1, "low": 1, "novice": 2, "habitual": 1, "power": 1}
    assert viva.last == {"none": 3, "low": 0, "novice": 1, "habitual": 1, "power": 1}
    assert any("first 12 weeks: everybody 6" in note for note in viva.organisation.report)


def test_with_fewer_than_twelve_weeks_a_habit_is_use_in_each_of_four(query: Path) -> None:
    query.write_text(HEAD + weeks(count=11))
    viva = read_viva(query, None, SALT)
    assert viva.first == {"none": 2, "low": 2, "novice": 1, "habitual": 0, "power": 1}
    query.write_text(HEAD + weeks(count=3))
    viva = read_viva(query, None, SALT)
    assert set(viva.organisation.uses) == {-1}
    assert viva.first == viva.last == {}
    assert any("3 weeks, at least 4 are needed" in note for note in viva.organisation.report)


def test_without_copilot_columns_nobody_knows_who_uses_it(query: Path) -> None:
    query.write_text((HEAD + weeks()).replace("Copilot", "Robot"))
    assert set(read_organisation(query, None, SALT).uses) == {-1}


def test_a_total_of_actions_counts_instead_of_the_programs(query: Path) -> None:
    head = HEAD.replace("Copilot actions taken in Teams", "Total Copilot actions taken")
    query.write_text(head + weeks().replace(",0.5,0.5,", ",0.5,0,"))
    expected = {"none": 3, "low": 1, "novice": 1, "habitual": 1, "power": 0}
    assert read_viva(query, None, SALT).first == expected


@pytest.mark.parametrize("form", ["%m/%d/%Y", "%d/%m/%Y", "%Y-%m-%dT00:00:00"])
def test_dates_are_read_as_they_are_written_in_america_europe_and_by_machines(
    query: Path, form: str
) -> None:
    expected = read_organisation(query, None, SALT)
    query.write_text(HEAD + weeks(form))
    assert read_organisation(query, None, SALT).digest == expected.digest


def test_that_there_are_no_executives_is_said(query: Path) -> None:
    query.write_text((HEAD + weeks()).replace("Executive", "Senior"))
    assert any("no executives" in note for note in read_organisation(query, None, SALT).report)


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "message"),
    [
        ("SupervisorIndicator", "Supervisr", 0, "supervisor", "there is no such column"),
        ("never,2025-09-29", "never,soon", 2, "date", "expected a date such as"),
        ("never,2025-09-29,0.0", "never,2025-09-29,-3", 2, "Copilot_actions_taken_in_Word",
         "found '-3'"),
        (",IC,Junior", ",Chef,Junior", 15, "supervisor", "found 'Chef'; known: IC"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_query_is_shown_with_its_line(
    query: Path, old: str, new: str, line: int, column: str, message: str
) -> None:
    query.write_text((HEAD + weeks()).replace(old, new))
    with pytest.raises(ScenarioError) as caught:
        read_organisation(query, None, SALT)
    first = caught.value.problems[0]
    assert (first.line, first.path) == (line, column)
    assert message in first.message


def test_an_ordinary_people_file_is_no_person_query(query: Path) -> None:
    query.write_text("id,department,role\na,x,employee\n")
    with pytest.raises(ScenarioError, match="no person query"):
        read_viva(query, None, SALT)


def test_ids_of_a_query_have_pseudonyms_too(query: Path) -> None:
    imported = read_organisation(query, None)
    (name,) = pseudonyms_of(query, ["chief"])
    assert imported.role[imported.people.index(name)] == EXECUTIVE


def test_strong_ties_of_a_person_to_person_query_are_the_ties(query: Path) -> None:
    ties = query.with_name("p2p.csv")
    ties.write_text(
        "PrimaryCollaborator_PersonId,SecondaryCollaborator_PersonId,MetricDate,StrongTieScore\n"
        "never,once,2026-01-05,0.1\nonce,never,2026-01-05,0.2\npower,once,2026-01-05,4e-1\n"
        "habit,chief,2026-01-05,0.2\n"
    )
    imported = read_organisation(query, ties, SALT)
    assert sorted(imported.weight.tolist()) == [1.0, 1.0, 2.0]


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        ([0.0] * 12, "none"),
        ([0.0] * 11 + [11.0], "low"),
        ([0.0] * 11 + [12.0], "novice"),
        ([0.0] * 4 + [50.0] * 8, "novice"),
        ([0.0] * 3 + [1.0] * 9, "habitual"),
        ([0.0] * 3 + [20.0] * 9, "power"),
    ],
)
def test_segments_begin_where_their_definition_says(
    actions: Sequence[float], expected: str
) -> None:
    assert segment(actions, habit=9) == expected


# --- The sample exports Microsoft ships ----------------------------------------------------


def sample(name: str) -> Path:
    """Return a sample export of the package vivainsights."""
    found = importlib.util.find_spec("vivainsights")
    if found is None or found.origin is None:
        pytest.skip("vivainsights is not installed")
    return Path(found.origin).parent / "data" / name


def test_the_sample_person_to_person_query_has_2014_ties(tmp_path: Path) -> None:
    with sample("p2p_data.csv").open(encoding="utf-8") as stream:
        ends = [list(row.values())[:2] for row in csv.DictReader(stream)]
    people = tmp_path / "people.csv"
    everybody = sorted({one for pair in ends for one in pair})
    people.write_text("id,department,role\n" + "".join(f"{one},x,employee\n" for one in everybody))
    imported = read_organisation(people, sample("p2p_data.csv"), SALT)
    assert len(imported.people) == 3783
    assert imported.first.size == 2014
    assert abs(np.median(imported.weight) - 1) <= 1 / 1024
