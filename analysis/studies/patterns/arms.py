"""How the arms of an experiment are simulated: on the same people, ties and luck."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from analysis.results.ensemble import (
    Drawn,
    Vector,
    drawn,
    expected_intensity,
    organisations_of,
    over_vectors,
)
from sim import kernel
from sim.engine.kinds import Array
from sim.errors import InterruptedStudyError
from sim.scenario.schema import Scenario
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


def in_pieces(
    simulate: Callable[[Vector, Array], Array], study: Study, people: int, runs: int | None = None
) -> Array:
    """Return what a function gives for every vector and organisation [vectors, runs, ...].

    Parameters
    ----------
    simulate
        Takes a vector and the numbers of some organisations.
    study
        What is simulated.
    people
        People in an organisation.
    runs
        Organisations of each vector that are looked at, its first ones; by default all.

    Raises
    ------
    InterruptedStudyError
        If Ctrl-C came before all of it was finished.
    """
    runs = study.runs if runs is None else runs
    chunk = max(1, min(CHUNK_PEOPLE // people, -(-runs // (4 * (os.cpu_count() or 1)))))
    if len(study.vectors) > 1:
        chunk = runs
    pieces = [
        (vector, organisations_of(number, study.runs)[first : min(first + chunk, runs)])
        for number, vector in enumerate(study.vectors)
        for first in range(0, runs, chunk)
    ]
    parts = list(over_vectors(lambda number: simulate(*pieces[number]), range(len(pieces))))
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
    named = {one.name: one for one in scenarios}

    def simulate(vector: Vector, streams: Array) -> Array:
        found = []
        for _, one in drawn(named, {**vector, **(fixed or {})}, streams, study.seed):
            rows = kernel.simulate(one.worlds, one.plan, study.seed).rows
            found.append([results.curves(one.scenario, rows, kpi) for kpi in kpis])
        return np.moveaxis(np.array(found), 2, 0)

    whole = in_pieces(simulate, study, max(one.organisation.employees for one in scenarios))
    return {
        name: {kpi: whole[:, :, arm, place] for place, kpi in enumerate(kpis)}
        for arm, name in enumerate(named)
    }


def adoption(scenarios: Sequence[Scenario], study: Study) -> dict[str, Array]:
    """Return adoption by scenario [vectors, organisations, months + 1]."""
    return {name: found["adoption"] for name, found in curves(scenarios, study).items()}


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

    def simulate(vector: Vector, streams: Array) -> Array:
        return expected_intensity(
            ready(scenario, {**vector, **(fixed or {})}, streams, study.seed), study.seed
        )

    people = scenario.organisation.employees
    return in_pieces(simulate, study, people, study.continued)


def ready(scenario: Scenario, vector: Vector, streams: Array, seed: int) -> Drawn:
    """Return a scenario under a vector with people and ties of some organisations."""
    return next(one for _, one in drawn({scenario.name: scenario}, vector, streams, seed))
