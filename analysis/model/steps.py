"""The steps of a month, read off the functions that are it: what they say, read and change.

Nothing here is said twice: the sentence of a step is the first of its function's docstring, what it
changes are the attributes of a person that are written in it, and its numbers are the parameters that
are read in it, in what it calls too.
"""

from __future__ import annotations

import ast
import importlib.util
import inspect
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from sim.errors import AdoptionError
from sim.parameters import Parameters
from sim.rules import Pace
from sim.state import Employee, columns

MONTHLY: Final = "Once a month"
REPEATED: Final = "In each part of a month"
MANY: Final = 8
"""Names below a heading of which one may be missing without all others being listed."""
LAST: Final = "At the end of the month"


class Step(NamedTuple):
    """A step of the month: the function that it is.

    Attributes
    ----------
    when
        ``MONTHLY``, ``REPEATED`` or ``LAST``.
    path
        Dotted path of the function.
    before
        Functions called for it that hand it what it needs; they belong to the step.
    """

    when: str
    path: str
    before: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The function's name, as words."""
        return self.path.rpartition(".")[2].replace("_", " ").capitalize()

    @property
    def functions(self) -> tuple[str, ...]:
        """Every function that is the step, without what they call."""
        return (*self.before, self.path)

    @property
    def sentence(self) -> str:
        """What happens."""
        return sentence(self.path)


STEPS: Final = (
    Step(MONTHLY, "sim.month.renew", ("sim.month.part_from_buddies",)),
    Step(MONTHLY, "sim.month.strike"),
    Step(MONTHLY, "sim.month.react", ("sim.month.look",)),
    Step(MONTHLY, "sim.month.invite"),
    Step(MONTHLY, "sim.month.pair"),
    Step(MONTHLY, "sim.programme.effects.add_up", ("sim.channels.saturate",)),
    Step(MONTHLY, "sim.rules.receive"),
    Step(MONTHLY, "sim.programme.effects.launch_from_access"),
    Step(MONTHLY, "sim.month.spend"),
    Step(REPEATED, "sim.mesa_model.Employee.notice"),
    Step(REPEATED, "sim.rules.contagion"),
    Step(REPEATED, "sim.rules.leaders_example"),
    Step(REPEATED, "sim.rules.consider"),
    Step(REPEATED, "sim.rules.perceive"),
    Step(REPEATED, "sim.rules.want"),
    Step(REPEATED, "sim.rules.decide"),
    Step(REPEATED, "sim.rules.develop", ("sim.rules.drift", "sim.rules.approach")),
    Step(REPEATED, "sim.mesa_model.Employee.show"),
    Step(LAST, "sim.kpis.observe"),
)
"""The month in the order in which both engines live through it."""


def step(title: str) -> Step:
    """Return the step of this title."""
    return next(known for known in STEPS if known.title == title)


# --- What a function says, reads and changes ------------------------------------------------


def sentence(path: str) -> str:
    """Return the first sentence of a function's docstring, as what happens.

    Examples
    --------
    >>> sentence("sim.rules.want")
    'Form a desire to use AI.'
    """
    text = ast.get_docstring(_function(path)) or ""
    first = " ".join(text.split("\n\n")[0].split())
    first = re.split(r"(?<=[.])\s", first)[0]
    first = re.sub(r"; return [^.]*", "", first).removeprefix("Return ")
    first = re.sub(r"\s*\[[^\]]*\]|:\w+:|`", "", first)  # units, and signs of code
    return first[:1].upper() + first[1:]


def closure(paths: Iterable[str]) -> tuple[str, ...]:
    """Return functions and every function of the simulation that they call, or those call."""
    reached: dict[str, None] = {}
    to_do = list(paths)
    while to_do:
        path = to_do.pop()
        if path not in reached:
            reached[path] = None
            to_do += _called(path)
    return tuple(reached)


def changes(paths: Sequence[str]) -> tuple[str, ...]:
    """Return the attributes of a person that these functions, or those they call, write.

    In the order in which they are declared; those that others see come last.

    Examples
    --------
    >>> changes(["sim.rules.want"])
    ('desire', 'conviction')
    """
    written = {
        node.attr
        for path in closure(paths)
        for node in ast.walk(_function(path))
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    }
    written |= {name for path in paths for name in _filled_in_by(path)}
    seen = sorted(name for name in written if name.startswith("seen_"))
    return (*(name for name in columns() if name in written), *seen)


def reads(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the attributes of a person that these functions, or those they call, read."""
    read = {node.attr for path in closure(paths) for node in _read(path)}
    return tuple(name for name in columns() if name in read)


def numbers(paths: Sequence[str]) -> tuple[str, ...]:
    """Return the parameters that these functions, or those they call, read: also through the pace.

    Examples
    --------
    >>> numbers(["sim.rules.perceive"])
    ('norm_rate',)
    """
    named = set()
    nodes = [node for path in closure(paths) for node in _read(path)]
    nodes += [node for path in paths for call in _calls_by_people(path) for node in _reads_of(call)]
    for node in nodes:
        if isinstance(node.value, ast.Name | ast.Attribute):
            owner = node.value
            name = owner.id if isinstance(owner, ast.Name) else owner.attr
            if name == "p":
                named.add(node.attr)
            elif name == "pace" and node.attr in Pace._fields:
                named.update(_pace()[node.attr])
    return tuple(name for name in Parameters._fields if name in named)


def given(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the arguments these functions take."""
    names = [arg.arg for path in paths for arg in _function(path).args.args]
    return tuple(dict.fromkeys(names))


# --- The tables ----------------------------------------------------------------------------


def table(full: bool = True) -> str:
    """Return the month as tables in Markdown, one for what comes once and one for each part of it.

    Parameters
    ----------
    full
        Whether with the functions and the parameters they read.
    """
    from analysis.model.markdown import markdown

    heads: tuple[str, ...] = ("step", "what happens", "changes")
    parts: dict[str, list[tuple[str, ...]]] = {}
    for step in STEPS:
        row: tuple[str, ...] = (
            step.title,
            step.sentence,
            listed(changes(step.functions), headings(Employee)),
        )
        if full:
            row += (
                ", ".join(f"`{path}`" for path in step.functions),
                listed(numbers(step.functions), headings(Parameters)),
            )
        parts.setdefault(step.when, []).append(row)
    heads += ("function", "numbers") if full else ()
    return "\n\n".join(f"**{when}**\n\n{markdown(heads, rows)}" for when, rows in parts.items())


def listed(names: Sequence[str], parts: Mapping[str, Sequence[str]]) -> str:
    """Return names as code; a heading stands for all below it, or all but one of many.

    Examples
    --------
    >>> listed(["a", "b", "c"], {"First": ["a", "b"], "Second": ["c", "d"]})
    '*first*, `c`'
    """
    said: list[str] = []
    left = list(names)
    for title, below in parts.items():
        missing = [name for name in below if name not in left]
        if len(below) > 1 and len(missing) * MANY <= len(below):
            but = "".join(f" but `{name}`" for name in missing)
            said.append(f"*{title[0].lower()}{title[1:]}*{but}")
            left = [name for name in left if name not in below]
    return ", ".join([*said, *(f"`{name}`" for name in left)])


@cache
def headings(declared: type) -> dict[str, tuple[str, ...]]:
    """Return the names declared in a class below each comment that is a heading."""
    titled: dict[str, list[str]] = {}
    heading = ""
    for line in inspect.getsource(declared).splitlines():
        comment, field = re.match(r"    # (.+)", line), re.match(r"    (\w+): ", line)
        if comment:
            heading = re.split(r"[.:]", comment[1])[0]
        elif field and heading:
            titled.setdefault(heading, []).append(field[1])
    return {title: tuple(names) for title, names in titled.items()}


# --- Reading code --------------------------------------------------------------------------


class _Page(NamedTuple):
    """A module: its functions, methods under the name of their class, and where names come from."""

    functions: dict[str, ast.FunctionDef]
    names: dict[str, str]


@cache
def _page(module: str) -> _Page:
    functions, names = {}, {}
    for node in ast.parse(inspect.getsource(importlib.import_module(module))).body:
        if isinstance(node, ast.FunctionDef):
            functions[node.name] = node
            names[node.name] = f"{module}.{node.name}"
        elif isinstance(node, ast.ClassDef):
            for method in node.body:
                if isinstance(method, ast.FunctionDef):
                    functions[f"{node.name}.{method.name}"] = method
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "sim":
            names |= {name.asname or name.name: f"{node.module}.{name.name}" for name in node.names}
    return _Page(functions, names)


def _split(path: str) -> tuple[str, str] | None:
    """Return the module and the function a path names, None if it is no function of the simulation."""
    parts = path.split(".")
    for size in (2, 1):
        module, name = ".".join(parts[:-size]), ".".join(parts[-size:])
        if module.split(".")[0] == "sim" and _is_module(module) and name in _page(module).functions:
            return module, name
    return None


@cache
def _is_module(path: str) -> bool:
    try:
        return importlib.util.find_spec(path) is not None
    except ModuleNotFoundError:
        return False


def _function(path: str) -> ast.FunctionDef:
    place = _split(path)
    if place is None:
        raise AdoptionError(f"a step of the month is {path}, and there is no such function")
    return _page(place[0]).functions[place[1]]


def _called(path: str) -> Iterator[str]:
    """Yield the functions of the simulation that a function calls by name."""
    place = _split(path)
    if place is None:
        return
    names = _page(place[0]).names
    for node in ast.walk(_function(path)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Name) and called.id in names:
            target = names[called.id]
        elif (
            isinstance(called, ast.Attribute)
            and isinstance(called.value, ast.Name)
            and called.value.id in names
        ):
            target = f"{names[called.value.id]}.{called.attr}"
        else:
            continue
        if _split(target) is not None:
            yield target


def _read(path: str) -> Iterator[ast.Attribute]:
    return _reads_of(_function(path))


def _reads_of(root: ast.AST) -> Iterator[ast.Attribute]:
    for node in ast.walk(root):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            yield node


def _of_people() -> Iterator[ast.FunctionDef]:
    """Yield what an agent does, where rules are handed what they are not told otherwise."""
    for name, node in _page("sim.mesa_model").functions.items():
        if name.startswith("Employee."):
            yield node


def _calls(path: str, root: ast.AST) -> Iterator[ast.Call]:
    module, _, name = path.rpartition(".")
    for node in ast.walk(root):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == name
            and isinstance(node.func.value, ast.Name)
            and _page("sim.mesa_model").names.get(node.func.value.id) == module
        ):
            yield node


def _calls_by_people(path: str) -> Iterator[ast.Call]:
    for method in _of_people():
        yield from _calls(path, method)


def _filled_in_by(path: str) -> Iterator[str]:
    """Yield the attributes an agent gives what this function returns."""
    for method in _of_people():
        for node in ast.walk(method):
            if isinstance(node, ast.Assign) and any(_calls(path, node.value)):
                yield from (
                    target.attr for target in node.targets if isinstance(target, ast.Attribute)
                )


@cache
def _pace() -> dict[str, tuple[str, ...]]:
    """Return which parameters each field of the pace is made of."""
    made = next(
        node
        for node in ast.walk(_function("sim.rules.pace"))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Pace"
    )
    return {
        field: tuple(
            node.attr
            for node in ast.walk(part)
            if isinstance(node, ast.Attribute) and node.attr in Parameters._fields
        )
        for field, part in zip(Pace._fields, made.args, strict=True)
    }


def signs(paths: Sequence[str]) -> dict[str, int]:
    """Return what adds to the sum of reasons in these functions, and what takes off: 1 or -1.

    Named after its parameter, which is a weight or a novelty, in the order in which they stand there.

    Examples
    --------
    >>> signs(["sim.rules.conviction"])
    {'usefulness': 1, 'ease': 1, 'peer': 1, 'leader': 1, 'fear': -1}
    """
    sign_of: dict[str, int] = {}

    def look(node: ast.AST, sign: int) -> None:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
            look(node.left, sign)
            look(node.right, -sign)
            return
        if isinstance(node, ast.Attribute) and node.attr.endswith(("_weight", "_novelty")):
            sign_of.setdefault(node.attr.removesuffix("_weight").replace("_", " "), sign)
        for child in ast.iter_child_nodes(node):
            look(child, sign)

    for path in paths:
        look(_function(path), 1)
    return sign_of
