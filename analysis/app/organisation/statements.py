"""Ten statements on what people expect of AI, and anonymous answers to them."""

from __future__ import annotations

import tempfile
from pathlib import Path

import streamlit as st

from analysis.app import session, setup
from analysis.app.organisation import files
from analysis.results.summary import group_name
from analysis.words.languages import Language
from sim.errors import AdoptionError
from sim.people.population import archetype_shares
from sim.scenario.imports.answers import FEW, Answers, empty_sheet, read_answers
from sim.scenario.imports.questionnaire import questionnaire

SHEET = "answers.csv"
"""What the empty sheet is called."""


def show(words: Language) -> None:
    """Show what people expect of AI here, and take answers."""
    scenario = session.current().first
    st.subheader(words._("What people fear of AI"), anchor=False)
    shares = archetype_shares(scenario.organisation)
    listed = ", ".join(
        f"{group_name('archetype', name, words)} {words.percent(share)}"
        for name, share in shares.items()
        if share > 0.0
    )
    own = scenario.organisation.archetypes is not None
    st.markdown(
        words._("From your own answers: {listed}.", listed=listed)
        if own
        else words._("As usual in this sector: {listed}.", listed=listed)
    )
    with st.expander(words._("Ask your people: ten statements"), icon=":material/ballot:"):
        _ask(words)
        if own and st.button(words._("Use what is usual in the sector again"), key="usual fears"):
            session.put(session.current().changed({"organisation.archetypes": None}), afresh=True)
            st.rerun()


def _ask(words: Language) -> None:
    """Offer the sheet, and read a file of answers."""
    form = questionnaire()
    scale = "; ".join(f"{n} {word}" for n, word in enumerate(form.scale[words.code], start=1))
    st.markdown(
        words._(
            "Ask it anonymously. Each person answers from 1 to 5: {scale}. A row per person; nothing "
            "else in the file is looked at.",
            scale=scale,
        )
    )
    st.markdown(
        "\n".join(
            f"{number}. {item.text[words.code]}"
            for number, item in enumerate(form.items.values(), start=1)
        )
    )
    st.download_button(
        words._("Empty sheet (CSV)"),
        empty_sheet(words.code).encode("utf-8-sig"),
        words._("answers.csv"),
        "text/csv",
        icon=":material/download:",
    )
    st.caption(
        words._(
            "The shares hold for the whole organisation: who is in which department is not asked, and "
            "people are dealt to it by chance."
        )
    )
    file = st.file_uploader(
        words._("Answers"), ["csv", "xlsx"], key=session.key("answers"), max_upload_size=5
    )
    if file is None:
        return
    try:
        answers = _read(file.name, file.getvalue())
    except AdoptionError as error:
        session.refused(error)
        return
    _found(answers, words)


def _read(name: str, content: bytes) -> Answers:
    """Return what a file of answers says; it is on disk no longer than that takes."""
    least = session.current().first.privacy.min_group
    with tempfile.TemporaryDirectory(prefix="adopt-") as folder:
        (place,) = setup.written(Path(folder), [(name, content)])
        return files.nowhere(lambda: read_answers(place, least))


def _found(answers: Answers, words: Language) -> None:
    """Show what answers say, and take it over if asked."""
    listed = ", ".join(
        f"{group_name('archetype', name, words)} {words.percent(share)}"
        for name, share in answers.shares.items()
    )
    st.markdown(
        words._(
            "**{number} people** answered: {listed}.",
            number=words.number(answers.number),
            listed=listed,
        )
    )
    if answers.open:
        st.caption(
            words._(
                "Rows left aside, because too few statements were answered: {number}.",
                number=words.number(answers.open),
            )
        )
    if answers.few:
        st.warning(
            words._(
                "Fewer than {few} answers: one person more or less moves a share by more than "
                "5 points. Take it as a hint.",
                few=FEW,
            )
        )
    there = session.current().first.organisation.archetypes
    if there == answers.shares:
        st.success(words._("These shares are in use."))
    elif st.button(words._("Use these shares"), key="use answers", type="primary"):
        session.change({"organisation.archetypes": answers.shares})
        st.rerun()
