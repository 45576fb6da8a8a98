"""What the figures would be at any parameter vector, without simulating: a quadratic emulator.

A figure is nearly linear in the parameters on its own scale (log-odds for shares, logs for ratios),
so a ridge regression on all squares and products, fitted to the bank, tells it within the noise
of the bank. It only proposes: what is kept in the end has been simulated.
"""

from __future__ import annotations

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

    Attributes
    ----------
    targets
        The figures.
    features
        What turns places in the prior into what is regressed on.
    models
        A fitted regression for each figure.
    error
        Standard deviation of what each regression leaves, by cross-validation, on the scale of
        :func:`on_scale` [figures].
    explained
        Share of the variance over the bank that each regression explains, by cross-validation
        [figures].
    """

    targets: tuple[Target, ...]
    features: Any
    models: tuple[Any, ...]
    error: Array
    explained: Array

    def mean(self, vectors: pd.DataFrame) -> Array:
        """Return the figures at these vectors, on their scale [vectors, figures]."""
        seen = weighted(self.features.transform(in_unit(vectors)))
        return np.column_stack([model.predict(seen) for model in self.models])

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
        return np.column_stack(chance)


def in_unit(vectors: pd.DataFrame) -> Array:
    """Return vectors as places in the prior [-1 to 1]."""
    prior = calibrated()
    low, high = np.array(list(prior.values())).T
    unit: Array = 2.0 * (vectors[list(prior)].to_numpy() - low) / (high - low) - 1.0
    return unit


def weighted(features: Array) -> Array:
    """Return features with squares and products scaled down: they are believed less."""
    single = len(calibrated())
    return np.hstack([features[:, :single], CURVATURE * features[:, single:]])


def emulate(bank: pd.DataFrame, targets: Sequence[Target]) -> Emulator:
    """Fit an emulator of each figure to a bank."""
    from sklearn.linear_model import RidgeCV
    from sklearn.model_selection import cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import PolynomialFeatures, StandardScaler

    features = make_pipeline(PolynomialFeatures(2, include_bias=False), StandardScaler())
    seen = weighted(features.fit_transform(in_unit(bank)))
    models, error, explained = [], [], []
    for one in targets:
        value = on_scale(one, bank[one.name])
        known = np.isfinite(value)
        model = RidgeCV(alphas=np.geomspace(0.3, 1e4, 10))
        left = value[known] - cross_val_predict(model, seen[known], value[known], cv=5)
        models.append(model.fit(seen[known], value[known]))
        error.append(float(left.std()))
        explained.append(1.0 - float(left.var() / value[known].var()))
    return Emulator(tuple(targets), features, tuple(models), np.array(error), np.array(explained))
