"""What is simulated for the page: at once, better when idle, and longer when asked."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Any, Final, cast

import streamlit as st

from analysis.answer import GROUPS, ORGANISATIONS, Answer, answer, with_troughs, with_vectors
from analysis.app import session
from analysis.app.desk import Progress, Study
from analysis.app.setup import Setup
from sim.experiments import compare

QUICK: Final = 100
"""Organisations of the first picture."""

FINE: Final = 400
"""Organisations of the picture when idle."""

PEOPLE: Final = 150_000
"""People simulated at once at most, so that large organisations answer soon as well."""

TROUGHS: Final = 14_000
"""People in whose organisations a trough is looked for, for which each is simulated 30 times."""

WRITING: Final = Lock()
"""Pictures of reports are drawn one after the other: matplotlib's settings are everybody's."""


def runs_for(setup: Setup, asked: int) -> int:
    """Return how many organisations there are time for."""
    people = setup.first.organisation.employees * len(setup.scenarios)
    return max(10, min(asked, asked * PEOPLE // (people * QUICK)))


def quick(setup: Setup) -> Study:
    """Ask for the first picture."""
    return _ask("quick", setup, lambda progress: _answer(setup, QUICK, progress))


def fine(setup: Setup) -> Study:
    """Ask for the picture when idle: more organisations, groups, troughs."""
    people = setup.first.organisation.employees * len(setup.scenarios)
    few = max(5, min(ORGANISATIONS, TROUGHS // people))
    return _ask(
        "fine", setup, lambda progress: with_troughs(_answer(setup, FINE, progress, GROUPS), few)
    )


def sure(setup: Setup) -> Study:
    """Ask how much hangs on the numbers of the rules."""
    return _ask(
        "sure", setup, lambda progress: with_vectors(_answer(setup, QUICK), progress=progress)
    )


def report(setup: Setup, format: str, lang: str, question: str) -> Study:
    """Ask for a report on what is seen, as bytes of a file."""

    def work(progress: Progress) -> bytes:
        from analysis.report import write_report

        runs = runs_for(setup, FINE)
        result = compare(setup.scenarios, runs, by=GROUPS)
        with WRITING, tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"report.{format}"
            write_report(result, path, format, lang, question, progress=progress)
            return path.read_bytes()

    return _ask(report_kind(format, lang, question), setup, work)


def report_kind(format: str, lang: str, question: str) -> str:
    """Return what tells one report on the same strategies from another."""
    return f"report {format} {lang} {question}"


def known(kind: str) -> bool:
    """Return whether a study of what is seen was asked for, also before a refresh."""
    return session.desk().known(f"{kind} {session.current().key}")


def _ask(kind: str, setup: Setup, work: Any) -> Study:
    return session.desk().ask(f"{kind} {setup.key}", work, session.me())


def _answer(
    setup: Setup, asked: int, progress: Progress | None = None, by: tuple[str, ...] = ()
) -> Answer:
    runs = runs_for(setup, asked)
    return answer(compare(setup.scenarios, runs, progress=progress, by=by))


def answer_now(seconds: float = 1.5) -> tuple[Answer | None, Study]:
    """Return the best answer there is by now, and the study that is still to come.

    Waits a moment for the first picture; until then the previous one stays.
    """
    setup = session.current()
    first = quick(setup)
    session.desk().leave(session.me(), setup.key)
    first.wait(seconds)
    later = fine(setup)
    if later.ended and not later.cancelled:
        st.session_state.answer = later.value
    elif first.ended and not first.cancelled:
        st.session_state.answer = first.value
    found = cast("Answer | None", st.session_state.get("answer"))
    if found is not None and known("sure") and (tried := sure(setup)).ended:
        beats = {one.name: one.beats for one in tried.value.strategies}
        several = [replace(one, beats=beats.get(one.name, {})) for one in found.strategies]
        found = replace(found, strategies=tuple(several))
    return found, later
