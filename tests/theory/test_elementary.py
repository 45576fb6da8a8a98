"""Our own exponential, logarithm and cosine, against arithmetic with forty digits; and sums."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest

from sim.elementary import cosine, exp, log, mean, power, powers, total, totals

UNIT = Decimal(2) ** -53
"""Half the distance from 1 to the next number: what rounding once can take from a number near it."""

TURN = Decimal("6.2831853071795864769252867665590057683943387987502116")


def exact_cosine(turns: Decimal) -> Decimal:
    """Return the cosine of a number of turns to forty digits."""
    square, term, found, n = (TURN * turns) ** 2, Decimal(1), Decimal(1), 0
    while abs(term) > Decimal(10) ** -45:
        n += 2
        term *= -square / (n * (n - 1))
        found += term
    return found


def most_off(
    function: Callable[[float], float],
    exact: Callable[[Decimal], Decimal],
    arguments: Iterable[float],
    relative: bool = True,
) -> float:
    """Return how far a function is off at most [units of 2**-53, of the result if relative]."""
    worst = Decimal(0)
    with localcontext() as context:
        context.prec = 45
        for x in arguments:
            right = exact(Decimal(x))
            off = abs(Decimal(function(x)) - right)
            worst = max(worst, off / abs(right) if relative and right else off)
        return float(worst / UNIT)


def around(x: float, steps: int = 3) -> list[float]:
    """Return a number and its next neighbours."""
    found = [x]
    for to in (-math.inf, math.inf):
        near = x
        for _ in range(steps):
            near = math.nextafter(near, to)
            found.append(near)
    return found


LUCK = random.Random(1)
EXPONENTS = [
    *(LUCK.uniform(-1.0, 1.0) for _ in range(5000)),
    *(LUCK.uniform(-708.0, 709.0) for _ in range(5000)),
    *(x for k in range(-1021, 1022, 7) for x in around((k + 0.5) * math.log(2.0))),
    *(sign * 2.0**-k for k in range(1, 60) for sign in (1.0, -1.0)),
]  # fmt: skip
"""Small, of any size, and where the argument is reduced by another multiple of log 2."""

TURNS = [
    *(LUCK.random() for _ in range(3000)),
    *(x for k in range(1, 8) for x in around(k / 8.0)),
    *(sign * 2.0**-k for k in range(2, 40) for sign in (1.0,)),
]  # fmt: skip


# --- How far off -------------------------------------------------------------------------------


def test_the_exponential_is_off_by_at_most_three_units() -> None:
    assert most_off(exp, Decimal.exp, EXPONENTS) <= 3.0


def test_the_cosine_is_off_by_at_most_two_units_of_one() -> None:
    assert most_off(cosine, exact_cosine, TURNS, relative=False) <= 2.0


@pytest.mark.parametrize("to", [1.0 / 12.0, 0.3, 0.4267, 1.0, 2.0, 7.3, -1.5, 60.0])
def test_a_power_is_off_by_three_units_and_what_its_logarithm_makes_of_three(to: float) -> None:
    with localcontext() as context:
        context.prec = 45
        for x in (LUCK.uniform(1e-6, 2.0) for _ in range(1000)):
            right = (Decimal(to) * Decimal(x).ln()).exp()
            allowed = (3 + 3 * abs(Decimal(to) * Decimal(x).ln())) * UNIT
            assert abs(Decimal(power(x, to)) - right) <= allowed * right


@pytest.mark.parametrize(
    ("function", "low", "high"), [(exp, -30.0, 30.0), (log, 1e-9, 3.0)], ids=["exp", "log"]
)
def test_what_rises_never_falls_from_a_number_to_the_next(
    function: Callable[[float], float], low: float, high: float
) -> None:
    for x in (LUCK.uniform(low, high) for _ in range(2000)):
        line = [function(one) for one in sorted(around(x))]
        assert line == sorted(line)


def test_a_difference_can_be_seen() -> None:
    assert most_off(lambda x: exp(x) * (1.0 + 5e-16), Decimal.exp, EXPONENTS[:100]) > 3.0


# --- Ends and exact values -----------------------------------------------------------------------


@pytest.mark.parametrize("x", [0.0, -0.0, 1e-300, -1e-300])
def test_the_exponential_of_nothing_is_one(x: float) -> None:
    assert exp(x) == 1.0


def test_exponents_beyond_the_ends_count_as_the_ends() -> None:
    assert exp(-1e300) == exp(-708.0) == pytest.approx(math.exp(-708.0), rel=1e-15)
    assert exp(1e300) == exp(709.0) == pytest.approx(math.exp(709.0), rel=1e-15)
    assert math.isfinite(exp(709.0)) and exp(-708.0) >= 2.0**-1022


def test_logarithms_of_one_and_of_the_ends() -> None:
    assert log(1.0) == 0.0
    assert log(0.0) == log(-1.0) == -math.inf
    assert log(5e-324) == pytest.approx(-1074 * math.log(2.0), rel=1e-15)
    assert log(math.inf) == math.inf and math.isnan(log(math.nan))
    assert log(2.0**-1022) == pytest.approx(-1022 * math.log(2.0), rel=1e-15)
    assert log(math.nextafter(math.inf, 0.0)) == pytest.approx(1024 * math.log(2.0), rel=1e-15)


@pytest.mark.parametrize(
    ("turns", "found"), [(0.0, 1.0), (0.25, 0.0), (0.5, -1.0), (0.75, 0.0), (1.0, 1.0)]
)
def test_quarters_of_a_turn_have_exact_cosines(turns: float, found: float) -> None:
    assert cosine(turns) == found


@pytest.mark.parametrize("to", [1.0 / 12.0, 0.5, 1.0, 60.0])
def test_one_to_a_power_is_one_and_nothing_to_a_power_is_nothing(to: float) -> None:
    assert power(1.0, to) == 1.0
    assert power(0.0, to) == 0.0


def test_chances_and_shares_stay_within_their_range() -> None:
    """What the rules make of them: a share kept, a chance, and a logistic desire."""
    for x in (LUCK.uniform(0.0, 50.0) for _ in range(2000)):
        assert 0.0 < exp(-x) <= 1.0
        assert 0.0 <= 1.0 / (1.0 + exp(-x)) <= 1.0
    for x in (LUCK.random() for _ in range(2000)):
        assert 0.0 <= power(x, LUCK.uniform(0.1, 60.0)) <= 1.0


# --- Sums ----------------------------------------------------------------------------------------


def test_totals_are_those_of_each_row() -> None:
    table = np.random.default_rng(2).random((4, 3, 50))
    found = totals(table)
    assert found.shape == (4, 3)
    assert found[2, 1] == total(table[2, 1])
    assert totals(table[0, 0]) == total(table[0, 0])
    assert totals(np.empty((3, 0))).tolist() == [0.0] * 3
    assert total([]) == 0.0


def test_a_mean_gives_each_number_its_weight() -> None:
    assert mean([0.1] * 10) == 0.1
    assert mean([1.0, 2.0, 4.0], [0.0, 3.0, 1.0]) == 2.5
    assert mean(np.array([48.0]), np.array([0.5, 0.25, 1.0])) == 48.0


@pytest.mark.parametrize("x", [1.0, 0.97, 0.5, 0.01, 0.0])
def test_powers_are_running_products(x: float) -> None:
    found = powers(x, 121)
    assert found[:2].tolist() == [1.0, x]
    for k, one in enumerate(found.tolist()):
        right = Fraction(x) ** k
        assert abs(Fraction(one) - right) <= k * Fraction(2) ** -53 * right
    assert powers(x, 1).tolist() == [1.0]
