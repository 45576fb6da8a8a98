"""Risk is counted over vectors and organisations, and what is searched for is held against the unseen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from analysis.decisions import contexts, discount, risk_tables
from analysis.decisions import risk as study
from analysis.decisions.goal import Goal
from analysis.decisions.prim import prim
from analysis.decisions.risk import Risk
from analysis.decisions.risk_figure import risk_figure
from analysis.decisions.risk_texts import looked, rests
from analysis.figures.frame import in_bytes
from analysis.words.languages import language
from sim.engine.kinds import Array
from sim.errors import AdoptionError
from sim.scenario.schema import Scenario

SHORT = {"simulation.months": 6, "organisation.employees": 30}
VECTORS = [{"peer_weight": 0.5 + 0.25 * k, "base_desire": -3.0} for k in range(8)]
GOAL = Goal("adoption", 6)


def short(name: str) -> Scenario:
    return sim.load(name).changed(SHORT)


def asked(*names: str, **changes: Any) -> study.Question:
    plans = [short(name) for name in names or ("baseline", "champions", "leadership")]
    sets = {"literature": VECTORS[:4], "vendor": VECTORS[4:]}
    given = {"goal": GOAL, "organisations": 4, "cases": 40} | changes
    return study.question(plans, given.pop("sets", sets), **given)


@pytest.fixture(scope="module")
def risked() -> Risk:
    """Return what comes of three plans."""
    return study.investigate(asked())


def toy(values: Array, earned: Array | None = None, spent: Array | None = None) -> Risk:
    """Return a result with these values [plans, vectors, organisations], and no cases."""
    question = asked(*("baseline", "champions", "leadership")[: len(values)], cases=0)
    nothing = np.zeros_like(values)
    none = np.zeros((len(values), 0))
    return Risk(
        question,
        values,
        nothing if earned is None else earned,
        nothing if spent is None else spent,
        none,
        none,
    )


# --- Chances and regret --------------------------------------------------------------------


def test_the_same_organisation_meets_every_plan(risked: Risk) -> None:
    assert risked.values.shape == (3, 8, 4)
    simulator = sim.Simulator(short("baseline"), 4, 1, [VECTORS[2]], first=8)
    expected = 100 * simulator.outcome(short("champions"), month=6)
    np.testing.assert_array_equal(risked.values[1, 2], expected)
    result = sim.run(
        short("champions").changed({"parameters.peer_weight": 1.0, "parameters.base_desire": -3.0}),
        12,
    )
    spent = result.curves("champions", "cost")[8:, :7].sum(axis=1)
    np.testing.assert_allclose(risked.spent[1, 2], spent)


def test_a_chance_is_a_share_of_vectors_and_organisations(risked: Risk) -> None:
    for plan in range(3):
        chance = risked.failing(plan)
        assert chance.value == pytest.approx((risked.values[plan] < 35.0).mean())
        halves = [risked.failing(plan, evidence).value for evidence in ("literature", "vendor")]
        assert np.mean(halves) == pytest.approx(chance.value)
        assert 0.0 <= chance.low <= chance.value <= chance.high <= 1.0


def test_who_is_best_everywhere_regrets_nothing() -> None:
    values = np.random.default_rng(1).uniform(20, 60, (3, 8, 5))
    values[1] = values.max(axis=0) + 1.0
    risk = toy(values)
    assert risk.first == 1
    assert (risk.regrets[1] == 0.0).all()
    assert (risk.regrets[[0, 2]] > 0.0).all()
    assert risk.table.loc["champions", ["regret", "regret_90"]].tolist() == [0.0, 0.0]
    assert risk.table.loc["champions", "best"] == 1.0


def test_the_chances_of_two_plans_add_up(risked: Risk) -> None:
    for plan in range(3):
        for other in range(plan):
            there, back = risked.pair(plan, other), risked.pair(other, plan)
            assert there.beats.value + back.beats.value + there.equal == pytest.approx(1.0)
            assert there.equal == back.equal


def test_where_less_is_better_less_wins() -> None:
    values = np.array([[[50.0, 60.0]] * 2, [[20.0, 30.0]] * 2])
    risk = toy(values)._replace(
        asked=asked("baseline", "champions", cases=0)._replace(
            goal=Goal("never_users", 6), level=40.0
        )
    )
    assert risk.first == 1
    assert risk.failing(0).value == 1.0
    assert risk.failing(1).value == 0.0
    assert risk.pair(1, 0).beats.value == 1.0


# --- Belief --------------------------------------------------------------------------------


def test_the_best_plan_flips_where_lines_cross() -> None:
    # 0; -10 + 40 b; -40 + 100 b: the second from a quarter on, the third from a half on.
    risked = discount.spans([0.0, -10.0, -40.0], [0.0, 40.0, 100.0])
    assert [span.first for span in risked] == [0, 1, 2]
    assert [span.low for span in risked] == pytest.approx([0.0, 0.25, 0.5])
    assert [span.high for span in risked] == pytest.approx([0.25, 0.5, 1.0])


@pytest.mark.parametrize("seed", range(10))
def test_spans_hold_the_highest_line_at_every_belief(seed: int) -> None:
    rng = np.random.default_rng(seed)
    base, slope = rng.normal(size=4), rng.normal(size=4)
    risked = discount.spans(base, slope)
    assert risked[0].low == 0.0 and risked[-1].high == 1.0
    for span in risked:
        for belief in np.linspace(span.low, span.high, 7):
            line = base + belief * slope
            assert line[span.first] == pytest.approx(line.max())


def test_belief_flips_where_it_is_known_to_in_a_linear_toy() -> None:
    base = np.random.default_rng(2).uniform(10, 30, (8, 5))
    values = np.array([base, base + 20.0, base + 50.0])
    flat = np.ones((8, 5))
    risk = toy(
        values,
        np.array([0.0 * flat, 40_000.0 * flat, 100_000.0 * flat]),
        np.array([0.0 * flat, 10_000.0 * flat, 40_000.0 * flat]),
    )
    assert risk.pair(2, 1).belief.value == pytest.approx(0.4)
    assert np.isnan(risk.pair(1, 2).belief.value)  # behind with all of its effect
    assert risk.pair(1, 0).pays.value == pytest.approx(0.25)
    assert risk.pair(2, 1).pays.value == pytest.approx(0.5)
    assert [span.low for span in risk.paying()] == pytest.approx([0.0, 0.25, 0.5])
    table = risk_tables.belief_table(risk)
    assert table.loc[0.25, "earns_most"] == "champions"
    assert table["earns_most"].iloc[[0, -1]].tolist() == ["baseline", "leadership"]
    assert risk.believed(0.0).tolist() == [risk.failing(0).value] * 3
    assert risk.believed(1.0).tolist() == [risk.failing(plan).value for plan in range(3)]


def test_of_net_the_price_is_believed_in_full() -> None:
    base, flat = np.random.default_rng(3).uniform(0, 9, (8, 5)), np.ones((8, 5))
    earned = np.array([0.0 * flat, 40.0 * flat])
    spent = np.array([0.0 * flat, 10.0 * flat])
    risk = toy(base + earned - spent, earned, spent)
    goal = Goal("cumulative_net", 6)
    risk = risk._replace(asked=risk.asked._replace(goal=goal, level=0.0))
    assert risk.pair(1, 0).belief.value == pytest.approx(0.25)
    assert risk.believed(0.0).tolist() == [0.0, 1.0]
    assert risk.believed(1.0).tolist() == [0.0, 0.0]


def test_a_plan_pays_at_any_belief_or_at_none() -> None:
    flat = np.ones((4, 3))
    assert study.paying(10.0 * flat, -5.0 * flat) == 0.0
    assert np.isnan(study.paying(10.0 * flat, 20.0 * flat))


# --- Where it happens ----------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_a_planted_box_is_found_and_holds_of_the_unseen(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cases = rng.random((600, 20))
    happens = (cases[:, 4] > 0.6) & (cases[:, 9] < 0.5)
    box = prim(cases, happens, np.arange(600) % 2 > 0)
    assert set(list(box.limits)[:2]) == {4, 9}
    assert box.limits[4][0] == pytest.approx(0.6, abs=0.08)
    assert box.limits[9][1] == pytest.approx(0.5, abs=0.08)
    assert box.unseen.density > 0.75
    assert box.unseen.coverage > 0.75
    assert box.holds


def test_there_are_no_limits_where_nothing_happens_or_always() -> None:
    cases = np.random.default_rng(1).random((100, 3))
    for value in (0.0, 1.0):
        box = prim(cases, np.full(100, value), np.arange(100) % 2 > 0)
        assert box.limits == {}
        assert not box.holds


def test_a_box_has_to_have_cases_on_either_side() -> None:
    with pytest.raises(AdoptionError, match="others to be held against"):
        prim(np.zeros((4, 1)), np.zeros(4), np.zeros(4, bool))


def planted(risked: Risk, by: str) -> Risk:
    """Return a result in which the second plan beats the third as one feature alone says."""
    risk = risked._replace(asked=risked.asked._replace(cases=400))
    names, features = risk.features
    column = features[:, names.index(by)]
    margins = np.zeros((3, 400))
    margins[2] = 1.0
    margins[1] = np.where(column > np.median(column), 2.0, 0.0)
    values = risked.values.copy()
    values[2] = values.max(axis=0) + 1.0
    return risk._replace(values=values, margins=margins, missed=np.zeros((3, 400)))


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("peer_weight", "Which plan wins rests on belief in peer_weight (pull of"),
        (
            "organisation.digital_maturity",
            "Which plan wins rests on your organisation (digital maturity), not on belief",
        ),
    ],
)
def test_it_says_whether_belief_or_the_organisation_decides(
    risked: Risk, by: str, said: str
) -> None:
    vectors = [{"peer_weight": 0.1 * k, "base_desire": -3.0} for k in range(40)]
    many = risked._replace(asked=risked.asked._replace(sets={"vendor": vectors}))
    risk = planted(many, by)
    (there,) = looked(risk)
    assert rests(risk, there).startswith(said)
    assert there.box.unseen.density > 0.8


# --- Other organisations -------------------------------------------------------------------


def test_other_organisations_lie_around_the_one_at_hand() -> None:
    plan = short("baseline")
    listed = contexts.contexts_of([plan])
    places = contexts.drawn(listed, 50, 3)
    assert places.shape == (50, len(listed))
    assert ((np.sort(places, axis=0) * 50).astype(int) == np.arange(50)[:, None]).all()
    low, high = (contexts.changed(plan, listed, np.full(len(listed), end)) for end in (0.0, 1.0))
    assert low.organisation.employees == 15
    assert high.organisation.employees == 60
    assert low.organisation.digital_maturity == pytest.approx(0.2)
    assert high.organisation.culture.transparency == pytest.approx(0.8)
    assert low.organisation.turnover == 0.0
    assert sim.run(low, runs=2).runs == 2


# --- Stopped and gone on with --------------------------------------------------------------


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "unfinished" not in path.parts
    }


# --- What cannot be asked ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "changes", "message"),
    [
        (["baseline"], {}, "scenarios: found baseline, expected at least two, each once"),
        (["baseline", "baseline"], {}, "expected at least two, each once"),
        (
            ["baseline", "champions"],
            {"level": 101.0},
            "level: found 101, expected 0 to 100 percent",
        ),
        (["baseline", "champions"], {"level": float("nan")}, "level: found nan"),
        (
            ["baseline", "champions"],
            {"goal": Goal("adoption", 7)},
            "month: found 7, expected 1 to 6",
        ),
        (
            ["baseline", "champions"],
            {"goal": Goal("skill", 6)},
            "level: found none, expected one for",
        ),
        (
            ["baseline", "champions"],
            {"sets": {"shipped": [{}]}},
            "vectors: found 1, expected at least 2",
        ),
        (
            ["baseline", "champions"],
            {"cases": 7},
            "cases: found 7, expected 0 for none, or at least 20",
        ),
        (
            ["baseline", "champions"],
            {"organisations": 1},
            "organisations: found 1, expected at least 2",
        ),
    ],
)
def test_what_cannot_be_asked_is_said(
    names: list[str], changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(AdoptionError, match=message):
        asked(*names, **changes)


def test_plans_for_other_people_are_refused() -> None:
    other = short("champions").changed({"organisation.employees": 31})
    with pytest.raises(AdoptionError, match="do not have the same people"):
        study.question([short("baseline"), other], {"vendor": VECTORS}, GOAL)


# --- Shown ---------------------------------------------------------------------------------


def test_it_is_drawn_to_the_same_bytes(risked: Risk) -> None:
    first, again = (in_bytes(risk_figure(risked), "png") for _ in range(2))
    assert first == again


def test_what_does_not_vary_is_drawn_too() -> None:
    assert toy(np.full((2, 4, 3), 50.0)).figure().axes


def test_json_holds_what_the_sentences_say(risked: Risk) -> None:
    said = json.loads(json.dumps(risked.as_json(), allow_nan=False))
    assert said["sentences"] == risked.said()
    assert said["message"] == risked.answer
    assert [row["scenario"] for row in said["plans"]] == list(risked.asked.scenarios)
    for box in said["boxes"]:
        assert {"density", "coverage"} <= set(box["seen"]) & set(box["unseen"])


def test_it_speaks_dutch(risked: Risk) -> None:
    assert risked.said(language("nl"))
