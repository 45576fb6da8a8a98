"""The page of the game: turns, what is refused, what is kept, what it comes to, and which files it reads."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import sim
from analysis.app import saved, session
from analysis.app.screens import game
from analysis.decisions import play_texts
from analysis.words.languages import language
from sim.play import Bet, Moves, Start, begin, move, read_world, save
from sim.scenario import read_scenario

GAMES = Path(__file__).parents[2] / "docs" / "examples" / "games"

SOURCE = """
    import streamlit as st
    from analysis.app import session
    from analysis.app.screens import game
    session.begin()
    if st.session_state.lang != "{code}":
        session.speak("{code}")
    game.show()
    session.remember()
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(saved.HOME, str(tmp_path / "home"))


def page(code: str = "en", **query: str) -> Any:
    test = AppTest.from_string(textwrap.dedent(SOURCE.format(code=code)), default_timeout=60)
    for name, value in query.items():
        test.query_params[name] = value
    return test.run()


def press(shown: Any, key: str) -> Any:
    shown.button(key=key).click()
    shown.run()
    assert not shown.exception
    return shown


@pytest.mark.parametrize("code", ["en", "nl"])
def test_turns_are_played_as_the_engine_plays_them(code: str) -> None:
    shown = press(page(code), "play machine-builder")
    shown.selectbox(key="start 0 1").set_value("champions").run()
    shown.selectbox(key="way 0").set_value("most_connected").run()
    shown.slider(key="bet 0").set_value((5, 30)).run()
    press(shown, "turn 0")
    expected = begin(read_world("machine-builder"), language(code)._("team"))
    expected = move(expected, Moves((Start("champions", "most_connected"),)), Bet(low=5, high=30))
    assert (
        game.game_of(read_again(shown), "the game").scenario.fingerprint()
        == expected.scenario.fingerprint()
    )
    assert session.inert(play_texts.ahead(expected, language(code))) in [
        one.value for one in shown.subheader
    ]
    assert not shown.error


def read_again(shown: Any) -> sim.Scenario:
    return sim.scenario.scenario_of(shown.session_state.fields[game.GAME], "the game")


def test_what_cannot_be_paid_is_refused_and_changes_nothing() -> None:
    shown = press(page(), "play machine-builder")
    for number, name in ((1, "leadership-example"), (2, "champions")):
        shown.selectbox(key=f"start 0 {number}").set_value(name).run()
    assert "costs" in shown.error[0].value
    assert shown.button(key="turn 0").disabled
    assert game.game_of(read_again(shown), "the game").turn == 0


def test_a_refresh_goes_on_with_the_game() -> None:
    shown = press(page(), "play service-provider")
    press(shown, "turn 0")
    again = page(session=shown.session_state.ident)
    assert not again.exception
    assert any("Turn 2 of 8" in one.value for one in again.subheader)
    press(again, "game anew")
    assert again.session_state.fields[game.GAME] is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("extends: baseline\n", "nobody played this"),
        ("extends: baseline\nplay: {world: ../secret.yaml}\n", "expected one of: machine-builder"),
        ("extends: baseline\nplay: {world: /etc/passwd}\n", "expected one of: machine-builder"),
        ("extends: baseline\nplay: {world: machine-builder}\n", "not a game of machine-builder"),
        ("extends: ../../secret\nplay: {world: machine-builder}\n", "file"),
        ("organisation: {people: /etc/passwd}\nplay: {world: machine-builder}\n", "file"),
    ],
)
def test_a_file_that_is_no_game_is_refused_in_words(text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "game.yaml"
    file.write_text(text)
    with pytest.raises(sim.AdoptionError, match=said):
        game.game_of(read_scenario(file, within=tmp_path), file.name)


def test_a_game_that_was_handed_in_is_read(tmp_path: Path) -> None:
    state = begin(read_world("machine-builder"), "north")
    state = move(state, Moves((Start("champions"),)), Bet(low=20, high=50))
    save(state, tmp_path / "north.yaml")
    again = game.game_of(read_scenario(tmp_path / "north.yaml", within=tmp_path), "north.yaml")
    assert again == state
    for file in sorted(GAMES.glob("*.yaml")):
        assert game.game_of(read_scenario(file, within=GAMES), file.name).turn > 0


def test_the_end_says_what_was_skill_and_what_was_luck(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(game, "OTHERS", 3)
    shown = press(page(), "play machine-builder")
    shown.selectbox(key="start 0 1").set_value("champions").run()
    for turn in range(8):
        press(shown, f"turn {turn}")
    for study in session.desk()._studies.values():
        study.wait(600.0)
    shown.run()
    assert not shown.exception and not shown.error
    text = " ".join(one.value for one in [*shown.subheader, *shown.markdown])
    assert "doing nothing" in text and "Champions" in text
    assert len(shown.table) == 2
