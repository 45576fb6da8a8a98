"""Several scenarios under several parameter vectors: what every study of uncertainty draws.

Vector ``v`` has its own organisations; within a vector all scenarios share people, ties and luck.
So a difference between scenarios is always one of pairs, and the three uncertainties (luck,
organisations, parameters) can be told apart afterwards.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

import numpy as np

from sim import kernel, kpis, world
from sim.engine.kinds import Array
from sim.scenario.schema import Scenario
from sim.study.experiments import in_order, luck_of, population_key

Progress = Callable[[int, int], None]
Vector = Mapping[str, float]
Part = TypeVar("Part")

CONTINUATIONS = 30
"""Of the expected intensity of an organisation, in which a trough is looked for."""


class Drawn(NamedTuple):
    """A scenario made concrete under a vector: ready to be simulated."""

    scenario: Scenario
    worlds: world.Worlds
    plan: world.Plan


def first_of(one: Drawn, number: int | None) -> Drawn:
    """Return a scenario with the first of its organisations only."""
    worlds = one.worlds
    return one._replace(
        worlds=worlds._replace(
            people=worlds.people[:number],
            start=worlds.start[:number],
            streams=worlds.streams[:number],
        )
    )


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


def falls(one: Drawn, seed: int) -> Array:
    """Return which part of the novelty's top each organisation loses, by its expected intensity."""
    go_live = one.plan.setting.go_live
    # What comes later does not count and changes nothing before.
    first = one._replace(plan=one.plan._replace(months=min(one.plan.months, go_live + kpis.SAGS)))
    return kpis.fall_after_novelty(expected_intensity(first, seed), go_live)


def troughs(one: Drawn, seed: int) -> Array:
    """Return which organisations sag after the novelty [bool]."""
    sag: Array = falls(one, seed) >= kpis.TROUGH
    return sag


def expected_intensity(one: Drawn, seed: int) -> Array:
    """Return the expected intensity of each organisation [organisations, months + 1].

    It is the mean over continuations that share people and ties and differ in luck, so that the
    noise of a small firm makes no trough.
    """
    total = np.zeros((one.worlds.streams.size, one.plan.months + 1))
    for continuation in range(1, CONTINUATIONS + 1):
        luck = luck_of(one.worlds.streams, continuation)
        rows = kernel.simulate(one.worlds, one.plan, seed, luck).rows
        total += rows[:, :, kpis.COLUMN["intensity"]]
    mean: Array = total / CONTINUATIONS
    return mean
