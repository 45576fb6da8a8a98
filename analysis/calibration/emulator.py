"""What the figures would be at any parameter vector, without simulating: a quadratic emulator.

A figure is nearly linear in the parameters on its own scale (log-odds for shares, logs for ratios),
so a ridge regression on all squares and products, fitted to the bank, tells it within the noise
of the bank. It only proposes: what is kept in the end has been simulated.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from analysis.calibration.targets import Target
from sim.posteriors import calibrated

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]

SLACK = 0.01
"""Shares are kept so far from 0 and 1 before their log-odds are taken."""

LEAST = 0.05
"""Chance below which a figure rules a vector out."""

ENOUGH = 250
"""Plausible vectors a bank needs for an emulator of their own."""

ALPHAS = np.geomspace(0.3, 1e4, 10)
"""Penalties of the regression, of which leaving out one vector at a time picks one."""

CURVATURE = 0.2
"""Weight of squares and products against the parameters themselves; chosen by cross-validation."""

DIFFERENCES = frozenset({"difference", "trough_difference"})
LOGS = frozenset({"ratio", "odds_ratio", "months_ratio", "failure_ratio", "spread"})


def on_scale(target: Target, values: Any) -> Array:
    """Return figures on the scale on which they are nearly linear."""
    scaled: Array = np.asarray(values, float)
    if target.of in LOGS:
        scaled = np.log(np.maximum(scaled, SLACK))
    elif target.of not in DIFFERENCES:
        inside = SLACK + (1.0 - 2.0 * SLACK) * np.clip(scaled, 0.0, 1.0)
        scaled = np.log(inside / (1.0 - inside))
    return scaled


class Emulator(NamedTuple):
    """Emulators of several figures.

    Squares and products are believed less than the parameters themselves (``CURVATURE``).

    Attributes
    ----------
    targets
        The figures.
    level, slope, curvature
        Each figure is, on its scale, a level, plus a slope times the place in the prior, plus a
        quadratic form of it [figures; parameters, figures; figures, parameters, parameters].
    error
        Standard deviation of what each regression leaves, by leaving out one vector at a time, on
        the scale of :func:`on_scale` [figures].
    explained
        Share of the variance over the bank that each regression explains, found likewise
        [figures].
    wider
        The emulator that says where this one was fitted; None if it was all over the prior.
    """

    targets: tuple[Target, ...]
    level: Array
    slope: Array
    curvature: Array
    error: Array
    explained: Array
    wider: Emulator | None = None

    def mean(self, vectors: pd.DataFrame) -> Array:
        """Return the figures at these vectors, on their scale [vectors, figures]."""
        unit = in_unit(vectors)
        bent = [np.einsum("ij,ij->i", unit @ one, unit) for one in self.curvature]
        mean: Array = self.level + unit @ self.slope + np.column_stack(bent)
        return mean

    def chance(self, vectors: pd.DataFrame, centre: Array | None = None) -> Array:
        """Return the chance that each figure lies in its band [vectors, figures].

        Parameters
        ----------
        vectors
            Numbers of the rules, one row per vector.
        centre
            Figures around which bands of the same width are laid; by default their own.
        """
        from scipy.stats import norm

        chance = []
        mean = self.mean(vectors)
        for k, one in enumerate(self.targets):
            low, high = one.low, one.high
            if centre is not None:
                low, high = centre[k] - (high - low) / 2.0, centre[k] + (high - low) / 2.0
            ends = on_scale(one, [low, high])
            below, above = ((end - mean[:, k]) / self.error[k] for end in ends)
            chance.append(norm.cdf(above) - norm.cdf(below))
        found: Array = np.column_stack(chance)
        if self.wider is not None and centre is None:
            found = np.minimum(found, self.wider.chance(vectors))
        return found

    def plausible(self, vectors: pd.DataFrame) -> Array:
        """Return at which vectors no figure is ruled out [bool]."""
        possible: Array = np.min(self.chance(vectors), axis=1) > LEAST
        return possible


def in_unit(vectors: pd.DataFrame) -> Array:
    """Return vectors as places in the prior [-1 to 1]."""
    prior = calibrated()
    low, high = np.array(list(prior.values())).T
    unit: Array = 2.0 * (vectors[list(prior)].to_numpy() - low) / (high - low) - 1.0
    return unit


def emulate(bank: pd.DataFrame, targets: Sequence[Target]) -> Emulator:
    """Fit an emulator of each figure to a bank, and again to the part of it that is plausible.

    The second is the better one where it counts, and is believed only there.
    """
    everywhere = _fit(bank, targets)
    near = everywhere.plausible(bank)
    if near.sum() < ENOUGH:
        return everywhere
    return _fit(bank[near], targets, everywhere)


def _fit(bank: pd.DataFrame, targets: Sequence[Target], wider: Emulator | None = None) -> Emulator:
    """Fit a regression of each figure to all of a bank."""
    from sklearn.linear_model import RidgeCV
    from sklearn.preprocessing import PolynomialFeatures

    polynomial = PolynomialFeatures(2, include_bias=False)
    features = polynomial.fit_transform(in_unit(bank))
    single = len(calibrated())
    belief = np.where(np.arange(features.shape[1]) < single, 1.0, CURVATURE)
    middle, scale = features.mean(axis=0), features.std(axis=0) / belief
    seen = (features - middle) / scale
    first, second = np.array([np.repeat(np.arange(single), powers)[[0, -1]]
                              for powers in polynomial.powers_]).T  # fmt: skip
    level, slope, curvature, error, explained = [], [], [], [], []
    for one in targets:
        value = on_scale(one, bank[one.name])
        known = np.isfinite(value)
        model = RidgeCV(ALPHAS, store_cv_results=True).fit(seen[known], value[known])
        weight = model.coef_ / scale
        level.append(model.intercept_ - weight @ middle)
        slope.append(weight[:single])
        form = np.zeros((single, single))
        form[first[single:], second[single:]] = weight[single:]
        curvature.append(form)
        left = float(model.cv_results_.mean(axis=0).min())  # of each bank vector from the others
        error.append(math.sqrt(left))
        explained.append(1.0 - left / float(value[known].var()))
    return Emulator(
        tuple(targets), np.array(level), np.column_stack(slope), np.array(curvature),
        np.array(error), np.array(explained), wider,
    )  # fmt: skip
