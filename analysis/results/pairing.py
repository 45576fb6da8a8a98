"""What common luck is worth: how much less a difference varies because both sides share it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from analysis.results.summary import known
from sim import kpis
from sim.engine.kinds import Array
from sim.errors import AdoptionError
from sim.scenario.schema import Scenario
from sim.simulator import Simulator
from sim.study.experiments import compare, same_people

CONTINUATIONS = 200
ORGANISATIONS = 20


class Gain(NamedTuple):
    """How many times less the variance of a difference is with pairs than without.

    Attributes
    ----------
    between
        Organisations differ: the same organisations on both sides, against others.
    within
        One organisation, only luck differs: the same luck on both sides, against other luck.
    """

    between: float
    within: float


def variance_ratio(sample: Array, other: Array) -> float:
    """Return the variance of the difference of independent samples over that of pairs."""
    apart = float(sample.var(ddof=1) + other.var(ddof=1))
    together = float((sample - other).var(ddof=1))
    return apart / together if together > 0.0 else float("inf")


def gain(
    scenario: Scenario,
    against: Scenario,
    kpi: str = "adoption",
    month: int = 18,
    runs: int = 1000,
    *,
    seed: int = 1,
    progress: Callable[[float, float], None] | None = None,
) -> Gain:
    """Return what common luck is worth for the difference between two scenarios.

    Parameters
    ----------
    scenario, against
        The two sides.
    kpi, month
        What is compared, and when; a KPI the engines measure.
    runs
        Organisations for the first figure; for the second, some of them are continued often.
    seed
        Seed of the study.
    progress
        Called with the number of runs done and the total.

    Raises
    ------
    AdoptionError
        If the sides have different people or a shorter horizon, or there is no such KPI.
    """
    column = kpis.COLUMN[known(kpi, kpis.COLUMN, "KPI")]
    if not same_people(scenario, against):
        raise AdoptionError(f"{scenario.name} and {against.name} have different people")
    if month > min(scenario.simulation.months, against.simulation.months):
        raise AdoptionError(f"month: found {month}, expected a month that both scenarios have")
    result = compare([against, scenario], runs=runs, seed=seed, progress=progress)
    between = variance_ratio(
        *(result.curves(other.name, kpi)[:, month] for other in (scenario, against))
    )
    ratios = []
    for organisation in range(ORGANISATIONS):
        simulator = Simulator(scenario, runs=1, seed=seed, first=organisation)
        sample, other = (
            np.array([simulator.rows(side, 1 + k)[0, month, column] for k in range(CONTINUATIONS)])
            for side in (scenario, against)
        )
        ratios.append(variance_ratio(sample, other))
    return Gain(between, float(np.median(ratios)))
