"""How much each factor matters: the indices of Morris and of Sobol, and what luck makes of them.

Indices are of means over organisations, the same at every point, so luck blurs no comparison of
two points that luck treats alike. What it does blur is said beside each index: how large the
index of a factor without any effect would come out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from analysis.studies.sensitivity.designs import LEVELS, STEP, Design, problem_of
from sim.engine.kinds import Array
from sim.study.intervals import CONFIDENCE

if TYPE_CHECKING:
    import pandas as pd


RESAMPLES: Final = 1000
"""Bootstrap samples behind an interval."""

CLEAR: Final = 0.8
"""Share of the mean absolute effect that the mean effect has to be, to be called a direction."""

FOLDED: Final = math.sqrt(2.0 / math.pi)
"""Mean absolute value of a standard normal number: what luck alone makes of an absolute effect."""


class Noise(NamedTuple):
    """How much of the variance of an outcome is organisations and luck, and not parameters.

    Attributes
    ----------
    mean
        Of the variance between points of the design, each the mean of its organisations.
    single
        Of the variance between single organisations anywhere in the design.
    """

    mean: float
    single: float


def noise(values: Array) -> Noise:
    """Return what organisations and luck make of the variance of an outcome.

    Parameters
    ----------
    values
        At points spread over the design [points, organisations].

    Notes
    -----
    The variance between organisations at a point, divided by their number, is by how much the
    mean of that point would vary if it were repeated with other organisations.
    """
    organisations = values.shape[1]
    total = float(values.mean(axis=1).var(ddof=1)) if len(values) > 1 else 0.0
    if organisations < 2 or total <= 0.0:
        return Noise(float("nan"), float("nan"))
    within = float(values.var(axis=1, ddof=1).mean())
    between = max(0.0, total - within / organisations)
    return Noise(min(1.0, within / organisations / total), within / (between + within))


def indices(design: Design, values: Array, names: Sequence[str]) -> pd.DataFrame:
    """Return the indices of a design.

    Parameters
    ----------
    design
        Where the model was looked at.
    values
        What it gave there [points, outcomes, organisations].
    names
        Names of the outcomes.

    Returns
    -------
    pandas.DataFrame
        One row per outcome and factor. Morris: ``strength``, mean absolute effect of going over
        the whole range, or of another category (``low`` to ``high``: 95 % interval); ``effect``,
        the same with its sign; ``spread``, by how much the effect differs between places of the
        design. Sobol: ``first``, share of the variance that the factor explains by itself, and
        ``total``, share in which it has a part, each with an interval. ``luck``: the strength, or
        the total, that organisations and luck alone would show.
    """
    import pandas as pd

    make = _morris if design.method == "morris" else _sobol
    frames = []
    for number, name in enumerate(names):
        columns = make(design, values[:, number, :])
        frame = pd.DataFrame(
            {"outcome": name, "factor": [f.path for f in design.factors], **columns}
        )
        frames.append(frame)
    return pd.concat(frames, ignore_index=True).set_index(["outcome", "factor"])


def _morris(design: Design, values: Array) -> dict[str, Array]:
    """Return the indices of Morris of one outcome [points, organisations]."""
    from SALib.analyze import morris

    analysed = morris.analyze(
        problem_of(design.factors),
        design.unit,
        values.mean(axis=1),
        num_levels=LEVELS,
        num_resamples=RESAMPLES,
        conf_level=CONFIDENCE,
        seed=design.seed + 1,
    )
    # SALib divides by the step: a slope over the whole range. A switch has no slope.
    switched = np.array([factor.switched for factor in design.factors])
    scale = np.where(switched, STEP, 1.0)
    strength, half = (
        scale * np.asarray(analysed[column], float) for column in ("mu_star", "mu_star_conf")
    )
    effect = scale * np.asarray(analysed["mu"], float)
    return {
        "strength": strength,
        "low": np.maximum(0.0, strength - half),
        "high": strength + half,
        "effect": np.where(switched, np.nan, effect),
        "spread": scale * np.asarray(analysed["sigma"], float),
        "luck": scale * FOLDED * _effect_errors(design, values) / STEP,
    }


def _effect_errors(design: Design, values: Array) -> Array:
    """Return the mean standard error of the change a step makes, by factor."""
    steps = len(design.factors) + 1
    organisations = values.shape[1]
    if organisations < 2:
        return np.full(len(design.factors), np.nan)
    unit = design.unit.reshape(design.samples, steps, -1)
    changes = np.diff(values.reshape(design.samples, steps, organisations), axis=1)
    errors = changes.std(axis=2, ddof=1) / math.sqrt(organisations)
    moved = np.abs(np.diff(unit, axis=1)).argmax(axis=2)
    return np.array([errors[moved == number].mean() for number in range(len(design.factors))])


def _sobol(design: Design, values: Array) -> dict[str, Array]:
    """Return the indices of Sobol of one outcome [points, organisations]."""
    from SALib.analyze import sobol

    factors = len(design.factors)
    means = values.mean(axis=1)
    blocks = means.reshape(design.samples, factors + 2)
    variance = float(blocks[:, [0, -1]].var())
    if variance <= 0.0 or np.ptp(blocks[:, [0, -1]]) <= 1e-12 * np.abs(blocks).max():
        nothing = np.zeros(factors)
        keys = ("first", "first_low", "first_high", "total", "total_low", "total_high", "luck")
        return dict.fromkeys(keys, nothing)
    analysed = sobol.analyze(
        problem_of(design.factors),
        means,
        calc_second_order=False,
        num_resamples=RESAMPLES,
        conf_level=CONFIDENCE,
        seed=design.seed + 1,
    )
    first, first_half, total, total_half = (
        np.asarray(analysed[column], float) for column in ("S1", "S1_conf", "ST", "ST_conf")
    )
    return {
        "first": first,
        "first_low": first - first_half,
        "first_high": first + first_half,
        "total": total,
        "total_low": np.maximum(0.0, total - total_half),
        "total_high": total + total_half,
        "luck": _total_by_luck(values, design, variance),
    }


def _total_by_luck(values: Array, design: Design, variance: float) -> Array:
    """Return the total index that luck alone shows: half the variance of a difference of two."""
    organisations = values.shape[1]
    if organisations < 2:
        return np.full(len(design.factors), np.nan)
    blocks = values.reshape(design.samples, len(design.factors) + 2, organisations)
    changes = blocks[:, 1:-1] - blocks[:, :1]
    luck: Array = changes.var(axis=2, ddof=1).mean(axis=0) / organisations / 2.0 / variance
    return luck


def base_points(design: Design, values: Array) -> Array:
    """Return what came out at points spread over the design like the factors themselves.

    Parameters
    ----------
    design
        The design.
    values
        What came out at all its points [points, ...].
    """
    if design.method == "morris":
        return values
    steps = len(design.factors) + 2
    return np.concatenate([values[::steps], values[steps - 1 :: steps]])


def noises(design: Design, values: Array, names: Sequence[str]) -> dict[str, Noise]:
    """Return what organisations and luck make of the variance, by outcome."""
    base = base_points(design, values)
    return {name: noise(base[:, number]) for number, name in enumerate(names)}


def strongest(table: pd.DataFrame, number: int) -> list[str]:
    """Return the factors that matter most for any outcome, the strongest first.

    Parameters
    ----------
    table
        Indices of a design.
    number
        How many factors.
    """
    column = "strength" if "strength" in table else "total"
    wide = table[column].unstack("outcome")
    most = wide.max(axis=0)
    share = wide.div(most.where(most > 0.0, 1.0), axis=1).max(axis=1)
    order = table.index.get_level_values("factor").unique()
    ranked = share.reindex(order).sort_values(ascending=False, kind="stable")
    return [str(path) for path in ranked.index[:number]]


def direction(row: Any) -> str:
    """Return whether a factor raises, lowers, or does either, by a row of Morris."""
    if not row.strength > 0.0 or math.isnan(row.effect):
        return ""
    if abs(row.effect) < CLEAR * row.strength:
        return "either"
    return "raises" if row.effect > 0.0 else "lowers"
