"""Our own quantiles of the Beta distribution, against a library's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.special import betaincinv

from sim.beta import fill_quantiles
from sim.engine.kinds import Array
from sim.parameters import Parameters

P = Parameters()
SHIPPED = {
    "threat": (P.threat_shape_a, P.threat_shape_b),
    "justified": (P.justified_shape_a, P.justified_shape_b),
    "threshold": (P.threshold_shape_a, P.threshold_shape_b),
    "match": (P.match_shape, P.match_shape),
    "anxious skill": (P.anxious_skill_shape_a, P.anxious_skill_shape_b),
    "skill": (P.skill_shape_a, P.skill_shape_b),
}
ODD = {
    "even": (1.0, 1.0), "two poles": (0.5, 0.7), "pole and thin tail": (0.1, 8.0),
    "the least shapes": (0.1, 0.1), "uneven": (0.1, 20.0), "uneven the other way": (20.0, 0.1),
    "the largest shapes": (20.0, 20.0), "narrow": (60.0, 3.0),
}  # fmt: skip
SHAPES = {**SHIPPED, **ODD}


def quantiles(a: float, b: float, entries: int = 1025) -> Array:
    """Return a table of quantiles."""
    table = np.empty(entries)
    fill_quantiles(a, b, table)
    return table


@pytest.mark.parametrize("shapes", SHAPES.values(), ids=SHAPES)
def test_quantiles_are_those_of_a_library(shapes: tuple[float, float]) -> None:
    found, right = quantiles(*shapes), betaincinv(*shapes, np.linspace(0.0, 1.0, 1025))
    assert found[0] == 0.0 and found[-1] == 1.0
    assert np.all(np.abs(found[1:] - right[1:]) < 1e-12 * right[1:])


@pytest.mark.parametrize("shapes", SHAPES.values(), ids=SHAPES)
def test_quantiles_rise_within_their_range(shapes: tuple[float, float]) -> None:
    found = quantiles(*shapes)
    assert np.all(np.diff(found) >= 0.0)
    assert found.min() == 0.0 and found.max() == 1.0


@pytest.mark.parametrize("shapes", SHAPES.values(), ids=SHAPES)
def test_compiled_and_plain_give_the_same_bits(shapes: tuple[float, float]) -> None:
    plain: Any = getattr(fill_quantiles, "plain", fill_quantiles)
    table = np.empty(129)
    with np.errstate(all="ignore"):
        plain(*shapes, table)
    assert np.array_equal(table, quantiles(*shapes, entries=129))


def test_a_table_of_other_length_has_the_same_quantiles() -> None:
    assert np.allclose(quantiles(3.0, 4.0)[::8], quantiles(3.0, 4.0, 129), rtol=1e-14, atol=0.0)
