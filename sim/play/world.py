"""A world of the game: the file of a facilitator, which gives every team the same people, ties and luck."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple

from pydantic import Field, TypeAdapter

from sim.errors import Problem, ScenarioError, said
from sim.scenario import read_catalogue, read_scenario
from sim.scenario.base import Euro, Form, Name
from sim.scenario.catalogue import content_of, read_events
from sim.scenario.events import Event
from sim.scenario.folders import is_path, library_folder, text_of
from sim.scenario.items import Item
from sim.scenario.measure import Text
from sim.scenario.schema import Budget, Deployment, Scenario
from sim.scenario.validation import sound
from sim.scenario.words import short, suggestion

USUAL: Final = "machine-builder"
"""The world that is played unless another is named."""

SMALLEST: Final = "scenario: baseline"


class Pulse(Form):
    """What a team learns from a pulse survey: some answers, a turn late."""

    answers: Annotated[int, Field(ge=2, le=1000, description="People who answer each turn")] = 25
    lag: Annotated[int, Field(ge=0, le=12, description="Turns until it is known")] = 1


class Rules(Form):
    """What the file of a world says."""

    title: Text
    story: Annotated[Text, Field(description="What a team is told before it begins")]
    scenario: Annotated[str, Field(description="Where everybody starts from: a name, or a path")]
    start_with: Annotated[
        tuple[str, ...] | None,
        Field(description="Deployments of the scenario that are there; by default all"),
        Field(strict=False),
    ] = None
    seed: Annotated[int, Field(ge=0, le=2**32 - 1, description="Seed of people, ties and luck")] = 1
    run: Annotated[int, Field(ge=0, le=999_999, description="Number of the organisation")] = 0
    turns: Annotated[int, Field(ge=1, le=60, description="Turns of the game")] = 8
    months: Annotated[int, Field(ge=1, le=12, description="Months of a turn")] = 3
    money: Annotated[Euro, Field(description="For everything, technology in it [euro]")]
    most_at_once: Annotated[
        int, Field(ge=1, le=12, description="Measures that may be started in a turn")
    ] = 2
    survey: Pulse = Pulse()
    quotes: Annotated[int, Field(ge=0, le=12, description="People quoted each turn")] = 3
    events: Annotated[
        dict[Name, Event], Field(description="What happens; teams see it when it does")
    ] = {}
    measures: Annotated[
        dict[Name, Deployment],
        Field(min_length=1, description="What may be started, as in a programme, without start"),
    ]


class World(NamedTuple):
    """A world that can be played in.

    Attributes
    ----------
    name
        What it is called, or where its file lies.
    rules
        What the file says.
    start
        Where everybody starts from: organisation, tool, money; no event has happened yet.
    """

    name: str
    rules: Rules
    start: Scenario

    @property
    def last(self) -> int:
        """The last month."""
        return self.rules.turns * self.rules.months


def world_names() -> list[str]:
    """Return the names of the worlds that are shipped."""
    return sorted(path.stem for path in (library_folder() / "worlds").glob("*.yaml"))


def read_world(name_or_path: str | Path = USUAL) -> World:
    """Return a world by its name or its file.

    Parameters
    ----------
    name_or_path
        A shipped world, or a path, which has a separator or ends in ``.yaml``.

    Raises
    ------
    ScenarioError
        With every problem of the file, each with its place.
    """
    path = _file_of(str(name_or_path))
    rules, problems, tree = content_of(path, TypeAdapter(Rules), SMALLEST)
    if rules is None or problems:
        return sound(None, problems or [Problem(said("the file says nothing"), file=str(path))])
    named = rules.scenario
    beside = path.parent / named
    try:
        scenario = read_scenario(beside if is_path(named) else named)
    except ScenarioError as error:
        raise ScenarioError(_at(tree, error, "scenario")) from None
    problems += _crossed(rules, scenario, tree)
    sound(rules, problems)
    start = _started(rules, scenario)
    problems += _refused(rules, start, tree)
    return World(str(name_or_path), sound(rules, problems), start)


def _file_of(name: str) -> Path:
    """Return the file of a world."""
    if is_path(name):
        return Path(name)
    known = world_names()
    if name not in known:
        message = said(
            "there is no world '{name}'{known}", name=short(name), known=suggestion(name, known)
        )
        raise ScenarioError([Problem(message)])
    path = library_folder() / "worlds" / f"{name}.yaml"
    text_of(path)
    return path


def _at(tree: Item, error: ScenarioError, *keys: str) -> list[Problem]:
    """Return the problems of a scenario at a place of the file of a world."""
    place = tree.nearest(keys).key
    return [place.problem(problem.message, keys) for problem in error.problems]


def _crossed(rules: Rules, scenario: Scenario, tree: Item) -> list[Problem]:
    """Return what does not hang together in the file of a world."""
    problems = []
    known: Any
    for section, known, kind in (
        ("measures", read_catalogue(), said("measure")),
        ("events", read_events(), said("kind of event")),
    ):
        for name, entry in getattr(rules, section).items():
            asked = (entry.measure if section == "measures" else entry.kind) or name
            if asked not in known:
                message = said(
                    "there is no {kind} '{name}'{known}",
                    kind=kind,
                    name=short(asked),
                    known=suggestion(asked, list(known)),
                )
                problems.append(tree.nearest((section, name)).key.problem(message, (section, name)))
    for name, deployment in rules.measures.items():
        field: str
        for field in ("start", "after_go_live", "repeat"):
            if field in deployment.model_fields_set:
                message = said("a team says when it starts: leave '{field}' out", field=field)
                keys = ("measures", name, field)
                problems.append(tree.nearest(keys).key.problem(message, keys))
        if name in scenario.deployments and (rules.start_with is None or name in rules.start_with):
            message = said("'{name}' is there from the start: leave it out here", name=name)
            place = tree.nearest(("measures", name)).key
            problems.append(place.problem(message, ("measures", name)))
    for name in rules.start_with or ():
        if name not in scenario.deployments:
            message = said(
                "{scenario} has no deployment '{name}'{known}",
                scenario=scenario.name,
                name=short(name),
                known=suggestion(name, list(scenario.deployments)),
            )
            problems.append(tree.nearest(("start_with",)).key.problem(message, ("start_with",)))
    return problems


def _started(rules: Rules, scenario: Scenario) -> Scenario:
    """Return where everybody starts from: money that is not to be exceeded, no adaptive rules."""
    kept = rules.start_with
    programme = {
        name: deployment
        for name, deployment in scenario.deployments.items()
        if kept is None or name in kept
    }
    simulation = {"months": rules.turns * rules.months, "seed": rules.seed}
    update: dict[str, Any] = {
        "programme": programme,
        "adaptive": {},
        "events": {},
        "budget": Budget(total=rules.money, when_over="fail", keep=()),
        "simulation": scenario.simulation.model_copy(update=simulation),
        "title": "",
        "question": "",
    }
    return scenario.model_copy(update=update)


def _refused(rules: Rules, start: Scenario, tree: Item) -> list[Problem]:
    """Return what no programme of this organisation may say of the measures and events of a world."""
    problems = []
    free = start.model_copy(update={"budget": Budget()})
    for section, path in (("measures", "programme"), ("events", "events")):
        for name, entry in getattr(rules, section).items():
            said_of_it = entry.model_dump(exclude_unset=True, mode="json")
            try:
                free.changed({f"{path}.{name}": said_of_it})
            except ScenarioError as error:
                problems += _at(tree, error, section, name)
    return problems
