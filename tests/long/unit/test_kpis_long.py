"""What takes long of ``unit/test_kpis.py``."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from test_kpis import step


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    adoption=st.floats(0.0, 1.0), more=st.floats(0.0, 1.0), habit=st.floats(0.0, 1.0),
    departments=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=5), months=st.integers(1, 8),
)  # fmt: skip
def test_more_adoption_is_never_a_lower_step(
    adoption: float, more: float, habit: float, departments: list[float], months: int
) -> None:
    given: dict[str, Any] = {"departments": tuple(departments), "habit": habit, "months": months}
    low, high = step(adoption, **given), step(min(1.0, adoption + more), **given)
    assert 1.0 <= low <= high <= 5.0
