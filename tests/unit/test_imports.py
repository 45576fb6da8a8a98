"""What reading one's own people promises: the same organisation however it is written, no names."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.scenario.imports import (
    Imported,
    privacy,
    pseudonym,
    pseudonyms_of,
    read_organisation,
    table,
)
from sim.scenario.imports import people as people_page
from sim.scenario.imports.questionnaire import archetypes_of, questionnaire, threats_of
from sim.state import EMPLOYEE, EXECUTIVE, MANAGER, NOBODY, ROLES, TEAM_LEAD, THREATS

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
SALT = b"a salt for tests"
PEOPLE = """\
id,department,team,manager,role
boss,Board,,,executive
head,Sales,,boss,manager
north,Sales,North,head,team lead
ann,Sales,North,north,employee
bob,Sales,North,north,employee
south,Sales,South,head,team lead
cem,Sales,South,south,employee
dia,Service,,boss,employee
"""
Read = Callable[..., Imported]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return a reader of texts: people, and ties if there are any."""

    def reader(people: str | bytes, ties: str | None = None) -> Imported:
        path = tmp_path / "people.csv"
        path.write_bytes(people.encode() if isinstance(people, str) else people)
        tie_path = None
        if ties is not None:
            tie_path = tmp_path / "ties.csv"
            tie_path.write_text(ties, "utf-8")
        return read_organisation(path, tie_path, SALT)

    return reader


def row_of(imported: Imported, identity: str) -> int:
    """Return the row of a person by id."""
    return imported.people.index(pseudonym(SALT, identity))


def refused(read: Read, people: str | bytes, ties: str | None = None) -> ScenarioError:
    """Return the error a file is refused with."""
    with pytest.raises(ScenarioError) as caught:
        read(people, ties)
    return caught.value


# --- The order both engines need -----------------------------------------------------------


def test_everybody_stands_with_the_own_department_and_team_and_the_lead_comes_first(
    read: Read,
) -> None:
    imported = read(PEOPLE)
    assert imported.departments == ("management", "Sales", "Service")
    assert imported.teams == ("management / executives", "Sales / North", "Sales / South")
    assert imported.department.tolist() == [0, 1, 1, 1, 1, 1, 1, 2]
    assert imported.team.tolist() == [0, -1, 1, 1, 1, 2, 2, -1]
    assert [ROLES[k] for k in imported.role] == [
        "executive", "manager", "team_lead", "employee", "employee", "team_lead", "employee",
        "employee",
    ]  # fmt: skip
    assert imported.boss[row_of(imported, "ann")] == row_of(imported, "north")
    assert imported.boss[row_of(imported, "boss")] == NOBODY
    assert [row_of(imported, name) for name in ("ann", "bob")] == [3, 4]


def test_columns_have_the_kinds_the_engines_expect(read: Read) -> None:
    imported = read(PEOPLE, "source,target\nann,bob\n")
    kinds = {name: value.dtype.name for name, value in imported._asdict().items()
             if isinstance(value, np.ndarray)}  # fmt: skip
    assert kinds == {
        "role": "int8", "department": "int32", "team": "int32", "boss": "int32",
        "archetype": "int8", "weekly_hours": "float64", "hourly_cost": "float64",
        "skill": "float64", "threats": "float64", "uses": "int8", "first": "int32",
        "second": "int32", "weight": "float32",
    }  # fmt: skip
    assert imported.threats.shape == (8, 4)


def test_what_is_not_in_the_file_is_unknown(read: Read) -> None:
    imported = read(PEOPLE)
    assert set(imported.archetype) == set(imported.uses) == {-1}
    for values in (imported.weekly_hours, imported.hourly_cost, imported.skill, imported.threats):
        assert np.isnan(values).all()
    assert imported.first.size == imported.second.size == imported.weight.size == 0


def test_a_team_of_the_same_name_in_another_department_is_another_team(read: Read) -> None:
    imported = read("id,department,team,role\na,x,one,employee\nb,y,one,employee\n")
    assert imported.teams == ("x / one", "y / one")


def test_no_two_teams_are_one_because_their_names_look_alike(read: Read) -> None:
    imported = read("id,department,team,role\na,x / y,z,employee\nb,x,y / z,employee\n")
    assert imported.teams == ("x / y / z",) * 2
    assert imported.team.tolist() == [0, 1]


def test_the_department_called_management_comes_first_with_the_executives(read: Read) -> None:
    imported = read(
        "id,department,role\na,Aap,employee\nb,Directie,employee\nc,MANAGEMENT,employee\n"
        "d,Zaal,executive\n"
    )
    assert imported.departments == ("management", "Aap")
    assert imported.department.tolist() == [0, 0, 0, 1]
    assert any("executives stand in" in note for note in imported.report)


# --- However it is written -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [("bob,Sales,North", "bob,Sales,South"), ("Service", "Legal")],
)
def test_another_organisation_has_another_digest(read: Read, old: str, new: str) -> None:
    assert read(PEOPLE.replace(old, new)).digest != read(PEOPLE).digest


def test_a_decimal_comma_is_read_where_it_separates_nothing(read: Read) -> None:
    imported = read("id;department;role;uurkosten\na;x;employee;€ 41,50\nb;x;employee;41.5\n")
    assert imported.hourly_cost.tolist() == [41.5, 41.5]


def test_windows_1252_is_read_and_said(read: Read) -> None:
    imported = read(
        "id;afdeling;rol\na;Financiën;medewerker\nb;Financiën;medewerker".encode("cp1252")
    )
    assert imported.departments[1] == "Financiën"
    assert any("Windows-1252" in note for note in imported.report)


# --- What is mended, and said --------------------------------------------------------------


@pytest.mark.parametrize(
    ("people", "note"),
    [
        (PEOPLE.replace("\nann", "\n\n,,,,\nann"), "2 blank lines skipped"),
        (PEOPLE + "dia,Service,,boss,employee\n", "1 repeated row dropped"),
        (PEOPLE.replace("id,", "Name,id,").replace("\n", "\nX Y,").removesuffix("X Y,"),
         "1 column left aside, not kept: 'Name'"),
        (PEOPLE.replace("cem,Sales", "cem, sales "), "1 spelling of departments joined"),
        (PEOPLE.replace("cem,Sales,South", "cem,Sales,SOUTH"), "1 spelling of teams joined"),
        (PEOPLE.replace("dia,Service,,boss,employee", "dia,Service,,boss,"),
         "the role of a few people follows"),
        (PEOPLE, "people without a team have no team ties"),
    ],
)  # fmt: skip
def test_what_can_be_mended_is_mended_and_counted(read: Read, people: str, note: str) -> None:
    imported = read(people)
    assert len(imported.people) == 8
    assert imported.departments == ("management", "Sales", "Service")
    assert any(note in one for one in imported.report), imported.report


def test_roles_follow_from_the_reporting_line_where_they_are_missing(read: Read) -> None:
    text = "".join(line.rsplit(",", 1)[0] + "\n" for line in PEOPLE.splitlines())
    imported, told = read(text), read(PEOPLE)
    assert imported.role.tolist() == told.role.tolist()
    assert imported.digest == told.digest


def test_a_top_without_reports_is_an_employee_and_several_tops_are_fine(read: Read) -> None:
    imported = read("id,department,manager\na,x,\nb,x,a\nc,y,\n")
    roles = {one: imported.role[row_of(imported, one)] for one in "abc"}
    assert roles == {"a": EXECUTIVE, "b": EMPLOYEE, "c": EMPLOYEE}
    assert (imported.boss == NOBODY).sum() == 2


def test_the_line_follows_from_the_roles_where_there_is_no_manager_column(read: Read) -> None:
    text = "".join(
        ",".join((*line.split(",")[:3], line.split(",")[4])) + "\n" for line in PEOPLE.splitlines()
    )
    empty = "\n".join(
        f"{line},{'' if k else 'manager'}" for k, line in enumerate(text.splitlines())
    )
    for written in (text, empty):
        imported = read(written)
        np.testing.assert_array_equal(imported.boss, read(PEOPLE).boss)
        assert any("follows from the roles" in note for note in imported.report)


def test_without_lead_or_manager_an_employee_reports_to_the_first_executive(read: Read) -> None:
    imported = read("id,department,team,role\na,x,,executive\nb,y,t,employee\nc,y,t,manager\n")
    assert imported.boss[row_of(imported, "b")] == row_of(imported, "c")
    imported = read("id,department,team,role\na,x,,executive\nb,y,t,employee\n")
    assert imported.boss[row_of(imported, "b")] == row_of(imported, "a")


# --- What has to be mended by hand ---------------------------------------------------------


@pytest.mark.parametrize(
    ("people", "line", "column", "message"),
    [
        (PEOPLE.replace("department", "departmnt"), 0, "department", "is it 'departmnt'?"),
        (PEOPLE.replace("team,manager", "manager,leidinggevende"), 0, "manager", "both mean"),
        (PEOPLE + "ann,Service,,boss,employee\n", 10, "id", "in line 5 already"),
        (PEOPLE + ",Service,,boss,employee\n", 10, "id", "expected the id"),
        (PEOPLE.replace("dia,Service", "dia, "), 9, "department", "expected the name"),
        (PEOPLE.replace("north,employee", "n,employee").replace("south,e", "s,e"), 5, "manager", "nobody's id"),
        (PEOPLE.replace("cem,Sales,South,south", "cem,Sales,South,cem"), 8, "manager", "their own manager"),
        (PEOPLE.replace("boss,Board,,", "boss,Board,,south"), 2, "manager",
         "lines 2 -> 7 -> 3 -> 2"),
        (PEOPLE.replace("manager\nnorth", "manger\nnorth"), 3, "role", "did you mean 'manager'?"),
        (PEOPLE + "x,Service,,boss,employee,y\n", 10, "", "found 6 cells, the header has 5"),
        (PEOPLE + 'x,Ser"vice,"a" b,boss,employee\n', 10, "", "a quote"),
        (PEOPLE[: PEOPLE.index("head")], 0, "", "found 1 person, expected 2 to 200,000"),
        ("id,department\na,x\nb,x\n", 0, "", "nobody has a manager or a role"),
        ("", 0, "", "the file is empty"),
        (PEOPLE.replace("Service", "S" * 81), 9, "department", "found 81 characters"),
        (b"PK\x03\x04workbook", 0, "", "CSV UTF-8"),
        (b"id,department\0", 0, "", "not a text"),
        (b"\xff\xfei\0d\0", 0, "department", "there is no such column"),
        (b"\xff\xfei\0\xd8", 0, "", "starts as UTF-16"),
        (b"id,department\n\x81,x", 0, "", "line 2 is neither"),
    ],
)  # fmt: skip
def test_a_mistake_is_shown_with_its_line_and_how_to_mend_it(
    read: Read, people: str | bytes, line: int, column: str, message: str
) -> None:
    found = [
        (one.line, one.path)
        for one in refused(read, people).problems
        if message in one.message and one.file.endswith("people.csv")
    ]
    assert (line, column) in found


@pytest.mark.parametrize(
    ("column", "wrong", "right"),
    [
        ("hours", ("81", "-1", "many", "1e99"), ("80", "32.5")),
        ("hourly cost", ("1001", "nan"), ("45", "1e2")),
        ("skill", ("1.1", "-0.1", "inf"), ("0", "1", "0.5")),
        ("threat_status", ("2", "x"), ("0.25",)),
        ("q7", ("0", "6", "2.5", "ja"), ("1", "5", "")),
        ("archetype", ("competent?", "fear"), ("competence", "Regie", "")),
        ("uses", ("2", "maybe"), ("ja", "no", "1", "")),
    ],
)
def test_values_out_of_range_are_refused_and_those_in_range_are_not(
    read: Read, column: str, wrong: Sequence[str], right: Sequence[str]
) -> None:
    head = f"id,department,role,{column}\nzz,x,employee,\n"
    for value in right:
        read(head + f"a,x,employee,{value}\n")
    for value in wrong:
        (problem,) = refused(read, head + f"a,x,employee,{value}\n").problems
        assert (problem.line, problem.column) == (3, 4)
        assert f"found '{value}'" in problem.message


def test_a_decimal_comma_in_a_file_of_commas_is_one_if_it_can_be_nothing_else(read: Read) -> None:
    text = 'id,department,role,hours\na,x,employee,"32,5"\nb,x,employee,4\n'
    assert read(text).weekly_hours.tolist() == [32.5, 4]


def test_all_mistakes_are_shown_at_once_the_first_twenty_in_full(read: Read) -> None:
    rows = "".join(f"p{k},{'x' * (81 + k % 2)},chief\n" for k in range(2))
    circles = "".join(f"a{k},x,b{k},\nb{k},x,a{k},\n" for k in range(30))
    error = refused(read, "id,department,archetype\n" + rows)
    assert [(one.line, one.path) for one in error.problems] == [
        (2, "department"), (2, "archetype"), (3, "department"), (3, "archetype"),
    ]  # fmt: skip
    error = refused(read, "id,department,manager,role\n" + circles)
    assert len(error.problems) == 1
    assert "in 30 rows: 2, 4, 6" in str(error)
    heads = ",".join(f"q{k}" for k in range(1, 11))
    values = "".join(f"c{k},x,,chief,-1,x,{'7,' * 10}y\n" for k in range(2))
    error = refused(read, f"id,department,manager,archetype,hours,skill,{heads},uses\n" + values)
    assert len(error.problems) == 21
    assert error.problems[-1].message == "and 8 more"


def test_more_people_than_the_engine_is_made_for_are_refused(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_page, "MOST_PEOPLE", 7)
    assert "found 8 people, expected 2 to 7" in str(refused(read, PEOPLE))


def test_every_circle_is_named_once(read: Read) -> None:
    error = refused(read, "id,department,manager\na,x,b\nb,x,a\nc,x,d\nd,x,e\ne,x,d\nf,x,a\n")
    assert [one.message.count("circle") for one in error.problems] == [1, 1]


def test_no_message_quotes_an_id(read: Read) -> None:
    people = PEOPLE.replace("cem,Sales,South,south", "cem,Sales,South,gone-one")
    assert "gone-one" not in str(refused(read, people + "cem,Other,,boss,employee\n"))
    assert "gone-one" not in str(refused(read, PEOPLE, "source,target\nann,gone-one\n"))


def test_a_file_that_is_not_there_or_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE)
    with pytest.raises(ScenarioError, match=r"did you mean 'people.csv'\?"):
        read_organisation(tmp_path / "peeple.csv", None, SALT)
    with pytest.raises(ScenarioError, match="this is a folder"):
        read_organisation(tmp_path, None, SALT)
    monkeypatch.setattr(table, "LARGEST_FILE", 20)
    with pytest.raises(ScenarioError, match="larger than"):
        read_organisation(path, None, SALT)


# --- Ties ----------------------------------------------------------------------------------


def tie(imported: Imported, one: str, other: str) -> float:
    """Return the weight of the tie between two people."""
    ends = sorted((row_of(imported, one), row_of(imported, other)))
    (k,) = np.flatnonzero((imported.first == ends[0]) & (imported.second == ends[1]))
    return float(imported.weight[k])


def test_a_pair_becomes_one_tie_of_the_larger_direction_and_layers_add_up(read: Read) -> None:
    imported = read(
        PEOPLE,
        "source,target,weight,layer\n"
        "ann,bob,1,advice\nbob,ann,3,advice\nann,bob,1,lunch\n"  # 3 + 1
        "ann,cem,2,advice\n"
        "ann,dia,2,advice\nann,dia,1,Advice\n"  # written twice
        "ann,boss,1,lunch\n",
    )
    assert imported.first.size == 4
    assert (imported.first < imported.second).all()
    assert tie(imported, "ann", "bob") == 2.0
    assert tie(imported, "ann", "cem") == tie(imported, "ann", "dia") == 1.0
    assert tie(imported, "boss", "ann") == 0.5
    assert "ties: 3 rows joined with others of the same pair" in imported.report


def test_weights_have_median_one_stay_in_bounds_and_add_up_exactly(read: Read) -> None:
    ids = [line.split(",")[0] for line in PEOPLE.splitlines()[1:]]
    pairs = [(a, b) for k, a in enumerate(ids) for b in ids[k + 1 :]]
    text = "".join(f"{a},{b},{1.37 ** (k - 11)}\n" for k, (a, b) in enumerate(pairs))
    weight = read(PEOPLE, "source,target,weight\n" + text).weight
    assert weight.min() == 1 / 8
    assert weight.max() == 8
    assert abs(np.median(weight) - 1) <= 1 / 1024
    assert (weight * 1024 == np.round(weight * 1024)).all()


def test_ties_without_weight_weigh_one(read: Read) -> None:
    assert read(PEOPLE, "van;naar\nann;bob\nbob;cem\n").weight.tolist() == [1.0, 1.0]


def test_ties_to_oneself_and_of_weight_zero_are_dropped_and_counted(read: Read) -> None:
    imported = read(PEOPLE, "source,target,weight\nann,ann,1\nann,bob,0\nann,cem,2\n")
    assert imported.first.size == 1
    assert {
        "ties: 1 tie of people to themselves dropped",
        "ties: 1 tie of weight 0 dropped",
    } <= set(imported.report)


@pytest.mark.parametrize(("rows", "accepted"), [(20, False), (21, True)])
def test_a_few_people_may_have_left_since_the_survey(read: Read, rows: int, accepted: bool) -> None:
    ties = "source,target\nann,gone\n" + "ann,bob\n" * (rows - 1)
    if accepted:
        imported = read(PEOPLE, ties)
        assert imported.first.size == 1
        assert any("1 of 21 rows dropped" in note for note in imported.report)
    else:
        (problem,) = refused(read, PEOPLE, ties).problems
        assert (problem.line, problem.path) == (2, "target")


@pytest.mark.parametrize(
    ("ties", "message"),
    [
        ("source,target,weight\nann,bob,-1\n", "found '-1', expected a number of at least 0"),
        ("source,target,weight\nann,bob,nan\n", "found 'nan'"),
        ("source,target,weight\nann,bob,\n", "this cell is empty, expected a number"),
        ("source,target\nann,\n", "this cell is empty"),
        ("source,taget\nann,bob\n", "is it 'taget'?"),
        ("source,target\n", "found no rows"),
    ],
)
def test_ties_that_cannot_be_right_are_refused(read: Read, ties: str, message: str) -> None:
    error = refused(read, PEOPLE, ties)
    assert message in str(error)
    assert all(one.file.endswith("ties.csv") for one in error.problems)


# --- The questionnaire ---------------------------------------------------------------------


def test_the_questionnaire_has_ten_statements_in_two_languages_at_least_two_a_threat() -> None:
    form = questionnaire()
    assert list(form.items) == [f"q{number}" for number in range(1, 11)]
    for language in ("nl", "en"):
        assert form.introduction[language]
        assert len(form.scale[language]) == 5
        assert len({one.text[language] for one in form.items.values()}) == 10
    threats = [one.threat for one in form.items.values()]
    assert all(threats.count(k) >= 2 for k in range(len(THREATS)))
    assert any(one.reversed for one in form.items.values())


@given(st.dictionaries(st.sampled_from([f"q{n}" for n in range(1, 11)]), st.integers(1, 5)))
def test_agreeing_more_never_lowers_the_threat_a_statement_speaks_of(
    answers: dict[str, int],
) -> None:
    def threats(given: dict[str, int]) -> list[float]:
        of_one = {name: np.array([float(answer)]) for name, answer in given.items()}
        return threats_of(of_one)[0].tolist() if given else [float("nan")] * len(THREATS)

    before = threats(answers)
    for name, answer in answers.items():
        item = questionnaire().items[name]
        more = threats({**answers, name: min(5, answer + 1)})[item.threat]
        assert (more <= before[item.threat]) if item.reversed else (more >= before[item.threat])
    for k, value in enumerate(before):
        answered = any(questionnaire().items[name].threat == k for name in answers)
        assert (0 <= value <= 1) if answered else value != value


def test_the_strongest_threat_is_the_archetype_the_first_among_equals() -> None:
    unknown = float("nan")
    threats = [(0.2, 0.9, 0.3, 0.1), (0.2, 0.5, 0.5, 0.1), (0.2, unknown, 0.5, 0.1)]
    assert archetypes_of(np.array(threats)).tolist() == [1, 1, NOBODY]


def test_answers_become_threats_and_what_is_said_of_somebody_goes_before_them(read: Read) -> None:
    heads = ",".join(f"vraag {n}" for n in range(1, 11))
    fearful = ",".join(
        str(1 if one.reversed else 5) if one.threat == 3 else "3"
        for one in questionnaire().items.values()
    )
    imported = read(
        f"id,department,role,archetype,threat_ethics,{heads}\n"
        f"a,x,employee,,,{fearful}\nb,x,employee,status,0.2,{fearful}\n"
        f"c,x,employee,,{',' * 10}\n"
    )
    a, b, c = (row_of(imported, one) for one in "abc")
    assert imported.threats[a].tolist() == [0.5, 0.5, 0.5, 1.0]
    assert imported.threats[b].tolist() == [0.5, 0.5, 0.5, 0.2]
    assert np.isnan(imported.threats[c]).all()
    assert imported.archetype[[a, b, c]].tolist() == [3, 1, -1]


# --- Privacy -------------------------------------------------------------------------------


def test_nothing_of_an_id_or_of_another_column_is_kept(read: Read) -> None:
    secrets = ["secret-id-1", "secret-id-2", "Jansen", "1970-01-01"]
    imported = read(
        "id,Naam,Geboortedatum,department,manager\n"
        f"{secrets[0]},{secrets[2]},{secrets[3]},x,\n{secrets[1]},{secrets[2]},{secrets[3]},x,{secrets[0]}\n"
    )
    kept = repr(imported)
    assert not any(secret in kept for secret in secrets)
    assert any("'Naam', 'Geboortedatum'" in note for note in imported.report)


def test_another_salt_changes_names_and_nothing_else(read: Read, tmp_path: Path) -> None:
    (tmp_path / "staff.csv").write_text(PEOPLE)
    one, other = (read_organisation(tmp_path / "staff.csv", None, salt) for salt in (b"a", b"b"))
    assert one.digest == other.digest
    assert not set(one.people) & set(other.people)
    for name in ("role", "department", "team", "boss"):
        assert np.array_equal(getattr(one, name), getattr(other, name))


def test_the_salt_is_made_once_for_its_owner_only_and_used_again(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE)
    first, again = read_organisation(path, None), read_organisation(path, None)
    salt = tmp_path / ".adopt-salt"
    assert first.digest == again.digest
    assert any(".adopt-salt made" in note for note in first.report)
    assert not any(".adopt-salt" in note for note in again.report)
    if os.name == "posix":
        assert stat.S_IMODE(salt.stat().st_mode) == 0o600
    salt.unlink()
    assert not set(read_organisation(path, None).people) & set(first.people)


def test_where_nothing_can_be_written_pseudonyms_hold_for_the_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE)

    def refuse(*_: object) -> int:
        raise PermissionError

    monkeypatch.setattr(privacy.os, "open", refuse)
    first, again = read_organisation(path, None), read_organisation(path, None)
    assert first.people == again.people
    assert any("this session only" in note for note in first.report)
    assert not (tmp_path / ".adopt-salt").exists()


def test_a_salt_that_was_damaged_is_not_replaced_in_silence(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE)
    (tmp_path / ".adopt-salt").write_text("abc")
    with pytest.raises(ScenarioError, match="64 hexadecimal digits"):
        read_organisation(path, None)
    assert (tmp_path / ".adopt-salt").read_text() == "abc"


def test_pseudonyms_are_longer_where_two_would_be_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(privacy, "pseudonym", lambda _, one, digits: one[: digits // 4])
    names = privacy.pseudonyms(SALT, ["abcd", "abxy", "zz"])
    assert names == {"zz": "zz", "abcd": "abcd", "abxy": "abxy"}


def test_a_list_of_ids_becomes_the_pseudonyms_of_the_organisation(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE)
    imported = read_organisation(path, None)
    names = pseudonyms_of(path, ["ann", " north "])
    lead, member = (imported.people.index(one) for one in reversed(names))
    assert imported.role[lead] == TEAM_LEAD
    assert imported.boss[member] == lead
    assert imported.role[imported.boss[lead]] == MANAGER
    assert pseudonyms_of(path, names) == names
    with pytest.raises(ScenarioError, match="entry 2 of the list") as caught:
        pseudonyms_of(path, ["ann", "somebody"])
    assert "somebody" not in str(caught.value)


def test_the_example_is_an_organisation(tmp_path: Path) -> None:
    for name in ("people.csv", "ties.csv"):
        (tmp_path / name).write_bytes((EXAMPLES / name).read_bytes())
    imported = read_organisation(tmp_path / "people.csv", tmp_path / "ties.csv")
    assert 50 <= len(imported.people) <= 80
    assert set(imported.role.tolist()) == set(range(len(ROLES)))
    assert set(imported.archetype.tolist()) == {-1, 0, 1, 2, 3}
    assert imported.first.size > len(imported.people)
    assert not np.isnan(imported.hourly_cost).any()
