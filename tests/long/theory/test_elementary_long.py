"""What takes long of ``theory/test_elementary.py``."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.elementary import total

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
