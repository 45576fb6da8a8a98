"""What can go wrong: how often a strategy misses its aim, what turns the order, and what does most harm."""

from __future__ import annotations

import math

import streamlit as st

from analysis.app import asked, decided, session, why_charts
from analysis.app.following import refined
from analysis.app.session import draw, inert
from analysis.app.setup import colour_of
from analysis.app.why_charts import BAD, GOOD, Bar
from analysis.decisions.contexts import Context
from analysis.decisions.money_texts import title_of
from analysis.decisions.risk import Risk
from analysis.decisions.risk_texts import message, names_of
from analysis.decisions.shocks import Shock, Shocked
from analysis.results.summary import called
from analysis.words.languages import Language

LEVEL = 35
"""Weekly users in percent that are wanted, unless another share is."""


def show(words: Language) -> None:
    """Show the part."""
    setup = session.current()
    left, right = st.columns(2, gap="medium")
    with left:
        kept = session.field("risk level") or LEVEL
        level = st.slider(
            words._("Weekly users that are wanted, %"),
            5,
            95,
            kept,
            5,
            key=session.key("risk level"),
        )
        if level != kept:
            session.fill("risk level", level)
    with right:
        month = asked.month("why month", words)
    if len(setup.scenarios) > 1:
        refined(
            f"risk {month} {level}",
            lambda: decided.risked(setup, month, level, False),
            lambda: decided.risked(setup, month, level, True),
            _risk,
        )
    else:
        st.info(words._("There is one strategy: add another one in step 2 to compare chances."))
    st.subheader(words._("What would do most harm"), anchor=False)
    scenario = asked.strategy(words._("Strategy"), "risk of", 9, words)
    refined(
        f"shocks {scenario.name} {month}",
        lambda: decided.shocked(setup, scenario, month, False),
        lambda: decided.shocked(setup, scenario, month, True),
        _shocks,
    )


# --- Missing the aim --------------------------------------------------------------------------


def _risk(risk: Risk, coming: bool) -> None:
    words = session.words()
    st.subheader(inert(message(risk, words)), anchor=False)
    names = names_of(risk, words, 60)
    scenarios = [each.name for each in session.current().scenarios]
    rows = []
    for plan, name in enumerate(names):
        chance = risk.failing(plan)
        told = words._(
            "misses it in {share} of cases ({low} to {high})",
            share=words.percent(chance.value),
            low=words.percent(chance.low),
            high=words.percent(chance.high),
        )
        place = scenarios.index(list(risk.asked.scenarios)[plan])
        low, value, high = (100.0 * end for end in (chance.low, chance.value, chance.high))
        rows.append(Bar(name, told, 0.0, value, low, high, colour_of(place)))
    draw(why_charts.bars(rows, words._("Chance of missing it, %"), percent=True))
    st.caption(
        words._(
            "Of {cases} simulated cases: organisations like this one, each under other numbers of how strongly people "
            "react, all of which reproduce the evidence. Line: from the kindest to the hardest of these numbers, "
            "nine tenths of them.",
            cases=words.number(risk.runs),
        )
        + asked.more_coming(coming, words)
    )
    order = words._("What turns the order")
    st.markdown(f"**{inert(order)}**")
    for text in turns(risk, words):
        st.markdown(f"- {inert(text)}")
    asked.as_table(
        [
            {
                words._("Strategy"): name,
                words._("Misses it"): row.told,
                words._("Weekly users, mean"): words.percent(
                    float(risk.values[plan].mean()) / 100.0, 1
                ),
            }
            for plan, (name, row) in enumerate(zip(names, rows, strict=True))
        ],
        words,
    )
    with st.expander(words._("For the analyst")):
        for text in risk.said(words):
            st.markdown(f"- {inert(text)}")


def turns(risk: Risk, words: Language) -> list[str]:
    """Return how often each other strategy does better than the first, and what has to be believed."""
    names, first = names_of(risk, words, 60), risk.first
    said = []
    for other in range(len(names)):
        if other == first:
            continue
        pair = risk.pair(first, other)
        text = words._(
            "“{plan}” does more than “{other}” in {share} of the cases.",
            plan=names[first],
            other=names[other],
            share=words.percent(pair.beats.value),
        )
        if first and other and math.isfinite(pair.belief.value):
            text += " " + words._(
                "It stays ahead as long as {belief} of its effect is real and all of the other's.",
                belief=words.percent(pair.belief.value),
            )
        said.append(text)
    return said


# --- What does harm ---------------------------------------------------------------------------


def _shocks(result: Shocked, coming: bool) -> None:
    words = session.words()
    harm = [(shock, size) for shock, size in result.rows if size.high < 0.0]
    rows = [
        Bar(
            told_of(shock, result, words),
            words._(
                "{points} points ({low} to {high})",
                points=words.number(size.value, 1, sign=True),
                low=words.number(size.low, 1),
                high=words.number(size.high, 1),
            ),
            0.0,
            size.value,
            size.low,
            size.high,
            GOOD if size.value >= 0.0 else BAD,
        )
        for shock, size in result.rows
    ]
    name = called(result.scenario, words)
    if harm:
        st.markdown(
            inert(
                words._(
                    "“{plan}” reaches {share} in month {month}. Most harm is done by: {what}.",
                    plan=name,
                    share=words.percent(result.here.value / 100.0, 1),
                    month=result.goal.month,
                    what=words.listed([told_of(shock, result, words) for shock, _ in harm[:3]]),
                )
            )
        )
    else:
        st.markdown(inert(words._("Nothing that was tried clearly harms “{plan}”.", plan=name)))
    shown = [*rows[:8], *rows[max(8, len(rows) - 3) :]]
    draw(why_charts.bars(shown, words._("Percentage points beside the plan")))
    st.caption(
        words._(
            "One thing at a time goes otherwise, in the same {runs} organisations with the same luck: a measure comes "
            "three months later or at half its size, or the organisation is otherwise than step 1 says. The eight "
            "that harm most and the three that help most. Line: 95% interval.",
            runs=words.number(result.runs),
        )
        + asked.more_coming(coming, words)
    )
    asked.as_table(
        [{words._("What goes otherwise"): row.name, words._("Effect"): row.told} for row in rows],
        words,
    )


def told_of(shock: Shock, result: Shocked, words: Language) -> str:
    """Return what goes otherwise, in words."""
    if shock.kind == "context":
        context = Context(shock.name)
        label = context.label(words)
        values = {
            "name": label[0].upper() + label[1:],
            "own": _amount(shock.name, shock.own, words),
            "value": _amount(shock.name, shock.value, words),
        }
        return words._("{name}: {value} instead of {own}", **values)
    measure = title_of(shock.name, result.scenario, words)
    if shock.kind == "later":
        return words._("“{measure}” three months later", measure=measure)
    return words._("“{measure}” at half its size", measure=measure)


def _amount(path: str, value: float, words: Language) -> str:
    """Return a value of a circumstance as people say it: shares of people in percent."""
    if path.endswith(("turnover", "already_using")):
        return words.percent(value)
    return words.number(value, 0 if path.endswith(("employees", "ties", "degree")) else 1)
