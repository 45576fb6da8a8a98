"""What more months of measuring would settle: how much narrower the band, how far plans are told apart."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from analysis.decisions.forecast_particles import Particles
from analysis.decisions.forecast_plans import Outcomes
from analysis.decisions.forecast_scores import BAND
from analysis.decisions.forecast_weights import FLOOR, Fit, Levels, chosen, quantiles
from sim.engine.kinds import Array

AHEAD: Final = (1, 2, 3, 6)
"""Months of measuring that are looked at."""

TRIED: Final = 60
"""Particles that are taken for the truth in turn."""

MATTERS: Final = 0.10
"""Narrowing of the band for which it is worth to look again."""


class Learning(NamedTuple):
    """What more months are expected to settle; K numbers of months.

    Attributes
    ----------
    months
        How many months more [K].
    width
        Width of the 80 % band in the month asked for: now, and after each [K + 1; share].
    sure
        Chance to be right about which plan does better, plan against going on: now, and after each
        [plans, K + 1].
    when
        After how many months it is worth to look again; the most looked at if none settles much.
    """

    months: tuple[int, ...]
    width: Array
    sure: Array
    when: int

    def narrowing(self, months: int) -> float:
        """Return by which part the band is expected to be narrower after so many months."""
        if not self.width[0] > 0.0:
            return 0.0
        return float(1.0 - self.width[1 + self.months.index(months)] / self.width[0])


def learning_of(
    particles: Particles, levels: Levels, fit: Fit, outcomes: Outcomes, month: int
) -> Learning:
    """Return what more months are expected to settle, if particles that fit are right in turn.

    Parameters
    ----------
    particles, levels, fit
        All of them, what was observed, and which fit.
    outcomes
        What each plan gives.
    month
        The month asked for: months that are observed end before it.
    """
    curves, floor = particles.curves[levels.kpi], FLOOR * fit.widened
    ahead = tuple(k for k in AHEAD if levels.last + k < month)
    some = np.flatnonzero(fit.weights > 1e-9 * fit.weights.max())
    weights, values = fit.weights[some], curves[some, month]
    at_plans = outcomes.curves[levels.kpi][:, :, month]
    apart = at_plans - at_plans[0]
    width, sure = [_width(values, weights)], [_sure(apart, outcomes.weights)]
    which, times = chosen(fit.weights, TRIED)
    truths = np.repeat(which, times)
    luck = np.random.default_rng(0).standard_normal((len(truths), max(AHEAD)))
    for k in ahead:
        later = slice(levels.last + 1, levels.last + 1 + k)
        widths, sures = [], []
        for truth, noise in zip(truths, luck, strict=True):
            seen = curves[truth, later] + floor * noise[:k]
            widths.append(
                _width(values, _again(weights * (some != truth), curves[some, later], seen, floor))
            )
            left = outcomes.weights * (outcomes.which != truth)
            sures.append(_sure(apart, _again(left, curves[outcomes.which, later], seen, floor)))
        width.append(float(np.mean(widths)))
        sure.append(np.mean(sures, axis=0))
    gains = [1.0 - later / width[0] if width[0] > 0.0 else 0.0 for later in width[1:]]
    worth = [k for k, gain in zip(ahead, gains, strict=True) if gain >= MATTERS]
    when = worth[0] if worth else (ahead[-1] if ahead else 0)
    return Learning(ahead, np.array(width), np.array(sure).T, when)


def _again(weights: Array, curves: Array, seen: Array, floor: float) -> Array:
    """Return weights after more months [P; sum to 1]."""
    missed = (((curves - seen) / floor) ** 2).sum(axis=1)
    more = weights * np.exp(-0.5 * (missed - missed[weights > 0.0].min()))
    return np.asarray(more / more.sum())


def _width(values: Array, weights: Array) -> float:
    """Return the width of the 80 % band."""
    low, high = quantiles(values, weights, BAND)
    return float(high - low)


def _sure(apart: Array, weights: Array) -> Array:
    """Return the chance to be right about the better of two plans [plans]; a tie is half a chance."""
    better = ((apart > 0.0) + 0.5 * (apart == 0.0)) @ weights
    return np.asarray(np.maximum(better, 1.0 - better))
