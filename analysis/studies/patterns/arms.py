"""How the arms of an experiment are simulated: on the same people, ties and luck."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from analysis.results.ensemble import expected_intensity, over_vectors
from sim.engine.kinds import Array
from sim.errors import InterruptedStudyError
from sim.scenario.folders import scenario_folders
from sim.scenario.schema import Scenario
from sim.simulator import Simulator, Vector
from sim.study import results
from sim.study.experiments import CHUNK_PEOPLE

Curves = Mapping[str, Mapping[str, Array]]

MONTH: Final = 18
"""Month looked at, where a pattern does not say another."""

NO_NOVELTY: Final[Vector] = {"user_novelty": 0.0, "launch_novelty": 0.0}
"""Nothing new about it: neither a launch nor what one's own first use adds."""


class Study(NamedTuple):
    """How often an experiment is repeated, and with which numbers of the rules.

    Attributes
    ----------
    runs
        Organisations under each vector, the same in every arm.
    seed
        Seed of the study.
    vectors
        Numbers of the rules by name; an empty one stands for the defaults.
    """

    runs: int
    seed: int
    vectors: Sequence[Vector] = ({},)

    @property
    def continued(self) -> int:
        """Organisations under each vector that are continued many times: that takes long."""
        return max(min(4, self.runs), self.runs // 4)


def scenario_files() -> list[list[str]]:
    """Return every file in which an arm may be looked up, with a hash of what it holds."""
    return [
        [path.name, hashlib.sha256(path.read_bytes()).hexdigest()]
        for folder in scenario_folders()
        for path in sorted(folder.glob("*.y*ml"))
        if path.is_file()
    ]


def in_pieces(
    measure: Callable[[Simulator], Array],
    study: Study,
    scenario: Scenario,
    fixed: Vector | None = None,
    runs: int | None = None,
) -> Array:
    """Return what a function gives for every vector and organisation [vectors, runs, ...].

    Parameters
    ----------
    measure
        Takes the simulator of some organisations under one vector; returns a row of each.
    study
        What is simulated.
    scenario
        The arm, or the one with the most people.
    fixed
        Numbers of the rules that are the same whatever the vector says.
    runs
        Organisations of each vector that are looked at, its first ones; by default all.

    Raises
    ------
    InterruptedStudyError
        If Ctrl-C came before all of it was finished.
    """
    runs = study.runs if runs is None else runs
    people = scenario.organisation.employees
    chunk = max(1, min(CHUNK_PEOPLE // people, -(-runs // (4 * (os.cpu_count() or 1)))))
    if len(study.vectors) > 1:
        chunk = runs
    pieces = [
        (vector, number * study.runs + np.arange(first, min(first + chunk, runs)))
        for number, vector in enumerate(study.vectors)
        for first in range(0, runs, chunk)
    ]

    def work(number: int) -> Array:
        vector, streams = pieces[number]
        vectors = [{**vector, **(fixed or {})}]
        simulator = Simulator(
            scenario, seed=study.seed, vectors=vectors, streams=streams, threads=1
        )
        return measure(simulator)

    parts = list(over_vectors(work, range(len(pieces))))
    if len(parts) < len(pieces):
        raise InterruptedStudyError("interrupted before the experiment was finished")
    whole = np.concatenate(parts)
    return whole.reshape(len(study.vectors), runs, *whole.shape[1:])


def curves(
    scenarios: Sequence[Scenario],
    study: Study,
    kpis: Sequence[str] = ("adoption",),
    fixed: Vector | None = None,
) -> Curves:
    """Return KPIs by scenario and name [vectors, organisations, months + 1].

    Parameters
    ----------
    scenarios
        Arms, each with a name of its own, all with as many months.
    study
        What is simulated.
    kpis
        What is measured.
    fixed
        Numbers of the rules that are the same whatever the vector says.
    """

    def measure(simulator: Simulator) -> Array:
        measured = []
        for scenario in scenarios:
            rows, under = simulator.simulate(scenario).rows, simulator.scenario_of(scenario, 0)
            measured.append([results.curves(under, rows, kpi) for kpi in kpis])
        return np.moveaxis(np.array(measured), 2, 0)

    largest = max(scenarios, key=lambda scenario: scenario.organisation.employees)
    whole = in_pieces(measure, study, largest, fixed)
    return {
        scenario.name: {kpi: whole[:, :, arm, place] for place, kpi in enumerate(kpis)}
        for arm, scenario in enumerate(scenarios)
    }


def adoption(scenarios: Sequence[Scenario], study: Study) -> dict[str, Array]:
    """Return adoption by scenario [vectors, organisations, months + 1]."""
    return {name: curve["adoption"] for name, curve in curves(scenarios, study).items()}


def expected(scenario: Scenario, study: Study, fixed: Vector | None = None) -> Array:
    """Return the expected intensity of some organisations [vectors, organisations, months + 1].

    Parameters
    ----------
    scenario
        The one arm.
    study
        What is simulated; of each vector the first ``study.continued`` organisations.
    fixed
        Numbers of the rules that are the same whatever the vector says.
    """
    return in_pieces(expected_intensity, study, scenario, fixed, study.continued)
