"""Adoption by thresholds: crowds, cascades on networks, simple and complex contagion."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from parts import few
from scipy.stats import norm

from sim.engine.kinds import Array
from sim.scenario.schema import Scenario

from . import reference
from .limits import (
    CERTAIN,
    circles,
    copies,
    let_use,
    measure,
    neutral,
    people_after,
    worlds_of,
)

COUNT = {**CERTAIN, "rules.contagion": "step_count", "parameters.full_circle": 1.0}
"""Followers ask for a number of colleagues, not for a share of them."""


def crowd(people: int, months: int, changes: dict[str, Any] | None = None) -> Scenario:
    """Return a crowd in which everybody counts everybody."""
    size = {"organisation.employees": people, "simulation.months": months}
    return neutral({**COUNT, **size, **(changes or {})})


# --- Granovetter's crowds -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["step_count", "step"])
def test_thresholds_from_0_to_99_bring_in_everybody_one_by_one(kind: str) -> None:
    scenario = crowd(100, 110, {"rules.contagion": kind})
    worlds = worlds_of(scenario)
    others = np.arange(100) if kind == "step_count" else np.arange(100) / 99
    worlds.people["threshold"][0] = others
    let_use(worlds, np.s_[0, 0])
    using = np.round(measure(scenario, worlds)[0] * 100)
    np.testing.assert_array_equal(using, np.minimum(np.arange(111) + 1, 100))


def test_one_person_with_a_threshold_of_two_instead_of_one_stops_the_crowd() -> None:
    scenario = crowd(100, 110)
    worlds = worlds_of(scenario)
    worlds.people["threshold"][0] = [0, 2, *range(2, 100)]
    let_use(worlds, np.s_[0, 0])
    assert (measure(scenario, worlds)[0] * 100 == 1).all()


def test_normal_crowds_end_at_their_known_sizes() -> None:
    known = {
        10: 0.7696,
        11: 1.7130,
        12: 4.0211,
        12.2: 5.4792,
        12.3: 100.000,
        15: 99.99997,
        20: 99.991,
        30: 99.339,
    }
    for spread, size in known.items():
        assert reference.normal_crowd(spread) == pytest.approx(size, abs=5e-4)
    critical = reference.critical_spread()
    assert critical == pytest.approx(12.22209, abs=1e-4)
    assert reference.normal_crowd(critical - 1e-4) == pytest.approx(6.15, abs=0.01)
    assert reference.normal_crowd(critical + 1e-4) > 99.99


SPREADS = [10, 12, 12.2, 12.3, 15, 30]


@pytest.mark.parametrize("spread", few(SPREADS, 1))
def test_a_normal_crowd_ends_at_the_first_fixed_point(spread: float) -> None:
    people = 20_000
    scenario = crowd(people, 200)
    worlds = worlds_of(scenario)
    quantile = (np.arange(people) + 0.5) / people
    thresholds = people / 100 * (25 + spread * norm.ppf(quantile))
    worlds.people["threshold"][0] = thresholds
    let_use(worlds, np.s_[0, thresholds <= 0])
    using = np.round(measure(scenario, worlds)[0] * people).astype(int)
    steps = reference.riot(thresholds, int((thresholds <= 0).sum()))
    assert len(steps) < 200
    np.testing.assert_array_equal(using[: len(steps)], steps)
    assert (using[len(steps) :] == steps[-1]).all()
    # A crowd of whole people stops up to a few people early: here a person is .005.
    assert steps[-1] * 100 / people == pytest.approx(reference.normal_crowd(spread), abs=0.08)


@pytest.mark.parametrize("people", [3, 4, 5])
def test_of_all_crowds_exactly_the_parking_functions_join_in(people: int) -> None:
    every = np.array(list(product(range(people), repeat=people)))
    scenario = crowd(people, 1, {"simulation.substeps": people})
    worlds = copies(worlds_of(scenario), len(every))
    worlds.people["threshold"] = every
    let_use(worlds, every == 0)
    joined = int((measure(scenario, worlds)[:, -1] == 1.0).sum())
    assert joined == (people + 1) ** (people - 1)
    assert joined / len(every) == pytest.approx(reference.everybody_parks(people), abs=1e-12)


PARKED = [(10, 0.235795), (20, 0.126348), (50, 0.052776)]


@pytest.mark.parametrize(("people", "known"), few(PARKED, 1))
def test_random_thresholds_bring_in_everybody_as_often_as_cars_park(
    people: int, known: float
) -> None:
    chance = reference.everybody_parks(people)
    assert chance == pytest.approx(known, abs=1e-6)
    scenario = crowd(people, 1, {"simulation.substeps": people})
    rng = np.random.default_rng(people)
    draws, piece, joined = 12_000, 4000, 0
    worlds = copies(worlds_of(scenario), piece)
    for _ in range(draws // piece):
        thresholds = rng.integers(0, people, (piece, people))
        worlds.people["threshold"] = thresholds
        worlds.people["uses"] = thresholds == 0
        joined += int((measure(scenario, worlds)[:, -1] == 1.0).sum())
    assert abs(joined / draws - chance) <= 4 * np.sqrt(chance * (1 - chance) / draws) < 0.016


# --- Watts' cascades ------------------------------------------------------------------------------


def cascades(
    degree: float, threshold: float, people: int, graphs: int, seeds: int, months: int = 30
) -> Array:
    """Return the final share of users in a number of random networks with random seeds."""
    scenario = neutral(
        {
            **CERTAIN,
            "organisation.employees": people,
            "organisation.network.kind": "random",
            "organisation.network.degree": degree,
            "simulation.substeps": 4,
            "simulation.months": months,
        }
    )
    worlds = worlds_of(scenario, graphs)
    worlds.people["threshold"] = threshold
    let_use(worlds, np.s_[:, :seeds])  # rows mean nothing in a random network
    using = measure(scenario, worlds)
    np.testing.assert_array_equal(using[:, -1], using[:, -2])
    final: Array = using[:, -1]
    return final


def test_the_window_of_global_cascades_has_its_known_ends() -> None:
    known = {
        0.10: (1.000001, 13.6593),
        0.12: (1.00008, 10.6574),
        0.15: (1.00373, 7.47708),
        0.18: (1.02070, 5.76468),
        0.22: (1.11411, 3.86307),
        0.25: (1.11411, 3.86307),
    }
    for threshold, (low, high) in known.items():
        assert reference.watts_window(threshold) == pytest.approx((low, high), abs=1e-4)
    assert reference.watts_window(0.30) is None


OUTSIDE = [0.8, 6.5, 8.0]


@pytest.mark.parametrize("degree", few(OUTSIDE, 1))
def test_outside_the_window_one_user_sets_off_nothing(degree: float) -> None:
    assert reference.chance_of_global_cascade(degree, 0.18) < 1e-9
    assert (cascades(degree, 0.18, people=10_000, graphs=12, seeds=1, months=15) < 0.05).all()


# --- Rings and long ties ----------------------------------------------------------------------------


def ring(people: int, degree: int, needed: int, seeds: int, months: int) -> list[int]:
    """Return the number of users step by step on a ring lattice with a block of seeds."""
    scenario = neutral(
        {
            **COUNT,
            "organisation.employees": people,
            "organisation.network.kind": "ring",
            "organisation.network.degree": float(degree),
            "simulation.months": months,
        }
    )
    worlds = worlds_of(scenario)
    worlds.people["threshold"] = needed
    let_use(worlds, np.s_[0, :seeds])
    using: list[int] = np.round(measure(scenario, worlds)[0] * people).astype(int).tolist()
    return using


@pytest.mark.parametrize(
    ("people", "degree", "needed", "seeds", "steps", "early"),
    [
        (1000, 10, 1, 1, 100, 0),
        (1000, 10, 2, 10, 124, 0),
        (1000, 10, 3, 10, 165, 0),
        (1000, 8, 2, 8, 166, 0),
        (200, 6, 2, 6, 49, 0),
        (1000, 10, 5, 10, 493, 2),
        (200, 6, 3, 6, 96, 1),
    ],
)
def test_two_fronts_cover_a_ring_in_the_known_number_of_steps(
    people: int, degree: int, needed: int, seeds: int, steps: int, early: int
) -> None:
    # Where the fronts meet, both lend a hand: the last gap may close a step or two early.
    assert steps == reference.ring_steps(people, degree, needed, seeds) - early
    using = ring(people, degree, needed, seeds, steps + 3)
    assert using.index(people) == steps
    front = degree // 2 - needed + 1
    expected = seeds + 2 * front * np.arange(steps - 5)
    if needed > 1 or seeds > 1:
        np.testing.assert_array_equal(using[: steps - 5], expected)


@pytest.mark.parametrize(("people", "degree", "seeds"), [(1000, 10, 10), (200, 6, 6)])
def test_who_asks_for_more_than_half_the_circle_is_never_reached(
    people: int, degree: int, seeds: int
) -> None:
    assert ring(people, degree, degree // 2 + 1, seeds, 60) == [seeds] * 61


def rewired(needed: int, rewiring: float, runs: int) -> tuple[Array, list[list[list[int]]]]:
    """Return users step by step on rings with swapped ties, from a person and his or her circle."""
    scenario = neutral(
        {
            **COUNT,
            "organisation.employees": 400,
            "organisation.network.kind": "small_world",
            "organisation.network.degree": 8.0,
            "organisation.network.rewiring": rewiring,
            "organisation.network.keep_degree": True,
            "simulation.months": 80,
        }
    )
    worlds = worlds_of(scenario, runs)
    worlds.people["threshold"] = needed
    ties = [circles(worlds, run) for run in range(runs)]
    for run, circle in enumerate(ties):
        let_use(worlds, (run, [0, *circle[0]]))
    return np.round(measure(scenario, worlds) * 400).astype(int), ties


NEEDED = [1, 2]


@pytest.mark.parametrize("needed", few(NEEDED, 1))
@pytest.mark.parametrize("rewiring", [0.0, 0.1, 1.0])
def test_a_cascade_on_any_ties_goes_step_by_step_as_a_plain_program_says(
    needed: int, rewiring: float
) -> None:
    using, ties = rewired(needed, rewiring, runs=20)
    for users, circle in zip(using, ties, strict=True):
        assert {len(one) for one in circle} == {8}
        sizes = reference.cascade(circle, np.full(400, needed), [0, *circle[0]])
        np.testing.assert_array_equal(users[: len(sizes)], sizes)
        assert (users[len(sizes) :] == sizes[-1]).all()


# --- Two who imitate each other ----------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["step", "linear"])
def test_two_who_copy_each_other_swap_places_for_ever(kind: str) -> None:
    for months in (1, 2, 7, 100):
        scenario = neutral(
            {
                **CERTAIN,
                "rules.contagion": kind,
                "parameters.stop_rate": 1.0,
                "organisation.employees": 2,
                "simulation.months": months,
            }
        )
        worlds = worlds_of(scenario)
        worlds.people["threshold"] = 1.0
        let_use(worlds, np.s_[0, 1])
        assert (measure(scenario, worlds) == 0.5).all()
        after = people_after(scenario, worlds)["uses"][0].tolist()
        assert after == ([1, 0] if months % 2 else [0, 1])
