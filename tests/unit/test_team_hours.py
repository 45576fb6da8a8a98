"""Hours of those who set measures up and run them: what they cost, in the plan and in the runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from by_hand import asked, lives, put_catalogue, scenario, spent

import sim
from analysis.results.tables import plan_of
from sim.engine.kinds import Array
from sim.people import population
from sim.programme import budget, compiling
from sim.programme.ledger import affordable, ledger, team_hour
from sim.scenario import read_catalogue
from sim.scenario.measure import Measure
from sim.scenario.schema import Budget, CostChange, Scenario


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch) -> dict[str, Measure]:
    """Put a catalogue made by hand in the place of the shipped one, and return it."""
    return with_teams(monkeypatch)


def with_teams(monkeypatch: pytest.MonkeyPatch, team: float = 40, monthly: float = 6) -> Any:
    """Put a catalogue whose measures take so many hours of teams in the place of the shipped one."""
    entries = put_catalogue(monkeypatch)
    hours = {"team_hours": team, "monthly_team_hours": monthly}
    for name, one in list(entries.items()):
        cost = one.cost.model_copy(update=hours)
        entries[name] = one.model_copy(update={"cost": cost})
    return entries


def hours_of(one: Scenario, runs: int = 1) -> Array:
    """Return working hours by run and month."""
    return spent(one, runs, "staff_hours")


def without(one: Scenario, *names: str) -> Scenario:
    """Return a scenario in which no hour of a team is counted for these deployments."""
    none = {"team_hours": 0, "monthly_team_hours": 0}
    return one.changed({f"programme.{name}.cost": none for name in names})


# --- What they are ------------------------------------------------------------------------------


def test_a_structural_measure_takes_a_team_once_and_every_month_in_force(
    catalogue: dict[str, Measure],
) -> None:
    one = scenario(guide={"start": 2, "months": 3})
    more = ledger(one)["guide"] - ledger(without(one, "guide"))["guide"]
    assert more.tolist() == pytest.approx([0, 46 * 50, 6 * 50, 6 * 50, 0, 0])
    added = hours_of(one) - hours_of(without(one, "guide"))
    assert added[0] == pytest.approx([0, 46, 6, 6, 0, 0])


def test_a_one_off_measure_takes_a_team_in_proportion_to_its_dose(
    catalogue: dict[str, Measure],
) -> None:
    one = scenario(course={"start": 2, "months": 2, "dose": 0.5})
    more = ledger(one)["course"] - ledger(without(one, "course"))["course"]
    assert more.tolist() == pytest.approx([0, 0.25 * 46 * 50, 0.25 * 46 * 50, 0, 0, 0])
    assert (hours_of(one) - hours_of(without(one, "course"))).sum() == pytest.approx(23)


def test_a_repeated_structural_measure_is_set_up_once(catalogue: dict[str, Measure]) -> None:
    repeat = {"every": 2, "times": 3}
    for audience in ({}, {"not_yet_using": True}):
        one = scenario(guide={"months": 1, "repeat": repeat, "audience": audience})
        added = hours_of(one) - hours_of(without(one, "guide"))
        assert added[0] == pytest.approx([46, 0, 6, 0, 6, 0])


def test_as_many_hours_however_many_take_part(catalogue: dict[str, Measure]) -> None:
    whole, few = scenario(guide={}), scenario(guide={"audience": {"departments": ["shop"]}})
    for one in (whole, few):
        assert (hours_of(one) - hours_of(without(one, "guide"))).sum() == pytest.approx(40 + 6 * 6)


def test_hours_of_teams_change_money_and_nothing_else(
    catalogue: dict[str, Measure], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = scenario({"organisation.turnover": 0.4}, guide={}, course={}, champions={}, welcome={})
    long = lives(one, 2)
    with_teams(monkeypatch, 0, 0)
    free = lives(one, 2), spent(one, 2).tobytes(), hours_of(one, 2).tobytes()
    assert free[0] == long
    put_catalogue(monkeypatch)  # without the fields
    assert free == (lives(one, 2), spent(one, 2).tobytes(), hours_of(one, 2).tobytes())


# --- The plan is what runs spend ----------------------------------------------------------------


def test_runs_spend_on_teams_what_the_ledger_says(catalogue: dict[str, Measure]) -> None:
    one = scenario(
        {"tool.go_live": 2}, course={"months": 2}, guide={"start": 2, "months": 3, "dose": 0.7},
        talk={"start": 4}, champions={"start": 2}, leaders={"share": 1.0},
    )  # fmt: skip
    plan = ledger(one)
    measures = plan.drop(columns=["licences", "integration"]).sum(axis=1)
    assert spent(one, 2) == pytest.approx(np.tile(measures, (2, 1)))


def test_an_hour_of_a_team_costs_the_mean_of_the_organisation(tmp_path: Path) -> None:
    rows = ["id,department,role,manager,hourly_cost"]
    rows += ["boss,office,executive,,90"]
    rows += [f"o{k},office,employee,boss,60" for k in range(30)]
    rows += [f"f{k},floor,employee,boss,30" for k in range(29)]
    (tmp_path / "people.csv").write_text("\n".join(rows) + "\n")
    none = dict.fromkeys(CostChange.model_fields, 0)
    cost = json.dumps({**none, "team_hours": 60, "monthly_team_hours": 2})
    (tmp_path / "real.yaml").write_text(
        "extends: baseline\norganisation: {people: people.csv}\n"
        f"programme: {{launch: null, job-guarantee: {{cost: {cost}}}}}\n"
    )
    one = sim.load(tmp_path / "real.yaml")
    assert team_hour(one) == pytest.approx((90 + 30 * 60 + 29 * 30) / 60)
    ours = ledger(one)["job-guarantee"]
    hours = 60 + 2 * one.simulation.months
    assert ours.sum() == pytest.approx(hours * team_hour(one))
    result = sim.run(one, runs=2)
    assert result.curves("real", "cost_measures").sum(axis=1) == pytest.approx(ours.sum())
    assert result.curves("real", "staff_hours").sum(axis=1) == pytest.approx(hours)


def test_a_scaled_budget_buys_less_of_the_team_too(catalogue: dict[str, Measure]) -> None:
    one = scenario(guide={}, course={})
    whole = float(ledger(one).to_numpy().sum())
    poor = one.model_copy(update={"budget": Budget(total=whole - 5000, when_over="scale")})
    assert float(ledger(poor).to_numpy().sum()) == pytest.approx(whole - 5000, abs=1.0)
    staff = population.chart(one)
    (part,) = {
        round(float(a.dose.max() / b.dose.max()), 6)
        for a, b in zip(affordable(poor, staff), affordable(one, staff), strict=True)
    }
    assert 0.0 < part < 1.0
    names = ("guide", "course")
    all_of_it = (hours_of(one) - hours_of(without(one, *names))).sum()
    bought = compiling.compile_programme(poor).months["team"].sum()
    assert bought == pytest.approx(part * all_of_it, rel=1e-5)
    assert spent(poor).sum() <= whole - 5000 - 17_000 + 1.0


def test_fewer_champions_for_less_money_take_as_much_less_of_a_team(
    catalogue: dict[str, Measure],
) -> None:
    one = scenario(champions={})
    (whole,) = affordable(one, population.chart(one))
    table, _, _ = asked([whole], one)
    half, all_of_it = (budget.prices(table, 0, whole.dose, part).team for part in (0.5, 1.0))
    assert half == pytest.approx(0.5 * all_of_it) and all_of_it.any()


def test_an_adaptive_rule_counts_the_team_before_it_acts(catalogue: dict[str, Measure]) -> None:
    rule = {
        "when": {"kpi": "adoption", "below": 1.0, "month": 2},
        "then": {"measure": "guide", "months": 1},
    }
    one = scenario({"adaptive.guide": rule})
    free = one.changed({"adaptive.guide.then.cost": {"team_hours": 0, "monthly_team_hours": 0}})
    bare = float(spent(free).sum())
    assert float(spent(one).sum()) - bare == pytest.approx(46 * 50)
    assert float(hours_of(one).sum() - hours_of(free).sum()) == pytest.approx(46)
    enough = Budget(total=17_000 + bare + 1000)  # for it, but not for those who run it
    assert spent(free.model_copy(update={"budget": enough})).sum() == pytest.approx(bare)
    assert spent(one.model_copy(update={"budget": enough})).sum() == 0.0


# --- What is shown ------------------------------------------------------------------------------


def test_a_plan_lists_the_hours_of_teams_once(catalogue: dict[str, Measure]) -> None:
    one = scenario(guide={"months": 2}, course={"start": 2})
    table = plan_of(one).items
    for name in ("guide", "course"):
        row = table.loc[name]
        assert row["fixed"] + row["participants"] + row["staff_time"] == pytest.approx(row["total"])
        assert row["staff_time"] == pytest.approx(50 * row["staff_hours"])
    assert table["staff_hours"].sum() == pytest.approx(hours_of(one).sum())
    assert table.loc["guide", "fixed"] == pytest.approx(500 + 2 * 100)


@pytest.mark.parametrize("name", ["project-team", "launch", "mandate"])
def test_the_catalogue_shows_what_a_team_takes(name: str) -> None:
    from analysis.cli import lookup

    for price, hours in read_catalogue()[name].cost.model_dump().items():
        if hours:
            for lang in ("en", "nl"):
                assert lookup.heading(price, lang)
