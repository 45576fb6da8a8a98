"""What takes long of ``engine/test_writer.py``."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import test_writer as quick
from hypothesis import given, settings
from hypothesis import strategies as st
from making import page, ways

pytestmark = quick.pytestmark

sums = quick.sums


def test_memory_is_given_back_but_for_what_is_returned(tmp_path: Path) -> None:
    """A million times a thousand numbers would be eight gigabytes."""
    made = page(
        tmp_path,
        """
@rule
def some(x: float) -> Array:
    lost, kept = np.full(500, x), np.empty(500)
    for i in range(500):
        kept[i] = lost[i] + i
    return kept[100:110]

@rule
def once(x: float) -> float:
    few = some(x)
    return few[3] + some(few[0])[0]

@entry
def f(times: int) -> float:
    total = 0.0
    for k in range(times):
        total += once(1.0)
    return total
""",
    )
    for name, run in ways(made.f, tmp_path).items():
        times = 1_000_000 if name != "python" else 3
        assert run(times) == times * (104.0 + 201.0), name


@given(
    values=st.lists(st.floats(-1e250, 1e250), max_size=40),
    units=st.lists(st.sampled_from([1.0, 2.0**-53, -(2.0**-53), 2.0**-54, 2.0**-107]), max_size=9),
    luck=st.randoms(use_true_random=False),
)
@settings(max_examples=400, deadline=None)
def test_sums_are_rounded_once_whatever_their_order(
    sums: dict[str, Callable[..., Any]], values: list[float], units: list[float], luck: Random
) -> None:
    """Those hardest to round are of numbers that nearly cancel, or lie half a unit apart."""
    for hard in (units, [*values, *(-one * (1.0 + 2.0**-50) for one in values[::2]), *units]):
        luck.shuffle(hard)
        meant = sum(map(Fraction, hard))
        for name, run in sums.items():
            assert run(np.array(hard, float)) == float(meant), name
