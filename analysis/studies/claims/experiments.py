"""Which experiments the register asks for: arms, people looked at, statistics, all known to exist."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from analysis.studies.claims.statistics import (
    NEEDS_CONTINUATIONS,
    NEEDS_EVENTS,
    NEEDS_LEVEL,
    NO_EFFECT,
    STATISTICS,
)
from sim import kpis
from sim.errors import AdoptionError
from sim.evidence import Arm, Check, Entry, Expected, read_evidence
from sim.people.population import chart, department_names
from sim.programme import ledger
from sim.scenario import read_scenario
from sim.scenario.library import read_archetypes
from sim.scenario.schema import Scenario
from sim.scenario.words import suggestion
from sim.state import ROLES

BEST: Final = "best_value"
"""The statistic of a sweep: the value at which the mean KPI is highest."""

SHARE_FOR_CHANGE: Final = "budget.change_share"

WHERE: Final = "scenarios/library/evidence.yaml"


class Side(NamedTuple):
    """One arm, and who is looked at in it.

    Attributes
    ----------
    arm
        Name of the scenario simulated.
    among
        Kind and names of the groups looked at; nothing for everybody.
    """

    arm: str
    among: tuple[tuple[str, tuple[str, ...]], ...] = ()


class Question(NamedTuple):
    """One statistic of a claim, with what is expected of it.

    Attributes
    ----------
    of, kpi, month, level
        What is measured; see :class:`analysis.studies.claims.statistics.Pairs`.
    without, treated
        The two sides; the same where there is but one arm.
    expected
        The figure and its band, as the register has them.
    """

    of: str
    kpi: str
    month: int
    level: float
    without: Side
    treated: Side
    expected: Expected

    @property
    def compares(self) -> bool:
        """Whether two arms, or two groups of people, are compared."""
        return self.without != self.treated

    @property
    def continued(self) -> tuple[str, ...]:
        """Arms that have to be continued many times, to look for troughs."""
        if self.of not in NEEDS_CONTINUATIONS:
            return ()
        sides = {"trough_without": (self.without,), "trough_with": (self.treated,)}
        return tuple(side.arm for side in sides.get(self.of, (self.without, self.treated)))

    @property
    def logged(self) -> tuple[str, ...]:
        """Arms whose first starts have to be logged."""
        return (self.treated.arm,) if self.of in NEEDS_EVENTS else ()


class Experiment(NamedTuple):
    """How a claim is tested.

    Attributes
    ----------
    name
        Of the entry.
    entry
        What the register says of it.
    questions
        Statistics with what is expected.
    tried
        Values of a sweep, each with the name of its arm; empty for a pair of arms.
    """

    name: str
    entry: Entry
    questions: tuple[Question, ...]
    tried: tuple[tuple[float, str], ...] = ()


class Agenda(NamedTuple):
    """All experiments, and the arms they need between them: each is simulated once.

    Attributes
    ----------
    experiments
        By name of the entry.
    arms
        Scenarios by name.
    """

    experiments: Mapping[str, Experiment]
    arms: Mapping[str, Scenario]


def agenda(names: tuple[str, ...] | None = None) -> Agenda:
    """Return the experiments of these entries, by default of every one with a check.

    Raises
    ------
    AdoptionError
        If there is no such entry, it has no check, or a check asks for something that does not
        exist.
    """
    register = read_evidence()
    tested = [name for name, entry in register.items() if entry.check is not None]
    for name in names or ():
        if name not in tested:
            known = ", ".join(tested)
            why = "has no check" if name in register else f"is not there{suggestion(name, tested)}"
            raise AdoptionError(f"evidence: the entry '{name}' {why}; tested are: {known}")
    arms: dict[str, Scenario] = {}
    experiments = {
        name: experiment(name, register[name], arms)
        for name in (tested if names is None else [name for name in tested if name in names])
    }
    return Agenda(experiments, arms)


def experiment(name: str, entry: Entry, arms: dict[str, Scenario]) -> Experiment:
    """Return how an entry is tested; its arms are added to those known already.

    Parameters
    ----------
    name, entry
        The entry, which has a check.
    arms
        Scenarios by name.

    Raises
    ------
    AdoptionError
        If the check asks for a scenario, path, KPI, month, group or statistic that does not exist.
    """
    check = entry.check
    if check is None:
        raise AdoptionError(f"{WHERE}: {name}: has no check")
    try:
        sides = [_side(arm, arms) for arm in (check.without or check.with_, check.with_)]
        questions = tuple(
            _question(check, expected, sides[0], sides[1]) for expected in check.expect
        )
        for question in questions:
            _see_to_it(question, arms)
        tried = _tried(check, arms)
        if any((question.of == BEST) != bool(tried) for question in questions):
            raise AdoptionError(f"'{BEST}' is the statistic of a sweep, and of nothing else")
    except AdoptionError as error:
        raise AdoptionError(f"{WHERE}: {name}.check: {error}") from error
    return Experiment(name, entry, questions, tried)


@lru_cache(maxsize=64)
def _shipped(name: str) -> Scenario:
    return read_scenario(name)


def _named(scenario: str, changes: Mapping[str, object]) -> str:
    """Return what an arm is called."""
    return ", ".join([scenario, *(f"{path}={value}" for path, value in changes.items())])


def _side(arm: Arm, arms: dict[str, Scenario]) -> Side:
    called = _named(arm.scenario, arm.changes)
    if called not in arms:
        arms[called] = _shipped(arm.scenario).changed(arm.changes)
    return Side(called, tuple((arm.among or {}).items()))


def _question(check: Check, expected: Expected, without: Side, treated: Side) -> Question:
    level = check.level if expected.level is None else expected.level
    if expected.among is not None:
        among = tuple(expected.among.items())
        without, treated = without._replace(among=among), treated._replace(among=among)
    month = check.month if expected.month is None else expected.month
    return Question(
        expected.of,
        check.kpi,
        month,
        math.nan if level is None else level,
        without,
        treated,
        expected,
    )


def _tried(check: Check, arms: dict[str, Scenario]) -> tuple[tuple[float, str], ...]:
    """Return the values of a sweep with the names of their arms."""
    if check.sweep is None:
        return ()
    tried = []
    for value in check.sweep.values:
        changes = {**check.with_.changes, check.sweep.path: value}
        called = _named(check.with_.scenario, changes)
        scenario = _shipped(check.with_.scenario).changed(changes)
        if check.sweep.path == SHARE_FOR_CHANGE:
            called, scenario = f"{called}, all spent", all_spent(scenario)
        arms[called] = scenario
        tried.append((value, called))
    return tuple(tried)


def all_spent(scenario: Scenario) -> Scenario:
    """Return the scenario with the rest of its money for technology spent on a better tool.

    Shares of a fixed total can only be compared if both parts are spent: measures are scaled to
    theirs, and what licences and integration leave of the other becomes ``tool.investment``.
    """
    budget = scenario.budget
    if budget.total is None or budget.change_share is None:
        return scenario
    equipment = float(ledger.technology(scenario, chart(scenario)).to_numpy().sum())
    rest = (1.0 - budget.change_share) * budget.total - equipment
    return scenario.changed({"tool.investment": scenario.tool.investment + max(0.0, rest)})


# --- What exists ---------------------------------------------------------------------------


def _see_to_it(question: Question, arms: Mapping[str, Scenario]) -> None:
    """Raise AdoptionError unless everything a question asks for exists."""
    known = [*STATISTICS, BEST]
    if question.of not in known:
        expected = ", ".join(known)
        raise AdoptionError(f"of: no such statistic '{question.of}', expected one of: {expected}")
    if question.kpi not in kpis.KPIS:
        raise AdoptionError(
            f"kpi: no such KPI '{question.kpi}'{suggestion(question.kpi, list(kpis.KPIS))}"
        )
    if math.isnan(question.level) and question.of in NEEDS_LEVEL:
        raise AdoptionError(f"level: missing, '{question.of}' asks for one")
    if not question.compares and (question.of in NO_EFFECT or question.of.endswith("without")):
        raise AdoptionError(f"without: missing, '{question.of}' compares two arms")
    for side in (question.without, question.treated):
        _see_to_side(question, side, arms[side.arm])
    for other in question.expected.beside:
        if other not in read_evidence():
            raise AdoptionError(f"beside: no such entry '{other}'")


def _see_to_side(question: Question, side: Side, scenario: Scenario) -> None:
    """Raise AdoptionError unless an arm has the months and groups a question asks for."""
    last = scenario.simulation.months
    if question.month > last:
        raise AdoptionError(
            f"month: found {question.month}, expected at most {last}: '{side.arm}' has no more"
        )
    groups = {
        "archetype": read_archetypes(),
        "role": ROLES,
        "department": department_names(scenario.organisation),
    }
    for kind, names in side.among:
        for name in names:
            if name not in groups[kind]:
                expected = ", ".join(groups[kind])
                raise AdoptionError(
                    f"among.{kind}: no such group '{name}', expected some of: {expected}"
                )
    if side.among and question.kpi not in OF_GROUPS:
        raise AdoptionError(f"among: '{question.kpi}' is not measured for groups")
    if len(side.among) > 1:
        kinds = " and ".join(kind for kind, _ in side.among)
        raise AdoptionError(f"among: found groups by {kinds}, expected one kind of group")


OF_GROUPS: Final = frozenset(
    one.name
    for one in kpis.MEASURED[: kpis.PERSONAL]
    if one.name not in ("adoption_with_access", "breadth", "satisfaction")
)
"""KPIs that are means over people, so that groups of different size can be put together."""
