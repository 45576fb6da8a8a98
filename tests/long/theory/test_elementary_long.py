"""What takes long of ``theory/test_elementary.py``."""

from __future__ import annotations

import math
import random
from decimal import Decimal
from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from theory.test_elementary import LUCK, around, most_off

from sim.elementary import log, total

MANY = st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=60)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(values=MANY, luck=st.randoms(use_true_random=False))
def test_a_total_is_the_exact_sum_rounded_once_in_any_order(
    values: list[float], luck: random.Random
) -> None:
    right = float(sum(map(Fraction, values)))
    assert total(values) == total(np.array(values)) == right
    shuffled = luck.sample(values, len(values))
    assert total(shuffled) == right


NUMBERS = [
    *(LUCK.uniform(1e-12, 1.0) for _ in range(5000)),
    *(2.0 ** LUCK.uniform(-1021.9, 1023.9) for _ in range(5000)),
    *(1.0 + sign * 2.0 ** LUCK.uniform(-52.0, -1.0) for _ in range(2500) for sign in (1.0, -1.0)),
    *(x for k in range(-1000, 1000, 13) for x in around(math.sqrt(0.5) * 2.0**k)),
]  # fmt: skip
"""Of any size, near 1, and where a number is reduced by another power of 2."""


def test_the_logarithm_is_off_by_at_most_two_units() -> None:
    assert most_off(log, Decimal.ln, NUMBERS) <= 2.0
