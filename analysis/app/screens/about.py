"""About: what the page is for, what it cannot tell, and the model in full."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import streamlit as st

from analysis.app import session


def show() -> None:
    """Show the page."""
    words = session.words()
    st.title(words._("About"), anchor=False)
    st.markdown(
        words._(
            "This page explores what if: how the people of an organisation may come to use AI, one by one, "
            "over two years, moved by colleagues, champions, the example of their leaders, and measures "
            "that cost money. It does not predict what will happen in your organisation. It compares "
            "strategies on the same people with the same luck, and says how sure that comparison is."
        )
    )
    st.markdown(
        words._(
            "Everything is computed on this computer and nothing is sent anywhere. Files go when the session "
            "ends, and no group of fewer than five people is shown."
        )
    )
    st.subheader(words._("What it cannot tell"), anchor=False)
    text = limits()
    if words.code != "en":
        st.caption(words._("In English."))
    st.markdown(text)
    st.subheader(words._("The model in full"), anchor=False)
    odd = Path(str(files("sim") / "ODD.md"))
    st.download_button(
        words._("The ODD protocol (Markdown, in English)"),
        odd.read_bytes(),
        "ODD.md",
        "text/markdown",
        key="odd",
    )


def limits() -> str:
    """Return the page about what the model can and cannot tell, without its title."""
    from analysis.model.odd import limits_text

    lines = limits_text().splitlines()
    return "\n".join(f"#{line}" if line.startswith("#") else line for line in lines[1:])
