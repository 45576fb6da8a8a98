"""What the programme promises: halves add up, euros add up, nothing is done or charged twice."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim import channels, files, population, programme, world
from sim.channels import CHANNELS, strength
from sim.errors import BudgetError, ScenarioError
from sim.files import read_catalogue
from sim.measure import Measure, Pushes
from sim.parameters import Parameters
from sim.programme import doses, in_force, ledger, pushes, stocks
from sim.scenario import Deployment, Scenario
from sim.state import EMPLOYEE

Array = np.ndarray[Any, Any]

DEFAULT = Parameters()
MONTHS = 24

promise = settings(max_examples=100, deadline=None, derandomize=True)


def measure(lasting: str = "one_off", **given: Any) -> Measure:
    """Return a measure made by hand."""
    text = {"en": "By hand", "nl": "Met de hand"}
    return Measure.model_validate(
        {
            "title": text,
            "description": text,
            "phase": "cross_cutting",
            "lasting": lasting,
            "sources": ("this test",),
            **given,
        }
    )


ONE_OFF, STRUCTURAL = measure("one_off"), measure("structural")


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch) -> dict[str, Measure]:
    """Put a catalogue made by hand in the place of the shipped one, and return it."""
    entries = {
        "course": measure(
            "one_off",
            pushes={"training": 1.0, "relief_competence": 0.3},
            cost={"fixed": 1000, "per_participant": 10, "hours_per_participant": 2},
        ),
        "guide": measure(
            "structural",
            pushes={"relief_control": 0.4, "incentive": 0.2},
            cost={
                "fixed": 500,
                "per_month": 100,
                "per_participant": 5,
                "monthly_hours_per_participant": 0.5,
            },
        ),
        "champions": measure(
            "structural",
            appoints="champions",
            share=0.1,
            coaching={"training": 0.5, "relief_competence": 0.5},
            cost={"per_participant": 100, "monthly_hours_per_participant": 4},
        ),
        "leaders": measure("structural", appoints="leaders", cost={"per_participant": 200}),
    }
    for page in (programme, files.sections):
        monkeypatch.setattr(page, "read_catalogue", lambda: entries)
    return entries


def scenario(**deployments: dict[str, Any]) -> Scenario:
    """Return 100 people at 50 euro an hour, licences of 20 from month 2, and a programme."""
    return Scenario.model_validate(
        {
            "name": "by-hand",
            "organisation": {
                "employees": 100,
                "hourly_cost": 50.0,
                "departments": {"desk": {"share": 0.6}, "shop": {"share": 0.4}},
            },
            "tool": {"go_live": 2, "licence_price": 20.0, "integration_cost": 7000.0},
            "programme": deployments,
            "simulation": {"months": 6},
        }
    )


# --- Doses and stocks ----------------------------------------------------------------------


@promise
@given(dose=st.floats(0.01, 10.0), start=st.integers(1, 12), length=st.integers(1, 12))
def test_a_one_off_dose_is_spread_evenly_and_delivered_once(
    dose: float, start: int, length: int
) -> None:
    given_out = doses(Deployment(dose=dose, start=start, months=length), ONE_OFF, MONTHS)
    assert given_out.sum() == pytest.approx(dose)
    assert np.flatnonzero(given_out).tolist() == list(range(start - 1, start - 1 + length))
    assert np.ptp(given_out[given_out > 0]) == 0.0


def test_what_would_be_delivered_after_the_end_is_not_delivered() -> None:
    given_out = doses(Deployment(dose=4.0, start=23, months=4), ONE_OFF, MONTHS)
    assert given_out[-2:].tolist() == [1.0, 1.0]
    assert given_out.sum() == 2.0
    assert not doses(Deployment(start=25), ONE_OFF, MONTHS).any()
    assert len(in_force(Deployment(start=30), STRUCTURAL, MONTHS)) == 0


def test_a_structural_measure_is_in_force_to_the_end_unless_told_otherwise() -> None:
    assert list(in_force(Deployment(start=3), STRUCTURAL, 6)) == [2, 3, 4, 5]
    assert list(in_force(Deployment(start=3, months=2), STRUCTURAL, 6)) == [2, 3]
    assert list(in_force(Deployment(start=3), ONE_OFF, 6)) == [2]
    assert doses(Deployment(start=3, dose=0.5), STRUCTURAL, 6).tolist() == [
        0,
        0,
        0.5,
        0.5,
        0.5,
        0.5,
    ]


def test_a_structural_measure_holds_while_in_force_and_fades_afterwards() -> None:
    stock = stocks(np.array([0.0, 1.0, 1.0, 0.0, 0.0]), structural=True, lasting=0.9)
    assert stock == pytest.approx([0.0, 1.0, 1.0, 0.9, 0.81])


def test_a_one_off_measure_fades_from_the_month_after() -> None:
    stock = stocks(np.array([1.0, 0.0, 0.5, 0.0]), structural=False, lasting=0.5)
    assert stock == pytest.approx([1.0, 0.5, 0.75, 0.375])


DOSES = st.lists(st.floats(0.0, 5.0), min_size=8, max_size=8)


@promise
@given(one=DOSES, other=DOSES, lasting=st.floats(0.0, 0.99))
def test_stocks_of_doses_add_up(one: list[float], other: list[float], lasting: float) -> None:
    a, b = np.array(one), np.array(other)
    together = stocks(a + b, False, lasting)
    assert together == pytest.approx(stocks(a, False, lasting) + stocks(b, False, lasting))
    assert stocks(a / 2, False, lasting) * 2 == pytest.approx(stocks(a, False, lasting))


@pytest.mark.parametrize("name", sorted(read_catalogue()))
def test_two_halves_of_a_measure_do_what_the_whole_does(name: str) -> None:
    one = read_catalogue()[name]
    structural = one.lasting == "structural"
    whole, half = (
        pushes(one.pushes, doses(Deployment(dose=dose, start=2), one, MONTHS), structural, DEFAULT)
        for dose in (1.0, 0.5)
    )
    assert half + half == pytest.approx(whole)


def test_effects_of_a_full_dose_are_the_shares_the_catalogue_states() -> None:
    one = measure(
        "structural", pushes={"relief_status": 0.4, "relief_control": -0.5, "incentive": 0.6}
    )
    p = DEFAULT._replace(relief_scale=1.0)
    amount = pushes(one.pushes, doses(Deployment(), one, 3), True, p)
    effect = channels.saturate(programme.as_push(amount[0]))
    assert effect.remaining_status == pytest.approx(0.6)
    assert effect.remaining_control == pytest.approx(1.5)
    assert effect.incentive == pytest.approx(0.6)
    assert effect.remaining_ethics == 1.0


def test_relief_can_be_scaled_and_switched_off_as_a_whole() -> None:
    one = measure(pushes={"relief_ethics": 0.5, "incentive": 0.5})
    dose = doses(Deployment(), one, 2)
    off = pushes(one.pushes, dose, False, DEFAULT._replace(relief_scale=0.0))
    half = pushes(one.pushes, dose, False, DEFAULT._replace(relief_scale=0.5))
    assert not off[:, :4].any()
    assert off[0, CHANNELS.index("incentive")] > 0
    assert half[0, channels.RELIEF_ETHICS] == pytest.approx(strength(0.25))


def test_training_is_a_dose_and_no_stock() -> None:
    one = measure(pushes={"training": 2.0})
    amount = pushes(one.pushes, np.array([0.5, 0.0, 0.25]), False, DEFAULT)
    assert amount[:, channels.TRAINING].tolist() == [1.0, 0.0, 0.5]


def test_a_launch_fades_at_a_pace_of_its_own() -> None:
    one = measure(pushes={"launch": 1.0})
    p = DEFAULT._replace(launch_novelty_time=2.0)
    amount = pushes(one.pushes, np.array([1.0, 0.0, 0.0]), False, p)
    assert amount[:, channels.LAUNCH] == pytest.approx(np.exp([0.0, -0.5, -1.0]))


def test_how_something_is_said_decides_how_much_it_is_believed() -> None:
    p = DEFAULT._replace(
        message_rate=0.1, two_sided_credibility=0.6, one_sided_credibility=0.3,
        interactive_factor=2.5, abstract_factor=0.5, tool_quality=0.6, hype=0.3,
    )  # fmt: skip
    message = measure(message={"strength": 2.0}).message
    assert message is not None
    assert programme.speak(message, Deployment(), p) == pytest.approx((0.12, 0.6))
    promises = Deployment(balance="one_sided")
    assert programme.speak(message, promises, p) == pytest.approx((0.06, 0.9))
    talk = Deployment(format="interactive", concreteness="abstract")
    assert programme.speak(message, talk, p) == pytest.approx((0.12 * 2.5 * 0.5, 0.6))
    loud = p._replace(tool_quality=0.9, hype=0.9)
    assert programme.speak(message, promises, loud)[1] == 1.0


# --- A compiled programme ------------------------------------------------------------------


def test_deployments_add_up_for_whom_they_reach(catalogue: dict[str, Measure]) -> None:
    plan = programme.compile_programme(scenario(course={}, guide={"start": 2}))
    both, guide = programme.add_up(plan, 0b11, 1), programme.add_up(plan, 0b10, 1)
    course = programme.add_up(plan, 0b01, 1)
    assert np.add(course, guide) == pytest.approx(np.array(both))
    assert programme.add_up(plan, 0, 1) == programme.as_push(np.zeros(programme.WIDTH))
    assert programme.add_up(plan, 0b10, 0).relief_control == 0.0


def test_the_same_measure_twice_at_half_dose_is_the_measure_once(
    catalogue: dict[str, Measure],
) -> None:
    whole = programme.compile_programme(scenario(guide={}))
    half = {"measure": "guide", "dose": 0.5}
    halves = programme.compile_programme(scenario(first=half, second=half))
    for month in range(6):
        assert programme.add_up(halves, 0b11, month) == pytest.approx(
            programme.add_up(whole, 0b1, month)
        )


def test_a_deployment_without_a_dose_is_none(catalogue: dict[str, Measure]) -> None:
    plan = programme.compile_programme(scenario(course={"dose": 0}, champions={"dose": 0}))
    assert plan.share.size == 0
    assert plan.champions_share == 0.0
    assert (plan.service == -1).all()


def test_champions_serve_from_their_first_month_to_their_last(
    catalogue: dict[str, Measure],
) -> None:
    plan = programme.compile_programme(scenario(champions={"start": 2, "months": 3}))
    assert plan.service.tolist() == [-1, 0, 1, 2, -1, -1]
    assert plan.champions_share == 0.1
    assert plan.eligible == 0
    assert plan.coaching[0].sum() == 0.0
    training = plan.coaching[:, channels.TRAINING]
    assert training[1] == pytest.approx(0.5)
    assert training[1] > training[2] > training[3] > 0.0  # they tire
    assert training[4] == 0.0


def test_recognised_champions_do_not_tire(catalogue: dict[str, Measure]) -> None:
    fresh = scenario(champions={}).changed({"parameters.champion_fatigue": 0.0})
    training = programme.compile_programme(fresh).coaching[:, channels.TRAINING]
    assert np.ptp(training) == 0.0


def test_a_commitment_lasts_as_long_as_its_deployment(catalogue: dict[str, Measure]) -> None:
    plan = programme.compile_programme(scenario(leaders={"start": 3, "share": 0.4}))
    assert plan.commitment.tolist() == [False, False, True, True, True, True]
    assert plan.leaders_share == 0.4


def test_without_a_share_all_leaders_commit_and_the_usual_share_become_champions() -> None:
    assert programme.appointed_share(Deployment(), measure(appoints="leaders")) == 1.0
    usual = programme.appointed_share(Deployment(), measure(appoints="champions"))
    assert usual == programme.DEFAULT_CHAMPIONS
    stated = measure(appoints="champions", share=0.2)
    assert programme.appointed_share(Deployment(), stated) == 0.2
    assert programme.appointed_share(Deployment(share=0.0), stated) == 0.0


@pytest.mark.parametrize("kind", ["leaders", "champions"])
def test_two_deployments_that_appoint_the_same_people_are_refused_by_name(
    kind: str, catalogue: dict[str, Measure]
) -> None:
    twice = scenario(**{kind: {}, "second-wave": {"measure": kind, "start": 3}})
    with pytest.raises(ScenarioError) as caught:
        programme.compile_programme(twice)
    assert f"'second-wave' and '{kind}' both appoint {kind}" in str(caught.value)
    assert caught.value.problems[0].path == "programme.second-wave"


def test_too_many_deployments_are_refused(catalogue: dict[str, Measure]) -> None:
    most = programme.MOST_DEPLOYMENTS
    every = {f"talk-{k}": {"measure": "guide"} for k in range(most)}
    assert programme.compile_programme(scenario(**every)).share.size == most
    with pytest.raises(ScenarioError, match=f"found {most + 1} deployments, at most {most}"):
        programme.compile_programme(scenario(**every, another={"measure": "guide"}))


# --- Whom it reaches -----------------------------------------------------------------------


def reached(one: Scenario) -> Array:
    """Return which deployments reach each person of an organisation."""
    people = world.draw_worlds(world.design(one), 1, np.array([0])).people[0].view(np.recarray)
    compiled = programme.compile_programme(one)
    return np.array([programme.reach(people, i, compiled, 1, 0) for i in range(people.size)])


def test_an_audience_meets_everything_that_is_asked(catalogue: dict[str, Measure]) -> None:
    one = scenario(
        course={"audience": {"departments": ["shop"], "roles": ["employee", "team_lead"]}},
        guide={"audience": {"archetypes": ["ethics"]}},
    )
    people = world.draw_worlds(world.design(one), 1, np.array([0])).people[0]
    masks = reached(one)
    in_shop = people["department"] == population.department_names(one.organisation).index("shop")
    low = people["role"] <= 1
    assert np.array_equal(masks & 1 == 1, in_shop & low)
    assert np.array_equal(masks & 2 == 2, people["archetype"] == 3)


def test_a_share_of_the_audience_is_drawn_and_a_larger_one_holds_the_smaller(
    catalogue: dict[str, Measure],
) -> None:
    few, many = (reached(scenario(course={"audience": {"share": part}})) for part in (0.3, 0.7))
    assert (few <= many).all()
    assert 15 <= few.sum() <= 45
    assert 55 <= many.sum() <= 85
    assert not reached(scenario(course={"audience": {"share": 0.0}})).any()


# --- What it costs -------------------------------------------------------------------------


def test_licences_begin_with_access_and_integration_is_paid_once() -> None:
    table = ledger(scenario())
    assert table.index.tolist() == [1, 2, 3, 4, 5, 6]
    assert table["licences"].tolist() == [0, 2000, 2000, 2000, 2000, 2000]
    assert table["integration"].tolist() == [0, 7000, 0, 0, 0, 0]


def test_a_one_off_measure_costs_its_dose(catalogue: dict[str, Measure]) -> None:
    # 1000 fixed and for each of 100 people 10 euro and 2 hours of 50 euro: 12,000 a dose.
    table = ledger(scenario(course={"start": 2, "months": 3, "dose": 1.5}))
    assert table["course"].tolist() == pytest.approx([0, 6000, 6000, 6000, 0, 0])


def test_a_structural_measure_costs_once_and_every_month(catalogue: dict[str, Measure]) -> None:
    # Once 500 + 100 x 5; every month in force 100 + 100 x half an hour of 50 euro.
    table = ledger(scenario(guide={"start": 3, "months": 3}))
    assert table["guide"].tolist() == pytest.approx([0, 0, 3600, 2600, 2600, 0])
    half = ledger(scenario(guide={"start": 3, "months": 3, "dose": 0.5}))
    assert half["guide"].tolist() == pytest.approx([0, 0, 1800, 1300, 1300, 0])


def test_only_those_who_take_part_are_paid_for(catalogue: dict[str, Measure]) -> None:
    one = scenario(course={"audience": {"departments": ["shop"], "share": 0.5}})
    chart = population.chart(one.organisation)
    shop = np.sum(chart.department == 2)
    assert ledger(one)["course"].sum() == pytest.approx(1000 + 0.5 * shop * 110)
    by_kind = scenario(course={"audience": {"archetypes": ["status", "ethics"]}})
    shares = by_kind.organisation.archetypes
    expected = 100 * (shares.status + shares.ethics)
    assert ledger(by_kind)["course"].sum() == pytest.approx(1000 + expected * 110)


def test_champions_and_leaders_are_paid_by_head(catalogue: dict[str, Measure]) -> None:
    table = ledger(scenario(champions={}, leaders={"share": 0.5}))
    assert table["champions"].iloc[0] == pytest.approx(10 * 100 + 10 * 4 * 50)
    assert table["champions"].iloc[1] == pytest.approx(10 * 4 * 50)
    leaders = np.sum(population.chart(scenario().organisation).role != EMPLOYEE)
    assert table["leaders"].sum() == pytest.approx(0.5 * leaders * 200)


@promise
@given(dose=st.floats(0.1, 10.0), start=st.integers(1, 24), length=st.integers(1, 24))
def test_the_same_dose_costs_the_same_however_it_is_spread(
    dose: float, start: int, length: int
) -> None:
    spread, at_once = (
        ledger(
            Scenario.model_validate(
                {"simulation": {"months": 60}, "programme": {"training": {"dose": dose, **when}}}
            )
        )["training"].sum()
        for when in ({"start": start, "months": length}, {"start": 1, "months": 1})
    )
    assert spread == pytest.approx(at_once)


def test_a_dose_of_nothing_costs_nothing(catalogue: dict[str, Measure]) -> None:
    without = ledger(scenario())
    nothing = ledger(scenario(course={"dose": 0}, guide={"dose": 0}, champions={"dose": 0}))
    assert nothing.equals(without)


@pytest.mark.parametrize("name", sorted(read_catalogue()))
def test_every_measure_costs_what_its_dose_says(name: str, baseline: Scenario) -> None:
    one, two = (
        float(ledger(baseline.changed({f"programme.{name}": {"dose": dose}}))[name].sum())
        for dose in (0.5, 1.0)
    )
    assert two > 0
    if read_catalogue()[name].lasting == "one_off":
        assert two == pytest.approx(2 * one)
    assert two > one


def test_the_ledger_is_what_a_result_charges(baseline: Scenario) -> None:
    one = baseline.changed({"programme.training": {"start": 3}, "programme.champions": {}})
    result = sim.run(one, runs=2, seed=1)
    monthly = ledger(one).sum(axis=1).tolist()
    for costs in result.curves("baseline", "cost"):
        assert costs.tolist() == pytest.approx([0.0, *monthly])


def test_a_budget_that_is_too_small_is_refused_with_every_item_and_the_gap(
    catalogue: dict[str, Measure],
) -> None:
    one = scenario(course={}, guide={"start": 3}).changed({"name": "acme"})
    table = ledger(one)
    needed = float(table.to_numpy().sum())
    poor = one.model_copy(update={"budget": type(one.budget)(total=needed - 1234.0)})
    with pytest.raises(BudgetError) as caught:
        programme.compile_programme(poor)
    message = str(caught.value)
    assert message.startswith("acme: budget.total")
    assert "1,234 more than the budget" in message
    for name in ("licences", "integration", "course", "guide"):
        assert f"{name} " in message
        assert f"{table[name].sum():,.0f} euro" in message


def test_a_budget_that_is_just_enough_is_enough(catalogue: dict[str, Measure]) -> None:
    one = scenario(course={})
    needed = float(ledger(one).to_numpy().sum())
    enough = one.model_copy(update={"budget": type(one.budget)(total=needed)})
    assert programme.compile_programme(enough).share.size == 1


def test_the_order_of_deployments_changes_nothing() -> None:
    full = sim.load("full-programme")
    turned = full.model_copy(update={"programme": dict(reversed(full.programme.items()))})
    assert turned.fingerprint() == full.fingerprint()
    assert np.array_equal(
        sim.run(turned, runs=2).measured["full-programme"],
        sim.run(full, runs=2).measured["full-programme"],
    )


def test_a_structural_measure_after_the_horizon_costs_nothing() -> None:
    late = Scenario(programme={"leadership-example": Deployment(start=30)})
    assert ledger(late)["leadership-example"].sum() == 0.0


def test_no_scale_of_relief_removes_more_than_there_is() -> None:
    p = Scenario().numbers._replace(relief_scale=1.2)
    amount = pushes(Pushes(relief_control=0.95), np.array([1.0]), True, p)
    assert np.isfinite(amount).all()
