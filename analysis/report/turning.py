"""What each measure adds, who uses it where, what turns the answer, and what to measure to find out."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import numpy as np

from analysis.figures import theme
from analysis.report.adds import player_name
from analysis.report.plans import checkpoint, cost_of
from analysis.report.sections import MOSTLY, gains, kind_title
from analysis.report.values import DASH, Bars, Cell, Row, Section, Table
from analysis.results.answer import Answer, Strategy, of_cases
from analysis.results.firm import Amount
from analysis.results.summary import band, group_name, label_of, scale_of
from analysis.words.languages import Language
from sim import kpis
from sim.scenario.library import read_glossary

SIGNALS: Final = ("tried", "acceptance", "trust", "adoption")
"""What is measured at the first checkpoint: what moves first, and last what settles it."""

HEAT: Final = "#56B4E9"
"""Colour of a cell at 100 %."""


# --- What each measure adds --------------------------------------------------------------------


def added(answer: Answer, words: Language) -> Section:
    """Return what each measure of the best strategy adds; without that, what differs inside people."""
    title = words._("What each measure of {label} adds", label=answer.best.quoted(words))
    adds = answer.adds
    if adds is None:
        text = words._(
            "What each measure adds by itself is not in this report; adopt explain {name} works it out.",
            name=answer.best.name,
        )
        if not answer.reasons:
            return Section("added", title, (text,))
        inside = words._(
            "Instead: what is different in people in month {month}, on a scale of 0 to 1.",
            month=answer.reasons[0].month,
        )
        return Section("added", title, (f"{text} {inside}",), tables=(_inside(answer, words),))
    rows = []
    for player, points, cost in zip(adds.players, adds.points, adds.costs, strict=True):
        each = cost / (100.0 * points.mean) if points.low > 0.0 and cost > 0.0 else math.nan
        rows.append(
            Row(
                (
                    Cell(player_name(player, answer, words)),
                    Cell(_points(points.mean, words)),
                    Cell(_between(points, words)),
                    Cell(words.euro(cost) if cost else DASH),
                    Cell(words.euro(each)),
                )
            )
        )
    together = words._("Together")
    total = (together, _points(adds.total, words), "", words.euro(sum(adds.costs)), "")
    rows.append(Row(tuple(map(Cell, total)), strong=True))
    columns = (
        words._("Measure"),
        words._("Points"),
        words._("95% interval"),
        words._("Cost"),
        words._("Per point"),
    )
    values = {
        "month": answer.last,
        "runs": words.number(adds.runs),
        "base": words._("the same roll-out without measures")
        if answer.best is answer.reference
        else answer.reference.quoted(words),
    }
    note = words._(
        "Percentage points of weekly users in month {month} beside {base}, averaged over all orders in "
        "which the measures can come. {runs} organisations. By those appointed: use "
        "beyond what they would do anyway.",
        **values,
    )
    return Section("added", title, tables=(Table(title, columns, tuple(rows), note=note),))


def _points(share: float, words: Language) -> str:
    return words.number(100.0 * share, 1, sign=True)


def _between(points: Amount, words: Language) -> str:
    if not math.isfinite(points.low):
        return ""
    low, high = (_points(end, words) for end in (points.low, points.high))
    return words._("{low} to {high}", low=low, high=high)


def _inside(answer: Answer, words: Language) -> Table:
    """Return what differs inside people between the reference and the best strategy."""
    rows = []
    for reason in answer.reasons:
        low, high = (words.number(end, 2, sign=True) for end in reason.difference[1:3])
        rows.append(
            Row(
                (
                    Cell(label_of(reason.kpi, words)),
                    Cell(words.number(reason.reference, 2)),
                    Cell(words.number(reason.best, 2)),
                    Cell(
                        words.number(reason.difference.mean, 2, sign=True),
                        words._("{low} to {high}", low=low, high=high)
                        if math.isfinite(reason.difference.low)
                        else "",
                    ),
                )
            )
        )
    columns = (
        words._("What people feel and can"),
        answer.reference.called(words),
        answer.best.called(words),
        words._("Difference"),
    )
    return Table(words._("What is different in people"), columns, tuple(rows))


def add_bars(answer: Answer, words: Language) -> Bars | None:
    """Return what each measure adds as bars, None where that was not worked out."""
    adds = answer.adds
    if adds is None:
        return None
    return Bars(
        words._("Percentage points of weekly users in month {month}", month=answer.last),
        tuple(player_name(player, answer, words) for player in adds.players),
        (
            (
                answer.best.called(words),
                answer.best.colour,
                tuple(100.0 * points.mean for points in adds.points),
            ),
        ),
        "points",
    )


def added_message(answer: Answer, words: Language) -> str:
    """Return what brings most of the difference, in a sentence."""
    adds = answer.adds
    if adds is None:
        return (
            words._("What is different in people by month {month}.", month=answer.reasons[0].month)
            if answer.reasons
            else words._("What each measure adds was not worked out.")
        )
    clear = [k for k, points in enumerate(adds.points) if points.low > 0.0]
    if not clear:
        return words._(
            "No measure of {label} clearly brings weekly users.", label=answer.best.quoted(words)
        )
    first = clear[0]
    return words._(
        "{measure} brings most: {points} of {total} percentage points.",
        measure=f"\N{LEFT DOUBLE QUOTATION MARK}{player_name(adds.players[first], answer, words)}\N{RIGHT DOUBLE QUOTATION MARK}",
        points=words.number(100.0 * adds.points[first].mean, 1),
        total=words.number(100.0 * adds.total, 1),
    )


# --- By department -----------------------------------------------------------------------------


def shade(share: float) -> str:
    """Return the colour of a share, from white to blue."""
    mixed = [round(255 * (1.0 - share * (1.0 - c))) for c in theme.channels(HEAT)]
    return "#" + "".join(f"{c:02x}" for c in mixed)


def parts_kind(answer: Answer) -> str:
    """Return which groups are shown: departments, or main objections where only these are known."""
    kinds = {group.kind for group in answer.groups}
    return "department" if "department" in kinds or not kinds else "archetype"


def parts(answer: Answer, words: Language) -> Section:
    """Return weekly users of each department under each strategy; groups too small are masked."""
    kind = parts_kind(answer)
    title = words._("By department") if kind == "department" else words._("By main objection")
    groups = [group for group in answer.groups if group.kind == kind]
    if not groups:
        text = words._(
            "How departments fare is not known: they were not measured, or are too small to be shown."
        )
        return Section("parts", title, (text,))
    best, base = answer.best, answer.reference
    rows = []
    for group in groups:
        cells = [Cell(group_name(kind, group.name, words)), Cell(words.number(group.people))]
        cells += [
            Cell(words.percent(group.users[each.name]), shade=shade(group.users[each.name]))
            for each in answer.strategies
        ]
        if best is not base:
            cells.append(Cell(words.points(group.users[best.name] - group.users[base.name])))
        rows.append(Row(tuple(cells)))
    columns = [kind_title(kind, words), words._("People")]
    columns += [each.called(words) for each in answer.strategies]
    if best is not base:
        columns.append(words._("Points, {label}", label=best.quoted(words)))
    note = words._(
        "Weekly users in month {month}, % of the group. Groups too small to be shown are left out.",
        month=answer.last,
    )
    return Section("parts", title, tables=(Table(title, tuple(columns), tuple(rows), note=note),))


def parts_message(answer: Answer, words: Language) -> str:
    """Return which department gains most and which least, in a sentence."""
    kind = parts_kind(answer)
    only = replace(answer, groups=tuple(group for group in answer.groups if group.kind == kind))
    if gained := gains(only, words):
        return gained
    users = {
        group_name(kind, group.name, words): group.users[answer.best.name] for group in only.groups
    }
    if len(users) < 2:
        return words._("Who uses it, group by group.")
    first, last = (pick(users, key=lambda name: users[name]) for pick in (max, min))
    return words._(
        "With {label}, {first} uses it most ({most}), {last} least ({least}).",
        label=answer.best.quoted(words),
        first=first,
        last=last,
        most=words.percent(users[first]),
        least=words.percent(users[last]),
    )


# --- What turns it, and what to measure --------------------------------------------------------


def turns(answer: Answer, words: Language) -> Section:
    """Return what would turn the answer, and what to measure to find out."""
    points = [answer.how_sure(words), answer.against_second(words), _captured(answer, words)]
    points.append(
        words._(
            "If month {month} lies below the range of {label} and within that of the other, the plan does "
            "not do what it should: stop, and look why.",
            month=checkpoint(answer),
            label=answer.best.quoted(words),
        )
        if answer.best is not answer.reference
        else words._(
            "If month {month} lies below the range, the plan does not do what it should: stop, and look "
            "why.",
            month=checkpoint(answer),
        )
    )
    title = words._("What turns it, and what to measure")
    return Section("turns", title, (), tuple(filter(None, points)), (_measuring(answer, words),))


def _captured(answer: Answer, words: Language) -> str:
    """Return how much of the time saved has to become money for the best to be earned back."""
    best = answer.best
    rate, earned = best.scenario.tool.capture_rate, best.money.earned.mean
    if not earned > 0.0 or rate <= 0.0:
        return ""
    needed = rate * best.money.spent.mean / earned
    values = {
        "rate": words.percent(rate),
        "needed": words.percent(needed),
        "label": best.quoted(words),
        "month": answer.last,
    }
    if needed > 1.0:
        return words._(
            "Money: even if all of the time saved became money, {label} would not be earned back in "
            "{month} months; {rate} is assumed.",
            **values,
        )
    return words._(
        "Money: {label} is earned back in {month} months if {needed} of the time saved becomes money; "
        "{rate} is assumed.",
        **values,
    )


def _measuring(answer: Answer, words: Language) -> Table:
    """Return what to measure at the first checkpoint, how, and what is expected with each strategy."""
    month, terms = checkpoint(answer), read_glossary()
    shown = [answer.reference] + ([answer.best] if answer.best is not answer.reference else [])
    rows = []
    for kpi in SIGNALS:
        term = terms[kpi]
        signal = {
            "leading": words._("leading: warns first"),
            "lagging": words._("lagging: settles it"),
        }[term.signal or "lagging"]
        cells = [
            Cell(label_of(kpi, words), signal),
            Cell(words.of(term.measured_by)),
            *(_expected(answer, each, kpi, month, words) for each in shown),
        ]
        rows.append(Row(tuple(cells)))
    columns = (
        words._("Measure in month {month}", month=month),
        words._("How"),
        *(words._("Expected: {label}", label=each.called(words)) for each in shown),
    )
    note = (
        "" if answer.result.runs == 1 else words._("Small: where 80 of 100 organisations are then.")
    )
    widths = (2.2, 3.6, *(1.5 for _ in shown))
    title = words._("What to measure in month {month}", month=month)
    return Table(title, columns, tuple(rows), numbers=False, widths=widths, note=note)


def _expected(answer: Answer, strategy: Strategy, kpi: str, month: int, words: Language) -> Cell:
    """Return where a KPI is expected to be in a month: its mean, and where most organisations are."""
    values = answer.result.curves(strategy.name, kpi)[:, month]
    values = values[np.isfinite(values)]
    if not values.size:
        return Cell(DASH)
    share = scale_of(kpi).unit == "%"
    low, high = (float(end[0]) for end in band(values[:, None]))

    def text(value: float) -> str:
        return words.percent(value) if share else words.number(value, 2)

    between = words._("{low} to {high}", low=text(low), high=text(high))
    return Cell(text(float(kpis.known_mean(values))), between if values.size > 1 else "")


def turns_message(answer: Answer, words: Language) -> str:
    """Return whether the order of strategies hangs on numbers nobody knows, in a sentence."""
    best, base, month = answer.best, answer.reference, checkpoint(answer)
    if best is base:
        return words._("How it goes shows in month {month}: measure what moves first.", month=month)
    values = {
        "label": best.quoted(words),
        "base": base.quoted(words),
        "month": month,
        "vectors": words.number(2 * best.vectors),
    }
    if not best.beats:
        return (
            words._(
                "Whether {label} stays ahead under other numbers was not tried: measure in month {month}.",
                **values,
            )
            if best.added[answer.last].mean > 0.0
            else words._(
                "{label} is not ahead of {base}: measure in month {month} before more is spent.",
                **values,
            )
        )
    if min(best.ties.values(), default=0.0) >= MOSTLY:
        return words._(
            "{label} and {base} do equally well under nearly all numbers that fit the evidence.",
            label=values["label"],
            base=values["base"],
        )
    vectors = best.vectors * len(best.beats)
    values["cases"] = of_cases(float(np.mean(list(best.beats.values()))), vectors, words)
    return words._(
        "Under other numbers for how people react, {label} does better than {base} in {cases} sets; "
        "month {month} shows which one is yours.",
        **values,
    )


# --- The decision ------------------------------------------------------------------------------


def decision(answer: Answer, words: Language) -> str:
    """Return the decision the answer asks for."""
    best, base = answer.best, answer.reference
    values = {
        "label": best.quoted(words),
        "base": base.quoted(words),
        "cost": cost_of(best, words),
        "other": cost_of(base, words),
        "month": answer.last,
    }
    lacking = [each for each in best.undone if each.reason in ("budget", "scaled")]
    if lacking and best.scenario.budget.total is not None:
        return words._(
            "Decide first whether the budget of {budget} is raised: it does not pay for all of {title}.",
            budget=words.euro(best.scenario.budget.total),
            title=f"\N{LEFT DOUBLE QUOTATION MARK}{best.title}\N{RIGHT DOUBLE QUOTATION MARK}",
        )
    if best is base:
        return words._(
            "Decide whether to start {label}, with a budget of {cost} for {month} months.", **values
        )
    if best.added[answer.last].low > 0.0 or (
        answer.result.runs == 1 and best.added[answer.last].mean > 0.0
    ):
        return words._("Decide on {label}, with a budget of {cost} for {month} months.", **values)
    return words._(
        "Decide to stay with {base} ({other} in {month} months): nothing clearly brings more weekly users.",
        **values,
    )
