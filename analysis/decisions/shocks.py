"""What if this goes otherwise: one thing at a time, in the same organisations with the same luck.

A measure that comes later or at half its strength, more people who leave, less room to experiment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from analysis.decisions.bench import deployed, level_of
from analysis.decisions.contexts import contexts_of
from analysis.decisions.goal import Goal
from analysis.results.ensemble import over_vectors
from analysis.results.estimates import Estimate, estimate
from sim.elementary import mean
from sim.engine.kinds import Array
from sim.errors import AdoptionError, InterruptedStudyError
from sim.programme.deployments import measure_of
from sim.scenario.schema import Scenario
from sim.simulator import Simulator

LATER: Final = 3
"""Months by which a measure comes later."""

HALF: Final = 0.5
"""Part that is left of a measure."""

ENDS: Final = (0.0, 1.0)
"""Places of a circumstance in what is drawn around an organisation: its lowest and its highest."""


class Shock(NamedTuple):
    """Something that goes otherwise.

    Attributes
    ----------
    kind
        ``later``, ``half`` or ``context``.
    name
        Of the deployment, or dotted path of the circumstance.
    own, value
        What the scenario says, and what it is instead: month, dose or share, or value.
    changes
        By dotted path in a scenario.
    """

    kind: str
    name: str
    own: float
    value: float
    changes: Mapping[str, Any]


class Shocked(NamedTuple):
    """What came out.

    Attributes
    ----------
    scenario, goal
        What was looked at.
    here
        What it reaches as it is.
    rows
        What each thing does to that, what does most harm first [points, or unit of the goal].
    runs, seed
        Organisations behind each number, and the seed.
    """

    scenario: Scenario
    goal: Goal
    here: Estimate
    rows: tuple[tuple[Shock, Estimate], ...]
    runs: int
    seed: int


def shocks_of(scenario: Scenario) -> list[Shock]:
    """Return what can go otherwise: each measure, and each circumstance of the organisation.

    Of real people neither size nor ties.
    """
    listed = []
    for name, deployment in scenario.programme.items():
        if deployment is None:
            continue
        path = f"programme.{name}"
        start = deployment.start + LATER
        if deployment.after_go_live is None and start <= scenario.simulation.months:
            listed.append(Shock("later", name, deployment.start, start, {f"{path}.start": start}))
        measure = measure_of(name, deployment)
        own = level_of(deployment, measure)
        if own:
            weak = deployed(deployment, measure, HALF * own)
            listed.append(Shock("half", name, own, HALF * own, {path: weak}))
    for context in contexts_of([scenario]):
        own = float(_at(scenario, context.path))
        for end in ENDS:
            value = context.at(scenario, end)
            if value != own:
                given = int(value) if context.path.endswith("employees") else value
                listed.append(Shock("context", context.path, own, value, {context.path: given}))
    return listed


def shocked(
    scenario: Scenario,
    goal: Goal,
    runs: int,
    *,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Shocked:
    """Return what each thing that goes otherwise does to what a scenario reaches.

    Parameters
    ----------
    scenario
        What is planned.
    goal
        What is wanted, and when.
    runs
        Organisations behind each number, the same for all.
    seed
        Seed of the study.
    progress
        Called with the number of things finished, and the total.

    Raises
    ------
    AdoptionError
        If the goal cannot be, or the scenario cannot be simulated.
    InterruptedStudyError
        If it is interrupted.
    """
    goal = goal.checked(scenario)
    possible: list[tuple[Shock | None, Scenario]] = [(None, scenario)]
    for shock in shocks_of(scenario):
        try:
            possible.append((shock, _otherwise(scenario, shock)))
        except AdoptionError:
            continue  # a date or size this scenario cannot have

    def work(k: int) -> Array:
        other = possible[k][1]
        lived = Simulator(other, runs, seed, threads=1).simulate(months=goal.month)
        return goal.of(other, lived.rows)

    reached = list(over_vectors(work, range(len(possible)), progress))
    if len(reached) < len(possible):
        raise InterruptedStudyError("interrupted: ask again to begin anew")
    rows = [
        (shock, estimate(mean, (values - reached[0])[None]))
        for (shock, _), values in zip(possible[1:], reached[1:], strict=True)
        if shock is not None
    ]
    rows.sort(key=lambda row: goal.better * row[1].value)
    return Shocked(scenario, goal, estimate(mean, reached[0][None]), tuple(rows), runs, seed)


def _otherwise(scenario: Scenario, shock: Shock) -> Scenario:
    """Return a scenario in which one thing goes otherwise."""
    if shock.kind != "half":
        return scenario.changed(shock.changes)
    (weak,) = shock.changes.values()
    return scenario.model_copy(update={"programme": {**scenario.programme, shock.name: weak}})


def _at(scenario: Scenario, path: str) -> Any:
    value: Any = scenario
    for name in path.split("."):
        value = getattr(value, name)
    return value
