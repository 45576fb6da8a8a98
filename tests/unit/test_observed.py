"""What reading observed use promises: each format as it comes, errors with their place, nobody alone."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from analysis.decisions.observed import OTHERS, Observed, read_observed
from analysis.decisions.observed_counts import calendar_month
from analysis.words.languages import language
from sim.errors import AdoptionError, ScenarioError

OWN = "month,active,enabled\n1,20,140\n2,31,140\n3,42,140\n"


@pytest.fixture
def write(tmp_path: Path):  # type: ignore[no-untyped-def]
    def written(text: str, name: str = "use.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return written


def counts(seen: Observed) -> list[tuple[int, float, float]]:
    return list(zip(seen.months.tolist(), seen.active.tolist(), seen.base.tolist(), strict=True))


EXPECTED = [(1, 20.0, 140.0), (2, 31.0, 140.0), (3, 42.0, 140.0)]

# --- Own files -----------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_an_own_file_is_read_however_it_is_saved(write, encoding: str, separator: str) -> None:  # type: ignore[no-untyped-def]
    seen = read_observed(write(OWN.replace(",", separator), encoding=encoding))
    assert counts(seen) == EXPECTED
    assert (seen.of, seen.source.kpi, seen.first) == ("enabled", "using", "")


@pytest.mark.parametrize(
    "months",
    [
        ("2026-01", "2026-02", "2026-03"),
        ("01/2026", "02/2026", "03/2026"),
        ("jan 2026", "feb 2026", "mrt 2026"),
        ("January 2026", "February 2026", "March 2026"),
        ("2026-01-31", "2026-02-28", "2026-03-31"),
        ("31-01-2026", "28-02-2026", "31-03-2026"),
        ("31/01/2026", "28/02/2026", "31/03/2026"),
        ("1/31/2026", "2/28/2026", "3/31/2026"),
        ("2026-01-31T00:00:00", "2026-02-28T00:00:00", "2026-03-31T00:00:00"),
    ],
)
def test_months_of_the_calendar_are_read_as_people_write_them(  # type: ignore[no-untyped-def]
    write, months: tuple[str, str, str]
) -> None:
    text = OWN
    for number, month in zip(("1", "2", "3"), months, strict=True):
        text = text.replace(f"\n{number},", f"\n{month},")
    seen = read_observed(write(text))
    assert counts(seen) == EXPECTED
    assert seen.first == "2026-01"
    assert any("month 1 is 2026-01" in note for note in seen.notes)
    later = read_observed(write(text), first="2025-12")
    assert later.months.tolist() == [2, 3, 4]


@pytest.mark.parametrize(
    "thousands", ["1.140", "1,140", "1 140", "1\N{NO-BREAK SPACE}140", "1'140"]
)
def test_thousands_are_read_with_any_separator(write, thousands: str) -> None:  # type: ignore[no-untyped-def]
    text = f"maand;actief;met toegang\n1;620;{thousands}\n2;1.001;{thousands}\n"
    assert counts(read_observed(write(text))) == [(1, 620.0, 1140.0), (2, 1001.0, 1140.0)]


def test_weekly_users_are_held_against_weekly_users_and_people_are_a_base(write) -> None:  # type: ignore[no-untyped-def]
    seen = read_observed(write("month,weekly,people\n1,20,140\n4,30,150\n"))
    assert (seen.of, seen.source.kpi) == ("people", "adoption")
    assert seen.months.tolist() == [1, 4]
    assert seen.share.tolist() == [20 / 140, 30 / 150]
    assert seen.until(3).months.tolist() == [1]


def test_departments_of_fewer_than_five_are_told_as_one_or_not_at_all(write) -> None:  # type: ignore[no-untyped-def]
    rows = {"engineering": (10, 40), "sales": (5, 30), "legal": (3, 4), "board": (1, 4)}
    text = "month,department,active,enabled\n" + "".join(
        f"{month},{name},{active},{enabled}\n"
        for month in (1, 2)
        for name, (active, enabled) in rows.items()
    )
    seen = read_observed(write(text))
    assert counts(seen) == [(1, 19.0, 78.0), (2, 19.0, 78.0)]  # the sum where nothing is told
    assert set(seen.groups[OTHERS]) >= {"legal", "board"}
    assert (seen.group_base >= 5).all()
    told = json.dumps(seen.plain())
    assert '"legal"' not in told
    assert any("fewer than 5 people" in note for note in seen.notes)
    text = text.replace("sales,5,30", "sales,2,4").replace("engineering,10,40", "engineering,2,3")
    alone = read_observed(write(text))
    assert not alone.groups or (alone.group_base >= 5).all()


def test_departments_that_come_and_go_are_known_in_their_months_only(write) -> None:  # type: ignore[no-untyped-def]
    rows = "1,,20,90\n2,,30,90\n1,sales,9,40\n2,it,9,50\n1,legal,1,3\n2,board,1,4\n"
    seen = read_observed(write("month,department,active,enabled\n" + rows))
    assert counts(seen) == [(1, 20.0, 90.0), (2, 30.0, 90.0)]
    known = seen.group_base[np.isfinite(seen.group_base)]
    assert (known >= 5).all()
    assert "legal" not in json.dumps(seen.plain())


# --- Exports of Microsoft -------------------------------------------------------------------

SUMMARY = (
    "Report Refresh Date,Report Period,Any App Enabled Users,Any App Active Users,Word Enabled Users,"
    "Word Active Users\n2026-01-31,30,140,58,140,20\n2026-03-02,30,140,66,140,22\n2026-03-31,30,141,71,141,30\n"
)


def test_a_summary_of_copilot_usage_has_the_users_of_thirty_days(write) -> None:  # type: ignore[no-untyped-def]
    """That of 2 March is about February, in which most of its days lie."""
    seen = read_observed(write("\ufeff" + SUMMARY))
    assert counts(seen) == [(1, 58.0, 140.0), (2, 66.0, 140.0), (3, 71.0, 141.0)]
    assert (seen.source.kpi, seen.first) == ("using", "2026-01")
    newer = SUMMARY.replace("Any App", "Microsoft 365 Copilot")
    assert counts(read_observed(write(newer))) == counts(seen)
    plain = SUMMARY.replace("Any App Enabled", "Enabled").replace("Any App Active", "Active")
    assert counts(read_observed(write(plain))) == counts(seen)


def detail(refreshed: str, last: list[str]) -> str:
    head = (
        "Report Refresh Date,Report Period,User Principal Name,Display Name,Last Activity Date,"
        "Microsoft Teams Copilot Last Activity Date,Word Copilot Last Activity Date\n"
    )
    return head + "".join(
        f"{refreshed},30,somebody{k}@acme.example,Some Body {k},{day},{day},\n"
        for k, day in enumerate(last)
    )


def test_details_by_user_say_who_was_active_in_the_days_before(write) -> None:  # type: ignore[no-untyped-def]
    january = detail("2026-01-31", ["2026-01-30", "2026-01-02", "2026-01-01", "2025-12-01", "", ""])
    february = detail("2026-02-28", ["2026-02-27"] * 4 + ["", ""])
    seen = read_observed([write(january, "a.csv"), write(february, "b.csv", "utf-16")])
    assert counts(seen) == [(1, 2.0, 6.0), (2, 4.0, 6.0)]
    everything = repr(seen) + json.dumps(seen.plain())
    assert "somebody" not in everything
    assert "Some Body" not in everything


def viva(weeks: int = 13, form: str = "%Y-%m-%d") -> str:
    """Return people and weeks from Monday 5 January 2026: always, often, seldom, never, licence later."""
    used = {
        "always": lambda week: 5,
        "often": lambda week: 0 if week % 4 == 3 else 2,
        "seldom": lambda week: 3 if week % 2 else 0,
        "never": lambda week: 0,
        "other": lambda week: 1,
        "later": lambda week: "" if week < 4 else 4,
    }
    rows = "".join(
        f"{name},{(date(2026, 1, 5) + timedelta(weeks=week)).strftime(form)},{of(week)},Sales\n"
        for name, of in used.items()
        for week in range(weeks)
    )
    return "PersonId,MetricDate,Total Copilot actions taken,Organization\n" + rows


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%m/%d/%Y", "%d/%m/%Y", "%Y-%m-%dT00:00:00"])
def test_weeks_of_viva_become_weekly_users_by_month(write, form: str) -> None:  # type: ignore[no-untyped-def]
    """Used in three of four weeks; a week without a licence is none; a short month is left out."""
    seen = read_observed(write(viva(form=form)))
    assert counts(seen) == [(1, 3.0, 5.0), (2, 4.0, 6.0), (3, 4.0, 6.0)]
    assert (seen.source.kpi, seen.first) == ("adoption", "2026-01")
    assert list(seen.groups) == ["Sales"]
    fewer = read_observed(write(viva(weeks=10, form=form)))
    assert fewer.months.tolist() == [1, 2]
    assert any("left out: 2026-03" in note for note in fewer.notes)
    apps = viva(form=form).replace("Total Copilot actions taken", "Copilot actions taken in Word")
    assert counts(read_observed(write(apps))) == counts(seen)
    assert "always" not in repr(seen)


# --- What cannot be -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("month,active,enabled\n1,20,140\n2,x,140\n", 3, 2, "found 'x', expected a whole number"),
        ("month,active,enabled\n1,20,140\n2,,140\n", 3, 2, "found nothing, expected a number of people"),
        ("month,active,enabled\n1,200,140\n", 2, 2, "found 200 active of 140"),
        ("month,active,enabled\n1,20,140\n1,21,140\n", 3, 1, "it is in line 2 already"),
        ("month,active,enabled\n0,20,140\n", 2, 1, "found '0', expected a whole number from 1"),
        ("month,active,enabled\n2026-01,20,140\nsoon,21,140\n", 3, 1, "found 'soon', expected a month"),
        ("month,active,enabled\n2026-01-31,2,140\n31/31/2026,21,140\n", 3, 1, "expected a date such as"),
        ("month,active,enabled\n03/04/2026,2,140\n", 2, 1, "which is 2026-03-04 or 2026-04-03"),
        ("month,active,enabled\nlater,2,140\n", 2, 1, "expected a number of the programme's months"),
        ("month,enabled\n1,140\n", 0, 0, "expected active (users of the month) or weekly"),
        ("month,active,weekly,enabled\n1,1,1,140\n", 0, 0, "found both columns"),
        ("month,active\n1,140\n", 0, 0, "expected how many could use it"),
        ("when,active,enabled\n1,2,140\n", 0, 0, "there is no such column"),
        ("month,active,enabled\n1,2,4\n", 0, 0, "found fewer than 5 people"),
        (SUMMARY.replace(",30,140,58", ",7,140,58"), 2, 2, "found '7' days, expected 30"),
        (SUMMARY.replace("140,58", "140,158"), 2, 4, "found 158 active of 140"),
        (SUMMARY.replace("2026-01-31", "soon"), 2, 1, "expected a date such as 2026-03-31"),
        (SUMMARY.replace("Report Period", "Report Date"), 0, 0, "daily users"),
        (SUMMARY.replace("Any App", "Some App"), 0, 0, "expected columns with enabled and active"),
        (detail("2026-01-31", ["2026-01-02"] * 6).replace("Copilot ", ""), 0, 0, "users of other programs"),
        (viva().replace("Copilot", "Robot"), 0, 0, "no column counts Copilot actions"),
        (viva().replace("2026-01-05,5", "2026-01-05,five"), 2, 3, "found 'five', expected a number"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(  # type: ignore[no-untyped-def]
    write, text: str, line: int, column: int, message: str
) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_observed(write(text))
    problem = caught.value.problems[0]
    assert (problem.line, problem.column) == (line, column)
    assert message in problem.message
    assert problem.file.endswith("use.csv")
    dutch = language("nl").told(problem.message)
    assert dutch != problem.message and not re.search(
        r"\b(found|expected|there|the|is no)\b", dutch
    )


def test_files_that_do_not_go_together_are_refused(write) -> None:  # type: ignore[no-untyped-def]
    own, summary = write(OWN, "own.csv"), write(SUMMARY, "summary.csv")
    with pytest.raises(AdoptionError, match="expected files of one kind"):
        read_observed([own, summary])
    other = write(SUMMARY.replace("140,58", "140,57"), "again.csv")
    with pytest.raises(AdoptionError, match="2026-01 is 57 of 140 here and 58 of 140"):
        read_observed([summary, other])
    with pytest.raises(AdoptionError, match="counts months from 1 by itself"):
        read_observed(own, first="2026-01")
    with pytest.raises(AdoptionError, match="none after the first that was observed"):
        read_observed(summary, first="2026-02")
    with pytest.raises(AdoptionError, match="found no file"):
        read_observed([])
    with pytest.raises(ScenarioError, match="there is no such file"):
        read_observed(own.with_name("none.csv"))


def test_months_by_name_are_months_of_the_calendar() -> None:
    assert calendar_month("okt. 2026") == calendar_month("2026-10") == 12 * 2026 + 9
    assert calendar_month("2026-13") is None
