"""What each strategy does: a sentence, how firm it is, the curve, the funnel, one table."""

from __future__ import annotations

from html import escape
from typing import Final

import numpy as np
import streamlit as st

from analysis.app import charts, now_observed, session, studies
from analysis.app.following import PENDING
from analysis.app.jobs import Study
from analysis.app.session import draw, inert
from analysis.app.setup import colour_of
from analysis.results.answer import Answer, Strategy
from analysis.results.firm import Amount, head, span
from analysis.results.levers import costs, levers
from analysis.results.summary import called
from analysis.results.undone import lacking
from analysis.words.languages import Language
from sim.errors import AdoptionError, BudgetError

STAGES: Final = ("access", "tried", "using", "adoption")
"""Steps from having AI to using it every week, as shares of all employees."""

STYLE: Final = """
.outcome { font-size: 28px; line-height: 1.25; font-weight: 600; margin: 0 0 .5rem; max-width: 60rem;
  padding: 0; letter-spacing: -.01em; }
.firm { font-size: 1.02rem; margin: 0 0 .3rem; max-width: 60rem; }
.firm.old, .outcome.old { color: #6b6b6b; }
.strategies { border-collapse: collapse; font-size: .95rem; font-variant-numeric: tabular-nums; }
.strategies th, .strategies td { padding: .45rem 1.1rem .45rem 0; text-align: left;
  border-bottom: 1px solid #d9d9d9; vertical-align: top; font-weight: 400; }
.strategies thead th { color: #5c5c5c; font-size: .88rem; }
.strategies tbody th { font-weight: 600; min-width: 9rem; }
.strategies small { color: #5c5c5c; display: block; font-size: .85rem; white-space: nowrap; }
.swatch { display: inline-block; width: 1.1rem; height: .3rem; border-radius: 2px; margin-right: .45rem;
  vertical-align: middle; }
.scroll { overflow-x: auto; }
@media (max-width: 640px) { .outcome { font-size: 22px; } .firm { font-size: .95rem; } }
"""


def show() -> None:
    """Show the page."""
    words = session.words()
    st.html(f"<style>{STYLE}</style>")
    st.title(words._("What it does"), anchor=False)
    studies.answer_now(0.0)
    st.session_state.looking = _under_way()
    every = PENDING if st.session_state.looking else None
    st.fragment(session.guarded(_live), run_every=every)()


def _under_way() -> bool:
    """Return whether more is to come: more organisations, then other sets of numbers."""
    now = session.current()
    if not studies.fine(now).ended:
        return True
    return studies.affordable(now) and not studies.sure(now).ended


def _live() -> None:
    """Show what the strategies do, and the levers when asked; everything that moves together."""
    words = session.words()
    moving = st.session_state.get("levers shown", False)
    left, right = st.columns([1, 2.8], gap="large") if moving else (None, st.container())
    if left is not None:
        with left:
            _levers(words)
    with right:
        answered, later = studies.answer_now()
        if answered is None:
            st.info(words._("The first picture takes a moment: the engine is warming up."))
            st.progress(later.done)
            return
        old = studies.stale(answered, session.current())
        if answered.answer is not None:
            _answer(answered.answer, later, old, words)
    _left_out(answered, words)
    if answered.answer is not None:
        _table(answered.answer, words)
        _more(answered.answer, words)
    if _under_way() != st.session_state.looking:  # look again every moment, or no longer
        st.rerun()


def _answer(answer: Answer, later: Study, old: bool, words: Language) -> None:
    """Show the answer in a sentence, how firm it is, and the pictures."""
    grey = " old" if old else ""
    st.html(
        f"<h2 class='outcome{grey}'>{escape(answer.headline(words))}</h2>"
        f"<p class='firm{grey}'>{escape(answer.how_sure(words))}</p>"
    )
    curve, stages = st.columns([2, 1], gap="large")
    with curve:
        draw(charts.course(answer, words, now_observed.weekly(session.field(now_observed.FIELD))))
        note = words._(
            "Line: mean of {runs} organisations like this one; shade: 80 of 100 of them lie in it. Same "
            "people and same luck in every strategy. What if, not a forecast.",
            runs=words.number(answer.result.runs),
        )
        if not later.ended:
            note += " " + words._("More organisations are on their way.")
        st.caption(note)
        st.toggle(words._("Move levers"), key="levers shown")
    with stages:
        _funnel(answer, words)


# --- The funnel ----------------------------------------------------------------------------


def _funnel(answer: Answer, words: Language) -> None:
    """Show how far people are in a month one can move: access, tried, used, every week."""
    month = st.slider(
        words._("How far people are in month"),
        1,
        answer.last,
        min(12, answer.last),
        key=session.key("funnel month"),
    )
    titles = {
        "access": words._("have access"),
        "tried": words._("have tried it"),
        "using": words._("use it, if only now and then"),
        "adoption": words._("use it every week"),
    }
    rows = [
        {
            "stage": titles[stage],
            "label": strategy.called(words),
            "share": share,
            "told": words.percent(share),
        }
        for stage in STAGES
        for strategy in answer.strategies
        if np.isfinite(share := share_at(answer, strategy, stage, month))
    ]
    draw(charts.funnel(rows, answer, words))
    never = [
        words._(
            "{label}: {share}",
            label=strategy.quoted(words),
            share=words.percent(strategy.never.mean),
        )
        for strategy in answer.strategies
        if np.isfinite(strategy.never.mean)
    ]
    if never:
        st.caption(
            words._(
                "Have access for half a year or more and never used it weekly by month {month}: "
                "{strategies}.",
                month=answer.last,
                strategies=inert(words.listed(never)),
            )
        )


def share_at(answer: Answer, strategy: Strategy, stage: str, month: int) -> float:
    """Return the mean share of employees in a stage of the funnel in a month [0 to 1].

    Who has access is not measured: it is how many of all use AI every week, by how many of those with
    access do; not a number where nobody does.
    """
    if stage != "access":
        return float(answer.result.curves(strategy.name, stage)[:, month].mean())
    weekly, with_access = (
        answer.result.curves(strategy.name, kpi)[:, month]
        for kpi in ("adoption", "adoption_with_access")
    )
    some = with_access > 0.0
    return float((weekly[some] / with_access[some]).mean()) if some.any() else float("nan")


# --- The table -----------------------------------------------------------------------------


def _table(answer: Answer, words: Language) -> None:
    """Show one table: weekly users as ranges, cost, what an extra user costs, yield."""
    heads = [
        words._("Strategy"),
        *(words._("Weekly users, month {month}", month=month) for month in answer.months),
        words._("Cost"),
        words._("Euro per extra weekly user"),
        words._("Yield: gains less costs"),
    ]
    rows = []
    for strategy in answer.strategies:
        levels = [
            _cell(
                words.percent(strategy.at(month).mean),
                _span(
                    words.percent(strategy.at(month).low), words.percent(strategy.at(month).high)
                ),
            )
            for month in answer.months
        ]
        each = strategy.extra.cost_per_extra_user
        extra = (
            _money(each, words)
            if np.isfinite(each.mean)
            else _cell(
                "\N{EN DASH}", "" if strategy is answer.reference else words._("no clear gain")
            )
        )
        lacks = lacking(strategy.scenario, strategy.undone, words)
        nothing = words._(
            "{net} if no time gained becomes money",
            net=head(minus(strategy.money.spent), words, True),
        )
        rows.append(
            f"<tr><th scope='row' title='{escape(lacks, quote=True)}'><span class='swatch' style='background:{strategy.colour}'></span>"
            f"{escape(strategy.called(words))}</th>{''.join(levels)}"
            f"{_money(strategy.money.spent, words)}{extra}"
            f"{_money(strategy.money.net, words, True, nothing)}</tr>"
        )
    columns = "".join(f"<th scope='col'>{escape(text)}</th>" for text in heads)
    st.html(
        f"<div class='scroll' tabindex='0' role='region' aria-label='{escape(words._('Strategies'))}'>"
        f"<table class='strategies'><thead><tr>{columns}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )
    rate = answer.reference.scenario.tool.capture_rate
    st.caption(
        words._(
            "Under a share of weekly users: between what four in five organisations like this one lie. "
            "Under an amount: where the mean lies with 95% certainty. {share} of the time gained is "
            "counted as money (step 1).",
            share=words.percent(rate),
        )
    )


def minus(amount: Amount) -> Amount:
    """Return an amount with the other sign."""
    return Amount(-amount.mean, -amount.high, -amount.low)


def _cell(text: str, *below: str) -> str:
    small = "".join(f"<small>{escape(line)}</small>" for line in below if line)
    return f"<td>{escape(text)}{small}</td>"


def _span(low: str, high: str) -> str:
    return f"{low} \N{EN DASH} {high}"


def _money(amount: Amount, words: Language, sign: bool = False, *below: str) -> str:
    """Return a cell with an amount as round as it is firm, its range under it."""
    return _cell(head(amount, words, sign), span(amount, words), *below)


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
        st.caption(words._("This strategy has no measures. Add some in step 2."))
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


# --- Beside them ---------------------------------------------------------------------------


def _left_out(answered: studies.Found, words: Language) -> None:
    """Show why a strategy is not among those compared, each under its own name."""
    for place, scenario in enumerate(answered.scenarios):
        error = answered.wrong.get(scenario.name)
        if error is None:
            continue
        session.named(scenario.label, colour_of(place))
        if isinstance(error, BudgetError):
            session.over_budget()
        elif isinstance(error, AdoptionError):
            st.error(words._("This strategy cannot be simulated:"))
        else:
            st.error(
                words._(
                    "This strategy cannot be simulated: something went wrong in it. What went wrong is in "
                    "the terminal; change its measures in step 2, or remove it."
                )
            )
        if isinstance(error, AdoptionError):
            session.reason(error)
        if place == 0 and answered.answer is not None:
            st.caption(
                words._(
                    "The others are compared with {label} instead.",
                    label=answered.answer.reference.quoted(words),
                )
            )


def _more(answer: Answer, words: Language) -> None:
    """Show groups, and what analysts ask for."""
    if any(group.kind == "archetype" for group in answer.groups):
        with st.expander(words._("By kind of resistance")):
            draw(charts.groups(answer, "archetype", words))
            st.caption(
                words._(
                    "In brackets: people, on average. Groups of fewer than {least} people are not shown.",
                    least=answer.reference.scenario.privacy.min_group,
                )
            )
    with st.expander(words._("For the analyst")):
        if len(answer.strategies) > 1:
            draw(charts.differences(answer, words))
            st.caption(
                words._(
                    "Line: mean difference in the same organisations; shade: simultaneous 95% band of that mean."
                )
            )
        st.caption(
            words._(
                "{runs} organisations drawn with seed {seed}; the same command gives the same numbers.",
                runs=words.number(answer.result.runs),
                seed=answer.result.seed,
            )
        )
        for strategy in answer.strategies:
            lines = [answer.price(words, strategy), answer.falls(strategy, words)]
            if np.isfinite(strategy.trough):
                lines.append(
                    words._(
                        "early dip in **{share}** of organisations (use in months 4 to 9 after access a "
                        "tenth or more below its top in months 1 to 4)",
                        share=words.percent(strategy.trough),
                    ).replace("**", "")
                )
            text = " ".join(line for line in lines if line)
            st.markdown(f"**{inert(strategy.called(words))}**: {inert(text)}")
