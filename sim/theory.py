"""Known theories of contagion on this engine: everything switched off but what they speak of.

A crowd of thresholds, Bass, a wave along a ring: what they end in is known exactly, so they show
what contagion can do by itself, and that the engine does it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import numpy as np

from sim import kernel, kpis, world
from sim.engine.kinds import Array
from sim.parameters import numbers
from sim.scenario import Scenario  # through reading, where scenarios learn to be changed

CERTAIN: Final = {
    "rules.contagion": "step_count",
    "rules.decision": "certain",
    "parameters.peer_weight": 1.0,
    "parameters.full_circle": 1.0,
    "simulation.substeps": 1,
}
"""Everybody follows for certain once enough colleagues use AI: one step a month."""


@lru_cache(maxsize=1)
def switched_off() -> Scenario:
    """Return a scenario in which nothing happens: desire is a plain sum, of nothing.

    Everybody notices everybody; nobody fears, hopes, learns, stops or leaves. Switch on what a
    theory speaks of with :meth:`sim.Scenario.changed`.

    Examples
    --------
    >>> import sim
    >>> from sim import theory
    >>> bass = theory.switched_off().changed(
    ...     {"parameters.base_desire": 0.03, "parameters.peer_weight": 0.38}
    ... )
    >>> start = sim.run(bass, runs=20).curves(bass.name, "using")[:, 1].mean()
    >>> bool(0.02 < start < 0.05)
    True
    """
    off = {
        f"parameters.{name}": number.neutral
        for name, number in numbers().items()
        if number.neutral is not None
    }
    return Scenario(name="limit").changed(
        {
            **off,
            "parameters.base_desire": 0.0,
            "parameters.start_rate": 1.0,
            "rules.link": "identity",
            "rules.contagion": "linear",
            "organisation.network.kind": "complete",
        }
    )


@lru_cache(maxsize=1)
def followers() -> Scenario:
    """Return a scenario in which people only follow, once a month and for certain.

    Somebody starts as soon as at least ``threshold`` of the people noticed use AI, and at least
    one; a threshold is here a number of people. Somebody has to be first: let some use AI from
    the start.

    Examples
    --------
    >>> import sim
    >>> from sim import theory
    >>> crowd = sim.AdoptionModel(theory.followers().changed({"organisation.employees": 10}))
    >>> for threshold, me in enumerate(crowd.staff):
    ...     me.threshold = threshold
    >>> crowd.staff[0].uses = 1
    >>> for month in range(9):
    ...     crowd.step()
    >>> crowd.kpi("using")
    1.0
    """
    return switched_off().changed(CERTAIN)


def bass_gap(p: float, q: float, substeps: int) -> float:
    """Return how far substeps stay behind the continuous Bass curve at most [share of people].

    Colleagues are seen as they were when a substep began. To first order in ``1 / K`` the curve
    therefore lags by ``log(1 + q F / p) / (2 K)`` months where the share is ``F``, and the gap is that
    times the growth ``(p + q F) (1 - F)``: this is its greatest value. The exact gap of the mean curve is
    at most 5 % more for ``(p + q) / K`` up to .5, and less where steps are long.

    Parameters
    ----------
    p, q
        Innovation and imitation, above 0 [1/month].
    substeps
        Parts of a month, ``K``.

    Examples
    --------
    >>> from sim import theory
    >>> round(theory.bass_gap(0.03, 0.38, 4), 3), round(theory.bass_gap(0.0023, 0.337, 4), 3)
    (0.028, 0.046)
    """
    share = np.linspace(0.0, 1.0, 2001)
    growth = (p + q * share) * (1.0 - share)
    return float((growth * np.log1p(q * share / p)).max()) / (2.0 * substeps)


def spread(scenario: Scenario, runs: int = 1, seed: int = 1, **people: Any) -> Array:
    """Return the share that uses AI, for people some of whose columns are set beforehand.

    Parameters
    ----------
    scenario
        What is simulated.
    runs
        Organisations.
    seed
        Seed of the study.
    people
        Columns of :mod:`sim.state`, each one value for all or a value for each person; ``uses``
        counts as having started.

    Returns
    -------
    numpy.ndarray
        One row per organisation, one column per month from 0.

    Examples
    --------
    >>> import numpy as np
    >>> from sim import theory
    >>> crowd = theory.followers().changed({"organisation.employees": 10})
    >>> first = np.arange(10) == 0
    >>> float(theory.spread(crowd, uses=first, threshold=np.arange(10))[0, -1])
    1.0
    """
    design = world.design(scenario)
    worlds = world.draw_worlds(design, seed, np.arange(runs))
    for column, values in people.items():
        worlds.people[column] = values
        if column == "uses":
            worlds.people["ever_used"] = values
    rows = kernel.simulate(worlds, world.plan(scenario, design), seed).rows
    using: Array = rows[:, :, kpis.COLUMN["using"]]
    return using
