"""What is simulated for the page: at once, better when idle, and longer when asked."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Any, Final, NamedTuple, cast

import streamlit as st

from analysis.answer import GROUPS, ORGANISATIONS, Answer, answer, with_troughs, with_vectors
from analysis.app import limits, people, session
from analysis.app.desk import CancelledError, Progress, Study
from analysis.app.setup import Setup, colour_of
from sim import world
from sim.errors import AdoptionError
from sim.experiments import compare
from sim.scenario import Scenario

QUICK: Final = 100
"""Organisations of the first picture."""

FINE: Final = 400
"""Organisations of the picture when idle."""

FEW: Final = 2
"""Organisations in which it is tried which strategy cannot be simulated."""

TROUGHS: Final = 14_000
"""People in whose organisations a trough is looked for, for which each is simulated 30 times."""

WRITING: Final = Lock()
"""Pictures of reports are drawn one after the other: matplotlib's settings are everybody's."""


class Found(NamedTuple):
    """What a study found.

    Attributes
    ----------
    scenarios
        All strategies, in their order.
    answer
        What those do that can be simulated; None if there is none.
    wrong
        What is wrong with the others, by name.
    """

    scenarios: tuple[Scenario, ...]
    answer: Answer | None
    wrong: Mapping[str, Exception]


def runs_for(setup: Setup, asked: int) -> int:
    """Return how many organisations there is time for."""
    return limits.organisations(setup.scenarios, asked, QUICK)


def quick(setup: Setup) -> Study:
    """Ask for the first picture."""
    return _ask("quick", setup, lambda progress: _found(setup, QUICK, progress))


def fine(setup: Setup) -> Study:
    """Ask for the picture when idle: more organisations, groups, troughs."""
    everybody = setup.first.organisation.employees * len(setup.scenarios)
    few = max(5, min(ORGANISATIONS, TROUGHS // everybody))

    def work(progress: Progress) -> Found:
        found = _found(setup, FINE, progress, GROUPS)
        if found.answer is None:
            return found
        return found._replace(answer=with_troughs(found.answer, few, progress))

    return _ask("fine", setup, work)


def sure(setup: Setup) -> Study:
    """Ask how much hangs on the numbers of the rules."""

    def work(progress: Progress) -> Found:
        found = _found(setup, QUICK, progress)
        if found.answer is None:
            return found
        return found._replace(answer=with_vectors(found.answer, progress=progress))

    return _ask("sure", setup, work)


def drawn(setup: Setup, one: Scenario) -> Study:
    """Ask for a picture of the people of one strategy, in the organisations of the others."""
    runs = runs_for(setup, FINE)
    key = f"people {runs} {one.simulation.seed} {one.fingerprint()}"
    return session.desk().ask(
        key, lambda progress: people.people_of(one, runs, progress), session.me()
    )


def report(setup: Setup, format: str, lang: str, question: str) -> Study:
    """Ask for a report on what is seen, as bytes of a file."""

    def work(progress: Progress) -> bytes:
        from analysis.report import write_report

        runs = runs_for(setup, FINE)
        result = compare(setup.scenarios, runs, by=GROUPS, progress=progress)
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


def _found(setup: Setup, asked: int, progress: Progress, by: tuple[str, ...] = ()) -> Found:
    """Return what the strategies do; what is wrong with one leaves the others as they are."""
    wrong: dict[str, Exception] = {}
    for one in setup.scenarios:
        if (error := unusable(one)) is not None:
            wrong[one.name] = error
    runs = runs_for(setup, asked)

    def simulated() -> Answer | None:
        fit = [one for one in setup.scenarios if one.name not in wrong]
        return answer(compare(fit, runs, progress=progress, by=by)) if fit else None

    try:
        return Found(setup.scenarios, _coloured(simulated(), setup), wrong)
    except CancelledError:
        raise
    except Exception as first:  # whose it is shows when each goes alone
        for one in setup.scenarios:
            if one.name not in wrong:
                try:
                    compare([one], min(runs, FEW), progress=progress, by=by)
                except CancelledError:
                    raise
                except Exception as own:
                    logging.getLogger("adopt").exception("%s cannot be simulated", one.name)
                    wrong[one.name] = own
        if not wrong:
            raise
        logging.getLogger("adopt").info("the others go on without it: %s", first)
    return Found(setup.scenarios, _coloured(simulated(), setup), wrong)


def unusable(one: Scenario) -> AdoptionError | None:
    """Return why a strategy cannot be simulated, if that is known before: its budget, say."""
    try:
        world.plan(one, world.design(one))
    except AdoptionError as error:
        return error
    return None


def _coloured(one: Answer | None, setup: Setup) -> Answer | None:
    """Return an answer in which each strategy has its own colour, whoever is missing."""
    if one is None or len(one.strategies) == len(setup.scenarios):
        return one
    places = {scenario.name: place for place, scenario in enumerate(setup.scenarios)}
    several = [replace(each, colour=colour_of(places[each.name])) for each in one.strategies]
    return replace(one, strategies=tuple(several))


def answer_now(seconds: float = 1.5) -> tuple[Found | None, Study]:
    """Return the best there is by now, and the study that is still to come.

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
    found = cast("Found | None", st.session_state.get("answer"))
    if found is not None and found.answer is not None and known("sure"):
        tried = sure(setup)
        if tried.ended and not tried.cancelled and tried.value.answer is not None:
            beats = {one.name: one.beats for one in tried.value.answer.strategies}
            several = [
                replace(one, beats=beats.get(one.name, {})) for one in found.answer.strategies
            ]
            found = found._replace(answer=replace(found.answer, strategies=tuple(several)))
    return found, later
