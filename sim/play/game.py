"""The game as a state machine: a state, and what moves make of it. No file, no clock, no chance but by name.

History does not change when something is added later or ended: a turn adds to the programme, and the
organisation is simulated again from its first month. Every team meets the same people, ties and luck.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from sim import kernel
from sim.elementary import total
from sim.errors import AdoptionError, said
from sim.people.population import chart
from sim.play.world import World
from sim.programme import deployments, ledger
from sim.programme.budget import CENT
from sim.programme.deployments import length_of, measure_of
from sim.scenario.measure import Selection
from sim.scenario.schema import Bet, Deployment, Played, Scenario
from sim.scenario.words import short, suggestion
from sim.simulator import Simulator
from sim.texts import unfit

CHANCE: Final = 0.8
"""Chance with which a bet should hold what comes [0 to 1]."""

LONGEST: Final = 60
"""Signs of a team's name."""

MISSED: Final = 10.0
"""What a point outside a bet costs [points]: two, by the chance that it does not hold."""


class Start(NamedTuple):
    """A measure that is started now.

    Attributes
    ----------
    measure
        One of those on offer.
    selection
        Champions: how they are chosen; by default as the world says.
    people
        Champions: exactly these, by their id in ``organisation.people``; ``selection`` is then *named*.
    """

    measure: str
    selection: Selection | None = None
    people: tuple[str, ...] = ()


class Moves(NamedTuple):
    """What a team does in a turn.

    Attributes
    ----------
    start
        Measures to start, at most as many as the world allows.
    stop
        A deployment to stop, by its name; None for none.
    """

    start: tuple[Start, ...] = ()
    stop: str | None = None


class State(NamedTuple):
    """Where a team stands: everything that what follows depends on.

    Attributes
    ----------
    world
        The world it plays in.
    team
        Who plays.
    programme
        Deployments so far by name, those the world begins with first.
    bets
        A bet for each turn that has passed.
    """

    world: World
    team: str
    programme: tuple[tuple[str, Deployment], ...]
    bets: tuple[Bet, ...] = ()

    @property
    def turn(self) -> int:
        """Turns that have passed."""
        return len(self.bets)

    @property
    def month(self) -> int:
        """Months that have passed."""
        return self.turn * self.world.rules.months

    @property
    def over(self) -> bool:
        """Whether no turn is left."""
        return self.turn >= self.world.rules.turns

    @property
    def scenario(self) -> Scenario:
        """What has been decided and has happened so far, as a scenario; later events are not in it."""
        return scenario_of(self)


class Money(NamedTuple):
    """Money of a team [euro].

    Attributes
    ----------
    total
        What there is for everything.
    committed
        What is decided costs to the end, technology in it.
    spent
        What of that falls in months that have passed.
    """

    total: float
    committed: float
    spent: float

    @property
    def left(self) -> float:
        """What can still be decided about [euro]."""
        return self.total - self.committed


class Offer(NamedTuple):
    """A measure on offer.

    Attributes
    ----------
    name
        As it is asked for.
    deployment
        As it would be started now.
    cost
        What it would cost to the end [euro].
    running
        Whether it is in force already, and so cannot be started.
    """

    name: str
    deployment: Deployment
    cost: float
    running: bool


def begin(world: World, team: str = "team") -> State:
    """Return where a team begins.

    Raises
    ------
    AdoptionError
        If nobody can be called so.

    Examples
    --------
    >>> from sim.play import begin, read_world
    >>> state = begin(read_world("machine-builder"))
    >>> state.turn, state.month, state.over
    (0, 0, False)
    """
    if not 1 <= len(team) <= LONGEST or unfit(team):
        raise AdoptionError(
            said("team: found '{team}', expected 1 to {most} signs", team=short(team), most=LONGEST)
        )
    return State(world, team, tuple(world.start.programme.items()))  # type: ignore[arg-type]


def scenario_of(state: State) -> Scenario:
    """Return what has been decided and has happened as a scenario; its events are those so far."""
    rules = state.world.rules
    events = {name: event for name, event in rules.events.items() if event.month <= state.month}
    played = Played(world=state.world.name, team=state.team, run=rules.run, bets=state.bets)
    update: dict[str, Any] = {
        "name": "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in state.team),
        "title": state.team,
        "programme": dict(state.programme),
        "events": events,
        "play": played,
    }
    return state.world.start.model_copy(update=update)


def to_the_end(state: State) -> Scenario:
    """Return what a team has decided, with everything that happens up to the last month."""
    return scenario_of(state).model_copy(update={"events": dict(state.world.rules.events)})


# --- Moves -------------------------------------------------------------------------------------


def move(state: State, moves: Moves, bet: Bet) -> State:
    """Return where a team stands a turn later.

    Parameters
    ----------
    state
        Where it stands; it is not changed.
    moves
        What it does.
    bet
        Between which shares of weekly users it expects the end of the turn [%].

    Raises
    ------
    AdoptionError
        If a move is not allowed or cannot be paid to the end; it says what is allowed, or what it
        costs and what is left.
    """
    if state.over:
        raise AdoptionError(said("the game is over: {turns} turns are played", turns=state.turn))
    return decided(state, moves)._replace(bets=(*state.bets, bet))


def decided(state: State, moves: Moves) -> State:
    """Return a state with moves made and no month passed; raises as :func:`move` does."""
    rules = state.world.rules
    if len(moves.start) > rules.most_at_once:
        raise AdoptionError(
            said(
                "found {number} measures to start, at most {most} a turn",
                number=len(moves.start),
                most=rules.most_at_once,
            )
        )
    after = state if moves.stop is None else _stopped(state, moves.stop)
    for start in moves.start:
        after = _paid(after, _with(after, start))
    return after


def _with(state: State, start: Start) -> tuple[str, Deployment]:
    """Return the deployment of a measure that is started now, with its name in the programme."""
    rules = state.world.rules
    if start.measure not in rules.measures:
        known = suggestion(start.measure, list(rules.measures))
        raise AdoptionError(
            said("'{name}' is not on offer{known}", name=short(start.measure), known=known)
        )
    if start.measure in running(state):
        raise AdoptionError(said("'{name}' is in force already: stop it first", name=start.measure))
    offered = rules.measures[start.measure]
    before = appointed_by(state, measure_of(start.measure, offered).appoints)
    if before is not None:
        raise AdoptionError(
            said(
                "'{name}' appoints people whom '{other}' has appointed already: that is done once",
                name=start.measure,
                other=before,
            )
        )
    update: dict[str, Any] = {"start": state.month + 1}
    if (offered.measure or start.measure) != start.measure:
        update["measure"] = offered.measure
    names = [name for name, _ in state.programme]
    times = sum(_offered_as(name, rules.measures) == start.measure for name in names)
    called = start.measure if not times else f"{start.measure}-{times + 1}"
    if called != start.measure:
        update["measure"] = offered.measure or start.measure
    if start.selection is not None or start.people:
        update |= _seats(start, offered)
    return called, offered.model_copy(update=update)


def appointed_by(state: State, kind: str | None) -> str | None:
    """Return the deployment that has appointed such people, whether or not it is still in force."""
    appoints = (name for name, each in state.programme if measure_of(name, each).appoints == kind)
    return None if kind is None else next(appoints, None)


def _offered_as(name: str, measures: dict[str, Deployment]) -> str:
    """Return under which name a deployment is on offer: *training* for the second of it too."""
    head, _, number = name.rpartition("-")
    return head if number.isdigit() and head in measures else name


def _seats(start: Start, offered: Deployment) -> dict[str, Any]:
    """Return who is made a champion, as a deployment says it."""
    if measure_of(start.measure, offered).appoints != "champions":
        raise AdoptionError(
            said("'{name}' chooses nobody: only champions are chosen", name=start.measure)
        )
    if start.people:
        audience = offered.audience.model_copy(update={"people": start.people})
        return {"selection": "named", "audience": audience, "share": None}
    if start.selection == "named":
        raise AdoptionError(said("name the people: champions that are named come by a list"))
    return {"selection": start.selection}


def _paid(state: State, added: tuple[str, Deployment]) -> State:
    """Return a state with a deployment, or say what it costs and what is left."""
    name, deployment = added
    if deployment.audience.people is not None:  # who is on a list has to be there, by a pseudonym
        asked = deployment.model_dump(mode="json", exclude_defaults=True)
        free = state.world.start.changed({"budget.total": None, f"programme.{name}": asked})
        deployment = free.deployments[name]
    after = state._replace(programme=(*state.programme, (name, deployment)))
    before, now = money(state), money(after)
    if now.committed > now.total + CENT:
        raise AdoptionError(
            said(
                "'{name}' costs {cost:,.0f} euro to the end, and {left:,.0f} of {total:,.0f} are left",
                name=name,
                cost=now.committed - before.committed,
                left=max(0.0, before.left),
                total=before.total,
            )
        )
    return after


def _stopped(state: State, name: str) -> State:
    """Return a state in which a deployment has ended with the months that have passed."""
    there, allowed = dict(state.programme), stoppable(state)
    if name not in there:
        raise AdoptionError(
            said(
                "there is no '{name}' to stop{known}",
                name=short(name),
                known=suggestion(name, list(allowed)),
            )
        )
    if name not in allowed:
        raise AdoptionError(
            said("'{name}' cannot be stopped: it is over, or given and paid at once", name=name)
        )
    months = state.month - start_of(state, there[name]) + 1
    there[name] = there[name].model_copy(update={"months": months})
    return state._replace(programme=tuple(there.items()))


def start_of(state: State, deployment: Deployment) -> int:
    """Return the first month of a deployment, from 1."""
    if deployment.after_go_live is None:
        return deployment.start
    return max(1, deployments.first_go_live(state.world.start) + deployment.after_go_live)


def running(state: State) -> tuple[str, ...]:
    """Return the measures that are in force in the month to come, as they are on offer."""
    rules, now = state.world.rules, state.month + 1
    there = []
    for name, deployment in state.programme:
        measure = measure_of(name, deployment)
        start = start_of(state, deployment)
        if start <= now < start + length_of(deployment, measure, state.world.last):
            there.append(_offered_as(name, rules.measures))
    return tuple(there)


def stoppable(state: State) -> tuple[str, ...]:
    """Return the deployments that can be stopped: what holds while in force, and has not ended.

    What is one-off was given and paid; its months only say how it was spread.
    """
    names = []
    for name, deployment in state.programme:
        measure = measure_of(name, deployment)
        start = start_of(state, deployment)
        ends = start + length_of(deployment, measure, state.world.last) - 1
        if measure.lasting == "structural" and start <= state.month < ends:
            names.append(name)
    return tuple(names)


# --- Money -------------------------------------------------------------------------------------


def money(state: State) -> Money:
    """Return what there is, what is committed, and what is spent.

    What nobody planned is not the team's to pay: an event costs the organisation, not this money.
    """
    scenario = state.world.start.model_copy(update={"programme": dict(state.programme)})
    plan = chart(scenario)
    rounds = ledger.with_trainers(deployments.rounds(scenario), scenario, plan)
    accounts = ledger.accounts_of(rounds, scenario, plan)
    needed = next(iter(ledger.limits(scenario, rounds, plan))).needed
    past = [table[0][:, : state.month] for table in (accounts.costs, accounts.technology)]
    return Money(state.world.rules.money, float(needed), total([total(part) for part in past]))


def offers(state: State) -> tuple[Offer, ...]:
    """Return what may be started, with what it costs from now to the end; none when the game is over.

    What appoints people whom something that has ended appointed is not among it.
    """
    if state.over:
        return ()
    before, there, listed = money(state).committed, running(state), []
    for name, deployment in state.world.rules.measures.items():
        if name in there:
            listed.append(Offer(name, deployment, 0.0, True))
            continue
        if appointed_by(state, measure_of(name, deployment).appoints) is not None:
            continue
        added = _with(state, Start(name))
        after = money(state._replace(programme=(*state.programme, added)))
        listed.append(Offer(name, added[1], after.committed - before, False))
    return tuple(listed)


# --- What happens ------------------------------------------------------------------------------


def lived(state: State, month: int | None = None) -> kernel.Simulated:
    """Return what has happened to the one organisation of the world up to a month.

    Parameters
    ----------
    state
        Where the team stands.
    month
        The last month simulated [0 to that of the state]; by default that.

    Returns
    -------
    kernel.Simulated
        Of one run: rows [1, months + 1, KPIs], people as they are then, and the log of events.
    """
    rules = state.world.rules
    simulator = Simulator(
        scenario_of(state), seed=rules.seed, streams=np.array([rules.run]), threads=1
    )
    months = state.month if month is None else month
    return simulator.simulate(months=months, keep_people=True, keep_events=True)


def interval_score(bet: Bet, value: float) -> float:
    """Return the interval score of a bet [points], 0 at best (Gneiting and Raftery 2007).

    It is the width, and ten times what the truth lies outside: who says what is truly believed with a
    chance of 80 % does best in the long run.

    Parameters
    ----------
    bet
        From low to high [%].
    value
        What came [%].

    Examples
    --------
    >>> from sim.scenario.schema import Bet
    >>> interval_score(Bet(low=20, high=30), 25.0), interval_score(Bet(low=20, high=30), 32.0)
    (10.0, 30.0)
    """
    outside = max(0.0, bet.low - value) + max(0.0, value - bet.high)
    return bet.high - bet.low + MISSED * outside
