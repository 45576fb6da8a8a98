"""Numbers as firm as what they come from: an amount with its interval, rounded to what that carries."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy.special import bdtr

from analysis.words.languages import Language
from sim.engine.kinds import Array
from sim.study.intervals import CONFIDENCE, half_width, t_quantile


class Amount(NamedTuple):
    """A number and its 95 % interval; its ends are not a number where nothing can be said."""

    mean: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low > 0.0 or self.high < 0.0

    @property
    def step(self) -> float:
        """What it is rounded to: with half an interval of 2 to 20 steps; 0 where it has none."""
        half = (self.high - self.low) / 2.0
        if not (math.isfinite(half) and half > 0.005):
            return 0.0
        return float(10.0 ** math.floor(math.log10(half / 2.0)))


NOTHING = Amount(math.nan, math.nan, math.nan)


def mean_of(values: Array) -> Amount:
    """Return the mean over the organisations that have a number, with its t interval."""
    values = values[np.isfinite(values)]
    if values.size == 0:
        return NOTHING
    count, mean = values.size, float(values.mean())
    if count < 2:
        return Amount(mean, math.nan, math.nan)
    half = float(half_width(values))
    return Amount(mean, mean - half, mean + half)


def median_of(values: Array) -> Amount:
    """Return the median over organisations, with the interval that order statistics give.

    Values that are infinite, such as a month that is never reached, stay so.
    """
    ordered = np.sort(values)
    count = ordered.size
    middle = float(np.quantile(ordered, 0.5, method="inverted_cdf"))
    below = bdtr(np.arange(count), count, 0.5)  # chance that at most k of them lie below the median
    k = int(np.searchsorted(below, (1.0 - CONFIDENCE) / 2.0, side="right"))
    if k == 0:
        return Amount(middle, math.nan, math.nan)
    return Amount(middle, float(ordered[k - 1]), float(ordered[count - k]))


def ratio_of(above: Array, below: Array, others: tuple[Array, Array] | None = None) -> Amount:
    """Return the ratio of two means over organisations with its 95 % interval, by Fieller's method.

    Not a number unless both means are clearly above 0: elsewhere a ratio says nothing.

    Parameters
    ----------
    above, below
        Values, one per organisation; differences where organisations make pairs.
    others
        The same of those they are compared with, if these are other organisations: the ratio is of
        the differences of the means.
    """
    groups = [(above, below), *([others] if others is not None else [])]
    count = above.size
    top, bottom = float(above.mean()), float(below.mean())
    if others is not None:
        top, bottom = top - float(others[0].mean()), bottom - float(others[1].mean())
    if count < 2:
        defined = top > 0.0 and bottom > 0.0
        return Amount(top / bottom, math.nan, math.nan) if defined else NOTHING
    tops, mixed, bottoms = (
        sum(_covariance(pair[x], pair[y]) / count for pair in groups)
        for x, y in ((0, 0), (0, 1), (1, 1))
    )
    t = float(t_quantile(len(groups) * (count - 1.0)))
    if top - t * tops**0.5 <= 0.0 or bottom - t * bottoms**0.5 <= 0.0:
        return NOTHING
    # The ratios r for which top - r bottom is within t standard errors of 0.
    a = bottom * bottom - t * t * bottoms
    b = top * bottom - t * t * mixed
    c = top * top - t * t * tops
    root = math.sqrt(max(0.0, b * b - a * c))
    return Amount(top / bottom, float((b - root) / a), float((b + root) / a))


def _covariance(sample: Array, other: Array) -> float:
    """Return the covariance of two samples."""
    return float(((sample - sample.mean()) * (other - other.mean())).sum() / (sample.size - 1.0))


# --- In words ------------------------------------------------------------------------------


def euros(amount: Amount, words: Language, sign: bool = False) -> str:
    """Return an amount with its interval: ``€12,300 (€11,200 to €13,400)``.

    Where the interval holds 0, its sign is not known, and it is about 0 between two ends.
    """
    if not (math.isfinite(amount.mean) and amount.step):
        return words.euro(amount.mean, sign)
    mean, between = head(amount, words, sign), span(amount, words)
    return words._("{amount} ({between})", amount=mean, between=between)


def head(amount: Amount, words: Language, sign: bool = False) -> str:
    """Return an amount as round as it is firm, without its interval."""
    if not amount.step:
        return words.euro(amount.mean, sign)
    if not amount.clear and amount.low < 0.0:
        return words._("about 0")
    return words.euro(amount.mean, sign, amount.step)


def firm(amount: Amount) -> float:
    """Return an amount as round as :func:`head` writes it: in whole steps, or with three digits."""
    if amount.step:
        return amount.step * round(amount.mean / amount.step)
    if not math.isfinite(amount.mean) or abs(amount.mean) < 1.0:
        return amount.mean
    size = 3 if abs(amount.mean) >= 1000.0 else 2
    return round(amount.mean, min(0, size - 1 - math.floor(math.log10(abs(amount.mean)))))


def span(amount: Amount, words: Language) -> str:
    """Return the interval of an amount, nothing where it has none; with signs where they differ."""
    if not amount.step:
        return ""
    signs = amount.low < 0.0
    low, high = (words.euro(end, signs, amount.step) for end in (amount.low, amount.high))
    return words._("{low} to {high}", low=low, high=high)


def percents(amount: Amount, words: Language) -> tuple[str, str]:
    """Return a signed share in percent as round as it is firm, and its interval."""
    if not amount.step:
        return words.percent(amount.mean, sign=True), ""
    step = max(0.01, amount.step)
    mean, low, high = (words.percent(step * round(end / step), sign=True) for end in amount)
    return (mean if amount.clear else words._("about 0")), words._(
        "{low} to {high}", low=low, high=high
    )


def of_organisations(share: float, runs: int, words: Language, pairs: bool = True) -> str:
    """Return in how many organisations something holds: those simulated, not a chance."""
    if not pairs:
        return words._("{share} of pairs of organisations", share=words.percent(share))
    number = round(share * runs)
    values = {"number": words.number(number), "runs": words.number(runs)}
    if number == runs == 1:
        return words._("the one organisation")
    if number == runs:
        return words._("all {runs} organisations", **values)
    if number == 0:
        return words._("none of {runs} organisations", **values)
    return words._("{number} of {runs} organisations", **values)


def equal_in(share: float, runs: int, words: Language, pairs: bool = True) -> str:
    """Return in how many organisations nothing differs, nothing if in none; of pairs, a share."""
    if share == 0.0:
        return ""
    return words.number(round(share * runs)) if pairs else words.percent(share)


def with_equal(share: str, equal: str, words: Language) -> str:
    """Return in how many something is better, and in how many it is the same, if in any."""
    return words._("{share}, equal in {equal}", share=share, equal=equal) if equal else share
