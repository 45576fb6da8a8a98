"""What a file of the library holds by name, and which measures are shipped."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import TypeAdapter

from sim.errors import Problem
from sim.scenario.allowed import Forms
from sim.scenario.base import Name
from sim.scenario.events import KindOfEvent
from sim.scenario.folders import PerLibrary, library_folder, shown, text_of
from sim.scenario.items import Item
from sim.scenario.measure import Measure
from sim.scenario.source import Source
from sim.scenario.validation import sound, thousands, validated

Entry = TypeVar("Entry")


def entries_of(path: Path, entry: type[Entry], name: Any = Name) -> dict[str, Entry]:
    """Return the entries of a file of the library, or raise every problem in it.

    Parameters
    ----------
    path
        The file.
    entry
        Form of an entry.
    name
        Form of an entry's name.
    """
    form = TypeAdapter(dict[name, entry])  # type: ignore[valid-type]
    return sound(*content_of(path, form)[:2])


class Content(NamedTuple, Generic[Entry]):
    """What a file holds, what is wrong with it, and where everything stands."""

    value: Entry | None
    problems: list[Problem]
    tree: Item


def content_of(path: Path, form: TypeAdapter[Entry], smallest: str = "") -> Content[Entry]:
    """Return what a file says as a form allows it, with every problem in it.

    Parameters
    ----------
    path
        The file.
    form
        What is allowed.
    smallest
        The smallest file there can be, for who gives an empty one.
    """
    forms = Forms(form.json_schema())
    source = Source(text_of(path), shown(path))
    tree = source.tree(smallest) if smallest else source.tree()
    checked = validated(tree, form, forms, source.incomplete)
    problems = [*source.problems, *checked.problems, *thousands(tree, forms)]
    return Content(checked.value, problems, tree)


def catalogue_of(path: Path) -> dict[str, Measure]:
    """Return the catalogue in a file, or raise every problem in it."""
    return entries_of(path, Measure)


@PerLibrary
def read_catalogue() -> dict[str, Measure]:
    """Return the shipped measures by name.

    Raises
    ------
    ScenarioError
        With every problem in the file of measures.
    """
    return catalogue_of(library_folder() / "measures.yaml")


@PerLibrary
def read_events() -> dict[str, KindOfEvent]:
    """Return the kinds of events by name.

    Raises
    ------
    ScenarioError
        With every problem in the file of events.
    """
    return entries_of(library_folder() / "events.yaml", KindOfEvent)
