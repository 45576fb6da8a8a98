"""One invented person for each kind of resistance: when they began and stopped, and what tipped it.

The person is chosen by a rule and not for the story: the months of use nearest the median of all of
that kind. Nobody real is ever looked at: of an organisation whose people come from a file, an invented
one of the same size is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import numpy as np

from analysis.decisions.reasons import COLUMN, WEIGHED, again
from sim import kernel
from sim.engine.kinds import Array
from sim.scenario.library import read_archetypes
from sim.scenario.organisation import Department
from sim.scenario.schema import Audience, Scenario
from sim.simulator import Simulator

ORGANISATIONS: Final = 10
"""Organisations whose people are looked at."""

REASONS: Final = (*WEIGHED, "rest")
"""Parts of desire, as the log of events has them."""


class Moment(NamedTuple):
    """When somebody began, began again or stopped.

    Attributes
    ----------
    kind
        ``start``, ``restart`` or ``stop``.
    month
        When.
    reason
        What tipped it: of a start the heaviest reason without which it would not have been made in that
        week, or else the heaviest; of a stop what weighed so much less than at the start before it. One
        of ``REASONS``; ``appointed`` of those who promised to, ``before`` of those who used AI already,
        ``chance`` of a stop at which nothing weighed less.
    alone
        Whether it would not have been decided so in that week without this reason.
    """

    kind: str
    month: int
    reason: str
    alone: bool


class Colleague(NamedTuple):
    """An invented person.

    Attributes
    ----------
    archetype
        Kind of resistance.
    people
        How many of this kind were looked at.
    used, median
        Months of use, and the median of all of this kind.
    access
        First month with access.
    moments
        What happened, in order.
    intensity, habit
        At the end: share of working days with use, and strength of the habit [0 to 1].
    weekly
        Whether that is weekly use.
    """

    archetype: str
    people: int
    used: float
    median: float
    access: int
    moments: tuple[Moment, ...]
    intensity: float
    habit: float
    weekly: bool


def invented(scenario: Scenario) -> Scenario:
    """Return a scenario with invented people only: as many as in a file, in departments of one size.

    What is meant for some of the people of the file is meant for everybody.
    """
    organisation = scenario.organisation
    if organisation.people is None:
        return scenario
    everybody = organisation.model_copy(
        update={
            "people": None,
            "ties": None,
            "departments": {
                name: Department(share=1.0 / len(organisation.departments))
                for name in organisation.departments
            },
        }
    )
    programme = {
        name: deployment
        and deployment.model_copy(update={"audience": _all_of(deployment.audience)})
        for name, deployment in scenario.programme.items()
    }
    return scenario.model_copy(update={"organisation": everybody, "programme": programme})


def _all_of(audience: Audience) -> Audience:
    """Return an audience without teams and people of a file."""
    return audience.model_copy(update={"teams": None, "people": None})


def colleagues(
    scenario: Scenario,
    runs: int = ORGANISATIONS,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Colleague, ...]:
    """Return an invented person of each archetype there is.

    Parameters
    ----------
    scenario
        What is done; real people are left out, see :func:`invented`.
    runs
        Organisations whose people are looked at.
    seed
        Seed of the study.
    progress
        Called with 1 of 2 when they are simulated.
    """
    there = invented(scenario)
    simulator = Simulator(there, runs, seed, threads=1)
    lived = simulator.simulate(keep_events=True, keep_people=True)
    if progress is not None:
        progress(1, 2)
    weekly = simulator.scenario_of(None, 0).numbers.weekly_use
    by_person = _by_person(lived.events)
    people, months = lived.people, there.simulation.months
    listed = []
    for code, name in enumerate(read_archetypes()):
        places = [
            (int(run), int(person))
            for run, person in np.argwhere((people["archetype"] == code) & (people["arrival"] == 0))
        ]
        if places:
            spans = np.array([_used(by_person.get(place), months) for place in places])
            median = float(np.median(spans))
            k = _nearest(spans, median, [by_person.get(place) for place in places])
            me = people[places[k]]
            listed.append(
                Colleague(
                    name,
                    len(places),
                    float(spans[k]),
                    median,
                    int(me["access_month"]),
                    _moments(there, by_person.get(places[k])),
                    float(me["intensity"]),
                    float(me["habit"]),
                    bool(me["uses"] == 1 and me["intensity"] >= weekly),
                )
            )
    return tuple(listed)


def _by_person(log: Array) -> dict[tuple[int, int], Array]:
    """Return the events of everybody who has any, in order, by organisation and person."""
    order = np.lexsort([log[:, COLUMN[name]] for name in ("substep", "month", "person", "run")])
    rows = log[order]
    who = rows[:, [COLUMN["run"], COLUMN["person"]]].astype(int)
    if not len(rows):
        return {}
    ends = np.flatnonzero((who[1:] != who[:-1]).any(axis=1)) + 1
    parts = np.split(rows, ends)
    firsts = who[np.concatenate([[0], ends])]
    return {(int(a), int(b)): part for (a, b), part in zip(firsts, parts, strict=True)}


def _used(events: Array | None, months: int) -> float:
    """Return how many months somebody used AI, by the months in which that began and stopped."""
    if events is None:
        return 0.0
    total, since = 0.0, None
    for event in events:
        if event[COLUMN["kind"]] == kernel.STOP:
            total, since = total + (event[COLUMN["month"]] - (since or 0.0)), None
        elif since is None:
            since = float(event[COLUMN["month"]])
    return total + (months - since if since is not None else 0.0)


def _nearest(spans: Array, median: float, events: list[Array | None]) -> int:
    """Return who is nearest the median; of several the one with the middle number of events."""
    near = np.flatnonzero(np.isclose(np.abs(spans - median), np.abs(spans - median).min()))
    counts = np.array([0 if (one := events[k]) is None else len(one) for k in near])
    return int(near[np.argmin(np.abs(counts - np.median(counts)))])


def _moments(scenario: Scenario, events: Array | None) -> tuple[Moment, ...]:
    """Return what happened to somebody, and what tipped it."""
    listed: list[Moment] = []
    before: Array | None = None
    for event in () if events is None else events:
        kind = kernel.KINDS_OF_EVENT[int(event[COLUMN["kind"]])]
        month = int(event[COLUMN["month"]])
        if kind == "stop":
            listed.append(Moment(kind, month, _fallen(before, event), alone=False))
            continue
        reason, alone = _tipped(scenario, event)
        listed.append(Moment(kind, month, reason if month else "before", alone))
        before = event
    return tuple(listed)


def _tipped(scenario: Scenario, event: Array) -> tuple[str, bool]:
    """Return what a start hung on, and whether it would not have been without."""
    if np.isinf(event[COLUMN["readiness"]]):
        return "appointed", True
    row = event[None]
    needed = [name for name in WEIGHED if not again(scenario, row, [name])[0]]
    weights: Mapping[str, float] = {name: float(event[COLUMN[name]]) for name in WEIGHED}
    if needed:
        return max(needed, key=weights.__getitem__), True
    heaviest = max(WEIGHED, key=weights.__getitem__)
    return (heaviest if weights[heaviest] > 0.0 else "rest"), False


def _fallen(before: Array | None, event: Array) -> str:
    """Return which reason fell most between a start and a stop."""
    if before is None:
        return "rest"
    fall = {name: float(before[COLUMN[name]] - event[COLUMN[name]]) for name in REASONS}
    most = max(REASONS, key=fall.__getitem__)
    return most if fall[most] > 0.0 else "chance"
