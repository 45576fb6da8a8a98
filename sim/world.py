"""A scenario made concrete: the people and ties of each organisation, and what holds for all.

A :class:`Design` holds what is the same in every run (chart, distributions, network);
:class:`Worlds` holds people and ties of a number of organisations. Scenarios that differ only in
programme or rollout share them: run k has the same people and ties in each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from sim import networks
from sim.engine import entry
from sim.engine.kinds import I8, I8_2, Array
from sim.month import Setting
from sim.networks import Wiring
from sim.parameters import Numbers, Parameters, as_record
from sim.people import population
from sim.people.population import Chart, Known, Shapes, quantiles
from sim.programme import compiling, ledger
from sim.programme.deployments import access_months, first_go_live
from sim.programme.effects import Programme
from sim.programme.levers import effective_numbers, in_service, levers
from sim.rules import Switches
from sim.scenario.library import read_archetypes
from sim.scenario.schema import Scenario
from sim.state import PEOPLE, Staffs

if TYPE_CHECKING:
    from sim.scenario.imports import Imported


SKILLS: Final = {"usual": population.SKILL, "anxious": population.ANXIOUS_SKILL}
"""Table of ``population.TABLES`` that skill is drawn from, as an archetype says."""


AT_ONCE: Final = 2_000_000
"""People drawn or simulated in one call of the engine, unless one organisation has more: its memory is 4 GiB."""


class Design(NamedTuple):
    """What every organisation of a scenario has in common."""

    plan: Chart
    shapes: Shapes
    facts: Known
    wiring: Wiring
    p: Parameters
    ties: tuple[Array, Array, Array] | None
    """Ties read from a file: as :func:`sim.networks.ties_of_pairs` returns them, and weights."""


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

    def ties_of(self, runs: slice) -> tuple[Array, Array, Array]:
        """Return ``start``, ``other`` and ``weight`` of some of the organisations alone."""
        start = self.start[runs]
        if not start.size:
            return start, self.other[:0], self.weight[:0]
        first, last = start[0, 0], start[-1, -1]
        weight = self.weight[first:last] if self.weight.size else self.weight
        return start - first, self.other[first:last], weight


def design(scenario: Scenario) -> Design:
    """Return what the organisations of a scenario have in common."""
    organisation, p = scenario.organisation, effective_numbers(scenario)
    network, culture = organisation.network, levers(scenario)
    given = population.imported(organisation)
    ties = None if given is None or organisation.ties is None else imported_ties(given)
    phases, go_live = access_months(scenario)
    names = population.department_names(organisation)
    kinds = read_archetypes().values()
    chart = population.chart(scenario)
    meant = [population.among(phase.departments, names) for phase in scenario.tool.phases]
    shapes = Shapes(
        archetypes=shares_of(scenario),
        own_threats=np.array([kind.own_threats for kind in kinds], np.uint8),
        skills=np.array([SKILLS[kind.skill] for kind in kinds], np.int64),
        tables=np.array(
            [
                quantiles(p.threat_shape_a, p.threat_shape_b),
                quantiles(p.justified_shape_a, p.justified_shape_b),
                quantiles(p.threshold_shape_a, p.threshold_shape_b),
                quantiles(p.match_shape, p.match_shape),
                quantiles(p.anxious_skill_shape_a, p.anxious_skill_shape_b),
                quantiles(p.skill_shape_a, p.skill_shape_b),
            ]
        ),
        powers=np.array([*culture.threat, culture.skill]),
        phase_month=np.array(phases, np.int64),
        phase_share=np.array([phase.share for phase in scenario.tool.phases], float),
        phase_departments=np.array(meant, np.bool_).reshape(len(phases), len(names)),
        go_live=go_live,
        weekly_hours=float(organisation.weekly_hours),
        hourly_cost=float(organisation.hourly_cost),
        opportunity=np.array(
            [
                [population.opportunity(min(1.0, share * by), p) for by in (1.0, p.leader_tasks)]
                for share in chart.task_share
            ]
        ),
        already=population.already_using(scenario, chart),
        threat=scenario.switches.threat,
    )
    return Design(
        chart,
        shapes,
        population.known(scenario, shapes),
        Wiring(
            kind=networks.KIND.imported if ties else networks.KINDS.index(network.kind),
            team_ties=network.team_ties,
            cross_ties=float(network.cross_ties),
            inside_department=network.inside_department,
            sociability_spread=float(network.sociability_spread),
            degree=float(network.degree),
            rewiring=network.rewiring,
            keep_degree=network.keep_degree,
        ),
        p,
        ties,
    )


def shares_of(scenario: Scenario) -> Array:
    """Return how often each archetype occurs, up to the last that does."""
    shares = population.archetype_shares(scenario.organisation)
    return np.trim_zeros(np.array(list(shares.values())), "b")


def imported_ties(given: Imported) -> tuple[Array, Array, Array]:
    """Return the ties of a file: where each row starts, whom it notices, and how much."""
    source = np.concatenate([given.first, given.second])
    target = np.concatenate([given.second, given.first])
    order = np.lexsort((target, source))
    start = np.searchsorted(source[order], np.arange(given.role.size + 1))
    weight = np.concatenate([given.weight, given.weight])[order]
    return start.astype(np.int64), target[order].astype(np.uint32), weight.astype(np.float32)


@entry
def _draw(
    plan: Chart,
    shapes: Shapes,
    facts: Known,
    wiring: Wiring,
    record: Numbers,
    seed: int,
    streams: I8,
    people: Staffs,
    start: I8_2,
) -> Array:
    """Draw people and, where they work in teams, ties of the organisations with these numbers."""
    p = record[0]
    size = plan.role.size
    other = np.empty(16 * size, np.uint32)
    filled = 0
    for r in range(streams.size):
        population.draw_people(people[r], plan, shapes, facts, p, seed=seed, stream=streams[r])
        if wiring.kind != networks.KIND.teams:
            continue
        first, second = networks.team_pairs(
            people[r], plan.department_start, seed, streams[r], wiring
        )
        begin, ties = networks.ties_of_pairs(size, first, second)
        if filled + ties.size > other.size:
            other = networks.grown(other, (filled + ties.size) * (streams.size + 1) // (r + 1))
        for k in range(ties.size):
            other[filled + k] = ties[k]
        for i in range(size + 1):
            start[r, i] = begin[i] + filled
        filled += ties.size
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
    ties = [np.empty(0, np.uint32)]
    at_once = max(1, AT_ONCE // size)
    for first in range(0, streams.size, at_once):
        some = slice(first, first + at_once)
        drawn = _draw(
            plan.plan,
            plan.shapes,
            plan.facts,
            wiring,
            record,
            seed,
            streams[some],
            people[some],
            start[some],
        )
        start[some] += sum(tie.size for tie in ties)
        ties.append(drawn)
    other = np.concatenate(ties)
    weight = np.empty(0, np.float32)
    if plan.ties is not None:
        begin, row, weights = plan.ties
        start[:] = begin + row.size * np.arange(streams.size)[:, None]
        other, weight = np.tile(row, streams.size), np.tile(weights, streams.size)
    elif wiring.kind not in (networks.KIND.teams, networks.KIND.complete):
        worlds = []
        for r, stream in enumerate(streams):
            begin, row = networks.draw_theory_ties(
                size, wiring, seed, int(stream), plan.plan.department_start
            )
            start[r] = begin + (start[r - 1, -1] if r else 0)
            worlds.append(row)
        other = np.concatenate(worlds)
    complete = wiring.kind == networks.KIND.complete
    return Worlds(people, start, other, weight, streams, complete)


class Plan(NamedTuple):
    """Everything but people and ties that a run of a scenario needs."""

    chart: Chart
    programme: Programme
    setting: Setting
    p: Parameters
    switches: Switches
    months: int
    substeps: int


def plan(scenario: Scenario, common: Design | None = None) -> Plan:
    """Return what a run of a scenario needs besides people and ties.

    Parameters
    ----------
    scenario
        The scenario.
    common
        What its organisations have in common, if that is known already.
    """
    common = design(scenario) if common is None else common
    tool = scenario.tool
    return Plan(
        common.plan,
        compiling.compile_programme(scenario, common.plan),
        Setting(
            leaving=ledger.leaving_chance(scenario.organisation.turnover),
            licence=float(tool.licence_price),
            integration=float(tool.integration_cost + tool.data_cost),
            support=float(tool.support_per_month),
            investment=float(tool.investment),
            go_live=first_go_live(scenario),
            use_cases=float(max(1, len(tool.use_cases))),
            shapes=common.shapes,
            savable=common.plan.savable,
        ),
        in_service(scenario, common.p),
        scenario.switches,
        scenario.simulation.months,
        scenario.simulation.substeps,
    )
