"""What everything costs, what a run then really spends, and what is done when money is short."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from by_hand import PEOPLE, appointed, lives, put_catalogue, scenario, simulated, spent
from hypothesis import given, settings
from hypothesis import strategies as st
from parts import few
from scipy import stats

import sim
from sim import kpis
from sim.engine.kinds import Array
from sim.errors import BudgetError, ScenarioError
from sim.people import population
from sim.programme import budget, compiling, ledger
from sim.programme.ledger import affordable, left_out, undone, unspent
from sim.scenario import read_catalogue
from sim.scenario.measure import Measure
from sim.scenario.schema import Budget, Deployment, Scenario
from sim.state import EMPLOYEE, EXECUTIVE

promise = settings(max_examples=60, deadline=None, derandomize=True)


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch) -> dict[str, Measure]:
    """Put a catalogue made by hand in the place of the shipped one, and return it."""
    return put_catalogue(monkeypatch)


def with_budget(one: Scenario, total: float, **budget: Any) -> Scenario:
    """Return a scenario with a budget."""
    return one.model_copy(update={"budget": Budget(total=total, **budget)})


def total(one: Scenario) -> float:
    """Return what a plan costs [euro]."""
    return float(ledger.ledger(one).to_numpy().sum())


# --- Technology ----------------------------------------------------------------------------


def test_licences_begin_with_access_and_integration_is_paid_once() -> None:
    table = ledger.ledger(scenario())
    assert table.index.tolist() == [1, 2, 3, 4, 5, 6]
    assert table["licences"].tolist() == [0, 2000, 2000, 2000, 2000, 2000]
    assert table["integration"].tolist() == [0, 7000, 0, 0, 0, 0]


def test_only_people_with_access_have_a_licence() -> None:
    phases = [{"month": 2, "departments": ["shop"]}, {"month": 4, "share": 0.5}]
    one = scenario({"tool.phases": phases, "tool.go_live": 5})
    shop = int(np.sum(population.chart(one).department == 2))
    others = 100 - shop
    licences = ledger.ledger(one)["licences"] / 20
    assert licences.tolist() == [0, shop, shop, shop + 0.5 * others, 100, 100]


def test_what_is_paid_once_is_paid_when_the_first_people_have_access() -> None:
    first = [{"month": 3, "departments": ["shop"]}]
    changes = {
        "tool.phases": first,
        "tool.go_live": 5,
        "tool.data_cost": 900.0,
        "tool.support_per_month": 70.0,
        "tool.investment": 1000.0,
        "parameters.investment_months": 0,
    }
    table = ledger.ledger(scenario(changes))
    assert table["integration"].tolist() == [0, 0, 7000, 0, 0, 0]
    assert table["data"].tolist() == [0, 0, 900, 0, 0, 0]
    assert table["support"].tolist() == [0, 0, 70, 70, 70, 70]
    assert table["investment"].tolist() == [1000, 0, 0, 0, 0, 0]


def test_items_of_technology_that_cost_nothing_are_not_listed() -> None:
    assert ledger.ledger(scenario()).columns.tolist() == ["licences", "integration"]


# --- Measures ------------------------------------------------------------------------------


def test_a_one_off_measure_costs_its_dose(catalogue: dict[str, Measure]) -> None:
    # 1000 fixed and for each of 100 people 10 euro and 2 hours of 50 euro: 12,000 a dose.
    table = ledger.ledger(scenario(course={"start": 2, "months": 3, "dose": 1.5}))
    assert table["course"].tolist() == pytest.approx([0, 6000, 6000, 6000, 0, 0])


def test_every_price_of_a_one_off_measure_is_paid_in_proportion_to_its_dose(
    catalogue: dict[str, Measure],
) -> None:
    # A dose and a half for 100 people: each price alone, an hour at 50 euro.
    prices = {
        "fixed": 1.0, "per_month": 1.0, "per_participant": 100.0, "hours_per_participant": 5000.0,
        "monthly_hours_per_participant": 5000.0, "trainer_hours_per_participant": 0.0,
    }  # fmt: skip
    free = dict.fromkeys(prices, 0.0)
    for price, each in prices.items():
        one = scenario(course={"dose": 1.5, "cost": {**free, price: 7.0}})
        assert ledger.ledger(one)["course"].sum() == pytest.approx(1.5 * 7.0 * each), price
        assert spent(one).sum() == pytest.approx(1.5 * 7.0 * each), price
        hours = 1.5 * 7.0 * 100.0 if each == 5000.0 else 0.0
        assert spent(one, kpi="staff_hours").sum() == pytest.approx(hours), price


def test_a_structural_measure_costs_once_and_every_month(catalogue: dict[str, Measure]) -> None:
    # Once 500 + 100 x 5; every month in force 100 + 100 x half an hour of 50 euro.
    table = ledger.ledger(scenario(guide={"start": 3, "months": 3}))
    assert table["guide"].tolist() == pytest.approx([0, 0, 3600, 2600, 2600, 0])
    half = ledger.ledger(scenario(guide={"start": 3, "months": 3, "dose": 0.5}))
    assert half["guide"].tolist() == pytest.approx([0, 0, 1800, 1300, 1300, 0])


@pytest.mark.parametrize("audience", [{}, {"not_yet_using": True}])
def test_a_repeated_one_off_costs_as_often_as_it_comes(
    audience: dict[str, Any], catalogue: dict[str, Measure]
) -> None:
    again = {"audience": audience, "repeat": {"every": 2, "times": 3}}
    table = ledger.ledger(scenario(course=again))
    assert table["course"].tolist() == pytest.approx([12000, 0, 12000, 0, 12000, 0])


def test_a_repeated_structural_measure_is_set_up_once(catalogue: dict[str, Measure]) -> None:
    again = {"months": 1, "repeat": {"every": 2, "times": 3}}
    table = ledger.ledger(scenario(guide=again))
    assert table["guide"].tolist() == pytest.approx([3600, 0, 2600, 0, 2600, 0])


def test_a_scenario_can_say_what_a_measure_costs_here(catalogue: dict[str, Measure]) -> None:
    own = {"fixed": 0, "per_participant": 25, "hours_per_participant": 0}
    assert ledger.ledger(scenario(course={"cost": own}))["course"].sum() == pytest.approx(2500)
    monthly = {"per_month": 7, "monthly_hours_per_participant": 0}
    table = ledger.ledger(scenario(guide={"cost": monthly}))
    assert table["guide"].tolist() == pytest.approx([1007, 7, 7, 7, 7, 7])


def test_only_those_who_take_part_are_paid_for(catalogue: dict[str, Measure]) -> None:
    one = scenario(course={"audience": {"departments": ["shop"], "share": 0.5}})
    shop = np.sum(population.chart(one).department == 2)
    assert ledger.ledger(one)["course"].sum() == pytest.approx(1000 + 0.5 * shop * 110)
    by_kind = scenario(course={"audience": {"archetypes": ["status", "ethics"]}})
    shares = population.archetype_shares(by_kind.organisation)
    expected = 100 * (shares["status"] + shares["ethics"])
    assert ledger.ledger(by_kind)["course"].sum() == pytest.approx(1000 + expected * 110)


def test_champions_and_leaders_are_paid_by_head(catalogue: dict[str, Measure]) -> None:
    table = ledger.ledger(scenario(champions={}, leaders={"share": 0.5}))
    assert table["champions"].iloc[0] == pytest.approx(10 * 100 + 10 * 4 * 50)
    assert table["champions"].iloc[1] == pytest.approx(10 * 4 * 50)
    leaders = np.sum(population.chart(scenario()).role != EMPLOYEE)
    assert table["leaders"].sum() == pytest.approx(400 + 6 * 50 + 0.5 * leaders * 200)
    top = ledger.ledger(scenario(leaders={"audience": {"roles": ["executive"]}}))
    executives = np.sum(population.chart(scenario()).role == EXECUTIVE)
    assert top["leaders"].sum() == pytest.approx(400 + 6 * 50 + executives * 200)


def test_hours_of_champions_set_what_they_cost_and_how_many_they_coach(
    catalogue: dict[str, Measure],
) -> None:
    def places(one: Scenario) -> Array:
        coached: Array = simulated(one).people[0]["coached"]
        return coached

    usual = Scenario().numbers.coaching_hours
    few, many = (scenario(champions={"hours": hours}) for hours in (0.25 * usual, 0.5 * usual))
    assert ledger.ledger(few)["champions"].iloc[1] == pytest.approx(10 * 0.25 * usual * 50)
    assert ledger.ledger(many)["champions"].iloc[1] == pytest.approx(10 * 0.5 * usual * 50)
    assert places(scenario(champions={"hours": usual})) == pytest.approx(
        places(scenario(champions={}))
    )
    some = (places(many) > 0) & (places(many) < 1)
    assert some.any()
    assert places(few)[some] == pytest.approx(places(many)[some] / 2)
    assert not places(scenario(champions={"hours": 0})).any()


def test_a_dose_of_nothing_costs_nothing(catalogue: dict[str, Measure]) -> None:
    nothing = ledger.ledger(scenario(course={"dose": 0}, guide={"dose": 0}, champions={"dose": 0}))
    assert nothing.equals(ledger.ledger(scenario()))


@pytest.mark.parametrize("name", few(sorted(read_catalogue()), 12))
def test_every_measure_costs_what_its_dose_says(name: str, baseline: Scenario) -> None:
    some_leave = baseline.changed({"organisation.turnover": 0.1})  # or a welcome is for nobody
    measure = read_catalogue()[name]

    def amount(part: float) -> dict[str, Any]:
        if measure.appoints is not None:
            return {"share": part * (measure.share or 1.0)}
        return {"audience": {"share": part}} if measure.takes_people else {"dose": part}

    one, two = (
        float(ledger.ledger(some_leave.changed({f"programme.{name}": amount(part)}))[name].sum())
        for part in (0.5, 1.0)
    )
    assert two > one or (name == "sandbox" and two == one)  # it costs the same for any number
    if read_catalogue()[name].lasting == "one_off":
        assert two == pytest.approx(2 * one)


def test_a_structural_measure_after_the_horizon_costs_nothing() -> None:
    late = Scenario(programme={"leadership-example": Deployment(start=30)})
    assert ledger.ledger(late)["leadership-example"].sum() == 0.0


# --- What runs really spend ----------------------------------------------------------------

EVERYTHING: dict[str, Any] = {
    "course": {"start": 2, "months": 3, "dose": 1.5, "repeat": {"every": 2, "times": 2}},
    "guide": {"start": 3, "audience": {"departments": ["shop"]}},
    "champions": {"start": 2, "months": 3},
    "leaders": {},
}


def test_runs_spend_what_the_ledger_says_where_it_is_certain_who_takes_part(
    catalogue: dict[str, Measure],
) -> None:
    one = scenario({"tool.support_per_month": 30.0, "tool.data_cost": 55.0}, **EVERYTHING)
    table = ledger.ledger(one)
    technology = table[["licences", "integration", "data", "support"]].sum(axis=1)
    measures = table[list(EVERYTHING)].sum(axis=1)
    rows = simulated(one, runs=3).rows[:, 1:]
    for run in rows:
        assert run[:, kpis.COLUMN["cost_technology"]] == pytest.approx(technology.to_numpy())
        assert run[:, kpis.COLUMN["cost_measures"]] == pytest.approx(measures.to_numpy())


def test_the_cost_of_a_result_is_the_ledger_month_by_month(baseline: Scenario) -> None:
    one = baseline.changed({"programme.training": {"start": 3}, "programme.champions": {}})
    result = sim.run(one, runs=2, seed=1)
    monthly = ledger.ledger(one).sum(axis=1).tolist()
    for costs in result.curves("baseline", "cost"):
        assert costs.tolist() == pytest.approx([0.0, *monthly])


def test_staff_hours_are_paid_at_what_an_hour_of_each_costs(
    catalogue: dict[str, Measure],
) -> None:
    free = {"fixed": 0, "per_participant": 0}
    one = scenario(course={"cost": free, "months": 2})
    assert spent(one, kpi="staff_hours")[0] == pytest.approx([100, 100, 0, 0, 0, 0])
    assert spent(one)[0] == pytest.approx([5000, 5000, 0, 0, 0, 0])
    dear = one.changed({"organisation.hourly_cost": 80.0})
    assert spent(dear)[0] == pytest.approx([8000, 8000, 0, 0, 0, 0])


@pytest.mark.parametrize(
    "audience", [{"share": 0.4}, {"archetypes": ["status"]}, {"share": 0.5, "roles": ["employee"]}]
)
def test_where_chance_decides_who_takes_part_runs_spend_what_was_delivered(
    audience: dict[str, Any], catalogue: dict[str, Measure]
) -> None:
    one = scenario(course={"audience": audience, "cost": {"fixed": 0}})
    found = simulated(one, runs=60)
    # A full course for those reached, who work 2 hours each: 110 euro a head.
    heads = found.rows[:, :, kpis.COLUMN["trained"]][:, -1] * 100
    cost = found.rows[:, :, kpis.COLUMN["cost_measures"]].sum(axis=1)
    assert cost == pytest.approx(heads * 110)
    assert np.ptp(cost) > 0
    error = cost.std(ddof=1) / np.sqrt(60)
    assert abs(cost.mean() - ledger.ledger(one)["course"].sum()) <= 4 * error


@pytest.mark.parametrize(
    "when", [{}, {"start": 5}, {"start": 3, "months": 4}], ids=["always", "late", "for a while"]
)
def test_newcomers_cost_what_was_expected_of_their_welcome(
    when: dict[str, Any], catalogue: dict[str, Measure]
) -> None:
    one = scenario({"organisation.turnover": 0.4, "simulation.months": 12}, welcome=when)
    cost = spent(one, runs=150).sum(axis=1)
    error = cost.std(ddof=1) / np.sqrt(150)
    assert abs(cost.mean() - ledger.ledger(one)["welcome"].sum()) <= 4 * error


def test_a_welcome_costs_nothing_but_itself_where_nobody_comes(
    catalogue: dict[str, Measure],
) -> None:
    one = scenario(welcome={})
    assert ledger.ledger(one)["welcome"].tolist() == [600, 0, 0, 0, 0, 0]
    assert spent(one)[0].tolist() == [600, 0, 0, 0, 0, 0]


def test_who_leaves_takes_no_licence_along() -> None:
    one = scenario({"organisation.turnover": 0.6})
    monthly = spent(one, runs=3, kpi="cost_technology")
    assert monthly == pytest.approx(np.tile([0, 9000, 2000, 2000, 2000, 2000], (3, 1)))


# --- A budget that is refused --------------------------------------------------------------


def test_a_budget_that_is_too_small_is_refused_with_every_item_and_the_gap(
    catalogue: dict[str, Measure],
) -> None:
    one = scenario(course={}, guide={"start": 3}).changed({"name": "acme"})
    table = ledger.ledger(one)
    with pytest.raises(BudgetError) as caught:
        compiling.compile_programme(with_budget(one, total(one) - 1234.0))
    message = str(caught.value)
    assert message.startswith("acme: budget.total")
    assert "1,234 more than the budget" in message
    for name in ("licences", "integration", "course", "guide"):
        assert f"{name} " in message
        assert f"{table[name].sum():,.0f} euro" in message


def test_a_budget_that_is_just_enough_is_enough(catalogue: dict[str, Measure]) -> None:
    one = scenario(course={})
    enough = with_budget(one, total(one))
    assert lives(enough) == lives(one)
    assert unspent(enough) == pytest.approx(0.0)


def test_what_is_not_spent_is_what_the_plan_leaves(catalogue: dict[str, Measure]) -> None:
    assert unspent(scenario(course={})) is None
    # 17,000 of technology and 12,000 of a course.
    assert unspent(with_budget(scenario(course={}), 30_000.0)) == pytest.approx(1000.0)


@pytest.mark.parametrize(
    ("share", "what", "allowed"), [(0.3, "measures", 12_000), (0.6, "technology", 16_000)]
)
def test_the_share_for_change_limits_both_sides(
    share: float, what: str, allowed: int, catalogue: dict[str, Measure]
) -> None:
    one = scenario(course={"dose": 1.2})  # 14,400, beside 17,000 of technology
    assert affordable(with_budget(one, 40_000.0, change_share=0.4), population.chart(one))
    with pytest.raises(BudgetError) as caught:
        compiling.compile_programme(with_budget(one, 40_000.0, change_share=share))
    assert "budget.change_share" in str(caught.value)
    assert f"{what} cost" in str(caught.value)
    assert f"{allowed:,} more" not in str(caught.value)
    assert f"more than the {allowed:,}" in str(caught.value)
    listed = [line.split()[0] for line in str(caught.value).splitlines() if line.endswith(" euro")]
    assert ("course" in listed) == (what == "measures"), "what the limit is on, and nothing else"
    assert ("licences" in listed) == (what == "technology")
    remedy = "raise" if what == "measures" else "lower"
    assert f"{remedy} budget.change_share" in str(caught.value)


def test_a_reserve_limits_what_is_spent_up_to_go_live(catalogue: dict[str, Measure]) -> None:
    one = with_budget(scenario(course={"start": 2}), 17_000.0 + 16_000.0, reserve=0.5)
    with pytest.raises(BudgetError) as caught:
        compiling.compile_programme(one)
    assert "budget.reserve" in str(caught.value)
    assert "12,000" in str(caught.value)
    assert "8,000" in str(caught.value)
    after = one.changed({"programme.course.start": 3})
    assert compiling.compile_programme(after).onset.shape[0] == 1


# --- A budget to which everything is scaled -------------------------------------------------


def test_what_does_not_fit_is_made_smaller_until_it_just_does(
    catalogue: dict[str, Measure],
) -> None:
    one = scenario(course={"dose": 2}, guide={})
    measures = total(one) - 17_000
    half = with_budget(one, 17_000 + measures / 2, when_over="scale")
    assert unspent(half) == pytest.approx(0.0, abs=0.02)
    found = affordable(half, population.chart(half))
    whole = affordable(one, population.chart(one))
    for smaller, larger in zip(found, whole, strict=True):
        assert smaller.dose == pytest.approx(larger.dose / 2, rel=1e-4)
    assert left_out(half, population.chart(half)) == ({}, pytest.approx(0.5, rel=1e-4))


def test_a_larger_budget_never_gives_less(catalogue: dict[str, Measure]) -> None:
    one = scenario(**EVERYTHING)
    plan, money_before = population.chart(one), -1.0
    given_out = []
    for limit in np.linspace(17_000, total(one) + 5000, 7):
        scaled = with_budget(one, float(limit), when_over="scale")
        assert total(scaled) <= limit + 0.01
        assert total(scaled) >= money_before - 0.01
        money_before = total(scaled)
        paid = affordable(scaled, plan)
        given_out.append(
            [part.dose.sum() for part in paid] + [appointed(part, scaled) for part in paid]
        )
    for less, more in pairwise(given_out):
        assert (np.array(less) <= np.array(more) + 1e-12).all()


def test_where_only_technology_fits_people_live_as_without_a_programme(
    catalogue: dict[str, Measure],
) -> None:
    one = scenario(**EVERYTHING)
    nothing = with_budget(one, 17_000.0, when_over="scale")
    assert total(nothing) == pytest.approx(17_000.0, abs=0.01)
    plain, scaled = (simulated(each, runs=2).rows[:, :, PEOPLE] for each in (scenario(), nothing))
    assert scaled == pytest.approx(plain, abs=1e-4, nan_ok=True)


@pytest.mark.parametrize("way", ["scale", "priority"])
def test_technology_that_does_not_fit_alone_is_refused(
    way: str, catalogue: dict[str, Measure]
) -> None:
    poor = with_budget(scenario(course={}), 16_000.0, when_over=way)
    with pytest.raises(BudgetError) as caught:
        compiling.compile_programme(poor)
    assert "budget.total" in str(caught.value)
    assert "1,000 more than the budget of 16,000" in str(caught.value)
    assert "course " not in str(caught.value)


# --- A budget by priority -------------------------------------------------------------------


def bought(one: Scenario) -> list[str]:
    """Return the deployments that are paid for."""
    return sorted({part.name for part in affordable(one, population.chart(one))})


def test_what_comes_first_is_paid_first_and_a_cheaper_one_may_still_fit(
    catalogue: dict[str, Measure],
) -> None:
    # A course costs 12,000, a talk 300, six months of a guide 16,600.
    one = scenario(course={"priority": 1}, guide={"priority": 2}, talk={"priority": 3})
    poor = with_budget(one, 17_000 + 16_950.0, when_over="priority")
    assert bought(poor) == ["course", "talk"]
    missing, factor = left_out(poor, population.chart(poor))
    assert (list(missing), factor) == (["guide"], 1.0)
    assert missing["guide"] > 0.0
    assert unspent(poor) == pytest.approx(4650.0)
    turned = poor.changed({"programme.guide.priority": 1, "programme.course.priority": 2})
    assert bought(turned) == ["guide", "talk"]
    assert bought(with_budget(one, 17_000.0, when_over="priority")) == []


def test_of_equal_priority_the_file_decides(catalogue: dict[str, Measure]) -> None:
    def poor(**programme: dict[str, Any]) -> Scenario:
        return with_budget(scenario(**programme), 17_000 + 12_000.0, when_over="priority")

    assert bought(poor(course={}, other={"measure": "course"})) == ["course"]
    assert bought(poor(other={"measure": "course"}, course={})) == ["other"]


def test_rounds_of_one_deployment_are_kept_or_left_out_together(
    catalogue: dict[str, Measure],
) -> None:
    waves = {"repeat": {"every": 2, "times": 3}, "audience": {"not_yet_using": True}}
    one = scenario(course=waves, talk={})
    assert bought(with_budget(one, 17_000 + 25_000.0, when_over="priority")) == ["talk"]
    rich = with_budget(one, 17_000 + 36_300.0, when_over="priority")
    assert len(affordable(rich, population.chart(rich))) == 4


def test_what_is_left_out_takes_no_trainers_away(catalogue: dict[str, Measure]) -> None:
    one = scenario(
        {"capacity.trainer_hours": 50.0}, course={"priority": 1}, another={"measure": "course"}
    )
    poor = with_budget(one, 17_000 + 12_000.0, when_over="priority")
    (course,) = affordable(poor, population.chart(poor))
    assert course.name == "course"
    assert course.dose.tolist() == [1, 0, 0, 0, 0, 0]


# --- Order ---------------------------------------------------------------------------------


@settings(max_examples=15, deadline=None, derandomize=True)
@given(order=st.permutations(list(EVERYTHING)), way=st.sampled_from(["fail", "scale"]))
def test_the_order_of_deployments_changes_nothing(order: list[str], way: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        put_catalogue(patch)
        total_of_plan = 17_000.0 + 20_000.0 if way == "scale" else 1e6
        first, other = (
            with_budget(
                scenario(**{name: EVERYTHING[name] for name in names}), total_of_plan, when_over=way
            )
            for names in (EVERYTHING, order)
        )
        one, two = (compiling.compile_programme(each) for each in (first, other))
    assert one.amount.tobytes() == two.amount.tobytes()
    assert one.coaching.tobytes() == two.coaching.tobytes()
    assert one.onset.tobytes() == two.onset.tobytes()


# --- What is never cut ---------------------------------------------------------------------


def inherits(folder: Path, budget: str, more: str = "") -> Scenario:
    """Return a scenario whose file extends one with a launch and a guide, and adds a course."""
    (folder / "first.yaml").write_text(
        "extends: baseline\nprogramme: {launch: {}, information-campaign: {}}\n"
    )
    (folder / "second.yaml").write_text(
        f"extends: ./first.yaml\nprogramme: {{training: {{}}, vision: {{}}}}\nbudget: {budget}\n{more}"
    )
    return sim.load(folder / "second.yaml")


@pytest.mark.parametrize("way", ["scale", "priority"])
def test_what_is_inherited_is_never_cut(tmp_path: Path, way: str) -> None:
    whole = inherits(tmp_path, "{}")
    reference = sim.load(tmp_path / "first.yaml")
    assert whole.budget.keep == ("launch", "information-campaign")
    for extra in (0.0, 500.0, 3000.0, 20_000.0):
        poor = inherits(tmp_path, f"{{total: {total(reference) + extra}, when_over: {way}}}")
        paid = {one.name: one for one in affordable(poor, population.chart(poor))}
        for name, one in {
            one.name: one for one in affordable(reference, population.chart(reference))
        }.items():
            assert np.array_equal(paid[name].dose, one.dose)
        assert total(poor) >= total(reference) - 0.01
        assert total(poor) <= total(reference) + extra + 0.01


@pytest.mark.parametrize("way", ["scale", "priority"])
def test_what_may_not_be_cut_and_does_not_fit_is_refused_by_name(tmp_path: Path, way: str) -> None:
    poor = inherits(tmp_path, f"{{total: 115000, when_over: {way}}}")
    with pytest.raises(BudgetError) as caught:
        compiling.compile_programme(poor)
    said = str(caught.value)
    assert "may not be cut (information-campaign, launch)" in said
    assert "budget.keep" in said
    assert "training" not in said
    free = poor.changed({"budget.keep": []})
    assert compiling.compile_programme(free).onset.shape[0] >= 0
    only = inherits(tmp_path, f"{{total: 127000, when_over: {way}, keep: [vision]}}")
    assert "vision" in bought(only)


def test_what_is_kept_is_told_by_name_and_an_unknown_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        inherits(tmp_path, "{total: 200000, when_over: scale, keep: [launch, trainin]}")
    (problem,) = caught.value.problems
    assert "did you mean 'training'" in problem.message
    assert (problem.path, problem.line) == ("budget.keep", 3)
    rule = "adaptive: {later: {when: {below: .5, month: 3}, then: {measure: training}}}\n"
    with pytest.raises(ScenarioError) as caught:
        inherits(tmp_path, "{total: 200000, keep: [later]}", rule)
    assert "adaptive rule" in str(caught.value)


def test_what_is_kept_follows_changes_of_the_programme(tmp_path: Path) -> None:
    one = inherits(tmp_path, "{total: 130000, when_over: scale}")
    assert one.changed({"programme.launch": None}).budget.keep == ("information-campaign",)
    assert one.changed({"budget": {"total": 1e6}}).budget.keep == one.budget.keep
    assert one.changed({"budget.keep": ["vision"]}).budget.keep == ("vision",)
    text = sim.scenario.scenario_text(one)
    (tmp_path / "again.yaml").write_text(text)
    again = sim.load(tmp_path / "again.yaml")
    assert again.fingerprint() == one.fingerprint()
    free = one.changed({"budget.total": None})
    assert free.fingerprint() == free.changed({"budget.keep": []}).fingerprint()


def test_a_council_that_has_a_say_is_not_for_a_budget_to_cut() -> None:
    one = sim.load("works-council-early").changed({"programme.training": {}})
    costs = {name: float(part.sum()) for name, part in ledger.ledger(one).items()}
    least = sum(cost for name, cost in costs.items() if name != "training")
    part = (costs["launch"] + 1.0) / (costs["launch"] + costs["training"])  # what is left for both
    for way, launch, training in (("scale", part, part), ("priority", 1.0, 0.0)):
        poor = with_budget(one, least + 1.0, when_over=way)
        paid = {part.name: part.dose.sum() for part in affordable(poor, population.chart(poor))}
        assert paid["works-council"] == poor.simulation.months
        assert paid["launch"] == pytest.approx(launch, abs=1e-3)
        assert paid.get("training", 0.0) == pytest.approx(training, abs=1e-3)


# --- What is planned and not done ----------------------------------------------------------


def told(one: Scenario) -> dict[str, tuple[str, float]]:
    """Return what is not done, with why and which part of it is."""
    return {name: (reason, round(part, 3)) for name, reason, part, _ in undone(one)}


def test_what_the_budget_does_not_pay_for_is_not_done(catalogue: dict[str, Measure]) -> None:
    one = scenario(course={}, talk={})
    assert told(one) == {}
    assert told(with_budget(one, 17_000 + 12_000.0, when_over="priority")) == {
        "talk": ("budget", 0.0)
    }
    assert undone(with_budget(one, 17_000 + 400.0, when_over="priority"))[0].cost == pytest.approx(
        12_000
    )
    scaled = told(with_budget(one, 17_000 + 6_150.0, when_over="scale"))
    assert scaled == {"course": ("scaled", 0.5), "talk": ("scaled", 0.5)}


def test_what_nobody_can_deliver_is_not_done(catalogue: dict[str, Measure]) -> None:
    none = scenario({"capacity.trainer_hours": 0.0}, course={}, talk={})
    assert told(none) == {"course": ("trainers", 0.0)}
    few = scenario({"capacity.trainer_hours": 4.0}, course={})
    assert told(few) == {"course": ("trainers", pytest.approx(6 * 4 / 50))}
    late = scenario({"capacity.trainer_hours": 25.0}, course={})
    assert told(late) == {}  # later, but all of it
    assert told(scenario(talk={"after_go_live": 5})) == {"talk": ("end", 0.0)}
    assert told(scenario(talk={"after_go_live": 4})) == {}
    late_tool = scenario({"tool.go_live": 6, "organisation.digital_maturity": 0.0}, talk={})
    assert told(late_tool) == {"access": ("end", 0.0)}


def test_what_is_meant_for_nobody_is_not_done(catalogue: dict[str, Measure]) -> None:
    assert told(scenario(course={"audience": {"share": 0.0}})) == {"course": ("nobody", 0.0)}
    assert told(scenario({"organisation.turnover": 0.1}, welcome={})) == {}
    assert told(scenario({"organisation.turnover": 0.0}, welcome={})) == {
        "welcome": ("nobody", 0.0)
    }
    assert told(scenario(champions={"share": 0.001})) == {"champions": ("nobody", 0.0)}
    only = {"organisation.archetypes": {"status": 1.0}}
    assert told(scenario(only, course={"audience": {"archetypes": ["ethics"]}})) == {
        "course": ("nobody", 0.0)
    }


def test_an_adaptive_rule_that_can_never_be_paid_is_not_done(catalogue: dict[str, Measure]) -> None:
    rule = {"when": {"below": 0.9, "month": 2, "until": 5}, "then": {"measure": "course"}}
    one = scenario({"adaptive": {"later": rule}})
    assert told(one) == {}
    poor = with_budget(one, 17_000 + 11_000.0)
    assert told(poor) == {"later": ("budget", 0.0)}
    assert not np.any(sim.run(poor, runs=10).started["by-hand"]["later"])
    assert told(with_budget(one, 17_000 + 12_000.0)) == {}
    assert np.all(sim.run(with_budget(one, 17_000 + 12_000.0), runs=10).started["by-hand"]["later"])


# --- Money as it is delivered --------------------------------------------------------------


TIGHT_NAMES = ["all", "by kind", "some leaders", "phases", "newcomers"]
TIGHT = [
    {},
    {"course.audience": {"archetypes": ["status", "ethics"], "share": 0.5}},
    {"leaders.share": 0.5},
    {"tool.phases": [{"month": 2, "share": 0.3}], "tool.go_live": 5},
    {"organisation.turnover": 0.4, "welcome": {}},
]


@pytest.mark.parametrize(
    "changes",
    few(TIGHT, 1),
    ids=few(TIGHT_NAMES, 1),
)
def test_no_organisation_spends_more_than_a_scaled_budget(
    changes: dict[str, Any], catalogue: dict[str, Measure]
) -> None:
    paths = {
        path if path.split(".")[0] in ("tool", "organisation") else f"programme.{path}": value
        for path, value in changes.items()
    }
    one = scenario({"simulation.months": 12, **paths}, course={}, leaders={}, guide={})
    for limit in (45_000.0, 50_000.0):
        scaled = with_budget(one, limit, when_over="scale")
        rows = simulated(scaled, runs=200).rows
        found = sum(rows[:, :, kpis.COLUMN[f"cost_{part}"]] for part in ("technology", "measures"))
        found = found.sum(axis=1)
        assert found.max() <= limit + 0.01
        assert found.mean() >= 0.85 * limit


@promise
@given(
    people=st.integers(1, 20_000), chance=st.floats(0.0, 1.0, exclude_min=True, exclude_max=True)
)
def test_fewer_than_one_in_ten_thousand_times_more_come_than_the_upper_end(
    people: int, chance: float
) -> None:
    (end,) = budget.upper_end(np.array([[chance]]), np.array([float(people)]))
    assert stats.binom.sf(end, people, chance) <= budget.BEYOND * (1.0 + 1e-9)
    assert end == 0 or stats.binom.sf(end - 1, people, chance) > budget.BEYOND * (1.0 - 1e-9)


@promise
@given(expected=st.floats(0.0, 1e5))
def test_the_same_holds_for_newcomers(expected: float) -> None:
    end = budget.end_of(expected, 0.0)
    assert stats.poisson.sf(end, expected) <= budget.BEYOND * (1.0 + 1e-9)
    assert end == 0 or stats.poisson.sf(end - 1, expected) > budget.BEYOND * (1.0 - 1e-9)


def test_who_surely_comes_counts_and_who_surely_does_not_counts_nothing() -> None:
    chance, people = np.array([[1.0, 0.0, 0.5], [1.0, 0.0, 0.0]]), np.array([7.0, 1000.0, 20.0])
    most = stats.binom.ppf(1.0 - budget.BEYOND, 20, 0.5)
    assert budget.upper_end(chance, people).tolist() == [7.0 + most, 7.0]


def test_the_upper_end_is_the_same_compiled_and_plain() -> None:
    luck = np.random.default_rng(1)
    chance, people = luck.uniform(-0.1, 1.1, (300, 4)), luck.integers(0, 500, 4).astype(float)
    plain: Any = getattr(budget.upper_end, "plain", None)
    assert plain(chance, people).tolist() == budget.upper_end(chance, people).tolist()


def test_a_plan_knows_the_archetypes_of_a_people_file(tmp_path: Path) -> None:
    """Twenty of forty feel the one threat; expected by chance would be a few."""
    rows = ["id,department,manager,archetype"]
    rows += [f"{k},desk,{'0' if k else ''},{'status' if k < 20 else 'ethics'}" for k in range(40)]
    (tmp_path / "people.csv").write_text("\n".join(rows) + "\n")
    (tmp_path / "one.yaml").write_text(
        "extends: baseline\norganisation: {people: people.csv, turnover: 0, departments: {desk: {task_share: .3}}}\n"
        "programme: {training: {audience: {archetypes: [status]}}}\n"
    )
    one = sim.load(tmp_path / "one.yaml")
    plan = population.chart(one)
    (course,) = (part for part in affordable(one, plan) if part.name == "training")
    assert ledger.participants(course, one, plan) == 20
    delivered = sim.run(one, runs=3).curves("one", "cost").sum(axis=1)
    assert delivered == pytest.approx(total(one))
    short = one.changed({"budget.total": total(one) - 1.0})
    with pytest.raises(BudgetError):
        compiling.compile_programme(short)
    assert compiling.compile_programme(one.changed({"budget.total": total(one) + 1.0}))
