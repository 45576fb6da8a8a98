"""Step 1 of the page: three doors, a table of departments, money, ten cards, ten statements."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import staff_lists
from streamlit.testing.v1 import AppTest

import sim
from analysis.app import saved, session, setup
from analysis.app.organisation import files
from analysis.app.organisation.rows import NEVER, Row, changes_of, parted, rows_of
from analysis.app.organisation.tiles import tiles
from analysis.words.languages import language
from sim.programme.deployments import access_months
from sim.scenario.diagnosis import read_diagnosis

EN, NL = language("en"), language("nl")
ASSIGNED = {"Vakgroep": "department"}
HANG = 600.0


@pytest.fixture(scope="module", autouse=True)
def ended() -> Iterator[None]:
    """End what pages have asked for, so that nothing is simulated when the tests are over."""
    yield
    session.desk().close()
    for study in session.desk()._studies.values():
        if study.started:
            study.wait(HANG)
    session.desk.cache_clear()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which sessions are kept."""
    monkeypatch.setenv(saved.HOME, str(tmp_path / "home"))
    return tmp_path / "home"


def page_of(code: str = "en") -> Any:
    """Return the page, ready to be run."""
    source = f"""
        import streamlit as st
        from analysis.app import session
        from analysis.app.screens import organisation
        if "setup" not in st.session_state:
            session.begin()
            session.speak("{code}")
        session.told()
        organisation.show()
    """
    return AppTest.from_string(textwrap.dedent(source), default_timeout=120)


def now(page: Any) -> sim.Scenario:
    first: sim.Scenario = page.session_state.setup.first
    return first


def sound(page: Any) -> Any:
    assert not page.exception and not page.error, [one.value for one in page.error]
    return page


# --- The three doors -----------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["en", "nl"])
def test_each_tile_is_an_organisation_in_which_every_strategy_can_be_simulated(code: str) -> None:
    words = language(code)
    begun = setup.new(words)
    six = tiles(words)
    assert [tile.organisation.employees for tile in six] == [140, 75, 190, 140, 25, 1000]
    assert six[0].organisation == begun.first.organisation
    for tile in six:
        moved = begun.elsewhere(tile.organisation)
        assert len(moved.scenarios) == len(begun.scenarios)
        assert moved.first.organisation == tile.organisation


@pytest.mark.filterwarnings("ignore")
def test_a_tile_is_chosen_and_can_be_undone(home: Path) -> None:
    page = sound(page_of().run())
    page.button(key="tile case-consultancy").click().run()
    assert sound(page) and now(page).organisation.employees == 190
    assert page.button(key="tile case-consultancy").disabled


@pytest.mark.filterwarnings("ignore")
def test_a_session_that_is_kept_is_opened_and_removed_once_it_is_confirmed(home: Path) -> None:
    first = page_of().run()
    first.button(key="tile size-25").click().run()
    ident = first.session_state.ident
    page = page_of().run()
    page.session_state["door 1"] = "kept"
    page.run()
    page.button(key=f"open {ident}").click().run()
    assert sound(page) and now(page).organisation.employees == 25
    other = page_of().run()
    other.session_state["door 1"] = "kept"
    other.run()
    other.button(key=f"remove {ident}").click().run()
    assert saved.known(ident)
    other.button(key="keep").click().run()
    assert saved.known(ident)
    other.button(key=f"remove {ident}").click().run()
    other.button(key="remove for good").click().run()
    assert not saved.known(ident) and sound(other)


# --- A list of people ----------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_list_is_read_back_before_it_is_taken_over(form: str) -> None:
    content = staff_lists.text() if form == "csv" else staff_lists.workbook()
    brought = [(f"personeel.{form}", content)]
    first = files.read_back(brought, {})
    assert first.staff is None and "department" in str(first.error)
    assert "/" not in str(first.error).split("personeel")[0]
    assert {header.name for header in files.unsure(first.headers, {})} == set(staff_lists.UNKNOWN)
    back = files.read_back(brought, ASSIGNED)
    assert back.staff is not None and back.error is None and back.key != first.key
    assert files.size(back.staff, NL) == "180 medewerkers, 9 afdelingen en 20 teams"
    told = files.sentences(back.staff, NL)
    for part in (
        "2 dubbele rijen weggelaten.",
        "1 totaalregel weggelaten",
        "2 lege regels",
        "vertrokken",
    ):
        assert any(part in sentence for sentence in told), told
    assert not any("Jansen" in sentence for sentence in told)
    assert sum(files.departments(back.staff).values()) == 180
    assert min(files.departments(back.staff).values()) >= 5


def test_what_is_taken_over_keeps_no_names_and_survives_the_session(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (place,) = setup.written(tmp_path / "a", [("personeel 2026.csv", staff_lists.text())])
    taken = setup.new(EN).with_people(place, None, ASSIGNED)
    assert taken.first.organisation.employees == 180
    left = "".join(path.read_text("utf-8-sig") for path in (tmp_path / "a").rglob("*.csv"))
    assert "Jansen" not in left and "Vakgroep" in left
    strategies = setup.as_files(taken)
    (tmp_path / "b").mkdir()
    setup.written(tmp_path / "b", [("personeel 2026.csv", staff_lists.text())])
    again = setup.from_files(strategies, tmp_path / "b")
    assert again.first.fingerprint() == taken.first.fingerprint()
    left = "".join(
        path.read_text("utf-8-sig") for path in sorted((tmp_path / "b").rglob("*.csv"))[-1:]
    )
    assert "Jansen" not in left


def test_files_that_are_no_list_of_people_are_told() -> None:
    two = [("a.csv", b"id\n1\n"), ("b.csv", b"id\n1\n")]
    assert "expected one file of people" in str(files.read_back(two, {}).error)
    assert "the file is empty" in str(files.read_back([("a.csv", b"")], {}).error)


# --- The table -----------------------------------------------------------------------------------


def test_people_are_parted_as_near_as_can_be() -> None:
    for total in (10, 25, 140, 1999):
        parts = parted(total, [0.25, 0.35, 0.15, 0.15, 0.1])
        assert sum(parts) == total
        assert all(abs(part - total * share) < 1 for part, share in zip(parts, [0.25, 0.35, 0.15, 0.15, 0.1], strict=True))  # fmt: skip


def edited(scenario: sim.Scenario, **fields: Any) -> tuple[sim.Scenario, list[Row]]:
    """Return a scenario after the second row of its table says something else, and what it said."""
    rows = rows_of(scenario)
    rows[1] = rows[1]._replace(**fields)
    return scenario.changed(changes_of(scenario, rows)), rows


@pytest.mark.parametrize(
    "fields",
    [
        {"people": 80}, {"task": 30.0}, {"month": 4}, {"month": NEVER}, {"using": 12.0},
        {"people": 10, "task": 5.0, "month": 2, "using": 3.0},
        {"label": "assembly", "departments": ("assembly",), "month": 3},
    ],
)  # fmt: skip
def test_the_table_says_what_was_typed_into_it(fields: dict[str, Any]) -> None:
    moved, rows = edited(sim.load("baseline"), **fields)
    assert rows_of(moved) == rows
    assert changes_of(moved, rows) == {}
    again, _ = edited(moved, **fields)
    assert again == moved


def test_an_untouched_table_changes_nothing_and_rows_come_and_go() -> None:
    one = sim.load("baseline")
    assert changes_of(one, rows_of(one)) == {}
    rows = [*rows_of(one)[1:], Row("law", ("law",), 7, 5, 30.0, 10.0)]
    moved = one.changed(changes_of(one, rows))
    assert rows_of(moved) == rows
    assert moved.organisation.employees == 140 - 35 + 7
    assert moved.tool.phases[0].departments == ("law",)


def test_of_real_people_small_departments_stand_together(tmp_path: Path) -> None:
    (place,) = setup.written(tmp_path, [("personeel.csv", staff_lists.text())])
    real = setup.new(EN).with_people(place, None, ASSIGNED).first
    rows = rows_of(real)
    assert all(row.people >= 5 for row in rows)
    together = next(row for row in rows if "Juridisch" in row.departments)
    assert len(together.departments) > 1
    others = [row for row in rows if row is not together]
    rows = [together._replace(task=30.0, month=3, using=10.0), *others]
    changes = changes_of(real, rows)
    moved = real.changed(changes)
    assert "organisation.employees" not in changes
    assert rows_of(moved)[rows_of(real).index(together)] == rows[0]
    assert moved.organisation.departments["Juridisch"].task_share == 0.3
    assert (
        "management" in moved.tool.phases[0].departments or "management" not in together.departments
    )


# --- Money, cards, statements --------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("code", ["en", "nl"])
def test_money_holds_for_every_strategy(home: Path, code: str) -> None:
    page = sound(page_of(code).run())
    epoch = page.session_state.epoch
    typed = {
        "tool.licence_price": 40.0, "organisation.hourly_cost": 60.0, "tool.go_live": 3,
        "tool.integration_cost": 5_000.0, "tool.data_cost": 7_000.0, "tool.support_per_month": 300.0,
    }  # fmt: skip
    for path, value in typed.items():
        if path in ("tool.integration_cost", "tool.data_cost", "tool.support_per_month"):
            thousands = f"{value:,.0f}".replace(",", "." if code == "nl" else ",")
            page.text_input(key=f"{path} {epoch}").set_value(thousands).run()
        else:
            page.number_input(key=f"{path} {epoch}").set_value(value).run()
    page.slider(key=f"tool.capture_rate {epoch}").set_value(20).run()
    sound(page)
    for one in page.session_state.setup.scenarios:
        for path, value in typed.items():
            section, name = path.split(".")
            assert getattr(getattr(one, section), name) == value
        assert one.tool.capture_rate == 0.2
    told = " ".join(one.value for one in page.markdown).replace("\\", "")
    assert ("12,000" if code == "en" else "12.000") in told  # once
    live = access_months(page.session_state.setup.first)[1]
    support = f"{300 * (25 - live):,}"
    assert (support if code == "en" else support.replace(",", ".")) in told
    asked = ("not in month 3" if code == "en" else "niet in maand 3") in told
    assert asked == (live != 3)


@pytest.mark.filterwarnings("ignore")
def test_a_card_sets_its_field_and_sliders_and_cards_agree(home: Path) -> None:
    page = sound(page_of().run())
    epoch = page.session_state.epoch
    page.radio(key=f"card culture.error_tolerance 0 {epoch}").set_value("weak").run()
    page.radio(key=f"card works_council 0 {epoch}").set_value("strong").run()
    organisation = now(sound(page)).organisation
    assert organisation.culture.error_tolerance == 0.3 and organisation.works_council == "early"
    told = " ".join(one.value for one in page.markdown)
    assert "Errors may be made: 30 of 100" in told and "from the first month" in told
    page.slider(key=f"slider culture.error_tolerance 1 {epoch}").set_value(70).run()
    assert now(sound(page)).organisation.culture.error_tolerance == 0.7
    assert page.radio(key=f"card culture.error_tolerance 1 {epoch}").value == "strong"
    assert len(page.radio) == len(read_diagnosis())


@pytest.mark.filterwarnings("ignore")
def test_answers_become_the_shares_of_the_organisation(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from analysis.app.organisation import statements
    from sim.scenario.imports.answers import Answers

    shares = {"competence": 0.5, "status": 0.5, "control": 0.0, "ethics": 0.0}
    source = """
        import streamlit as st
        from analysis.app import session
        from analysis.app.organisation import statements
        from sim.scenario.imports.answers import Answers
        if "setup" not in st.session_state:
            session.begin()
        shares = {"competence": 0.5, "status": 0.5, "control": 0.0, "ethics": 0.0}
        statements.show(session.words())
        statements._found(Answers(shares, 12, 1, 0), session.words())
    """
    assert statements and Answers
    page = AppTest.from_string(textwrap.dedent(source), default_timeout=60).run()
    assert any("Fewer than 20 answers" in one.value for one in page.warning)
    page.button(key="use answers").click().run()
    assert now(page).organisation.archetypes == shares
    page.button(key="usual fears").click().run()
    assert now(page).organisation.archetypes is None


# --- What is wrong with a list, in the words of whoever brings it -------------------------------

HEAD = "Personeelsnr;Onderdeel;Leidinggevende;FTE;Rol;Uurkosten\n1;Verkoop;;1,0;directeur;50\n"
BAD = {
    "2;;1;1,0;medewerker;50\n": "afdeling ('Onderdeel'): deze cel is leeg",
    "2;V;9;1,0;medewerker;50\n3;V;8;1,0;medewerker;50\n": "leidinggevende: dit is niemands nummer",
    "2;V;3;1,0;medewerker;50\n3;V;2;1,0;medewerker;50\n": "leidinggevende: de leidinggevenden vormen een kring",
    "2;V;1;1,0;medewerker;50\n2;W;1;0,5;medewerker;50\n": "personeelsnummer ('Personeelsnr'): dit nummer staat al in regel 3, met een andere afdeling, FTE",
    "2;V;1;half;medewerker;50\n": "FTE: 'half' gevonden, verwacht een getal van 0 tot en met 200",
    "2;V;1;1,0;medewerkr;50\n3;V;1;1;medewerker;50\n": "niveau ('Rol'): 'medewerkr' gevonden, verwacht: een niveau",
    "2;V;1;1,0;medewerker;2000\n": "uurkosten: '2000' gevonden, verwacht een getal van 0 tot en met 1.000",
    "3-mei;V;1;1,0;medewerker;50\n": "personeelsnummer ('Personeelsnr'): een datum gevonden",
}
ENGLISH = re.compile(
    r"\b(?:the|is not|found|expected|manager|role|department|hourly_cost|reports_to|or)\b"
)


@pytest.mark.parametrize("rows", BAD)
def test_a_bad_list_is_told_with_the_column_of_the_file_and_the_field_in_dutch(rows: str) -> None:
    back = files.read_back([("lijst.csv", (HEAD + rows).encode())], {})
    assert back.error is not None
    text = NL.told(back.error)
    assert BAD[rows] in text and not ENGLISH.search(text)


@pytest.mark.parametrize(
    "content",
    [b"", b"\0", b"PK\x03\x04", b"\x81\x82;\n", b"naam;x\n1;2\n", b"Cluster;Dienst;nr\na;b;1\n"],
)
def test_a_list_that_cannot_be_read_at_all_is_told_in_dutch(content: bytes) -> None:
    back = files.read_back([("lijst.xlsx", content)], {})
    assert back.error is not None and not ENGLISH.search(NL.told(back.error))
