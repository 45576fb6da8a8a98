"""What a game comes to: each team beside doing nothing and a shipped plan, on the same people and luck.

A move is worth what is missing without it: here, and in other organisations of the same kind. Where the two
do not agree, what it did here was luck.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from analysis.decisions.goal import Goal
from analysis.words.languages import ENGLISH, Language
from sim.elementary import mean
from sim.engine.kinds import Array
from sim.errors import AdoptionError
from sim.people.population import chart
from sim.play import State, World, begin, interval_score, to_the_end
from sim.programme import ledger
from sim.programme.deployments import measure_of
from sim.scenario import read_scenario
from sim.scenario.folders import library
from sim.scenario.schema import Budget, Scenario
from sim.simulator import Simulator
from sim.study.experiments import Progress
from sim.study.intervals import half_width

if TYPE_CHECKING:
    import pandas as pd

    from analysis.figures.frame import Picture

OTHERS: Final = 200
"""Other organisations in which the same moves are made."""

TRIED: Final = 40
"""Other organisations in which shipped plans are tried, to find the best one."""

ALIKE: Final = 1e-6
"""Moves whose worths here differ by less are worth the same [points]."""

NOTHING: Final = "nothing"
PLAN: Final = "plan"
"""Names of doing nothing, and of the best shipped plan, among the lines."""


class Line(NamedTuple):
    """Where somebody ended: a team, doing nothing, or a shipped plan.

    Attributes
    ----------
    label
        Who it is.
    curve
        Weekly users by month, on the people and luck of the world [months + 1] [%].
    cost
        What everything cost, events in it [euro].
    never
        People at the end who never were weekly users [% of employees].
    bets
        Bets made, of which how many held what came; none for who made none.
    held
        Bets that held what came.
    score
        Mean interval score of the bets [points], 0 at best; not a number without bets.
    """

    label: str
    curve: Array
    cost: float
    never: float
    bets: int = 0
    held: int = 0
    score: float = float("nan")

    @property
    def end(self) -> float:
        """Weekly users in the last month [%]."""
        return float(self.curve[-1])


class Worth(NamedTuple):
    """What is missing without a move, in weekly users of the last month.

    Attributes
    ----------
    name
        Of the deployment.
    month
        When it began.
    here
        In the organisation that was played [points].
    others
        Mean over the others [points].
    low, high
        Its 95 % interval [points].
    """

    name: str
    month: int
    here: float
    others: float
    low: float
    high: float

    @property
    def verdict(self) -> str:
        """``skill``: it helps here and elsewhere. ``mistake``: it harms both. Else ``luck``."""
        if self.here > 0.0 and self.low > 0.0:
            return "skill"
        if self.here < 0.0 and self.high < 0.0:
            return "mistake"
        return "luck"


class Debriefed(NamedTuple):
    """What games in one world came to.

    Attributes
    ----------
    world
        The world.
    teams
        The games.
    lines
        Where each team ended, then doing nothing and the best shipped plan that can be paid.
    worths
        What each move of each team is worth, most first.
    others
        Number of other organisations.
    """

    world: World
    teams: tuple[State, ...]
    lines: dict[str, Line]
    worths: dict[str, list[Worth]]
    others: int

    @property
    def table(self) -> pd.DataFrame:
        """Scores of everybody: no single one decides."""
        import pandas as pd

        nothing = self.lines[NOTHING]
        rows = []
        for name, line in self.lines.items():
            more = line.end - nothing.end
            price = (line.cost - nothing.cost) / more if more > 0.0 else float("nan")
            rows.append(
                {
                    "name": name,
                    "label": line.label,
                    "weekly_users": line.end,
                    "euro_per_point": float("nan") if name == NOTHING else price,
                    "cost": line.cost,
                    "never_reached": line.never,
                    "bets": line.bets,
                    "bets_held": line.held,
                    "interval_score": line.score,
                }
            )
        return pd.DataFrame(rows).set_index("name")

    @property
    def moves(self) -> pd.DataFrame:
        """What each move of each team is worth."""
        import pandas as pd

        rows = [
            {"team": team, **worth._asdict(), "verdict": worth.verdict}
            for team, worths in self.worths.items()
            for worth in worths
        ]
        columns = ["team", *Worth._fields, "verdict"]
        return pd.DataFrame(rows, columns=columns).set_index(["team", "name"])

    def as_json(self, words: Language = ENGLISH) -> dict[str, Any]:
        """Return it as plain values."""
        from analysis.decisions import debrief_texts as texts
        from analysis.studies.form import records

        return {
            "world": self.world.name,
            "message": texts.message(self, words),
            "sentences": texts.sentences(self, words),
            "others": self.others,
            "scores": records(self.table),
            "moves": records(self.moves),
            "curves": {name: line.curve.tolist() for name, line in self.lines.items()},
        }

    def figure(self, words: Language = ENGLISH) -> Picture:
        """Draw it."""
        from analysis.decisions.debrief_figure import debrief_figure

        return debrief_figure(self, words)


def best_here(worths: Sequence[Worth]) -> list[Worth]:
    """Return the moves that are worth most here: several where they are worth the same."""
    most = max((worth.here for worth in worths), default=0.0)
    return [worth for worth in worths if worth.here > most - ALIKE]


def agrees(worths: Sequence[Worth]) -> bool:
    """Return whether one move is the best here and elsewhere, and helps there for certain.

    Parameters
    ----------
    worths
        What each move is worth.
    """
    first = best_here(worths)
    if len(first) != 1:
        return False
    most = max(worths, key=lambda worth: worth.others)
    return first[0].name == most.name and first[0].verdict == "skill"


class Replay:
    """The organisation of a world, and others of its kind, in which anything can be tried.

    Parameters
    ----------
    world
        The world.
    others
        Number of the others.
    """

    def __init__(self, world: World, others: int = OTHERS) -> None:
        rules = world.rules
        self.world, self.others = world, others
        self.streams = rules.run + np.arange(others + 1)
        self.goal = Goal("adoption", world.last)

    @cached_property
    def simulator(self) -> Simulator:
        """The organisation that was played, and the others after it."""
        return Simulator(self.world.start, seed=self.world.rules.seed, streams=self.streams)

    def free(self, scenario: Scenario) -> Scenario:
        """Return a scenario with every event, and no budget that would change what is done."""
        events = dict(self.world.rules.events)
        return scenario.model_copy(update={"events": events, "budget": Budget()})

    def ends(self, scenario: Scenario) -> Array:
        """Return weekly users in the last month, here first [others + 1] [%]."""
        free = self.free(scenario)
        return self.goal.of(free, self.simulator.rows(free))

    def line(self, label: str, scenario: Scenario, state: State | None = None) -> Line:
        """Return where a scenario leads in the organisation that was played."""
        rules, free = self.world.rules, self.free(scenario)
        here = Simulator(free, seed=rules.seed, streams=self.streams[:1], threads=1)
        curve = 100.0 * here.curves(free, "adoption")[0]
        people = here.simulate(free, keep_people=True).people[0]
        never = 100.0 * float((people["ever_weekly"] == 0).mean())
        line = Line(label, curve, float(here.cost(free)[0]), never)
        if state is None or not state.bets:
            return line
        came = [float(curve[(k + 1) * rules.months]) for k in range(len(state.bets))]
        held = sum(
            bet.low <= value <= bet.high for bet, value in zip(state.bets, came, strict=True)
        )
        scores = [interval_score(bet, value) for bet, value in zip(state.bets, came, strict=True)]
        return line._replace(bets=len(came), held=held, score=mean(scores))

    def worths(self, state: State, report: Progress | None = None) -> list[Worth]:
        """Return what is missing without each measure a team started, most first.

        The money of a move left out is spent on nothing else.
        """
        scenario = to_the_end(state)
        whole, begun = self.ends(scenario), dict(begin(self.world).programme)
        added = {
            name: deployment
            for name, deployment in scenario.deployments.items()
            if name not in begun
        }
        listed = []
        for k, (name, deployment) in enumerate(added.items()):
            programme = {other: kept for other, kept in scenario.programme.items() if other != name}
            less = whole - self.ends(scenario.model_copy(update={"programme": programme}))
            middle, half = mean(less[1:]), float(half_width(less[1:]))
            month = deployment.start
            listed.append(Worth(name, month, float(less[0]), middle, middle - half, middle + half))
            if report is not None:
                report(k + 1, len(added))
        return sorted(listed, key=lambda worth: -worth.here)


def debrief(
    teams: Sequence[State], others: int = OTHERS, report: Progress | None = None
) -> Debriefed:
    """Return what games in one world came to, on the same people and the same luck.

    Parameters
    ----------
    teams
        Where they ended; a game that is not over goes on without further moves.
    others
        Other organisations in which each move is tried, from 2 on.
    report
        Called with the number of moves replayed and the total.

    Raises
    ------
    AdoptionError
        If there is no team, two have one name, or they played in different worlds.
    """
    if not teams:
        raise AdoptionError("found no game, expected at least one file")
    if others < 2:
        raise AdoptionError(f"others: found {others}, expected at least 2")
    world = teams[0].world
    for state in teams:
        if (state.world.rules, state.world.start) != (world.rules, world.start):
            raise AdoptionError(
                f"{state.team} played in {state.world.name}, {teams[0].team} in {world.name}: "
                "expected games of one world"
            )
    names = [state.team for state in teams]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None or {NOTHING, PLAN} & set(names):
        raise AdoptionError(
            f"two are called '{twice or (set(names) & {NOTHING, PLAN}).pop()}': rename one team (play.team)"
        )
    replay = Replay(world, others)
    lines = {state.team: replay.line(state.team, to_the_end(state), state) for state in teams}
    lines[NOTHING] = replay.line("", world.start)
    plan = best_plan(world)
    if plan is not None:
        lines[PLAN] = replay.line(*plan)
    worths, done = {}, 0
    total = sum(len(state.programme) - len(world.start.deployments) for state in teams)

    def more(finished: int, _: int) -> None:
        if report is not None:
            report(done + finished, total)

    for state in teams:
        worths[state.team] = replay.worths(state, more)
        done += len(worths[state.team])
    return Debriefed(world, tuple(teams), lines, worths, others)


def best_plan(world: World, others: int = TRIED) -> tuple[str, Scenario] | None:
    """Return the shipped plan that does best elsewhere and fits the money here, with its title.

    It is chosen in other organisations, not by what it happens to do in this one. It may use what a
    team was not offered; what the world begins with is in it.

    Parameters
    ----------
    world
        The world.
    others
        Organisations in which plans are tried.
    """
    best: tuple[float, str, Scenario] | None = None
    replay = Replay(world, others)
    tried = set()
    for file in sorted(library().glob("*.yaml")):
        scenario = _as_here(world, file.stem)
        if scenario is None or scenario.fingerprint() in tried:
            continue
        tried.add(scenario.fingerprint())
        reached = float(replay.ends(scenario)[1:].mean())
        if best is None or reached > best[0]:
            best = reached, scenario.title, scenario
    return None if best is None else best[1:]


def _as_here(world: World, name: str) -> Scenario | None:
    """Return the programme of a shipped scenario in a world; None if it cannot be there, or be paid."""
    shipped = read_scenario(name)
    programme = {**world.start.programme, **shipped.deployments}
    departments = {
        department
        for deployment in shipped.deployments.values()
        for department in deployment.audience.departments or ()
    }
    known = {*world.start.organisation.departments, "management"}
    late = any(deployment.start > world.last for deployment in shipped.deployments.values())
    if departments - known or late or set(programme) == set(world.start.programme):
        return None
    scenario = world.start.model_copy(update={"programme": programme, "title": shipped.label})
    try:
        ledger.affordable(scenario, chart(scenario))
    except AdoptionError:
        return None
    return scenario


def title_of(name: str, state: State, words: Language = ENGLISH) -> str:
    """Return what a move is called."""
    deployment = dict(state.programme)[name]
    return str(words.of(measure_of(name, deployment).title))
