"""Several scenarios under several parameter vectors: the bank behind every study of uncertainty.

Vector ``v`` has its own organisations; within a vector all scenarios share people, ties and luck.
So a difference between scenarios is always one of pairs, and the three uncertainties (luck,
organisations, parameters) can be told apart afterwards.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np

from sim import kernel, kpis, world
from sim.errors import InterruptedStudyError
from sim.experiments import in_order, population_key
from sim.scenario import Scenario

Array = np.ndarray[Any, Any]
Progress = Callable[[int, int], None]
Vector = Mapping[str, float]
Part = TypeVar("Part")

CONTINUATIONS = 30
"""Of the expected intensity of an organisation, in which a trough is looked for."""

FAR = 1_000_003
"""Distance between the streams of luck of two continuations of one organisation."""


class Drawn(NamedTuple):
    """A scenario made concrete under a vector: ready to be simulated."""

    scenario: Scenario
    worlds: world.Worlds
    plan: world.Plan


def with_vector(scenario: Scenario, vector: Vector) -> Scenario:
    """Return the scenario with these numbers of the rules; its own changes of them give way."""
    values = {f"parameters.{name}": value for name, value in vector.items()}
    return scenario.changed(values) if values else scenario


def drawn(
    scenarios: Mapping[str, Scenario], vector: Vector, streams: Array, seed: int
) -> Iterator[tuple[str, Drawn]]:
    """Yield each scenario with its people and ties; people are drawn once where they are the same.

    Parameters
    ----------
    scenarios
        Scenarios by name.
    vector
        Numbers of the rules by name.
    streams
        Numbers of the organisations.
    seed
        Seed of the study.
    """
    designs: dict[str, tuple[world.Design, world.Worlds]] = {}
    for name, scenario in scenarios.items():
        one = with_vector(scenario, vector)
        key = population_key(one)
        if key not in designs:
            design = world.design(one)
            designs[key] = design, world.draw_worlds(design, seed, streams)
        design, worlds = designs[key]
        yield name, Drawn(one, worlds, world.plan(one, design))


def organisations_of(vector: int, organisations: int, first: int = 0) -> Array:
    """Return the numbers of the organisations of a vector: no two vectors share any."""
    start = first + vector * organisations
    return np.arange(start, start + organisations)


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


def simulate(
    scenarios: Mapping[str, Scenario],
    vectors: Sequence[Vector],
    organisations: int,
    seed: int,
    progress: Progress | None = None,
    first: int = 0,
) -> dict[str, Array]:
    """Simulate every scenario under every vector.

    Parameters
    ----------
    scenarios
        Scenarios by name.
    vectors
        Numbers of the rules by name; an empty one stands for the defaults.
    organisations
        Organisations of each vector.
    seed
        Seed of the study.
    progress
        Called with the number of vectors finished and the total.
    first
        Number of the first organisation, from 0.

    Returns
    -------
    dict
        KPIs by scenario [vectors, organisations, months + 1, KPIs of ``kpis.MEASURED``].

    Examples
    --------
    >>> import sim
    >>> from analysis.ensemble import simulate
    >>> found = simulate({"one": sim.load("baseline")}, [{}, {"stop_rate": 0.5}], 3, seed=1)
    >>> found["one"].shape[:3]
    (2, 3, 25)
    """

    def work(number: int) -> dict[str, Array]:
        streams = organisations_of(number, organisations, first)
        return {
            name: kernel.simulate(one.worlds, one.plan, seed).rows
            for name, one in drawn(scenarios, vectors[number], streams, seed)
        }

    parts = list(over_vectors(work, range(len(vectors)), progress))
    if not parts:
        raise InterruptedStudyError("interrupted before the first vector was finished")
    return {name: np.stack([part[name] for part in parts]) for name in scenarios}


def troughs(one: Drawn, seed: int) -> Array:
    """Return which organisations sag after the novelty, by their expected intensity [bool]."""
    return kpis.has_trough(expected_intensity(one, seed), one.plan.setting.go_live)


def expected_intensity(one: Drawn, seed: int) -> Array:
    """Return the expected intensity of each organisation [organisations, months + 1].

    It is the mean over continuations that share people and ties and differ in luck, so that the
    noise of a small firm makes no trough.
    """
    total = np.zeros((one.worlds.streams.size, one.plan.months + 1))
    for continuation in range(1, CONTINUATIONS + 1):
        luck = one.worlds.streams + FAR * continuation
        rows = kernel.simulate(one.worlds, one.plan, seed, luck).rows
        total += rows[:, :, kpis.COLUMN["intensity"]]
    mean: Array = total / CONTINUATIONS
    return mean
