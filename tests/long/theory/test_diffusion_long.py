"""What takes long of ``theory/test_diffusion.py``."""

from __future__ import annotations

import numpy as np
import pytest
from parts import others
from theory import reference
from theory import test_diffusion as quick
from theory.limits import (
    assert_within_four_errors,
    bass,
    measure,
    worlds_of,
)
from theory.test_diffusion import LOGISTIC, SETTLED, P, Q


@pytest.mark.parametrize(
    ("parts", "decision", "runs"),
    [(1, "hazard", 50), (1, "linear", 50), (4, "hazard", 50), (30, "hazard", 6)],
)
def test_ten_thousand_people_adopt_as_bass_says(parts: int, decision: str, runs: int) -> None:
    scenario = bass(
        P,
        Q,
        {
            "organisation.employees": 10_000,
            "rules.decision": decision,
            "simulation.substeps": parts,
            "simulation.months": 18,
        },
    )
    curves = measure(scenario, worlds_of(scenario, runs))
    change = reference.adoption_map(P, Q, parts, hazard=decision == "hazard")
    steps = reference.steps_of(change, 0.0, 18 * parts)[::parts]
    assert_within_four_errors(curves[:, 1:], steps[1:])
    if parts == 1:
        np.testing.assert_allclose(curves.mean(axis=0), steps, atol=0.005)
    if parts == 30:
        # The lag of thirty parts (.004), and the noise of these few runs where it is largest.
        closed = reference.bass(np.arange(19), P, Q)
        np.testing.assert_allclose(curves.mean(axis=0), closed, atol=0.006 + 4 * 0.005)
        assert np.abs(curves.mean(axis=0) - closed).mean() < 0.006


def test_twice_the_people_with_the_same_rates_adopt_at_the_same_pace() -> None:
    small, large = (
        bass(
            P,
            Q,
            {
                "organisation.employees": people,
                "simulation.substeps": 4,
                "simulation.months": 12,
            },
        )
        for people in (2000, 4000)
    )
    runs = 60
    one = measure(small, worlds_of(small, runs))[:, 1:]
    two = measure(large, worlds_of(large, runs))[:, 1:]
    error = np.sqrt((one.var(axis=0, ddof=1) + two.var(axis=0, ddof=1)) / runs)
    assert (np.abs(one.mean(axis=0) - two.mean(axis=0)) <= 4 * error).all()
    # Twice the people, 1 / sqrt(2) of the noise.
    ratio = one.std(axis=0, ddof=1) / two.std(axis=0, ddof=1)
    assert 1.15 < ratio.mean() < 1.75


@pytest.mark.parametrize(("parts", "runs"), others(LOGISTIC, 1))
def test_use_that_only_spreads_grows_logistically(parts: int, runs: int) -> None:
    quick.test_use_that_only_spreads_grows_logistically(parts, runs)


@pytest.mark.parametrize(("parts", "settles"), others(SETTLED, 1))
def test_contagious_starting_settles_where_the_schedule_says(parts: int, settles: float) -> None:
    quick.test_contagious_starting_settles_where_the_schedule_says(parts, settles)
