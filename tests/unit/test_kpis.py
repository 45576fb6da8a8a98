"""What is measured: each KPI on people made by hand, and what a curve tells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim import kpis
from sim.kpis import KPIS, MEASURED, conclude, has_trough, month_reached, observe
from sim.parameters import Parameters
from sim.scenario import Scenario

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
        assert one.label
        assert len(one.formula) > 3


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
    assert nobody["adoption_with_access"] == 0.0


def test_a_never_user_had_six_months_and_never_ended_one_as_a_weekly_user(employee: Make) -> None:
    people = [
        employee(),
        employee(ever_used=1),
        employee(ever_used=1, ever_weekly=1),
        employee(access_month=4),
    ]
    assert measured(*people, month=5)["never_users"] == 0.0
    assert measured(*people, month=6)["never_users"] == 0.5
    assert measured(*people, month=6)["never_started"] == 0.25
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


# --- Money ---------------------------------------------------------------------------------


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
def test_every_kpi_is_a_finite_curve_and_a_share_where_it_says_so(
    name: str, small: Scenario
) -> None:
    curves = sim.run(small, runs=3, seed=1).curves("baseline", name)
    assert curves.shape == (3, 13)
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
