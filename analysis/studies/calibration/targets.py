"""Which figures calibration has to reach: the checks of the register with that role."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from analysis.results.ensemble import falls
from analysis.studies.claims.experiments import Question, agenda
from analysis.studies.claims.simulating import WHOLE, Simulated, kinds_of, part_of, simulated
from analysis.studies.claims.statistics import STATISTICS, Pairs
from sim import kpis
from sim.engine.kinds import Array
from sim.evidence import read_evidence
from sim.scenario.schema import Scenario
from sim.simulator import Simulator, Vector

TROUGHS: Final = frozenset({"trough_with", "trough_without"})
"""Statistics that are the share of organisations with a trough."""

LEAST_SPREAD: Final = 0.02
"""Falls of a few organisations count as spread by at least so much [part of the top]."""


class Target(NamedTuple):
    """One figure to reach.

    Attributes
    ----------
    name
        Entry of the register and statistic, such as ``C09.without``; with the month where an entry
        has the same in several.
    evidence
        Evidence set it belongs to.
    question
        What is measured, of whom, and what is expected.
    """

    name: str
    evidence: str
    question: Question

    @property
    def of(self) -> str:
        """Name of the statistic."""
        return self.question.of

    @property
    def expected(self) -> float:
        """The figure."""
        return self.question.expected.expected

    @property
    def low(self) -> float:
        """Lower end of the band in which the figure counts as reached."""
        return self.question.expected.low

    @property
    def high(self) -> float:
        """Upper end of that band."""
        return self.question.expected.high

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of what is simulated for it: the figure, and of troughs also :func:`margin`."""
        return (self.name, f"{self.name}, margin")[: 1 + (self.of in TROUGHS)]

    def reached(self, value: Any) -> Any:
        """Return whether a value, or each of several, lies in the band."""
        return (value >= self.low) & (value <= self.high)


def calibration_targets() -> tuple[list[Target], dict[str, Scenario]]:
    """Return the figures of all evidence sets, and the arms they are measured in, by name."""
    wanted = tuple(
        name
        for name, entry in read_evidence().items()
        if entry.role == "calibrate" and entry.check is not None
    )
    asked = agenda(wanted)
    targets: list[Target] = []
    for name, experiment in asked.experiments.items():
        often = Counter(question.of for question in experiment.questions)
        for question in experiment.questions:
            called = f"{name}.{question.of}"
            if often[question.of] > 1:
                called += f" {question.month}"
            targets.append(Target(called, str(experiment.entry.set), question))
    return targets, dict(asked.arms)


def figures(
    targets: Sequence[Target],
    arms: Mapping[str, Scenario],
    vector: Vector,
    streams: Array,
    seed: int,
    *,
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
    questions = [target.question for target in targets]
    wanted = {side.arm for question in questions for side in (question.without, question.treated)}
    logged = {name for question in questions for name in question.logged}
    continued = {name for question in questions for name in question.continued}
    kinds, found = kinds_of(questions), dict[str, Simulated]()
    lost: dict[str, Array] = {}
    first = arms[min(wanted)]
    simulator = Simulator(first, seed=seed, vectors=[vector], streams=streams, threads=1)
    for name in sorted(wanted):
        by = kinds.get(name, ())
        if name in continued:
            lost[name] = falls(simulator, arms[name], sagging)
        sags = lost[name] >= kpis.TROUGH if name in continued else None
        found[name] = simulated(simulator, arms[name], by, name in logged, sags)

    def measured(target: Target) -> list[float]:
        ask = target.question
        pairs = Pairs(
            part_of(found, ask.without, WHOLE),
            part_of(found, ask.treated, WHOLE),
            ask.kpi,
            ask.month,
            ask.level,
        )
        value = [STATISTICS[target.of](pairs)]
        return [*value, margin(lost[ask.continued[0]])] if target.of in TROUGHS else value

    return {
        name: value
        for target in targets
        for name, value in zip(target.columns, measured(target), strict=True)
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
