"""What is simulated for the page: at once, better when idle, and longer when asked."""

from __future__ import annotations

import datetime
import logging
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any, Final, NamedTuple, cast

import streamlit as st

from analysis.app import catalogue, decided, limits, people, session
from analysis.app.jobs import CancelledError, Progress, Study
from analysis.app.setup import Setup, colour_of
from analysis.results.answer import (
    GROUPS,
    ORGANISATIONS,
    VECTORS,
    Answer,
    answer,
    with_troughs,
    with_vectors,
)
from sim import world
from sim.errors import AdoptionError
from sim.scenario.schema import Scenario
from sim.study.experiments import compare
from sim.study.kept import Kept
from sim.study.results import Result

QUICK: Final = 100
"""Organisations of the first picture."""

FINE: Final = 400
"""Organisations of the picture when idle."""

FEW: Final = 2
"""Organisations in which it is tried which strategy cannot be simulated."""

TROUGHS: Final = 14_000
"""People in whose organisations a trough is looked for, for which each is simulated 30 times."""

SURE_WORK: Final = 100_000_000
"""Parts of months of people simulated under other sets of numbers without being asked for."""

WRITING: Final = Lock()
"""Pictures of reports are drawn one after the other: matplotlib's settings are everybody's."""


class Asked(NamedTuple):
    """A report as it was asked for: the same one is made once.

    Attributes
    ----------
    format, lang
        As :func:`analysis.report.write_report` takes them.
    client, question, decision
        What stands on its cover.
    day
        Day on its cover, as ISO writes it; or nothing.
    logo
        Name of a file in the folder of the session; or nothing.
    """

    format: str
    lang: str
    client: str
    question: str
    decision: str
    day: str
    logo: str

    @property
    def kind(self) -> str:
        """What tells it from other reports on the same strategies."""
        return f"report {self}"

    @property
    def date(self) -> datetime.date | None:
        """The day on its cover."""
        return datetime.date.fromisoformat(self.day) if self.day else None


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


def stale(answered: Found, setup: Setup) -> bool:
    """Return whether what was found is about other strategies than those of a setup."""
    return answered.scenarios != setup.scenarios


def latest(setup: Setup) -> Found | None:
    """Return what is known of a setup by now, or else what was found before it; waits for nothing."""
    session.desk().leave(session.me(), setup.key)
    for study in (fine(setup), quick(setup)):
        if study.ended and not study.cancelled:
            st.session_state.answer = study.value
            break
    return cast("Found | None", st.session_state.get("answer"))


def runs_for(setup: Setup, asked: int) -> int:
    """Return how many organisations there is time for."""
    return limits.organisations(setup.scenarios, asked, QUICK)


def quick(setup: Setup) -> Study:
    """Ask for the first picture."""
    return _ask("quick", setup, lambda kept, progress: _found(setup, QUICK, kept, progress))


def fine(setup: Setup) -> Study:
    """Ask for the picture when idle: more organisations, troughs."""
    everybody = setup.first.organisation.employees * len(setup.scenarios)
    few = max(5, min(ORGANISATIONS, TROUGHS // everybody))

    def work(kept: Kept[Any], progress: Progress) -> Found:
        answered = _found(setup, FINE, kept, progress)
        if answered.answer is None:
            return answered
        return answered._replace(answer=with_troughs(answered.answer, few, progress, kept))

    return _ask("fine", setup, work)


def sure(setup: Setup) -> Study:
    """Ask how much hangs on the numbers of the rules."""

    def work(kept: Kept[Any], progress: Progress) -> Found:
        answered = _found(setup, QUICK, kept, progress)
        if answered.answer is None:
            return answered
        return answered._replace(answer=with_vectors(answered.answer, progress=progress, kept=kept))

    return _ask("sure", setup, work)


def affordable(setup: Setup) -> bool:
    """Return whether other sets of numbers are tried without being asked for: it takes seconds."""
    sets = 2 * VECTORS * ORGANISATIONS
    return sets * sum(map(limits.work, setup.scenarios)) <= SURE_WORK


def drawn(setup: Setup, scenario: Scenario) -> Study:
    """Ask for a picture of the people of one strategy, in the organisations of the others."""
    runs = runs_for(setup, FINE)

    def work(kept: Kept[Any], progress: Progress) -> people.Typical:
        curves = _compared([scenario], runs, kept, progress).curves(scenario.name, "adoption")
        return people.people_of(scenario, curves, progress)

    return _ask(f"people {scenario.name}", setup, work)


def effects(setup: Setup) -> Study:
    """Ask what each measure of the catalogue does alone, in this organisation."""
    first = setup.first
    return _ask("effects", setup, lambda kept, progress: catalogue.effects(first, kept, progress))


def report(setup: Setup, asked: Asked) -> Study:
    """Ask for a report on what is seen, as bytes of a file."""
    logo = (
        next(iter(sorted(session.folder().rglob(asked.logo), reverse=True)), None)
        if asked.logo
        else None
    )

    known, frontier = decided.searched(setup)

    def work(kept: Kept[Any], progress: Progress) -> bytes:
        from analysis.report import write_report
        from analysis.report.cover import Cover

        cover = Cover(asked.client, logo, asked.question, asked.decision, asked.date)
        result = _compared(setup.scenarios, runs_for(setup, FINE), kept, progress)
        with WRITING, tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "report"
            write_report(
                result, path, asked.format, asked.lang, cover=cover, progress=progress, kept=kept,
                frontier=frontier,
            )  # fmt: skip
            return path.read_bytes()

    return _ask(f"{asked.kind} {known}", setup, work)


def kind_of(asked: Asked, setup: Setup) -> str:
    """Return what tells a report from others: it is another one once best plans for budgets are known."""
    return f"{asked.kind} {decided.searched(setup)[0]}"


def known(kind: str) -> bool:
    """Return whether a study of what is seen was asked for, also before a refresh."""
    return session.desk().known(f"{kind} {session.current().key}")


def _ask(kind: str, setup: Setup, work: Callable[[Kept[Any], Progress], Any]) -> Study:
    """Ask for a study of a setup, which is told what its session keeps: a study knows no session."""
    return session.desk().ask(
        f"{kind} {setup.key}", partial(work, session.kept(setup)), session.me()
    )


def _compared(
    scenarios: Sequence[Scenario], runs: int, kept: Kept[Any], progress: Progress
) -> Result:
    """Return what strategies do, of which those nobody changed are not simulated again.

    All studies measure the same groups, so that each goes on from what another one has simulated.
    """
    return compare(scenarios, runs, progress=progress, by=GROUPS, kept=kept)


def _found(setup: Setup, asked: int, kept: Kept[Any], progress: Progress) -> Found:
    """Return what the strategies do; what is wrong with one leaves the others as they are."""
    wrong: dict[str, Exception] = {}
    for scenario in setup.scenarios:
        if (error := unusable(scenario)) is not None:
            wrong[scenario.name] = error
    runs = runs_for(setup, asked)

    def simulated() -> Answer | None:
        fit = [scenario for scenario in setup.scenarios if scenario.name not in wrong]
        return answer(_compared(fit, runs, kept, progress)) if fit else None

    try:
        return Found(setup.scenarios, _coloured(simulated(), setup), wrong)
    except CancelledError:
        raise
    except Exception as first:  # whose it is shows when each goes alone
        for scenario in setup.scenarios:
            if scenario.name not in wrong:
                try:
                    _compared([scenario], min(runs, FEW), kept, progress)
                except CancelledError:
                    raise
                except Exception as own:
                    logging.getLogger("adopt").exception("%s cannot be simulated", scenario.name)
                    wrong[scenario.name] = own
        if not wrong:
            raise
        logging.getLogger("adopt").info("the others go on without it: %s", first)
    return Found(setup.scenarios, _coloured(simulated(), setup), wrong)


def unusable(scenario: Scenario) -> AdoptionError | None:
    """Return why a strategy cannot be simulated, if that is known before: its budget, say."""
    try:
        world.plan(scenario, world.design(scenario))
    except AdoptionError as error:
        return error
    return None


def _coloured(answer: Answer | None, setup: Setup) -> Answer | None:
    """Return an answer in which each strategy has its own colour, whoever is missing."""
    if answer is None or len(answer.strategies) == len(setup.scenarios):
        return answer
    places = {scenario.name: place for place, scenario in enumerate(setup.scenarios)}
    several = [replace(each, colour=colour_of(places[each.name])) for each in answer.strategies]
    return replace(answer, strategies=tuple(several))


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
    answered = cast("Found | None", st.session_state.get("answer"))
    if answered is not None and answered.answer is not None and known("sure"):
        tried = sure(setup)
        if tried.ended and not tried.cancelled and tried.value.answer is not None:
            under = {strategy.name: strategy for strategy in tried.value.answer.strategies}
            several = [
                replace(strategy, beats=other.beats, ties=other.ties, vectors=other.vectors)
                if (other := under.get(strategy.name))
                else strategy
                for strategy in answered.answer.strategies
            ]
            answered = answered._replace(answer=replace(answered.answer, strategies=tuple(several)))
    return answered, later
