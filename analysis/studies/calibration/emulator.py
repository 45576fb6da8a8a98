"""What the figures would be at any parameter vector, without simulating: a quadratic emulator.

A figure is nearly linear in the parameters on its own scale (log-odds for shares, logs for ratios),
so a ridge regression on all squares and products, fitted to the bank, tells it within the noise
of the bank. It only proposes: what is kept in the end has been simulated.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from analysis.studies.calibration.targets import TROUGHS, Target
from sim.engine.kinds import Array
from sim.study.posteriors import calibrated

if TYPE_CHECKING:
    import pandas as pd


SLACK = 0.01
"""Shares are kept so far from 0 and 1 before their log-odds are taken."""

MASS = 0.95
"""Share of what agrees with the evidence, by the emulator's account, that is looked at further."""

LOOKED_AT = 2**17
"""Vectors of the prior from which that share is found."""

PIECE = 2**14
"""Vectors looked at at a time."""

FIRMNESS = 6.0
"""How much half a band of a figure weighs against a normal quantile from the start."""

ENOUGH = 150
"""Plausible vectors a bank needs for an emulator of their own."""

ALPHAS = np.geomspace(0.3, 1e4, 10)
"""Penalties of the regression, of which leaving out one vector at a time picks one."""

CURVATURE = 0.2
"""Weight of squares and products against the parameters themselves; chosen by cross-validation."""

COUNTED = frozenset({"failure_with", "failure_without", "share_reaching"})
"""Shares of a few organisations, which are often none or all of them."""

COARSE = 0.08
"""Those are kept so far from 0 and 1."""

DIFFERENCES = frozenset({"difference", "trough_difference"})
LOGS = frozenset({"ratio", "odds_ratio", "months_ratio", "failure_ratio", "spread"})


def on_scale(target: Target, values: Any) -> Array:
    """Return figures on the scale on which they are nearly linear."""
    from scipy.special import logit, ndtri

    scaled: Array = np.asarray(values, float)
    if target.of in LOGS:
        scaled = np.log(np.maximum(scaled, SLACK))
    elif target.of not in DIFFERENCES:
        slack = COARSE if target.of in COUNTED else SLACK
        inside = slack + (1.0 - 2.0 * slack) * np.clip(scaled, 0.0, 1.0)
        scaled = np.arcsinh(ndtri(inside)) if target.of in TROUGHS else logit(inside)
    return scaled


def simulated(target: Target, table: pd.DataFrame) -> Array:
    """Return a figure of simulated vectors on its scale [vectors].

    A share of troughs by how far organisations are from one, which tells apart none and none; far
    ones count by their logarithm, for the emulator has to be right where the share is some.
    """
    if target.of in TROUGHS:
        margins: Array = np.arcsinh(table[target.columns[1]].to_numpy(float))
        return margins
    return on_scale(target, table[target.name])


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
        Standard deviation of what each regression leaves, by leaving out one vector at a time and
        without the chance in the bank, on the scale of :func:`on_scale` [figures].
    explained
        Share of the variance over the bank that each regression explains, found likewise
        [figures].
    wider
        The emulator that says where this one was fitted; None if it was all over the prior.
    least
        Likelihood from which a vector is plausible: ``MASS`` of what agrees lies above.
    share
        Plausible share of the prior [0 to 1].
    """

    targets: tuple[Target, ...]
    level: Array
    slope: Array
    curvature: Array
    error: Array
    explained: Array
    wider: Emulator | None = None
    least: float = 0.0
    share: float = 1.0

    def mean(self, vectors: pd.DataFrame) -> Array:
        """Return the figures at these vectors, on their scale [vectors, figures]."""
        return self.mean_at(in_unit(vectors))

    def mean_at(self, unit: Array) -> Array:
        """Return the figures at places in the prior [vectors, figures]."""
        bent = [np.einsum("ij,ij->i", unit @ bend, unit) for bend in self.curvature]
        mean: Array = self.level + unit @ self.slope + np.column_stack(bent)
        return mean

    def towards(self, start: Array, goal: Array, offset: Array, tilt: Array) -> Array:
        """Return the place nearest to a start at which the figures are where they should be.

        How near is measured in normal quantiles of the prior, where an even prior is a normal one
        without ends: no parameter is pushed against the end of its range and left there.

        Parameters
        ----------
        start
            Place in the prior [parameters; -1 to 1].
        goal
            Figures wanted, on their scale [figures].
        offset, tilt
            By how much the figures are known to lie above what the emulator tells: at the middle
            of the prior, and more for each unit from there [figures; figures, parameters].
        """
        from scipy.optimize import least_squares
        from scipy.stats import norm

        ends = np.array([on_scale(target, [target.low, target.high]) for target in self.targets])
        weight = FIRMNESS / (0.5 * np.ptp(ends, axis=1))
        begin = norm.ppf((np.clip(start, -0.9999, 0.9999) + 1.0) / 2.0)

        def away(quantile: Array) -> Array:
            place = 2.0 * norm.cdf(quantile) - 1.0
            bent = (self.curvature @ place) @ place
            emulated = self.level + place @ self.slope + bent + offset + tilt @ place
            return np.concatenate([quantile - begin, weight * (emulated - goal)])

        def slopes(quantile: Array) -> Array:
            place = 2.0 * norm.cdf(quantile) - 1.0
            bent = self.curvature @ place + place @ self.curvature
            steep = (self.slope.T + bent + tilt) * (2.0 * norm.pdf(quantile))
            return np.vstack([np.eye(place.size), weight[:, None] * steep])

        nearest = least_squares(away, begin, slopes, method="lm", max_nfev=200).x
        place: Array = 2.0 * norm.cdf(nearest) - 1.0
        return place

    def refitted(self, rows: pd.DataFrame) -> Emulator:
        """Return an emulator that also tells what this one has wrong at other simulated vectors.

        Parameters
        ----------
        rows
            Vectors with their figures; with fewer than ``ENOUGH`` the emulator stays as it is.
        """
        if len(rows) < ENOUGH:
            return self
        return _fit(rows, self.targets, {target.name: 0.0 for target in self.targets}, self)

    def chance(self, vectors: pd.DataFrame) -> Array:
        """Return the chance that each figure lies in its band [vectors, figures].

        Parameters
        ----------
        vectors
            Numbers of the rules, one row per vector.
        """
        from scipy.stats import norm

        chance = []
        mean = self.mean(vectors)
        for k, target in enumerate(self.targets):
            ends = on_scale(target, [target.low, target.high])
            below, above = ((end - mean[:, k]) / self.error[k] for end in ends)
            chance.append(norm.cdf(above) - norm.cdf(below))
        return np.column_stack(chance)

    def likelihood(self, vectors: pd.DataFrame) -> Array:
        """Return the chance that all figures lie in their bands; 0 where a wider one rules it out."""
        likely = np.zeros(len(vectors))
        possible = (
            np.ones(len(vectors), bool) if self.wider is None else self.wider.plausible(vectors)
        )
        if possible.any():
            likely[possible] = self.chance(vectors[possible]).prod(axis=1)
        return likely

    def plausible(self, vectors: pd.DataFrame) -> Array:
        """Return which vectors are worth a simulation [bool]."""
        likely = self.likelihood(vectors)
        possible: Array = (likely >= self.least) & (likely > 0.0)
        return possible


def in_unit(vectors: pd.DataFrame) -> Array:
    """Return vectors as places in the prior [-1 to 1]."""
    prior = calibrated()
    low, high = np.array(list(prior.values())).T
    unit: Array = 2.0 * (vectors[list(prior)].to_numpy() - low) / (high - low) - 1.0
    return unit


def emulate(
    bank: pd.DataFrame, targets: Sequence[Target], noise: Mapping[str, float], seed: int
) -> Emulator:
    """Fit an emulator of each figure to a bank, and again to ever smaller plausible parts of it.

    The last is the best where it counts, and is believed only there.

    Parameters
    ----------
    bank
        Vectors with their figures.
    targets
        The figures.
    noise
        Standard deviation of each figure by chance alone, on its scale.
    seed
        Seed of the draws from the prior.
    """
    emulator = _bounded(_fit(bank, targets, noise, None), seed)
    before = len(bank)
    while True:
        near = emulator.plausible(bank)
        if near.sum() < ENOUGH or near.sum() > 0.8 * before:
            return emulator
        before = int(near.sum())
        emulator = _bounded(_fit(bank[near], targets, noise, emulator), seed)


def _bounded(emulator: Emulator, seed: int) -> Emulator:
    """Return the emulator with the likelihood from which vectors are plausible."""
    from analysis.studies.calibration.bank import evenly

    pieces = range(0, LOOKED_AT, PIECE)
    likely = np.concatenate([emulator.likelihood(evenly(PIECE, seed, k)) for k in pieces])
    ranked = np.sort(likely)[::-1]
    last = int(np.searchsorted(np.cumsum(ranked), MASS * ranked.sum()))
    return emulator._replace(least=float(ranked[last]), share=float((last + 1) / ranked.size))


def _fit(
    bank: pd.DataFrame,
    targets: Sequence[Target],
    noise: Mapping[str, float],
    wider: Emulator | None,
) -> Emulator:
    """Fit a regression to what a wider emulator, if any, leaves of each figure over a bank."""
    from sklearn.linear_model import RidgeCV
    from sklearn.preprocessing import PolynomialFeatures

    polynomial = PolynomialFeatures(2, include_bias=False)
    features = polynomial.fit_transform(in_unit(bank))
    single = len(calibrated())
    belief = np.where(np.arange(features.shape[1]) < single, 1.0, CURVATURE)
    middle, scale = features.mean(axis=0), features.std(axis=0) / belief
    seen = (features - middle) / scale
    first, second = np.array(
        [np.repeat(np.arange(single), powers)[[0, -1]] for powers in polynomial.powers_]
    ).T
    level, slope, curvature, error, explained = [], [], [], [], []
    told = np.zeros((len(bank), len(targets))) if wider is None else wider.mean(bank)
    for k, target in enumerate(targets):
        figure = simulated(target, bank)
        value = figure - told[:, k]
        known = np.isfinite(value)
        model = RidgeCV(ALPHAS, store_cv_results=True).fit(seen[known], value[known])
        weight = model.coef_ / scale
        level.append(model.intercept_ - weight @ middle)
        slope.append(weight[:single])
        form = np.zeros((single, single))
        form[first[single:], second[single:]] = weight[single:]
        curvature.append(form)
        left = float(model.cv_results_.mean(axis=0).min())  # of each bank vector from the others
        explained.append(1.0 - left / float(figure[known].var()))
        error.append(math.sqrt(max(left - noise[target.name] ** 2, left / 9.0)))
    slopes, forms = np.column_stack(slope), np.array(curvature)
    if wider is None:
        return Emulator(
            tuple(targets), np.array(level), slopes, forms, np.array(error), np.array(explained)
        )
    return Emulator(
        tuple(targets),
        wider.level + np.array(level),
        wider.slope + slopes,
        wider.curvature + forms,
        np.array(error),
        np.array(explained),
        wider,
    )
