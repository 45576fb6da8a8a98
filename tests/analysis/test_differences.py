"""What differs between two strategies, in the reader's words."""

from __future__ import annotations

import re

import pytest

import sim
from analysis.app import meter
from analysis.app.differences import NONE, Row, differences
from analysis.words.languages import language

EN, NL = language("en"), language("nl")

SHIPPED = ("baseline", "leadership", "champions", "full-programme", "waves", "adaptive", "buddies")


def rows(before: sim.Scenario, after: sim.Scenario) -> list[tuple[str, ...]]:
    return [tuple(row) for row in differences(before, after, EN)]


@pytest.mark.parametrize("name", SHIPPED)
def test_nothing_differs_from_itself(name: str) -> None:
    assert differences(sim.load(name), sim.load(name), EN) == []


@pytest.mark.parametrize("words", [EN, NL])
@pytest.mark.parametrize("first", SHIPPED)
@pytest.mark.parametrize("second", [*SHIPPED, "case-machine-builder", "case-consultancy"])
def test_what_differs_is_told_the_same_from_both_sides(
    first: str, second: str, words: object
) -> None:
    there = differences(sim.load(first), sim.load(second), words)  # type: ignore[arg-type]
    back = differences(sim.load(second), sim.load(first), words)  # type: ignore[arg-type]
    pairs = {(row.group, row.before, row.after) for row in there}
    assert pairs == {(row.group, row.after, row.before) for row in back}
    for row in there:
        assert row.before != row.after
        assert not re.search(r"[a-z]\.[a-z]|[a-z]_[a-z]", f"{row.group} {row.what}")


def test_each_kind_of_difference_has_its_row() -> None:
    one = sim.load("champions")
    changes = {
        "programme.champions.share": 0.05,
        "programme.champions.start": 3,
        "programme.training": {},
        "programme.launch": None,
        "organisation.employees": 120,
        "organisation.departments.sales.task_share": 0.4,
        "tool.licence_price": 30.0,
        "budget.total": 500_000.0,
        "events": {"reorganisation": {"month": 5}},
    }
    found = rows(one, one.changed(changes))
    assert ("Champions", "When", "months 1 to 24", "months 3 to 24") in found
    assert ("Champions", "How much", "11 people", "6 people") in found
    assert any(row[:2] == ("Training by role", "added") and row[2] == NONE for row in found)
    assert any(row[:2] == ("Launch campaign", "taken out") and row[3] == NONE for row in found)
    assert ("Organisation", "Employees", "140", "120") in found
    assert ("Organisation", "sales: Share of the work AI can help with", "35%", "40%") in found
    assert ("The tool", "A licence, each month", "€28", "€30") in found
    assert ("Budget", "Budget", NONE, "€500,000") in found
    assert ("What happens unplanned", "added", NONE, "Reorganisation: month 5") in found


def test_fewer_licences_are_told_as_their_number() -> None:
    one = sim.load("waves")
    assert [
        row[:4] for row in rows(one, meter.with_licences(one, 70)) if row[0] == "Access to AI"
    ] == [("Access to AI", "Licences", "140", "70")]


def test_what_is_not_paid_for_says_so() -> None:
    out = sim.load("champions").changed({"budget.total": 150_000.0, **meter.LEFT_OUT})
    told = [Row(*row) for row in rows(sim.load("baseline"), out)]
    (row,) = [row for row in told if row.group == "Champions"]
    assert "not bought" in row.after and "€" not in row.after
