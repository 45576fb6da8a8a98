"""What chance by name promises: the published generator, in both engines, the same bits."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim import draws

WORD = st.integers(0, 2**32 - 1)
INDEX = st.integers(0, 2**31 - 1)
DECISIONS = {
    name: value for name, value in vars(draws).items() if name.isupper() and isinstance(value, int)
}


@pytest.mark.parametrize(
    ("counter", "key", "words"),
    [
        (
            (0, 0, 0, 0),
            (0, 0),
            (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8),
        ),
        (
            (0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF),
            (0xFFFFFFFF, 0xFFFFFFFF),
            (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD),
        ),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
    ids=["zeros", "ones", "digits of pi"],
)
def test_the_generator_gives_the_published_answers(
    counter: tuple[int, int, int, int],
    key: tuple[int, int],
    words: tuple[int, int, int, int],
) -> None:
    """The known answers of Philox4x32-10 that come with Random123 (Salmon et al. 2011)."""
    person, other, index, decision = counter
    seed, stream = key
    assert tuple(draws.block(seed, stream, decision, person, other, index=index)) == words


@settings(max_examples=300, deadline=None, derandomize=True)
@given(seed=WORD, stream=WORD, decision=WORD, person=WORD, other=WORD, index=INDEX)
def test_a_number_lies_between_0_and_1(
    seed: int, stream: int, decision: int, person: int, other: int, index: int
) -> None:
    assert 0.0 < draws.uniform(seed, stream, decision, person, index, other=other) < 1.0


@settings(max_examples=200, deadline=None, derandomize=True)
@given(first=WORD, second=WORD)
def test_a_normal_number_is_finite(first: int, second: int) -> None:
    one, two = draws.unit(first), draws.unit(second)
    assert math.isfinite(draws.normal(one, two))


@pytest.mark.parametrize("word", [0, 1, 2**31, 2**32 - 1])
def test_no_word_becomes_zero_or_one(word: int) -> None:
    assert 0.0 < draws.unit(word) < 1.0


def test_four_successive_indices_are_the_four_words_of_a_block() -> None:
    block = draws.block(1, 2, draws.TRAIT, 3, 0, index=5)
    apart = [draws.uniform(1, 2, draws.TRAIT, 3, 20 + lane) for lane in range(4)]
    assert apart == [draws.unit(word) for word in block]


def test_a_number_does_not_depend_on_what_was_drawn_before() -> None:
    first = draws.uniform(1, 0, draws.INCLINATION, 7, 3)
    for person in range(10):
        draws.uniform(1, 0, draws.TRAIT, person, 0)
    assert draws.uniform(1, 0, draws.INCLINATION, 7, 3) == first


def test_every_decision_has_a_luck_of_its_own() -> None:
    assert sorted(DECISIONS.values()) == list(range(len(DECISIONS)))


def many(varied: int, count: int) -> np.ndarray:
    """Return numbers whose names differ in one part only."""
    drawn = np.empty(count)
    for k in range(count):
        name = np.array([1, 2, 5, 3, 0, 0])
        name[varied] += k
        drawn[k] = draws.uniform(name[0], name[1], name[2], name[3], name[4], other=name[5])
    return drawn


PARTS = ("seed", "stream", "decision", "person", "index", "other")


@pytest.mark.parametrize("part", range(6), ids=PARTS)
def test_names_that_differ_in_one_part_give_independent_uniform_numbers(part: int) -> None:
    drawn = many(part, 20_000)
    assert stats.kstest(drawn, "uniform").pvalue > 1e-4
    for lag in (1, 2, 3, 4, 8):
        assert abs(np.corrcoef(drawn[:-lag], drawn[lag:])[0, 1]) < 4.0 / math.sqrt(drawn.size)


def test_what_two_decisions_draw_for_the_same_people_is_unrelated() -> None:
    people = range(2_000)
    columns = [
        [draws.uniform(1, 0, decision, person) for person in people]
        for decision in DECISIONS.values()
    ]
    related = np.corrcoef(np.array(columns)) - np.eye(len(columns))
    assert np.abs(related).max() < 4.5 / math.sqrt(len(people))


def test_normal_numbers_have_the_moments_of_the_normal_distribution() -> None:
    uniform = many(3, 40_000)
    bells = [draws.normal(a, b) for a, b in zip(uniform[::2], uniform[1::2], strict=True)]
    assert stats.kstest(bells, "norm").pvalue > 1e-4
