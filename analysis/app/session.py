"""What a session remembers: its setup, its language, its files; and how a widget changes them."""

from __future__ import annotations

import functools
import logging
import re
import shutil
import tempfile
import weakref
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, cast

import streamlit as st

from analysis.app import setup as setups
from analysis.app.jobs import Desk
from analysis.app.setup import Setup
from analysis.results.levers import Lever
from analysis.words.languages import LOCALES, Language, language
from sim.errors import AdoptionError, BudgetError
from sim.study.kept import Kept

SCENARIOS = "s"
LANG = "lang"


KEPT: Final = 1 << 28
"""Bytes of runs that are kept: eight strategies of 140 people, in 400 organisations each."""


class Files:
    """A folder for the files of a session, which goes when the session goes, or the page.

    So does what is simulated of the people in them.
    """

    def __init__(self) -> None:
        self.kept: Kept[Any] = Kept(KEPT)
        self.folder = Path(tempfile.mkdtemp(prefix="adopt-"))
        self.close = weakref.finalize(self, shutil.rmtree, self.folder, True)
        _OPEN.add(self)


_OPEN: weakref.WeakSet[Files] = weakref.WeakSet()


@functools.cache
def desk() -> Desk:
    """Return the desk all sessions share."""
    return Desk(present)


@functools.cache
def _invented() -> Kept[Any]:
    """Return where all sessions keep what is simulated of invented people."""
    return Kept(KEPT)


def kept(setup: Setup) -> Kept[Any]:
    """Return where the session keeps what is simulated: of real people, where nobody else finds it."""
    real = setup.first.organisation.people is not None
    return cast(Files, st.session_state.files).kept if real else _invented()


def present(asker: str) -> bool:
    """Return whether the window of a session is open."""
    from streamlit.runtime import Runtime

    return not Runtime.exists() or Runtime.instance().is_active_session(asker)


def close() -> None:
    """End what sessions have under way, and take their files away: the page ends."""
    desk().close()
    for files in list(_OPEN):
        files.close()


def begin() -> None:
    """Make a session what its link says, or a new one."""
    state = st.session_state
    if "setup" in state:
        return
    state.epoch, state.notes = 0, []
    state.files = Files()
    code = st.query_params.get(LANG, "")
    state.lang = code if code in LOCALES else setups.spoken()
    link = st.query_params.get(SCENARIOS, "")
    try:
        state.setup = setups.from_link(link) if link else setups.new(words())
    except AdoptionError as error:
        state.setup = setups.new(words())
        say(error)


def words() -> Language:
    """Return the language of the session."""
    return language(st.session_state.lang)


def speak(code: str) -> None:
    """Go on in another language; what nobody changed yet is called as it is called there."""
    untouched = current() == setups.new(words())
    st.session_state.lang = code
    put(setups.new(words()) if untouched else current(), afresh=True)


def called() -> str:
    """Return the name of the organisation, with its size."""
    organisation = current().first.organisation
    size = words().number(organisation.employees)
    if size in organisation.name:
        return organisation.name
    return words()._("{name}, {number} people", name=organisation.name, number=size)


def current() -> Setup:
    """Return what the session is about."""
    return cast(Setup, st.session_state.setup)


def me() -> str:
    """Return what tells this session from others."""
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    context = get_script_run_ctx()
    return "" if context is None else context.session_id


def folder() -> Path:
    """Return where files of this session are, until it ends."""
    return cast(Files, st.session_state.files).folder


def put(setup: Setup, *, afresh: bool = False) -> None:
    """Make the session about something else.

    Parameters
    ----------
    setup
        What it is about now.
    afresh
        Whether it comes from elsewhere than from widgets, which then show what it says.
    """
    st.session_state.setup = setup
    st.session_state.notes = []
    if afresh:
        st.session_state.epoch += 1
    remember()


def change(values: Mapping[str, Any], place: int | None = None) -> None:
    """Change values by dotted path: of what all strategies share, or of the strategy in a place."""
    now = current()
    try:
        if place is None:
            put(now.changed(values))
        else:
            put(now.with_strategy(place, now.scenarios[place].changed(values)))
    except AdoptionError as error:
        refused(error)


def remember() -> None:
    """Write the setup into the address, so that the link and a refresh bring it back."""
    now = current()
    st.query_params[LANG] = st.session_state.lang
    if now.first.organisation.people is None:
        st.query_params[SCENARIOS] = now.link
    elif SCENARIOS in st.query_params:
        del st.query_params[SCENARIOS]


def say(error: AdoptionError) -> None:
    """Keep what went wrong in sight until something is changed."""
    st.session_state.notes.append(error)


def told() -> None:
    """Show what went wrong before; it stays until something is changed."""
    for error in st.session_state.notes:
        refused(error)


def refused(error: AdoptionError) -> None:
    """Say that something cannot be used, and why, as it was written: line by line."""
    st.error(words()._("This cannot be used:"))
    reason(error)


def reason(error: AdoptionError) -> None:
    """Show what is wrong, in the language of the session; nobody needs to know where files lie."""
    text = re.sub(re.escape(str(folder())) + r"[/\\](\d+[/\\])?", "", words().told(error))
    st.code(text, language=None, wrap_lines=True)


def key(name: str) -> str:
    """Return the key of a widget, another one after something came from elsewhere."""
    return f"{name} {st.session_state.epoch}"


def guarded(show: Callable[[], None]) -> Callable[[], None]:
    """Return a part of a page that says what goes wrong in it, and no more than the reader needs."""

    @functools.wraps(show)
    def shown() -> None:
        try:
            show()
        except BudgetError as error:
            over_budget()
            reason(error)
        except AdoptionError as error:
            refused(error)
        except Exception:
            logging.getLogger("adopt").exception("a part of the page could not be shown")
            st.error(words()._("This part cannot be shown: what went wrong is in the terminal."))

    return shown


def over_budget() -> None:
    """Say that a strategy costs more than its budget, and what to do."""
    st.error(
        words()._(
            "A strategy costs more than its budget. On the page Strategies, raise the budget, or "
            "choose what gives way."
        )
    )


def draw(spec: dict[str, Any]) -> None:
    """Show a picture as wide as there is room."""
    st.vega_lite_chart(spec, theme=None, width="stretch")


def named(label: str, colour: str) -> None:
    """Show what a strategy is called, under its colour."""
    st.markdown(
        f"<div style='border-top:5px solid {colour};width:3rem'></div>", unsafe_allow_html=True
    )
    st.markdown(f"**{inert(label)}**")


def moved(lever: Lever, label: str, key: str) -> dict[str, float]:
    """Show the slider of a number; return what changes in the scenario when it is moved."""
    value = st.slider(label, 0.0, lever.high, lever.value, lever.step, key=key, format=lever.format)
    return lever.moved(value)


def inert(text: str) -> str:
    """Return a text that Markdown shows as it is: no links, no pictures, no formulas."""
    return "".join(f"\\{letter}" if letter in SPECIAL else letter for letter in text)


SPECIAL = frozenset("\\`*_{}[]()#+-.!|<>$:~&")
"""Letters that mean something in Markdown."""
