"""Groups and events: measured beside the whole, they add up to it and change not a bit of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim import kernel, kpis, rules, world
from sim.engine.kinds import Array
from sim.errors import AdoptionError
from sim.mesa_model import AdoptionModel
from sim.people import population
from sim.people.population import archetype_shares
from sim.scenario.schema import Scenario
from sim.state import NOBODY, PEOPLE, ROLES

MEANS = [
    k for k, one in enumerate(kpis.MEASURED[: kpis.PERSONAL]) if one.name not in kpis.OF_SOME
]  # fmt: skip


@pytest.fixture(scope="module")
def busy(small: Scenario) -> Scenario:
    """Return a small organisation in which much happens at once."""
    return small.changed(
        {
            "privacy.min_group": 1,
            "organisation.turnover": 0.2,
            "programme.champions": {},
            "programme.buddies": {},
            "programme.training": {"start": 2, "audience": {"departments": ["sales", "service"]}},
        }
    )


def simulated(scenario: Scenario, **asked: Any) -> kernel.Simulated:
    """Return three runs of a scenario."""
    worlds = world.draw_worlds(world.design(scenario), 1, np.arange(3))
    return kernel.simulate(worlds, world.plan(scenario), 1, **asked)


# --- Groups ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["archetype", "department", "role"])
def test_groups_weighted_by_their_heads_are_the_whole(kind: str, busy: Scenario) -> None:
    done = simulated(busy, by=(kind,))
    assert (done.heads.sum(axis=2) == 60).all()
    whole = (done.grouped * done.heads[..., None]).sum(axis=2) / 60.0
    assert whole[..., MEANS] == pytest.approx(done.rows[..., MEANS], rel=1e-9, abs=1e-12)


def test_teams_and_those_without_one_are_the_whole(busy: Scenario) -> None:
    done = simulated(busy, by=("team",))
    chart = population.chart(busy)
    assert np.array_equal(done.heads[0, 5], np.bincount(chart.team[chart.team != NOBODY]))
    without = int(np.sum(chart.team == NOBODY))
    assert without > 0
    assert (done.heads.sum(axis=2) == 60 - without).all()
    trained = kpis.COLUMN["trained"]
    in_teams = (done.grouped * done.heads[..., None]).sum(axis=2)[..., trained]
    rest = done.rows[..., trained] * 60 - in_teams
    assert (rest >= -1e-9).all()
    assert (rest <= without + 1e-9).all()


def test_a_group_is_measured_as_an_organisation_of_its_own_would_be(busy: Scenario) -> None:
    worlds = world.draw_worlds(world.design(busy), 1, np.array([0]))
    done = kernel.simulate(worlds, world.plan(busy), 1, keep_people=True, by=("department",))
    months = busy.simulation.months
    for k in range(done.heads.shape[2]):
        members = done.people[0][done.people[0]["department"] == k].view(np.recarray)
        row = np.zeros(kpis.COUNT)
        for me in members:
            kpis.observe(me, months, busy.numbers, row)
        kpis.conclude(row, members.size)
        assert done.grouped[0, -1, k] == pytest.approx(row[: kpis.PERSONAL])


def test_archetypes_of_newcomers_count_as_they_are(busy: Scenario) -> None:
    done = simulated(busy, by=("archetype",), keep_people=True)
    for run in range(3):
        counted = np.bincount(done.people[run]["archetype"], minlength=done.heads.shape[-1])
        assert np.array_equal(done.heads[run, -1], counted)
    assert (done.heads[:, 0] != done.heads[:, -1]).any()


def test_measuring_groups_and_keeping_events_change_no_bit_of_the_whole(busy: Scenario) -> None:
    plain = simulated(busy, keep_people=True)
    watched = simulated(busy, keep_people=True, keep_events=True, by=kernel.GROUPS)
    assert plain.rows.tobytes() == watched.rows.tobytes()
    for name in PEOPLE.names or ():
        assert np.array_equal(plain.people[name], watched.people[name]), name
    assert plain.grouped.size == plain.events.size == 0


def test_kinds_of_groups_do_not_mix(busy: Scenario) -> None:
    together = simulated(busy, by=kernel.GROUPS)
    first = 0
    for kind in kernel.GROUPS:
        alone = simulated(busy, by=(kind,))
        end = first + alone.heads.shape[2]
        assert np.array_equal(together.grouped[:, :, first:end], alone.grouped, equal_nan=True)
        assert np.array_equal(together.heads[:, :, first:end], alone.heads)
        first = end
    assert first == together.heads.shape[2]


def test_a_table_of_groups_has_a_row_for_each_and_names_them(busy: Scenario) -> None:
    result = sim.compare([busy], runs=2, seed=1, by=("role", "archetype"))
    table = result.group_table()
    assert set(table["kind"]) == {"role", "archetype"}
    assert set(table.loc[table["kind"] == "role", "group"]) == set(ROLES)
    there = {name for name, share in archetype_shares(busy.organisation).items() if share > 0}
    assert set(table.loc[table["kind"] == "archetype", "group"]) == there
    assert len(table) == 2 * (busy.simulation.months + 1) * (len(ROLES) + len(there))
    one = table[(table["run"] == 1) & (table["month"] == 12) & (table["kind"] == "role")]
    whole = np.average(one["adoption"], weights=one["people"])
    assert whole == pytest.approx(result.curves(busy.name, "adoption")[1, 12])
    usual = sim.compare([busy], runs=2, seed=1)
    assert np.array_equal(usual.measured[busy.name], result.measured[busy.name], equal_nan=True)


def test_groups_too_small_to_be_shown_are_shown_nowhere(busy: Scenario) -> None:
    secret = busy.changed({"privacy.min_group": 9})
    shown, hidden = (
        sim.compare([one], runs=3, seed=1, by=("department", "team", "role")).group_table()
        for one in (busy, secret)
    )
    small = shown["people"] < 9
    assert 0 < small.sum() < len(small)
    figures = ["people", *(one.name for one in kpis.MEASURED[: kpis.PERSONAL])]
    assert hidden.loc[small, figures].isna().all(axis=None)
    seen = hidden["people"].notna()  # without the next smallest, where one would be given away
    assert seen.any()
    pd.testing.assert_frame_equal(hidden[seen], shown[seen])


def test_only_known_kinds_of_groups_can_be_asked_for(small: Scenario) -> None:
    with pytest.raises(AdoptionError, match=r"by: found 'age', expected one of: archetype"):
        sim.compare([small], runs=1, by=("age",))
    with pytest.raises(AdoptionError, match="no groups were measured"):
        sim.run(small, runs=1).group_table()


# --- Events ----------------------------------------------------------------------------------


def column(events: Array, name: str) -> Array:
    """Return a column of the log."""
    found: Array = events[:, kernel.EVENT.index(name)]
    return found


@pytest.fixture(scope="module")
def lived(small: Scenario) -> kernel.Simulated:
    """Return runs in which people start, stop and start again, but nobody leaves."""
    return simulated(
        small.changed({"parameters.stop_rate": 1.5, "simulation.months": 24}),
        keep_events=True, keep_people=True,
    )  # fmt: skip


def test_starts_less_stops_are_the_users(lived: kernel.Simulated) -> None:
    for run in range(3):
        events = lived.events[column(lived.events, "run") == run]
        change = np.where(column(events, "kind") == kernel.STOP, -1, 1)
        for month in range(25):
            users = change[column(events, "month") <= month].sum()
            using = lived.rows[run, month, kpis.COLUMN["using"]]
            assert users == pytest.approx(60 * using)
    kinds = column(lived.events, "kind").astype(int)
    assert (np.bincount(kinds, minlength=len(kernel.KINDS_OF_EVENT)) > 10).all()


def test_everybody_starts_once_then_stops_and_restarts_in_turn(lived: kernel.Simulated) -> None:
    for run in range(3):
        events = lived.events[column(lived.events, "run") == run]
        for person in range(60):
            kinds = column(events[column(events, "person") == person], "kind").astype(int).tolist()
            expected = [kernel.START, *[kernel.STOP, kernel.RESTART] * len(kinds)]
            assert kinds == expected[: len(kinds)]
            assert lived.people[run]["ever_used"][person] == (len(kinds) > 0)


def test_events_come_in_the_order_in_which_they_happen(lived: kernel.Simulated) -> None:
    moments = [tuple(one) for one in lived.events[:, : kernel.EVENT.index("person") + 1]]
    assert moments == sorted(moments)
    assert (column(lived.events, "month") >= 1).all()
    assert set(column(lived.events, "substep").tolist()) <= {0.0, 1.0, 2.0, 3.0}


def test_exposure_is_the_share_of_noticed_colleagues_who_used_before(small: Scenario) -> None:
    """Everybody is followed by hand: who used at the end of the substep before."""
    apart = small.changed({"parameters.start_rate": 2.0})
    worlds = world.draw_worlds(world.design(apart), 1, np.array([0]))
    events = kernel.simulate(worlds, world.plan(apart), 1, keep_events=True).events
    start, other = worlds.start[0], worlds.other
    uses = np.zeros(60, np.bool_)
    for moment in range(4 * apart.simulation.months):
        now = events[
            (column(events, "month") == 1 + moment // 4) & (column(events, "substep") == moment % 4)
        ]
        for person, exposure in zip(
            column(now, "person").astype(int), column(now, "exposure"), strict=True
        ):
            noticed = other[start[person] : start[person + 1]]
            assert exposure == pytest.approx(uses[noticed].mean() if noticed.size else 0.0)
        for person, kind in zip(
            column(now, "person").astype(int), column(now, "kind"), strict=True
        ):
            uses[person] = kind != kernel.STOP
    assert column(events, "exposure").max() > 0.5


def test_a_champion_in_the_log_counts_as_much_as_he_or_she_is_noticed(small: Scenario) -> None:
    """On a ring everybody notices two; of a champion and another, one who uses is 3/4."""
    ring = small.changed(
        {
            "organisation.network": {"kind": "ring", "degree": 2},
            "programme.champions": {"share": 0.2, "selection": "random"},
            "parameters.champion_voice": 3.0,
            "parameters.champion_fatigue": 0.0,
        }
    )
    done = simulated(ring, keep_events=True, keep_people=True)
    found = set()
    for _, month, substep, person, _, exposure, *_ in done.events[column(done.events, "run") == 0]:
        if month > 1 or substep > 0:
            champion = done.people[0]["champion"]
            left, right = champion[int(person) - 1], champion[(int(person) + 1) % 60]
            if left + right == 1:
                found.add(round(exposure, 9))
    assert found
    assert found <= {0.75, 1.0}  # champions use from the first month on


def test_the_reasons_in_the_log_decide_again_as_was_decided(lived: kernel.Simulated) -> None:
    """Desire from its parts, against readiness and luck: what happened happens, and nothing else."""
    log = lived.events[column(lived.events, "month") > 0]
    parts = sum(column(log, name) for name in rules.Reasons._fields[:5])
    desire = 1.0 / (1.0 + np.exp(-parts))
    stops = column(log, "kind") == kernel.STOP
    pulls = np.where(stops, 1.0 - desire, desire)
    chance = 1.0 - np.exp(-column(log, "readiness") * pulls)
    assert (column(log, "luck") < chance).all()
    assert stops.any() and not stops.all()
    without = 1.0 - np.exp(-column(log, "readiness") / (1.0 + np.exp(column(log, "peers") - parts)))
    begins = ~stops & (column(log, "peers") > 0.0)
    assert 0.0 < (column(log, "luck") < without)[begins].mean() < 1.0


def test_the_readable_engine_keeps_the_same_log(busy: Scenario) -> None:
    model = AdoptionModel(busy, rng=1)
    for _ in range(busy.simulation.months):
        model.step()
    worlds = world.draw_worlds(world.design(busy), 1, np.array([0]))
    events = kernel.simulate(worlds, world.plan(busy), 1, keep_events=True).events
    assert len(model.events) > 20
    assert np.array_equal(np.array(model.events), events)
