"""A launch counts from the month in which somebody can use the tool, or from its own."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from by_hand import lives, measure, put_catalogue, scenario, spent

from sim.mesa_model import AdoptionModel
from sim.people import population
from sim.programme import compiling, effects
from sim.scenario.measure import Measure
from sim.scenario.schema import Scenario

Make = Callable[..., Any]

OWN = {"rules.launch": "access"}
FADES = math.exp(-1.0 / 2.0)
MONTHS = 12


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch) -> dict[str, Measure]:
    """Put a catalogue made by hand in the place of the shipped one, and return it."""
    entries = put_catalogue(monkeypatch)
    entries.update(launches())
    return entries


def launches() -> dict[str, Measure]:
    """Return measures that launch, and a pilot."""
    return {
        "launch": measure(pushes={"launch": 1.0}, cost={"fixed": 100}),
        "always": measure("structural", pushes={"launch": 0.5}),
        "arrive": measure("structural", on_arrival=True, pushes={"launch": 0.7}),
        "pilot": measure("structural", pushes={"access": 1.0}),
        "leaders": measure("structural", appoints="leaders", share=0.5, pushes={"launch": 0.8}),
    }


def planned(changes: dict[str, Any] | None = None, **given: dict[str, Any]) -> Scenario:
    """Return a year of the organisation made by hand, whose launches fade in two months."""
    return scenario(
        {
            "simulation.months": MONTHS,
            "parameters.launch_novelty_time": 2.0,
            **OWN,
            **(changes or {}),
        },
        **given,
    )


def fresh(one: Scenario, me: Any, mask: int = 1) -> list[float]:
    """Return how many launches are fresh to somebody by month, with the own access."""
    plan = compiling.compile_programme(one)
    return [
        effects.launch_from_access(plan, plan.onset, mask, me, now)
        for now in range(me.arrival, MONTHS)
    ]


def fading(first: int, months: int = MONTHS, amount: float = 1.0) -> list[float]:
    """Return a launch that is fresh in a month, from 0, and fades."""
    return [amount * FADES ** (now - first) if now >= first else 0.0 for now in range(months)]


# --- Neutral, and where it makes no difference ---------------------------------------------------


@pytest.mark.parametrize("turnover", [0.0, 0.5])
def test_where_all_have_access_when_it_comes_both_ways_are_the_same_to_the_last_bit(
    turnover: float, catalogue: dict[str, Measure]
) -> None:
    changes = {
        "tool.go_live": 1, "organisation.turnover": turnover, "parameters.launch_novelty": 2.0,
        "parameters.consider_launch": 1.0, "parameters.considers_before": 0.1,
    }  # fmt: skip
    given = {
        "launch": {}, "always": {"start": 3, "months": 4}, "arrive": {"start": 2}, "leaders": {},
        "again": {"measure": "launch", "start": 5, "repeat": {"every": 3, "times": 2}},
        "some": {"measure": "launch", "audience": {"not_yet_using": True}, "start": 4},
    }  # fmt: skip
    one = planned(changes, **given)
    assert lives(one, 3) == lives(one.changed({"rules.launch": "calendar"}), 3)


def test_without_a_launch_the_rule_changes_nothing(catalogue: dict[str, Measure]) -> None:
    changes = {"tool.go_live": 4, "tool.phases": [{"month": 2, "share": 0.5}]}
    one = planned(changes, course={}, guide={"start": 2})
    other = one.changed({"rules.launch": "calendar"})
    assert lives(one, 2) == lives(other, 2)
    assert compiling.compile_programme(one).launches.size == 0


def test_by_the_calendar_no_round_counts_from_access(catalogue: dict[str, Measure]) -> None:
    both = planned(launch={}, guide={}, always={})
    assert compiling.compile_programme(both).launches.tolist() == [0, 2]
    old = both.changed({"rules.launch": "calendar"})
    assert compiling.compile_programme(old).launches.tolist() == []


def test_when_a_launch_counts_changes_no_cost(catalogue: dict[str, Measure]) -> None:
    one = planned({"tool.go_live": 5}, launch={})
    assert np.array_equal(spent(one), spent(one.changed({"rules.launch": "calendar"})))


# --- Waves and go-live --------------------------------------------------------------------------


@pytest.mark.parametrize("access", [1, 2, 5, 12])
def test_a_launch_before_access_begins_with_it(
    access: int, catalogue: dict[str, Measure], employee: Make
) -> None:
    found = fresh(planned(launch={}), employee(access_month=access))
    assert found == pytest.approx(fading(access - 1))


def test_a_launch_after_access_begins_in_its_own_month(
    catalogue: dict[str, Measure], employee: Make
) -> None:
    found = fresh(planned(launch={"start": 6}), employee(access_month=2))
    assert found == pytest.approx(fading(5))
    late = fresh(planned(launch={"start": 6}), employee(access_month=9))
    assert late == pytest.approx(fading(8))


def test_each_wave_of_a_roll_out_has_the_launch_when_it_comes(
    catalogue: dict[str, Measure],
) -> None:
    changes = {
        "tool.go_live": 7,
        "tool.phases": [{"month": 1, "share": 0.3}, {"month": 4, "share": 0.5}],
    }
    for way in ("access", "calendar"):
        model = AdoptionModel(planned({**changes, "rules.launch": way}, launch={}), rng=1)
        seen: dict[int, list[float]] = {1: [], 4: [], 7: []}
        for month in range(1, MONTHS + 1):
            model.step()
            for wave, amounts in seen.items():
                (amount,) = {me.launch for me in model.staff if me.access_month == wave}
                amounts.append(amount)
            assert all(me.access == (month >= me.access_month) for me in model.staff)
        for wave, amounts in seen.items():
            begins = wave - 1 if way == "access" else 0
            assert amounts == pytest.approx(fading(begins)), (way, wave)


def test_somebody_without_access_to_the_end_has_no_launch(
    catalogue: dict[str, Measure], employee: Make
) -> None:
    assert fresh(planned(launch={}), employee(access_month=99)) == [0.0] * MONTHS


def test_a_launch_for_others_is_none(catalogue: dict[str, Measure], employee: Make) -> None:
    one = planned(launch={}, later={"measure": "launch", "start": 4})
    me = employee(access_month=2)
    assert fresh(one, me, mask=0) == [0.0] * MONTHS
    alone, both = fresh(one, me, mask=0b01), fresh(one, me, mask=0b11)  # by name
    assert alone == pytest.approx(fading(3))
    assert both == pytest.approx(np.add(fading(1), fading(3)))


# --- Pilots -------------------------------------------------------------------------------------


def test_a_pilot_has_the_launch_when_the_pilot_begins(catalogue: dict[str, Measure]) -> None:
    pilot = {"start": 3, "months": 2, "audience": {"departments": ["desk"], "share": 0.4}}
    model = AdoptionModel(planned({"tool.go_live": 8}, launch={}, pilot=pilot), rng=1)
    found: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(MONTHS):
        model.step()
        if model.month == 3:
            pilots = {me.row for me in model.staff if me.access_month == 3}
            assert 0 < len(pilots) < 60
        for member, amounts in found.items():
            if model.month >= 3:
                (amount,) = {me.launch for me in model.staff if (me.row in pilots) == member}
                amounts.append(amount)
    assert found[True] == pytest.approx(fading(2)[2:])
    assert found[False] == pytest.approx(fading(7)[2:])


# --- Newcomers ----------------------------------------------------------------------------------


def test_a_newcomer_to_a_tool_that_is_there_missed_the_launch(
    catalogue: dict[str, Measure], employee: Make
) -> None:
    one = planned(launch={"start": 2})
    assert fresh(one, employee(arrival=4, access_month=5)) == pytest.approx([0.0] * 8, abs=1e-12)
    same_month = fresh(one, employee(arrival=1, access_month=2))
    assert same_month == pytest.approx(fading(1)[1:])
    again = planned(launch={"repeat": {"every": 6, "times": 2}})
    assert fresh(again, employee(arrival=4, access_month=5)) == pytest.approx(fading(6)[4:])


def test_a_newcomer_who_waits_for_access_has_the_launch_with_everybody(
    catalogue: dict[str, Measure], employee: Make
) -> None:
    one = planned(launch={})
    waits = fresh(one, employee(arrival=3, access_month=7))
    assert waits == pytest.approx(fresh(one, employee(access_month=7))[3:])
    assert max(waits) == 1.0


def test_a_launch_that_goes_on_reaches_newcomers_too(
    catalogue: dict[str, Measure], employee: Make
) -> None:
    one = planned(always={"start": 2, "months": 6})
    inside = fresh(one, employee(arrival=4, access_month=5))
    assert inside == pytest.approx([0.5] * 3 + fresh(one, employee())[7:])
    after = fresh(one, employee(arrival=9, access_month=10))
    assert after == [0.0] * 3


def test_a_launch_for_newcomers_is_for_newcomers(
    catalogue: dict[str, Measure], employee: Make
) -> None:
    one = planned(arrive={"start": 2, "months": 5})
    assert fresh(one, employee()) == [0.0] * MONTHS
    came = fresh(one, employee(arrival=3, access_month=4))
    assert came[:3] == pytest.approx([0.7] * 3)
    waits = fresh(one, employee(arrival=3, access_month=6))
    assert waits == pytest.approx([0.0, 0.0, *came[: MONTHS - 5]])
    assert fresh(one, employee(arrival=8, access_month=9)) == [0.0] * 4


# --- Adaptive rules and leaders -----------------------------------------------------------------


def test_a_launch_that_a_rule_starts_counts_from_the_rule_or_the_access(
    catalogue: dict[str, Measure], employee: Make
) -> None:
    rule = {"when": {"kpi": "adoption", "below": 1.0, "month": 2}, "then": {"measure": "launch"}}
    plan = compiling.compile_programme(planned({"adaptive.more": rule}))
    assert (plan.onset == effects.NEVER).all() and plan.launches.tolist() == [0]
    onset = plan.onset.copy()
    for access in (1, 8):
        me = employee(department=1, access_month=access)
        for now in range(MONTHS):
            assert effects.launch_from_access(plan, plan.onset, 1, me, now) == 0.0
        onset[0, 1] = 4  # in one department alone
        found = [effects.launch_from_access(plan, onset, 1, me, now) for now in range(MONTHS)]
        assert found == pytest.approx(fading(max(4, access - 1)))
        elsewhere = employee(department=2, access_month=access)
        assert effects.launch_from_access(plan, onset, 1, elsewhere, 9) == 0.0


def test_a_launch_by_leaders_reaches_those_they_lead_as_far_as_they_commit(
    catalogue: dict[str, Measure], employee: Make
) -> None:
    one = planned(leaders={})
    for led in (0.0, 0.3, 1.0):
        for mask in (0, 1):  # who leads is no matter of whom it is for
            found = fresh(one, employee(led=led, access_month=4), mask=mask)
            assert found == pytest.approx([0.0] * 3 + [0.8 * led] * 9)


def test_what_the_agents_have_is_what_the_rule_says(catalogue: dict[str, Measure]) -> None:
    changes = {
        "tool.go_live": 5, "tool.phases": [{"month": 2, "departments": ["shop"], "share": 0.5}],
        "organisation.turnover": 0.6,
    }  # fmt: skip
    one = planned(changes, launch={"start": 2}, leaders={}, pilot={"audience": {"share": 0.1}})
    model = AdoptionModel(one, rng=3)
    plan = compiling.compile_programme(one, population.chart(one))
    for _ in range(MONTHS):
        model.step()
        for me in model.staff:
            mask = int(model.run_state.reached_by[me.row])
            now = model.month - 1
            assert me.launch == effects.launch_from_access(plan, plan.onset, mask, me, now)
    assert any(me.arrival > 0 for me in model.staff)
