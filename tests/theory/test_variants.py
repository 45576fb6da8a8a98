"""What theory's other answers promise: who moves people, what they fear, who acts when."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest

from sim import kernel, kpis, rules, world
from sim.engine.kinds import Array
from sim.people.selection import SELECTION, choose
from sim.scenario import read_scenario
from sim.scenario.library import read_archetypes
from sim.scenario.schema import Scenario
from sim.state import EMPLOYEE, STATUS, THREATS
from sim.world import Worlds

from .limits import (
    CERTAIN,
    SEED,
    assert_share_within_four_errors,
    let_use,
    measure,
    neutral,
    people_after,
    worlds_of,
)

IN_TURN = {"rules.schedule": "random_sequential"}


def firm(**changes: Any) -> Scenario:
    """Return the shipped baseline with 80 people over a year."""
    return read_scenario("baseline").changed(
        {
            "organisation.employees": 80,
            "simulation.months": 12,
            **{path.replace("__", "."): value for path, value in changes.items()},
        }
    )


def lives(scenario: Scenario, worlds: Worlds) -> Array:
    """Return all KPIs of people: [organisations, months + 1, KPIs]."""
    rows: Array = kernel.simulate(worlds, world.plan(scenario), SEED).rows
    return rows


# --- Counting colleagues ------------------------------------------------------------------------


@pytest.mark.parametrize(("share", "number"), [("hill", "hill_count"), ("step", "step_count")])
def test_with_equally_many_colleagues_their_number_says_what_their_share_says(
    share: str, number: str
) -> None:
    ring = {
        "organisation.network.kind": "ring",
        "organisation.network.degree": 8.0,
        "parameters.full_circle": 8.0,
    }
    of_share, of_number = (firm(rules__contagion=one).changed(ring) for one in (share, number))
    worlds = worlds_of(of_share, 5)
    # Shares of eight are exact, so that a step is taken at the same number in both.
    worlds.people["threshold"] = np.ceil(worlds.people["threshold"] * 8) / 8
    one, other = lives(of_share, worlds), lives(of_number, worlds)
    np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12)
    assert one[:, -1, kpis.COLUMN["using"]].mean() > 0.1


@pytest.mark.parametrize(("users", "pull"), [(0.0, 0.0), (3.0, 0.5), (6.0, 8.0 / 9.0)])
def test_a_threshold_of_three_tenths_is_three_users_where_users_are_counted(
    users: float, pull: float
) -> None:
    kind = rules.CONTAGION.index("hill_count")
    for exposure in (0.01, 0.99):
        found = rules.contagion(exposure, users, 0.3, kind, 3, circle=10.0)
        assert found == pytest.approx(pull, abs=1e-12)


def test_who_notices_many_is_moved_by_the_number_of_users_more_than_by_their_share() -> None:
    few, many = 2.0, 10.0
    share, number = rules.CONTAGION.index("hill"), rules.CONTAGION.index("hill_count")
    same_share = [
        rules.contagion(0.2, 0.2 * one, 0.3, share, 3, circle=10.0) for one in (few, many)
    ]
    by_number = [
        rules.contagion(0.2, 0.2 * one, 0.3, number, 3, circle=10.0) for one in (few, many)
    ]
    assert same_share[0] == same_share[1]
    assert by_number[0] < by_number[1]


# --- Who moves people ---------------------------------------------------------------------------


def test_where_only_leaders_move_people_colleagues_might_as_well_not_exist() -> None:
    alone = {"organisation.network.kind": "none"}
    for social, same in (("leaders", True), ("both", False)):
        scenario = firm(rules__social=social)
        among = lives(scenario, worlds_of(scenario, 5))
        apart = lives(scenario.changed(alone), worlds_of(scenario.changed(alone), 5))
        assert np.array_equal(among, apart, equal_nan=True) == same


def test_where_only_colleagues_move_people_an_executive_nobody_notices_moves_nobody() -> None:
    for social, same in (("peers", True), ("both", False)):
        scenario = firm(rules__social=social, organisation__network__kind="none")
        worlds = worlds_of(scenario, 5)
        before = people_after(scenario, worlds)
        leading = worlds.people["role"] > EMPLOYEE
        worlds.people["disposition"][leading] += 10.0
        after = people_after(scenario, worlds)
        assert after["uses"][leading].mean() > before["uses"][leading].mean()
        assert np.array_equal(after[~leading], before[~leading]) == same


# --- What they fear -----------------------------------------------------------------------------


@pytest.mark.parametrize(("threat", "same"), [("scalar", True), ("channels", False)])
def test_one_fear_is_felt_alike_by_every_archetype(threat: str, same: bool) -> None:
    scenario = firm(rules__threat=threat)
    worlds = worlds_of(scenario, 5)
    before = lives(scenario, worlds)
    of_others = [one.own_threats for one in read_archetypes().values()]
    worlds.people["archetype"] = (worlds.people["archetype"] + 1) % len(of_others)
    worlds.people["own_threats"] = np.array(of_others)[worlds.people["archetype"]]
    assert np.array_equal(before, lives(scenario, worlds), equal_nan=True) == same


def test_one_fear_is_the_mean_of_the_four_in_what_is_measured_too() -> None:
    scenario = firm(rules__threat="scalar")
    rows = lives(scenario, worlds_of(scenario, 3))
    four = [rows[..., kpis.COLUMN[f"threat_{channel}"]] for channel in THREATS]
    felt = rows[..., kpis.COLUMN["felt_threat"]]
    np.testing.assert_allclose(felt, np.mean(four, axis=0), atol=1e-12)


def test_one_fear_changes_neither_ties_nor_traits_but_what_is_made_of_them_at_the_start() -> None:
    one, four = (worlds_of(firm(rules__threat=kind), 2) for kind in ("scalar", "channels"))
    for column in one.people.dtype.names or ():
        same = np.array_equal(one.people[column], four.people[column])
        assert same == (column != "conviction"), column


def test_of_volunteers_the_least_afraid_come_first_by_the_fear_that_is_felt() -> None:
    scenario = firm()
    worlds = worlds_of(scenario)
    staff = worlds.people[0]
    staff["expectation"], staff["own_threats"] = 0.5, 1 << STATUS
    for channel in THREATS:
        staff[f"threat_{channel}"] = 0.5
    able = np.flatnonzero(staff["role"] == EMPLOYEE)
    bold, proud = able[3], able[7]
    staff["threat_ethics"][bold] = 0.0  # least afraid on the mean of four
    staff["threat_status"][proud] = 0.1  # least afraid where only the own fear weighs much
    ask = (
        staff, worlds.start[0], worlds.other, np.ones(staff.size, np.bool_), 1,
    )  # fmt: skip
    how = {
        "selection": SELECTION.index("volunteers"), "p": scenario.numbers, "seed": SEED, "stream": 0,
    }  # fmt: skip
    kinds = [rules.THREAT.index(kind) for kind in rules.THREAT]
    found = [np.flatnonzero(choose(*ask, **how, threat=kind)) for kind in kinds]
    assert [one.tolist() for one in found] == [[proud], [bold]]


def test_a_change_lead_sees_the_fear_that_is_felt() -> None:
    """A rule that acts below a level acts where the mean of four is low, the product not."""
    scenario = firm().changed(
        {
            "adaptive.calm": {
                "when": {"kpi": "felt_threat", "below": 0.32, "month": 2},
                "then": {"measure": "quick-wins"},
            }
        }
    )
    started = {}
    for kind in rules.THREAT:
        one = scenario.changed({"rules.threat": kind})
        worlds = worlds_of(one, 3)
        for channel in THREATS:
            for column in ("initial", "threat", "floor"):
                worlds.people[f"{column}_{channel}"] = 0.3
        started[kind] = kernel.simulate(worlds, world.plan(one), SEED).started[:, 0].tolist()
    assert started == {"channels": [0, 0, 0], "scalar": [2, 2, 2]}


# --- Who acts when ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["step", "linear"])
def test_two_who_copy_each_other_agree_at_once_if_one_acts_after_the_other(kind: str) -> None:
    runs = 400
    for months in (1, 5):
        scenario = neutral(
            {
                **CERTAIN,
                **IN_TURN,
                "rules.contagion": kind,
                "parameters.stop_rate": 1.0,
                "organisation.employees": 2,
                "simulation.months": months,
            }
        )
        worlds = worlds_of(scenario, runs)
        worlds.people["threshold"] = 1.0
        let_use(worlds, np.s_[:, 1])
        using = measure(scenario, worlds)
        assert set(using[:, 1:].ravel().tolist()) == {0.0, 1.0}
        assert (using[:, 1:] == using[:, 1:2]).all()
        # Whoever acts first follows the other.
        assert_share_within_four_errors(round(using[:, 1].sum()), runs, 0.5)


def test_every_order_of_acting_is_equally_likely() -> None:
    """Along a line of three who follow the one before, the order decides how far use gets."""
    scenario = neutral(
        {
            **CERTAIN,
            **IN_TURN,
            "organisation.employees": 3,
            "organisation.executives": 0,
            "organisation.network.kind": "none",
            "simulation.months": 1,
        }
    )
    runs = 1200
    worlds = worlds_of(scenario, runs)
    worlds.people["threshold"] = 1.0
    start = np.tile(np.array([0, 0, 1, 2]), (runs, 1))  # nobody, 0, 1
    line = worlds._replace(start=start, other=np.array([0, 1], worlds.other.dtype))
    let_use(line, np.s_[:, 0])
    using = np.round(measure(scenario, line)[:, 1] * 3).astype(int)
    orders = list(permutations(range(3)))
    all_three = sum(order.index(1) < order.index(2) for order in orders)
    assert set(using.tolist()) == {2, 3}
    assert_share_within_four_errors(int((using == 3).sum()), runs, all_three / len(orders))


@pytest.mark.parametrize("needed", [1, 2])
def test_a_cascade_one_after_the_other_is_never_behind_one_in_step(needed: int) -> None:
    together = neutral(
        {
            **CERTAIN,
            "rules.contagion": "step_count",
            "parameters.full_circle": 1.0,
            "organisation.employees": 400,
            "organisation.network.kind": "small_world",
            "organisation.network.degree": 8.0,
            "organisation.network.rewiring": 0.05,
            "simulation.months": 6,
        }
    )
    worlds = worlds_of(together, 10)
    worlds.people["threshold"] = needed
    let_use(worlds, np.s_[:, :9])
    in_step, in_turn = (measure(together.changed(one), worlds) for one in ({}, IN_TURN))
    assert (in_turn >= in_step).all()
    assert (in_turn[:, 1] > in_step[:, 1]).all()


def test_without_anybody_to_see_it_does_not_matter_who_acts_first() -> None:
    scenario = firm(organisation__network__kind="none", rules__social="peers")
    worlds = worlds_of(scenario, 5)
    one, other = (people_after(scenario.changed(each), worlds) for each in ({}, IN_TURN))
    assert np.array_equal(one, other)


def test_acting_in_turn_people_on_other_rows_live_the_same_lives() -> None:
    scenario = firm().changed(IN_TURN)
    worlds = worlds_of(scenario, 3)
    before = people_after(scenario, worlds)
    size = worlds.people.shape[1]
    order = np.random.default_rng(0).permutation(size)
    place = np.argsort(order)
    people = worlds.people[:, order].copy()
    people["boss"] = np.where(people["boss"] >= 0, place[people["boss"]], people["boss"])
    start, other, filled = np.zeros_like(worlds.start), [], 0
    for run in range(len(people)):
        for row, old in enumerate(order):
            other.append(place[worlds.other[worlds.start[run, old] : worlds.start[run, old + 1]]])
            start[run, row] = filled
            filled += other[-1].size
        start[run, -1] = filled
    elsewhere = worlds._replace(
        people=people, start=start, other=np.concatenate(other).astype(worlds.other.dtype)
    )
    after = people_after(scenario, elsewhere)
    for column in ("key", "uses", "ever_used"):
        np.testing.assert_array_equal(after[column], before[column][:, order])
    np.testing.assert_allclose(after["skill"], before["skill"][:, order], atol=1e-9)
