"""What was not bought or never delivered is said first and everywhere, and is nobody's defeat."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import sim
from analysis import cli
from analysis.report.content import report_of
from analysis.report.reading import prepared
from analysis.results import comparison, tables, undone
from analysis.results.answer import Answer, answer, with_vectors
from analysis.results.summary import identical, labels
from analysis.words.languages import language
from sim.programme.ledger import undone_if_known
from sim.scenario.schema import Scenario
from sim.study.results import Result

BASE: dict[str, Any] = {"organisation.employees": 180, "tool.integration_cost": 9_920.0}
EN, NL = language("en"), language("nl")


def cut(way: str = "priority", total: float = 160_000.0, **more: Any) -> Scenario:
    """Return leaders' example with a budget that licences, integration and launch nearly use up."""
    return sim.load("leadership").changed(
        {**BASE, "budget.total": total, "budget.when_over": way, **more}
    )


def command(*words: str) -> None:
    assert cli.adopt.main(list(words), standalone_mode=False) == 0


def base() -> Scenario:
    return sim.load("baseline").changed(BASE)


@pytest.fixture(scope="module")
def result() -> Result:
    return sim.compare([base(), cut()], runs=20)


@pytest.fixture(scope="module")
def one(result: Result) -> Answer:
    return prepared(result, quick=True)[0]


def test_a_measure_that_did_not_fit_is_in_the_name_and_the_two_are_identical(
    result: Result,
) -> None:
    assert identical(result, "baseline", "leadership")
    assert labels(result)["leadership"] == "Leaders' example, less 1"
    assert labels(result, NL)["leadership"].endswith(", min 1")
    assert undone.lacking(cut(), result.undone["leadership"]).endswith(": leaders set an example.")
    (said,) = comparison.verdicts(result).values()
    assert "identical to Licences only" in said
    assert "all 20 organisations" in said


@pytest.mark.parametrize("words", [EN, NL])
def test_the_first_sentence_says_what_was_not_bought(one: Answer, words: Any) -> None:
    told = one.headline(words)
    assert told.index(words.euro(160_000.0)) < told.index(words.percent(one.best.at(24).mean))
    for word in ("no strategy clearly", "does better", "beter dan"):
        assert word not in told
    whole = report_of(one, words)
    assert whole.headline == told
    name = one.best.called(words)
    for table in (whole.levels.tables[0], whole.costs.tables[0], whole.sure.tables[0]):
        assert name in [row.cells[0].text for row in table.rows]
    assert name in [curve.label for curve in whole.curves]
    assert name in whole.money.names
    appendix = next(part for part in whole.appendices if part.key == "A").tables[1]
    assert appendix.title == name
    measure = next(
        row for row in appendix.rows if row.cells[0].text.startswith(("Leaders", "Leid"))
    )
    assert measure.cells[1].text.startswith(("not bought", "niet gekocht"))


def test_a_tie_is_not_a_win_under_any_numbers(one: Answer) -> None:
    tried = with_vectors(one, 2, 2)
    assert set(tried.best.beats.values()) == {0.0}
    assert set(tried.best.ties.values()) == {1.0}
    whole = report_of(tried, EN)
    told = " ".join([*whole.sure.paragraphs, *whole.leads, *whole.messages.values()])
    assert "does better" not in told
    assert "same" in told


def test_of_several_strategies_only_the_one_that_is_cut_is_named() -> None:
    full = sim.load("champions").changed(BASE)
    found = answer(sim.compare([base(), full, cut()], runs=20))
    assert [one.called(EN) for one in found.strategies] == [
        "Licences only", "Champions", "Leaders' example, less 1",
    ]  # fmt: skip
    assert found.best.name == "champions"
    assert [one.same_as for one in found.strategies] == ["", "", "baseline"]
    told = found.headline(EN)
    assert told.startswith("“Leaders' example”: not bought")
    assert told.endswith("with “Licences only”.")


def test_what_is_scaled_is_in_the_name() -> None:
    found = answer(sim.compare([base(), cut("scale", 170_000.0)], runs=20))
    name = found.best.called(EN)
    assert name.startswith("Leaders' example, at ")
    assert found.best.same_as == ""
    assert "scaled to" in found.headline(EN)
    assert found.best.adoption[0][-1] >= found.reference.adoption[0][-1]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"capacity.trainer_hours": 0.0, "programme.training": {}}, "trainers have no time"),
        ({"programme.training": {"after_go_live": 24}}, "after the last month"),
        ({"programme.training": {"audience": {"share": 0.0}}}, "meant for nobody"),
    ],
    ids=["trainers", "end", "nobody"],
)
def test_what_could_never_be_delivered_is_told_alike(changes: dict[str, Any], why: str) -> None:
    other = sim.load("baseline").changed({**changes, "name": "other", "title": "Training"})
    found = answer(sim.compare([sim.load("baseline"), other], runs=5))
    assert found.best.called(EN) == "Training, less 1"
    assert why in found.headline(EN)


def test_an_adaptive_rule_that_cannot_be_paid_is_told_too() -> None:
    rule = {"when": {"below": 1.0, "month": 3}, "then": {"measure": "training"}}
    other = base().changed(
        {
            "name": "rule",
            "title": "Rule",
            "adaptive.later": rule,
            "budget.total": tables.plan_of(base()).total + 100.0,
        }
    )
    found = answer(sim.compare([base(), other], runs=5))
    assert "less 1" in found.best.called(EN)
    assert found.best.same_as == "baseline"


def test_the_terminal_and_json_say_it_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    paths = [f"{path}={value}" for path, value in BASE.items()]
    paths += ["budget.total=160000", "budget.when_over=priority"]
    words = ["compare", "baseline", "leadership", "--runs", "5", "--no-figure"]
    words += [word for path in paths for word in ("--set", path)]
    command(*words)
    told = capsys.readouterr().out
    assert told.startswith("Leaders' example: not bought")
    assert "are identical: the same in all 5 organisations" in told
    assert "was exceeded in none of 5 organisations" in told
    command(*words, "--json")
    content = json.loads(capsys.readouterr().out)
    assert content["undone"]["leadership"][0]["reason"] == "budget"
    assert content["undone"]["baseline"] == []
    assert content["differences"][0]["identical"] is True
    command("costs", "leadership", *words[6:], "--json")
    (plan,) = json.loads(capsys.readouterr().out)
    assert plan["undone"][0]["name"] == "leadership-example"
    assert plan["label"].endswith(", less 1")


def test_a_stored_result_says_what_was_not_done_when_it_was_made(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.study import results

    folder, before = result.save(tmp_path), labels(result)
    monkeypatch.setattr(results, "undone_if_known", lambda _: ())
    again = results.read_result(folder)
    assert labels(again) == before


def test_where_more_was_spent_than_the_budget_it_says_by_how_much(result: Result) -> None:
    """Who commits is drawn: half of the organisations spend more than is to be expected."""
    half = sim.load("leadership").changed({**BASE, "programme.leadership-example.share": 0.5})
    poor = half.changed({"budget.total": tables.plan_of(half).total + 1.0})
    (said,) = tables.spending_sentences(sim.compare([poor], runs=50))
    assert "by" in said
    assert "euro at most" in said
    (kept,) = tables.spending_sentences(result)
    assert "none of 20" in kept


def test_the_budget_is_told_with_the_shares_that_limit_measures_too() -> None:
    """Most of the money is left: it is the share for measures that pays for no more."""
    poor = sim.load("full-programme").changed(
        {
            "budget.total": 300_000.0, "budget.change_share": 0.2, "budget.reserve": 0.1,
            "budget.when_over": "scale", "budget.keep": [],
        }
    )  # fmt: skip
    (scaled, *_) = undone.reasons(poor, undone_if_known(poor))
    assert "the budget of €300,000 (20% of it for measures) with 10% kept until" in scaled
    (dutch, *_) = undone.reasons(poor, undone_if_known(poor), NL)
    assert "waarvan 20% voor maatregelen" in dutch.replace("\N{NO-BREAK SPACE}", "")
