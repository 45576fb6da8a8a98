"""What a file says together with the files it extends."""

from __future__ import annotations

import math
import os
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from sim.errors import Problem, ScenarioError, said
from sim.scenario.employees import from_here
from sim.scenario.folders import (
    OUTSIDE,
    found_file,
    is_path,
    outside,
    same_file,
    scenario_folders,
    shown,
    text_of,
)
from sim.scenario.items import DEPARTMENTS, PROGRAMME, Item, Keys, described
from sim.scenario.source import Source
from sim.scenario.validation import raise_if_any

NOT_INHERITED = ("name", "title", "question", "play")


class Reading(NamedTuple):
    """A file with all it inherits, and the names of the deployments among that."""

    tree: Item
    problems: list[Problem]
    left_out: set[Keys]
    whole: bool
    inherited: tuple[str, ...]


def read(file: Path, within: Path | None = None) -> Reading:
    """Read a file and the files it extends, and merge them.

    Parameters
    ----------
    file
        The file.
    within
        The only folder whose files it may name, beside the shipped scenarios; by default any.
    """
    trees: list[Item] = []
    problems: list[Problem] = []
    left_out: set[Keys] = set()
    chain = [file]
    source = Source(text_of(file), shown(file))
    whole = False
    while True:
        try:
            tree = source.tree()
        except ScenarioError as error:
            raise_if_any([*problems, *error.problems])
        problems += from_here(tree, chain[-1], within)
        trees.append(tree)
        problems += source.problems
        left_out |= source.incomplete
        extends: Item | None = tree.value.pop("extends", None)
        if extends is None:
            whole = True
            break
        if not isinstance(extends.value, str) or not extends.value.strip():
            message: str = said(
                "found {found}, expected the name or the path of one scenario",
                found=described(extends),
            )
            problems += [] if extends.reported else [extends.place.problem(message, ("extends",))]
            break
        try:
            parent = _parent(extends.value.strip(), chain[-1], within)
            again = next((i for i, file in enumerate(chain) if same_file(file, parent)), None)
            if again is not None:
                circle = " -> ".join(path.name for path in [*chain[again:], parent])
                raise ScenarioError(
                    [Problem(said("a scenario cannot extend itself: {circle}", circle=circle))]
                )
            chain.append(parent)
            source = Source(text_of(parent), shown(parent))
        except ScenarioError as error:
            for problem in error.problems:
                message = (
                    said("{file}: {message}", file=problem.file, message=problem.message)
                    if problem.file
                    else problem.message
                )
                problems.append(extends.place.problem(message, ("extends",)))
            break
    tree, inherited = trees.pop(), list[str]()
    while trees:
        inherited = deployed(tree)
        for name in NOT_INHERITED:
            tree.value.pop(name, None)
        tree = _merged(tree, trees.pop())
    return Reading(tree, problems, left_out, whole, tuple(inherited))


def deployed(tree: Item) -> list[str]:
    """Return the names of the deployments that a tree does not take away."""
    programme = tree.at(PROGRAMME)
    if programme is None or not isinstance(programme.value, dict):
        return []
    return [name for name, item in programme.value.items() if item.value is not None]


def _parent(extends: str, child: Path, within: Path | None) -> Path:
    """Return the file a scenario extends: a path from its own folder, or a name."""
    if is_path(extends):
        path = Path(os.path.normpath(child.parent / extends))
    else:
        path = found_file(extends, [child.parent, *scenario_folders(within)], asking=child)
    if outside(path, within):
        raise ScenarioError([Problem(OUTSIDE)])
    return path


def _merged(parent: Item, child: Item, keys: Keys = ()) -> Item:
    """Return a parent with what the child says differently.

    Departments that together hold all the staff replace those of the parent; the parent's
    remain where the child changes some of them.
    """
    if not (isinstance(parent.value, dict) and isinstance(child.value, dict)):
        return replace(child, replaces=True)
    entries = dict(parent.value)
    if keys == DEPARTMENTS:
        shares = [item.at(("share",)) for item in child.value.values()]
        given = [
            share.value
            for share in shares
            if share is not None and isinstance(share.value, (int, float))
        ]
        if len(given) > 0 and abs(math.fsum(given) - 1) <= 1e-3:
            entries = {name: item for name, item in entries.items() if name in child.value}
    for name, item in child.value.items():
        if name not in entries:
            entries[name] = item
        elif keys == DEPARTMENTS and item.value is None:
            del entries[name]
        else:
            entries[name] = _merged(entries[name], item, (*keys, name))
    return replace(child, value=entries)
