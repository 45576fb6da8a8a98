"""Sessions of the page: kept in the user's own folder, gone on with, undone, removed."""

from __future__ import annotations

import json
import os
import textwrap
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import sim
from analysis.app import saved, session, setup
from analysis.words.languages import language

EN = language("en")
EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"

CONTENT: dict[str, Any] = {
    "lang": "nl",
    "strategies": [],
    "versions": [],
    "finished": [],
    "fields": {},
}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(saved.HOME, str(tmp_path / "home"))
    return tmp_path / "home"


# --- Files --------------------------------------------------------------------------------------


def test_what_is_kept_is_read_listed_and_removed() -> None:
    idents = [saved.fresh() for _ in range(3)]
    for number, ident in enumerate(idents):
        saved.write(ident, f"firm {number}", CONTENT)
        os.utime(saved.place(ident), (number, number))
    assert [kept.ident for kept in saved.kept()] == idents[::-1]
    assert [kept.name for kept in saved.kept()] == ["firm 2", "firm 1", "firm 0"]
    assert saved.read(idents[0])["lang"] == "nl"
    saved.remove(idents[0])
    saved.remove(idents[0])
    assert not saved.known(idents[0])
    assert len(saved.kept()) == 2


def test_nobody_else_reads_it(home: Path) -> None:
    ident = saved.fresh()
    saved.write(ident, "firm", CONTENT)
    assert saved.place(ident).stat().st_mode & 0o077 == 0
    assert (home / "sessions").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "ident", ["", "x", "../../../../etc/passwd", "a" * 23, "a" * 21 + "/", "a" * 21 + "."]
)
def test_a_name_that_is_no_session_touches_no_file(ident: str, home: Path) -> None:
    home.mkdir()
    outside = home / "passwd.json"
    outside.write_text("{}")
    assert not saved.known(ident)
    with pytest.raises(sim.AdoptionError, match="no such session"):
        saved.read(ident)
    saved.remove(ident)
    assert outside.is_file()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"form": 2}',
        '{"form": "1"}',
        "\x00",
        "[" * 100_000,
        json.dumps({"form": 1, **CONTENT, "strategies": None}),
        json.dumps({"form": 1, **CONTENT, "strategies": [["a", []]]}),
        json.dumps({"form": 1, **CONTENT, "strategies": [1]}),
        json.dumps({"form": 1}),
    ],
)
def test_a_damaged_session_is_told_and_not_listed(text: str) -> None:
    good, bad = saved.fresh(), saved.fresh()
    saved.write(good, "good", CONTENT)
    saved.place(bad).write_text(text)
    with pytest.raises(sim.AdoptionError, match="damaged"):
        saved.read(bad)
    assert [kept.ident for kept in saved.kept()] == [good]


# --- Strategies ---------------------------------------------------------------------------------


def test_strategies_come_back_as_they_were(tmp_path: Path) -> None:
    now = setup.new(EN).changed({"organisation.employees": 60})
    now = now.with_strategy(1, now.scenarios[1].changed({"programme.launch.start": 3}))
    kept = json.loads(json.dumps(setup.as_files(now)))
    assert setup.from_files(kept, tmp_path).scenarios == now.scenarios
    assert setup.files_of(kept) == []


def test_people_come_back_with_their_files_only(tmp_path: Path) -> None:
    files = [(name, (EXAMPLES / name).read_bytes()) for name in ("people.csv", "ties.csv")]
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    people, ties = setup.written(here, files)
    now = setup.new(EN).with_people(people, ties)
    kept = setup.as_files(now)
    text = json.dumps(kept)
    assert str(tmp_path) not in text
    assert setup.files_of(json.loads(text)) == ["people.csv", "ties.csv"]
    with pytest.raises(sim.AdoptionError, match=r"people\.csv"):
        setup.from_files(json.loads(text), there)
    again = setup.from_files(json.loads(text), here)
    assert [one.fingerprint() for one in again.scenarios] == [
        one.fingerprint() for one in now.scenarios
    ]


# --- A session ----------------------------------------------------------------------------------


def page(body: str, **query: str) -> Any:
    """Return a page that begins a session and does something in it."""
    source = """
        import streamlit as st
        from analysis.app import bar, saved, session, setup
        session.begin()
        if "told" not in st.session_state:
            st.session_state.told = []
    """
    test = AppTest.from_string(textwrap.dedent(source) + textwrap.dedent(body), default_timeout=60)
    for name, value in query.items():
        test.query_params[name] = value
    return test


SIZE = "st.session_state.told.append(session.current().first.organisation.employees)"


def kept_of(page: Any) -> dict[str, Any]:
    return saved.read(page.session_state.ident)


def test_the_address_names_the_session_and_nothing_else() -> None:
    shown = page('session.change({"organisation.employees": 33})').run()
    assert not shown.exception
    assert list(shown.query_params) == [session.SESSION]
    assert shown.query_params[session.SESSION] == shown.session_state.ident
    strategies = kept_of(shown)["strategies"]
    assert [values["organisation"]["employees"] for _, values in strategies] == [33, 33, 33]


def test_a_refresh_goes_on_where_one_was() -> None:
    first = page(
        'session.change({"organisation.employees": 33}); session.fill("client", "Acme"); '
        'session.finish("choices"); session.speak("nl")'
    ).run()
    again = page(SIZE, session=first.session_state.ident).run()
    assert not again.exception
    assert again.session_state.told == [33]
    assert again.session_state.lang == "nl"
    assert again.session_state.fields == {"client": "Acme"}
    assert again.session_state.finished == ["choices"]
    other = page(SIZE).run()
    assert other.session_state.ident != first.session_state.ident
    assert other.session_state.told == [140]


def test_a_link_begins_a_session_of_its_own() -> None:
    small = setup.new(EN).changed({"organisation.employees": 21})
    shown = page(SIZE, s=small.link, lang="nl").run()
    assert shown.session_state.told == [21]
    assert shown.session_state.lang == "nl"
    assert list(shown.query_params) == [session.SESSION]


def test_undo_goes_back_step_by_step_and_stops_at_the_start() -> None:
    body = f"""
        for size in (30, 40, 40, 50):
            session.change({{"organisation.employees": size}})
        for _ in range(5):
            session.undo()
            {SIZE}
    """
    shown = page(body).run()
    assert shown.session_state.told == [40, 30, 140, 140, 140]


def test_a_session_whose_files_are_gone_asks_for_them_again(tmp_path: Path) -> None:
    body = f"""
        from pathlib import Path
        files = [(name, Path({str(EXAMPLES)!r}, name).read_bytes()) for name in ("people.csv", "ties.csv")]
        if st.session_state.wanted:
            st.session_state.told.append(list(st.session_state.wanted))
            session.bring(files[:1])
            st.session_state.told.append(list(st.session_state.wanted))
            session.bring(files[1:])
            {SIZE}
        elif not st.session_state.told:
            people, ties = setup.written(session.folder(), files)
            session.put(session.current().with_people(people, ties))
    """
    first = page(body).run()
    assert not first.exception
    ident = first.session_state.ident
    again = page(SIZE, session=ident).run()
    assert again.session_state.told == [64], "the page still has them"
    text = saved.place(ident).read_text("utf-8")
    assert "1053" not in text, "nobody of the list"
    session._HELD.drop(ident)
    later = page(body, session=ident).run()
    assert not later.exception
    assert later.session_state.told == [["people.csv", "ties.csv"], ["ties.csv"], 64]


def test_files_go_when_nobody_comes_back_and_when_they_are_removed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there = {"a", "b"}
    monkeypatch.setattr(session, "present", there.__contains__)
    held = session.Held(seconds=0.0)
    mine, yours = held.of("mine", "a").folder, held.of("yours", "b").folder
    assert held.of("mine", "a").folder == mine
    there.discard("a")
    held.of("yours", "b")
    assert not mine.exists() and yours.exists()
    held.drop("yours")
    assert not yours.exists()


def test_a_folder_that_cannot_be_written_loses_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(saved.HOME, str(tmp_path / "file"))
    shown = page(f'session.change({{"organisation.employees": 33}}); {SIZE}').run()
    assert not shown.exception
    assert shown.session_state.told == [33]
    assert shown.session_state.at is None


def test_a_damaged_session_begins_anew_and_says_so() -> None:
    ident = saved.fresh()
    saved.write(ident, "firm", CONTENT)
    saved.place(ident).write_text("{")
    shown = page(SIZE + "\nsession.told()", session=ident).run()
    assert not shown.exception
    assert shown.session_state.told == [140]
    assert shown.session_state.ident != ident
    assert saved.place(ident).read_text() == "{", "what is there may still be mended by hand"
    assert "damaged" in shown.code[0].value


def test_the_budget_of_the_bar_is_that_of_all_but_the_reference() -> None:
    body = """
        bar.with_budget(80_000.0)
        st.session_state.told = [scenario.budget.total for scenario in session.current().scenarios]
        st.session_state.told.append(bar.budget_of(session.current()))
    """
    assert page(body).run().session_state.told == [None, 80_000.0, 80_000.0, 80_000.0]
