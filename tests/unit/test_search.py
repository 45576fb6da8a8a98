"""The search finds what is known to be best, where greed alone does not, and is never fooled by luck."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest

from analysis.decisions.search import (
    FRESH,
    JUDGE,
    SCREEN,
    Lever,
    Plan,
    Tried,
    climb,
    finalists,
    greedy,
    moves_of,
    search,
    select,
)
from sim.engine.kinds import Array


class Toy:
    """A bench of levers with known prices and effects; luck, if any, differs from group to group."""

    def __init__(self, levers: Sequence[Lever], luck: float = 0.0) -> None:
        self.levers, self.luck, self.asked = tuple(levers), luck, 0

    def price(self, plan: Plan) -> float:
        raise NotImplementedError

    def worth(self, plan: Plan) -> float:
        raise NotImplementedError

    def lacking(self, plan: Plan) -> float:
        return float(
            sum(
                lever.stays and option is None
                for lever, option in zip(self.levers, plan, strict=True)
            )
        )

    def values(self, plans: Sequence[Plan], group: int) -> Array:
        self.asked += len(plans)
        rows = []
        for plan in plans:
            key = [0 if option is None else 1 + sum(option) for option in plan]
            noise = np.random.default_rng([group, *key]).normal(0.0, 1.0, 20)
            common = np.random.default_rng([group]).normal(0.0, 5.0, 20)
            rows.append(self.worth(plan) + self.luck * (noise + common))
        return np.array(rows)


class Saturating(Toy):
    """Three measures with diminishing returns, among which money can be split as finely as one likes."""

    UNIT = 2e-5
    W, K, MONEY = (0.5, 0.3, 0.2), (0.08, 0.05, 0.10), 100.0

    def __init__(self) -> None:
        size = round(self.MONEY / self.UNIT) + 1
        entries = tuple((round(part * (size - 1)),) for part in (0.1, 0.25, 0.5, 1.0))
        super().__init__([Lever(f"measure {k}", (size,), entries) for k in range(3)])

    def money(self, plan: Plan) -> list[float]:
        return [0.0 if option is None else self.UNIT * option[0] for option in plan]

    def price(self, plan: Plan) -> float:
        return sum(self.money(plan))

    def worth(self, plan: Plan) -> float:
        return sum(
            w * (1.0 - np.exp(-k * b))
            for w, k, b in zip(self.W, self.K, self.money(plan), strict=True)
        )

    def values(self, plans: Sequence[Plan], group: int) -> Array:
        return np.array([[self.worth(plan)] for plan in plans])


def test_the_split_of_a_known_problem_is_found_to_a_ten_thousandth(monkeypatch) -> None:
    monkeypatch.setattr("analysis.decisions.search.CENT", 1e-9)
    toy = Saturating()
    plan = search(Tried(toy), (None, None, None), Saturating.MONEY)
    assert toy.money(plan) == pytest.approx([37.2200, 39.9354, 22.8445], abs=1e-4)
    assert toy.worth(plan) == pytest.approx(0.913445, abs=1e-6)
    third = round(Saturating.MONEY / 3.0 / Saturating.UNIT)
    assert toy.worth(((third,),) * 3) == pytest.approx(0.901461, abs=1e-6)


class Lumpy(Toy):
    """Four small measures and one that does nothing below a price of 90 and much from there on."""

    PRICES, GAINS = (10.0, 10.0, 10.0, 10.0, 90.0), (10.0, 8.0, 6.0, 4.0, 49.0)

    def __init__(self, luck: float = 0.0) -> None:
        levers = [Lever(f"small {k}", (2,), ((0,), (1,))) for k in range(4)]
        super().__init__([*levers, Lever("large", (2,), ((0,), (1,)))], luck)

    def price(self, plan: Plan) -> float:
        return sum(
            (option[0] + 1) / 2.0 * self.PRICES[k]
            for k, option in enumerate(plan)
            if option is not None
        )

    def worth(self, plan: Plan) -> float:
        small = sum(
            (option[0] + 1) / 2.0 * gain
            for option, gain in zip(plan[:4], self.GAINS, strict=False)
            if option is not None
        )
        return small + (self.GAINS[4] if plan[4] == (1,) else 0.0)


NOTHING: Plan = (None,) * 5


def test_greed_alone_fails_where_a_measure_is_lumpy_and_the_search_finds_it() -> None:
    toy = Lumpy()
    greedy_plan = greedy(Tried(toy), NOTHING, 100.0)[-1]
    assert greedy_plan[4] is None
    assert toy.worth(greedy_plan) == 28.0
    best = search(Tried(toy), NOTHING, 100.0)
    assert best == ((1,), None, None, None, (1,))
    assert toy.worth(best) == 59.0 > toy.worth(greedy_plan) + 21.0


@pytest.mark.parametrize("money", [5.0, 17.0, 45.0, 95.0, 120.0, 200.0])
def test_the_search_is_as_good_as_trying_everything(money: float) -> None:
    toy = Lumpy()
    choices: list[tuple[int] | None] = [None, (0,), (1,)]
    best = max(
        toy.worth(plan) for plan in itertools.product(choices, repeat=5) if toy.price(plan) <= money
    )
    assert toy.worth(search(Tried(toy), NOTHING, money)) == best


def test_a_climb_alone_makes_room_for_what_is_large() -> None:
    toy = Lumpy()
    tried = Tried(toy)
    start = greedy(tried, NOTHING, 100.0)[-1]
    assert climb(tried, start, 100.0)[4] == (1,)


def test_no_plan_is_looked_at_twice() -> None:
    toy = Lumpy()
    tried = Tried(toy)
    search(tried, NOTHING, 100.0)
    asked = toy.asked
    assert asked == len(tried.known)
    search(tried, NOTHING, 100.0)
    assert toy.asked == asked


def test_moves_keep_to_the_money_and_to_what_has_to_be_in() -> None:
    toy = Lumpy()
    toy.levers = (toy.levers[0]._replace(stays=True), *toy.levers[1:])
    tried = Tried(toy)
    plan: Plan = ((1,), (1,), None, None, None)
    greedy(tried, plan, 60.0)
    moves = moves_of(tried, plan, 25.0)
    assert moves
    assert all(toy.price(move) <= 25.0 and move[0] is not None for move in moves)
    assert len(set(moves)) == len(moves)


def test_the_last_round_stops_what_is_clearly_worse_and_keeps_ties() -> None:
    toy = Lumpy(luck=1.0)
    tried = Tried(toy)
    best: Plan = ((1,), None, None, None, (1,))
    bad: Plan = ((0,), None, None, None, None)
    near: Plan = ((1,), (0,), None, None, (1,))  # 4 more: clearly better than best
    chosen = select(tried, [best, bad, near])
    assert chosen.plan == near
    assert bad not in chosen.ties
    assert (bad, FRESH[0]) in tried.known
    assert (bad, FRESH[-1]) not in tried.known


def test_what_has_to_be_seen_to_the_end_is() -> None:
    toy = Lumpy(luck=1.0)
    tried = Tried(toy)
    bad: Plan = ((0,), None, None, None, None)
    chosen = select(tried, [((1,), None, None, None, (1,))], keep=[bad])
    assert bad in chosen.ties
    assert chosen.tried == 2


def test_luck_does_not_lead_the_search_astray() -> None:
    toy = Lumpy(luck=2.0)
    best = search(Tried(toy), NOTHING, 100.0)
    assert toy.worth(best) >= 55.0


def test_finalists_fit_the_money_and_the_best_comes_first() -> None:
    toy = Lumpy()
    tried = Tried(toy)
    search(tried, NOTHING, 100.0)
    last = finalists(tried, 50.0)
    assert all(toy.price(plan) <= 50.0 for plan in last)
    worths = [toy.worth(plan) for plan in last]
    assert worths == sorted(worths, reverse=True)
    assert all((plan, group) in tried.known for plan in last for group in (SCREEN, JUDGE))
