"""Curves, maturity and money are said as they are, and a plan's items add up to its ledger."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from analysis import cli
from analysis.cli.terminal import rich_table
from analysis.results import summary, tables
from analysis.results.summary import label_of
from sim import kpis
from sim.programme import ledger
from sim.scenario.measure import Cost
from sim.scenario.schema import AdaptiveRule, CostChange, Scenario, Simulation, Tool
from sim.study.results import Result

FULL = "full-programme"


def made(**columns: Any) -> Result:
    """Return a result of one scenario in which some KPIs take the values given, the rest are 0."""
    rows = {name: np.array(values, float) for name, values in columns.items()}
    runs, months = next(iter(rows.values())).shape
    measured = np.zeros((runs, months, kpis.COUNT))
    for name, values in rows.items():
        measured[:, :, kpis.COLUMN[name]] = values
    scenario = Scenario(
        name="made", tool=Tool(capture_rate=1.0), simulation=Simulation(months=months - 1)
    )
    return Result({"made": scenario}, {"made": measured}, seed=1, asked=runs)


# --- Curves --------------------------------------------------------------------------------


def test_months_are_medians_over_all_organisations_and_not_of_those_that_get_there() -> None:
    adoption = [[0, 0.1, 0.3, 0.5], [0, 0.1, 0.2, 0.3], [0, 0.0, 0.0, 0.1]]
    found = summary.curve_statistics(made(adoption=adoption)).loc["made"]
    assert (found["month_of_10"], found["reached_10"]) == (1, 1)
    assert (found["month_of_30"], found["reached_30"]) == (3, pytest.approx(2 / 3))
    assert np.isnan(found["month_of_50"])
    assert found["reached_50"] == pytest.approx(1 / 3)
    assert found["reached_80"] == 0
    assert found["months_to_half"] == 3
    assert found["area_under_curve"] == pytest.approx(1.6 / 9)


def test_money_is_earned_back_only_after_some_was_spent() -> None:
    net = np.array([[0.0, 0.0, -5.0, 1.0], [0.0, 0.0, -5.0, -1.0]])
    cost = np.array([[0.0, 0.0, 5.0, 0.0]] * 2)
    assert summary.break_even(net, cost).tolist() == [3, np.inf]


def test_success_asks_for_use_and_for_money() -> None:
    months = np.zeros((3, 20))
    adoption, value, cost = months.copy(), months.copy(), months.copy()
    adoption[:, 18] = [0.35, 0.35, 0.34]
    value[:, 5] = [1.0, 0.0, 1.0]
    cost[:, 1] = 1.0
    found = made(adoption=adoption, value=value, cost_measures=cost)
    assert summary.curve_statistics(found)["success"].item() == pytest.approx(1 / 3)


def test_success_is_unknown_before_its_month() -> None:
    found = made(adoption=[[0.0, 0.9]] * 2)
    assert np.isnan(summary.curve_statistics(found)["success"].item())
    assert "success" not in tables.curve_table(found).index


def test_steps_of_maturity_are_those_at_the_end() -> None:
    found = made(maturity=[[1, 5], [1, 2], [1, 2], [1, 1]])
    assert summary.maturity(found).loc["made"].to_list() == [0.25, 0.5, 0, 0, 0.25]
    assert "step 1 25 %, step 2 50 %, step 5 25 %" in tables.maturity_sentence(found)


def test_every_kpi_is_shown_once_under_its_dimension_from_the_baseline_on() -> None:
    result = sim.run(sim.load("baseline").changed({"simulation.months": 7}), runs=2)
    shown = tables.profile(result)
    assert [name for name in shown.columns if name != "unit"] == ["m0", "m3", "m6", "m7", "±"]
    labels = [str(label).strip() for label in shown.index if str(label).startswith("  ")]
    assert sorted(labels) == sorted(map(label_of, kpis.KPIS))
    assert {"Usage", "Acceptance", "Cost", "Maturity"} <= set(shown.index)


# --- What a plan costs ---------------------------------------------------------------------


def test_whatever_a_measure_costs_a_scenario_can_say_otherwise() -> None:
    assert set(CostChange.model_fields) == set(Cost.model_fields)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"budget.total": 500_000, "budget.when_over": "scale"},
        {
            "budget.total": 250_000,
            "budget.when_over": "priority",
            "budget.reserve": 0.1,
            "budget.keep": [],
        },
        {"organisation.turnover": 0.2, "simulation.months": 30},
    ],
    ids=["whole", "scaled", "by priority", "with newcomers"],
)
def test_items_and_quarters_add_up_to_the_ledger(changes: Mapping[str, Any]) -> None:
    scenario = sim.load(FULL).changed({"programme.onboarding": {}, **changes})
    plan, costs = tables.plan_of(scenario), ledger.ledger(scenario)
    assert plan.total == pytest.approx(costs.to_numpy().sum())
    parts = plan.items[["fixed", "participants", "staff_time"]].sum(axis=1)
    pd.testing.assert_series_equal(parts, plan.items["total"], check_names=False)
    pd.testing.assert_series_equal(plan.quarters.sum(), plan.items["total"], check_names=False)
    wage = scenario.organisation.hourly_cost
    assert plan.items["staff_time"].sum() == pytest.approx(wage * plan.items["staff_hours"].sum())
    if scenario.budget.total is not None:
        assert plan.unspent == pytest.approx(scenario.budget.total - plan.total)
        assert plan.limits["left"].min() > -0.01


def test_what_is_not_spent_and_not_paid_for_is_said_aloud() -> None:
    scenario = sim.load(FULL)
    assert tables.budget_sentences(scenario) == []
    total = {"budget.total": 150_000, "budget.keep": []}
    left_out = tables.budget_sentences(scenario.changed({**total, "budget.when_over": "priority"}))
    assert left_out[0].startswith("Full programme: not bought, as the budget of €150,000")
    assert "training" in left_out[0]
    assert "of the budget of 150,000 is not spent" in left_out[1]
    assert "training" in left_out[2]
    total["budget.total"] = 420_000
    scaled = tables.budget_sentences(scenario.changed({**total, "budget.when_over": "scale"}))
    assert "scaled to" in scaled[0]
    assert "scaled to fit" in scaled[2]
    assert "no organisation spends more" in scaled[3]


def test_an_adaptive_rule_costs_no_more_than_is_left() -> None:
    scenario = sim.load("adaptive")
    (free,) = tables.plan_of(scenario).adaptive["at_most"]
    total = tables.plan_of(scenario).total
    tight = scenario.changed({"budget.total": total + 1000.0})
    (bound,) = tables.plan_of(tight).adaptive["at_most"]
    assert bound == pytest.approx(1000.0)
    assert free > bound


@pytest.mark.parametrize(
    ("when", "where", "told"),
    [
        ({"below": 0.3, "month": 6}, {}, "only if weekly users are below 30 % in month 6"),
        (
            {"kpi": "skill", "above": 0.5, "month": 3, "until": 9},
            {"below": 0.2},
            "only if skill is above 50 % in one of the months 3 to 9, in departments below 20 %",
        ),
    ],
)
def test_a_condition_is_said_in_words(when: Any, where: Any, told: str) -> None:
    rule = AdaptiveRule.model_validate({"when": when, "where": where, "then": {}})
    assert tables.condition(rule) == told


# --- The terminal --------------------------------------------------------------------------


def test_numbers_stand_at_the_right_and_words_at_the_left() -> None:
    frame = pd.DataFrame(
        {
            "name": ["a", "b"],
            "unit": ["%", "step"],
            "users": ["12", ""],
            "gain": ["+3 (2 to 4)", "\N{MINUS SIGN}1"],
            "half": ["m12", "> m24"],
            "verdict": ["in", ""],
            "number": [1.5, 2.0],
        }
    )
    sides = [column.justify for column in rich_table(frame, index=False).columns]
    assert sides == ["left", "left", "right", "right", "right", "left", "right"]


def command(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Run a command of ``adopt`` and return what it prints."""
    assert cli.adopt.main(list(words), standalone_mode=False) == 0
    return capsys.readouterr().out


def test_costs_shows_items_quarters_and_budget(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("costs", FULL, "adaptive", "--set", "budget.total=800000")
    told = command(capsys, *words)
    for word in ("training", "Q1", "Q8", "budget.total", "is not spent", "only if weekly users"):
        assert word in told
    (first, _) = json.loads(command(capsys, *words, "--json"))
    assert first["total"] == pytest.approx(sum(item["total"] for item in first["items"]))
    assert first["unspent"] == pytest.approx(800_000 - first["total"])


def test_many_quarters_are_shown_as_years(capsys: pytest.CaptureFixture[str]) -> None:
    told = command(capsys, "costs", "baseline", "--months", "60")
    assert "year 5" in told
    assert "Q1" not in told


def test_run_tells_the_curve_and_the_money(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ("run", "baseline", "--runs", "5", "--no-figure", "--set", "budget.total=200000")
    told = command(capsys, *words)
    for word in ("50 % use it weekly", "break-even", "return on investment", "is not spent", "m0"):
        assert word in told
    content = json.loads(command(capsys, *words, "--json"))
    (curve,) = content["curves"]
    assert {"month_of_30", "success", "break_even", "roi", "area_under_curve"} <= set(curve)
    assert sum(content["maturity"][0][str(step)] for step in range(1, 6)) == pytest.approx(1)
    assert content["trough"] is None


def test_a_trough_is_looked_for_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from analysis.cli import studies
    from analysis.results import ensemble

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(studies, "SAGGING", 4)
    monkeypatch.setattr(ensemble, "CONTINUATIONS", 2)
    words = ("run", "baseline", "--runs", "2", "--months", "12", "--no-figure", "--trough")
    content = json.loads(command(capsys, *words, "--json"))
    assert content["trough"] in (0, 0.25, 0.5, 0.75, 1)


def test_a_rule_says_how_often_and_when_it_started() -> None:
    always = {
        "when": {"kpi": "adoption", "below": 1.0, "month": 3},
        "then": {"measure": "training"},
    }
    never = {**always, "when": {"kpi": "adoption", "above": 1.0, "month": 3}}
    one = sim.load("baseline").changed(
        {"adaptive": {"soon": always, "never": never}, "simulation.months": 5}
    )
    told = tables.reaction_sentences(sim.run(one, runs=4))
    assert told == [
        "Licences only: never started something in none of 4 organisations.",
        "Licences only: soon started something in all 4 organisations, "
        "half of the times by month 3.",
    ]
    assert tables.reaction_sentences(sim.run("baseline", runs=2)) == []
