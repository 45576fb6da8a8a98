"""Steps 4 and 5 of the page: what they say is what the decisions give, of nobody real, and bounded."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import numpy as np
import pytest

import sim
from analysis.app import (
    decided,
    now_observed,
    session,
    setup,
    studies,
    why_charts,
    why_money,
    why_reasons,
)
from analysis.app.jobs import Desk
from analysis.app.why_charts import Bar
from analysis.decisions import colleague, explain, frontier, measuring, shocks
from analysis.decisions.bench import Terms, choices_of
from analysis.decisions.colleague_texts import sentences
from analysis.decisions.goal import Goal
from analysis.decisions.observed import read_observed
from analysis.words.languages import language
from sim.scenario.schema import Scenario
from sim.study.experiments import compare

EN, NL = language("en"), language("nl")
EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
SMALL = {"organisation.employees": 20, "simulation.months": 8}


@pytest.fixture(scope="module")
def small() -> setup.Setup:
    return setup.new(EN).changed(SMALL)


@pytest.fixture(scope="module")
def why(small: setup.Setup) -> explain.Explained:
    return explain.explain(small.scenarios[2], small.scenarios[0], Goal("adoption", 8), runs=10)


# --- Why ---------------------------------------------------------------------------------------


def test_a_waterfall_leads_from_one_strategy_to_the_other(why: explain.Explained) -> None:
    first, *steps, last = why_reasons.steps(why, EN)
    assert first.end == pytest.approx(why.levels[0].mean())
    assert last.end == pytest.approx(why.levels[1].mean())
    assert steps[0].start == pytest.approx(first.end)
    assert steps[-1].end == pytest.approx(last.end)
    for row, k in zip(steps, why.order, strict=True):
        share = why.share(k)
        assert row.end - row.start == pytest.approx(share.value)
        assert (row.low - row.start, row.high - row.start) == pytest.approx(share[1:3])


def test_a_plans_own_figure_says_of_how_many_organisations_it_is_and_how_sure(
    why: explain.Explained,
) -> None:
    level = why.level(1)
    first, *_, last = why_reasons.steps(why, NL)
    assert (last.end, last.low, last.high) == level[:3]
    assert level.low <= level.value <= level.high
    assert f"{NL.number(level.low, 1)} tot {NL.number(level.high, 1)}" in last.told
    assert "gemiddelde van 10 organisaties" in first.told and "gemiddelde van 10" in last.told


@pytest.mark.parametrize("words", [EN, NL], ids=["en", "nl"])
def test_the_sentence_on_top_has_the_numbers_of_the_study(
    why: explain.Explained, words: object
) -> None:
    text = why_reasons.headline(why, words)  # type: ignore[arg-type]
    total = words.number(why.total.value, 1)  # type: ignore[attr-defined]
    assert total in text and text != why_reasons.headline(why, NL if words is EN else EN)


def test_an_invented_colleague_is_nearest_the_middle_of_its_kind(small: setup.Setup) -> None:
    several = colleague.colleagues(small.scenarios[2], runs=4)
    assert several == colleague.colleagues(small.scenarios[2], runs=4)
    for me in several:
        assert abs(me.used - me.median) <= 1.0
        assert 0 <= me.used <= 8 and len(sentences(me)) == 3
        kinds = [moment.kind for moment in me.moments]
        assert kinds[:1] in ([], ["start"])
        assert all(
            {"start": "stop", "restart": "stop"}.get(a, "restart") == b
            for a, b in itertools.pairwise(kinds)
        )


def test_of_real_people_nobody_is_looked_at(tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    shutil.copy(EXAMPLES / "people.csv", people)
    real = setup.new(EN).with_people(people, None).scenarios[2]
    there = colleague.invented(real)
    assert there.organisation.people is None
    assert there.organisation.employees == real.organisation.employees
    assert set(there.organisation.departments) == set(real.organisation.departments)
    assert colleague.colleagues(real, runs=2)
    paths = {shock.name for shock in shocks.shocks_of(real)}
    assert "organisation.employees" not in paths  # nor is a list of people made longer


# --- Better ------------------------------------------------------------------------------------


def test_a_sketch_keeps_to_its_budgets_and_more_money_is_never_chosen_to_be_worse() -> None:
    scenario = sim.load("champions").changed(SMALL)
    terms = Terms(Goal("adoption", 8), without=_all_but("champions", "launch", "buddies"))
    result = frontier.sketch(scenario, [4_000.0, 20_000.0], terms)
    assert [point.budget for point in result.points] == [4_000.0, 20_000.0]
    assert all(point.spent <= point.budget + 0.01 for point in result.points)
    assert result.points[1].value.value >= result.points[0].value.value - 5.0
    assert 0.0 <= result.here.value <= 100.0


def _all_but(*names: str) -> tuple[str, ...]:
    several = choices_of(sim.load("champions"), Terms(Goal()))
    return tuple(choice.name for choice in several if choice.name not in names)


@pytest.mark.parametrize(
    ("euro", "said"), [(121_596.0, 120_000.0), (26_900.0, 27_000.0), (3.0, 1_000.0)]
)
def test_budgets_are_round(euro: float, said: float) -> None:
    assert why_money.rounded(euro) == said


def test_what_goes_otherwise_is_one_thing_at_a_time(small: setup.Setup) -> None:
    scenario = small.scenarios[2]
    result = shocks.shocked(scenario, Goal("adoption", 8), 10)
    assert [size.value for _, size in result.rows] == sorted(size.value for _, size in result.rows)
    (half,) = [
        size for shock, size in result.rows if (shock.kind, shock.name) == ("half", "champions")
    ]
    weak = scenario.changed({"programme.champions.share": 0.04})
    several = compare([scenario, weak.changed({"name": "weak"})], 10, seed=1)
    apart = (
        several.curves("weak", "adoption")[:, 8] - several.curves(scenario.name, "adoption")[:, 8]
    )
    assert half.value == pytest.approx(100.0 * apart.mean())


def test_bars_carry_their_numbers_in_words_and_weak_ones_are_hollow() -> None:
    spec = why_charts.bars([Bar("a", "+1", 0.0, 1.0, 0.5, 1.5, "#005b94", hollow=True)], "points")
    (row,) = spec["data"]["values"]
    assert (row["fill"], row["colour"], row["told"]) == ("white", "#005b94", "+1")


def test_a_map_of_departments_has_no_markup_of_the_client() -> None:
    text = why_charts.heat([("<b>x</b>", [0.5])], ["<i>"], [["50%"]], "d", 1.0)
    assert "<b>" not in text and "<i>" not in text and "50%" in text


# --- Bounds ------------------------------------------------------------------------------------


def test_a_giant_organisation_gets_fewer_organisations_or_a_line() -> None:
    assert decided.runs_within(1_000.0, 100, decided.QUICK, "explain") == 100
    assert decided.runs_within(decided.QUICK / 20.0, 100, decided.QUICK, "explain") == 20
    assert decided.runs_within(decided.QUICK, 100, decided.QUICK, "explain") == 10
    with pytest.raises(sim.AdoptionError, match="The terminal has no such bound: adopt explain"):
        decided.runs_within(1e9, 100, decided.QUICK, "explain")
    with pytest.raises(sim.AdoptionError, match="adopt frontier"):
        decided.bounded(1e12)


# --- Now ---------------------------------------------------------------------------------------


def test_what_was_observed_comes_back_as_it_was() -> None:
    observed = read_observed(EXAMPLES / "use.csv")
    kept = now_observed.kept_of(observed)
    again = now_observed.observed_of(kept)
    assert again is not None and again.plain() == observed.plain()
    assert now_observed.observed_of({"months": [1]}) is None


@pytest.mark.usefixtures("here")
def test_the_course_has_dots_for_weekly_users_and_none_for_other_use() -> None:
    counted = now_observed.typed([(1, 3, 20), (2, 6, 20)], weekly=True)
    assert now_observed.weekly(now_observed.kept_of(counted)) == [(1, 0.15), (2, 0.3)]
    assert now_observed.weekly(now_observed.kept_of(read_observed(EXAMPLES / "use.csv"))) == []
    assert now_observed.weekly(None) == []


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(session, "folder", lambda: tmp_path)
    return tmp_path


@pytest.mark.usefixtures("here")
def test_numbers_that_are_typed_are_read_as_a_file_is(here: Path) -> None:
    observed = now_observed.typed([(1, 3, 20), (2, 6, 20)], weekly=True)
    assert observed.source.kpi == "adoption" and observed.share.tolist() == [0.15, 0.3]
    assert not list(here.iterdir())
    with pytest.raises(sim.AdoptionError, match="found 30 active of 20"):
        now_observed.typed([(1, 30, 20)], weekly=False)
    with pytest.raises(sim.AdoptionError, match="found no users"):
        now_observed.typed([], weekly=False)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"month,enabled\n1,20\n", "active"),
        (b"month,active,enabled\nmay,5,20\n", "found 'may'"),
        (b"month,active,enabled\n1,5,20\n1,6,20\n", "found the month again"),
        (b"\xff\xfe\x00", "use.csv"),
        (b"", "use.csv"),
    ],
)
def test_a_broken_export_says_what_is_wrong_and_leaves_nothing(
    here: Path, content: bytes, said: str
) -> None:
    with pytest.raises(sim.AdoptionError, match=said):
        now_observed.read([("use.csv", content)], None)
    assert not list(here.iterdir())


# --- What to measure ---------------------------------------------------------------------------


def test_a_plan_expects_what_is_simulated(small: setup.Setup) -> None:
    result = compare(small.scenarios[:2], 20, seed=1)
    name = small.scenarios[1].name
    rows = measuring.plan(result, name)
    assert {row.kpi for row in rows} == set(measuring.MEASURED)
    assert [row.signal for row in rows] == sorted(row.signal for row in rows)[::-1]
    (adoption,) = [row for row in rows if row.kpi == "adoption"]
    assert [there.month for there in adoption.expected] == [3, 6]  # eight months are simulated
    values = 100.0 * result.curves(name, "adoption")[:, 6]
    assert adoption.expected[1][1:] == pytest.approx(tuple(np.quantile(values, [0.1, 0.5, 0.9])))


@pytest.mark.parametrize("words", [EN, NL], ids=["en", "nl"])
def test_a_plan_is_a_page_by_itself(small: setup.Setup, words: object) -> None:
    result = compare(small.scenarios[:2], 4, seed=1)
    text = measuring.page(result, small.scenarios[1].name, "<script>", words)  # type: ignore[arg-type]
    assert "<script" not in text and "http" not in text and text.count("<tr>") == 9
    assert f"lang='{words.code}'" in text  # type: ignore[attr-defined]


def test_a_plan_of_a_strategy_says_whose_it_is(small: setup.Setup) -> None:
    scenario: Scenario = small.scenarios[1]
    result = compare([scenario], 4, seed=1)
    assert "Acme" in measuring.page(result, scenario.name, "Acme")


def test_charts_of_the_page_write_numbers_in_the_language_of_the_session() -> None:
    spec = why_charts.bars([Bar("a", "b", 0.2, 0.6, 0.1, 0.9, "#005b94")], "Punten")
    signs = {
        words.code: session.in_language(spec, words)["config"]["locale"]["number"]
        for words in (EN, NL)
    }
    assert (signs["en"]["decimal"], signs["en"]["thousands"]) == (".", ",")
    assert (signs["nl"]["decimal"], signs["nl"]["thousands"]) == (",", ".")
    assert "locale" not in spec["config"]


def test_a_report_takes_the_best_plans_that_are_known_and_searches_for_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk, now = Desk(), setup.new(language("en"))
    monkeypatch.setattr(session, "desk", lambda: desk)
    assert decided.searched(now) == ("", None)
    scenario = now.first
    for budgets, fine in (([1.0], True), ([2.0], False), ([3.0], False)):
        kind = decided.frontier_kind(scenario, budgets, 12, fine)
        assert desk.ask(f"{kind} {now.key}", lambda _, kind=kind: kind).wait(60.0)
    other = now.changed({"simulation.seed": 9})
    assert desk.ask(f"frontier other {other.key}", lambda _: "other").wait(60.0)
    wrong = desk.ask(f"frontier {scenario.name} 4 12 True {now.key}", lambda _: 1 / 0)
    assert wrong.wait(60.0)
    thorough = decided.frontier_kind(scenario, [1.0], 12, True)
    assert decided.searched(now) == (thorough, thorough)
    asked = studies.Asked("pptx", "en", "", "", "", "", "")
    assert studies.kind_of(asked, now).endswith(thorough)
    assert studies.kind_of(asked, other) != studies.kind_of(asked, now)
