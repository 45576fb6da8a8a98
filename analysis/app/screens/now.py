"""Where the organisation stands: what is measured, and what is to be expected from here."""

from __future__ import annotations

import streamlit as st

from analysis.app import session


def show() -> None:
    """Show the page."""
    words = session.words()
    st.title(words._("Where are we now?"), anchor=False)
