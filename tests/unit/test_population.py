"""Who works here: a chart that adds up, people that are the same everywhere, parts fairly given."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim import kernel, rules, world
from sim.engine.kinds import Array
from sim.people import population
from sim.people.population import Chart
from sim.people.selection import SELECTION
from sim.scenario.library import read_archetypes
from sim.scenario.organisation import Organisation
from sim.scenario.schema import Scenario
from sim.state import COMPETENCE, EMPLOYEE, EXECUTIVE, MANAGER, NOBODY, TEAM_LEAD, THREATS

TRAITS = (
    "archetype", "disposition", "threshold", "match", "expectation", "skill",
    *(f"{kind}_{channel}" for kind in ("initial", "floor", "threat") for channel in THREATS),
)  # fmt: skip


# --- The chart -----------------------------------------------------------------------------


def chart_of(**organisation: Any) -> Chart:
    """Return the chart of an organisation described by these values."""
    return population.chart(Scenario(organisation=Organisation(**organisation)))


@st.composite
def organisations(draw: st.DrawFn) -> Organisation:
    """Return any organisation: odd numbers of people, odd shares of departments, odd spans."""
    weights = draw(
        st.lists(st.floats(0.0, 1.0), min_size=1, max_size=9).filter(lambda w: sum(w) > 0.1)
    )
    shares = [weight / sum(weights) for weight in weights]
    return Organisation.model_validate(
        {
            "employees": draw(st.one_of(st.integers(2, 60), st.integers(2, 5000))),
            "departments": {f"d{k}": {"share": share} for k, share in enumerate(shares)},
            "team_size": draw(st.integers(2, 40)),
            "teams_per_manager": draw(st.integers(1, 12)),
            "managers_per_manager": draw(st.integers(2, 12)),
        }
    )


def way_up(chart: Chart, person: int) -> list[int]:
    """Return a person's bosses, from the own one to the top."""
    above = [int(chart.boss[person])]
    while above[-1] != NOBODY:
        assert len(above) < 40, "the line of bosses goes round"
        above.append(int(chart.boss[above[-1]]))
    return above[:-1]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(organisation=organisations())
def test_everybody_answers_to_the_top_in_the_end(organisation: Organisation) -> None:
    chart = population.chart(Scenario(organisation=organisation))
    for person in range(0, organisation.employees, 1 + organisation.employees // 200):
        line = way_up(chart, person)
        if chart.role[person] == EXECUTIVE:
            assert line == []
        else:
            assert chart.role[line[-1]] == EXECUTIVE
            assert len(set(line)) == len(line)


@pytest.mark.parametrize("team_size", [5, 8, 10, 15, 30])
def test_teams_are_about_as_large_as_asked(team_size: int) -> None:
    for people in (80, 140, 333, 1000, 4999):
        chart = chart_of(employees=people, team_size=team_size)
        sizes = np.bincount(chart.team[chart.team > 0])[1:]
        assert np.mean(sizes) == pytest.approx(team_size, rel=0.3)
        assert sizes.max() - sizes.min() <= 1


def test_managers_lead_about_as_many_teams_as_asked() -> None:
    for span in (2, 3, 6):
        chart = chart_of(employees=1000, teams_per_manager=span)
        leads = np.sum(chart.role == TEAM_LEAD)
        direct = Counter(chart.boss[chart.role == TEAM_LEAD].tolist())
        assert max(direct.values()) <= span + 1
        assert np.sum(chart.role == MANAGER) >= leads / (span + 1)


def test_a_large_organisation_has_more_layers_than_a_small_one() -> None:
    layers = [
        max(len(way_up(chart_of(employees=people), row)) for row in (people - 1,))
        for people in (10, 140, 5000)
    ]
    assert layers == sorted(layers)
    assert layers[0] < layers[-1]


@pytest.mark.parametrize(("asked", "people", "found"), [(0, 50, 0), (5, 50, 5), (1000, 10, 9)])
def test_the_number_of_executives_can_be_given(asked: int, people: int, found: int) -> None:
    chart = chart_of(employees=people, executives=asked)
    assert np.sum(chart.role == EXECUTIVE) == found
    assert chart.role.size == people


def test_an_organisation_without_a_top_ends_with_the_heads_of_its_departments() -> None:
    chart = chart_of(employees=50, executives=0)
    heads = np.flatnonzero(chart.boss == NOBODY)
    assert heads.size >= 1
    assert (chart.role[heads] > EMPLOYEE).all()


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    total=st.integers(0, 10_000),
    shares=st.lists(st.floats(0.001, 1.0), min_size=1, max_size=12),
)
def test_a_split_adds_up_and_rounds_each_part_by_less_than_one(
    total: int, shares: list[float]
) -> None:
    parts = population.split(total, shares)
    assert sum(parts) == total
    for part, share in zip(parts, shares, strict=True):
        assert abs(part - total * share / sum(shares)) < 1.0 + 1e-6


def test_department_names_start_with_the_top(baseline: Scenario) -> None:
    names = population.department_names(baseline.organisation)
    assert names[0] == population.MANAGEMENT
    assert names[1:] == list(baseline.organisation.departments)


# --- The people ----------------------------------------------------------------------------


def people_of(scenario: Scenario, seed: int = 1, run: int = 0) -> Array:
    """Return the people of one organisation as they start."""
    people: Array = world.draw_worlds(world.design(scenario), seed, np.array([run])).people[0]
    return people


@pytest.fixture(scope="module")
def crowd(baseline: Scenario) -> Array:
    """Return the people of an organisation of ten thousand."""
    return people_of(
        baseline.changed({"organisation.employees": 10_000, "organisation.network.kind": "none"})
    )


def test_archetypes_occur_as_often_as_the_scenario_says(crowd: Array, baseline: Scenario) -> None:
    shares = population.archetype_shares(baseline.organisation)
    expected = np.array([share for share in shares.values() if share > 0]) * crowd.size
    assert stats.chisquare(np.bincount(crowd["archetype"]), expected).pvalue > 1e-3


def test_an_archetype_without_a_share_does_not_occur(small: Scenario) -> None:
    only = small.changed(
        {"organisation.archetypes": {"competence": 0, "status": 0, "control": 1, "ethics": 0}}
    )
    assert set(people_of(only)["archetype"].tolist()) == {list(read_archetypes()).index("control")}


def test_traits_have_the_distributions_the_parameters_say(crowd: Array, baseline: Scenario) -> None:
    p = baseline.numbers

    def fits(values: Array, a: float, b: float) -> bool:
        return bool(stats.kstest(values, stats.beta(a, b).cdf).pvalue > 1e-4)

    for channel in THREATS:
        assert fits(crowd[f"initial_{channel}"], p.threat_shape_a, p.threat_shape_b)
        part = crowd[f"floor_{channel}"] / crowd[f"initial_{channel}"]
        # The table of quantiles has a thousand steps, which shows where a density has a pole.
        expected = p.justified_shape_a / (p.justified_shape_a + p.justified_shape_b)
        assert part.mean() == pytest.approx(expected, abs=0.01)
    assert fits((crowd["match"] - p.match_low) / p.match_range, p.match_shape, p.match_shape)
    anxious = crowd["archetype"] == COMPETENCE
    assert fits(crowd["skill"][anxious], p.anxious_skill_shape_a, p.anxious_skill_shape_b)
    assert fits(crowd["skill"][~anxious], p.skill_shape_a, p.skill_shape_b)
    bells = (crowd["disposition"] - crowd["disposition"].mean()) / p.innovativeness_spread
    assert stats.kstest(bells, "norm").pvalue > 1e-4
    low = np.mean(crowd["threshold"] == p.low_threshold)
    assert low >= p.low_threshold_share - 0.02
    assert crowd["threshold"].min() >= p.low_threshold


def test_initial_threats_do_not_depend_on_the_archetype(crowd: Array) -> None:
    """Strength is separate from kind, or nobody could ever volunteer."""
    for channel in THREATS:
        groups = [crowd[f"initial_{channel}"][crowd["archetype"] == k] for k in range(4)]
        assert stats.kruskal(*groups).pvalue > 1e-4


def test_justified_worry_is_never_more_than_the_threat_it_is_part_of(crowd: Array) -> None:
    for channel in THREATS:
        floor, initial = crowd[f"floor_{channel}"], crowd[f"initial_{channel}"]
        assert (floor >= 0).all()
        assert (floor <= initial).all()
        assert (initial <= 1).all()
        assert np.array_equal(crowd[f"threat_{channel}"], initial)


def test_nobody_starts_as_a_user_or_with_a_habit(crowd: Array) -> None:
    for column in ("uses", "ever_used", "ever_weekly", "habit", "intensity", "champion", "coached"):
        assert not crowd[column].any()
    assert (crowd["voice"] == 1.0).all()
    for column in ("skill", "expectation"):
        assert ((crowd[column] >= 0) & (crowd[column] <= 1)).all()


def test_conviction_before_the_start_is_what_the_rule_says(small: Scenario) -> None:
    people, p = people_of(small).view(np.recarray), small.numbers
    for me in people:
        assert me.conviction == rules.conviction(me, 0.0, 0.0, p)


def test_a_persons_traits_belong_to_the_person_and_not_to_the_organisation(
    baseline: Scenario,
) -> None:
    """Money makes a tool match better the fewer share it, so none of it works here."""
    free = baseline.changed({"parameters.project_money": 0})
    few = people_of(free.changed({"organisation.employees": 60}))
    many = people_of(free.changed({"organisation.employees": 500}))
    for trait in TRAITS:
        assert np.array_equal(few[trait], many[trait][:60]), trait


def test_traits_follow_the_key_wherever_its_row_stands(small: Scenario) -> None:
    plan, usual = world.design(small), people_of(small).view(np.recarray)
    mixed = np.zeros_like(usual).view(np.recarray)
    mixed.key = np.arange(60)[::-1]
    population.draw_people(mixed, plan.plan, plan.shapes, plan.facts, plan.p, seed=1, stream=0)
    for trait in TRAITS:
        assert np.array_equal(mixed[trait][::-1], usual[trait]), trait


def test_compiled_and_plain_code_draw_the_same_people(small: Scenario) -> None:
    plan, compiled = world.design(small), people_of(small, seed=8, run=5)
    plain = np.zeros_like(compiled).view(np.recarray)
    plain.key = np.arange(60)
    population.draw_people(plain, plan.plan, plan.shapes, plan.facts, plan.p, seed=8, stream=5)
    for name in compiled.dtype.names or ():
        assert np.array_equal(plain[name], compiled[name]), name


@pytest.mark.parametrize(
    ("parameter", "column"),
    [("innovativeness_spread", "disposition"), ("expectation_spread", "expectation")],
)
def test_a_spread_at_its_neutral_value_makes_everybody_alike(
    parameter: str, column: str, small: Scenario
) -> None:
    people = people_of(small.changed({f"parameters.{parameter}": 0}))
    assert len(set(people[column].tolist())) == 1


def test_the_context_of_an_organisation_is_shared_and_can_be_switched_off(small: Scenario) -> None:
    still = small.changed({"parameters.context_spread": 0})
    with_context, without = people_of(small), people_of(still)
    shift = with_context["disposition"] - without["disposition"]
    assert np.ptp(shift) < 1e-12
    assert shift[0] != 0.0
    assert people_of(small, run=1)["disposition"][0] != with_context["disposition"][0]


def test_hype_raises_what_people_expect(small: Scenario) -> None:
    sober = people_of(small.changed({"parameters.hype": 0.0}))["expectation"]
    hyped = people_of(small.changed({"parameters.hype": 0.4}))["expectation"]
    assert (hyped >= sober).all()
    assert hyped.mean() > sober.mean()


def test_hours_that_can_be_saved_follow_from_the_work(baseline: Scenario) -> None:
    scenario = baseline.changed(
        {"tool.task_saving": 0.5, "organisation.weekly_hours": 30, "organisation.hourly_cost": 60}
    )
    people = people_of(scenario)
    for index, department in enumerate(scenario.organisation.departments.values(), start=1):
        theirs = people["savable_hours"][people["department"] == index]
        assert theirs == pytest.approx(30 * 52 / 12 * department.task_share * 0.5)
    assert (people["hourly_cost"] == 60).all()
    assert (people["access_month"] == scenario.tool.go_live).all()


@settings(max_examples=100, deadline=None, derandomize=True)
@given(a=st.floats(0.2, 20.0), b=st.floats(0.2, 20.0), luck=st.floats(1e-9, 1 - 1e-9))
def test_quantiles_lie_between_zero_and_one_and_rise(a: float, b: float, luck: float) -> None:
    table = population.quantiles(a, b)
    assert (np.diff(table) >= 0).all()
    assert (table[0], table[-1]) == (0.0, 1.0)
    assert 0.0 <= population.quantile(table, luck) <= 1.0
    assert population.quantile(table, 0.5) == pytest.approx(stats.beta(a, b).ppf(0.5), abs=1e-6)
    assert not table.flags.writeable


@settings(max_examples=30, deadline=None, derandomize=True)
@given(wanted=st.floats(0.05, 0.95), often=st.floats(0.0, 1.0))
def test_a_power_gives_shares_the_mean_that_is_wanted(wanted: float, often: float) -> None:
    tables = np.array([population.quantiles(2.0, 5.0), population.quantiles(3.0, 3.0)])
    weights = np.array([often, 1.0 - often])
    to = population.power_of(wanted, tables, weights)
    assert float(weights @ (tables**to).mean(axis=1)) == pytest.approx(wanted, abs=1e-12)


def test_where_everybody_says_all_of_it_nothing_is_left_of_what_people_differ_in() -> None:
    assert population.power_of(1.0, np.array([population.quantiles(2.0, 5.0)]), np.ones(1)) == 0.0


# --- Parts to play -------------------------------------------------------------------------


def with_champions(scenario: Scenario, **given: Any) -> tuple[Array, world.Worlds]:
    """Return the people once champions are appointed, and their ties."""
    chosen = scenario.changed({"programme.champions": given})
    worlds = world.draw_worlds(world.design(chosen), 1, np.array([0]))
    people = worlds.people[0].copy()
    kernel.begun(people, worlds, world.plan(chosen), 1)
    return people, worlds


SELECTIONS = [way for way in SELECTION if way != "named"]


@pytest.mark.parametrize("selection", SELECTIONS)
@pytest.mark.parametrize("share", [0.0, 0.01, 0.08, 0.5, 1.0])
def test_as_many_champions_as_asked_and_never_a_leader(
    selection: str, share: float, baseline: Scenario
) -> None:
    people, _ = with_champions(baseline, selection=selection, share=share)
    staff = np.sum(people["role"] == EMPLOYEE)
    assert people["champion"].sum() == min(int(share * people.size + 0.5), staff)
    assert not people["champion"][people["role"] != EMPLOYEE].any()


@pytest.mark.parametrize("selection", SELECTIONS)
def test_champions_come_from_the_audience_only(selection: str, baseline: Scenario) -> None:
    audience = {"departments": ["sales"], "archetypes": ["status"]}
    people, _ = with_champions(baseline, selection=selection, share=0.9, audience=audience)
    champions = people[people["champion"] == 1]
    sales = population.department_names(baseline.organisation).index("sales")
    assert set(champions["department"].tolist()) == {sales}
    assert set(champions["archetype"].tolist()) == {list(read_archetypes()).index("status")}


def test_the_most_connected_really_are(baseline: Scenario) -> None:
    people, worlds = with_champions(baseline, selection="most_connected")
    degree = np.diff(worlds.start[0])
    others = (people["champion"] == 0) & (people["role"] == EMPLOYEE)
    assert degree[people["champion"] == 1].min() >= degree[others].max()


def test_volunteers_expect_most_and_fear_least(baseline: Scenario) -> None:
    people, _ = with_champions(baseline, selection="volunteers")
    p = baseline.numbers
    will = np.array([me.expectation - rules.felt_threat(me, p) for me in people.view(np.recarray)])
    others = (people["champion"] == 0) & (people["role"] == EMPLOYEE)
    assert will[people["champion"] == 1].min() >= will[others].max() - 1e-8


def test_random_champions_are_others_than_the_most_connected(baseline: Scenario) -> None:
    ways = ["random", "volunteers", "most_connected"]
    chosen = [with_champions(baseline, selection=one)[0]["champion"] for one in ways]
    assert len({one.tobytes() for one in chosen}) == 3


@pytest.mark.parametrize("selection", SELECTIONS)
def test_a_coaching_place_goes_to_those_who_notice_a_champion_and_is_one_at_most(
    selection: str, baseline: Scenario
) -> None:
    people, worlds = with_champions(baseline, selection=selection, share=0.15)
    start, other = worlds.start[0], worlds.other
    for i, me in enumerate(people):
        noticed = people[other[start[i] : start[i + 1]]]
        pupil = me["role"] == EMPLOYEE and me["champion"] == 0 and noticed["champion"].any()
        assert (me["coached"] > 0) == pupil
        assert me["coached"] <= 1.0


def test_champions_coach_no_more_people_than_they_can(baseline: Scenario) -> None:
    for capacity in (0.0, 1.0, 3.0):
        people, _ = with_champions(baseline.changed({"parameters.coaching_capacity": capacity}))
        assert people["coached"].sum() <= capacity * people["champion"].sum() + 1e-9
        assert (people["coached"].sum() > 0) == (capacity > 0)


def committed(scenario: Scenario, share: float) -> Array:
    """Return the people once leaders have committed."""
    chosen = scenario.changed({"programme.leadership-example": {"share": share}})
    worlds = world.draw_worlds(world.design(chosen), 1, np.array([0]))
    people: Array = worlds.people[0].copy()
    kernel.begun(people, worlds, world.plan(chosen), 1)
    return people


def test_only_leaders_commit_and_a_larger_share_keeps_those_of_a_smaller_one(
    baseline: Scenario,
) -> None:
    none, half, every = (committed(baseline, share) for share in (0.0, 0.5, 1.0))
    leaders = every["role"] != EMPLOYEE
    assert not none["committed"].any()
    assert np.array_equal(every["committed"] == 1, leaders)
    assert (half["committed"] <= every["committed"]).all()
    assert 0 < half["committed"].sum() < leaders.sum()


def test_fields_of_chance_do_not_overlap() -> None:
    fields = sorted(value for name, value in vars(population).items() if name.endswith("_FIELD"))
    assert len(set(fields)) == len(fields)
    assert fields[-1] < population.FIELDS
