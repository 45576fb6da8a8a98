"""What Streamlit runs for every session: the frame around the pages."""

from __future__ import annotations

from typing import Any

import streamlit as st

from analysis.app import session
from analysis.app.pages import about, comparison, evidence, organisation, strategies
from analysis.words.languages import LOCALES, NAMES

STYLE = """
.stMainBlockContainer { padding-top: 4.6rem; max-width: 84rem; }
h1 { font-size: 1.9rem !important; padding: 0 0 0.9rem !important; }
h3 { font-size: 1.35rem !important; line-height: 1.35 !important; }
[data-testid=stMetricValue] { font-size: 1.5rem; }
[data-testid=stCaptionContainer] { opacity: 1 !important; }
[data-testid=stCaptionContainer], [data-testid=stCaptionContainer] * { color: #5c5c5c !important; }
"""
"""Less air above, and greys that everybody can read."""


def frame() -> None:
    """Show the page asked for, between what all pages have."""
    st.set_page_config(page_title="AI adoption", layout="wide", page_icon=_icon())
    st.html(f"<style>{STYLE}</style>")
    session.begin()
    words = session.words()
    pages = [
        st.Page(
            comparison.show,
            title=words._("Comparison"),
            url_path="comparison",
            default=True,
            icon=":material/show_chart:",
        ),
        st.Page(
            organisation.show,
            title=words._("Organisation"),
            url_path="organisation",
            icon=":material/groups:",
        ),
        st.Page(
            strategies.show,
            title=words._("Strategies"),
            url_path="strategies",
            icon=":material/calendar_month:",
        ),
        st.Page(
            evidence.show,
            title=words._("Evidence"),
            url_path="evidence",
            icon=":material/menu_book:",
        ),
        st.Page(about.show, title=words._("About"), url_path="about", icon=":material/info:"),
    ]
    page = st.navigation(pages, position="top")
    _language()
    session.told()
    session.guarded(page.run)()
    session.remember()


def _icon() -> Any:
    """Return the picture in the tab: a curve that rises."""
    from PIL import Image, ImageDraw

    image = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, 63, 63), 14, fill="#005b94")
    draw.line(
        [(10, 52), (22, 48), (32, 34), (42, 18), (54, 13)], fill="white", width=7, joint="curve"
    )
    return image


def _language() -> None:
    """Let the reader choose a language."""
    _, right = st.columns([5, 1])
    with right:
        chosen = st.segmented_control(
            session.words()._("Language"),
            list(LOCALES),
            default=st.session_state.lang,
            format_func=lambda code: NAMES[code],
            label_visibility="collapsed",
            key="lang picker",
        )
    if chosen and chosen != st.session_state.lang:
        session.speak(chosen)
        st.rerun()


frame()
