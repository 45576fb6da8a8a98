"""The strategies: up to four beside each other, with what they cost, the measures there are, and versions."""

from __future__ import annotations

from typing import Any

import streamlit as st

from analysis.app import bar, meter, session, setup
from analysis.app.screens import columns, drawer, versions
from analysis.words.languages import Language
from sim.errors import AdoptionError
from sim.scenario.schema import Scenario

NARROW = 0.72
"""How wide the reference is beside the others."""


def show() -> None:
    """Show the page."""
    words = session.words()
    st.html(f"<style>{columns.STYLE}{drawer.STYLE}</style>")
    st.title(words._("Your choices"), anchor=False)
    now = session.current()
    widths = [NARROW, *[1.0] * (len(now.scenarios) - 1)]
    most = _most()
    for place, column in enumerate(st.columns(widths, gap="small")):
        with column.container(border=True, height="stretch", key=f"column {place}"):
            session.guarded(lambda place=place: columns.column(place, most, words))()  # type: ignore[misc]
    if len(now.scenarios) < setup.MOST:
        _new(words)
    if st.toggle(words._("Show the measures to choose from"), key="drawer"):
        st.html(drawer.letters(words))
        drawer.show(words)
    with st.expander(words._("Versions, and what differs")):
        versions.show(words)


def _most() -> float:
    """Return the largest amount there is to show [euro]: a strategy's cost, or a budget."""
    amounts = []
    for scenario in session.current().scenarios:
        try:
            amounts += [meter.meter(scenario).total, scenario.budget.total or 0.0]
        except AdoptionError:
            continue
    return max(amounts, default=0.0)


def _new(words: Language) -> None:
    """Offer one more strategy, like a shipped one."""
    titles = setup.titles(words)
    left, right, _ = st.columns([2, 1, 2], vertical_alignment="bottom")
    name = left.selectbox(
        words._("One more strategy, like"),
        list(titles),
        index=4,
        format_func=titles.__getitem__,
        key=session.key("like"),
    )
    if right.button(words._("Add"), key="add", icon=":material/add:"):
        now = session.current()
        session.put(now.added(_as_here(setup.shipped(name, words), now)), afresh=True)
        st.rerun()


def _as_here(scenario: Scenario, now: setup.Setup) -> Scenario:
    """Return a shipped strategy with the budget of the others, and their go-live if it has none of its own."""
    changes: dict[str, Any] = {}
    total = bar.budget_of(now)
    if total is not None:
        changes["budget.total"] = total
    default = type(scenario.tool).model_fields["go_live"].default
    if scenario.tool.go_live == default and not scenario.tool.phases:
        changes["tool.go_live"] = now.first.tool.go_live
    return scenario.changed(changes) if changes else scenario
