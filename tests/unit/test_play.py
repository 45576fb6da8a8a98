"""The game: what is allowed and paid, what is seen, and that the past stays what it was."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import sim
from sim import kpis
from sim.errors import AdoptionError, ScenarioError
from sim.mesa_model import AdoptionModel
from sim.play import (
    Bet,
    Moves,
    Start,
    State,
    World,
    begin,
    decided,
    interval_score,
    lived,
    money,
    move,
    offers,
    reached,
    read_world,
    resume,
    running,
    save,
    seen,
    stoppable,
    to_the_end,
    world_names,
)
from sim.play.seen import Step, read_quotes, remarks_of

GAMES = Path(__file__).parents[2] / "docs/examples/games"

NORTH_END, NORTH_ERROR = "0x1.6800000000000p+5", "0x1.48d6631df5361p-4"
"""Weekly users at the end of that game, and the error of its last survey, to the last bit."""

BET = Bet(low=20, high=50)

TURNS: list[tuple[list[str], str | None]] = [
    (["leader-dialogue"], None),
    (["training", "two-sided-communication"], None),
    ([], None),
    (["two-sided-communication"], "leader-dialogue"),
    (["leader-dialogue"], None),
    ([], None),
    (["mandate"], None),
    ([], "mandate"),
]
"""What is started and stopped in each turn of a game that does a bit of everything."""


@pytest.fixture(scope="module")
def here() -> World:
    return read_world("machine-builder")


def played(here: World, turns: int = 8, team: str = "blue") -> State:
    state = begin(here, team)
    for starts, stop in TURNS[:turns]:
        state = move(state, Moves(tuple(Start(name) for name in starts), stop), BET)
    return state


def test_a_turn_passes_and_nothing_of_the_past_moves(here: World) -> None:
    state, curves = begin(here), []
    for starts, stop in TURNS:
        state = move(state, Moves(tuple(Start(name) for name in starts), stop), BET)
        curves.append(reached(state))
    assert state.over
    for before, after in pairwise(curves):
        np.testing.assert_array_equal(before, after[: before.size])
    assert [curve.size for curve in curves] == [3 * turn + 1 for turn in range(1, 9)]


def test_a_move_changes_no_state_and_the_same_moves_give_the_same(here: World) -> None:
    state = begin(here)
    move(state, Moves((Start("training"),)), BET)
    assert state == begin(here)
    assert played(here) == played(here)
    assert seen(played(here, 3)) == seen(played(here, 3))


def test_both_engines_give_the_same_end(here: World) -> None:
    state = played(here)
    model = AdoptionModel(to_the_end(state), run=here.rules.run)
    for _ in range(here.last):
        model.step()
    np.testing.assert_array_equal(np.array(model.row), lived(state).rows[0, -1])


# --- Money ---------------------------------------------------------------------------------


def test_what_cannot_be_paid_is_refused_with_its_price_and_changes_nothing(here: World) -> None:
    state = move(begin(here), Moves((Start("leadership-example"),)), BET)
    before = state.programme, state.bets, money(state)
    said = r"'champions' costs 55,\d{3} euro to the end, and 13,\d{3} of 250,000 are left"
    with pytest.raises(AdoptionError, match=said):
        move(state, Moves((Start("training"), Start("champions"))), BET)
    assert (state.programme, state.bets, money(state)) == before


def test_a_price_is_what_is_committed_more_and_stopping_gives_back_what_is_not_spent(
    here: World,
) -> None:
    state = begin(here)
    prices = {offer.name: offer.cost for offer in offers(state)}
    after = move(state, Moves((Start("champions"),)), BET)
    assert money(after).committed == pytest.approx(money(state).committed + prices["champions"])
    stopped = decided(after, Moves(stop="champions"))
    assert money(state).left > money(stopped).left > money(after).left
    assert money(stopped).spent == pytest.approx(money(after).spent)


def test_what_is_committed_is_what_the_ledger_of_the_file_says(here: World) -> None:
    from sim.programme import ledger

    state = played(here)
    planned = state.scenario.model_copy(update={"events": {}})
    assert float(ledger.ledger(planned).to_numpy().sum()) == pytest.approx(money(state).committed)


def test_what_nobody_planned_is_not_the_teams_to_pay(here: World) -> None:
    happened = here._replace(rules=here.rules.model_copy(update={"events": {}}))
    assert money(played(happened)) == money(played(here))


# --- Moves ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moves", "said"),
    [
        (Moves((Start("trainin"),)), "'trainin' is not on offer; did you mean 'training'"),
        (Moves((Start("mandate"),) * 3), "found 3 measures to start, at most 2 a turn"),
        (Moves((Start("mandate"),) * 2), "'mandate' is in force already"),
        (Moves((Start("mandate", "random"),)), "only champions are chosen"),
        (Moves((Start("champions", "named"),)), "come by a list"),
        (Moves(stop="champions"), "there is no 'champions' to stop"),
        (Moves(stop="launch"), "'launch' cannot be stopped"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_move_that_is_not_allowed_says_why(moves: Moves, said: str, here: World) -> None:
    with pytest.raises(AdoptionError, match=said):
        move(begin(here), moves, BET)


def test_nothing_can_be_done_after_the_last_turn(here: World) -> None:
    state = played(here)
    assert offers(state) == ()
    with pytest.raises(AdoptionError, match="the game is over: 8 turns are played"):
        move(state, Moves(), BET)


def test_what_is_in_force_can_be_stopped_and_started_again(here: World) -> None:
    state = played(here, 3)
    assert "leader-dialogue" in running(state)
    assert stoppable(state) == ("leader-dialogue",)
    again = played(here, 5)
    assert dict(again.programme)["leader-dialogue"].months == 9
    assert dict(again.programme)["leader-dialogue-2"].start == 13
    assert "leader-dialogue" in running(again)


def test_people_are_appointed_once(here: World) -> None:
    state = move(begin(here), Moves((Start("champions"),)), BET)
    ended = move(state, Moves(stop="champions"), BET)
    assert "champions" not in [offer.name for offer in offers(ended)]
    with pytest.raises(AdoptionError, match="'champions' has appointed already"):
        move(ended, Moves((Start("champions"),)), BET)
    assert seen(ended).month == 2 * here.rules.months


def test_champions_are_chosen_in_the_way_that_is_asked_for(here: World) -> None:
    ends = set()
    for way in ("random", "most_connected", "volunteers"):
        state = move(begin(here), Moves((Start("champions", way),)), BET)  # type: ignore[arg-type]
        people = lived(state).people[0]
        ends.add(tuple(np.flatnonzero(people["champion"] == 1)))
    assert len(ends) == 3


def test_champions_can_be_named_where_the_people_are_on_a_list(tmp_path: Path) -> None:
    lines = ["id,department,team,manager"]
    lines += [
        f"p{k},{'office' if k % 2 else 'sales'},t{k // 10},{'' if k == 0 else 'p0'}"
        for k in range(60)
    ]
    (tmp_path / "people.csv").write_text("\n".join(lines) + "\n")
    (tmp_path / "acme.yaml").write_text(
        "organisation:\n  people: people.csv\nprogramme:\n  launch: {}\n"
    )
    (tmp_path / "world.yaml").write_text(
        "title: {en: Acme, nl: Acme}\nstory: {en: Acme, nl: Acme}\nscenario: ./acme.yaml\nmoney: 300000\n"
        "measures:\n  champions: {}\n"
    )
    here = read_world(tmp_path / "world.yaml")
    named = Moves((Start("champions", people=("p3", "p8")),))
    state = move(begin(here), named, BET)
    assert lived(state).people[0]["champion"].sum() == 2
    assert seen(state).quotes == ()  # nothing is put into the mouths of one's own people
    save(state, tmp_path / "blue.yaml")
    assert resume(tmp_path / "blue.yaml", here) == state
    with pytest.raises(AdoptionError, match="nobody's id"):
        move(begin(here), Moves((Start("champions", people=("p99",)),)), BET)


# --- What is seen --------------------------------------------------------------------------


def test_the_log_is_exact(here: World) -> None:
    state = played(here, 3)
    view, people = seen(state), lived(state).people[0]
    assert view.licences[-1] == (people["access"] == 1).sum()
    assert view.used[-1] == ((people["access"] == 1) & (people["uses"] == 1)).sum()
    assert seen(played(here, 2)).used == view.used[:7]


def test_the_survey_is_a_turn_late_and_says_how_far_it_may_be_off(here: World) -> None:
    late, soon = seen(played(here, 3)).survey, seen(played(here, 2)).survey
    assert late is not None
    assert soon is not None
    assert (late.month, soon.month, late.asked) == (6, 3, 25)
    assert 0.04 < late.weekly_error < 0.12
    assert seen(begin(here)).survey is None


def test_a_survey_of_everybody_is_exact_and_one_of_few_is_near(here: World) -> None:
    def asks(answers: int) -> World:
        survey = here.rules.survey.model_copy(update={"answers": answers})
        return here._replace(rules=here.rules.model_copy(update={"survey": survey}))

    everybody = seen(played(asks(140), 4)).survey
    assert everybody is not None
    assert everybody.weekly == pytest.approx(reached(played(here, 4))[9] / 100.0)
    assert everybody.weekly_error == 0.0
    few = seen(played(asks(25), 4)).survey
    assert few is not None
    assert abs(few.weekly - everybody.weekly) < 4.0 * few.weekly_error


def test_the_same_people_are_asked_whatever_a_team_does(here: World) -> None:
    lazy = begin(here)
    for _ in range(2):
        lazy = move(lazy, Moves(), BET)
    same = [quote.department for quote in seen(lazy).quotes]
    assert same == [quote.department for quote in seen(played(here, 2)).quotes]


def test_what_will_happen_is_not_to_be_seen(here: World, tmp_path: Path) -> None:
    before, after = played(here, 2), played(here, 3)
    assert seen(before).news == {}
    assert list(seen(after).news) == ["bad-news"]
    save(before, tmp_path / "blue.yaml")
    text = (tmp_path / "blue.yaml").read_text()
    assert not any(name in text for name in here.rules.events)


def test_quotes_are_of_three_people_and_somebody_can_always_say_something(here: World) -> None:
    from typing import get_args

    view = seen(played(here, 4))
    assert len(view.quotes) == 3
    assert len({quote.department for quote in view.quotes}) == 3
    assert all(remarks_of(step, None) for step in get_args(Step))
    assert len({remark.says.en for remark in read_quotes().values()}) == len(read_quotes())


def test_nothing_seen_tells_what_people_fear_or_how_many_colleagues_it_takes(here: World) -> None:
    view = seen(played(here, 4))
    assert not any("threat" in name or "threshold" in name for name in str(view._fields))
    assert set(view._fields) == {
        *("turn", "month", "licences", "used", "survey", "quotes", "money", "news")
    }


def test_the_interval_score_rewards_what_is_truly_believed() -> None:
    values = np.random.default_rng(1).normal(40.0, 5.0, 4000)

    def mean(half: float) -> float:
        bet = Bet(low=40.0 - half, high=40.0 + half)
        return float(np.mean([interval_score(bet, value) for value in values]))

    best = 1.2816 * 5.0  # the middle 80 % of a normal distribution
    assert mean(best) < mean(0.6 * best)
    assert mean(best) < mean(1.6 * best)


# --- Files ---------------------------------------------------------------------------------


@pytest.mark.parametrize("turns", [0, 1, 4, 8])
def test_a_saved_game_goes_on_as_it_was(turns: int, here: World, tmp_path: Path) -> None:
    state = played(here, turns)
    save(state, tmp_path / "blue.yaml")
    assert resume(tmp_path / "blue.yaml") == state
    assert sim.load(tmp_path / "blue.yaml").fingerprint() == state.scenario.fingerprint()


def test_a_game_is_a_scenario_and_how_it_came_about_changes_no_number(
    here: World, tmp_path: Path
) -> None:
    state = played(here)
    save(state, tmp_path / "blue.yaml")
    scenario = sim.load(tmp_path / "blue.yaml")
    rules = here.rules
    alone = sim.Simulator(scenario, streams=np.array([rules.run]))
    np.testing.assert_array_equal(alone.rows()[0], lived(state).rows[0])
    assert scenario.model_copy(update={"play": None}).fingerprint() == scenario.fingerprint()
    assert kpis.COLUMN["adoption"] == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("task_share: 0.35", "task_share: 0.3"), "organisation, programme or events are others"),
        (("start: 4", "start: 5"), "are others"),
        (("run: 12", "run: 11"), "are others"),
        (("  bets:\n  - {low: 20.0, high: 50.0}\n", "  bets:\n"), "are others|play.bets"),
        (("{low: 20.0", "{low: 70.0"), "'low' lies above 'high'"),
        (("world: machine-builder", "world: machine"), "there is no world 'machine'"),
        (("play:", "tool: {go_live: 1}\nplay:"), None),
        (("play:", "tool: {licence_price: 1}\nplay:"), "are others"),
    ],
)
def test_a_file_that_no_game_of_the_world_leads_to_is_refused(
    change: tuple[str, str], said: str | None, here: World, tmp_path: Path
) -> None:
    save(played(here), tmp_path / "blue.yaml")
    text = (tmp_path / "blue.yaml").read_text()
    assert change[0] in text
    (tmp_path / "blue.yaml").write_text(text.replace(*change, 1))
    if said is None:
        assert resume(tmp_path / "blue.yaml").over
        return
    with pytest.raises(AdoptionError, match=said):
        resume(tmp_path / "blue.yaml")


def test_the_same_file_gives_the_same_end_everywhere() -> None:
    state = resume(GAMES / "north.yaml")
    view = seen(state)
    assert view.used == (
        *(0, 61, 83, 80, 79, 82, 83, 83, 76, 80, 77, 77, 79),
        *(76, 79, 74, 79, 98, 98, 94, 90, 86, 86, 87, 82),
    )
    assert view.survey is not None
    assert (view.survey.month, view.survey.weekly, view.survey.helps) == (21, 0.32, 0.52)
    assert view.survey.weekly_error.hex() == NORTH_ERROR
    assert [quote.says.en[:8] for quote in view.quotes] == ["I start ", "A collea", "Some day"]
    assert float(reached(state)[-1]).hex() == NORTH_END


@pytest.mark.parametrize("team", ["", "x" * 61, "a\u202eb"])
def test_nobody_is_called_what_no_file_can_hold(team: str, here: World) -> None:
    with pytest.raises(AdoptionError, match="team: found"):
        begin(here, team)


def test_a_scenario_nobody_played_is_no_game() -> None:
    with pytest.raises(AdoptionError, match="nobody played this"):
        resume(GAMES.parents[2] / "scenarios/baseline.yaml")


@pytest.mark.parametrize("name", world_names())
def test_every_world_can_be_played_and_offers_twelve_measures(name: str) -> None:
    here = read_world(name)
    assert len(here.rules.measures) == 12
    left = money(begin(here)).left
    prices = [offer.cost for offer in offers(begin(here))]
    assert 0.0 < max(prices) <= left < sum(prices)
    assert here.last == 24


HEAD = "title: {en: Acme, nl: Acme}\nstory: {en: Acme, nl: Acme}\nmoney: 200000\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("scenario: basline\nmeasures: {training: {}}", r"world.yaml:4:1 .*basline"),
        ("scenario: baseline\nmeasures: {trainin: {}}", r"world.yaml:5:12.*did you mean 'training'"),
        ("scenario: baseline\nmeasures: {training: {start: 2}}", "a team says when it starts"),
        ("scenario: baseline\nmeasures: {launch: {}}", "'launch' is there from the start"),
        ("scenario: baseline\nmeasures: {training: {share: 0.1}}", "world.yaml:5.*share"),
        ("scenario: baseline\nmeasures: {training: {}}\nturn: 3", "did you mean 'turns'"),
        ("scenario: baseline\nmeasures: {training: {}}\nevents: {bad-new: {month: 3}}", "bad-news"),
        ("scenario: baseline\nmeasures: {training: {}}\nevents: {bad-news: {month: 99}}", "month 24"),
        ("scenario: baseline\nmeasures: {training: {}}\nstart_with: [lunch]", "no deployment 'lunch'"),
        ("scenario: baseline", "'measures' is missing"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_world_is_said_with_its_line(
    text: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / "world.yaml").write_text(f"{HEAD}{text}\n")
    with pytest.raises(ScenarioError, match=said):
        read_world(tmp_path / "world.yaml")
