"""How scenario files are read: YAML with places, inheritance, changes, errors to mend.

A text becomes a tree of items, each with the place where it was written. Trees are merged and
changed, and only then validated, so that an error always names the line that has to be mended.
"""

from __future__ import annotations

import bisect
import difflib
import json
import math
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, NoReturn, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from sim.errors import Problem, ScenarioError
from sim.scenario import Deployment, Measure, Name, Organisation, Scenario, library

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Keys = tuple[str | int, ...]
Value = TypeVar("Value")

LARGEST_FILE = 1_000_000  # bytes
MOST_VALUES = 100_000  # after references are written out: a bomb of references stops here
DEEPEST = 40
MOST_PROBLEMS = 100
PROGRAMME: Keys = ("programme",)
DEPARTMENTS: Keys = ("organisation", "departments")
NOT_INHERITED = ("name", "title", "question")
LINE_END = re.compile("\r\n|[\r\n\x85\u2028\u2029]")


# --- Values with places --------------------------------------------------------------------


class Place(NamedTuple):
    """Where something was written; line 0 for an option or a value from Python."""

    file: str = ""
    line: int = 0
    column: int = 0
    excerpt: str = ""

    def problem(self, message: str, keys: Keys = ()) -> Problem:
        """Return a problem at this place."""
        path = ".".join(_short(key) for key in keys if isinstance(key, str))
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
    """

    value: Any
    place: Place
    key: Place
    text: str = ""
    quoted: bool = False
    replaces: bool = False
    reported: bool = False

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


class Source:
    """One YAML text: turns it into items and collects what cannot be used in it.

    Parameters
    ----------
    text
        The text.
    file
        Name of the file, or the option the text came from.
    option
        Whether it is an option, which has no lines to point at.
    """

    def __init__(self, text: str, file: str, *, option: bool = False) -> None:
        self.text = text
        self.file = file
        self.option = option
        self.lines = LINE_END.split(text)
        self.problems: list[Problem] = []
        self.incomplete: set[Keys] = set()
        self._values = 0
        self._starts = [0, *(end.end() for end in LINE_END.finditer(text))]
        self._excerpts: dict[int, str] = {}
        self._open: set[int] = set()

    def place(self, index: int) -> Place:
        """Return the place of a character of the text."""
        if self.option:
            return Place(self.file)
        line = bisect.bisect_right(self._starts, index)
        if line not in self._excerpts:
            self._excerpts[line] = _printable(self.lines[line - 1].rstrip()) or " "
        column = index - self._starts[line - 1] + 1
        return Place(self.file, line, column, self._excerpts[line])

    def tree(self) -> Item:
        """Return the whole text as a mapping of items."""
        node = self.node()
        smallest = (
            "the smallest file is one line, such as 'extends: baseline' "
            "or 'organisation: {employees: 75}'"
        )
        if node is None:
            raise ScenarioError([Problem(f"the file is empty; {smallest}", file=self.file)])
        root = self.item(node, (), None)
        if isinstance(root.value, dict):
            return root
        if root.value is None:
            self._stop(node.start_mark, f"the file says nothing; {smallest}")
        self._stop(node.start_mark, f"found {_found(root)}, expected lines of 'name: value'")
        return None

    def node(self) -> Any:
        """Return the tree of nodes of the parser; None for a text without any value."""
        import warnings

        from ruamel.yaml import YAML
        from ruamel.yaml.error import MarkedYAMLError
        from ruamel.yaml.reader import ReaderError

        yaml = YAML(typ="safe", pure=True)
        yaml.max_depth = DEEPEST
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return yaml.compose(self.text)
        except ReaderError as error:
            message = f"found the invisible character U+{error.character:04X}: leave it out"
            raise ScenarioError([self.place(error.position).problem(message)]) from None
        except MarkedYAMLError as error:
            message, mark = _syntax(error)
            self._stop(mark, message)
        except RecursionError:
            message = f"values are nested more than {DEEPEST} deep"
        except Exception as error:  # whatever the parser meets, no traceback
            message = f"this cannot be read as YAML ({_short(error)})"
        raise ScenarioError([Place(self.file).problem(message)])

    def item(self, node: Any, keys: Keys, key: Place | None) -> Item:
        """Return a node as an item."""
        self._values += 1
        if self._values > MOST_VALUES:
            self._stop(
                node.start_mark,
                f"the file holds more than {MOST_VALUES:,} values, references written out",
            )
        place = self.place(node.start_mark.index)
        key = key or place
        scalar = node.id == "scalar"
        empty = scalar and not node.value and node.style is None
        apart = empty or (place.line < key.line if scalar else place.line != key.line)
        item = Item(None, key if apart else place, key)
        kind = str(node.tag).removeprefix("tag:yaml.org,2002:")
        if id(node) in self._open:
            item.value = self._refused(item, keys, "a value cannot contain a reference to itself")
        elif len(keys) > DEEPEST:
            item.value = self._refused(item, keys, f"values are nested more than {DEEPEST} deep")
        elif scalar:
            item.text = str(node.value)
            item.quoted = node.style is not None
            item.value = _scalar(kind, item.text)
            if item.value is NotImplemented:
                item.value = self._refused(item, keys, f"the tag {node.tag} is not used here")
        elif kind != ("map" if node.id == "mapping" else "seq"):
            item.value = self._refused(item, keys, f"the tag {node.tag} is not used here")
        else:
            self._open.add(id(node))
            if kind == "map":
                item.value = self._entries(node, keys)
            else:
                item.value = [
                    self.item(one, (*keys, index), None) for index, one in enumerate(node.value)
                ]
            self._open.remove(id(node))
        return item

    def _entries(self, node: Any, keys: Keys) -> dict[str, Item]:
        """Return the entries of a mapping, those taken over by ``<<`` last."""
        entries: dict[str, Item] = {}
        taken_over: list[Item] = []
        for key_node, value_node in node.value:
            key = self.place(key_node.start_mark.index)
            if str(key_node.tag).endswith(":merge"):
                several = value_node.id == "sequence"
                for one in value_node.value if several else [value_node]:
                    item = self.item(one, keys, key)
                    if isinstance(item.value, dict):
                        taken_over.append(item)
                    elif not item.reported:
                        self.problems.append(
                            key.problem(f"found {_found(item)}, '<<' takes over a mapping", keys)
                        )
                continue
            written = self.item(key_node, keys, key)
            name = written.value
            if not isinstance(name, str):
                self.incomplete |= {keys} - {()}
                if not written.reported:
                    advice = ": put it in quotes" if written.text else ""
                    message = f"found {_found(written)} as a name, expected a text{advice}"
                    self.problems.append(key.problem(message, keys))
            elif _printable(name) != name:
                self.incomplete |= {keys} - {()}
                message = f"the name '{_short(name)}' has invisible characters: leave them out"
                self.problems.append(key.problem(message, keys))
            elif name in entries:
                self.incomplete.add((*keys, name))
                first = entries[name].key.line
                message = f"'{_short(name)}' is given twice" + (
                    f", first in line {first}" * (first > 0)
                )
                self.problems.append(key.problem(message, (*keys, name)))
            else:
                entries[name] = self.item(value_node, (*keys, name), key)
        for item in taken_over:
            for name, one in item.value.items():
                entries.setdefault(name, one)
        return entries

    def _refused(self, item: Item, keys: Keys, message: str) -> Unreadable:
        """Note a problem of an item and return a value that no field takes."""
        item.reported = True
        self.problems.append(item.place.problem(message, keys))
        return Unreadable(item.text)

    def _stop(self, mark: Any, message: str) -> NoReturn:
        place = Place(self.file) if mark is None else self.place(mark.index)
        raise ScenarioError([*self.problems, place.problem(message)])


SYNTAX = (
    ("found character '\\t'", "a tab is used to indent: use spaces", False),
    (
        "that cannot start any token",
        "a value cannot start with this character: put it in quotes",
        False,
    ),
    (
        "mapping values are not allowed",
        "a ':' does not fit here: wrong indentation, or a text with ': ' that needs quotes",
        False,
    ),
    (
        "could not find expected ':'",
        "expected 'name: value', there is no ':' after this name",
        True,
    ),
    (
        "expected <block end>",
        "this line does not fit the lines above it: check its indentation",
        False,
    ),
    (
        "sequence entries are not allowed",
        "a list item ('- ') does not fit here: put it on a line of its own",
        False,
    ),
    ("found unexpected end of stream", "this quote is not closed", True),
    ("found unexpected document separator", "this quote is not closed", True),
    ("expected ',' or", "this bracket is not closed, or a comma is missing in it", True),
    ("found undefined alias", "this reference ('*name') has no anchor ('&name') above it", False),
    (
        "found another document",
        "a second scenario starts here ('---'): one file holds one scenario",
        False,
    ),
    ("escape", "in double quotes a '\\' starts a special character: use single quotes", False),
    ("expected the node content", "a value is missing here, or a bracket is not closed", False),
    ("maximum depth", f"values are nested more than {DEEPEST} deep", False),
)


def _syntax(error: Any) -> tuple[str, Any]:
    """Return what is wrong in plain words, and where, for an error of the parser."""
    found = str(error.problem or error.context or "")
    last = error.problem_mark or error.context_mark
    for piece, message, at_start in SYNTAX:
        if piece in found:
            return message, (error.context_mark if at_start and error.context_mark else last)
    return f"this is not YAML: {_short(found, 200)}", last


def _scalar(kind: str, text: str) -> Any:
    """Return a scalar of YAML as a Python value; NotImplemented for a kind that is not used."""
    digits = text.replace("_", "").lower()
    if kind in ("str", "value", "merge"):
        return text
    if kind == "null":
        return None
    if kind == "bool":
        return digits in ("true", "yes", "on", "y")
    if kind == "timestamp":
        return Unreadable(text, "put a date in quotes")
    if kind not in ("int", "float"):
        return NotImplemented
    try:
        if kind == "float":
            return float(digits.replace(".inf", "inf").replace(".nan", "nan"))
        if len(digits) > 30:
            return Unreadable(text)
        base = 0 if digits.lstrip("+-")[:2] in ("0x", "0o", "0b") else 10
        return int(digits, base)
    except ValueError:
        return Unreadable(text)


def _item_of(value: Any, place: Place, depth: int = 0) -> Item:
    """Return a Python value as an item; numbers and arrays of numpy become plain ones."""
    if isinstance(value, BaseModel):
        value = value.model_dump()
    elif hasattr(value, "tolist"):
        value = value.tolist()
    item = Item(value, place, place, str(value) if isinstance(value, (bool, int, float)) else "")
    if depth > DEEPEST:
        item.value = Unreadable(f"a value nested more than {DEEPEST} deep")
    elif isinstance(value, Mapping):
        item.value = {str(name): _item_of(one, place, depth + 1) for name, one in value.items()}
    elif isinstance(value, (list, tuple)):
        item.value = [_item_of(one, place, depth + 1) for one in value]
    elif isinstance(value, bool):
        item.text = str(value).lower()
    elif isinstance(value, str):
        item.text, item.quoted = value, True
    elif value is not None and not isinstance(value, (int, float)):
        item.value = Unreadable(_short(value))
        item.text = item.value.text
    return item


# --- Words ---------------------------------------------------------------------------------


def _printable(text: str) -> str:
    """Return a text with what cannot be shown replaced, each by one character."""
    return "".join(one if one.isprintable() else " " if one.isspace() else "\ufffd" for one in text)


def _short(value: object, most: int = 60) -> str:
    """Return a value as a text that fits in a message."""
    text = _printable(str(value)[: most + 1])
    return text if len(text) <= most else text[: most - 1] + "…"


def _near(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that looks most like another one."""
    spelled = {re.sub(r"[\s_-]+", "_", one.lower()): one for one in known}
    close = difflib.get_close_matches(
        re.sub(r"[\s_-]+", "_", name[:80].strip().lower()), list(spelled), n=1, cutoff=0.6
    )
    return spelled[close[0]] if close else None


def _known(name: str, known: Iterable[str]) -> str:
    """Return the end of a message about an unknown name: the nearest, and all if they are few."""
    names = list(known)
    near = _near(name, names)
    text = f"; did you mean '{near}'?" if near else ""
    if 0 < len(names) <= 20:
        text += f"{'' if near else ';'} known: {', '.join(_short(one) for one in names)}"
    return text


def _found(item: Item) -> str:
    """Return what was found, in words."""
    value = item.value
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        inside = ", ".join(_short(name, 20) for name in list(value)[:3])
        return (
            f"a mapping ({inside}{', …' if len(value) > 3 else ''})"
            if value
            else "an empty mapping"
        )
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, str):
        return f"'{_short(value)}'"
    return _short(item.text or value)


def _digits(number: float) -> str:
    return f"{int(number):,}" if float(number).is_integer() else f"{number:g}"


def _range(form: Mapping[str, Any]) -> str:
    """Return the allowed range of a number, in words."""
    low, above = form.get("minimum"), form.get("exclusiveMinimum")
    high, below = form.get("maximum"), form.get("exclusiveMaximum")
    if above is None and below is None and low is not None and high is not None:
        return f" from {_digits(low)} to {_digits(high)}"
    ends = [
        f"{word} {_digits(end)}"
        for word, end in (
            ("above", above),
            ("of at least", low if above is None else None),
            ("below", below),
            ("of at most", high if below is None else None),
        )
        if end is not None
    ]
    return " " + " and ".join(ends) if ends else ""


def _expected(form: Mapping[str, Any], forms: Forms) -> str:
    """Return what a form allows, in words."""
    form, nullable = forms.resolved(form)
    end = ", or null" if nullable else ""
    choices = form.get("enum") or ([form["const"]] if "const" in form else None)
    if choices:
        return f"one of: {', '.join(map(str, choices))}{end}"
    kind = form.get("type")
    if kind == "integer":
        return f"a whole number{_range(form)}{end}"
    if kind == "number":
        return f"a number{_range(form)}{end}"
    if kind == "boolean":
        return f"true or false{end}"
    if kind == "array":
        return f"a list, such as [one, two]{end}"
    if kind == "string":
        most, least = form.get("maxLength"), form.get("minLength")
        length = f" of at most {most} characters" if most else ""
        length += f" of at least {least} characters" if least else ""
        return f"a text{length}{end}"
    fields = list(form.get("properties", {}))
    inside = f" with {', '.join(fields)}" if 0 < len(fields) <= 12 else ""
    return f"a mapping (lines of 'name: value'){inside}{end}"


def _hint(item: Item, form: Mapping[str, Any]) -> str:
    """Return how to mend a value that is not allowed, empty if that is not clear."""
    value, text, kind = item.value, item.text.strip(), form.get("type")
    if value is None:
        return "give a value, or leave the line out"
    if isinstance(value, Unreadable):
        return value.hint
    if kind in ("integer", "number") and isinstance(value, str):
        return _number_hint(text, item.quoted, form)
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if kind == "integer" and isinstance(value, float) and value.is_integer():
        return f"write {int(value)}" if abs(value) < 1e15 else ""
    if kind == "number" and number and form.get("maximum") == 1 and 1 < value <= 100:
        return f"a share, so {value:g} % is {value / 100:g}"
    if kind == "string" and not isinstance(value, (dict, list, str)):
        return "put it in quotes" if form.get("enum") is None else ""
    if kind == "string" and isinstance(value, dict):
        return "put a text with ': ' or brackets in quotes"
    if kind == "boolean" and isinstance(value, str):
        spelled = {"yes": "true", "on": "true", "no": "false", "off": "false"}
        meant = spelled.get(text.lower(), text.lower())
        if meant in ("true", "false"):
            return f"write {meant}" + (" without quotes" if item.quoted else "")
    if kind == "array" and isinstance(value, str):
        return f"write [{_short(value)}]"
    return ""


def _number_hint(text: str, quoted: bool, form: Mapping[str, Any]) -> str:
    """Return how to mend a text that was meant as a number."""
    if re.fullmatch(r"[-+]?(\d[\d_]*\.?\d*|\.\d+)([eE][-+]?\d+)?", text):
        return "leave out the quotes" if quoted else ""
    if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?", text) and not text.lstrip("+-").startswith(
        "0"
    ):
        whole = text.replace(",", "")
        if form.get("type") == "number" and text.count(",") == 1 and "." not in text:
            point = float(text.replace(",", "."))
            return f"use a decimal point ({point}), and no comma between thousands ({whole})"
        return f"write {whole}, without commas"
    if re.fullmatch(r"[-+]?\d*,\d+", text):
        return f"use a decimal point ({text.replace(',', '.')})"
    if re.fullmatch(r"[-+]?\d{1,3}(\.\d{3})+(,\d+)?", text):
        return f"write {text.replace('.', '').replace(',', '.')}, without points between thousands"
    if percent := re.fullmatch(r"(\d+(?:[.,]\d+)?)\s*%", text):
        return f"write {float(percent[1].replace(',', '.')) / 100:g}"
    if amount := re.fullmatch(r"(?:€|eur|euro)?\s*(\d+(?:\.\d+)?)\s*(?:€|eur|euro)?", text.lower()):
        return f"write {amount[1]}, without a unit"
    return ""


# --- Validation ----------------------------------------------------------------------------


class Forms:
    """What a form allows at each path, read from its JSON schema."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.schema = schema

    def resolved(self, form: Mapping[str, Any]) -> tuple[Mapping[str, Any], bool]:
        """Return a form without references and alternatives, and whether it may be null."""
        nullable = False
        while True:
            if "$ref" in form:
                form = self.schema["$defs"][form["$ref"].rpartition("/")[2]]
            elif "anyOf" in form:
                nullable |= any(one.get("type") == "null" for one in form["anyOf"])
                described = form.get("description", "")
                form = next(one for one in form["anyOf"] if one.get("type") != "null")
                if described and "$ref" not in form:
                    form = {"description": described, **form}
            else:
                return form, nullable

    def at(self, keys: Keys) -> Mapping[str, Any]:
        """Return the form at a path; empty if there is none."""
        form: Mapping[str, Any] = self.schema
        for key in keys:
            form, _ = self.resolved(form)
            if isinstance(key, int):
                form = form.get("items", {})
            elif key in form.get("properties", {}):
                form = form["properties"][key]
            elif "patternProperties" in form:
                form = next(iter(form["patternProperties"].values()))
            else:
                more = form.get("additionalProperties")
                form = more if isinstance(more, dict) else {}
        return form

    def fields(self, keys: Keys) -> list[str]:
        """Return the names of the fields at a path."""
        return list(self.resolved(self.at(keys))[0].get("properties", {}))

    def places_of(self, field: str) -> list[str]:
        """Return the dotted paths of sections that have a field of this name."""
        return [
            f"{section}.{field}"
            for section in self.schema.get("properties", {})
            if field in self.fields((section,))
        ]


@lru_cache(maxsize=1)
def _scenario_form() -> TypeAdapter[Scenario]:
    return TypeAdapter(Scenario)


@lru_cache(maxsize=1)
def _catalogue_form() -> TypeAdapter[dict[str, Measure]]:
    return TypeAdapter(dict[Name, Measure])


@lru_cache(maxsize=2)
def _forms(catalogue: bool) -> Forms:
    return Forms((_catalogue_form() if catalogue else _scenario_form()).json_schema())


class Checked(NamedTuple, Generic[Value]):
    """What validation gave: the value made of all that is right, and what is wrong."""

    value: Value | None
    problems: list[Problem]
    left_out: set[Keys]


def _touch(keys: Keys, others: Iterable[Keys]) -> bool:
    """Return whether a path lies on, above or below one of the others."""
    return any(keys[: len(one)] == one[: len(keys)] for one in others)


def _validated(
    tree: Item,
    form: TypeAdapter[Value],
    forms: Forms,
    left_out: Iterable[Keys] = (),
    *,
    whole: bool = True,
) -> Checked[Value]:
    """Validate a tree; leave out what is wrong and go on, so that every problem is found.

    Parameters
    ----------
    tree
        What was written.
    form, forms
        What is allowed.
    left_out
        Paths of which a part is missing already, so that nothing more is said about them.
    whole
        Whether the tree is complete: without its parent nothing is missing.
    """
    content = tree.plain()
    problems: list[Problem] = []
    out = set(left_out)
    for _ in range(20):
        try:
            return Checked(form.validate_python(content), problems, out)
        except ValidationError as error:
            wrong: set[Keys] = set()
            for one in error.errors(include_url=False):
                keys: Keys = tuple(one["loc"])
                about_the_whole = one["type"] in ("missing", "value_error", "too_short")
                if one["type"] == "value_error" and keys == DEPARTMENTS[:1]:
                    keys = DEPARTMENTS
                known = about_the_whole and (not whole or _touch(keys, out))
                if not known and len(problems) <= MOST_PROBLEMS:
                    problems += _explained(one, keys, tree, forms)
                if keys[-1:] == ("[key]",) or one["type"] == "missing":
                    keys = keys[:-2] + keys[-2:-1]
                wrong.add(
                    tuple(
                        keys[
                            : next((i for i, k in enumerate(keys) if k.__class__ is int), len(keys))
                        ]
                    )
                )
            out |= wrong
            if len(problems) > MOST_PROBLEMS:
                break
            for keys in wrong:
                _remove(content, keys)
    return Checked(None, problems, out)


def _remove(content: Any, keys: Keys) -> None:
    """Take what is at a path out of nested mappings."""
    for key in keys[:-1]:
        content = content.get(key) if isinstance(content, dict) else None
    if keys and isinstance(content, dict):
        content.pop(keys[-1], None)


def _explained(error: ErrorDetails, keys: Keys, tree: Item, forms: Forms) -> list[Problem]:
    """Return one error of validation as a problem that can be mended."""
    item = tree.nearest(keys)
    if item.reported:
        return []
    kind = error["type"]
    if kind == "value_error":
        return [_blamed(item).problem(str(error["ctx"]["error"]), keys)]
    if kind == "missing":
        expected = _expected(forms.at(keys), forms)
        return [item.key.problem(f"'{keys[-1]}' is missing, expected {expected}", keys)]
    if kind == "extra_forbidden":
        name = str(keys[-1])
        fields = forms.fields(keys[:-1])
        elsewhere = [] if _near(name, fields) else forms.places_of(name)
        if len(elsewhere) == 1:
            advice = f"; did you mean '{elsewhere[0]}'?"
        else:
            advice = _known(name, fields + ["extends"] * (len(keys) == 1))
        return [item.key.problem(f"there is no field '{_short(name)}'{advice}", keys)]
    if keys[-1:] == ("[key]",):
        name = str(keys[-2])
        item = tree.nearest(keys[:-1])
        spelled = re.sub(r"[^a-z0-9]+", "_", name.lower()).lstrip("_0123456789").rstrip("_")[:60]
        example = f", such as '{spelled}'" if spelled and spelled != name else ""
        message = (
            f"found the name '{_short(name)}', expected small letters, digits, '-' and '_', "
            f"a letter first, at most 60{example}"
        )
        return [item.key.problem(message, keys[:-1])]
    form, _ = forms.resolved(forms.at(keys))
    if kind == "too_short" and isinstance(item.value, (dict, list)):
        what = "entry" if isinstance(item.value, dict) else "item"
        return [item.place.problem(f"found {_found(item)}, expected at least one {what}", keys)]
    found = _found(item)
    if kind in ("string_too_long", "string_too_short"):
        found = f"a text of {len(item.value):,} characters"
    elif isinstance(item.value, str) and (hint := _hint(item, form)).startswith("use a decimal"):
        return [item.place.problem(f"found {_short(item.text)}: {hint}", keys)]
    message = f"found {found}, expected {_expected(forms.at(keys), forms)}"
    if kind == "literal_error" and isinstance(item.value, str):
        near = _near(item.value, form.get("enum", ()))
        message += f"; did you mean '{near}'?" if near else ""
    elif hint := _hint(item, form):
        message += f": {hint}"
    return [item.place.problem(message, keys)]


def _blamed(item: Item) -> Place:
    """Return where shares that do not add up stand: the option that changed one, else their key."""
    entries: list[Item] = list(item.value.values()) if isinstance(item.value, dict) else []
    for entry in entries:
        for one in (entry, entry.at(("share",))):
            if one is not None and not one.place.line and one.place.file:
                return one.place
    return item.key


def _thousands(tree: Item, forms: Forms, keys: Keys = ()) -> list[Problem]:
    """Return the amounts written as 120.000, which YAML reads as 120."""
    if isinstance(tree.value, dict):
        return [
            one
            for name, item in tree.value.items()
            for one in _thousands(item, forms, (*keys, name))
        ]
    if not (isinstance(tree.value, float) and re.fullmatch(r"[1-9]\d{0,2}\.000", tree.text)):
        return []
    if "[euro" not in forms.resolved(forms.at(keys))[0].get("description", ""):
        return []
    whole = tree.text.replace(".", "")
    message = f"found {tree.text}, which is read as {tree.value:g}: write {whole} or {tree.value:g}"
    return [tree.place.problem(message, keys)]


# --- Checks across sections ----------------------------------------------------------------


def _crossed(scenario: Scenario, tree: Item, left_out: set[Keys]) -> list[Problem]:
    """Return what does not fit together in a scenario of which each value is allowed."""
    problems: list[Problem] = []
    last = scenario.simulation.months
    timed = not _touch(("simulation", "months"), left_out)

    def say(message: str, *keys: str, at_key: bool = False) -> None:
        item = tree.nearest(keys)
        if not item.reported:
            problems.append((item.key if at_key else item.place).problem(message, keys))

    def in_time(month: int, *keys: str) -> None:
        if timed and month > last:
            say(f"found {month}, the simulation ends with month {last} (simulation.months)", *keys)

    in_time(scenario.tool.go_live, "tool", "go_live")
    catalogue = read_catalogue() if scenario.programme else {}
    for name, deployment in scenario.programme.items():
        where = ("programme", name)
        if deployment is None:
            item = tree.at(where)
            if item is not None and not item.replaces and name not in catalogue:
                there = [one for one, other in scenario.programme.items() if other is not None]
                say(
                    f"there is no deployment '{name}' to take away{_known(name, there)}",
                    *where,
                    at_key=True,
                )
            continue
        in_time(deployment.start, *where, "start")
        if not _touch(DEPARTMENTS, left_out):
            for index, department in enumerate(deployment.audience.departments or ()):
                if department not in scenario.organisation.departments:
                    keys = (*where, "audience", "departments")
                    known = _known(department, scenario.organisation.departments)
                    place = tree.nearest((*keys, index)).place
                    problems.append(
                        place.problem(f"there is no department '{_short(department)}'{known}", keys)
                    )
        if not _touch((*where, "measure"), left_out):
            problems += _fits(deployment, name, tree, catalogue)
    return problems


def _fits(
    deployment: Deployment, name: str, tree: Item, catalogue: Mapping[str, Measure]
) -> list[Problem]:
    """Return what a deployment says that its measure does not know."""
    where: Keys = ("programme", name)
    chosen = deployment.measure or name
    measure = catalogue.get(chosen)
    if measure is None:
        known = _known(chosen, catalogue)
        if deployment.measure is not None:
            place, where = tree.nearest((*where, "measure")).place, (*where, "measure")
        else:
            place = tree.nearest(where).key
            known += "" if known.endswith("?") else ";"
            known += " a name of your own needs 'measure: …'"
        return [place.problem(f"there is no measure '{_short(chosen)}'{known}", where)]
    problems = []
    for part, needs, fields in (
        ("appoints", "appoint people", ("share", "selection")),
        ("message", "have a message", ("format", "balance", "concreteness")),
    ):
        if getattr(measure, part) is not None:
            continue
        such = [key for key, one in catalogue.items() if getattr(one, part) is not None]
        named = f" ({', '.join(such)})" if 0 < len(such) <= 12 else ""
        for field in fields:
            if getattr(deployment, field) is not None:
                message = f"'{field}' is for measures that {needs}{named}, '{chosen}' does not"
                place = tree.nearest((*where, field)).key
                problems.append(place.problem(message, (*where, field)))
    return problems


def _raise_if_any(problems: Iterable[Problem]) -> None:
    """Raise all problems: those of files in the order of reading, by place, then of options."""
    listed = list(dict.fromkeys(problems))
    files = list(dict.fromkeys(problem.file for problem in listed))
    order = {file: (file.startswith("--set "), number) for number, file in enumerate(files)}
    listed.sort(key=lambda one: (order[one.file], one.line, one.column, one.path))
    if len(listed) > MOST_PROBLEMS:
        listed = [*listed[:MOST_PROBLEMS], Problem("and more problems after these")]
    if listed:
        raise ScenarioError(listed)


def _sound(value: Value | None, problems: Iterable[Problem]) -> Value:
    """Return a value without problems."""
    _raise_if_any(problems)
    if value is None:
        raise ScenarioError([Problem("too much is wrong here to say what")])
    return value


def _checked(
    tree: Item,
    problems: Sequence[Problem] = (),
    left_out: Iterable[Keys] = (),
    *,
    whole: bool = True,
) -> Scenario:
    """Return the scenario a tree describes, or raise everything that is wrong with it."""
    forms = _forms(catalogue=False)
    checked = _validated(tree, _scenario_form(), forms, left_out, whole=whole)
    found = [*problems, *checked.problems, *_thousands(tree, forms)]
    if checked.value is not None and whole:
        try:
            found += _crossed(checked.value, tree, checked.left_out)
        except ScenarioError as error:
            found += error.problems
    return _sound(checked.value, found)


# --- Files ---------------------------------------------------------------------------------


def _shown(path: Path) -> str:
    """Return a path as people know it: from the working directory where it lies below that."""
    try:
        return str(path.relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


def _text_of(path: Path) -> str:
    """Return the text of a file, or raise what keeps it from being read."""
    file = _shown(path)
    try:
        if path.is_dir():
            raise ScenarioError([Problem("this is a folder, expected a file", file=file)])
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        near = None
        if path.parent.is_dir():
            near = _near(path.name, sorted(one.name for one in path.parent.glob("*.y*ml")))
        advice = f"; did you mean '{near}'?" if near else ""
        raise ScenarioError([Problem(f"there is no such file{advice}", file=file)]) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ScenarioError([Problem(f"the file cannot be read: {reason}", file=file)]) from None
    if len(content) > LARGEST_FILE:
        size = f"the file is larger than {LARGEST_FILE // 1_000_000} MB, which no scenario needs"
        raise ScenarioError([Problem(size, file=file)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8", "replace")
        lines = LINE_END.split(before.removeprefix("\ufeff"))
        byte = content[error.start]
        excerpt = LINE_END.split(content.decode("utf-8-sig", "replace"))[len(lines) - 1]
        place = Place(file, len(lines), len(lines[-1]) + 1, _printable(excerpt.rstrip()))
        message = f"the file is not in UTF-8 (byte {byte:#04x}): save it as UTF-8"
        raise ScenarioError([place.problem(message)]) from None


def _is_path(text: str) -> bool:
    return "/" in text or os.sep in text or text.lower().endswith((".yaml", ".yml"))


def _folders() -> list[Path]:
    """Return the folders where a name is looked up: one's own scenarios, then the shipped ones."""
    try:
        return [Path("scenarios"), library()]
    except FileNotFoundError as error:
        raise ScenarioError([Problem(str(error))]) from None


def _same(one: Path, other: Path) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)


def _found_file(name: str, folders: Sequence[Path], asking: Path | None = None) -> Path:
    """Return the file of a scenario's name; one that asks for its own name means another."""
    there = []
    for folder in folders:
        try:
            if (folder / f"{name}.yaml").is_file():
                there.append(folder / f"{name}.yaml")
        except (OSError, ValueError):
            continue
    others = [path for path in there if asking is None or not _same(path, asking)]
    if others or there:
        return (others or there)[0]
    known = sorted(
        {path.stem for folder in folders if folder.is_dir() for path in folder.glob("*.yaml")}
    )
    raise ScenarioError([Problem(f"there is no scenario '{_short(name)}'{_known(name, known)}")])


class Reading(NamedTuple):
    """A file with all it inherits."""

    tree: Item
    problems: list[Problem]
    left_out: set[Keys]
    whole: bool


def _read(file: Path) -> Reading:
    """Read a file and the files it extends, and merge them."""
    trees: list[Item] = []
    problems: list[Problem] = []
    left_out: set[Keys] = set()
    chain = [file]
    source = Source(_text_of(file), _shown(file))
    whole = False
    while True:
        try:
            tree = source.tree()
        except ScenarioError as error:
            _raise_if_any([*problems, *error.problems])
        trees.append(tree)
        problems += source.problems
        left_out |= source.incomplete
        extends: Item | None = tree.value.pop("extends", None)
        if extends is None:
            whole = True
            break
        if not isinstance(extends.value, str) or not extends.value.strip():
            message = f"found {_found(extends)}, expected the name or the path of one scenario"
            problems += [] if extends.reported else [extends.place.problem(message, ("extends",))]
            break
        try:
            parent = _parent(extends.value.strip(), chain[-1])
            again = next((i for i, one in enumerate(chain) if _same(one, parent)), None)
            if again is not None:
                circle = " -> ".join(path.name for path in [*chain[again:], parent])
                raise ScenarioError([Problem(f"a scenario cannot extend itself: {circle}")])
            chain.append(parent)
            source = Source(_text_of(parent), _shown(parent))
        except ScenarioError as error:
            for one in error.problems:
                message = f"{one.file}: {one.message}" if one.file else one.message
                problems.append(extends.place.problem(message, ("extends",)))
            break
    tree = trees.pop()
    while trees:
        for name in NOT_INHERITED:
            tree.value.pop(name, None)
        tree = _merged(tree, trees.pop())
    return Reading(tree, problems, left_out, whole)


def _parent(extends: str, child: Path) -> Path:
    """Return the file a scenario extends: a path from its own folder, or a name."""
    if _is_path(extends):
        return Path(os.path.normpath(child.parent / extends))
    return _found_file(extends, [child.parent, *_folders()], asking=child)


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
            one.value for one in shares if one is not None and isinstance(one.value, (int, float))
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


def _assign(tree: Item, keys: tuple[str, ...], item: Item) -> None:
    """Put an item at a path of a tree; nothing takes a deployment or a department away."""
    here = tree
    for depth, name in enumerate(keys[:-1], start=1):
        inner = here.value.get(name)
        if inner is None or not isinstance(inner.value, dict):
            start: Any = {}
            if keys[:depth] == DEPARTMENTS and inner is None:
                start = _item_of(Organisation().departments, item.place).value
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
        message = f"found '{_short(path)}', expected a dotted path such as organisation.employees"
        raise ScenarioError([place.problem(message)])
    if keys == ("extends",):
        message = "'extends' stands in a file: start from that scenario instead"
        raise ScenarioError([place.problem(message, keys)])
    if len(keys) > DEEPEST:
        raise ScenarioError([place.problem("a path of this length leads nowhere")])
    return keys


def _option(text: str) -> tuple[tuple[str, ...], Item, list[Problem]]:
    """Return the path and the value of one ``--set`` text, and what is wrong with the value."""
    place = Place(f"--set {_short(text, 120)}")
    path, equals, written = text.partition("=")
    if not equals:
        message = "expected PATH=VALUE, such as organisation.employees=75"
        raise ScenarioError([place.problem(message)])
    keys = _split(path, place)
    source = Source(written, place.file, option=True)
    try:
        node = source.node()
    except ScenarioError as error:
        raise ScenarioError([replace(one, path=path.strip()) for one in error.problems]) from None
    item = Item(None, place, place) if node is None else source.item(node, keys, place)
    block = getattr(node, "flow_style", True) is False
    if block or (
        isinstance(item.value, str) and not item.quoted and str(node.tag).endswith(":str")
    ):
        item = Item(written.strip(), place, place, written.strip())
        source.problems.clear()
    return keys, item, source.problems


# --- What others use -----------------------------------------------------------------------


def read_scenario(name_or_path: str | Path, sets: Sequence[str] = ()) -> Scenario:
    """Return the scenario of a name or a file.

    Parameters
    ----------
    name_or_path
        A name such as ``baseline``, looked up in ``scenarios/`` of the working directory and then
        among the shipped scenarios; or a path, which has a separator or ends in ``.yaml``.
    sets
        Changes such as ``organisation.employees=75``, the value written as in YAML.

    Returns
    -------
    Scenario
        With everything it inherits, checked.

    Raises
    ------
    ScenarioError
        With every problem found, each with its place.
    """
    text = str(name_or_path)
    file = Path(text) if _is_path(text) else _found_file(text, _folders())
    tree, problems, left_out, whole = _read(file)
    if "name" not in tree.value:
        tree.value["name"] = Item(_printable(file.stem)[:80], Place(), Place())
    for one in sets:
        try:
            keys, item, wrong = _option(one)
        except ScenarioError as error:
            problems += error.problems
            continue
        problems += wrong
        _assign(tree, keys, item)
    return _checked(tree, problems, left_out, whole=whole)


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
    tree = _item_of(scenario, Place())
    for item in tree.value["programme"].value.values():
        item.replaces = True
    problems: list[Problem] = []
    for path, value in values.items():
        try:
            _assign(tree, _split(str(path), Place()), _item_of(value, Place()))
        except ScenarioError as error:
            problems += error.problems
    return _checked(tree, problems)


def _catalogue_of(path: Path) -> dict[str, Measure]:
    """Return the catalogue in a file, or raise every problem in it."""
    source = Source(_text_of(path), _shown(path))
    tree = source.tree()
    forms = _forms(catalogue=True)
    checked = _validated(tree, _catalogue_form(), forms, source.incomplete)
    return _sound(checked.value, [*source.problems, *checked.problems, *_thousands(tree, forms)])


@lru_cache(maxsize=1)
def read_catalogue() -> dict[str, Measure]:
    """Return the shipped measures by name.

    Raises
    ------
    ScenarioError
        With every problem in the file of measures.
    """
    return _catalogue_of(_folders()[-1] / "library" / "measures.yaml")


def schema_text() -> str:
    """Return the JSON schema of a scenario file, with which editors complete and check it.

    A file may leave out what it inherits, so nothing is required.
    """
    schema = _scenario_form().json_schema()
    catalogue = read_catalogue()
    _plain_schema(schema)
    department: dict[str, Any] = {"$ref": "#/$defs/Department"}
    organisation = schema["$defs"]["Organisation"]["properties"]
    organisation["departments"]["additionalProperties"] = {"anyOf": [department, {"type": "null"}]}
    organisation["departments"]["description"] += "; empty (null) takes an inherited one away"
    organisation["departments"].pop("minProperties", None)
    measure = schema["$defs"]["Deployment"]["properties"]["measure"]
    measure["anyOf"] = [{"type": "string", "enum": list(catalogue)}, {"type": "null"}]
    measure["examples"] = list(catalogue)
    programme = schema["properties"]["programme"]
    deployment: dict[str, Any] = next(iter(programme["patternProperties"].values()))
    programme["properties"] = {
        name: {"description": f"{one.title.en}: {one.description.en}", **deployment}
        for name, one in catalogue.items()
    }
    (pattern,) = programme["patternProperties"]
    programme["propertyNames"] |= {"pattern": pattern, "examples": list(catalogue)}
    extends = {
        "type": "string",
        "minLength": 1,
        "description": "Scenario to start from, by name or path; say only what differs",
        "examples": ["baseline"],
    }
    properties = {"extends": extends, **schema.pop("properties")}
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Scenario of AI adoption in an organisation",
        "description": "One question: what happens in this organisation with this programme?",
        "type": "object",
        "properties": properties,
        **{key: one for key, one in schema.items() if key not in ("type", "description")},
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def _plain_schema(part: Any) -> None:
    """Take the titles and the required fields out of a schema."""
    if isinstance(part, dict):
        if isinstance(part.get("title"), str):
            del part["title"]
        if isinstance(part.get("required"), list):
            del part["required"]
        for key, one in part.items():
            if key != "default":
                _plain_schema(one)
    elif isinstance(part, list):
        for one in part:
            _plain_schema(one)


STARTER = """\
# yaml-language-server: $schema=library/scenario.schema.json
# One scenario is one question about one organisation. Change the values; what you leave out
# stays as in the scenario below. An editor that knows YAML completes and explains each field.

extends: baseline             # start from this scenario and say only what differs
title: {title}  # shown in figures
question: Do courses and champions pay for themselves within two years?  # one line

organisation:                 # who works here
  name: {title}  # shown in figures
  employees: 250              # number of people
  departments:                # the shares add up to 1
    office:                   # a department
      share: 0.4              # 40 % of the staff; always with a decimal point
      task_share: 0.35        # part of the working time in tasks AI can help with
    production:               # a name of your own, as many departments as you like
      share: 0.45             # share of the staff
      task_share: 0.1         # part of the working time
    sales:                    # the last one
      share: 0.15             # what is left
      task_share: 0.3         # part of the working time
  weekly_hours: 36            # working hours a week
  hourly_cost: 48             # cost of a working hour [euro]

tool:                         # what is rolled out
  go_live: 3                  # first month with access, counted from 1
  licence_price: 28           # per person and month [euro]
  integration_cost: 20000     # once, at go-live [euro]; no point or comma between thousands

programme:                    # what is done, each a measure of the catalogue
  launch:                     # from the scenario above: everybody hears of it
    start: 3                  # in the month of go-live
  training:                   # the name of the measure
    start: 3                  # first month
    months: 3                 # spread over this many months
    dose: 1                   # full courses per head
    audience:                 # whom it reaches; leave out to reach everybody
      departments: [office, sales]  # only these
  champions:                  # the second measure
    start: 2                  # before the tool goes live
    share: 0.05               # part of the staff appointed
    selection: volunteers     # or random, most_connected

budget:                       # what may be spent
  total: 400000               # licences, integration and measures together [euro]

simulation:                   # the experiment
  months: 24                  # how long
  runs: 200                   # how often, each time with other people and other luck
"""


def starter_text(name: str) -> str:
    """Return a commented file to start an own scenario from.

    Parameters
    ----------
    name
        Name of the organisation or the question; becomes the title.
    """
    words = " ".join(_printable(name).replace("_", " ").replace("-", " ").split())[:100]
    title = json.dumps(words[:1].upper() + words[1:] or "My organisation", ensure_ascii=False)
    return STARTER.replace("{title}", title)
