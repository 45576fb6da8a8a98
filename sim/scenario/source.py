"""How a text in YAML becomes a tree of items, and what cannot be used in it."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from sim.errors import Problem, ScenarioError, invisible, said
from sim.scenario.items import CASES, DEEPEST, PROGRAMME, Item, Keys, Place, Unreadable, described
from sim.scenario.words import short
from sim.texts import printable

MOST_VALUES = 20_000
"""Values of a file, references written out: some seconds, and where a bomb of references stops."""
TOO_MANY = said(
    "the file holds more than {most:,} values, references written out", most=MOST_VALUES
)
SMALLEST = said("'extends: baseline' or 'organisation: {{employees: 75}}'")
LINE_END = re.compile("\r\n|[\r\n\x85\u2028\u2029]")


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
            self._excerpts[line] = printable(self.lines[line - 1].rstrip()) or " "
        column = index - self._starts[line - 1] + 1
        return Place(self.file, line, column, self._excerpts[line])

    def tree(self, smallest: str = SMALLEST) -> Item:
        """Return the whole text as a mapping of items; an empty one is told what is enough."""
        node = self.node()
        smallest = said("the smallest file is one line, such as {example}", example=smallest)
        if node is None:
            raise ScenarioError(
                [Problem(said("the file is empty; {smallest}", smallest=smallest), file=self.file)]
            )
        root = self.item(node, (), None)
        if isinstance(root.value, dict):
            return root
        if root.value is None:
            self._stop(
                node.start_mark, said("the file says nothing; {smallest}", smallest=smallest)
            )
        self._stop(
            node.start_mark,
            said("found {found}, expected lines of 'name: value'", found=described(root)),
        )
        return None

    def node(self) -> Any:
        """Return the tree of nodes of the parser; None for a text without any value."""
        import warnings

        from ruamel.yaml import YAML
        from ruamel.yaml.composer import Composer
        from ruamel.yaml.error import MarkedYAMLError
        from ruamel.yaml.reader import ReaderError

        stop = self._stop

        class Counted(Composer):
            """Composes so many values and no more."""

            values = 0

            def compose_node(self, parent: Any, index: Any) -> Any:
                self.values += 1
                if self.values > MOST_VALUES:
                    stop(self.parser.peek_event().start_mark, TOO_MANY)
                return super().compose_node(parent, index)

        yaml: Any = YAML(typ="safe", pure=True)
        yaml.max_depth = DEEPEST
        yaml.Composer = Counted
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return yaml.compose(self.text)
        except ReaderError as error:
            message = invisible(chr(error.character))
            raise ScenarioError([self.place(error.position).problem(message)]) from None
        except MarkedYAMLError as error:
            message, mark = _syntax(error)
            self._stop(mark, message)
        except ScenarioError:
            raise
        except RecursionError:
            message = said("values are nested more than {deepest} deep", deepest=DEEPEST)
        except Exception as error:  # whatever the parser meets, no traceback
            message = said("this cannot be read as YAML ({error})", error=short(error))
        raise ScenarioError([Place(self.file).problem(message)])

    def item(self, node: Any, keys: Keys, key: Place | None) -> Item:
        """Return a node as an item."""
        self._values += 1
        if self._values > MOST_VALUES:
            self._stop(node.start_mark, TOO_MANY)
        place = self.place(node.start_mark.index)
        key = key or place
        scalar = node.id == "scalar"
        empty = scalar and not node.value and node.style is None
        apart = empty or (place.line < key.line if scalar else place.line != key.line)
        item = Item(None, key if apart else place, key)
        kind = str(node.tag).removeprefix("tag:yaml.org,2002:")
        if id(node) in self._open:
            item.value = self._refused(
                item, keys, said("a value cannot contain a reference to itself")
            )
        elif len(keys) > DEEPEST:
            item.value = self._refused(
                item, keys, said("values are nested more than {deepest} deep", deepest=DEEPEST)
            )
        elif scalar:
            item.text = str(node.value)
            item.quoted = node.style is not None
            item.value = _scalar(kind, item.text)
            if sign := invisible(item.text):
                item.value = self._refused(item, keys, sign)
            elif item.value is NotImplemented:
                item.value = self._refused(
                    item, keys, said("the tag {tag} is not used here", tag=node.tag)
                )
        elif kind != ("map" if node.id == "mapping" else "seq"):
            item.value = self._refused(
                item, keys, said("the tag {tag} is not used here", tag=node.tag)
            )
        else:
            self._open.add(id(node))
            if kind == "map":
                item.value = self._entries(node, keys)
            else:
                item.value = [
                    self.item(entry, (*keys, index), None) for index, entry in enumerate(node.value)
                ]
            self._open.remove(id(node))
        return item

    def _entries(self, node: Any, keys: Keys) -> dict[str, Item]:
        """Return the entries of a mapping, those taken over by ``<<`` last."""
        entries: dict[str, Item] = {}
        before: Item | None = None
        taken_over: list[Item] = []
        for key_node, value_node in node.value:
            key = self.place(key_node.start_mark.index)
            if str(key_node.tag).endswith(":merge"):
                taken_over += self._taken_over(value_node, keys, key)
                continue
            name = self._name(key_node, keys, key, before)
            if name is None:
                continue
            if name in entries:
                self.incomplete.add((*keys, name))
                first = entries[name].key.line
                message = said("'{name}' is given twice", name=short(name)) + (
                    said(", first in line {line}", line=first) if first > 0 else ""
                )
                self.problems.append(key.problem(message, (*keys, name)))
                continue
            before = entries[name] = self.item(value_node, (*keys, name), key)
            wrong = _nothing(keys, name) if before.value is None and not before.text else ""
            if wrong:
                before.value = self._refused(before, (*keys, name), wrong)
        for item in taken_over:
            for name, entry in item.value.items():
                entries.setdefault(name, entry)
        return entries

    def _taken_over(self, node: Any, keys: Keys, key: Place) -> Iterator[Item]:
        """Yield the mappings that ``<<`` takes over."""
        for entry in node.value if node.id == "sequence" else [node]:
            item = self.item(entry, keys, key)
            if isinstance(item.value, dict):
                yield item
            elif not item.reported:
                message = said("found {found}, '<<' takes over a mapping", found=described(item))
                self.problems.append(key.problem(message, keys))

    def _name(self, node: Any, keys: Keys, key: Place, before: Item | None) -> str | None:
        """Return the name of an entry; None, and a problem noted, if it is none."""
        written = self.item(node, keys, key)
        name = written.value
        if isinstance(name, str) and printable(name) == name:
            return name
        self.incomplete |= {keys} - {()}
        if isinstance(name, str):
            message = said(
                "the name '{name}' has invisible characters: leave them out", name=short(name)
            )
            self.problems.append(key.problem(message, keys))
        elif not written.reported:
            self.problems.append(key.problem(_no_name(written, before), keys))
        return None

    def _refused(self, item: Item, keys: Keys, message: str) -> Unreadable:
        """Note a problem of an item and return a value that no field takes."""
        item.reported = True
        self.problems.append(item.place.problem(message, keys))
        return Unreadable(item.text)

    def _stop(self, mark: Any, message: str) -> NoReturn:
        place = Place(self.file) if mark is None else self.place(mark.index)
        raise ScenarioError([*self.problems, place.problem(message)])


def _nothing(keys: Keys, name: str) -> str:
    """Return what to write where nothing is said of a deployment or a use case."""
    if keys == PROGRAMME:
        return said(
            "found nothing: write '{name}: {{}}' to use the measure as it is, '{name}: null' to leave it out",
            name=short(name),
        )
    if keys == CASES:
        return said(
            "found nothing: write '{name}: {{}}' to take it from the library as it is, or give "
            "'share' and 'saving'",
            name=short(name),
        )
    return ""


def _no_name(written: Item, before: Item | None) -> str:
    """Return what is wrong with a name that is no text, such as what a decimal comma leaves."""
    number = before.text if before is not None and not before.quoted else ""
    if not (number.lstrip("+-").isdigit() and written.text.isdigit()):
        return said(
            "found {found} as a name, expected a text{advice}",
            found=described(written),
            advice=said(": put it in quotes") if written.text else "",
        )
    message = said(
        "found {number},{text}: use a decimal point ({point})",
        number=number,
        text=written.text,
        point=f"{number}.{written.text}",
    )
    if len(written.text) == 3:
        message += said(
            ", and no comma between thousands ({number}{text})", number=number, text=written.text
        )
    return message


SYNTAX = (
    ("found character '\\t'", said("a tab is used to indent: use spaces"), False),
    (
        "that cannot start any token",
        said("a value cannot start with this character: put it in quotes"),
        False,
    ),
    (
        "mapping values are not allowed",
        said("a ':' does not fit here: wrong indentation, or a text with ': ' that needs quotes"),
        False,
    ),
    (
        "could not find expected ':'",
        said("expected 'name: value', there is no ':' after this name"),
        True,
    ),
    (
        "expected <block end>",
        said("this line does not fit the lines above it: check its indentation"),
        False,
    ),
    (
        "sequence entries are not allowed",
        said("a list item ('- ') does not fit here: put it on a line of its own"),
        False,
    ),
    ("found unexpected end of stream", said("this quote is not closed"), True),
    ("found unexpected document separator", said("this quote is not closed"), True),
    ("expected ',' or", said("this bracket is not closed, or a comma is missing in it"), True),
    (
        "found undefined alias",
        said("this reference ('*name') has no anchor ('&name') above it"),
        False,
    ),
    (
        "found another document",
        said("a second scenario starts here ('---'): one file holds one scenario"),
        False,
    ),
    (
        "escape",
        said("in double quotes a '\\' starts a special character: use single quotes"),
        False,
    ),
    (
        "expected the node content",
        said("a value is missing here, or a bracket is not closed"),
        False,
    ),
    ("maximum depth", said("values are nested more than {deepest} deep", deepest=DEEPEST), False),
)


def _syntax(error: Any) -> tuple[str, Any]:
    """Return what is wrong in plain words, and where, for an error of the parser."""
    reason = str(error.problem or error.context or "")
    last = error.problem_mark or error.context_mark
    for piece, message, at_start in SYNTAX:
        if piece in reason:
            return message, (error.context_mark if at_start and error.context_mark else last)
    return said("this is not YAML: {found}", found=short(reason, 200)), last


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
        return Unreadable(text, said("put a date in quotes"))
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
