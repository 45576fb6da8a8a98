"""What takes long of ``unit/test_selection.py``."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from test_selection import chosen, staff

from sim.people.selection import SELECTION
from sim.state import EMPLOYEE, TEAM_LEAD


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    way=st.sampled_from(SELECTION),
    people=st.integers(1, 40),
    wanted=st.integers(0, 45),
    pairs=st.lists(st.tuples(st.integers(0, 39), st.integers(0, 39)), max_size=120),
    chances=st.randoms(use_true_random=False),
    stream=st.integers(0, 1000),
)
def test_as_many_as_wanted_are_chosen_and_nobody_who_may_not_be(
    way: str, people: int, wanted: int, pairs: list[tuple[int, int]], chances: Any, stream: int
) -> None:
    table = staff(people, [chances.randrange(4) for _ in range(people)])
    table["role"] = [chances.choice((EMPLOYEE, EMPLOYEE, TEAM_LEAD)) for _ in range(people)]
    eligible = np.array([chances.random() < 0.7 for _ in range(people)])
    real = [(a, b) for a, b in pairs if a != b and max(a, b) < people]
    found = chosen(way, real, table, wanted, eligible, stream=stream)
    able = eligible & (table["role"] == EMPLOYEE)
    assert len(found) == min(wanted, able.sum())
    assert able[found].all()
