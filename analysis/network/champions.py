"""Which way of choosing champions does most: the same organisations, one way after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import kernel, world
from sim.world import Worlds

if TYPE_CHECKING:
    from sim.scenario import Scenario

Array = np.ndarray[Any, Any]


def cast(scenario: Scenario, seed: int, runs: Iterable[int]) -> Iterator[Worlds]:
    """Yield organisations one by one, with leaders and champions in their parts."""
    design = world.design(scenario)
    plan = world.plan(scenario, design)
    for run in runs:
        worlds = world.draw_worlds(design, seed, np.array([run]))
        if plan.programme.champions_share > 0.0:
            kernel.begun(worlds.people[0], worlds, plan, seed)
        yield worlds
