"""What Streamlit runs for every session: the frame around the pages."""

from __future__ import annotations

import json
from typing import Any

import streamlit as st
from streamlit import runtime

from analysis.app import bar, session, steps
from analysis.app.screens import files_wanted
from analysis.app.serve import FLAGS
from analysis.words.languages import Language

STYLE = """
.stMainBlockContainer { padding: 1.6rem 2.4rem 4rem; max-width: 92rem; }
[data-testid=stSidebar] { min-width: 15.5rem !important; width: 15.5rem !important; }
[data-testid=stSidebar][aria-expanded=false] { min-width: 0 !important; width: 0 !important; }
h1 { font-size: 1.9rem !important; padding: 0 0 0.9rem !important; }
h3 { font-size: 1.35rem !important; line-height: 1.35 !important; }
[data-testid=stSidebar] [data-testid=stPageLink] p { white-space: normal; line-height: 1.3; }
[data-testid=stFileUploaderDropzone] button p, [data-testid=stFileUploaderDropzoneInstructions] span {
  font-size: 0 !important; }
[data-testid=stFileUploaderDropzone] button p::after { content: var(--choose); font-size: 1rem; }
[data-testid=stFileUploaderDropzoneInstructions] span::after { content: var(--most); font-size: .9rem; }
[data-testid=stMetricValue] { font-size: 1.5rem; }
[data-testid=stCaptionContainer] { opacity: 1 !important; }
@media (max-width: 640px) {
  .stMainBlockContainer { padding: 3.9rem 1rem 3rem; }
  h1 { font-size: 1.05rem !important; color: #5c5c5c !important; padding: .2rem 0 0 !important; }
}
[data-testid=stCaptionContainer], [data-testid=stCaptionContainer] * { color: #5c5c5c !important; }
"""
"""Less air above, and greys that everybody can read."""


def frame() -> None:
    """Show the step asked for, between what all steps have."""
    st.set_page_config(page_title="AI adoption", layout="wide", page_icon=_icon())
    session.begin()
    words = session.words()
    st.html(f"<style>{STYLE}{_texts(words)}{bar.STYLE}</style>")
    pages = steps.pages(words)
    page = st.navigation(pages, position="hidden")
    steps.rail(pages, words)
    if st.session_state.wanted:
        session.told()
        session.guarded(lambda: files_wanted.show(words))()
    else:
        bar.show(words)
        session.told()
        session.guarded(page.run)()
        steps.onward(page, pages, words)
    session.remember()


def _texts(words: Language) -> str:
    """Return what Streamlit says in English alone, in the reader's language, as a style."""
    texts = {
        "choose": words._("Choose a file"),
        "most": words._("at most {number} MB", number=FLAGS["server.maxUploadSize"]),
    }
    return (
        f":root {{ {' '.join(f'--{name}: {json.dumps(text)};' for name, text in texts.items())} }}"
    )


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


if runtime.exists():  # elsewhere it is only read
    frame()
