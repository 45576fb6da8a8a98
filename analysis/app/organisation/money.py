"""The client's own money: licences, what is paid once, support, what an hour is worth."""

from __future__ import annotations

from typing import Any

import streamlit as st

from analysis.app import amounts, session
from analysis.words.languages import Language
from sim.programme.deployments import access_months
from sim.scenario.schema import Scenario


def show(words: Language) -> None:
    """Show the amounts that hold for every strategy, each with what it comes to."""
    scenario = session.current().first
    st.subheader(words._("Your own money"), anchor=False)
    left, middle, right = st.columns(3, gap="medium")
    changes: dict[str, Any] = {}
    with left:
        changes |= _price("tool.licence_price", words._("Licence, euro a person a month"))
        changes |= _go_live(scenario, words)
    with middle:
        changes |= _amount("tool.integration_cost", words._("Integration, once, euro"), words)
        changes |= _amount("tool.data_cost", words._("Making data ready, once, euro"), words)
    with right:
        changes |= _amount("tool.support_per_month", words._("Support, euro a month"), words)
        changes |= _price("organisation.hourly_cost", words._("Cost of a working hour, euro"))
    changes |= _captured(scenario, words)
    if changes:
        session.change(changes)
        st.rerun()
    st.markdown(_sums(scenario, words))


def _there(path: str) -> float:
    section, name = path.split(".")
    return float(getattr(getattr(session.current().first, section), name))


def _amount(path: str, label: str, words: Language) -> dict[str, float]:
    """Ask for an amount; return what changes."""
    there = _there(path)
    asked = amounts.ask(label, there, words, field=path)
    return {} if asked is None or asked == there else {path: asked}


def _price(path: str, label: str) -> dict[str, float]:
    """Ask for the price of a person's month or hour; return what changes."""
    there = _there(path)
    asked = st.number_input(
        label,
        0.0,
        max(1_000.0, there),
        there,
        1.0,
        format="%.2f" if there % 1 else "%g",
        key=session.key(path),
    )
    return {} if asked is None or asked == there else {path: float(asked)}


def _go_live(scenario: Scenario, words: Language) -> dict[str, int]:
    """Ask when licences are there."""
    there = scenario.tool.go_live
    month = st.number_input(
        words._("Go-live, month"),
        1,
        max(there, scenario.simulation.months),
        there,
        key=session.key("tool.go_live"),
    )
    return {} if month == there else {"tool.go_live": int(month)}


def _captured(scenario: Scenario, words: Language) -> dict[str, float]:
    """Ask how much of the time gained becomes money."""
    there = round(100.0 * scenario.tool.capture_rate)
    rate = st.slider(
        words._("Of the time gained, % that becomes money"),
        0,
        100,
        there,
        5,
        key=session.key("tool.capture_rate"),
        format="%d%%",
    )
    hour = scenario.organisation.hourly_cost * rate / 100.0
    st.caption(
        words._(
            "An hour gained counts for {amount}. It becomes money where it replaces hiring, overtime "
            "or hours bought elsewhere. 0% is always computed too: what is left if no hour gained "
            "becomes money.",
            amount=session.inert(words.euro(hour)),
        )
    )
    return {} if rate == there else {"tool.capture_rate": rate / 100.0}


def _sums(scenario: Scenario, words: Language) -> str:
    """Return what is paid once, and what support comes to."""
    tool, months = scenario.tool, scenario.simulation.months
    live = access_months(scenario)[1]
    supported = max(0, months - live + 1)
    sums = words._(
        "Once: **{once}**. Support: **{support}** over {months} months.",
        once=session.inert(words.euro(tool.integration_cost + tool.data_cost)),
        support=session.inert(words.euro(tool.support_per_month * supported)),
        months=supported,
    )
    if live == tool.go_live:
        return sums
    moved = words._(
        "With this much for integration and data, people have access in month {month} and not in month "
        "{asked}.",
        month=live,
        asked=tool.go_live,
    )
    return f"{sums} {moved}"
