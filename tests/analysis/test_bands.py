"""Bands hold what they say they hold: whole curves, all points at once, four fifths of organisations."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import t as student

from analysis.comparison import band_half_width, half_width
from analysis.summary import band
from sim.simultaneous import critical, shares_of_error

REPEATS = 400
MONTHS = 12


def curves(rng: np.random.Generator, count: int, stickiness: float) -> np.ndarray:
    """Return curves whose months are correlated, with a first month that never varies."""
    steps = rng.standard_normal((count, MONTHS))
    for month in range(1, MONTHS):
        steps[:, month] += stickiness * steps[:, month - 1]
    steps[:, 0] = 0.0
    return steps * np.linspace(0.1, 3.0, MONTHS)


def held(half: np.ndarray, mean: np.ndarray) -> bool:
    return bool((np.abs(mean) <= half + 1e-12).all())


@pytest.mark.parametrize(
    ("count", "stickiness", "pairs"), [(10, 0.0, True), (40, 0.9, True), (40, 0.0, False)]
)
def test_a_simultaneous_band_holds_the_whole_curve_in_95_of_100_studies(
    count: int, stickiness: float, pairs: bool
) -> None:
    rng = np.random.default_rng(11)
    whole = alone = 0
    for _ in range(REPEATS):
        one, other = (curves(rng, count, stickiness) for _ in range(2))
        mean = (one - other).mean(axis=0)
        whole += held(band_half_width(one, other, pairs), mean)
        alone += held(half_width(one, other, pairs), mean)
    assert 0.93 <= whole / REPEATS <= 0.97
    if stickiness == 0.0:
        assert alone / REPEATS < 0.75, "intervals of single months miss somewhere far too often"


def test_for_a_single_mean_a_band_is_the_interval() -> None:
    rng = np.random.default_rng(1)
    one, other = rng.random((9, 1)), rng.random((9, 1))
    for pairs in (True, False):
        assert band_half_width(one, other, pairs) == pytest.approx(half_width(one, other, pairs))
    assert critical(shares_of_error(one), 8.0) == pytest.approx(student.ppf(0.975, 8.0))


def test_a_band_is_never_narrower_than_an_interval_and_the_same_every_time() -> None:
    rng = np.random.default_rng(2)
    one, other = rng.random((12, 5)), rng.random((12, 5))
    other[:, 0] = one[:, 0]
    half = band_half_width(one, other, True)
    assert (half >= half_width(one, other, True)).all()
    assert half[0] == 0.0
    assert np.array_equal(half, band_half_width(one, other, True))
    assert np.isnan(band_half_width(one[:1], other[:1], True)).all()


def test_a_month_without_a_number_does_not_narrow_the_band_of_the_others() -> None:
    rng = np.random.default_rng(4)
    one, other = rng.random((12, 6)), rng.random((12, 6))
    whole = band_half_width(one, other, True)
    one = np.column_stack([np.full(12, np.nan), one])
    other = np.column_stack([np.full(12, np.nan), other])
    half = band_half_width(one, other, True)
    assert np.isnan(half[0])
    assert half[1:] == pytest.approx(whole, rel=0.02)


@pytest.mark.parametrize("count", [10, 20, 50, 200])
@pytest.mark.parametrize("shape", ["normal", "skewed"])
def test_between_the_ends_of_a_band_lie_80_of_100_other_organisations(
    count: int, shape: str
) -> None:
    rng = np.random.default_rng(3)
    draw = rng.standard_normal if shape == "normal" else rng.standard_exponential
    inside = []
    for _ in range(REPEATS):
        low, high = band(draw((count, 1)))
        others = draw(400)
        inside.append(float(((others >= low) & (others <= high)).mean()))
    assert float(np.mean(inside)) == pytest.approx(0.80, abs=0.015)


def test_one_place_computes_the_bands_of_organisations() -> None:
    """Nobody else takes the quantiles that are drawn as 80 % of organisations."""
    pages = Path(__file__).parents[2] / "analysis"
    found = [
        page.name for page in pages.rglob("*.py") if "quantile(" in page.read_text("utf-8")
        and "BAND" in page.read_text("utf-8")
    ]  # fmt: skip
    assert found == ["summary.py"]
