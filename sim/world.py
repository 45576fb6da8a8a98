"""A scenario made concrete: the people and ties of each organisation, and what holds for all.

A :class:`Design` holds what is the same in every run (chart, distributions, network);
:class:`Worlds` holds people and ties of a number of organisations. Scenarios that differ only in
programme or rollout share them: run k has the same people and ties in each.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim import networks, population, programme
from sim.compiled import compiled
from sim.networks import Wiring
from sim.parameters import Parameters, as_record
from sim.population import Chart, Shapes, quantiles
from sim.programme import Programme
from sim.rules import Switches
from sim.scenario import Scenario
from sim.state import ARCHETYPES, PEOPLE

Array = np.ndarray[Any, Any]


class Design(NamedTuple):
    """What every organisation of a scenario has in common."""

    plan: Chart
    shapes: Shapes
    wiring: Wiring
    p: Parameters


class Worlds(NamedTuple):
    """People and ties of some organisations, as both engines read them.

    Attributes
    ----------
    people
        Traits and state at the start, dtype ``PEOPLE`` [organisations, people].
    start
        Where the ties of each person begin in ``other`` [organisations, people + 1].
    other
        Row of the person noticed, one entry per tie [ties of all organisations].
    weight
        How much that person is noticed [ties of all organisations]; empty if 1 for all.
    streams
        Number of each organisation: the name of its chance [organisations].
    complete
        Whether everybody notices everybody; ties are then counted, never stored.
    """

    people: Array
    start: Array
    other: Array
    weight: Array
    streams: Array
    complete: bool


def design(scenario: Scenario) -> Design:
    """Return what the organisations of a scenario have in common."""
    organisation, p = scenario.organisation, scenario.numbers
    network = organisation.network
    return Design(
        population.chart(organisation),
        Shapes(
            archetypes=np.array([getattr(organisation.archetypes, one) for one in ARCHETYPES]),
            threat=quantiles(p.threat_shape_a, p.threat_shape_b),
            justified=quantiles(p.justified_shape_a, p.justified_shape_b),
            threshold=quantiles(p.threshold_shape_a, p.threshold_shape_b),
            match=quantiles(p.match_shape, p.match_shape),
            anxious_skill=quantiles(p.anxious_skill_shape_a, p.anxious_skill_shape_b),
            skill=quantiles(p.skill_shape_a, p.skill_shape_b),
            go_live=scenario.tool.go_live,
            weekly_hours=organisation.weekly_hours,
            task_saving=scenario.tool.task_saving,
            hourly_cost=organisation.hourly_cost,
        ),
        Wiring(
            kind=networks.KINDS.index(network.kind),
            team_ties=network.team_ties,
            cross_ties=float(network.cross_ties),
            inside_department=network.inside_department,
            sociability_spread=float(network.sociability_spread),
            degree=float(network.degree),
            rewiring=network.rewiring,
            keep_degree=network.keep_degree,
        ),
        p,
    )


@compiled
def _draw(
    plan: Chart,
    shapes: Shapes,
    wiring: Wiring,
    record: Array,
    seed: int,
    streams: Array,
    people: Array,
    start: Array,
) -> Array:
    """Draw people and, where they work in teams, ties of the organisations with these numbers."""
    p = record[0]
    size = plan.role.size
    other = np.empty(16 * size, np.uint32)
    filled = 0
    for r in range(streams.size):
        population.draw_people(people[r], plan, shapes, p, seed, streams[r])
        if wiring.kind != networks.TEAMS:
            continue
        first, second = networks.team_pairs(
            people[r], plan.department_start, seed, streams[r], wiring
        )
        begin, found = networks.ties_of_pairs(size, first, second)
        if filled + found.size > other.size:
            other = networks.grown(other, (filled + found.size) * (streams.size + 1) // (r + 1))
        for k in range(found.size):
            other[filled + k] = found[k]
        for i in range(size + 1):
            start[r, i] = begin[i] + filled
        filled += found.size
    return other[:filled]


def draw_worlds(plan: Design, seed: int, streams: Array) -> Worlds:
    """Draw people and ties of the organisations with these numbers.

    Parameters
    ----------
    plan
        What they have in common.
    seed
        Seed of the study.
    streams
        Numbers of the organisations, integers from 0.
    """
    streams = np.asarray(streams, np.int64)
    size = plan.plan.role.size
    people = np.zeros((streams.size, size), PEOPLE)
    people["key"] = np.arange(size)
    start = np.zeros((streams.size, size + 1), np.int64)
    record, wiring = as_record(plan.p), plan.wiring
    other = _draw(plan.plan, plan.shapes, wiring, record, seed, streams, people, start)
    if wiring.kind not in (networks.TEAMS, networks.COMPLETE):
        found = []
        for r, stream in enumerate(streams):
            begin, row = networks.draw_theory_ties(size, wiring, seed, int(stream))
            start[r] = begin + (start[r - 1, -1] if r else 0)
            found.append(row)
        other = np.concatenate(found)
    complete = wiring.kind == networks.COMPLETE
    return Worlds(people, start, other, np.empty(0, np.float32), streams, complete)


class Plan(NamedTuple):
    """Everything but people and ties that a run of a scenario needs."""

    programme: Programme
    p: Parameters
    switches: Switches
    months: int
    substeps: int


def plan(scenario: Scenario) -> Plan:
    """Return what a run of a scenario needs besides people and ties."""
    return Plan(
        programme.compile_programme(scenario),
        scenario.numbers,
        scenario.switches,
        scenario.simulation.months,
        scenario.simulation.substeps,
    )
