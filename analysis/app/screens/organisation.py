"""Step 1: the organisation, its departments, its money, its culture, and a picture of it."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from analysis.app import session
from analysis.app.organisation import cards, doors, money, picture, statements, table
from analysis.words.languages import Language
from sim.scenario.library import read_presets

FEWEST: Final = 10
MOST: Final = 100_000
"""People of an invented organisation."""


def show() -> None:
    """Show the page."""
    words = session.words()
    st.title(words._("Your organisation"), anchor=False)
    parts = (doors.show, _about, table.show, money.show, cards.show, statements.show, picture.show)
    for part in parts:
        session.guarded(lambda part=part: part(words))()  # type: ignore[misc]


def _about(words: Language) -> None:
    """Ask for name and sector."""
    organisation = session.current().first.organisation
    changes: dict[str, Any] = {}
    left, right, last = st.columns([2, 2, 1])
    name = left.text_input(
        words._("Name"), organisation.name, max_chars=120, key=session.key("name")
    )
    if name and name != organisation.name:
        changes["organisation.name"] = name
    sectors, there = read_presets(), organisation.sector or "general"
    sector = right.selectbox(
        words._("Sector: which worries are common"),
        list(sectors),
        index=list(sectors).index(there),
        key=session.key("sector"),
        format_func=lambda preset: words.of(sectors[preset].title),
    )
    if sector != there:
        changes["organisation.sector"] = sector
    if changes:
        session.change(changes)
    if organisation.people is None:
        with last:
            _people(organisation.employees, words)
    else:
        last.metric(words._("People"), words.number(organisation.employees))


def _people(there: int, words: Language) -> None:
    """Ask how many people work here; departments grow and shrink alike."""
    people = st.number_input(
        words._("People"), min(FEWEST, there), max(MOST, there), there, 5,
        key=session.key("employees"),
    )  # fmt: skip
    if people != there:
        session.put(session.current().changed({"organisation.employees": people}), afresh=True)
        st.rerun()
