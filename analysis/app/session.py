"""What a session remembers: its setup, its language, its files; and how a widget changes them."""

from __future__ import annotations

import functools
import json
import logging
import re
import shutil
import tempfile
import time
import weakref
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock
from typing import Any, Final, cast
from urllib.parse import urlencode

import streamlit as st

from analysis.app import saved
from analysis.app import setup as setups
from analysis.app.jobs import Desk
from analysis.app.setup import Setup
from analysis.results.levers import Lever
from analysis.words.languages import LOCALES, Language, language
from sim.errors import AdoptionError, BudgetError
from sim.study.kept import Kept

SCENARIOS: Final = "s"
LANG: Final = "lang"
SESSION: Final = "session"
"""What an address says: strategies to begin with, a language to begin in, a session to go on with."""

MOST_UNDONE: Final = 50
"""Changes that can be undone."""


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
        self.asker, self.left = "", time.monotonic()
        _OPEN.add(self)


class Held:
    """Files of sessions, so that a refresh finds them again: for an hour after the window was closed."""

    def __init__(self, seconds: float = 3_600.0) -> None:
        self._seconds = seconds
        self._files: dict[str, Files] = {}
        self._lock = Lock()

    def of(self, ident: str, asker: str) -> Files:
        """Return the files of a session, for the window that asks now."""
        with self._lock:
            self._forget()
            files = self._files.setdefault(ident, Files())
            files.asker = asker
            return files

    def drop(self, ident: str) -> None:
        """Take the files of a session away."""
        with self._lock:
            files = self._files.pop(ident, None)
        if files is not None:
            files.close()

    def _forget(self) -> None:
        now = time.monotonic()
        for ident, files in list(self._files.items()):
            if present(files.asker):
                files.left = now
            elif now - files.left > self._seconds:
                del self._files[ident]
                files.close()


_OPEN: weakref.WeakSet[Files] = weakref.WeakSet()


_HELD: Final = Held()


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
    """Go on with the session the address names, or begin one: with what its link says, or a new one."""
    state = st.session_state
    if "setup" in state:
        return
    state.epoch, state.notes, state.past, state.wanted = 0, [], [], []
    state.content, state.at, state.versions, state.finished = None, None, [], []
    asked = st.query_params.get(SESSION, "")
    code = st.query_params.get(LANG, "")
    state.lang = code if code in LOCALES else setups.spoken()
    state.ident = asked if saved.IDENT.fullmatch(asked) else saved.fresh()
    state.files = _HELD.of(state.ident, me())
    link = st.query_params.get(SCENARIOS, "")
    state.setup = setups.new(words())
    try:
        if link:
            state.setup = setups.from_link(link)
        elif saved.known(state.ident):
            _resume(saved.read(state.ident))
    except AdoptionError as error:
        state.ident = saved.fresh()  # what is kept, damaged or not, stays as it is
        state.files = _HELD.of(state.ident, me())
        say(error)
    remember()


def _resume(content: Mapping[str, Any]) -> None:
    """Go on with what was kept of a session; files it names are asked for, if they are gone."""
    state = st.session_state
    if content.get("lang") in LOCALES:
        state.lang = content["lang"]
    state.versions, state.finished = content["versions"], content["finished"]
    state.fields = content["fields"]
    there = {path.name for path in state.files.folder.rglob("*")}
    state.wanted = [name for name in setups.files_of(content["strategies"]) if name not in there]
    if state.wanted:
        state.waiting = content["strategies"]
    else:
        state.setup = setups.from_files(content["strategies"], state.files.folder)


def resume(ident: str) -> None:
    """Go on with another session that is kept.

    Raises
    ------
    AdoptionError
        If it is not there any more, or damaged.
    """
    content = saved.read(ident)
    state = st.session_state
    state.ident, state.files = ident, _HELD.of(ident, me())
    state.past, state.notes = [], []
    state.epoch += 1
    _resume(content)
    remember()


def remove(ident: str) -> None:
    """Take a session that is kept off this computer, its files with it."""
    saved.remove(ident)
    _HELD.drop(ident)


def bring(files: list[tuple[str, bytes]]) -> None:
    """Go on with files that were asked for, or with some of them.

    Raises
    ------
    AdoptionError
        If they cannot be used.
    """
    state = st.session_state
    setups.written(folder(), files)
    there = {path.name for path in folder().rglob("*")}
    state.wanted = [name for name in state.wanted if name not in there]
    if not state.wanted:
        put(setups.from_files(state.waiting, folder()), afresh=True)


def go_without() -> None:
    """Begin anew instead of waiting for files."""
    st.session_state.wanted = []
    put(setups.new(words()), afresh=True)


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
    state = st.session_state
    if setup.scenarios != state.setup.scenarios:
        state.past = [*state.past, state.setup][-MOST_UNDONE:]
    state.setup = setup
    state.notes = []
    if afresh:
        state.epoch += 1
    remember()


def undo() -> None:
    """Go back to what the session was about before the last change."""
    state = st.session_state
    if state.past:
        before = state.past.pop()
        state.setup, state.notes = before, []
        state.epoch += 1
        remember()


def finish(path: str) -> None:
    """Tick a step: somebody has been through it."""
    if path not in st.session_state.finished:
        st.session_state.finished = [*st.session_state.finished, path]
        remember()


def finished() -> list[str]:
    """Return the steps that are ticked, by their part of the address."""
    return list(st.session_state.finished)


def field(name: str) -> Any:
    """Return what was typed into a field that is of no strategy: the client's name, say; or None."""
    return st.session_state.setdefault("fields", {}).get(name)


def fill(name: str, value: Any) -> None:
    """Keep what was typed into a field that is of no strategy; anything JSON can hold."""
    st.session_state.setdefault("fields", {})[name] = value
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


def address() -> dict[str, str]:
    """Return what the address of every page says, so that going back goes to a page, and no further."""
    return {SESSION: str(st.session_state.ident)}


def remember() -> None:
    """Keep the session in the user's folder, if something changed; its name alone is in the address."""
    state = st.session_state
    if st.query_params.to_dict() != address():
        st.query_params.from_dict(address())
    if state.wanted:
        return
    content = {
        "lang": state.lang,
        "strategies": setups.as_files(current()),
        "versions": state.versions,
        "finished": state.finished,
        "fields": state.setdefault("fields", {}),
    }
    if content != state.content:
        try:
            state.at = saved.write(state.ident, called(), content)
        except AdoptionError as error:
            logging.getLogger("adopt").warning("the session cannot be kept: %s", error)
            state.at = None
        state.content = json.loads(json.dumps(content))


def link() -> str | None:
    """Return the part of an address that brings back what is seen, on any computer; None for files."""
    if current().first.organisation.people is not None:
        return None
    return urlencode({LANG: st.session_state.lang, SCENARIOS: current().link})


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
            "This strategy costs more than its budget. In step 2, raise the budget, or choose what "
            "gives way."
        )
    )


def draw(spec: dict[str, Any]) -> None:
    """Show a picture as wide as there is room, its numbers written as in the language of the session."""
    st.vega_lite_chart(in_language(spec, words()), theme=None, width="stretch")


def in_language(spec: dict[str, Any], words: Language) -> dict[str, Any]:
    """Return a picture whose axes and tooltips write numbers as a language does."""
    _, comma, *_, point, _ = list(words.number(1000.5, 1))
    number = {"decimal": point, "thousands": comma, "grouping": [3], "currency": ["€", ""]}
    return {**spec, "config": {**spec.get("config", {}), "locale": {"number": number}}}


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
