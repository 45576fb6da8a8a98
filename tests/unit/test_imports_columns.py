"""Columns that are assigned by hand, what is left of a file, and anonymous answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import staff_lists

import sim
from sim.errors import ScenarioError
from sim.people.population import chart
from sim.programme.ledger import with_access
from sim.scenario import read_scenario, scenario_text
from sim.scenario.imports import headers_of, pared, pseudonyms_of, read_organisation
from sim.scenario.imports.answers import FEW, empty_sheet, read_answers
from sim.scenario.library import read_archetypes

SALT = b"a salt for tests"
ASSIGNED = {"Vakgroep": "department"}


@pytest.fixture(params=["csv", "xlsx"])
def dirty(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return the list of 180 people, as text and as a workbook."""
    path = tmp_path / f"personeel.{request.param}"
    path.write_bytes(staff_lists.text() if request.param == "csv" else staff_lists.workbook())
    return path


def test_a_column_that_is_not_known_can_be_assigned(dirty: Path) -> None:
    with pytest.raises(ScenarioError, match="department: there is no such column"):
        read_organisation(dirty, None, SALT)
    given = read_organisation(dirty, None, SALT, columns=ASSIGNED)
    assert len(given.people) == staff_lists.PEOPLE == 180
    assert set(given.departments) == {"management", *staff_lists.DEPARTMENTS}
    assert len(given.teams) == staff_lists.TEAMS + 1 == 21
    told = "\n".join(given.report)
    for part in (
        "2 repeated rows dropped", "1 row of sums left out", "2 blank lines skipped", "who left, perhaps",
        "5 columns left aside", "spellings of departments joined",
    ):  # fmt: skip
        assert part in told
    assert "Jansen" not in told


def test_headers_say_what_is_understood(dirty: Path) -> None:
    means = {header.name: header.means for header in headers_of(dirty, ASSIGNED)}
    assert [name for name, what in means.items() if what is None] == [
        name for name in staff_lists.UNKNOWN if name != "Vakgroep"
    ]
    assert means["Vakgroep"] == "department" and means["FTE"] == "fte"
    left = {header.name: header.means for header in headers_of(dirty, {"fte": "none"})}
    assert left["FTE"] is None


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (
            {"Vakgroe": "department"},
            "the file has no column of that name; did you mean 'Vakgroep'",
        ),
        (
            {"Vakgroep": "afdelingen"},
            "'Vakgroep' is said to be 'afdelingen'; known: id, department",
        ),
        ({**ASSIGNED, "Kostenplaats": "department"}, "both mean department: keep one"),
    ],
)
def test_what_cannot_be_assigned_is_told(dirty: Path, columns: dict[str, str], said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_organisation(dirty, None, SALT, columns=columns)
    assert said in str(caught.value)


def test_of_two_columns_that_mean_the_same_one_is_left_aside(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    lines = ["id,afdeling,department,manager", "1,a,x,", *(f"{k},a,x,1" for k in range(2, 9))]
    path.write_text("\n".join(lines), "utf-8")
    with pytest.raises(ScenarioError, match="both mean department"):
        read_organisation(path, None, SALT)
    given = read_organisation(path, None, SALT, columns={"afdeling": "none"})
    assert given.departments == ("management", "x")


def test_what_is_not_read_is_not_kept(dirty: Path) -> None:
    before = read_organisation(dirty, None, SALT, columns=ASSIGNED)
    content = pared(dirty, ASSIGNED)
    assert content is not None
    text = content.decode("utf-8-sig")
    assert not any(part in text for part in ("Jansen", "@voorbeeld", "binnendienst", "KP1", "-19"))
    dirty.write_bytes(content)
    after = read_organisation(dirty, None, SALT, columns=ASSIGNED)
    assert after.digest == before.digest and after.people == before.people


def test_a_scenario_names_the_columns_and_reads_the_list(dirty: Path) -> None:
    plain = "organisation:\n  people: {}\n  columns: {{Vakgroep: department}}\n"
    (dirty.parent / "ours.yaml").write_text(plain.format(dirty.name), "utf-8")
    ours = read_scenario(dirty.parent / "ours.yaml")
    assert ours.organisation.employees == chart(ours).role.size == 180
    again = dirty.parent / "again.yaml"
    again.write_text(scenario_text(ours), "utf-8")
    assert read_scenario(again).fingerprint() == ours.fingerprint()
    assert len(pseudonyms_of(dirty, ["1001"], ASSIGNED)) == 1
    lost = dirty.parent / "lost.yaml"
    lost.write_text("organisation: {columns: {Vakgroep: department}}\n", "utf-8")
    with pytest.raises(ScenarioError, match="'columns' are those of a file of people"):
        read_scenario(lost)


# --- A phase that never comes --------------------------------------------------------------------


def test_a_department_may_have_no_licences_in_the_whole_period() -> None:
    some = sim.load("baseline").changed(
        {"tool.phases": [{"month": None, "departments": ["production"]}]}
    )
    access = with_access(some, chart(some))
    assert access[0] == access[-1] == pytest.approx(140 - 49, abs=2)
    table = sim.run(some, runs=4, by=("department",)).group_table()
    last = table[table["month"] == table["month"].max()].groupby("group")["adoption"].mean()
    assert last["production"] == 0.0 and last["engineering"] > 0.0


# --- Anonymous answers ---------------------------------------------------------------------------


def answers(rows: int, heads: list[str], separator: str = ";") -> str:
    """Return rows of answers that fear for competence most, below some headers."""
    chance = np.random.default_rng(1)
    one = {1: 5, 5: 1, 10: 5}
    lines = [separator.join(heads)]
    for _ in range(rows):
        lines.append(
            separator.join(
                str(one.get(k, 1 + int(chance.integers(2)))) for k in range(1, len(heads) + 1)
            )
        )
    return "\n".join(lines) + "\n"


NL = [f"Vraag {k}" for k in range(1, 11)]
EN = [f"q{k}" for k in range(1, 11)]


@pytest.mark.parametrize(("heads", "separator"), [(NL, ";"), (EN, ",")])
def test_answers_become_shares_of_archetypes(
    tmp_path: Path, heads: list[str], separator: str
) -> None:
    path = tmp_path / "answers.csv"
    path.write_text(answers(24, heads, separator), "utf-8")
    found = read_answers(path)
    assert found.number == 24 and not found.few and found.open == 0
    assert found.shares["competence"] == 1.0
    assert sum(found.shares.values()) == pytest.approx(1.0)
    assert list(found.shares) == list(read_archetypes())
    sim.load("baseline").changed({"organisation.archetypes": found.shares})


def test_a_first_statement_that_is_left_open_loses_no_row(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    text = answers(9, NL) + ";1;1;1;5;1;1;1;1;5\n;;;;;;;;;\n5;;;;;;;;;\n"
    path.write_text(text, "utf-8")
    found = read_answers(path)
    assert found.number == 10 < FEW and found.few
    assert found.open == 1


def test_a_department_beside_the_answers_is_not_looked_at(tmp_path: Path) -> None:
    lines = answers(6, NL).splitlines()
    rows = [f"{line};{'Afdeling' if k == 0 else 'Juridisch'}" for k, line in enumerate(lines)]
    path = tmp_path / "answers.csv"
    path.write_text("\n".join(rows), "utf-8")
    assert read_answers(path).aside == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (answers(4, NL), "4 people answered enough statements, expected at least 5"),
        (answers(9, NL[:7]), "there are no columns for q8, q9, q10"),
        (answers(9, [f"Frage {k}" for k in range(1, 11)]), "there are no columns for q1, q2"),
        (answers(9, NL).replace("\n5;", "\n7;", 1), "q1 ('Vraag 1'): found '7', expected a whole number from 1 to 5"),
        (answers(9, NL).replace("\n5;", "\neens;", 1), "q1 ('Vraag 1'): found 'eens'"),
        (answers(9, [*NL[:9], "Vraag 9"]), "both mean q9"),
        ("", "the file is empty"),
    ],
)  # fmt: skip
def test_answers_that_cannot_be_used_are_told(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "answers.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(ScenarioError) as caught:
        read_answers(path)
    assert said in str(caught.value)


def test_a_scenario_may_ask_for_more_answers(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text(answers(9, NL), "utf-8")
    with pytest.raises(ScenarioError, match="expected at least 10"):
        read_answers(path, least=10)


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_the_empty_sheet_can_be_filled_in_and_read(tmp_path: Path, lang: str) -> None:
    sheet = empty_sheet(lang)
    separator = ";" if lang == "nl" else ","
    path = tmp_path / "sheet.csv"
    path.write_text(sheet + (separator.join("3" * 10) + "\r\n") * 6, "utf-8")
    assert read_answers(path).number == 6


# --- Departments and job titles as HR systems call them ------------------------------------------

ROWS = "1;Inkoop;;Directeur\n" + "".join(f"{k};Verkoop;1;Accountmanager\n" for k in range(2, 9))


@pytest.mark.parametrize(
    "head",
    [
        "Onderdeel", "Organisatieonderdeel", "Organisatie-onderdeel", "Bedrijfsonderdeel", "OE", "Org. eenheid",
        "Organisatie-eenheid", "Organisatorische eenheid", "Omschrijving OE", "Cluster", "Directie", "Divisie",
        "Business unit", "Business Unit Name", "Kostenplaatsomschrijving", "Omschrijving kostenplaats", "Dienst",
        "Naam afdeling", "Dept.", "Org unit", "Organizational Unit", "Division", "Cost Center Name",
    ],
)  # fmt: skip
def test_a_department_is_known_by_what_hr_systems_call_it(tmp_path: Path, head: str) -> None:
    path = tmp_path / "people.csv"
    path.write_text(f"Personeelsnr;{head};Leidinggevende;Functie\n{ROWS}", "utf-8")
    assert read_organisation(path, None, SALT).departments == ("management", "Verkoop")


@pytest.mark.parametrize("head", ["Kostenplaats", "OE-code", "Locatie", "Afdelingscode", "Bedrijf"])
def test_what_is_no_name_of_a_department_is_not_taken_for_one(tmp_path: Path, head: str) -> None:
    path = tmp_path / "people.csv"
    path.write_text(f"Personeelsnr;{head};Leidinggevende;Functie\n{ROWS}", "utf-8")
    with pytest.raises(ScenarioError, match="department: there is no such column"):
        read_organisation(path, None, SALT)


def test_of_several_that_may_be_the_department_none_is_guessed(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"

    def means(first: str, second: str, columns: dict[str, str] | None = None) -> list[str | None]:
        rows = "".join(f"{k};a;b;{k > 1 or ''}\n" for k in range(1, 9))
        path.write_text(f"Personeelsnr;{first};{second};Manager\n{rows}", "utf-8")
        return [header.means for header in headers_of(path, columns)][1:3]

    assert means("Cluster", "Directie") == ["department", "department"]
    with pytest.raises(ScenarioError, match="'Cluster' and 'Directie' both mean department"):
        read_organisation(path, None, SALT)
    assert means("Onderdeel", "Afdeling") == ["department", "department"]
    assert means("Cluster", "Afdeling") == [None, "department"]  # what stands above is none
    assert means("Cluster", "Afdeling", {"Cluster": "department"}) == ["department", None]


def test_job_titles_are_no_mistake_and_say_who_leads_where_they_are_said_to(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(f"Personeelsnr;Onderdeel;Leidinggevende;Functie\n{ROWS}", "utf-8")
    assert any(
        "job titles ('Functie') are not needed" in note
        for note in read_organisation(path, None, SALT).report
    )
    titles = [
        "Directeur",
        "Hoofd Inkoop",
        "Teamleider A",
        "Accountmanager",
        "Adjunct-directeur",
        "Voorman",
        "",
        "x",
    ]
    rows = "".join(f"{k};Verkoop;{title}\n" for k, title in enumerate(titles))
    path.write_text(f"Personeelsnr;Onderdeel;Functie\n{rows}", "utf-8")
    with pytest.raises(ScenarioError, match="'Functie' tells leaders by their job titles"):
        read_organisation(path, None, SALT)
    given = read_organisation(path, None, SALT, columns={"Functie": "role"})
    assert np.bincount(given.role, minlength=4).tolist() == [5, 1, 1, 1]
    assert any("'Functie' holds job titles" in note for note in given.report)


def test_a_title_above_the_names_of_columns_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(
        f"Personeel 2026;;;\n\nPersoneelsnr;Onderdeel;Leidinggevende;Functie\n{ROWS}", "utf-8"
    )
    given = read_organisation(path, None, SALT)
    assert len(given.people) == 8 and "line 1 left out: a title" in "\n".join(given.report)
