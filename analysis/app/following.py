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
        if _under_way(study, words):
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


def refined(
    kind: str,
    first: Callable[[], Study],
    finer: Callable[[], Study],
    show: Callable[[Any, bool], None],
) -> None:
    """Show what a quick study gave, then what a finer one gives in its place.

    Parameters
    ----------
    kind
        What tells this part from others, for what was cancelled is not begun again by itself.
    first, finer
        Ask for the two; the finer one is not asked for before the first has ended.
    show
        Shows what one of them gave, and is told whether a finer one is on its way.
    """
    stopped: set[str] = st.session_state.setdefault("stopped", set())
    if kind in stopped:
        if not st.button(session.words()._("Calculate this"), key=f"again {kind}"):
            return
        stopped.discard(kind)

    def part() -> None:
        quick = first()
        if not quick.ended:
            if _under_way(quick, session.words()):
                stopped.add(kind)
                st.rerun()
            return
        later = finer()
        if later.ended and waiting:
            st.rerun()
        show(later.value if later.ended and not later.cancelled else quick.value, not later.ended)

    quick = first()
    waiting = not quick.ended or not finer().ended
    st.fragment(session.guarded(part), run_every=PENDING if waiting else None)()


def _under_way(study: Study, words: Language) -> bool:
    """Show how far a study is, with a way to cancel it; return whether it was cancelled now."""
    left, right = st.columns([4, 1])
    left.progress(study.done, _progress(study, words))
    if not right.button(words._("Cancel"), key=f"cancel {study.key}"):
        return False
    study.cancel()
    return True
