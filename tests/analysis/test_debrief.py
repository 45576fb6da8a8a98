"""What a game came to: replay without each move, skill or luck, and the command that plays it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import sim
from analysis.cli import adopt
from analysis.decisions import debrief as study
from analysis.decisions import debrief_texts as texts
from analysis.decisions.debrief import (
    NOTHING,
    PLAN,
    Debriefed,
    Line,
    Replay,
    Worth,
    agrees,
    debrief,
    title_of,
)
from analysis.decisions.debrief_figure import debrief_figure
from analysis.decisions.debrief_page import page_of, save
from analysis.words.languages import language
from sim.errors import AdoptionError
from sim.play import Bet, Moves, Start, State, World, begin, move, reached, read_world, resume

NAMES = ["leader-dialogue", "two-sided-communication"]


@pytest.fixture(scope="module")
def here() -> World:
    return read_world("machine-builder")


@pytest.fixture(scope="module", autouse=True)
def few_plans() -> object:
    """Let shipped plans be few: trying all of them takes seconds."""
    patch = pytest.MonkeyPatch()
    patch.setattr(study, "TRIED", 2)
    patch.setattr(
        study, "best_plan", lambda world: ("Champions", study._as_here(world, "champions"))
    )
    yield patch
    patch.undo()


def played(here: World, team: str = "blue", names: list[str] = NAMES, turns: int = 8) -> State:
    state = move(begin(here, team), Moves(tuple(map(Start, names))), Bet(low=0, high=100))
    for _ in range(turns - 1):
        state = move(state, Moves(), Bet(low=0, high=10))
    return state


@pytest.fixture(scope="module")
def out(here: World) -> Debriefed:
    return debrief([played(here)], others=20)


def test_the_own_line_is_what_was_played_and_doing_nothing_is_the_start(
    out: Debriefed, here: World
) -> None:
    np.testing.assert_array_equal(out.lines["blue"].curve, reached(out.teams[0]))
    idle = played(here, names=[])
    np.testing.assert_array_equal(out.lines[NOTHING].curve, reached(idle))
    assert list(out.lines) == ["blue", NOTHING, PLAN]


def test_a_move_is_worth_what_is_missing_without_it_on_the_same_people_and_luck(
    out: Debriefed, here: World
) -> None:
    for worth in out.worths["blue"]:
        without = played(here, names=[name for name in NAMES if name != worth.name])
        missing = reached(out.teams[0])[-1] - reached(without)[-1]
        assert worth.here == pytest.approx(missing, abs=1e-9)


def test_others_are_other_organisations_of_the_same_kind(out: Debriefed, here: World) -> None:
    replay = Replay(here, 20)
    state = out.teams[0]
    both = sim.Simulator(here.start, seed=here.rules.seed, runs=20, first=here.rules.run + 1)
    free = replay.free(state.scenario)
    np.testing.assert_array_equal(replay.ends(free)[1:], 100.0 * both.outcome(free))


def test_skill_is_what_helps_here_and_elsewhere_for_certain() -> None:
    def worth(here: float, low: float, high: float, name: str = "a") -> Worth:
        return Worth(name, 1, here, (low + high) / 2.0, low, high)

    assert worth(2.0, 1.0, 3.0).verdict == "skill"
    assert worth(2.0, -1.0, 3.0).verdict == "luck"
    assert worth(-2.0, 1.0, 3.0).verdict == "luck"
    assert worth(0.0, 1.0, 3.0).verdict == "luck"
    assert worth(-2.0, -3.0, -1.0).verdict == "mistake"
    assert agrees([worth(3.0, 2.0, 4.0), worth(1.0, 0.5, 1.0, "b")])
    assert not agrees([worth(3.0, 0.2, 0.4), worth(1.0, 0.5, 1.0, "b")])
    assert not agrees([worth(3.0, -1.0, 4.0), worth(1.0, 0.5, 1.0, "b")])
    assert not agrees([])


def test_where_the_best_move_here_is_not_the_best_elsewhere_it_says_luck(out: Debriefed) -> None:
    first, second = NAMES
    unlucky = [Worth(first, 1, 5.0, 1.0, 0.5, 1.5), Worth(second, 1, 1.0, 3.0, 2.5, 3.5)]
    said = texts.sentences(out._replace(worths={"blue": unlucky}))[0]
    assert "was luck" in said
    assert "worth more, 3.0" in said
    unsure = [Worth(first, 1, 5.0, 1.0, -0.5, 1.5), Worth(second, 1, 1.0, 0.5, 0.2, 0.8)]
    assert texts.sentences(out._replace(worths={"blue": unsure}))[0].endswith("luck.")
    alike = [Worth(first, 1, 2.0, 1.0, 0.5, 1.5), Worth(second, 1, 2.0, 3.0, 2.5, 3.5)]
    assert "is luck" in texts.sentences(out._replace(worths={"blue": alike}))[0]
    assert not agrees(alike)
    certain = [Worth(first, 1, 5.0, 4.0, 3.5, 4.5), Worth(second, 1, 1.0, 0.5, 0.2, 0.8)]
    assert texts.sentences(out._replace(worths={"blue": certain}))[0].endswith("skill.")


def test_there_are_several_scores_and_no_single_one(out: Debriefed) -> None:
    scores = out.table.loc["blue"]
    assert scores["bets"] == 8
    assert scores["bets_held"] == 1
    nothing = out.table.loc[NOTHING]
    more = scores["weekly_users"] - nothing["weekly_users"]
    assert scores["euro_per_point"] == pytest.approx((scores["cost"] - nothing["cost"]) / more)
    assert 0.0 < scores["never_reached"] < nothing["never_reached"] < 100.0
    assert not {"score", "total", "rank"} & set(out.table.columns)


def test_a_shipped_plan_that_cannot_be_paid_or_be_there_is_none(here: World) -> None:
    assert study._as_here(here, "full-programme") is None
    assert study._as_here(here, "case-service-provider") is None
    assert study._as_here(here, "baseline") is None
    champions = study._as_here(here, "champions")
    assert champions is not None
    assert set(champions.programme) == {"launch", "champions"}


def test_games_of_other_worlds_or_of_one_name_are_no_class(here: World) -> None:
    with pytest.raises(AdoptionError, match="expected at least one file"):
        debrief([])
    with pytest.raises(AdoptionError, match="two are called 'blue'"):
        debrief([played(here, turns=1), played(here, turns=2)])
    other = begin(read_world("service-provider"), "red")
    with pytest.raises(AdoptionError, match="expected games of one world"):
        debrief([played(here, turns=1), other])
    with pytest.raises(AdoptionError, match="two are called 'plan'"):
        debrief([played(here, "plan", turns=1)])


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_the_figure_says_what_it_shows(out: Debriefed, lang: str) -> None:
    words = language(lang)
    picture = debrief_figure(out, words)
    assert picture.message == out.figure(words).message
    assert picture.message == texts.message(out, words)
    assert str(out.world.rules.seed) in picture.caption
    assert "20" in picture.caption
    said = " ".join(text.get_text() for text in picture.texts)
    for name in NAMES:
        assert title_of(name, out.teams[0], words)[:20] in said


def test_the_page_of_a_class_names_every_team_and_hides_no_sign(
    here: World, tmp_path: Path
) -> None:
    teams = [played(here, "blue"), played(here, "<red>", ["training"])]
    several = debrief(teams, others=4)
    paths = save(several, tmp_path)
    page = paths[0].read_text()
    assert "&lt;red&gt;" in page
    assert "<red>" not in page
    assert "data:image/png" in page
    assert {path.name for path in paths[0].parent.iterdir()} == {
        *("debrief.html", "debrief.png", "debrief.svg", "debrief.json", "scores.csv", "moves.csv")
    }
    assert several.figure().caption
    assert "between" in texts.message(several)
    assert page_of(several, b"").count("<table>") == 3


def test_a_line_without_bets_has_no_score() -> None:
    assert Line("a", np.zeros(2), 0.0, 0.0).score != 0.0


@pytest.mark.parametrize("team", ["north", "south", "east"])
def test_the_shipped_games_are_games(team: str) -> None:
    games = Path(__file__).parents[2] / "docs/examples/games"
    state = resume(games / f"{team}.yaml")
    assert state.over
    assert state.team == team


# --- The command ---------------------------------------------------------------------------


def typed(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


TURN = ("", "20 50")
"""Nothing is started in a turn, where nothing can be stopped."""


def run(folder: Path, arguments: list[str], text: str = "") -> tuple[int, str]:
    output = ["--output", str(folder / "results")]
    done = CliRunner().invoke(adopt, ["play", *arguments, *output], text, standalone_mode=False)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return int(done.return_value or 0), done.stdout


def test_what_is_typed_wrong_is_asked_again(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    text = typed("99", "x", "1 2 3", "?", "? 7", "1 3", "2", "7", "50 20", "20", "?", "20 50")
    code, said = run(tmp_path, ["--save", str(file)], text)
    assert code == 130  # standard input ends before the game does
    assert "expected numbers from 1 to 12" in said
    assert "At most 2 a turn" in said
    assert "Training by role:" in said
    assert "Not possible: 'champions' costs" in said
    assert "expected two numbers from 0 to 100, the lower first" in said
    assert f"adopt play --resume {file}" in said
    assert resume(file).turn == 1


def test_champions_can_be_named_where_there_is_a_list(tmp_path: Path) -> None:
    rows = ["id,department,team,manager", "p0,sales,t0,"]
    rows += [f"p{k},{'office' if k % 2 else 'sales'},t{k // 10},p0" for k in range(1, 60)]
    (tmp_path / "people.csv").write_text("\n".join(rows) + "\n")
    (tmp_path / "acme.yaml").write_text("organisation: {people: people.csv}\n")
    (tmp_path / "world.yaml").write_text(
        "title: {en: Acme, nl: Acme}\nstory: {en: Acme, nl: Acme}\nscenario: ./acme.yaml\n"
        "money: 300000\nmeasures: {champions: {}}\n"
    )
    file, world = tmp_path / "a.yaml", str(tmp_path / "world.yaml")
    _, said = run(tmp_path, [world, "--save", str(file)], typed("1", "7", "p3 p8", "20 50"))
    assert "from the list of people" in said
    people = dict(resume(file).programme)["champions"].audience.people
    assert people is not None
    assert len(people) == 2
    assert "p3" not in file.read_text()  # ids become pseudonyms


def test_the_game_speaks_dutch(tmp_path: Path) -> None:
    _, said = run(tmp_path, ["--lang", "nl", "--save", str(tmp_path / "a.yaml")], typed(*TURN))
    assert "DE MACHINEBOUWER" in said
    assert "Ambassadeurs" in said
