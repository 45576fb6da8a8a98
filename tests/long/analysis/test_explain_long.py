"""Sampled shares of the model's own programmes cover the exact ones as often as they say."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.decisions import shapley
from analysis.decisions.explain import question, values_of
from sim.study.intervals import half_width


@pytest.mark.parametrize("pairs", [8, 16])
def test_intervals_of_sampled_shares_hold_the_exact_ones(pairs: int) -> None:
    asked = question("full-programme", runs=20)
    values = values_of(asked, asked.game())
    means = {mask: value.mean(axis=(0, 1)) for mask, value in values.items()}
    exact = shapley.exact(asked.unions, means.__getitem__)
    held = []
    for seed in range(400):
        orders = shapley.orders(asked.unions, pairs, seed)
        adds = shapley.sampled(orders, means.__getitem__)
        held.append(np.abs(adds.mean(axis=0) - exact) <= half_width(adds.T))
    share = float(np.mean(held))
    print(f"{pairs} pairs of orders: intervals hold the exact share in {share:.3f} of 400 seeds")
    assert 0.93 < share < 0.97
