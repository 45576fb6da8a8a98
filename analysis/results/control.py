"""A control at the same level: what a rule does, apart from how many use AI at all.

Whoever switches a rule off changes the level, too; and where hardly anybody uses AI, or nearly
everybody, the same push moves fewer people. So an effect in points with a rule and one without it
are compared at one level.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from analysis.results.comparison import percent
from sim.errors import AdoptionError, whole_number
from sim.scenario import as_scenario
from sim.scenario.schema import Scenario
from sim.study.experiments import run

MOST = 10.0
"""The furthest that what people want by themselves can be moved [log-odds]."""


def at_level_of(
    scenario: Scenario | str | Path, other: Scenario | str | Path, runs: int = 100
) -> Scenario:
    """Return a scenario whose people want AI so much more or less that it ends where another does.

    Only ``parameters.base_desire`` differs, what people want when nothing speaks for or against it.

    Parameters
    ----------
    scenario
        Scenario to move.
    other
        Scenario whose weekly users in its last month, in the mean of the runs, are the level.
    runs
        Organisations to find it with, from 1.

    Returns
    -------
    Scenario
        Within .01 log-odds of the level in these organisations.

    Raises
    ------
    AdoptionError
        If a scenario cannot be read, or no desire brings it to that level.

    Examples
    --------
    >>> import sim
    >>> few = sim.load("baseline").changed({"organisation.employees": 40})
    >>> alone = few.changed({"parameters.peer_weight": 0.0})
    >>> moved = at_level_of(alone, few, runs=20)
    >>> level, below, again = (
    ...     float(sim.run(one, runs=20).curves(one.name, "adoption")[:, -1].mean())
    ...     for one in (few, alone, moved)
    ... )
    >>> below < level, abs(again - level) < 0.01
    (True, True)
    """
    from scipy.optimize import brentq

    scenario, other = as_scenario(scenario), as_scenario(other)
    whole_number("runs", runs, 1)

    def level(scenario: Scenario) -> float:
        share = run(scenario, runs=runs).curves(scenario.name, "adoption")[:, -1].mean()
        return float(np.log(max(share, 1e-9) / max(1.0 - share, 1e-9)))

    wanted = level(other)

    def gap(desire: float) -> float:
        return level(scenario.changed({"parameters.base_desire": desire})) - wanted

    if gap(-MOST) > 0.0 or gap(MOST) < 0.0:
        share = percent(1.0 / (1.0 + np.exp(-wanted)))
        raise AdoptionError(
            f"'{scenario.name}' does not come to {share} % weekly users, as '{other.name}' does, "
            f"whatever people want (parameters.base_desire from {-MOST:g} to {MOST:g})"
        )
    root = brentq(gap, -MOST, MOST, xtol=0.005)
    return scenario.changed({"parameters.base_desire": round(float(root), 3)})
