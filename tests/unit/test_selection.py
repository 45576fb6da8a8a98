"""Who is chosen as champion: each way on networks small enough to work out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import networkx as nx
import numpy as np
import pytest

from sim import networks, rules, world
from sim.engine.kinds import Array
from sim.networks import KINDS, Wiring
from sim.parameters import Parameters
from sim.people import selection
from sim.people.selection import SELECTION
from sim.scenario.schema import Scenario
from sim.state import EMPLOYEE, NOBODY, PEOPLE, TEAM_LEAD


def ties(people: int, pairs: Sequence[tuple[int, int]]) -> tuple[Array, Array]:
    """Return the sparse table of these pairs."""
    ends = np.array(pairs, np.int32).reshape(-1, 2)
    return networks.ties_of_pairs(people, ends[:, 0], ends[:, 1])


def staff(people: int, departments: Sequence[int] | None = None) -> Any:
    """Return employees who are all alike but for their keys and departments."""
    table = np.zeros(people, PEOPLE)
    table["key"] = np.arange(people)
    table["boss"] = NOBODY
    table["department"] = departments if departments is not None else 0
    return table.view(np.recarray)


def chosen(
    way: str,
    pairs: Sequence[tuple[int, int]],
    people: Any,
    wanted: int,
    eligible: Array | None = None,
    seed: int = 1,
    stream: int = 0,
) -> list[int]:
    """Return the rows of those chosen."""
    start, other = ties(people.size, pairs)
    if eligible is None:
        eligible = np.ones(people.size, np.bool_)
    found = selection.choose(
        people,
        start,
        other,
        eligible,
        wanted,
        selection=SELECTION.index(way),
        p=Parameters(),
        seed=seed,
        stream=stream,
    )
    return np.flatnonzero(found).tolist()  # type: ignore[no-any-return]


TWO_CLIQUES = [
    *((i, j) for i in range(5) for j in range(i)),
    *((i, j) for i in range(6, 11) for j in range(6, i)),
    (4, 5),
    (5, 6),
]
"""People 0 to 4 know each other, 6 to 10 do, and only 5 knows one of each."""

STAR = [(0, i) for i in range(1, 9)]


# --- What every way promises ---------------------------------------------------------------


def test_plain_and_compiled_code_agree_on_paths_names_and_covers(small: Scenario) -> None:
    worlds = world.draw_worlds(world.design(small), 3, np.arange(1))
    people, start, other = worlds.people[0].view(np.recarray), worlds.start[0], worlds.other
    able, line = people["role"] == EMPLOYEE, np.arange(60)[::-1].copy()
    for function, rest in (
        (selection.betweenness, (start, other, np.arange(60))),
        (selection.nominations, (people, start, other, able, 3, 0)),
        (selection.covering, (start, other, line, able, 7)),
    ):
        assert np.array_equal(function(*rest), function.plain(*rest))


@pytest.mark.parametrize("way", SELECTION)
def test_where_nobody_has_ties_all_ways_still_choose(way: str) -> None:
    assert len(chosen(way, [], staff(30), 6)) == 6


@pytest.mark.parametrize("way", SELECTION)
def test_nobody_is_chosen_where_none_is_wanted_or_able(way: str) -> None:
    assert chosen(way, STAR, staff(9), 0) == []
    assert chosen(way, STAR, staff(9), 3, np.zeros(9, np.bool_)) == []


@pytest.mark.parametrize("way", ["most_connected", "best_bridge", "nominated", "greedy", "named"])
def test_among_people_without_ties_the_choice_is_by_chance(way: str) -> None:
    """Also in a network of everybody, whose ties are counted and never stored."""
    for stream in range(5):
        assert chosen(way, [], staff(30), 6, stream=stream) == chosen(
            "random", [], staff(30), 6, stream=stream
        )


@pytest.mark.parametrize("way", ["random", "volunteers", "most_connected", "best_bridge", "greedy"])
def test_the_choice_belongs_to_people_and_not_to_their_rows(way: str) -> None:
    """With the same keys in another order, the same keys are chosen."""
    rng = np.random.default_rng(5)
    graph = nx.gnm_random_graph(40, 90, seed=2)
    people = staff(40)
    people["expectation"] = rng.random(40)
    row = rng.permutation(40)
    moved = people[np.argsort(row)].copy()
    same = chosen(way, list(graph.edges), people, 9)
    again = chosen(way, [(int(row[a]), int(row[b])) for a, b in graph.edges], moved, 9)
    assert sorted(moved["key"][again].tolist()) == same


def test_organisations_stored_one_after_the_other_choose_as_each_alone(small: Scenario) -> None:
    design = world.design(small)
    together = world.draw_worlds(design, 1, np.arange(2))
    alone = world.draw_worlds(design, 1, np.array([1]))
    eligible = np.ones(60, np.bool_)
    for way in range(len(SELECTION)):
        named = {"selection": way, "p": design.p, "seed": 1, "stream": 1}
        assert np.array_equal(
            selection.choose(
                together.people[1], together.start[1], together.other, eligible, 5, **named
            ),
            selection.choose(alone.people[0], alone.start[0], alone.other, eligible, 5, **named),
        )


# --- By chance, by will, by name -----------------------------------------------------------


def test_by_chance_everybody_is_chosen_equally_often() -> None:
    times = np.zeros(20)
    for stream in range(2000):
        times[chosen("random", [], staff(20), 4, stream=stream)] += 1
    expected, error = 400.0, np.sqrt(2000 * 0.2 * 0.8)
    assert np.abs(times - expected).max() < 4 * error


def test_one_more_place_moves_nobody_who_has_one() -> None:
    for way in ("random", "volunteers", "most_connected", "best_bridge", "nominated", "greedy"):
        for wanted in range(10):
            fewer = chosen(way, TWO_CLIQUES, staff(11), wanted)
            assert set(fewer) < set(chosen(way, TWO_CLIQUES, staff(11), wanted + 1))


def test_volunteers_hope_for_much_and_fear_little() -> None:
    people = staff(6)
    people["expectation"] = [0.5, 0.9, 0.9, 0.4, 0.8, 0.1]
    people["threat_control"] = [0.0, 0.9, 0.0, 0.0, 0.0, 0.0]
    assert chosen("volunteers", [], people, 2) == [2, 4]


def test_those_named_are_taken() -> None:
    eligible = np.zeros(11, np.bool_)
    eligible[[2, 7, 9]] = True
    assert chosen("named", TWO_CLIQUES, staff(11), 3, eligible) == [2, 7, 9]


# --- By ties -------------------------------------------------------------------------------


def test_the_middle_of_a_star_is_chosen_by_every_way_that_looks_at_ties() -> None:
    for way in ("most_connected", "best_bridge", "greedy"):
        assert chosen(way, STAR, staff(9), 1) == [0]


def test_a_leader_in_the_middle_is_passed_over() -> None:
    people = staff(9)
    people["role"][0] = TEAM_LEAD
    for way in SELECTION:
        assert chosen(way, STAR, people, 1) != [0]


def test_a_bridge_between_two_cliques_is_found_though_it_has_few_ties() -> None:
    assert chosen("best_bridge", TWO_CLIQUES, staff(11), 1) == [5]
    assert chosen("best_bridge", TWO_CLIQUES, staff(11), 3) == [4, 5, 6]
    assert chosen("most_connected", TWO_CLIQUES, staff(11), 2) == [4, 6]


@pytest.mark.parametrize("seed", range(8))
def test_betweenness_is_what_another_library_finds(seed: int) -> None:
    graph = nx.gnm_random_graph(30, (20, 45, 120, 300)[seed % 4], seed=seed)
    start, other = ties(30, list(graph.edges))
    known = nx.betweenness_centrality(graph, normalized=False)
    found = selection.betweenness(start, other, np.arange(30))
    assert found == pytest.approx([known[i] for i in range(30)], abs=1e-9)


def test_a_line_of_people_has_the_betweenness_worked_out_by_hand() -> None:
    start, other = ties(5, [(0, 1), (1, 2), (2, 3), (3, 4)])
    assert selection.betweenness(start, other, np.arange(5)).tolist() == [0, 3, 4, 3, 0]


def test_in_a_large_firm_paths_from_some_people_find_the_bridges(baseline: Scenario) -> None:
    design = world.design(baseline.changed({"organisation.employees": 600}))
    worlds = world.draw_worlds(design, 1, np.arange(1))
    people, start, other = worlds.people[0], worlds.start[0], worlds.other
    ends = selection.path_ends(people.view(np.recarray), 1, 0)
    assert np.unique(ends).size == selection.PIVOTS
    exact = selection.betweenness(start, other, np.arange(600))
    estimate = selection.betweenness(start, other, ends)
    assert np.corrcoef(exact, estimate)[0, 1] > 0.9
    assert estimate.sum() == pytest.approx(exact.sum(), rel=0.05)


# --- By colleagues -------------------------------------------------------------------------


def test_everybody_asked_names_one_colleague() -> None:
    people = staff(4000)
    start, other = ties(4000, [(i, (i + 1) % 4000) for i in range(4000)])
    named = selection.nominations(people, start, other, np.ones(4000, np.bool_), 1, 0)
    expected = 4000 * selection.ASKED_SHARE
    assert named.sum() == pytest.approx(expected, abs=4 * np.sqrt(expected))
    assert named.max() <= 2


def test_nobody_names_a_leader_or_a_stranger() -> None:
    people = staff(200)
    people["role"][0] = TEAM_LEAD
    able = people["role"] == EMPLOYEE
    start, other = ties(200, [(0, i) for i in range(1, 200)] + [(1, 2)])
    named = selection.nominations(people, start, other, able, 1, 0)
    assert set(np.flatnonzero(named)) <= {1, 2}


def test_those_whom_colleagues_name_are_better_connected_than_average() -> None:
    """The friendship paradox: a tie ends at a person in proportion to that person's ties."""
    wiring = Wiring(KINDS.index("scale_free"), 0.0, 0.0, 0.0, 0.0, 6.0, 0.0, False)
    start, other = networks.draw_theory_ties(4000, wiring, 1, 0)
    degree = np.diff(start).astype(float)
    people, able = staff(4000), np.ones(4000, np.bool_)
    named = sum(selection.nominations(people, start, other, able, 1, stream) for stream in range(4))
    of_friends = np.mean([degree[other[start[i] : start[i + 1]]].mean() for i in range(4000)])
    assert of_friends > 1.5 * degree.mean()
    of_named = float((named * degree).sum() / named.sum())
    assert of_named == pytest.approx(of_friends, rel=0.1)


def test_nominated_champions_have_more_ties_than_random_and_fewer_than_the_best_connected(
    baseline: Scenario,
) -> None:
    design = world.design(baseline)
    worlds = world.draw_worlds(design, 1, np.arange(30))
    eligible = np.ones(worlds.people.shape[1], np.bool_)

    def ties_of(way: str) -> float:
        found = []
        for run in range(30):
            chosen_ones = selection.choose(
                worlds.people[run], worlds.start[run], worlds.other, eligible, 11,
                selection=SELECTION.index(way), p=design.p, seed=1, stream=run,
            )  # fmt: skip
            found.append(np.diff(worlds.start[run])[chosen_ones].mean())
        return float(np.mean(found))

    assert 1.1 * ties_of("random") < ties_of("nominated") < 0.9 * ties_of("most_connected")


# --- By department -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sizes", "wanted", "known"),
    [
        ((50, 30, 20), 10, (5, 3, 2)),
        ((47, 33, 20), 10, (5, 3, 2)),
        ((90, 6, 4), 10, (8, 1, 1)),
        ((5, 60, 35), 2, (0, 1, 1)),
        ((0, 60, 40), 3, (0, 2, 1)),
        ((2, 1, 1), 4, (2, 1, 1)),
    ],
)
def test_places_go_to_departments_by_size_and_one_to_each_while_they_last(
    sizes: tuple[int, ...], wanted: int, known: tuple[int, ...]
) -> None:
    people = staff(sum(sizes), np.repeat(np.arange(len(sizes)), sizes).tolist())
    people["expectation"] = np.random.default_rng(1).random(people.size)
    found = chosen("per_department", [], people, wanted)
    assert tuple(np.bincount(people["department"][found], minlength=len(sizes))) == known


def test_in_each_department_the_most_willing_are_chosen() -> None:
    people = staff(8, [0, 0, 0, 0, 0, 0, 1, 1])
    people["expectation"] = [0.1, 0.9, 0.2, 0.8, 0.3, 0.7, 0.2, 0.1]
    assert chosen("per_department", [], people, 4) == [1, 3, 5, 6]
    assert rules.felt_threat(people[0], Parameters()) == 0.0


# --- One after the other -------------------------------------------------------------------


def reach(found: Sequence[int], pairs: Sequence[tuple[int, int]]) -> int:
    """Return how many people are among these or know one of them."""
    graph = nx.Graph(list(pairs))
    return len(set(found) | {j for i in found if i in graph for j in graph[i]})


def test_a_second_champion_is_not_looked_for_where_the_first_reaches_all() -> None:
    """Two people of one large clique have most ties; one of it and one of the small one reach all."""
    large = [(i, j) for i in range(6) for j in range(i)]
    small = [(i, j) for i in range(6, 9) for j in range(6, i)]
    found = chosen("greedy", large + small, staff(9), 2)
    assert [i < 6 for i in found] == [True, False]
    assert reach(found, large + small) == 9
    assert all(i < 6 for i in chosen("most_connected", large + small, staff(9), 2))


def test_a_cover_worked_out_by_hand_is_found() -> None:
    """0 adds seven, then 8 four and 7 three, while 9 with five ties adds only itself."""
    pairs = [(0, i) for i in range(1, 7)]
    pairs += [(7, 10), (7, 11), (8, 12), (8, 13), (8, 14), *((9, i) for i in (1, 2, 3, 4, 13))]
    assert chosen("greedy", pairs, staff(15), 1) == [0]
    assert chosen("greedy", pairs, staff(15), 2) == [0, 8]
    assert chosen("greedy", pairs, staff(15), 3) == [0, 7, 8]
    assert chosen("most_connected", pairs, staff(15), 2) == [0, 9]


@pytest.mark.parametrize("seed", range(6))
def test_each_one_added_adds_as_many_as_anybody_could(seed: int) -> None:
    graph = nx.gnm_random_graph(60, 110, seed=seed)
    pairs = list(graph.edges)
    before: list[int] = []
    for wanted in range(1, 12):
        now = chosen("greedy", pairs, staff(60), wanted)
        best = max(reach([*before, i], pairs) for i in range(60) if i not in before)
        assert reach(now, pairs) == best
        before = now


def test_when_everybody_is_reached_the_rest_is_chosen_by_chance() -> None:
    first = chosen("greedy", STAR, staff(9), 4)
    assert 0 in first
    luck = chosen("random", STAR, staff(9), 4, np.arange(9) > 0)
    assert set(first) - {0} < set(luck)
