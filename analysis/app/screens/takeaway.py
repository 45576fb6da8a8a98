"""What can be taken away: a report, a link, the strategies as files."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from analysis.app import session, studies
from analysis.app.following import followed
from analysis.app.jobs import Study
from analysis.app.session import inert
from analysis.results.summary import called
from analysis.words.languages import Language

FORMATS: Final = {
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "pdf": "application/pdf",
    "html": "text/html",
}
"""Formats of a report, and what browsers call them."""


def show(words: Language) -> None:
    """Offer what can be taken away: a report, and the strategies as files."""
    from sim.scenario import scenario_text

    _report(words)
    several = session.current().scenarios
    if session.link() is not None:
        st.caption(words._("A link to what you see, for any computer with this page:"))
        st.code(f"/outcome?{session.link()}", language=None, wrap_lines=False)
    st.caption(
        words._(
            "Each strategy is a file too: for the command line (adopt compare), and to be opened again "
            "in step 1, with the files of people beside it if there are any."
        )
    )
    for scenario in several:
        st.download_button(
            inert(words._("{strategy} (YAML)", strategy=called(scenario, words))),
            scenario_text(scenario),
            f"{scenario.name}.yaml",
            "application/yaml",
            key=f"yaml {scenario.name}",
            width="stretch",
        )


def _report(words: Language) -> None:
    """Offer a report on what is seen."""
    names = {
        "pptx": words._("Slides (PowerPoint)"),
        "pdf": words._("Two pages and appendices (PDF)"),
        "html": words._("Web page (HTML)"),
    }
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    format = left.selectbox(
        words._("Report"), list(names), format_func=names.__getitem__, key="report format"
    )
    question = st.text_input(
        words._("The question it answers"), max_chars=200, key="report question"
    )

    def asked() -> Study:
        return studies.report(session.current(), format, words.code, question)

    def made(content: Any) -> None:
        st.download_button(
            words._("Save the report"),
            content,
            f"report.{format}",
            FORMATS[format],
            key="save report",
            type="primary",
        )

    kind = studies.report_kind(format, words.code, question)
    if not studies.known(kind):
        if right.button(words._("Make it"), key="report", width="stretch"):
            asked()
            st.rerun()
        return
    followed(asked, made)
