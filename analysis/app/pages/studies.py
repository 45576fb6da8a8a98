"""What takes longer on the comparison page, and what is taken away from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import streamlit as st

from analysis.app import session, studies
from analysis.app.jobs import Study
from analysis.app.session import inert
from analysis.results.summary import called
from analysis.words.languages import Language

PENDING: Final = 1.0
"""Seconds between two looks at a study under way."""

FORMATS: Final = {
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "pdf": "application/pdf",
    "html": "text/html",
}
"""Formats of a report, and what browsers call them."""


def how_sure(words: Language) -> None:
    """Offer the longer study: how much hangs on numbers nobody knows exactly."""
    with st.container(border=True):
        _bold(words._("How sure, whatever the numbers of the rules?"))
        st.caption(
            words._(
                "The bands above hold luck and differences between organisations. How strongly people "
                "react to each other and to measures is known only roughly: try all strategies under 40 "
                "other sets of numbers that reproduce the evidence equally well."
            )
        )
        if not studies.known("sure"):
            if st.button(words._("Try 40 other sets of numbers"), key="sure"):
                studies.sure(session.current())
                st.rerun()
            return
        _followed(lambda: studies.sure(session.current()), _sure)


def _sure(answered: Any) -> None:
    words = session.words()
    for strategy in () if answered.answer is None else answered.answer.strategies[1:]:
        st.markdown(
            f"- **{inert(strategy.called(words))}**: {inert(answered.answer.how_sure(words, strategy))}"
        )


def take_away(words: Language) -> None:
    """Offer what can be taken away: a report, and the strategies as files."""
    from sim.scenario import scenario_text

    with st.container(border=True):
        _bold(words._("Take it away"))
        _report(words)
        several = session.current().scenarios
        if several[0].organisation.people is None:
            st.caption(words._("The address of this page is a link to what you see."))
        st.caption(
            words._(
                "Each strategy is a file too: for the command line (adopt compare), and to be opened again "
                "on the page Organisation, with the files of people beside it if there are any."
            )
        )
        for column, scenario in zip(st.columns(len(several)), several, strict=True):
            column.download_button(
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
    _followed(asked, made)


def _followed(asked: Callable[[], Study], show: Callable[[Any], None]) -> None:
    """Show how far a study is, with a way to cancel it; then what it gave."""

    def part() -> None:
        study, words = asked(), session.words()
        if study.ended:
            if waiting:
                st.rerun()
            show(study.value)
            return
        left, right = st.columns([4, 1])
        left.progress(study.done, words._("{share} done", share=words.percent(study.done)))
        if right.button(words._("Cancel"), key=f"cancel {study.key}"):
            study.cancel()
            st.rerun()

    waiting = not asked().ended
    st.fragment(session.guarded(part), run_every=PENDING if waiting else None)()


def _bold(text: str) -> None:
    st.markdown(f"**{inert(text)}**")
