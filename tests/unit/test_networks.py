"""What every kind of network promises: mutual ties, in bands seen in real firms, or as in theory."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.network.numbers import Figures, figures
from sim import networks, world
from sim.engine.kinds import Array
from sim.errors import AdoptionError
from sim.networks import KINDS, Wiring
from sim.scenario.schema import Scenario
from sim.state import NOBODY, PEOPLE
from sim.world import Worlds


def drawn(scenario: Scenario, seed: int = 1, organisations: int = 1) -> Worlds:
    """Return the people and ties of a scenario's first organisations."""
    return world.draw_worlds(world.design(scenario), seed, np.arange(organisations))


def colleagues(worlds: Worlds, run: int = 0) -> list[list[int]]:
    """Return whom each person notices in one organisation."""
    start = worlds.start[run]
    return [worlds.other[start[i] : start[i + 1]].tolist() for i in range(start.size - 1)]


def graph_of(noticed: list[list[int]]) -> nx.Graph:
    """Return the same ties as a graph."""
    graph = nx.Graph()
    graph.add_nodes_from(range(len(noticed)))
    graph.add_edges_from((i, j) for i, row in enumerate(noticed) for j in row)
    return graph


def of_kind(scenario: Scenario, kind: str, **numbers: Any) -> Scenario:
    """Return the scenario with another network."""
    changes = {f"organisation.network.{name}": value for name, value in numbers.items()}
    return scenario.changed({"organisation.network.kind": kind, **changes})


def assert_sound(noticed: list[list[int]]) -> None:
    """Ties are mutual and sorted, nobody notices himself or herself, or anybody twice."""
    for i, row in enumerate(noticed):
        assert row == sorted(set(row))
        assert i not in row
        assert all(i in noticed[j] for j in row)


# --- The default ---------------------------------------------------------------------------


def assert_in_bands(found: Figures) -> None:
    """The figures are those of friendship and advice ties in real firms."""
    assert 7 <= found.degree <= 20
    assert 0.4 <= found.clustering <= 0.6
    assert 1.3 <= found.path <= 3.2
    assert 0.34 <= found.inside <= 0.85


@pytest.mark.parametrize("people", [50, 140, 500, 1000])
@pytest.mark.parametrize("seed", range(20))
def test_the_default_network_looks_like_a_real_firm(
    people: int, seed: int, baseline: Scenario
) -> None:
    assert_in_bands(figures(drawn(baseline.changed({"organisation.employees": people}), seed)))


@pytest.mark.parametrize(("people", "grows"), [(20, False), (140, False), (160, True)])
def test_ties_across_grow_with_size_only_above_the_usual_one(
    people: int, grows: bool, baseline: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = baseline.changed({"organisation.employees": people})
    plan, staff = world.design(scenario), drawn(scenario).people[0].view(np.recarray)

    def pairs() -> Array:
        return np.array(networks.team_pairs(staff, plan.plan.department_start, 1, 0, plan.wiring))

    now = pairs()
    monkeypatch.setattr(networks, "GROWTH", 0.0)
    assert np.array_equal(now, pairs()) is not grows


def test_in_a_firm_of_a_thousand_people_have_a_few_more_ties_across(baseline: Scenario) -> None:
    thousand = baseline.changed({"organisation.employees": 1000})
    without = drawn(of_kind(thousand, "teams", cross_ties=0), organisations=3).other.size
    some = drawn(of_kind(thousand, "teams", cross_ties=4), organisations=3).other.size
    assert 4.5 < (some - without) / (3 * 1000) < 6.0


def test_in_a_large_firm_some_know_very_many_and_most_do_not(baseline: Scenario) -> None:
    def unevenness(people: int) -> float:
        worlds = drawn(baseline.changed({"organisation.employees": people}))
        degree = np.diff(worlds.start[0])
        return float(degree.max() / np.median(degree))

    assert unevenness(2000) > 2 * unevenness(140)


def test_ties_grow_with_people_and_not_with_their_square(baseline: Scenario) -> None:
    many = drawn(baseline.changed({"organisation.employees": 4000}))
    assert many.other.size / 4000 < 20


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    people=st.integers(2, 150),
    team_size=st.integers(2, 30),
    cross_ties=st.floats(0.0, 20.0),
    inside=st.floats(0.0, 1.0),
    spread=st.floats(0.0, 3.0),
    seed=st.integers(0, 2**32 - 1),
)
def test_ties_of_teams_are_mutual_sorted_and_never_double(
    people: int, team_size: int, cross_ties: float, inside: float, spread: float, seed: int
) -> None:
    scenario = Scenario().changed(
        {
            "organisation.employees": people,
            "organisation.team_size": team_size,
            "organisation.departments": {"one": {"share": 0.7}, "two": {"share": 0.3}},
            "organisation.network": {
                "cross_ties": cross_ties,
                "inside_department": inside,
                "sociability_spread": spread,
            },
        }
    )
    worlds = drawn(scenario, seed, organisations=2)
    for run in (0, 1):
        assert_sound(colleagues(worlds, run))


def test_everybody_knows_the_own_lead_and_every_leader_the_own_boss(baseline: Scenario) -> None:
    worlds = drawn(of_kind(baseline, "teams", team_ties=0, cross_ties=0))
    noticed, people = colleagues(worlds), worlds.people[0]
    for i, me in enumerate(people):
        if me["boss"] != NOBODY:
            assert int(me["boss"]) in noticed[i]


def test_with_certain_team_ties_a_team_is_a_clique(baseline: Scenario) -> None:
    worlds = drawn(of_kind(baseline, "teams", team_ties=1, cross_ties=0))
    noticed, team = colleagues(worlds), worlds.people[0]["team"]
    for i in range(team.size):
        mates = set(np.flatnonzero(team == team[i]).tolist()) - {i}
        assert team[i] == NOBODY or mates <= set(noticed[i])


def test_more_cross_ties_are_more_ties_in_the_number_asked_for(baseline: Scenario) -> None:
    without = drawn(of_kind(baseline, "teams", cross_ties=0), organisations=20).other.size
    some = drawn(of_kind(baseline, "teams", cross_ties=4), organisations=20).other.size
    assert (some - without) / (20 * 140) == pytest.approx(4.0, rel=0.1)


def test_ties_across_stay_inside_the_department_as_often_as_asked(baseline: Scenario) -> None:
    inside = [
        figures(drawn(of_kind(baseline, "teams", inside_department=share))).inside
        for share in (0.0, 0.5, 1.0)
    ]
    assert inside[0] < inside[1] < inside[2]


def test_a_team_tie_does_not_depend_on_who_else_works_there(baseline: Scenario) -> None:
    """The tie of two people of one team is drawn by their names, whatever the department."""
    one = {"organisation.departments": {"all": {"share": 1.0}}, "organisation.team_size": 50}
    smaller = drawn(
        of_kind(baseline, "teams", cross_ties=0).changed(one | {"organisation.employees": 30})
    )
    larger = drawn(
        of_kind(baseline, "teams", cross_ties=0).changed(one | {"organisation.employees": 40})
    )
    assert smaller.people[0]["team"][1] == larger.people[0]["team"][1]
    few, many = colleagues(smaller), colleagues(larger)
    for i in range(1, 30):
        assert [j for j in many[i] if j < 30] == few[i]


def test_compiled_and_plain_code_draw_the_same_pairs(baseline: Scenario) -> None:
    scenario = baseline.changed({"organisation.employees": 70})
    plan, worlds = world.design(scenario), drawn(scenario, seed=9)
    staff = worlds.people[0].view(np.recarray)
    pairs = networks.team_pairs(staff, plan.plan.department_start, 9, 0, plan.wiring)
    start, other = networks.ties_of_pairs(70, *pairs)
    assert np.array_equal(start, worlds.start[0])
    assert np.array_equal(other, worlds.other)


# --- Networks of theory --------------------------------------------------------------------


def theory(
    kind: str, people: int = 60, degree: float = 6, seed: int = 1, **more: Any
) -> list[list[int]]:
    """Return whom each person notices in a network of theory."""
    numbers: dict[str, Any] = {"rewiring": 0.1, "keep_degree": False, **more}
    inside = numbers.pop("inside_department", 0.0)
    departments = numbers.pop("departments", None)
    wiring = Wiring(KINDS.index(kind), 0.0, 0.0, inside, 0.0, float(degree), **numbers)
    start, other = networks.draw_theory_ties(people, wiring, seed, 0, departments)
    return [other[start[i] : start[i + 1]].tolist() for i in range(people)]


@pytest.mark.parametrize("people", [2, 3, 7, 8, 60])
@pytest.mark.parametrize("degree", [0, 1, 2, 5, 6, 1000])
def test_on_a_ring_everybody_notices_the_nearest_on_both_sides(people: int, degree: int) -> None:
    noticed = theory("ring", people, degree)
    assert_sound(noticed)
    half = min(degree // 2, (people - 1) // 2)
    for i, row in enumerate(noticed):
        near = {(i + step) % people for step in range(-half, half + 1)} - {i}
        assert set(row) == near


def test_a_small_world_without_rewiring_is_a_ring() -> None:
    assert theory("small_world", rewiring=0.0) == theory("ring")


@pytest.mark.parametrize("keep_degree", [False, True])
@pytest.mark.parametrize("share", [0.1, 0.5, 1.0])
def test_rewiring_moves_ties_and_loses_none(share: float, keep_degree: bool) -> None:
    ring = graph_of(theory("ring", 200, 8))
    noticed = theory("small_world", 200, 8, rewiring=share, keep_degree=keep_degree)
    assert_sound(noticed)
    moved = graph_of(noticed)
    assert moved.number_of_edges() == ring.number_of_edges()
    kept = len(set(moved.edges) & set(ring.edges)) / ring.number_of_edges()
    # A tie is also moved when another one swaps ends with it.
    left = (1 - share) ** 2 if keep_degree else 1 - share
    assert kept == pytest.approx(left, abs=0.08)
    assert nx.average_clustering(moved) < nx.average_clustering(ring)
    if keep_degree:
        assert {degree for _, degree in moved.degree} == {8}


def test_rewiring_draws_another_network_for_each_organisation() -> None:
    assert theory("small_world", seed=1) != theory("small_world", seed=2)
    assert theory("ring", seed=1) == theory("ring", seed=2)


@pytest.mark.parametrize("degree", [0.5, 4, 12])
def test_a_random_network_has_the_mean_degree_asked_for(degree: float) -> None:
    noticed = theory("random", 2000, degree)
    assert_sound(noticed)
    counts = [len(row) for row in noticed]
    assert np.mean(counts) == pytest.approx(degree, rel=0.08)
    assert np.var(counts) == pytest.approx(degree, rel=0.15)  # Poisson


def test_a_random_network_has_no_preferred_ends() -> None:
    counts = np.array([len(row) for row in theory("random", 3000, 10)])
    thirds = [part.mean() for part in np.split(counts, 3)]
    assert thirds == pytest.approx([10.0] * 3, rel=0.06)


@pytest.mark.parametrize("people", [2, 3, 20])
def test_a_random_network_that_asks_for_everybody_gives_everybody(people: int) -> None:
    noticed = theory("random", people, 1000)
    assert all(len(row) == people - 1 for row in noticed)


@pytest.mark.parametrize("degree", [0, 0.5, 1, 2, 7, 12])
@pytest.mark.parametrize("people", [2, 3, 40, 1000])
def test_a_scale_free_network_has_the_mean_degree_asked_for(people: int, degree: float) -> None:
    noticed = theory("scale_free", people, degree)
    assert_sound(noticed)
    ties = sum(len(row) for row in noticed) / 2
    asked = min(degree, people - 1) * people / 2
    assert ties == pytest.approx(asked, abs=4 * np.sqrt(people) / 2)


def test_everybody_in_a_scale_free_network_can_reach_everybody() -> None:
    """Who arrives finds somebody who is there already."""
    for degree in (2, 5, 10):
        assert nx.is_connected(graph_of(theory("scale_free", 300, degree)))


def test_who_is_a_hub_is_chance_and_not_the_row() -> None:
    degree = np.array(
        [[len(row) for row in theory("scale_free", 90, 6, seed)] for seed in range(60)]
    )
    thirds = [part.mean() for part in np.split(degree, 3, axis=1)]
    assert thirds == pytest.approx([6.0] * 3, rel=0.1)


@pytest.mark.parametrize("kind", ["scale_free", "block"])
@pytest.mark.parametrize("people", [2, 3, 20])
def test_a_new_network_that_asks_for_everybody_gives_everybody(kind: str, people: int) -> None:
    departments = np.array([0, 1, people])
    noticed = theory(kind, people, 1000, inside_department=0.5, departments=departments)
    assert all(len(row) == people - 1 for row in noticed)


@pytest.mark.parametrize("inside", [0.0, 0.3, 0.8, 1.0])
def test_blocks_keep_as_many_ties_inside_as_asked(inside: float) -> None:
    starts = np.array([0, 30, 400, 700, 1500, 2000])
    noticed = theory("block", 2000, 10, inside_department=inside, departments=starts)
    assert_sound(noticed)
    department = np.searchsorted(starts, np.arange(2000), "right")
    ends = np.array([(department[i], department[j]) for i, row in enumerate(noticed) for j in row])
    assert len(ends) / 2000 == pytest.approx(10, rel=0.05)
    assert (ends[:, 0] == ends[:, 1]).mean() == pytest.approx(inside, abs=0.02)
    assert set(ends[:, 0]) == set(range(1, 6))


def test_ties_that_do_not_fit_into_a_small_department_go_across() -> None:
    starts = np.array([0, *range(3, 303, 3), 600])
    noticed = theory("block", 600, 10, inside_department=1.0, departments=starts)
    degree = np.array([len(row) for row in noticed])
    assert degree.mean() == pytest.approx(10, rel=0.05)
    assert all({3 * (i // 3) + k for k in range(3)} - {i} <= set(noticed[i]) for i in range(300))


def test_blocks_are_refused_where_nobody_says_which_departments_there_are() -> None:
    with pytest.raises(AdoptionError, match="departments"):
        theory("block")


@pytest.mark.parametrize("kind", ["scale_free", "block"])
def test_compiled_and_plain_code_draw_the_same_new_networks(kind: str) -> None:
    starts = np.array([0, 3, 20, 60])
    noticed = theory(kind, inside_department=0.6, departments=starts)
    pairs = (
        networks.scale_free_pairs(60, 6.0, 1, 0)
        if kind == "scale_free"
        else networks.block_pairs(starts, 6.0, 0.6, 1, 0)
    )
    start, other = networks.ties_of_pairs(60, *pairs)
    assert noticed == [other[start[i] : start[i + 1]].tolist() for i in range(60)]


@pytest.mark.parametrize("kind", ["scale_free", "block"])
def test_new_networks_stay_sparse_among_a_hundred_thousand(kind: str) -> None:
    wiring = Wiring(KINDS.index(kind), 0.0, 0.0, 0.6, 0.0, 10.0, 0.0, False)
    starts = np.array([0, 1000, 60_000, 100_000])
    start, other = networks.draw_theory_ties(100_000, wiring, 1, 0, starts)
    assert start.size == 100_001
    assert other.size == pytest.approx(1_000_000, rel=0.01)


def test_pairs_rarer_than_numbers_can_say_are_skipped() -> None:
    assert networks.absent(0.5, 1e-18) >= 10**18
    assert networks.absent(0.5, 1.0) == 0
    assert networks.absent(0.3, 0.5) == 1


def test_nothing_is_drawn_where_ties_come_from_a_file() -> None:
    assert theory("imported") == [[] for _ in range(60)]


@pytest.mark.parametrize("kind", ["none", "complete"])
def test_no_tie_is_stored_where_none_or_all_exist(kind: str, small: Scenario) -> None:
    worlds = drawn(of_kind(small, kind), organisations=2)
    assert worlds.other.size == 0
    assert not worlds.start.any()
    assert worlds.complete == (kind == "complete")


@pytest.mark.parametrize("kind", ["ring", "small_world", "random", "scale_free", "block"])
def test_organisations_of_theory_stand_side_by_side(kind: str, small: Scenario) -> None:
    scenario = of_kind(small, kind)
    together = drawn(scenario, organisations=3)
    for run in range(3):
        alone = world.draw_worlds(world.design(scenario), 1, np.array([run]))
        assert colleagues(together, run) == colleagues(alone)
        assert_sound(colleagues(together, run))


# --- The sparse table ----------------------------------------------------------------------


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    pairs=st.lists(
        st.tuples(st.integers(0, 11), st.integers(0, 11)).filter(lambda pair: pair[0] != pair[1]),
        max_size=60,
    )
)
def test_the_table_holds_each_pair_once_in_both_directions(pairs: list[tuple[int, int]]) -> None:
    ends = np.array(pairs, np.int32).reshape(-1, 2)
    start, other = networks.ties_of_pairs(12, ends[:, 0], ends[:, 1])
    noticed = [other[start[i] : start[i + 1]].tolist() for i in range(12)]
    assert_sound(noticed)
    assert {(i, j) for i, row in enumerate(noticed) for j in row} == {
        pair for a, b in pairs for pair in ((a, b), (b, a))
    }


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    widths=st.lists(st.floats(1e-3, 10.0), min_size=1, max_size=30),
    aim=st.floats(0.0, 1.0, exclude_max=True),
)
def test_a_place_in_a_running_sum_is_the_stretch_it_falls_in(
    widths: list[float], aim: float
) -> None:
    edges = np.concatenate([[0.0], np.cumsum(widths)])
    target = aim * edges[-1]
    row = networks.place(edges, 0, len(widths), target)
    assert edges[row] <= target
    assert target < edges[row + 1] or row == len(widths) - 1


def test_an_array_grows_by_keeping_what_it_has() -> None:
    longer = networks.grown(np.array([3, 1, 2], np.uint32), 5)
    assert longer.size == 5
    assert longer.dtype == np.uint32
    assert longer[:3].tolist() == [3, 1, 2]


def test_the_table_of_people_has_a_row_per_person(small: Scenario) -> None:
    worlds = drawn(small, organisations=3)
    assert worlds.people.shape == (3, 60)
    assert worlds.people.dtype == PEOPLE
    assert worlds.start.shape == (3, 61)
