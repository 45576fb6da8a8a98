"""What is saved of a game: a scenario file, from which it goes on, and which is handed in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.disk import whole
from sim.errors import AdoptionError, said
from sim.play.game import Moves, Start, State, begin, decided, start_of
from sim.play.world import World, read_world
from sim.programme.deployments import length_of, measure_of
from sim.scenario import read_scenario, scenario_text
from sim.scenario.folders import is_path, shown
from sim.scenario.schema import Deployment, Played, Scenario


def save(state: State, path: Path) -> None:
    """Write a game as a scenario file; events that lie ahead are not in it.

    Raises
    ------
    OSError
        If nothing can be written there.
    """
    text = scenario_text(state.scenario)
    with whole(path) as draft:
        draft.write_text(text, "utf-8")


def resume(path: Path, world: World | None = None) -> State:
    """Return the state that was saved.

    Parameters
    ----------
    path
        What :func:`save` wrote.
    world
        Its world, where that is known already; by default the one the file names, beside the file if
        it is a path.

    Raises
    ------
    AdoptionError
        If it is no game, of another world, or holds moves that the world does not allow.
    """
    scenario = read_scenario(path)
    played = scenario.play
    if played is None:
        raise AdoptionError(
            said("{file}: nobody played this: there is no section 'play'", file=shown(path))
        )
    if world is None:
        world = read_world(_world_of(played, path))
    try:
        return replayed(world, scenario, played)
    except AdoptionError as error:
        raise AdoptionError(
            said(
                "{file}: not a game of {world}: {why}",
                file=shown(path),
                world=world.name,
                why=error.args[0],
            )
        ) from None


def _world_of(played: Played, path: Path) -> str:
    """Return the world of a file: a name, or a path as it is or beside the file."""
    if not is_path(played.world) or Path(played.world).is_file():
        return played.world
    return str(path.parent / Path(played.world).name)


def replayed(world: World, scenario: Scenario, played: Played) -> State:
    """Return the state to which the moves in a scenario lead, made one after the other.

    Raises
    ------
    AdoptionError
        If the world does not allow them, or they lead elsewhere than the scenario says.
    """
    state = begin(world, played.team)
    for bet in played.bets:
        if state.over:
            raise AdoptionError(said("more turns than the {turns} there are", turns=state.turn))
        state = decided(state, moves_of(state, scenario))
        state = state._replace(bets=(*state.bets, bet))
    if state.scenario.fingerprint() != scenario.fingerprint() or played.run != world.rules.run:
        raise AdoptionError(
            said("its organisation, programme or events are others than in that world")
        )
    return state


def moves_of(state: State, scenario: Scenario) -> Moves:
    """Return what a scenario says was done in the turn that a state begins."""
    before = dict(state.programme)
    starts, stops = [], []
    for name, deployment in scenario.programme.items():
        if deployment is None:
            continue
        if name not in before and deployment.start == state.month + 1:
            starts.append(_start(name, deployment, state.world))
        elif (
            name in before
            and _ends(state, name, deployment) == state.month
            and _ends(state, name, before[name]) > state.month
        ):
            stops.append(name)
    if len(stops) > 1:
        raise AdoptionError(said("more than one measure ends in month {month}", month=state.month))
    return Moves(tuple(starts), stops[0] if stops else None)


def _ends(state: State, name: str, deployment: Deployment) -> int:
    length = length_of(deployment, measure_of(name, deployment), state.world.last)
    return start_of(state, deployment) + length - 1


def _start(name: str, deployment: Deployment, world: World) -> Start:
    """Return the move that a deployment came from."""
    head, _, number = name.rpartition("-")
    offered = name if name in world.rules.measures or not number.isdigit() else head
    usual: Any = world.rules.measures.get(offered)
    if usual is None or deployment.selection == usual.selection:
        return Start(offered)
    return Start(offered, deployment.selection, deployment.audience.people or ())
