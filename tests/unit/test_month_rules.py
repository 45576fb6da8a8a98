"""The turn of a month: who leaves and comes, who gets access when, who finds a buddy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim import kernel, kpis, world
from sim import month as turn_of
from sim.engine.kinds import Array
from sim.mesa_model import AdoptionModel
from sim.people import population
from sim.programme import ledger
from sim.programme.deployments import first_go_live
from sim.scenario.schema import Scenario
from sim.state import NOBODY, PEOPLE, THREATS

PLACE = ("key", "role", "department", "team", "boss", "committed")
TRAITS = (
    "archetype", "disposition", "threshold", "match", "initial_skill",
    *(f"{kind}_{one}" for kind in ("initial", "floor") for one in THREATS),
)  # fmt: skip
APART = {
    "organisation.network.kind": "none",
    "parameters.leader_weight": 0,
    "parameters.consider_example": 0,
}
"""Nobody does anything because of anybody: what leaders do is seen, and moves nobody."""
SEEN = ("perceived_example",)
"""What somebody sees of leaders, whether or not it moves anybody."""


@pytest.fixture(scope="module")
def small(small: Scenario) -> Scenario:
    """Return a small organisation in which money for technology brings access no earlier."""
    return small.changed({"parameters.investment_months": 0})


def simulated(scenario: Scenario, runs: int = 1, seed: int = 1) -> kernel.Simulated:
    """Return runs of a scenario with the people as they end."""
    worlds = world.draw_worlds(world.design(scenario), seed, np.arange(runs))
    return kernel.simulate(worlds, world.plan(scenario), seed, keep_people=True)


def at_the_start(scenario: Scenario) -> Array:
    """Return the people of run 0 before the first month."""
    people: Array = world.draw_worlds(world.design(scenario), 1, np.array([0])).people[0]
    return people


def differing(one: Array, other: Array, but: tuple[str, ...] = ()) -> Array:
    """Return which people differ in at least one column, but for some columns."""
    changed = np.zeros(one.size, np.bool_)
    for name in {*(PEOPLE.names or ())} - {*but}:
        changed |= one[name] != other[name]
    return changed


def within_four_errors(happened: int, of: int, chance: float) -> bool:
    """Return whether something happened about as often as its chance says."""
    return bool(abs(happened / of - chance) <= 4.0 * np.sqrt(chance * (1.0 - chance) / of))


# --- Turnover -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def leaving(small: Scenario) -> Scenario:
    """Return a small organisation that half of the people leave in a year."""
    return small.changed({"organisation.turnover": 0.5})


@pytest.mark.parametrize("turnover", [0.0, 0.03, 0.12, 0.5, 0.95])
def test_twelve_monthly_chances_make_the_yearly_share(turnover: float) -> None:
    stays = 1.0 - ledger.leaving_chance(turnover)
    assert 1.0 - stays**12 == pytest.approx(turnover)


def test_in_a_year_as_many_leave_as_the_scenario_says(leaving: Scenario) -> None:
    """Nobody leaves in the first month, so the year ends with the thirteenth."""
    year = leaving.changed(
        {"organisation.employees": 3000, "organisation.turnover": 0.2, "simulation.months": 13}
    )
    people = simulated(year).people[0]
    assert within_four_errors(int(np.sum(people["arrival"] > 0)), 3000, 0.2)
    assert set(people["arrival"].tolist()) == set(range(13))


def test_without_turnover_everybody_stays(small: Scenario) -> None:
    people = simulated(small).people[0]
    assert not people["arrival"].any()
    for name in TRAITS:
        assert np.array_equal(people[name], at_the_start(small)[name])


def test_a_newcomer_takes_the_seat_and_brings_traits_of_the_own(leaving: Scenario) -> None:
    start, end = at_the_start(leaving), simulated(leaving).people[0]
    came = end["arrival"] > 0
    assert 10 < came.sum() < 50
    for name in PLACE:
        assert np.array_equal(start[name], end[name]), name
    for name in TRAITS:
        assert np.array_equal(start[name][~came], end[name][~came]), name
    for name in ("disposition", "match", "initial_skill", "initial_control"):
        assert (start[name][came] != end[name][came]).all(), name


def test_newcomers_are_the_same_whatever_the_programme(leaving: Scenario) -> None:
    calm = simulated(leaving).people[0]
    busy = simulated(
        leaving.changed(
            {"programme.champions": {}, "programme.training": {}, "programme.mandate": {}}
        )
    ).people[0]
    for name in ("arrival", *TRAITS):
        assert np.array_equal(calm[name], busy[name]), name


def test_newcomers_are_of_the_same_kind_as_those_they_follow(leaving: Scenario) -> None:
    large = leaving.changed(
        {"organisation.employees": 4000, "organisation.network.kind": "none",
         "parameters.context_spread": 0}
    )  # fmt: skip
    start, end = at_the_start(large), simulated(large).people[0]
    came = end["arrival"] > 0
    for name in TRAITS:
        old, new = start[name][came].astype(float), end[name][came].astype(float)
        error = np.sqrt((old.var() + new.var()) / came.sum())
        assert abs(old.mean() - new.mean()) <= 4.0 * error, name


def test_who_has_not_left_and_notices_nobody_lives_on_as_without_turnover(
    small: Scenario,
) -> None:
    apart = small.changed(APART)
    stays = simulated(apart).people[0]
    leaves = simulated(apart.changed({"organisation.turnover": 0.5})).people[0]
    came = leaves["arrival"] > 0
    assert np.array_equal(differing(stays, leaves, SEEN), came)


def test_until_somebody_leaves_nothing_is_different(leaving: Scenario, small: Scenario) -> None:
    few = leaving.changed({"organisation.turnover": 0.1})
    done, calm = simulated(few), simulated(small)
    arrivals = done.people[0]["arrival"]
    first = int(arrivals[arrivals > 0].min())
    assert np.array_equal(done.rows[:, : first + 1], calm.rows[:, : first + 1], equal_nan=True)
    assert not np.array_equal(done.rows[:, first + 1], calm.rows[:, first + 1])


def test_leaders_commitment_stays_with_the_seat(leaving: Scenario) -> None:
    led = leaving.changed(
        {"organisation.turnover": 0.9, "programme.leadership-example": {"share": 0.5}}
    )
    people = simulated(led).people[0]
    stays = simulated(led.changed({"organisation.turnover": 0.0})).people[0]
    assert np.array_equal(people["committed"], stays["committed"])
    new = (people["committed"] == 1) & (people["arrival"] > 0)
    assert new.any()
    assert (people["uses"][new] == 1).all()
    assert (people["intensity"][new] >= led.numbers.committed_use).all()


def test_champions_are_not_replaced_and_their_places_follow(leaving: Scenario) -> None:
    champions = leaving.changed({"programme.champions": {"share": 0.2}})
    worlds = world.draw_worlds(world.design(champions), 1, np.array([0]))
    plan = world.plan(champions)
    begun = worlds.people[0].copy()
    kernel.begun(begun, worlds, plan, 1)
    end = kernel.simulate(worlds, plan, 1, keep_people=True).people[0]
    stayed = (begun["champion"] == 1) & (end["arrival"] == 0)
    assert np.array_equal(end["champion"] == 1, stayed)
    assert 0 < stayed.sum() < begun["champion"].sum()
    expected = end.copy().view(np.recarray)
    population.give_places(
        expected, worlds.start[0], worlds.other, float(plan.programme.offices[0]["capacity"])
    )
    assert np.array_equal(end["coached"], expected["coached"])
    assert not np.array_equal(end["coached"], begun["coached"])


def test_a_newcomers_clock_of_access_starts_on_arrival(leaving: Scenario) -> None:
    late = leaving.changed({"tool.go_live": 6})
    people = simulated(late).people[0]
    assert np.array_equal(people["access_month"], np.maximum(6, people["arrival"] + 1))


def test_never_users_are_counted_since_they_came(leaving: Scenario) -> None:
    done = simulated(leaving)
    people, months = done.people[0], leaving.simulation.months
    long = people["arrival"] + 1 <= months - kpis.REFUSAL_MONTHS + 1
    expected = np.mean(people["ever_weekly"][long] == 0)
    assert done.rows[0, -1, kpis.COLUMN["long_access"]] == pytest.approx(np.mean(long))
    assert done.rows[0, -1, kpis.COLUMN["never_users"]] == pytest.approx(expected)
    new = people["arrival"] == months - 1
    assert new.any()
    assert (people["habit"][new] <= leaving.numbers.habit_gain).all()


def test_turnover_keeps_skill_and_habit_down(baseline: Scenario) -> None:
    means = [
        simulated(baseline.changed({"organisation.turnover": share}), runs=30).rows.mean(axis=0)[-1]
        for share in (0.0, 0.2, 0.6)
    ]
    habits = [one[kpis.COLUMN["habit"]] for one in means]
    assert habits == sorted(habits, reverse=True)
    assert habits[0] > habits[-1]


def test_onboarding_is_for_newcomers_only(leaving: Scenario) -> None:
    apart = leaving.changed(APART)
    welcomed = apart.changed({"programme.onboarding": {"start": 3}})
    plain, end = simulated(apart).people[0], simulated(welcomed).people[0]
    assert np.array_equal(differing(plain, end, SEEN), end["arrival"] >= 2)
    nobody = apart.changed({"organisation.turnover": 0.0})
    idle = simulated(nobody.changed({"programme.onboarding": {}}))
    assert not differing(simulated(nobody).people[0], idle.people[0]).any()


# --- Roll-out in phases ----------------------------------------------------------------------


def access(scenario: Scenario) -> Array:
    """Return everybody's first month with access."""
    months: Array = at_the_start(scenario)["access_month"]
    return months


def test_a_department_has_access_with_its_phase_and_the_rest_at_go_live(small: Scenario) -> None:
    phased = small.changed(
        {
            "tool.go_live": 9,
            "tool.phases": [
                {"month": 2, "departments": ["sales"]},
                {"month": 5, "departments": ["office", "sales"]},
            ],
        }
    )
    names = population.department_names(small.organisation)
    people = at_the_start(phased)
    for name, month in {"sales": 2, "office": 5, "engineering": 9, "management": 9}.items():
        assert set(people["access_month"][people["department"] == names.index(name)]) == {month}
    assert differing(at_the_start(small.changed({"tool.go_live": 9})), people).sum() == np.sum(
        people["access_month"] < 9
    )


def test_the_first_phase_that_names_a_person_counts(small: Scenario) -> None:
    first = {"tool.phases": [{"month": 7, "departments": ["sales"]}, {"month": 2}]}
    turned = {"tool.phases": [{"month": 2}, {"month": 7, "departments": ["sales"]}]}
    assert set(access(small.changed(first)).tolist()) == {2, 7}
    assert set(access(small.changed(turned)).tolist()) == {2}


def test_a_share_is_drawn_by_chance_and_a_larger_one_keeps_who_was_in_a_smaller(
    baseline: Scenario,
) -> None:
    large = baseline.changed({"organisation.employees": 4000, "tool.go_live": 8})
    early = {
        share: access(large.changed({"tool.phases": [{"month": 2, "share": share}]})) == 2
        for share in (0.2, 0.5)
    }
    assert within_four_errors(int(early[0.5].sum()), 4000, 0.5)
    assert within_four_errors(int(early[0.2].sum()), 4000, 0.2)
    assert not (early[0.2] & ~early[0.5]).any()
    both = [{"month": 2, "share": 0.5}, {"month": 4, "share": 0.5}]
    months = access(large.changed({"tool.phases": both}))
    assert within_four_errors(int(np.sum(months == 4)), 4000, 0.25)
    assert within_four_errors(int(np.sum(months == 8)), 4000, 0.25)


def test_one_phase_for_all_is_go_live(small: Scenario) -> None:
    phased = small.changed({"tool.go_live": 4, "tool.phases": [{"month": 4}]})
    plain = small.changed({"tool.go_live": 4})
    assert np.array_equal(simulated(phased).rows, simulated(plain).rows, equal_nan=True)


def test_licences_are_paid_for_those_with_access(small: Scenario) -> None:
    phased = small.changed(
        {
            "tool.go_live": 6,
            "tool.integration_cost": 0,
            "tool.phases": [{"month": 2, "departments": ["sales"]}, {"month": 3, "share": 0.4}],
        }
    )
    spent = simulated(phased).rows[0, 1:, kpis.COLUMN["cost_technology"]]
    months = access(phased)
    counted = [np.sum(months <= month) for month in range(1, 13)]
    assert spent == pytest.approx(np.array(counted) * small.tool.licence_price)
    expected = ledger.with_access(phased, population.chart(phased))
    assert expected[[0, 1, 5]] == pytest.approx([0, counted[1], 60])


def test_nobody_starts_before_having_access(small: Scenario) -> None:
    phased = small.changed(
        {"tool.go_live": 6, "tool.phases": [{"month": 2, "departments": ["sales", "production"]}]}
    )
    worlds = world.draw_worlds(world.design(phased), 1, np.array([0]))
    events = kernel.simulate(worlds, world.plan(phased), 1, keep_events=True).events
    month, person = (events[:, kernel.EVENT.index(one)] for one in ("month", "person"))
    since = month - access(phased)[person.astype(int)]
    assert since.min() == 0
    assert (access(phased)[person.astype(int)] == 6).any()


@pytest.mark.parametrize(("maturity", "later"), [(0.0, 3), (0.25, 2), (0.5, 0), (1.0, -3)])
def test_all_phases_come_later_where_work_is_less_digital(
    maturity: float, later: int, small: Scenario
) -> None:
    """A quarter of six months is one and a half, which is rounded up."""
    phased = small.changed(
        {
            "tool.go_live": 8,
            "tool.phases": [{"month": 5, "departments": ["sales"]}],
            "parameters.maturity_delay": 6.0,
            "organisation.digital_maturity": maturity,
        }
    )
    assert set(access(phased).tolist()) == {5 + later, 8 + later}
    assert first_go_live(phased) == 5 + later


# --- Buddies ---------------------------------------------------------------------------------


@pytest.fixture
def together(small: Scenario) -> AdoptionModel:
    """Return the readable engine with a round of buddies and nobody who uses AI yet."""
    helped = small.changed({"programme.buddies": {"start": 2, "months": 4}})
    model = AdoptionModel(helped, rng=1)
    for me in model.staff:
        me.uses, me.skill = 0, 0.4
    return model


def paired(model: AdoptionModel, now: int) -> dict[int, int]:
    """Return who has whom as a buddy after the turn into a month, from 0."""
    turn_of.pair(model._run(), now)
    return {me.row: me.buddy for me in model.staff if me.buddy != NOBODY}


def in_department(model: AdoptionModel, number: int) -> list[Any]:
    """Return the staff of a department."""
    return [me for me in model.staff if me.department == number]


def test_a_buddy_is_a_skilled_user_of_the_department_for_somebody_of_low_skill(
    together: AdoptionModel,
) -> None:
    p, ours, theirs = together.p, in_department(together, 2), in_department(together, 3)
    need, able = p.buddy_need - 0.01, p.buddy_skill
    ours[0].uses, ours[0].skill = 1, able
    ours[1].uses, ours[1].skill = 1, able - 0.01  # uses, but not skilled
    ours[2].uses, ours[2].skill = 0, able + 0.1  # skilled, but does not use
    ours[3].skill = ours[4].skill = theirs[0].skill = need
    ours[5].skill = p.buddy_need
    assert paired(together, 0) == {}  # not yet begun
    assert paired(together, 1) == {ours[3].row: ours[0].row, ours[4].row: ours[0].row}


def test_buddies_stay_while_it_lasts_and_part_when_it_ends(together: AdoptionModel) -> None:
    ours = in_department(together, 2)
    ours[0].uses, ours[0].skill, ours[1].skill = 1, 0.9, 0.0
    first = paired(together, 1)
    assert first == {ours[1].row: ours[0].row}
    ours[1].skill, ours[0].uses = 0.9, 0  # no longer needed, no longer able: still buddies
    for now in (2, 3, 4):
        assert paired(together, now) == first
    assert paired(together, 5) == {}


def test_which_of_the_skilled_is_by_chance_and_all_get_their_turn(together: AdoptionModel) -> None:
    ours = in_department(together, 2)
    able, weak = ours[:3], ours[3:]
    for me in able:
        me.uses, me.skill = 1, 0.9
    for me in weak:
        me.skill = 0.0
    found = paired(together, 1)
    assert set(found) == {me.row for me in weak}
    assert set(found.values()) == {me.row for me in able}


def test_a_buddy_is_noticed_as_much_as_the_weight_says(together: AdoptionModel) -> None:
    """Three colleagues, one of them a user: 1/3; with a buddy of weight 3 who uses, 4/6."""
    together.p = together.p._replace(buddy_weight=3.0)
    me, *others = together.staff[:5]
    me.colleagues, me.ties, me.buddy = others[:3], [1.0, 1.0, 1.0], NOBODY
    for one in together.staff:
        one.voice, one.expectation = 1.0, 0.5
    others[0].uses = others[3].uses = 1
    others[3].expectation = 0.9
    for one in together.staff:
        one.show()
    assert list(me.notice()) == pytest.approx([1 / 3, 1.0, 0.5])
    me.buddy = others[3].row
    assert list(me.notice()) == pytest.approx([4 / 6, 4.0, (0.5 + 3 * 0.9) / 4])
    others[3].seen_uses = 0
    assert list(me.notice()) == pytest.approx([1 / 6, 1.0, 0.5])
    together.p = together.p._replace(buddy_weight=0.0)
    assert list(me.notice()) == pytest.approx([1 / 3, 1.0, 0.5])


def test_a_buddy_without_weight_who_teaches_nothing_does_nothing(small: Scenario) -> None:
    helped = small.changed({"programme.buddies": {}, "parameters.buddy_weight": 0})
    worlds = world.draw_worlds(world.design(helped), 1, np.arange(3))
    plan = world.plan(helped)
    still = plan._replace(
        programme=plan.programme._replace(buddying=np.zeros_like(plan.programme.buddying))
    )
    done = kernel.simulate(worlds, still, 1, keep_people=True)
    assert (done.people["buddy"] != NOBODY).any()
    plain = kernel.simulate(worlds, world.plan(small), 1)
    changed = {
        one.name
        for k, one in enumerate(kpis.MEASURED)
        if not np.array_equal(done.rows[..., k], plain.rows[..., k], equal_nan=True)
    }
    assert changed == {"cost_measures", "staff_hours"}


def test_buddies_help(baseline: Scenario) -> None:
    plain, helped = (
        simulated(one, runs=40).rows[..., kpis.COLUMN["adoption"]].mean()
        for one in (baseline, baseline.changed({"programme.buddies": {}}))
    )
    assert helped > plain


def test_when_a_buddy_leaves_another_is_found_or_none(leaving: Scenario) -> None:
    helped = leaving.changed({"programme.buddies": {}, "organisation.turnover": 0.9})
    model = AdoptionModel(helped, rng=1)
    parted = 0
    for _ in range(10):
        before = {me.row: me.buddy for me in model.staff if me.buddy != NOBODY}
        model.step()
        for row, buddy in before.items():
            came = model.staff[buddy].arrival == model.month - 1
            if came and model.staff[row].arrival < model.month - 1:
                parted += 1
                assert model.staff[row].buddy != buddy
    assert parted > 0
