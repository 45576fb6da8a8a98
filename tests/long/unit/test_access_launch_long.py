"""What takes long of ``unit/test_access_launch.py``."""

from __future__ import annotations

import pytest
from by_hand import put_catalogue
from hypothesis import given, settings
from hypothesis import strategies as st
from test_access_launch import MONTHS, launches, planned

from sim.channels import LAUNCH
from sim.programme import compiling, effects

promise = settings(max_examples=60, deadline=None, derandomize=True)


@promise
@given(
    start=st.integers(1, 8), months=st.integers(1, 4), access=st.integers(1, 12),
    later=st.integers(0, 5), way=st.sampled_from(["launch", "always"]),
)  # fmt: skip
def test_nobody_gets_less_of_a_launch_for_waiting(
    start: int, months: int, access: int, later: int, way: str
) -> None:
    """The same course of it comes as many months later as the access does, whole or up to the end."""
    with pytest.MonkeyPatch.context() as patch:
        put_catalogue(patch).update(launches())
        one = planned({}, **{way: {"start": start, "months": months}})
        plan = compiling.compile_programme(one)

    class Me:
        department, arrival, led = 1, 0, 0.0

    def course(month: int) -> list[float]:
        me = Me()
        me.access_month = month  # type: ignore[attr-defined]
        return [effects.launch_from_access(plan, plan.onset, 1, me, now) for now in range(MONTHS)]  # type: ignore[arg-type]

    now, then = course(access), course(min(MONTHS, access + later))
    first = max(start, access) - 1
    begins = max(start, min(MONTHS, access + later)) - 1
    assert now[:first] == [0.0] * first and now[first] > 0.0
    assert then[begins:] == now[first : first + MONTHS - begins]
    assert now[first:] == plan.amount[0, : MONTHS - first, LAUNCH].tolist()
