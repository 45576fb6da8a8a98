"""What takes long of ``unit/test_deployments.py``."""

from __future__ import annotations

import numpy as np
import pytest
from by_hand import put_catalogue, scenario
from hypothesis import given
from hypothesis import strategies as st
from test_deployments import calendar, promise


@promise
@given(
    hours=st.floats(1.0, 120.0),
    dose=st.floats(0.1, 4.0),
    start=st.integers(1, 6),
    length=st.integers(1, 6),
    other=st.integers(1, 6),
)
def test_trainers_never_work_more_than_they_can_and_lose_nothing_that_fits(
    hours: float, dose: float, start: int, length: int, other: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        put_catalogue(patch)
        free = scenario(
            course={"dose": dose, "start": start, "months": length},
            second={"measure": "course", "start": other},
        )
        limited = free.changed({"capacity.trainer_hours": hours})
        asked = np.add(*(50 * calendar(free, name) for name in ("course", "second")))
        given_out = np.add(*(50 * calendar(limited, name) for name in ("course", "second")))
    assert (given_out <= hours * (1 + 1e-12)).all()
    done, wanted = given_out.cumsum(), asked.cumsum()
    assert (done <= wanted + 1e-9).all()
    idle = given_out < hours * (1 - 1e-9)
    assert done[idle] == pytest.approx(wanted[idle])  # nobody waits while a trainer is free
