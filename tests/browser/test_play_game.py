"""The game in its file: opened from the disk, it is that of ``sim.play`` to the last bit, in two languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from analysis import play_on
from analysis.decisions import debrief_texts, play_texts
from analysis.decisions.debrief import Debriefed, Replay
from analysis.words.languages import language
from sim.play import (
    Bet,
    Moves,
    Start,
    State,
    begin,
    decided,
    money,
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

from .conftest import HANG, NARROW, WIDE

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


# --- Played by hand ----------------------------------------------------------------------------


def bet(page: Page, low: int, high: int) -> None:
    for side, value in (("low", low), ("high", high)):
        page.locator(f"#bet-{side}").evaluate(
            "(one, to) => { one.value = to; one.dispatchEvent(new Event('input', {bubbles: true})); }",
            value,
        )


def told(page: Page) -> None:
    """Axe finds nothing, nothing is wider than the page."""
    across = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert across[0] <= across[1]
    broken = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]})
    assert broken.violations_count == 0, broken.generate_report()


@pytest.mark.parametrize(("width", "lang"), [(WIDE, "en"), (NARROW, "nl")])
def test_a_game_is_played_kept_saved_and_debriefed(
    width: int, lang: str, files: dict[str, Path], opened: Callable[..., Page], tmp_path: Path
) -> None:
    page, words = opened(files["machine-builder"], width), language(lang)
    page.get_by_role("button", name=lang.upper(), exact=True).click()
    told(page)
    page.locator("#game-team").fill("north")
    page.keyboard.press("Enter")
    at(page, "turn")
    state = begin(read_world("machine-builder"), "north")
    expect(page.locator("#game-title")).to_have_text(play_texts.ahead(state, words))
    expect(page.locator("#game-title")).to_be_focused()

    # What cannot be paid, and what is too much at once, is refused in words.
    for name in ("leadership-example", "champions"):
        page.locator(f"#offer-{name}").check()
    prices = {offer.name: offer.cost for offer in offers(state)}
    expect(page.locator("#game-leaves")).to_contain_text(words.euro(prices["champions"]))
    expect(page.locator("#game-play")).to_be_disabled()
    page.locator("#offer-training").check()
    expect(page.locator("#game-leaves")).to_contain_text("2")
    for name in ("leadership-example", "training"):
        page.locator(f"#offer-{name}").uncheck()
    page.locator("#way-champions").select_option("nominated")
    moves = Moves((Start("champions", "nominated"),))
    left = money(decided(state, moves)).left
    expect(page.locator("#game-leaves")).to_have_text(
        words._("That leaves {left}.", left=words.euro(left))
    )
    told(page)
    bet(page, 20, 45)
    page.locator("#game-play").press("Enter")
    state = move(state, moves, Bet(low=20, high=45))
    for _ in range(2):
        expect(page.locator("#game-title")).to_have_text(play_texts.ahead(state, words))
        page.locator("#game-play").click()
        state = move(state, Moves(), Bet(low=20, high=45))
    expect(page.locator("#game-title")).to_have_text(play_texts.ahead(state, words))
    view = seen(state)
    for text in (
        play_texts.survey(view, words),
        play_texts.money(view, words),
        *play_texts.news(view, words),
    ):
        expect(page.locator("#game")).to_contain_text(text)
    told(page)

    # It is kept in the browser, and as a file that is the same game.
    page.reload()
    at(page, "start")
    page.get_by_role("button", name=lang.upper(), exact=True).click()
    page.locator("#game-on").click()
    expect(page.locator("#game-title")).to_have_text(play_texts.ahead(state, words))
    with page.expect_download() as saving:
        page.locator("#game-save").click()
    file = tmp_path / saving.value.suggested_filename
    saving.value.save_as(file)
    assert file.name == "north.yaml"
    assert resume(file) == state
    page.locator("#game-stop").select_option("champions")
    page.locator("#game-play").click()
    state = move(state, Moves((), "champions"), Bet(low=20, high=45))
    expect(page.locator("#offer-champions")).to_have_count(0)

    # Another world's game is refused; one saved by Python goes on to the end.
    other = tmp_path / "other.yaml"
    save(played("service-provider", "south")[-1], other)
    page.locator("#game-open").set_input_files(other)
    expect(page.locator("#game-wrong")).to_contain_text("service-provider")
    while not state.over:
        state = move(state, Moves(), Bet(low=20, high=45))
    save(state, file)
    page.locator("#game-open").set_input_files(file)
    at(page, "told")
    replay = Replay(state.world, OTHERS)
    out = Debriefed(
        state.world,
        (state,),
        {
            "north": replay.line("north", to_the_end(state), state),
            "nothing": replay.line("", state.world.start),
        },
        {"north": replay.worths(state)},
        OTHERS,
    )
    expect(page.locator("#game-title")).to_have_text(f"{debrief_texts.message(out, words)}.")
    assert page.locator("#game-sentences li").all_text_contents() == debrief_texts.sentences(
        out, words
    )
    rows = [list(row.values()) for row in debrief_texts.scores(out, words)]
    shown = page.locator("#game-scores tbody tr")
    assert shown.nth(0).locator("th, td").all_text_contents() == rows[0]
    worth = debrief_texts.moves(out, state, words)[0]
    assert page.locator("#game-worths tbody tr").first.locator(
        "th, td"
    ).all_text_contents() == list(worth.values())
    told(page)
    page.locator("#game-anew").click()
    page.locator("#game-yes").click()
    at(page, "start")
    expect(page.locator("#game-on")).to_have_count(0)
