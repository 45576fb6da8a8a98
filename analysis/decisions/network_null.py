"""The model on given people and ties, its level brought to the use that was seen, and what it scores.

Without contagion this is what a score looks like where ties carry nothing but the leaders' example
and coaching; with contagion, what it would look like if colleagues' use moved people.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from analysis.decisions.network_score import Circle, score
from analysis.studies.ties.starts import lives
from sim.engine.kinds import Array
from sim.parameters import numbers
from sim.scenario.schema import Scenario
from sim.simulator import Simulator

FITTED: Final = ("base_desire", "consider_alone", "consider_launch")
"""What is moved until as many use AI: how much people want it, and how fast they come to consider it."""

LEAST_RATE: Final = 1e-4
"""Lowest rate that is tried [1/month]."""

FIT_RUNS: Final = 24
FIT_STEPS: Final = 6
"""Organisations whose mean is brought to the use seen, and most steps of that."""

DAMPING: Final = (1e-4, 1e-2, 1.0)
NEAR: Final = 0.03
STARTS: Final = ((1.0, 10.0), (0.0, 1.0))
STRIDE: Final = 0.3
LONGEST: Final = 1.5
"""Of a step: damping tried in turn, distance that will do, starts, size for slopes, most [log-odds, log of a rate]."""


class Watch(NamedTuple):
    """What is looked at in simulated organisations.

    Attributes
    ----------
    circle
        Ties, departments and bosses.
    seen
        Of whom use is known when [people, months]; months beyond are known as the last one is.
    first
        Month of the simulation that is the first of these.
    horizons
        Numbers of months after which the score is taken.
    """

    circle: Circle
    seen: Array
    first: int
    horizons: tuple[int, ...]


class Level(NamedTuple):
    """Numbers that bring the model to the use that was seen.

    Attributes
    ----------
    changes
        What differs from the scenario, by dotted path.
    curve
        Mean share of people who use AI in each month seen [months].
    apart
        Root mean square of its distance from what was seen [share].
    """

    changes: dict[str, float]
    curve: list[float]
    apart: float


def levelled(
    scenario: Scenario, changes: Mapping[str, float], target: Array, first: int, seed: int
) -> Level:
    """Return the numbers under which as many use AI, month by month, as were seen to.

    Least squares over months, in damped steps from where the scenario is, with the same luck
    throughout. It need not be met: how far it is off is told.

    Parameters
    ----------
    scenario
        What was done, on the people and ties at hand.
    changes
        What differs in any case, by dotted path.
    target
        Share of people who use AI [months].
    first
        Month of the simulation that is the first of these.
    seed
        Seed of the study.
    """
    names = FITTED if any("launch" in name for name in scenario.deployments) else FITTED[:2]
    bounds = numbers()
    last = first + target.size
    simulator = Simulator(scenario.changed({"simulation.months": last - 1}), FIT_RUNS, seed)

    def written(at: Array) -> dict[str, float]:
        values = {"base_desire": float(at[0])}
        values |= {name: math.exp(x) for name, x in zip(names[1:], at[1:], strict=True)}
        return dict(changes) | {
            f"parameters.{name}": min(max(value, bounds[name].low), bounds[name].high)
            for name, value in values.items()
        }

    def curve(at: Array) -> Array:
        changed = simulator.scenario_of(written(at))  # once: it reads the files of people anew
        mean: Array = simulator.curves(changed, "using").mean(axis=0)[first:last]
        return mean

    given = [getattr(scenario.numbers, name) for name in names]
    best = Level({}, [], math.inf)
    for raised, by in STARTS:
        rates = [math.log(max(by * rate, LEAST_RATE)) for rate in given[1:]]
        end = _nearest(lambda at: curve(at) - target, np.array([given[0] + raised, *rates]))
        reached = curve(end)
        apart = float(np.sqrt(np.square(reached - target).mean()))
        best = min(best, Level(written(end), reached.tolist(), apart), key=lambda it: it.apart)
        if best.apart <= NEAR:
            break
    return best


def _nearest(gap: Any, start: Array) -> Array:
    """Return where gaps are least, in damped steps from a start (Levenberg and Marquardt)."""
    here, there = start, gap(start)
    for _ in range(FIT_STEPS):
        slopes = np.stack(
            [(gap(here + step) - there) / STRIDE for step in STRIDE * np.eye(here.size)], axis=1
        )
        bend, down = slopes.T @ slopes, slopes.T @ there
        for damping in DAMPING:
            step = np.linalg.solve(bend + damping * np.eye(here.size), -down)
            beyond = here + np.clip(step, -LONGEST, LONGEST)
            value = gap(beyond)
            if value @ value < there @ there:
                break
        else:
            return here
        better = 1.0 - (value @ value) / (there @ there)
        here, there = beyond, value
        if better < 0.01:
            break
    return here


def scored(
    scenario: Scenario,
    changes: Mapping[str, float],
    watch: Watch,
    streams: Sequence[int],
    seed: int,
) -> Array:
    """Return the score after each horizon in some organisations [organisations, horizons].

    Parameters
    ----------
    scenario
        What was done, on the people and ties at hand.
    changes
        What differs, by dotted path.
    watch
        What is looked at.
    streams
        Numbers of the organisations: what is not known of people is drawn anew in each.
    seed
        Seed of the study.
    """
    simulator = Simulator(scenario, None, seed, streams=np.asarray(streams))
    months = watch.seen.shape[1]
    seen = watch.seen[:, np.minimum(np.arange(max(watch.horizons)), months - 1)]
    rows: list[list[float]] = []
    for _, lived in lives(simulator, simulator.scenario_of(changes)):
        for uses in lived.uses[:, :, watch.first :]:
            rows.append(
                [score(uses[:, :n], seen[:, :n], watch.circle).value for n in watch.horizons]
            )
    return np.array(rows)
