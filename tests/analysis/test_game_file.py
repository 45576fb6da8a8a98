"""The file of the game: small, in two languages, with what it needs and nothing of what nobody is told."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import analysis.play_on.game as game
from analysis import play_on
from analysis.cli import adopt
from analysis.decisions import debrief_texts, play_texts
from analysis.decisions.debrief import Debriefed, Line
from analysis.play_on.game_texts import game_texts_of
from analysis.words.languages import LOCALES, language
from sim.errors import AdoptionError
from sim.play import Bet, Moves, begin, move, read_world, seen, world_names


@pytest.fixture(autouse=True)
def _no_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the search for the best plan, which takes seconds."""
    monkeypatch.setattr(game, "best_plan", lambda world: None)


def data_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script id="data" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    held: dict[str, Any] = json.loads(found[1])
    return held


def test_the_file_is_small_and_asks_for_nothing() -> None:
    page = play_on.page_of((), world=read_world())
    assert len(page.encode()) < 600_000
    assert not re.search(r"/\* data \*/|<!-- (views|scripts) -->", page)
    shown = re.sub(r'"(?:base64|arrays)":(?:"[^"]*"|\[[^]]*\])', "", page)
    assert set(re.findall(r"https?://[^\s'\"]+", shown)) <= {"http://www.w3.org/2000/svg"}
    assert not re.search(r"\b(?:src|href)=\"(?!data:)", shown)


@pytest.mark.parametrize("world", world_names())
def test_it_holds_no_person_and_no_result(world: str) -> None:
    """People are drawn in the page: no threat, threshold or curve of anybody is written into it."""
    held = data_of(play_on.page_of((), world=read_world(world)))
    known = held["game"]
    assert "plans" not in held
    assert known["best"] is None
    assert {name for name, value in known.items() if isinstance(value, list)} == {
        *("always", "asked", "begin", "departments", "events", "dearer", "fields", "offered"),
        *("quoted", "remarks", "sections", "selections", "worries"),
    }
    turns = read_world(world).rules.turns
    assert len(known["asked"]) == len(known["quoted"]) == turns + 1
    assert set(known["cards"]) == {*known["begin"], *known["offered"]}


def test_it_speaks_both_languages() -> None:
    held = data_of(play_on.page_of((), lang="nl", world=read_world()))
    assert held["lang"] == "nl"
    english, dutch = held["texts"]["en"], held["texts"]["nl"]
    assert set(english) == set(dutch)
    for name, text in english.items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", dutch[name])), name
    same = [
        name
        for name, text in english.items()
        if text == dutch[name] and len(re.sub(r"\{\w+\}", "", text)) > 8
    ]
    assert same == []


@pytest.mark.parametrize("lang", LOCALES)
def test_sentences_of_the_terminal_are_those_of_the_page(lang: str) -> None:
    words, world = language(lang), read_world()
    texts = game_texts_of(world, words)
    state = begin(world)
    for _ in range(3):
        state = move(state, Moves(), Bet(low=10, high=60))
    view = seen(state)

    def is_of(name: str, told: str) -> bool:
        pattern = re.sub(r"\\\{\w+\\\}", ".+", re.escape(texts[name]))
        return re.fullmatch(pattern, told) is not None

    assert is_of("ahead", play_texts.ahead(state, words))
    assert is_of("survey", play_texts.survey(view, words))
    assert is_of("money", play_texts.money(view, words))
    assert all(is_of("news", told) for told in play_texts.news(view, words))
    line = Line("team", seen(state).used, 1.0, 2.0, 3, 2, 10.0)  # type: ignore[arg-type]
    out = Debriefed(world, (state,), {"team": line, "nothing": line}, {"team": []}, 200)
    assert is_of("end_message", debrief_texts.message(out, words))
    assert is_of("end_note", debrief_texts.note(out, words))
    moves, bets, *_ = debrief_texts.sentences(out, words)
    assert is_of("worth_none", moves)
    assert is_of("bets_sentence", bets)


def test_strategies_and_the_game_can_be_in_one_file() -> None:
    from sim.scenario import read_scenario

    page = play_on.page_of([read_scenario("baseline")], world=read_world())
    held = data_of(page)
    assert len(held["plans"]) == 1
    assert held["game"]["world"] == "machine-builder"
    assert len(page.encode()) < play_on.LARGEST


def test_a_world_of_a_facilitator_says_nothing_of_where_it_lies(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        "title: {en: Own, nl: Eigen}\nstory: {en: Go., nl: Ga.}\nscenario: size-25\nturns: 2\n"
        "money: 90000\nmeasures:\n  training: {dose: 0.5}\n",
        "utf-8",
    )
    out = tmp_path / "game.html"
    done = CliRunner().invoke(adopt, ["play", str(own), "--write", str(out), "--lang", "nl"])
    assert done.exit_code == 0, done.output
    page = out.read_text("utf-8")
    assert data_of(page)["game"]["world"] == "own.yaml"
    assert str(tmp_path) not in page


def test_a_world_of_real_people_is_refused() -> None:
    world = read_world()
    organisation = world.start.organisation.model_copy(update={"people": "staff.csv"})
    real = world._replace(start=world.start.model_copy(update={"organisation": organisation}))
    with pytest.raises(AdoptionError, match="its organisation is a file of people"):
        play_on.page_of((), world=real)


def test_what_does_not_go_together_is_said(tmp_path: Path) -> None:
    out = str(tmp_path / "game.html")
    for more in (["--save", "x.yaml"], ["service-provider"]):
        done = CliRunner().invoke(adopt, ["play", "machine-builder", "--write", out, *more])
        assert done.exit_code == 2
        assert "--write" in done.output
