"""Why one strategy does more than another, and what would do better still."""

from __future__ import annotations

import streamlit as st

from analysis.app import decided, session, why_money, why_reasons, why_risk


def show() -> None:
    """Show the page: four questions, of which one is open, so that only that one is calculated."""
    words = session.words()
    st.title(words._("Why, and better"), anchor=False)
    parts = {
        "why": words._("Why the difference?"),
        "next": words._("What next?"),
        "money": words._("Less or more money?"),
        "risk": words._("What can go wrong?"),
    }
    chosen = st.segmented_control(
        words._("Question"), list(parts), format_func=parts.__getitem__, default="why",
        key="why part",
    ) or "why"  # fmt: skip
    shows = {
        "why": why_reasons.show,
        "next": why_money.next_euro,
        "money": why_money.frontier,
        "risk": why_risk.show,
    }
    with decided.only_shown():
        shows[chosen](words)
