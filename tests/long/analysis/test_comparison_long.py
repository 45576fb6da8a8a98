"""What takes long of ``analysis/test_comparison.py``."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from test_comparison import ends, pairs_of_runs

from analysis.results.comparison import (
    difference,
)


@settings(max_examples=50, deadline=None)
@given(pairs_of_runs)
def test_turning_a_comparison_round_turns_its_signs(runs: list[tuple[float, float]]) -> None:
    both = ends(one=[run[0] for run in runs], other=[run[1] for run in runs])
    there = difference(both, against="one").loc["other"]
    back = difference(both, against="other").loc["one"]
    for left, right in (("difference", "difference"), ("low", "high"), ("high", "low")):
        assert there[left] == pytest.approx(-back[right], abs=1e-9)
    assert there.better == pytest.approx(1.0 - back.better - back.equal)
    assert there.extra_users == pytest.approx(-back.extra_users)
    for one in ("ratio", "odds_ratio"):
        if not math.isnan(there[one]):
            assert there[one] == pytest.approx(1.0 / back[one])
            assert there[f"{one}_low"] * back[f"{one}_high"] == pytest.approx(1.0, rel=1e-6)
