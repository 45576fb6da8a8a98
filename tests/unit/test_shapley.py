"""Shares of a game whose answer is known, exact and sampled."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.decisions import shapley
from sim.engine.kinds import Array
from sim.study.intervals import half_width


def alone(players: int) -> list[list[int]]:
    return [[k] for k in range(players)]


def random_game(players: int, seed: int) -> dict[int, Array]:
    """Return a game without any structure, in three organisations."""
    rng = np.random.default_rng(seed)
    return {mask: rng.normal(size=3) for mask in range(1 << players)}


def by_definition(players: int, value: dict[int, Array]) -> Array:
    """Return Shapley values as the mean over every order, one by one."""
    from itertools import permutations

    adds = np.zeros((players, 3))
    orders = list(permutations(range(players)))
    for order in orders:
        masks = shapley.along(order)
        for player, before, after in zip(order, masks, masks[1:], strict=False):
            adds[player] += value[after] - value[before]
    return adds / len(orders)


@given(st.integers(1, 5), st.integers(0, 100))
def test_it_is_the_mean_over_all_orders_and_adds_up(players: int, seed: int) -> None:
    value = random_game(players, seed)
    shares = shapley.exact(alone(players), value.__getitem__)
    np.testing.assert_allclose(shares, by_definition(players, value), atol=1e-12)
    np.testing.assert_allclose(shares.sum(axis=0), value[(1 << players) - 1] - value[0], atol=1e-12)


def test_it_asks_only_for_what_it_needs_and_for_all_of_that() -> None:
    for unions in (alone(4), [[0, 1], [2, 3, 4]], [[1], [0, 2]]):
        asked = set()

        def value(mask: int, asked: set[int] = asked) -> Array:
            asked.add(mask)
            return np.zeros(1)

        shapley.exact(unions, value)
        assert asked == set(shapley.needed(unions))
    assert len(shapley.needed([[0, 1], [2, 3, 4]])) < 1 << 5


def test_who_adds_nothing_has_nothing_and_equals_are_equal() -> None:
    """Players 0 and 1 are alike, 2 does nothing."""
    value = {mask: np.array([float(((mask & 3).bit_count()) ** 2)]) for mask in range(8)}
    first, second, nothing = shapley.exact(alone(3), value.__getitem__)
    assert first == second == 2.0
    assert nothing == 0.0


def test_what_adds_up_by_itself_comes_back_as_it_went_in() -> None:
    worth = np.array([5.0, -2.0, 0.5, 3.0])
    value = {
        mask: np.array([sum(worth[k] for k in range(4) if mask >> k & 1)]) for mask in range(16)
    }
    shares = shapley.exact(alone(4), value.__getitem__)
    np.testing.assert_allclose(shares[:, 0], worth, atol=1e-12)
    assert np.abs(shapley.interactions(4, value.__getitem__)).max() < 1e-12
    sampled = shapley.sampled(shapley.orders(alone(4), 2, 1), value.__getitem__)
    np.testing.assert_allclose(sampled[:, :, 0], np.tile(worth, (2, 1)), atol=1e-12)


def test_groups_share_what_they_reach_as_one_player_and_divide_it_among_themselves() -> None:
    value = random_game(4, 3)
    shares = shapley.exact([[0, 1], [2], [3]], value.__getitem__)

    def together(mask: int) -> Array:
        inside = (3 if mask & 1 else 0) | (mask & 6) << 1
        return value[inside]

    groups = shapley.exact(alone(3), together)
    np.testing.assert_allclose(shares[[0, 1]].sum(axis=0), groups[0], atol=1e-12)
    np.testing.assert_allclose(shares[2:], groups[1:], atol=1e-12)


def test_two_who_need_each_other_interact_by_what_they_reach() -> None:
    both = shapley.interactions(3, lambda mask: np.array([4.0 * (mask & 3 == 3)]))
    assert both[0, 1, 0] == both[1, 0, 0] == pytest.approx(4.0)
    assert np.abs(both[2]).max() == pytest.approx(0.0)


@pytest.mark.parametrize("unions", [alone(6), [[0, 1, 2], [3], [4, 5]]])
def test_sampled_orders_come_in_pairs_keep_groups_together_and_add_up(
    unions: list[list[int]],
) -> None:
    value = random_game(6, 1)
    some = shapley.orders(unions, 5, 2)
    assert len(some) == 10
    assert all(order[::-1] == other for order, other in zip(some[::2], some[1::2], strict=True))
    for order in some:
        assert sorted(order) == list(range(6))
        for union in unions:
            places = sorted(order.index(player) for player in union)
            assert places == list(range(places[0], places[0] + len(union)))
    adds = shapley.sampled(some, value.__getitem__)
    assert adds.shape == (5, 6, 3)
    np.testing.assert_allclose(adds.sum(axis=1), np.tile(value[63] - value[0], (5, 1)), atol=1e-12)


def test_intervals_of_sampled_orders_hold_the_exact_shares() -> None:
    """In a game with strong interplay; the slow tests ask 400 seeds of the model itself."""
    rng = np.random.default_rng(5)
    weights = rng.uniform(0.2, 1.0, 7)
    value = {
        mask: np.array([1.0 - np.exp(-sum(weights[k] for k in range(7) if mask >> k & 1))])
        for mask in range(128)
    }
    shares = shapley.exact(alone(7), value.__getitem__)[:, 0]
    held = []
    for seed in range(200):
        adds = shapley.sampled(shapley.orders(alone(7), 8, seed), value.__getitem__)[:, :, 0]
        held.append(np.abs(adds.mean(axis=0) - shares) <= half_width(adds.T))
    assert 0.92 < np.mean(held) < 0.98
