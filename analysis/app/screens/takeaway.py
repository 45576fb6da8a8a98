"""What can be taken away: deck, PDF, page and play-on file from one calculation; a link; the strategies."""

from __future__ import annotations

import datetime
from functools import partial
from typing import Any, Final

import streamlit as st

from analysis.app import session, setup, studies
from analysis.app.following import followed
from analysis.app.session import inert
from analysis.app.studies import Asked
from analysis.results.summary import called
from analysis.words.languages import Language
from sim.errors import AdoptionError

FORMATS: Final = {
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "pdf": "application/pdf",
    "html": "text/html",
    "play": "text/html",
}
"""Formats of a report, and what browsers call them."""

ENDINGS: Final = {"play": "play.html"}
"""How the name of a file ends, where that is not its format."""


def show(words: Language) -> None:
    """Show what can be taken away."""
    asked = _fields(words)
    names = {
        "pptx": words._("Slides to edit (PowerPoint)"),
        "pdf": words._("To print (PDF)"),
        "html": words._("One page (HTML)"),
        "play": words._("To play on with, without anything installed (HTML)"),
    }
    for format, name in names.items():
        _report(asked._replace(format=format), name, words)
    st.caption(
        words._("All come from the same calculation: the first takes longest, the others seconds.")
    )
    st.divider()
    link = session.link()
    if link is not None:
        st.caption(words._("A link to what you see, for any computer with this page:"))
        st.code(f"/outcome?{link}", language=None, wrap_lines=False)
    _strategies(words)


def _fields(words: Language) -> Asked:
    """Ask for what stands on the cover; what is typed is kept with the session."""
    there = {name: session.field(name) or "" for name in ("client", "question", "decision", "logo")}
    typed = {
        "client": st.text_input(
            words._("Client"), there["client"], max_chars=120, key=session.key("cover client")
        ),
        "question": st.text_input(
            words._("The question it answers"),
            there["question"],
            max_chars=200,
            key=session.key("cover question"),
        ),
        "decision": st.text_input(
            words._("The decision asked"),
            there["decision"],
            max_chars=400,
            placeholder=words._("follows from the answer"),
            key=session.key("cover decision"),
        ),
    }
    left, right = st.columns(2)
    day = left.date_input(
        words._("Date"), datetime.date.today(), format="DD-MM-YYYY", key=session.key("cover day")
    )
    picture = right.file_uploader(
        words._("Logo (PNG, JPEG or SVG)"), ["png", "jpg", "jpeg", "svg"], key=session.key("logo")
    )
    logo = there["logo"]
    if picture is not None and picture.file_id != st.session_state.get("logo written"):
        try:
            (place,) = setup.written(session.folder(), [(picture.name, picture.getvalue())])
            logo, st.session_state["logo written"] = place.name, picture.file_id
        except AdoptionError as error:
            session.refused(error)
    for name, text in {**typed, "logo": logo}.items():
        if text != there[name]:
            session.fill(name, text)
    shown = day.isoformat() if isinstance(day, datetime.date) else ""
    return Asked("", words.code, **typed, day=shown, logo=logo)


def _report(asked: Asked, name: str, words: Language) -> None:
    """Offer a report: to be made, then to be saved."""
    if not studies.known(studies.kind_of(asked, session.current())):
        if st.button(name, key=f"make {asked.format}", width="stretch"):
            studies.report(session.current(), asked)
            st.rerun()
        return
    followed(lambda: studies.report(session.current(), asked), partial(_made, asked, name, words))


def _made(asked: Asked, name: str, words: Language, content: Any) -> None:
    """Offer the file of a report that is made."""
    ending = ENDINGS.get(asked.format, asked.format)
    st.download_button(
        words._("Save: {what}", what=name),
        content,
        f"{session.current().first.organisation.name} {asked.day}.{ending}",
        FORMATS[asked.format],
        key=f"save {asked.format}",
        type="primary",
        width="stretch",
    )


def _strategies(words: Language) -> None:
    """Offer each strategy as a file."""
    from sim.scenario import scenario_text

    st.caption(
        words._(
            "Each strategy is a file too: for the command line (adopt compare), and to be opened again "
            "in step 1, with the files of people beside it if there are any."
        )
    )
    for scenario in session.current().scenarios:
        st.download_button(
            inert(words._("{strategy} (YAML)", strategy=called(scenario, words))),
            scenario_text(scenario),
            f"{scenario.name}.yaml",
            "application/yaml",
            key=f"yaml {scenario.name}",
            width="stretch",
        )
