"""What a value is that knows where it was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sim.errors import Problem, said
from sim.scenario.words import short

Keys = tuple[str | int, ...]
DEEPEST = 40
PROGRAMME: Keys = ("programme",)
DEPARTMENTS: Keys = ("organisation", "departments")
ARCHETYPES: Keys = ("organisation", "archetypes")
KEEP: Keys = ("budget", "keep")
CASES: Keys = ("tool", "use_cases")


class Place(NamedTuple):
    """Where something was written; line 0 for an option or a value from Python."""

    file: str = ""
    line: int = 0
    column: int = 0
    excerpt: str = ""

    def problem(self, message: str, keys: Keys = ()) -> Problem:
        """Return a problem at this place."""
        path = ".".join(short(key) for key in keys if isinstance(key, str))
        return Problem(message, path, self.file, self.line, self.column, self.excerpt)


@dataclass(frozen=True)
class Unreadable:
    """A value that no field takes, such as a date, and what to do about it."""

    text: str
    hint: str = ""


@dataclass
class Item:
    """A value and where it was written.

    Attributes
    ----------
    value
        Mapping of items, list of items, or a single value.
    place, key
        Where the value and its key stand.
    text
        The value as it was written.
    quoted
        Whether it was written in quotes.
    replaces
        Whether it took the place of an inherited value.
    reported
        Whether a problem of it is known already.
    usual
        Whether nobody wrote it: the library says so.
    """

    value: Any
    place: Place
    key: Place
    text: str = ""
    quoted: bool = False
    replaces: bool = False
    reported: bool = False
    usual: bool = False

    def plain(self) -> Any:
        """Return the value without places."""
        if isinstance(self.value, dict):
            return {name: item.plain() for name, item in self.value.items()}
        if isinstance(self.value, list):
            return [item.plain() for item in self.value]
        return self.value

    def at(self, keys: Keys) -> Item | None:
        """Return the item at a path, None if nothing was written there."""
        item: Item | None = self
        for key in keys:
            if item is None:
                return None
            if isinstance(item.value, dict):
                item = item.value.get(key)
            elif isinstance(item.value, list) and isinstance(key, int) and key < len(item.value):
                item = item.value[key]
            else:
                return None
        return item

    def nearest(self, keys: Keys) -> Item:
        """Return the item at a path, or the closest one around it."""
        for end in range(len(keys), 0, -1):
            item = self.at(keys[:end])
            if item is not None:
                return item
        return self

    def problem(self, keys: Keys, message: str) -> Problem:
        """Return a problem at the place of a path, or the nearest there is."""
        return self.nearest(keys).place.problem(message, keys)


def item_of(value: Any, place: Place, depth: int = 0) -> Item:
    """Return a Python value as an item; forms, and numbers and arrays of numpy, become plain."""
    if hasattr(value, "model_dump"):
        value = value.model_dump()
    elif hasattr(value, "tolist"):
        value = value.tolist()
    item = Item(value, place, place, str(value) if isinstance(value, (bool, int, float)) else "")
    if depth > DEEPEST:
        item.value = Unreadable(said("a value nested more than {deepest} deep", deepest=DEEPEST))
    elif isinstance(value, Mapping):
        item.value = {str(name): item_of(part, place, depth + 1) for name, part in value.items()}
    elif isinstance(value, (list, tuple)):
        item.value = [item_of(part, place, depth + 1) for part in value]
    elif isinstance(value, bool):
        item.text = str(value).lower()
    elif isinstance(value, str):
        item.text, item.quoted = value, True
    elif value is not None and not isinstance(value, (int, float)):
        item.value = Unreadable(short(value))
        item.text = item.value.text
    return item


def described(item: Item) -> str:
    """Return what was found, in words."""
    value = item.value
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        inside = ", ".join(short(name, 20) for name in list(value)[:3])
        return (
            said("a mapping ({inside}{end})", inside=inside, end=", …" if len(value) > 3 else "")
            if value
            else said("an empty mapping")
        )
    if isinstance(value, list):
        return said("a list of {number}", number=len(value))
    if isinstance(value, str):
        return f"'{short(value)}'"
    return short(item.text or value)
