"""Which figures calibration has to reach: the checks of the register with that role."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from analysis.claims.statistics import NEEDS_CONTINUATIONS, NEEDS_EVENTS, STATISTICS, Arm, Pairs
from analysis.ensemble import Vector, drawn, troughs
from sim import kernel
from sim.evidence import read_evidence
from sim.files import read_scenario
from sim.scenario import Scenario

Array = np.ndarray[Any, Any]

EXPOSURE: Final = kernel.EVENT.index("exposure")
KIND: Final = kernel.EVENT.index("kind")


class Target(NamedTuple):
    """One figure to reach.

    Attributes
    ----------
    name
        Entry of the register and statistic, such as ``C09.without``.
    evidence
        Evidence set it belongs to.
    without, treated
        Names of the two arms.
    kpi, month, level, of
        What is measured: see :class:`analysis.claims.statistics.Pairs`.
    expected, low, high
        The figure, and the band in which it counts as reached, ends included.
    """

    name: str
    evidence: str
    without: str
    treated: str
    kpi: str
    month: int
    level: float
    of: str
    expected: float
    low: float
    high: float

    def reached(self, value: Any) -> Any:
        """Return whether a value, or each of several, lies in the band."""
        return (value >= self.low) & (value <= self.high)


def calibration_targets() -> tuple[list[Target], dict[str, Scenario]]:
    """Return the figures of all evidence sets, and the arms they are measured in, by name."""
    targets: list[Target] = []
    arms: dict[str, Scenario] = {}
    for name, entry in read_evidence().items():
        if entry.role != "calibrate" or entry.check is None:
            continue
        check, sides = entry.check, []
        for side in (check.without or check.with_, check.with_):
            called = ", ".join([side.scenario, *(f"{k}={v}" for k, v in side.changes.items())])
            arms[called] = read_scenario(side.scenario).changed(side.changes)
            sides.append(called)
        targets += [
            Target(
                f"{name}.{one.of}", str(entry.set), sides[0], sides[1], check.kpi, check.month,
                math.nan if check.level is None else check.level, one.of, one.expected, one.low,
                one.high,
            )
            for one in check.expect
        ]  # fmt: skip
    return targets, arms


def figures(
    targets: Sequence[Target],
    arms: Mapping[str, Scenario],
    vector: Vector,
    streams: Array,
    seed: int,
    sagging: int,
) -> dict[str, float]:
    """Return the simulated figure of each target under one vector.

    Parameters
    ----------
    targets, arms
        What is measured, and in which scenarios.
    vector
        Numbers of the rules by name.
    streams
        Numbers of the organisations.
    seed
        Seed of the study.
    sagging
        How many of the organisations are continued many times, to look for troughs.
    """
    wanted = {side for one in targets for side in (one.without, one.treated)}
    logged = {one.treated for one in targets if one.of in NEEDS_EVENTS}
    simulated: dict[str, Arm] = {}
    ready = {}
    for name, one in drawn({n: arms[n] for n in sorted(wanted)}, vector, streams, seed):
        found = kernel.simulate(one.worlds, one.plan, seed, keep_events=name in logged)
        first = found.events[found.events[:, KIND] == kernel.START, EXPOSURE]
        simulated[name] = Arm(one.scenario, found.rows, None, first if name in logged else None)
        ready[name] = one

    def measured(one: Target) -> float:
        pairs = Pairs(simulated[one.without], simulated[one.treated], one.kpi, one.month, one.level)
        return STATISTICS[one.of](pairs)

    slow = [one for one in targets if one.of in NEEDS_CONTINUATIONS]
    for name in {side for one in slow for side in _continued(one)}:
        few = ready[name]._replace(worlds=first_of(ready[name].worlds, sagging))
        simulated[name] = simulated[name]._replace(troughs=troughs(few, seed))
    return {one.name: measured(one) for one in targets}


def _continued(one: Target) -> tuple[str, ...]:
    """Return the arms of a target that have to be continued many times."""
    if one.of == "trough_without":
        return (one.without,)
    return (one.treated,) if one.of == "trough_with" else (one.without, one.treated)


def first_of(worlds: Any, number: int) -> Any:
    """Return the first organisations of some."""
    return worlds._replace(
        people=worlds.people[:number], start=worlds.start[:number], streams=worlds.streams[:number]
    )
