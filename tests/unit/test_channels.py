"""How pushes combine: stocks are linear, pushes add up, saturation happens once."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from sim.channels import (
    CHANNELS,
    RELIEFS,
    Push,
    carry_over,
    channels,
    left,
    saturate,
    strength,
)
from sim.scenario.library import read_words
from sim.scenario.measure import Pushes
from sim.state import THREATS

PUSH = st.floats(-2.0, 5.0)
AMOUNT = st.floats(0.0, 5.0)
PUSHES = st.builds(Push, *[PUSH] * len(RELIEFS), *[AMOUNT] * (len(Push._fields) - len(RELIEFS)))
NOTHING = Push(*[0.0] * len(Push._fields))
FACTORS = ("learning_factor", "example_factor", "discovery_factor")
GAINS = ("incentive", "match_gain", "quality_gain")

promise = settings(max_examples=100, deadline=None, derandomize=True)


def test_a_measure_can_push_on_each_channel_and_on_no_other() -> None:
    assert tuple(Pushes.model_fields) == CHANNELS
    assert Push._fields == (*CHANNELS, "message_pull", "message_promise")
    assert RELIEFS == CHANNELS[: len(RELIEFS)] == tuple(f"relief_{threat}" for threat in THREATS)


def test_what_a_channel_is_declared_to_take_is_what_a_measure_may_say() -> None:
    for name, channel in channels().items():
        lowest, highest = (-4.9 if channel.adds else 0.0), channel.most or 0.99
        for value in (lowest, highest):
            assert getattr(Pushes(**{name: value}), name) == value
        for value in (-5.0 if channel.adds else -0.1, (channel.most or 0.99) + 0.01):
            with pytest.raises(ValidationError):
                Pushes(**{name: value})


def test_every_channel_has_its_words_in_both_languages() -> None:
    words = read_words()
    assert set(CHANNELS) <= set(words)
    assert all(words[name].en != words[name].nl for name in CHANNELS)


def test_no_push_does_nothing() -> None:
    effect = saturate(NOTHING)
    for name, value in effect._asdict().items():
        assert value == (1.0 if name in FACTORS or name.startswith("remaining") else 0.0), name


@promise
@given(one=PUSHES, other=PUSHES)
def test_what_two_pushes_leave_is_what_the_second_leaves_of_the_first(
    one: Push, other: Push
) -> None:
    both = saturate(Push(*(a + b for a, b in zip(one, other, strict=True))))
    for k in range(len(RELIEFS)):
        assert both[k] == pytest.approx(saturate(one)[k] * saturate(other)[k])
    for name in GAINS:
        rest = (1.0 - getattr(saturate(one), name)) * (1.0 - getattr(saturate(other), name))
        assert getattr(both, name) == pytest.approx(1.0 - rest), name
    for name in FACTORS:
        product = getattr(saturate(one), name) * getattr(saturate(other), name)
        assert getattr(both, name) == pytest.approx(product), name
    for name in ("training", "launch", "access"):
        assert getattr(both, name) == pytest.approx(getattr(one, name) + getattr(other, name))


@promise
@given(
    pulls=st.lists(st.floats(1e-3, 2.0), min_size=1, max_size=5),
    levels=st.lists(st.floats(0.0, 1.0), min_size=5, max_size=5),
)
def test_messages_together_promise_something_in_between(
    pulls: list[float], levels: list[float]
) -> None:
    said = levels[: len(pulls)]
    promised = sum(pull * level for pull, level in zip(pulls, said, strict=True))
    level = saturate(
        NOTHING._replace(message_pull=sum(pulls), message_promise=promised)
    ).message_level
    assert min(said) - 1e-12 <= level <= max(said) + 1e-12


def test_strength_and_what_is_left_are_each_others_inverse() -> None:
    for effect in (-3.0, -0.5, 0.0, 0.3, 0.5, 0.99):
        assert left(strength(effect)) == pytest.approx(1.0 - effect)
    assert strength(0.0) == 0.0
    assert strength(-0.3) < 0.0 < strength(0.3)


@promise
@given(effect=st.floats(0.0, 0.9), pieces=st.integers(1, 20))
def test_a_push_in_pieces_removes_as_much_as_one_push(effect: float, pieces: int) -> None:
    rest = 1.0
    for _ in range(pieces):
        rest *= left(strength(effect) / pieces)
    assert rest == pytest.approx(1.0 - effect)


@promise
@given(stock=AMOUNT, dose=AMOUNT, more=AMOUNT, lasting=st.floats(0.0, 0.99))
def test_stocks_are_linear(stock: float, dose: float, more: float, lasting: float) -> None:
    together = carry_over(stock, dose + more, lasting)
    assert together == pytest.approx(
        carry_over(stock, dose, lasting) + carry_over(0.0, more, lasting)
    )


def test_a_steady_dose_settles_at_the_sum_of_its_echoes() -> None:
    stock = 0.0
    for _ in range(200):
        stock = carry_over(stock, 1.0, 0.5)
    assert stock == pytest.approx(2.0)
    assert math.isclose(carry_over(stock, 0.0, 0.5), 1.0)
