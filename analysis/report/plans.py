"""The plans behind the strategies: on one timeline, within budgets, and in their first hundred days."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from analysis.decisions.money_texts import frontier_message, measures_in
from analysis.report.appendices import condition, for_whom, how_much, plan_or_none
from analysis.report.values import DASH, Bar, Cell, Lane, Row, Section, Table, Timeline
from analysis.results.answer import Answer, Strategy, quoted
from analysis.results.firm import head, span
from analysis.results.summary import called
from analysis.results.tables import Plan
from analysis.results.undone import why_not
from analysis.words.languages import Language
from sim.programme.deployments import (
    access_months,
    deployments_of,
    first_month,
    kind_of,
    length_of,
    measure_of,
)
from sim.programme.ledger import TECHNOLOGY
from sim.scenario.schema import Deployment, share_of

if TYPE_CHECKING:
    from analysis.decisions.frontier import Frontier

BUDGETS: Final = (80_000.0, 150_000.0, 250_000.0)
"""Budgets a plan is held against where the client named none [euro]."""

FIRST: Final = 3
"""Months that are about a hundred days."""


def cost_of(strategy: Strategy, words: Language) -> str:
    """Return what the plan of a strategy costs; what was spent on average where no plan can be told."""
    plan = plan_or_none(strategy.scenario)
    return words.euro(strategy.money.spent.mean if plan is None else plan.total)


# --- The timeline ------------------------------------------------------------------------------


def timeline(answer: Answer, words: Language) -> Timeline:
    """Return the measures of every strategy by month, each with what it costs."""
    lanes = tuple(_lane(strategy, answer, words) for strategy in answer.strategies)
    step = next(step for step in (1, 3, 6, 12, 120) if answer.last <= 12 * step)
    ticks = tuple(range(1, answer.last + 1, step))
    spoken = "; ".join(
        f"{lane.label}: "
        + ", ".join(f"{bar.label} ({bar.when or bar.note}, {bar.cost})" for bar in lane.bars)
        for lane in lanes
    )
    text = words._("Timeline of the measures of each strategy, with what they cost.")
    columns = (words._("Measure"), words._("Months"), words._("When"), words._("Cost"))
    return Timeline(answer.last, ticks, lanes, columns, f"{text} {spoken}.")


def _months(first: int, last: int, words: Language) -> str:
    if first == last:
        return words._("month {month}", month=first)
    return words._("month {first} to {last}", first=first, last=last)


def _lane(strategy: Strategy, answer: Answer, words: Language) -> Lane:
    scenario, last = strategy.scenario, answer.last
    plan = plan_or_none(scenario)
    undone = {lacking.name: lacking for lacking in strategy.undone}
    bars = []
    for name, deployment in deployments_of(scenario).items():
        lacking = undone.get(name)
        gone = lacking is not None and lacking.part == 0.0
        bars.append(
            Bar(
                words.of(measure_of(name, deployment).title),
                () if gone else _spans(name, deployment, strategy, last),
                DASH if gone else _price(plan, name, words),
                "" if lacking is None else why_not(lacking, words),
            )
        )
    for name, rule in scenario.adaptive.items():
        title = words.of(measure_of(rule.then.measure or name, rule.then).title)
        gone = name in undone and undone[name].part == 0.0
        most = float(plan.adaptive["at_most"].get(name, float("nan"))) if plan else float("nan")
        bars.append(
            Bar(
                title,
                () if gone else ((min(rule.when.month, last), last),),
                DASH if gone else words._("at most {cost}", cost=words.euro(most)),
                why_not(undone[name], words) if gone else condition(rule, words),
                faint=True,
            )
        )
    for name, event in scenario.happenings.items():
        kind = words._("{event} (not planned)", event=words.of(kind_of(name, event).title))
        if event.month <= last:
            bars.append(Bar(kind, ((event.month, event.month),), _price(plan, name, words)))
    bars.append(
        Bar(
            words._("Licences and technology"),
            ((min(access_months(scenario)[1], last), last),),
            DASH if plan is None else words.euro(technology(plan)),
        )
    )
    total = words._("Total {cost}", cost=cost_of(strategy, words))
    dated = tuple(
        replace(bar, when=", ".join(_months(*each, words) for each in bar.spans)) for bar in bars
    )
    return Lane(strategy.called(words), strategy.colour, dated, total)


def technology(plan: Plan) -> float:
    """Return what licences and the rest of the technology cost [euro]."""
    return float(plan.items["total"][[name in TECHNOLOGY for name in plan.items.index]].sum())


def _price(plan: Plan | None, name: str, words: Language) -> str:
    if plan is None or name not in plan.items.index:
        return DASH
    return words.euro(float(plan.items.loc[name, "total"]))


def _spans(
    name: str, deployment: Deployment, strategy: Strategy, last: int
) -> tuple[tuple[int, int], ...]:
    """Return the first and last month of each time a measure is in force."""
    scenario = strategy.scenario
    first = max(1, first_month(deployment, scenario) + 1)
    length = length_of(deployment, measure_of(name, deployment), scenario.simulation.months)
    again = deployment.repeat
    starts = [first + k * (again.every if again else 0) for k in range(again.times if again else 1)]
    return tuple((start, min(start + length - 1, last)) for start in starts if start <= last)


def choices(answer: Answer, words: Language) -> Section:
    """Return how to read the timeline."""
    texts = [
        words._(
            "Bars: months in which a measure is in force. Costs are those of the plan with the people "
            "expected to take part, working time included."
        )
    ]
    if any(
        bar.faint for strategy in answer.strategies for bar in _lane(strategy, answer, words).bars
    ):
        texts.append(words._("Pale: starts only if something shows."))
    return Section("choices", words._("The choices on one timeline"), (" ".join(texts),))


def choices_message(answer: Answer, words: Language) -> str:
    """Return what the plans cost, in a sentence."""
    best, base = answer.best, answer.reference
    values = {
        "label": best.quoted(words),
        "cost": cost_of(best, words),
        "month": answer.last,
        "base": base.quoted(words),
        "other": cost_of(base, words),
    }
    if best is base:
        return words._("The plan of {label} costs {cost} in {month} months, all in.", **values)
    return words._(
        "The plan of {label} costs {cost} in {month} months, all in, that of {base} {other}.",
        **values,
    )


# --- Budgets -----------------------------------------------------------------------------------


def budgets_of(answer: Answer) -> tuple[float, ...]:
    """Return the budgets plans are held against: half of the client's own, that, and half as much again."""
    there = [each.scenario.budget.total for each in (answer.best, *answer.strategies)]
    own = next(filter(None, there), None)
    return BUDGETS if own is None else (_round(own / 2.0), own, _round(1.5 * own))


def _round(euro: float) -> float:
    """Return an amount of money as people say it: two digits."""
    return float(f"{euro:.1e}")


def within(answer: Answer, words: Language, searched: bool = False) -> Section:
    """Return for three budgets which of the plans that fit is best, and its money with ranges."""
    rows = tuple(_within(answer, budget, words) for budget in budgets_of(answer))
    columns = (
        words._("Budget"),
        words._("Best of these plans that fits"),
        words._("Weekly users in month {month}", month=answer.last),
        words._("Plan costs"),
        words._("Balance after {month} months", month=answer.last),
        words._("Balance if 0% of the time saved counts as money"),
    )
    title = words._("The money, and the budgets it fits in")
    note = _within_note(answer, words, searched)
    widths = (1.6, 3.2, 2.0, 1.6, 2.6, 2.8)
    table = Table(title, columns, rows, numbers=False, widths=widths, note=note)
    return Section("within", title, tables=(table,))


def _within(answer: Answer, budget: float, words: Language) -> Row:
    """Return what the strategy with most weekly users brings of those whose plans fit a budget."""
    plans = {each.name: plan_or_none(each.scenario) for each in answer.strategies}
    costs = {name: plan.total for name, plan in plans.items() if plan is not None}
    there = [each for each in answer.strategies if costs.get(each.name, math.inf) <= budget]
    if not there:
        least = min(costs.values(), default=math.nan)
        short = words._("none: the least costs {cost}", cost=words.euro(least))
        return Row((Cell(words.euro(budget)), Cell(short), *[Cell(DASH)] * 4))
    best = max(there, key=lambda strategy: strategy.adoption[0][-1])
    spent, net, end = best.money.spent, best.money.net, best.at(answer.last)
    nothing = spent._replace(mean=-spent.mean, low=-spent.high, high=-spent.low)
    low, high = words.percent(end.low), words.percent(end.high)
    cells = (
        Cell(words.euro(budget)),
        Cell(best.called(words)),
        Cell(words.percent(end.mean), words._("{low} to {high}", low=low, high=high)),
        Cell(words.euro(costs[best.name])),
        Cell(head(net, words, True), span(net, words)),
        Cell(head(nothing, words, True), span(nothing, words)),
    )
    return Row(cells)


def _within_note(answer: Answer, words: Language, searched: bool) -> str:
    """Return what the table of budgets holds, and what its ranges are."""
    notes = [
        words._("The plans as they are.")
        if searched
        else words._(
            "The plans as they are. The best plan for each budget was not searched for: that takes "
            "minutes (adopt frontier; or step 4 of the page, before this report is made)."
        )
    ]
    if answer.result.runs > 1:
        notes.append(
            words._(
                "Small, under money: 95% interval over organisations; other numbers for how people react can "
                "move it further. Under weekly users: where 80 of 100 organisations are."
            )
        )
    return " ".join(notes)


def searched(frontier: Frontier, words: Language) -> Section:
    """Return the best plan that was found for each budget, where one was asked for."""
    rows = []
    points = frontier.points  # the least, the most, and the one between
    for point in (points[k] for k in sorted({0, len(points) // 2, len(points) - 1})):
        listed = measures_in(point.scenario, words) or [words._("nothing")]
        between = words._(
            "{low} to {high}",
            low=words.percent(point.value.low / 100.0, 1),
            high=words.percent(point.value.high / 100.0, 1),
        )
        cells = (
            Cell(words.euro(point.budget)),
            Cell(words.percent(point.value.value / 100.0, 1), between),
            Cell(words.listed(listed)),
        )
        rows.append(Row(cells))
    month = frontier.terms.goal.month
    columns = (
        words._("Budget for measures"),
        words._("Weekly users in month {month}", month=month),
        words._("Best plan found"),
    )
    note = words._(
        "Searched from {plan}, of {number} plans. Small: 95% interval of {runs} organisations that had no part "
        "in choosing. Licences stay as they are, and are paid beside it.",
        plan=quoted(called(frontier.scenario, words)),
        number=words.number(frontier.tried),
        runs=words.number(frontier.runs),
    )
    title = words._("The best plan found for each budget")
    table = Table(title, columns, tuple(rows), numbers=False, widths=(1.6, 1.8, 8.6), note=note)
    return Section("searched", title, tables=(table,))


def searched_message(frontier: Frontier, words: Language) -> str:
    """Return what the best plans that were found reach, in a sentence."""
    return words._("For measures: {found}.", found=frontier_message(frontier._replace(words=words)))


def within_message(answer: Answer, words: Language) -> str:
    """Return which budget the best strategy needs, in a sentence."""
    best, budgets = answer.best, budgets_of(answer)
    plan = plan_or_none(best.scenario)
    values = {
        "label": best.quoted(words),
        "net": head(best.money.net, words),
        "month": answer.last,
    }
    if plan is None:
        return words._("{label}: the balance after {month} months is {net}.", **values)
    values["cost"] = words.euro(plan.total)
    values["low"], values["high"] = (words.euro(end) for end in (budgets[0], budgets[-1]))
    if plan.total <= budgets[0]:
        return words._("{label} costs {cost} and fits in a budget of {low}.", **values)
    if plan.total > budgets[-1]:
        return words._("{label} costs {cost}: more than a budget of {high}.", **values)
    least = next(k for k, budget in enumerate(budgets) if plan.total <= budget)
    values["least"], values["before"] = (words.euro(budgets[k]) for k in (least, least - 1))
    return words._(
        "{label} costs {cost}: it fits in a budget of {least}, not in one of {before}.", **values
    )


# --- The first hundred days --------------------------------------------------------------------


class Start(NamedTuple):
    """What the first hundred days of the best strategy come to: measures, working hours, euro."""

    measures: int
    hours: float
    euro: float


def _beginning(answer: Answer) -> tuple[Plan | None, list[tuple[str, Deployment, int]], int]:
    """Return the plan, what starts in the first months of it and when, and how many they are."""
    best, first = answer.best, min(FIRST, answer.last)
    undone = {lacking.name for lacking in best.undone if lacking.part == 0.0}
    begun = []
    for name, deployment in deployments_of(best.scenario).items():
        spans = _spans(name, deployment, best, answer.last)
        if name not in undone and spans and spans[0][0] <= first:
            begun.append((name, deployment, spans[0][0]))
    return plan_or_none(best.scenario), begun, first


def start(answer: Answer) -> Start:
    """Return what the first hundred days of the best strategy come to."""
    plan, begun, first = _beginning(answer)
    if plan is None:
        return Start(len(begun), float("nan"), float("nan"))
    hours, euro = (float(table.loc[:first].to_numpy().sum()) for table in (plan.hours, plan.months))
    return Start(len(begun), hours, euro)


def days(answer: Answer, words: Language) -> Section:
    """Return the first hundred days of the best strategy: what starts, who, how many hours, what for."""
    plan, begun, first = _beginning(answer)
    scenario, rows = answer.best.scenario, []

    def spent(name: str) -> list[Cell]:
        if plan is None or name not in plan.months:
            return [Cell(DASH), Cell(DASH)]
        hours = float(plan.hours[name].loc[:first].sum())
        euro = float(plan.months[name].loc[:first].sum())
        return [Cell(words.number(hours) if hours else DASH), Cell(words.euro(euro))]

    for name, deployment, month in begun:
        measure = measure_of(name, deployment)
        people = float("nan")
        if plan is not None and name in plan.items.index:
            people = float(plan.items.loc[name, "people"])
        number = words.plural("{number} person", "{number} people", people) if people >= 1.0 else ""
        whom = for_whom(deployment, words)
        if share_of(deployment, measure) is not None and whom == words._("everybody"):
            whom = how_much(deployment, measure, words)
        rows.append(
            Row(
                (
                    Cell(words.of(measure.title)),
                    Cell(words._("month {month}", month=month)),
                    Cell(": ".join(part for part in (number, whom) if part)),
                    *spent(name),
                )
            )
        )
    live = access_months(scenario)[1]
    if plan is not None:
        euro = sum(
            float(plan.months[name].loc[:first].sum()) for name in plan.months if name in TECHNOLOGY
        )
        rows.append(
            Row(
                (
                    Cell(words._("Licences and technology")),
                    Cell(words._("month {month}", month=live)),
                    Cell(words._("everybody")),
                    Cell(DASH),
                    Cell(words.euro(euro)),
                )
            )
        )
        whole = start(answer)
        total = (words._("Total"), "", "", words.number(whole.hours), words.euro(whole.euro))
        rows.append(Row(tuple(map(Cell, total)), strong=True))
    measured = (
        words._("First measurement"),
        words._("month {month}", month=checkpoint(answer)),
        words._("usage log and a short survey of everybody"),
        DASH,
        DASH,
    )
    rows.insert(len(rows) - (plan is not None), Row(tuple(map(Cell, measured))))
    columns = (
        words._("Measure"),
        words._("Starts"),
        words._("Who"),
        words._("Hours, month 1 to {month}", month=first),
        words._("Cost, month 1 to {month}", month=first),
    )
    title = words._("The first 100 days of {label}", label=answer.best.quoted(words))
    table = Table(title, columns, tuple(rows), numbers=False, widths=(3.0, 1.2, 3.4, 1.2, 1.2))
    texts = [
        words._(
            "Before the start: measure once what you will measure in month {month}, or there is nothing "
            "to compare with.",
            month=checkpoint(answer),
        )
    ]
    return Section("days", title, tuple(texts), tables=(table,))


def days_message(answer: Answer, words: Language) -> str:
    """Return what the first hundred days come to, in a sentence."""
    whole = start(answer)
    if whole.euro != whole.euro:
        return words._("What starts in the first 100 days.")
    return words._(
        "The first 100 days take {hours} working hours and {cost}; first measurement in month {month}.",
        hours=words.number(whole.hours),
        cost=words.euro(whole.euro),
        month=checkpoint(answer),
    )


def checkpoint(answer: Answer) -> int:
    """Return the month of the first measurement: the third in which everybody has access."""
    live = access_months(answer.best.scenario)[1]
    return min(answer.last, max(FIRST, live + FIRST - 1))
