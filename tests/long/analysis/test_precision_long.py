"""Intervals that stop when they are short enough still hold the truth as often as they say."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import sim
from analysis.decisions import precision
from analysis.decisions.goal import Goal
from sim.engine.kinds import Array
from sim.simulator import Simulator
from sim.study.precision import until

SEEDS = 400

DRAWN: dict[str, tuple[Callable[[np.random.Generator], Array], float, float]] = {
    "normal": (lambda rng: rng.normal(3.0, 1.0, 4000), 3.0, 0.1),
    "normal, stops after the first or second look": (
        lambda rng: rng.normal(3.0, 1.0, 4000),
        3.0,
        0.3,
    ),
    "skewed": (lambda rng: rng.exponential(1.0, 4000), 1.0, 0.1),
    "three in ten": (lambda rng: (rng.random(4000) < 0.3).astype(float), 0.3, 0.05),
    "two heaps": (
        lambda rng: rng.normal(np.where(rng.random(4000) < 0.5, 0.0, 4.0), 1.0),
        2.0,
        0.2,
    ),
}
"""What is drawn, its mean, and the precision asked for."""


@pytest.mark.parametrize("name", DRAWN)
def test_sequential_intervals_hold_the_truth_as_often_as_they_say(name: str) -> None:
    draw, truth, asked = DRAWN[name]
    held = []
    for seed in range(SEEDS):
        values = draw(np.random.default_rng(seed))
        reached = until(asked, lambda count, values=values: values[:count])
        held.append(abs(values[: reached.runs].mean() - truth) <= reached.widest)
    print(f"{name}: {np.mean(held):.4f}")
    assert 0.93 <= np.mean(held) <= 0.97


def test_so_do_those_of_the_model(capsys: pytest.CaptureFixture[str]) -> None:
    names, goal = ("baseline", "champions"), Goal("adoption", 12)
    changes = {"organisation.employees": 40, "simulation.months": 12}
    several = [sim.load(name).changed(changes) for name in names]
    many = Simulator(several[0], 20_000, seed=1)
    gain = [goal.of(scenario, many.rows(scenario)) for scenario in several]
    paired = gain[1] - gain[0]
    truth = float(paired.mean())
    held, counts = [], []
    for part in paired.reshape(50, 400):  # fifty studies of organisations of their own
        reached = until(1.5, lambda count, part=part: part[:count], 400)
        held.append(abs(part[: reached.runs].mean() - truth) <= reached.widest)
        counts.append(reached.runs)
    with capsys.disabled():
        print(
            f"\n{truth:.2f} points; held in {np.mean(held):.2f} of 50 studies of "
            f"{np.mean(counts):.0f} organisations; unpaired would need "
            f"{precision.t_quantile(1e9) ** 2 * (gain[0].var() + gain[1].var()) / 1.5**2:.0f}"
        )
    assert 0.90 <= np.mean(held) <= 1.0
