"""Why one strategy does more than another, and what would do better still."""

from __future__ import annotations

import streamlit as st

from analysis.app import session


def show() -> None:
    """Show the page."""
    words = session.words()
    st.title(words._("Why, and better"), anchor=False)
