"""What reading monthly use by person promises: any form, the same use; mistakes by line and column."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from analysis.decisions.person_use import PersonUse, month_number, read_champions, read_use
from sim.errors import ScenarioError
from sim.scenario.imports import Imported, pseudonyms_of, read_organisation

IDS = [f"{number:04d}" for number in range(1, 31)]
Read = Callable[..., PersonUse]


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    rows = [f"{id_},Sales,{IDS[0] if id_ != IDS[0] else ''}" for id_ in IDS]
    path.write_text("\n".join(["id,department,manager", *rows]) + "\n")
    return path


@pytest.fixture
def imported(people: Path) -> Imported:
    return read_organisation(people, None)


@pytest.fixture
def read(people: Path, imported: Imported) -> Read:
    def reader(text: str, **options: float) -> PersonUse:
        path = people.with_name("use.csv")
        path.write_text(text)
        return read_use(path, people, imported, **options)

    return reader


def used(k: int, month: int) -> int:
    return int((k + month) % 3 == 0)


def long(head: str = "id,month,used", by: int = 1, months: int = 3) -> str:
    rows = [
        f"{id_},{m},{by * used(k, m)}" for k, id_ in enumerate(IDS) for m in range(1, months + 1)
    ]
    return "\n".join([head, *rows]) + "\n"


def wide(heads: str = "2026-01,2026-02,2026-03") -> str:
    rows = [f"{id_},{used(k, 1)},{used(k, 2)},{used(k, 3)}" for k, id_ in enumerate(IDS)]
    return "\n".join([f"id,{heads}", *rows]) + "\n"


def refusal(read: Read, text: str) -> str:
    with pytest.raises(ScenarioError) as error:
        read(text)
    return str(error.value)


def test_long_and_wide_days_and_flags_hold_the_same_use(read: Read) -> None:
    first = read(long())
    assert first.used.shape == (30, 3)
    assert first.months == ("1", "3")
    for other in (read(wide()), read(long("id,month,days", by=5), at_least=4.0)):
        np.testing.assert_array_equal(other.used, first.used)
        assert other.seen.all()
    assert read(wide()).months == ("2026-01", "2026-03")
    assert not read(long("id,month,days", by=5), at_least=6.0).used.any()


def test_the_order_of_rows_changes_nothing(read: Read) -> None:
    head, *rows = long().splitlines()
    other = read("\n".join([head, *rows[::-1]]))
    np.testing.assert_array_equal(other.used, read(long()).used)


def test_pseudonyms_and_ids_without_leading_zeros_are_the_same_people(
    read: Read, people: Path
) -> None:
    expected = read(wide()).used
    text = wide()
    for id_, name in zip(IDS[:10], pseudonyms_of(people, IDS[:10]), strict=True):
        text = text.replace(f"\n{id_},", f"\n{name},")
    text = text.replace("\n0015,", "\n15,")
    np.testing.assert_array_equal(read(text).used, expected)


def test_an_empty_cell_is_not_known_and_without_zeros_no_row_is_no_use(read: Read) -> None:
    text = wide().replace(f"\n{IDS[4]},{used(4, 1)},", f"\n{IDS[4]},,")
    assert int((~read(text).seen).sum()) == 1
    head, *rows = long().splitlines()
    only = read("\n".join([head, *(row for row in rows if row.endswith("1"))]))
    assert only.seen.all()
    np.testing.assert_array_equal(only.used, read(long()).used)
    assert any("no zeros" in note for note in only.notes)


def test_few_strangers_are_left_out_and_told_many_are_a_mistake(read: Read) -> None:
    lived = read(long() + "9999,1,1\n")
    assert any("1 row of 91 left out: nobody's id" in note for note in lived.notes)
    assert not any("9999" in note for note in lived.notes)
    text = refusal(read, long() + "".join(f"99{k:02d},1,1\n" for k in range(9)))
    assert "use.csv:92:1" in text
    assert "nobody's id in the people file" in text
    assert "9900" not in text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,when,used\n1,1,1\n", "found no column 'month'"),
        ("id,month\n1,1\n", "found none, expected one column of use"),
        ("id,month,used,days\n1,1,1,3\n", "found 'used' and 'days', expected one column"),
        (
            long().replace("0002,2,1", "0002,2,often"),
            "use.csv:6:3 used: found 'often', expected 0 or 1",
        ),
        (
            long().replace("0002,2,", "0002,spring,"),
            "use.csv:6:2 month: found 'spring', expected a month",
        ),
        (long("id,month,days").replace("0002,2,1", "0002,2,40"), "use.csv:6:3 days: found '40'"),
        (long().replace(",2,", ",2026-02,"), "months of the calendar and numbered ones"),
        (long().replace(",2,", ",9,"), "found no rows of 2, 4, 5, 6, 7, 8 between 1 and 9"),
        (wide("2026-01,2026-01,2026-03"), "two columns of the same month"),
        (long(months=2), "found 2 months, expected at least 3"),
    ],
)
def test_a_mistake_says_where_what_was_found_and_what_is_expected(
    read: Read, text: str, said: str
) -> None:
    assert said in refusal(read, text)


def test_too_few_people_are_refused_without_their_number(read: Read) -> None:
    few = [row for row in long().splitlines() if row.startswith(("id", "0001", "0002"))]
    text = refusal(read, "\n".join(few))
    assert "found use in two months or more of a few people, expected at least 20" in text


def test_champions_are_read_by_id(people: Path, imported: Imported) -> None:
    path = people.with_name("champions.csv")
    path.write_text("id\n0003\n0007\n")
    assert int(read_champions(path, people, imported).sum()) == 2


@pytest.mark.parametrize(
    "text", ["2026-03", "202603", "2026/03", "03-2026", "3/2026", "2026-03-31"]
)
def test_a_month_of_the_calendar_may_be_written_in_many_ways(text: str) -> None:
    assert month_number(text) == ("calendar", 12 * 2026 + 2)


@pytest.mark.parametrize("text", ["2026-13", "", "p-12", "1.5", "maandag"])
def test_what_is_no_month_is_none(text: str) -> None:
    assert month_number(text) is None
