"""What stands above every step: whose organisation, the budget, what comes of it, and what is saved."""

from __future__ import annotations

from html import escape
from typing import Final

import streamlit as st

from analysis.app import amounts, session, setup, studies
from analysis.app.following import PENDING
from analysis.app.screens import takeaway
from analysis.results.summary import called
from analysis.results.undone import lacking
from analysis.words.languages import LOCALES, Language
from sim.programme.ledger import undone_if_known
from sim.scenario.schema import Scenario

MONTH: Final = 12
"""Month whose weekly users stand in the bar."""

STYLE: Final = """
.st-key-bar { position: sticky; top: 0; z-index: 99; background: white; padding: .5rem 0 .45rem;
  border-bottom: 1px solid #d9d9d9; flex-wrap: nowrap; gap: 1.1rem; }
.st-key-bar > * { flex: none; }
.st-key-bar > :has(.st-key-figures) { flex: 1 1 auto; min-width: 0; }
.bar-client { font-weight: 600; line-height: 1.25; max-width: 11rem; overflow: hidden;
  text-overflow: ellipsis; white-space: nowrap; }
.bar-quiet { color: #5c5c5c; font-size: .82rem; font-weight: 400; white-space: nowrap; }
.bar-figures { display: flex; flex-wrap: wrap; gap: 0 .9rem; font-size: .88rem; line-height: 1.35; }
.bar-figures > .bar-quiet { flex-basis: 100%; }
.bar-figures b { font-variant-numeric: tabular-nums; }
.bar-figures.old { color: #6b6b6b; }
.bar-figures > span { white-space: nowrap; }
.bar-figures i { font-style: normal; display: inline-block; max-width: 11.5rem; overflow: hidden;
  text-overflow: ellipsis; vertical-align: bottom; }
.st-key-undo p { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.bar-dot { display: inline-block; width: .65rem; height: .65rem; border-radius: 50%; margin-right: .3rem; }
.st-key-budget { width: 8.2rem; }
.st-key-budget [data-testid=stNumberInput] button { display: none; }
@media (max-width: 1000px) { .st-key-bar { flex-wrap: wrap; position: static; } }
@media (max-width: 640px) {
  .st-key-bar { gap: .3rem 1rem; padding-top: 0; }
  .bar-saved { display: none; }
  .st-key-tools { flex-wrap: nowrap; justify-content: space-between; width: 100%; }
  .bar-client { max-width: 20rem; }
  .bar-client br { display: none; }
}
"""


def show(words: Language) -> None:
    """Show the bar."""
    with st.container(key="bar", horizontal=True, vertical_alignment="center"):
        st.html(_client(words), width="content")
        _budget(words)
        with st.container(key="figures"):
            st.session_state["bar waits"] = not studies.fine(session.current()).ended
            waits = st.session_state["bar waits"]
            st.fragment(_figures, run_every=PENDING if waits else None)()
        with st.container(
            width="content", horizontal=True, vertical_alignment="center", gap="small"
        ):
            st.html(_saved(words), width="content")
            if st.button(
                words._("Undo"),
                key="undo",
                icon=":material/undo:",
                help=words._("Undo the last change"),
                disabled=not st.session_state.past,
                type="tertiary",
            ):
                session.undo()
                st.rerun()
            with st.popover(words._("Take away"), icon=":material/download:", type="primary"):
                session.guarded(lambda: takeaway.show(words))()
            _language(words)


def _client(words: Language) -> str:
    """Return whose organisation it is, and how large."""
    organisation = session.current().first.organisation
    people = words._("{number} people", number=words.number(organisation.employees))
    return (
        f"<div class='bar-client'>{escape(organisation.name)}"
        f"<br> <span class='bar-quiet'>{escape(people)}</span></div>"
    )


def _budget(words: Language) -> None:
    """Ask for the budget, which holds for every strategy but the one they are compared with."""
    now = session.current()
    there = budget_of(now)
    with st.container(key="budget", width="content"):
        asked = amounts.ask(
            words._("Budget, euro"),
            there,
            words,
            field="budget of all",
            placeholder=words._("no budget"),
            label_visibility="collapsed",
            icon=":material/euro:",
            help=words._("Budget for the whole period, licences included; empty for none"),
        )
    if asked != there:
        with_budget(asked)
        st.rerun()


def budget_of(now: setup.Setup) -> float | None:
    """Return the budget of the strategies, if they have one and the same."""
    totals = {scenario.budget.total for scenario in _limited(now)}
    return totals.pop() if len(totals) == 1 else None


def with_budget(total: float | None) -> None:
    """Give every strategy but the reference a budget, or none."""
    now = session.current()
    several = [
        scenario.changed({"budget.total": total}) if scenario in _limited(now) else scenario
        for scenario in now.scenarios
    ]
    session.put(setup.Setup(tuple(several)))


def _limited(now: setup.Setup) -> tuple[Scenario, ...]:
    return now.scenarios[1:] or now.scenarios


def _figures() -> None:
    """Show each strategy's weekly users in a month, grey while new ones are on their way."""
    words, now = session.words(), session.current()
    answered = studies.latest(now)
    answer = None if answered is None else answered.answer
    there = {} if answer is None else {strategy.name: strategy for strategy in answer.strategies}
    old = answered is None or studies.stale(answered, now)
    month = min(MONTH, now.first.simulation.months)
    lines = []
    for place, scenario in enumerate(now.scenarios):
        strategy = there.get(scenario.name)
        number = "\N{HORIZONTAL ELLIPSIS}" if old else "\N{EN DASH}"
        if strategy is not None and month < len(strategy.adoption[0]):
            number = words.percent(strategy.at(month).mean)
        lines.append(
            f"<span title='{escape(lacking(scenario, undone_if_known(scenario), words), quote=True)}'>"
            f"<span class='bar-dot' style='background:{setup.colour_of(place)}'></span>"
            f"<i>{escape(called(scenario, words))}</i> <b>{number}</b></span>"
        )
    title = words._("Weekly users in month {month}", month=month)
    st.html(
        f"<div class='bar-figures{' old' if old else ''}'>"
        f"<span class='bar-quiet'>{escape(title)}</span>{''.join(lines)}</div>"
    )
    if st.session_state["bar waits"] and studies.fine(now).ended:  # look no longer
        st.rerun()


def _saved(words: Language) -> str:
    """Return when the session was kept."""
    at = st.session_state.at
    text = words._("saved {time}", time=f"{at:%H:%M}") if at else words._("not saved")
    return f"<span class='bar-quiet bar-saved'>{escape(text)}</span>"


def _language(words: Language) -> None:
    """Let the reader choose a language."""
    chosen = st.segmented_control(
        words._("Language"),
        list(LOCALES),
        default=words.code,
        format_func=str.upper,
        label_visibility="collapsed",
        key=f"lang picker {words.code}",
    )
    if chosen and chosen != words.code:
        session.speak(chosen)
        st.rerun()
