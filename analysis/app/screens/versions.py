"""What was kept under a name, and what differs between any two strategies."""

from __future__ import annotations

import datetime
from typing import Any

import pandas as pd
import streamlit as st

from analysis.app import session, setup
from analysis.app.differences import differences
from analysis.app.screens.columns import letter_of
from analysis.app.session import inert
from analysis.words.languages import Language
from sim.errors import AdoptionError
from sim.scenario.schema import Scenario

MOST = 20
"""Versions a session keeps."""


def show(words: Language) -> None:
    """Show the versions, and a table of differences."""
    left, right = st.columns([1, 2], gap="large")
    with left:
        _versions(words)
    with right:
        _differences(words)


def _versions(words: Language) -> None:
    st.subheader(words._("Versions"), anchor=False)
    versions = st.session_state.versions
    with st.form("keep version", border=False, clear_on_submit=True):
        name = st.text_input(words._("Name of the version"), max_chars=60)
        kept = st.form_submit_button(
            words._("Keep as version"),
            icon=":material/bookmark_add:",
            disabled=len(versions) >= MOST,
        )
    if kept:
        keep(name.strip() or words._("Version {number}", number=len(versions) + 1))
        st.rerun()
    for number, version in enumerate(versions):
        text, opens, goes = st.columns([3, 1.6, 1], vertical_alignment="center")
        text.markdown(f"**{inert(version['name'])}**  \n{inert(_when(version, words))}")
        if opens.button(words._("Open"), key=f"open version {number}", width="stretch"):
            try:
                session.put(setup.from_files(version["strategies"], session.folder()), afresh=True)
            except AdoptionError as error:
                session.say(error)
            st.rerun()
        if goes.button(
            "", key=f"drop version {number}", icon=":material/delete:", help=words._("Remove")
        ):
            st.session_state.versions = versions[:number] + versions[number + 1 :]
            session.remember()
            st.rerun()


def keep(name: str) -> None:
    """Keep all strategies as they are now, under a name, with the session."""
    at = datetime.datetime.now().isoformat(timespec="minutes")
    version = {"name": name, "at": at, "strategies": setup.as_files(session.current())}
    st.session_state.versions = [*st.session_state.versions, version]
    session.remember()


def _when(version: dict[str, Any], words: Language) -> str:
    at = datetime.datetime.fromisoformat(version["at"])
    return f"{words.date(at.date())}, {at:%H:%M}"


def _differences(words: Language) -> None:
    """Show what differs between two strategies: of now, or of a version."""
    st.subheader(words._("What differs"), anchor=False)
    places = _places(words)
    names = list(places)
    left, right = st.columns(2)
    first = left.selectbox(words._("Between"), names, index=0, key=session.key("differs from"))
    second = right.selectbox(
        words._("and"), names, index=min(1, len(names) - 1), key=session.key("differs to")
    )
    try:
        before, after = _strategy(places[first]), _strategy(places[second])
        rows = differences(before, after, words)
    except AdoptionError as error:
        session.refused(error)
        return
    if not rows:
        st.caption(words._("Nothing differs between these two."))
        return
    headings = ["", "\N{ZERO WIDTH SPACE}", inert(first), f"{inert(second)}\N{ZERO WIDTH SPACE}"]
    told, group = [], None
    for row in rows:
        told.append(["" if row.group == group else inert(row.group), *map(inert, row[1:])])
        group = row.group
    table = pd.DataFrame(told, columns=headings)
    st.table(table.set_index(""))


def _places(words: Language) -> dict[str, tuple[int, int]]:
    """Return where each strategy is: the number of its version (-1: now), its place, by what it is called."""
    places = {
        f"{letter_of(place, words)} {scenario.label}": (-1, place)
        for place, scenario in enumerate(session.current().scenarios)
    }
    for number, version in enumerate(st.session_state.versions):
        for place, (name, values) in enumerate(version["strategies"]):
            label = words._(
                "{strategy}, in version {version}",
                strategy=values.get("title") or name,
                version=version["name"],
            )
            while label in places:
                label += "\N{PRIME}"
            places[label] = number, place
    return places


def _strategy(where: tuple[int, int]) -> Scenario:
    """Return a strategy of now, or one of a version, read anew."""
    number, place = where
    if number < 0:
        return session.current().scenarios[place]
    known = st.session_state.setdefault("read versions", {})
    version = st.session_state.versions[number]
    key = f"{version['at']} {version['name']} {number}"
    if key not in known:
        known[key] = setup.from_files(version["strategies"], session.folder())
    several: setup.Setup = known[key]
    return several.scenarios[place]
