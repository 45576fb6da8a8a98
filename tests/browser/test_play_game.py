"""The game in its file: opened from the disk, it is that of ``sim.play`` to the last bit, in two languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from analysis import play_on
from analysis.decisions.debrief import Replay
from sim.play import (
    Bet,
    Moves,
    Start,
    State,
    begin,
    move,
    offers,
    read_world,
    resume,
    running,
    save,
    seen,
    stoppable,
    to_the_end,
)

from .conftest import HANG, WIDE

OTHERS = 24
"""Other organisations in which moves are tried here: fewer than in the page that is handed out."""

GAMES: dict[str, list[Moves]] = {
    "machine-builder": [
        Moves((Start("champions", "most_connected"), Start("training"))),
        Moves((Start("privacy-guideline"),)),
        Moves((), "champions"),
        Moves((), "privacy-guideline"),
        Moves((Start("privacy-guideline"), Start("demonstrations"))),
    ],
    "service-provider": [
        Moves((Start("champions", "per_department"), Start("job-guarantee"))),
        Moves((), "champions"),
        Moves((Start("concerns-forum"), Start("training"))),
    ],
}
"""Moves turn by turn; nothing is done in those that follow."""


def bet_of(turn: int) -> Bet:
    return Bet(low=5.0 + turn, high=20.5 + 7.0 * turn)


def played(world: str, team: str = 'north "x": y') -> list[State]:
    """Return the states of a scripted game, the first included."""
    here = read_world(world)
    states = [begin(here, team)]
    for turn in range(here.rules.turns):
        moves = GAMES[world][turn] if turn < len(GAMES[world]) else Moves()
        states.append(move(states[-1], moves, bet_of(turn)))
    return states


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder, written = tmp_path_factory.mktemp("game"), {}
    patch = pytest.MonkeyPatch()
    patch.setattr("analysis.play_on.game.OTHERS", OTHERS)
    for world in GAMES:
        written[world] = folder / f"{world}.html"
        written[world].write_text(play_on.page_of((), world=read_world(world)), "utf-8")
    patch.undo()
    return written


@pytest.fixture(scope="module")
def opened(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open a file from the disk; it may ask for nothing else, and say nothing wrong."""
    contexts, asked, wrong = [], list[str](), list[str]()

    def open_page(file: Path, width: int = WIDE) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 844})
        context.set_default_timeout(1000.0 * HANG)
        context.on("request", lambda one: asked.append(one.url))
        context.on("console", lambda one: wrong.append(one.text) if one.type == "error" else None)
        context.on("weberror", lambda one: wrong.append(str(one.error)))
        contexts.append(context)
        page = context.new_page()
        page.goto(file.as_uri())
        at(page, "start")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [one for one in asked if not one.startswith(("data:", "file:"))] == []
    assert not wrong


def at(page: Page, screen: str) -> None:
    expect(page.locator("body")).to_have_attribute("data-game", screen)


def plain(moves: Moves) -> dict[str, Any]:
    starts = [{"measure": one.measure, "selection": one.selection} for one in moves.start]
    return {"start": starts, "stop": moves.stop}


def in_page(page: Page, world: str, team: str) -> list[dict[str, Any]]:
    """Play the scripted game by the rules of the page; return what each state is and shows."""
    moves = GAMES[world]
    turns = read_world(world).rules.turns
    script = [
        [plain(moves[k] if k < len(moves) else Moves()), bet_of(k).model_dump()]
        for k in range(turns)
    ]
    states: list[dict[str, Any]] = page.evaluate(
        """([team, script]) => {
          const {rules} = window.game, told = [];
          let state = rules.begin(team);
          const tell = () => told.push({seen: rules.seen(state), offers: rules.offers(state), running: rules.running(state),
            stoppable: rules.stoppable(state), text: rules.textOf(state)});
          tell();
          for (const [moves, bet] of script) {
            state = rules.move(state, moves, bet);
            tell();
          }
          return told;
        }""",
        [team, script],
    )
    return states


@pytest.mark.parametrize("world", GAMES)
def test_the_page_plays_the_game_of_python_to_the_last_bit(
    world: str, files: dict[str, Path], opened: Callable[..., Page], tmp_path: Path
) -> None:
    states = played(world)
    page = opened(files[world])
    told = in_page(page, world, states[0].team)
    assert len(told) == len(states)
    happened = 0
    for state, there in zip(states, told, strict=True):
        view, shown = seen(state), there["seen"]
        assert (shown["licences"], shown["used"]) == (list(view.licences), list(view.used))
        assert shown["money"] == view.money._asdict()
        assert [event["name"] for event in shown["news"]] == list(view.news)
        happened += len(view.news)
        assert shown["quotes"] == [
            {"department": there["department"], "says": quote.says.model_dump()}
            for there, quote in zip(shown["quotes"], view.quotes, strict=True)
        ]
        if view.survey is None:
            assert shown["survey"] is None
        else:
            assert list(shown["survey"].values()) == list(view.survey)
        assert there["running"] == list(running(state))
        assert there["stoppable"] == list(stoppable(state))
        assert there["offers"] == [
            {"measure": offer.name, "cost": offer.cost, "running": offer.running}
            for offer in offers(state)
        ]
        file = tmp_path / "saved.yaml"
        file.write_text(there["text"], "utf-8")
        again = resume(file)
        assert (again.programme, again.bets, again.team) == (
            state.programme,
            state.bets,
            state.team,
        )
        save(state, file)
        back = page.evaluate(
            "(text) => window.game.rules.textOf(window.game.rules.read(text))",
            file.read_text("utf-8"),
        )
        assert back == there["text"]
    assert happened >= 2


@pytest.mark.parametrize("world", GAMES)
def test_the_page_debriefs_as_python_does(
    world: str, files: dict[str, Path], opened: Callable[..., Page]
) -> None:
    state = played(world, "north")[-1]
    page = opened(files[world])
    in_page(page, world, "north")
    found = page.evaluate(
        """async (text) => {
          const {rules} = window.game, state = rules.read(text);
          return {lines: rules.linesOf(state), worths: await rules.worthsOf(state)};
        }""",
        in_page(page, world, "north")[-1]["text"],
    )
    replay = Replay(state.world, OTHERS)
    lines = {
        "own": replay.line("north", to_the_end(state), state),
        "nothing": replay.line("", state.world.start),
    }
    for name, line in lines.items():
        there = found["lines"][name]
        assert there["curve"] == line.curve.tolist()
        assert (there["cost"], there["never"]) == (line.cost, line.never)
        if line.bets:
            assert (there["bets"], there["held"], there["score"]) == (
                line.bets,
                line.held,
                line.score,
            )
    worths = replay.worths(state)
    assert [one["name"] for one in found["worths"]] == [one.name for one in worths]
    for one, worth in zip(found["worths"], worths, strict=True):
        assert (one["month"], one["here"], one["verdict"]) == (
            worth.month,
            worth.here,
            worth.verdict,
        )
        assert one["others"] == worth.others
        np.testing.assert_allclose(
            [one["low"], one["high"]], [worth.low, worth.high], rtol=1e-9, atol=1e-9
        )
