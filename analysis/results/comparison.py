"""Which scenario does better, by how much, and how sure that is.

Run k of every scenario has the same people, ties and luck, so each organisation is compared with
itself and what differs between organisations drops out. Scenarios with other people are compared
as two independent samples, and said to be.

An interval here holds what luck and the draw of organisations do to a mean. It does not hold
what is unsure about the parameters.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from analysis.results.firm import (
    Amount,
    equal_in,
    head,
    mean_of,
    of_organisations,
    ratio_of,
    span,
    with_equal,
)
from analysis.results.summary import (
    band,
    identical,
    in_unit,
    known,
    label_of,
    labels,
    month_within,
    scale_of,
)
from analysis.words.languages import ENGLISH, MINUS, Language, language
from sim import kpis
from sim.engine.kinds import Array
from sim.study.experiments import same_people
from sim.study.intervals import critical, shares_of_error, t_quantile

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.results import Result


def reference_of(result: Result, against: str | None) -> str:
    """Return the scenario compared with: the one asked for, or the first.

    Raises
    ------
    AdoptionError
        If there is no such scenario.
    """
    if against is None:
        return next(iter(result.scenarios))
    return known(against, result.scenarios, "scenario")


def others(result: Result, reference: str) -> list[str]:
    """Return the scenarios compared with the reference."""
    return [name for name in result.scenarios if name != reference]


def paired(result: Result, scenario: str, reference: str) -> bool:
    """Return whether two scenarios have the same people, so that organisations make pairs."""
    return same_people(result.scenarios[scenario], result.scenarios[reference])


def half_width(sample: Array, other: Array, pairs: bool) -> Array:
    """Return half the width of the 95 % interval of a difference of means.

    Parameters
    ----------
    one, other
        Values, one row per organisation.
    pairs
        Whether row k is the same organisation in both: t interval of the mean of the
        differences. Otherwise Welch's interval for two samples.

    Returns
    -------
    numpy.ndarray
        One value per column; not a number for a single organisation.
    """
    sample, other = known_in(sample, other, pairs)
    if sample.ndim > 1 and not (np.isfinite(sample).all() and np.isfinite(other).all()):
        columns = zip(sample.T, other.T, strict=True)
        return np.array([half_width(first, second, pairs) for first, second in columns])
    if min(sample.shape[0], other.shape[0]) < 2:
        return np.full(sample.shape[1:], np.nan)
    variance, freedom = _variance(sample, other, pairs)
    width: Array = t_quantile(freedom) * np.sqrt(variance)
    return width


def _variance(sample: Array, other: Array, pairs: bool) -> tuple[Array, Array]:
    """Return the variance of a difference of means and its degrees of freedom, one per column."""
    if pairs:
        variance = (sample - other).var(axis=0, ddof=1) / sample.shape[0]
        return variance, np.full(variance.shape, sample.shape[0] - 1.0)
    sizes = sample.shape[0], other.shape[0]
    first, second = sample.var(axis=0, ddof=1) / sizes[0], other.var(axis=0, ddof=1) / sizes[1]
    total = first + second
    squares = first * first / (sizes[0] - 1) + second * second / (sizes[1] - 1)
    certain = squares == 0.0
    return total, np.where(certain, 1.0, total * total / np.where(certain, 1.0, squares))


def band_half_width(sample: Array, other: Array, pairs: bool) -> Array:
    """Return half the width of the simultaneous 95 % band of a curve of differences of means.

    It holds the whole curve in 95 of 100 studies, where intervals of single months at 95 % miss
    somewhere in many more. The greatest of the studentised deviations is simulated with the
    correlations that the months have (max-t, with a fixed seed).

    Parameters
    ----------
    one, other
        Values, one row per organisation, one column per month or per anything that is looked at
        together.
    pairs
        Whether row k is the same organisation in both.

    Returns
    -------
    numpy.ndarray
        One value per column; 0 where nothing varies; not a number for a single organisation.
    """
    if sample.shape[0] < 2:
        return np.full(sample.shape[1:], np.nan)
    full = np.isfinite(sample).all(axis=0) & np.isfinite(other).all(axis=0)
    if not full.all():  # a column that some organisations do not have stands for itself
        half = half_width(sample, other, pairs)
        if full.any():
            half[full] = band_half_width(sample[:, full], other[:, full], pairs)
        return half
    variance, freedom = _variance(sample, other, pairs)
    parts = [sample - other] if pairs else [sample, other]
    rows = np.concatenate([shares_of_error(part) for part in parts])
    least = float(freedom.min(where=variance > 0.0, initial=2.0 * sample.shape[0]))
    width: Array = critical(rows, least) * np.sqrt(variance)
    return width


def known_in(sample: Array, other: Array, pairs: bool) -> tuple[Array, Array]:
    """Return the values of the organisations that have any, in pairs of those that have both."""
    if sample.ndim > 1:
        return sample, other
    first, second = np.isfinite(sample), np.isfinite(other)
    if pairs:
        first = second = first & second
    return sample[first], other[second]


def difference_curve(
    result: Result, scenario: str, against: str | None = None, kpi: str = "adoption"
) -> pd.DataFrame:
    """Return the difference between two scenarios, month by month.

    Parameters
    ----------
    result
        What was simulated.
    scenario
        Scenario looked at.
    against
        Scenario it is compared with; by default the first.
    kpi
        KPI compared.

    Returns
    -------
    pandas.DataFrame
        By month, in points for shares and else in the KPI's unit: ``difference`` of the means,
        ``low`` and ``high`` of its simultaneous 95 % band, which holds the whole curve in 95 of
        100 studies; ``band_low`` and ``band_high`` between which 80 % of the organisations lie. There is no interval for a single organisation, and no
        band where the people are not the same.

    Raises
    ------
    AdoptionError
        If there is no such scenario or KPI.
    """
    import pandas as pd

    reference = reference_of(result, against)
    known(scenario, result.scenarios, "scenario")
    last = month_within(result, None)
    factor = scale_of(known(kpi, kpis.KPIS, "KPI")).factor
    sample = factor * result.curves(scenario, kpi)[:, : last + 1]
    other = factor * result.curves(reference, kpi)[:, : last + 1]
    pairs = paired(result, scenario, reference)
    centre = centre_of(sample, other, pairs)
    half = band_half_width(sample, other, pairs)
    nothing = np.full(last + 1, np.nan)
    band_low, band_high = band(sample - other) if pairs and result.runs > 1 else (nothing, nothing)
    return pd.DataFrame(
        {
            "difference": centre,
            "low": centre - half,
            "high": centre + half,
            "band_low": band_low,
            "band_high": band_high,
        },
        index=pd.RangeIndex(last + 1, name="month"),
    )


def difference(
    result: Result, against: str | None = None, kpi: str = "adoption", month: int | None = None
) -> pd.DataFrame:
    """Return how each scenario differs from one of them, and how sure that is.

    Parameters
    ----------
    result
        What was simulated.
    against
        Scenario the others are compared with; by default the first.
    kpi
        KPI compared.
    month
        Month compared; by default the last that all scenarios have.

    Returns
    -------
    pandas.DataFrame
        One row per other scenario:

        ``mean``, ``mean_against``, ``difference``, ``low``, ``high``
            Means, their difference and its 95 % interval (t over organisations), in percent
            and points for shares, else in the KPI's unit.
        ``ratio``, ``odds_ratio``, each with ``_low`` and ``_high``
            Of the means, with 95 % interval by the delta method on the log scale. Undefined
            (not a number) where a mean is 0 or below, odds also where it is 1 or no share.
        ``better``, ``equal``
            Share of organisations in which it does better than, or as well as, the reference.
            Where the people are not the same: share of all pairs of one organisation from each.
        ``sd_reduction``
            How much narrower the interval is because the people are the same [share].
        ``extra_cost``, ``extra_users``, ``cost_per_extra_user``, each with ``_low`` and ``_high``
            Cost up to that month [euro], weekly users in that month [people], and their ratio
            where both are clearly more than in the reference.
        ``same_people``
            Whether organisations make pairs.
        ``identical``
            Whether every KPI is the same in every organisation and month.

    Raises
    ------
    AdoptionError
        If there is no such scenario, KPI or month.

    Examples
    --------
    >>> import sim
    >>> both = sim.compare(["baseline", "leadership"], runs=10, seed=1)
    >>> difference(both, against="baseline")["organisations"].to_list()
    [10]
    """
    import pandas as pd

    reference = reference_of(result, against)
    month = month_within(result, month)
    known(kpi, kpis.KPIS, "KPI")
    rows = [_difference(result, name, reference, kpi, month) for name in others(result, reference)]
    return pd.DataFrame(rows, columns=COLUMNS).set_index("scenario")


def _difference(result: Result, name: str, reference: str, kpi: str, month: int) -> dict[str, Any]:
    """Return the row of :func:`difference` of one scenario."""
    scale, called = scale_of(kpi), labels(result)
    pairs = paired(result, name, reference)
    sample, other = known_in(
        result.curves(name, kpi)[:, month], result.curves(reference, kpi)[:, month], pairs
    )
    centre = scale.factor * float(centre_of(sample, other, pairs))
    half = scale.factor * float(half_width(sample, other, pairs))
    ratio = ratio_of_means(sample, other, pairs)
    odds = odds_ratio_of_means(sample, other, pairs) if scale.unit == "%" else UNDEFINED
    better, equal = wins(sample, other, pairs, kpi in kpis.LOWER_IS_BETTER)
    with_ends = {"ratio": ratio, "odds_ratio": odds}
    with_ends |= money(result, name, reference, month)._asdict()
    return {
        "scenario": name,
        "label": called[name],
        "against": called[reference],
        "kpi": kpi,
        "month": month,
        "organisations": result.runs,
        "same_people": pairs,
        "unit": scale.difference,
        "mean": scale.factor * float(kpis.known_mean(sample)),
        "mean_against": scale.factor * float(kpis.known_mean(other)),
        "difference": centre,
        "low": centre - half,
        "high": centre + half,
        "better": better,
        "equal": equal,
        "sd_reduction": sd_reduction(sample, other) if pairs else math.nan,
        "identical": identical(result, name, reference),
        **{
            f"{what}{end}": value
            for what, values in with_ends.items()
            for end, value in zip(("", "_low", "_high"), values, strict=True)
        },
    }


COLUMNS = [
    "scenario",
    "label",
    "against",
    "kpi",
    "month",
    "organisations",
    "same_people",
    "unit",
    "mean",
    "mean_against",
    "difference",
    "low",
    "high",
    "ratio",
    "ratio_low",
    "ratio_high",
    "odds_ratio",
    "odds_ratio_low",
    "odds_ratio_high",
    "better",
    "equal",
    "identical",
    "sd_reduction",
    "extra_cost",
    "extra_cost_low",
    "extra_cost_high",
    "extra_users",
    "extra_users_low",
    "extra_users_high",
    "cost_per_extra_user",
    "cost_per_extra_user_low",
    "cost_per_extra_user_high",
]

UNDEFINED = (math.nan, math.nan, math.nan)
NOT_KNOWN = "\N{EN DASH}"
"""Stands for a number that there is not: of nobody, or from nobody's access."""


def centre_of(sample: Array, other: Array, pairs: bool) -> Array:
    """Return the difference of means over organisations: of pairs, where they have the same people."""
    return (
        kpis.known_mean(sample - other)
        if pairs
        else kpis.known_mean(sample) - kpis.known_mean(other)
    )


def ratio_of_means(sample: Array, other: Array, pairs: bool) -> tuple[float, float, float]:
    """Return the ratio of two means with its 95 % interval, by the delta method on its log."""
    first, second = float(kpis.known_mean(sample)), float(kpis.known_mean(other))
    if not min(first, second) > 0.0:
        return UNDEFINED
    # To first order log(mean) moves by value / mean per organisation.
    half = float(half_width(sample / first, other / second, pairs))
    return _around(first / second, half)


def odds_ratio_of_means(sample: Array, other: Array, pairs: bool) -> tuple[float, float, float]:
    """Return the odds ratio of two mean shares with its 95 % interval, likewise."""
    first, second = float(kpis.known_mean(sample)), float(kpis.known_mean(other))
    if not (0.0 < first < 1.0 and 0.0 < second < 1.0):
        return UNDEFINED
    spread, others_spread = first * (1.0 - first), second * (1.0 - second)
    half = float(half_width(sample / spread, other / others_spread, pairs))
    return _around(first / (1.0 - first) / (second / (1.0 - second)), half)


def _around(ratio: float, half: float) -> tuple[float, float, float]:
    """Return a ratio and its interval, given half the width of that of its log."""
    if half > 700.0:  # exp would overflow: a handful of organisations can leave everything open
        return ratio, 0.0, math.inf
    return ratio, ratio * math.exp(-half), ratio * math.exp(half)


def wins(sample: Array, other: Array, pairs: bool, lower: bool = False) -> tuple[float, float]:
    """Return the shares of organisations that do better with the first, and equally well.

    Parameters
    ----------
    one, other
        Values, one per organisation.
    pairs
        Whether value k is of the same organisation in both. Otherwise every organisation of the
        first is held against every one of the second.
    lower
        Whether less is better.
    """
    sample, other = known_in(sample, other, pairs)
    if not (sample.size and other.size):
        return math.nan, math.nan
    if pairs:
        less, equal = float((sample < other).mean()), float((sample == other).mean())
    else:
        ranked = np.sort(other)
        above = np.searchsorted(ranked, sample, side="right") / other.size
        at_least = np.searchsorted(ranked, sample, side="left") / other.size
        less, equal = float(1.0 - above.mean()), float((above - at_least).mean())
    return (less if lower else max(0.0, 1.0 - less - equal)), equal


def sd_reduction(sample: Array, other: Array) -> float:
    """Return by which share the same people reduce the standard deviation of a difference."""
    if min(sample.size, other.size) < 2:
        return math.nan
    apart = math.sqrt(float(sample.var(ddof=1) + other.var(ddof=1)))
    together = float((sample - other).std(ddof=1))
    return 1.0 - together / apart if apart > 0.0 else math.nan


class Extra(NamedTuple):
    """What a scenario costs and brings more than another: euro, people, euro a person."""

    extra_cost: Amount
    extra_users: Amount
    cost_per_extra_user: Amount


def money(result: Result, scenario: str, reference: str, month: int) -> Extra:
    """Return extra cost up to a month, extra weekly users in it, and cost per extra user.

    The last one has a meaning only where clearly more is spent and clearly more people use: elsewhere
    one of the two is better and cheaper, or nothing was gained for sure, and it is not a number.
    """
    spent, users = {}, {}
    for name in (scenario, reference):
        people = result.scenarios[name].organisation.employees
        spent[name] = result.curves(name, "cost")[:, : month + 1].sum(axis=1)
        users[name] = result.curves(name, "adoption")[:, month] * people
    pairs = paired(result, scenario, reference)
    if pairs:
        cost, gained = (each[scenario] - each[reference] for each in (spent, users))
        return Extra(mean_of(cost), mean_of(gained), ratio_of(cost, gained))
    return Extra(
        apart(spent[scenario], spent[reference], False),
        apart(users[scenario], users[reference], False),
        ratio_of(spent[scenario], users[scenario], (spent[reference], users[reference])),
    )


def apart(sample: Array, other: Array, pairs: bool) -> Amount:
    """Return the difference of the means of two samples with its interval."""
    centre, half = float(sample.mean() - other.mean()), float(half_width(sample, other, pairs))
    return Amount(centre, centre - half, centre + half)


# --- In words ------------------------------------------------------------------------------


def verdict(
    result: Result,
    against: str | None = None,
    kpi: str = "adoption",
    month: int | None = None,
    lang: str = "en",
) -> str:
    """Return one sentence per scenario, each on its own line; see :func:`verdicts`."""
    return "\n".join(verdicts(result, against, kpi, month, lang).values())


def verdicts(
    result: Result,
    against: str | None = None,
    kpi: str = "adoption",
    month: int | None = None,
    lang: str = "en",
) -> dict[str, str]:
    """Return one honest sentence per scenario: better or not, by how much, how sure.

    Parameters
    ----------
    result, against, kpi, month
        As in :func:`difference`.
    lang
        Language: ``en`` or ``nl``.

    Raises
    ------
    AdoptionError
        If there is no such scenario, KPI, month or language.
    """
    words = language(lang)
    what = label_of(known(kpi, kpis.KPIS, "KPI"), words)
    kind = what[0].lower() + what[1:]
    sentences = {}
    called, base = labels(result, words), reference_of(result, against)
    for name, row in difference(result, against, kpi, month).iterrows():
        row["label"], row["against"] = called[str(name)], called[base]
        numbers = in_figures(row, words)
        if row.identical:
            sentence = words._(
                "{label}: identical to {against}: every figure is the same in {organisations}",
                label=row.label,
                against=row.against,
                organisations=of_organisations(1.0, row.organisations, words),
            )
        elif math.isnan(row.difference):
            sentence = words._(
                "{label}: of {kind} at month {month} nothing is known here, or in {against}",
                label=row.label,
                kind=kind,
                against=row.against,
                month=row.month,
            )
        elif row.equal == 1.0:
            sentence = words._(
                "{label}: exactly the same {kind} as {against} at month {month}",
                label=row.label,
                kind=kind,
                against=row.against,
                month=row.month,
            )
        else:
            sentence = words._(
                "{label}: {found}: {kind} {gain} at month {month} ({interval})",
                label=row.label,
                found=found_in(row, words),
                kind=kind,
                month=row.month,
                gain=in_unit(numbers["difference"], row.unit, words),
                interval=numbers["interval"],
            )
        if not row.same_people:
            sentence = words._(
                "{verdict}; not the same people, so compared as two samples", verdict=sentence
            )
        sentences[str(name)] = f"{sentence}."
    return sentences


def clear(row: Any) -> bool:
    """Return whether the interval of a row of :func:`difference` leaves out 0."""
    return bool(row.low > 0.0 or row.high < 0.0)


def found_in(row: Any, words: Language = ENGLISH) -> str:
    """Return what a row of :func:`difference` says: better or not, and in which organisations."""
    against, better = row.against, improved(row)
    if row.organisations == 1:
        if better:
            return words._("better than {base} in the one organisation simulated", base=against)
        return words._("worse than {base} in the one organisation simulated", base=against)
    if not clear(row):
        return words._(
            "no clear difference from {base} (better in {share})",
            base=against,
            share=_organisations(row, row.better, words),
        )
    worse = max(0.0, 1.0 - row.better - row.equal)
    holds, fails = (row.better, worse) if better else (worse, row.better)
    values = {"base": against, "share": _organisations(row, holds, words)}
    if holds < fails:
        if better:
            return words._("better than {base} on average, but only in {share}", **values)
        return words._("worse than {base} on average, but only in {share}", **values)
    if better:
        return words._("better than {base} in {share}", **values)
    return words._("worse than {base} in {share}", **values)


def _organisations(row: Any, share: float, words: Language) -> str:
    """Return in how many of the organisations a row is about, and in how many nothing differs."""
    runs, pairs = row.organisations, row.same_people
    equal = equal_in(row.equal, runs, words, pairs)
    return with_equal(of_organisations(share, runs, words, pairs), equal, words)


def improved(row: Any) -> bool:
    """Return whether the difference goes in the good direction."""
    return (
        bool((row.difference < 0.0) == (row.kpi in kpis.LOWER_IS_BETTER)) and row.difference != 0.0
    )


def percent(share: float) -> str:
    """Return a share in whole percent; 0 and 100 only where that is exact."""
    if 0.0 < share < 1.0:
        share = min(max(share, 0.01), 0.99)
    return f"{100.0 * share:.0f}"


def in_figures(row: Any, words: Language = ENGLISH) -> dict[str, str]:
    """Return what is known of a row of :func:`difference`, sensibly rounded.

    Returns
    -------
    dict
        ``difference``; between which values it lies, ``between``; and the ``interval`` by name.
    """
    if math.isnan(row.difference):
        return dict.fromkeys(("difference", "between", "interval"), NOT_KNOWN)
    if math.isnan(row.low):
        digits = 0 if abs(row.difference) >= 10.0 else 1
        nothing = words._("no interval from one organisation")
        return {
            "difference": signed(row.difference, digits, words),
            "between": nothing,
            "interval": nothing,
        }
    if str(getattr(row, "unit", "")).startswith("euro"):
        amount = Amount(row.difference, row.low, row.high)
        if amount.step:
            about = _plain(head(amount, words, True), words)
            between = _plain(span(amount, words), words).replace("+", "")
            interval = words._("95 % interval {between}", between=between)
            return {"difference": about, "between": between, "interval": interval}
    half = (row.high - row.low) / 2.0
    # As few digits as the interval deserves, but a bound near 0 keeps its sign.
    if half >= 0.5 and min(abs(row.low), abs(row.high)) >= 1.0:
        digits = min(0, 1 - math.floor(math.log10(half)))
    else:
        digits = min(4, max(1, math.ceil(-math.log10(half)))) if half > 0.0 else 1
    low, high = (signed(value, digits, words).lstrip("+") for value in (row.low, row.high))
    between = words._("{low} to {high}", low=low, high=high)
    return {
        "difference": signed(row.difference, digits, words),
        "between": between,
        "interval": words._("95 % interval {between}", between=between),
    }


def _plain(euros: str, words: Language) -> str:
    """Return amounts without the sign of the euro, as they stand before their unit."""
    text = euros.replace("€\N{NO-BREAK SPACE}", "").replace("€", "")
    return text.replace(MINUS, "-") if words == ENGLISH else text


def signed(value: float, digits: int, words: Language = ENGLISH) -> str:
    """Return a number with its sign, in English a hyphen; what rounds to 0 is 0."""
    value = round(value, digits)
    if not value:
        return "0"
    text = words.number(value, max(0, digits), sign=True)
    return text.replace(MINUS, "-") if words == ENGLISH else text
