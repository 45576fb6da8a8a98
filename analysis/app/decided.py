"""Decisions as the page asks for them: in few enough organisations to answer soon, then in more.

What is asked goes over the desk, so it shows how far it is, is cancelled with its setup, and is there
again for whoever asks the same. A giant organisation gets fewer organisations, down to
:data:`analysis.app.limits.LEAST`; what is too large even so is left to the terminal, in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from analysis.app import limits, session
from analysis.app.jobs import Progress, Study
from analysis.app.meter import as_bought
from analysis.app.setup import Setup
from analysis.decisions.bench import Terms
from analysis.decisions.goal import Goal
from sim.errors import AdoptionError, said
from sim.scenario.schema import Scenario
from sim.simulator import Vector

if TYPE_CHECKING:
    from analysis.decisions.observed import Observed

QUICK: Final = limits.QUICK_WORK
FINE: Final = 5 * limits.QUICK_WORK
"""Parts of months of people of a first picture, and of the finer one."""

LONG: Final = 4 * limits.MOST_WORK
"""The same of what somebody waits minutes for, having asked for it."""

FEW_MEASURES: Final = 6
"""Measures up to which every coalition is simulated."""

VECTORS: Final = (20, 40)
"""Sets of numbers of each body of evidence, for a first picture and a finer one."""

PARTICLES: Final = (800, 5_000)
"""Organisations of a forecast, first and finer."""

FEW_SETS: Final = 10
"""Sets of numbers of each body of evidence for the first forecast; the finer one takes all."""


def runs_within(work: float, asked: int, most: float, terminal: str) -> int:
    """Return how many organisations there is time for.

    Parameters
    ----------
    work
        Parts of months of people that each of them takes, in all scenarios.
    asked
        How many there are at most.
    most
        Parts of months of people that are simulated at most, if that is more than the fewest take.
    terminal
        The command that has no such bound.

    Raises
    ------
    AdoptionError
        If not even the fewest can be simulated soon.
    """
    if limits.LEAST * work > limits.MOST_WORK:
        raise AdoptionError(
            said(
                "this is {times:.1f} times as much as the page computes. The terminal has no such bound: "
                "adopt {command}",
                times=max(1.1, limits.LEAST * work / limits.MOST_WORK),
                command=terminal,
            )
        )
    return int(max(limits.LEAST, min(asked, most / work)))


def _ask(kind: str, setup: Setup, work: Callable[[Progress], Any]) -> Study:
    """Ask for a study of a setup."""
    study = session.desk().ask(f"{kind} {setup.key}", work, session.me())
    st.session_state.setdefault("asked", {})[study.key] = study
    return study


@contextmanager
def only_shown() -> Iterator[None]:
    """End what an earlier view of the page asked for and this one does not: nobody waits for it."""
    before: dict[str, Study] = st.session_state.get("asked", {})
    st.session_state["asked"] = {}
    try:
        yield
    except BaseException:  # the page is shown anew before it was whole
        st.session_state["asked"] = {**before, **st.session_state["asked"]}
        raise
    for key, study in before.items():
        if key not in st.session_state["asked"] and not study.ended:
            study.askers.discard(session.me())
            if not study.askers:
                study.cancel()


def known(kind: str, setup: Setup) -> bool:
    """Return whether a study was asked for and not cancelled."""
    return session.desk().known(f"{kind} {setup.key}")


# --- Why ---------------------------------------------------------------------------------------


def explained(setup: Setup, whole: Scenario, reference: Scenario, month: int, fine: bool) -> Study:
    """Ask what each measure adds, from a reference to a whole."""

    def work(progress: Progress) -> Any:
        from analysis.decisions import explain

        asked = explain.question(
            as_bought(whole), as_bought(reference), Goal("adoption", month),
            seed=seed_of(setup), most=FEW_MEASURES,
        )  # fmt: skip
        each = asked.size * limits.work(whole)
        runs = runs_within(each, 400 if fine else 100, FINE if fine else QUICK, "explain")
        return explain.investigate(asked._replace(runs=runs), progress)

    return _ask(f"explain {whole.name} {reference.name} {month} {fine}", setup, work)


def colleagues(setup: Setup, scenario: Scenario) -> Study:
    """Ask for an invented colleague of each archetype."""

    def work(progress: Progress) -> Any:
        from analysis.decisions import colleague

        runs_within(limits.work(scenario), 1, QUICK, "explain")
        return colleague.colleagues(scenario, seed=seed_of(setup), progress=progress)

    return _ask(f"colleagues {scenario.name}", setup, work)


# --- Better ------------------------------------------------------------------------------------


def next_euro(setup: Setup, scenario: Scenario, money: float, month: int, fine: bool) -> Study:
    """Ask what some more money brings, measure by measure."""

    def work(progress: Progress) -> Any:
        from analysis.decisions import next_euro as study
        from sim.scenario import read_catalogue

        each = (len(read_catalogue()) + 1) * limits.work(scenario)
        runs = runs_within(each, 100, FINE if fine else QUICK, "next-euro")
        terms = Terms(Goal("adoption", month))
        return study.next_euro(
            scenario, money, terms, runs=runs, seed=seed_of(setup), progress=progress
        )

    return _ask(f"next {scenario.name} {money:.0f} {month} {fine}", setup, work)


def frontier_kind(scenario: Scenario, budgets: Sequence[float], month: int, fine: bool) -> str:
    """Return what tells one frontier from another."""
    sums = " ".join(f"{budget:.0f}" for budget in budgets)
    return f"frontier {scenario.name} {sums} {month} {fine}"


def frontier(
    setup: Setup, scenario: Scenario, budgets: Sequence[float], month: int, fine: bool
) -> Study:
    """Ask for good plans for some budgets in seconds; or for the best ones, which takes minutes."""

    def work(progress: Progress) -> Any:
        from analysis.decisions import frontier as study
        from sim.scenario import read_catalogue

        terms = Terms(Goal("adoption", month))
        number = study.expected(len(budgets)) if fine else study.sketched(len(read_catalogue()))
        bounded(number * limits.work(scenario) * month / scenario.simulation.months)
        if fine:
            return study.frontier(scenario, budgets, terms, seed=seed_of(setup), progress=progress)
        return study.sketch(scenario, budgets, terms, seed=seed_of(setup), progress=progress)

    return _ask(frontier_kind(scenario, budgets, month, fine), setup, work)


def searched(setup: Setup) -> tuple[str, Any]:
    """Return what tells the best plans for some budgets that are known by now, and these; or None.

    A thorough search comes before a quick one, and the latest of either before the others.
    """
    there = session.desk().found("frontier ", f" {setup.key}")
    kinds = [(key.removesuffix(f" {setup.key}"), value) for key, value in reversed(there)]
    return max(kinds, key=lambda kind: kind[0].endswith("True"), default=("", None))


def bounded(work: float) -> None:
    """Raise AdoptionError if a search takes longer than anybody waits for on the page."""
    if work > LONG:
        raise AdoptionError(
            said(
                "this is {times:.1f} times as much as the page computes. The terminal has no such bound: "
                "adopt {command}",
                times=max(1.1, work / LONG),
                command="frontier",
            )
        )


def risked(setup: Setup, month: int, level: float, fine: bool) -> Study:
    """Ask how often each strategy misses a level, under many sets of numbers."""

    def work(progress: Progress) -> Any:
        from analysis.decisions import risk

        sets = few_sets(VECTORS[fine])
        each = sum(map(len, sets.values())) * sum(map(limits.work, setup.scenarios))
        runs = max(4, runs_within(each / 4, 80, FINE if fine else QUICK, "risk") // 4)
        asked = risk.question(
            setup.scenarios, sets, Goal("adoption", month), level, runs,
            cases=0, seed=seed_of(setup),
        )  # fmt: skip
        return risk.investigate(asked, progress)

    return _ask(f"risk {month} {level:g} {fine}", setup, work)


def shocked(setup: Setup, scenario: Scenario, month: int, fine: bool) -> Study:
    """Ask what each thing that goes otherwise does."""

    def work(progress: Progress) -> Any:
        from analysis.decisions import shocks

        each = (len(shocks.shocks_of(scenario)) + 1) * limits.work(scenario)
        runs = runs_within(each, 200, FINE if fine else QUICK, "risk")
        return shocks.shocked(
            scenario, Goal("adoption", month), runs, seed=seed_of(setup), progress=progress
        )

    return _ask(f"shocks {scenario.name} {month} {fine}", setup, work)


# --- Now ---------------------------------------------------------------------------------------


def forecast(setup: Setup, scenario: Scenario, observed: Observed, month: int, fine: bool) -> Study:
    """Ask what is to come, given what was observed, and what the other strategies do from here."""
    own = as_bought(scenario)
    plans = {each.name: as_bought(each) for each in setup.scenarios if each.name != scenario.name}

    def work(progress: Progress) -> Any:
        from analysis.decisions import forecast as study

        sets = few_sets(1_000_000 if fine else FEW_SETS)
        asked = study.question(
            own, observed,
            plans=plans, month=month, sets=sets, particles=PARTICLES[fine], seed=seed_of(setup),
        )  # fmt: skip
        number = asked.organisations * len(asked.vectors)
        runs_within(number * limits.work(scenario) / limits.LEAST, 1, FINE, "forecast")
        return study.investigate(asked, progress=progress)

    return _ask(
        f"forecast {scenario.name} {month} {fine} {hash(str(observed.plain()))}", setup, work
    )


@cache
def few_sets(number: int) -> dict[str, Sequence[Vector]]:
    """Return so many sets of numbers of each body of evidence."""
    from analysis.studies.validation.study import vectors_of
    from sim.study.posteriors import EVIDENCE_SETS

    return {name: vectors_of(name, number, 1) for name in EVIDENCE_SETS}


def seed_of(setup: Setup) -> int:
    """Return the seed of everything that is simulated for a setup."""
    return setup.first.simulation.seed
