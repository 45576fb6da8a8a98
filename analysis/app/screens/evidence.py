"""The evidence: what the measures in use rest on, and how well the model did when it was tested."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analysis.app import session
from analysis.words.languages import Language
from sim.evidence import evidence_table
from sim.programme.deployments import measure_of


def show() -> None:
    """Show the page."""
    words = session.words()
    st.title(words._("Evidence"), anchor=False)
    st.markdown(
        words._(
            "Every number says where it comes from. Most costs and effects of measures are assumptions that "
            "were chosen with care; what is established, and how well, is said beside each."
        )
    )
    st.subheader(words._("What the measures in these strategies rest on"), anchor=False)
    st.table(_measures(words).set_index(words._("Measure")))
    st.subheader(
        words._("What is claimed about AI adoption, and how well it is established"), anchor=False
    )
    st.caption(
        words._(
            "Grade A: randomised trial or meta-analysis. B: observed data. C: survey with a known method. "
            "D: single case or rule of thumb. E: a figure of a vendor that nobody can trace. In English."
        )
    )
    table = evidence_table().reset_index()
    word = st.text_input(words._("Search"), key="evidence search")
    if word:
        hits = table.astype(str).apply(lambda row: row.str.contains(word, case=False, regex=False))
        table = table[hits.any(axis=1)]
    columns = {
        "id": words._("Entry"),
        "title": words._("What is claimed"),
        "grade": words._("Grade"),
        "kind": words._("Kind"),
        "role": words._("Used to"),
        "metric": words._("Measured as"),
    }
    shown = table[list(columns)].rename(columns=columns)
    st.dataframe(shown, hide_index=True, width="stretch", height=480)


def _measures(words: Language) -> pd.DataFrame:
    """Return a row per measure in use, with its sources."""
    rows = {}
    for scenario in session.current().scenarios:
        for name, deployment in scenario.deployments.items():
            measure = measure_of(name, deployment)
            rows[name] = {
                words._("Measure"): words.of(measure.title),
                words._("What it is"): words.of(measure.description),
                words._("Rests on"): "; ".join(measure.sources),
            }
    return pd.DataFrame(list(rows.values()))
