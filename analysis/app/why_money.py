"""What to spend on next, and what less or more money would do."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from analysis.app import amounts, asked, decided, session, why_charts
from analysis.app.following import followed, refined
from analysis.app.session import draw, inert
from analysis.app.why_charts import BAD, GOOD, Bar
from analysis.decisions.bench import measures_cost
from analysis.decisions.frontier import Frontier, Point
from analysis.decisions.money_texts import (
    frontier_message,
    how,
    measures_in,
    next_message,
    next_readings,
    part_of,
    readings,
)
from analysis.decisions.next_euro import NextEuro, Step
from analysis.results.summary import called
from analysis.words.languages import Language
from sim.people.population import chart
from sim.scenario.schema import Scenario

MONEY: Final = 10_000
"""Euro that there are more, unless another amount is filled in."""

SHOWN: Final = 12
"""Measures that are drawn; all of them are in the table."""

FIRM: Final = ("A", "B")
"""Grades of evidence that are firm enough for a full bar."""

AROUND: Final = (0.5, 1.0, 1.5, 2.0)
"""Budgets beside the one filled in, as parts of what the strategy costs."""

A_HEAD: Final = 500.0
"""Euro a head that stand for what a strategy costs whose measures cost nothing."""


def _controls(words: Language) -> tuple[Scenario, int, Any]:
    """Ask for strategy and month; return them, with room for an amount of money."""
    left, middle, right = st.columns([1.2, 1, 1], gap="medium")
    with left:
        scenario = asked.strategy(words._("Where you are"), "why here", 9, words)
    with middle:
        month = asked.month("why month", words)
    return scenario, month, right


def _money(room: Any, label: str, field: str, default: int, words: Language) -> float:
    """Ask for an amount of money; it is kept with the session."""
    kept = session.field(field)
    there = float(kept or default)
    with room:
        value = amounts.ask(label, there, words, field=field, least=1_000.0) or there
    if value != there:
        session.fill(field, round(value))
    return value


# --- The next euro ----------------------------------------------------------------------------


def next_euro(words: Language) -> None:
    """Show what some more money brings from where one is, measure by measure."""
    scenario, month, room = _controls(words)
    money = _money(room, words._("Money there is more, euro"), "next money", MONEY, words)
    setup = session.current()
    refined(
        f"next {scenario.name} {money:.0f} {month}",
        lambda: decided.next_euro(setup, scenario, money, month, False),
        lambda: decided.next_euro(setup, scenario, money, month, True),
        _next,
    )


def _next(result: NextEuro, coming: bool) -> None:
    words = session.words()
    result = result._replace(words=words)
    st.subheader(inert(next_message(result)), anchor=False)
    shown = result.rows[:SHOWN]
    st.markdown(
        inert(
            words._(
                "From “{plan}”: what each measure adds to weekly users in month {month}, for as much of it as "
                "{money} pay. The {number} that add most, of {all}.",
                plan=called(result.scenario, words),
                month=result.terms.goal.month,
                money=words.euro(result.money),
                number=len(shown),
                all=words.number(len(result.rows)),
            )
        )
    )
    draw(why_charts.bars([_step(row, words) for row in shown], words._("Percentage points more")))
    note = words._(
        "Filled: evidence of grade A or B for its effect. Hollow with a dashed edge: weaker evidence, or more of "
        "it than anybody tried. Line: 95% interval of {runs} organisations. Every price is what the "
        "catalogue assumes until you fill in your own.",
        runs=words.number(result.runs),
    )
    st.caption(note + asked.more_coming(coming, words))
    asked.as_table(
        [
            {
                words._("Measure"): row.title(words),
                words._("Points"): words.number(row.points, 1, sign=True),
                words._("95 % interval"): _between(row.low, row.high, words),
                words._("What for"): _what(row, words),
                words._("Euro"): words.euro(row.spent, step=100.0),
                words._("Evidence"): row.grade or words._("none"),
            }
            for row in result.rows
        ],
        words,
        words._("All measures as a table"),
    )
    with st.expander(words._("What else is to be said")):
        for text in next_readings(result):
            st.markdown(f"- {inert(text)}")


def hollow(row: Step) -> bool:
    """Return whether what a bar rests on is weak."""
    return row.outside or (row.grade not in FIRM and row.how != "licences")


def _step(row: Step, words: Language) -> Bar:
    told = words._(
        "{points} points ({between}) for {euro}",
        points=words.number(row.points, 1, sign=True),
        between=_between(row.low, row.high, words),
        euro=words.euro(row.spent, step=100.0),
    )
    colour = GOOD if row.points >= 0.0 else BAD
    return Bar(row.title(words), told, 0.0, row.points, row.low, row.high, colour, hollow(row))


def _what(row: Step, words: Language) -> str:
    """Return what the money is for: how much of a measure, and where."""
    if row.how != "dose":
        return how(row.how, row, words)
    text = part_of(row.level, words)
    return f"{text}, {words.listed(list(row.departments))}" if row.departments else text


def _between(low: float, high: float, words: Language) -> str:
    return words._("{low} to {high}", low=words.number(low, 1), high=words.number(high, 1))


# --- Less or more -----------------------------------------------------------------------------


def frontier(words: Language) -> None:
    """Show what good plans do for less and for more money."""
    setup = session.current()
    scenario, month, room = _controls(words)
    cost = measures_cost(scenario, chart(scenario))
    usual = rounded(cost or A_HEAD * scenario.organisation.employees)
    own = setup.first.budget.total
    budget = _money(
        room, words._("Budget for measures, euro"), "why budget", int(own or usual), words
    )
    budgets = sorted({budget, *(rounded(part * usual) for part in AROUND)})
    followed(
        lambda: decided.frontier(setup, scenario, budgets, month, False),
        lambda result: _frontier(result, budget, False),
    )
    with st.container(border=True):
        better = words._("A better plan for the same money?")
        st.markdown(f"**{inert(better)}**")
        st.caption(
            words._(
                "The line above is found in seconds: it buys, step by step, what adds most for its money. A thorough "
                "search also takes things out again and tries neighbours; that takes some minutes."
            )
        )
        kind = decided.frontier_kind(scenario, budgets, month, True)
        if not decided.known(kind, setup):
            if st.button(words._("Search thoroughly"), key="thorough"):
                decided.frontier(setup, scenario, budgets, month, True)
                st.rerun()
            return
        followed(
            lambda: decided.frontier(setup, scenario, budgets, month, True),
            lambda result: _frontier(result, budget, True),
        )


def rounded(euro: float) -> float:
    """Return an amount of money as people say it: two digits."""
    step = 10.0 ** max(3, len(str(int(euro))) - 2)
    return max(step, round(euro / step) * step)


def _frontier(result: Frontier, budget: float, thorough: bool) -> None:
    words = session.words()
    result = result._replace(words=words)
    st.subheader(inert(frontier_message(result)), anchor=False)
    points = [
        {
            "cost": point.budget, "value": point.value.value, "low": point.value.low,
            "high": point.value.high, "told": _told(point, words),
        }
        for point in result.points
    ]  # fmt: skip
    own = asked.own_figure(result.here, result.runs, words)
    here = {
        "cost": result.here_cost, "value": result.here.value, "low": result.here.low,
        "high": result.here.high, "name": words._("you"),
        "told": words._(
            "{plan}: {euro}, {share}",
            plan=called(result.scenario, words), euro=words.euro(result.here_cost, step=100.0),
            share=own,
        ),
    }  # fmt: skip
    draw(why_charts.frontier(points, here, words))
    point = next(each for each in result.points if each.budget == budget)
    st.markdown(f"**{inert(_told(point, words))}**")
    listed = measures_in(point.scenario, words) or [words._("nothing")]
    st.markdown("\n".join(f"- {inert(text)}" for text in listed))
    st.caption(
        words._(
            "Circle: “{plan}”, {own}. {number} plans were tried; shade and line: 95% interval of {runs} organisations that "
            "had no part in choosing. Budgets are for measures; licences stay as they are.",
            plan=called(result.scenario, words),
            own=own,
            number=words.number(result.tried),
            runs=words.number(result.runs),
        )
        + asked.as_before(words)
    )
    asked.as_table(
        [
            {
                words._("Budget"): words.euro(each.budget),
                words._("Weekly users"): words.percent(each.value.value / 100.0, 1),
                words._("95 % interval"): _between(each.value.low, each.value.high, words),
                words._("In the plan"): "; ".join(measures_in(each.scenario, words))
                or words._("nothing"),
            }
            for each in result.points
        ],
        words,
        words._("All budgets as a table"),
    )
    if thorough:
        with st.expander(words._("For the analyst")):
            for text in readings(result):
                st.markdown(f"- {inert(text)}")


def _told(point: Point, words: Language) -> str:
    """Return what the plan for a budget reaches."""
    return words._(
        "At {budget}: {share} weekly users ({between})",
        budget=words.euro(point.budget),
        share=words.percent(point.value.value / 100.0, 1),
        between=_between(point.value.low, point.value.high, words),
    )
