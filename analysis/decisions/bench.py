"""From a scenario to plans that can be searched: what a firm could do, what it costs, what comes of it.

A plan is a choice for every measure: none, or a dose or share, a first month, and an audience. What
a plan costs is what the ledger says; what it brings is simulated, in the same organisations for all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np

from analysis.decisions.goal import Goal
from analysis.decisions.search import CENT, JUDGE, SCREEN, Lever, Option, Plan
from analysis.results.ensemble import Progress, over_vectors
from analysis.results.pieces import Pieces
from sim.elementary import total
from sim.engine.kinds import Array
from sim.errors import AdoptionError, InterruptedStudyError, ScenarioError
from sim.people.population import Chart, chart, department_names
from sim.programme.compiling import compile_programme
from sim.programme.deployments import access_months, first_month, measure_of
from sim.programme.ledger import accounts_of, affordable
from sim.scenario import read_catalogue
from sim.scenario.measure import Measure
from sim.scenario.schema import (
    COUNCIL,
    Audience,
    Budget,
    Deployment,
    Phase,
    Scenario,
    Tool,
    share_of,
)
from sim.scenario.words import suggestion
from sim.simulator import Simulator, Vector

LICENCES: Final = "licences"
"""Name of the lever that decides how many people have access."""

STEPS: Final = 8
"""Levels up to what the catalogue, or the scenario itself, says."""

ENTRIES: Final = (4, 8)
"""Levels with which a measure comes into a plan [eighths]."""

MONTHS: Final = (1, 4, 7, 12)
"""First months that are tried, beside the scenario's own and go-live."""

SIZES: Final = {SCREEN: 12, JUDGE: 24, 2: 24, 3: 40, 4: 64, 5: 120}
"""Organisations in each group: two to search with, three to choose with, and one to report."""

REPORT: Final = 5
"""Group on which nothing was chosen: what is reported of a plan is from there."""

ATTENTION: Final = 1000
"""Distance of the first organisations of two groups."""

AT_ONCE: Final = 24
"""Plans in a piece of work: some seconds."""

SOFT: Final = 2.0
"""Points over which reaching a target is smoothed while searching: yes and no lead nowhere."""


class Choice(NamedTuple):
    """A measure a firm could take.

    Attributes
    ----------
    name
        Of the deployment.
    base
        As the scenario has it, or as it would be by the catalogue.
    measure
        What the catalogue says.
    full
        Dose, or share, at the last level within the evidence.
    known
        Greatest dose, or share, that the catalogue or the scenario speaks of.
    months
        First months to choose from; None: as the scenario has it.
    audiences
        Departments to choose from; None: as the scenario has it.
    """

    name: str
    base: Deployment
    measure: Measure
    full: float
    known: float
    months: tuple[int | None, ...]
    audiences: tuple[tuple[str, ...] | None, ...]

    def level(self, option: Option) -> float:
        """Return the dose, or the share of people, of an option, in digits people write."""
        return float(f"{self.full * (option[0] + 1) / STEPS:.4g}")

    def deployment(self, option: Option) -> Deployment:
        """Return what a scenario says of it."""
        level, month, departments = (
            self.level(option),
            self.months[option[1]],
            self.audiences[option[2]],
        )
        return deployed(self.base, self.measure, level, month, departments)


def deployed(
    base: Deployment,
    measure: Measure,
    level: float,
    month: int | None = None,
    departments: tuple[str, ...] | None = None,
) -> Deployment:
    """Return a deployment at a dose or share, from another month and for some departments."""
    values: dict[str, Any] = {}
    audience = base.audience
    if departments is not None:
        audience = audience.model_copy(update={"departments": departments})
    if measure.appoints is not None:
        values["share"] = min(1.0, level)
    elif measure.takes_people:
        audience = audience.model_copy(update={"share": min(1.0, level)})
    else:
        values["dose"] = level
    if month is not None:
        values |= {"start": month, "after_go_live": None}
    return base.model_copy(update={**values, "audience": audience})


def level_of(deployment: Deployment, measure: Measure) -> float:
    """Return the dose of a deployment, or the share of people it takes."""
    if measure.appoints is not None:
        share = share_of(deployment, measure)
        return 1.0 if share is None else share
    return deployment.audience.share if measure.takes_people else deployment.dose


def evidence_level(measure: Measure) -> float:
    """Return the greatest dose, or share, that the catalogue speaks of."""
    return measure.share or 1.0 if measure.appoints is not None else 1.0


class Terms(NamedTuple):
    """What is wanted, and what may be chosen.

    Attributes
    ----------
    goal
        What is wanted, and when.
    target
        Level of the KPI [as shown] whose chance of being reached is wanted instead of its mean.
    must, without
        Measures that have to be in, and that may not.
    change_share
        Least share of all money that goes to measures, for people, instead of to technology; 0
        leaves it open.
    licences
        Whether the number of licences is to be chosen too; then they are paid from the budget.
    beyond
        Whether doses and shares up to twice what is known are tried.
    """

    goal: Goal
    target: float | None = None
    must: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    change_share: float = 0.0
    licences: bool = False
    beyond: bool = False

    @property
    def unit(self) -> str:
        """What a difference is counted in."""
        return "points" if self.target is not None else self.goal.unit


def choices_of(scenario: Scenario, terms: Terms) -> list[Choice]:
    """Return the measures a firm could take: those it has, and those of the catalogue it has not.

    A works council cannot be taken by a firm that has none, nor be taken from one that has.

    Raises
    ------
    AdoptionError
        If a measure that has to be in, or may not, does not exist, or both is said of one.
    """
    catalogue = read_catalogue()
    own = scenario.deployments
    taken = {deployment.measure or name for name, deployment in own.items()}
    appointed = {catalogue[name].appoints for name in taken} - {None}
    others = {
        name: Deployment()
        for name, measure in catalogue.items()
        if name not in taken and name != COUNCIL and measure.appoints not in appointed
    }
    there = {**own, **others}
    for option, names in (("must", terms.must), ("without", terms.without)):
        for name in names:
            if name not in there:
                raise AdoptionError(
                    f"{option}: there is no measure '{name}' to take{suggestion(name, there)}"
                )
    both = [name for name in terms.must if name in terms.without]
    if both:
        raise AdoptionError(f"'{both[0]}': found in must and in without, expected in one of them")
    departments = tuple(department_names(scenario.organisation))
    return [
        _choice(name, deployment, scenario, terms.goal.month, departments)
        for name, deployment in there.items()
        if name not in terms.without
    ]


def _choice(
    name: str,
    deployment: Deployment,
    scenario: Scenario,
    last: int,
    departments: tuple[str, ...],
) -> Choice:
    """Return a measure with the months and audiences there are to choose from."""
    measure = measure_of(name, deployment)
    own = name in scenario.deployments
    known = evidence_level(measure)
    full = level_of(deployment, measure) if own else known
    go_live = access_months(scenario)[1]
    months = {*MONTHS, min(go_live, last)} - ({deployment.start} if own else set())
    starts = tuple(month for month in sorted(months) if month <= last)
    audiences: list[tuple[str, ...] | None] = [None]
    free = deployment.audience.model_copy(update={"share": 1.0}) == Audience()
    if free and len(departments) > 1:
        some: list[tuple[str, ...]] = [(department,) for department in departments]
        if len(departments) > 2:
            some += [
                tuple(other for other in departments if other != department)
                for department in departments
            ]
        lone = deployed(deployment, measure, full / STEPS)
        real = scenario.organisation.people is not None
        audiences += [
            few
            for few in some
            if (measure.appoints is None and not real) or _anybody(scenario, name, lone, few)
        ]
    return Choice(
        name,
        deployment,
        measure,
        full,
        max(known, full),
        (None, *starts) if own else starts,
        tuple(audiences),
    )


def _anybody(
    scenario: Scenario, name: str, deployment: Deployment, departments: tuple[str, ...]
) -> bool:
    """Return whether a measure can be for some departments alone: somebody there can take part.

    Nor may a scenario tell few real people apart.
    """
    audience = deployment.audience.model_copy(update={"departments": departments})
    few = deployment.model_copy(update={"audience": audience})
    alone = scenario.model_copy(update={"programme": {name: few}, "budget": Budget()})
    try:
        compile_programme(alone, chart(scenario))
        if scenario.organisation.people is not None:
            scenario.changed({f"programme.{name}": few.model_dump(exclude_defaults=True)})
    except ScenarioError:
        return False
    return True


class ProgrammeBench:
    """Plans for a scenario: what they cost, and what is reached in the same organisations.

    Parameters
    ----------
    scenario
        The organisation, its tool, and the programme it has.
    terms
        What is wanted, and what may be chosen.
    vectors
        Parameter vectors; each has organisations of its own.
    seed
        Seed of the study.
    pieces
        Where finished pieces are kept, and taken from.
    progress
        Called with the number of simulated organisations and how many are expected.

    Raises
    ------
    AdoptionError
        If a measure does not exist, or what is wanted cannot be.
    """

    def __init__(
        self,
        scenario: Scenario,
        terms: Terms,
        vectors: Sequence[Vector] = ({},),
        *,
        seed: int = 1,
        pieces: Pieces | None = None,
        progress: Progress | None = None,
    ) -> None:
        terms.goal.checked(scenario)
        self.scenario, self.terms, self.seed = scenario, terms, seed
        self.vectors, self.pieces = tuple(vectors), pieces or Pieces()
        self.progress, self.expected = progress or (lambda *_: None), 1
        self.choices = choices_of(scenario, terms)
        self.bare = scenario.model_copy(update={"budget": Budget()})
        self.chart: Chart = chart(scenario)
        self.batch = self.simulated = 0
        self._prices: dict[Any, float] = {}
        self._simulators: dict[int, Simulator] = {}

    # --- Plans -----------------------------------------------------------------------------

    @cached_property
    def levers(self) -> tuple[Lever, ...]:
        """What a plan may have: every measure, and licences last if they are to be chosen."""
        levers = [self._lever(choice) for choice in self.choices]
        if self.terms.licences:
            entries = tuple((k,) for k in range(STEPS))
            levers.append(Lever(LICENCES, (STEPS,), entries, True))
        return tuple(levers)

    def _lever(self, choice: Choice) -> Lever:
        most = STEPS
        if self.terms.beyond:
            people = choice.measure.takes_people
            most = min(2 * STEPS, int(STEPS / choice.full)) if people else 2 * STEPS
        sizes = (max(most, STEPS), len(choice.months), len(choice.audiences))
        first = 0 if choice.months[0] is None else choice.months.index(min(choice.months))  # type: ignore[type-var]
        entries = tuple((level - 1, first, 0) for level in ENTRIES)
        return Lever(choice.name, sizes, entries, choice.name in self.terms.must)

    @property
    def least(self) -> Plan:
        """The plan with what has to be in, each on its lowest level, and nothing else."""
        return tuple((0, *lever.entries[0][1:]) if lever.stays else None for lever in self.levers)

    def scenario_of(self, plan: Plan, name: str = "", title: str = "") -> Scenario:
        """Return the scenario of a plan, without a budget."""
        programme = {
            choice.name: choice.deployment(option)
            for choice, option in zip(self.choices, plan, strict=False)
            if option is not None
        }
        values: dict[str, Any] = {"programme": programme}
        if self.terms.licences and plan[-1] is not None and plan[-1][0] + 1 < STEPS:
            values["tool"] = licensed(self.bare, (plan[-1][0] + 1) / STEPS)
            for name_, deployment in programme.items():
                programme[name_] = as_planned(deployment, self.bare)
        if name:
            values |= {"name": name, "title": title}
        return self.bare.model_copy(update=values)

    def price(self, plan: Plan) -> float:
        """Return what a plan costs over all months [euro]: measures, and licences if they are chosen."""
        if plan in self._prices:
            return self._prices[plan]
        licences = plan[-1] if self.terms.licences else None
        if self.scenario.capacity.trainer_hours is not None:
            price = self.measures(plan)
        else:
            price = total(
                [
                    self._price_of(k, option, licences)
                    for k, option in enumerate(plan[: len(self.choices)])
                    if option is not None
                ]
            )
        if self.terms.licences:
            price += self.technology(plan)
        self._prices[plan] = price
        return price

    def _price_of(self, k: int, option: Option, licences: Option | None) -> float:
        """Return what a measure costs; without a limit of trainers it does not hang on the others."""
        key = (k, option, licences)
        if key not in self._prices:
            alone: list[Option | None] = [None] * len(self.levers)
            alone[k] = option
            if licences is not None:
                alone[-1] = licences
            self._prices[key] = self.measures(tuple(alone))
        return self._prices[key]

    def measures(self, plan: Plan) -> float:
        """Return what the measures of a plan cost over all months [euro]."""
        return measures_cost(self.scenario_of(plan), self.chart)

    def cost(self, scenario: Scenario) -> float:
        """Return what a scenario costs as a budget counts it [euro]: with technology if licences are chosen."""
        cost = measures_cost(scenario, self.chart)
        return cost + (technology_cost(scenario, self.chart) if self.terms.licences else 0.0)

    def technology(self, plan: Plan) -> float:
        """Return what the technology costs over all months [euro]."""
        key = ("technology", plan[-1] if self.terms.licences else None)
        if key not in self._prices:
            scenario = self.scenario_of(plan)
            self._prices[key] = technology_cost(scenario, self.chart)
        return self._prices[key]

    def lacking(self, plan: Plan) -> float:
        """Return what keeps a plan from being chosen: musts that are out, and people's share; 0 if nothing."""
        out = sum(
            lever.stays and option is None for lever, option in zip(self.levers, plan, strict=True)
        )
        least = self.terms.change_share
        return out + (max(0.0, least - 1e-9 - self.people_share(plan)) if least else 0.0)

    def people_share(self, plan: Plan) -> float:
        """Return the share of all money, for measures and technology, that goes to measures [0 to 1]."""
        technology = self.technology(plan)
        people = self.price(plan) - (technology if self.terms.licences else 0.0)
        whole = people + technology
        return people / whole if whole > 0.0 else 1.0

    # --- What comes of them ----------------------------------------------------------------

    def values(self, plans: Sequence[Plan], group: int) -> Array:
        """Return what plans reach in a group of organisations, more is better [plans, organisations]."""
        return self.reached([self.scenario_of(plan) for plan in plans], group)

    def reached(self, scenarios: Sequence[Scenario], group: int) -> Array:
        """Return what scenarios reach, of the same organisations as all [scenarios, organisations].

        While searching, a target counts as reached by degrees.

        Raises
        ------
        InterruptedStudyError
            If it is interrupted; what is finished is kept.
        """
        parts = []
        for first in range(0, len(scenarios), AT_ONCE):
            name, few = f"piece-{self.batch:05d}", scenarios[first : first + AT_ONCE]
            self.batch += 1
            part = self.pieces.once(name, lambda few=few: self._simulated(few, group), np.array)  # type: ignore[misc]
            parts.append(np.asarray(part, float).reshape(len(few), -1))
            self.simulated += part.size
            self.progress(self.simulated, max(self.expected, self.simulated))
        return np.concatenate(parts)

    def _simulated(self, scenarios: Sequence[Scenario], group: int) -> Array:
        rows = list(
            over_vectors(lambda k: self._of(scenarios[k], group), list(range(len(scenarios))))
        )
        if len(rows) < len(scenarios):
            raise InterruptedStudyError(
                "interrupted: what is finished is kept; the same command goes on from there"
            )
        return np.array(rows)

    def _of(self, scenario: Scenario, group: int) -> Array:
        """Return what one scenario reaches [vectors x organisations]."""
        goal, target = self.terms.goal, self.terms.target
        rows = self.simulator(group).simulate(scenario, months=goal.month).rows
        reached = goal.of(scenario, rows)
        if target is None:
            return goal.better * reached
        apart = goal.better * (reached - target)
        if group == REPORT:
            return 100.0 * (apart >= 0.0)
        return 100.0 / (1.0 + np.exp(-np.clip(apart / SOFT, -50.0, 50.0)))

    def simulator(self, group: int) -> Simulator:
        """Return the simulator of a group of organisations, which no other group has."""
        if group not in self._simulators:
            runs = -(-SIZES[group] // len(self.vectors))
            first = group * ATTENTION * len(self.vectors)
            self._simulators[group] = Simulator(
                self.bare, runs, self.seed, self.vectors, first=first, threads=1
            )
        return self._simulators[group]


def licensed(scenario: Scenario, share: float) -> Tool:
    """Return the tool with licences for a share of those who would have them.

    Whom chance leaves out is served in the last month, the latest a scenario can say: that month of
    licences is in the price.
    """
    tool, last = scenario.tool, scenario.simulation.months
    if share >= 1.0:
        return tool
    phases = tuple(phase.model_copy(update={"share": phase.share * share}) for phase in tool.phases)
    rest = Phase(month=tool.go_live, share=share)
    return tool.model_copy(update={"phases": (*phases, rest), "go_live": last})


def as_planned(deployment: Deployment, scenario: Scenario) -> Deployment:
    """Return a deployment that starts in its month even where go-live is another one."""
    if deployment.after_go_live is None:
        return deployment
    start = first_month(deployment, scenario) + 1
    return deployment.model_copy(update={"start": start, "after_go_live": None})


def measures_cost(scenario: Scenario, people: Chart) -> float:
    """Return what the measures of a scenario cost over all months [euro], as its ledger says."""
    return total(measures_by_month(scenario, people))


def measures_by_month(scenario: Scenario, people: Chart) -> Array:
    """Return what the measures of a scenario cost by month [months] [euro]."""
    rounds = affordable(scenario, people)
    costs = accounts_of(rounds, scenario, people).costs[0]
    planned = [cost for round_, cost in zip(rounds, costs, strict=True) if round_.start >= 0]
    months: Array = np.sum(planned, axis=0) if planned else np.zeros(scenario.simulation.months)
    return months


def technology_cost(scenario: Scenario, people: Chart) -> float:
    """Return what the technology of a scenario costs over all months [euro]."""
    return total(technology_by_month(scenario, people))


def technology_by_month(scenario: Scenario, people: Chart) -> Array:
    """Return what the technology of a scenario costs by month [months] [euro]."""
    months: Array = accounts_of([], scenario, people).technology[0].sum(axis=0)
    return months


def free_lunches(
    singles: Mapping[str, tuple[float, float, float]], measures: Mapping[str, Measure]
) -> frozenset[str]:
    """Return measures whose gain for its money the audit of prices would not let pass.

    Three times the median of those that help is the most, unless the evidence has grade A or B; what
    luck alone may have lifted above that is let pass.

    Parameters
    ----------
    singles
        Of each measure that clearly helps alone: the lower end of what it brings at its full dose, its
        mean, and what it costs [euro].
    measures
        What the catalogue says of each.
    """
    from analysis.studies.audit.study import MOST, STRONG, grade_of

    if not singles:
        return frozenset()
    rates = [mean / max(cost, CENT) for _, mean, cost in singles.values()]
    most = MOST * float(np.median(rates))
    return frozenset(
        name
        for name, (low, _, cost) in singles.items()
        if low / max(cost, CENT) > most and grade_of(measures[name].sources) not in STRONG
    )
