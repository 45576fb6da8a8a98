"""What steps 4 and 5 ask of the reader: which strategy, which month; and what they show below a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd
import streamlit as st

from analysis.app import session
from analysis.results.estimates import Estimate
from analysis.results.summary import called
from analysis.words.languages import Language
from sim.scenario.schema import Scenario

MONTH: Final = 12
"""Month that is looked at, unless another one is chosen."""


def names(words: Language) -> dict[str, str]:
    """Return what strategies are called, by name."""
    return {each.name: called(each, words) for each in session.current().scenarios}


def strategy(label: str, field: str, first: int, words: Language) -> Scenario:
    """Ask for a strategy; what was chosen is kept with the session."""
    several = session.current().scenarios
    listed = names(words)
    kept = session.field(field)
    start = list(listed).index(kept) if kept in listed else min(first, len(several) - 1)
    chosen = st.selectbox(
        label, list(listed), index=start, format_func=listed.__getitem__, key=session.key(field)
    )
    if chosen != kept and (kept is not None or chosen != list(listed)[start]):
        session.fill(field, chosen)
    return next(each for each in several if each.name == chosen)


def month(field: str, words: Language, first: int = 1) -> int:
    """Ask for the month that is looked at."""
    last = min(each.simulation.months for each in session.current().scenarios)
    kept = session.field(field) or MONTH
    if first >= last:
        return last
    value = st.slider(
        words._("Month that counts"), first, last, max(first, min(kept, last)),
        key=session.key(field),
    )  # fmt: skip
    if value != kept:
        session.fill(field, value)
    return int(value)


def as_table(rows: Sequence[Mapping[str, str]], words: Language, title: str = "") -> None:
    """Show the same as a table, for those who do not see the picture."""
    with st.expander(title or words._("The same as a table")):
        table = pd.DataFrame([dict(row) for row in rows])
        st.table(table.set_index(table.columns[0]) if len(table) else table)


def more_coming(coming: bool, words: Language) -> str:
    """Return that numbers will become finer still, where they will."""
    return " " + words._("More organisations are on their way.") if coming else ""


def own_figure(value: Estimate, runs: int, words: Language) -> str:
    """Return what a plan itself reaches [percent]: of how many organisations, and how sure that is."""
    return words._(
        "{share} weekly users ({low} to {high}, mean of {runs} organisations)",
        share=words.percent(value.value / 100.0, 1),
        low=words.number(value.low, 1),
        high=words.number(value.high, 1),
        runs=words.number(runs),
    )


def as_before(words: Language) -> str:
    """Return why the same plan may have another figure than in step 3."""
    return " " + words._(
        "Step 3 is the mean of another number of organisations: the same plan may differ by some points there."
    )
