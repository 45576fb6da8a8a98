"""How one has a scenario: read by its name or from its file, with changes, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sim.errors import Problem, ScenarioError, said
from sim.scenario.employees import FILES
from sim.scenario.folders import scenario_file
from sim.scenario.inheritance import deployed, read
from sim.scenario.items import (
    ARCHETYPES,
    DEEPEST,
    DEPARTMENTS,
    KEEP,
    PROGRAMME,
    Item,
    Place,
    Unreadable,
    item_of,
)
from sim.scenario.library import shares_in
from sim.scenario.organisation import Organisation
from sim.scenario.schema import Scenario
from sim.scenario.sections import checked_scenario
from sim.scenario.source import Source
from sim.scenario.words import short
from sim.texts import printable


def read_scenario(
    name_or_path: str | Path, sets: Sequence[str] = (), within: Path | None = None
) -> Scenario:
    """Return the scenario of a name or a file.

    Parameters
    ----------
    name_or_path
        A name such as ``baseline``, looked up in ``scenarios/`` of the working directory and then
        among the shipped scenarios; or a path, which has a separator or ends in ``.yaml``.
    sets
        Changes such as ``organisation.employees=75``, the value written as in YAML.
    within
        The only folder whose files the scenario may name (``extends``, ``people``, ``ties``), beside
        the shipped scenarios: for files of somebody else. By default any.

    Returns
    -------
    Scenario
        With everything it inherits, checked.

    Raises
    ------
    ScenarioError
        With every problem found, each with its place.
    """
    file = scenario_file(name_or_path)
    tree, problems, left_out, whole, inherited = read(file, within)
    if "name" not in tree.value:
        tree.value["name"] = Item(printable(file.stem)[:80], Place(), Place())
    before = deployed(tree)
    for option in sets:
        try:
            keys, item, wrong = _option(option)
        except ScenarioError as error:
            problems += error.problems
            continue
        problems += wrong
        _assign(tree, keys, item)
    _keep(tree, before, inherited)
    return checked_scenario(tree, problems, left_out, whole=whole)


def scenario_of(content: Mapping[str, Any], called: str) -> Scenario:
    """Return the scenario of values that come from elsewhere than a file, checked as a file is.

    It can name no file, of people or of anything else.

    Parameters
    ----------
    content
        Sections as a file has them.
    called
        Where the values come from, for messages.

    Raises
    ------
    ScenarioError
        With every problem found.
    """
    place = Place(called)
    tree, problems = item_of(content, place), []
    for name in FILES:
        item = tree.at(("organisation", name))
        if item is not None and item.value is not None:
            problems.append(place.problem(NO_FILES, ("organisation", name)))
            item.value, item.reported = Unreadable(item.text), True
    return checked_scenario(tree, problems)


NO_FILES = said("the file is not in here, only its name: open it on the page Organisation")


def as_scenario(scenario: Scenario | str | Path) -> Scenario:
    """Return a scenario as it is, or read it by its name or path."""
    return scenario if isinstance(scenario, Scenario) else read_scenario(scenario)


def change(scenario: Scenario, values: Mapping[str, Any]) -> Scenario:
    """Return a scenario with some values changed.

    Parameters
    ----------
    scenario
        Where to start from.
    values
        New values by dotted path. A mapping replaces all that was there; None for a deployment
        or a department takes it away.

    Raises
    ------
    ScenarioError
        If a path does not exist or a value is not allowed.
    """
    tree = item_of(scenario, Place())
    for item in tree.value["programme"].value.values():
        item.replaces = True
    before = deployed(tree)
    problems: list[Problem] = []
    for path, value in values.items():
        try:
            _assign(tree, _split(str(path), Place()), item_of(value, Place()))
        except ScenarioError as error:
            problems += error.problems
    _keep(tree, before, scenario.budget.keep or ())
    return checked_scenario(tree, problems)


Scenario._change = staticmethod(change)


def _keep(tree: Item, before: Sequence[str], default: Sequence[str]) -> None:
    """Say which deployments no budget cuts, unless that is said; none that was just taken away.

    Parameters
    ----------
    tree
        What the scenario says; changed.
    before
        Deployments there were before the changes of now.
    default
        Those kept where nothing is said.
    """
    there = deployed(tree)
    said = tree.at(KEEP)
    if said is None or said.value is None:
        names = [name for name in default if name in there]
        budget = tree.value.setdefault("budget", Item({}, Place(), Place()))
        if names and isinstance(budget.value, dict):
            budget.value["keep"] = item_of(names, Place())
    elif isinstance(said.value, list):
        gone = set(before) - set(there)
        said.value = [item for item in said.value if str(item.value) not in gone]


def _assign(tree: Item, keys: tuple[str, ...], item: Item) -> None:
    """Put an item at a path of a tree; nothing takes a deployment or a department away."""
    here = tree
    for depth, name in enumerate(keys[:-1], start=1):
        inner = here.value.get(name)
        if inner is None or not isinstance(inner.value, dict):
            start: Any = {}
            if keys[:depth] == DEPARTMENTS and inner is None:
                start = item_of(Organisation().departments, item.place).value
            elif keys[:depth] == ARCHETYPES:
                sector = tree.at(("organisation", "sector"))
                shares = shares_in(None if sector is None else sector.value)
                start = item_of(shares, item.place).value
            inner = here.value[name] = Item(start, item.place, item.key)
        here = inner
    if item.value is None and keys[:-1] in (PROGRAMME, DEPARTMENTS) and keys[-1] in here.value:
        del here.value[keys[-1]]
    else:
        here.value[keys[-1]] = item


def _split(path: str, place: Place) -> tuple[str, ...]:
    """Return the parts of a dotted path."""
    keys = tuple(part.strip() for part in path.split("."))
    if not all(keys):
        message = said(
            "found '{path}', expected a dotted path such as organisation.employees",
            path=short(path),
        )
        raise ScenarioError([place.problem(message)])
    if keys == ("extends",):
        message = said("'extends' stands in a file: start from that scenario instead")
        raise ScenarioError([place.problem(message, keys)])
    if len(keys) > DEEPEST:
        raise ScenarioError([place.problem(said("a path of this length leads nowhere"))])
    return keys


def _option(text: str) -> tuple[tuple[str, ...], Item, list[Problem]]:
    """Return the path and the value of one ``--set`` text, and what is wrong with the value."""
    place = Place(f"--set {short(text, 120)}")
    path, equals, written = text.partition("=")
    if not equals:
        message = said("expected PATH=VALUE, such as organisation.employees=75")
        raise ScenarioError([place.problem(message)])
    keys = _split(path, place)
    source = Source(written, place.file, option=True)
    try:
        node = source.node()
    except ScenarioError as error:
        raise ScenarioError(
            [replace(problem, path=path.strip()) for problem in error.problems]
        ) from None
    item = Item(None, place, place) if node is None else source.item(node, keys, place)
    block = getattr(node, "flow_style", True) is False
    if block or (
        isinstance(item.value, str) and not item.quoted and str(node.tag).endswith(":str")
    ):
        item = Item(written.strip(), place, place, written.strip())
        source.problems.clear()
    return keys, item, source.problems
