"""What takes long of ``theory/test_variants.py``."""

from __future__ import annotations

import numpy as np
import pytest
from theory import reference
from theory.limits import (
    assert_within_four_errors,
    bass,
    measure,
    worlds_of,
)
from theory.test_variants import IN_TURN


@pytest.mark.parametrize(("parts", "runs"), [(1, 20), (3, 6)])
def test_ten_thousand_people_one_after_the_other_adopt_as_their_own_recursion_says(
    parts: int, runs: int
) -> None:
    p, q, months = 0.03, 0.38, 12
    size = {
        "organisation.employees": 10_000,
        "simulation.substeps": parts,
        "simulation.months": months,
    }
    scenario = bass(p, q, {**size, **IN_TURN})
    curves = measure(scenario, worlds_of(scenario, runs))
    expected = reference.steps_of(reference.in_turn_map(p, q, parts), 0.0, months * parts)[::parts]
    assert_within_four_errors(curves[:, 1:], expected[1:])
    # Seeing those before brings one step a month nearer to the closed form.
    closed = reference.bass(np.arange(months + 1), p, q)
    in_step = reference.steps_of(reference.adoption_map(p, q, parts), 0.0, months * parts)[::parts]
    assert np.abs(expected - closed).max() < 0.8 * np.abs(in_step - closed).max()
