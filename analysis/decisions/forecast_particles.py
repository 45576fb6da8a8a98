"""Organisations that might be the one observed: simulated once, and kept for every later forecast.

A particle is an organisation with its own people, ties and luck under a set of numbers. What is
kept of it are counts of people, so that nothing is lost between one forecast and the next.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from analysis.decisions.stored import Place
from analysis.results.ensemble import under
from analysis.results.pieces import Notice, Pieces
from sim import kpis
from sim.engine.kinds import Array
from sim.errors import InterruptedStudyError
from sim.people import population
from sim.scenario.schema import Scenario
from sim.simulator import Simulator, Vector
from sim.study.experiments import Progress

PARTICLES: Final = 20_000
"""Organisations of 140 people that take about half a minute on two cores."""

USUAL: Final = 140
FEWEST: Final = 5
"""People of an organisation for which that holds; fewest organisations of a vector."""

SHOWN: Final = ("using", "adoption")
"""KPIs of which particles are kept: users of a month, and weekly users."""

LOOKED_AT: Final = 20
"""Organisations in which it is looked who has access when."""


class Particles(NamedTuple):
    """P organisations, D departments with the management first, T months.

    Attributes
    ----------
    vector
        Place of each one's vector among all of them [P].
    stream
        Number of each organisation [P].
    prior
        Weight before anything is observed: each set of evidence weighs the same [P; sums to 1].
    context
        How much more its people want to use AI than those of other organisations [P; standard
        deviations].
    people, heads
        People of an organisation, and of each of its departments [D].
    departments
        What departments are called.
    access
        Share with access, of everybody and of each department [D + 1, T + 1].
    curves
        Share of the people, by KPI [P, T + 1].
    parts
        The same by department [P, D, T + 1].
    """

    vector: Array
    stream: Array
    prior: Array
    context: Array
    people: int
    heads: Array
    departments: tuple[str, ...]
    access: Array
    curves: Mapping[str, Array]
    parts: Mapping[str, Array]


def organisations_of(scenario: Scenario, vectors: int, particles: int = PARTICLES) -> int:
    """Return how many organisations of each vector make about so many particles.

    Of larger organisations there are fewer, so that it takes about as long.
    """
    people = max(USUAL, scenario.organisation.employees)
    return max(FEWEST, round(particles / vectors * USUAL / people))


def place_of(
    scenario: Scenario, sets: Mapping[str, Sequence[Vector]], organisations: int, seed: int
) -> Place:
    """Return where the particles of a scenario lie: another seed, code or scenario has others."""
    return Place(
        "forecast", {scenario.name: scenario}, seed, organisations, {"what": "particles"}, sets
    )


def pieces_of(place: Place, root: Path, notice: Notice) -> Pieces:
    """Return the particles that are there already, and where others are kept: what is damaged is said."""
    folder = root / "forecast" / "particles" / place.folder(root).name
    return Pieces(folder, place.determining, notice)


def particles_of(
    scenario: Scenario,
    sets: Mapping[str, Sequence[Vector]],
    organisations: int,
    seed: int,
    *,
    progress: Progress | None = None,
    pieces: Pieces | None = None,
) -> Particles:
    """Return all particles; those in ``pieces`` are taken from there.

    Raises
    ------
    InterruptedStudyError
        If it is interrupted.
    """
    vectors = [vector for several in sets.values() for vector in several]

    def work(number: int) -> str:
        simulator = under(vectors[number], number, scenario, organisations, seed)
        return packed(_lived(simulator, seed))

    kept = (pieces or Pieces()).over("particles", work, range(len(vectors)), str, progress)
    parts = [unpacked(text) for _, text in sorted(kept)]  # those that were there come first
    if len(parts) < len(vectors):
        raise InterruptedStudyError(
            f"interrupted: {len(parts):,} of {len(vectors):,} vectors are finished; the same command "
            "goes on from there"
        )
    weights = [1.0 / len(sets) / len(several) for several in sets.values() for _ in several]
    everything = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    heads, people = everything["heads"][0].astype(float), scenario.organisation.employees
    return Particles(
        np.repeat(np.arange(len(vectors)), organisations),
        np.arange(len(vectors) * organisations),
        np.repeat(weights, organisations) / organisations,
        everything["context"],
        people,
        heads,
        departments_of(scenario),
        access_of(scenario),
        {kpi: everything[kpi] / people for kpi in SHOWN},
        {
            kpi: everything[f"{kpi} by department"].astype(np.float32) / heads[:, None]
            for kpi in SHOWN
        },
    )


def _lived(simulator: Simulator, seed: int) -> dict[str, Array]:
    """Return counts of people of each organisation of a vector, and its context."""
    lived = simulator.simulate(by=("department",))
    scenario = simulator.scenario_of(None, 0)
    p = scenario.numbers
    first = simulator.first_groups(by=("department",))["department"]
    groups = slice(first, first + len(departments_of(scenario)))
    heads = lived.heads[:, 0, groups]
    spread = p.context_spread or 1.0
    contexts = [population.draw_context(p, seed, int(k)) / spread for k in simulator.streams]
    arrays = {"context": np.array(contexts), "heads": heads.astype(np.uint32)}
    people = scenario.organisation.employees
    for kpi in SHOWN:
        column = kpis.COLUMN[kpi]
        arrays[kpi] = _people(lived.rows[:, :, column], people)
        shares = np.moveaxis(np.nan_to_num(lived.grouped[:, :, groups, column]), 2, 1)
        arrays[f"{kpi} by department"] = _people(shares, heads[:, :, None])
    return arrays


def _people(shares: Array, of: Array | int) -> Array:
    """Return shares as numbers of people, whole as they are."""
    counts: Array = np.rint(shares * of).astype(np.uint32)
    return counts


def departments_of(scenario: Scenario) -> tuple[str, ...]:
    """Return the departments that are measured: of real people those that may be told, 'a + b' as one."""
    names: tuple[str, ...] = population.group_names(scenario, population.chart(scenario))[
        "department"
    ]
    return names


def access_of(scenario: Scenario) -> Array:
    """Return the share of everybody, and of each department, with access by month [D + 1, months + 1].

    Counted in a few organisations: who comes later is not among them, and comes to a tool that is there.
    """
    months = np.arange(scenario.simulation.months + 1)
    simulator = Simulator(scenario, LOOKED_AT, threads=1)
    people = np.concatenate([worlds.people for worlds in simulator.worlds()])
    there = people["access_month"][:, :, None] <= months
    home = population.chart(scenario).groups[:, 0]
    several = [there.mean(axis=(0, 1))]
    for k in range(len(departments_of(scenario))):
        inside = home == k
        several.append(
            there[:, inside].mean(axis=(0, 1)) if inside.any() else np.zeros(months.size)
        )
    return np.array(several)


def packed(arrays: Mapping[str, Array]) -> str:
    """Return arrays as a text, compressed; the same arrays give the same text."""
    content = io.BytesIO()
    savez: Any = np.savez_compressed
    savez(content, **arrays)
    return base64.b64encode(content.getvalue()).decode()


def unpacked(text: str) -> dict[str, Array]:
    """Return the arrays of a text that :func:`packed` made."""
    with np.load(io.BytesIO(base64.b64decode(text)), allow_pickle=False) as content:
        return {name: content[name] for name in content.files}
