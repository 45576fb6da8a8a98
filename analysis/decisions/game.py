"""A scenario beside a reference as a game: what differs are the players, and each coalition is simulated.

Every coalition has the same people, ties and luck. Doses are those delivered in the scenario as a
whole: or a measure left out would leave money and trainers to the others, and its share would be theirs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np

from analysis.decisions.goal import Goal
from sim import kernel, world
from sim.engine.kinds import Array
from sim.errors import AdoptionError
from sim.parameters import Parameters
from sim.people.population import chart
from sim.programme import compiling, deployments, ledger
from sim.programme.deployments import Round
from sim.scenario.schema import Budget, Scenario
from sim.simulator import Simulator, Vector
from sim.study.experiments import same_people

ROLLOUT: Final = "rollout"
"""Name of the player that is everything about the tool: who gets it when, and what it is."""

APPOINTED: Final = "appointed"
"""Name of the player that is the use of those appointed, beyond what they would do by themselves."""

BARE: Final = "without-measures"
"""Name of the reference by default."""

COUNTED: Final = {"adoption": "weekly_use", "daily_use": "daily_use", "using": None}
"""KPIs that count people by how much they use AI, and the number of the rules it takes."""

EXPLAINED: Final = ("programme", "adaptive", "tool", "budget", "capacity", "privacy", "simulation")
"""Sections in which a scenario may differ from its reference; of the last four only the whole counts."""


Delivered = dict[str, list[Round | None]]
"""Rounds as they are delivered, by name."""


class Played(NamedTuple):
    """What a coalition reaches in each organisation; R organisations.

    Attributes
    ----------
    value
        As it is measured [R].
    undecreed
        The same if those appointed did what they do without the appointment [R].
    """

    value: Array
    undecreed: Array


class Game:
    """What a scenario reaches beyond a reference, coalition by coalition.

    Parameters
    ----------
    scenario
        The whole.
    reference
        Where nobody is in yet: by default the scenario without measures, with the same roll-out.
    goal
        What is counted.
    vectors
        Parameter vectors, each with organisations of its own.
    runs, seed, first
        Organisations of each vector, seed of the study, number of the first organisation.

    Raises
    ------
    AdoptionError
        If the two differ in more than programme and tool, or in nothing.
    """

    def __init__(
        self,
        scenario: Scenario,
        reference: Scenario | None = None,
        goal: Goal | None = None,
        vectors: Sequence[Vector] = ({},),
        *,
        runs: int = 100,
        seed: int = 1,
        first: int = 0,
    ) -> None:
        self.scenario = scenario
        self.reference = bare(scenario) if reference is None else reference
        self.goal = (goal or Goal()).checked(scenario, self.reference)
        self.vectors, self.runs, self.seed, self.first = tuple(vectors), runs, seed, first
        _check(scenario, self.reference)
        self.players = differing(scenario, self.reference)
        if not self.players:
            raise AdoptionError(
                f"{scenario.name} and {self.reference.name} do the same: there is nothing to explain"
            )

    def __repr__(self) -> str:
        return (
            f"<Game {self.scenario.name} against {self.reference.name}: {', '.join(self.players)}>"
        )

    @property
    def whole(self) -> int:
        """The coalition of all."""
        return (1 << len(self.players)) - 1

    @property
    def counts(self) -> bool:
        """Whether what is counted is people, in a month."""
        return self.goal.kpi in COUNTED and not self.goal.area

    @property
    def splits(self) -> bool:
        """Whether those appointed are a player of their own."""
        return self.appointing != 0 and self.counts

    @cached_property
    def appointing(self) -> int:
        """The coalition of players that appoint champions or leaders."""
        listed = {
            round_.name
            for scenario in (self.scenario, self.reference)
            for round_ in deployments.rounds(scenario)
            if round_.measure.appoints in ledger.BEFORE
        }
        return sum(1 << k for k, name in enumerate(self.players) if name in listed)

    @cached_property
    def idle(self) -> int:
        """The coalition of players that are there in neither: a dose of 0 does nothing."""
        return sum(
            1 << k
            for k, name in enumerate(self.players)
            if name != ROLLOUT
            and all(name not in _there(side) for side in (self.scenario, self.reference))
        )

    def scenario_of(self, mask: int) -> Scenario:
        """Return the scenario of a coalition, without a budget: doses are delivered as they are."""
        chosen = {name for k, name in enumerate(self.players) if mask >> k & 1}
        update: dict[str, Any] = {"budget": Budget()}
        for section in ("programme", "adaptive"):
            here, there = getattr(self.scenario, section), getattr(self.reference, section)
            names = [*here, *(name for name in there if name not in here)]
            sides = {
                name: here if name in chosen or name not in self.players else there
                for name in names
            }
            update[section] = {name: side[name] for name, side in sides.items() if name in side}
        update["tool"] = (self.scenario if ROLLOUT in chosen else self.reference).tool
        if ROLLOUT not in self.players:
            update["tool"] = self.scenario.tool
        return self.scenario.model_copy(update=update)

    def simulated(
        self, mask: int, vector: int = 0, months: int | None = None, **options: Any
    ) -> kernel.Simulated:
        """Return what the runs of a coalition give under a vector; options as of the simulator."""
        simulator = self._simulators[vector]
        scenario = self.scenario_of(mask & ~self.idle)
        here = simulator.scenario_of(scenario, 0)
        return simulator.simulate(
            scenario,
            months=months,
            prepare=lambda w, p: (w, self._frozen(p, here, vector)),
            **options,
        )

    def played(self, mask: int, vector: int, without: Array | None = None) -> tuple[Played, Array]:
        """Return what a coalition reaches, and who is counted [R, people] where people are.

        Parameters
        ----------
        mask, vector
            The coalition, and the number of the vector.
        without
            Who is counted in the same coalition without the players that appoint [R, people].
        """
        goal = self.goal
        lived = self.simulated(mask, vector, goal.month, keep_people=self.counts)
        scenario = self._simulators[vector].scenario_of(self.scenario_of(mask), 0)
        value = goal.of(scenario, lived.rows)
        if not self.counts:
            return Played(value, value), np.zeros((0, 0), bool)
        users = self.counted(lived.people, vector)
        if without is None:
            return Played(value, value), users
        appointed = (lived.people["champion"] == 1) | (lived.people["committed"] == 1)
        fewer = np.where(appointed & users, without, users)
        return Played(value, value - 100.0 * (users.mean(axis=1) - fewer.mean(axis=1))), users

    def counted(self, people: Array, vector: int) -> Array:
        """Return who is counted by the goal's KPI [R, people]."""
        number = COUNTED[self.goal.kpi]
        least = 0.0 if number is None else getattr(self.numbers(vector), number)
        counts: Array = (people["uses"] == 1) & (people["intensity"] >= least)
        return counts

    def numbers(self, vector: int) -> Parameters:
        """Return the numbers of the rules under a vector."""
        return self._simulators[vector].scenario_of(None, 0).numbers

    def costs(self) -> Array:
        """Return what each player costs to the goal's month as it is delivered [players] [euro].

        More than in the reference; of the roll-out, what the technology costs more.
        """
        spent = [_spent(scenario, self.goal.month) for scenario in (self.scenario, self.reference)]
        return np.array(
            [spent[0].get(name, 0.0) - spent[1].get(name, 0.0) for name in self.players]
        )

    @cached_property
    def _simulators(self) -> list[Simulator]:
        """A simulator for each vector."""
        several = len(self.vectors) * self.first
        return [
            Simulator(
                self.scenario,
                self.runs,
                self.seed,
                [vector],
                first=several + v * self.runs,
                threads=1,
            )
            for v, vector in enumerate(self.vectors)
        ]

    @cached_property
    def _delivered(self) -> list[list[Delivered]]:
        """Rounds as they are delivered in the whole and in the reference, by name, of each vector."""
        return [
            [_by_name(simulator.scenario_of(side, 0)) for side in (self.scenario, self.reference)]
            for simulator in self._simulators
        ]

    def _frozen(self, plan: world.Plan, scenario: Scenario, vector: int) -> world.Plan:
        """Return a plan whose doses are those delivered in the whole, or in the reference."""
        whole, reference = self._delivered[vector]
        asked: dict[str, list[Round]] = {}
        for round_ in deployments.rounds(scenario):
            asked.setdefault(round_.name, []).append(round_)
        done = []
        for name, several in asked.items():
            ours = scenario.programme.get(name) == self.scenario.programme.get(name)
            ours = ours and scenario.adaptive.get(name) == self.scenario.adaptive.get(name)
            given = (whole if ours else reference).get(name, [])
            done += [
                round_._replace(dose=paid.dose, part=paid.part)
                for round_, paid in zip(several, given, strict=False)
                if paid is not None
            ]
        programme = compiling.compile_programme(scenario, plan.chart, done)
        programme.offices["spare"] = self._spare[vector]
        return plan._replace(programme=programme)

    @cached_property
    def _spare(self) -> list[float]:
        """Money adaptive rules may spend in the whole, of each vector [euro]."""
        return [
            float(compiling.compile_programme(simulator.scenario_of(None, 0)).offices[0]["spare"])
            for simulator in self._simulators
        ]


def bare(scenario: Scenario) -> Scenario:
    """Return a scenario without measures: the same people, the same roll-out."""
    return scenario.model_copy(
        update={
            "name": BARE,
            "title": "",
            "programme": {},
            "adaptive": {},
            "budget": Budget(),
        }
    )


def differing(scenario: Scenario, reference: Scenario) -> tuple[str, ...]:
    """Return in what a scenario differs from a reference: measures, and the roll-out.

    A measure of dose 0 is named too, and adds nothing.
    """
    names = []
    for section in ("programme", "adaptive"):
        here, there = getattr(scenario, section), getattr(reference, section)
        for name in dict.fromkeys([*here, *there]):
            if here.get(name) != there.get(name) and name not in names:
                names.append(name)
    if scenario.tool != reference.tool:
        names.append(ROLLOUT)
    return tuple(names)


def _there(scenario: Scenario) -> Mapping[str, Any]:
    return {**scenario.deployments, **scenario.adaptive}


def _check(scenario: Scenario, reference: Scenario) -> None:
    """Raise AdoptionError if a scenario differs from a reference in what is no player."""
    if scenario.organisation.employees != reference.organisation.employees:
        raise AdoptionError(
            f"{scenario.name} has {scenario.organisation.employees} people and {reference.name} "
            f"{reference.organisation.employees}: expected the same people"
        )
    words = {"name", "title", "question", "play"}
    for section in type(scenario).model_fields:
        if section in words or section in EXPLAINED:
            continue
        if getattr(scenario, section) != getattr(reference, section):
            raise AdoptionError(
                f"{scenario.name} and {reference.name} differ in '{section}': expected the same, as "
                "only measures and the tool are explained"
            )
    if scenario.tool == reference.tool and not same_people(scenario, reference):
        raise AdoptionError(f"{scenario.name} and {reference.name} have different people")


def _by_name(scenario: Scenario) -> Delivered:
    """Return the rounds that are delivered, by name; None in the place of those left out."""
    plan = chart(scenario)
    asked, done = deployments.rounds(scenario), ledger.affordable(scenario, plan)
    paid = {(round_.name, round_.start): round_ for round_ in done}
    listed: Delivered = {}
    for round_ in asked:
        listed.setdefault(round_.name, []).append(paid.get((round_.name, round_.start)))
    return listed


def _spent(scenario: Scenario, month: int) -> dict[str, float]:
    """Return what each measure costs to a month, and the technology [euro]."""
    plan = chart(scenario)
    rounds = ledger.affordable(scenario, plan)
    accounts = ledger.accounts_of(rounds, scenario, plan)
    spent = {ROLLOUT: float(accounts.technology[0][:, :month].sum())}
    for d, round_ in enumerate(rounds):
        spent[round_.name] = spent.get(round_.name, 0.0) + float(accounts.costs[0, d, :month].sum())
    return spent
