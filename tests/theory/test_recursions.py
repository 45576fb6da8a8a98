"""Learning, habit, threat, expectation and memory at constant use: known curves and ends."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from sim.scenario import read_catalogue
from sim.scenario.schema import Scenario
from sim.world import Worlds

from . import reference
from .limits import let_use, measure, neutral, people_after, worlds_of

PARTS = [1, 4, 12]

MONTHLY_USE = 0.5


def at_constant_use(
    changes: Mapping[str, Any], parts: int, months: int, intensity: float = MONTHLY_USE
) -> tuple[Scenario, Worlds]:
    """Return a scenario in which everybody uses AI on a fixed share of days, and its people."""
    scenario = neutral(
        {
            "parameters.base_desire": intensity,
            "organisation.employees": 40,
            "simulation.substeps": parts,
            "simulation.months": months,
            **changes,
        }
    )
    worlds = worlds_of(scenario)
    let_use(worlds, np.s_[:])
    return scenario, worlds


# --- Known curves ---------------------------------------------------------------------------------


@pytest.mark.parametrize("parts", PARTS)
def test_skill_follows_the_learning_curve(parts: int) -> None:
    gain, loss = 0.25, 0.06
    scenario, worlds = at_constant_use(
        {"parameters.practice_gain": gain, "parameters.forgetting": loss}, parts, months=24
    )
    worlds.people["skill"] = worlds.people["initial_skill"] = 0.0
    skill = measure(scenario, worlds, "skill")[0]
    up, down = gain * MONTHLY_USE, loss * (1 - MONTHLY_USE)
    expected = [reference.between_two_rates(month, up, down) for month in range(25)]
    np.testing.assert_allclose(skill, expected, atol=1e-12)
    known = [0.512877, 0.699581, 0.792289]
    np.testing.assert_allclose(skill[[6, 12, 24]], known, atol=1e-6)
    assert up / (up + down) == pytest.approx(0.806452, abs=1e-6)


@pytest.mark.parametrize("parts", PARTS)
def test_skill_without_use_fades_to_what_one_could_before(parts: int) -> None:
    scenario, worlds = at_constant_use({"parameters.forgetting": 0.1}, parts, 12, intensity=0.0)
    worlds.people["initial_skill"], worlds.people["skill"] = 0.3, 0.8
    skill = measure(scenario, worlds, "skill")[0]
    np.testing.assert_allclose(skill, 0.3 + 0.5 * 0.9 ** np.arange(13), atol=1e-12)


@pytest.mark.parametrize("parts", PARTS)
def test_habit_settles_where_its_two_rates_balance(parts: int) -> None:
    scenario, worlds = at_constant_use(
        {"parameters.habit_gain": 0.3, "parameters.habit_loss": 0.12}, parts, months=24
    )
    up, down = 0.3 * MONTHLY_USE, 0.12 * (1 - MONTHLY_USE)
    expected = [reference.between_two_rates(month, up, down) for month in range(25)]
    np.testing.assert_allclose(measure(scenario, worlds, "habit")[0], expected, atol=1e-12)


def test_a_daily_habit_grows_on_the_curve_of_lally() -> None:
    time = 66 / math.log(20)  # 95 % after 66 repetitions
    assert time == pytest.approx(22.0313, abs=1e-4)
    assert reference.habit(30, 22.0313) == pytest.approx(0.743774, abs=1e-6)
    assert reference.habit(21, 22.0313) == pytest.approx(0.614490, abs=1e-6)
    daily = reference.steps_of(lambda habit: habit + (1 - habit) * -math.expm1(-1 / time), 0.0, 66)
    np.testing.assert_allclose(daily, [reference.habit(day, time) for day in range(67)], atol=1e-12)


@pytest.mark.parametrize("parts", [1, 4, 21])
def test_a_month_of_daily_use_forms_the_habit_of_its_working_days(parts: int) -> None:
    time, days = 66 / math.log(20), 21
    scenario, worlds = at_constant_use(
        {"parameters.habit_gain": reference.habit(days, time)}, parts, months=12, intensity=1.0
    )
    expected = [reference.habit(days * month, time) for month in range(13)]
    np.testing.assert_allclose(measure(scenario, worlds, "habit")[0], expected, atol=1e-12)


# --- What lasts of a measure ------------------------------------------------------------------------


def message_after(doses: Mapping[str, Mapping[str, Any]], months: int, lasting: float) -> float:
    """Return what messages push a person in the last month, before it saturates."""
    scenario = neutral(
        {
            "programme": dict(doses),
            "parameters.one_off_carry_over": lasting,
            "parameters.message_rate": 0.1,
            "organisation.employees": 2,
            "simulation.months": months,
        }
    )
    pull = float(people_after(scenario, worlds_of(scenario))["message_pull"][0, 0])
    return -math.log1p(-pull)


def test_pulses_of_a_measure_pile_up_and_fade_as_adstock() -> None:
    lasting = 0.7
    pulses = reference.adstock([1] * 6 + [0] * 6, lasting)
    assert pulses[5] == pytest.approx(2.94117, abs=1e-6)
    assert pulses[11] == pytest.approx(0.346026, abs=1e-6)
    assert reference.adstock([6] + [0] * 11, lasting)[-1] == pytest.approx(0.118640, abs=1e-6)
    assert math.log(2) / -math.log(lasting) == pytest.approx(1.94336, abs=1e-5)

    name = next(
        name
        for name, one in read_catalogue().items()
        if one.lasting == "one_off" and one.message is not None
    )
    unit = message_after({name: {"start": 3, "dose": 1.0}}, 3, lasting)
    assert unit > 0
    spread = {name: {"start": 1, "months": 6, "dose": 6.0}}
    for month in (1, 2, 6, 7, 9, 12):
        stock = message_after(spread, month, lasting) / unit
        assert stock == pytest.approx(pulses[month - 1], abs=1e-12)
    at_once = {name: {"start": 1, "months": 1, "dose": 6.0}}
    assert message_after(at_once, 12, lasting) / unit == pytest.approx(0.118640, abs=1e-6)


# --- Dividing money ---------------------------------------------------------------------------------


def test_the_best_split_of_a_budget_is_the_known_one() -> None:
    weight, rate = np.array([0.5, 0.3, 0.2]), np.array([0.08, 0.05, 0.10])
    amounts, value, marginal = reference.best_split(weight, rate, 100.0)
    np.testing.assert_allclose(amounts, [37.2200, 39.9354, 22.8445], atol=1e-4)
    assert value == pytest.approx(0.913445, abs=1e-6)
    assert marginal == pytest.approx(0.00203659, abs=1e-8)
    equal = float((weight * -np.expm1(-rate * 100.0 / 3.0)).sum())
    assert equal == pytest.approx(0.901461, abs=1e-6)


@pytest.mark.skip(reason="no command divides a budget by itself yet")
def test_an_optimiser_of_budgets_finds_the_best_split() -> None:
    """To be held against ``reference.best_split`` as soon as there is one."""


# --- Ends that do not depend on the step ---------------------------------------------------------------

RATES = {
    "parameters.practice_gain": 0.2,
    "parameters.forgetting": 0.08,
    "parameters.habit_gain": 0.25,
    "parameters.habit_loss": 0.1,
    "parameters.calming_rate": 0.3,
    "parameters.experience_rate": 0.5,
    "parameters.skill_calms_competence": 0.5,
    "parameters.skill_calms_others": 0.1,
    "parameters.experience_calms": 0.3,
    "parameters.expectation_spread": 0.1,
}


@pytest.mark.parametrize("parts", PARTS)
def test_the_number_of_parts_of_a_month_moves_no_equilibrium_at_constant_use(parts: int) -> None:
    scenario, worlds = at_constant_use(RATES, parts, months=600)
    now, p = people_after(scenario, worlds)[0], scenario.numbers
    u = MONTHLY_USE
    up, down = p.practice_gain * u, p.forgetting * (1 - u)
    skill = (up + down * now["initial_skill"]) / (up + down)
    habit = p.habit_gain * u / (p.habit_gain * u + p.habit_loss * (1 - u))
    worth = np.minimum(1, p.tool_quality * now["match"]) * (
        p.unskilled_usefulness + (1 - p.unskilled_usefulness) * skill
    )
    felt = {
        "competence": (1 - p.skill_calms_competence * skill) * (1 - p.experience_calms * habit),
        "status": 1 - p.skill_calms_others * skill,
        "control": (1 - p.skill_calms_others * skill) * (1 - p.experience_calms * habit),
        "ethics": 1.0,
    }
    np.testing.assert_allclose(now["intensity"], u, atol=0)
    np.testing.assert_allclose(now["skill"], skill, atol=1e-12)
    np.testing.assert_allclose(now["habit"], habit, atol=1e-12)
    np.testing.assert_allclose(now["expectation"], worth, atol=1e-12)
    for channel, left in felt.items():
        floor = now[f"floor_{channel}"]
        warranted = floor + (now[f"initial_{channel}"] - floor) * left
        np.testing.assert_allclose(now[f"threat_{channel}"], warranted, atol=1e-12)


@pytest.mark.parametrize("parts", PARTS)
def test_the_number_of_parts_of_a_month_moves_no_hearsay(parts: int) -> None:
    scenario = neutral(
        {
            "parameters.hearsay_rate": 0.4,
            "parameters.expectation_spread": 0.1,
            "organisation.employees": 40,
            "simulation.substeps": parts,
            "simulation.months": 24,
        }
    )
    worlds = worlds_of(scenario)
    let_use(worlds, np.s_[0, :10])
    before, now = worlds.people[0], people_after(scenario, worlds)[0]
    heard = before["expectation"][:10].mean()
    kept = (1 - 0.4 * 10 / 39) ** 24
    expected = heard + (before["expectation"][10:] - heard) * kept
    np.testing.assert_allclose(now["expectation"][10:], expected, atol=1e-12)
    np.testing.assert_allclose(now["expectation"][:10], before["expectation"][:10], atol=1e-12)


@pytest.mark.parametrize("parts", PARTS)
def test_threat_relaxes_to_what_is_warranted_at_its_monthly_rate(parts: int) -> None:
    scenario, worlds = at_constant_use({"parameters.calming_rate": 0.3}, parts, months=6)
    for channel in ("competence", "status", "control", "ethics"):
        worlds.people[f"threat_{channel}"] = 1.0
    before, now = worlds.people[0], people_after(scenario, worlds)[0]
    for channel in ("competence", "status", "control", "ethics"):
        initial = before[f"initial_{channel}"]
        expected = initial + (1.0 - initial) * 0.7**6
        np.testing.assert_allclose(now[f"threat_{channel}"], expected, atol=1e-12)
