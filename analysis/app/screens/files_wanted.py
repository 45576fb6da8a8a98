"""What is shown where a session that is kept needs files that are not there any more."""

from __future__ import annotations

import streamlit as st

from analysis.app import session
from analysis.words.languages import Language
from sim.errors import AdoptionError


def show(words: Language) -> None:
    """Ask for the files again, or for another beginning."""
    wanted = st.session_state.wanted
    st.title(words._("Open these files once more"), anchor=False)
    st.markdown(
        words._(
            "Everything else of this session is kept on this computer. Lists of people are not: choose "
            "{files} again to go on.",
            files=session.inert(words.listed(wanted)),
        )
    )
    files = st.file_uploader(
        words._("Files"), ["csv", "xlsx"], accept_multiple_files=True, key="wanted files"
    )
    left, right, _ = st.columns([1, 1.4, 2])
    if left.button(words._("Go on"), type="primary", key="bring", disabled=not files):
        try:
            session.bring([(file.name, file.getvalue()) for file in files])
        except AdoptionError as error:
            session.refused(error)
            return
        st.rerun()
    if right.button(words._("Begin anew without them"), key="go without"):
        session.go_without()
        st.rerun()
