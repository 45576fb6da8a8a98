"""What starts when something shows, for whom it then is, and what newcomers have not heard."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from by_hand import lives, put_catalogue, scenario, simulated, spent
from contract.test_engines_equal import first_difference
from hypothesis import settings

from sim import kpis
from sim.engine.kinds import Array
from sim.programme.effects import VISIBLE
from sim.programme.ledger import ledger
from sim.scenario.measure import Measure
from sim.scenario.schema import Budget, Scenario

RUNS = 12
ALWAYS = {"kpi": "expectation", "above": 0.0}
EARLY = {"tool.go_live": 1, "simulation.months": 8}

promise = settings(max_examples=60, deadline=None, derandomize=True)


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch) -> dict[str, Measure]:
    """Put a catalogue made by hand in the place of the shipped one, and return it."""
    return put_catalogue(monkeypatch)


def reacting(when: dict[str, Any], then: dict[str, Any] | None = None, **more: Any) -> Scenario:
    """Return a scenario with one adaptive rule, which gives a course unless said otherwise."""
    rule = {"when": when, "then": then or {"measure": "course"}, **more}
    return scenario(EARLY).changed({"adaptive.help": rule})


def fired(one: Scenario, runs: int = RUNS) -> list[int]:
    """Return the month in which a rule that gives a course acted in each run, 0 for never."""
    paid = spent(one, runs) > 0
    return np.where(paid.any(axis=1), paid.argmax(axis=1) + 1, 0).tolist()  # type: ignore[no-any-return]


def figures(kpi: str, runs: int = RUNS) -> Array:
    """Return a figure by run and month from 0 where no rule acts."""
    found: Array = simulated(scenario(EARLY), runs).rows[:, :, kpis.COLUMN[kpi]]
    return found


def between(values: Array) -> float:
    """Return a level in the middle of the different figures there are, and that none of them is."""
    different = np.unique(values)
    low, high = different[[different.size // 2 - 1, different.size // 2]]
    return float(0.5 * (low + high))


# --- When it acts ---------------------------------------------------------------------------


@pytest.mark.parametrize("kpi", sorted({*VISIBLE} - {"adoption", "using"}))
def test_a_rule_acts_when_and_only_when_the_figure_of_last_month_says_so(
    kpi: str, catalogue: dict[str, Measure]
) -> None:
    last = figures(kpi)[:, 4]
    level = between(last)
    below, above = (
        fired(reacting({"kpi": kpi, side: level, "month": 5})) for side in ("below", "above")
    )
    assert below == np.where(last < level, 5, 0).tolist()
    assert above == np.where(last > level, 5, 0).tolist()
    assert 0 < np.count_nonzero(below) < RUNS


@pytest.mark.parametrize("kpi", ["adoption", "using"])
def test_heads_are_counted_too(kpi: str, catalogue: dict[str, Measure]) -> None:
    last = figures(kpi)[:, 6]
    level = float(np.median(last)) + 0.001
    found = fired(reacting({"kpi": kpi, "below": level, "month": 7}))
    assert found == np.where(last < level, 7, 0).tolist()
    assert any(found)


def test_a_figure_is_looked_at_until_it_shows_and_then_no_more(
    catalogue: dict[str, Measure],
) -> None:
    course = figures("skill")
    level = float(np.quantile(course[:, 3], 0.5))
    one = reacting({"kpi": "skill", "above": level, "month": 3, "until": 6})
    shows = course[:, 2:6] > level
    assert fired(one) == np.where(shows.any(axis=1), shows.argmax(axis=1) + 3, 0).tolist()
    # A course of 12,000, once.
    assert set(spent(one, RUNS).sum(axis=1).round(6)) <= {0.0, 12_000.0}


def test_a_rule_that_never_acts_leaves_every_bit_as_it_was(catalogue: dict[str, Measure]) -> None:
    never = reacting({"kpi": "skill", "above": 1.0, "month": 1, "until": 8})
    plain = scenario(EARLY)
    assert lives(never, runs=3) == lives(plain, runs=3)
    assert simulated(never, 3).rows.tobytes() == simulated(plain, 3).rows.tobytes()


@pytest.mark.parametrize("month", [1, 4, 8])
@pytest.mark.parametrize(
    "then",
    [
        {"measure": "course", "months": 3},
        {"measure": "guide", "months": 2, "repeat": {"every": 3, "times": 2}},
        {"measure": "course", "audience": {"share": 0.5, "departments": ["shop"]}},
        {"measure": "course", "audience": {"not_yet_using": True}},
    ],
    ids=["one-off", "structural", "some", "not yet using"],
)
def test_what_starts_in_a_month_everywhere_is_what_was_planned_for_that_month(
    then: dict[str, Any], month: int, catalogue: dict[str, Measure]
) -> None:
    reaction = reacting({**ALWAYS, "month": month}, then)
    planned = scenario(EARLY, help={**then, "start": month})
    assert lives(reaction, runs=3) == lives(planned, runs=3)
    assert spent(reaction, 3) == pytest.approx(spent(planned, 3))


def test_buddies_found_late_are_buddies_planned_late(baseline: Scenario) -> None:
    one = baseline.changed({"organisation.employees": 60, "simulation.months": 8})
    rule = {"when": {**ALWAYS, "month": 5}, "then": {"measure": "buddies"}}
    reaction = one.changed({"adaptive.pairs": rule})
    planned = one.changed({"programme.pairs": {"measure": "buddies", "start": 5}})
    assert lives(reaction, runs=3) == lives(planned, runs=3)
    assert lives(planned, runs=3) != lives(one, runs=3)


# --- Where -----------------------------------------------------------------------------------


def test_only_the_departments_meant_are_helped(catalogue: dict[str, Measure]) -> None:
    seen = simulated(scenario(EARLY), RUNS, by=("department",)).grouped
    last = seen[:, 4, :, kpis.COLUMN["skill"]]
    level = float(np.median(last))
    one = reacting({"kpi": "skill", "above": 0.0, "month": 5}, where={"below": level})
    people = simulated(one, RUNS).people
    helped = last < level
    assert helped.any()
    assert not helped.all()
    for run in range(RUNS):
        assert np.array_equal(people[run]["courses"] > 0, helped[run, people[run]["department"]])


# --- If it can be paid -----------------------------------------------------------------------


def paid_with(one: Scenario, left: float, **budget: Any) -> Scenario:
    """Return a scenario whose plan leaves so much of the budget."""
    total = float(ledger(one).to_numpy().sum()) + left
    return one.model_copy(update={"budget": Budget(total=total, **budget)})


def test_a_rule_acts_only_if_the_money_left_pays_for_it(catalogue: dict[str, Measure]) -> None:
    one = reacting({**ALWAYS, "month": 3})
    assert fired(paid_with(one, 12_000.01), 3) == [3, 3, 3]
    assert fired(paid_with(one, 11_999.0), 3) == [0, 0, 0]
    assert fired(one, 3) == [3, 3, 3]


def test_what_one_rule_spends_the_next_cannot(catalogue: dict[str, Measure]) -> None:
    rule = {"when": {**ALWAYS, "month": 4}, "then": {"measure": "course"}}
    two = reacting({**ALWAYS, "month": 3}).changed({"adaptive.second": rule})
    enough, short = paid_with(two, 24_000.01), paid_with(two, 23_000.0)
    assert spent(enough)[0].tolist() == pytest.approx([0, 0, 12_000, 12_000, 0, 0, 0, 0])
    assert spent(short)[0].tolist() == pytest.approx([0, 0, 12_000, 0, 0, 0, 0, 0])


def test_money_for_technology_pays_for_no_measure(catalogue: dict[str, Measure]) -> None:
    one = reacting({**ALWAYS, "month": 3})
    technology = float(ledger(one).to_numpy().sum())
    rich = one.model_copy(update={"budget": Budget(total=4 * technology, change_share=0.1)})
    assert 0.1 * 4 * technology < 12_000 < 3 * technology
    assert fired(rich, 2) == [0, 0]
    assert fired(rich.changed({"budget.change_share": 0.4}), 2) == [3, 3]


def test_what_a_rule_would_cost_is_not_in_the_plan(catalogue: dict[str, Measure]) -> None:
    assert "help" not in ledger(reacting({**ALWAYS, "month": 3})).columns


# --- Surveys ---------------------------------------------------------------------------------


def test_with_a_lag_a_figure_is_known_later(catalogue: dict[str, Measure]) -> None:
    course = figures("skill")
    level = between(course[:, 2])
    late = reacting({"kpi": "skill", "below": level, "month": 5}, survey={"lag": 2})
    assert fired(late) == np.where(course[:, 2] < level, 5, 0).tolist()
    first = {**ALWAYS, "month": 1, "until": 8}
    assert fired(reacting(first), 2) == [1, 1]
    assert fired(reacting(first, survey={"lag": 1}), 2) == [2, 2]


def test_noise_moves_no_other_luck(catalogue: dict[str, Measure]) -> None:
    # It is looked at in every month, with much noise, and never paid for.
    noisy = reacting({**ALWAYS, "month": 1, "until": 8}, survey={"noise": 0.5})
    poor = paid_with(noisy, 0.0)
    assert lives(poor, runs=3) == lives(scenario(EARLY), runs=3)


def test_noise_belongs_to_the_rule_and_the_month(catalogue: dict[str, Measure]) -> None:
    window = {"kpi": "skill", "above": 0.9, "month": 1, "until": 8}  # on average it is far below
    one = reacting(window, survey={"noise": 0.5})
    months = fired(one)
    assert len({*months} - {0}) > 1  # sooner in one run, later in another
    free = {"measure": "talk", "cost": {"fixed": 0}, "audience": {"share": 0.0}}
    rule = {"when": window, "then": free, "survey": {"noise": 0.5}}
    for name in ("aid", "zeal"):  # before and after this one in the order of rules
        assert fired(one.changed({f"adaptive.{name}": rule})) == months
    late = fired(one.changed({"adaptive.help.when.month": 3}))
    assert [month for month, before in zip(late, months, strict=True) if before >= 3] == [
        before for before in months if before >= 3
    ]


# --- For those who do not use it yet ---------------------------------------------------------


def users_after(one: Scenario, month: int) -> Array:
    """Return who uses AI at the end of a month."""
    people = simulated(one.changed({"simulation.months": month})).people[0]
    return np.asarray(people["uses"] == 1)


def test_each_round_reaches_those_who_do_not_use_ai_when_it_starts(
    catalogue: dict[str, Measure],
) -> None:
    wave = {"start": 4, "audience": {"not_yet_using": True}}
    one = scenario(EARLY, course={**wave, "repeat": {"every": 3, "times": 2}})
    first = users_after(scenario(EARLY), 3)
    second = users_after(scenario(EARLY, course=wave), 6)
    courses = simulated(one).people[0]["courses"]
    assert courses == pytest.approx((~first).astype(float) + ~second)
    assert first.any()
    assert (first != second).any()
    heads = spent(one)[0] > 0
    assert heads.tolist() == [False, False, False, True, False, False, True, False]
    assert spent(one)[0][3] == pytest.approx(1000 + 110 * np.sum(~first))


# --- Newcomers -------------------------------------------------------------------------------

LEAVING = {**EARLY, "organisation.turnover": 0.6}


@pytest.mark.parametrize(
    ("when", "first", "last", "longest"),
    [({}, 1, 7, 8), ({"start": 4}, 3, 7, 8), ({"start": 3, "months": 2}, 2, 3, 2)],
    ids=["always", "late", "for a while"],
)
def test_newcomers_are_welcomed_from_their_arrival_and_others_are_not(
    when: dict[str, Any], first: int, last: int, longest: int, catalogue: dict[str, Measure]
) -> None:
    people = simulated(scenario(LEAVING, welcome=when)).people[0]
    arrival = people["arrival"].astype(int)
    welcome = (arrival > 0) & (arrival >= first) & (arrival <= last)
    assert welcome.any()
    expected = np.where(welcome, 0.2 * np.minimum(8 - arrival, longest), 0.0)
    assert people["courses"] == pytest.approx(expected)


def test_a_course_before_they_came_taught_newcomers_nothing(catalogue: dict[str, Measure]) -> None:
    people = simulated(scenario(LEAVING, course={"start": 3, "months": 2})).people[0]
    arrival = people["arrival"].astype(int)
    expected = np.where(arrival <= 2, 1.0, np.where(arrival == 3, 0.5, 0.0))
    assert people["courses"] == pytest.approx(expected)


# --- Both engines ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {
            "adaptive.help": {
                "when": {"kpi": "skill", "above": 0.0, "month": 2, "until": 6},
                "where": {"above": 0.38},
                "then": {"measure": "course", "audience": {"not_yet_using": True}},
                "survey": {"lag": 1, "noise": 0.05},
            }
        },
        {"organisation.turnover": 0.5, "programme.welcome": {"start": 2}},
        {
            "programme.course": {
                "repeat": {"every": 2, "times": 3},
                "audience": {"not_yet_using": True},
            }
        },
        {"capacity.trainer_hours": 7.0, "programme.course": {}},
        {
            "budget": {"total": 35_000.0, "when_over": "scale"},
            "programme.course": {},
            "programme.leaders": {},
        },
    ],
    ids=["adaptive", "welcome", "not yet using", "trainers", "scaled"],
)
def test_both_engines_agree(changes: dict[str, Any], catalogue: dict[str, Measure]) -> None:
    one = scenario({**EARLY, "organisation.employees": 50}).changed(changes)
    assert first_difference(one, seed=2) == ""
