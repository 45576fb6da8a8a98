"""Numbers are as firm as what they come from: intervals hold, and rounding says no more than they do."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from analysis.results.answer import Answer, answer
from analysis.results.firm import (
    Amount,
    euros,
    head,
    mean_of,
    median_of,
    of_organisations,
    percents,
    ratio_of,
)
from analysis.words.languages import language

EN, NL = language("en"), language("nl")
promise = settings(max_examples=100, deadline=None, derandomize=True)


# --- Intervals -----------------------------------------------------------------------------


def covered(make, truth: float, times: int = 1000) -> float:
    """Return in which share of repeats an interval holds the truth."""
    rng = np.random.default_rng(1)
    found = [make(rng) for _ in range(times)]
    return float(np.mean([one.low <= truth <= one.high for one in found]))


def test_the_interval_of_a_mean_holds_it_in_95_of_100_repeats() -> None:
    assert covered(lambda rng: mean_of(rng.normal(3.0, 2.0, 12)), 3.0) == pytest.approx(
        0.95, abs=0.015
    )


def test_the_interval_of_a_median_holds_it_in_at_least_95_of_100_repeats() -> None:
    held = covered(lambda rng: median_of(rng.exponential(1.0, 40)), math.log(2.0))
    assert 0.945 <= held <= 0.985


def test_the_interval_of_a_price_per_user_holds_it() -> None:
    def made(rng: np.random.Generator) -> Amount:
        users = rng.normal(20.0, 6.0, 15)
        return ratio_of(1000.0 + 40.0 * users + rng.normal(0.0, 100.0, 15), users)

    assert covered(made, 1800.0 / 20.0) == pytest.approx(0.95, abs=0.015)


def test_a_price_per_user_is_told_only_where_both_are_clear() -> None:
    rng = np.random.default_rng(2)
    users, cost = rng.normal(0.1, 5.0, 30), rng.normal(1000.0, 10.0, 30)
    assert math.isnan(ratio_of(cost, users).mean)
    assert math.isnan(ratio_of(-cost, np.abs(users)).mean)
    assert math.isfinite(ratio_of(cost, np.abs(users) + 1.0).mean)


def test_a_median_that_half_do_not_reach_is_open() -> None:
    never = median_of(np.array([3.0] * 4 + [np.inf] * 16))
    assert math.isinf(never.mean)
    some = median_of(np.array([3.0] * 11 + [np.inf] * 9))
    assert some.mean == 3.0
    assert math.isinf(some.high)


def test_one_organisation_has_no_interval() -> None:
    for one in (mean_of(np.array([5.0])), median_of(np.array([5.0]))):
        assert (one.mean, one.step) == (5.0, 0.0)
        assert math.isnan(one.low)


# --- In words ------------------------------------------------------------------------------


def test_an_amount_whose_sign_is_open_is_about_0() -> None:
    """With 100 organisations it was +9,720, with 400 it was -1,890."""
    told = euros(Amount(9_720.0, -12_480.0, 31_920.0), EN, sign=True)
    assert told == "about 0 (\N{MINUS SIGN}€10,000 to +€30,000)"
    assert "9,720" not in told
    assert (
        euros(Amount(-1_890.0, -12_990.0, 9_210.0), NL)
        == "ongeveer 0 (\N{MINUS SIGN}€\xa013.000 tot +€\xa09.000)"
    )


def test_an_amount_is_as_round_as_it_is_firm() -> None:
    assert euros(Amount(12_345.0, 11_245.0, 13_445.0), EN) == "€12,300 (€11,200 to €13,400)"
    assert euros(Amount(12_345.0, 12_345.0, 12_345.0), EN) == EN.euro(12_345.0)
    assert percents(Amount(0.123, -0.1, 0.346), EN) == ("about 0", "\N{MINUS SIGN}10% to +30%")


@promise
@given(mean=st.floats(-1e7, 1e7), half=st.floats(1.0, 1e6), words=st.sampled_from([EN, NL]))
def test_rounding_never_says_more_than_the_interval(mean: float, half: float, words) -> None:
    one = Amount(mean, mean - half, mean + half)
    assert half / one.step * (1.0 + 1e-9) >= 2.0
    assert half / one.step < 20.0 * (1.0 + 1e-9)
    told = head(one, words)
    if one.low < 0.0 < one.high:
        assert told in ("about 0", "ongeveer 0")
        return
    digits = re.sub(r"\D", "", told)
    if one.step >= 1.0:
        assert abs(float(digits) - abs(mean)) <= one.step / 2.0 + 1e-6


@pytest.mark.parametrize(
    ("share", "told"),
    [
        (1.0, "all 200 organisations"),
        (0.935, "187 of 200 organisations"),
        (0.0, "none of 200 organisations"),
    ],
)
def test_organisations_are_counted(share: float, told: str) -> None:
    assert of_organisations(share, 200, EN) == told
    assert "pairs" in of_organisations(share, 200, EN, pairs=False)


# --- What a comparison says of money, reasons and falls --------------------------------------


@pytest.fixture(scope="module")
def found() -> Answer:
    names = ("baseline", "leadership", "champions", "full-programme")
    return answer(sim.compare([sim.load(name) for name in names], runs=20))


def test_every_amount_of_money_has_an_interval(found: Answer) -> None:
    for strategy in found.strategies:
        for amount in (*strategy.money, *(strategy.extra if strategy.added else ())):
            if math.isfinite(amount.mean):
                assert amount.low <= amount.mean <= amount.high
        told = found.price(EN, strategy)
        balance = told[told.index("balance") :]
        assert " to " in balance


def test_only_what_points_the_way_of_the_difference_is_a_reason(found: Answer) -> None:
    """Users learn what the tool can do, so they expect less of it: no reason why more use it."""
    why, also = found.why(EN), found.also(EN)
    assert any(line.startswith("Felt threat: lower") for line in why)
    assert not any(line.startswith("Expected usefulness: lower") for line in why)
    assert any(line.startswith("Expected usefulness: lower") for line in also)
    turned = answer(found.result, against="full-programme")
    assert turned.best.added[turned.last].high < 0.0
    assert not any(line.startswith("Felt threat: lower") for line in turned.why(EN))
    assert any(line.startswith("Felt threat: higher") for line in turned.why(EN))


def test_a_fall_after_leaders_stop_is_said(found: Answer) -> None:
    """Where people want it so little that use does not go on without them."""
    baseline, leaders = (
        sim.load(name).changed({"parameters.base_desire": -6.0})
        for name in ("baseline", "leadership")
    )
    stops = leaders.changed({"programme.leadership-example": {"months": 12}})
    one = answer(sim.compare([baseline, stops], runs=20)).best
    assert one.fall is not None
    assert one.fall.bottom > 12
    assert one.fall.low < 0.8 * one.fall.high
    assert found.best.fall is None


def test_other_numbers_come_before_organisations(found: Answer) -> None:
    from analysis.results.answer import with_vectors

    told = with_vectors(found, 2, 2).how_sure(EN)
    assert told.index("published research") < told.index("95% interval")
    assert told.endswith("more in all 20 organisations.")
