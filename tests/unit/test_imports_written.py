"""What reading promises however people write: the number meant, the person meant, or an error."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.scenario.imports import Imported, pseudonym, pseudonyms_of, read_organisation
from sim.scenario.imports.ids import identity, loose
from sim.state import EMPLOYEE, EXECUTIVE, NOBODY, TEAM_LEAD

SALT = b"a salt for tests"
Read = Callable[..., Imported]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return a reader of people and ties, as text, bytes or rows of a workbook."""

    def written(name: str, content: Any) -> Path:
        path = tmp_path / f"{name}.{'xlsx' if isinstance(content, list) else 'csv'}"
        if isinstance(content, list):
            content = workbook(content)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def reader(people: Any, ties: Any = None) -> Imported:
        tie_path = None if ties is None else written("ties", ties)
        return read_organisation(written("people", people), tie_path, SALT)

    return reader


def workbook(rows: list[list[Any]], formats: dict[str, str] | None = None) -> bytes:
    """Return rows as a workbook of Excel."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cell, form in (formats or {}).items():
        book.active[cell].number_format = form
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def refused(read: Read, people: Any, ties: Any = None) -> str:
    """Return the error a file is refused with."""
    with pytest.raises(ScenarioError) as caught:
        read(people, ties)
    return str(caught.value)


def costs(read: Read, *values: str, separator: str = ";", more: str = "") -> list[float]:
    """Return hourly costs as they are read from a column of texts."""
    quoted = [f'"{one}"' if separator in one else one for one in values]
    heads = separator.join(("id", "afdeling", "rol", "uurkosten"))
    rows = "".join(
        separator.join((f"p{k:02}", "x", "medewerker", one)) + "\n" for k, one in enumerate(quoted)
    )
    filler = separator.join(("zz", "x", "medewerker", "")) + "\n"
    imported = read(f"{heads}\n{rows}{filler}")
    places = [imported.people.index(pseudonym(SALT, f"p{k:02}")) for k in range(len(values))]
    return [float(imported.hourly_cost[place]) for place in places]


# --- Numbers -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("45,50", 45.5), ("45.50", 45.5), ("45", 45.0), ("€ 45,50", 45.5), ("45,50 EUR", 45.5),
        ("EUR 45,50", 45.5), ("€45,-", 45.0), ("45,--", 45.0), ("45,50 euro per uur", 45.5),
        ("€ 45,50/uur", 45.5), ("45,50\u00a0€", 45.5), ("\u200e45,5", 45.5), ("'45,5", 45.5),
        ("+45,5", 45.5), ("4,55E+01", 45.5), ("1.000,00", 1000.0), ("1,000.00", 1000.0),
        ("1 000", 1000.0), ("1\u202f000", 1000.0), ("1\u2009000,0", 1000.0), ("1'000.0", 1000.0),
        ("1\u2019000", 1000.0), ("€ 1.000,-", 1000.0), ("0,500", 0.5), ("0.125", 0.125),
        (",5", 0.5), ("045,50", 45.5), ('="45,5"', 45.5),
    ],
)  # fmt: skip
def test_a_number_is_read_as_it_is_meant(read: Read, text: str, value: float) -> None:
    assert costs(read, text) == [value]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("text", ["1.050", "1,050", "98.000", "€ 1.050", "1.050 EUR"])
def test_what_may_be_a_thousand_times_more_is_refused_where_nothing_tells(
    read: Read, text: str, separator: str
) -> None:
    with pytest.raises(ScenarioError, match="no other number tells which") as caught:
        costs(read, text, separator=separator)
    (problem,) = caught.value.problems
    assert (problem.line, problem.path) == (2, "hourly_cost")
    assert "write 1050 or 1.05" in problem.message or "write 98000 or 98" in problem.message


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (("98.500", "1.000", "45.25"), (98.5, 1.0, 45.25)),  # a point before decimals
        (("98,500", "1,000", "45,25"), (98.5, 1.0, 45.25)),
        (("1.000", "45,25"), (1000.0, 45.25)),
        (("1,000", "45.25"), (1000.0, 45.25)),
    ],
)
def test_the_other_numbers_of_a_column_tell_which_it_is(
    read: Read, texts: tuple[str, ...], values: tuple[float, ...]
) -> None:
    assert costs(read, *texts) == list(values)


def test_a_column_of_both_kinds_does_not_tell(read: Read) -> None:
    assert costs(read, "41,50", "41.5") == [41.5, 41.5]
    with pytest.raises(ScenarioError, match="no other number"):
        costs(read, "41,50", "41.5", "1.000")


def test_other_columns_tell_where_the_separator_agrees(read: Read) -> None:
    head = "id;afdeling;rol;uren;uurkosten\n"
    rows = "a;x;medewerker;32,5;1.000\nb;x;medewerker;36;45\n"
    assert read(head + rows).hourly_cost.tolist() == [1000.0, 45.0]
    assert "no other number" in refused(read, head + rows.replace("32,5", "32.5"))
    english = (head + rows).replace(";", ",").replace(",32,5,", ",32.5,")
    assert read(english).hourly_cost.tolist() == [1.0, 45.0]


@pytest.mark.parametrize(
    "text",
    ["1.05.0", "1,00,000", "1.0000.000", "12 34", "1.000,5.5", "1.000,500,5", "-45", "(45)", "45-",
     "\u221245", "€ -45", "(€ 45)", "€ (45)", "$ 45", "£45", "45%", "45 uur", "--45", "-45-", "nan",
     "inf", "1e999", "0x10", "4_5", "٤٥", "45,50,", "€", ".", "1/2"],
)  # fmt: skip
def test_what_is_no_number_or_below_nothing_is_refused(read: Read, text: str) -> None:
    with pytest.raises(ScenarioError, match="expected a number from 0 to 1,000"):
        costs(read, text)


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        ("AI-vaardigheid", "80%", 0.8), ("AI-vaardigheid", "80,5 %", 0.805),
        ("AI-vaardigheid", "1.000", 1.0), ("AI-vaardigheid", "1,000", 1.0),
        ("threat_status", "25 procent", 0.25), ("uren", "36.000", 36.0), ("uren", "36,000", 36.0),
        ("uren", "40 uur", 40.0), ("uren", "36,5 uur per week", 36.5), ("uren", "38 Std.", 38.0),
    ],
)  # fmt: skip
def test_units_and_percentages_are_understood(
    read: Read, column: str, text: str, value: float
) -> None:
    imported = read(f"id;afdeling;rol;{column}\na;x;medewerker;{text}\nb;x;medewerker;\n")
    found = {
        "AI-vaardigheid": imported.skill, "uren": imported.weekly_hours,
        "threat_status": imported.threats[:, 1],
    }[column]  # fmt: skip
    assert found[0] == value


def test_eighty_where_a_share_is_meant_is_refused_with_the_way_out(read: Read) -> None:
    error = refused(read, "id,department,role,skill\na,x,employee,80\nb,x,employee,\n")
    assert "80 % is 0.8" in error


def test_answers_may_be_written_with_decimals_that_say_nothing(read: Read) -> None:
    heads = ";".join(f"q{n}" for n in range(1, 11))
    imported = read(
        f"id;afdeling;rol;{heads}\na;x;medewerker{';3.0' * 10}\nb;x;medewerker{';3,00' * 10}\n"
    )
    assert imported.threats.tolist() == [[0.5] * 4] * 2
    assert "whole number from 1 to 5" in refused(
        read, f"id;afdeling;rol;{heads}\na;x;medewerker{';2,5' * 10}\nb;x;medewerker\n"
    )


def test_weights_with_thousands_are_not_read_as_small_ones(read: Read) -> None:
    people = "id;afdeling;rol\na;x;directie\nb;x;medewerker\nc;x;medewerker\nd;x;medewerker\n"
    ties = "van;naar;gewicht\na;b;1.050\na;c;2.100\na;d;900,5\n"
    weights = read(people, ties).weight
    assert weights.max() / weights.min() == pytest.approx(2100 / 900.5, abs=2e-3)
    assert "found '1.050', which is 1050 or 1.05" in refused(
        read, people, ties.replace("900,5", "900")
    )


# --- Hours ---------------------------------------------------------------------------------


def hours(read: Read, head: str, *values: str) -> list[float]:
    """Return the weekly hours of a column."""
    rows = "".join(f"{k:03};x;medewerker;{one}\n" for k, one in enumerate(values))
    return read(f"id;afdeling;rol;{head}\n{rows}").weekly_hours.tolist()


@pytest.mark.parametrize(
    ("head", "values", "expected"),
    [
        ("uren", ("0,8", "1,0", ".5"), (28.8, 36, 18)),
        ("contracturen per week", ("0.8", "1.0", "1"), (28.8, 36, 36)),
        ("contracturen per week", ("32", "40"), (32, 40)),
        ("uren p/w", ("32", "40"), (32, 40)),
        ("Wochenstunden", ("38,5", "40"), (38.5, 40)),
        ("FTE", ("0,8", "1,0"), (28.8, 36)),
        ("fte (40 uur)", ("0,8", "1,0"), (32, 40)),
        ("FTE 38 hours", ("0,5", "1,0"), (19, 38)),
        ("deeltijdfactor", ("0,8", "1"), (28.8, 36)),
        ("dienstverband", ("0,8", "1"), (28.8, 36)),
        ("parttime %", ("80", "100"), (28.8, 36)),
        ("parttime %", ("80%", "100 %"), (28.8, 36)),
        ("parttime %", ("0,8", "1"), (28.8, 36)),
        ("Deeltijdpercentage (40 uur)", ("80", "50"), (32, 20)),
        ("FTE", ("80", "100"), (28.8, 36)),
        ("Beschäftigungsgrad", ("80 %", "100 %"), (28.8, 36)),
        ("employment rate", ("0.8", "1.0"), (28.8, 36)),
        ("FTE", ("0,800", "1,000"), (28.8, 36)),
        ("uren per maand", ("156", "173,33"), (36, 40)),
        ("jaaruren", ("1.872", "2.080,00"), (36, 40)),
        ("hours per year", ("1,872", "936.0"), (36, 18)),
        ("uren", ("80%", "100%"), (28.8, 36)),
        ("uren", ("1 uur", "36"), (1, 36)),
        ("uren", ("0", "36"), (0, 36)),
    ],
)
def test_hours_a_week_are_understood_however_a_file_counts_them(
    read: Read, head: str, values: tuple[str, ...], expected: tuple[float, ...]
) -> None:
    np.testing.assert_allclose(hours(read, head, *values), expected, atol=2e-3)


@pytest.mark.parametrize(
    ("head", "values", "lines", "message"),
    [
        ("uren", ("0", "0", "0", "0"), "2, 3, 4, 5", "nobody works an hour"),
        ("FTE", ("0", "0,0", "0"), "2, 3, 4", "nobody works an hour"),
        ("uren", ("0.8", "36", "40"), ":2:4", "share of a full-time job where other rows"),
        ("uren", ("0.8", "0.8", "40"), ":4:4", "hours a week where most rows have shares"),
        ("uren", ("1", "36 uur"), ":2:4", "share of a full-time job"),
        ("uren", ("81", "36"), ":2:4", "expected a number from 0 to 80"),
        ("uren", ("156", "160", "173"), "2, 3, 4", "expected a number from 0 to 80"),
        ("uren", ("-8", "36"), ":2:4", "expected a number from 0 to 80"),
        ("FTE", ("36", "40", "32"), "2, 3, 4", "name a column of hours a week 'hours'"),
        ("FTE (40 uur)", ("1", "250%"), ":3:4", "more than 80 hours"),
        ("parttime %", ("0,8", "80", "100"), ":2:4", "this is a share where other rows"),
        ("jaaruren", ("1.872", "936"), ":2:4", "1872 or 1.872"),
    ],
)
def test_hours_that_cannot_be_right_are_refused_with_their_rows(
    read: Read, head: str, values: tuple[str, ...], lines: str, message: str
) -> None:
    with pytest.raises(ScenarioError) as caught:
        hours(read, head, *values)
    assert message in str(caught.value)
    assert lines in str(caught.value)
    assert len(caught.value.problems) == 1


def test_it_is_said_that_shares_became_hours_and_of_what_week(read: Read) -> None:
    text = (
        "id;afdeling;rol;uren;FTE\na;x;medewerker;40;1\nb;x;medewerker;20;,5\nc;x;medewerker;;,8\n"
    )
    imported = read(text)
    assert imported.weekly_hours.tolist() == [40, 20, 32]
    assert any("1.0 is read as 40 hours a week, as those have" in one for one in imported.report)
    imported = read("id;afdeling;rol;uren\na;x;medewerker;,8\nb;x;medewerker;1\n")
    assert any("1.0 is read as 36 hours a week, say another" in one for one in imported.report)
    imported = read("id;afdeling;rol;uren\na;x;medewerker;0\nb;x;medewerker;1 uur\n")
    assert "a few people have 0 hours a week" in imported.report


def test_a_column_of_kinds_of_contract_holds_no_shares(read: Read) -> None:
    imported = read(
        "id;afdeling;rol;dienstverband\na;x;medewerker;vast\nb;x;medewerker;tijdelijk\n"
    )
    assert np.isnan(imported.weekly_hours).all()
    assert "column 'dienstverband' left aside, not kept: it holds no numbers" in imported.report


# --- Rows ----------------------------------------------------------------------------------

PEOPLE = """\
id;afdeling;team;leidinggevende;functieniveau;uren
1000;Directie;;;directie;40
1001;Verkoop;;1000;leidinggevende;40
1002;Verkoop;Noord;1001;teamleider;36
1003;Verkoop;Noord;1002;medewerker;36
1004;Verkoop;Noord;1002;medewerker;24
1005;Verkoop;Zuid;1001;teamleider;36
1006;Verkoop;Zuid;1005;medewerker;36
1007;Inkoop;;1000;leidinggevende;36
"""


@pytest.mark.parametrize(
    "row",
    [
        "Totaal;;;;;284", "TOTAAL:;8;;;;284", "Totaal: 8;;;;;", ";Totaal;;;;284", "Total;;;;;284",
        "Som;;;;;284", "Grand total;;;;;284", "Eindtotaal;8;;;;284", "Subtotaal;Verkoop;;;;208",
        "Verkoop Totaal;;;;;208", ";Sales Total;;;;208", ";;;;;284", "Gemiddelde;;;;;35,5",
        ";;;Totaal;;284", "Gesamt;;;;;284", "Aantal medewerkers: 8;;;;;", "Count;8;;8;8;8",
        "Sub-total;;;;;1", "Zwischensumme;;;;;5", "Totaal;;Noord;;;96",
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", [4, 9])
def test_rows_of_sums_are_left_out_wherever_they_stand(read: Read, row: str, place: int) -> None:
    lines = PEOPLE.splitlines()
    lines.insert(place, row)
    imported = read("\n".join(lines))
    assert imported.digest == read(PEOPLE).digest
    assert f"1 row of sums left out: line {place + 1}" in imported.report


def test_a_person_called_sum_stays(read: Read) -> None:
    imported = read(PEOPLE.replace("1004", "sum").replace("1006", "total"))
    assert len(imported.people) == 8


def test_rows_of_sums_among_ties_are_left_out(read: Read) -> None:
    ties = "van;naar;gewicht\n1003;1004;2\n1003;1006;1\nTotaal;;3\n"
    imported = read(PEOPLE, ties)
    assert imported.first.size == 2
    assert "ties: 1 row of sums left out: line 4" in imported.report


def test_a_header_that_comes_again_is_left_out(read: Read) -> None:
    lines = PEOPLE.splitlines()
    imported = read("\n".join([*lines[:4], "", lines[0].upper(), *lines[4:], lines[0]]))
    assert imported.digest == read(PEOPLE).digest
    assert "2 repeated headers left out: lines 6, 12" in imported.report
    assert "1 blank line skipped" in imported.report


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1003;Verkoop;Noord;1002", "1003;Verkoop;Noord;1002.0"),
        ("1003;Verkoop;Noord;1002", "1003.0;Verkoop;Noord;1002,0"),
        ("1003;Verkoop;Noord;1002", "1003;Verkoop;Noord;1.002"),
        ("1003;Verkoop;Noord;1002", "1003;Verkoop;Noord;001002"),
        ("1003;Verkoop;Noord;1002", "\u200b1003\ufeff;Verkoop;Noord;\u200e10\u00ad02\u200f"),
        ("1003;Verkoop;Noord;1002", "\u00a01003;\u2009Verkoop\u00a0;Noord\u200b;\u00a01002\u00a0"),
        ("1003;Verkoop;Noord;1002", '="1003";Verkoop;Noord;"=""1002"""'),
        ("1003;Verkoop;Noord;1002", "1003;\u2060Verkoop;No\u200dord;1002"),
    ],
)
def test_an_id_is_the_same_however_a_spreadsheet_left_it(read: Read, old: str, new: str) -> None:
    assert read(PEOPLE.replace(old, new)).digest == read(PEOPLE).digest


def test_pseudonyms_do_not_depend_on_how_an_id_is_written(read: Read, tmp_path: Path) -> None:
    read(PEOPLE.replace("1003;", "1003.0;"))
    path = tmp_path / "people.csv"
    names = pseudonyms_of(path, ["1003", "1003.0", " 1003\u200b", "01003"])
    assert len(set(names)) == 1
    assert set(names) <= set(read_organisation(path, None).people)
    with pytest.raises(ScenarioError) as caught:
        pseudonyms_of(path, [f"x{k}" for k in range(20)])
    (problem,) = caught.value.problems
    assert "entries 1, 2, 3, 4, 5, 6 and 14 more of the list" in problem.message


def test_leading_zeros_and_capitals_count_where_they_tell_people_apart(read: Read) -> None:
    text = "id;afdeling;leidinggevende\n{0};x;\n{1};y;{0}\nm;x;{0}\nn;y;{1}\n"
    for one, other in (("7", "007"), ("a7", "A7")):
        imported = read(text.format(one, other))
        row = {who: imported.people.index(pseudonym(SALT, who)) for who in (one, other, "m", "n")}
        assert imported.boss[row["m"]] == row[one]
        assert imported.boss[row["n"]] == row[other]
    imported = read("id;afdeling;leidinggevende\nBaas-01;x;\na;x;baas-01\nb;x;BAAS-01\n")
    assert (imported.boss == NOBODY).sum() == 1
    assert any("written with other capitals" in note for note in imported.report)


def test_ties_find_people_by_ids_a_spreadsheet_changed(read: Read) -> None:
    people = "id;afdeling;rol\n0012;x;directie\n0013;x;medewerker\n1014;x;medewerker\n"
    imported = read(people, "van;naar\n12;13.0\n1.014;0012\n")
    assert imported.first.size == 2


@pytest.mark.parametrize(
    "text", ["1E+05", "1,23457E+11", "1.2E+10", "3-mei", "12-mrt-24", "01-02-2024", "2024-01-02",
             "2024-01-02 00:00:00", "1/2/2024", "jan-24", "5-Dec"],
)  # fmt: skip
@pytest.mark.parametrize("column", ["id", "manager"])
def test_an_id_a_spreadsheet_spoiled_is_refused(read: Read, text: str, column: str) -> None:
    rows = PEOPLE.replace("1007;", f"{text};") if column == "id" else PEOPLE.replace(
        "Zuid;1005", f"Zuid;{text}"
    )  # fmt: skip
    error = refused(read, rows)
    assert column in error
    assert "made by a spreadsheet: give the column the format Text" in error
    assert text not in error.replace("(1E+05)", "")


@pytest.mark.parametrize(
    "text", ["E-105", "1E5", "2e10", "12-34", "A-1-2024", "jan", "may-b", "1-1"]
)
def test_an_id_that_only_looks_odd_is_an_id(read: Read, text: str) -> None:
    assert len(read(PEOPLE.replace("1007;", f"{text};")).people) == 8


@given(st.integers(0, 10**12), st.sampled_from(["", ".0", ",0", ".00"]))
def test_decimals_of_a_spreadsheet_do_not_change_an_id(number: int, tail: str) -> None:
    assert identity(f"{number}{tail}") == str(number)
    assert loose(f"{number:,}") == loose(f"00{number}") == loose(str(number))


# --- Who has left --------------------------------------------------------------------------


def test_whoever_reports_to_somebody_who_left_reports_to_the_next_boss(read: Read) -> None:
    imported = read(PEOPLE.replace("Zuid;1005", "Zuid;9999"))
    row = {one: imported.people.index(pseudonym(SALT, one)) for one in ("1005", "1006")}
    assert imported.boss[row["1006"]] == row["1005"]
    assert any("is not in the file (who left, perhaps)" in note for note in imported.report)


def test_a_lead_whose_boss_left_does_not_become_the_top(read: Read) -> None:
    plain = "\n".join(
        ";".join(line.split(";")[k] for k in (0, 1, 2, 3)) for line in PEOPLE.splitlines()
    )
    imported = read(plain.replace("1005;Verkoop;Zuid;1001", "1005;Verkoop;Zuid;9999"))
    row = imported.people.index(pseudonym(SALT, "1005"))
    assert imported.role[row] == TEAM_LEAD
    assert imported.boss[row] == imported.people.index(pseudonym(SALT, "1001"))
    assert (imported.role == EXECUTIVE).sum() == 1


def test_nobody_ends_below_somebody_they_lead(read: Read) -> None:
    text = "id;afdeling;team;leidinggevende;rol\nt;x;;;directie\na;x;n;weg;medewerker\n"
    text += "b;x;n;a;teamleider\nc;x;n;b;medewerker\nd;x;;t;medewerker\ne;x;;t;medewerker\n"
    imported = read(text)
    for start in range(len(imported.people)):
        one, steps = start, 0
        while one != NOBODY:
            one, steps = int(imported.boss[one]), steps + 1
            assert steps <= len(imported.people)


def test_many_managers_who_are_not_there_are_one_error(read: Read) -> None:
    rows = "".join(f"p{k};x;name {k // 2};medewerker\n" for k in range(40))
    error = refused(read, "id;afdeling;leidinggevende;rol\nq;x;p1;medewerker\n" + rows)
    assert error.count("\n") == 0
    assert "20 of 21 managers are not" in error
    assert "in 40 rows: 3, 4, 5, 6, 7, 8 and 34 more" in error


def test_one_wrong_row_is_one_error(read: Read) -> None:
    staff = "".join(f"s{k};Verkoop;;baas;medewerker;36\n" for k in range(9))
    for wrong in ("baas;Verkoop;;1000;leidinggevende;36;te veel\n", ";Verkoop;;1000;leidinggevende;36\n",
                  "1E+05;Verkoop;;1000;leidinggevende;36\n"):  # fmt: skip
        error = refused(read, PEOPLE + wrong + staff)
        assert error.count("people.csv:") == 1, error


def test_mistakes_of_one_kind_are_one_line_and_other_kinds_stay(read: Read) -> None:
    rows = "".join(f"p{k};x;chef {k};{k}0\n" for k in range(9, 39))
    error = refused(read, "id;afdeling;weerstand;uren\n" + rows + "z;;;36\n")
    assert [line.split(": ")[0].split(":")[-2:] for line in error.split("\n")] == [
        ["2", "3 archetype ('weerstand')"], ["2", "4 hours ('uren')"], ["32", "2 department ('afdeling')"],
    ]  # fmt: skip
    assert "in 30 rows: 2, 3, 4, 5, 6, 7 and 24 more" in error


def test_an_id_given_many_times_is_one_error_with_what_differs(read: Read) -> None:
    again = "1003;Inkoop;Noord;1002;medewerker;36\n1003;Verkoop;Noord;1002;medewerker;20\n"
    error = refused(read, PEOPLE + again)
    assert error.count("1003") == 0
    assert "in line 5 already and in 11, with another department, hours: keep one row" in error
    assert error.count("people.csv:") == 1


def test_a_circle_is_one_error(read: Read) -> None:
    error = refused(read, PEOPLE.replace("1001;Verkoop;;1000", "1001;Verkoop;;1003"))
    assert error.count("people.csv:") == 1
    assert "circle" in error


# --- Files ---------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_all_kinds_of_text_give_the_same_organisation(
    read: Read, encoding: str, separator: str, end: str
) -> None:
    text = PEOPLE.replace("Inkoop", "Financiën")
    written = text.replace(";", separator).replace("\n", end).encode(encoding)
    assert read(written).digest == read(text).digest


def rows_of(text: str) -> list[list[Any]]:
    """Return rows of cells as a spreadsheet holds them: numbers are numbers, nothing is None."""
    return [
        [int(one) if one.isdecimal() else one or None for one in line.split(";")]
        for line in text.splitlines()
    ]


def test_a_workbook_gives_the_same_organisation(read: Read) -> None:
    ties = "van;naar;gewicht\n1003;1004;2\n1003;1006;1\n"
    one, other = read(rows_of(PEOPLE), rows_of(ties)), read(PEOPLE, ties)
    assert one.digest == other.digest
    assert one.people == other.people


def test_numbers_of_a_workbook_are_exact_and_its_texts_are_not_guessed(read: Read) -> None:
    head = ["id", "afdeling", "rol", "uurkosten", "skill"]
    a, b = ["a", "x", "medewerker", 1.234, 0.8], ["b", "x", "medewerker", 98.765, None]
    assert read([head, a, b]).hourly_cost.tolist() == [1.234, 98.765]
    stored = ["c", "x", "medewerker", "0.950", "0,5"]
    assert read([head, a, b, stored]).hourly_cost[2] == 0.95
    stored[3] = "1.000"  # a text, as what was pasted from a letter is
    error = refused(read, [head, a, b, [*stored[:4], None]])
    assert "4:4 hourly_cost ('uurkosten'): found '1.000', which is 1000 or 1" in error
    stored[3] = "45,5"
    assert read([head, a, b, stored, ["d", *stored[1:3], "1.000", None]]).hourly_cost[3] == 1000


def test_ids_in_a_workbook_that_became_dates_are_refused(read: Read) -> None:
    from datetime import datetime

    rows = rows_of(PEOPLE)
    rows[4][0] = datetime(2024, 3, 5)
    assert "a date where an id is expected" in refused(read, rows)


def test_leading_zeros_a_workbook_only_shows_are_found_again(read: Read, tmp_path: Path) -> None:
    people = [["id", "afdeling", "rol"], [12, "x", "directie"], [13, "x", "medewerker"]]
    imported = read(people, "van;naar\n00012;00013\n")
    assert imported.first.size == 1


def test_what_only_looks_like_a_workbook_is_refused(read: Read) -> None:
    content = workbook(rows_of(PEOPLE))
    for damaged in (content[:200], content.replace(b"xl/workbook", b"xl/wurkbook")):
        assert "save it from the spreadsheet as 'CSV UTF-8'" in refused(read, damaged)


def test_the_first_visible_sheet_with_rows_is_read_and_that_is_said(
    read: Read, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    hidden = book.active
    hidden.append(["id", "afdeling"])
    hidden.sheet_state = "hidden"
    book.create_sheet("leeg")
    sheet = book.create_sheet("mensen")
    for row in rows_of(PEOPLE):
        sheet.append(row)
    book.save(tmp_path / "staff.xlsx")
    imported = read_organisation(tmp_path / "staff.xlsx", None, SALT)
    assert imported.digest == read(PEOPLE).digest
    assert "the first of 3 sheets of the workbook was read" in imported.report


# --- Signs nobody sees ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "sign", ["\x00", "\x07", "\x1b[31m", "\x0b", "\x0c", "\x1c", "\x7f", "\x85", "\x9b", "\u202e",
             "\u2066", "\u2028", "\ufdd0", "\uffff", "\U0001ffff"],
)  # fmt: skip
@pytest.mark.parametrize("column", ["id", "department", "team", "manager"])
def test_control_characters_are_refused_in_every_column_that_is_kept(
    read: Read, sign: str, column: str
) -> None:
    row = {
        "id": "10{0}09;Inkoop;Oost;1007", "department": "1009;In{0}koop;Oost;1007",
        "team": "1009;Inkoop;Oo{0}st;1007", "manager": "1009;Inkoop;Oost;10{0}07",
    }[column]  # fmt: skip
    error = refused(read, PEOPLE + row.format(sign) + ";medewerker;36\n")
    if sign == "\x00":
        assert "this is not a text" in error
        return
    assert f":10:{['id', 'department', 'team', 'manager'].index(column) + 1} {column}" in error
    assert f"U+{ord(sign[0]):04X}" in error
    assert error.count("people.csv:") == 1
    assert sign not in error


def test_control_characters_in_columns_nobody_keeps_do_not_matter(read: Read) -> None:
    lines = PEOPLE.splitlines()
    text = "\n".join([f"{lines[0]};Naam\x1b", *(f"{one};Jan\x07sen" for one in lines[1:])])
    imported = read(text)
    assert imported.digest == read(PEOPLE).digest
    assert "\x1b" not in str(imported.report)


def test_roles_derived_stay_those_of_employees(read: Read) -> None:
    assert (read(PEOPLE).role == EMPLOYEE).sum() == 3
