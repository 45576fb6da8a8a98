"""How a longer study is followed while it is under way, with a way to cancel it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import streamlit as st

from analysis.app import session
from analysis.app.jobs import Study
from analysis.words.languages import Language

PENDING: Final = 1.0
"""Seconds between two looks at a study under way."""


def followed(asked: Callable[[], Study], show: Callable[[Any], None]) -> None:
    """Show how far a study is, with a way to cancel it; then what it gave."""

    def part() -> None:
        study, words = asked(), session.words()
        if study.ended:
            if waiting:
                st.rerun()
            show(study.value)
            return
        left, right = st.columns([4, 1])
        left.progress(study.done, _progress(study, words))
        if right.button(words._("Cancel"), key=f"cancel {study.key}"):
            study.cancel()
            st.rerun()

    waiting = not asked().ended
    st.fragment(session.guarded(part), run_every=PENDING if waiting else None)()


def _progress(study: Study, words: Language) -> str:
    """Return how far a study is, and how long the rest takes."""
    if study.left is None:
        return words._("{share} done", share=words.percent(study.done))
    return words._(
        "{share} done, about {seconds} seconds to go",
        share=words.percent(study.done),
        seconds=words.number(max(1.0, study.left)),
    )
