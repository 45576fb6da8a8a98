"""How much a page computes at most, so that no visitor waits for what another one asked.

One picture simulates every strategy in a number of organisations. What that takes grows with people,
months and ties; what it keeps grows with months and groups. Fewer organisations make room for larger
ones, down to :data:`LEAST`; what is too large even so belongs in the terminal, where nobody else waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sim import kpis
from sim.errors import AdoptionError, said
from sim.scenario.library import read_archetypes
from sim.scenario.schema import Scenario

LEAST: Final = 10
"""Organisations of a picture at least."""

QUICK_WORK: Final = 14_400_000
"""Parts of months of people simulated for the first picture, so that it is soon there."""

MOST_WORK: Final = 400_000_000
"""Parts of months of people in the smallest picture there is: minutes on two processors."""

MOST_VALUES: Final = 25_000_000
"""Numbers kept of a picture: 200 MB."""

MOST_MEASURES: Final = 200
"""Measures of a strategy, each time that one comes again counted."""

USUAL_TIES: Final = 25.0
"""Ties of a person up to which they take no time worth counting."""


def work(scenario: Scenario) -> float:
    """Return what one organisation takes: people times parts of months, more where ties are many."""
    organisation, network = scenario.organisation, scenario.organisation.network
    ties = network.degree
    if network.kind == "teams":
        ties = network.cross_ties + network.team_ties * organisation.team_size
    elif network.kind in ("complete", "none"):
        ties = 0.0
    steps = scenario.simulation.months * scenario.simulation.substeps
    return organisation.employees * steps * max(1.0, ties / USUAL_TIES)


def values(scenario: Scenario) -> int:
    """Return how many numbers are kept of one organisation, its groups with it."""
    groups = 2 + len(scenario.organisation.departments) + len(read_archetypes())
    return (scenario.simulation.months + 1) * groups * len(kpis.KPIS)


def organisations(scenarios: Sequence[Scenario], asked: int, quick: int) -> int:
    """Return how many organisations there is time and room for.

    Parameters
    ----------
    scenarios
        The strategies.
    asked
        How many there would be if they were small.
    quick
        How many of them are the first picture's, which bounds the time of all others.
    """
    time = asked * QUICK_WORK / (quick * sum(map(work, scenarios)))
    room = MOST_VALUES / sum(map(values, scenarios))
    return int(max(LEAST, min(asked, time, room)))


def check(scenarios: Sequence[Scenario]) -> None:
    """Raise AdoptionError if not even the smallest picture can be computed soon."""
    for scenario in scenarios:
        times = sum(
            each.repeat.times if each.repeat and each.audience.not_yet_using else 1
            for each in [
                *scenario.deployments.values(),
                *(rule.then for rule in scenario.adaptive.values()),
            ]
        )
        if times > MOST_MEASURES:
            raise AdoptionError(
                said(
                    "{name}: found {number:,} measures, each time that one comes again counted; at "
                    "most {most:,} fit on the page. {remedy}",
                    name=scenario.label,
                    number=times,
                    most=MOST_MEASURES,
                    remedy=REMEDY,
                )
            )
    asked = LEAST * sum(map(work, scenarios)), LEAST * sum(map(values, scenarios))
    if asked[0] > MOST_WORK or asked[1] > MOST_VALUES:
        over = max(asked[0] / MOST_WORK, asked[1] / MOST_VALUES)
        first = scenarios[0]
        raise AdoptionError(
            said(
                "{people:,} people, {months:,} months, {strategies} strategies, {departments:,} "
                "departments: {times:.1f} times as much as the page computes. Take fewer of these. "
                "{remedy}",
                people=first.organisation.employees,
                months=first.simulation.months,
                strategies=len(scenarios),
                departments=len(first.organisation.departments),
                times=max(1.1, over),
                remedy=REMEDY,
            )
        )


REMEDY: Final = said(
    "The terminal has no such bound: adopt compare, with the scenarios as files (YAML)."
)
