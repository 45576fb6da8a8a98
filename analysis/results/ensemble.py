"""Studies under several parameter vectors: what every study of uncertainty draws.

Vector ``v`` has its own organisations; within a vector all scenarios share people, ties and luck.
So a difference between scenarios is always one of pairs, and the three uncertainties (luck,
organisations, parameters) can be told apart afterwards.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeVar

import numpy as np

from sim import kpis
from sim.engine.kinds import Array
from sim.programme.deployments import first_go_live
from sim.scenario.schema import Scenario
from sim.simulator import Prepare, Programme, Simulator, Vector
from sim.study.experiments import in_order

Progress = Callable[[int, int], None]
Part = TypeVar("Part")

CONTINUATIONS: Final = 30
"""Of the expected intensity of an organisation, in which a trough is looked for."""


def under(
    vector: Vector, number: int, scenario: Scenario | str, organisations: int, seed: int
) -> Simulator:
    """Return the simulator of the organisations of one vector, in the thread it is used in.

    Parameters
    ----------
    vector
        Numbers of the rules by name; a scenario's own changes of them give way.
    number
        Number of the vector: no two vectors share an organisation.
    scenario
        Any of those that will be simulated.
    organisations
        Organisations of the vector.
    seed
        Seed of the study.
    """
    first = number * organisations
    return Simulator(scenario, organisations, seed, [vector], first=first, threads=1)


def over_vectors(
    work: Callable[[int], Part], numbers: Sequence[int], progress: Progress | None = None
) -> Iterator[Part]:
    """Yield what a function gives for each of these vectors, in order, on all processors.

    Ctrl-C ends it quietly after the vectors finished without a gap.
    """
    pieces = [np.array([number]) for number in numbers]
    workers = os.cpu_count() or 1
    parts = in_order(
        lambda piece: {"part": work(int(piece[0]))}, pieces, workers, progress, len(pieces)
    )
    return (part["part"] for part in parts)


def falls(
    simulator: Simulator,
    programme: Programme = None,
    runs: int | None = None,
    prepare: Prepare | None = None,
) -> Array:
    """Return which part of the novelty's top each organisation loses, by its expected intensity."""
    go_live = first_go_live(simulator.scenario_of(programme, 0))
    # What comes later does not count and changes nothing before.
    months = go_live + kpis.SAGS
    expected = expected_intensity(simulator, programme, runs, months, prepare)
    return kpis.fall_after_novelty(expected, go_live)


def troughs(
    simulator: Simulator,
    programme: Programme = None,
    runs: int | None = None,
    prepare: Prepare | None = None,
) -> Array:
    """Return which organisations sag after the novelty [bool]."""
    sag: Array = falls(simulator, programme, runs, prepare) >= kpis.TROUGH
    return sag


def expected_intensity(
    simulator: Simulator,
    programme: Programme = None,
    runs: int | None = None,
    months: int | None = None,
    prepare: Prepare | None = None,
) -> Array:
    """Return the expected intensity of each organisation [organisations, months + 1].

    It is the mean over continuations that share people and ties and differ in luck, so that the
    noise of a small firm makes no trough.
    """
    column, parts = kpis.COLUMN["intensity"], []
    for k in range(1, CONTINUATIONS + 1):
        luck = simulator.simulate(
            programme, continuation=k, runs=runs, months=months, prepare=prepare
        )
        parts.append(luck.rows[:, :, column])
    mean: Array = sum(parts[1:], parts[0]) / CONTINUATIONS
    return mean
