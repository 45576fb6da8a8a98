"""What takes long of ``unit/test_slow.py``."""

from __future__ import annotations

import numpy as np
import pytest
from by_hand import measure, put_catalogue
from hypothesis import given
from hypothesis import strategies as st
from test_slow import moved, promise, scenario


@promise
@given(rate=st.floats(0, 0.9), more=st.floats(0, 0.05), shift=st.floats(-1, 1))
def test_a_faster_culture_moves_further_the_same_way(
    rate: float, more: float, shift: float
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        put_catalogue(patch)["open"] = measure("structural", culture={"participation": shift})
        slow = moved(scenario({"parameters.culture_rate": rate}, open={}))["participation"]
        fast = moved(scenario({"parameters.culture_rate": rate + more}, open={}))["participation"]
    assert (np.sign(shift) * (fast - slow) >= -1e-12).all()
    assert (np.diff(np.abs(slow)) >= -1e-12).all()
