"""What is measured: each KPI on people made by hand, and what a curve tells."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim import kernel, kpis
from sim.kpis import KPIS, MEASURED, conclude, has_trough, month_reached, observe
from sim.parameters import Parameters
from sim.scenario.schema import Scenario
from sim.state import columns

Make = Callable[..., Any]

P = Parameters()._replace(weekly_use=0.2, daily_use=0.8)


def measured(*people: Any, month: int = 12, p: Parameters = P) -> dict[str, float]:
    """Return the KPIs of these people at the end of a month."""
    row = np.zeros(kpis.COUNT)
    for me in people:
        observe(me, month, p, row)
    conclude(row, len(people))
    return {one.name: float(value) for one, value in zip(MEASURED, row, strict=True)}


def test_every_kpi_says_what_it_is() -> None:
    assert len(KPIS) == len(kpis.MEASURED) + len(kpis.DERIVED)
    for one in KPIS.values():
        assert one.name.isidentifier()
        assert one.unit
        assert one.better in ("higher", "lower")


def test_adoption_is_weekly_use_of_all_employees(employee: Make) -> None:
    found = measured(
        employee(uses=1, intensity=0.2),
        employee(uses=1, intensity=0.19),
        employee(uses=1, intensity=0.8),
        employee(uses=0, intensity=0.0),
    )
    assert found["adoption"] == 0.5
    assert found["using"] == 0.75
    assert found["daily_use"] == 0.25
    assert found["intensity"] == pytest.approx((0.2 + 0.19 + 0.8) / 4)


def test_those_without_access_count_in_one_denominator_only(employee: Make) -> None:
    found = measured(
        employee(uses=1, intensity=0.5),
        employee(access_month=3),
        employee(access_month=13),
        employee(access_month=20),
        month=12,
    )
    assert found["adoption"] == 0.25
    assert found["adoption_with_access"] == 0.5
    nobody = measured(employee(access_month=2), month=1)
    assert math.isnan(nobody["adoption_with_access"])


def test_whoever_ever_used_it_has_tried_whether_or_not_it_was_weekly(employee: Make) -> None:
    found = measured(
        employee(uses=1, ever_used=1, intensity=0.05),
        employee(ever_used=1),
        employee(ever_used=1, ever_weekly=1),
        employee(),
    )
    assert found["tried"] == 0.75
    assert (found["using"], found["adoption"]) == (0.25, 0.0)


def test_the_appointed_are_champions_and_leaders_who_commit_each_once(employee: Make) -> None:
    found = measured(
        employee(champion=1),
        employee(committed=1),
        employee(champion=1, committed=1),
        employee(uses=1, intensity=0.9),
    )
    assert found["appointed"] == 0.75


def test_adoption_of_the_others_leaves_the_appointed_out_above_and_below(employee: Make) -> None:
    weekly = {"uses": 1, "intensity": 0.5}
    people = [
        employee(champion=1, **weekly), employee(committed=1, **weekly), employee(committed=1),
        employee(**weekly), employee(uses=1, intensity=0.1), employee(),
    ]  # fmt: skip
    found = measured(*people)
    assert found["adoption"] == 0.5
    assert found["adoption_unappointed"] == pytest.approx(1 / 3)
    assert measured(*people[3:])["adoption_unappointed"] == measured(*people[3:])["adoption"]
    assert math.isnan(measured(*people[:3])["adoption_unappointed"])


def test_kpis_of_the_appointed_follow_from_the_people_of_a_run(small: Scenario) -> None:
    one = small.changed({"programme.champions": {}, "programme.leadership-example": {}})
    result, model = sim.run(one, runs=1), sim.AdoptionModel(one)
    for _ in range(one.simulation.months):
        model.step()
    others = [me for me in model.staff if not me.champion and not me.committed]
    weekly = [me for me in others if kpis.is_weekly_user(me, model.p)]
    last = {name: result.curves(one.name, name)[0, -1] for name in (
        "appointed", "adoption_unappointed", "tried", "adoption",
    )}  # fmt: skip
    assert 0 < len(weekly) < len(others) < 60
    assert last["appointed"] == pytest.approx(1 - len(others) / 60)
    assert last["adoption_unappointed"] == pytest.approx(len(weekly) / len(others))
    assert last["tried"] == pytest.approx(sum(me.ever_used for me in model.staff) / 60)
    assert last["tried"] >= last["adoption"]


def test_a_never_user_had_six_months_and_never_ended_one_as_a_weekly_user(employee: Make) -> None:
    people = [
        employee(),
        employee(ever_used=1),
        employee(ever_used=1, ever_weekly=1),
        employee(access_month=4),
    ]
    early = measured(*people, month=5)
    assert early["long_access"] == 0.0
    assert math.isnan(early["never_users"]) and math.isnan(early["never_started"])
    half_a_year = measured(*people, month=6)  # of three of the four
    assert half_a_year["long_access"] == 0.75
    assert half_a_year["never_users"] == pytest.approx(2 / 3)
    assert half_a_year["never_started"] == pytest.approx(1 / 3)
    assert measured(*people, month=9)["never_users"] == 0.75


def test_a_weekly_user_is_remembered(employee: Make) -> None:
    me = employee(uses=1, intensity=0.5, ever_used=1)
    assert measured(me)["never_users"] == 0.0
    me.uses, me.intensity = 0, 0.0
    after = measured(me)
    assert (after["adoption"], after["never_users"]) == (0.0, 0.0)


def test_acceptance_is_conviction_above_even(employee: Make) -> None:
    found = measured(*(employee(conviction=one) for one in (-1.0, 0.0, 0.1, 2.0)))
    assert found["acceptance"] == 0.5


def test_means_are_means_over_all_people(employee: Make) -> None:
    one = employee(skill=0.2, habit=0.0, expectation=0.5, threat_status=1.0)
    two = employee(skill=0.6, habit=1.0, expectation=0.7, threat_status=0.0)
    found = measured(one, two)
    for name, mean in (
        ("skill", 0.4),
        ("habit", 0.5),
        ("expectation", 0.6),
        ("threat_status", 0.5),
    ):
        assert found[name] == pytest.approx(mean)
    assert 0.0 < found["felt_threat"] < 1.0


def test_hours_saved_need_use_skill_and_suitable_work(employee: Make) -> None:
    me = employee(uses=1, intensity=0.5, skill=0.8, savable_hours=10.0, hourly_cost=50.0)
    found = measured(me, employee(savable_hours=10.0, skill=1.0))
    assert found["hours_saved"] == pytest.approx(2.0)
    assert found["value"] == pytest.approx(100.0)


def test_somebody_who_stopped_has_used_and_does_not_now(employee: Make) -> None:
    found = measured(
        employee(),
        employee(ever_used=1),
        employee(ever_used=1, uses=1),
        employee(ever_used=1, uses=1, intensity=0.9),
    )
    assert found["stopped"] == 0.25


def test_breadth_grows_with_skill_to_all_use_cases_and_is_a_mean_of_weekly_users(
    employee: Make,
) -> None:
    weekly = {"uses": 1, "intensity": 0.5, "use_cases": 5}
    found = measured(
        employee(skill=0.0, **weekly),
        employee(skill=0.5, **weekly),
        employee(skill=1.0, uses=1, intensity=0.1, use_cases=5),
        employee(skill=1.0, use_cases=5),
    )
    assert found["breadth"] == pytest.approx((1.0 + 3.0) / 2)
    assert math.isnan(measured(employee(use_cases=5))["breadth"])


def test_half_a_course_is_training_and_a_certificate_takes_all_of_it_and_skill(
    employee: Make,
) -> None:
    p = P._replace(certified_skill=0.6)
    found = measured(
        employee(courses=0.4, skill=0.9),
        employee(courses=0.5, skill=0.9),
        employee(courses=1.0, skill=0.59),
        employee(courses=1.0, skill=0.6),
        p=p,
    )
    assert found["trained"] == 0.75
    assert found["certified"] == 0.25


def test_those_who_use_much_and_can_little_ask_for_support(employee: Make) -> None:
    found = measured(
        employee(uses=1, intensity=0.5, skill=0.2),
        employee(uses=1, intensity=0.5, skill=1.0),
        employee(skill=0.0),
        p=P._replace(support_rate=3.0),
    )
    assert found["support_asked"] == pytest.approx(3.0 * 0.5 * 0.8 / 3)


def test_trust_is_what_control_and_ethics_leave(employee: Make) -> None:
    found = measured(
        employee(threat_control=0.2, threat_ethics=0.4, threat_status=1.0, threat_competence=1.0),
        employee(threat_control=1.0, threat_ethics=1.0),
    )
    assert found["trust"] == pytest.approx(0.7 / 2)


def test_a_user_is_satisfied_by_what_was_expected_and_twice_that_counts_at_most(
    employee: Make,
) -> None:
    p = P._replace(unskilled_usefulness=0.5)
    found = measured(
        employee(uses=1, skill=0.5, worth=0.8, expectation=0.6),  # realised .6
        employee(uses=1, skill=0.0, worth=0.8, expectation=0.5),  # .4
        employee(uses=1, skill=1.0, worth=1.0, expectation=0.1),  # ten times
        employee(worth=1.0, expectation=0.1),
        p=p,
    )
    assert found["satisfaction"] == pytest.approx((1.0 + 0.8 + 2.0) / 3)
    assert math.isnan(measured(employee(worth=1.0))["satisfaction"])


def test_those_recommend_it_who_use_it_are_satisfied_and_accept_it(employee: Make) -> None:
    content = {"skill": 1.0, "worth": 0.9, "expectation": 1.0, "conviction": 0.1}
    people = [
        employee(uses=1, **content),
        employee(uses=0, **content),
        employee(uses=1, **{**content, "worth": 0.8}),
        employee(uses=1, **{**content, "conviction": 0.0}),
    ]
    assert measured(*people, p=P._replace(satisfied=0.9))["would_recommend"] == 0.25


def test_use_cases_are_found_by_skill_and_suggestions_made_by_use(employee: Make) -> None:
    p = P._replace(discovery_rate=0.1, suggestion_rate=0.4)
    found = measured(
        employee(uses=1, intensity=0.5, skill=0.5, discovery=2.0), employee(skill=1.0), p=p
    )
    assert found["new_use_cases"] == pytest.approx(0.1 * 0.25 * 2.0 / 2)
    assert found["suggestions"] == pytest.approx(0.4 * 0.5 * 2.0 / 2)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data(), size=st.integers(1, 4), month=st.integers(0, 24))
def test_whatever_people_are_like_every_figure_keeps_its_bounds(
    data: st.DataObject, size: int, month: int
) -> None:
    people = []
    for _ in range(size):
        me = SimpleNamespace(**dict.fromkeys(columns(), 0))
        for name in (
            "expectation", "skill", "habit", "worth", "threat_competence", "threat_status",
            "threat_control", "threat_ethics",
        ):  # fmt: skip
            setattr(me, name, data.draw(st.floats(0.0, 1.0)))
        me.uses, me.ever_used = data.draw(st.sampled_from([(0, 0), (0, 1), (1, 1)]))
        me.intensity = data.draw(st.floats(0.0, 1.0)) if me.uses else 0.0
        me.courses = data.draw(st.floats(0.0, 3.0))
        me.conviction = data.draw(st.floats(-9.0, 9.0))
        me.use_cases = data.draw(st.integers(1, 9))
        me.access_month = data.draw(st.integers(1, 24)) if me.uses == 0 else 0
        people.append(me)
    found = measured(*people, month=month)
    unknown = {name for name, value in found.items() if math.isnan(value)}
    assert unknown <= kpis.OF_SOME
    for one in MEASURED[: kpis.PERSONAL]:
        if one.name in unknown:
            continue
        assert found[one.name] >= 0.0, one.name
        if one.unit in ("share", "1"):
            assert found[one.name] <= 1.0 + 1e-12, one.name
    assert found["daily_use"] <= found["adoption"] <= found["using"]
    assert found["certified"] <= found["trained"]
    assert ("never_users" in unknown) == (found["long_access"] == 0.0)
    assert "never_users" in unknown or found["never_started"] <= found["never_users"]
    assert found["would_recommend"] <= min(found["using"], found["acceptance"])
    assert found["using"] + found["stopped"] <= 1.0 + 1e-12
    assert ("satisfaction" in unknown) == (found["using"] == 0.0)
    assert ("breadth" in unknown) == (found["adoption"] == 0.0)
    assert "satisfaction" in unknown or found["satisfaction"] <= 2.0
    assert "breadth" in unknown or found["breadth"] <= 9.0


# --- How far the organisation is -----------------------------------------------------------

STEPS = Parameters()._replace(
    department_in_use=0.2, step2_adoption=0.2, step2_department=0.5, step3_adoption=0.5,
    step3_department=0.4, step3_leaders=0.5, step4_adoption=0.7, step4_habit=0.5, step4_cases=3.0,
    step5_adoption=0.9, step5_habit=0.8, step5_department=0.8, step5_months=6,
)  # fmt: skip


def concluded(
    adoption: float,
    departments: tuple[float, ...],
    leaders: float = 1.0,
    habit: float = 1.0,
    use_cases: float = 3.0,
    months: int = 1,
    found: float = 0.0,
) -> dict[str, float]:
    """Return the KPIs of an organisation of a hundred that ended some months just like this.

    ``departments`` are their adoption, ``found`` the use cases found by each in a month.
    """
    progress = kernel.first_progress(1 + len(departments))
    for _ in range(months):
        row = np.zeros(kpis.COUNT)
        row[kpis.COLUMN["adoption"]], row[kpis.COLUMN["habit"]] = adoption, habit
        row[kpis.COLUMN["new_use_cases"]] = found
        progress.people[1:-1], progress.weekly[1:-1] = 10.0, np.array(departments) * 10.0
        progress.people[-1], progress.weekly[-1] = 8.0, 8.0 * leaders
        kpis.conclude_organisation(row, progress, use_cases, 100.0, STEPS)
    return {one.name: float(value) for one, value in zip(MEASURED, row, strict=True)}


def step(adoption: float, departments: tuple[float, ...], **others: Any) -> float:
    """Return the maturity step of an organisation; see :func:`concluded`."""
    return concluded(adoption, departments, **others)["maturity"]


def test_departments_in_use_are_counted_and_the_top_is_none() -> None:
    assert concluded(0.1, (0.2, 0.1, 0.0, 0.9))["departments_using"] == 0.5
    progress, row = kernel.first_progress(4), np.zeros(kpis.COUNT)
    progress.people[:] = 2.0, 4.0, 4.0, 0.0, 2.0  # the top, three departments, all leaders
    progress.weekly[:] = 2.0, 0.0, 4.0, 0.0, 2.0
    kpis.conclude_organisation(row, progress, 1.0, 10.0, STEPS)
    assert row[kpis.COLUMN["departments_using"]] == 0.5
    assert not progress.people.any()
    assert not progress.weekly.any()


@pytest.mark.parametrize(
    ("reached", "given"),
    [
        (1, {"adoption": 0.19, "departments": (0.9, 0.0, 0.0)}),
        (1, {"adoption": 0.2, "departments": (0.4, 0.4, 0.4)}),
        (2, {"adoption": 0.2, "departments": (0.5, 0.0, 0.0)}),
        (2, {"adoption": 0.49, "departments": (0.5, 0.5, 0.5)}),
        (2, {"adoption": 0.5, "departments": (0.9, 0.3, 0.3)}),
        (2, {"adoption": 0.5, "departments": (0.5, 0.5, 0.3), "leaders": 0.375}),
        (2, {"adoption": 0.5, "departments": (0.9, 0.5, 0.3, 0.3)}),  # half of them, not two thirds
        (2, {"adoption": 0.5, "departments": (0.9, 0.9, 0.9, 0.3, 0.3)}),
        (3, {"adoption": 0.5, "departments": (0.5, 0.4, 0.3), "leaders": 0.5}),
        (3, {"adoption": 0.69, "departments": (0.7, 0.7, 0.7)}),
        (3, {"adoption": 0.7, "departments": (0.7, 0.7, 0.7), "habit": 0.49}),
        (3, {"adoption": 0.7, "departments": (0.7, 0.7, 0.7), "use_cases": 2.0}),
        (4, {"adoption": 0.7, "departments": (0.7, 0.7, 0.7), "habit": 0.5}),
        (4, {"adoption": 0.7, "departments": (0.7, 0.7, 0.7), "use_cases": 2.0, "found": 0.01}),
        (4, {"adoption": 0.89, "departments": (0.9, 0.9, 0.8), "months": 9}),
        (4, {"adoption": 0.9, "departments": (0.9, 0.9, 0.7), "months": 9}),
        (4, {"adoption": 0.9, "departments": (0.9, 0.9, 0.8), "months": 9, "habit": 0.79}),
        (4, {"adoption": 0.9, "departments": (0.9, 0.9, 0.8), "months": 5}),
        (5, {"adoption": 0.9, "departments": (0.9, 0.9, 0.8), "months": 6, "habit": 0.8}),
    ],
)  # fmt: skip
def test_a_step_is_reached_when_all_it_asks_holds(reached: int, given: dict[str, Any]) -> None:
    assert step(**given) == reached


def test_a_bad_month_starts_the_six_anew() -> None:
    progress = kernel.first_progress(2)
    steps = []
    for adoption in [0.95] * 5 + [0.85] + [0.95] * 6:
        row = np.zeros(kpis.COUNT)
        row[kpis.COLUMN["adoption"]], row[kpis.COLUMN["habit"]] = adoption, 0.9
        progress.people[1], progress.weekly[1] = 20.0, 20.0 * adoption
        kpis.conclude_organisation(row, progress, 3.0, 20.0, STEPS)
        steps.append(row[kpis.COLUMN["maturity"]])
    assert steps == [4.0] * 11 + [5.0]


def test_an_organisation_without_leaders_is_not_kept_back_by_them() -> None:
    progress = kernel.first_progress(2)
    progress.people[1], progress.weekly[1] = 10.0, 6.0
    row = np.zeros(kpis.COUNT)
    row[kpis.COLUMN["adoption"]] = 0.6
    kpis.conclude_organisation(row, progress, 1.0, 10.0, STEPS)
    assert row[kpis.COLUMN["maturity"]] == 3.0


# --- Money ---------------------------------------------------------------------------------


def test_return_on_investment_is_what_comes_back_beyond_what_was_spent(small: Scenario) -> None:
    result = sim.run(small, runs=2, seed=1)
    earned = np.cumsum(result.curves("baseline", "benefit"), axis=1)
    spent = np.cumsum(result.curves("baseline", "cost"), axis=1)
    assert result.curves("baseline", "roi")[:, 1:] == pytest.approx(
        earned[:, 1:] / spent[:, 1:] - 1.0
    )


def test_gains_in_quality_are_what_use_cases_state_times_skilled_use(small: Scenario) -> None:
    cases = {
        "offers": {"share": 0.1, "saving": 0.2, "quality_gain": 0.2, "customer_gain": 0.1},
        "reports": {"share": 0.1, "saving": 0.2, "quality_gain": 0.1},
    }
    result = sim.run(small.changed({"tool.use_cases": cases}), runs=2, seed=1)
    skilled = result.curves("baseline", "skilled_use")
    assert skilled[:, -1].min() > 0.0
    assert result.curves("baseline", "quality_gain") == pytest.approx(0.3 * skilled)
    assert result.curves("baseline", "customer_gain") == pytest.approx(0.1 * skilled)
    none = sim.run(small, runs=2, seed=1)
    assert not none.curves("baseline", "quality_gain").any()


def test_money_adds_up(small: Scenario) -> None:
    one = small.changed({"tool.capture_rate": 0.4})
    result = sim.run(one, runs=3, seed=1)
    benefit, cost = result.curves("baseline", "benefit"), result.curves("baseline", "cost")
    assert benefit == pytest.approx(result.curves("baseline", "value") * 60 * 0.4)
    assert result.curves("baseline", "cumulative_net") == pytest.approx(
        np.cumsum(benefit - cost, axis=1)
    )
    assert (cost[:, 0] == 0).all()


@pytest.mark.parametrize("name", sorted(KPIS))
def test_every_kpi_is_a_curve_and_a_share_where_it_says_so(name: str, small: Scenario) -> None:
    curves = sim.run(small, runs=3, seed=1).curves("baseline", name)
    assert curves.shape == (3, 13)
    if name in kpis.OF_SOME:  # before anybody has access nothing is known, but for people
        assert (np.isnan(curves[:, 0]) != (name == "adoption_unappointed")).all()
        curves = curves[:, kpis.REFUSAL_MONTHS :]
    assert np.isfinite(curves).all()
    if KPIS[name].unit in ("share", "1"):
        assert ((curves >= 0) & (curves <= 1)).all()


# --- Curves --------------------------------------------------------------------------------

CURVES = np.array(
    [
        [0.0, 0.2, 0.5, 0.4, 0.6],
        [0.0, 0.1, 0.2, 0.3, 0.4],
        [0.6, 0.6, 0.6, 0.6, 0.6],
    ]
)


def test_the_month_a_level_is_reached_is_the_first_one() -> None:
    assert month_reached(CURVES, 0.5).tolist() == [2.0, np.inf, 0.0]


def test_runs_that_never_reach_a_level_count_as_the_end() -> None:
    assert kpis.restricted_mean_time(CURVES, 0.5) == pytest.approx((2 + 4 + 0) / 3)
    assert kpis.restricted_mean_time(CURVES, 2.0) == 4.0


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    curve=st.lists(st.floats(0.0, 1.0), min_size=3, max_size=25),
    level=st.floats(0.0, 1.0),
    more=st.floats(0.0, 1.0),
)
def test_a_higher_level_is_never_reached_earlier(
    curve: list[float], level: float, more: float
) -> None:
    curves = np.array([curve])
    assert month_reached(curves, level + more)[0] >= month_reached(curves, level)[0]
    assert 0 <= kpis.restricted_mean_time(curves, level) <= len(curve) - 1


def hill(fall: float) -> list[float]:
    """Return an intensity that rises to 1 in month 3 and falls to 1 - fall in month 6."""
    return [0.0, 0.5, 0.8, 1.0, 0.97, 0.95, 1.0 - fall, 0.95, 0.98, 1.0, 1.0, 1.0]


def test_a_trough_is_a_fall_of_a_tenth_after_the_novelty() -> None:
    curves = np.array([hill(0.02), hill(0.09), hill(0.11), hill(0.5)])
    assert has_trough(curves).tolist() == [False, False, True, True]
    assert has_trough(curves, depth=0.4).tolist() == [False, False, False, True]


def test_a_curve_that_only_rises_has_no_trough() -> None:
    assert not has_trough(np.linspace(0.0, 1.0, 25)[None, :])[0]
    assert not has_trough(np.zeros((1, 25)))[0]


def test_the_clock_of_a_trough_starts_with_access() -> None:
    late = np.array([[0.0] * 5 + hill(0.3)])
    assert has_trough(late, go_live=6)[0]
    assert not has_trough(late, go_live=1)[0]


def test_a_fall_after_month_nine_is_no_trough() -> None:
    curve = np.ones((1, 25))
    curve[0, 10:] = 0.1
    assert not has_trough(curve)[0]
    curve[0, 9] = 0.1
    assert has_trough(curve)[0]


def test_a_period_too_short_to_sag_has_no_trough() -> None:
    assert not kpis.has_trough(np.ones((3, 4))).any()
    assert not kpis.has_trough(np.ones((3, 25)), go_live=24).any()
