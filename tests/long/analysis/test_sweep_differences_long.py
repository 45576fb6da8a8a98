"""What takes long of ``analysis/test_sweep_differences.py``."""

from __future__ import annotations

import numpy as np
import pytest
import test_sweep_differences as quick

from sim.sweeps import Sweep
from sim.sweeps.differences import _table, cube_of

whole = quick.whole


@pytest.mark.parametrize("vectors", [1, 12])
def test_bands_over_points_and_curves_hold_all_of_them_in_95_of_100(
    whole: Sweep, vectors: int
) -> None:
    """Organisations and vectors are drawn, and crossed: no mean of 4 points x 5 months is missed."""
    rng = np.random.default_rng(5)
    cube = cube_of(whole, "adoption", None)
    names = [{"point": point, "month": month} for point in range(4) for month in range(5)]
    every = curve = 0
    repeats = 400
    for _ in range(repeats):
        values = rng.standard_normal((4, 1, 15, 5)) + 0.5 * rng.standard_normal((4, vectors, 15, 5))
        values = values + rng.standard_normal((1, 1, 15, 1))
        if vectors > 1:
            values = values + 0.7 * rng.standard_normal((4, vectors, 1, 5))
        table = _table(names, values[None], whole, cube)
        every += bool(((table["all_low"] <= 0) & (table["all_high"] >= 0)).all())
        first = table[table["point"] == 0]
        curve += bool(((first["curve_low"] <= 0) & (first["curve_high"] >= 0)).all())
    assert 0.93 <= every / repeats <= (0.97 if vectors == 1 else 1.0)
    assert 0.93 <= curve / repeats <= (0.975 if vectors == 1 else 1.0)
