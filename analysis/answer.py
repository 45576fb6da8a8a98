"""What a comparison says to people who decide: how far, how sure, at what price, and why.

The page and the report say the same, because both read it here. Nothing in it is a picture or a
layout; texts come in a language (:mod:`analysis.languages`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

import numpy as np

from analysis import theme
from analysis.comparison import (
    band_half_width,
    centre_of,
    half_width,
    money,
    paired,
    wins,
)
from analysis.ensemble import Drawn, drawn, organisations_of, over_vectors, troughs
from analysis.groups.measured import curves as group_curves
from analysis.groups.measured import mean as group_mean
from analysis.groups.measured import names as group_names
from analysis.languages import Language
from analysis.summary import band, common_months, curve_statistics, kpi_name, labels, name_of
from sim import kernel, kpis
from sim.files.library import read_archetypes
from sim.posteriors import posterior
from sim.results import Result
from sim.scenario import Scenario

Array = np.ndarray[Any, Any]
Progress = Callable[[int, int], None]

MONTHS: Final = (6, 12, 24)
"""Months people ask about."""

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


@dataclass(frozen=True)
class Strategy:
    """How one strategy goes.

    Attributes
    ----------
    name, label, colour
        Which one, what it is called, and the colour it has in every picture.
    adoption
        Mean, low and high end of the band of weekly users, by month [months + 1].
    never
        Share of people who have access for half a year and never used it weekly, at the end.
    spent, earned
        Euro since the start, by month [months + 1].
    roi
        Mean return on investment at the end [ratio].
    break_even, broke_even
        Median month in which what was spent is earned back, not a number where fewer than half of
        the organisations get there; and their share.
    added
        Difference of weekly users from the reference by month [months + 1]; empty for that itself.
    extra_cost, extra_users, cost_per_extra_user
        At the end, compared with the reference; the last is not a number unless both are more.
    trough
        Share of organisations whose use sags after the novelty; not a number if not looked at.
    beats
        Share of parameter vectors under which it does better than the reference, by evidence.
    """

    name: str
    label: str
    colour: str
    adoption: tuple[Array, Array, Array]
    never: Level
    spent: Array
    earned: Array
    roi: float
    break_even: float
    broke_even: float
    added: tuple[Difference, ...]
    extra_cost: float
    extra_users: float
    cost_per_extra_user: float
    trough: float = float("nan")
    beats: Mapping[str, float] = field(default_factory=dict)

    @property
    def quoted(self) -> str:
        """What it is called, between quotation marks."""
        return f"\N{LEFT DOUBLE QUOTATION MARK}{self.label}\N{RIGHT DOUBLE QUOTATION MARK}"

    @property
    def net(self) -> float:
        """What was earned less what was spent, at the end [euro]."""
        return float(self.earned[-1] - self.spent[-1])

    def at(self, month: int) -> Level:
        """Return the share of weekly users in a month."""
        return Level(*(float(one[month]) for one in self.adoption))


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
    """

    result: Result
    strategies: tuple[Strategy, ...]
    groups: tuple[Group, ...]
    reasons: tuple[Reason, ...]

    @property
    def reference(self) -> Strategy:
        """The strategy the others are compared with."""
        return self.strategies[0]

    @property
    def best(self) -> Strategy:
        """The one of the others with most weekly users at the end; the only one if it is alone."""
        return max(self.strategies[1:] or self.strategies, key=lambda one: one.adoption[0][-1])

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

    def headline(self, words: Language) -> str:
        """Return the answer in one sentence."""
        best, base, month = self.best, self.reference, self.last
        share = words.percent(best.at(month).mean)
        if best is base:
            return words._(
                "With {label}, {share} of employees use AI every week after {month} months.",
                label=best.quoted, share=share, month=month,
            )  # fmt: skip
        added = best.added[month]
        if not added.clear:
            return words._(
                "After {month} months no strategy clearly brings more weekly users than {base}: "
                "{share} with {label}, {against} with {base}.",
                month=month, base=base.quoted, share=share, label=best.quoted,
                against=words.percent(base.at(month).mean),
            )  # fmt: skip
        if added.mean < 0.0:
            return words._(
                "Nothing does better than {base}: {against} of employees use AI every week after "
                "{month} months, {share} with the next best, {label}.",
                base=base.quoted, against=words.percent(base.at(month).mean), month=month,
                share=share, label=best.quoted,
            )  # fmt: skip
        return words._(
            "{label} brings {share} of employees to weekly use of AI after {month} months, against "
            "{against} with {base}.",
            label=best.quoted, share=share, month=month,
            against=words.percent(base.at(month).mean), base=base.quoted,
        )  # fmt: skip

    def how_sure(self, words: Language, one: Strategy | None = None) -> str:
        """Return how sure it is that a strategy, by default the best, does better."""
        one = one or self.best
        if one is self.reference:
            level = one.at(self.last)
            if self.result.runs == 1:
                return words._("One organisation was simulated: how sure it is cannot be told.")
            return words._(
                "In 80 of 100 organisations like this one it is between {low} and {high}.",
                low=words.percent(level.low), high=words.percent(level.high),
            )  # fmt: skip
        added = one.added[self.last]
        if self.result.runs == 1:
            return words._(
                "{difference} percentage points in the one organisation simulated; how sure that is, "
                "one organisation cannot tell.", difference=words.points(added.mean),
            )  # fmt: skip
        told = words._(
            "{difference} percentage points ({low} to {high}, 95% interval of the mean); more in "
            "{better} of organisations like this one.",
            difference=words.points(added.mean), low=words.points(added.low),
            high=words.points(added.high), better=words.percent(added.better),
        )  # fmt: skip
        if one.beats:
            shares = [
                f"{words.percent(share)} ({evidence_name(name, words)})"
                for name, share in one.beats.items()
            ]
            told += " " + words._(
                "With other numbers for how people react, each in line with the evidence, it does "
                "better in {shares} of cases.",
                shares=words.listed(shares),
            )  # fmt: skip
        return told

    def price(self, words: Language, one: Strategy | None = None) -> str:
        """Return what a strategy, by default the best, costs and brings."""
        one = one or self.best
        if one is self.reference:
            told = words._(
                "It costs {cost} in {month} months.", cost=words.euro(one.spent[-1]),
                month=self.last,
            )  # fmt: skip
        elif one.extra_cost <= 0.0:
            told = words._(
                "It costs {less} less than {base}.",
                less=words.euro(-one.extra_cost), base=self.reference.quoted,
            )  # fmt: skip
        elif np.isfinite(one.cost_per_extra_user):
            told = words._(
                "It costs {more} more than {base}, {each} for each extra weekly user.",
                more=words.euro(one.extra_cost), base=self.reference.quoted,
                each=words.euro(one.cost_per_extra_user),
            )  # fmt: skip
        else:
            told = words._(
                "It costs {more} more than {base} and brings no extra weekly users.",
                more=words.euro(one.extra_cost), base=self.reference.quoted,
            )  # fmt: skip
        if np.isfinite(one.break_even):
            told += " " + words._(
                "Half of the organisations have earned it back by month {month}; after {last} "
                "months it has brought {net} net.",
                month=round(one.break_even), last=self.last, net=words.euro(one.net),
            )  # fmt: skip
        else:
            told += " " + words._(
                "Within {last} months it is earned back in {share} of organisations; the balance "
                "is {net}.",
                last=self.last, share=words.percent(one.broke_even), net=words.euro(one.net),
            )  # fmt: skip
        return told

    @property
    def second(self) -> Strategy | None:
        """The next best of the others, if there are two or more."""
        rest = [one for one in self.strategies[1:] if one is not self.best]
        return max(rest, key=lambda one: one.adoption[0][-1], default=None)

    def against_second(self, words: Language) -> str:
        """Return what the best adds to the next best, and at what price; nothing without one."""
        second = self.second
        if second is None or self.result.runs == 1:
            return ""
        added = differences(self.result, self.best.name, second.name, "adoption")[self.last]
        if not added.clear:
            return words._("It is not clearly better than {second}.", second=second.quoted)
        extra = money(self.result, self.best.name, second.name, self.last)
        values = {
            "second": second.quoted, "difference": words.points(added.mean),
            "low": words.points(added.low), "high": words.points(added.high),
            "cost": words.euro(abs(extra["extra_cost"])),
            "each": words.euro(extra["cost_per_extra_user"]),
        }  # fmt: skip
        if extra["extra_cost"] <= 0.0:
            return words._(
                "Compared with {second}: {difference} points ({low} to {high}), and {cost} cheaper.",
                **values,
            )
        return words._(
            "Compared with {second}: {difference} points ({low} to {high}) for {cost} more, {each} for "
            "each extra weekly user.", **values,
        )  # fmt: skip

    def for_the_money(self, words: Language) -> str:
        """Return which strategy earns most, if that is not the one with most users; else nothing."""
        richest = max(self.strategies, key=lambda one: one.net)
        if len(self.strategies) < 3 or richest in (self.best, self.reference):
            return ""
        return words._(
            "Most for the money is {label}: {share} weekly users and {net} net after {month} months.",
            label=richest.quoted, share=words.percent(richest.at(self.last).mean),
            month=self.last, net=words.euro(richest.net),
        )  # fmt: skip

    def why(self, words: Language) -> list[str]:
        """Return what differs inside people between the best and the reference, a line each."""
        told = []
        for reason in self.reasons:
            name = kpi_name(reason.kpi, words)
            values = {
                "name": name, "month": reason.month, "base": self.reference.quoted,
                "best": words.number(reason.best, 2), "other": words.number(reason.reference, 2),
            }  # fmt: skip
            if not reason.difference.clear or values["best"] == values["other"]:
                continue
            if (reason.difference.mean < 0.0) == (reason.kpi in kpis.LOWER_IS_BETTER):
                told.append(
                    words._(
                        "{name}: better, {best} in month {month} against {other} with {base}",
                        **values,
                    )
                )
            else:
                told.append(
                    words._(
                        "{name}: worse, {best} in month {month} against {other} with {base}",
                        **values,
                    )
                )
        return told


def group_name(kind: str, name: str, words: Language) -> str:
    """Return what a group is called: archetypes have a title, departments their own names."""
    if kind != "archetype":
        return name_of(kind, name, words)
    one = read_archetypes().get(name)
    if one is not None:
        return words.of(one.title)
    parts = name.split(" + ")
    return name if len(parts) == 1 else " + ".join(group_name(kind, part, words) for part in parts)


def evidence_name(name: str, words: Language) -> str:
    """Return what a set of evidence is called."""
    return {
        "literature": words._("published research"),
        "vendor": words._("claims of practitioners"),
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
    from analysis.comparison import others, reference_of

    reference = reference_of(result, against)
    order = [reference, *others(result, reference)]
    shades = theme.colours(list(result.scenarios), reference)
    called, last = labels(result), common_months(result)
    figures = curve_statistics(result)
    found = []
    for name in order:
        adoption = result.curves(name, "adoption")[:, : last + 1]
        cost = result.curves(name, "cost")[:, : last + 1]
        net = result.curves(name, "cumulative_net")[:, : last + 1]
        spent = np.cumsum(cost, axis=1)
        extra = money(result, name, reference, last)
        found.append(
            Strategy(
                name, called[name], shades[name],
                (adoption.mean(axis=0), *band(adoption)),
                _level(result.curves(name, "never_users")[:, last]),
                spent.mean(axis=0), (net + spent).mean(axis=0),
                float(figures.loc[name, "roi"]),
                float(figures.loc[name, "break_even"]), float(figures.loc[name, "broke_even"]),
                () if name == reference else differences(result, name, reference, "adoption"),
                extra["extra_cost"], extra["extra_users"], extra["cost_per_extra_user"],
            )
        )  # fmt: skip
    one = Answer(result, tuple(found), _groups(result, order, last), ())
    month = min(MONTHS[0], last)
    reasons = tuple(
        Reason(
            kpi, month, float(kpis.known_mean(result.curves(reference, kpi)[:, month])),
            float(kpis.known_mean(result.curves(one.best.name, kpi)[:, month])),
            differences(result, one.best.name, reference, kpi)[month],
        )
        for kpi in WHY
        if one.best is not one.reference
    )  # fmt: skip
    return Answer(result, one.strategies, one.groups, reasons)


def differences(result: Result, name: str, reference: str, kpi: str) -> tuple[Difference, ...]:
    """Return what a strategy adds to the reference, by month."""
    last = common_months(result)
    one = result.curves(name, kpi)[:, : last + 1]
    other = result.curves(reference, kpi)[:, : last + 1]
    pairs, lower = paired(result, name, reference), kpi in kpis.LOWER_IS_BETTER
    half, wide = half_width(one, other, pairs), band_half_width(one, other, pairs)
    return tuple(
        Difference(
            float(centre), float(centre - half[month]), float(centre + half[month]),
            *wins(one[:, month], other[:, month], pairs, lower),
            float(centre - wide[month]), float(centre + wide[month]),
        )
        for month, centre in enumerate(centre_of(one, other, pairs))
    )  # fmt: skip


def _level(values: Array) -> Level:
    low, high = band(values[:, None])
    return Level(float(kpis.known_mean(values)), float(low[0]), float(high[0]))


def _groups(result: Result, order: Sequence[str], last: int) -> tuple[Group, ...]:
    """Return how groups fare; those too small to be shown are left out."""
    if not result.groups:
        return ()
    found = []
    for kind in GROUPS:
        if kind not in {kind for one in result.groups.values() for kind, _ in one.labels}:
            continue
        for name in group_names(result, kind):
            there = {one: group_curves(result, one, kind, name, "adoption") for one in order}
            if any(values is None for values in there.values()):
                continue
            heads = result.groups[order[0]]
            people = group_mean(heads.heads[:, last, heads.labels.index((kind, name))])
            users = {one: group_mean(values, last) for one, values in there.items()}
            found.append(Group(kind, name, people, users))
    return tuple(found)


# --- How sure, beyond luck and organisations ---------------------------------------------------


def with_troughs(
    one: Answer, organisations: int = ORGANISATIONS, progress: Progress | None = None
) -> Answer:
    """Return the answer with the share of organisations whose use sags after the novelty."""
    seed, streams = one.result.seed, np.arange(organisations)
    shares = {}
    for name, each in drawn(one.result.scenarios, {}, streams, seed):
        shares[name] = float(troughs(each, seed).mean())
        if progress is not None:
            progress(len(shares), len(one.result.scenarios))
    return _with(one, lambda strategy: {"trough": shares[strategy.name]})


def with_vectors(
    one: Answer,
    vectors: int = VECTORS,
    organisations: int = ORGANISATIONS,
    progress: Progress | None = None,
) -> Answer:
    """Return the answer tried under other numbers of the rules that reproduce the evidence.

    Parameters
    ----------
    one
        The answer.
    vectors
        Vectors of each set of evidence, from the first on.
    organisations
        Organisations under each vector; their mean decides which strategy does better.
    progress
        Called with the number of vectors done and the total.
    """
    sets = ("literature", "vendor")
    scenarios, seed = one.result.scenarios, one.result.seed
    beats: dict[str, dict[str, float]] = {name: {} for name in scenarios}
    total = len(sets) * vectors
    for place, evidence in enumerate(sets):
        rows = posterior(evidence).head(vectors).to_dict("records")

        def level(number: int, rows: list[dict[Any, Any]] = rows) -> dict[str, float]:
            streams = organisations_of(number, organisations)
            return {
                name: _mean_users(ready, seed)
                for name, ready in drawn(scenarios, rows[number], streams, seed)
            }

        def report(done: int, _: int, place: int = place) -> None:
            if progress is not None:
                progress(place * vectors + done, total)

        found = list(over_vectors(level, range(len(rows)), report))
        for name in scenarios:
            wins_ = [row[name] > row[one.reference.name] for row in found]
            beats[name][evidence] = float(np.mean(wins_))
    reference = one.reference.name
    return _with(one, lambda s: {"beats": {} if s.name == reference else beats[s.name]})


def _mean_users(ready: Drawn, seed: int) -> float:
    rows = kernel.simulate(ready.worlds, ready.plan, seed).rows
    return float(rows[:, -1, kpis.COLUMN["adoption"]].mean())


def _with(one: Answer, changes: Callable[[Strategy], dict[str, Any]]) -> Answer:
    return replace(
        one, strategies=tuple(replace(strategy, **changes(strategy)) for strategy in one.strategies)
    )


def same_question(scenarios: Sequence[Scenario]) -> str:
    """Return the question of the last scenario that asks one, which is what is compared."""
    return next((one.question for one in reversed(scenarios) if one.question), "")
