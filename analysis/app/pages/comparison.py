"""The comparison: what each strategy does, how sure that is, what it costs; with levers to move."""

from __future__ import annotations

import numpy as np
import streamlit as st

from analysis.app import charts, session, studies
from analysis.app.jobs import Study
from analysis.app.pages import studies as longer
from analysis.app.session import draw, inert
from analysis.app.setup import colour_of
from analysis.results.answer import Answer, Strategy
from analysis.results.firm import euros, percents
from analysis.results.levers import costs, levers
from analysis.results.summary import called
from analysis.words.languages import Language
from sim.errors import AdoptionError, BudgetError
from sim.scenario.schema import Scenario


def show() -> None:
    """Show the page."""
    words = session.words()
    st.title(inert(session.called()), anchor=False)
    later = studies.answer_now(0.0)[1]
    st.session_state.looking = not later.ended
    st.fragment(session.guarded(_live), run_every=None if later.ended else longer.PENDING)()
    longer.how_sure(words)
    longer.take_away(words)


def _live() -> None:
    """Show the levers and what they do; everything that moves together."""
    words = session.words()
    left, right = st.columns([1, 2.6], gap="large")
    with left:
        _levers(words)
    with right:
        answered, later = studies.answer_now()
        if answered is None:
            st.info(words._("The first picture takes a moment: the engine is warming up."))
            st.progress(later.done)
            return
        if answered.answer is not None:
            _headline(answered.answer, later, words)
    _numbers(answered, words)
    if answered.answer is not None:
        _more(answered.answer, words)
    if later.ended == st.session_state.looking:  # look again every moment, or no longer
        st.rerun()


# --- Levers --------------------------------------------------------------------------------


def _levers(words: Language) -> None:
    """Show a strategy's levers."""
    now = session.current()
    names = [scenario.name for scenario in now.scenarios]
    labels = {scenario.name: called(scenario, words) for scenario in now.scenarios}
    kept = st.session_state.get("lever of")
    start = names.index(kept) if kept in names else min(1, len(names) - 1)
    chosen = st.selectbox(
        words._("Strategy to try things with"),
        names,
        index=start,
        format_func=labels.__getitem__,
        key=session.key("lever strategy"),
    )
    st.session_state["lever of"] = chosen
    place = names.index(chosen)
    movable = levers(now.scenarios[place], words)
    if not movable:
        st.caption(words._("This strategy has no measures. Add some on the page Strategies."))
    changes: dict[str, float] = {}
    rooms = []
    for lever in movable:
        key = session.key(f"lever {chosen} {lever.path}")
        changes |= session.moved(lever, lever.label, key)
        rooms.append(st.empty())
    if changes:
        session.change(changes, place)
    price = costs(session.current().scenarios[place])
    for lever, room in zip(movable, rooms, strict=True):
        cost = price.get(lever.name)
        if cost is not None:
            room.caption(words._("costs {cost} here", cost=words.euro(cost)))


# --- What they do --------------------------------------------------------------------------


def _headline(answer: Answer, later: Study, words: Language) -> None:
    """Show the answer in a sentence, and the curves."""
    st.subheader(inert(answer.headline(words)), anchor=False)
    st.markdown(
        inert(
            " ".join(
                [
                    answer.how_sure(words),
                    answer.price(words),
                    answer.against_second(words),
                    answer.for_the_money(words),
                ]
            )
        )
    )
    draw(charts.curves(answer, words))
    note = words._(
        "Line: mean of {runs} organisations like this one; shade: 80 of 100 of them lie in it. Same "
        "people and same luck in every strategy. What if, not a forecast. Seed {seed}.",
        runs=words.number(answer.result.runs),
        seed=answer.result.seed,
    )
    if not later.ended:
        note += " " + words._("More organisations are on their way.")
    st.caption(note)


def _numbers(answered: studies.Found, words: Language) -> None:
    """Show the big numbers, a column per strategy; or why there are none for it."""
    answer = answered.answer
    there = {} if answer is None else {strategy.name: strategy for strategy in answer.strategies}
    shown = [
        each for each in answered.scenarios if each.name in there or each.name in answered.wrong
    ]
    for column, each in zip(st.columns(len(shown)), shown, strict=True):
        with column.container(border=True, height="stretch"):
            if answer is not None and each.name in there:
                _card(answer, there[each.name], words)
            else:
                session.named(each.label, colour_of(answered.scenarios.index(each)))
                _wrong(answered, each, words)


def _wrong(answered: studies.Found, scenario: Scenario, words: Language) -> None:
    """Show why a strategy cannot be simulated; and what the others are compared with, if not that."""
    error = answered.wrong[scenario.name]
    if isinstance(error, BudgetError):
        session.over_budget()
    elif isinstance(error, AdoptionError):
        st.error(words._("This strategy cannot be simulated:"))
    else:
        st.error(
            words._(
                "This strategy cannot be simulated: something went wrong in it. What went wrong is in the "
                "terminal; change its measures on the page Strategies, or remove it."
            )
        )
    if isinstance(error, AdoptionError):
        session.reason(error)
    if scenario is answered.scenarios[0] and answered.answer is not None:
        st.caption(
            words._(
                "The others are compared with {label} instead.",
                label=answered.answer.reference.quoted,
            )
        )


def _card(answer: Answer, strategy: Strategy, words: Language) -> None:
    session.named(strategy.called(words), strategy.colour)
    numbers = [
        (words._("month {month}", month=m), words.percent(strategy.at(m).mean))
        for m in answer.months
    ]
    with st.container(horizontal=True):
        for name, number in numbers:
            st.metric(name, number, width="content")
    st.markdown("\n".join(f"- {line}" for line in _lines(answer, strategy, words)))


def _lines(answer: Answer, strategy: Strategy, words: Language) -> list[str]:
    """Return what else is said of a strategy, a line each."""
    lines = []
    if strategy.added:
        added = strategy.added[-1]
        if strategy.same_as == answer.reference.name:
            lines.append(
                words._("**identical** to {base}", base=inert(answer.reference.quoted(words)))
            )
        else:
            lines.append(
                words._(
                    "{difference} points ({low} to {high}), more in **{better}**",
                    better=answer.better(strategy, words),
                    difference=words.points(added.mean),
                    low=words.points(added.low),
                    high=words.points(added.high),
                )
            )
    else:
        lines.append(words._("the others are compared with this one"))
    lines.append(words._("costs **{spent}**", spent=euros(strategy.money.spent, words)))
    lines.append(words._("net **{net}**", net=euros(strategy.money.net, words, sign=True)))
    if np.isfinite(strategy.extra.cost_per_extra_user.mean):
        lines.append(
            words._(
                "**{each}** for each extra weekly user",
                each=euros(strategy.extra.cost_per_extra_user, words),
            )
        )
    roi, between = percents(strategy.money.roi, words)
    text = f"{roi} ({between})" if between else roi
    lines.append(words._("return on investment **{roi}**", roi=text))
    if np.isfinite(strategy.break_even.mean):
        lines.append(words._("break-even: **{month}**", month=answer.even(strategy, words)))
    else:
        lines.append(
            words._(
                "break-even in **{organisations}**",
                organisations=answer.organisations(strategy.broke_even, words),
            )
        )
    lines.append(
        words._("**{never}** never use it weekly", never=words.percent(strategy.never.mean))
    )
    fall = answer.falls(strategy, words)
    if fall:
        lines.append(fall)
    if np.isfinite(strategy.trough):
        lines.append(
            words._(
                "early dip in **{share}** of organisations (use in months 4 to 9 after access a tenth or "
                "more below its top in months 1 to 4)",
                share=words.percent(strategy.trough),
            )
        )
    return lines


def _more(answer: Answer, words: Language) -> None:
    """Show differences, groups and reasons."""
    kinds = {group.kind for group in answer.groups}
    least = answer.reference.scenario.privacy.min_group
    names = [
        words._("What it adds"),
        words._("By kind of resistance"),
        words._("By department"),
        words._("Why"),
    ]
    added, archetype, department, why = st.tabs(names)
    with added:
        if len(answer.strategies) > 1:
            draw(charts.differences(answer, words))
            st.caption(
                words._(
                    "Line: mean difference in the same organisations; shade: simultaneous 95% band of that mean."
                )
            )
        else:
            st.caption(words._("There is one strategy: nothing to compare it with."))
    for tab, kind in ((archetype, "archetype"), (department, "department")):
        with tab:
            if kind in kinds:
                draw(charts.groups(answer, kind, words))
                st.caption(
                    words._(
                        "In brackets: people, on average. Groups of fewer than {least} people are not shown.",
                        least=least,
                    )
                )
            else:
                st.caption(
                    words._("Groups of fewer than {least} people are not shown.", least=least)
                )
    with why:
        for line in answer.why(words):
            st.markdown(f"- {inert(line)}")
        if answer.also(words):
            st.caption(words._("What else is different"))
        for line in answer.also(words):
            st.markdown(f"- {inert(line)}")
        if len(answer.strategies) == 1:
            st.caption(words._("There is one strategy: nothing to compare it with."))
        elif not answer.why(words):
            st.caption(words._("Nothing inside people explains a clear difference."))
