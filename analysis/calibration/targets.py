"""Which figures calibration has to reach: the checks of the register with that role."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from analysis.claims.statistics import NEEDS_CONTINUATIONS, NEEDS_EVENTS, STATISTICS, Arm, Pairs
from analysis.ensemble import Vector, drawn, falls, first_of
from sim import kernel, kpis
from sim.evidence import read_evidence
from sim.files import read_scenario
from sim.scenario import Scenario

Array = np.ndarray[Any, Any]

EXPOSURE: Final = kernel.EVENT.index("exposure")
KIND: Final = kernel.EVENT.index("kind")

TROUGHS: Final = frozenset({"trough_with", "trough_without"})
"""Statistics that are the share of organisations with a trough."""

LEAST_SPREAD: Final = 0.02
"""Falls of a few organisations count as spread by at least so much [part of the top]."""


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

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of what is simulated for it: the figure, and of troughs also :func:`margin`."""
        return (self.name, f"{self.name}, margin")[: 1 + (self.of in TROUGHS)]

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
    """Return what is simulated for each target under one vector, by :attr:`Target.columns`.

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

    slow = [one for one in targets if one.of in NEEDS_CONTINUATIONS]
    lost: dict[str, Array] = {}
    for name in {side for one in slow for side in _continued(one)}:
        lost[name] = falls(first_of(ready[name], sagging), seed)
        simulated[name] = simulated[name]._replace(troughs=lost[name] >= kpis.TROUGH)

    def measured(one: Target) -> list[float]:
        pairs = Pairs(simulated[one.without], simulated[one.treated], one.kpi, one.month, one.level)
        found = [STATISTICS[one.of](pairs)]
        return [*found, margin(lost[_continued(one)[0]])] if one.of in TROUGHS else found

    return {
        name: value
        for one in targets
        for name, value in zip(one.columns, measured(one), strict=True)
    }


def margin(lost: Array) -> float:
    """Return by how many standard deviations the mean organisation's fall is above a trough's.

    Of a few organisations often none or all have a trough; this still says how far they are from
    one, and if falls are normal, its quantile is the share with a trough.

    Parameters
    ----------
    lost
        Part of the novelty's top that each organisation loses.
    """
    return float((lost.mean() - kpis.TROUGH) / max(lost.std(), LEAST_SPREAD))


def _continued(one: Target) -> tuple[str, ...]:
    """Return the arms of a target that have to be continued many times."""
    if one.of == "trough_without":
        return (one.without,)
    return (one.treated,) if one.of == "trough_with" else (one.without, one.treated)
