"""What takes long of ``theory/test_thresholds.py``."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from parts import others
from theory import reference
from theory import test_thresholds as quick
from theory.test_thresholds import NEEDED, OUTSIDE, PARKED, SPREADS, cascades, rewired


@pytest.mark.parametrize(
    ("degree", "often", "far"),
    [(1.5, 0.513, 0.580), (2.0, 0.753, 0.796), (4.0, 0.877, 0.980), (5.0, 0.680, 0.993)],
)
def test_inside_the_window_one_user_sometimes_convinces_nearly_all(
    degree: float, often: float, far: float
) -> None:
    graphs = 40
    months = 30 if degree < 2 else 15  # just inside the window, cascades take long ways
    final = cascades(degree, 0.18, people=10_000, graphs=graphs, seeds=1, months=months)
    spread = final[final > 0.05]
    chance = reference.chance_of_global_cascade(degree, 0.18)
    size = reference.cascade_size(degree, 0.18, 1e-6)
    error = np.sqrt(chance * (1 - chance) / graphs)
    assert abs(spread.size / graphs - chance) <= 4 * error
    assert abs(spread.mean() - size) < 0.02
    # The published figures are those of 300 simulated networks.
    assert chance == pytest.approx(often, abs=0.06)
    assert size == pytest.approx(far, abs=0.02)


@pytest.mark.parametrize(
    ("degree", "threshold", "seeds", "known"),
    [
        (4.0, 0.18, 0.01, 0.980388),
        (6.0, 0.18, 0.01, 0.997509),
        (10.0, 0.18, 0.01, 0.019681),
        (4.0, 0.25, 0.05, 0.981244),
    ],
)
def test_a_share_of_seeds_convinces_the_share_gleeson_and_cahalane_say(
    degree: float, threshold: float, seeds: float, known: float
) -> None:
    expected = reference.cascade_size(degree, threshold, seeds)
    assert expected == pytest.approx(known, abs=1e-6)
    people, graphs = 20_000, 6
    final = cascades(degree, threshold, people, graphs, int(seeds * people))
    assert abs(final.mean() - expected) <= 4 * final.std(ddof=1) / np.sqrt(graphs)
    assert abs(final.mean() - expected) < 0.003


def most_of_them(sizes: list[int]) -> int | None:
    """Return the first step with nine tenths of the four hundred, if there is one."""
    return next((step for step, size in enumerate(sizes) if size >= 360), None)


def test_long_ties_speed_simple_contagion_and_break_complex_contagion() -> None:
    reached, steps = {}, {}
    for needed, rewiring in product([1, 2], [0.0, 0.1, 1.0]):
        using, _ = rewired(needed, rewiring, runs=100)
        passed = [most_of_them(users.tolist()) for users in using]
        found = [step for step in passed if step is not None]
        reached[needed, rewiring] = len(found) / len(passed)
        steps[needed, rewiring] = float(np.mean(found))
    assert steps[1, 0.0] == 44.0
    assert steps[2, 0.0] == 59.0
    assert all(reached[1, rewiring] == 1.0 for rewiring in (0.0, 0.1, 1.0))
    assert reached[2, 0.0] == reached[2, 0.1] == 1.0
    assert steps[1, 1.0] == pytest.approx(3.0, abs=0.1)
    assert steps[1, 0.1] < 0.12 * steps[1, 0.0]
    assert steps[2, 0.1] < 0.45 * steps[2, 0.0]
    assert reached[2, 1.0] < 0.9


@pytest.mark.parametrize("rewiring", [0.05, 0.5])
def test_complex_contagion_breaks_as_often_as_on_independently_swapped_ties(
    rewiring: float,
) -> None:
    # The engine lets each of the 1600 ties start a swap with this chance; a swap moves two.
    runs, rng = 60, np.random.default_rng(0)
    theirs: list[int | None] = []
    for _ in range(runs):
        circle = reference.swapped_ring(400, 8, int(rewiring * 1600), rng)
        sizes = reference.cascade(circle, np.full(400, 2), [0, *circle[0]])
        theirs.append(most_of_them(sizes))
    ours = [most_of_them(users.tolist()) for users in rewired(2, rewiring, runs)[0]]
    often, known_often = (np.mean([one is not None for one in each]) for each in (ours, theirs))
    chance = (often + known_often) / 2
    assert abs(often - known_often) <= 4 * np.sqrt(2 * chance * (1 - chance) / runs)
    sample, other = ([one for one in each if one is not None] for each in (ours, theirs))
    error = np.sqrt(np.var(sample) / len(sample) + np.var(other) / len(other))
    assert abs(np.mean(sample) - np.mean(other)) <= 4 * error
    # Published for a tenth and for all of the ties moved, which takes half as many swaps.
    published_often, published_steps = {0.05: (1.0, 22.4), 0.5: (0.8, 10.6)}[rewiring]
    assert known_often == pytest.approx(published_often, abs=0.12)
    assert np.mean(other) == pytest.approx(published_steps, rel=0.1)


@pytest.mark.parametrize(("people", "known"), others(PARKED, 1))
def test_random_thresholds_bring_in_everybody_as_often_as_cars_park(
    people: int, known: float
) -> None:
    quick.test_random_thresholds_bring_in_everybody_as_often_as_cars_park(people, known)


@pytest.mark.parametrize("degree", others(OUTSIDE, 1))
def test_outside_the_window_one_user_sets_off_nothing(degree: float) -> None:
    quick.test_outside_the_window_one_user_sets_off_nothing(degree)


@pytest.mark.parametrize("spread", others(SPREADS, 1))
def test_a_normal_crowd_ends_at_the_first_fixed_point(spread: float) -> None:
    quick.test_a_normal_crowd_ends_at_the_first_fixed_point(spread)


@pytest.mark.parametrize("needed", others(NEEDED, 1))
@pytest.mark.parametrize("rewiring", [0.0, 0.1, 1.0])
def test_a_cascade_on_any_ties_goes_step_by_step_as_a_plain_program_says(
    needed: int, rewiring: float
) -> None:
    quick.test_a_cascade_on_any_ties_goes_step_by_step_as_a_plain_program_says(needed, rewiring)
