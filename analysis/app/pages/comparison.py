"""The comparison: what each strategy does, how sure that is, what it costs; with levers to move."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import streamlit as st

from analysis.answer import Answer, Strategy
from analysis.app import charts, session, studies
from analysis.app.desk import Study
from analysis.app.pages import longer
from analysis.app.session import draw, inert
from analysis.languages import Language
from sim.deployments import measure_of, share_of
from sim.scenario import Scenario


class Lever(NamedTuple):
    """A number of a strategy that a slider moves."""

    path: str
    label: str
    value: float
    low: float
    high: float
    step: float
    share: bool


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
        one, later = studies.answer_now()
        if one is None:
            st.info(words._("The first picture takes a moment: the engine is warming up."))
            st.progress(later.done)
            return
        _headline(one, later, words)
    _numbers(one, words)
    _more(one, words)
    if later.ended == st.session_state.looking:  # look again every moment, or no longer
        st.rerun()


# --- Levers --------------------------------------------------------------------------------


def levers(scenario: Scenario, words: Language) -> list[Lever]:
    """Return the numbers of a strategy that sliders move: how much of each measure."""
    found = []
    for name, one in scenario.deployments.items():
        measure = measure_of(name, one)
        title = words.of(measure.title)
        path = f"programme.{name}."
        if measure.appoints in ("champions", "buddies"):
            share = share_of(one, measure) or 0.0
            label = words._("{measure}: % of staff", measure=title)
            found.append(Lever(f"{path}share", label, 100.0 * share, 0.0, 30.0, 1.0, True))
        elif measure.lasting == "one_off":
            label = words._("{measure}: times", measure=title)
            high = max(4.0, 2.0 * one.dose)
            found.append(Lever(f"{path}dose", label, one.dose, 0.0, high, 0.5, False))
        else:
            label = words._("{measure}: strength", measure=title)
            found.append(Lever(f"{path}dose", label, one.dose, 0.0, max(2.0, one.dose), 0.1, False))
    return found


def _levers(words: Language) -> None:
    """Show a strategy's levers."""
    now = session.current()
    names = [one.name for one in now.scenarios]
    labels = {one.name: one.label for one in now.scenarios}
    kept = st.session_state.get("lever of")
    start = names.index(kept) if kept in names else min(1, len(names) - 1)
    chosen = st.selectbox(
        words._("Strategy to try things with"), names, index=start, format_func=labels.__getitem__,
        key=session.key("lever strategy"),
    )  # fmt: skip
    st.session_state["lever of"] = chosen
    place = names.index(chosen)
    every = levers(now.scenarios[place], words)
    if not every:
        st.caption(words._("This strategy has no measures. Add some on the page Strategies."))
    for lever in every:
        value = st.slider(
            lever.label, lever.low, lever.high, float(lever.value), lever.step,
            key=session.key(f"lever {chosen} {lever.path}"),
            format="%d" if lever.step == 1.0 else "%.1f",
        )  # fmt: skip
        if abs(value - lever.value) > 1e-9:
            session.change({lever.path: value / 100.0 if lever.share else value}, place)


# --- What they do --------------------------------------------------------------------------


def _headline(one: Answer, later: Study, words: Language) -> None:
    """Show the answer in a sentence, and the curves."""
    st.subheader(inert(one.headline(words)), anchor=False)
    st.markdown(
        inert(
            " ".join(
                [
                    one.how_sure(words),
                    one.price(words),
                    one.against_second(words),
                    one.for_the_money(words),
                ]
            )
        )
    )
    draw(charts.curves(one, words))
    note = words._(
        "Line: mean of {runs} organisations like this one; shade: 80 of 100 of them lie in it. Same "
        "people and same luck in every strategy. What if, not a forecast. Seed {seed}.",
        runs=words.number(one.result.runs), seed=one.result.seed,
    )  # fmt: skip
    if not later.ended:
        note += " " + words._("More organisations are on their way.")
    st.caption(note)


def _numbers(one: Answer, words: Language) -> None:
    """Show the big numbers, a column per strategy."""
    for column, strategy in zip(st.columns(len(one.strategies)), one.strategies, strict=True):
        with column.container(border=True, height="stretch"):
            _card(one, strategy, words)


def _card(one: Answer, strategy: Strategy, words: Language) -> None:
    session.named(strategy.label, strategy.colour)
    told = [
        (words._("month {month}", month=m), words.percent(strategy.at(m).mean)) for m in one.months
    ]
    with st.container(horizontal=True):
        for name, number in told:
            st.metric(name, number, width="content")
    st.markdown("\n".join(f"- {line}" for line in _lines(one, strategy, words)))


def _lines(one: Answer, strategy: Strategy, words: Language) -> list[str]:
    """Return what else is said of a strategy, a line each."""
    lines = []
    if strategy.added:
        added = strategy.added[-1]
        lines.append(words._(
            "**{better}** of organisations do better with it ({difference} points, {low} to {high})",
            better=words.percent(added.better), difference=words.points(added.mean),
            low=words.points(added.low), high=words.points(added.high),
        ))  # fmt: skip
    else:
        lines.append(words._("the others are compared with this one"))
    lines.append(words._("costs **{spent}**, net **{net}**", spent=words.euro(float(strategy.spent[-1])),
                         net=words.euro(strategy.net, sign=True)))  # fmt: skip
    if np.isfinite(strategy.cost_per_extra_user) and strategy.added:
        lines.append(words._("**{each}** for each extra weekly user",
                             each=words.euro(strategy.cost_per_extra_user)))  # fmt: skip
    lines.append(
        words._("return on investment **{roi}**", roi=words.percent(strategy.roi, sign=True))
    )
    if np.isfinite(strategy.break_even):
        lines.append(words._("break-even in month **{month}**", month=round(strategy.break_even)))
    else:
        lines.append(
            words._(
                "break-even in **{share}** of organisations",
                share=words.percent(strategy.broke_even),
            )
        )
    lines.append(
        words._("**{never}** never use it weekly", never=words.percent(strategy.never.mean))
    )
    if np.isfinite(strategy.trough):
        lines.append(words._("use sags after the novelty in **{share}** of organisations",
                             share=words.percent(strategy.trough)))  # fmt: skip
    return lines


def _more(one: Answer, words: Language) -> None:
    """Show differences, groups and reasons."""
    kinds = {group.kind for group in one.groups}
    names = [
        words._("What it adds"),
        words._("By kind of resistance"),
        words._("By department"),
        words._("Why"),
    ]
    added, archetype, department, why = st.tabs(names)
    with added:
        if len(one.strategies) > 1:
            draw(charts.differences(one, words))
            st.caption(
                words._(
                    "Line: mean difference in the same organisations; shade: 95% interval of that mean."
                )
            )
        else:
            st.caption(words._("There is one strategy: nothing to compare it with."))
    for tab, kind in ((archetype, "archetype"), (department, "department")):
        with tab:
            if kind in kinds:
                draw(charts.groups(one, kind, words))
                st.caption(words._("In brackets: people, on average. Groups of fewer than {least} people are not shown.",
                                   least=one.result.scenarios[one.reference.name].privacy.min_group))  # fmt: skip
            else:
                st.caption(words._("On its way: it comes with more organisations."))
    with why:
        for line in one.why(words):
            st.markdown(f"- {inert(line)}")
        if not one.reasons:
            st.caption(words._("There is one strategy: nothing to compare it with."))
