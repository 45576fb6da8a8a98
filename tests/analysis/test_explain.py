"""Why a scenario reaches what it reaches: shares that add up, reasons, people, groups, kept pieces."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import sim
from analysis.cli import adopt
from analysis.decisions import explain as study
from analysis.decisions import explain_texts as texts
from analysis.decisions.explain import Explained, explain, question
from analysis.decisions.game import APPOINTED, ROLLOUT, Game, bare
from analysis.decisions.goal import Goal
from analysis.results.pieces import Pieces
from analysis.words.languages import language
from sim.errors import AdoptionError, InterruptedStudyError
from sim.scenario.schema import Scenario
from sim.study.posteriors import posterior


def small(name: str, **changes: object) -> Scenario:
    values = {path.replace("__", "."): value for path, value in changes.items()}
    return sim.load(name).changed({"organisation.employees": 60, **values})


@pytest.fixture(scope="module")
def why() -> Explained:
    return explain(small("leadership-champions"), runs=12, seed=3)


# --- Shares --------------------------------------------------------------------------------


def test_shares_add_up_in_every_organisation(why: Explained) -> None:
    assert why.players == ("launch", "leadership-example", "champions", APPOINTED)
    gained = why.levels[1] - why.levels[0]
    assert np.abs(why.shares.sum(axis=0) - gained).max() < 1e-9
    assert why.total.value == pytest.approx(gained.mean())
    assert why.runs == 12


def test_the_whole_is_what_compare_gives_and_nobody_the_reference(why: Explained) -> None:
    sides = sim.compare([bare(why.scenario), why.scenario], runs=12, seed=3)
    for side, level in zip(sides.scenarios, why.levels, strict=True):
        expected = sides.curves(side, "adoption")[:, 18] * 100.0
        np.testing.assert_allclose(level[0], expected, atol=1e-12)


def test_a_measure_of_dose_0_adds_exactly_nothing() -> None:
    idle = small("leadership", programme__champions={"dose": 0.0})
    out = explain(idle, runs=6, seed=1)
    nothing = out.players.index("champions")
    assert (out.shares[nothing] == 0.0).all()
    assert (out.first[nothing] == 0.0).all()
    assert (out.last[nothing] == 0.0).all()
    assert Game(idle).idle == 1 << nothing


def test_two_measures_that_are_the_same_add_the_same() -> None:
    twice = small("baseline", programme={
        "a": {"measure": "two-sided-communication", "start": 2},
        "b": {"measure": "two-sided-communication", "start": 2},
    })  # fmt: skip
    out = explain(twice, runs=4, seed=1)
    np.testing.assert_allclose(out.shares[0], out.shares[1], atol=1e-9)


def test_where_nothing_is_shared_each_brings_what_it_brings_alone() -> None:
    """Identity link, no ties and certain decisions: a world of its own for each effect is additive."""
    alone = {
        "organisation.network": {"kind": "complete"},
        "parameters.peer_weight": 0.0,
        "parameters.consider_peers": 0.0,
        "parameters.hearsay_rate": 0.0,
    }
    free = small("leadership-champions").changed(alone)
    out = explain(free, goal=Goal("felt_threat", 12), runs=4, seed=1)
    assert np.abs(out.shares.sum(axis=0) - (out.levels[1] - out.levels[0])).max() < 1e-9


def test_the_appointed_stand_apart_from_what_they_bring_about(why: Explained) -> None:
    """Without the pledge the same people count as they would without being appointed."""
    game = Game(why.scenario, goal=why.goal, runs=12, seed=3)
    free, users = game.played(game.whole & ~game.appointing, 0)
    whole, _ = game.played(game.whole, 0, users)
    assert (whole.undecreed <= whole.value + 1e-12).all()
    assert whole.undecreed.mean() > free.value.mean()
    decreed = why.last[why.players.index(APPOINTED)]
    np.testing.assert_allclose(decreed[0], whole.value - whole.undecreed, atol=1e-9)


def test_what_is_counted_otherwise_has_no_appointed() -> None:
    area = explain(small("leadership-champions"), goal=Goal("adoption", 18, True), runs=3)
    assert APPOINTED not in area.players
    assert area.people is None
    skill = explain(small("leadership-champions"), goal=Goal("skill", 18), runs=3)
    assert APPOINTED not in skill.players
    assert skill.odds is None


def test_doses_stay_as_the_whole_delivers_them() -> None:
    """A budget that is too small: what a measure left out would free goes to nobody else."""
    poor = small("full-programme", budget__total=90_000, budget__when_over="scale", budget__keep=[])
    game = Game(poor, runs=4)
    whole, _ = game.played(game.whole, 0)
    expected = sim.compare([poor], runs=4, seed=1).curves(poor.name, "adoption")[:, 18]
    np.testing.assert_allclose(whole.value, expected * 100.0, atol=1e-12)
    free = Game(poor.changed({"budget.total": None}), runs=4)
    alone = 1 << game.players.index("training")
    assert (game.played(alone, 0)[0].value != free.played(alone, 0)[0].value).any()


def test_a_roll_out_is_a_player_of_its_own() -> None:
    later = small("baseline", tool__go_live=7)
    out = explain(small("leadership"), later, runs=4, seed=2)
    assert ROLLOUT in out.players
    assert np.abs(out.shares.sum(axis=0) - (out.levels[1] - out.levels[0])).max() < 1e-9
    expected = sim.compare([later], runs=4, seed=2).curves(later.name, "adoption")[:, 18]
    np.testing.assert_allclose(out.levels[0][0], expected * 100.0, atol=1e-12)


def test_more_measures_than_can_be_ordered_are_sampled_and_still_add_up() -> None:
    some = small(
        "full-programme", **{f"programme__{name}": None for name in ("launch", "training")}
    )
    exact = explain(some, runs=3, seed=1)
    few = explain(some, runs=3, seed=1, most=3, pairs=6)
    assert few.interactions is None
    assert few.orders is not None
    assert np.abs(few.shares.sum(axis=0) - (few.levels[1] - few.levels[0])).max() < 1e-9
    apart = few.shares.mean(axis=(1, 2)) - exact.shares.mean(axis=(1, 2))
    half = [few.share(k).high - few.share(k).value for k in range(len(few.players))]
    assert (np.abs(apart) < np.array(half) + 0.5).all()
    assert any("orders were drawn" in sentence for sentence in texts.sentences(few))


def test_groups_come_together_and_their_sum_stands_beside(why: Explained) -> None:
    grouped = explain(
        small("leadership-champions"), runs=12, seed=3, groups={"people": ["leadership-example", "champions"]}
    )  # fmt: skip
    table = grouped.table
    parts = table.loc[["leadership-example", "champions"], "share"].sum()
    assert table.loc["people", "share"] == pytest.approx(parts)
    assert not np.allclose(grouped.shares, why.shares)


def test_under_two_sets_of_evidence_it_says_whether_the_order_holds() -> None:
    sets = {name: posterior(name).iloc[:2].to_dict("records") for name in ("vendor", "literature")}
    out = explain(small("leadership-champions"), sets=sets, runs=3)
    assert out.shares.shape == (4, 4, 3)
    assert any("evidence" in sentence for sentence in texts.sentences(out))
    assert np.abs(out.shares.sum(axis=0) - (out.levels[1] - out.levels[0])).max() < 1e-9


def test_a_precision_adds_organisations_and_gives_what_so_many_give() -> None:
    scenario = small("leadership")
    asked = question(scenario)
    precise, reached = study.precisely(asked, 2.5)
    assert reached.enough
    assert reached.runs == precise.runs >= 40
    plain = explain(scenario, runs=reached.runs)
    np.testing.assert_array_equal(precise.shares, plain.shares)
    assert precise.funnel.equals(plain.funnel)
    with pytest.raises(AdoptionError, match="one: it is that of the luck"):
        explain(
            scenario,
            sets={"vendor": posterior("vendor").iloc[:2].to_dict("records")},
            precision=1.0,
        )


# --- People -------------------------------------------------------------------------------


def test_the_way_to_daily_use_holds_everybody_once(why: Explained) -> None:
    for side, level in zip(("reference", "scenario"), why.levels, strict=True):
        assert why.funnel[side].sum() == pytest.approx(100.0)
        weekly = why.funnel.loc[["weekly", "daily"], side].sum()
        assert weekly == pytest.approx(level.mean())


def test_who_moved_adds_up_to_what_was_gained(why: Explained) -> None:
    for _, rows in why.moved.groupby(level="kind"):
        assert rows["part"].sum() == pytest.approx(100.0)
        assert rows["people"].sum() == pytest.approx(60.0)


def test_people_only_a_measure_brings_are_no_more_than_all_who_use(why: Explained) -> None:
    assert why.people is not None
    assert (why.people >= 0).all()
    assert (why.people <= why.levels[1] / 100.0 * 60 + 1e-9).all()


def test_of_real_people_only_totals_are_told(tmp_path: Path) -> None:
    rows = [f"p{k},{'sales' if k % 2 else 'office'},{'p0' if k else ''}" for k in range(30)]
    (tmp_path / "staff.csv").write_text("id,department,manager\n" + "\n".join(rows) + "\n")
    (tmp_path / "firm.yaml").write_text(
        "organisation:\n  people: staff.csv\n"
        "programme:\n  champions: {share: 0.1}\n  launch: {}\n"
    )  # fmt: skip
    out = explain(tmp_path / "firm.yaml", runs=3)
    assert out.begun.empty
    assert out.moved.empty
    assert out.funnel["scenario"].sum() == pytest.approx(100.0)
    assert not any("saw a colleague" in sentence for sentence in texts.sentences(out))


# --- What cannot be ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (lambda: explain(bare(sim.load("baseline")), runs=3), "nothing to explain"),
        (lambda: explain("leadership", "size-75", runs=3), "140 people and size-75 75"),
        (lambda: explain("leadership", "steep-hierarchy", runs=3), "differ in 'organisation'"),
        (lambda: explain("leadership", goal=Goal("adoption", 99), runs=3), "found 99, expected 1 to 24"),
        (lambda: explain("leadership", goal=Goal("adopt", 9), runs=3), "did you mean 'adoption'"),
        (lambda: explain("leadership", groups={"x": ["launche"]}, runs=3), "did you mean 'launch'"),
        (lambda: explain("leadership", groups={"x": ["launch"], "y": ["launch"]}), "is in group x already"),
        (lambda: explain("leadership", groups={"launch": ["launch"]}), "found the name of a measure"),
        (lambda: explain("leadership", runs=1), "runs: found 1"),
    ],
)  # fmt: skip
def test_what_cannot_be_explained_is_said(asked: Callable[[], object], said: str) -> None:
    with pytest.raises(AdoptionError, match=said):
        asked()


# --- Kept, drawn and said -------------------------------------------------------------------


def test_a_study_that_was_stopped_goes_on_and_ends_the_same(tmp_path: Path) -> None:
    asked = question(small("leadership-champions"), runs=3)
    folder = tmp_path / "pieces"
    stopped = Pieces(folder)

    def stop(done: int, _: int) -> None:
        if done >= 3:
            raise KeyboardInterrupt

    with pytest.raises((InterruptedStudyError, KeyboardInterrupt)):
        study.investigate(asked, stop, stopped)
    again = Pieces(folder)
    assert 0 < len(again.found) < asked.size
    resumed, whole = study.investigate(asked, None, again), study.investigate(asked)
    assert json.dumps(resumed.as_json()) == json.dumps(whole.as_json())


def test_the_figure_says_what_it_shows_in_both_languages(why: Explained) -> None:
    for code, word in (("en", "points"), ("nl", "punten")):
        picture = why.figure(language(code))
        assert word in picture.message
        assert picture.caption.endswith(".")
        letters = [text.get_text() for text in [*picture.texts, *picture.axes[0].texts]]
        assert any("(" in text for text in letters)


def test_the_command_tells_keeps_and_draws(tmp_path: Path) -> None:
    run = CliRunner().invoke(
        adopt,
        ["explain", "leadership-champions", "--runs", "4", "--set", "organisation.employees=60",
         "--json", "--output", str(tmp_path), "--lang", "nl", "--group", "people=champions,launch"],
    )  # fmt: skip
    assert run.exit_code == 0, run.output
    content = json.loads(run.stdout)
    assert {"total", "unit", "month", "measures", "interactions"} <= content.keys()
    measures = content["measures"]
    assert {"measure", "share", "low", "high", "first", "last", "euro", "people"} <= measures[
        0
    ].keys()
    assert sum(row["share"] for row in measures) == pytest.approx(content["total"]["value"])
    assert [row["measure"] for row in content["groups"]] == ["people"]
    folder = Path(content["folder"])
    assert {"measures.csv", "funnel.csv", "explain.json", "explain-nl.png"} <= {
        path.name for path in folder.iterdir()
    }
    assert not (folder / "unfinished").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--group", "people"], "expected NAME=MEASURE,MEASURE"),
        (["--group", "a=launch", "--group", "a=champions"], "twice"),
        (["--month", "soon"], "expected a month from 1 to 1200, or 'area'"),
        (["--month", "99"], "found 99, expected 1 to 24"),
        (["--precision", "1", "--runs", "9"], "expected one of them"),
        (["--precision", "0"], "expected a number above 0"),
        (["--against", "nothing-there"], "nothing-there"),
    ],
)
def test_the_command_says_what_is_wrong(options: list[str], said: str, tmp_path: Path) -> None:
    run = CliRunner(catch_exceptions=True).invoke(
        adopt, ["explain", "leadership", *options, "--output", str(tmp_path)]
    )
    assert run.exit_code != 0
    assert said in run.output + str(run.exception)
