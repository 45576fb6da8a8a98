"""What is delivered when: doses by month, repeats, starts counted from go-live, trainers."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from by_hand import lives, measure, put_catalogue, scenario, simulated
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim import kpis
from sim.engine.kinds import Array
from sim.errors import ScenarioError
from sim.people import population
from sim.programme import ledger
from sim.programme.compiling import compile_programme
from sim.programme.deployments import deployments_of, doses, first_month, rounds
from sim.scenario.measure import Measure
from sim.scenario.schema import Deployment, Repeat, Scenario

MONTHS = 24
ONE_OFF, STRUCTURAL = measure("one_off"), measure("structural")

promise = settings(max_examples=100, deadline=None, derandomize=True)


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch) -> dict[str, Measure]:
    """Put a catalogue made by hand in the place of the shipped one, and return it."""
    return put_catalogue(monkeypatch)


def calendar(one: Scenario, name: str) -> Array:
    """Return the doses of a deployment by calendar month, all its rounds together."""
    total = np.zeros(one.simulation.months)
    plan = population.chart(one)
    for part in ledger.with_trainers(rounds(one), one, plan):
        if part.name == name:
            total[part.start :] += part.dose[: total.size - part.start]
    return total


# --- Doses ---------------------------------------------------------------------------------


@promise
@given(dose=st.floats(0.01, 10.0), length=st.integers(1, 12))
def test_a_one_off_dose_is_spread_evenly_and_delivered_once(dose: float, length: int) -> None:
    given_out = doses(Deployment(dose=dose, months=length), ONE_OFF, MONTHS)
    assert given_out.sum() == pytest.approx(dose)
    assert np.flatnonzero(given_out).tolist() == list(range(length))
    assert np.ptp(given_out[given_out > 0]) == 0.0


def test_what_would_be_delivered_after_the_end_is_not_delivered(
    catalogue: dict[str, Measure],
) -> None:
    late = scenario(course={"dose": 4.0, "start": 5, "months": 4})
    assert calendar(late, "course").tolist() == [0, 0, 0, 0, 1.0, 1.0]
    assert not calendar(scenario(guide={"start": 30}, course={"start": 7}), "guide").any()


def test_a_structural_measure_is_in_force_to_the_end_unless_told_otherwise(
    catalogue: dict[str, Measure],
) -> None:
    to_the_end = scenario(guide={"start": 3, "dose": 0.5}, course={"start": 3})
    assert calendar(to_the_end, "guide").tolist() == [0, 0, 0.5, 0.5, 0.5, 0.5]
    assert calendar(to_the_end, "course").tolist() == [0, 0, 1, 0, 0, 0]
    two_months = scenario(guide={"start": 3, "months": 2})
    assert calendar(two_months, "guide").tolist() == [0, 0, 1, 1, 0, 0]


# --- Repeats -------------------------------------------------------------------------------


def test_a_repeated_one_off_comes_again_with_the_same_dose(catalogue: dict[str, Measure]) -> None:
    twice = {"every": 3, "times": 2}
    assert calendar(scenario(course={"repeat": twice}), "course").tolist() == [1, 0, 0, 1, 0, 0]
    spread = scenario(course={"start": 2, "months": 2, "repeat": twice})
    assert calendar(spread, "course").tolist() == [0, 0.5, 0.5, 0, 0.5, 0.5]


@promise
@given(
    dose=st.floats(0.1, 5.0),
    length=st.integers(1, 6),
    every=st.integers(1, 6),
    times=st.integers(1, 4),
)
def test_rounds_of_a_one_off_add_up_even_where_they_overlap(
    dose: float, length: int, every: int, times: int
) -> None:
    again = Deployment(dose=dose, months=length, repeat=Repeat(every=every, times=times))
    assert doses(again, ONE_OFF, 36).sum() == pytest.approx(times * dose)


def test_overlapping_rounds_of_a_structural_measure_are_in_force_once() -> None:
    apart = Deployment(months=2, repeat=Repeat(every=3, times=2))
    assert doses(apart, STRUCTURAL, 6).tolist() == [1, 1, 0, 1, 1, 0]
    overlapping = Deployment(months=4, repeat=Repeat(every=2, times=2))
    assert doses(overlapping, STRUCTURAL, 8).tolist() == [1, 1, 1, 1, 1, 1, 0, 0]


@pytest.mark.parametrize("audience", [{}, {"not_yet_using": True}])
def test_a_repeat_is_delivered_in_the_same_months_whomever_it_is_for(
    audience: dict[str, Any], catalogue: dict[str, Measure]
) -> None:
    again = {"start": 2, "repeat": {"every": 2, "times": 3}, "audience": audience}
    assert calendar(scenario(course=again), "course").tolist() == [0, 1, 0, 1, 0, 1]


# --- Starts --------------------------------------------------------------------------------


@pytest.mark.parametrize(("after", "month"), [(0, 4), (2, 6), (-2, 2), (-3, 1), (-9, 1)])
def test_a_start_can_be_counted_from_go_live_and_is_never_before_the_first_month(
    after: int, month: int
) -> None:
    one = Scenario().changed({"tool.go_live": 4})
    assert first_month(Deployment(after_go_live=after), one) == month - 1
    assert first_month(Deployment(start=2, after_go_live=after), one) == month - 1


def test_what_is_counted_from_go_live_moves_with_it(catalogue: dict[str, Measure]) -> None:
    one = scenario(course={"after_go_live": 1})
    assert calendar(one, "course").argmax() == 2
    assert calendar(one.changed({"tool.go_live": 4}), "course").argmax() == 4
    planned = one.changed({"programme.course": {"start": 3}})
    assert lives(planned) == lives(one)


def test_a_works_council_with_a_say_is_a_deployment_of_its_own() -> None:
    early = Scenario().changed({"organisation.works_council": "early"})
    late = Scenario().changed({"organisation.works_council": "late", "tool.go_live": 3})
    assert "works-council" not in deployments_of(Scenario())
    assert first_month(deployments_of(early)["works-council"], early) == 0
    assert first_month(deployments_of(late)["works-council"], late) >= 2


def test_too_many_rounds_are_refused_with_how_they_are_counted(
    catalogue: dict[str, Measure],
) -> None:
    again = {"repeat": {"every": 1, "times": 70}}
    assert compile_programme(scenario(guide=again)).onset.shape[0] == 1
    with pytest.raises(ScenarioError, match=r"programme: found 70 deployments, at most \d+"):
        compile_programme(scenario(course={**again, "audience": {"not_yet_using": True}}))


# --- Trainers ------------------------------------------------------------------------------
# A course takes half an hour of a trainer for each of 100 people: 50 hours.


def test_what_trainers_cannot_deliver_in_a_month_comes_later(catalogue: dict[str, Measure]) -> None:
    few = scenario({"capacity.trainer_hours": 20.0}, course={"start": 2})
    assert calendar(few, "course").tolist() == pytest.approx([0, 0.4, 0.4, 0.2, 0, 0])


def test_adaptive_rules_share_the_trainers_that_the_plan_leaves_free(
    catalogue: dict[str, Measure],
) -> None:
    rule = {"when": {"above": 0.0, "month": 2}, "then": {"measure": "course"}}
    one = scenario({"capacity.trainer_hours": 30.0}, course={"dose": 0.2}).changed(
        {"adaptive.first": rule, "adaptive.second": rule}
    )
    found = ledger.with_trainers(rounds(one), one, population.chart(one))
    most = {part.name: 50 * part.dose.max() for part in found}
    assert most["first"] > 0
    assert sum(most.values()) <= 30.0 * (1 + 1e-12)


def test_enough_trainers_leave_every_bit_as_it_was(catalogue: dict[str, Measure]) -> None:
    free = scenario(course={"start": 2, "months": 3}, guide={})
    assert lives(free, runs=3) == lives(free.changed({"capacity.trainer_hours": 1e6}), runs=3)


def test_fewer_trainers_never_give_more_users(catalogue: dict[str, Measure]) -> None:
    free = scenario({"simulation.months": 8}, course={"start": 2})
    adoption = [
        simulated(free.changed({"capacity.trainer_hours": hours}), runs=20)
        .rows[:, :, kpis.COLUMN["adoption"]]
        .mean(axis=0)
        for hours in (0.0, 5.0, 20.0, 60.0)
    ]
    for fewer, more in pairwise(adoption):
        assert (fewer <= more + 1e-12).all()
    assert adoption[0][-1] < adoption[-1][-1]


def test_who_is_appointed_is_trained_before_courses() -> None:
    one = sim.load("champions").changed({"capacity.trainer_hours": 30.0})
    plan = population.chart(one)
    every = ledger.with_trainers(rounds(one.changed({"programme.training": {}})), one, plan)
    dose = {each.name: each.dose for each in every}["training"]
    hours = {each.name: each.cost.trainer_hours_per_participant for each in every}
    first = 30.0 - hours["champions"] * 0.08 * one.organisation.employees
    assert hours["champions"] > 0.0
    assert dose[0] * hours["training"] * 140 == pytest.approx(max(0.0, first), abs=0.6)
    assert dose[1] * hours["training"] * 140 == pytest.approx(30.0)


def test_a_structural_round_for_those_not_yet_using_ends_where_the_next_begins() -> None:
    one = sim.load("baseline").changed(
        {
            "programme.co-creation": {
                "repeat": {"every": 3, "times": 4},
                "audience": {"not_yet_using": True},
            }
        }
    )
    found = [each for each in rounds(one) if each.name == "co-creation"]
    assert [each.start for each in found] == [0, 3, 6, 9]
    assert [int((each.dose > 0).sum()) for each in found] == [3, 3, 3, 3]
