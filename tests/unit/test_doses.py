"""More of a measure is more of what it does and of what it costs, however it is written."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from by_hand import asked, does, lives, measure, put_catalogue, scenario, simulated, spent

import sim
from sim import kpis
from sim.engine.kinds import Array
from sim.errors import ScenarioError
from sim.people import population
from sim.programme import budget, compiling, ledger
from sim.programme.deployments import rounds
from sim.scenario import read_catalogue
from sim.scenario.measure import Measure
from sim.scenario.schema import Budget, Scenario
from sim.state import EMPLOYEE, EXECUTIVE, NOBODY

PEOPLE = [name for name, one in read_catalogue().items() if one.takes_people]
APPOINTS = [name for name in PEOPLE if read_catalogue()[name].appoints is not None]


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch) -> dict[str, Measure]:
    """Put a catalogue made by hand in the place of the shipped one, and return it."""
    return put_catalogue(monkeypatch)


def scaled(one: Scenario, budget: float) -> Scenario:
    """Return a scenario whose programme is scaled to a budget."""
    return one.model_copy(update={"budget": Budget(total=budget, when_over="scale")})


# --- What takes people takes no dose ---------------------------------------------------------


def test_these_measures_take_people() -> None:
    assert PEOPLE == ["champions", "buddies", "sandbox", "leadership-example"]


@pytest.mark.parametrize("dose", [0.001, 0.5, 2.0])
@pytest.mark.parametrize("name", PEOPLE)
def test_a_dose_of_people_is_refused_with_what_to_write_instead(
    name: str, dose: float, baseline: Scenario
) -> None:
    share = "share: " if name in APPOINTS else "audience: {share: "
    ways = (
        lambda: baseline.changed({f"programme.{name}": {"dose": dose}}),
        lambda: baseline.changed({f"programme.{name}": {}, f"programme.{name}.dose": dose}),
        lambda: baseline.changed({"programme.mine": {"measure": name, "dose": dose}}),
        lambda: sim.load("baseline", [f"programme.{name}.dose={dose}"]),
    )
    for way in ways:
        with pytest.raises(ScenarioError) as caught:
            way()
        (problem,) = caught.value.problems
        assert problem.path.endswith(".dose")
        assert "takes people and no dose" in problem.message
        assert share in problem.message
    if read_catalogue()[name].appoints in ("leaders", "champions"):
        return  # no rule starts them
    with pytest.raises(ScenarioError) as caught:
        baseline.changed(
            {
                "adaptive.late": {
                    "when": {"below": 0.5, "month": 6},
                    "then": {"measure": name, "dose": dose},
                }
            }
        )
    assert "takes people and no dose" in caught.value.problems[0].message


@pytest.mark.parametrize("name", APPOINTS)
def test_what_to_write_instead_of_a_dose_is_allowed_and_costs_that_part(
    name: str, baseline: Scenario
) -> None:
    with pytest.raises(ScenarioError) as caught:
        baseline.changed({f"programme.{name}": {"dose": 0.5}})
    share = float(caught.value.problems[0].message.split("share: ")[1].split()[0])
    whole, half = (
        float(ledger.ledger(baseline.changed({f"programme.{name}": given}))[name].sum())
        for given in ({}, {"share": share})
    )
    assert 0.4 * whole < half < 0.7 * whole


@pytest.mark.parametrize("name", APPOINTS)
def test_a_share_of_nobody_does_nothing_and_costs_nothing(name: str, baseline: Scenario) -> None:
    one = baseline.changed({f"programme.{name}": {"share": 0.0}})
    assert lives(one, runs=2) == lives(baseline, runs=2)
    assert spent(one).sum() == spent(baseline).sum()
    assert ledger.ledger(one).to_numpy().sum() == ledger.ledger(baseline).to_numpy().sum()


@pytest.mark.parametrize(
    ("name", "audience"),
    [
        ("champions", {"roles": ["team_lead", "manager", "executive"]}),
        ("champions", {"departments": ["management"]}),
        ("leadership-example", {"roles": ["employee"]}),
    ],
)
def test_an_audience_of_nobody_who_could_be_appointed_is_refused(
    name: str, audience: dict[str, Any], baseline: Scenario
) -> None:
    one = baseline.changed({f"programme.{name}": {"audience": audience}})
    with pytest.raises(ScenarioError) as caught:
        compiling.compile_programme(one)
    (problem,) = caught.value.problems
    assert problem.path == f"programme.{name}.audience"
    assert "nobody in this audience can be among the" in problem.message


def test_who_is_appointed_before_the_start_cannot_be_those_who_do_not_use_it_then(
    baseline: Scenario,
) -> None:
    with pytest.raises(ScenarioError, match="appointed before the start"):
        baseline.changed({"programme.champions": {"audience": {"not_yet_using": True}}})


# --- Leaders: what they do comes from those who commit ---------------------------------------


def remaining(one: Scenario) -> Array:
    """Return what leaders leave of everybody's ethical objection in the last month [people]."""
    left: Array = simulated(one).people[0]["remaining_ethics"]
    return left


def test_what_leaders_do_reaches_people_as_far_as_their_own_leaders_committed(
    catalogue: dict[str, Measure],
) -> None:
    alone = scenario(leaders={"audience": {"roles": ["executive"]}})
    people = simulated(alone).people[0]
    top = people["role"] == EXECUTIVE
    assert (people["committed"] == top).all()
    assert (people["led"][top] == 1.0).all()
    p, push = (
        alone.numbers,
        does(catalogue["leaders"].pushes, np.ones(1), True, alone.numbers)[0],
    )
    under_the_top = ~top & np.isin(people["boss"], np.flatnonzero(top))
    others = ~top & ~under_the_top
    assert under_the_top.any() and others.any()
    assert people["led"][under_the_top] == pytest.approx(1.0)
    assert people["led"][others] == pytest.approx(1.0 - p.boss_share)
    relief = float(push[3])
    assert remaining(alone)[others] == pytest.approx(np.exp(-(1.0 - p.boss_share) * relief))
    assert remaining(scenario(leaders={})) == pytest.approx(np.exp(-relief))
    assert (remaining(scenario(leaders={"share": 0.0})) == 1.0).all()


# --- Budgets scale the same, whichever way it was written ------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"champions": {}}, {"champions": {"share": 0.1}}),
        ({"champions": {}}, {"pioneers": {"measure": "champions", "dose": 1.0}}),
        ({"leaders": {}}, {"leaders": {"share": 1.0, "audience": {"share": 1.0}}}),
        ({"course": {"dose": 2.0}}, {"course": {}, "more": {"measure": "course"}}),
    ],
)
def test_two_ways_to_write_a_programme_scale_alike(
    one: dict[str, Any], other: dict[str, Any], catalogue: dict[str, Measure]
) -> None:
    plans = [scenario(**one), scenario(**other)]
    costs = [float(ledger.ledger(plan).to_numpy().sum()) for plan in plans]
    assert costs[0] == pytest.approx(costs[1])
    small = [scaled(plan, 17_000.0 + 0.6 * (costs[0] - 17_000.0)) for plan in plans]
    first, second = (simulated(plan, runs=3).rows for plan in small)
    assert first == pytest.approx(second, rel=1e-6, abs=1e-6, nan_ok=True)
    whole = simulated(plans[0], runs=3).rows
    assert first != pytest.approx(whole, rel=1e-6, abs=1e-6, nan_ok=True)


def test_a_scaled_budget_buys_fewer_of_those_named(catalogue: dict[str, Measure]) -> None:
    one = scenario(champions={})
    plan = population.chart(one)
    (whole,) = rounds(one)
    table, _, _ = asked([whole], one)
    assert budget.champions(table, 0, 1.0, plan) == 10
    assert budget.champions(table, 0, 0.5, plan) == 5
    listed = whole._replace(deployment=whole.deployment.model_copy(update={"selection": "named"}))
    staff = int(np.sum(plan.role == EMPLOYEE))
    table, _, _ = asked([listed], one)
    assert budget.champions(table, 0, 1.0, plan) == staff
    assert budget.champions(table, 0, 0.25, plan) == int(0.25 * staff + 0.5)


def test_buddies_are_for_a_share_of_those_meant() -> None:
    base = sim.load("baseline")
    found = [
        int((simulated(base.changed({"programme.buddies": {"share": share}})).people["buddy"] != NOBODY).sum())
        for share in (0.0, 0.2, 1.0)
    ]  # fmt: skip
    assert found[0] == 0 < found[1] < 0.5 * found[2]


# --- What a measure may be -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"appoints": "leaders"}, "'share' is for measures that appoint"),
        ({"share": 0.5}, "'share' is for measures that appoint"),
        ({"appoints": "champions", "share": 0.1, "pushes": {"incentive": 0.2}}, "'coaching', not"),
        ({"appoints": "buddies", "share": 1.0, "message": {}}, "'coaching', not"),
        ({"appoints": "leaders", "share": 1.0, "coaching": {"training": 1.0}}, "'coaching' is for"),
        ({"appoints": "buddies", "share": 1.0, "coaching": {"launch": 1.0}}, "found launch"),
        ({"appoints": "leaders", "share": 1.0, "selection": "random"}, "'selection' is for"),
    ],
)
def test_a_measure_that_appoints_acts_through_those_it_appoints(
    given: dict[str, Any], told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        measure("structural", **given)


@pytest.mark.parametrize(
    "given", [{"appoints": "leaders", "share": 1.0}, {"pushes": {"access": 1}}]
)
def test_what_takes_people_holds_while_in_force(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="holds while in force"):
        measure("one_off", **given)


# --- Courses and messages: the same however they are spread -----------------------------------


@pytest.mark.parametrize("parts", [1, 4])
def test_four_courses_teach_the_same_in_one_month_and_in_four(parts: int) -> None:
    gain = 0.25
    base = sim.load("baseline").changed(
        {
            "parameters.training_gain": gain, "parameters.forgetting": 0.0, "parameters.start_rate": 0.0,
            "simulation.substeps": parts, "organisation.employees": 30,
        }
    )  # fmt: skip
    skills = []
    for given in (
        {"programme.training": {"dose": 4}},
        {"programme.training": {"dose": 4, "months": 4}},
        {"programme.training": {"dose": 4, "months": 8}},
        {"programme.training": {"repeat": {"every": 2, "times": 4}}},
        {"programme.training": {"dose": 3}, "programme.more": {"measure": "training", "start": 3}},
    ):
        people = simulated(base.changed({**given, "simulation.months": 24})).people[0]
        missing = (1.0 - people["skill"]) / (1.0 - people["initial_skill"])
        assert missing == pytest.approx((1.0 - gain) ** 4)
        skills.append(people["skill"])
    for one in skills[1:]:
        assert one == pytest.approx(skills[0], abs=1e-12)


@pytest.mark.parametrize("dose", [4.0, 8.0, 16.0])
def test_no_course_is_paid_for_that_teaches_nothing(dose: float) -> None:
    base = sim.load("baseline").changed(
        {"organisation.employees": 40, "parameters.forgetting": 0.0}
    )

    def skill(courses: float) -> float:
        one = base.changed({"programme.training": {"dose": courses}})
        return float(simulated(one).rows[0, 1, kpis.COLUMN["skill"]])

    missing = 1.0 - skill(dose), 1.0 - skill(dose + 1.0)
    assert missing[1] < missing[0] * (1.0 - 0.5 * base.numbers.training_gain)


def test_ten_messages_in_a_month_do_not_convince_more_than_ten_in_ten() -> None:
    base = sim.load("baseline").changed(
        {"parameters.one_off_carry_over": 0.0, "parameters.start_rate": 0.0, "organisation.employees": 30,
         "simulation.months": 12, "parameters.culture_rate": 0.0}  # or each would be believed more
    )  # fmt: skip
    given = {"programme.two-sided-communication.dose": 10.0}
    name = "programme.two-sided-communication"
    at_once, spread = (
        simulated(base.changed({name: {"months": months}, **given})).people[0]["expectation"]
        for months in (1, 10)
    )
    assert at_once == pytest.approx(spread, abs=1e-12)
