"""What a comparison says to people who decide: how far, how sure, at what price, and why.

The page and the report say the same, because both read it here. Nothing in it is a picture or a
layout; texts come in a language (:mod:`analysis.words.languages`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final, NamedTuple

import numpy as np

from analysis.results.colours import colours_of
from analysis.results.comparison import (
    Extra,
    apart,
    band_half_width,
    centre_of,
    half_width,
    money,
    paired,
    wins,
)
from analysis.results.ensemble import over_vectors, troughs, under
from analysis.results.firm import (
    NOTHING,
    Amount,
    equal_in,
    euros,
    mean_of,
    median_of,
    of_organisations,
    with_equal,
)
from analysis.results.groups.measured import curves as group_curves
from analysis.results.groups.measured import mean as group_mean
from analysis.results.groups.measured import names as group_names
from analysis.results.groups.measured import people as group_people
from analysis.results.summary import (
    SUCCESS_LEVEL,
    SUCCESS_MONTH,
    band,
    break_even,
    common_months,
    identical,
    label_of,
)
from analysis.results.undone import lowered, named, reasons
from analysis.words.languages import Language
from sim import kpis
from sim.engine.kinds import Array
from sim.errors import InterruptedStudyError, said
from sim.programme.ledger import Undone
from sim.scenario.schema import Scenario
from sim.simulator import Simulator
from sim.study.experiments import runs_key
from sim.study.kept import Kept
from sim.study.posteriors import posterior
from sim.study.results import Result

Progress = Callable[[int, int], None]

MONTHS: Final = (6, 12, 24)
"""Months people ask about."""

FALL: Final = 0.1
"""Least part of the most weekly users there were that is lost again in a fall."""

WHY: Final = ("felt_threat", "expectation", "skill", "habit")
"""What people need to go on using: less fear, more expected of it, more skill, a habit."""

GROUPS: Final = ("archetype", "department")
"""Kinds of groups shown."""

VECTORS: Final = 20
"""Parameter vectors of each set of evidence an answer is tried under."""

ORGANISATIONS: Final = 20
"""Organisations under each of them, and in which a trough is looked for."""


class Level(NamedTuple):
    """A mean over organisations, and the values between which 80 % of them lie."""

    mean: float
    low: float
    high: float


class Difference(NamedTuple):
    """What a strategy adds to the one it is compared with, in the same organisations.

    Attributes
    ----------
    mean, low, high
        Difference of the means and its 95 % interval; shares are from 0 to 1.
    better, equal
        Share of organisations in which it does better, or exactly as well.
    band_low, band_high
        Ends of the simultaneous 95 % band, which holds the whole curve over months.
    clear
        Whether the interval leaves out 0.
    """

    mean: float
    low: float
    high: float
    better: float
    equal: float
    band_low: float = float("nan")
    band_high: float = float("nan")

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low > 0.0 or self.high < 0.0


class Fall(NamedTuple):
    """A fall of the mean curve: the month of the top, that of the lowest point after it, and both."""

    top: int
    bottom: int
    high: float
    low: float


class Money(NamedTuple):
    """What was spent and earned at the end, what is left of it [euro], and net per euro spent."""

    spent: Amount
    earned: Amount
    net: Amount
    roi: Amount


@dataclass(frozen=True)
class Strategy:
    """How one strategy goes.

    Attributes
    ----------
    name, title, colour
        Which one, what its file calls it, and the colour it has in every picture.
    scenario, undone
        The scenario, and what of it is not done.
    adoption
        Mean, low and high end of the band of weekly users, by month [months + 1].
    never
        Share of people who have access for half a year and never used it weekly, at the end.
    spent, earned
        Mean euro since the start, by month [months + 1].
    money
        At the end, with intervals.
    break_even, broke_even
        Median month in which what was spent is earned back, infinite where fewer than half of
        the organisations get there; and their share.
    added
        Difference of weekly users from the reference by month [months + 1]; empty for that itself.
    extra
        Costs and users at the end, compared with the reference.
    same_as
        The first strategy before it that gave the same in every organisation and month; or nothing.
    fall
        The largest fall of the mean curve, None where it is less than a tenth of the top.
    trough
        Share of organisations in which expected use in months 4 to 9 after access is a tenth or more
        below its top in months 1 to 4; not a number if not looked at. Later falls do not count.
    fails
        Share of organisations with fewer than ``SUCCESS_LEVEL`` weekly users in month ``SUCCESS_MONTH``,
        or the last if that is earlier.
    beats, ties
        Share of parameter vectors under which it does better than the reference, or exactly as well,
        by evidence.
    vectors
        How many of them were tried, of each evidence.
    """

    name: str
    title: str
    colour: str
    scenario: Scenario
    undone: tuple[Undone, ...]
    adoption: tuple[Array, Array, Array]
    never: Level
    spent: Array
    earned: Array
    money: Money
    break_even: Amount
    broke_even: float
    added: tuple[Difference, ...]
    extra: Extra
    same_as: str = ""
    fall: Fall | None = None
    trough: float = float("nan")
    fails: float = float("nan")
    beats: Mapping[str, float] = field(default_factory=dict)
    ties: Mapping[str, float] = field(default_factory=dict)
    vectors: int = 0

    def called(self, words: Language) -> str:
        """Return what it is called, with how much it lacks."""
        return named(self.title, self.undone, words)

    def quoted(self, words: Language) -> str:
        """Return what it is called, between quotation marks."""
        return quoted(self.called(words))

    def at(self, month: int) -> Level:
        """Return the share of weekly users in a month."""
        return Level(*(float(curve[month]) for curve in self.adoption))


class Group(NamedTuple):
    """How a group of people fares under each strategy: weekly users at the end, by name."""

    kind: str
    name: str
    people: float
    users: Mapping[str, float]


class Reason(NamedTuple):
    """What differs inside people: a KPI in month 6 with the reference and with the best."""

    kpi: str
    month: int
    reference: float
    best: float
    difference: Difference


class Adds(NamedTuple):
    """What each measure of the best strategy adds, averaged over all orders in which they can come.

    Attributes
    ----------
    players
        Measures by name, the one that adds most first; see :class:`analysis.decisions.game.Game`.
    points
        Weekly users each adds at the end, with its 95 % interval [shares].
    costs
        What each costs [euro].
    runs
        Organisations behind it.
    """

    players: tuple[str, ...]
    points: tuple[Amount, ...]
    costs: tuple[float, ...]
    runs: int

    @property
    def total(self) -> float:
        """What all add together [share]."""
        return sum(each.mean for each in self.points)


@dataclass(frozen=True)
class Answer:
    """What a comparison says.

    Attributes
    ----------
    result
        What was simulated.
    strategies
        The reference first, then the others in their order.
    groups, reasons
        See :class:`Group` and :class:`Reason`; empty where groups were not measured, or there is
        nothing to compare.
    adds
        What each measure of the best strategy adds, None where that was not worked out.
    """

    result: Result
    strategies: tuple[Strategy, ...]
    groups: tuple[Group, ...]
    reasons: tuple[Reason, ...]
    adds: Adds | None = None

    @property
    def reference(self) -> Strategy:
        """The strategy the others are compared with."""
        return self.strategies[0]

    @property
    def best(self) -> Strategy:
        """The one of the others with most weekly users at the end; the only one if it is alone."""
        return max(
            self.strategies[1:] or self.strategies, key=lambda strategy: strategy.adoption[0][-1]
        )

    @property
    def last(self) -> int:
        """The last month that all have."""
        return common_months(self.result)

    @property
    def months(self) -> list[int]:
        """Months people ask about, as far as all go."""
        return [month for month in MONTHS if month < self.last] + [self.last]

    @property
    def people(self) -> int:
        """Number of employees."""
        return next(iter(self.result.scenarios.values())).organisation.employees

    @property
    def organisation(self) -> str:
        """Name of the organisation."""
        return next(iter(self.result.scenarios.values())).organisation.name

    # --- In words --------------------------------------------------------------------------

    def not_done(self, words: Language) -> list[str]:
        """Return what has to be said before anything else: what is not done, and who is the same."""
        sentences, by_name = [], {strategy.name: strategy for strategy in self.strategies}
        several = len(self.strategies) > 1
        for strategy in self.strategies:
            for reason in reasons(strategy.scenario, strategy.undone, words):
                sentences.append(
                    f"{quoted(strategy.title)}: {lowered(reason)}" if several else reason
                )
        for strategy in self.strategies:
            if strategy.same_as:
                sentences.append(
                    words._(
                        "{label} and {other} are identical: the same in {organisations}.",
                        label=strategy.quoted(words),
                        other=by_name[strategy.same_as].quoted(words),
                        organisations=self.organisations(1.0, words),
                    )
                )
        return sentences

    def organisations(self, share: float, words: Language, pairs: bool = True) -> str:
        """Return in how many of the organisations simulated something holds."""
        return of_organisations(share, self.result.runs, words, pairs)

    def headline(self, words: Language) -> str:
        """Return the answer: first what is not done, if anything is not, then who does best."""
        return " ".join([*self.not_done(words), self.outcome(words)])

    def outcome(self, words: Language) -> str:
        """Return how the strategies do, in one sentence."""
        best, base, month = self.best, self.reference, self.last
        share = words.percent(best.at(month).mean)
        values = {
            "label": best.quoted(words),
            "base": base.quoted(words),
            "month": month,
            "share": share,
            "against": words.percent(base.at(month).mean),
        }
        if best is base:
            return words._(
                "With {label}, {share} of employees use AI every week after {month} months.",
                **values,
            )
        added = best.added[month]
        if all(strategy.added[month].equal == 1.0 for strategy in self.strategies[1:]):
            return words._(
                "After {month} months {share} of employees use AI every week, with every strategy "
                "the same.",
                **values,
            )
        if added.equal == 1.0:
            return words._(
                "No strategy brings more weekly users than {base}: {against} of employees after "
                "{month} months, as many with {label}.",
                **values,
            )
        if not added.clear:
            return words._(
                "After {month} months no strategy clearly brings more weekly users than {base}: "
                "{share} with {label}, {against} with {base}.",
                **values,
            )
        if added.mean < 0.0:
            return words._(
                "Nothing does better than {base}: {against} of employees use AI every week after "
                "{month} months, {share} with the next best, {label}.",
                **values,
            )
        return words._(
            "{label} brings {share} of employees to weekly use of AI after {month} months, against "
            "{against} with {base}.",
            **values,
        )

    def how_sure(self, words: Language, strategy: Strategy | None = None) -> str:
        """Return how sure it is that a strategy does better: other numbers first, then luck."""
        strategy = strategy or self.best
        if strategy is self.reference:
            level = strategy.at(self.last)
            if self.result.runs == 1:
                return words._("One organisation was simulated: how sure it is cannot be told.")
            return words._(
                "In 80 of 100 organisations like this one it is between {low} and {high}.",
                low=words.percent(level.low),
                high=words.percent(level.high),
            )
        if strategy.same_as == self.reference.name:
            return words._(
                "{label} and {other} are identical: the same in {organisations}.",
                label=strategy.quoted(words),
                other=self.reference.quoted(words),
                organisations=self.organisations(1.0, words),
            )
        added, sentences = strategy.added[self.last], []
        if strategy.beats:
            shares = [
                f"{_with_ties(share, name, strategy, words)} ({evidence_name(name, words)})"
                for name, share in strategy.beats.items()
            ]
            sentences.append(
                words._(
                    "Under other sets of numbers for how people react, each in line with the "
                    "evidence, it does better in {shares}.",
                    shares=words.listed(shares),
                )
            )
        if self.result.runs == 1:
            sentences.append(
                words._(
                    "{difference} percentage points in the one organisation simulated; how sure that is, "
                    "one organisation cannot tell.",
                    difference=words.points(added.mean),
                )
            )
            return " ".join(sentences)
        values = {
            "difference": words.points(added.mean),
            "low": words.points(added.low),
            "high": words.points(added.high),
            "better": self.better(strategy, words),
        }
        sentences.append(
            words._(
                "With the usual numbers: {difference} percentage points ({low} to {high}, 95% interval "
                "of the mean); more in {better}.",
                **values,
            )
        )
        return " ".join(sentences)

    def better(self, strategy: Strategy, words: Language) -> str:
        """Return in how many organisations a strategy has more weekly users than the reference."""
        pairs = paired(self.result, strategy.name, self.reference.name)
        share = self.organisations(strategy.added[self.last].better, words, pairs)
        return with_equal(share, self.wins(strategy, words)[1], words)

    def wins(self, strategy: Strategy, words: Language) -> tuple[str, str]:
        """Return in how many organisations it has more, and as many if any: ``9 of 12``, ``2``."""
        added, runs = strategy.added[self.last], self.result.runs
        pairs = paired(self.result, strategy.name, self.reference.name)
        share = of_cases(added.better, runs, words) if pairs else words.percent(added.better)
        return share, equal_in(added.equal, runs, words, pairs)

    def price(self, words: Language, strategy: Strategy | None = None) -> str:
        """Return what a strategy, by default the best, costs and brings, with intervals."""
        strategy = strategy or self.best
        more = strategy.extra.extra_cost
        values = {"base": self.reference.quoted(words), "more": euros(more, words)}
        if strategy is self.reference:
            text = words._(
                "It costs {cost} in {month} months.",
                cost=euros(strategy.money.spent, words),
                month=self.last,
            )
        elif more.mean == 0.0:
            text = words._("It costs the same as {base}.", **values)
        elif more.step and not more.clear:
            text = words._("What it costs more than {base} is {more}.", **values)
        elif more.mean < 0.0:
            less = Amount(-more.mean, -more.high, -more.low)
            text = words._(
                "It costs {less} less than {base}.",
                less=euros(less, words),
                base=self.reference.quoted(words),
            )
        elif np.isfinite(strategy.extra.cost_per_extra_user.mean):
            text = words._(
                "It costs {more} more than {base}, {each} for each extra weekly user.",
                each=euros(strategy.extra.cost_per_extra_user, words),
                **values,
            )
        else:
            text = words._(
                "It costs {more} more than {base} and brings no extra weekly users for sure.",
                **values,
            )
        net = euros(strategy.money.net, words)
        if np.isfinite(strategy.break_even.mean):
            text += " " + words._(
                "Half of the organisations have earned it back by {month}; after {last} months the "
                "balance is {net}.",
                month=self.even(strategy, words),
                last=self.last,
                net=net,
            )
        else:
            text += " " + words._(
                "Within {last} months it is earned back in {share}; the balance is {net}.",
                share=self.organisations(strategy.broke_even, words),
                last=self.last,
                net=net,
            )
        return text

    def even(self, strategy: Strategy, words: Language) -> str:
        """Return the median month in which a strategy is earned back, with its interval."""
        mean, low, high = strategy.break_even
        if not np.isfinite(mean):
            return words._("not yet")
        text = words._("month {month}", month=round(mean))
        if not np.isfinite(low) or low == high:
            return text
        if np.isfinite(high):
            return text + " " + words._("({low} to {high})", low=round(low), high=round(high))
        return text + " " + words._("({low} or later)", low=round(low))

    def falls(self, strategy: Strategy, words: Language) -> str:
        """Return how far weekly use falls from its top, nothing if it does not."""
        if strategy.fall is None:
            return ""
        return words._(
            "weekly use falls from {high} in month {top} to {low} in month {bottom}",
            high=words.percent(strategy.fall.high),
            low=words.percent(strategy.fall.low),
            top=strategy.fall.top,
            bottom=strategy.fall.bottom,
        )

    @property
    def second(self) -> Strategy | None:
        """The next best of the others, if there are two or more."""
        rest = [strategy for strategy in self.strategies[1:] if strategy is not self.best]
        return max(rest, key=lambda each: each.adoption[0][-1], default=None)

    def against_second(self, words: Language) -> str:
        """Return what the best adds to the next best, and at what price; nothing without one."""
        second = self.second
        if second is None or self.result.runs == 1:
            return ""
        added = differences(self.result, self.best.name, second.name, "adoption")[self.last]
        if added.equal == 1.0:
            return words._("{second} brings exactly as many.", second=second.quoted(words))
        if not added.clear:
            return words._("It is not clearly better than {second}.", second=second.quoted(words))
        extra = money(self.result, self.best.name, second.name, self.last)
        cost = extra.extra_cost
        values = {
            "second": second.quoted(words),
            "difference": words.points(added.mean),
            "low": words.points(added.low),
            "high": words.points(added.high),
            "cost": euros(cost, words),
            "each": euros(extra.cost_per_extra_user, words),
        }
        if cost.mean < 0.0 and (cost.clear or not cost.step):
            values["cost"] = euros(Amount(-cost.mean, -cost.high, -cost.low), words)
            return words._(
                "Compared with {second}: {difference} points ({low} to {high}), and {cost} cheaper.",
                **values,
            )
        if not np.isfinite(extra.cost_per_extra_user.mean):
            return words._(
                "Compared with {second}: {difference} points ({low} to {high}); extra cost: {cost}.",
                **values,
            )
        return words._(
            "Compared with {second}: {difference} points ({low} to {high}) for {cost} more, {each} for "
            "each extra weekly user.",
            **values,
        )

    def for_the_money(self, words: Language) -> str:
        """Return which strategy earns most, if that is clear and not the one with most users."""
        richest = max(self.strategies, key=lambda strategy: strategy.money.net.mean)
        if len(self.strategies) < 3 or richest in (self.best, self.reference):
            return ""
        ahead = [
            _more_net(self.result, richest.name, strategy.name, self.last)
            for strategy in (self.best, self.reference)
        ]
        if any(more.low <= 0.0 for more in ahead):
            return ""
        return words._(
            "Most for the money is {label}: {share} weekly users and a balance of {net} after {month} "
            "months.",
            label=richest.quoted(words),
            share=words.percent(richest.at(self.last).mean),
            month=self.last,
            net=euros(richest.money.net, words),
        )

    def why(self, words: Language) -> list[str]:
        """Return what inside people points the way of the difference, a line each.

        There is no reason for a difference that is not clear.
        """
        return [self._inside(reason, words) for reason in self.reasons if self._explains(reason)]

    def also(self, words: Language) -> list[str]:
        """Return what else is clearly different inside people, a line each."""
        return [
            self._inside(reason, words)
            for reason in self.reasons
            if reason.difference.clear and not self._explains(reason)
        ]

    def _explains(self, reason: Reason) -> bool:
        added = self.best.added[self.last]
        helps = (reason.difference.mean < 0.0) == (reason.kpi in kpis.LOWER_IS_BETTER)
        return added.clear and reason.difference.clear and helps == (added.mean > 0.0)

    def _inside(self, reason: Reason, words: Language) -> str:
        """Return what differs inside people, as a fact: higher or lower, with the interval."""
        low, high = (words.number(end, 2, sign=True) for end in reason.difference[1:3])
        values = {
            "name": label_of(reason.kpi, words),
            "month": reason.month,
            "base": self.reference.quoted(words),
            "best": words.number(reason.best, 2),
            "other": words.number(reason.reference, 2),
            "low": low,
            "high": high,
        }
        if reason.difference.mean < 0.0:
            return words._(
                "{name}: lower, {best} in month {month} against {other} with {base} (difference {low} "
                "to {high})",
                **values,
            )
        return words._(
            "{name}: higher, {best} in month {month} against {other} with {base} (difference {low} to "
            "{high})",
            **values,
        )


def quoted(text: str) -> str:
    """Return a text between quotation marks."""
    return f"\N{LEFT DOUBLE QUOTATION MARK}{text}\N{RIGHT DOUBLE QUOTATION MARK}"


def evidence_name(name: str, words: Language) -> str:
    """Return what a set of evidence is called."""
    return {
        "literature": words._("published research"),
        "vendor": words._("claims of practitioners"),
        "shipped": words._("the usual numbers"),
    }.get(name, name)


# --- Made of a result --------------------------------------------------------------------------


def answer(result: Result, against: str | None = None) -> Answer:
    """Return what a comparison says.

    Parameters
    ----------
    result
        What was simulated, with groups if they are to be told.
    against
        The scenario the others are compared with; by default the first.

    Raises
    ------
    AdoptionError
        If there is no such scenario.
    """
    from analysis.results.comparison import others, reference_of

    reference = reference_of(result, against)
    order = [reference, *others(result, reference)]
    shades = colours_of(list(result.scenarios), reference)
    titles = [" ".join(scenario.label.split()) for scenario in result.scenarios.values()]
    strategies = list[Strategy]()
    for name in order:
        title = " ".join(result.scenarios[name].label.split())
        own = title if titles.count(title) == 1 else name
        earlier = (strategy.name for strategy in strategies)
        same_as = next((before for before in earlier if identical(result, name, before)), "")
        strategies.append(_strategy(result, name, reference, own, shades[name], same_as))
    last = common_months(result)
    compared = Answer(result, tuple(strategies), _groups(result, order, last), ())
    month = min(MONTHS[0], last)
    reasons = tuple(
        Reason(
            kpi,
            month,
            float(kpis.known_mean(result.curves(reference, kpi)[:, month])),
            float(kpis.known_mean(result.curves(compared.best.name, kpi)[:, month])),
            differences(result, compared.best.name, reference, kpi)[month],
        )
        for kpi in WHY
        if compared.best is not compared.reference and compared.best.same_as != reference
    )
    return Answer(result, compared.strategies, compared.groups, reasons)


def _strategy(
    result: Result, name: str, reference: str, title: str, shade: str, same_as: str
) -> Strategy:
    """Return how one strategy goes, compared with the reference unless it is that itself."""
    last = common_months(result)
    adoption = result.curves(name, "adoption")[:, : last + 1]
    cost = result.curves(name, "cost")[:, : last + 1]
    net = result.curves(name, "cumulative_net")[:, : last + 1]
    spent = np.cumsum(cost, axis=1)
    even = break_even(net, cost)
    mean = adoption.mean(axis=0)
    other = name != reference
    return Strategy(
        name,
        title,
        shade,
        result.scenarios[name],
        result.undone[name],
        (mean, *band(adoption)),
        _level(result.curves(name, "never_users")[:, last]),
        spent.mean(axis=0),
        (net + spent).mean(axis=0),
        Money(
            mean_of(spent[:, -1]),
            mean_of((net + spent)[:, -1]),
            mean_of(net[:, -1]),
            mean_of(result.curves(name, "roi")[:, last]),
        ),
        median_of(even),
        float(np.isfinite(even).mean()),
        differences(result, name, reference, "adoption") if other else (),
        money(result, name, reference, last) if other else Extra(NOTHING, NOTHING, NOTHING),
        same_as,
        _fall(mean),
        fails=float((adoption[:, min(SUCCESS_MONTH, last)] < SUCCESS_LEVEL).mean()),
    )


def differences(result: Result, name: str, reference: str, kpi: str) -> tuple[Difference, ...]:
    """Return what a strategy adds to the reference, by month."""
    last = common_months(result)
    curves = result.curves(name, kpi)[:, : last + 1]
    other = result.curves(reference, kpi)[:, : last + 1]
    pairs, lower = paired(result, name, reference), kpi in kpis.LOWER_IS_BETTER
    half, wide = half_width(curves, other, pairs), band_half_width(curves, other, pairs)
    return tuple(
        Difference(
            float(centre),
            float(centre - half[month]),
            float(centre + half[month]),
            *wins(curves[:, month], other[:, month], pairs, lower),
            float(centre - wide[month]),
            float(centre + wide[month]),
        )
        for month, centre in enumerate(centre_of(curves, other, pairs))
    )


def _more_net(result: Result, scenario: str, other: str, month: int) -> Amount:
    """Return how much more one scenario has left than another, with its interval [euro]."""
    first, second = (result.curves(name, "cumulative_net")[:, month] for name in (scenario, other))
    return apart(first, second, paired(result, scenario, other))


def _fall(curve: Array) -> Fall | None:
    """Return the largest fall of a mean curve, None where it is less than a tenth of its top."""
    tops = np.maximum.accumulate(curve)
    bottom = int((tops - curve).argmax())
    top = int(curve[: bottom + 1].argmax())
    if curve[top] <= 0.0 or curve[top] - curve[bottom] < FALL * curve[top]:
        return None
    return Fall(top, bottom, float(curve[top]), float(curve[bottom]))


def of_cases(share: float, vectors: int, words: Language) -> str:
    """Return under how many of some parameter vectors something holds."""
    number = round(share * vectors)
    if number == vectors:
        return words._("all {runs}", runs=words.number(vectors))
    return words._("{number} of {runs}", number=words.number(number), runs=words.number(vectors))


def _with_ties(share: float, name: str, strategy: Strategy, words: Language) -> str:
    """Return under how many parameter vectors a strategy does better, and in how many the same."""
    equal = equal_in(strategy.ties.get(name, 0.0), strategy.vectors, words)
    return with_equal(of_cases(share, strategy.vectors, words), equal, words)


def _level(values: Array) -> Level:
    low, high = band(values[:, None])
    return Level(float(kpis.known_mean(values)), float(low[0]), float(high[0]))


def groups_of(result: Result, reference: str) -> tuple[Group, ...]:
    """Return how groups fare, which were measured, as an answer against this reference says it."""
    from analysis.results.comparison import others

    order = [reference, *others(result, reference)]
    return _groups(result, order, common_months(result))


def _groups(result: Result, order: Sequence[str], last: int) -> tuple[Group, ...]:
    """Return how groups fare; those too small to be shown are left out."""
    if not result.groups:
        return ()
    groups = []
    for kind in GROUPS:
        if kind not in {kind for group in result.groups.values() for kind, _ in group.labels}:
            continue
        for name in group_names(result, kind):
            there = {
                strategy: group_curves(result, strategy, kind, name, "adoption")
                for strategy in order
            }
            if any(values is None for values in there.values()):
                continue
            people = group_people(result, order[0], kind, name, last)
            users = {strategy: group_mean(values, last) for strategy, values in there.items()}
            groups.append(Group(kind, name, people, users))
    return tuple(groups)


# --- How sure, beyond luck and organisations ---------------------------------------------------


def with_troughs(
    answer: Answer,
    organisations: int = ORGANISATIONS,
    progress: Progress | None = None,
    kept: Kept[Array] | None = None,
) -> Answer:
    """Return the answer with the share of organisations whose use sags after the novelty.

    Parameters
    ----------
    answer
        The answer.
    organisations
        Organisations in which a trough is looked for.
    progress
        Called with the number of strategies done and the total.
    kept
        Where it is kept what each strategy gave, so that none is simulated again.
    """

    def sags(scenarios: Mapping[str, Scenario]) -> dict[str, Array]:
        sagging: dict[str, Array] = {}
        first = next(iter(scenarios.values()))
        simulator = Simulator(first, organisations, answer.result.seed, threads=1)
        for name, each in scenarios.items():
            sagging[name] = troughs(simulator, each)
            if progress is not None:
                progress(len(sagging), len(scenarios))
        return sagging

    sagging = _of_each(answer, f"troughs {organisations}", sags, kept)
    return _with(answer, lambda strategy: {"trough": float(sagging[strategy.name].mean())})


def _of_each(
    answer: Answer,
    what: str,
    work: Callable[[Mapping[str, Scenario]], dict[str, Array]],
    kept: Kept[Array] | None,
) -> dict[str, Array]:
    """Return numbers of each strategy: those that are kept, and the others worked out and kept.

    Parameters
    ----------
    answer
        The answer, whose strategies they are.
    what
        What tells these numbers of a strategy from others of the same.
    work
        Returns the numbers of some strategies, each as if it were alone.
    kept
        Where they are kept.
    """
    scenarios = answer.result.scenarios
    if kept is None:
        return work(scenarios)
    keys = {
        name: f"{what} {runs_key(each, answer.result.seed)}" for name, each in scenarios.items()
    }
    known = {name: there for name, key in keys.items() if (there := kept.get(key)) is not None}
    lacking = {name: each for name, each in scenarios.items() if name not in known}
    for name, numbers in work(lacking).items() if lacking else ():
        known[name] = numbers
        kept.put(keys[name], numbers, len(keys[name]) + numbers.nbytes)
    return known


def with_vectors(
    answer: Answer,
    vectors: int = VECTORS,
    organisations: int = ORGANISATIONS,
    progress: Progress | None = None,
    kept: Kept[Array] | None = None,
) -> Answer:
    """Return the answer tried under other numbers of the rules that reproduce the evidence.

    Parameters
    ----------
    answer
        The answer.
    vectors
        Vectors of each set of evidence, from the first on.
    organisations
        Organisations under each vector; their mean decides which strategy does better.
    progress
        Called with the number of vectors done and the total.
    kept
        Where it is kept what each strategy gave, so that none is simulated again.
    """
    sets, seed = ("literature", "vendor"), answer.result.seed
    beats: dict[str, dict[str, float]] = {each.name: {} for each in answer.strategies}
    ties: dict[str, dict[str, float]] = {each.name: {} for each in answer.strategies}
    for place, evidence in enumerate(sets):
        rows = posterior(evidence).head(vectors).to_dict("records")

        def report(done: int, _: int, before: int = place * vectors) -> None:
            if progress is not None:
                progress(before + done, len(sets) * vectors)

        work = partial(_levels, rows, organisations, seed, report)
        which = hashlib.sha256(repr(rows).encode()).hexdigest()
        levels = _of_each(answer, f"{evidence} {vectors} {organisations} {which}", work, kept)
        other = levels[answer.reference.name]
        for name, mine in levels.items():
            beats[name][evidence] = float(np.mean(mine > other))
            ties[name][evidence] = float(np.mean(mine == other))
    reference = answer.reference.name
    return _with(
        answer,
        lambda s: (
            {}
            if s.name == reference
            else {"beats": beats[s.name], "ties": ties[s.name], "vectors": vectors}
        ),
    )


def _levels(
    rows: Sequence[Mapping[Any, Any]],
    organisations: int,
    seed: int,
    report: Progress,
    scenarios: Mapping[str, Scenario],
) -> dict[str, Array]:
    """Return the mean weekly users of each scenario at the end under each vector [vectors].

    Raises
    ------
    InterruptedStudyError
        If interrupted by Ctrl-C: fewer vectors would pass for all.
    """

    def level(number: int) -> list[float]:
        first = next(iter(scenarios.values()))
        simulator = under(rows[number], number, first, organisations, seed)
        ends = (simulator.simulate(each).rows[:, -1] for each in scenarios.values())
        return [float(end[:, kpis.COLUMN["adoption"]].mean()) for end in ends]

    levels = list(over_vectors(level, range(len(rows)), report))
    if len(levels) < len(rows):
        raise InterruptedStudyError(said("interrupted before all numbers were tried"))
    return dict(zip(scenarios, np.array(levels).T, strict=True))


def _with(answer: Answer, changes: Callable[[Strategy], dict[str, Any]]) -> Answer:
    return replace(
        answer,
        strategies=tuple(replace(strategy, **changes(strategy)) for strategy in answer.strategies),
    )


def same_question(scenarios: Sequence[Scenario]) -> str:
    """Return the question of the last scenario that asks one, which is what is compared."""
    return next((scenario.question for scenario in reversed(scenarios) if scenario.question), "")
