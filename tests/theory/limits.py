"""How the engine is brought to a limit of theory: every mechanism off, then one on."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final

import numpy as np

from sim import kernel, kpis, world
from sim.engine.kinds import Array
from sim.scenario.schema import Scenario
from sim.theory import switched_off
from sim.world import Worlds

SEED: Final = 1
KPIS: Final = [one.name for one in kpis.MEASURED]

CERTAIN: Final = {
    "rules.contagion": "step",
    "rules.decision": "certain",
    "parameters.peer_weight": 1.0,
    "simulation.substeps": 1,
}
"""Everybody follows for certain once enough colleagues use AI: one step a month."""


def neutral(changes: Mapping[str, Any]) -> Scenario:
    """Return a scenario in which nothing happens but what these changes switch on.

    Desire is the plain sum of what speaks for it, nobody stops, everybody notices everybody.
    """
    return switched_off().changed(changes)


def bass(p: float, q: float, changes: Mapping[str, Any]) -> Scenario:
    """Return the scenario of Bass: a rate ``p``, and ``q`` times the share of others who use."""
    return neutral({"parameters.base_desire": p, "parameters.peer_weight": q, **changes})


def worlds_of(scenario: Scenario, runs: int = 1) -> Worlds:
    """Return people and ties of some organisations; their arrays are free to be changed."""
    return world.draw_worlds(world.design(scenario), SEED, np.arange(runs))


def copies(worlds: Worlds, number: int) -> Worlds:
    """Return the first organisation a number of times over, with the same ties."""
    return worlds._replace(
        people=np.repeat(worlds.people[:1], number, axis=0),
        start=np.repeat(worlds.start[:1], number, axis=0),
        streams=np.arange(number),
    )


def let_use(worlds: Worlds, who: Any) -> None:
    """Let some people use AI from the start; ``who`` picks them from [organisations, people]."""
    for column in ("uses", "ever_used"):
        worlds.people[column][who] = 1


def measure(scenario: Scenario, worlds: Worlds, kpi: str = "using") -> Array:
    """Return a KPI: one row per organisation, one column per month from 0."""
    rows, *_ = kernel.simulate(worlds, world.plan(scenario), SEED)
    curves: Array = rows[:, :, KPIS.index(kpi)]
    return curves


def people_after(scenario: Scenario, worlds: Worlds) -> Array:
    """Return the people of each organisation as they end, without what they perceive in vain."""
    plan = world.plan(scenario)
    people = kernel.simulate(worlds, plan, SEED, keep_people=True).people
    if plan.p.leader_weight == 0.0:
        people["perceived_example"] = 0.0
    if plan.p.peer_weight == 0.0:
        people["perceived_pull"] = 0.0
    return people


def circles(worlds: Worlds, run: int = 0) -> list[list[int]]:
    """Return whom each person of an organisation notices."""
    return [worlds.other[first:end].tolist() for first, end in pairwise(worlds.start[run])]


def assert_within_four_errors(sample: Array, expected: Any) -> None:
    """Hold the mean of independent runs [runs, ...] against theory."""
    error = sample.std(axis=0, ddof=1) / np.sqrt(len(sample))
    distance = np.abs(sample.mean(axis=0) - expected)
    assert (distance <= 4.0 * error).all(), (sample.mean(axis=0), expected, error)


def assert_share_within_four_errors(happened: int, of: int, expected: float) -> None:
    """Hold how often something happened against its chance."""
    error = np.sqrt(expected * (1.0 - expected) / of)
    assert abs(happened / of - expected) <= 4.0 * error, (happened / of, expected, error)
