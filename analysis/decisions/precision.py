"""How sure: scenarios compared in as many organisations as a precision needs, and how often they fail.

Both say something of the luck of organisations. What is unsure about the parameters is beside it:
:mod:`analysis.decisions.risk`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from analysis.decisions.goal import Goal
from analysis.results.summary import SUCCESS_MONTH, common_months, in_unit, known, labels, scale_of
from analysis.words.languages import ENGLISH, Language
from sim import kpis
from sim.engine.kinds import Array
from sim.errors import AdoptionError
from sim.scenario import as_scenario
from sim.scenario.schema import Scenario
from sim.study.experiments import Progress, compare, same_people
from sim.study.intervals import t_quantile
from sim.study.kept import Kept
from sim.study.precision import LEAST, MOST, Reached, checked, until
from sim.study.results import Result

__all__ = ["LEAST", "MOST", "Failing", "Precise", "Reached", "compared", "failing", "until"]

ROOM = 1 << 33
"""Bytes that runs may take which are gone on from: all of them, as none is simulated twice."""


class Precise(NamedTuple):
    """Scenarios in as many organisations as were needed.

    Attributes
    ----------
    result
        What :func:`sim.compare` gives with that many runs, to the last bit.
    goal
        KPI and month whose differences, or whose level if the scenario is alone, were to be precise.
    reached
        How far it came.
    """

    result: Result
    goal: Goal
    reached: Reached

    def sentence(self, words: Language = ENGLISH) -> str:
        """Return how precise it is and, if it is not enough, what would be."""
        return precision_sentence(self.reached, self.goal, words)

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        names = list(self.result.scenarios)
        return {
            "kpi": self.goal.kpi,
            "month": self.goal.month,
            "unit": self.goal.unit,
            "asked": self.reached.precision,
            "reached": self.reached.enough,
            "runs": self.reached.runs,
            "needed": self.reached.needed,
            "half": dict(zip(names[1:] or names, self.reached.half.tolist(), strict=True)),
        }


def precision_sentence(reached: Reached, goal: Goal, words: Language = ENGLISH) -> str:
    """Return how precise something is and, if it is not enough, what would be."""
    unit = goal.unit

    def number(value: float) -> str:
        return words.number(value, 2 if value < 0.995 else 1 if value < 9.95 else 0)

    half = in_unit(number(reached.widest), unit, words)
    if reached.enough:
        return words._(
            "Precise to ±{half} after {count} organisations, as far as their luck goes and not "
            "the parameters: {goal}.",
            half=half,
            count=words.number(reached.runs),
            goal=goal.title(words),
        )
    return words._(
        "±{half} after {count}; ±{asked} needs about {needed}: {goal}.",
        half=half,
        count=words.number(reached.runs),
        asked=words.number(reached.precision, len(f"{reached.precision:g}".partition(".")[2])),
        needed=words.number(reached.needed),
        goal=goal.title(words),
    )


def compared(
    scenarios: Sequence[Scenario | str | Path],
    precision: float,
    most: int = MOST,
    *,
    against: str | None = None,
    kpi: str = "adoption",
    month: int | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    threads: int | None = None,
    by: Sequence[str] = (),
) -> Precise:
    """Compare scenarios in as many organisations as their differences need.

    Parameters
    ----------
    scenarios
        Scenarios, names or paths, all with the same people.
    precision
        Greatest half width of the 95 % interval of each paired difference from ``against``, or of
        the level of a scenario that is alone; in points for shares, else in the KPI's unit.
    most
        Organisations after which it is given up.
    against
        Scenario the others are compared with; by default the first.
    kpi, month
        What is to be precise; by default weekly users in the last month that all have.
    seed, progress, threads, by
        As in :func:`sim.compare`; the total that is reported grows.

    Raises
    ------
    AdoptionError
        If the precision cannot be, scenarios have other people, or the KPI or month does not exist.
    """
    checked(precision, most)
    chosen = [as_scenario(scenario) for scenario in scenarios]
    if not chosen:
        raise AdoptionError("nothing to simulate: give at least one scenario")
    for other in chosen[1:]:
        if not same_people(chosen[0], other):
            raise AdoptionError(
                f"precision: {chosen[0].name} and {other.name} do not have the same people, expected "
                "scenarios that do: it is that of differences between the same organisations"
            )
    names = [scenario.name for scenario in chosen]
    reference = names[0] if against is None else known(against, names, "scenario")
    last = min(scenario.simulation.months for scenario in chosen)
    goal = Goal(kpi, last if month is None else month).checked(*chosen)
    kept: Kept[Any] = Kept(ROOM)
    results: list[Result] = []

    def more(count: int) -> Array:
        there = results[-1].runs if results else 0

        def report(done: int, _: int) -> None:
            if progress is not None:
                progress(there + done, count)

        result = compare(chosen, count, seed, report, threads, by=by, kept=kept)
        results.append(result)
        return differences(result, goal, reference)

    reached = until(precision, more, most)
    return Precise(results[-1], goal, reached)


def differences(result: Result, goal: Goal, reference: str) -> Array:
    """Return what is to be precise, as it is shown [organisations, differences], or one level."""
    levels = {
        name: goal.of(scenario, result.measured[name])
        for name, scenario in result.scenarios.items()
    }
    other = levels.pop(reference)
    return np.array([mine - other for mine in levels.values()] or [other]).T


# --- How often it fails ------------------------------------------------------------------------


class Failing(NamedTuple):
    """In how many organisations a scenario does not reach a level.

    Attributes
    ----------
    scenario
        Its name.
    label
        What it is called.
    number, organisations
        How many fail, of how many.
    low, high
        Ends of the 95 % interval of the share (Wilson) [0 to 1].
    only_here, only_there
        How many fail with it but not with the reference, and the other way round; None for the
        reference, and where organisations are not the same.
    """

    scenario: str
    label: str
    number: int
    organisations: int
    low: float
    high: float
    only_here: int | None = None
    only_there: int | None = None

    @property
    def share(self) -> float:
        """Share of the organisations that fail [0 to 1]."""
        return self.number / self.organisations


def level_checked(level: float, kpi: str = "adoption") -> float:
    """Return a level that a KPI can be held against, as it is shown.

    Raises
    ------
    AdoptionError
        If it is no number, or of a share not within 0 to 100 percent.
    """
    share = scale_of(known(kpi, kpis.KPIS, "KPI")).unit == "%"
    if not np.isfinite(level) or (share and not 0.0 <= level <= 100.0):
        expected = "0 to 100 percent" if share else "a number"
        raise AdoptionError(f"level: found {level:g}, expected {expected}")
    return level


def fails(values: Array, level: float, goal: Goal) -> Array:
    """Return where a level is not reached: below it, or above where less is better [bool]."""
    failed: Array = goal.better * values < goal.better * level
    return failed


def wilson(number: int, of: int) -> tuple[float, float]:
    """Return the 95 % interval of a share by Wilson's method, which holds at 0 and 1 too.

    Examples
    --------
    >>> [round(end, 3) for end in wilson(0, 10)]
    [0.0, 0.278]
    """
    z = float(t_quantile(1e9))
    share, square = number / of, z * z / of
    centre = (share + square / 2.0) / (1.0 + square)
    half = z * (share * (1.0 - share) / of + square / (4.0 * of)) ** 0.5 / (1.0 + square)
    return (
        0.0 if number == 0 else max(0.0, centre - half),
        1.0 if number == of else min(1.0, centre + half),
    )


def failing_goal(result: Result) -> Goal:
    """Return what is held against a level: weekly users in month 18, or the last if that is earlier."""
    return Goal("adoption", min(SUCCESS_MONTH, common_months(result)))


def failing(
    result: Result,
    level: float,
    against: str | None = None,
    goal: Goal | None = None,
    *,
    words: Language = ENGLISH,
) -> list[Failing]:
    """Return in how many organisations each scenario does not reach a level.

    Parameters
    ----------
    result
        What was simulated.
    level
        The level as it is shown: weekly users in percent.
    against
        Scenario the others are compared with; by default the first.
    goal
        What is looked at; by default that of :func:`failing_goal`.
    words
        Language in which scenarios are called.

    Raises
    ------
    AdoptionError
        If there is no such level, scenario or month.
    """
    goal = goal or failing_goal(result)
    level_checked(level, goal.checked(*result.scenarios.values()).kpi)
    reference = next(iter(result.scenarios)) if against is None else against
    base = result.scenarios[known(reference, result.scenarios, "scenario")]
    called, listed = labels(result, words), []
    missed = {
        name: fails(goal.of(scenario, result.measured[name]), level, goal)
        for name, scenario in result.scenarios.items()
    }
    for name, mine in missed.items():
        number, other = int(mine.sum()), missed[reference]
        row = Failing(name, called[name], number, mine.size, *wilson(number, mine.size))
        if name != reference and same_people(result.scenarios[name], base):
            row = row._replace(
                only_here=int((mine & ~other).sum()), only_there=int((other & ~mine).sum())
            )
        listed.append(row)
    return listed


def failing_sentence(
    row: Failing, level: float, goal: Goal, words: Language = ENGLISH, reference: str = ""
) -> str:
    """Return how often a scenario does not reach a level, and in which organisations alone."""
    values = {
        "scenario": row.label,
        "level": in_unit(f"{level:g}", scale_of(goal.kpi).unit, words),
        "number": words.number(row.number),
        "runs": words.number(row.organisations),
        "share": words.percent(row.share),
        "low": words.percent(row.low),
        "high": words.percent(row.high),
        "goal": goal.title(words),
    }
    text = (
        words._(
            "{scenario}: above {level} in {number} of {runs} organisations, {share} ({low} to "
            "{high}): {goal}.",
            **values,
        )
        if goal.better < 0.0
        else words._(
            "{scenario}: below {level} in {number} of {runs} organisations, {share} ({low} to "
            "{high}): {goal}.",
            **values,
        )
    )
    if row.only_here is None or row.only_there is None:
        return text
    more = words._(
        "{there} fail with {reference} and not with this, {here} the other way round.",
        there=words.number(row.only_there),
        here=words.number(row.only_here),
        reference=reference,
    )
    return f"{text} {more}"
